"""Which catalogued indicators does a person mean by some words: 低保标准, dibao, 结婚?

The names of the catalogue answer first, then the words in which bulletins speak of an indicator, then names that hold the words
or their characters in their order. The nearest are for a question that has no answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from bulletins.catalog import Alias, Catalog

#: Marks before words of an alias that say where the word stands, not what it is.
_MARKS = "><#~"


def indicators_meant(words: str, catalog: Catalog) -> tuple[str, ...]:
    """Return the codes that `words` fit best: one where all is well, several where a person must choose, none at all."""
    asked = words.strip().casefold()
    if not asked:
        return ()
    named = {code: (code, item.name_zh, item.name_en) for code, item in catalog.indicators.items()}
    exact = [code for code, names in named.items() if asked in map(str.casefold, names)]
    if exact:
        return tuple(exact)
    by_alias: dict[str, int] = {}
    for alias in catalog.aliases:
        by_alias[alias.indicator] = max(by_alias.get(alias.indicator, 0), _matched(alias, asked))
    most = max(by_alias.values(), default=0)
    # 残疾人两项补贴 is the beginning of two names: neither is meant more than the other.
    begun = {code for code, names in named.items() if names[1].startswith(asked) and len(names[1]) <= len(asked) + 2}
    if most:
        meant = [code for code in named if by_alias.get(code) == most or code in begun]
        like = [code for code in meant if _in_order(asked, named[code][1])]
        alike = [code for code in like if named[code][1].endswith(asked[-2:])]
        return tuple(alike or like or meant)
    holding = [code for code, names in named.items() if any(asked in name.casefold() for name in names)]
    return tuple(holding or (code for code, names in named.items() if _in_order(asked, names[1])))


def indicators_near(words: str, catalog: Catalog, most: int = 5) -> tuple[str, ...]:
    """Return the codes whose names are most like `words`, the nearest first."""
    asked = words.strip().casefold()

    def likeness(code: str) -> float:
        item = catalog.indicators[code]
        names = (code, item.name_zh, item.name_en.casefold())
        return max(SequenceMatcher(None, asked, name).ratio() for name in names)

    return tuple(sorted(catalog.indicators, key=likeness, reverse=True)[:most])


def _matched(alias: Alias, asked: str) -> int:
    """How many characters of an alias the words say; 0 unless each of its groups has a word among them."""
    if any(word.lstrip(_MARKS) in asked for word in alias.without):
        return 0
    length = 0
    for group in (*alias.own, *alias.near):
        said = [len(word.lstrip(_MARKS)) for word in group if word.lstrip(_MARKS) in asked]
        if not said:
            return 0
        length += max(said)
    return length


def _in_order(asked: str, name: str) -> bool:
    """Whether the characters of `asked` stand in `name` in their order: 低保人数 in 低保对象人数."""
    rest: Iterable[str] = iter(name)
    return len(asked) > 1 and all(character in rest for character in asked)

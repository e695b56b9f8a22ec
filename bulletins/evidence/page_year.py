"""Which year does a page report on? The years that came into question, each with the evidence for it.

One answer decides all figures of a page that state no year of their own, so everything is heard: the day of publication, the
title, every year that is printed and how, and the words that are said from one year or the other (去年, 今年以来, 一年来).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bulletins.evidence.cues import Cues

# A count printed 20xx (`2000人次`, `2018万元`) is no year.
_PRINTED = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)(?!\s?(?:[元人户张对个万亿件名家所例余岁平]|\.\d|,\d|%))")
_NAMED = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)(?=\s?年)")
_COMPARED = re.compile(r"[比较与从由](20\d\d)年")
_PLANNED = re.compile(r"(20\d\d)年(?:度)?(?:的)?(?:民政)?(?:重点工作|工作(?:打算|计划|安排|思路|要点|目标)|目标)")
_OPENS_CLAUSE = re.compile(r"(20\d\d)年(?:度|来|以来)?,")
_ITS_END = re.compile(r"(20\d\d)年(?:底|末|12月(?:31日|底|末)?)")
_OPENS_SENTENCE = re.compile(
    r"(?:^|\n|。|】)[ \u3000]{0,8}(?:[(]?[一二三四五六七八九十]{1,3}[)、.]\s?)?(?:截[至止]到?|到|至)?\s?(20\d\d)年"
)
_DAY = re.compile(r"(20\d\d)年\d{1,2}月\d{1,2}日")
_FROM_A_DAY = re.compile(r"(?<!\d年)[自从]\d{1,2}月\d{1,2}日起")
_YEARBOOK = re.compile(r"年鉴")
# A month without a year: one that is still to come when the page appears is of the year before.
_MONTH = re.compile(r"(?<![\d年.])(1[0-2]|[1-9])月(?!\d{0,2}日?起)")
_OPENING, _ENDING, _SIGNATURE = 120, 80, 200  # code points
_MOST_PRINTED, _BEFORE_PRINTED = 8, 3


def _years(pattern: re.Pattern[str], text: str) -> list[int]:
    return [int(year) for year in pattern.findall(text)]


def _top(counts: Counter[int]) -> int | None:
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


@dataclass(frozen=True, slots=True)
class _Said:
    """The years that a page prints, by how it prints them."""

    printed: Counter[int]
    named: Counter[int]
    title: frozenset[int]
    opening: list[int]
    ending: list[int]
    signature: list[int]
    sentences: Counter[int]
    planned: frozenset[int]
    opens_clause: frozenset[int]
    its_end: frozenset[int]
    compared: frozenset[int]

    @classmethod
    def of(cls, text: str, title: str) -> _Said:
        return cls(
            printed=Counter(_years(_PRINTED, text)),
            named=Counter(_years(_NAMED, text)),
            title=frozenset(_years(_PRINTED, title)),
            opening=_years(_PRINTED, text[:_OPENING])[:1],
            ending=_years(_PRINTED, text[-_ENDING:])[-1:],
            signature=_years(_DAY, text[-_SIGNATURE:])[-1:],
            sentences=Counter(_years(_OPENS_SENTENCE, text)),
            planned=frozenset(_years(_PLANNED, text)),
            opens_clause=frozenset(_years(_OPENS_CLAUSE, text)),
            its_end=frozenset(_years(_ITS_END, text)),
            compared=frozenset(_years(_COMPARED, text)),
        )


def season(published: dt.date | None) -> str:
    """The part of the year in which a page appeared: looks back in winter, half-years in summer."""
    if published is None:
        return "undated"
    month = published.month
    return "jan-mar" if month <= 3 else "apr-jun" if month <= 6 else "jul-nov" if month <= 11 else "dec"


def candidates(
    text: str, title: str, published: dt.date | None, kind: str, rule_year: int, cues: Cues
) -> Mapping[str, Mapping[str, float]]:
    """The years that a page may report on, as strings, each with its evidence by name and strength.

    Args:
        text: the page's normalised text.
        title: its title, normalised.
        published: when it was published, if known.
        kind: what the source list takes it for.
        rule_year: the year that the rules take it to report on.
        cues: the words of `catalog/evidence.csv`.
    """
    said = _Said.of(text, title)
    years = {year for year, _ in said.printed.most_common(_MOST_PRINTED)} | {rule_year}
    years |= {year - 1 for year, _ in said.printed.most_common(_BEFORE_PRINTED)}
    if published is not None:
        years |= {published.year, published.year - 1}
    words = cues.found("page_year", "text", text)
    headed = cues.found("page_year", "title", title)
    general = [*_of_page(text, kind, published)]
    return {
        str(year): dict(
            [
                *_by_rule(year, rule_year, said, published, headed),
                *_by_text(year, said, headed, yearbook=bool(_YEARBOOK.search(text[:200]))),
                *_by_day(year, published, said, words, headed, general),
            ]
        )
        for year in sorted(years)
        if 2000 <= year <= 2035
    } or {str(rule_year): {"rule": 1.0}}


def _of_page(text: str, kind: str, published: dt.date | None) -> Iterator[str]:
    yield f"kind:{kind}"
    yield f"kind:{kind}|{season(published)}"
    yield f"from a day:{bool(_FROM_A_DAY.search(text))}"
    yield f"yearbook:{bool(_YEARBOOK.search(text[:200]))}"
    for fact in _months(text, published):
        yield fact
        yield f"{fact}|{season(published)}"


def _months(text: str, published: dt.date | None) -> Iterator[str]:
    """How the months that a page names without a year stand to the one in which it appeared."""
    if published is None:
        return
    months = [int(month) for month in _MONTH.findall(text)]
    if not months:
        yield "months none"
        return
    yield f"months to come {max(months) > published.month}"
    yield f"months to come {sum(month > published.month for month in months) * 4 // len(months)}"
    passed = [month for month in months if month <= published.month]
    yield f"months back {min(3, published.month - max(passed)) if passed else 'none'}"
    yield f"month first {'to come' if months[0] > published.month else min(3, published.month - months[0])}"


def _by_rule(
    year: int, rule_year: int, said: _Said, published: dt.date | None, headed: list[str]
) -> Iterator[tuple[str, float]]:
    """The rules' year; how far they are to be trusted depends on what they had to go by."""
    if year != rule_year:
        return
    yield "rule", 1.0
    yield f"rule|in title {year in said.title} any {bool(said.title)}", 1.0
    yield f"rule|{season(published)}|any title {bool(said.title)}", 1.0
    yield f"rule|headed {bool(headed)}", 1.0
    yield f"rule|printed {min(3, said.printed[year])}", 1.0


def _by_text(year: int, said: _Said, headed: list[str], *, yearbook: bool) -> Iterator[tuple[str, float]]:
    if said.printed:
        yield "share of printed", said.printed[year] / said.printed.total()
    if said.named:
        yield "share of named", said.named[year] / said.named.total()
        plain = {
            "named most": year == _top(said.named),
            "named last in time": year == max(said.named),
            "before last in time": year == max(said.named) - 1,
            "named first in time": year == min(said.named),
        }
        yield from ((name, 1.0) for name, holds in plain.items() if holds)
    if said.sentences:
        yield "share of sentences opened", said.sentences[year] / said.sentences.total()
        if year == _top(said.sentences):
            yield "opens most sentences", 1.0
    for name, holds in {
        "printed nowhere": not said.printed[year],
        "in title": year in said.title,
        "before title": year + 1 in said.title,
        "first of opening": year in said.opening,
        "last of ending": year in said.ending,
        "before last of ending": year + 1 in said.ending,
        "signed": year in said.signature,
        "before signed": year + 1 in said.signature,
        "planned": year in said.planned,
        "before planned": year + 1 in said.planned,
        "opens a clause": year in said.opens_clause,
        "its end is named": year in said.its_end,
        "compared with": year in said.compared,
        "after compared with": year - 1 in said.compared,
    }.items():
        if holds:
            yield name, 1.0
    if yearbook:
        yield f"yearbook, in title {year in said.title}, before it {year + 1 in said.title}", 1.0
    for word in headed:
        if year in said.title:
            yield f"in title|{word}", 1.0
        if year + 1 in said.title:
            yield f"before title|{word}", 1.0


def _by_day(
    year: int, published: dt.date | None, said: _Said, words: list[str], headed: list[str], general: list[str]
) -> Iterator[tuple[str, float]]:
    if published is None:
        yield f"undated, named most {year == _top(said.printed)}", 1.0
        return
    back = published.year - year
    yield f"back {back if -1 <= back <= 2 else 'far'}", 1.0
    if said.title:
        yield f"back {back if -1 <= back <= 2 else 'far'}, title {year in said.title}", 1.0
    if back not in (0, 1):
        return
    when = season(published)
    yield f"back {back}|{when}", 1.0
    yield f"back {back}|printed {bool(said.printed[year])}", 1.0
    both = f"{said.printed[published.year] > 0} {said.printed[published.year - 1] > 0}"
    yield f"back {back}|{when}|both printed {both}", 1.0
    for word in words:
        yield f"back {back}|{word}", 1.0
        yield f"back {back}|{when}|{word}", 1.0
    for word in headed:
        yield f"back {back}|title {word}", 1.0
    for fact in general:
        yield f"back {back}|{fact}", 1.0

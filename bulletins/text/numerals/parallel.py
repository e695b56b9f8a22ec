"""Numbers of a list of which only one says the unit: are they said of the same thing, and does the scale hold for all?

`全护理630、半护理315、全自理105元` and `元宝区1465、801` under `振兴区3380对、1722对` are lists of one unit; `机构57、床位7312张` is none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bulletins.text.numerals.grammar import EXPONENTS, Worth, scaled, worth
from bulletins.text.numerals.number import Number
from bulletins.text.quantity import limit_around

_COMPARABLE = 100  # times: `2540、1280万元` share their scale, `1.8万、2.3人` would not
_DIVISIONS = frozenset("区县市镇乡旗州盟场")
_PARTS = re.compile(
    r"(?:其中|全部|全[市县区省州])?(?:城[市镇乡]|农(?:村|牧区|区)|牧区|集中|分散|机构|社会散居|散居|男|女|市本?级|本级|省级|县级)"
    r"(?:低保|特困|供养|养育|人口|性|对象|标准|居民){0,2}"
)
#: Ends of names that say how something is counted: 户数 and 人数 have not one unit, 率 and 比 none at all.
_COUNTING = frozenset("数量额率比重度次费均")
_NAME = re.compile(r"[A-Za-z\u4e00-\u9fff]{0,14}$")
_GAP = re.compile(r"[(,、;:]{0,2}(?:其中)?[:,]?(?P<name>[A-Za-z\u4e00-\u9fff]{0,10}?)[为有约近]?")
_LISTED_BY_PLACE = re.compile(r"[区县市镇乡旗州盟场](?=\d)")
_CLOSED = frozenset([*",、;)。\n", ""])
_HEDGED = re.compile(r"左右|上下|以上|以下|以内|多|余")
_SCALE_AT_END = re.compile(r"([十百千]?(?:万亿|[万亿])|[千百])[余多]?$")
_CAPITALS = str.maketrans("仟佰kKwW", "百千千千万万")
_SHARED = frozenset(["person", "household", "person_time", "couple", "bed", "CNY", "item"])


class Told(NamedTuple):
    """A number of a list, with the power of ten that its unit is printed with: 4 of `3921万元`."""

    number: Number
    exponent: int


def scale_of(printed: str) -> int:
    """The power of ten of the scale that a numeral ends with: 4 of 4.5万 and of 一百五十万."""
    found = _SCALE_AT_END.search(printed.translate(_CAPITALS))
    if found is None:
        return 0
    word = found[1]
    if not printed[0].isdecimal():
        word = word.lstrip("十百千") or word  # the hundred of 一百万 is no scale of its own
    return EXPONENTS.get(word, 0)


def shared_value(low: float, last: float, exponent: int) -> float | None:
    """A numeral without a scale beside one that was printed with `exponent`; None where it is not clear which it has.

    Args:
        low: what the numeral is worth by itself.
        last: what the other is worth, its scale included.
        exponent: of the other's scale.
    """
    printed = scaled(repr(last), -exponent) if exponent else last
    return scaled(repr(low), exponent) if _comparable(low, printed) else None


def _comparable(one: float, other: float) -> bool:
    low, high = sorted((abs(one), abs(other)))
    return high <= low * _COMPARABLE


def name_before(text: str, start: int) -> str:
    """The word right before a number."""
    found = _NAME.search(text, max(0, start - 14), start)
    return found.group() if found else ""


def are_parallel(one: str, other: str) -> bool:
    """Whether two names are of things that are counted alike: 城市 and 农村, 振兴区 and 东港市, A档 and B档."""
    if not one or not other or one[-1] in _COUNTING or other[-1] in _COUNTING:
        return False
    if one[-1] in _DIVISIONS and other[-1] in _DIVISIONS:
        return True
    return one[-1] == other[-1] or (_is_part(one) and _is_part(other))


def _is_part(name: str) -> bool:
    return any(_PARTS.fullmatch(name, at) for at in range(max(0, len(name) - 8), len(name)))


def told_before(text: str, number: Number, before: Number, listed: int | None) -> Told | None:
    """A number without a unit that goes on the list of the one before it; None where it does not.

    Args:
        text: the normalised text.
        number: unread, for want of a unit.
        before: the quantity before it.
        listed: the power of ten of its scale, where that one had its unit from the list as well.
    """
    gap = _GAP.fullmatch(text, before.end, number.start)
    if gap is None or before.unit not in _SHARED or number.start == before.end:
        return None
    if text[number.end : number.end + 1] not in _CLOSED and not _HEDGED.match(text, number.end):
        return None
    value = worth(text[number.start : number.end].lstrip("-"))
    if value is None or value.bare or not _goes_on(text, gap["name"], before, listed is not None):
        return None
    exponent = scale_of(text[number.start : number.end])
    if not exponent:
        exponent = scale_of(text[before.start : before.digits_end]) if listed is None else listed
        low = shared_value(value.low, before.value, exponent)
        if low is None:
            return None
        value = Worth(low, None, value.vague)
    elif not _comparable(value.low, before.value) and value.low > before.value:
        return None
    limit = value.vague or limit_around(text, number.start, number.end)
    found = number._replace(
        verdict="quantity", reason="", value=value.low, value_high=value.high, unit=before.unit, qualifier=limit,
        per=before.per, digits_end=number.end,
    )  # fmt: skip
    return Told(found, exponent)


def _goes_on(text: str, name: str, before: Number, listed: bool) -> bool:
    if not name:
        return listed or not before.counter
    if _is_part(name):
        return True
    return name[-1] in _DIVISIONS and bool(_LISTED_BY_PLACE.search(text, max(0, before.start - 30), before.start + 1))

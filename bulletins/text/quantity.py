"""What a printed number is worth: digits and Chinese numerals to a value in the base unit, words around it to a qualifier.

Here belongs arithmetic on what one number prints. Which strings of a text are numbers is in `numbers.py`; what a number is
about is in `bulletins/reading/`.
"""

from __future__ import annotations

import functools
import re

from bulletins.text.numerals.grammar import worth
from bulletins.text.numerals.tokens import NUMERAL

SCALES = {"十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "十万": 1e5, "百万": 1e6, "千万": 1e7, "百亿": 1e10,
          "千亿": 1e11, "万亿": 1e12}  # fmt: skip
_NUMERALS = frozenset(NUMERAL)


def parse_chinese(numeral: str) -> float | None:
    """The value of an exact Chinese numeral: 三十二万五千 is 325000, 二〇一八 is 2018, 十 alone 10, 万 alone 10000; None if it is none."""
    if not numeral or not _NUMERALS.issuperset(numeral):
        return None
    found = worth(numeral)
    return None if found is None or found.vague else found.low


_GROUPED = re.compile(r"(\d[\d,]*(?:\.\d+)?|\.\d+)[余多几]?(万亿|[十百千]?[万亿]|[十百千])?[余多几]?")


def parse_digits(printed: str) -> float:
    """The value of a number in digits with scale words: `3500余万` is 35000000, `2亿3600万` is 236000000.

    Raises:
        ValueError: `printed` holds no digits.
    """
    if printed.isdecimal():
        return float(printed)
    total, found = 0.0, False
    for digits, scale in _GROUPED.findall(printed):
        found = True
        total += multiply(digits.replace(",", ""), SCALES.get(scale, 1.0))
    if not found:
        raise ValueError(f"«{printed}» holds no digits")
    return -total if printed.startswith("-") else total


def multiply(decimal: str, factor: float) -> float:
    """`decimal` times a power of ten, exactly as on paper: 2.4055 万 is 24055, not 24054.999…."""
    if factor == 1.0:
        return float(decimal)
    if "e" in decimal:  # a Chinese numeral beyond 10^16 (`三亿亿‰`) was printed by Python, not by a bulletin
        return float(decimal) * factor
    return float(f"{decimal}e{_exponent(factor)}")


@functools.cache
def _exponent(factor: float) -> int:
    return len(f"{factor:.0f}") - 1 if factor >= 1 else -(len(f"{1 / factor:.0f}") - 1)


_APPROX_BEFORE = re.compile(r"(?:大约|约为|约占|约有|约|近|接近|将近|大概|左右)$")
_GE_BEFORE = re.compile(
    r"(?:不少于|不低于|不小于|至少|(?<!不)超过|超出|(?<!不)超(?!过)|逾|突破|(?<!不)多于|(?<!不)大于|≥|>=|>|(?<!不)高于|以上达?|上)"
    r"(?:[了到达至]|(?:每人|人均)?[/每]?[月年]|每[人户例]|建成|完成)?$"
)
_LE_BEFORE = re.compile(
    r"(?:不超过|不高于|不大于|不多于|不足|不到|不满|(?<!不)低于|(?<!不)少于|(?<!不)小于|至多|最多|≤|<=|<)(?:每人每?[月年]|每[人户例])?$"
)
# `不低于低保标准的1.3倍`
_GE_OVER = re.compile(r"(?:不低于|不少于|不小于)[^,。;\d]{1,16}的$")
_AGE_BAND = re.compile(r"^周?岁(?:及?以[上下]|往上)")  # `60岁以上20.8万`: the age is at least 60, not the number
_EVERY = re.compile(r"(?:每[人户]每[月年]|每人|每户|每[月年]|人均|年均|月均)$")
_APPROX_AFTER = re.compile(r"[^,。;!?、\d]{0,6}?(?:左右|上下)")
_GE_AFTER = re.compile(r"[^,。;!?、\d%]{0,4}?(?:以上|及以上|起步)")
_LE_AFTER = re.compile(r"[^,。;!?、\d]{0,4}?(?:以内|以下|之内)")


# None of the patterns above reaches back past these: what stands behind them is a phrase that bulletins say again and again.
PHRASE_END = re.compile(r"[,。;、\d]")
_PHRASES = 4096  # whose verdict is kept
_LIMIT_AFTER = frozenset("左上起内下")  # one of them stands in every word of the three patterns above


_OVER = "于少过出超逾破多达上以≥=>"
#: What a phrase of the patterns before a number can end with, and what can stand before that; empty where anything can.
_LIMIT_ENDS = {
    **dict.fromkeys("约近概右于少过出超逾破足满上≥=>≤< 的", ""),
    **dict.fromkeys("为占有", "约"),
    **dict.fromkeys("了到达至", _OVER + "至不接将达"),
    **dict.fromkeys("月年", "每/人均" + _OVER),
    **dict.fromkeys("人户例", "每"),
    "成": "建完",
    "多": "不至最",
    "均": "人年月",
}


def limit_around(text: str, start: int, end: int) -> str:
    """The same for the number that stands at `text[start:end]` and has no 余 or 多 of its own."""
    before = _LIMIT_ENDS.get(text[start - 1 : start])
    if before is not None and (not before or text[start - 2 : start - 1] in before):
        phrase = PHRASE_END.split(text[max(0, start - 20) : start])[-1].rstrip(" ")
        if phrase and (found := _limit_before(phrase)):
            return found
    if _LIMIT_AFTER.isdisjoint(text[end : end + 8]):
        return "exact"
    return _limit_after(text[end : end + 8])


def qualifier(before: str, inner_more: bool, after: str) -> str:
    """`exact`, `approx`, `ge` or `le`, from what is printed before, in and after a number."""
    if inner_more:
        return "ge"
    return _limit_before(PHRASE_END.split(before)[-1].rstrip(" ")) or _limit_after(after)


@functools.lru_cache(maxsize=_PHRASES)
def _limit_before(before: str) -> str:
    before = _AGE_BAND.sub("", before)
    without_every = _EVERY.sub("", before)
    for text in dict.fromkeys((before, without_every)):
        if _LE_BEFORE.search(text):
            return "le"
        if _GE_BEFORE.search(text):
            return "ge"
        if _APPROX_BEFORE.search(text):
            return "approx"
    return "ge" if _GE_OVER.search(before) else ""


def _limit_after(after: str) -> str:
    if _LIMIT_AFTER.isdisjoint(after):
        return "exact"
    if _APPROX_AFTER.match(after):
        return "approx"
    if _GE_AFTER.match(after):
        return "ge"
    if _LE_AFTER.match(after):
        return "le"
    return "exact"

"""Digits and numerals that are a year, a day, a span of them, or a time of the day: where such a date ends."""

from __future__ import annotations

import re

_YEAR = r"(?:19|20)\d\d"
_TO = r"(?:[-~至]|到)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_PART = r"[度底末初中内]"

_YEARS_TO = re.compile(rf"{_YEAR}(?:年度?)?{_TO}(?:19|20)?\d\d年{_PART}?")
_YEARS_AND = re.compile(rf"{_YEAR}年?(?:[、和与]\s?{_YEAR})+年")
_YEAR_AND_DAY = re.compile(rf"{_YEAR}年(?:{_PART}|[ ]?\d{{1,2}}月(?:份|底|末|初|\d{{1,2}}[日号])?)?")
_ISO_DAY = re.compile(rf"{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}日?(?:[ T]*\d{{1,2}}:\d\d(?::\d\d)?)?")
_ISO_MONTH = re.compile(rf"{_YEAR}[-/.](?:0?[1-9]|1[0-2])(?![\d.%]|[-/.]\d|\s?\(?(?:[万亿]|元|人|户|个|家))")
_MONTHS_TO = re.compile(rf"{_MONTH}月?(?:份)?{_TO}{_MONTH}月份?[底末]?")
_MONTH_AND_DAY = re.compile(
    rf"{_MONTH}月(?:份|底|末|初|[上中下]旬|{_DAY}[日号](?:{_TO}(?:\d{{1,2}}月)?\d{{1,2}}[日号])?)?"
)
_DAYS_TO = re.compile(rf"{_DAY}[日号]{_TO}{_DAY}[日号]")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)(?=[-~至\s]|$|[^\d%])")
_DAY_OF_THE_YEAR = re.compile(r"\d{1,2}·\d{1,2}(?!\d|[万亿]|\s?[人户元家个])")
_HOUR = re.compile(r"[\d零一二两三四五六七八九十]{1,3}(?:点|:)?[\d零一二三四五六七八九十]{0,3}(?:分(?!之)|半|整|钟)")

_CHINESE_YEAR = re.compile(r"[一二][〇○零Oo一二三四五六七八九]{3}年")
_CHINESE_MONTH = re.compile(r"[十一二三四五六七八九]{1,3}月(?:份|[一二三十四五六七八九]{1,3}[日号]|底|末)?(?![个均])")

_BY_NEXT = {
    "年": (_YEARS_TO, _YEARS_AND, _YEAR_AND_DAY),
    "月": (_MONTHS_TO, _MONTH_AND_DAY),
    "日": (_DAYS_TO,),
    "号": (_DAYS_TO,),
    "/": (_ISO_DAY, _ISO_MONTH),
    ":": (_CLOCK,),
    "·": (_DAY_OF_THE_YEAR,),
    **dict.fromkeys("-~至到", (_YEARS_TO, _ISO_DAY, _ISO_MONTH, _MONTHS_TO)),
    **dict.fromkeys("、和与", (_YEARS_AND,)),
}
_OF_YEARS = frozenset([_YEARS_TO, _YEARS_AND, _YEAR_AND_DAY, _ISO_DAY, _ISO_MONTH])
_LONG = {char: tuple(pattern for pattern in of_char if pattern in _OF_YEARS) for char, of_char in _BY_NEXT.items()}
_SHORT = {char: tuple(pattern for pattern in of_char if pattern not in _OF_YEARS) for char, of_char in _BY_NEXT.items()}
#: Only behind these may digits be a date.
NEXT = frozenset(_BY_NEXT)


def date_end(text: str, start: int, end: int) -> int | None:
    """Where the date ends that opens with the digits `text[start:end]`; None where they open none."""
    following = text[end : end + 1]
    if "." in text[start:end]:
        patterns: tuple[re.Pattern[str], ...] = (_ISO_DAY, _ISO_MONTH)
    else:
        patterns = (_LONG if end - start == 4 else _SHORT).get(following, ())
    for pattern in patterns:
        if (found := pattern.match(text, start)) and found.end() >= end:
            return found.end()
    return None


def chinese_date_end(text: str, start: int, end: int) -> int | None:
    """The same for Chinese numerals: 一九九八年, 十二月三日."""
    following = text[end : end + 1]
    found = None
    if following == "年":
        found = _CHINESE_YEAR.match(text, start)
    elif following == "月":
        found = _CHINESE_MONTH.match(text, start)
    return found.end() if found and found.end() > end else None


def hour_end(text: str, start: int) -> int | None:
    """Where a time of the day ends: 8点30分, 十二点半."""
    found = _HOUR.match(text, start)
    return found.end() if found and "点" in found.group() else None

"""Digits that name something: telephones, document numbers, codes, and numbers of which a part was masked."""

from __future__ import annotations

import re

from bulletins.text.numerals.number import Number
from bulletins.text.numerals.tokens import GLUE, GLUED, NUMERAL

MASKED = "遮盖或残缺的数"
_NO_MORE = r"(?![\d万亿元人])"
_AREA_IN_BRACKETS = re.compile(rf"\(0\d{{2,3}}\)\s?\d{{7,8}}{_NO_MORE}")
_AREA_AND_NUMBER = re.compile(rf"0\d{{2,3}}-\d{{7,8}}(?:-\d+)?{_NO_MORE}")
_MOBILE = re.compile(r"1[3-9]\d{9}(?![\d万亿]|[元人次户个张对名件家])")
_SERVICE_LINE = re.compile(rf"400-?\d{{3,4}}-?\d{{3,4}}{_NO_MORE}")
_DOCUMENT = re.compile(r"[〔\[(]\s?(?:19|20)\d{2}\s?[〕\])]\s?第?\d+号?")
_FILE_NUMBER = re.compile(r"\d{6,}/\d{4}-\d+")
#: `其中5A71家`: a grade, and how many have it.
_GRADE = re.compile(r"[1-5]A(?=\d{1,4}[家个所处户])")
_LICENCE = re.compile(r"\d+号(?:-\d+)?|\d{6,}")

_CURRENCY_CODES = ("RMB", "CNY", "USD", "HKD", "EUR", "GBP", "JPY", "KRW", "TWD")
#: Letters behind digits that are a scale or a unit.
_SCALE_OR_UNIT = re.compile(r"(?:[kKwW]|[kh]?m[2²]|km|kg|kW|RMB|CNY|USD|HKD|EUR)(?![A-Za-z\d])")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
_MARKS = GLUE - _LETTERS
_ALNUM = _LETTERS | frozenset("0123456789")
_JOINTS = frozenset("-_/.")
_MARKED = frozenset(NUMERAL) | _ALNUM | _MARKS | frozenset("人户元")


def code_at(text: str, start: int, end: int, after: int) -> Number | None:
    """The identifier that the digits `text[start:end]` are or are part of; None where they are none.

    Args:
        text: the normalised text.
        start: where the digits begin.
        end: where they end.
        after: where the number before them ended: nothing is taken back from it.
    """
    return _telephone(text, start, end) or _document(text, start, end) or _glued(text, start, end, after)


def _telephone(text: str, start: int, end: int) -> Number | None:
    first, length = text[start], end - start
    found = None
    if first == "0" and length < 5:
        found = _AREA_AND_NUMBER.match(text, start)
        if text[start - 1 : start] == "(" and (bracketed := _AREA_IN_BRACKETS.match(text, start - 1)):
            found = bracketed
    elif first == "1" and length == 11:
        found = _MOBILE.match(text, start)
    elif first == "4" and text.startswith("400", start):
        found = _SERVICE_LINE.match(text, start)
    return Number(found.start(), found.end(), "identifier", "电话") if found and found.end() >= end else None


def _document(text: str, start: int, end: int) -> Number | None:
    before = text[start - 1 : start]
    found = None
    if before and before in "〔[( ":
        found = _DOCUMENT.match(text, start - 1 if before != " " else max(0, start - 2))
    elif before == "备" and (licence := _LICENCE.match(text, start)):
        # `京ICP备12号`, `公网安备5101号`; a stock of goods (储备200套) is none.
        registered = text[start - 2 : start - 1] in _LETTERS | {"安"} or "号" in licence.group()
        return Number(start - 1, licence.end(), "identifier", "文号") if registered else None
    if found is None and text[end : end + 1] == "/":
        found = _FILE_NUMBER.match(text, start)
    return Number(found.start(), found.end(), "identifier", "文号") if found else None


def _glued(text: str, start: int, end: int, after: int) -> Number | None:
    left = _left(text, start, after)
    if graded := _GRADE.match(text, left):
        return Number(left, graded.end(), "name", "等级")
    right = _is_glued_behind(text, end)
    if left == start and not right:
        return None
    found = GLUED.match(text, left)
    if found is None or found.end() < end:
        return None
    stop = found.end()
    if text[stop - 1] in _MARKS and not right:
        stop = end
    if text[stop : stop + 1] == "级" and text[left].isdecimal():
        return Number(left, stop + 1, "name", "等级")
    masked = any(char in NUMERAL for char in found.group())
    return Number(left, stop, "unread", MASKED) if masked else Number(left, stop, "identifier", "代号")


def _left(text: str, start: int, after: int) -> int:
    """Where the letters begin that stand right before `start`, or behind a joint: JZH0111, COVID-19, 27+1."""
    at = start
    while at > after:
        char, before = text[at - 1], text[at - 2] if at - 2 >= after else ""
        glued = (
            char in _LETTERS
            or (char in _MARKS and before != "" and before in _ALNUM)
            or (char in _JOINTS and before != "" and before in _LETTERS)
            or (at < start and char.isdecimal())
        )
        if not glued:
            break
        at -= 1
    return start if text[at:start] in _CURRENCY_CODES else at


def _is_glued_behind(text: str, end: int) -> bool:
    char = text[end : end + 1]
    if not char or char not in GLUE:
        return False
    if char in _MARKS:
        return text[end + 1 : end + 2] in _MARKED and end + 1 < len(text)
    return _SCALE_OR_UNIT.match(text, end) is None

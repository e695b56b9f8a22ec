"""Shares and ratios that are written as two numbers or in words: 百分之五, 三分之一, 1:0.81, 1/3, 半数, 对折."""

from __future__ import annotations

import re

from bulletins.text.numerals.grammar import Worth, scaled
from bulletins.text.numerals.number import Number
from bulletins.text.numerals.quantities import atom, worth_of
from bulletins.text.numerals.tokens import ONE
from bulletins.text.quantity import limit_around

_RATIO = re.compile(r"\d+(?:\.\d+)?\s?:\s?\d+(?:\.\d+)?(?![\d:])")
_IS_RATIO = re.compile(r"比|配|1(?:\.0+)?:0\.|:1")
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})(?![\d/])")
_SHARE_AHEAD = re.compile(r"[近约超占的达有过]$")
_RANGE = re.compile(r"\s?(?:-{1,2}|~|至|到)\s?(?:[百千万]分之)?")
_BEHIND_FRACTION = re.compile(r"分之\s?")
_HALF_OF_ALL = re.compile(r"一半(?=以上|以下|左右|[的,。;、以为是])")
_HALVES = {"半成": 5.0, "半数": 50.0, "半折": 50.0}
_HALF_POINT = re.compile(r"半个(百分点|千分点)")
_FULL = re.compile(r"百分百(?!的爱)")
_FULL_AHEAD = re.compile(r"[率达为到超均]$")
_DISCOUNT_AHEAD = frozenset("打按以享")
_POWERS = {100.0: 0, 1000.0: -1, 10000.0: -2}


class Shares:
    """Reads shares that are no digits with a unit behind them."""

    def at(self, text: str, start: int, end: int) -> Number | None:
        """The share that opens with the run `text[start:end]`; None where none does."""
        behind = text[end : end + 1]
        if behind == ":":
            return self._ratio(text, start)
        if behind == "/":
            return self._slash(text, start)
        if text.startswith("分之", end):
            return self._fraction(text, start, end)
        return self._half(text, start) if not text[start].isdecimal() else None

    def _ratio(self, text: str, start: int) -> Number | None:
        found = _RATIO.match(text, start)
        if found is None:
            return None
        end = found.end()
        if text[end : end + 1] in ("万", "亿", "人", "户", "元"):
            return Number(start, end, "unread", "比值与单位相连")
        left, right = (float(part) for part in found.group().split(":"))
        around = text[max(0, start - 16) : start] + text[end : end + 6]
        if not left or not right or (left != 1 and right != 1) or not _IS_RATIO.search(around + found.group()):
            return Number(start, end, "name", "比分或编号")
        return _quantity(text, start, end, Worth(right if left == 1 else left), "ratio")

    def _slash(self, text: str, start: int) -> Number | None:
        found = _SLASH.match(text, start)
        if found is None:
            return None
        upper, lower = float(found[1]), float(found[2])
        if text[start - 1 : start] == "/" or not _SHARE_AHEAD.search(text, max(0, start - 8), start):
            return Number(start, found.end(), "name", "编号")
        if not lower or upper >= lower:
            return Number(start, found.end(), "name", "编号")
        return _quantity(text, start, found.end(), Worth(100 * upper / lower), "percent")

    def _fraction(self, text: str, start: int, end: int) -> Number | None:
        """百分之五, 千分之八, 万分之三, 三分之一; of a range both ends."""
        lower = worth_of(text[start:end])
        opened = _BEHIND_FRACTION.match(text, end)
        upper = self._numerator(text, opened.end()) if opened else None
        if lower is None or upper is None or not lower.low:
            return Number(start, end + 2, "unread", "分数没有说出分子") if lower is not None else None
        worth, stop = upper
        if worth is None:
            return Number(start, stop, "unread", "数字写法不成数")
        low, high = worth.low, worth.high
        joint = _RANGE.match(text, stop)
        if joint and (second := self._numerator(text, joint.end())) and second[0] and second[0].low > low:
            high, stop = second[0].low, second[1]
        factor = lower.low
        negative = text[start - 1 : start] == "负" and text[start - 2 : start - 1] not in ("减", "正", "胜", "担")
        if negative:
            low, high, start = -(high or low), (None if high is None else -low), start - 1
        share = Worth(_part(low, factor), None if high is None else _part(high, factor), worth.vague)
        return _quantity(text, start, stop, share, "percent")

    def _numerator(self, text: str, at: int) -> tuple[Worth | None, int] | None:
        sign = text[at : at + 1] in ("负", "-")
        found = ONE.match(text, at + sign)
        if found is None:
            return None
        one = atom(text, found.start(), found.end())
        if one.worth is None or not sign:
            return one.worth, one.end
        return Worth(-abs(one.worth.low)), one.end

    def _half(self, text: str, start: int) -> Number | None:
        two = text[start : start + 2]
        if two in _HALVES:
            return _quantity(text, start, start + 2, Worth(_HALVES[two]), "percent", "成" if two == "半成" else "")
        if two == "对折":
            said = start > 0 and text[start - 1] in _DISCOUNT_AHEAD
            return _quantity(text, start, start + 2, Worth(50.0), "percent") if said else None
        if found := _HALF_POINT.match(text, start):
            value = 0.5 if found[1] == "百分点" else 0.05
            return _quantity(text, start, found.end(), Worth(value), "percentage_point", "个" + found[1])
        if _HALF_OF_ALL.match(text, start):
            return _quantity(text, start, start + 2, Worth(50.0), "percent")
        if found := _FULL.match(text, start):
            said = _FULL_AHEAD.search(text, max(0, start - 2), start) is not None
            return _quantity(text, start, found.end(), Worth(100.0), "percent") if said else None
        return None


def _part(upper: float, lower: float) -> float:
    return scaled(repr(upper), _POWERS[lower]) if lower in _POWERS else 100 * upper / lower


def _quantity(text: str, start: int, end: int, worth: Worth, unit: str, counter: str = "") -> Number:
    limit = worth.vague or ("ge" if text[start - 1 : start] == "过" else limit_around(text, start, end))
    return Number(start, end, "quantity", "", worth.low, worth.high, unit, counter, limit, "", end)

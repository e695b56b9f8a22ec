"""One printed numeral → what it is worth: digits, Chinese numerals small and capital, scales, decimals and vague words composed.

A numeral is read whole or not at all: `worth` gives None for what composes to no number, never the worth of a part.

What is vague is read as an interval that the words themselves bound, so that no end says more than was printed:

| printed | read as | why |
| --- | --- | --- |
| 几十 数十, 几百 数百, 数千万 … | the scale to ten times the scale, approx | no smaller and no greater number is called so |
| 十几, 六十几万 | 10 to 20, 600000 to 700000, ge | 几 stands for one digit that is not said |
| 一百几十 | 110 to 200, ge | likewise, one place higher |
| 三四百, 七八十, 十七八, 三五百 | 300 to 400, 70 to 80, 17 to 18, 300 to 500, approx | two digits share one scale |
| 百余 千余, 三十多, 1.2万余 | 100, 1000, 30, 12000, ge | 余 and 多 say that some were left out |
| 十来, 百来 | 10, 100, approx | 来 says about |
| 百, 千万 … alone | 100, 10000000; only behind 近, 上, 超 … | `近百` is approx, `上百` and `超百` are ge by that word |
| 半成, 半个百分点 | 5 %, 0.5 points, exact | a half is a number like others; it is read by the finder |
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

#: Every spelling of a numeral in its plain one; what is no numeral stays.
_PLAIN = str.maketrans(
    "〇○两壹贰叁肆伍陆柒捌玖拾佰仟", "零零二一二三四五六七八九十百千"
) | str.maketrans({"廿": "二十", "卅": "三十", "卌": "四十", ",": "", "俩": "二"})  # fmt: skip
_VALUES = {char: str(value) for value, char in enumerate("零一二三四五六七八九")}
_DIGIT = "一二三四五六七八九"
_SMALL = {"十": 10, "百": 100, "千": 1000}

#: Scale words that may stand behind digits and decimals, as powers of ten.
EXPONENTS = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10,
             "千亿": 11, "万亿": 12, "十万亿": 13, "百万亿": 14, "千万亿": 15}  # fmt: skip

_DIGITS_AND_SCALE = re.compile(r"(\d+(?:\.\d+)?)([十百千]?(?:万亿|[万亿])?)")
_DECIMAL = re.compile(rf"(?P<whole>[^点]+)点(?P<fraction>[零{_DIGIT}\d]+)(?P<scale>[十百千]?(?:万亿|[万亿])?)")
_POSITIONAL = re.compile(rf"[零{_DIGIT}]{{2,}}")
_ONE = rf"[{_DIGIT}]|\d+"
_SHORT_FORM = re.compile(rf"[百千][{_DIGIT}]$")  # 一百五 for 150 stands for itself, never before a scale
_SECTION = re.compile(rf"(?:({_ONE})千)?(?:零?({_ONE})百)?(?:零?({_ONE})?(十))?(?:零?({_ONE}))?")
_MORE = re.compile(r"(?:(?<=.)[余多来]|(?<=\d)几)(?=[百千万亿]{0,2}$)")
_LEADING_VAGUE = re.compile(r"[几数]([十百千]?(?:万亿|[万亿])?|[十百千])")
_INNER_VAGUE = re.compile(r"(?<=[十百千万亿])几([十百千]?)")
_PAIR = re.compile(rf"(?<![{_DIGIT}零\d])([{_DIGIT}])([{_DIGIT}])(?=[十百千万亿]|$)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?[余多几]?[万亿千百]*[余多]?")
_LONGEST = 40  # characters: 九千九百九十九万九千九百九十九亿 … has fewer
_PAIRS = frozenset(("35", *(f"{low}{low + 1}" for low in range(1, 9))))


class Worth(NamedTuple):
    """What a numeral is worth.

    Attributes:
        low: the number; of a vague one the lower end.
        high: the upper end of a vague one.
        vague: `ge` for 余 and 多, `approx` for 来, 几十 and 三四百; empty for an exact numeral.
        bare: whether it is a scale alone, which counts only behind words such as 近 and 上.
    """

    low: float
    high: float | None = None
    vague: str = ""
    bare: bool = False


@functools.lru_cache(maxsize=4096)
def worth(printed: str) -> Worth | None:
    """What `printed` is worth as a whole; None where it composes to no number.

    Args:
        printed: a numeral without sign, blanks and unit: `9.76万`, `一百八十六点五万`, `三四百`, `7千3百万`, `六十几万`.
    """
    if not 0 < len(printed) <= _LONGEST or ("," in printed and not _GROUPED.fullmatch(printed)):
        return None
    numeral = printed.translate(_PLAIN)
    if found := _DIGITS_AND_SCALE.fullmatch(numeral):
        fits = found[2] in EXPONENTS and (found[2] != "十" or len(found[1]) == 1)  # `2021十大`
        return Worth(scaled(found[1], EXPONENTS[found[2]])) if fits else None
    more = _MORE.search(numeral)
    if more:
        numeral = numeral[: more.start()] + numeral[more.end() :]
    vague = "" if more is None else "approx" if more.group() == "来" else "ge"
    if numeral in EXPONENTS and numeral[0] != "十":
        return Worth(10.0 ** EXPONENTS[numeral], vague=vague, bare=True)
    left_out = _DIGITS_AND_SCALE.fullmatch(numeral) if more else None
    exact = scaled(left_out[1], EXPONENTS.get(left_out[2], 0)) if left_out else compose(numeral)
    if exact is not None:
        return Worth(exact, vague=vague)
    return None if more else _vague(numeral)


def _vague(numeral: str) -> Worth | None:
    if (found := _LEADING_VAGUE.fullmatch(numeral)) and found[1] in EXPONENTS:
        scale = 10.0 ** EXPONENTS[found[1]]
        return Worth(scale, 10 * scale, "approx") if found[1] else None
    if found := _INNER_VAGUE.search(numeral):
        return _with_digit_unsaid(numeral[: found.start()], found[1], numeral[found.end() :])
    pairs = _PAIR.findall(numeral)
    if len(pairs) != 1 or "".join(_VALUES[digit] for digit in pairs[0]) not in _PAIRS:
        return None
    low, high = compose(_PAIR.sub(r"\1", numeral)), compose(_PAIR.sub(r"\2", numeral))
    return None if low is None or high is None else Worth(low, high, "approx")


def _with_digit_unsaid(left: str, scale: str, right: str) -> Worth | None:
    """`left`几`scale right`: 六十几万 is 60万 to 70万, 一百几十 is 110 to 200."""
    if right not in ("", "万", "亿", "万亿"):
        return None
    step = 10.0 ** EXPONENTS[right] * (_SMALL[scale] if scale else _SMALL.get(left[-1], 0) / 10)
    low = compose(left + ("一" + scale if scale else "") + right)
    if low is None or not step:
        return None
    return Worth(low, low + step * (9 if scale else 10), "ge")


def compose(numeral: str) -> float | None:
    """The value of an exact numeral in plain spelling: scales descend, what stands between fits below them."""
    if "点" in numeral:
        found = _DECIMAL.fullmatch(numeral)
        if found is None or found["scale"] not in EXPONENTS or found["whole"][-1] in "万亿":
            return None
        if (whole := compose(found["whole"])) is None:
            return None
        fraction = "".join(_VALUES.get(char, char) for char in found["fraction"])
        return scaled(f"{whole:.0f}.{fraction}", EXPONENTS[found["scale"]]) if whole.is_integer() else None
    if numeral.isdecimal():
        return float(numeral)
    if _POSITIONAL.fullmatch(numeral):
        # 二〇一八; two digits without a zero are no number but two: 三四, 七八.
        digits = "".join(_VALUES[char] for char in numeral)
        return float(digits) if "0" in digits[1:] or (len(digits) > 2 and digits not in "123456789") else None
    for scale, exponent in (("亿", 8), ("万", 4)):
        left, mark, right = numeral.rpartition(scale)
        if mark:
            return _above_and_below(left, right, exponent)
    return _section(numeral)


def _above_and_below(left: str, right: str, exponent: int) -> float | None:
    if found := _DIGITS_AND_SCALE.fullmatch(left):
        above = scaled(found[1], EXPONENTS[found[2]]) if found[2] in EXPONENTS else None
        fractional = "." in found[1]
    else:
        above, fractional = compose(left) if left and not _SHORT_FORM.search(left) else None, False
    if (
        above is None
        or (exponent == 4 and above >= 10**exponent)
        or (right and (fractional or above >= 10**exponent))
        or above >= 10**8
    ):
        return None
    scale = 10.0**exponent
    if not right:
        return scaled(repr(above), exponent) if fractional else above * scale
    below = _below(right, exponent)
    return None if below is None else above * scale + below


def _below(right: str, exponent: int) -> float | None:
    """What stands behind a scale: 五 of 三万五 is a place below it, 五百 and 零五 are themselves; digits fill their places."""
    if len(right) == 1 and right in _VALUES and right != "零":
        return float(_VALUES[right]) * 10.0 ** (exponent - 1)
    if right.isdecimal():
        # `12万3456` and `1万500` say what they are; `3万5` may be 35000 or 30005.
        filled = len(right) == exponent or (exponent == 4 and len(right) == 3 and right[0] != "0")
        return float(right) if filled else None
    zero = right.startswith("零")
    below = compose(right[1:] if zero else right) if right != "零" else None
    limit = 10.0 ** (exponent - 1) if zero else 10.0**exponent
    return below if below is not None and below < limit else None


def _section(numeral: str) -> float | None:
    """The value of a numeral below 万: 二千零五十, 一百零五, 一百五, 十二, 7千3百."""
    if numeral == "零":
        return 0.0
    found = _SECTION.fullmatch(numeral)
    if found is None or not numeral:
        return None
    thousands, hundreds, tens, ten, ones = found.groups()
    heads = [head for head in (thousands, hundreds, tens) if head]
    scripts = {head.isdecimal() for head in (*heads, ones) if head}
    if len(scripts) > 1 or (ten and not tens and True in scripts):
        return None  # 十8, 三百5十
    if len(heads) + (ones is not None) > 1 and any(len(head) > 1 for head in heads):
        return None  # 12千3百
    if ones and len(ones) > 1:
        below = {"千": 3, "百": 2}.get(numeral[-len(ones) - 1], 0)
        if len(ones) != below:
            return None
    value = 1000 * _of(thousands) + 100 * _of(hundreds) + 10 * (_of(tens) if tens else bool(ten)) + _of(ones)
    before_last = numeral[-2:-1]
    if ones and len(ones) == 1 and before_last in ("百", "千"):
        if ones.isdecimal():
            return None  # 3千5 may be 3500 or 3005
        return float(value + _of(ones) * (_SMALL[before_last] // 10 - 1))  # 一百五
    return float(value)


def _of(head: str | None) -> int:
    return 0 if head is None else int(_VALUES.get(head, head))


def scaled(decimal: str, exponent: int) -> float:
    """`decimal` times a power of ten, exactly as on paper: 2.4055 万 is 24055, not 24054.999…."""
    return float(f"{decimal}e{exponent}") if exponent and "e" not in decimal else float(decimal) * 10.0**exponent

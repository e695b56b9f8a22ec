"""What a number format of a spreadsheet shows of a stored value: `0.0"%"` shows 45.2 as 45.2%, `0!.0,"万元"` 43215 as 4.3万元.

Here belongs the language of number formats (ECMA-376 part 1, 18.8.31, and what Excel and WPS do besides: `!` escapes like `\\`).
Sections, conditions, literals, scaling commas, percent, dates and text are parsed; colours, widths and fonts are passed over.
How a file stores its formats is in `xlsx.py` and `xls.py`.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

#: Formats that a file names by number only, as a Chinese Excel shows them.
BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0;¥-#,##0", 6: "¥#,##0;¥-#,##0", 7: "¥#,##0.00;¥-#,##0.00",
    8: "¥#,##0.00;¥-#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', 42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'yyyy"年"m"月"', 56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_(?P<skip>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<date>y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|a{3,4}|e{1,4}(?![+\-]))"
    r"|(?P<exponent>E[+\-])|(?P<digit>[0#?])|(?P<other>.)",
    re.I | re.S,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_ELAPSED = re.compile(r"h+|m+|s+", re.I)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.S)
#: What a section for negative numbers says of their sign by itself.
_SIGNED = re.compile(r"[-−－▼↓△▲负减降]")
_WEEKDAYS = "一二三四五六日"
_EXACT = 15  # significant digits that a spreadsheet keeps
_LARGEST = 10**20  # beyond it no format is laid out
_GENERAL = 12  # … and those of which nobody doubts that they were meant


class _Token(NamedTuple):
    """A piece of a section: `kind` is a group of _TOKEN, or literal, point, comma, percent, text, slash."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """What applies to one range of values."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, kind: str) -> bool:
        """Whether it holds a token of that kind."""
        return any(token.kind == kind for token in self.tokens)

    def takes(self, value: Decimal) -> bool:
        """Whether its own condition lets a value in."""
        return self.condition is not None and _COMPARE[self.condition[0]](value, self.condition[1])

    @property
    def only_negative(self) -> bool:
        """Whether its own condition lets in nothing but negative numbers, so that it says their sign itself."""
        if self.condition is None:
            return False
        sign, limit = self.condition
        return (sign == "<" and limit <= 0) or (sign in ("<=", "=") and limit < 0)


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return what a cell with the number `value` and the format `code` shows; empty where the format hides it.

    A negative number whose format tells its sign by a colour or by brackets gets a minus: both would be lost in a text.
    Fractions are shown as decimals, Chinese numerals (`[DBNum1]`) as digits.

    Args:
        value: the stored number; dates are days.
        code: the format; empty for General.
        since_1904: whether days are counted as old Macintosh files do.
    """
    sections = _sections(code)
    if not sections:
        return general(value)
    number = Decimal(format(value, f".{_EXACT}g"))
    section, absolute = _chosen(sections, number)
    if section is None or abs(number) >= _LARGEST:
        return general(value)
    if section.has("date") or section.has("elapsed"):
        return _date(section, value, since_1904)
    if section.has("text") and not section.has("digit"):
        return _assembled(section, lambda token: general(value) if token.kind == "text" else "")
    if section.has("general"):
        text = _assembled(
            section, lambda token: general(abs(value) if absolute else value) if token.kind == "general" else ""
        )
    elif section.has("digit"):
        text = _number(section, abs(number) if absolute else number)
    else:
        return _assembled(section, lambda token: "")
    return f"-{text.strip('()（）')}" if absolute and number < 0 and not _SIGNED.search(text) else text


def shown_text(text: str, code: str) -> str:
    """Return what a cell with the words `text` and the format `code` shows: `@"元"` puts a unit behind them."""
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else next((section for section in sections if section.has("text")), None)
    if section is None:
        return text
    return _assembled(section, lambda token: text if token.kind == "text" else "")


def general(value: float) -> str:
    """Return a number without a format as a person would write it: no binary dust, no trailing zeros, no exponent."""
    number = format(value, f".{_GENERAL}g")
    return number if "e" not in number else format(Decimal(number), "f")


@functools.lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """Parse a format; General and the empty one have no section."""
    if code.strip().lower() in ("", "general"):
        return ()
    sections: list[_Section] = []
    tokens: list[_Token] = []
    condition = None
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "quoted", match.group(match.lastgroup or "quoted") or ""
        if kind == "other" and text == ";":
            sections.append(_Section(_minutes(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket" and (compared := _CONDITION.fullmatch(text)):
            condition = compared.group(1), Decimal(compared.group(2))
        elif (token := _token(kind, text)) is not None:
            tokens.append(token)
    return (*sections, _Section(_minutes(tokens), condition))


_OTHERS: Mapping[str, str] = {".": "point", ",": "comma", "%": "percent", "@": "text", "/": "slash"}


def _token(kind: str, text: str) -> _Token | None:
    if kind in ("quoted", "escaped"):
        return _Token("literal", text)
    if kind == "skip":
        return _Token("literal", " ")
    if kind == "bracket":
        if currency := _CURRENCY.fullmatch(text):
            return _Token("literal", currency.group(1))
        return _Token("elapsed", text.lower()) if _ELAPSED.fullmatch(text) else None  # colours, [DBNum1]
    if kind == "other":
        return _Token(_OTHERS.get(text, "literal"), text)
    return None if kind == "fill" else _Token(kind, text.lower() if kind == "date" else text)


def _minutes(tokens: Sequence[_Token]) -> tuple[_Token, ...]:
    """Tell minutes from months: `m` after hours or before seconds."""
    times = [(n, token) for n, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    told = list(tokens)
    for at, (n, token) in enumerate(times):
        before = times[at - 1][1].text[:1] if at else ""
        after = times[at + 1][1].text[:1] if at + 1 < len(times) else ""
        if token.kind == "date" and token.text in ("m", "mm") and (before == "h" or after == "s"):
            told[n] = _Token("date", token.text.replace("m", "n"))
    return tuple(told)


def _chosen(sections: Sequence[_Section], number: Decimal) -> tuple[_Section | None, bool]:
    """Return the section for a number, and whether it shows it without its sign."""
    numeric = [section for section in sections[:3] if not (section.has("text") and not section.has("digit"))]
    if any(section.condition for section in numeric):
        found = next((section for section in numeric if section.takes(number)), None)
        found = found or next((section for section in numeric if section.condition is None), None)
        # Without a section of its own a number is shown as it is.
        return found, found is not None and number < 0 and _is_of_negatives(found, numeric)
    if not numeric:
        return (sections[0] if sections else None), False
    if number < 0 and len(numeric) > 1:
        return numeric[1], True
    if number == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], False


def _is_of_negatives(section: _Section, sections: Sequence[_Section]) -> bool:
    """Whether a section gets nothing but negative numbers: by its condition, or as what the first (`>0`) leaves over."""
    if section.only_negative:
        return True
    first = sections[0].condition
    left_over = section.condition is None and section is not sections[0]
    return left_over and first is not None and first[0] in (">", ">=") and first[1] == 0


def _assembled(section: _Section, filled: Callable[[_Token], str]) -> str:
    pieces = (
        token.text if token.kind == "literal" else "%" if token.kind == "percent" else filled(token)
        for token in section.tokens
    )
    return " ".join("".join(pieces).split())


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _number(section: _Section, number: Decimal) -> str:
    tokens = section.tokens
    digits = [n for n, token in enumerate(tokens) if token.kind == "digit"]
    if section.has("slash"):
        return _fraction(section, digits, general(float(number)))
    number *= Decimal(100) ** sum(token.kind == "percent" for token in tokens)
    if (exponent := next((n for n, token in enumerate(tokens) if token.kind == "exponent"), None)) is not None:
        return _scientific(section, number, exponent)
    point = next((n for n, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    whole, part = [n for n in digits if n < point], [n for n in digits if n > point]
    commas = [n for n, token in enumerate(tokens) if token.kind == "comma"]
    grouped = any(whole[0] < n < whole[-1] for n in commas) if whole else False
    ends = {ends[-1] for ends in (whole, part) if ends}
    number = number.scaleb(-3 * sum(_scales(tokens, n, ends) for n in commas))
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    integer, _, fraction = format(rounded, "f").partition(".")
    laid = _laid_out(tokens, whole, integer.lstrip("0"), grouped) | _decimals(tokens, part, fraction)
    if not whole and integer.strip("0"):
        laid[point] = integer.lstrip("0") + "."
    elif point < len(tokens):
        laid[point] = "." if any(laid[n].strip() for n in part) else ""
    sign = "-" if number < 0 and rounded else ""
    pieces = (
        token.text if token.kind == "literal" else "%" if token.kind == "percent" else laid.get(n, "")
        for n, token in enumerate(tokens)
    )
    return " ".join((sign + "".join(pieces)).split())


def _fraction(section: _Section, digits: Sequence[int], decimal: str) -> str:
    """Return a fraction as a decimal in its place, with what stands before it and behind it."""
    slash = next(n for n, token in enumerate(section.tokens) if token.kind == "slash")
    last = max(digits[-1], slash + 1)
    while last + 1 < len(section.tokens) and section.tokens[last + 1].text.isdigit():  # a fixed denominator: # ?/100
        last += 1
    before, behind = section.tokens[: digits[0]], section.tokens[last + 1 :]
    return _assembled(_Section((*before, _Token("literal", decimal), *behind)), lambda token: "")


def _scales(tokens: Sequence[_Token], comma: int, ends: set[int]) -> bool:
    """Whether a comma divides by a thousand: it follows the last digit before the point or of all, or such a comma."""
    before = comma - 1
    while before >= 0 and tokens[before].kind == "comma":
        before -= 1
    return before in ends


def _laid_out(tokens: Sequence[_Token], places: Sequence[int], digits: str, grouped: bool) -> dict[int, str]:
    """Spread the digits of a whole number over its places, from right to left; the first place takes all that is left."""
    laid: dict[int, str] = {}
    count = 0
    for at in reversed(places):
        here, digits = (digits, "") if at == places[0] else (digits[-1:], digits[:-1])
        here = here or ("0" if tokens[at].text == "0" else "")
        text = ""
        for digit in reversed(here):
            text = digit + ("," if grouped and count and not count % 3 and digit.isdigit() else "") + text
            count += 1
        laid[at] = text
    return laid


def _decimals(tokens: Sequence[_Token], places: Sequence[int], digits: str) -> dict[int, str]:
    kept = digits.rstrip("0")
    return {at: digits[n] if n < len(kept) or tokens[at].text == "0" else "" for n, at in enumerate(places)}


def _scientific(section: _Section, number: Decimal, exponent: int) -> str:
    """Return a number in scientific notation written out, to the digits that the format shows."""
    point = next((n for n, token in enumerate(section.tokens) if token.kind == "point"), exponent)
    decimals = sum(token.kind == "digit" and point < n < exponent for n, token in enumerate(section.tokens))
    written = format(Decimal(format(number, f".{decimals}e")), "f") if number else "0"
    return _assembled(section, _once(written))


def _once(text: str) -> Callable[[_Token], str]:
    """Put `text` in the place of the first digit, nothing in those of the others."""
    texts = iter([text])
    return lambda token: next(texts, "") if token.kind == "digit" else ""


# --- Dates ------------------------------------------------------------------------------------------------------------

_DAY_0, _DAY_0_OF_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
_DAYS = 2_958_466  # to the end of the year 9999
_MIDNIGHT = re.compile(r"(?<=\d) 0?0:00(?::00)?$")  # a date that a program stored as a moment
_LEAP_DAY_OF_1900 = 60  # there was none: days before it are counted one too few


def _date(section: _Section, days: float, since_1904: bool) -> str:
    if not 0 <= days < _DAYS:
        return general(days)  # a spreadsheet shows ####
    early = not since_1904 and 1 <= days < _LEAP_DAY_OF_1900 and not section.has("elapsed")
    seconds = round((days + early) * 86_400)
    moment = (_DAY_0_OF_1904 if since_1904 else _DAY_0) + dt.timedelta(seconds=seconds)
    half = section.has("ampm")

    def part(token: _Token) -> str:
        if token.kind == "elapsed":
            total = seconds // {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            return str(total).zfill(len(token.text))
        if token.kind == "ampm":
            return "上午" if moment.hour < 12 else "下午"
        if token.kind == "date":
            return _date_part(token.text, moment, half)
        return token.text if token.kind in ("slash", "point", "comma") else ""

    text = _assembled(section, part)
    return text if seconds % 86_400 or section.has("elapsed") else _MIDNIGHT.sub("", text)


def _date_part(code: str, moment: dt.datetime, half: bool) -> str:
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    number = {"y": moment.year, "e": moment.year, "m": moment.month, "d": moment.day, "h": hour, "n": moment.minute,
              "s": moment.second}  # fmt: skip
    if code[0] == "a" or (code[0] == "d" and len(code) > 2):
        return ("星期" if len(code) == 4 else "") + _WEEKDAYS[moment.weekday()]
    if code[0] == "y":
        return f"{moment.year % 100:02}" if len(code) < 3 else str(moment.year)
    # Names of months (mmm) are a Chinese program's numbers with 月.
    if code[0] == "m" and len(code) > 2:
        return f"{moment.month}月"
    return str(number[code[0]]).zfill(len(code) if code[0] != "e" else 1)

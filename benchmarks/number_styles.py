"""Printers of numbers: each style takes a random generator and gives what is printed and what it is worth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import NamedTuple

_DIGITS = "零一二三四五六七八九"
_CAPITAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")


class Printed(NamedTuple):
    """A number as printed with its unit, and its right reading."""

    text: str
    low: float
    high: float | None
    unit: str
    qualifier: str = "exact"


def chinese(value: int) -> str:
    """`value`, below 10^12, as it is written: 三十二万五千, 两千零五十, 十二."""
    if not value:
        return "零"
    words, sections = "", []
    while value:
        value, section = divmod(value, 10_000)
        sections.append(section)
    for index in reversed(range(len(sections))):
        section = sections[index]
        if not section:
            continue
        if words and (section < 1000 or not sections[index + 1]):
            words += "零"
        words += _section(section) + ("", "万", "亿")[index]
    return words.removeprefix("一") if words.startswith("一十") else words


def _section(value: int) -> str:
    words, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            words += ("零" if gap and words else "") + (
                "两" if digit == 2 and scale >= 100 else _DIGITS[digit]
            ) + name  # fmt: skip
        gap = digit == 0
    return words


def _unit(chance: Random) -> tuple[str, str]:
    return chance.choice(
        [("人", "person"), ("户", "household"), ("元", "CNY"), ("人次", "person_time"), ("对", "couple")]
    )


def _integer(chance: Random) -> int:
    return chance.randint(1, 10 ** chance.randint(1, 9))


def _decimal(chance: Random, places: int = 4) -> str:
    shown = chance.randint(1, places)
    return f"{chance.randint(0, 9999)}.{chance.randint(0, 10**shown - 1):0{shown}d}"


def _worth(decimal: str, exponent: int) -> float:
    return float(Decimal(decimal).scaleb(exponent))


def _plain(render: Callable[[int], str], least: int = 1, most: int = 10**9) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        value = min(most, max(least, _integer(chance)))
        word, unit = _unit(chance)
        return Printed(render(value) + word, value, None, unit)

    return style


def _scaled(scale: str, exponent: int, render: Callable[[str], str] = str) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        decimal = _decimal(chance)
        word, unit = _unit(chance)
        return Printed(render(decimal) + scale + word, _worth(decimal, exponent), None, unit)

    return style


def _in_words(decimal: str) -> str:
    whole, _, fraction = decimal.partition(".")
    return chinese(int(whole)) + "点" + "".join(_DIGITS[int(digit)] for digit in fraction)


def _share(before: str, behind: str, power: int, words: bool = False) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        decimal = f"{chance.randint(0, 199)}.{chance.randint(1, 99):02d}"
        shown = _in_words(decimal) if words else decimal
        return Printed(before + shown + behind, _worth(decimal, power), None, "percent")

    return style


def _range(joint: str, shared: bool, words: bool = False) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        low = chance.randint(1, 90)
        high = low + chance.randint(1, 9)
        render = chinese if words else str
        first = render(low) + ("" if shared else "万元")
        return Printed(f"{first}{joint}{render(high)}万元", low * 1e4, high * 1e4, "CNY")

    return style


def _chained(chance: Random) -> Printed:
    parts = [(chance.randint(1, 9), scale) for scale in ("亿", "千万", "百万") if chance.random() < 0.8] or [(3, "亿")]
    value = sum(digit * {"亿": 10**8, "千万": 10**7, "百万": 10**6}[scale] for digit, scale in parts)
    small = "".join(f"{digit}{scale[0]}" for digit, scale in parts if scale != "亿")
    return Printed("".join(f"{digit}亿" for digit, scale in parts if scale == "亿") + (f"{small}万" if small else "") + "元",
                   value, None, "CNY")  # fmt: skip


def _tens_of_thousands(chance: Random) -> Printed:
    high, low = chance.randint(1, 999), chance.randint(1000, 9999)
    return Printed(f"{high}万{low}人", high * 10**4 + low, None, "person")


def _hundred_millions(chance: Random) -> Printed:
    high, low = chance.randint(1, 999), chance.randint(1, 9999)
    return Printed(f"{high}亿{low}万元", high * 10**8 + low * 10**4, None, "CNY")


def _jiao(words: bool) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        yuan, jiao, fen = chance.randint(1, 99_999), chance.randint(1, 9), chance.randint(1, 9)
        render = chinese if words else str
        digit = (lambda value: _DIGITS[value]) if words else str
        return Printed(f"{render(yuan)}元{digit(jiao)}角{digit(fen)}分", float(f"{yuan}.{jiao}{fen}"), None, "CNY")

    return style


def _more(mark: str, inside: bool, words: bool) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        head = chance.randint(1, 9) * 10 ** chance.randint(1, 3)
        shown = chinese(head) if words else str(head)
        return Printed(shown + (f"{mark}万" if inside else f"万{mark}") + "人", head * 1e4, None, "person", "ge")

    return style


def _vague_tens(chance: Random) -> Printed:
    scale, worth = chance.choice(
        [("十", 10), ("百", 100), ("千", 1000), ("十万", 10**5), ("百万", 10**6), ("千万", 10**7), ("亿", 10**8)]
    )
    return Printed(f"{chance.choice('几数')}{scale}人", worth, worth * 10, "person", "approx")


def _vague_digit(chance: Random) -> Printed:
    tens = chance.randint(2, 9)
    return Printed(f"{_DIGITS[tens]}十几万人", tens * 1e5, (tens + 1) * 1e5, "person", "ge")


def _two_digits(chance: Random) -> Printed:
    digit = chance.randint(3, 8)
    scale, worth = chance.choice([("百", 100), ("千", 1000), ("万", 10**4), ("十万", 10**5)])
    return Printed(
        f"{_DIGITS[digit]}{_DIGITS[digit + 1]}{scale}人", digit * worth, (digit + 1) * worth, "person", "approx"
    )


def _tenths(chance: Random) -> Printed:
    tens, ones = chance.randint(1, 9), chance.randint(1, 9)
    shown, value = chance.choice([(f"{_DIGITS[tens]}成", 10 * tens), (f"{_DIGITS[tens]}成{_DIGITS[ones]}", 10 * tens + ones), (f"{tens}成", 10 * tens),
                                  (f"{tens}.{ones}成", 10 * tens + ones), (f"{_DIGITS[tens]}点{_DIGITS[ones]}成", 10 * tens + ones)])  # fmt: skip
    return Printed(shown, value, None, "percent")


def _fold(chance: Random) -> Printed:
    tens, ones = chance.randint(1, 9), chance.randint(1, 9)
    shown, value = chance.choice([(f"{tens}折", 10 * tens), (f"{tens}.{ones}折", 10 * tens + ones), (f"{tens}{ones}折", 10 * tens + ones),
                                  (f"{_DIGITS[tens]}折", 10 * tens)])  # fmt: skip
    return Printed(shown, value, None, "percent")


def _fraction(chance: Random) -> Printed:
    lower = chance.randint(2, 10)
    upper = chance.randint(1, lower - 1)
    return Printed(f"{chinese(lower)}分之{chinese(upper)}", 100 * upper / lower, None, "percent")


def _marked(before: str, behind: str, unit: str) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        value = _integer(chance)
        return Printed(f"{before}{value}{behind}", value, None, unit)

    return style


def _bracketed(shape: str) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        decimal = _decimal(chance)
        return Printed(shape.format(decimal=decimal), _worth(decimal, 4), None, "person")

    return style


def _negative(before: str) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        decimal = f"{chance.randint(0, 99)}.{chance.randint(1, 99):02d}"
        return Printed(f"{before}{decimal}%", -float(decimal), None, "percent")

    return style


def _informal(letter: str, exponent: int) -> Callable[[Random], Printed]:
    def style(chance: Random) -> Printed:
        decimal = f"{chance.randint(1, 99)}.{chance.randint(1, 9)}"
        return Printed(f"{decimal}{letter}元", _worth(decimal, exponent), None, "CNY")

    return style


STYLES: dict[str, Callable[[Random], Printed]] = {
    "digits": _plain(str),
    "digits, full width": _plain(lambda value: str(value).translate(_FULL_WIDTH)),
    "grouped": _plain(lambda value: f"{value:,}"),
    "grouped, full width": _plain(lambda value: f"{value:,}".translate(_FULL_WIDTH)),
    "万": _scaled("万", 4),
    "亿": _scaled("亿", 8),
    "万亿": _scaled("万亿", 12),
    "百万": _scaled("百万", 6),
    "千万": _scaled("千万", 7),
    "千": _scaled("千", 3),
    "萬, full width": _scaled("萬", 4, lambda decimal: decimal.translate(_FULL_WIDTH)),
    "numerals": _plain(chinese, least=101),
    "capitals": _plain(lambda value: chinese(value).replace("两", "二").translate(_CAPITAL), least=101),
    "capitals, 整": lambda chance: (
        lambda value: Printed(chinese(value).replace("两", "二").translate(_CAPITAL) + "元整", value, None, "CNY")
    )(101 + _integer(chance)),
    "廿": lambda chance: (lambda ones: Printed(f"廿{_DIGITS[ones]}万人", (20 + ones) * 1e4, None, "person"))(
        chance.randint(1, 9)
    ),
    "decimals in words, 万": _scaled("万", 4, _in_words),
    "decimals in words, 亿": _scaled("亿", 8, _in_words),
    "digits with 点": _scaled("万", 4, lambda decimal: decimal.replace(".", "点")),
    "chained": _chained,
    "万 and digits": _tens_of_thousands,
    "亿 and 万": _hundred_millions,
    "角 and 分": _jiao(words=False),
    "角 and 分 in words": _jiao(words=True),
    "%": _share("", "%", 0),
    "%, full width": _share("", "％", 0),
    "‰": _share("", "‰", -1),
    "百分之, digits": _share("百分之", "", 0),
    "百分之, words": _share("百分之", "", 0, words=True),
    "千分之": _share("千分之", "", -1, words=True),
    "万分之": _share("万分之", "", -2),
    "range, -": _range("-", shared=True),
    "range, —": _range("—", shared=True),
    "range, ～": _range("～", shared=True),
    "range, 至": _range("至", shared=True),
    "range, 到, both units": _range("到", shared=False),
    "range, --, both units": _range("--", shared=False),
    "range in words": _range("至", shared=True, words=True),
    "余 inside": _more("余", inside=True, words=False),
    "多 inside, words": _more("多", inside=True, words=True),
    "余 behind": _more("余", inside=False, words=False),
    "几十 数百": _vague_tens,
    "六十几万": _vague_digit,
    "三四百": _two_digits,
    "成": _tenths,
    "折": _fold,
    "三分之一": _fraction,
    "美元": _marked("", "美元", "other"),
    "元港币": _marked("", "元港币", "other"),
    "港币 … 元": _marked("港币", "元", "other"),
    "负": _negative("负"),
    "minus": _negative("-"),
    "grouped with decimals": lambda chance: (
        lambda value, cents: Printed(f"{value:,}.{cents:02d}万元", _worth(f"{value}.{cents:02d}", 4), None, "CNY")
    )(chance.randint(1000, 99_999), chance.randint(1, 99)),
    "blanks for thousands": _plain(lambda value: f"{value:,}".replace(",", " "), least=1000),
    "blank before the unit": _plain(lambda value: f"{value} "),
    "positional": lambda chance: (
        lambda value: Printed(
            "".join(_DIGITS[int(digit)] for digit in str(value)).replace("零", "〇") + "人", value, None, "person"
        )
    )(10 * chance.randint(101, 999)),
    "¥": _marked("¥", "", "CNY"),
    "人民币 … 元": _marked("人民币", "元", "CNY"),
    "RMB": _marked("RMB", "元", "CNY"),
    "unit in brackets behind": _bracketed("{decimal}(万人)"),
    "unit in brackets before": _bracketed("总数(万人){decimal}"),
    "平方米": _marked("", "平方米", "m2"),
    "㎡": _marked("", "㎡", "m2"),
    "个百分点": lambda chance: (
        lambda decimal: Printed(f"{decimal}个百分点", float(decimal), None, "percentage_point")
    )(f"{chance.randint(0, 99)}.{chance.randint(1, 99):02d}"),
    "倍 in words": lambda chance: (
        lambda decimal: Printed(f"{_in_words(decimal)}倍", float(decimal), None, "multiple")
    )(f"{chance.randint(0, 19)}.{chance.randint(1, 9)}"),
    "w": _informal("w", 4),
    "k": _informal("k", 3),
}

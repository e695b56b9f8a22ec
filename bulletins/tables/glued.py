"""Rows whose name, unit, code and values were run into one string: `养老机构床位万张11.3`, `…支出万元JZH01131000069,436.333,872.0`.

Numbers that touch have no mark between them; that all rows of a table print the same decimals in a column parts them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from bulletins.tables.grid import Cell
from bulletins.tables.units import DIVISIONS, Units

_ENUMERATOR = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、](?!\d))")
_HEAD_WORDS = re.compile(
    r"指标名称|指标|项目名称|项目|名称|计量单位|单位|指标代码|代码|编码|序号|数量|本期数?|本季度?|本月|本年累计|本年|累计|上季度?|上月|上期|上年同期|上年|去年同期"
    r"|同比(?:增[减长])?(?:\([%±]+\))?|环比(?:增[减长])?(?:\([%±]+\))?|增减(?:幅度)?(?:\([%±]+\))?|增长率?(?:\(%\))?|20\d\d年"
)
_CODE_DIGITS = 9  # behind the letters of a form's code
_LONGEST_UNIT = 6
_MOST_VALUES = 6


class GluedReader:
    """Parts strings in which cells have been run together."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def is_glued(self, line: str) -> bool:
        """Whether a line is a name, a unit and values run into one."""
        return self._parts(line) is not None

    def rows(self, lines: Sequence[Cell]) -> list[list[Cell]]:
        """Lines as rows of name, unit, code and values; empty where fewer than two are of that kind."""
        parted = [(line, self._parts(line.text)) for line in lines]
        glued = [(line, parts) for line, parts in parted if parts is not None]
        if len(glued) < 2:
            return []
        decimals = _common_decimals([parts[2] for _, parts in glued])
        rows: list[list[Cell]] = []
        for line, parts in parted:
            if parts is None:
                rows.append(_head(line) or [line])
                continue
            unit, code, values, words = parts[0], parts[1], parts[2], parts[3]
            first = line.text.rindex(values)
            spans = [(0, len(words) - len(unit)), (len(words) - len(unit), len(words))]
            spans += [(len(words), len(words) + len(code))] if code else []
            spans += _split(values, first, decimals)
            rows.append([Cell(line.text[a:b].strip(), start=line.start + a, end=line.start + b) for a, b in spans])
        return rows

    def _parts(self, text: str) -> tuple[str, str, str, str] | None:
        """Unit, code, values and the words before them; None where the line is not such."""
        enumerator = _ENUMERATOR.match(text)
        begin = enumerator.end() if enumerator else 0
        code = re.search(r"[A-Z]{2,4}\d{" + str(_CODE_DIGITS) + "}", text)
        if code is not None:
            words, values = text[: code.start()], text[code.end() :]
            printed = code.group()
        else:
            match = re.fullmatch(r"([^\d\s][^\d]*?)\s?(-?\d[\d,.]*)", text[begin:])
            if match is None:
                return None
            words, values, printed = text[: begin + match.end(1)], match.group(2), ""
        if not re.fullmatch(r"-?\d[\d,.]*", values):
            return None
        bare = words.rstrip()
        for length in range(min(_LONGEST_UNIT, len(bare) - begin - 1), 0, -1):
            if self._units.resolve(bare[-length:]) and bare[-length:] not in DIVISIONS:
                return bare[-length:], printed, values, bare
        return None


def _head(line: Cell) -> list[Cell]:
    """The heads of the columns, where a line is nothing but such: `指标名称单位代码数量上季度环比`."""
    words = list(_HEAD_WORDS.finditer(line.text))
    if len(words) < 3 or sum(len(word.group()) for word in words) < len("".join(line.text.split())):
        return []
    return [Cell(word.group(), start=line.start + word.start(), end=line.start + word.end()) for word in words]


def _common_decimals(values: Sequence[str]) -> tuple[int, ...]:
    """How many decimals each column prints, where one answer parts all rows; of several the one of the fewest columns."""
    for count in range(1, _MOST_VALUES + 1):
        for decimals in itertools.product((0, 1, 2, 3), repeat=count):
            if all(_matches(each, decimals) for each in values):
                return decimals
    return ()


def _pattern(decimals: Sequence[int]) -> str:
    whole = r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}|0)"
    return "".join(f"({whole}" + (rf"\.\d{{{number}}})" if number else ")") for number in decimals)


def _matches(values: str, decimals: Sequence[int]) -> bool:
    if len(decimals) == 1:
        return re.fullmatch(r"-?[\d,]+(?:\.\d+)?", values) is not None
    return re.fullmatch(_pattern(decimals), values) is not None


def _split(values: str, offset: int, decimals: Sequence[int]) -> Iterator[tuple[int, int]]:
    match = re.fullmatch(_pattern(decimals), values) if len(decimals) > 1 else None
    if match is None:
        yield offset, offset + len(values)
        return
    for number in range(1, len(decimals) + 1):
        yield offset + match.start(number), offset + match.end(number)

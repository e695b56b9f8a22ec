"""The numbers of tables that are no figures, each with its verdict: hidden and struck cells, heads, names, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bulletins.records import Unprinted
from bulletins.tables.grid import UNREAD, Cell, Grid
from bulletins.text.numbers import Number

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def unprinted(grids: Iterable[Grid]) -> Iterator[Unprinted]:
    """The numbers of cells that are not to be read."""
    for grid in grids:
        for cell in grid.cells:
            if cell.unread:
                verdict = "unread" if cell.unread == "formula" else "furniture"
                numbers = [cell.text] if cell.unread == "formula" else _NUMBER.findall(cell.text)
                for number in numbers:
                    yield Unprinted(cell.start, number, verdict, UNREAD.get(cell.unread, cell.unread))


#: Role of a column, or part of a table, that holds no figures -> the verdict on numbers in it, and why.
_VERDICTS = {
    "head": ("name", "表头"),
    "stub": ("name", "表内名称"),
    "unit": ("name", "表内单位"),
    "code": ("identifier", "表内代码"),
    "rank": ("ordinal", "表内序号"),
    "score": ("ordinal", "评分"),
    "remark": ("name", "表内备注"),
    "value": ("unread", "单元格不是数值"),
}
_TOKEN = re.compile(r"[A-Z]{1,5}\d{3,}[A-Z\d]*|\d+(?:[,.]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def left_over(
    text: str, covered: Sequence[tuple[int, int]], taken: Iterable[Number], roles: Iterable[tuple[Cell, str]]
) -> Iterator[Number]:
    """A verdict on every number in the covered stretches that is not `taken`.

    Args:
        text: the normalised text.
        covered: the stretches, ascending.
        taken: the numbers that have a verdict.
        roles: cells that hold no figure, each with the role of its column, or `head`.
    """
    spans = sorted((number.start, number.end) for number in taken)
    cells = sorted((cell.start, cell.end, role) for cell, role in roles)
    at = near = 0
    for start, end in covered:
        for token in _TOKEN.finditer(text, start, end):
            while at < len(spans) and spans[at][1] <= token.start():
                at += 1
            if at < len(spans) and spans[at][0] < token.end():
                continue
            while near < len(cells) and cells[near][1] <= token.start():
                near += 1
            inside = near < len(cells) and cells[near][0] <= token.start()
            yield _judged(token, cells[near][2] if inside else "stub")


def _judged(token: re.Match[str], role: str) -> Number:
    verdict, reason = _VERDICTS[role]
    if token.group()[0].isalpha():
        verdict, reason = _VERDICTS["code"]
    elif _YEAR.fullmatch(token.group()) and verdict in ("name", "unread"):
        verdict, reason = "date", "表内年份"
    return Number(token.start(), token.end(), verdict, reason)

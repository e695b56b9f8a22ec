"""What a person is to see of a table that was read: its cells, the role of each, and what their words state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bulletins.tables.choices import UNIT_OF_NOUN
from bulletins.tables.facts import Facts
from bulletins.tables.grid import Cell, Grid
from bulletins.text.normalise import Normalised


class ShownCell(NamedTuple):
    """A cell as it is drawn.

    Attributes:
        row, column, rows, columns: its place and what it covers, as in `Cell`.
        text: what is printed in it, or what it holds unprinted.
        role: `head`, `stub`, `unit`, `code`, `rank`, `score`, `remark`, `value` or `unread`.
        facts: what its words state, each as a name and a value.
        span: where it stands in the page's text as it is printed.
    """

    row: int
    column: int
    rows: int
    columns: int
    text: str
    role: str
    facts: tuple[tuple[str, str], ...]
    span: tuple[int, int]


class ShownTable(NamedTuple):
    """A grid as it is drawn.

    Attributes:
        captions: the words around it that speak of it, the nearest last.
        cells: in reading order.
    """

    captions: tuple[str, ...]
    cells: tuple[ShownCell, ...]


def shown(
    page: Normalised,
    grid: Grid,
    captions: Iterable[str],
    roles: Iterable[tuple[Cell, str]],
    facts: Callable[[str], Facts],
) -> ShownTable:
    """A grid that was read, for those who look at it.

    Args:
        page: the page's text, in which the cells have their offsets.
        grid: the grid.
        captions: the words around it, the nearest last.
        roles: its cells with their roles; others are notes, or were not to be read.
        facts: parses the words of a cell.
    """
    by_place = {(cell.row, cell.column): role for cell, role in roles}
    cells = []
    for cell in grid.cells:
        role = "unread" if cell.unread else by_place.get((cell.row, cell.column), "remark")
        stated = tuple(_told(facts(cell.text))) if role in ("head", "stub") else ()
        span = page.span(cell.start, cell.end)
        cells.append(ShownCell(cell.row, cell.column, cell.rows, cell.columns, cell.text, role, stated, span))
    return ShownTable((*captions, *grid.path), tuple(cells))


_WHOSE = {"home": "本地", "place": "地区", "town": "地区", "core": "本级", "at_large": "上级"}
_AREAS = {"urban": "城市", "rural": "农村", "districts": "市辖区", "counties": "县(市)", "all": "城乡"}


def _told(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.kind in _WHOSE:
        yield _WHOSE[facts.kind], facts.place
    if facts.area:
        yield "范围", _AREAS[facts.area]
    if facts.units:
        yield "单位", "、".join(unit.words for unit in facts.units)
    elif facts.implied and facts.implied != "money" and not facts.kind:
        yield "单位", f"由名词知：{UNIT_OF_NOUN[facts.implied].words}"
    for said, name in (
        (facts.target, "计划"),
        (bool(facts.growth), "增减"),
        (facts.share, "比率"),
        (facts.part, "部分"),
    ):
        if said:
            yield "性质", name

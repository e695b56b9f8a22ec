"""Lists in running text whose unit is said once, before them → grids.

`养老床位(张):宣州区6210;广德市4023。全市合计10233`, `数据(低保/特困,人):滨城区5210/1342,沾化区7388/1590`, a heading
`农村低保标准(元/人·年)` over lines `兴义市 5904`, names and values a cell a line, and rows whose values have their names run into them.
A list goes on as long as name and bare value alternate; the first word that fits neither ends it, and is left to the reader of prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletins.tables.grid import Cell, Grid
from bulletins.tables.units import Units

_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[万亿]?"
#: A bracket that may hold a unit, and behind it the colon or the line end that the list follows.
_LEAD = re.compile(r"\((?P<inside>[^()\n]{1,24})\)(?:如下|分别为|为|是)?(?::[ \n]{0,3}|[ ]*\n)\s*")
_BEGIN = re.compile(r"[^\n。;!?]{0,60}$")
_NAME = re.compile(r"[A-Za-z\u4e00-\u9fff](?:[\u4e00-\u9fff()·]{0,14}[\u4e00-\u9fff)])?")
_TO_VALUE = re.compile(r"[ :|\t]*(?:\n[ \t]*)?")
_VALUE = re.compile(rf"(?:{_NUMBER}|[-—]{{1,2}})(?=[;,、。/|\s]|$)(?![、.](?=[\u4e00-\u9fff]{{2}}[^\d]*[,。]))")
_TO_NEXT_VALUE = re.compile(r" ?[/|、] ?|[ \t]+|\n[ \t]*(?!\d{1,2}[、.](?!\d))")
_TO_NEXT_NAME = re.compile(r"[ \t]*[;,、。|]?\s*")
#: Words before a number that is of another sort than the rest of a list: shares, growth, dates.
_OF_ITS_OWN = re.compile(r"占|率|比|增|减|降|升|第|[年月日至达到]$")
_PLACE = re.compile(r"(?:[区县市镇乡旗州盟场]|街道|社区|合计|总计|小计)$")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_LABELS = re.compile(r"[/、]")
_COLUMNS = re.compile(r"[|\t]| {2}")
_STOP = re.compile(r"[,。;!?:]")
_LONGEST_HEAD = 24  # code points


class _Row(NamedTuple):
    """A name and its values."""

    name: Cell
    values: list[Cell]


class Lists:
    """Finds such lists; made once from the catalogue's units."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def find(self, text: str, covered: Sequence[tuple[int, int]] = ()) -> Iterator[Grid]:
        """Yield the lists of `text` outside the spans `covered`, in order; each with its lead as title or head."""
        reached = 0
        for lead in _LEAD.finditer(text):
            if lead.start() < reached or any(start < lead.end() and lead.start() < end for start, end in covered):
                continue
            for grid in self._after(text, lead):
                if not any(start < grid.end and grid.start < end for start, end in covered):
                    yield grid
                    reached = grid.end

    def _after(self, text: str, lead: re.Match[str]) -> Iterator[Grid]:
        inside = lead["inside"]
        units = self._units.stated_in(f"({inside})") or self._units.stated_in(inside)
        if not units:
            return
        rows = list(_rows(text, lead.end(), shares=any(unit.name == "percent" for unit in units)))
        if len(rows) < 2 or any(_YEAR.fullmatch(cell.text) for cell in rows[0].values):
            return  # its first row would be taken for a head of years
        begin = lead.start() - len(_begin(text, lead.start()))
        title = _cell(text, begin, lead.end("inside") + 1)
        if _COLUMNS.search(title.text):
            return  # the head of a table
        heads = _heads(text, lead, title, rows[0], len(units))
        if heads is None:
            return
        for part in _alike(rows):
            yield _grid([] if title in heads else [title], heads, part)


def _heads(text: str, lead: re.Match[str], title: Cell, row: _Row, units: int) -> list[Cell] | None:
    """The heads of the columns: labels in the bracket, or the lines above it; None where nothing tells the columns apart."""
    width = len(row.values)
    if width == 1:
        return []
    labels, _, _ = lead["inside"].rpartition(",")
    names = _LABELS.split(labels) if labels else []
    if len(names) == width:
        at, heads = lead.start("inside"), []
        for name in names:
            heads.append(_cell(text, at, at + len(name)))
            at += len(name) + 1
        return heads
    if units == width:
        return []
    return _lines_above(text, title, width) if "\n" in text[row.name.end : row.values[0].start] else None


def _lines_above(text: str, last: Cell, width: int) -> list[Cell] | None:
    """As many short lines as there are columns, `last` the lowest: the heads of a table that lost its separators."""
    heads = [last]
    while len(heads) < width:
        end = heads[0].start - 1
        begin = text.rfind("\n", 0, max(0, end)) + 1
        line = text[begin:end].strip() if end > 0 else ""
        if not line or len(line) > _LONGEST_HEAD or _STOP.search(line):
            return None
        at = text.index(line, begin)
        heads.insert(0, _cell(text, at, at + len(line)))
    return heads


def _begin(text: str, end: int) -> str:
    found = _BEGIN.search(text, max(0, end - 60), end)
    return found.group().lstrip() if found else ""


def _rows(text: str, at: int, *, shares: bool) -> Iterator[_Row]:
    """Names and values in turn, as many values each time as the first time."""
    width = 0
    while (name := _NAME.match(text, at)) is not None:
        gap = _TO_VALUE.match(text, name.end())
        value = _VALUE.match(text, gap.end()) if gap else None
        if value is None or (not shares and _OF_ITS_OWN.search(name.group())):
            return
        values = [_cell(text, *value.span())]
        while len(values) != width and (gap := _TO_NEXT_VALUE.match(text, value.end())):
            following = _VALUE.match(text, gap.end())
            if following is None:
                break
            value = following
            values.append(_cell(text, *value.span()))
        if width and len(values) != width:
            return
        width = len(values)
        yield _Row(_cell(text, *name.span()), values)
        gap = _TO_NEXT_NAME.match(text, value.end())
        at = gap.end() if gap else len(text)


def _alike(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """A list by place and, behind it, what is no place: `全市合计21617,护理型15348`."""
    places = [_PLACE.search(row.name.text) is not None for row in rows]
    stop = len(rows)
    while stop and not places[stop - 1]:
        stop -= 1
    if stop * 2 < len(rows):
        yield list(rows)
        return
    yield list(rows[:stop])
    if stop < len(rows):
        yield list(rows[stop:])


def _cell(text: str, start: int, end: int) -> Cell:
    return Cell(text[start:end], start=start, end=end)


def _grid(titles: Sequence[Cell], heads: Sequence[Cell], rows: Sequence[_Row]) -> Grid:
    laid: list[list[Cell | None]] = [[title] for title in titles]
    if heads:
        laid.append([None, *heads])
    laid += [[row.name, *row.values] for row in rows]
    cells = tuple(
        Cell(cell.text, row=number, column=column, start=cell.start, end=cell.end)
        for number, row in enumerate(laid)
        for column, cell in enumerate(row)
        if cell is not None
    )
    return Grid(cells, start=rows[0].name.start, end=rows[-1].values[-1].end)

"""Where are the tables of a page, which lines around speak of them, and what of them is left to the reader of prose?

Tables that travel beside the text are taken as they are; others are found in the text. From here on all offsets are those of the
normalised text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from bulletins.tables.figures import content_of
from bulletins.tables.from_text import TextTables
from bulletins.tables.grid import Cell, Grid
from bulletins.tables.lists import Lists
from bulletins.tables.split import Table, tables_of
from bulletins.tables.units import Units
from bulletins.text.normalise import Normalised

Stretch = tuple[int, int]

_CAPTION = re.compile(
    r"^\s*(?:附?表\s?[\d一二三四五六七八九十]|附[件表录]\s?\d*|续表|[\d一二三四五六七八九十]+-\d+\s)|(?:计量)?单位\s?[::]|(?:情况|统计|一览|明细|汇总|公示|月报|季报|年报|数据|指标|信息|名单|快报|对比|分析|基本|测算|评价|绩效|自评)表?(?:\s*[((][^()]*[))])*\s*$|表\s*$"
)
_SENTENCE = re.compile(r"[。;!?]|[,，].*[,，]")
_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]+[部章节]|\d{1,2}[、.](?!\d))"
)
_OF_THE_SITE = re.compile(
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|(?:发布|发文|来源|作者|编辑|时间|日期|浏览|点击|字号|填报|制表|报送)\S{0,4}\s?[::]"
)
#: What a paragraph ends with before a table: `…。各乡镇低保情况如下(户、人):`
_LAST_SENTENCE = re.compile(r"(?<=[。;!?])[^。;!?]{4,60}$")
_LONGEST_CAPTION = 60  # code points
_LONGEST_BREAK = 120  # code points between the parts of a table on two pages
_MOST_LINES = 4
_HEADING_WITHIN = 40  # lines
_PROSE_CELL = 12  # code points: a longer cell of words with digits in it is read as prose


@dataclass(frozen=True, slots=True)
class Found:
    """One grid of a page.

    Attributes:
        grid: the grid, offsets in the normalised text; `above` and `below` are set.
        tables: the tables in it.
        captions: the words around it that speak of it, the nearest last; the page's title is not among them.
        covered: the stretches of the text that the reader of prose leaves alone, ascending.
    """

    grid: Grid
    tables: list[Table]
    captions: tuple[str, ...]
    covered: tuple[Stretch, ...]


class Finder:
    """Finds the tables of pages; made once from the catalogue's units."""

    def __init__(self, units: Units) -> None:
        self._in_text, self._lists, self._units = TextTables(units), Lists(units), units

    def find(self, page: Normalised, grids: Sequence[Grid], furniture: Sequence[Stretch] = ()) -> list[Found]:
        """The tables of a page in the order of its text; those without a figure are left to the reader of prose.

        Args:
            page: the page's text.
            grids: tables that travel beside it, with offsets in what is printed.
            furniture: the stretches that belong to the web site; they speak of no table.
        """
        frame = {start for start, _ in furniture}
        stored = [_placed(grid, page) for grid in grids if grid.end > grid.start]
        spans = [(grid.start, grid.end) for grid in stored]
        lists = list(self._lists.find(page.text, spans))
        spans = sorted([*spans, *((grid.start, grid.end) for grid in lists)])
        every = sorted([*stored, *lists, *self._in_text.find(page.text, spans)], key=lambda grid: grid.start)
        found: list[Found] = []
        floor = 0
        for grid in every:
            tables = tables_of(grid, self._units)
            between = page.text[floor : grid.start]
            if found and _goes_on(tables[:1], found[-1].tables[-1:], between):
                tables[0].heads = found[-1].tables[-1].heads
            if any(
                content_of(cell.text).kind == "figures"
                for table in tables
                for row in table.body
                for cell in row
                if cell
            ):
                above = _above(page.text, grid.start, floor, frame)
                continues = bool(found) and tables[0].heads is found[-1].tables[-1].heads
                inherited = found[-1].captions if continues or (found and not above and not between.strip()) else ()
                captions = (*inherited, *(page.text[slice(*line)].strip() for line in above))
                covered = (
                    *(line for line in above if _is_caption(page.text[slice(*line)])),
                    *_covered(page.text, grid, tables),
                )
                found.append(Found(grid, tables, captions, tuple(sorted(covered))))
            floor = grid.end
        return found


def _goes_on(tables: Sequence[Table], before: Sequence[Table], between: str) -> bool:
    """Whether a table without a head of its own continues the one before, over a page's number and running head."""
    if not tables or not before or len(between) > _LONGEST_BREAK or _SENTENCE.search(between):
        return False
    table, last = tables[0], before[0]
    return bool(table.body and last.heads) and not table.heads and table.width == last.width and not table.titles


def _placed(grid: Grid, page: Normalised) -> Grid:
    """A grid of the printed text in the normalised one."""
    cells = []
    for cell in grid.cells:
        start, end = page.place(cell.start), page.place(cell.end)
        text = cell.text if cell.unread else page.text[start:end]
        cells.append(replace(cell, start=start, end=end, text=text))
    path = tuple(grid.path)
    return replace(grid, cells=tuple(cells), start=page.place(grid.start), end=page.place(grid.end), path=path)


def _above(text: str, start: int, floor: int, frame: Set[int]) -> list[Stretch]:
    """The lines above a table that speak of it: short ones right before it, and the nearest heading."""
    lines: list[Stretch] = []
    end = start - 1
    passed = 0
    near = True
    while end > floor and passed < _HEADING_WITHIN:
        begin = max(text.rfind("\n", 0, end) + 1, floor)
        line = text[begin:end].strip()
        passed += bool(line)
        if begin in frame or _OF_THE_SITE.search(line):
            end = begin - 1
            continue
        if near and not lines and line.endswith(":") and (lead := _LAST_SENTENCE.search(line)):
            lines.append((begin + text[begin:end].index(line) + lead.start(), end))
            near, end = False, begin - 1
            continue
        short = bool(line) and len(line) <= _LONGEST_CAPTION and not _SENTENCE.search(line)
        if line and near and (not short or len(lines) >= _MOST_LINES):
            near = False
        if short and (near or _HEADING.match(line)):
            lines.append((begin, end))
            if not near:
                break
        end = begin - 1
    return lines[::-1]


def _is_caption(line: str) -> bool:
    return _CAPTION.search(line) is not None and not re.search(r"\d+(?:\.\d+)?[万亿]?(?:人|户|元|%|张|对)", line)


def _covered(text: str, grid: Grid, tables: Sequence[Table]) -> Iterator[Stretch]:
    """The lines of a grid, without notes and cells that hold sentences."""
    prose = {
        (cell.start, cell.end) for table in tables for cell in (*table.notes, *table.titles) if _reads_as_prose(cell, 0)
    }
    prose |= {
        (cell.start, cell.end)
        for table in tables
        for row in table.body
        for cell in row[1:]
        if cell and _reads_as_prose(cell, _PROSE_CELL)
    }
    starts = sorted(prose)
    position = grid.start
    while position < grid.end:
        end = text.find("\n", position, grid.end)
        end = grid.end if end < 0 else end
        at = position
        for first, last in starts[bisect_right(starts, (position, -1)) :]:
            if first >= end:
                break
            yield at, first
            at = last
        if at < end:
            yield at, end
        position = end + 1


def _reads_as_prose(cell: Cell, shortest: int) -> bool:
    if not re.search(r"\d", cell.text) or len(cell.text) < shortest or content_of(cell.text).kind != "words":
        return False
    return len(cell.text) > _LONGEST_CAPTION or (
        bool(re.search(r"[,。;，；]|\d[万亿]?(?:人|户|元|%|张|对|个|件|次)", cell.text))
        and not _CAPTION.search(cell.text)
    )

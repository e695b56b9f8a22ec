"""What a table is, whatever file it came in: cells in rows and columns, each with the place in the page's text where it is printed.

Every front end (HTML, spreadsheets, DOCX, PDF, OFD, text) makes a `Grid`; `write` prints grids and lines as the text of a page
and sets the offsets; `dumps` and `loads` carry grids beside that text. What rows and columns mean is not here.

    blocks = ["2023年民政统计", Grid.laid_out([[Cell("指标"), Cell("数量")], [Cell("孤儿"), Cell("312", value=312.0)]])]
    text, grids = write(blocks)
    text.split("\\n")        # ['2023年民政统计', '| 指标 | 数量 |', '| --- | --- |', '| 孤儿 | 312 |']
    loads(dumps(grids), text) == grids
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

_MAX_SPAN = 1000  # what HTML allows for colspan; a larger one is a slip of the pen
_MAX_REPEATS = 400

#: Why a cell is no figure, though it holds digits: values of `Cell.unread`.
UNREAD = {
    "hidden": "表内隐藏",  # hidden row, column, sheet, `display:none`, vanished text
    "struck": "表内删除线",  # struck out
    "formula": "公式没有缓存值",  # the file stores no result; `text` is the formula
}


class Line(NamedTuple):
    """A line of the page around a table: where it stands in the page's text, and what it says."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, at the row and column of its upper left corner.

    A front end states `text` and what its format knows; `Grid.laid_out` sets `row` and `column`, `write` sets `start` and `end`.

    Attributes:
        text: what a person sees, in one line, by the cell's number format: `45.2%`, `1,234.5`; without raised notes. A `\\n`
            parts paragraphs of one cell (it is printed as a blank): `孤儿\\n养老机构`. A number that is only broken by the
            width of its cell (`1,234,` over `567.8`) is joined by the front end.
        rows, columns: how many it covers, at least 1. 0 rows are all to the end of the table, as in HTML.
        head: whether the format itself calls it a head (`<th>`, the header row of a DOCX).
        unread: empty, or a key of `UNREAD`: its digits are no figure, its text is not printed, each number has a ledger row.
        notes: raised marks on it (`1`, `①`), in order; printed behind its text as `[1]`.
        value: the number that the file stores, for spreadsheets; None where there is only text. What is printed rules: the
            value tells a rounded display from an exact one.
        format: the number format of the file (`0.0"%"`, `#,##0,`), empty for General and where there is none.
        row, column: from 0.
        start, end: span of `text` in the page's text, in code points. A cell that is not printed (`unread`, empty) has an
            empty span where it would stand.
    """

    text: str = ""
    rows: int = 1
    columns: int = 1
    head: bool = False
    unread: str = ""
    notes: tuple[str, ...] = ()
    value: float | None = None
    format: str = ""
    row: int = 0
    column: int = 0
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: cells in reading order; a place that no cell covers is empty.

    Attributes:
        cells: sorted by row, then column; those that are to be read do not overlap.
        path: names that the file itself gives it, outermost first: the sheet's name, a caption. They need not stand in the text.
        start, end: span of its lines in the page's text.
        above, below: lines of the page around it that speak of it (captions, headings; notes), nearest last in `above`, first
            in `below`. The reader finds them in the page's text; a front end leaves them empty.
    """

    cells: tuple[Cell, ...]
    path: tuple[str, ...] = ()
    start: int = -1
    end: int = -1
    above: tuple[Line, ...] = field(default=())
    below: tuple[Line, ...] = field(default=())

    @classmethod
    def laid_out(cls, rows: Iterable[Sequence[Cell]], path: Sequence[str] = ()) -> Grid:
        """A grid of rows from top to bottom, each with the cells that begin in it, from left to right, as in HTML.

        A place that is covered by a cell from the left or from above is not listed; an empty place before a filled one is
        listed as `Cell()`. White space is brought to single blanks, `\\n` kept. Empty cells are left out of `cells`.
        """
        listed = list(rows)
        cells: list[Cell] = []
        free_from: dict[int, int] = {}  # column -> first row that no cell from above covers
        for row, line in enumerate(listed):
            column = 0
            for cell in line:
                while free_from.get(column, 0) > row:
                    column += 1
                height = max(1, min(cell.rows or len(listed), len(listed) - row))
                breadth = max(1, min(cell.columns, _MAX_SPAN))
                text = "\n".join(filter(None, (" ".join(part.split()) for part in cell.text.split("\n"))))
                if text or cell.unread:
                    cells.append(replace(cell, text=text, rows=height, columns=breadth, row=row, column=column))
                for covered in range(column, column + breadth):
                    free_from[covered] = row + height
                column += breadth
        return cls(tuple(cells), tuple(path))

    @property
    def height(self) -> int:
        """How many rows the cells reach over."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        """How many columns the cells reach over."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)

    def moved(self, by: int) -> Grid:
        """The same grid where its page's text stands `by` code points further on in another."""
        cells = tuple(replace(cell, start=cell.start + by, end=cell.end + by) for cell in self.cells)
        return replace(self, cells=cells, start=self.start + by, end=self.end + by)


def write(blocks: Iterable[str | Grid]) -> tuple[str, tuple[Grid, ...]]:
    """The text of a page, one line a block and one a row of a grid, and its grids with the offsets of their cells.

    A grid is printed as rows of pipes. Rows of a single cell above the first and below the last full row are plain lines.
    The words of a merged cell stand in every place that it covers, so that a row can be read by itself; a merged value
    stands once, so that it is not counted twice (its offsets are those of the first). A row of dashes closes the head.
    Empty rows and columns and cells that are `unread` are left out. Blocks without anything to print leave no line.
    """
    pieces: list[str] = []
    grids: list[Grid] = []
    length = 0

    def add(line: str) -> None:
        nonlocal length
        pieces.append(line)
        length += len(line) + 1

    for block in blocks:
        if isinstance(block, str):
            if block:
                add(block)
            continue
        start = length
        spans: _Spans = {}
        last = length
        for line, at in _printed(block):
            for place, (begin, end) in at.items():
                spans.setdefault(place, (length + begin, length + end))
            add(line)
        cells = []
        for cell in block.cells:
            begin, end = (last, last) if cell.unread else spans.get((cell.row, cell.column), (last, last))
            cells.append(replace(cell, start=begin, end=end))
            last = end
        grids.append(replace(block, cells=tuple(cells), start=start, end=max(start, length - 1)))
    return "\n".join(pieces), tuple(grids)


#: Row and column of a cell -> span of its text within a line.
_Spans = dict[tuple[int, int], tuple[int, int]]

#: Digits that name a period, an order or an age band and may therefore be repeated like any other word of a head.
_NAMING_DIGITS = re.compile(
    r"(?:19|20)\d\d\s*年(?:度)?|\d{1,2}\s*[-—~至]?\s*\d{0,2}\s*月|\d\s*季度|第\s*\d+|\d+\s*(?:周?岁|级|类)|^[(（]?\d+[)）、.．]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[-+－＋]?\d[\d,，. ]*\s*(?:%|％|‰|[^\d\s]{0,4})")


def _printed(grid: Grid) -> list[tuple[str, _Spans]]:
    """The lines of a grid, each with the spans of the cells in it."""
    cells = {(cell.row, cell.column): cell for cell in grid.cells if cell.text and not cell.unread}
    columns = sorted({column for _, column in cells})
    width = max((column + cell.columns for (_, column), cell in cells.items()), default=0)
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in cells.items():
        rows.setdefault(row, {})[column] = cell
    wide = {row for (row, column), cell in cells.items() if len(rows[row]) == 1 and column + cell.columns >= width > 1}
    head_rows = _head_rows({row: line for row, line in rows.items() if row not in wide})
    for (row, column), cell in cells.items():
        if row not in wide and _repeats(cell, in_head=row in head_rows, first=column == columns[0]):
            for covered_row in rows.keys() & range(row, row + cell.rows):
                rows[covered_row].update(dict.fromkeys(range(column, column + cell.columns), cell))
    full = [row for row in sorted(rows) if len(rows[row].keys() & columns) > 1]
    lines: list[tuple[str, _Spans]] = []
    for row in sorted(rows):
        if not full or not full[0] <= row <= full[-1]:
            lines.append(_line(rows[row].values(), before="", between=" ", after=""))
            continue
        lines.append(_line([rows[row].get(column) for column in columns], before="|", between=" |", after=" |"))
        if head_rows and row == max(head_rows & set(full), default=None):
            lines.append(("|" + " --- |" * len(columns), {}))
    return lines


def _line(cells: Iterable[Cell | None], *, before: str, between: str, after: str) -> tuple[str, _Spans]:
    line = before
    spans: _Spans = {}
    for number, cell in enumerate(cells):
        line += between if number else ""
        if cell is None:
            continue
        line += " " if before else ""
        # A pipe or a break within a cell would end it; both are one character, so that offsets stay.
        text = cell.text.replace("|", "/").replace("\n", " ")
        spans.setdefault((cell.row, cell.column), (len(line), len(line) + len(text)))
        line += text + "".join(f"[{note}]" for note in cell.notes)
    return line + after, spans


def _head_rows(rows: dict[int, dict[int, Cell]]) -> set[int]:
    """Which rows stand above the first one with a value; without any value, the marked or merged ones."""
    first_value = next((row for row in sorted(rows) if _holds_value(rows[row])), None)
    if first_value is not None:
        return {row for row in rows if row < first_value}
    marked = {row for row, line in rows.items() if all(cell.head for cell in line.values())}
    first = min(rows, default=0)
    deepest = max((cell.rows for cell in rows.get(first, {}).values()), default=1)
    merged = {row for row in rows if row < first + deepest}
    return marked or (merged if len(merged) < len(rows) else set())


def _holds_value(line: dict[int, Cell]) -> bool:
    """Whether a row has a value: not a year in a head, not the row that numbers the columns (`甲 乙 1 2 3`)."""
    values = [cell.text for column, cell in line.items() if column and not cell.head and _VALUE.fullmatch(cell.text)]
    numbers = [text for text in values if not _YEAR.fullmatch(text) and not _NAMING_DIGITS.fullmatch(text)]
    counted = [cell.text for cell in line.values() if cell.text not in ("甲", "乙", "丙", "丁", "栏次", "序号")]
    consecutive = len(counted) > 1 and counted == [str(number) for number in range(1, len(counted) + 1)]
    return bool(numbers) and not consecutive


def _repeats(cell: Cell, *, in_head: bool, first: bool) -> bool:
    """Whether a merged cell's text stands in every place that it covers: words do, values do not."""
    if cell.rows == cell.columns == 1 or cell.rows * cell.columns > _MAX_REPEATS:
        return False
    if in_head or cell.head:
        return True
    if first and _YEAR.fullmatch(cell.text):
        return True
    return not re.search(r"\d", _NAMING_DIGITS.sub("", cell.text))


# --- Beside the text --------------------------------------------------------------------------------------------------

_DEFAULT = Cell()
#: Fields of a cell that are rarely stated, by the letter that they are stored under.
_RARE = {"h": "head", "u": "unread", "n": "notes", "v": "value", "f": "format", "x": "text"}


def dumps(grids: Iterable[Grid]) -> str:
    """Grids as compact JSON, for the column `grids` of a page; empty for none. What is printed is not stored again."""
    stored = [
        {"path": grid.path, "span": (grid.start, grid.end), "cells": [*map(_stored, grid.cells)]} for grid in grids
    ]
    return json.dumps(stored, ensure_ascii=False, separators=(",", ":")) if stored else ""


def _stored(cell: Cell) -> list[Any]:
    rare = {
        letter: value
        for letter, name in _RARE.items()
        if (value := getattr(cell, name)) != getattr(_DEFAULT, name) and (name != "text" or _is_kept(cell))
    }
    stored: list[Any] = [cell.row, cell.column, cell.start, cell.end - cell.start]
    if rare or cell.rows > 1 or cell.columns > 1:
        stored += [cell.rows, cell.columns]
    return [*stored, rare] if rare else stored


def _is_kept(cell: Cell) -> bool:
    """Whether the text of a cell is stored with it: it is not printed, or otherwise than it is."""
    return cell.end - cell.start != len(cell.text) or "\n" in cell.text or "|" in cell.text


def loads(stored: str, text: str) -> tuple[Grid, ...]:
    """The grids that `dumps` stored beside the text of a page.

    Raises:
        ValueError: `stored` is no such JSON.
    """
    if not stored:
        return ()
    try:
        return tuple(
            Grid(tuple(_loaded(cell, text) for cell in grid["cells"]), tuple(grid["path"]), *grid["span"])
            for grid in json.loads(stored)
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(
            f"the grids of a page are damaged: {error!r}; read the page from its snapshot again"
        ) from error


def _loaded(stored: Sequence[Any], text: str) -> Cell:
    row, column, start, length, *more = stored
    rare: dict[str, Any] = more[2] if len(more) > 2 else {}
    stated: dict[str, Any] = {_RARE[letter]: value for letter, value in rare.items()}
    stated["notes"] = tuple(stated.get("notes", ()))
    stated.setdefault("text", text[start : start + length])
    rows, columns = more[:2] if more else (1, 1)
    return Cell(rows=rows, columns=columns, row=row, column=column, start=start, end=start + length, **stated)

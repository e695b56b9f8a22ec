"""Tables as text: a grid of cells becomes pipe rows, whatever file it came from.

Here belongs how merged cells, heads and empty rows are written down; not how a file format is opened (`page.py`,
`attachments.py`) and not what a row means (the reader).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Digits that name a period, an order or an age band and may therefore be repeated like any other word of a head.
_NAMING_DIGITS = re.compile(
    r"(?:19|20)\d\d\s*年(?:度)?|\d{1,2}\s*[-—~至]?\s*\d{0,2}\s*月|\d\s*季度|第\s*\d+|\d+\s*(?:周?岁|级|类)|^[(（]?\d+[)）、.．]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[-+－＋]?\d[\d,，. ]*\s*(?:%|％|‰|[^\d\s]{0,4})")
_MAX_SPAN = 1000  # what HTML allows for colspan; a larger one is a slip of the pen


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and how many rows and columns it covers; `head` is what the format itself says (`<th>`)."""

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False


def pipe_rows(table: Iterable[Sequence[Cell]]) -> list[str]:
    """Return the table as lines: `| a | b |`, and plain lines for what spans the whole width above or below it.

    The words of a merged cell stand in every place that it covers, so that each row can be read by itself; a merged
    value stands once, so that it is not counted twice. A row that is one cell over the whole width is a heading: above
    the first and below the last real row it is a plain line, between them its text stands in the first column. Rows of
    dashes (`| --- | --- |`) close the head. Empty rows and columns are left out.

    Args:
        table: the rows from top to bottom with the cells that begin in them, as in HTML: a place that is covered by a
            cell from the left or from above is not listed.
    """
    cells = _place(table)
    if not cells:
        return []
    columns = sorted({column for (_, column), cell in cells.items() if cell.text})
    width = max(column + cell.columns for (_, column), cell in cells.items())
    rows: dict[int, dict[int, str]] = {row: {} for (row, _), cell in cells.items() if cell.text}
    titles = {row for (row, column), cell in cells.items() if cell.text and column == 0 and cell.columns >= width > 1}
    titles -= {row for (row, column), cell in cells.items() if cell.text and column > 0}
    head_rows = _head_rows(cells, rows, titles)
    for (row, column), cell in cells.items():
        if not cell.text:
            continue
        rows[row][column] = cell.text
        if row not in titles and _repeats(cell, in_head=row in head_rows, first=column == columns[0]):
            for covered_row in range(row, row + cell.rows):
                for covered_column in range(column, column + cell.columns):
                    if covered_row in rows and covered_column in columns:
                        rows[covered_row][covered_column] = cell.text
    body = [row for row in sorted(rows) if row not in titles]
    if len(columns) == 1 or not body:
        return [" ".join(rows[row].values()) for row in sorted(rows)]
    lines = []
    for row in sorted(rows):
        if row in titles and not body[0] < row < body[-1]:
            lines.append(rows[row][0])
            continue
        texts = (rows[row].get(column, "").replace("|", "｜") for column in columns)
        lines.append("|" + "".join(f" {text} |" if text else " |" for text in texts))
        if head_rows and row == max(head_rows):
            lines.append("|" + " --- |" * len(columns))
    return lines


def _place(table: Iterable[Sequence[Cell]]) -> dict[tuple[int, int], Cell]:
    """Return every cell under the (row, column) that its upper left corner falls on."""
    listed = list(table)
    placed: dict[tuple[int, int], Cell] = {}
    free_from: dict[int, int] = {}  # column -> first row that no cell from above covers
    for row, line in enumerate(listed):
        column = 0
        for cell in line:
            while free_from.get(column, 0) > row:
                column += 1
            height = max(1, min(cell.rows or len(listed), len(listed) - row))
            breadth = max(1, min(cell.columns, _MAX_SPAN))
            placed[row, column] = Cell(" ".join(cell.text.split()), height, breadth, cell.head)
            for covered in range(column, column + breadth):
                free_from[covered] = row + height
            column += breadth
    return placed


def _head_rows(cells: dict[tuple[int, int], Cell], rows: Iterable[int], titles: set[int]) -> set[int]:
    """Return the rows above the first row that holds a value; without any value, the marked or merged first ones."""
    by_row: dict[int, list[tuple[int, Cell]]] = {row: [] for row in rows if row not in titles}
    for (row, column), cell in cells.items():
        if row in by_row and cell.text:
            by_row[row].append((column, cell))
    first_value = next((row for row in sorted(by_row) if _holds_value(by_row[row])), None)
    if first_value is not None:
        return {row for row in by_row if row < first_value}
    marked = {row for row, line in by_row.items() if all(cell.head for _, cell in line)}
    first = min(by_row, default=0)
    deepest = max((cell.rows for _, cell in by_row.get(first, [])), default=1)
    merged = {row for row in by_row if row < first + deepest}
    return marked or (merged if len(merged) < len(by_row) else set())


def _holds_value(line: list[tuple[int, Cell]]) -> bool:
    """Tell whether a row has a value: not a year in a head, not the row that numbers the columns (`甲 乙 1 2 3`)."""
    values = [cell.text for column, cell in line if column > 0 and not cell.head and _VALUE.fullmatch(cell.text)]
    numbers = [text for text in values if not _YEAR.fullmatch(text) and not _NAMING_DIGITS.fullmatch(text)]
    counted = [cell.text for _, cell in line if cell.text not in ("甲", "乙", "丙", "丁", "栏次", "序号")]
    consecutive = len(counted) > 1 and counted == [str(number) for number in range(1, len(counted) + 1)]
    return bool(numbers) and not consecutive


def _repeats(cell: Cell, *, in_head: bool, first: bool) -> bool:
    """Tell whether a merged cell's text stands in every place that it covers: words do, values do not."""
    if cell.rows == cell.columns == 1:
        return False
    if in_head or cell.head:
        return True
    if first and _YEAR.fullmatch(cell.text):
        return True
    return not re.search(r"\d", _NAMING_DIGITS.sub("", cell.text))

"""Tables as text: a grid of cells becomes pipe rows, whatever file it came from.

Here belongs how merged cells, heads and empty rows are written down; not how a file format is opened (`page.py`,
`attachments.py`) and not what a row means (the reader).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

#: Digits that name a period, an order or an age band and may therefore be repeated like any other word of a head.
_NAMING_DIGITS = re.compile(
    r"(?:19|20)\d\d\s*年(?:度)?|\d{1,2}\s*[-—~至]?\s*\d{0,2}\s*月|\d\s*季度|第\s*\d+|\d+\s*(?:周?岁|级|类)|^[(（]?\d+[)）、.．]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[-+－＋]?\d[\d,，. ]*\s*(?:%|％|‰|[^\d\s]{0,4})")
_MAX_SPAN = 1000  # what HTML allows for colspan; a larger one is a slip of the pen
_MAX_REPEATS = 400
_LAYOUT_CELL = 300  # code points: longer cells that outweigh the rest of their table hold an article, not a value
_LAYOUT_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell and how many rows and columns it covers; `head` is what the format itself says (`<th>`)."""

    text: str
    rows: int = 1
    columns: int = 1
    head: bool = False


def is_layout(table: Iterable[Sequence[Cell]]) -> bool:
    """Tell whether a table only arranges a page: one row or column, or one cell that holds the article."""
    rows = [[len(cell.text) for cell in row] for row in table]
    longest, total = max(map(max, filter(None, rows)), default=0), sum(map(sum, rows))
    if len(rows) < 2 or max(map(len, rows)) < 2 or not total:
        return True
    return longest > _LAYOUT_CELL and longest > _LAYOUT_SHARE * total


def pipe_rows(table: Iterable[Sequence[Cell]]) -> list[str]:
    """Return the table as lines: `| a | b |`, and plain lines for titles above and notes below it.

    The words of a merged cell stand in every place that it covers, so that each row can be read by itself; a merged
    value stands once, so that it is not counted twice. A row with a single cell is a heading: above the first and below
    the last full row it is a plain line, between them its text stands in its own column only. A row of dashes
    (`| --- | --- |`) closes the head. Empty rows and columns are left out.

    Args:
        table: the rows from top to bottom with the cells that begin in them, as in HTML: a place that is covered by a
            cell from the left or from above is not listed.
    """
    cells = {place: cell for place, cell in _place(table).items() if cell.text}
    columns = sorted({column for _, column in cells})
    width = max((column + cell.columns for (_, column), cell in cells.items()), default=0)
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in cells.items():
        rows.setdefault(row, {})[column] = cell.text
    wide = {row for (row, column), cell in cells.items() if len(rows[row]) == 1 and column + cell.columns >= width > 1}
    head_rows = _head_rows(cells, rows.keys() - wide)
    for (row, column), cell in cells.items():
        if row not in wide and _repeats(cell, in_head=row in head_rows, first=column == columns[0]):
            for covered_row in rows.keys() & range(row, row + cell.rows):
                rows[covered_row].update(dict.fromkeys(range(column, column + cell.columns), cell.text))
    full = [row for row in sorted(rows) if len(rows[row].keys() & columns) > 1]
    lines = []
    for row in sorted(rows):
        if not full or not full[0] <= row <= full[-1]:
            lines.append(" ".join(rows[row].values()))
            continue
        texts = (rows[row].get(column, "").replace("|", "/") for column in columns)
        lines.append("|" + "".join(f" {text} |" if text else " |" for text in texts))
        if head_rows and row == max(head_rows & set(full), default=None):
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


def _head_rows(cells: dict[tuple[int, int], Cell], rows: Set[int]) -> set[int]:
    """Return which of `rows` stand above the first one with a value; without any value, the marked or merged ones."""
    by_row: dict[int, list[tuple[int, Cell]]] = {}
    for (row, column), cell in cells.items():
        if row in rows:
            by_row.setdefault(row, []).append((column, cell))
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
    if cell.rows == cell.columns == 1 or cell.rows * cell.columns > _MAX_REPEATS:
        return False
    if in_head or cell.head:
        return True
    if first and _YEAR.fullmatch(cell.text):
        return True
    return not re.search(r"\d", _NAMING_DIGITS.sub("", cell.text))

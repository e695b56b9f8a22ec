"""One grid → the tables in it: where one ends and the next begins, what heads it, and what continues one before.

Grids of spreadsheets and of text hold several tables: one under another with or without an empty row or a title between, or side by
side; and one table may repeat its head on every page. Here belongs the shape of rows and columns; what they mean is in `roles.py`.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bulletins.tables.figures import content_of
from bulletins.tables.grid import Cell, Grid
from bulletins.tables.pairs import pairs_of
from bulletins.tables.units import Units

Row = list[Cell | None]

_WIDEST = 400  # columns
_COUNTED = re.compile(r"[(\[]?(\d{1,3})[)\]]?")
_COUNTED_LETTERS = frozenset(("甲", "乙", "丙", "丁", "栏次", "序号", "A", "B", "—", "-"))
_CAPTION = re.compile(
    r"^(?:附?表\s?[\d一二三四五六七八九十]|附[件表录]|续表)|单位[::]|情况$|统计表|一览表|明细表|报表$|汇总表|月报|季报|年报"
)
_NOTE = re.compile(
    r"^\s*(?:[(\[]?注[)\]释]?\s?[::\d]|说明|备注\s?[::]|数据来源|资料来源|填表人|审核人?|制表|统计负责人|单位负责人|联系(?:人|电话)|[*※#]\s?(?:号|表示))"
)
_FORM_LINE = re.compile(
    r"\s*(?:(?:填[报表制]|编制|制表|报送|批准|备案|有效|统计|汇总|上报)\S{0,4}|表\s?号|文\s?号|(?:计量|金额)?单\s?位|日\s?期|时\s?间)\s?[::]"
)
_FORM_PERIOD = re.compile(r"\s*(?:19|20)\d\d\s*年[\s\d度月份第一二三四季—–~至-]*")
_FILLED_IN = re.compile(r"(?:日\s?期|时\s?间)\s?[::]")
_LONG = 60  # code points: a single cell that is longer is a note
_RULE = re.compile(r":?-{2,}:?|:-+:?|-+:")


@dataclass(slots=True)
class Table:
    """One table: rows of cells, each cell in every place that it covers.

    Attributes:
        heads: the rows of its head, from top to bottom.
        body: the rows below, groups and totals among them.
        titles: the cells that stand alone above its head, from top to bottom.
        notes: the cells that stand alone below it.
        first: whether it is the first of its grid: only that one has the lines above the grid for captions.
        path: names that the file gives it.
    """

    heads: list[Row] = field(default_factory=list)
    body: list[Row] = field(default_factory=list)
    titles: list[Cell] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    first: bool = True
    path: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return max(map(len, (*self.heads, *self.body)), default=0)


def tables_of(grid: Grid, units: Units) -> list[Table]:
    """The tables in a grid, in reading order; each cell that is printed is in one of them."""
    matrix = _matrix(grid)
    found: list[Table] = []
    for band in _bands(matrix):
        if (pairs := pairs_of(band, units)) is not None:
            found.append(_form(pairs))
            continue
        for table in _stacked(band):
            found += _side_by_side(table)
    for table in found[1:]:
        table.first = False
    for table in found:
        table.path = grid.path
    return found


def _matrix(grid: Grid) -> list[Row]:
    cells = [cell for cell in grid.cells if not cell.unread]
    width = min(max((cell.column for cell in cells), default=-1) + 1, _WIDEST)
    width = max(
        width, min(max((cell.column + cell.columns for cell in cells if cell.columns < 50), default=0), _WIDEST)
    )
    height = max((cell.row for cell in cells), default=-1) + 1
    rows: list[Row] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in rows[cell.row : cell.row + cell.rows]:
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                row[column] = cell
    return [row for row in rows if not _is_rule(row)]


def _is_rule(row: Row) -> bool:
    filled = [cell for cell in row if cell is not None]
    return bool(filled) and all(_RULE.fullmatch(cell.text) for cell in filled)


def filled(row: Row) -> list[Cell]:
    """The cells of a row, each once."""
    return list({id(cell): cell for cell in row if cell is not None}.values())


def _holds_value(cell: Cell | None) -> bool:
    return cell is not None and content_of(cell.text).kind == "figures"


def is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns: `甲 乙 1 2 3`."""
    texts = [cell.text.strip() for cell in filled(row) if cell.text.strip() not in _COUNTED_LETTERS]
    numbers = [match.group(1) for text in texts if (match := _COUNTED.fullmatch(text))]
    return (
        len(numbers) > 1
        and len(numbers) == len(texts)
        and numbers == [str(n + int(numbers[0])) for n in range(len(numbers))]
        and int(numbers[0]) < 3
    )


def kind_of(row: Row) -> str:
    """`empty`, `title` (one cell of words), `words` (several, none a value), `numbering` or `values`."""
    cells = filled(row)
    if not cells:
        return "empty"
    if is_numbering(row):
        return "numbering"
    if (name := _alone(cells)) is not None:
        return "values" if _holds_value(name) and len(row) == 1 else "title"
    first = next(column for column, cell in enumerate(row) if cell is not None)
    leading = row[first]
    others = [cell for cell in cells if cell is not leading]
    if any(_holds_value(cell) for cell in others):
        return "values"
    return "words"


def _alone(cells: Sequence[Cell]) -> Cell | None:
    """The one cell of a row that says anything: `一、城市低保 | — | — |`."""
    speaking = [cell for cell in cells if content_of(cell.text).kind != "empty"]
    return speaking[0] if len(speaking) == 1 and speaking[0] is cells[0] else None


def _form(rows: list[Row]) -> Table:
    """A form of names and values: it has no head; what stands alone above and below its pairs is title and note."""
    table = Table()
    for row in rows:
        if len(filled(row)) > 1:
            table.body.append(row)
        elif not table.body:
            table.titles += filled(row)
        elif _is_note(row):
            table.notes += filled(row)
        else:
            table.body.append(row)
    return table


# --- bands of columns ------------------------------------------------------------------------------------------------


def _bands(matrix: list[Row]) -> Iterator[list[Row]]:
    """The parts of a sheet that an empty column sets apart, where each is a table of its own."""
    width = len(matrix[0]) if matrix else 0
    used = [False] * width
    for row in matrix:
        wide = len(filled(row)) == 1
        for column, cell in enumerate(row):
            # A title over both halves does not join them.
            used[column] = used[column] or (cell is not None and not (wide and cell.columns > 1))
    starts = [column for column in range(width) if used[column] and not (column and used[column - 1])]
    stops = [next((c for c in range(start, width) if not used[c]), width) for start in starts]
    parts = [[row[start:stop] for row in matrix] for start, stop in zip(starts, stops, strict=True)]
    if len(parts) < 2 or not all(map(_stands_alone, parts)):
        yield [[cell for column, cell in enumerate(row) if used[column] or not any(used)] for row in matrix]
        return
    yield from parts


def _stands_alone(part: list[Row]) -> bool:
    """Whether a band of columns has names of its own beside its values."""
    if not part or len(part[0]) < 2:
        return False
    named = sum(kind_of(row) == "values" and row[0] is not None and not _holds_value(row[0]) for row in part)
    return named >= 1 and named * 2 >= sum(kind_of(row) == "values" for row in part)


# --- tables under one another ----------------------------------------------------------------------------------------


def _stacked(rows: list[Row]) -> Iterator[Table]:
    table = Table()
    titles: list[Row] = []  # rows of one cell that may head what follows, or group it
    gap = False
    for index, row in enumerate(rows):
        kind = kind_of(row)
        if kind == "empty":
            gap = bool(table.body)
        elif kind == "numbering":
            if not table.body:
                table.heads.append(row)
        elif kind == "title":
            if _is_note(row):
                table.notes += filled(row)
            elif table.body or table.heads:
                titles.append(row)
            else:
                table.titles += filled(row)
        elif kind == "words" and not (table.body or table.heads) and _is_form_line(row):
            for cell in filled(row):
                # The day on which a form was filled in is no time of its figures.
                (table.notes if _FILLED_IN.search(cell.text) else table.titles).append(cell)
        elif kind == "words" and table.body and _repeats_head(row, table) and not _are_new(titles, table):
            titles = []
        elif kind == "words" and (not table.body or _begins_anew(row, rows[index + 1 :], table, gap or bool(titles))):
            if table.body:
                yield table
                table = Table(titles=[cell for title in titles for cell in filled(title)])
            elif titles:
                table.heads += titles
            table.heads.append(row)
            titles, gap = [], False
        else:
            table.body += titles
            table.body.append(row)
            titles, gap = [], False
    for row in titles:
        (table.notes if table.body else table.titles).extend(filled(row))
    if table.body or table.heads or table.titles or table.notes:
        yield table


def _is_form_line(row: Row) -> bool:
    """Whether a row is the line over a form: `填表单位:… | 单位:人、元 | 填表日期:…`."""
    cells = [cell for cell in filled(row) if content_of(cell.text).kind not in ("empty", "period", "year")]
    return bool(cells) and all(_FORM_LINE.match(cell.text) or _FORM_PERIOD.fullmatch(cell.text) for cell in cells)


def _is_note(row: Row) -> bool:
    cell = filled(row)[0]
    return len(cell.text) > _LONG or _NOTE.match(cell.text) is not None


def _are_new(titles: Sequence[Row], table: Table) -> bool:
    """Whether titles between two equal heads name another table: not the same title once more, nor 续表."""
    known = {"".join(cell.text.split()) for cell in table.titles}
    texts = ["".join(cell.text.split()) for row in titles for cell in filled(row)]
    return any(
        text not in known and "续" not in text and not text.isdecimal() and _CAPTION.search(text) for text in texts
    )


def _repeats_head(row: Row, table: Table) -> bool:
    return any(_texts(row) == _texts(head) for head in table.heads)


def _texts(row: Row) -> list[str]:
    return ["".join(cell.text.split()) if cell else "" for cell in row]


def _begins_anew(row: Row, below: Sequence[Row], table: Table, parted: bool) -> bool:
    """Whether a row of words in the body heads another table: words stand where the rows above have values."""
    following = next((kind for after in below if (kind := kind_of(after)) in ("values", "words", "title")), "")
    if not following:
        return False
    valued = Counter(column for above in table.body for column, cell in enumerate(above) if _holds_value(cell))
    over_values = [
        cell for column, cell in enumerate(row) if valued[column] and cell and content_of(cell.text).kind != "empty"
    ]
    if not parted and _may_be_values(over_values):
        return False
    spans = any(cell.columns > 1 for cell in filled(row))
    return (
        bool(over_values)
        and (parted or spans or len(over_values) * 2 >= len(valued))
        and any(kind_of(after) == "values" for after in below[:4])
    )


def _may_be_values(cells: Sequence[Cell]) -> bool:
    """Whether cells that look like years may be values all the same: `宣州区 2003` between 28075 and 70836; years follow one another."""
    digits = [cell.text.strip() for cell in cells]
    if not all(text.isdecimal() for text in digits):
        return False
    steps = {int(later) - int(former) for former, later in itertools.pairwise(digits)}
    return len(digits) == 1 or (not steps <= {1} and not steps <= {-1})


def _is_head_word(text: str) -> bool:
    """Whether a cell may head a column; `1200/2300` and `3个月` are values of some kind."""
    return content_of(text).kind in ("words", "year", "period") and not re.match(
        r"\s*\d+(?!\d*\s*年|\d*\s*月|\s*-\s*\d+\s*月)", text
    )


# --- halves side by side ---------------------------------------------------------------------------------------------


def _side_by_side(table: Table) -> list[Table]:
    """A table whose columns say the same twice (`县区 人数 县区 人数`) as one under the other."""
    width = table.width
    for period in range(2, width // 2 + 1):
        if width % period == 0 and _is_period(table, period):
            halves = range(0, width, period)
            heads = [row[:period] for row in table.heads]
            body = [
                row[start : start + period]
                for start in halves
                for row in table.body
                if any(row[start : start + period])
            ]
            if all(_repeats(row, period) for row in table.heads):
                return [Table(heads, body, table.titles, table.notes)]
            parts = [
                Table(
                    [r[s : s + period] for r in table.heads],
                    [r[s : s + period] for r in table.body if any(r[s : s + period])],
                )
                for s in halves
            ]
            for part in parts:
                part.titles = list(table.titles)
            parts[-1].notes = table.notes
            return parts
    return [table]


def _is_period(table: Table, period: int) -> bool:
    """Whether every `period` columns begin anew with names, and have values behind them."""
    width = table.width
    for start in range(0, width, period):
        names = [cell for row in table.body if start < len(row) and (cell := row[start]) is not None]
        values = [cell for row in table.body for cell in row[start + 1 : start + period] if cell is not None]
        if (
            not names
            or sum(_holds_value(cell) for cell in names)
            or any(content_of(cell.text).kind == "empty" for cell in names)
        ):
            return False
        if not any(_holds_value(cell) for cell in values):
            return False
        crossing = {id(cell) for row in table.body for cell in row[start : start + period] if cell} & {
            id(cell) for row in table.body for cell in row[:start] if cell
        }
        if crossing:
            return False
    return not table.heads or _repeats(table.heads[-1], period) or _names_again(table, period)


def _repeats(row: Row, period: int) -> bool:
    texts = _texts(row)
    return all(texts[start : start + period] == texts[:period] for start in range(0, len(texts), period))


def _names_again(table: Table, period: int) -> bool:
    """Whether the column of names has the same head again, whatever stands over the values."""
    texts = _texts(table.heads[-1])
    return bool(texts[0]) and all(texts[start] == texts[0] for start in range(0, len(texts), period))

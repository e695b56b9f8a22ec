"""Tables in a text that has lost its cells → grids: rows of pipes, tabs or blanks, a cell a line, name and value run into one.

Here belongs how a text shows where cells begin and end. Each cell keeps its offsets in the text that was given.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletins.tables.figures import content_of
from bulletins.tables.glued import GluedReader
from bulletins.tables.grid import Cell, Grid
from bulletins.tables.units import Units
from bulletins.text.columns import is_head, is_labelled, values_at_end
from bulletins.text.normalise import SINGLE_BLANKS

_LONGEST_CELL = 26  # code points: a longer line is prose
_PROSE = re.compile(r"[,。;!?:](?!\d)|20\d{2}年\d{1,2}月")
_GROUP_NAME = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.](?!\d))")
# `一、民政事业费累计支出 二、乡级行政区划单位`: the name of a row and the heading of those below it, run into one.
_NEXT_HEADING = re.compile(r"(?<=\S)\s+(?=[一二三四五六七八九十]{1,3}[、.])")
_EMPHASIS = re.compile(r"^\*{1,2}([^*]+)\*{0,2}$|^([^*]+)\*{2}$")
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%‰]?|[-—…]"
_TRAILING = re.compile(rf"^(?P<name>.*?[^\d\s.,:;。、(-])(?P<values>(?:\s+(?:{_NUMBER}))+)\s*$")
_LEADER = re.compile(
    rf"^\s*(?P<name>[^\d\s].{{0,30}}?[^\s.…·_-])\s*(?:…+|\.{{3,}}|·{{3,}}|_{{3,}}|-{{3,}})\s*(?P<value>{_NUMBER}[^\d\s]{{0,4}})\s*$"
)
_LABELLED = re.compile(rf"(?P<label>[\u4e00-\u9fff()]{{1,12}})(?:{_NUMBER})")
_SEPARATES = re.compile(r"[| \t]|…|\.{3}|·{3}|_{3}|-{3}")  # no line has columns without one of them
_CJK = re.compile(r"[\u4e00-\u9fff]")
_WIDEST_STACK = 12


class _Row(NamedTuple):
    """A line with columns: how they are set apart, and its cells."""

    kind: str
    cells: list[Cell]


class TextTables:
    """Finds the tables of a text; made once from the catalogue's units."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._glued = GluedReader(units)

    def find(self, text: str, covered: Sequence[tuple[int, int]] = ()) -> Iterator[Grid]:
        """Yield the tables of `text` outside the spans `covered` (ascending), in order."""
        block: list[tuple[int, _Row]] = []
        stack: list[Cell] = []
        lines = [*_lines(text, covered), (len(text), None)]
        for (start, line), (_, below) in itertools.pairwise(lines):
            row = _row(line, start, below) if line is not None else None
            if row is not None and row.kind == "stack" and not block:
                stack += row.cells  # `指标 |`: a cell a line, closed by its pipe
                yield from self._block(text, block)
                block = []
                continue
            word = (line or "").strip()
            if row is None and word and self._is_loose(word):
                if not (block and _GROUP_NAME.match(word)):
                    offset = start + (line or "").index(word)
                    stack.append(Cell(word, start=offset, end=offset + len(word)))
            elif line is None or word:
                yield from self._stack(text, stack)
                stack = []
            if row is not None:
                if stack and block:
                    stack = []
                block.append((start, row))
            elif block and word and _GROUP_NAME.match(word) and len(word) <= _LONGEST_CELL and not _PROSE.search(word):
                # `二、社会工作` between the rows of a form that has no lines drawn.
                offset = start + (line or "").index(word)
                block.append((start, _Row("group", [Cell(word, start=offset, end=offset + len(word))])))
            elif line is None or word:
                yield from self._block(text, block)
                block = []
        yield from self._block(text, block)
        yield from self._stack(text, stack)

    def _is_loose(self, word: str) -> bool:
        """Whether a line may be a cell of a table that lost its separators."""
        if len(word) <= _LONGEST_CELL:
            return not _PROSE.search(word.removeprefix("其中:"))
        return self._glued.is_glued(word)

    def _block(self, text: str, block: list[tuple[int, _Row]]) -> Iterator[Grid]:
        rows = _with_names_apart([row for _, row in block])
        while rows and rows[-1].kind == "group":
            rows.pop()  # a heading behind the last row heads what follows
        if not _is_table([row.cells for row in rows]):
            return
        yield _grid(self._mended([row.cells for row in rows], text), text)

    def _mended(self, rows: list[list[Cell]], text: str) -> list[list[Cell]]:
        """Rows that lost their name to the line above: `养老机构 四、社会救助 |` over `个 | 245 |`, and the heading that came along."""
        mended: list[list[Cell]] = []
        for row in rows:
            above = [cell for cell in mended[-1] if cell.text] if mended else []
            full = [cell for cell in row if cell.text]
            loose = len(full) > 1 and full[0] is row[0] and self._units.resolve(row[0].text) is not None
            if not (loose and len(above) == 1 and content_of(full[1].text).kind == "figures"):
                mended.append(row)
                continue
            name = above[0]
            heading = _NEXT_HEADING.search(name.text)
            cut = len(name.text[: heading.start() if heading else None].rstrip())
            mended[-1] = [_cut(name, 0, cut), *row]
            if heading:
                mended.append([_cut(name, heading.end(), len(name.text))])
        return mended

    def _stack(self, text: str, stack: list[Cell]) -> Iterator[Grid]:
        """A table that lost its separators: one cell a line, or name, unit and value run into one."""
        for part in self._alike(stack):
            if len(part) > 1 and (rows := self._glued.rows(part) or self._by_units(part) or _by_period(part)):
                yield _grid(rows, text)

    def _alike(self, stack: list[Cell]) -> Iterator[list[Cell]]:
        """The stretches of a stack where rows were run into one line, and those with a cell a line."""
        glued = [number for number, cell in enumerate(stack) if self._glued.is_glued(cell.text)]
        at = 0
        while glued:
            last = first = glued.pop(0)
            while glued and glued[0] - last <= 2:  # a heading stands between
                last = glued.pop(0)
            if last > first:
                # The line above is a heading or a head of the glued rows.
                begin = first - 1 if first > at and content_of(stack[first - 1].text).kind != "figures" else first
                yield stack[at:begin]
                yield stack[begin : last + 1]
                at = last + 1
        yield stack[at:]

    def _by_units(self, stack: list[Cell]) -> list[list[Cell]]:
        """The unit of a row is its mark: the line before it names the row, those behind it are its values."""
        at = [index for index, cell in enumerate(stack) if index and self._units.resolve(cell.text)]
        at = [index for index in at if index + 1 < len(stack) and _is_value(stack[index + 1])]
        if len(at) < 2:
            return []
        rows: list[list[Cell]] = []
        width = 0
        for number, index in enumerate(at):
            stop = at[number + 1] - 1 if number + 1 < len(at) else len(stack)
            values: list[Cell] = []
            for cell in stack[index + 1 : stop]:
                if not (_is_value(cell) or content_of(cell.text).kind == "empty"):
                    break
                values.append(cell)
            rows.append([stack[index - 1], stack[index], *values])
            rows.append(stack[index + 1 + len(values) : stop])
            width = max(width, len(values) + 2)
        rows.insert(0, stack[: at[0] - 1])
        return [part for number, row in enumerate(rows) for part in (_headed(row, width) if number % 2 == 0 else [row])]


def _headed(cells: list[Cell], width: int) -> list[list[Cell]]:
    """Lines between rows: the last of them are the head of those below, where there are as many as columns."""
    if len(cells) < width:
        return [[cell] for cell in cells]
    return [*([cell] for cell in cells[:-width]), cells[-width:]]


def _lines(text: str, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str | None]]:
    """The lines of a text with where they begin; None for what is covered. A line of nothing but a pipe parts no rows."""
    at = position = 0
    for line in text.split("\n"):
        end = position + len(line)
        while at < len(covered) and covered[at][1] <= position:
            at += 1
        if at < len(covered) and covered[at][0] < end:
            yield position, None
        elif line.strip() != "|":
            yield position, line
        position = end + 1


def _row(line: str, start: int, below: str | None) -> _Row | None:
    """A line that has columns, or heads those of the line below; None for a line of prose or a single cell."""
    if not _SEPARATES.search(line):
        return None
    pipes = line.count("|")
    if pipes == 1 and line.rstrip().endswith("|") and len(line) <= _LONGEST_CELL:
        return _Row("stack", _pieces(line.rstrip()[:-1], start, re.compile(r"\|")))
    if pipes >= 2 or line.rstrip().endswith("|"):
        return _Row("pipes", _between_pipes(line, start))
    if "\t" in line:
        return _Row("tabs", _pieces(line, start, re.compile(r"\t")))
    if re.search(r"\S {2,}\S.* {2,}\S", line) and re.search(r"\d\s*$|\d {2,}", line):
        return _Row("blanks", _pieces(line, start, re.compile(r" {2,}")))
    if match := _LEADER.match(line):
        return _Row("leader", [_of(match, "name", start), _of(match, "value", start)])
    if len(line) < 400 and SINGLE_BLANKS.match(line):
        return _Row("blank", _pieces(line, start, re.compile(r" +")))
    if is_labelled(line) or (values_at_end(line) and not re.search(r"[A-Za-z]", line)):
        return _Row("blank", _by_blanks(line, start))
    if below and is_head(line, below):
        heads = _by_blanks(line, start)
        without_names = len(heads) < len(below.split())
        return _Row("blank", [Cell("", start=start, end=start), *heads] if without_names else heads)
    return _trailing(line, start)


def _with_names_apart(rows: list[_Row]) -> list[_Row]:
    """Rows whose cells are a name and its value run into one, `甘州区 镇13 乡5`, as rows of values under the names."""
    parted = [[_LABELLED.fullmatch(cell.text) for cell in row.cells[1:]] for row in rows]
    labels = [[found["label"] for found in row if found] for row in parted]
    if len(rows) < 2 or not all(parted[0]) or any(each != labels[0] for each in labels) or len(labels[0]) < 2:
        return rows
    heads = [_cut(cell, 0, len(label)) for cell, label in zip(rows[0].cells[1:], labels[0], strict=True)]
    apart = [_Row(rows[0].kind, [Cell("", start=rows[0].cells[0].start, end=rows[0].cells[0].start), *heads])]
    for row in rows:
        values = [_cut(cell, len(label), len(cell.text)) for cell, label in zip(row.cells[1:], labels[0], strict=True)]
        apart.append(_Row(row.kind, [row.cells[0], *values]))
    return apart


def _by_blanks(line: str, start: int) -> list[Cell]:
    """The words of a line, each a cell; the blank before the first word parts none."""
    indent = len(line) - len(line.lstrip())
    return _pieces(line.strip(), start + indent, re.compile(r"\s+"))


def _trailing(line: str, start: int) -> _Row | None:
    """`结婚登记对数(对) Registered Marriages (couple) 219409 238881`, and the head over it: `Item 2022 2023`."""
    match = _TRAILING.match(line)
    if match is None or len(line) > 200 or re.search(r"[。;!?]|,(?!\d)", line):
        return None
    values = _pieces(
        match["values"].strip(),
        start + match.start("values") + len(match["values"]) - len(match["values"].lstrip()),
        re.compile(r"\s+"),
    )
    if len(values) < 2 and not re.search(r"\)\s*$|\)\s*[A-Za-z]", match["name"]):
        return None
    return _Row("trailing", [_of(match, "name", start), *values])


def _of(match: re.Match[str], group: str, start: int) -> Cell:
    words = match[group]
    offset = start + match.start(group) + len(words) - len(words.lstrip())
    return Cell(words.strip(), start=offset, end=offset + len(words.strip()))


def _between_pipes(line: str, start: int) -> list[Cell]:
    cells = _pieces(line, start, re.compile(r"\|"))
    cells = cells[1:] if line.lstrip().startswith("|") else cells
    return cells[:-1] if line.rstrip().endswith("|") else cells


def _pieces(line: str, start: int, separator: re.Pattern[str]) -> list[Cell]:
    cells: list[Cell] = []
    begin = 0
    for stop, resume in [*((match.start(), match.end()) for match in separator.finditer(line)), (len(line), len(line))]:
        piece = line[begin:stop]
        offset = start + begin + len(piece) - len(piece.lstrip())
        cell = Cell(piece.strip(), start=offset, end=offset + len(piece.strip()))
        if match := _EMPHASIS.match(cell.text):  # markdown: **孤儿**
            cell = _cut(cell, *match.span(match.lastindex or 0))
        cells.append(cell)
        begin = resume
    return cells


def _cut(cell: Cell, first: int, last: int) -> Cell:
    words = cell.text[first:last]
    offset = cell.start + first + len(words) - len(words.lstrip())
    return Cell(words.strip(), start=offset, end=offset + len(words.strip()))


def _is_value(cell: Cell) -> bool:
    return content_of(cell.text).kind == "figures"


def _is_table(rows: list[list[Cell]]) -> bool:
    rows = [row for row in rows if not all(re.fullmatch(r":?-*:?", cell.text) for cell in row)]
    numeric = sum(any(_is_value(cell) for cell in row[1:]) for row in rows)
    return len(rows) >= 2 and numeric >= 1


def _by_period(stack: list[Cell]) -> list[list[Cell]]:
    """Rows of equal length: every so many lines a name, and behind it values; the head has as many lines."""
    kinds = ["n" if content_of(cell.text).kind == "figures" else "w" for cell in stack]
    best: tuple[float, int, int] = (0.0, 0, 0)
    for width in range(2, min(_WIDEST_STACK, len(stack) // 2) + 1):
        for first in range(min(len(stack) - 2 * width, width + 3) + 1):
            score = _regular(kinds, first, width)
            best = max(best, (score, -first, width))
    score, first, width = best[0], -best[1], best[2]
    if score < 2:
        return []
    rows = [[cell] for cell in stack[:first]]
    body = [stack[at : at + width] for at in range(first, len(stack) - width + 1, width)]
    rest = stack[first + width * len(body) :]
    return [*rows, *body, *([cell] for cell in rest)]


def _regular(kinds: Sequence[str], first: int, width: int) -> float:
    """How many rows of values follow a head of `width` words from `first` on; 0 where the columns do not hold."""
    head, body = kinds[first : first + width], kinds[first + width :]
    rows = len(body) // width
    if rows < 2 or "n" in head or len(body) - rows * width >= width:
        return 0.0
    columns = [Counter(body[column : rows * width : width]) for column in range(width)]
    if columns[0]["n"] or not columns[-1]["n"]:
        return 0.0
    pure = sum(max(column.values()) == rows for column in columns)
    return float(rows) if pure == width else 0.0


def _grid(rows: list[list[Cell]], text: str) -> Grid:
    cells = [
        Cell(cell.text, row=number, column=column, start=cell.start, end=cell.end)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell.text
    ]
    first, last = min(cell.start for cell in cells), max(cell.end for cell in cells)
    end = text.find("\n", last)
    return Grid(tuple(cells), start=text.rfind("\n", 0, first) + 1, end=len(text) if end < 0 else end)

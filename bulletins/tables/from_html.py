"""The tables in a fragment of serialised HTML → grids, and a mark in the place of each.

Here belongs what is true of tables of web pages: cells, spans, hidden and struck text, paragraphs in a cell, tables in cells,
tables that only arrange the page. How grids are printed is in `grid.py`; which fragment is the article is in `pages/page.py`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from bulletins.tables.grid import Cell, Grid

#: Set around text that is hidden or struck out, before inline tags are dropped (private use).
HIDDEN, STRUCK = ("\ue003", "\ue004"), ("\ue005", "\ue006")
#: The attribute of a cell that is hidden as a whole.
UNREAD_ATTRIBUTE = "data-unread"

_GRID = "\ue002"
_GRID_LINE = re.compile(f"{_GRID}(\\d+){_GRID}")
_MARKED = re.compile("\ue003([^\ue003\ue004]*)\ue004|\ue005([^\ue005\ue006]*)\ue006")
_MARKS = re.compile("[\ue002-\ue006]")
_TABLE_TAG = re.compile(r'<(/?)table(?=[\s>])[^>"]*(?:"[^"]*"[^>"]*)*>')
_TABLE_PART = re.compile(r'</?(?:table|thead|tbody|tfoot|tr|td|th|caption)(?=[\s>])[^>"]*(?:"[^"]*"[^>"]*)*>')
_ROW = re.compile(r'<tr(?=[\s>])[^>"]*(?:"[^"]*"[^>"]*)*>(.*?)</tr>')
_CELL = re.compile(r'<(t[dh])(?=[\s>])([^>"]*(?:"[^"]*"[^>"]*)*)>(.*?)</\1>')
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>")
_SPAN = re.compile(r'(row|col)span="\s*(\d+)')
_UNREAD = re.compile(rf'{UNREAD_ATTRIBUTE}="(\w+)"')
_LINK_TAG = re.compile(r'</?a(?=[\s>])[^>"]*(?:"[^"]*"[^>"]*)*>')
_TAG = re.compile(r'</?[a-z][^\s/>]*[^>"]*(?:"[^"]*"[^>"]*)*>')
_NOTES = re.compile(r"(?:\[(?:注?\d{1,2}(?:[,、]\d{1,2})*|[①-⑳]|注|\*{1,3})\])+$")
#: A number that the width of its cell broke: `1,234,` over `567.8`, `1,234` over `.5`.
_BROKEN_NUMBER = re.compile(r"(?<=\d,)\s*\n\s*(?=\d{3}(?!\d))|(?<=\d\.)\s*\n\s*(?=\d)|(?<=\d)\s*\n\s*(?=[.,]\d)")
_DIGIT = re.compile(r"\d")
_VALUE = re.compile(r"[-+]?\d[\d,.]*\s*[^\d\s]{0,4}")

_LAYOUT_CELL = 300  # code points: longer cells that outweigh the rest of their table hold an article, not a value
_LAYOUT_SHARE = 0.6
_FEW_VALUES = 2
_DEEPEST = 3  # tables in tables; what is nested deeper only arranges a page


def is_layout(table: Iterable[Sequence[Cell]]) -> bool:
    """Tell whether a table only arranges a page: one row or column, or one cell that holds the article.

    A long cell is no article where the other cells hold figures: it is the note under them.
    """
    rows = [list(row) for row in table]
    lengths = [[len(cell.text) for cell in row] for row in rows]
    longest, total = max(map(max, filter(None, lengths)), default=0), sum(map(sum, lengths))
    if len(rows) < 2 or max(map(len, rows)) < 2 or not total:
        return True
    if longest <= _LAYOUT_CELL or longest <= _LAYOUT_SHARE * total:
        return False
    return sum(_VALUE.fullmatch(cell.text) is not None for row in rows for cell in row) < _FEW_VALUES


def with_marks(fragment: str, grids: list[Grid]) -> str:
    """The fragment with each table of data replaced by a line that stands for it; layout tables stay as they are.

    Args:
        fragment: serialised HTML with tags in lower case and double-quoted attributes.
        grids: the tables found are added; a line's number is their place in it.
    """
    pieces: list[str] = []
    position = 0
    for start, end in _outermost(fragment):
        pieces += fragment[position:start], _inside_out(fragment[start:end], grids)
        position = end
    return "".join([*pieces, fragment[position:]])


def _outermost(fragment: str) -> list[tuple[int, int]]:
    """The spans of the tables that hold tables no deeper than a page of data has them, and lie in none such themselves."""
    opened: list[tuple[int, int]] = []  # where it begins, and how deep the tables in it are
    found: list[tuple[int, int]] = []
    for tag in _TABLE_TAG.finditer(fragment):
        if not tag.group(1):
            opened.append((tag.start(), 0))
        elif opened:
            start, depth = opened.pop()
            if opened:
                opened[-1] = (opened[-1][0], max(opened[-1][1], depth + 1))
            if depth < _DEEPEST:
                while found and found[-1][0] > start:
                    found.pop()
                found.append((start, tag.end()))
    return found


def _inside_out(table: str, grids: list[Grid]) -> str:
    pieces: list[list[str]] = [[]]
    position = 0
    for tag in _TABLE_TAG.finditer(table):
        pieces[-1].append(table[position : tag.start()])
        position = tag.end()
        if not tag.group(1):
            pieces.append([])
            continue
        inner = "".join(pieces.pop())
        pieces[-1].append(_marked(inner, grids) or (_flat(inner) if len(pieces) > 1 else inner))
    return "".join([*pieces[0], table[position:]])


def blocks_of(lines: Iterable[str], grids: Sequence[Grid]) -> Iterator[str | Grid]:
    """Lines of text with the grids in the place of their marks; what is hidden or struck out in a line is cut out.

    Each number that was cut out is a grid of one cell that is not printed, so that it is accounted for.
    """
    for line in lines:
        if mark := _GRID_LINE.fullmatch(line):
            yield grids[int(mark.group(1))]
            continue
        if not _MARKS.search(line):
            yield line
            continue
        text, left_out = _cut(line)
        yield " ".join(text.split())
        if numbers := [cell for cell in left_out if _DIGIT.search(cell.text)]:
            yield Grid.laid_out([numbers])


def _marked(table: str, grids: list[Grid]) -> str:
    """The lines that stand for a table of data; empty for one that only arranges the page."""
    nested = _GRID_LINE.findall(table)
    rows = [[_cell(*cell) for cell in _CELL.findall(row)] for row in _ROW.findall(table)]
    arranged = [[first for first, _ in row] for row in rows]
    if is_layout(arranged) or (nested and not _holds_figures(arranged)):
        return ""
    grid = Grid.laid_out(arranged)
    extra = [
        Cell(text=cell.text, unread=cell.unread, row=row.row, column=row.column)
        for row, cell in _beside(grid, rows)
        if _DIGIT.search(cell.text)
    ]
    cells = sorted((*grid.cells, *extra), key=lambda cell: (cell.row, cell.column, bool(cell.unread)))
    caption = _CAPTION.search(table)
    words = " ".join(_plain(caption.group(1)).split()) if caption else ""
    grids.append(Grid(tuple(cells), (words,) if words else ()))
    marks = [f"{_GRID}{len(grids) - 1}{_GRID}", *(f"{_GRID}{number}{_GRID}" for number in nested)]
    return "<br>" + "<br>".join([html.escape(words, quote=False), *marks]) + "<br>"


def _holds_figures(rows: Sequence[Sequence[Cell]]) -> bool:
    return sum(any(_VALUE.fullmatch(cell.text) for cell in row) for row in rows) >= _FEW_VALUES


def _flat(inner: str) -> str:
    """A layout table within another table, without its parts, which would end the cell around it."""
    return _TABLE_PART.sub("<br>", inner)


def _cell(tag: str, attributes: str, content: str) -> tuple[Cell, list[Cell]]:
    """A cell, and what in it is not to be read."""
    text, left_out = _cut(_plain(_GRID_LINE.sub("", content)))
    unread = _UNREAD.search(attributes)
    text = _BROKEN_NUMBER.sub("", text)
    text = "\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n"))))
    notes = _NOTES.search(text)
    spans = {which: int(number) for which, number in _SPAN.findall(attributes)}
    cell = Cell(
        text[: notes.start()].rstrip() if notes else text,
        rows=spans.get("row", 1),
        columns=spans.get("col", 1),
        head=tag == "th",
        unread=unread.group(1) if unread else "",
        notes=tuple(re.findall(r"[^\[\]]+", notes.group())) if notes else (),
    )
    return cell, left_out


def _plain(content: str) -> str:
    return html.unescape(_TAG.sub("\n", _LINK_TAG.sub("", content)))


def _cut(text: str) -> tuple[str, list[Cell]]:
    """A text without what is hidden or struck out in it, and that as cells."""
    left_out: list[Cell] = []

    def cut(match: re.Match[str]) -> str:
        hidden, struck = match.groups()
        words = _MARKS.sub("", hidden if struck is None else struck)
        left_out.append(Cell(" ".join(words.split()), unread="hidden" if struck is None else "struck"))
        return ""

    while _MARKED.search(text):
        text = _MARKED.sub(cut, text)
    return _MARKS.sub("", text), left_out


def _beside(grid: Grid, rows: Sequence[Sequence[tuple[Cell, list[Cell]]]]) -> Iterator[tuple[Cell, Cell]]:
    """What was cut out of cells, each with a cell that stands in the same row."""
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    for number, row in enumerate(rows):
        anchors = by_row.get(number, [Cell(row=number)])
        for cell, left_out in row:
            anchor = next((found for found in anchors if found.text == cell.text), anchors[-1])
            for gone in left_out:
                yield anchor, gone

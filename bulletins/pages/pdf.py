"""From a PDF to lines of text by geometry: a PDF says where glyphs stand, not what a line, a paragraph or a cell is.

Here belongs what rests on coordinates: glyphs to lines, lines to paragraphs, ruled and aligned tables to pipe rows.

Two things to know of pdfium: it must not be called from two threads at once, and it drops a word of one character whose
font is neither embedded in the file nor installed on the machine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from ctypes import c_float
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from bulletins.pages.tables import Cell, is_layout, pipe_rows

_SAME = 2.5  # points: rules this close are one rule, drawn as a thin box or with a slip of the hand
_COLUMN_GAP = 1.2  # ems: a wider gap within a line separates columns
_SPACE_GAP = 0.25  # ems: a wider gap within a line of Latin letters is a space
_INDENT = 1.2  # ems: a line that begins this far in begins a paragraph
_SHORT = 2.0  # ems: a line that ends this far before the margin ends a paragraph
_COLUMN = 15  # ems: running text is wider than this; a list of short lines is none
_FEW_GLYPHS = 10  # a page with fewer is a picture, or empty
_UNREADABLE_SHARE = 0.1  # more glyphs than that without a character: the fonts do not tell what they show
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页)?[-—–·\s]*")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box, in points from the upper left corner of the page as it is shown."""

    character: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """Height in points: one em, near enough."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """How far down the page its centre is."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Line:
    """Glyphs on one baseline, from left to right; never empty."""

    glyphs: tuple[Glyph, ...]

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return self.glyphs[-1].right

    @property
    def top(self) -> float:
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def em(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def text(self) -> str:
        pieces = [self.glyphs[0].character]
        for before, glyph in pairwise(self.glyphs):
            gap = glyph.left - before.right
            latin = before.character.isascii() and glyph.character.isascii()
            if gap > (_SPACE_GAP if latin else _COLUMN_GAP / 2) * self.em:
                pieces.append(" ")
            pieces.append(glyph.character)
        return "".join(pieces)

    def segments(self) -> list[_Line]:
        """Return the runs of glyphs that column gaps separate."""
        cuts = [n for n, (a, b) in enumerate(pairwise(self.glyphs), 1) if b.left - a.right > _COLUMN_GAP * self.em]
        return [_Line(self.glyphs[start:end]) for start, end in pairwise([0, *cuts, len(self.glyphs)])]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A straight line of a table: its coordinate, and from where to where it runs."""

    at: float
    start: float
    end: float


def pdf_lines(raw: bytes) -> tuple[list[str], bool]:
    """Return the text of a PDF, one paragraph or table row a line, and whether all of its pages could be read.

    Raises:
        ValueError: the file is damaged or needs a password.
    """
    try:
        with closing(pdfium.PdfDocument(raw)) as document:
            pages = [_page_blocks(page) for page in document]
    except pdfium.PdfiumError as error:
        raise ValueError(str(error)) from error
    blocks = [block for page, _ in pages for block in _without_page_number(page)]
    return _paragraphs(blocks), all(readable for _, readable in pages)


def _page_blocks(page: pdfium.PdfPage) -> tuple[list[_Line | list[str]], bool]:
    """Return a page's lines of text and tables (as their pipe rows) from top to bottom, and whether it is readable."""
    glyphs, unreadable = _glyphs(page)
    if len(glyphs) + unreadable < _FEW_GLYPHS and _has_picture(page):
        return [], False
    placed: list[tuple[float, _Line | list[str]]] = []
    for top, bottom, table in _ruled_tables(page):
        inside = [glyph for glyph in glyphs if top < glyph.middle < bottom]
        rows = table.rows(inside)
        if rows:
            placed.append((top, rows))
            glyphs = [glyph for glyph in glyphs if not top < glyph.middle < bottom]
    placed += _aligned_tables(_lines(glyphs))
    readable = unreadable <= _UNREADABLE_SHARE * (len(glyphs) + unreadable)
    return [block for _, block in sorted(placed, key=lambda item: item[0])], readable


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))


def _glyphs(page: pdfium.PdfPage) -> tuple[list[Glyph], int]:
    """Return the page's visible glyphs, and how many more have no character."""
    text = page.get_textpage()
    upright = _upright(page)
    glyphs: list[Glyph] = []
    unreadable = 0
    box = pdfium_c.FS_RECTF()
    for index in range(text.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1 or chr(code).isspace():
            continue
        if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xF8FF or code < 0x20:
            unreadable += 1
        elif pdfium_c.FPDFText_GetLooseCharBox(text, index, box):
            glyphs.append(Glyph(chr(code), *upright(box.left, box.bottom, box.right, box.top)))
    return glyphs, unreadable


def _upright(page: pdfium.PdfPage) -> Callable[[float, float, float, float], tuple[float, float, float, float]]:
    """Return what turns a box of the page's own space into left, top, right, bottom of the page as it is shown."""
    left, bottom, right, top = page.get_cropbox()
    turns: dict[int, Callable[[float, float], tuple[float, float]]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    turn = turns[page.get_rotation()]

    def upright(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (a, b), (c, d) = turn(x0, y0), turn(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    return upright


def _lines(glyphs: Iterable[Glyph]) -> list[_Line]:
    """Return the glyphs as lines from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle):
        if rows and glyph.middle - rows[-1][0].middle < 0.6 * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_Line(tuple(sorted(row, key=lambda g: g.left))) for row in rows]


# --- Paragraphs -------------------------------------------------------------------------------------------------------


def _without_page_number(blocks: list[_Line | list[str]]) -> list[_Line | list[str]]:
    """Return a page's blocks without a first or last line that only counts pages."""
    ends = {0, len(blocks) - 1}
    return [
        block
        for number, block in enumerate(blocks)
        if not (number in ends and isinstance(block, _Line) and _PAGE_NUMBER.fullmatch(block.text))
    ]


def _paragraphs(blocks: Sequence[_Line | list[str]]) -> list[str]:
    """Return the blocks as text; a line that fills its column goes on in the next one, over a page break too."""
    lines = [block for block in blocks if isinstance(block, _Line)]
    left = _usual(line.left for line in lines)
    right = max((line.right for line in lines), default=0.0)
    paragraphs: list[str] = []
    before: _Line | None = None
    for block in blocks:
        if not isinstance(block, _Line):
            paragraphs += block
            before = None
            continue
        if before is not None and _goes_on(before, block, left, right):
            paragraphs[-1] = _joined(paragraphs[-1], block.text)
        else:
            paragraphs.append(block.text)
        before = block
    return paragraphs


def _usual(numbers: Iterable[float]) -> float:
    """Return the most frequent of the numbers, to the point; 0 of none."""
    rounded = [round(number) for number in numbers]
    return float(max(set(rounded), key=rounded.count, default=0))


def _goes_on(line: _Line, following: _Line, left: float, right: float) -> bool:
    if right - left < _COLUMN * line.em or not 0.85 < following.em / line.em < 1.18:
        return False
    return line.right > right - _SHORT * line.em and following.left < left + _INDENT * following.em


def _joined(line: str, following: str) -> str:
    """Return two printed lines as one: Chinese needs nothing between them, Latin words a space."""
    latin = line[-1].isascii() and line[-1].isalpha() and following[0].isascii() and following[0].isalpha()
    return f"{line} {following}" if latin else line + following


# --- Tables without rules ---------------------------------------------------------------------------------------------


def _aligned_tables(lines: list[_Line]) -> list[tuple[float, _Line | list[str]]]:
    """Return the lines with their place; three or more in a row that are cut into the same columns as a table."""
    placed: list[tuple[float, _Line | list[str]]] = []
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and len(lines[end].segments()) > 1:
            end += 1
        rows = _aligned_rows(lines[start:end]) if end - start >= 3 else []
        if rows:
            placed.append((lines[start].top, rows))
            start = end
        else:
            placed.append((lines[start].top, lines[start]))
            start += 1
    return placed


def _aligned_rows(lines: list[_Line]) -> list[str]:
    """Return lines of several segments as pipe rows; nothing where the segments do not share columns."""
    segments = [line.segments() for line in lines]
    columns: list[list[float]] = []
    for left, right in sorted((segment.left, segment.right) for row in segments for segment in row):
        if columns and left < columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    grid = []
    for row in segments:
        cells = [""] * len(columns)
        for segment in row:
            column = next(n for n, (_, right) in enumerate(columns) if segment.left < right)
            if cells[column]:
                return []
            cells[column] = segment.text
        grid.append([Cell(text) for text in cells])
    return [] if is_layout(grid) else pipe_rows(grid)


# --- Ruled tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Grid:
    """A ruled table: the coordinates of its rules, and the rules themselves, which merged cells interrupt."""

    xs: list[float]
    ys: list[float]
    vertical: list[_Rule]
    horizontal: list[_Rule]

    def rows(self, glyphs: list[Glyph]) -> list[str]:
        """Return the table that the glyphs fill as pipe rows; nothing where its rules only frame running text."""
        texts: dict[tuple[int, int], list[Glyph]] = {}
        owner = self._merged()
        for glyph in glyphs:
            row = _band(self.ys, glyph.middle)
            column = _band(self.xs, (glyph.left + glyph.right) / 2)
            if row is None or column is None:
                return []
            texts.setdefault(owner[row, column], []).append(glyph)
        height, width = len(self.ys) - 1, len(self.xs) - 1
        table: list[list[Cell]] = [[] for _ in range(height)]
        for row in range(height):
            for column in range(width):
                if owner[row, column] != (row, column):
                    continue
                covered = [place for place, origin in owner.items() if origin == (row, column)]
                rows, columns = max(r for r, _ in covered) - row + 1, max(c for _, c in covered) - column + 1
                text = _cell_text(texts.get((row, column), []), self.xs[column + columns])
                table[row].append(Cell(text, rows, columns))
        return [] if is_layout(table) else pipe_rows(table)

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return for each field of the grid the upper left field of the cell that it belongs to."""
        height, width = len(self.ys) - 1, len(self.xs) - 1
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(height):
            for column in range(width):
                if (row, column) in owner:
                    continue
                right, below = column + 1, row + 1
                while right < width and (row, right) not in owner and not self._wall(row, right):
                    right += 1
                while below < height and not any(self._floor(below, c) for c in range(column, right)):
                    below += 1
                for place in ((r, c) for r in range(row, below) for c in range(column, right)):
                    owner[place] = (row, column)
        return owner

    def _wall(self, row: int, column: int) -> bool:
        """Tell whether a rule separates a field from its left neighbour."""
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        return any(abs(r.at - self.xs[column]) < _SAME and r.start <= middle <= r.end for r in self.vertical)

    def _floor(self, row: int, column: int) -> bool:
        """Tell whether a rule separates a field from the one above it."""
        middle = (self.xs[column] + self.xs[column + 1]) / 2
        return any(abs(r.at - self.ys[row]) < _SAME and r.start <= middle <= r.end for r in self.horizontal)


def _ruled_tables(page: pdfium.PdfPage) -> Iterator[tuple[float, float, _Grid]]:
    """Yield the ruled tables of a page with their upper and lower end."""
    vertical, horizontal = _rules(page)
    extents: list[list[float]] = []
    for rule in sorted(vertical, key=lambda r: r.start):
        if extents and rule.start < extents[-1][1] + _SAME:
            extents[-1][1] = max(extents[-1][1], rule.end)
        else:
            extents.append([rule.start, rule.end])
    for top, bottom in extents:
        across = [rule for rule in horizontal if top - _SAME <= rule.at <= bottom + _SAME]
        down = [rule for rule in vertical if top - _SAME <= rule.start and rule.end <= bottom + _SAME]
        outer = [x for rule in across for x in (rule.start, rule.end)]  # many tables have no rules at their sides
        xs = _distinct([*(rule.at for rule in down), min(outer, default=0), max(outer, default=0)])
        ys = _distinct([*(rule.at for rule in across), top, bottom])
        if len(xs) > 2 and len(ys) > 2:
            yield top, bottom, _Grid(xs, ys, down, across)


def _rules(page: pdfium.PdfPage) -> tuple[list[_Rule], list[_Rule]]:
    """Return the straight vertical and horizontal lines that are drawn on a page."""
    upright = _upright(page)
    vertical: list[_Rule] = []
    horizontal: list[_Rule] = []
    for path in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH]):
        for (x0, y0), (x1, y1) in _strokes(path):
            left, top, right, bottom = upright(x0, y0, x1, y1)
            if right - left < 1 and bottom - top > _SAME:
                vertical.append(_Rule(left, top, bottom))
            elif bottom - top < 1 and right - left > _SAME:
                horizontal.append(_Rule(top, left, right))
    return vertical, horizontal


def _strokes(path: pdfium.PdfObject) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the straight strokes of a path in the page's own space."""
    matrix = path.get_matrix()
    container = path.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    start = here = (0.0, 0.0)
    x, y = c_float(), c_float()
    for index in range(pdfium_c.FPDFPath_CountSegments(path)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium_c.FPDF_SEGMENT_LINETO:
            yield here, point
        here = point
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            yield here, start


def _distinct(numbers: Iterable[float]) -> list[float]:
    """Return the numbers in order, those that are as good as equal once."""
    distinct: list[float] = []
    for number in sorted(numbers):
        if not distinct or number - distinct[-1] > _SAME:
            distinct.append(number)
    return distinct


def _band(borders: list[float], at: float) -> int | None:
    """Return which space between the borders a coordinate falls into."""
    return next((n for n, (low, high) in enumerate(pairwise(borders)) if low <= at <= high), None)


def _cell_text(glyphs: list[Glyph], right: float) -> str:
    """Return the text of a cell: a line that fills it goes on in the next, one that was ended is set off by a space."""
    text = ""
    before: _Line | None = None
    for line in _lines(glyphs):
        full = before is not None and before.right > right - _SHORT * before.em
        between_digits = bool(text) and text[-1].isdigit() and line.text[0].isdigit()
        text = _joined(text, line.text) if full and not between_digits else f"{text} {line.text}".strip()
        before = line
    return text

"""Tables of a PDF's page, by geometry: those with rules, and those that only their columns tell.

A ruled table's fields are told by where rules run; a table without rules is three rows or more that are cut into the same columns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_float
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from bulletins.pages.marks import parted
from bulletins.pages.pdf_glyphs import Glyph, Line, lines_of, upright
from bulletins.tables.from_html import is_layout
from bulletins.tables.grid import Cell, Grid

_SAME = 2.5  # points: rules this close are one rule, drawn as a thin box or with a slip of the hand
_OVERLAP = 0.2  # ems: lines of one row whose cells have different numbers of lines overlap by more than this
_THROUGH, _COVERED = 0.22, 0.8  # of a glyph's height from its middle, and of its width: a rule there strikes it out
_LARGEST = 20.0  # points that are looked at above and below a rule
SHORT = 2.0  # ems: a line that ends this far before the margin ends a paragraph


def joined(line: str, following: str) -> str:
    """Return two printed lines as one: Chinese needs nothing between them, Latin words a space."""
    latin = line[-1].isascii() and line[-1].isalpha() and following[0].isascii() and following[0].isalpha()
    return f"{line} {following}" if latin else line + following


def cell_of(text: str, rows: int = 1, columns: int = 1) -> Cell:
    """Return a cell, the marks of notes at its end apart."""
    words, notes = parted(text)
    return Cell(words, rows, columns, notes=notes)


def struck_out(glyphs: Iterable[Glyph], horizontal: Iterable[Rule]) -> tuple[list[Glyph], list[str]]:
    """Return the glyphs without those that a rule runs through, and the words of these."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.middle)
    middles = [glyph.middle for glyph in ordered]
    gone: set[int] = set()
    words: list[str] = []
    for rule in horizontal:
        near = range(bisect_left(middles, rule.at - _LARGEST), bisect_left(middles, rule.at + _LARGEST))
        through = [n for n in near if n not in gone and _runs_through(rule, ordered[n])]
        if through:
            gone.update(through)
            words.append(
                "".join(glyph.character for glyph in sorted((ordered[n] for n in through), key=lambda g: g.left))
            )
    return [glyph for n, glyph in enumerate(ordered) if n not in gone], words


def _runs_through(rule: Rule, glyph: Glyph) -> bool:
    """Whether a rule strikes a glyph out: it runs near its middle, over nearly all of its width."""
    if abs(rule.at - glyph.middle) > _THROUGH * glyph.size:
        return False
    covered = min(rule.end, glyph.right) - max(rule.start, glyph.left)
    return covered >= _COVERED * (glyph.right - glyph.left)


# --- Tables without rules ---------------------------------------------------------------------------------------------


def aligned_tables(lines: Sequence[Line]) -> list[Line | Grid]:
    """Return the lines; three or more rows that are cut into the same columns as a table."""
    rows = _rows(lines)
    placed: list[Line | Grid] = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and _is_cut(rows[end]):
            end += 1
        grid = _aligned(rows[start:end]) if end - start >= 3 else None
        if grid is not None:
            placed.append(grid)
            start = end
        else:
            placed += rows[start]
            start += 1
    return placed


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines that overlap as one row: a label of two lines stands around the value beside it."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and line.top < rows[-1][-1].bottom - _OVERLAP * line.em:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_cut(row: Sequence[Line]) -> bool:
    """Whether a row has columns: a gap that none of its lines crosses."""
    return len(_extents(segment for line in row for segment in line.segments())) > 1


def _extents(segments: Iterable[Line]) -> list[list[float]]:
    """Return the stretches from left to right that segments cover together."""
    extents: list[list[float]] = []
    for left, right in sorted((segment.left, segment.right) for segment in segments):
        if extents and left < extents[-1][1]:
            extents[-1][1] = max(extents[-1][1], right)
        else:
            extents.append([left, right])
    return extents


def _aligned(rows: Sequence[Sequence[Line]]) -> Grid | None:
    """Return rows of several segments as a table; nothing where the segments do not share columns."""
    segments = [[segment for line in row for segment in line.segments()] for row in rows]
    columns = _extents(segment for row in segments for segment in row)
    table = []
    for lines, row in zip(rows, segments, strict=True):
        cells = [""] * len(columns)
        for segment in row:
            column = next(n for n, (_, right) in enumerate(columns) if segment.left < right)
            if cells[column] and len(lines) == 1:
                return None
            cells[column] = joined(cells[column], segment.text) if cells[column] else segment.text
        table.append([cell_of(text) for text in cells])
    return None if is_layout(table) else Grid.laid_out(table)


# --- Ruled tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line of a table: its coordinate, and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: the coordinates of its rules, and the rules themselves, which merged cells interrupt."""

    xs: list[float]
    ys: list[float]
    vertical: list[Rule]
    horizontal: list[Rule]

    def holds(self, glyph: Glyph) -> bool:
        """Whether a glyph stands within it."""
        across = (glyph.left + glyph.right) / 2
        return self.ys[0] < glyph.middle < self.ys[-1] and self.xs[0] <= across <= self.xs[-1]

    def grid(self, glyphs: Iterable[Glyph]) -> Grid | None:
        """Return the table that the glyphs fill; nothing where its rules only frame running text."""
        texts: dict[tuple[int, int], list[Glyph]] = {}
        owner = self._merged()
        for glyph in glyphs:
            row = _band(self.ys, glyph.middle)
            column = _band(self.xs, (glyph.left + glyph.right) / 2)
            if row is None or column is None:
                return None
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
                table[row].append(cell_of(text, rows, columns))
        return None if is_layout(table) else Grid.laid_out(table)

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


def ruled(vertical: Sequence[Rule], horizontal: Sequence[Rule]) -> Iterator[Ruled]:
    """Yield the tables that straight lines make, from top to bottom."""
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
            yield Ruled(xs, ys, down, across)


def rules(page: pdfium.PdfPage, turn: int) -> tuple[list[Rule], list[Rule]]:
    """Return the straight vertical and horizontal lines that are drawn on a page."""
    moved = upright(page, turn)
    vertical: list[Rule] = []
    horizontal: list[Rule] = []
    for path in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH]):
        for (x0, y0), (x1, y1) in _strokes(path):
            left, top, right, bottom = moved(x0, y0, x1, y1)
            if right - left < 1 and bottom - top > _SAME:
                vertical.append(Rule(left, top, bottom))
            elif bottom - top < 1 and right - left > _SAME:
                horizontal.append(Rule(top, left, right))
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


def _cell_text(glyphs: Iterable[Glyph], right: float) -> str:
    """Return the text of a cell: a line that fills it goes on in the next, one that was ended is set off by a space."""
    text = ""
    before: Line | None = None
    for line in lines_of(glyphs):
        full = before is not None and before.right > right - SHORT * before.em
        between_digits = bool(text) and text[-1].isdigit() and line.text[0].isdigit()
        text = joined(text, line.text) if full and not between_digits else f"{text} {line.text}".strip()
        before = line
    return text

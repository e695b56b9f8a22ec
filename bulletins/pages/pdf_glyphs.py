"""The glyphs of a PDF's page as they are shown, and the lines that they make.

Here belongs what pdfium says of a glyph: its box, its angle, and whether the file tells which character it shows. A glyph of which it
does not stands as U+FFFD: what pdfium gives for it is the number of a shape, which may be that of another digit.

Two things to know of pdfium: it must not be called from two threads at once, and it drops a word of one character whose
font is neither embedded in the file nor installed on the machine.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from bulletins.pages.marks import raised_text

COLUMN_GAP = 1.2  # ems: a wider gap within a line separates columns
_SPACE_GAP = 0.25  # ems: a wider gap within a line of Latin letters is a space
_RAISED_SIZE = 0.8  # of the line's glyphs: a mark above the line is smaller than that …
_RAISED_BY = 0.2  # ems: … and stands that much higher
_LONGEST_MARK = 6
_ONE_LINE = 0.45  # ems: glyphs whose middles are closer stand on one line
UNKNOWN = "\ufffd"

_Box = tuple[float, float, float, float]


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
class Line:
    """Glyphs on one baseline, from left to right; never empty."""

    glyphs: tuple[Glyph, ...]

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.glyphs[-1].right

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def middle_height(self) -> float:
        """How far down the page its middle is."""
        return (self.top + self.bottom) / 2

    @property
    def em(self) -> float:
        """The size of its largest glyph."""
        return max(glyph.size for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """Its characters, blanks between words and columns."""
        pieces, em = [self.glyphs[0].character], self.em
        for before, glyph in pairwise(self.glyphs):
            gap = glyph.left - before.right
            latin = before.character.isascii() and glyph.character.isascii()
            if gap > (_SPACE_GAP if latin else COLUMN_GAP / 2) * em:
                pieces.append(" ")
            pieces.append(glyph.character)
        return "".join(pieces)

    def segments(self) -> list[Line]:
        """Return the runs of glyphs that column gaps separate."""
        gap = COLUMN_GAP * self.em
        cuts = [n for n, (a, b) in enumerate(pairwise(self.glyphs), 1) if b.left - a.right > gap]
        return [Line(self.glyphs[start:end]) for start, end in pairwise([0, *cuts, len(self.glyphs)])]


@dataclass(frozen=True, slots=True)
class Side:
    """The glyphs that are read with the page held one way.

    Attributes:
        turn: by how many degrees the page's own space is turned clockwise to read them.
        glyphs: in the order of the file.
        unknown: how many of them do not tell their character.
    """

    turn: int
    glyphs: tuple[Glyph, ...]
    unknown: int


def invisible(page: pdfium.PdfPage) -> tuple[frozenset[int], str]:
    """Return which characters of a page are set to be seen by nobody, by their numbers, and what they say.

    None are, where all are: that is the text that a program recognised in a picture of the page.
    """
    modes = {
        pdfium_c.FPDFTextObj_GetTextRenderMode(text) for text in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    }
    if pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE not in modes or len(modes) == 1:
        return frozenset(), ""
    text = page.get_textpage()
    unseen = []
    for index in range(text.count_chars()):
        drawn = pdfium_c.FPDFText_GetTextObject(text, index)
        if drawn and pdfium_c.FPDFTextObj_GetTextRenderMode(drawn) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE:
            unseen.append(index)
    return frozenset(unseen), "".join(chr(pdfium_c.FPDFText_GetUnicode(text, index)) for index in unseen)


def sides(page: pdfium.PdfPage, unseen: frozenset[int] = frozenset()) -> list[Side]:
    """Return the page's visible glyphs by the way that the page is held to read them, the way of most glyphs first.

    Text that is set askew (a watermark) is left out.
    """
    text = page.get_textpage()
    boxes: dict[int, list[Glyph]] = {}
    turned = {turn: upright(page, turn) for turn in (0, 90, 180, 270)}
    box = pdfium_c.FS_RECTF()
    for index in range(text.count_chars()):
        if index in unseen:
            continue
        code = pdfium_c.FPDFText_GetUnicode(text, index)
        if pdfium_c.FPDFText_IsGenerated(text, index) == 1 or (code < 0x110000 and chr(code).isspace()):
            continue
        if (turn := _turn(pdfium_c.FPDFText_GetCharAngle(text, index))) is None:
            continue
        if pdfium_c.FPDFText_GetLooseCharBox(text, index, box):
            unmapped = pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1
            character = UNKNOWN if unmapped or _is_no_character(code) else chr(code)
            glyph = Glyph(character, *turned[turn](box.left, box.bottom, box.right, box.top))
            boxes.setdefault(turn, []).append(glyph)
    found = [
        Side(turn, tuple(glyphs), sum(glyph.character == UNKNOWN for glyph in glyphs)) for turn, glyphs in boxes.items()
    ]
    return sorted(found, key=lambda side: -len(side.glyphs)) or [Side(page.get_rotation(), (), 0)]


def _turn(angle: float) -> int | None:
    """Return how the page is held to read a glyph that is set at `angle`, None for one that is askew."""
    degrees = -math.degrees(angle) % 360
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) < 10 else None


def _is_no_character(code: int) -> bool:
    return code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xF8FF or code < 0x20 or code >= 0x110000


def upright(page: pdfium.PdfPage, turn: int) -> Callable[[float, float, float, float], _Box]:
    """Return what turns a box of the page's own space into left, top, right, bottom of the page held turned by `turn`."""
    left, bottom, right, top = page.get_cropbox()
    turns: dict[int, Callable[[float, float], tuple[float, float]]] = {
        0: lambda x, y: (x - left, top - y),
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }
    to_view = turns[turn]

    def moved(x0: float, y0: float, x1: float, y1: float) -> _Box:
        (a, b), (c, d) = to_view(x0, y0), to_view(x1, y1)
        return min(a, c), min(b, d), max(a, c), max(b, d)

    return moved


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return the glyphs as lines from top to bottom, raised marks written as such."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle):
        if rows and glyph.middle - rows[-1][0].middle < _ONE_LINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [Line(tuple(_with_marks(sorted(row, key=lambda g: g.left)))) for row in rows]


def _with_marks(row: Sequence[Glyph]) -> list[Glyph]:
    """Return a line's glyphs with each raised mark as one glyph that says how it is written (`[2]`, `²`)."""
    sizes = Counter(round(glyph.size * 2) for glyph in row)
    usual = max(sizes, key=lambda size: (sizes[size], size)) / 2
    bottoms = [glyph.bottom for glyph in row if glyph.size > _RAISED_SIZE * usual]
    if not bottoms or all(glyph.size > _RAISED_SIZE * usual for glyph in row):
        return list(row)
    baseline = sorted(bottoms)[len(bottoms) // 2]

    def is_raised(glyph: Glyph) -> bool:
        return glyph.size <= _RAISED_SIZE * usual and glyph.bottom < baseline - _RAISED_BY * usual

    marked: list[Glyph] = []
    for raised, group in groupby(row, is_raised):
        run = list(group)
        words = "".join(glyph.character for glyph in run)
        if not raised or not marked or len(words) > _LONGEST_MARK:
            marked += run
            continue
        before = "".join(glyph.character for glyph in marked[-_LONGEST_MARK:])
        last = marked[-1]
        left = (
            last.right if run[0].left - last.right < usual else run[0].left
        )  # a mark belongs to what it stands behind
        marked.append(replace(last, character=raised_text(words, before), left=left, right=run[-1].right))
    return marked

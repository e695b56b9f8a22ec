"""From an OFD (GB/T 33190, the state's own page format) to lines of text and grids.

A page's text stands in objects with a boundary, a matrix and the distances between characters, in millimetres; what a line or a table
is, their places tell, as in a PDF. Stamps and annotations are passed over; a character that only a glyph's number stands for is U+FFFD.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from bulletins.pages.layout import Page, blocks_of, page_of
from bulletins.pages.packages import Package
from bulletins.pages.pdf_glyphs import UNKNOWN, Glyph
from bulletins.pages.pdf_tables import Rule
from bulletins.tables.grid import Cell, Grid

_POINTS = 72 / 25.4  # to a millimetre
_ASCENT, _DESCENT = 0.88, 0.12  # ems above and below the line
_NARROW = 0.55  # ems: a Latin letter or digit, where the next one does not tell
_WIDEST = 1.3  # ems: a longer way to the next character is a gap
_THIN = 1.0  # points: a box as thin as that is a rule
_FEW_GLYPHS = 10
_PLACEHOLDER = "¤"
_DIGIT = re.compile(r"\d")
_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")

_Matrix = tuple[float, float, float, float, float, float]
_UNIT: _Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(slots=True)
class _Drawn:
    """What is drawn on a page: glyphs by the quarter turns that they are set at, rules, hidden text, pictures."""

    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    vertical: list[Rule] = field(default_factory=list)
    horizontal: list[Rule] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: int = 0


def ofd_blocks(raw: bytes) -> tuple[list[str | Grid], bool]:
    """Return the text of an OFD, one paragraph or table a block, and whether all of its pages could be read."""
    package = Package(raw)
    pages: list[Page] = []
    hidden: list[str] = []
    for root in package.tree("OFD.xml").iter("DocRoot"):
        document = _path("", root.text or "")
        for drawn in _pages(package, document):
            pages.append(_page(drawn))
            hidden += drawn.hidden
    left = [Cell(text, unread="hidden") for text in hidden if _DIGIT.search(text)]
    beside: list[str | Grid] = [Grid.laid_out([left])] if left else []
    return [*blocks_of(pages), *beside], all(page.readable for page in pages)


def _path(base: str, location: str) -> str:
    """Return the name of a part that another one, in the folder `base`, calls `location`; `/` is the root of the package."""
    return posixpath.normpath(posixpath.join("/", base, location.strip()))[1:]


def _pages(package: Package, document: str) -> Iterator[_Drawn]:
    tree, folder = package.tree(document), posixpath.dirname(document)
    templates = {
        template.get("ID", ""): _path(folder, template.get("BaseLoc", ""))
        for template in tree.iterfind("CommonData/TemplatePage")
    }
    for page in tree.iterfind("Pages/Page"):
        content = package.tree(_path(folder, page.get("BaseLoc", "")))
        drawn = _Drawn()
        for template in content.iterfind("Template"):
            part = templates.get(template.get("TemplateID", ""), "")
            if part in package.names:
                _draw(package.tree(part).find("Content"), drawn)
        _draw(content.find("Content"), drawn)
        yield drawn


def _page(drawn: _Drawn) -> Page:
    ways = sorted(drawn.glyphs, key=lambda turn: -len(drawn.glyphs[turn]))
    if sum(map(len, drawn.glyphs.values())) < _FEW_GLYPHS and drawn.pictures:
        return Page((), readable=False)
    if not ways:
        return Page((), readable=True)
    drawn_rules = (drawn.vertical, drawn.horizontal) if ways[0] == 0 else ([], [])
    return page_of(drawn.glyphs[ways[0]], *drawn_rules, [drawn.glyphs[turn] for turn in ways[1:]])


def _draw(parent: Element | None, drawn: _Drawn) -> None:
    for element in parent if parent is not None else ():
        if element.tag == "TextObject":
            _text(element, drawn)
        elif element.tag == "PathObject":
            _rules(element, drawn)
        elif element.tag == "ImageObject":
            drawn.pictures += 1
        elif element.tag in ("Layer", "PageBlock"):
            _draw(element, drawn)


# --- Text -------------------------------------------------------------------------------------------------------------


def _text(element: Element, drawn: _Drawn) -> None:
    if element.get("Visible", "true") in ("false", "0"):
        drawn.hidden.append("".join(code.text or "" for code in element.iterfind("TextCode")))
        return
    matrix = _placed(element)
    turn = round(math.degrees(math.atan2(matrix[1], matrix[0])) / 90) % 4
    size = float(element.get("Size", "0"))
    numbered = element.find("CGTransform") is not None
    glyphs = drawn.glyphs.setdefault(turn, [])
    x = y = 0.0
    for code in element.iterfind("TextCode"):
        x, y = float(code.get("X", x)), float(code.get("Y", y))
        text = code.text or ""
        across, down = _distances(code.get("DeltaX", ""), len(text)), _distances(code.get("DeltaY", ""), len(text))
        at = (x, y)
        for number, character in enumerate(text):
            step = across[number] if number < len(across) else 0.0
            width = size * (_NARROW if character.isascii() else 1)
            if not character.isspace():
                told = UNKNOWN if character == UNKNOWN or (numbered and character == _PLACEHOLDER) else character
                box = (
                    at[0],
                    at[1] - _ASCENT * size,
                    at[0] + (step if 0 < step <= _WIDEST * size else width),
                    at[1] + _DESCENT * size,
                )
                glyphs.append(Glyph(told, *_box(box, matrix, turn)))
            at = (at[0] + (step or width), at[1] + (down[number] if number < len(down) else 0.0))


def _distances(stored: str, count: int) -> list[float]:
    """Return the distances between characters: `3.2 3.2`, or `g 5 3.2` for five alike."""
    distances: list[float] = []
    words = iter(stored.split())
    for word in words:
        if word == "g":
            alike = int(next(words, "0"))
            distances += [float(next(words, "0"))] * min(alike, count)
        else:
            distances.append(float(word))
    return distances


def _placed(element: Element) -> _Matrix:
    """Return the matrix from an object's own space to the page: its CTM, then the corner of its boundary."""
    a, b, c, d, e, f = _numbers(element.get("CTM", ""), 6) or _UNIT
    left, top, *_ = _numbers(element.get("Boundary", ""), 4) or (0.0, 0.0)
    return a, b, c, d, e + left, f + top


def _numbers(stored: str, count: int) -> tuple[float, ...] | None:
    numbers = tuple(map(float, stored.split()))
    return numbers if len(numbers) == count else None


def _at(x: float, y: float, matrix: Sequence[float]) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS


def _box(box: tuple[float, float, float, float], matrix: _Matrix, turn: int) -> tuple[float, float, float, float]:
    """Return a box of an object's own space on the page, held so that text at that many quarter turns is read."""
    corners = [_at(x, y, matrix) for x in (box[0], box[2]) for y in (box[1], box[3])]
    for _ in range(turn):
        corners = [(y, -x) for x, y in corners]
    return (
        min(x for x, _ in corners),
        min(y for _, y in corners),
        max(x for x, _ in corners),
        max(y for _, y in corners),
    )


# --- Rules ------------------------------------------------------------------------------------------------------------


def _rules(element: Element, drawn: _Drawn) -> None:
    matrix = _placed(element)
    here = start = (0.0, 0.0)
    for command, stored in _COMMAND.findall(element.findtext("AbbreviatedData") or ""):
        numbers = [float(word) for word in stored.split()]
        if command in ("C", "Z", "z") and not numbers:
            _rule(here, start, drawn)
        elif len(numbers) >= 2:
            point = _at(numbers[-2], numbers[-1], matrix)
            if command == "L":
                _rule(here, point, drawn)
            elif command in ("M", "S"):
                start = point
            here = point


def _rule(start: tuple[float, float], end: tuple[float, float], drawn: _Drawn) -> None:
    (left, right), (top, bottom) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if right - left < _THIN < bottom - top:
        drawn.vertical.append(Rule(left, top, bottom))
    elif bottom - top < _THIN < right - left:
        drawn.horizontal.append(Rule(top, left, right))

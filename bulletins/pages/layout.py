"""In which order a page is read whose glyphs have places (PDF, OFD): its columns, its paragraphs, the frame of every page.

Here belongs what rests on coordinates alone; whose glyphs they are does not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bulletins.pages.pdf_glyphs import UNKNOWN, Glyph, Line, lines_of
from bulletins.pages.pdf_tables import SHORT, Rule, Ruled, aligned_tables, joined, ruled, struck_out
from bulletins.pages.runs import Run, left_out
from bulletins.tables.grid import Cell, Grid

_INDENT = 1.2  # ems: a line that begins this far in begins a paragraph
_COLUMN = 15  # ems: running text over the whole page is wider than this; a list of short lines is none
_NARROW = 8  # ems: … and that of one column among several
_FEW_LINES = 4  # a column of running text has at least as many
_FILLED = 0.75  # of a column's width: as wide are most lines of running text …
_MOST = 0.6  # … so many of them
_NEARLY_ALL = 0.9
_EDGE = 2  # lines of a frame above the text, and below it
_NEAR = 4.0  # points: heights that are one
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页)?[-—–·\s]*")
_PAGE_NUMBER_AT_END = re.compile(r"(?:第\s*\d{1,4}\s*页.*|[\s·—–-]+\d{1,4}[\s·—–-]*)$")
_UNIT_LINE = re.compile(r"单\s*位")
_UNKNOWN_IN_NUMBER = re.compile(rf"\d[.,]?{UNKNOWN}|{UNKNOWN}[.,]?\d")
_ENDED = "。！？；：…"
#: What is not parted at the end of a line: a number with what opens before it, its unit's sign and what closes behind it.
_UNPARTED = re.compile(
    r"[(（“‘《【\[]*[+\-−±≥≤<>]?[0-9A-Za-z０-９][0-9A-Za-z０-９.,，:：/%‰％．-]*[)）”’》】\]，。；：、！？%‰]*"
)


@dataclass(frozen=True, slots=True)
class _Flow:
    """Lines and tables that are read one after the other, and whether they are one of several columns."""

    items: tuple[Line | Grid, ...]
    column: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the order in which it is read, whether all of it could be, and what of it is hidden or struck out."""

    flows: tuple[_Flow, ...]
    readable: bool
    left_out: tuple[Cell, ...] = ()

    @property
    def lines(self) -> list[Line]:
        """Its lines outside tables, from top to bottom."""
        return sorted(
            (item for flow in self.flows for item in flow.items if isinstance(item, Line)), key=lambda line: line.top
        )


@dataclass(frozen=True, slots=True)
class _Set:
    """A line and the margins that it is set between."""

    line: Line
    left: float
    right: float
    narrowest: float  # ems that running text is at least wide

    def goes_on(self, following: _Set) -> bool:
        """Whether a paragraph goes on from this line into the next: it is full, or what begins the next did not fit."""
        em = self.line.em
        if self.right - self.left < self.narrowest * em or not 0.85 < following.line.em / em < 1.18:
            return False
        if following.line.left >= following.left + _INDENT * following.line.em:
            return False
        if self.line.right > self.right - SHORT * em:
            return True
        word = _UNPARTED.match(following.line.text)
        if word is None or word.end() < 2 or self.line.text[-1] in _ENDED:
            return False
        return self.line.right + _width(following.line, word.end()) > self.right - em / 3


def page_of(
    glyphs: Iterable[Glyph], vertical: Sequence[Rule], horizontal: Sequence[Rule], aside: Sequence[Sequence[Glyph]] = ()
) -> Page:
    """Return a page in the order in which it is read.

    Args:
        glyphs: those of its text, in points from its upper left corner.
        vertical: the straight lines that run down the page …
        horizontal: … and those that run across it: the rules of tables, and what strikes words out.
        aside: glyphs that are read with the page held another way, each way by itself; they come last.
    """
    rest, struck = struck_out(glyphs, horizontal)
    tables: list[tuple[Ruled, Grid]] = []
    for table in ruled(vertical, horizontal):
        if grid := table.grid(glyph for glyph in rest if table.holds(glyph)):
            tables.append((table, grid))
            rest = [glyph for glyph in rest if not table.holds(glyph)]
    flows = _flows(rest, tables, column=False)
    flows += [_Flow(tuple(_tidy(lines_of(way)))) for way in aside]
    texts = [text for flow in flows for item in flow.items for text in _texts(item)]
    readable = not any(_UNKNOWN_IN_NUMBER.search(text) for text in texts) and not any(
        glyph.character.isdigit() for way in aside for glyph in way
    )
    return Page(tuple(flows), readable, left_out([Run(words, "struck") for words in struck]))


def blocks_of(pages: Sequence[Page]) -> list[str | Grid]:
    """Return pages as paragraphs and tables, without their numbers and what stands on each of them.

    What is left out stands last, as cells that are not printed.
    """
    gone = [cell for page in pages for cell in page.left_out]
    beside = [Grid.laid_out([gone])] if gone else []
    return [*_paragraphs([flow for page in _without_frames(pages) for flow in page.flows]), *beside]


def _texts(item: Line | Grid) -> list[str]:
    return [item.text] if isinstance(item, Line) else [cell.text for cell in item.cells]


# --- The order of reading ---------------------------------------------------------------------------------------------


def _flows(glyphs: Sequence[Glyph], tables: Sequence[tuple[Ruled, Grid]], *, column: bool) -> list[_Flow]:
    """Return a part of a page in the order in which it is read: what stands above columns, each of them, what is below."""
    lines = _tidy(lines_of(glyphs))
    found = _columns(lines, tables)
    if found is None:
        free = _between_tables(lines, tables)
        return [_Flow(tuple(free), column)] if free else []
    top, bottom, gutter = found
    parts: list[_Flow] = []
    for above, right, narrow in ((-1, None, column), (0, False, True), (0, True, True), (1, None, column)):

        def inside(x: float, y: float, above: int = above, right: bool | None = right) -> bool:
            return (y > bottom) - (y < top) == above and right in (None, x >= gutter)

        own = [glyph for glyph in glyphs if inside((glyph.left + glyph.right) / 2, glyph.middle)]
        its = [table for table in tables if inside(sum(_edges(table[0])) / 2, table[0].ys[0])]
        parts += _flows(own, its, column=narrow) if own or its else []
    return parts


def _between_tables(lines: Sequence[Line], tables: Sequence[tuple[Ruled, Grid]]) -> list[Line | Grid]:
    items: list[Line | Grid] = []
    rest = list(lines)
    for table, grid in sorted(tables, key=lambda table: table[0].ys[0]):
        above = [line for line in rest if line.top < table.ys[0]]
        items += [*aligned_tables(above), grid]
        rest = rest[len(above) :]
    return [*items, *aligned_tables(rest)]


def _tidy(lines: Iterable[Line]) -> list[Line]:
    """Return the lines without the bullets before them that fonts of symbols draw."""
    tidy = []
    for line in lines:
        glyphs = line.glyphs
        if len(glyphs) > 1 and glyphs[0].character == UNKNOWN and not _touches_number(glyphs):
            glyphs = glyphs[1:]
        tidy.append(Line(glyphs))
    return tidy


def _touches_number(glyphs: Sequence[Glyph]) -> bool:
    return glyphs[1].character.isdigit() and glyphs[1].left - glyphs[0].right < 0.3 * glyphs[1].size


def _edges(ruled: Ruled) -> tuple[float, float]:
    return ruled.xs[0], ruled.xs[-1]


def _columns(lines: Sequence[Line], tables: Sequence[tuple[Ruled, Grid]]) -> tuple[float, float, float] | None:
    """Return where two columns of running text stand side by side: from which height to which, and the gutter between them."""
    segments = [segment for line in lines for segment in line.segments()]
    spans = [(segment.left, segment.right, segment.top, segment.bottom) for segment in segments]
    spans += [(*_edges(ruled), ruled.ys[0], ruled.ys[-1]) for ruled, _ in tables]
    if len(spans) < 2 * _FEW_LINES:
        return None
    left, right = min(span[0] for span in spans), max(span[1] for span in spans)
    em = max(line.em for line in lines) if lines else 0.0
    # A gutter lies just before where several lines begin, away from the edges.
    starts = Counter(
        round(segment.left) for segment in segments if left + _NARROW * em < segment.left < right - _NARROW * em
    )
    for start, count in starts.most_common(3):
        if count >= _FEW_LINES and (found := _block(spans, start - 0.3 * em)) is not None:
            top, bottom = found
            sides_of = [
                [
                    line
                    for line in segments
                    if top <= line.middle_height <= bottom and (line.left < start - 1) == is_left
                ]
                for is_left in (True, False)
            ]
            beside = [
                any(top <= ruled.ys[0] <= bottom and (ruled.xs[0] < start - 1) == is_left for ruled, _ in tables)
                for is_left in (True, False)
            ]
            running = [_is_running_text(side) for side in sides_of]
            if any(running) and all(
                text or (table and not side) for text, table, side in zip(running, beside, sides_of, strict=True)
            ):
                return top, bottom, start - 0.3 * em
    return None


def _block(spans: Sequence[tuple[float, float, float, float]], gutter: float) -> tuple[float, float] | None:
    """Return the tallest stretch of the page in which nothing crosses the gutter."""
    crossing = sorted((top, bottom) for left, right, top, bottom in spans if left < gutter < right)
    free = [(top, bottom) for left, right, top, bottom in spans if not left < gutter < right]
    if not free:
        return None
    ends = [
        min(top for top, _ in free) - 1,
        *(edge for span in crossing for edge in span),
        max(bottom for _, bottom in free) + 1,
    ]
    gaps = [(ends[n], ends[n + 1]) for n in range(0, len(ends) - 1, 2) if ends[n + 1] > ends[n]]
    return max(gaps, key=lambda gap: gap[1] - gap[0], default=None)


def _is_running_text(segments: Sequence[Line]) -> bool:
    if len(segments) < _FEW_LINES:
        return False
    left, right = min(line.left for line in segments), max(line.right for line in segments)
    em = sorted(line.em for line in segments)[len(segments) // 2]
    wide = sum(line.right - line.left > _FILLED * (right - left) for line in segments)
    return right - left >= _NARROW * em and wide >= _MOST * len(segments)


# --- The frame of pages -----------------------------------------------------------------------------------------------


def _without_frames(pages: Sequence[Page]) -> list[Page]:
    """Return the pages without their numbers and without heads and feet that several share; the first head stays."""
    edges = [_edge_lines(page) for page in pages]
    frame = _shared([{_framed(line) for line in (*heads, *feet)} for heads, feet in edges])
    kept: list[Page] = []
    for page, (heads, feet) in zip(pages, edges, strict=True):
        again = {line for line in heads if _framed(line) in frame and kept}
        again |= {line for line in feet if _framed(line) in frame}
        again |= {line for line in (*page.lines[:1], *page.lines[-1:]) if _PAGE_NUMBER.fullmatch(line.text)}
        flows = (replace(flow, items=tuple(item for item in flow.items if item not in again)) for flow in page.flows)
        kept.append(replace(page, flows=tuple(flow for flow in flows if flow.items)))
    return kept


def _shared(lines: Sequence[set[tuple[str, int]]]) -> set[tuple[str, int]]:
    """Return the lines that stand on most pages, or on nearly all left or right ones."""
    shared: set[tuple[str, int]] = set()
    for some, share in ((lines, _MOST), (lines[::2], _NEARLY_ALL), (lines[1::2], _NEARLY_ALL)):
        seen = Counter(line for page in some for line in page)
        shared |= {line for line, count in seen.items() if count >= max(2, share * len(some))}
    return shared


def _edge_lines(page: Page) -> tuple[list[Line], list[Line]]:
    """Return the lines at the upper and at the lower edge of a page that stand apart from its text."""
    rows: list[list[Line]] = []  # lines side by side in columns are one
    for line in page.lines:
        if rows and line.top < max(other.bottom for other in rows[-1]) - line.em / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    gaps = [after[0].top - max(line.bottom for line in before) for before, after in pairwise(rows)]
    apart = 1.3 * max(sorted(gaps)[len(gaps) // 2], 0) if gaps else 0.0
    cuts = [n for n, gap in enumerate(gaps, 1) if gap > apart + 0.1 * rows[n][0].em]
    head = next((n for n in reversed(cuts) if n <= _EDGE), 0)
    foot = next((n for n in cuts if n >= len(rows) - _EDGE and n > head), len(rows))
    return [line for row in rows[:head] for line in row], [line for row in rows[foot:] for line in row]


def _framed(line: Line) -> tuple[str, int]:
    """Return what makes two lines of a frame the same: words without the page's number, and height. Units stay."""
    words = _PAGE_NUMBER_AT_END.sub("", line.text)
    if _UNIT_LINE.search(words) or _PAGE_NUMBER.fullmatch(line.text):
        return line.text, -id(line)
    return words, round(line.top / _NEAR)


# --- Paragraphs -------------------------------------------------------------------------------------------------------


def _paragraphs(flows: Sequence[_Flow]) -> list[str | Grid]:
    """Return the flows as text; a line that fills its column goes on in the next one, over a page break too."""
    wide = [item for flow in flows if not flow.column for item in flow.items if isinstance(item, Line)]
    page_margins = _margins(wide)
    blocks: list[str | Grid] = []
    before: _Set | None = None
    for flow in flows:
        own = [item for item in flow.items if isinstance(item, Line)]
        margins = _margins(own) if flow.column else page_margins
        for item in flow.items:
            if isinstance(item, Grid):
                blocks.append(item)
                before = None
                continue
            line = _Set(item, *margins, _NARROW if flow.column else _COLUMN)
            last = blocks[-1] if blocks else None
            if before is not None and isinstance(last, str) and before.goes_on(line):
                blocks[-1] = joined(last, item.text)
            else:
                blocks.append(item.text)
            before = line
    return blocks


def _margins(lines: Sequence[Line]) -> tuple[float, float]:
    """Return where lines usually begin, to the point, and where the longest ends."""
    rounded = [round(line.left) for line in lines]
    left = float(max(set(rounded), key=rounded.count, default=0))
    return left, max((line.right for line in lines), default=0.0)


def _width(line: Line, characters: int) -> float:
    """Return how wide the first characters of a line are; blanks between glyphs count as characters."""
    count = 0
    for glyph in line.glyphs:
        count += len(glyph.character)
        if count >= characters:
            return glyph.right - line.left
    return line.right - line.left

"""From a DOCX to blocks: its paragraphs and tables in document order as a reader of the printed document sees them.

Accepted revisions are read; what is deleted, struck out or hidden is not, and each number of it is left beside the text as a cell
that is not printed. Notes stand behind the text. python-docx gives neither looks by style nor notes, boxes, fields or foreign parts,
so the parts' XML is walked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from bulletins.pages.packages import Package, tree
from bulletins.pages.runs import Run, cell_of, shown
from bulletins.tables.from_html import is_layout
from bulletins.tables.grid import Cell, Grid

#: Reads a foreign part (`altChunk`): a web page, a text, another DOCX.
ReadChunk = Callable[[bytes], list[str | Grid]]

#: What says how something looks, not what; `Fallback` is the second wording of a drawing for older programs.
_PROPERTIES = frozenset(
    ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "fPr", "ctrlPr", "naryPr", "dPr")
)
_NOT_PRINTED = _PROPERTIES | {
    "Fallback",
    "moveFrom",
    "instrText",
    "delInstrText",
    "rt",
    "annotationRef",
    "sectPr",
    "rubyPr",
}
_PRINTED_AS: Mapping[str, str] = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_NOTE_REFERENCES: Mapping[str, str] = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
#: Circled digits that are set in the font Wingdings.
_WINGDINGS = {0xF081 + n: chr(ord("①") + n) for n in range(10)} | {0xF08C + n: chr(ord("①") + n) for n in range(10)}
_MAY_MATTER = re.compile(rb"[:<](?:d?strike|vanish|vertAlign)\b")
_OFF = ("0", "false", "off", "none")
_DEEPEST = 12  # styles that rest on one another, tables in cells, documents in documents


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run looks, as far as it matters; None where nothing is said."""

    struck: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None

    def over(self, other: _Look) -> _Look:
        """Return this look where it says something, else the other one."""
        return _Look(
            other.struck if self.struck is None else self.struck,
            other.hidden if self.hidden is None else self.hidden,
            other.raised if self.raised is None else self.raised,
        )

    def run(self, text: str) -> Run:
        return Run(text, "hidden" if self.hidden else "struck" if self.struck else "", bool(self.raised))


_PLAIN = _Look()


def docx_blocks(raw: bytes, read_chunk: ReadChunk | None = None) -> list[str | Grid]:
    """Return what a DOCX prints, one block a paragraph or table, notes last."""
    package = Package(raw)
    main = next(
        (part for part in package.relations("").values() if part.startswith("word/document")), "word/document.xml"
    )
    story = _Story(package, main, _styles(package), read_chunk)
    blocks = story.blocks(package.tree(main))
    return [block for block in [*blocks, *story.notes()] if block]


def _styles(package: Package) -> Mapping[str, _Look]:
    """Return the look of each style with those that it rests on."""
    stored = package.read("word/styles.xml") if "word/styles.xml" in package.names else b""
    if not _MAY_MATTER.search(stored):
        return {}
    own: dict[str, tuple[_Look, str]] = {}
    for style in tree(stored).iter("style"):
        based = style.find("basedOn")
        above = based.get("val", "") if based is not None else ""
        own[style.get("styleId", "")] = _look(style.find("rPr")), above

    def resolved(name: str, depth: int = 0) -> _Look:
        if name not in own or depth > _DEEPEST:
            return _PLAIN
        look, above = own[name]
        return look.over(resolved(above, depth + 1))

    return {name: resolved(name) for name in own}


def _look(properties: Element | None) -> _Look:
    if properties is None:
        return _PLAIN
    align = properties.find("vertAlign")
    struck = [said for name in ("strike", "dstrike") if (said := _said(properties, name)) is not None]
    return _Look(
        any(struck) if struck else None,
        _said(properties, "vanish"),
        align.get("val") == "superscript" if align is not None else None,
    )


def _said(properties: Element, name: str) -> bool | None:
    element = properties.find(name)
    return None if element is None else element.get("val", "1") not in _OFF


@dataclass(slots=True)
class _Story:
    """The walk through one document: what it refers to, and the notes met so far."""

    package: Package
    part: str
    styles: Mapping[str, _Look]
    read_chunk: ReadChunk | None
    met: list[tuple[str, str]] = field(default_factory=list)  # kind and id of notes, in the order of their marks
    boxes: list[str | Grid] = field(default_factory=list)  # text boxes that are anchored in the paragraph at hand

    def blocks(self, parent: Element) -> list[str | Grid]:
        return list(self._blocks(parent))

    def _blocks(self, parent: Element) -> Iterator[str | Grid]:
        for child in parent:
            if child.tag == "p":
                yield from self._paragraph(child)
            elif child.tag == "tbl":
                yield from self._table(child)
            elif child.tag == "altChunk":
                yield from self._chunk(child)
            elif child.tag == "del":
                yield from shown(self._runs(child, _PLAIN)).blocks()
            elif child.tag not in _NOT_PRINTED:  # the body, content controls and the like
                yield from self._blocks(child)

    def notes(self) -> Iterator[str | Grid]:
        """Yield the notes that were referred to, each under its mark."""
        texts: dict[str, Element] = {}
        for kind in ("footnote", "endnote"):
            part = f"word/{kind}s.xml"
            if part in self.package.names:
                texts |= {f"{kind} {note.get('id', '')}": note for note in self.package.tree(part).iter(kind)}
        for number, (kind, name) in enumerate(list(self.met), 1):
            for position, block in enumerate(self.blocks(texts.get(f"{kind} {name}", Element("none")))):
                yield f"[{number}] {block}" if isinstance(block, str) and not position else block

    def _chunk(self, chunk: Element) -> list[str | Grid]:
        part = self.package.relations(self.part).get(chunk.get("id", ""), "")
        if self.read_chunk is None or part not in self.package.names:
            return []
        return self.read_chunk(self.package.read(part))

    # --- paragraphs

    def _paragraph(self, paragraph: Element) -> Iterator[str | Grid]:
        text, *left_out = shown(self.runs_of(paragraph)).blocks()
        yield from filter(None, (" ".join(line.split()) for line in str(text).split("\n")))
        yield from left_out
        boxes, self.boxes = self.boxes, []
        yield from boxes

    def runs_of(self, paragraph: Element) -> list[Run]:
        style = paragraph.find("pPr/pStyle")
        look = self.styles.get(style.get("val", ""), _PLAIN) if style is not None else _PLAIN
        return list(self._runs(paragraph, look))

    def _runs(self, element: Element, look: _Look) -> Iterator[Run]:
        for child in element:
            yield from self._runs_in(child, look)

    def _runs_in(self, child: Element, look: _Look) -> Iterator[Run]:
        tag = child.tag
        if tag == "r":
            yield from self._runs(child, self._look_of(child, look))
        elif tag in ("t", "delText"):
            yield look.run(child.text or "")
        elif tag in _PRINTED_AS:
            yield look.run(_PRINTED_AS[tag])
        elif tag == "sym":
            yield look.run(_WINGDINGS.get(int(child.get("char", "0"), 16) | 0xF000, ""))
        elif tag in ("del", "moveFrom"):
            yield from self._runs(child, replace(look, struck=True)) if tag == "del" else ()
        elif tag in _NOTE_REFERENCES:
            self.met.append((_NOTE_REFERENCES[tag], child.get("id", "")))
            yield replace(look, raised=True).run("" if child.get("customMarkFollows") else str(len(self.met)))
        elif tag == "txbxContent":
            self.boxes += self._boxed(child)
        elif tag in ("sSup", "f"):
            yield from self._formula(child, look)
        elif tag not in _NOT_PRINTED:
            yield from self._runs(child, look)

    def _boxed(self, box: Element) -> list[str | Grid]:
        outer, self.boxes = self.boxes, []
        blocks = self.blocks(box)
        self.boxes = outer
        return blocks

    def _look_of(self, run: Element, paragraph: _Look) -> _Look:
        properties = run.find("rPr")
        style = properties.find("rStyle") if properties is not None else None
        of_style = self.styles.get(style.get("val", ""), _PLAIN) if style is not None else _PLAIN
        return _look(properties).over(of_style).over(paragraph)

    def _formula(self, element: Element, look: _Look) -> Iterator[Run]:
        """A fraction as `a/b`, a power with its exponent raised."""
        upper, lower = ("e", "sup") if element.tag == "sSup" else ("num", "den")
        for part in element.iterfind(upper):
            yield from self._runs(part, look)
        if element.tag == "f":
            yield look.run("/")
        for part in element.iterfind(lower):
            yield from self._runs(part, replace(look, raised=element.tag == "sSup"))

    # --- tables

    def _table(self, table: Element) -> list[str | Grid]:
        rows: list[list[Cell]] = []
        inner: dict[str, list[str | Grid]] = {}  # mark of a cell -> what stands in it beside words
        left: list[tuple[int, tuple[Cell, ...]]] = []
        above: dict[int, tuple[int, int]] = {}  # column -> where the cell that may go on downwards stands in `rows`
        for row in _children(table, "tr"):
            cells = [Cell(columns=before)] if (before := _number(row.find("trPr/gridBefore"))) else []
            column = before
            state = _Look(hidden=_is_set(row, "trPr/hidden"), struck=row.find("trPr/del") is not None)
            for element in _children(row, "tc"):
                width = _number(element.find("tcPr/gridSpan")) or 1
                if _goes_on(element) and column in above:
                    origin_row, origin = above[column]
                    rows[origin_row][origin] = replace(rows[origin_row][origin], rows=len(rows) - origin_row + 1)
                else:
                    cell, gone, within = self._cell(element, state)
                    if within:
                        mark = f"\ue002{len(inner)}\ue002"
                        inner[mark], cell = within, replace(cell, text=f"{cell.text}\n{mark}")
                    above[column] = (len(rows), len(cells))
                    cells.append(replace(cell, columns=width, head=_is_set(row, "trPr/tblHeader")))
                    left.append((len(rows), gone))
                column += width
            rows.append(cells)
        return _laid(rows, inner, left)

    def _cell(self, element: Element, row: _Look) -> tuple[Cell, tuple[Cell, ...], list[str | Grid]]:
        """Return a cell, what in it is left out, and the tables and boxes in it."""
        runs: list[Run] = []
        within: list[str | Grid] = []
        for child in _contents(element):
            if child.tag == "p":
                runs += [Run("\n"), *self.runs_of(child)] if runs else self.runs_of(child)
            elif child.tag == "tbl":
                within += self._table(child)
            elif child.tag == "altChunk":
                within += self._chunk(child)
        boxes, self.boxes = self.boxes, []
        unread = "hidden" if row.hidden else "struck" if row.struck else ""
        cell, gone = cell_of([replace(run, unread=run.unread or unread) for run in runs])
        return cell, gone, [*within, *boxes]


def _children(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, those inside content controls and insertions too."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)


def _contents(cell: Element) -> Iterator[Element]:
    for child in cell:
        if child.tag in _WRAPPERS:
            yield from _contents(child)
        else:
            yield child


def _number(element: Element | None) -> int:
    return int(element.get("val", "0")) if element is not None else 0


def _is_set(element: Element, path: str) -> bool:
    found = element.find(path)
    return found is not None and found.get("val", "1") not in _OFF


def _goes_on(cell: Element) -> bool:
    """Whether a cell is the lower part of the one above it."""
    merge = cell.find("tcPr/vMerge")
    return merge is not None and merge.get("val", "continue") == "continue"


# --- Tables in cells --------------------------------------------------------------------------------------------------


def _laid(
    rows: Sequence[Sequence[Cell]],
    inner: Mapping[str, list[str | Grid]],
    left: Iterable[tuple[int, tuple[Cell, ...]]],
) -> list[str | Grid]:
    """Return a table as blocks: a grid, or the blocks in its cells where it only arranges the page."""
    beside: list[str | Grid] = [Grid.laid_out([gone]) for _, gone in left if gone]
    if is_layout(rows):
        lines = [line.strip() for cells in rows for cell in cells for line in _line_of(cell).split("\n")]
        return [block for line in lines if line for block in inner.get(line, [line])] + beside
    grid, after = Grid.laid_out(rows), list[str | Grid]()
    for cell in reversed(grid.cells):
        words, mark = _parted(cell.text)
        within = inner.get(mark, [])
        if not words and len(within) == 1 and isinstance(within[0], Grid):
            grid = unfolded(grid, cell, within[0])
        elif mark:
            kept = replace(cell, text=words)
            grid = replace(
                grid, cells=tuple(kept if each is cell else each for each in grid.cells if each is not cell or words)
            )
            after[:0] = within
    return [grid, *beside, *after]


def _line_of(cell: Cell) -> str:
    return cell.text + "".join(f"[{note}]" for note in cell.notes)


def _parted(text: str) -> tuple[str, str]:
    words, _, mark = text.rpartition("\n")
    return (words, mark) if mark.startswith("\ue002") else (text, "")


def unfolded(grid: Grid, cell: Cell, inner: Grid) -> Grid:
    """Return a grid in which a table takes the place of the cell that holds nothing else: its row and column are split."""
    down, right = max(inner.height - cell.rows, 0), max(inner.width - cell.columns, 0)
    bottom, edge = cell.row + cell.rows, cell.column + cell.columns
    cells = [replace(each, row=each.row + cell.row, column=each.column + cell.column) for each in inner.cells]
    for each in grid.cells:
        if each == cell:
            continue
        row, column = (
            each.row + (down if each.row >= bottom else 0),
            each.column + (right if each.column >= edge else 0),
        )
        height = each.rows + (down if each.row < bottom <= each.row + each.rows else 0)
        width = each.columns + (right if each.column < edge <= each.column + each.columns else 0)
        cells.append(replace(each, row=row, column=column, rows=height, columns=width))
    return replace(grid, cells=tuple(sorted(cells, key=lambda each: (each.row, each.column))))

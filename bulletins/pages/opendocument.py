"""From ODS and ODT to blocks: OpenDocument stores beside each value the text that was shown, which is what is read.

What is hidden, struck out or a note is told by styles, as in the other formats; a value without its text (some programs write none)
is shown plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from bulletins.pages.number_formats import general
from bulletins.pages.packages import Package
from bulletins.pages.runs import Run, cell_of, shown
from bulletins.pages.xlsx import Hidden, NamedGrid, arranged, computed, sheet_blocks
from bulletins.tables.from_html import is_layout
from bulletins.tables.grid import Cell, Grid

_SKIPPED = frozenset(
    (
        "annotation",
        "annotation-end",
        "tracked-changes",
        "ruby-text",
        "hidden-text",
        "hidden-paragraph",
        "sequence-decls",
    )
)
_PRINTED_AS: Mapping[str, str] = {"tab": " ", "line-break": "\n"}
_MOST_REPEATED = 1000  # a row or column that is repeated further is the empty rest of the sheet
_REFERENCE = re.compile(r"\[\.[^\]]*\]")  # to cells of the same sheet
_DEEPEST = 12  # styles that rest on one another


@dataclass(frozen=True, slots=True)
class _Look:
    """What a style says, as far as it matters; empty where it says nothing."""

    unread: str = ""
    raised: bool = False
    shown: bool = True


def opendocument_blocks(raw: bytes) -> list[str | Grid]:
    """Return what an ODS or ODT shows: its sheets, or its paragraphs and tables with the notes behind them."""
    package = Package(raw)
    content = package.tree("content.xml")
    looks = _looks([*([package.tree("styles.xml")] if "styles.xml" in package.names else []), content])
    story = _Story(looks)
    body = content.find("body")
    sheets = body.find("spreadsheet") if body is not None else None
    if sheets is not None:
        return sheet_blocks([story.sheet(table) for table in sheets.iterfind("table")])
    text = body.find("text") if body is not None else None
    blocks = list(story.blocks(text)) if text is not None else []
    return [*blocks, *story.notes]


def _looks(parts: list[Element]) -> Mapping[str, _Look]:
    own: dict[str, tuple[_Look, str]] = {}
    for part in parts:
        for style in part.iter("style"):
            own[style.get("name", "")] = _look(style), style.get("parent-style-name", "")

    def resolved(name: str, depth: int = 0) -> _Look:
        if name not in own or depth > _DEEPEST:
            return _Look()
        look, above = own[name]
        rest = resolved(above, depth + 1)
        return _Look(look.unread or rest.unread, look.raised or rest.raised, look.shown and rest.shown)

    return {name: resolved(name) for name in own}


def _look(style: Element) -> _Look:
    words, table = style.find("text-properties"), style.find("table-properties")
    if words is None:
        return _Look(shown=table is None or table.get("display") != "false")
    struck = words.get("text-line-through-style", "none") != "none"
    hidden = words.get("display") == "none"
    raised = words.get("text-position", "").startswith("super") or words.get("text-position", "0")[0] in "123456789"
    return _Look("hidden" if hidden else "struck" if struck else "", raised)


@dataclass(slots=True)
class _Story:
    """The walk through a document: its styles, and the notes and boxes met so far."""

    looks: Mapping[str, _Look]
    notes: list[str | Grid] = field(default_factory=list)
    boxes: list[str | Grid] = field(default_factory=list)

    def look(self, element: Element) -> _Look:
        return self.looks.get(element.get("style-name", ""), _Look())

    # --- text

    def blocks(self, parent: Element) -> Iterator[str | Grid]:
        for child in parent:
            if child.tag in ("p", "h"):
                yield from self._paragraph(child)
            elif child.tag == "table":
                yield from self._table(child)
            elif child.tag not in _SKIPPED and child.get("display") != "none":
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[str | Grid]:
        text, *left_out = shown(self.runs(paragraph, self.look(paragraph))).blocks()
        yield from filter(None, (" ".join(line.split()) for line in str(text).split("\n")))
        yield from left_out
        boxes, self.boxes = self.boxes, []
        yield from boxes

    def runs(self, element: Element, look: _Look) -> Iterator[Run]:
        yield Run(element.text or "", look.unread, look.raised)
        for child in element:
            yield from self._runs_in(child, look)
            yield Run(child.tail or "", look.unread, look.raised)

    def _runs_in(self, child: Element, look: _Look) -> Iterator[Run]:
        if child.tag == "s":
            yield Run(" " * int(child.get("c", "1")), look.unread, look.raised)
        elif child.tag in _PRINTED_AS:
            yield Run(_PRINTED_AS[child.tag], look.unread, look.raised)
        elif child.tag == "note":
            yield Run(self._note(child), look.unread, raised=True)
        elif child.tag == "text-box":
            outer, self.boxes = self.boxes, []
            inside = list(self.blocks(child))
            self.boxes = [*outer, *self.boxes, *inside]
        elif child.tag not in _SKIPPED:
            own = self.look(child)
            yield from self.runs(
                child, replace(look, unread=own.unread or look.unread, raised=own.raised or look.raised)
            )

    def _note(self, note: Element) -> str:
        mark = (note.findtext("note-citation") or "").strip()
        body = note.find("note-body")
        for number, block in enumerate(self.blocks(body) if body is not None else ()):
            self.notes.append(f"[{mark}] {block}" if isinstance(block, str) and not number else block)
        return mark

    # --- tables

    def _table(self, table: Element) -> Iterator[str | Grid]:
        rows: list[list[Cell]] = []
        beside: list[str | Grid] = []
        for row in _of(table, "table-row"):
            cells = []
            for element in row:
                if element.tag != "table-cell":
                    continue
                cell, gone = self._words(element)
                cells.append(
                    replace(
                        cell,
                        rows=_number(element, "number-rows-spanned"),
                        columns=_number(element, "number-columns-spanned"),
                    )
                )
                beside += [Grid.laid_out([gone])] if gone else []
            rows.append(cells)
        if is_layout(rows):
            yield from (line for cells in rows for cell in cells for line in cell.text.split("\n") if line)
        else:
            yield Grid.laid_out(rows)
        yield from beside
        boxes, self.boxes = self.boxes, []
        yield from boxes

    def _words(self, element: Element) -> tuple[Cell, tuple[Cell, ...]]:
        own = self.look(element)
        runs: list[Run] = []
        for paragraph in element.iter():
            if paragraph.tag in ("p", "h"):
                runs += [Run("\n")] if runs else []
                runs += self.runs(paragraph, own)
        return cell_of(runs)

    def sheet(self, table: Element) -> NamedGrid:
        """Return a sheet as a grid."""
        hidden_columns, at = [], 0
        for column in _of(table, "table-column"):
            repeated = _number(column, "number-columns-repeated")
            if column.get("visibility", "visible") != "visible":
                hidden_columns.append((at, at + repeated - 1))
            at += repeated
        placed: dict[tuple[int, int], tuple[Cell, tuple[Cell, ...]]] = {}
        spans: list[tuple[int, int, int, int]] = []
        hidden_rows: set[int] = set()
        number = 0
        for row in _of(table, "table-row"):
            repeated = _number(row, "number-rows-repeated")
            for line in range(number, number + (repeated if repeated < _MOST_REPEATED else 0)):
                if row.get("visibility", "visible") != "visible":
                    hidden_rows.add(line)
                self._row(row, line, placed, spans)
            number += repeated
        grid = arranged(computed(placed), spans, Hidden(hidden_rows, hidden_columns))
        return NamedGrid(table.get("name", ""), grid, hidden=not self.look(table).shown)

    def _row(
        self,
        row: Element,
        number: int,
        placed: dict[tuple[int, int], tuple[Cell, tuple[Cell, ...]]],
        spans: list[tuple[int, int, int, int]],
    ) -> None:
        column = 0
        for element in row:
            if element.tag not in ("table-cell", "covered-table-cell"):
                continue
            repeated = _number(element, "number-columns-repeated")
            height, width = _number(element, "number-rows-spanned"), _number(element, "number-columns-spanned")
            if height > 1 or width > 1:
                spans.append((number, column, number + height - 1, column + width - 1))
            cell = self._cell(element)
            if cell[0].text or cell[1]:
                placed |= {(number, column + n): cell for n in range(min(repeated, _MOST_REPEATED))}
            column += repeated

    def _cell(self, element: Element) -> tuple[Cell, tuple[Cell, ...]]:
        cell, gone = self._words(element)
        stored, kind = element.get("value"), element.get("value-type", "")
        if gone and not cell.text:
            return cell, gone
        if stored is not None:
            text = cell.text or _shown(float(stored), kind)
            return replace(cell, text=text, value=float(stored)), gone
        formula = element.get("formula", "")
        if formula and not cell.text and kind != "string":
            plain = _REFERENCE.sub(lambda match: match.group().strip("[]").replace(".", ""), formula.partition(":=")[2])
            return Cell(f"={plain.replace(';', ',')}", unread="formula"), gone
        return cell, gone


def _shown(value: float, kind: str) -> str:
    return f"{general(value * 100)}%" if kind == "percentage" else general(value)


def _of(table: Element, tag: str) -> Iterator[Element]:
    """Yield the rows or columns of a table, those in groups and heads too, not those of tables in its cells."""
    for child in table:
        if child.tag == tag:
            yield child
        elif child.tag.startswith(("table-row", "table-column", "table-header")):
            yield from _of(child, tag)


def _number(element: Element, attribute: str) -> int:
    return int(element.get(attribute, "1"))

"""From a DOC (Word 97 to 2003, and what WPS writes as `.wps`) to blocks: its paragraphs, tables, notes and text boxes.

The text of a DOC lies in pieces, and how it looks in pages of runs beside it (MS-DOC, 2.4.1 and 2.4.6): that is what is read here.
What a named style hides or strikes out is not told; fast-saved changes of looks within a piece are passed over.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import olefile

from bulletins.pages.errors import AttachmentError
from bulletins.pages.runs import Run, cell_of, shown
from bulletins.tables.from_html import is_layout
from bulletins.tables.grid import Cell, Grid

_WORD_97 = 0xA5EC
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_PAGE = 512  # bytes of a page of runs
#: Where in the header (fc, lcb) of a part stand, by its number in FibRgFcLcb97.
_PARTS = 0x9A
_CHARACTER_RUNS, _PARAGRAPH_RUNS, _PIECES = 12, 13, 33
#: How many characters each part of the text has, in order: main text, footnotes, headers, comments, endnotes, text boxes.
_LENGTHS: Mapping[str, int] = {
    "main": 0x4C, "footnotes": 0x50, "headers": 0x54, "macros": 0x58, "comments": 0x5C, "endnotes": 0x60, "boxes": 0x64,
}  # fmt: skip

#: Properties of characters (sprm) that matter.
_STRUCK, _HIDDEN = {0x0837, 0x2A53, 0x0800}, {0x083C}  # strike, double strike, deleted; vanish
_RAISED, _LIFTED, _SIZE = 0x2A48, 0x4845, 0x4A43  # superscript; or lifted by half-points and in a size of its own
_HALF_POINTS = 4
_IN_TABLE, _ROW_ENDS, _DEPTH, _ROW = 0x2416, 0x2417, 0x6649, 0xD608
_LONG_OPERANDS: Mapping[int, int] = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # by the kind in the top bits of a sprm

_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_CELL_ENDS = "\x07"
_PARAGRAPH_ENDS = "\r\x0c\x0e"
_NOTE = "\x02"
_PICTURES = "\x01\x08"
_PRINTED_AS: Mapping[str, str] = {"\x0b": "\n", "\t": " ", "\x1e": "-", "\xa0": " "}
_SAME_EDGE = 15  # twips


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """What a paragraph's properties say: whether its mark ends a row, and the row's cells."""

    in_table: bool = False
    ends_row: bool = False
    edges: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()  # per cell: flags of merging


_BODY = _Paragraph()


@dataclass(slots=True)
class _Text:
    """The characters of all parts, with the look and the paragraph of each."""

    characters: str
    unread: list[str]
    raised: list[bool]
    paragraphs: list[_Paragraph]

    def runs(self, start: int, end: int) -> Iterator[tuple[str, Run, _Paragraph]]:
        """Yield each character with its run and its paragraph, those of a field's instruction left out."""
        instructions = 0
        results: list[bool] = []
        for at in range(start, end):
            character = self.characters[at]
            if character == _FIELD:
                results.append(False)
                instructions += 1
            elif character == _RESULT and results and not results[-1]:
                results[-1] = True
                instructions -= 1
            elif character == _FIELD_END and results:
                instructions -= 0 if results.pop() else 1
            elif not instructions:
                printed = _PRINTED_AS.get(character, character)
                yield (
                    character,
                    Run(printed if printed >= " " or printed == "\n" else "", self.unread[at], self.raised[at]),
                    self.paragraphs[at],
                )


def doc_blocks(raw: bytes) -> tuple[list[str | Grid], bool]:
    """Return what a DOC prints, notes and text boxes last, and whether there are pictures in it.

    Raises:
        AttachmentError: it is encrypted.
        ValueError: it is older than Word 97.
    """
    with olefile.OleFileIO(raw) as file:
        main = file.openstream("WordDocument").read()
        magic, flags = struct.unpack_from("<H8xH", main)
        if magic != _WORD_97:
            raise ValueError("a document of Word 95 or older")
        if flags & _ENCRYPTED:
            raise AttachmentError("the file is encrypted with a password: ask for one without")
        table = file.openstream("1Table" if flags & _TABLE_1 else "0Table").read()
    text = _text(main, table)
    lengths = {part: struct.unpack_from("<i", main, at)[0] for part, at in _LENGTHS.items()}
    ends = dict(zip(lengths, _sums(lengths.values()), strict=True))
    walk = _Walk()
    blocks = list(walk.blocks(text.runs(0, ends["main"])))
    for part in ("footnotes", "endnotes"):
        blocks += _notes(text.runs(ends[part] - lengths[part], ends[part]))
    blocks += _Walk().blocks(text.runs(ends["boxes"] - lengths["boxes"], ends["boxes"]))
    return [block for block in blocks if block], any(sign in text.characters for sign in _PICTURES)


def _sums(numbers: Iterable[int]) -> Iterator[int]:
    total = 0
    for number in numbers:
        total += number
        yield total


# --- Pieces and runs --------------------------------------------------------------------------------------------------


def _part(main: bytes, table: bytes, number: int) -> bytes:
    start, length = struct.unpack_from("<II", main, _PARTS + 8 * number)
    return table[start : start + length]


def _text(main: bytes, table: bytes) -> _Text:
    pieces = list(_pieces(_part(main, table, _PIECES)))
    characters = "".join(
        main[start : start + width * count].decode("utf-16-le" if width == 2 else "cp1252", errors="replace")
        for count, start, width in pieces
    )
    size = sum(count for count, _, _ in pieces)
    characters = characters.ljust(size)[:size] if len(characters) != size else characters
    text = _Text(characters, [""] * size, [False] * size, [_BODY] * size)
    for start, end, properties in _character_runs(main, _part(main, table, _CHARACTER_RUNS)):
        unread, raised = _look(properties)
        for first, last in _places(pieces, start, end) if unread or raised else ():
            text.unread[first:last] = [unread] * (last - first)
            text.raised[first:last] = [raised] * (last - first)
    for start, end, properties in _paragraph_runs(main, _part(main, table, _PARAGRAPH_RUNS)):
        paragraph = _paragraph(properties)
        for first, last in _places(pieces, start, end) if paragraph.in_table else ():
            text.paragraphs[first:last] = [paragraph] * (last - first)
    return text


def _pieces(stored: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield how many characters each piece has, where in the file it begins, and how many bytes a character takes."""
    at = 0
    while stored[at] == 1:  # properties that pieces refer to
        at += 3 + struct.unpack_from("<H", stored, at + 1)[0]
    length = struct.unpack_from("<I", stored, at + 1)[0]
    plc = stored[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", plc)
    for number, (first, last) in enumerate(pairwise(positions)):
        start = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        narrow = bool(start & 0x40000000)
        yield last - first, (start & 0x3FFFFFFF) // 2 if narrow else start, 1 if narrow else 2


def _places(pieces: Sequence[tuple[int, int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the characters that lie between two places of the file."""
    position = 0
    for count, begins, width in pieces:
        first, last = max(start, begins), min(end, begins + width * count)
        if first < last:
            yield position + (first - begins) // width, position + (last - begins + width - 1) // width
        position += count


def _pages(main: bytes, plc: bytes) -> Iterator[tuple[bytes, list[int]]]:
    """Yield the pages of runs with where in the file their runs begin and end."""
    count = (len(plc) - 4) // 8
    for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)):
        page = main[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
        if len(page) == _PAGE:
            yield page, list(struct.unpack_from(f"<{page[-1] + 1}I", page))


def _character_runs(main: bytes, plc: bytes) -> Iterator[tuple[int, int, bytes]]:
    for page, places in _pages(main, plc):
        for number, (start, end) in enumerate(pairwise(places)):
            at = 2 * page[4 * len(places) + number]
            yield start, end, page[at + 1 : at + 1 + page[at]] if at else b""


def _paragraph_runs(main: bytes, plc: bytes) -> Iterator[tuple[int, int, bytes]]:
    for page, places in _pages(main, plc):
        for number, (start, end) in enumerate(pairwise(places)):
            at = 2 * page[4 * len(places) + 13 * number]
            length = 2 * page[at] - 1 if page[at] else 2 * page[at + 1]
            begin = at + (1 if page[at] else 2)
            yield start, end, page[begin + 2 : begin + length] if at else b""  # after the number of its style


def _properties(stored: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 < len(stored):
        code = struct.unpack_from("<H", stored, at)[0]
        at += 2
        if code >> 13 in _LONG_OPERANDS:
            length = _LONG_OPERANDS[code >> 13]
        elif code == _ROW:
            length = struct.unpack_from("<H", stored.ljust(at + 2, b"\0"), at)[0] + 1
        else:
            length = stored[at] + 1
        yield code, stored[at : at + length]
        at += length


def _look(stored: bytes) -> tuple[str, bool]:
    """Return whether a run is hidden or struck out, and whether it is raised."""
    unread, raised = "", False
    lifted = sized = 0
    for code, operand in _properties(stored):
        if code in _HIDDEN and operand[:1] in (b"\x01", b"\x81"):
            unread = "hidden"
        elif code in _STRUCK and operand[:1] in (b"\x01", b"\x81"):
            unread = unread or "struck"
        elif code == _RAISED:
            raised = operand[:1] == b"\x01"
        elif code == _LIFTED:
            lifted = int.from_bytes(operand, "little", signed=True)
        elif code == _SIZE:
            sized = int.from_bytes(operand, "little")
    return unread, raised or (lifted >= _HALF_POINTS and sized > 0)


def _paragraph(stored: bytes) -> _Paragraph:
    in_table = ends_row = False
    edges: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    for code, operand in _properties(stored):
        if code in (_IN_TABLE, _DEPTH):
            in_table = in_table or any(operand)
        elif code == _ROW_ENDS:
            ends_row = any(operand)
        elif code == _ROW and len(operand) > 2:
            count = operand[2]
            edges = struct.unpack_from(f"<{count + 1}h", operand.ljust(3 + 2 * (count + 1), b"\0"), 3)
            cells = operand[3 + 2 * (count + 1) :]
            merged = tuple(
                struct.unpack_from("<H", cells, 20 * n)[0] if len(cells) >= 20 * n + 2 else 0 for n in range(count)
            )
    return _Paragraph(in_table, ends_row, edges, merged)


# --- Paragraphs and tables --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """The walk along the text: the runs of the paragraph or cell at hand, the cells of the row, the rows of the table."""

    runs: list[Run] = field(default_factory=list)
    cells: list[list[Run]] = field(default_factory=list)
    rows: list[tuple[list[list[Run]], _Paragraph]] = field(default_factory=list)
    notes: int = 0

    def blocks(self, text: Iterable[tuple[str, Run, _Paragraph]]) -> Iterator[str | Grid]:
        for character, run, paragraph in text:
            if character == _NOTE:
                self.notes += 1
                self.runs.append(replace(run, text=str(self.notes), raised=True))
            elif character == _CELL_ENDS and paragraph.ends_row:
                self.rows.append((self.cells, paragraph))
                self.cells, self.runs = [], []
            elif character == _CELL_ENDS:
                self.cells.append(self.runs)
                self.runs = []
            elif character in _PARAGRAPH_ENDS and paragraph.in_table:
                self.runs.append(Run("\n"))
            elif character in _PARAGRAPH_ENDS:
                yield from self._table()
                yield from self._paragraph()
            else:
                self.runs.append(run)
        yield from self._table()
        yield from self._paragraph()

    def _paragraph(self) -> Iterator[str | Grid]:
        text, *left_out = shown(self.runs).blocks()
        self.runs = []
        yield from filter(None, (" ".join(line.split()) for line in str(text).split("\n")))
        yield from left_out

    def _table(self) -> Iterator[str | Grid]:
        if not self.rows:
            return
        rows, beside = _grid_rows(self.rows)
        self.rows = []
        if is_layout(rows):
            yield from (line for row in rows for cell in row for line in cell.text.split("\n") if line)
        else:
            yield Grid.laid_out(rows)
        yield from beside


def _notes(text: Iterable[tuple[str, Run, _Paragraph]]) -> list[str | Grid]:
    """Return notes, each under its mark: their text begins with the mark that the main text has."""
    blocks: list[str | Grid] = []
    for block in _Walk().blocks(text):
        blocks.append(block.lstrip() if isinstance(block, str) else block)
    return [
        block.replace("]", "] ", 1) if isinstance(block, str) and block.startswith("[") else block for block in blocks
    ]


_ACROSS, _DOWN, _FIRST_DOWN = 0x0003, 0x0020, 0x0040
_CONTINUES_ACROSS = 1


def _grid_rows(rows: Sequence[tuple[list[list[Run]], _Paragraph]]) -> tuple[list[list[Cell]], list[str | Grid]]:
    """Return the rows of a table with the spans that the edges of their cells tell, and what in them is left out."""
    columns: list[int] = []
    for edge in sorted(edge for _, paragraph in rows for edge in paragraph.edges):
        if not columns or edge - columns[-1] > _SAME_EDGE:
            columns.append(edge)
    laid: list[list[Cell]] = []
    beside: list[str | Grid] = []
    above: dict[int, tuple[int, int]] = {}
    for contents, paragraph in rows:
        cells: list[Cell] = []
        column = _index(columns, paragraph.edges[0]) if paragraph.edges else 0
        if column:
            cells.append(Cell(columns=column))
        for number, runs in enumerate(contents):
            width = _breadth(columns, paragraph.edges, number)
            flags = paragraph.merged[number] if number < len(paragraph.merged) else 0
            if flags & _ACROSS == _CONTINUES_ACROSS and cells:
                cells[-1] = replace(cells[-1], columns=cells[-1].columns + width)
            elif flags & _DOWN and not flags & _FIRST_DOWN and column in above:
                row, place = above[column]
                laid[row][place] = replace(laid[row][place], rows=len(laid) - row + 1)
            else:
                cell, gone = cell_of(runs)
                beside += [Grid.laid_out([gone])] if gone else []
                above[column] = (len(laid), len(cells))
                cells.append(replace(cell, columns=width))
            column += width
        laid.append(cells)
    return laid, beside


def _index(columns: Sequence[int], edge: int) -> int:
    return next((n for n, column in enumerate(columns) if edge - column <= _SAME_EDGE), 0)


def _breadth(columns: Sequence[int], edges: Sequence[int], number: int) -> int:
    if number + 1 >= len(edges):
        return 1
    return max(1, _index(columns, edges[number + 1]) - _index(columns, edges[number]))

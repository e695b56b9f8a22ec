"""From an XLSX to grids, each cell as the sheet shows it: by its number format, without what is hidden or struck out.

The sheets' XML is read here because no library tells all of this in one pass: openpyxl gives a formula or its cached result and
fails on styles that other programs write, calamine gives values without formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from bulletins.pages.formulas import results
from bulletins.pages.number_formats import BUILT_IN, general, shown, shown_text
from bulletins.pages.packages import Package
from bulletins.pages.runs import Run, cell_of
from bulletins.tables.grid import Cell, Grid

_UNNAMED_SHEET = re.compile(r"(?i:sheet|工作表|表)\s*\d*")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.I)
_DIGIT = re.compile(r"\d")
#: Row and column -> the cell, and what in it is left out.
Placed = Mapping[tuple[int, int], tuple[Cell, tuple[Cell, ...]]]
#: `Run.unread` of a run that looks as its cell does: it has no font of its own.
AS_CELL = "as cell"
_WIDEST_GAP = 50  # empty rows or columns that are kept between cells


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell's style says: its number format, and whether its font is struck out."""

    format: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    strings: Sequence[Sequence[Run]]
    looks: Sequence[Look]
    since_1904: bool
    stale: bool  # results are computed when the file is opened; those stored may never have been

    def look(self, cell: Element) -> Look:
        number = int(cell.get("s", "0"))
        return self.looks[number] if number < len(self.looks) else Look()


def xlsx_blocks(raw: bytes) -> list[str | Grid]:
    """Return the sheets of an XLSX as grids, with the names of sheets and the words of text boxes between them."""
    package = Package(raw)
    path = next(name for name in ("xl/workbook.xml", *sorted(package.names)) if name in package.names)
    workbook, relations = package.tree(path), package.relations(path)
    book = _Book(_strings(package), _looks(package), _is_on(workbook, "workbookPr", "date1904"),
                 _is_on(workbook, "calcPr", "fullCalcOnLoad"))  # fmt: skip
    sheets = []
    for sheet in workbook.iter("sheet"):
        part = relations.get(sheet.get("id", ""), "")
        if part in package.names:
            hidden = sheet.get("state", "visible") != "visible"
            grid = _grid(package.tree(part), book)
            sheets.append(NamedGrid(sheet.get("name", ""), grid, hidden, tuple(_boxes(package, part))))
    return sheet_blocks(sheets)


@dataclass(frozen=True, slots=True)
class NamedGrid:
    """A sheet: its name, its cells, whether the sheet as a whole is hidden, and the words that float over it."""

    name: str
    grid: Grid
    hidden: bool = False
    boxes: tuple[str, ...] = ()


def sheet_blocks(sheets: Sequence[NamedGrid]) -> list[str | Grid]:
    """Return sheets as blocks; a sheet's name stands before it where there are several, and in the path of its grid.

    Of a hidden sheet those cells are kept that hold a number, as ones that are not printed.
    """
    filled = sum(not sheet.hidden and any(not cell.unread for cell in sheet.grid.cells) for sheet in sheets)
    blocks: list[str | Grid] = []
    for sheet in sheets:
        named = not _UNNAMED_SHEET.fullmatch(sheet.name)
        grid = replace(sheet.grid, path=(sheet.name,) if named else ())
        if sheet.hidden:
            kept = (replace(cell, unread=cell.unread or "hidden") for cell in grid.cells if _DIGIT.search(cell.text))
            grid = replace(grid, cells=tuple(kept))
        elif named and filled > 1 and any(not cell.unread for cell in grid.cells):
            blocks.append(sheet.name)
        blocks += [grid] if grid.cells else []
        blocks += [] if sheet.hidden else sheet.boxes
    return blocks


def _is_on(root: Element, name: str, attribute: str) -> bool:
    element = root.find(name)
    return element is not None and element.get(attribute, "0") in ("1", "true", "on")


# --- Styles and strings -----------------------------------------------------------------------------------------------


def _looks(package: Package) -> list[Look]:
    if "xl/styles.xml" not in package.names:
        return []
    styles = package.tree("xl/styles.xml")
    codes = {code.get("numFmtId", ""): code.get("formatCode", "") for code in styles.iterfind("numFmts/numFmt")}
    fonts = [_is_set(font, "strike") for font in styles.iterfind("fonts/font")]
    looks = []
    for style in styles.iterfind("cellXfs/xf"):
        number, font = style.get("numFmtId", "0"), int(style.get("fontId", "0"))
        code = codes.get(number) or BUILT_IN.get(int(number), "")
        looks.append(Look(code, font < len(fonts) and fonts[font]))
    return looks


def _is_set(properties: Element | None, name: str) -> bool:
    element = properties.find(name) if properties is not None else None
    return element is not None and element.get("val", "1") not in ("0", "false", "off")


def _strings(package: Package) -> list[list[Run]]:
    if "xl/sharedStrings.xml" not in package.names:
        return []
    return [_runs(item) for item in package.tree("xl/sharedStrings.xml").iterfind("si")]


def _runs(item: Element) -> list[Run]:
    """Return the runs of a string; how a word is spoken (`rPh`) is no part of it."""
    runs = []
    for child in item:
        if child.tag == "t":
            runs.append(Run(_unescaped(child.text or ""), AS_CELL))
        elif child.tag == "r":
            properties = child.find("rPr")
            align = properties.find("vertAlign") if properties is not None else None
            raised = align is not None and align.get("val") == "superscript"
            struck = AS_CELL if properties is None else "struck" if _is_set(properties, "strike") else ""
            runs.append(Run(_unescaped("".join(text.text or "" for text in child.iterfind("t"))), struck, raised))
    return runs


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Return a string without the escapes that stand for control characters (`_x000D_`)."""
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "_x" in text else text


# --- Sheets -----------------------------------------------------------------------------------------------------------


def _grid(sheet: Element, book: _Book) -> Grid:
    spans = [_area(merge.get("ref", "")) for merge in sheet.iterfind("mergeCells/mergeCell")]
    hidden_columns = [
        (int(column.get("min", "1")) - 1, int(column.get("max", "1")) - 1)
        for column in sheet.iterfind("cols/col")
        if _is_hidden(column, "width")
    ]
    hidden_rows: set[int] = set()
    placed: dict[tuple[int, int], tuple[Cell, tuple[Cell, ...]]] = {}
    for row_number, row in _numbered(sheet.iterfind("sheetData/row")):
        if _is_hidden(row, "ht"):
            hidden_rows.add(row_number)
        column = -1
        for element in row.iterfind("c"):
            reference = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(reference.group(1)) if reference else column + 1
            placed[row_number, column] = _cell(element, book)
    hidden = Hidden(hidden_rows, hidden_columns)
    return arranged(computed(placed, since_1904=book.since_1904), spans, hidden)


def computed(placed: Placed, *, since_1904: bool = False) -> Placed:
    """Return the cells of a sheet with what its plain formulas come to in the place of those without a result."""
    formulas = {place: cell.text.removeprefix("=") for place, (cell, _) in placed.items() if cell.unread == "formula"}
    if not formulas:
        return placed
    values = {place: cell.value if cell.value is not None else cell.text or None for place, (cell, _) in placed.items()}
    found = {
        place: (number(value, Look(placed[place][0].format), since_1904=since_1904), placed[place][1])
        for place, value in results(formulas, values).items()
    }
    return {**placed, **found}


def _numbered(rows: Iterator[Element]) -> Iterator[tuple[int, Element]]:
    number = -1
    for row in rows:
        number = int(row.get("r", number + 2)) - 1
        yield number, row


def _is_hidden(element: Element, size: str) -> bool:
    return element.get("hidden", "0") in ("1", "true", "on") or float(element.get(size, "1") or "1") == 0


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _area(reference: str) -> tuple[int, int, int, int]:
    """Return the first row, first column, last row and last column, from 0, of `B2:D5`."""
    ends = _REFERENCE.findall(reference)
    (left, top), (right, bottom) = ends[0], ends[-1]
    return int(top) - 1, _column(left), int(bottom) - 1, _column(right)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which rows and columns of a sheet are not shown; columns as ranges that include their end."""

    rows: set[int]
    columns: Sequence[tuple[int, int]]

    def hides(self, row: int, column: int) -> bool:
        """Whether a single cell is not shown."""
        return row in self.rows or any(first <= column <= last for first, last in self.columns)

    def hides_all(self, rows: range, columns: range) -> bool:
        """Whether nothing is left of a merged cell: all its rows or all its columns are hidden."""
        if all(row in self.rows for row in rows):
            return True
        return all(any(first <= column <= last for first, last in self.columns) for column in columns)


def arranged(
    placed: Placed,
    spans: Sequence[tuple[int, int, int, int]],
    hidden: Hidden,
) -> Grid:
    """Return the cells of a sheet as a grid.

    Args:
        placed: the cells by their places.
        spans: merged cells: first row, first column, last row, last column.
        hidden: rows and columns that are not shown. What lies under a merged cell is hidden too.
    """
    merged = {(top, left): (range(top, bottom + 1), range(left, right + 1)) for top, left, bottom, right in spans}
    cells: list[Cell] = []
    for (row, column), (cell, gone) in sorted(placed.items()):
        if not cell.text and not gone:
            continue
        area = merged.get((row, column))
        covered = not area and any(row in rows and column in columns for rows, columns in merged.values())
        shut = hidden.hides_all(*area) if area else covered or hidden.hides(row, column)
        height, width = (len(area[0]), len(area[1])) if area else (1, 1)
        if cell.text and (not shut or _DIGIT.search(cell.text)):
            unread = cell.unread or ("hidden" if shut else "")
            cells.append(replace(cell, row=row, column=column, rows=height, columns=width, unread=unread))
        cells += (replace(left, row=row, column=column) for left in gone)
    rows = _drawn_together(edge for cell in cells for edge in (cell.row, cell.row + cell.rows - 1))
    columns = _drawn_together(edge for cell in cells for edge in (cell.column, cell.column + cell.columns - 1))
    return Grid(tuple(_moved(cell, rows, columns) for cell in cells))


def _drawn_together(edges: Iterable[int]) -> dict[int, int]:
    """Map rows or columns to where they stand when wide gaps are narrowed: a stray cell may lie a million rows out."""
    places: dict[int, int] = {}
    before = at = -1
    for edge in sorted(set(edges)):
        at += min(edge - before, _WIDEST_GAP)
        places[edge] = at
        before = edge
    return places


def _moved(cell: Cell, rows: Mapping[int, int], columns: Mapping[int, int]) -> Cell:
    row, column = rows[cell.row], columns[cell.column]
    if (row, column) == (cell.row, cell.column) and cell.rows == cell.columns == 1:
        return cell
    height = rows[cell.row + cell.rows - 1] - row + 1
    width = columns[cell.column + cell.columns - 1] - column + 1
    return replace(cell, row=row, column=column, rows=height, columns=width)


def _cell(element: Element, book: _Book) -> tuple[Cell, tuple[Cell, ...]]:
    """Return a cell as it is shown, and what in it is left out."""
    kind, look = element.get("t", "n"), book.look(element)
    stored, formula = element.findtext("v") or "", element.find("f")
    if kind == "inlineStr":
        inline = element.find("is")
        return words(_runs(inline) if inline is not None else [], look)
    if kind == "s":
        return words(book.strings[int(stored)] if stored else [], look)
    if kind in ("str", "d"):
        return words([Run(_unescaped(stored), AS_CELL)], look)
    if formula is not None and kind == "n" and (not stored or (book.stale and float(stored) == 0)):
        return Cell(f"={formula.text or ''}", unread="formula", format=look.format), ()
    if kind == "b":
        return Cell("是" if stored == "1" else "否"), ()
    if kind == "e" or not stored:
        return Cell(), ()
    return number(float(stored), look, since_1904=book.since_1904), ()


def words(runs: Sequence[Run], look: Look) -> tuple[Cell, tuple[Cell, ...]]:
    """Return a cell of text by its runs and its format, and what in it is left out."""
    of_cell = "struck" if look.struck else ""
    cell, gone = cell_of([Run(run.text, of_cell, run.raised) if run.unread == AS_CELL else run for run in runs])
    if not look.format or look.format == "@" or not cell.text:
        return cell, gone
    return replace(cell, text=shown_text(cell.text, look.format), format=look.format), gone


def number(value: float, look: Look, *, since_1904: bool = False) -> Cell:
    """Return a cell that holds a number, as its format shows it; one that the format does not show is hidden."""
    text = shown(value, look.format, since_1904=since_1904)
    unread = "struck" if look.struck else "" if text or not value else "hidden"
    return Cell(text or (general(value) if unread else ""), unread=unread, value=value, format=_stated(look.format))


def _stated(code: str) -> str:
    return "" if code.strip().lower() in ("general", "@") else code


# --- Words that float over a sheet ------------------------------------------------------------------------------------


def _boxes(package: Package, part: str) -> Iterator[str]:
    for drawing in package.relations(part).values():
        if "/drawings/drawing" not in drawing or drawing not in package.names:
            continue
        for body in package.tree(drawing).iter("txBody"):
            for paragraph in body.iter("p"):
                if text := " ".join("".join(piece.text or "" for piece in paragraph.iter("t")).split()):
                    yield text

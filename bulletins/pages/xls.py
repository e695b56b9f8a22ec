"""From an XLS (Excel 5 to 2003, and what WPS writes as `.et`) to grids, each cell as the sheet shows it.

xlrd opens the file; what a number format shows and how a sheet becomes a grid is shared with XLSX.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import xlrd

from bulletins.pages.runs import Run
from bulletins.pages.xlsx import AS_CELL, Hidden, Look, NamedGrid, arranged, number, sheet_blocks, words
from bulletins.tables.grid import Cell, Grid

_BIFF8 = 80
#: Code pages that Chinese files state which hold no Chinese: the program was never told.
_WESTERN = (None, 1252, 367, 32768)
_SUPERSCRIPT = 1


def xls_blocks(raw: bytes) -> list[str | Grid]:
    """Return the sheets of an XLS as grids, with the names of sheets between them."""
    with _opened(raw) as book:
        looks = [
            Look(_code(book.format_map[style.format_key].format_str), bool(book.font_list[style.font_index].struck_out))
            for style in book.xf_list
        ]
        return sheet_blocks(
            [NamedGrid(sheet.name, _grid(sheet, book, looks), bool(sheet.visibility)) for sheet in book.sheets()]
        )


def _opened(raw: bytes) -> xlrd.Book:
    book = xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=StringIO())
    if book.biff_version >= _BIFF8 or book.codepage not in _WESTERN:
        return book
    # Before Excel 97 a text is bytes in the code page of the machine, which many programs did not state.
    return xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=StringIO(), encoding_override="gb18030")


def _code(format_string: str) -> str:
    return "" if format_string.strip().lower() == "general" else format_string


def _grid(sheet: xlrd.sheet.Sheet, book: xlrd.Book, looks: list[Look]) -> Grid:
    placed = {
        (row, column): _cell(sheet, row, column, book, looks)
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
    }
    hidden = Hidden(
        {row for row, info in sheet.rowinfo_map.items() if info.hidden},
        [(column, column) for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0],
    )
    spans = [(top, left, end - 1, stop - 1) for top, end, left, stop in sheet.merged_cells]
    return arranged(placed, spans, hidden)


def _cell(
    sheet: xlrd.sheet.Sheet, row: int, column: int, book: xlrd.Book, looks: list[Look]
) -> tuple[Cell, tuple[Cell, ...]]:
    cell = sheet.cell(row, column)
    look = looks[cell.xf_index] if cell.xf_index is not None else Look()
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return number(cell.value, look, since_1904=bool(book.datemode)), ()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return Cell("是" if cell.value else "否"), ()
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return words(list(_runs(cell.value, sheet.rich_text_runlist_map.get((row, column), []), book)), look)
    return Cell(), ()


def _runs(text: str, changes: list[tuple[int, int]], book: xlrd.Book) -> Iterator[Run]:
    """Yield the pieces of a text by the fonts that it changes to at some positions."""
    positions = [0, *(position for position, _ in changes), len(text)]
    fonts = [None, *(book.font_list[index] for _, index in changes)]
    for start, end, font in zip(positions, positions[1:], fonts, strict=False):
        struck = AS_CELL if font is None else "struck" if font.struck_out else ""
        yield Run(text[start:end], struck, font is not None and font.escapement == _SUPERSCRIPT)

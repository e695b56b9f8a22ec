"""From the XML that Excel 2003 and many an exporter write under `.xls` to grids, and from a web page saved as one file (MHT) to HTML.

SpreadsheetML 2003 names its formats in words (`Percent`, `Short Date`) beside the codes that other sheets have.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from bulletins.pages.number_formats import BUILT_IN
from bulletins.pages.packages import tree
from bulletins.pages.runs import Run
from bulletins.pages.xlsx import AS_CELL, Hidden, Look, NamedGrid, arranged, computed, number, sheet_blocks, words
from bulletins.tables.grid import Cell, Grid

_NAMED: Mapping[str, str] = {
    "General": "", "General Number": "", "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00",
    "Short Date": "yyyy/m/d", "Medium Date": "yyyy/m/d", "Long Date": BUILT_IN[31], "General Date": "yyyy/m/d h:mm", "Short Time": "h:mm",
    "Medium Time": "h:mm", "Long Time": "h:mm:ss", "Currency": "¥#,##0.00", "Euro Currency": "#,##0.00", "True/False": "", "Yes/No": "",
    "On/Off": "",
}  # fmt: skip
_DAY_0 = dt.datetime(1899, 12, 30)
_RELATIVE = re.compile(r"R(?:\[(-?\d+)\]|(\d+))?C(?:\[(-?\d+)\]|(\d+))?")


def excel_2003_blocks(raw: bytes) -> list[str | Grid]:
    """Return the sheets of a SpreadsheetML 2003 file as grids."""
    root = tree(raw)
    looks = {style.get("ID", ""): _look(style) for style in root.iterfind("Styles/Style")}
    return sheet_blocks([_sheet(sheet, looks) for sheet in root.iterfind("Worksheet")])


def _look(style: Element) -> Look:
    code = style.find("NumberFormat")
    font = style.find("Font")
    named = code.get("Format", "") if code is not None else ""
    return Look(_NAMED.get(named, named), font is not None and font.get("StrikeThrough") == "1")


def _sheet(sheet: Element, looks: Mapping[str, Look]) -> NamedGrid:
    placed: dict[tuple[int, int], tuple[Cell, tuple[Cell, ...]]] = {}
    spans: list[tuple[int, int, int, int]] = []
    table = sheet.find("Table")
    columns = [
        (at, at + int(column.get("Span", "0"))) for at, column in _numbered(table, "Column") if _is_hidden(column)
    ]
    rows: set[int] = set()
    for row_number, row in _numbered(table, "Row"):
        if _is_hidden(row):
            rows.add(row_number)
        for column, cell in _numbered(row, "Cell"):
            down, across = int(cell.get("MergeDown", "0")), int(cell.get("MergeAcross", "0"))
            if down or across:
                spans.append((row_number, column, row_number + down, column + across))
            placed[row_number, column] = _cell(cell, looks, (row_number, column))
    state = sheet.findtext("WorksheetOptions/Visible") or ""
    return NamedGrid(
        sheet.get("Name", ""), arranged(computed(placed), spans, Hidden(rows, columns)), state.startswith("SheetHidden")
    )


def _is_hidden(element: Element) -> bool:
    return element.get("Hidden") == "1" or element.get("Height") == "0" or element.get("Width") == "0"


def _numbered(parent: Element | None, tag: str) -> Iterator[tuple[int, Element]]:
    """Yield rows, columns or cells with their numbers from 0; those that are left out are counted by the next one's index."""
    number = -1
    for element in parent.iterfind(tag) if parent is not None else ():
        number = int(element.get("Index", number + 2)) - 1
        yield number, element
        number += int(element.get("Span", "0")) + int(element.get("MergeAcross", "0"))


def _cell(element: Element, looks: Mapping[str, Look], place: tuple[int, int]) -> tuple[Cell, tuple[Cell, ...]]:
    look = looks.get(element.get("StyleID", ""), Look())
    data, formula = element.find("Data"), element.get("Formula", "")
    if data is None or (not "".join(data.itertext()) and formula):
        return (
            Cell(f"={_in_letters(formula.removeprefix('='), place)}", unread="formula", format=look.format)
            if formula
            else Cell()
        ), ()
    kind, text = data.get("Type", "String"), "".join(data.itertext())
    if kind == "Number":
        return number(float(text), look), ()
    if kind == "DateTime":
        days = (dt.datetime.fromisoformat(text.partition(".")[0]) - _DAY_0) / dt.timedelta(days=1)
        return number(days, look if look.format else Look(BUILT_IN[14], look.struck)), ()
    if kind == "Boolean":
        return Cell("是" if text == "1" else "否"), ()
    return words(list(_runs(data, AS_CELL, raised=False)), look) if kind == "String" else (Cell(), ())


def _runs(element: Element, unread: str, *, raised: bool) -> Iterator[Run]:
    """Yield the pieces of a text by its elements of HTML: struck (`S`), raised (`Sup`)."""
    yield Run(element.text or "", unread, raised)
    for child in element:
        yield from _runs(child, "struck" if child.tag == "S" else unread, raised=raised or child.tag == "Sup")
        yield Run(child.tail or "", unread, raised)


def _in_letters(formula: str, place: tuple[int, int]) -> str:
    """Return a formula with its cells called by letters and digits (`R[-1]C` below B2 is B1)."""

    def called(match: re.Match[str]) -> str:
        row = int(match.group(2)) - 1 if match.group(2) else place[0] + int(match.group(1) or 0)
        column = int(match.group(4)) - 1 if match.group(4) else place[1] + int(match.group(3) or 0)
        letters = ""
        column += 1
        while column:
            column, letter = divmod(column - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{row + 1}"

    return _RELATIVE.sub(called, formula)


def page_of_mht(raw: bytes) -> tuple[bytes, str | None]:
    """Return the web page in an MHT and the charset that is declared for it.

    Raises:
        ValueError: there is none.
    """
    message = email.message_from_bytes(raw.lstrip(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html" and isinstance(content := part.get_payload(decode=True), bytes):
            return content, part.get_content_charset()
    raise ValueError("no web page in it")

"""From the bytes of an attachment (PDF, DOCX, XLSX, XLS) to a `Document`, tables as pipe rows like those of a page.

Here belongs what is true of file formats, told apart by their first bytes: servers send `application/octet-stream`,
and an `.xls` is often an HTML page. The geometry of a PDF is in `pdf.py`. Converting an old format is the one effect
in this room: it runs LibreOffice, and only where the caller passes `libreoffice()`.
"""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import docx
import xlrd
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from bulletins.pages.page import Document, address_date, read_html
from bulletins.pages.pdf import pdf_lines
from bulletins.pages.tables import Cell, is_layout, pipe_rows

#: What a DOCX or XLSX may unpack to; those of bureaus stay under a tenth of it.
_MAX_EXPANDED = 256 * 2**20
_MAX_AREA = 4_000_000  # cells between the first and the last one of a sheet

#: Takes a file of an old format and returns it as DOCX.
Convert = Callable[[bytes], bytes]


class AttachmentError(ValueError):
    """An attachment that cannot be read: damaged, encrypted, or of a format that is none of those above."""


def kind_of(raw: bytes) -> str:
    """Return what a file is by its bytes: pdf, docx, xlsx, xls, doc, html, or empty for anything else.

    `doc` stands for every text document that needs an office program: DOC, WPS, RTF, ODT.
    """
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if start.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(BytesIO(raw)).namelist())
        except (zipfile.BadZipFile, NotImplementedError):  # the latter for a version number beyond all versions
            return ""
        known = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "content.xml": "doc"}
        return next((kind for name, kind in known.items() if name in names), "")
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        streams = {"Workbook": "xls", "Book": "xls", "WordDocument": "doc"}
        return next((kind for name, kind in streams.items() if name.encode("utf-16-le") in raw), "")
    if start.startswith(b"{\\rtf"):
        return "doc"
    return "html" if re.match(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|!--)", start, re.I) else ""


def read_attachment(
    raw: bytes, *, title: str = "", url: str = "", declared: str | None = None, convert: Convert | None = None
) -> Document:
    """Return the document that an attachment holds.

    Args:
        raw: the file as it was sent.
        title: the words of the link to it; without them its first line is its title.
        url: its address, which may hold its date.
        declared: the charset of the HTTP header; HTML that is sent as a spreadsheet needs it.
        convert: makes a DOCX of an old format (see `libreoffice`); without it such a file is marked
            `needs_conversion`.

    Raises:
        AttachmentError: the file is damaged, encrypted, or of another format.
    """
    kind = kind_of(raw)
    mark = ""
    if kind == "html":
        document = read_html(raw, declared=declared, url=url)
        return replace(document, title=title or document.title)
    if kind == "doc" and convert is not None:
        raw, kind = convert(raw), "docx"
    try:
        if kind in ("docx", "xlsx"):
            _refuse_bomb(raw)
        if kind == "pdf":
            lines, complete = pdf_lines(raw)
            mark = "" if complete else "needs_ocr"
        elif kind == "docx":
            lines = list(_docx_lines(raw))
        elif kind in ("xlsx", "xls"):
            lines = list(_sheet_lines(_xlsx_sheets(raw) if kind == "xlsx" else _xls_sheets(raw)))
        elif kind == "doc":
            lines, mark = [], "needs_conversion"
        else:
            raise AttachmentError(f"not a PDF, DOCX, XLSX, XLS or DOC file: it begins with {raw[:8]!r}")
    except AttachmentError:
        raise
    except Exception as error:  # five libraries, each with a dozen kinds of error for what is damaged
        raise AttachmentError(f"damaged or encrypted {kind.upper()} file: {error}") from error
    return Document(
        title=title or next(iter(lines), ""),
        publisher="",
        published_on=address_date(url),
        text="\n".join(lines),
        mark=mark,
    )


def _refuse_bomb(raw: bytes) -> None:
    expanded = sum(member.file_size for member in zipfile.ZipFile(BytesIO(raw)).infolist())
    if expanded > _MAX_EXPANDED:
        raise AttachmentError(
            f"expands to {expanded / 2**20:,.0f} MiB, more than the {_MAX_EXPANDED / 2**20:,.0f} allowed"
        )


# --- DOCX -------------------------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: What is not printed: text that was moved away, and the second wording of a drawing for older programs.
_NOT_PRINTED = {f"{_W}moveFrom", f"{_W}del", _FALLBACK}
_PRINTED_AS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def _docx_lines(raw: bytes) -> Iterator[str]:
    """Yield the paragraphs and tables of a DOCX in document order, with accepted revisions, without deleted ones."""
    yield from _blocks(docx.Document(BytesIO(raw)).element.body)


def _blocks(parent: ElementTree.Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from filter(None, (" ".join(line.split()) for line in _paragraph_text(child).split("\n")))
        elif child.tag == f"{_W}tbl":
            yield from _docx_table(child)
        elif child.tag not in _NOT_PRINTED and isinstance(child.tag, str):  # content controls and the like
            yield from _blocks(child)


def _paragraph_text(element: ElementTree.Element) -> str:
    pieces = []
    for child in element:
        if child.tag == f"{_W}t":
            pieces.append(child.text or "")
        elif child.tag in _PRINTED_AS:
            pieces.append(_PRINTED_AS[child.tag])
        elif child.tag == f"{_W}p":  # a text box within a paragraph
            pieces.append(f"\n{_paragraph_text(child)}\n")
        elif child.tag not in _NOT_PRINTED:
            pieces.append(_paragraph_text(child))
    return "".join(pieces)


def _docx_table(table: ElementTree.Element) -> Iterator[str]:
    grid: list[list[Cell]] = []
    above: dict[int, tuple[int, int]] = {}  # column -> where the cell that may go on downwards stands in `grid`
    for row in _children(table, "tr"):
        cells: list[Cell] = []
        column = 0
        before = row.find(f"{_W}trPr/{_W}gridBefore")
        if before is not None:
            column = int(before.get(f"{_W}val", "0"))
            cells.append(Cell("", columns=column))
        for cell in _children(row, "tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            width = int(span.get(f"{_W}val", "1")) if span is not None else 1
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is not None and merge.get(f"{_W}val", "continue") == "continue" and column in above:
                origin_row, origin = above[column]
                grid[origin_row][origin] = replace(grid[origin_row][origin], rows=len(grid) - origin_row + 1)
            else:
                above[column] = (len(grid), len(cells))
                cells.append(Cell("\n".join(_blocks(cell)), columns=width))
            column += width
        grid.append(cells)
    if is_layout(grid):
        yield from (line for cells in grid for cell in cells for line in cell.text.split("\n") if line)
    else:
        yield from pipe_rows(grid)


def _children(parent: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """Yield the rows of a table or the cells of a row, those inside content controls too."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml"):
            yield from _children(child, tag)


# --- Spreadsheets -----------------------------------------------------------------------------------------------------

_UNNAMED_SHEET = re.compile(r"(?i:sheet|工作表|表)\s*\d*")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A visible sheet: its values, how many rows and columns a merged cell covers, which cells are percentages."""

    name: str
    values: Sequence[Sequence[object]]
    spans: Mapping[tuple[int, int], tuple[int, int]]
    percent: Set[tuple[int, int]]

    def rows(self) -> list[str]:
        covered = {
            (row, column)
            for (top, left), (height, breadth) in self.spans.items()
            for row in range(top, top + height)
            for column in range(left, left + breadth)
            if (row, column) != (top, left)
        }
        return pipe_rows(
            [
                Cell(_value_text(value, (row, column) in self.percent), *self.spans.get((row, column), (1, 1)))
                for column, value in enumerate(values)
                if (row, column) not in covered
            ]
            for row, values in enumerate(self.values)
        )


def _sheet_lines(sheets: Iterable[_Sheet]) -> Iterator[str]:
    """Yield the sheets as pipe rows; a sheet's name stands before it where there are several."""
    filled = [(sheet.name, rows) for sheet in sheets if (rows := sheet.rows())]
    for name, rows in filled:
        if len(filled) > 1 and not _UNNAMED_SHEET.fullmatch(name):
            yield name
        yield from rows


def _xls_sheets(raw: bytes) -> Iterator[_Sheet]:
    """Yield the visible sheets of an XLS."""
    with xlrd.open_workbook(file_contents=raw, formatting_info=True, logfile=StringIO()) as book:
        for sheet in book.sheets():
            if sheet.visibility:
                continue
            cells = [sheet.row(row) for row in range(sheet.nrows)]
            formats = {index: book.format_map[style.format_key].format_str for index, style in enumerate(book.xf_list)}
            yield _Sheet(
                sheet.name,
                [[_xls_value(cell, book.datemode) for cell in row] for row in cells],
                {(top, left): (end - top, stop - left) for top, end, left, stop in sheet.merged_cells},
                {(r, c) for r, row in enumerate(cells) for c, cell in enumerate(row) if "%" in formats[cell.xf_index]},
            )


def _xls_value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _xlsx_sheets(raw: bytes) -> Iterator[_Sheet]:
    """Yield the visible sheets of an XLSX."""
    archive = zipfile.ZipFile(BytesIO(raw))
    parts = _sheet_parts(archive)
    for name, part in parts.items():
        _refuse_sparse(name, part)
    percents = _percent_cells(archive, parts)
    workbook = CalamineWorkbook.from_filelike(BytesIO(raw))
    for name in (sheet.name for sheet in workbook.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible):
        sheet = workbook.get_sheet_by_name(name)
        merged = sheet.merged_cell_ranges or []
        yield _Sheet(
            name,
            sheet.to_python(skip_empty_area=False),
            {(top, left): (bottom - top + 1, right - left + 1) for (top, left), (bottom, right) in merged},
            percents.get(name, set()),
        )


def _value_text(value: object, percent: bool) -> str:
    """Return a cell's value as a person would read it: no binary dust, no trailing zeros, percent as percent."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        number = format(value * 100 if percent else value, ".12g")
        return (number if "e" not in number else format(value, ".0f")) + "%" * percent
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>')


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the XML of each sheet of an XLSX by the sheet's name."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {element.get("Id"): element.get("Target", "") for element in relations}
    parts = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist():
            parts[sheet.get("name", "")] = archive.read(path)
    return parts


def _refuse_sparse(name: str, part: bytes) -> None:
    """Refuse a sheet whose last cell lies too far out: it is laid out in full, and that would end the process."""
    cells = [_position(letters.decode(), digits.decode()) for letters, digits in set(_REFERENCE.findall(part))]
    area = (max((row for row, _ in cells), default=0) + 1) * (max((column for _, column in cells), default=0) + 1)
    if area > _MAX_AREA:
        raise AttachmentError(f"sheet {name} spreads over {area:,} cells, more than the {_MAX_AREA:,} allowed")


def _percent_cells(archive: zipfile.ZipFile, parts: Mapping[str, bytes]) -> dict[str, set[tuple[int, int]]]:
    """Return for each sheet of an XLSX the (row, column) of the cells that are shown as a percentage.

    The file stores 0.0583 for what the sheet shows as 5.83%; only the cell's style tells.
    """
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    formats = {"9", "10"}  # built in: 0% and 0.00%
    formats |= {f.get("numFmtId", "") for f in styles.iter(f"{_MAIN}numFmt") if "%" in f.get("formatCode", "")}
    cell_styles = enumerate(styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"))
    percent = {str(number) for number, style in cell_styles if style.get("numFmtId") in formats}
    if not percent:
        return {}
    return {
        name: {
            _position(reference.rstrip("0123456789"), reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            for cell in ElementTree.fromstring(part).iter(f"{_MAIN}c")
            if cell.get("s") in percent and cell.get("t", "n") == "n" and (reference := cell.get("r", ""))
        }
        for name, part in parts.items()
    }


def _position(letters: str, digits: str) -> tuple[int, int]:
    """Return row and column, from 0, of a cell that is called by letters and digits (`D5`)."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


# --- Old formats ------------------------------------------------------------------------------------------------------


def libreoffice(timeout: float = 120) -> Convert | None:
    """Return a converter of DOC, WPS, RTF and ODT to DOCX that runs LibreOffice; None where it is not installed.

    The converter raises AttachmentError where LibreOffice fails or takes longer than `timeout` seconds.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None

    def convert(raw: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "attachment.doc")
            source.write_bytes(raw)
            profile = Path(folder, "profile").as_uri()  # its own, so that two conversions do not wait for each other
            command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "docx", "--outdir"]
            try:
                subprocess.run([*command, folder, source], check=True, capture_output=True, timeout=timeout)
                return source.with_suffix(".docx").read_bytes()
            except (OSError, subprocess.SubprocessError) as error:
                raise AttachmentError(f"LibreOffice could not convert the file: {error}") from error

    return convert

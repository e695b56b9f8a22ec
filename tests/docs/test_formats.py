"""docs/formats.md says of each format what is read, left out or marked: each cell is measured on a file made here."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from bulletins.pages.attachments import read_attachment
from bulletins.pages.page import Document
from tests.bulletins.files import packages
from tests.bulletins.files.old_formats import BOXED_DOC, DOC, PICTURE_DOC, XLS
from tests.bulletins.files.packages import paragraph, plain, text_cell, xlsx
from tests.bulletins.test_attachments import pdf, show
from tests.bulletins.test_ofd import ofd
from tests.bulletins.test_ofd import rule as ofd_rule
from tests.bulletins.test_ofd import show as ofd_show
from tests.bulletins.test_old_formats import ods_cell, opendocument
from tests.bulletins.test_pdf import mapped

DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
RAISED = '<w:vertAlign w:val="superscript"/>'
INVISIBLE = "BT /F 10 Tf 3 Tr 100 700 Td <{}> Tj 0 Tr ET\n"


def html(body: str) -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8></head><body><div><p>工作情况，如下。</p>{body}</div></body></html>".encode()


def row(*cells: str) -> bytes:
    return xlsx(
        f"<sheetData><row>{text_cell('孤儿')}{''.join(cells)}</row></sheetData>",
        formats=('0.0"%"', ";;;"),
        strings="<si/>",
    )


def rich(text: str) -> str:
    return f'<c t="inlineStr"><is>{text}</is></c>'


def boxed_xlsx() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        page = workbook.add_worksheet()
        page.write(0, 0, "孤儿")
        page.insert_textbox(3, 0, "孤儿312人")
    return buffer.getvalue()


def pictured_xlsx() -> bytes:
    dot = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\0\0\0\0" + (0x3A7E9B55).to_bytes(4, "big")
    pixels = zlib.compress(b"\0\0")
    for name, data in ((b"IDAT", pixels), (b"IEND", b"")):
        dot += len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.add_worksheet().insert_image(0, 0, "scan.png", {"image_data": BytesIO(dot)})
    return buffer.getvalue()


NOTE = f'<w:r><w:rPr>{RAISED}</w:rPr><w:footnoteReference w:id="7"/></w:r>'
FOOTNOTE = '<w:footnote w:id="7"><w:p><w:r><w:t>孤儿312人。</w:t></w:r></w:p></w:footnote>'
BOX = "<w:r><w:pict><w:txbxContent>" + paragraph("孤儿312人") + "</w:txbxContent></w:pict></w:r>"
ODT_NOTE = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>孤儿312人。</text:p></text:note-body></text:note>"
ODT_BOX = "<draw:frame><draw:text-box><text:p>孤儿312人</text:p></draw:text-box></draw:frame>"
ODS_BOX = f"<table:shapes>{ODT_BOX}</table:shapes>"
SPAN = '<text:span text:style-name="{}">{}</text:span>'
MAP = (
    "13 beginbfchar "
    + "".join(f"<{0x30 + n:02X}> <{0x30 + n:04X}> " for n in range(10))
    + "<41> <5B64> <42> <513F> <43> <4EBA> endbfchar"
)
NUMBERED = '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>5</ofd:Glyphs></ofd:CGTransform>'


def sheet(cells: str, before: str = "") -> bytes:
    return opendocument(
        "spreadsheet", f'<table:table table:name="表1">{before}<table:table-row>{cells}</table:table-row></table:table>'
    )


def excel_2003(cell: str) -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    styles = '<Style ss:ID="f"><NumberFormat ss:Format="0.0&quot;%&quot;"/></Style>'
    row = f'<Row><Cell><Data ss:Type="String">孤儿</Data></Cell>{cell}</Row>'
    body = f'<Styles>{styles}</Styles><Worksheet ss:Name="表1"><Table><Column/><Column/><Column ss:Hidden="1"/>{row}</Table></Worksheet>'
    return f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">{body}</Workbook>'.encode()


#: (format, kind) -> a file in which 99 is hidden, 31 struck, 2 raised behind 12, 312 in a part; or a value of 45.2 shown as 45.2%.
FILES: Mapping[tuple[str, str], bytes] = {
    ("HTML", "hidden"): html("<p>孤儿<i hidden>99</i>312人。</p>"),
    ("HTML", "struck"): html("<p>孤儿<s>31</s>312人。</p>"),
    ("HTML", "raised"): html("<p>孤儿12<sup>2</sup>人。</p>"),
    ("HTML", "notes"): html("<p>如上<sup>1</sup>。</p><p>[1] 孤儿312人。</p>"),
    ("HTML", "boxes"): html("<fieldset><p>孤儿312人。</p></fieldset>"),
    ("XLSX", "hidden"): row('<c s="2"><v>99</v></c>'),
    ("XLSX", "struck"): row(rich("<r><rPr><strike/></rPr><t>31</t></r><r><t>312</t></r>")),
    ("XLSX", "raised"): row(rich('<r><t>12</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r>')),
    ("XLSX", "formatted"): row('<c s="1"><v>45.2</v></c>'),
    ("XLSX", "formula without a result"): row("<c><f>RANK(A1,312)</f></c>"),
    ("XLSX", "boxes"): boxed_xlsx(),
    ("XLSX", "only a picture"): pictured_xlsx(),
    ("XLS", "hidden"): XLS,
    ("XLS", "struck"): XLS,
    ("XLS", "raised"): XLS,
    ("XLS", "formatted"): XLS,
    ("Excel XML 2003", "hidden"): excel_2003('<Cell ss:Index="3"><Data ss:Type="Number">99</Data></Cell>'),
    ("Excel XML 2003", "struck"): excel_2003('<Cell><Data ss:Type="String"><S>31</S>312</Data></Cell>'),
    ("Excel XML 2003", "raised"): excel_2003('<Cell><Data ss:Type="String">12<Sup>2</Sup></Data></Cell>'),
    ("Excel XML 2003", "formatted"): excel_2003('<Cell ss:StyleID="f"><Data ss:Type="Number">45.2</Data></Cell>'),
    ("Excel XML 2003", "formula without a result"): excel_2003('<Cell ss:Formula="=RANK(RC[-1],312)"/>'),
    ("ODS", "hidden"): sheet(ods_cell("99", "99") + ods_cell("孤儿"), '<table:table-column table:visibility="collapse"/>'),
    ("ODS", "struck"): sheet(ods_cell(SPAN.format("old", 31) + "312")),
    ("ODS", "raised"): sheet(ods_cell("12" + SPAN.format("up", 2))),
    ("ODS", "formatted"): sheet(ods_cell("45.2%", "45.2")),
    ("ODS", "formula without a result"): sheet(ods_cell("孤儿") + ods_cell(more='table:formula="of:=RANK(312)"')),
    ("ODS", "boxes"): sheet(ods_cell("孤儿"), ODS_BOX),
    ("DOCX", "hidden"): packages.docx(paragraph("孤儿", plain("99", "<w:vanish/>"), "312人")),
    ("DOCX", "struck"): packages.docx(paragraph("孤儿", plain("31", "<w:strike/>"), "312人")),
    ("DOCX", "raised"): packages.docx(paragraph("孤儿12", plain("2", RAISED), "人")),
    ("DOCX", "fields"): packages.docx(paragraph("孤儿", '<w:fldSimple w:instr=" X "><w:r><w:t>312</w:t></w:r></w:fldSimple>', "人")),
    ("DOCX", "notes"): packages.docx(paragraph("如上", NOTE), footnotes=FOOTNOTE),
    ("DOCX", "boxes"): packages.docx(paragraph("如下", BOX)),
    ("DOCX", "only a picture"): packages.docx(paragraph("<w:r><w:drawing/></w:r>"), media__image1_png=b"\x89PNG"),
    ("DOC", "hidden"): DOC,
    ("DOC", "struck"): DOC,
    ("DOC", "raised"): DOC,
    ("DOC", "fields"): DOC,
    ("DOC", "notes"): DOC,
    ("DOC", "boxes"): BOXED_DOC,
    ("DOC", "only a picture"): PICTURE_DOC,
    ("ODT", "hidden"): opendocument("text", f"<text:p>孤儿{SPAN.format('no', 99)}312人</text:p>"),
    ("ODT", "struck"): opendocument("text", f"<text:p>孤儿{SPAN.format('old', 31)}312人</text:p>"),
    ("ODT", "raised"): opendocument("text", f"<text:p>孤儿12{SPAN.format('up', 2)}人</text:p>"),
    ("ODT", "fields"): opendocument("text", "<text:p>孤儿<text:variable-get>312</text:variable-get>人</text:p>"),
    ("ODT", "notes"): opendocument("text", f"<text:p>如上{ODT_NOTE}</text:p>"),
    ("ODT", "boxes"): opendocument("text", f"<text:p>如下{ODT_BOX}</text:p>"),
    ("PDF", "hidden"): pdf(INVISIBLE.format("孤儿99人".encode("utf-16-be").hex()) + show(100, 660, "工作情况如下。")),
    ("PDF", "struck"): pdf(show(100, 700, "孤儿31人") + "120 703.5 m 140 703.5 l S\n" + show(100, 680, "工作情况如下。")),
    ("PDF", "raised"): pdf(show(100, 700, "孤儿12") + show(140, 704, "2", 5) + show(146, 700, "人")),
    ("PDF", "notes"): pdf(show(100, 700, "如上。") + show(100, 60, "[1] 孤儿312人。")),
    ("PDF", "boxes"): pdf(show(100, 700, "如下。") + "80 40 200 40 re S\n" + show(100, 60, "孤儿312人。")),
    ("PDF", "only a picture"): pdf("q 600 0 0 800 0 0 cm /I Do Q", images=True),
    ("PDF", "glyph without a character"): mapped("BT /F 12 Tf 100 700 Td (AB31ZC) Tj ET", MAP),
    ("OFD", "hidden"): ofd(ofd_show(20, 30, "孤儿99人", more='Visible="false"') + ofd_show(20, 40, "全市工作情况如下")),
    ("OFD", "struck"): ofd(ofd_show(20, 30, "孤儿31人") + ofd_rule(28, 28.6, 36, 28.6) + ofd_show(20, 40, "全市工作情况如下")),
    ("OFD", "raised"): ofd(ofd_show(20, 30, "孤儿12") + ofd_show(36, 28, "2", 2) + ofd_show(38, 30, "人")),
    ("OFD", "notes"): ofd(ofd_show(20, 30, "如上。") + ofd_show(20, 280, "[1]孤儿312人。")),
    ("OFD", "boxes"): ofd(ofd_show(20, 30, "如下。") + ofd_show(20, 80, "孤儿312人。")),
    ("OFD", "only a picture"): ofd('<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="7"/>'),
    ("OFD", "glyph without a character"): ofd(ofd_show(20, 30, "孤儿31¤人", code=NUMBERED)),
}  # fmt: skip

#: What a file of a kind is looked for, and the words of the table for what is found: in the text, and beside it.
_SOUGHT: Mapping[str, tuple[str, str, str]] = {
    "hidden": (r"99(?!\.)", "not told", "hidden"),
    "struck": (r"31(?!2)", "not told", "struck"),
    "raised": (r"\d\[2\]", "set apart", ""),
    "formatted": (r"45\.2%|99\.85%", "as shown", ""),
    "fields": ("孤儿312人|收养1件", "read", ""),
    "formula without a result": ("312", "read", "formula"),
    "notes": (r"\[1\] ?(?:孤儿312人|含农村低保8000人)", "read", ""),
    "boxes": ("孤儿312人", "read", ""),
    "glyph without a character": ("31\ufffd人", "unknown", ""),
}


def word_for(kind: str, document: Document) -> str:
    """Return the word of the table for what became of `kind` in a document."""
    if kind == "only a picture":
        return "marked" if document.mark == "needs_ocr" and not document.text else "unseen"
    pattern, word, unread = _SOUGHT[kind]
    if re.search(pattern, document.text):
        return word if kind != "glyph without a character" or document.mark else "unmarked"
    beside = any(cell.unread == unread != "" for grid in document.grids for cell in grid.cells)
    return "left out" if beside else "unseen"


def cells() -> Iterator[tuple[str, str, str]]:
    """Yield format, kind and word of each cell of the two tables."""
    for table in re.findall(r"(\| format \|[^\n]*)\n\|[- |]+\n((?:\|[^\n]*\n)+)", DOCS.read_text(encoding="utf-8")):
        kinds = [kind.strip() for kind in table[0].strip("|\n").split("|")][1:]
        for line in table[1].splitlines():
            name, *words = (word.strip() for word in line.strip("|").split("|"))
            yield from ((name, kind, word) for kind, word in zip(kinds, words, strict=True))


@pytest.mark.parametrize(("name", "kind", "word"), [cell for cell in cells() if cell[2] != "—"])
def test_each_cell_is_what_is_measured(name: str, kind: str, word: str) -> None:
    if (name, kind) == ("XLS", "boxes"):
        pytest.skip("no program here writes an XLS with a text box; xlrd, which opens them, gives none")
    assert word_for(kind, read_attachment(FILES[name, kind])) == word


def test_every_file_has_its_cell() -> None:
    assert FILES.keys() <= {(name, kind) for name, kind, _ in cells()}

"""DOC, XLS, ODS and ODT show other than they store, as DOCX and XLSX do; plain text and archives of files."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest

from bulletins.pages.attachments import AttachmentError, kind_of, read_attachment
from bulletins.pages.page import Document
from tests.bulletins.files.old_formats import DOC, XLS
from tests.bulletins.files.packages import docx, packed, paragraph, text_cell, xlsx


def unread(document: Document) -> list[tuple[str, str]]:
    return [(cell.text, cell.unread) for grid in document.grids for cell in grid.cells if cell.unread]


def test_doc_is_read_by_its_pieces() -> None:
    document = read_attachment(DOC)
    assert (kind_of(DOC), document.mark) == ("doc", "")
    assert document.text.split("\n") == [
        "低保对象12873[1]人，孤儿312[2]人，特困1890人，收养1件，面积12000m²。",
        "| 指标 | 2022年 | 2022年 |",
        "| 指标 | 城市 | 农村 |",
        "| --- | --- | --- |",
        "| 低保对象 | 12[1] | 34 |",
        "以上为快报数。",
        "[1] 含农村低保8000人。",
    ]
    assert unread(document) == [("31", "struck"), ("99", "hidden"), ("3", "struck")]


def test_damage_anywhere_in_a_doc_is_said() -> None:
    for place in range(0, len(DOC) - 40, len(DOC) // 80):
        for damaged in (DOC[:place] + DOC[place + 37 :], DOC[:place] + b"\xff\x7f" + DOC[place + 2 :]):
            with suppress(AttachmentError):
                assert read_attachment(damaged).mark in ("", "needs_conversion")


def test_xls_is_read_as_it_is_shown() -> None:
    document = read_attachment(XLS)
    assert document.text.split("\n") == [
        "标题", "| 指标 | 单位 | 2022年 |", "| --- | --- | --- |", "| 火化率 | | 99.85% |", "| 资金 | | 1.2亿元 |", "| 孤儿 | 人 | |",
        "| 合计 | 人 | 62 |",
        "| 特困 | 人 | 1890[2] |",
    ]  # fmt: skip
    assert unread(document) == [
        ("77", "hidden"),
        ("999", "hidden"),
        ("31", "struck"),
        ("820", "struck"),
        ("88888", "hidden"),
    ]
    assert document.grids[0].path == ("2022年统计",)


_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)
_STYLES = (
    '<style:style style:name="up"><style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="old"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="older" style:parent-style-name="old"/>'
    '<style:style style:name="no"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="away"><style:table-properties table:display="false"/></style:style>'
)


def opendocument(kind: str, body: str) -> bytes:
    content = f"<office:document-content {_SPACES}><office:automatic-styles>{_STYLES}</office:automatic-styles>"
    content += f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content})


def ods_cell(text: str = "", value: str = "", more: str = "") -> str:
    number = f'office:value-type="float" office:value="{value}"' if value else ""
    return f"<table:table-cell {number} {more}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def test_ods_is_read_as_it_is_shown() -> None:
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    marked = '<text:span text:style-name="older">31</text:span>312<text:span text:style-name="up">2</text:span>'
    formula = 'table:formula="of:=VLOOKUP([.A1];[.A1:.B2];2)"'
    rows = (
        f"<table:table-row>{ods_cell('指标')}{ods_cell('2022年')}{ods_cell('底数')}</table:table-row>",
        f"<table:table-row>{ods_cell('资金')}{ods_cell('1.2亿元', '1.2')}{ods_cell('77', '77')}</table:table-row>",
        f'<table:table-row table:visibility="filter">{ods_cell("旧数")}{ods_cell("999", "999")}</table:table-row>',
        f"<table:table-row>{ods_cell('孤儿')}{ods_cell(marked)}</table:table-row>",
        f'<table:table-row>{ods_cell("率")}<table:table-cell office:value-type="percentage" office:value="0.058"/></table:table-row>',
        f"<table:table-row>{ods_cell('合计')}{ods_cell(more=formula)}</table:table-row>",
        f"<table:table-row>{ods_cell('两倍')}{ods_cell(more=formula.replace('VLOOKUP([.A1];[.A1:.B2];2)', 'SUM([.B2:.B2];1)'))}</table:table-row>",
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )
    body = f'<table:table table:name="2022年">{columns}{"".join(rows)}</table:table>'
    body += f'<table:table table:name="底稿" table:style-name="away"><table:table-row>{ods_cell("88888", "88888")}</table:table-row></table:table>'
    document = read_attachment(opendocument("spreadsheet", body))
    assert document.text.split("\n") == [
        "| 指标 | 2022年 |", "| --- | --- |", "| 资金 | 1.2亿元 |", "| 孤儿 | 312[2] |", "| 率 | 5.8% |", "| 合计 | |", "| 两倍 | 2.2 |",
    ]  # fmt: skip
    assert unread(document) == [
        ("77", "hidden"),
        ("999", "hidden"),
        ("31", "struck"),
        ("=VLOOKUP(A1,A1:B2,2)", "formula"),
        ("88888", "hidden"),
    ]


def test_odt_is_read_with_notes_boxes_and_looks() -> None:
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>含农村8000人。</text:p></text:note-body></text:note>"
    body = (
        "<text:tracked-changes><text:deletion><text:p>71</text:p></text:deletion></text:tracked-changes>"
        f'<text:p>低保对象12873{note}人，<text:span text:style-name="older">31</text:span>面积12000m<text:span text:style-name="up">2</text:span>，'
        '特困<text:span text:style-name="no">99</text:span>1890<text:s text:c="2"/>人<office:annotation><text:p>5</text:p></office:annotation>。</text:p>'
        "<text:p><draw:frame><draw:text-box><text:p>框内孤儿312人。</text:p></draw:text-box></draw:frame></text:p>"
    )
    document = read_attachment(opendocument("text", body))
    assert document.text.split("\n") == [
        "低保对象12873[1]人，面积12000m²，特困1890 人。",
        "框内孤儿312人。",
        "[1] 含农村8000人。",
    ]
    assert unread(document) == [("31", "struck"), ("99", "hidden")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_with_delimiters_is_a_table(encoding: str, delimiter: str) -> None:
    rows = [["2022年统计", "", ""], ["指标", "单位", "2022年"], ["低保对象", "人", '"12,345"'], ["孤儿", "人", "556"]]
    raw = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    assert kind_of(raw) == "csv"
    assert read_attachment(raw).text.split("\n") == [
        "2022年统计", "| 指标 | 单位 | 2022年 |", "| --- | --- | --- |", "| 低保对象 | 人 | 12,345 |", "| 孤儿 | 人 | 556 |",
    ]  # fmt: skip


def test_sentences_are_no_table() -> None:
    raw = "2022年,全市孤儿312人,收养45件。\n2021年,全市孤儿300人,收养40件。\n".encode()
    assert kind_of(raw) == ""
    assert read_attachment(raw).text.split("\n")[0] == "2022年,全市孤儿312人,收养45件。"


def test_the_files_of_an_archive_are_read_under_their_names() -> None:
    name = "附件1：低保.xlsx".encode("gbk")
    placeholder = b"n" * len(
        name
    )  # zipfile would write the name as UTF-8, old programs wrote the bytes of their code page
    inner = packed({"表/附件2.docx": docx(paragraph("孤儿312人。"))})
    sheet = xlsx(f"<sheetData><row>{text_cell('低保对象')}<c><v>12</v></c></row></sheetData>")
    scan = b"\x89PNG\r\n\x1a\n"
    raw = packed({placeholder.decode(): sheet, "more.zip": inner, "scan.png": scan, "__MACOSX/._x": b"\x00"})
    document = read_attachment(raw.replace(placeholder, name))
    assert kind_of(raw) == "zip"
    assert document.text.split("\n") == ["附件1：低保", "| 低保对象 | 12 |", "more", "附件2", "孤儿312人。"]
    assert document.mark == "incomplete"


def test_an_archive_with_nothing_to_read_says_why() -> None:
    with pytest.raises(AttachmentError, match=r"nothing in the archive can be read: a\.rar: the file is a RAR archive"):
        read_attachment(packed({"a.rar": b"Rar!\x1a\x07\x00"}))


def test_the_xml_of_excel_2003_is_read_as_it_is_shown() -> None:
    def cell(data: str = "", kind: str = "String", more: str = "") -> str:
        return f'<Cell {more}><Data ss:Type="{kind}">{data}</Data></Cell>'

    styles = '<Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style><Style ss:ID="w"><NumberFormat ss:Format="0.0&quot;万元&quot;"/></Style>'
    styles += '<Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style>'
    rows = (
        f"<Row>{cell('2022年统计', more='ss:MergeAcross=%s2%s')}</Row>".replace("%s", '"'),
        f"<Row ss:Index='3'>{cell('指标')}{cell('单位')}{cell('2022年')}</Row>",
        f"<Row>{cell('火化率')}{cell('0.9985', 'Number', 'ss:Index=%s3%s ss:StyleID=%sp%s')}</Row>".replace("%s", '"'),
        f"<Row>{cell('资金')}{cell()}{cell('1.25', 'Number', 'ss:StyleID=%sw%s')}</Row>".replace("%s", '"'),
        f"<Row ss:Hidden='1'>{cell('旧')}{cell('人')}{cell('999', 'Number')}</Row>",
        f"<Row>{cell('孤儿')}{cell('人')}{cell('<B><S>31</S></B>312<Sup>1</Sup>')}</Row>",
        f"<Row>{cell('收养')}{cell('件')}{cell('45', 'Number')}</Row>",
        f"<Row>{cell('合计')}{cell()}<Cell ss:Formula='=R[-1]C*2'/></Row>",
    )
    raw = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles>{styles}</Styles><Worksheet ss:Name="Sheet1"><Table>{"".join(rows)}</Table></Worksheet></Workbook>""".encode()
    document = read_attachment(raw)
    assert kind_of(raw) == "excel2003"
    assert document.text.split("\n") == [
        "2022年统计", "| 指标 | 单位 | 2022年 |", "| --- | --- | --- |", "| 火化率 | | 99.85% |", "| 资金 | | 1.3万元 |", "| 孤儿 | 人 | 312[1] |",
        "| 收养 | 件 | 45 |", "| 合计 | | 90 |",
    ]  # fmt: skip
    assert unread(document) == [("999", "hidden"), ("31", "struck")]


def test_a_page_saved_as_one_file_is_read() -> None:
    html = "<html><body><p>2022年，全市孤儿312人，收养45件。</p></body></html>".encode("gb2312")
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html; charset=gb2312\r\n"
    raw = f"{head}Content-Transfer-Encoding: base64\r\n\r\n{base64.b64encode(html).decode()}\r\n--x--\r\n".encode()
    assert kind_of(raw) == "mht"
    assert read_attachment(raw).text == "2022年，全市孤儿312人，收养45件。"

"""DOCX: looks by style, revisions, fields, formulas, notes, boxes, foreign parts, tables in cells."""

from __future__ import annotations

from bulletins.pages.attachments import read_attachment
from bulletins.pages.docx import docx_blocks
from bulletins.tables.grid import Cell, Grid, write
from tests.bulletins.files.packages import docx, docx_table, packed, paragraph, plain


def lines(raw: bytes) -> list[str]:
    return read_attachment(raw).text.split("\n")


def unread(raw: bytes) -> list[tuple[str, str]]:
    grids = (block for block in docx_blocks(raw) if isinstance(block, Grid))
    return [(cell.text, cell.unread) for grid in grids for cell in grid.cells if cell.unread]


RAISED = '<w:vertAlign w:val="superscript"/>'


def test_struck_hidden_and_deleted_text_is_left_beside_the_text() -> None:
    deleted = "<w:del><w:r><w:delText>71</w:delText></w:r></w:del><w:ins><w:r><w:t>72</w:t></w:r></w:ins>"
    body = paragraph(
        "特困人员",
        plain("99", "<w:strike/>"),
        "9890人，孤儿",
        plain("8", "<w:vanish/>"),
        "556人，收养",
        deleted,
        "件。",
    )
    assert lines(docx(body)) == ["特困人员9890人，孤儿556人，收养72件。"]
    assert unread(docx(body)) == [("99", "struck"), ("8", "hidden"), ("71", "struck")]


def test_looks_come_from_styles_and_runs_take_them_back() -> None:
    styles = (
        '<w:style w:styleId="Old"><w:rPr><w:dstrike/></w:rPr></w:style><w:style w:styleId="Older"><w:basedOn w:val="Old"/></w:style>'
        '<w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = paragraph(
        "孤儿",
        plain("31", '<w:rStyle w:val="Older"/>'),
        plain("2", '<w:rStyle w:val="Older"/><w:dstrike w:val="0"/>'),
        "人",
    )
    body += '<w:p><w:pPr><w:pStyle w:val="Secret"/></w:pPr><w:r><w:t>底稿99人</w:t></w:r></w:p>'
    raw = docx(body, styles=styles)
    assert (lines(raw), unread(raw)) == (["孤儿2人"], [("31", "struck"), ("底稿99人", "hidden")])


def test_raised_marks_are_set_apart() -> None:
    body = paragraph(
        "低保对象12873",
        plain("2", RAISED),
        "人，面积12000m",
        plain("2", RAISED),
        "，床位9100",
        plain("②", RAISED),
        "张。",
    )
    assert lines(docx(body)) == ["低保对象12873[2]人，面积12000m²，床位9100[②]张。"]


def test_notes_stand_under_their_marks_behind_the_text() -> None:
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for n, text in ((0, ""), (7, "含农村低保8000人。"), (8, "不被引用。"))
    )
    reference = f'<w:r><w:rPr>{RAISED}</w:rPr><w:footnoteReference w:id="7"/></w:r>'
    assert lines(docx(paragraph("低保对象12873", reference, "人。"), footnotes=notes)) == [
        "低保对象12873[1]人。", "[1] 含农村低保8000人。",
    ]  # fmt: skip


def test_fields_formulas_controls_ruby_and_symbols_are_read_once() -> None:
    field = (
        '<w:fldSimple w:instr=" DOCPROPERTY n "><w:r><w:t>312</w:t></w:r></w:fldSimple>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> =SUM(9999) </w:instrText></w:r>'
    )
    control = "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>45</w:t></w:r></w:sdtContent></w:sdt>"
    formula = "<m:oMath><m:r><m:t>12.5%</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>"
    ruby = "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>bǔ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>补</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>'
    body = paragraph("孤儿", field, "人，收养", control, "件，占", formula, "，", ruby, "贴", symbol, "。")
    assert lines(docx(body)) == ["孤儿312人，收养45件，占12.5%1/3，补贴①。"]


def test_text_boxes_are_read_once_and_after_their_paragraph() -> None:
    box = (
        "<w:txbxContent>" + paragraph("单位：万元") + docx_table(("指标", "数量"), ("孤儿", "312")) + "</w:txbxContent>"
    )
    both = f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    assert lines(docx(paragraph("上文", both, "下文"))) == [
        "上文下文", "单位：万元", "| 指标 | 数量 |", "| --- | --- |", "| 孤儿 | 312 |",
    ]  # fmt: skip


def test_foreign_parts_are_read_where_they_stand() -> None:
    parts = {"h": "h.html", "d": "d.docx"}
    body = paragraph("前") + '<w:altChunk r:id="h"/><w:altChunk r:id="d"/>' + paragraph("后")
    html = "<html><meta charset=utf-8><body><p>孤儿312人。</p></body></html>".encode()
    raw = docx(body, relations_=parts, h_html=html, d_docx=docx(paragraph("收养45件。")))
    assert lines(raw) == ["前", "孤儿312人。", "收养45件。", "后"]


def test_a_table_in_a_cell_splits_its_row_and_column() -> None:
    inner = docx_table(("城市", "1200"), ("农村", "11145")) + "<w:p/>"
    raw = docx(docx_table(("指标", "单位", "2022年"), ("低保对象", "人", inner), ("孤儿", "人", "56")))
    assert lines(raw) == [
        "| 指标 | 单位 | 2022年 | 2022年 |", "| --- | --- | --- | --- |", "| 低保对象 | 人 | 城市 | 1200 |",
        "| 低保对象 | 人 | 农村 | 11145 |", "| 孤儿 | 人 | 56 | |",
    ]  # fmt: skip


def test_hidden_rows_heads_and_notes_of_a_table() -> None:
    head = (
        "<w:tr><w:trPr><w:tblHeader/></w:trPr>"
        + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("指标", "数量"))
        + "</w:tr>"
    )
    hidden = (
        "<w:tr><w:trPr><w:hidden/></w:trPr>"
        + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("旧数", "999"))
        + "</w:tr>"
    )
    row = "<w:tr>" + f"<w:tc>{paragraph('孤儿')}</w:tc><w:tc>{paragraph('312', plain('1', RAISED))}</w:tc>" + "</w:tr>"
    raw = docx(f"<w:tbl>{head}{hidden}{row}</w:tbl>")
    assert lines(raw) == ["| 指标 | 数量 |", "| --- | --- |", "| 孤儿 | 312[1] |"]
    assert unread(raw) == [("999", "hidden")]
    cells = [cell for block in docx_blocks(raw) if isinstance(block, Grid) for cell in block.cells]
    assert [cell.text for cell in cells if cell.head] == ["指标", "数量"]
    assert Cell("312", notes=("1",), row=2, column=1) in cells


def test_a_document_that_is_one_picture_waits_for_recognition() -> None:
    drawing = "<w:r><w:drawing/></w:r>"
    assert read_attachment(docx(paragraph(drawing), media__image1_png=b"\x89PNG")).mark == "needs_ocr"
    assert read_attachment(docx(paragraph(drawing, "孤儿312人"), media__image1_png=b"\x89PNG")).mark == ""


def test_strict_open_xml_is_read() -> None:
    body = '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>孤儿312人</w:t></w:r></w:p></w:body></w:document>'
    assert write(docx_blocks(packed({"word/document.xml": body})))[0] == "孤儿312人"

"""Attachments that the tests make themselves; figures and sentences are made up for the tests."""

from __future__ import annotations

import base64
import datetime
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement

from bulletins.pages.attachments import AttachmentError, kind_of, libreoffice, read_attachment
from bulletins.pages.page import Document, Link, join_pages

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf(*contents: str, rotate: int = 0, images: bool = False) -> bytes:
    """Return a PDF of one page for each content stream, with a Chinese font that every PDF program knows by name."""
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\0\nendstream"
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(contents)}/Kids[{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(contents)))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        b"/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/Ascent 880/Descent -120"
        b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/StemV 80/CapHeight 700>>>>",
        image,
    ]
    for number, content in enumerate(contents):
        resources = "/Font<</F 3 0 R>>" + ("/XObject<</I 5 0 R>>" if images else "")
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Rotate {rotate}/Resources<<{resources}>>/Contents {7 + 2 * number} 0 R>>"
        stream = content.encode()
        objects += [page.encode(), b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)]
    raw, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(raw))
        raw += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, len(raw))  # fmt: skip


def show(x: float, y: float, text: str, size: float = 10) -> str:
    return f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def paragraph(y: float, text: str) -> str:
    """Set a paragraph 30 ems wide from the height `y` downwards, its first line indented by two."""
    cuts = [0, *range(28, len(text), 30), len(text)]
    return "".join(
        show(100 if start else 120, y - 20 * line, text[start:end]) for line, (start, end) in enumerate(pairwise(cuts))
    )


def test_lines_of_a_pdf_join_to_paragraphs_over_the_page_break() -> None:
    text = "2023年，全市保障城乡低保对象2.05万人，发放低保金9,876.5万元，其中城市低保标准每人每月940元；认定低保边缘家庭412户。"
    first = paragraph(700, "一、社会救助") + paragraph(680, text[:58]) + show(300, 40, "— 1 —")
    second = show(100, 700, text[58:]) + paragraph(680, "二、养老服务") + paragraph(660, text) + show(300, 40, "2")
    assert read_attachment(pdf(first, second)).text.split("\n") == ["一、社会救助", text, "二、养老服务", text]


RULED = (
    "".join(rule(100, y, 500, y) for y in (700, 640, 620, 600))
    + rule(200, 680, 400, 680) + rule(200, 660, 500, 660) + rule(100, 660, 200, 660)
    + "".join(rule(x, 600, x, 700) for x in (100, 200, 400, 500)) + rule(300, 600, 300, 680)
    + show(110, 675, "指标") + show(240, 687, "2023年") + show(210, 667, "城市") + show(310, 667, "农村") + show(410, 675, "合计")
    + show(110, 647, "低保人数") + show(210, 647, "1,204") + show(310, 647, "876") + show(410, 647, "2,080")
    + show(110, 627, "孤儿") + show(210, 627, "12") + show(310, 627, "30") + show(410, 627, "42")
    + show(110, 607, "收养") + show(410, 607, "7")
)  # fmt: skip


@pytest.mark.parametrize("rotate", [0, 180])
def test_a_ruled_table_keeps_rows_columns_and_merged_heads(rotate: int) -> None:
    content = show(100, 720, "表1 社会救助情况") + RULED + show(100, 580, "注：本表为快报数。")
    if rotate:  # drawn upside down, shown upright
        content = f"q -1 0 0 -1 600 800 cm {content} Q"
    assert read_attachment(pdf(content, rotate=rotate)).text.split("\n") == [
        "表1 社会救助情况",
        "| 指标 | 2023年 | 2023年 | 合计 |",
        "| 指标 | 城市 | 农村 | 合计 |",
        "| --- | --- | --- | --- |",
        "| 低保人数 | 1,204 | 876 | 2,080 |",
        "| 孤儿 | 12 | 30 | 42 |",
        "| 收养 | | | 7 |",
        "注：本表为快报数。",
    ]


def test_a_landscape_page_is_read_as_it_is_shown() -> None:
    content = "q 0 1 -1 0 600 0 cm " + show(50, 500, "保障孤儿312人") + show(50, 480, "收养登记45件") + " Q"
    assert read_attachment(pdf(content, rotate=90)).text.split("\n") == ["保障孤儿312人", "收养登记45件"]


def test_a_table_without_rules_is_seen_by_its_columns() -> None:
    rows = [
        ("指标", "单位", "数量"),
        ("孤儿", "人次", "312"),
        ("收养登记", "件数", "45"),
        ("离婚登记", "对数", "2,384"),
    ]
    content = "".join(
        show(100, 700 - 20 * n, a) + show(250, 700 - 20 * n, b) + show(350, 700 - 20 * n, c)
        for n, (a, b, c) in enumerate(rows)
    )
    assert read_attachment(pdf(content)).text.split("\n") == [
        "| 指标 | 单位 | 数量 |", "| --- | --- | --- |", "| 孤儿 | 人次 | 312 |",
        "| 收养登记 | 件数 | 45 |", "| 离婚登记 | 对数 | 2,384 |",
    ]  # fmt: skip


def test_stacked_values_in_one_cell_are_not_fused() -> None:
    grid = "".join(rule(100, y, 500, y) for y in (700, 680, 640)) + "".join(
        rule(x, 640, x, 700) for x in (100, 300, 500)
    )
    content = (
        grid + show(110, 687, "指标") + show(310, 687, "数量") + show(110, 667, "集中供养") + show(110, 650, "分散供养")
    )
    content += show(310, 667, "1,043") + show(310, 650, "2,518")
    assert "| 集中供养 分散供养 | 1,043 2,518 |" in read_attachment(pdf(content)).text


def test_a_scanned_pdf_is_marked_and_what_is_readable_stays() -> None:
    picture = "q 600 0 0 800 0 0 cm /I Do Q"
    assert read_attachment(pdf(picture, images=True)).mark == "needs_ocr"
    mixed = read_attachment(pdf(show(100, 700, "全市保障城乡低保对象12人。"), picture, images=True))
    assert (mixed.text, mixed.mark) == ("全市保障城乡低保对象12人。", "needs_ocr")


# --- DOCX -------------------------------------------------------------------------------------------------------------


def saved(document: docx.document.Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sample_docx() -> bytes:
    document = docx.Document()
    document.add_heading("某市民政局2023年工作总结", 0)
    paragraph = document.add_paragraph("发放低保金")
    paragraph.add_run("33").bold = True
    paragraph.add_run(".8万元")
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    for change, tag, text in ((inserted, "w:t", "，惠及12人"), (deleted, "w:delText", "，惠及99人")):
        run, words = OxmlElement("w:r"), OxmlElement(tag)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    table = document.add_table(4, 3)
    for row, texts in enumerate(
        [("指标", "2023年", ""), ("", "城市", "农村"), ("低保人数", "12", "34"), ("低保户数", "5", "6")]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    document.add_paragraph("以上为快报数。")
    return saved(document)


def test_docx_in_document_order() -> None:
    document = read_attachment(sample_docx(), url="http://mz.example/202401/t20240118_1.docx")
    assert document.text.split("\n") == [
        "某市民政局2023年工作总结",
        "发放低保金33.8万元，惠及12人",
        "| 指标 | 2023年 | 2023年 |",
        "| 指标 | 城市 | 农村 |",
        "| --- | --- | --- |",
        "| 低保人数 | 12 | 34 |",
        "| 低保户数 | 5 | 6 |",
        "以上为快报数。",
    ]
    assert (document.title, document.published_on) == ("某市民政局2023年工作总结", datetime.date(2024, 1, 18))


def test_docx_content_controls_and_layout_tables() -> None:
    document = docx.Document()
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph = document.add_paragraph("控件里的孤儿312人")
    paragraph._p.addprevious(control)
    content.append(paragraph._p)
    control.append(content)
    frame = document.add_table(1, 1)
    frame.cell(0, 0).text = "框里第一段12人"
    frame.cell(0, 0).add_paragraph("第二段13人")
    assert read_attachment(saved(document)).text.split("\n") == ["控件里的孤儿312人", "框里第一段12人", "第二段13人"]


# --- Spreadsheets -----------------------------------------------------------------------------------------------------


def sample_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "社会救助"
    rows = [
        ["2023年12月民政统计月报"], [], ["指标", "单位", "数值", None], [None, None, "本年", "增长"],
        ["城市低保人数", "人", 26418, -0.0553], ["*累计支出", "万元", 78216.4, 0.1 + 0.2], ["登记日期", None, datetime.datetime(2024, 1, 18), None],
        ["注：快报数"],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    for merged in ("A1:D1", "A3:A4", "B3:B4", "C3:D3"):
        sheet.merge_cells(merged)
    sheet["D5"].number_format = "0.00%"
    other = workbook.create_sheet("养老服务")
    other.append(["床位", 1204])
    other.append(["机构", 47])
    hidden = workbook.create_sheet("底稿")
    hidden.append(["旧数", 99999])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Sheet4")
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_xlsx_sheets_merged_cells_and_percentages() -> None:
    assert read_attachment(sample_xlsx()).text.split("\n") == [
        "社会救助",
        "2023年12月民政统计月报",
        "| 指标 | 单位 | 数值 | 数值 |",
        "| 指标 | 单位 | 本年 | 增长 |",
        "| --- | --- | --- | --- |",
        "| 城市低保人数 | 人 | 26418 | -5.53% |",
        "| *累计支出 | 万元 | 78216.4 | 0.3 |",
        "| 登记日期 | | 2024-01-18 | |",
        "注：快报数",
        "养老服务",
        "| 床位 | 1204 |",
        "| 机构 | 47 |",
    ]


#: An XLS, packed: no library that writes them is at hand. A merged head, a percentage, a date, a hidden sheet.
SAMPLE_XLS = zlib.decompress(
    base64.b85decode(
        b"c-rk)O-"
        b"NKx6#nj;8D~cP8BGNzFcGpch0;wM9Sh1;qvIka!cu2YF@G4`Xrz`71Q7(`qL4tag^R2<_Af@87LielD3G+UO{<`yg*u&c<~<vy2^=UxdEao)z4zS"
        b"vy?fs|=l;xlIh!#*cE`Pd7*xQ5m9P^@Q94D*X;fUG_HdYsM(&^#HnFMTbdV#HY<QUZ+|E8^e=k78ZR-"
        b"<~zz0ev&<$@_XCQwAaY*LSsCW+L%1W`PVU$uDa%EnbBAZ2S6M0MeJ`!0enoA<fsqefxj#-"
        b"bl=zt!_^;&_nrIA#)E1Y+t*^g{I<2W9;tRj7FI2deeJiS#K@~kNs2l=`x&>0AFJsmfY4D=F8Iyy@H{&{3k9E{^zI3M_GEclsxQ@^o#1=9amtGE9_"
        b"?;sb((>uwzvHB~T6&OVLl;Y?Q(N;ce<rb@|=yg~70u!|%q`+<GsL|9&gQsr^$7FYpBvp!iC`B218s7JhU2MHTkFht~TW!%Tq<c}PaW?Anwa^0gR?"
        b"k&G@OB4CbG?3GgtEoJj+SITQ)CZvt=WT8Wo4$2^dnu$8L~cIH2%`WmsdxdYCI=JGbpo)oK8FW%@D>pW)L|I#`8eu8BipQy&})cQ@2amEi#MN2<3$"
        b"}*?Qr~kn|ar)<PPmOz_&XE2_Mk%AwD`dwHRco;_5atXk;HntbCKLjhUePkjCjp;#5GYgZZfJw~qdeQZu-"
        b"?r(dVLv!hK59>#8I+l5{5;8<iOO36=_Tm02PJbo+Sw?DxHK*B|R5G|)442zAeJo~1{9swFG1IEg(-"
        b"LP~i*RiuAJdy!g#BrTb!Xb3kI8&3hG!KX`^`c=<lR3LXD6qc2HxKEFvk{$V-"
        b"pSsP`}1CMK=8YRKp^9*P?qtlk^K3Dzr>YiK;S6zY$TXR^?`mN)_b+ws|BfbNKeiRz*CknlNF)gb5QS{y&u5f+DwLzNOgon~q)ouCq*O#r#aNWl@V"
        b"R`t{I1#KY*MJc!<e;wJ|-Wjsr*lVf}@WYp2<LA0Yu=Fy&T{L)QTMZeFwiLSr5gc2QpC6Rgl<MDq2@(U?7"
    )
)


def test_xls_shows_percentages_and_dates_as_a_person_sees_them() -> None:
    assert kind_of(SAMPLE_XLS) == "xls"
    assert read_attachment(SAMPLE_XLS).text.split("\n") == [
        "2023年统计表",
        "| 指标 | 2023年 | 2023年 |",
        "| 指标 | 城市 | 农村 |",
        "| --- | --- | --- |",
        "| 低保人数 | 12345 | 67.5 |",
        "| 增长 | 5.83% | |",
        "| 日期 | 2024-01-18 | |",
    ]


def test_a_spreadsheet_that_is_an_html_page() -> None:
    raw = '<html><meta charset="gb2312"><table><tr><td>指标</td><td>人数</td></tr><tr><td>孤儿</td><td>312</td></tr></table></html>'
    document = read_attachment(raw.encode("gb18030"), title="附件：孤儿人数.xls")
    assert (document.title, document.encoding) == ("附件：孤儿人数.xls", "gb18030")
    assert "| 孤儿 | 312 |" in document.text


# --- Formats ----------------------------------------------------------------------------------------------------------


def test_formats_are_told_by_their_bytes() -> None:
    assert kind_of(pdf(show(1, 1, "一"))) == "pdf"
    assert kind_of(sample_docx()) == "docx"
    assert kind_of(sample_xlsx()) == "xlsx"
    assert kind_of(SAMPLE_XLS) == "xls"
    assert kind_of(OLE + bytes(500) + "Workbook".encode("utf-16-le")) == "xls"
    assert kind_of(OLE + bytes(500) + "WordDocument".encode("utf-16-le")) == "doc"
    assert kind_of(b"{\\rtf1 x}") == "rtf"
    assert kind_of(b"\xef\xbb\xbf\r\n<!DOCTYPE html>") == "html"
    assert kind_of(b"PK\x03\x04broken") == kind_of(b"2023") == kind_of(b"") == ""
    assert kind_of(b"GIF89a") == kind_of(b"\x89PNG\r\n") == "picture"


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\x01binary", b"%PDF-1.7 broken", b"PK\x03\x04broken", sample_docx()[:-400], sample_xlsx()[:2000],
     OLE + bytes(500) + "Workbook".encode("utf-16-le")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(AttachmentError, match=r"damaged (?:or encrypted |)|not a file of a kind that can be read"):
        read_attachment(raw)


@pytest.mark.parametrize("make", [sample_docx, sample_xlsx, lambda: SAMPLE_XLS, lambda: pdf(RULED)])
def test_damage_anywhere_ends_as_an_attachment_error(make: Callable[[], bytes]) -> None:
    sound = make()
    for place in range(0, len(sound) - 40, max(1, len(sound) // 60)):
        for damaged in (sound[:place] + sound[place + 37 :], sound[:place] + b"\xff\x00" + sound[place + 2 :]):
            with suppress(AttachmentError):
                read_attachment(damaged)


def test_a_file_that_expands_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletins.pages.packages.MAX_EXPANDED", 2**20)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(3 * 2**20))
        archive.writestr("word/document.xml", "")
    with pytest.raises(AttachmentError, match="expands to 3 MiB, more than the 1 allowed"):
        read_attachment(buffer.getvalue())


def test_a_stray_cell_at_the_end_of_a_sheet_costs_nothing() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["XFD1048576"] = 1, 2
    buffer = BytesIO()
    workbook.save(buffer)
    assert read_attachment(buffer.getvalue()).text == "1\n2"


def test_an_old_format_needs_conversion() -> None:
    old = OLE + bytes(500) + "WordDocument".encode("utf-16-le")
    assert read_attachment(old, title="总结.doc").mark == "needs_conversion"
    converted = read_attachment(old, convert=lambda raw: sample_docx())
    assert "发放低保金33.8万元" in converted.text
    assert converted.mark == ""


def test_libreoffice_is_run_where_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert libreoffice() is None
    (tmp_path / "result.docx").write_bytes(sample_docx())
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\n[ "$2" = --headless ] || exit 1\n/bin/cp {tmp_path}/result.docx "$6/attachment.docx"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    convert = libreoffice()
    assert convert is not None
    assert convert(b"old") == (tmp_path / "result.docx").read_bytes()
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(AttachmentError, match="LibreOffice could not convert"):
        convert(b"old")


# --- Articles of several pages ----------------------------------------------------------------------------------------


def part(*lines: str, published: datetime.date | None = None, links: tuple[Link, ...] = (), mark: str = "") -> Document:
    return Document("标题", "某市民政局", published, "\n".join(lines), "utf-8", 1, links, mark)


def test_pages_of_one_article_are_joined() -> None:
    long = "2023年，全市保障城乡低保对象2.05万人，发放低保金9,876.5万元，其中城市低保标准提高到每人每"
    link = Link("http://mz.example/1", "附件")
    whole = join_pages(
        [
            part("标题", long, links=(link,)),
            part("标题", "月940元。", "| 孤儿 | 312 |", published=datetime.date(2024, 1, 18), links=(link,)),
            part("标题", "| 收养 | 45 |", mark="needs_ocr"),
        ]
    )
    assert whole.text.split("\n") == ["标题", long + "月940元。", "| 孤儿 | 312 |", "| 收养 | 45 |"]
    assert (whole.published_on, whole.links, whole.mark) == (datetime.date(2024, 1, 18), (link,), "needs_ocr")
    assert whole.replacement_characters == 3


def test_headings_at_a_page_break_stay_lines() -> None:
    assert (
        join_pages([part("标题", "一、社会救助"), part("标题", "全年12万元。")]).text
        == "标题\n一、社会救助\n全年12万元。"
    )
    with pytest.raises(ValueError, match="at least one page"):
        join_pages([])

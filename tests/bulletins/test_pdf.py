"""PDF shows other than it stores: glyphs without meaning, raised marks, columns, turned text, lines left short, heads on every page."""

from __future__ import annotations

import pytest

from bulletins.pages.attachments import read_attachment
from bulletins.tables.grid import Cell
from tests.bulletins.test_attachments import paragraph, pdf, rule, show

SENTENCE = "2022年全市共有城乡低保对象{}人，其中农村低保对象{}人，全年累计发放低保资金{}万元。"


def lines(*contents: str, rotate: int = 0) -> list[str]:
    return read_attachment(pdf(*contents, rotate=rotate)).text.split("\n")


def mapped(content: str, cmap: str) -> bytes:
    """Return a PDF in which the font of `content` maps codes of one byte to characters as `cmap` says, some to none."""
    stream = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <FF> endcodespacerange "
        f"{cmap} endcmap end end"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>",
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 7 0 R>>/FirstChar 0/LastChar 255"
        b"/Encoding<</Type/Encoding/Differences[0 "
        + b"/a " * 256
        + b"]>>/Widths["
        + b"1000 " * 256
        + b"]/Resources<<>>/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content.encode()),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream.encode()),
        b"<</Length 34>>stream\n1000 0 d0 0 0 900 900 re f         \nendstream",
    ]
    raw, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(raw))
        raw += b"%d 0 obj%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return raw + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(raw),
    )


def test_a_glyph_without_a_character_stands_as_unknown_and_marks_its_page() -> None:
    digits = "".join(f"<{0x30 + n:02X}> <{0x30 + n:04X}> " for n in range(10) if n != 7)
    cmap = f"11 beginbfchar {digits}<41> <5B64> <42> <513F> endbfchar"
    document = read_attachment(mapped("BT /F 12 Tf 100 700 Td (AB45170AB12) Tj ET", cmap))
    assert (document.text, document.mark) == ("孤儿451\ufffd0孤儿12", "needs_ocr")
    away = read_attachment(mapped("BT /F 12 Tf 100 700 Td (AB4512AB7AB4512) Tj ET", cmap))
    assert (away.text, away.mark) == ("孤儿4512孤儿\ufffd孤儿4512", "")


@pytest.mark.parametrize(("raised", "read"), [("2", "[2]"), ("①", "[①]"), ("注1", "[注1]")])
def test_raised_marks_are_set_apart(raised: str, read: str) -> None:
    content = show(100, 700, "低保对象12873") + show(190, 704, raised, 5) + show(200, 700, "人。")
    assert lines(content) == [f"低保对象12873{read}人。"]


def test_a_squared_unit_stays_a_unit_and_a_mark_in_a_cell_is_a_note() -> None:
    assert lines(show(100, 700, "面积12000m") + show(180, 704, "2", 5)) == ["面积12000m²"]
    rows = [("指标", "单位"), ("孤儿", "12"), ("收养", "45"), ("离婚", "38")]
    content = "".join(show(100, 700 - 20 * n, a) + show(300, 700 - 20 * n, b) for n, (a, b) in enumerate(rows))
    [grid] = read_attachment(pdf(content + show(320, 684, "1", 5))).grids
    assert Cell("12", notes=("1",), row=1, column=1, start=grid.cells[3].start, end=grid.cells[3].end) == grid.cells[3]


def column(x: float, top: float, texts: list[str], width: int = 20) -> str:
    y, content = top, ""
    for text in texts:
        padded = "  " + text
        for start in range(0, len(padded), width):
            content += show(x + (20 if not start else 0), y, padded[start : start + width].strip())
            y -= 16
    return content


def test_columns_are_read_one_after_the_other_and_paragraphs_go_on_between_them() -> None:
    texts = [SENTENCE.format(*(f"{n}{k}00" for k in range(3))) for n in range(11, 21)]
    left, right = texts[:5], texts[5:]
    content = (
        show(200, 760, "成都市民政局二〇二二年统计公报全文如下所示请予查阅")
        + column(60, 720, left)
        + column(330, 712, right)
    )
    content += show(60, 100, "以上数据为快报数，最终数据以年鉴为准，请各地注意核对后再行使用，特此说明。")
    assert lines(content) == [
        "成都市民政局二〇二二年统计公报全文如下所示请予查阅", *left, *right, "以上数据为快报数，最终数据以年鉴为准，请各地注意核对后再行使用，特此说明。",
    ]  # fmt: skip


def test_a_table_of_two_columns_is_no_running_text() -> None:
    rows = [("指标名称如下", "数量"), ("孤儿", "312"), ("收养登记", "45"), ("离婚登记", "2,384"), ("结婚登记", "8,011")]
    content = "".join(show(100, 700 - 20 * n, a) + show(350, 700 - 20 * n, b) for n, (a, b) in enumerate(rows))
    assert lines(content)[2] == "| 孤儿 | 312 |"


def test_a_label_of_two_lines_stands_around_its_value() -> None:
    content = "".join(
        show(100, y, a) + show(300, y, b)
        for y, a, b in ((740, "指标", "2023年"), (720, "孤儿", "312"), (680, "收养", "45"))
    )
    content += show(100, 706, "享受困难残疾人生活") + show(300, 700, "54,504") + show(100, 694, "补贴人数")
    assert lines(content)[-2:] == ["| 享受困难残疾人生活补贴人数 | 54,504 |", "| 收养 | 45 |"]


@pytest.mark.parametrize("turn", ["0 1 -1 0 600 0", "0 -1 1 0 0 800", "-1 0 0 -1 600 800"])
def test_turned_text_is_read_as_it_stands(turn: str) -> None:
    content = f"q {turn} cm " + show(50, 500, "全市保障孤儿18732人") + show(50, 480, "收养登记45件") + " Q"
    assert lines(content) == ["全市保障孤儿18732人", "收养登记45件"]


def test_a_page_with_numbers_in_several_directions_is_marked() -> None:
    content = show(100, 700, "全市保障孤儿18732人。") + "q 0 1 -1 0 600 0 cm " + show(300, 30, "附件3") + " Q"
    document = read_attachment(pdf(content))
    assert (document.text, document.mark) == ("全市保障孤儿18732人。\n附件3", "needs_ocr")
    askew = show(100, 700, "全市保障孤儿18732人。") + "q .7 .7 -.7 .7 200 200 cm " + show(0, 0, "内部资料99") + " Q"
    assert (read_attachment(pdf(askew)).text, read_attachment(pdf(askew)).mark) == ("全市保障孤儿18732人。", "")


def test_a_line_left_short_before_a_number_goes_on() -> None:
    first = "2022年全市各级民政部门积极落实各项民生政策，主动回应群众关切，共有城乡低保"
    second = "全年累计支出城乡居民最低生活保障和其他救助资金总额"
    number = "123,456,789.25万元，惠及群众，得到了社会各界的广泛好评和肯定。"
    content = show(120, 700, first) + show(100, 680, "对象，" + second) + show(100, 660, number)
    assert lines(content) == [first + "对象，" + second + number]
    heading = show(100, 700, "一、社会救助工作") + show(100, 680, number)
    assert lines(show(120, 720, first[:20] + "。") + heading)[1:] == ["一、社会救助工作", number]


def test_heads_and_feet_of_pages_are_not_joined_into_sentences() -> None:
    text = "2023年，全市保障城乡低保对象2.05万人，发放低保金9,876.5万元，其中城市低保标准每人每月940元；认定低保边缘家庭412户。"
    frame = show(200, 760, "成都市2023年民政统计公报") + show(100, 60, "地址：天府大道12号")
    first = frame + paragraph(700, "一、社会救助") + paragraph(680, text[:58]) + show(300, 40, "— 1 —")
    second = (
        frame + show(100, 700, text[58:]) + paragraph(680, "二、养老服务") + paragraph(660, text) + show(300, 40, "2")
    )
    assert lines(first, second) == ["成都市2023年民政统计公报", "一、社会救助", text, "二、养老服务", text]


def test_a_unit_above_a_table_on_each_page_stays() -> None:
    def page(name: str, value: str) -> str:
        rows = [("指标", "2023年"), (name, value), ("合计", value), ("其他", "1")]
        content = "".join(show(100, 700 - 20 * n, a) + show(350, 700 - 20 * n, b) for n, (a, b) in enumerate(rows))
        return show(400, 760, "单位：万元") + content

    assert lines(page("低保资金", "12.5"), page("孤儿资金", "3.5")).count("单位：万元") == 2


def test_a_ruled_table_in_one_column_leaves_the_other_alone() -> None:
    grid = "".join(rule(60, y, 290, y) for y in (700, 680, 660)) + "".join(rule(x, 660, x, 700) for x in (60, 180, 290))
    grid += show(65, 687, "指标") + show(185, 687, "数量") + show(65, 667, "孤儿") + show(185, 667, "312")
    texts = [SENTENCE.format(*(f"{n}{k}00" for k in range(3))) for n in range(11, 15)]
    assert lines(grid + column(330, 712, texts)) == ["| 指标 | 数量 |", "| --- | --- |", "| 孤儿 | 312 |", *texts]

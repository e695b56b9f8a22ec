"""OFD: text by boundary, matrix and distances; ruled tables, templates, hidden, turned and raised text, glyphs without a character."""

from __future__ import annotations

from bulletins.pages.attachments import kind_of, read_attachment
from tests.bulletins.files.packages import packed

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def ofd(*pages: str, template: str = "") -> bytes:
    """Return an OFD of pages, each the XML in a layer."""

    def content(inner: str, of_template: bool = False) -> str:
        template_ = "" if of_template or not template else '<ofd:Template TemplateID="9" ZOrder="Background"/>'
        return (
            f'<ofd:Page {_SPACE}>{template_}<ofd:Content><ofd:Layer ID="2">{inner}</ofd:Layer></ofd:Content></ofd:Page>'
        )

    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common = '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData>'
    parts: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {_SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_SPACE}>{common}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/Tpl_0/Content.xml": content(template, of_template=True),
    }
    parts |= {f"Doc_0/Pages/Page_{n}/Content.xml": content(page) for n, page in enumerate(pages)}
    return packed(parts)


def show(x: float, y: float, text: str, size: float = 4, more: str = "", code: str = "") -> str:
    """Return a text object whose baseline begins at (x, y) millimetres; each character is as wide as the font is high."""
    distances = f'DeltaX="g {len(text) - 1} {size}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} {len(text) * size} {2 * size}" Font="3" Size="{size}" {more}>{code}'
        f'<ofd:TextCode X="0" Y="{size}" {distances}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    data = f"M 0 0 L {x1 - x0} {y1 - y0}"
    return f'<ofd:PathObject ID="5" Boundary="{x0} {y0} {x1 - x0} {y1 - y0}"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def lines(*pages: str, template: str = "") -> list[str]:
    return read_attachment(ofd(*pages, template=template)).text.split("\n")


def test_lines_and_a_ruled_table() -> None:
    table = "".join(rule(20, y, 100, y) for y in (50, 60, 70)) + "".join(rule(x, 50, x, 70) for x in (20, 60, 100))
    table += (
        show(22, 57, "指标")
        + show(62, 57, "2023年")
        + show(22, 67, "孤儿")
        + show(62, 67, "1,312")
        + show(82, 65, "1", 2)
    )
    raw = ofd(show(30, 30, "某市民政统计") + table)
    assert kind_of(raw) == "ofd"
    assert read_attachment(raw).text.split("\n") == [
        "某市民政统计",
        "| 指标 | 2023年 |",
        "| --- | --- |",
        "| 孤儿 | 1,312[1] |",
    ]


def test_lines_join_to_paragraphs_over_the_page_break_and_frames_of_templates_stand_once() -> None:
    head = show(60, 15, "某市民政公报")
    text = "2023年，全市保障城乡低保对象2.05万人，发放低保金9,876.5万元，惠及群众。"
    filler = "另有工作若干，按照要求完成。"
    first = "".join(show(20, 50 + 10 * n, filler, 6) for n in range(3)) + show(20, 80, text[:26], 6)
    second = show(20, 50, text[26:], 6) + show(20, 60, "二、养老服务", 6) + show(20, 70, "另有。", 6)
    assert lines(first, second, template=head)[-3:] == [text, "二、养老服务", "另有。"]
    assert lines(first, second, template=head).count("某市民政公报") == 1


def test_characters_without_meaning_and_hidden_text() -> None:
    numbered = (
        '<ofd:CGTransform CodePosition="0" CodeCount="1" GlyphCount="1"><ofd:Glyphs>5</ofd:Glyphs></ofd:CGTransform>'
    )
    page = show(20, 30, "全市孤儿31¤人，收养12件。", code=numbered) + show(20, 40, "特困999人", more='Visible="false"')
    document = read_attachment(ofd(page))
    assert (document.text, document.mark) == ("全市孤儿31\ufffd人，收养12件。", "needs_ocr")
    assert [(cell.text, cell.unread) for grid in document.grids for cell in grid.cells] == [("特困999人", "hidden")]


def test_turned_text_is_read_as_it_stands() -> None:
    turned = 'CTM="0 1 -1 0 20 0"'
    assert lines(show(100, 30, "全市孤儿18732人", more=turned) + show(90, 30, "收养登记45件", more=turned)) == [
        "全市孤儿18732人",
        "收养登记45件",
    ]


def test_a_page_that_is_a_picture_waits_for_recognition() -> None:
    assert read_attachment(ofd('<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="7"/>')).mark == "needs_ocr"

"""Pages in the skeletons that government sites are built from; figures and sentences are made up for the tests."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from bulletins.pages.page import decode, read_html

SHARED = Path(__file__).parents[3] / "shared"

NAVIGATION = """
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/jg/">机构概况，职能</a></li>
<li><a href="/dt/">工作动态</a></li></ul>
<span>今天是2024年12月31日 星期二</span></div>
<div class="crumbs">当前位置：<a href="/">首页</a> &gt; <a href="/gk/">政务公开</a> &gt; 正文</div>
"""
FOOTER = """
<div class="bottom"><p>版权所有：某市民政局，主办单位：某市民政局，技术支持：某某公司</p>
<p>地址：人民路1号，邮编000000，电话：0000-1234567</p>
<p>网站标识码0000000001，ICP备00000001号，您是第7654321位访问者</p></div>
"""
PARAGRAPHS = """
<p>　　2023年，全市保障城乡低保对象1.2万户、2.05万人，发放低保金9,876.5万元。</p>
<p>　　全年新增养老床位1,204张，护理型床位占比达到61.3%；改造敬老院7所，培训养老护理员<span>8</span>60人次。</p>
<p>　　结婚登记<b>3</b><b>21</b>对，离婚登记98对，婚姻登记合格率100%。</p>
"""
TITLE = "某市民政局2023年工作总结"


def page(body: str, head: str = "", charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'


def read(body: str, head: str = "", **arguments: str):
    return read_html(page(body, head).encode(), **arguments)


# --- decoding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared_in_page", ["gb2312", "GBK", "gb18030"])
@pytest.mark.parametrize("in_header", [None, "gb2312", "ISO-8859-1", "utf-8", "no-such-charset"])
def test_gb_pages_keep_their_rare_characters(declared_in_page: str, in_header: str | None) -> None:
    raw = page("<p>朱镕基、陶喆、㛃、𠮷与９８％的㎡。</p>", charset=declared_in_page).encode("gb18030")
    decoded = decode(raw, in_header)
    assert "朱镕基、陶喆、㛃、𠮷与９８％的㎡。" in decoded.text
    assert (decoded.encoding, decoded.replacement_characters) == ("gb18030", 0)


@pytest.mark.parametrize("wrong", ["gb2312", "big5", "iso-8859-1"])
def test_utf8_wins_over_a_wrong_declaration(wrong: str) -> None:
    decoded = decode(page("<p>低保标准每人每月940元。</p>", charset=wrong).encode(), wrong)
    assert "低保标准每人每月940元。" in decoded.text
    assert (decoded.encoding, decoded.replacement_characters) == ("utf-8", 0)


def test_gb_bytes_declared_as_utf8_are_detected() -> None:
    decoded = decode(page(PARAGRAPHS, charset="utf-8").encode("gb18030"), "utf-8")
    assert "发放低保金9,876.5万元" in decoded.text
    assert decoded.replacement_characters == 0


def test_undeclared_gb_bytes_are_detected() -> None:
    decoded = decode(f"<html><body>{PARAGRAPHS}</body></html>".encode("gb18030"))
    assert "护理型床位占比达到61.3%" in decoded.text


@pytest.mark.parametrize(("codec", "name"), [("utf-8-sig", "utf-8"), ("utf-16", "utf-16")])
def test_a_byte_order_mark_decides(codec: str, name: str) -> None:
    decoded = decode("低保标准940元".encode(codec), "gbk")
    assert (decoded.text.lstrip("\ufeff"), decoded.encoding) == ("低保标准940元", name)


def test_damage_is_counted_and_does_not_change_the_encoding() -> None:
    sound = page(PARAGRAPHS * 3).encode()
    damaged = sound.replace("城乡".encode(), b"\xe5\x9f" + "乡".encode(), 2)
    decoded = decode(damaged, "utf-8")
    assert decoded.encoding == "utf-8"
    assert decoded.replacement_characters == 2
    assert read_html(damaged).replacement_characters == 2


def test_a_printed_replacement_character_is_not_damage() -> None:
    assert decode("<p>原文如此：\ufffd</p>".encode()).replacement_characters == 0


# --- the article ------------------------------------------------------------------------------------------------------

SKELETONS = {
    "div": f"""<div class="wrap"><h1>{TITLE}</h1>
        <div class="info">来源：规划财务科 发布时间：2024-01-18 浏览次数：99</div>
        <div class="article">{PARAGRAPHS}</div></div>""",
    "trs": f"""<div class="xl"><div class="xl_tit">{TITLE}</div><div class="TRS_Editor">
        <style>.x{{a:1}}</style><div class="TRS_Editor"><font face="宋体">{PARAGRAPHS}</font></div></div></div>
        <script>var total=123;</script>""",
    "layout tables": f"""<table width="100%"><tr>
        <td width="200"><a href="/1">栏目，一</a><br><a href="/2">栏目，二</a></td>
        <td><table><tr><td>{TITLE}</td></tr><tr><td>时间：2024年1月18日　来源：办公室</td></tr>
        <tr><td>{PARAGRAPHS}</td></tr></table></td></tr></table>""",
    "form around everything": f"""<form id="form1" action="a.aspx"><input value="搜索，12">
        <div id="zoom">{PARAGRAPHS}</div></form>""",
    "line breaks": "<div><div>" + PARAGRAPHS.replace("<p>", "").replace("</p>", "<br/><br/>") + "</div></div>",
    "unclosed paragraphs": f"<div class=main><h1>{TITLE}</h1><div>{PARAGRAPHS.replace('</p>', '')}</div></div>",
    "own element": f"<div><ucapcontent>{PARAGRAPHS}</ucapcontent></div>",
}


@pytest.mark.parametrize("skeleton", SKELETONS)
def test_the_article_is_found_in_every_skeleton(skeleton: str) -> None:
    document = read(NAVIGATION + SKELETONS[skeleton] + FOOTER, f"<title>{TITLE}-某市民政局</title>")
    assert document.title == TITLE
    lines = document.text.split("\n")
    assert lines[0] == TITLE
    assert lines[-3:] == [
        "2023年，全市保障城乡低保对象1.2万户、2.05万人，发放低保金9,876.5万元。",
        "全年新增养老床位1,204张，护理型床位占比达到61.3%；改造敬老院7所，培训养老护理员860人次。",
        "结婚登记321对，离婚登记98对，婚姻登记合格率100%。",
    ]
    for outside in ("首页", "今天是", "当前位置", "版权所有", "标识码", "栏目", "搜索", "total"):
        assert outside not in document.text


def test_a_short_notice_is_not_outweighed_by_its_footer() -> None:
    document = read(NAVIGATION + "<div><div>城市低保标准由每人每月900元提高到940元。</div></div>" + FOOTER)
    assert document.text == "城市低保标准由每人每月900元提高到940元。"


def test_sections_and_tables_beside_the_article_belong_to_it() -> None:
    values = "".join(f"<tr><td>项{number}</td><td>{number}</td></tr>" for number in range(5))
    document = read(
        f"""{NAVIGATION}<div><p>前言：本年发放救助金12万元。</p><div>{PARAGRAPHS * 9}</div>
        <div><table><tr><th>项目</th><th>数量</th></tr>{values}</table></div>附注：全年接受捐赠34万元。<br>
        <div><a href="/1">2021年工作总结，成绩。</a><a href="/2">2020年工作总结，成绩。</a></div></div>{FOOTER}"""
    )
    lines = document.text.split("\n")
    assert lines[0] == "前言：本年发放救助金12万元。"
    assert len(lines) == 1 + 27 + 7 + 1
    assert lines[28:] == [
        "| 项目 | 数量 |",
        "| --- | --- |",
        *(f"| 项{number} | {number} |" for number in range(5)),
        "附注：全年接受捐赠34万元。",
    ]


def test_the_sources_selector_decides_and_a_stale_one_does_not_lose_the_article() -> None:
    body = f"""{NAVIGATION}<div class="a"><p>甲：1万元。</p></div><div>{PARAGRAPHS}</div>
        <div class="a"><p>乙：2万元。</p></div>{FOOTER}"""
    assert read(body, body_selector="div.a").text == "甲：1万元。\n乙：2万元。"
    assert "低保金9,876.5万元" in read(body, body_selector="div.gone").text
    with pytest.raises(ValueError, match="body selector 'div\\[' is not a CSS selector"):
        read(body, body_selector="div[")


def test_furniture_inside_the_article_stays_for_the_ledger() -> None:
    document = read(f"<div>浏览次数：12　字体：大 中 小{PARAGRAPHS}<p>责任编辑：甲</p><p>上一篇：2022年总结</p></div>")
    assert "浏览次数：12 字体：大 中 小" in document.text
    assert "上一篇：2022年总结" in document.text


@pytest.mark.parametrize(
    "raw", [b"", b"   ", b"<html></html>", b"\x00\x00", "只有文字940元".encode(), b"<p", b"</div></p>"]
)
def test_odd_pages_give_a_document(raw: bytes) -> None:
    assert read_html(raw).published_on is None


# --- text -------------------------------------------------------------------------------------------------------------


def text_of(fragment: str) -> str:
    return read(f"<div>{fragment}</div>", body_selector="body > div").text


def test_inline_elements_join_and_blocks_break() -> None:
    assert text_of("发放<b>3</b>3<span>.</span><em>8</em>万元<div>二</div>三<br>四") == "发放33.8万元\n二\n三\n四"


def test_spaces_are_normalised() -> None:
    assert text_of("　　低保&nbsp;金\u200b9\ufeff8\u00ad7 &#160; 万元") == "低保 金987 万元"


def test_source_lines_within_a_sentence_join_as_chinese_does() -> None:
    assert (
        text_of("发放低保金\n      104万元，\r\n\t惠及 3 人，total\nvalue")
        == "发放低保金 104万元，惠及 3 人，total value"
    )


def test_entities_and_markup_like_text_survive() -> None:
    assert text_of('<span title="a>b 99">1 &lt; 2 &amp; &amp;lt;</span><!-- 3 -->') == "1 < 2 & &lt;"


def test_footnote_marks_do_not_become_digits() -> None:
    assert (
        text_of("低保对象97<sup>1</sup>人，面积3万m<sup>2</sup>，增长5%<sup>[2]</sup>")
        == "低保对象97[1]人，面积3万m²，增长5%[2]"
    )


def test_preformatted_text_keeps_its_lines() -> None:
    assert text_of("<pre>低保 12人\n孤儿 3人</pre>") == "低保 12人\n孤儿 3人"


# --- tables -----------------------------------------------------------------------------------------------------------


def test_table_of_data() -> None:
    rows = text_of(
        "<p>单位：人</p><table><caption>表1 社会救助</caption>"
        "<thead><tr><th>指标</th><th>本年</th><th>上年</th></tr></thead>"
        "<tr><td><p>低保<br>对象</p></td><td><p>1<span>2</span></p></td><td>11</td></tr><tr><td></td><td>&nbsp;</td><td></td></tr></table>"
    ).split("\n")
    assert rows == [
        "单位：人",
        "表1 社会救助",
        "| 指标 | 本年 | 上年 |",
        "| --- | --- | --- |",
        "| 低保 对象 | 12 | 11 |",
    ]


def test_heads_in_several_rows_are_spread_and_titles_are_not() -> None:
    rows = text_of(
        "<table><tr><td colspan=6>2023年城乡低保情况表</td></tr>"
        "<tr><td rowspan=2>地区</td><td colspan=2>2023年</td><td colspan=2>2022</td><td rowspan=2>备注</td></tr>"
        "<tr><td>城市</td><td>农村</td><td>城市</td><td>农村</td></tr>"
        "<tr><td colspan=6>一、市区</td></tr>"
        "<tr><td>甲区</td><td>10</td><td>20</td><td>9</td><td>19</td><td></td></tr>"
        "<tr><td>乙区</td><td colspan=2>70</td><td>9</td><td>19</td><td>合并|填报</td></tr>"
        "<tr><td colspan=6>注：本表为快报数。</td></tr></table>"
    ).split("\n")
    assert rows == [
        "2023年城乡低保情况表",
        "| 地区 | 2023年 | 2023年 | 2022 | 2022 | 备注 |",
        "| 地区 | 城市 | 农村 | 城市 | 农村 | 备注 |",
        "| --- | --- | --- | --- | --- | --- |",
        "| 一、市区 | | | | | |",
        "| 甲区 | 10 | 20 | 9 | 19 | |",
        "| 乙区 | 70 | | 9 | 19 | 合并/填报 |",
        "注：本表为快报数。",
    ]


def test_merged_words_repeat_down_the_rows_and_merged_values_do_not() -> None:
    rows = text_of(
        "<table><tr><th>类别</th><th>年份</th><th>项目</th><th>标准</th></tr>"
        "<tr><td rowspan=2>社会救助</td><td rowspan=2>2023年</td><td>城市低保</td><td rowspan=2>940元</td></tr>"
        "<tr><td>农村低保</td></tr></table>"
    ).split("\n")
    assert rows[2:] == ["| 社会救助 | 2023年 | 城市低保 | 940元 |", "| 社会救助 | 2023年 | 农村低保 | |"]


def test_the_row_that_numbers_the_columns_belongs_to_the_head() -> None:
    rows = text_of(
        "<table><tr><td>指标</td><td>单位</td><td>数量</td><td>增长</td></tr><tr><td>甲</td><td>乙</td><td>1</td><td>2</td></tr>"
        "<tr><td>孤儿</td><td>人</td><td>312</td><td>-3.1</td></tr></table>"
    ).split("\n")
    assert rows[1:3] == ["| 甲 | 乙 | 1 | 2 |", "| --- | --- | --- | --- |"]


def test_a_table_within_a_layout_table() -> None:
    text = text_of(
        f"<table><tr><td>目录</td><td>{PARAGRAPHS}<table><tr><td>镇</td><td>个</td><td>29</td></tr><tr><td>乡</td><td>个</td><td>14</td></tr>"
        "</table></td></tr></table>"
    )
    assert text.split("\n")[0] == "目录"
    assert text.split("\n")[-2:] == ["| 镇 | 个 | 29 |", "| 乡 | 个 | 14 |"]


def test_absurd_spans_cost_nothing() -> None:
    started = time.process_time()
    rows = text_of(
        "<table><tr><td rowspan=65000 colspan=99999999>甲</td></tr><tr><td>1</td></tr><tr><td>2</td></tr></table>"
    )
    assert rows.split("\n")
    assert time.process_time() - started < 1


# --- title, publisher, date -------------------------------------------------------------------------------------------


def test_metadata_comes_first() -> None:
    document = read(
        f"<h1>别的标题</h1><p>来源：别处 2021-01-01</p><div>{PARAGRAPHS}</div>",
        f'<title>x</title><META NAME="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2024-01-18 09:00">'
        '<meta name="ContentSource" content="规划财务科"><meta name="SiteName" content="某市民政局">',
    )
    assert (document.title, document.publisher, document.published_on) == (TITLE, "规划财务科", date(2024, 1, 18))


def test_the_line_under_the_title() -> None:
    document = read(
        f"{NAVIGATION}<h1>{TITLE}</h1><p>来源：某市民政局 2024年01月18日 09:00</p><div>{PARAGRAPHS}</div>{FOOTER}"
    )
    assert (document.publisher, document.published_on) == ("某市民政局", date(2024, 1, 18))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("发布时间：2024-01-18 15:30", date(2024, 1, 18)),
        ("发布日期:</span><span>2024/1/18", date(2024, 1, 18)),
        ("[ 时间：2024.01.18 ]", date(2024, 1, 18)),
        ("成文日期：2024-01-10　发布日期：2024-01-18", date(2024, 1, 18)),
        ("生成日期:2024-01-18 废止日期:有效", date(2024, 1, 18)),
        ("发布时间：2024-02-30", None),
        ("培训时间安排如下", None),
    ],
)
def test_dates_under_the_title(line: str, expected: date | None) -> None:
    assert (
        read(f"{NAVIGATION}<h1>{TITLE}</h1><p><span>{line}</span></p><div>{PARAGRAPHS}</div>{FOOTER}").published_on
        == expected
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://mz.example/art/2022/4/3/art_1.html", date(2022, 4, 3)),
        ("http://mz.example/xxgk/202204/t20220403_123456.html", date(2022, 4, 3)),
        ("http://mz.example/n/20210715/88.html", date(2021, 7, 15)),
        ("http://mz.example/c/2022-04/03/content_1.htm", date(2022, 4, 3)),
        ("http://mz.example/c/202204/12345.htm", date(2022, 4, 1)),
        ("http://mz.example/html/2022/IPJQ_0310/14.html", date(2022, 3, 10)),
        ("http://mz.example/n/20221345/88.html", None),
        ("http://mz.example/c/123456/12345.htm", None),
    ],
)
def test_the_address_is_the_last_to_tell_the_date(url: str, expected: date | None) -> None:
    assert read(f"<div>{PARAGRAPHS}</div>", url=url).published_on == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("某市民政局2023年工作总结-某市民政局", "某市民政局2023年工作总结"),
        ("某市2021-2025年养老规划_政务公开_某市人民政府门户网站", "某市2021-2025年养老规划"),
        ("2023年统计公报 | 某省民政厅", "2023年统计公报"),
    ],
)
def test_the_window_title_loses_the_site(window: str, expected: str) -> None:
    assert read(f"<div>{PARAGRAPHS}</div>", f"<title>{window}</title>").title == expected


def test_links_are_absolute_and_complete() -> None:
    links = read(
        """<a href="../a.html" title="完整的标题">完整的…</a><a href="?page=2">下一页</a><a href="javascript:;">x</a>
        <a href="#top">顶</a><a href="mailto:a@b">信</a><a href="//cdn.example/附件.pdf#p2">附件</a>
        <a href="http://[bad">坏</a>""",
        url="http://mz.example/gk/zj/",
    ).links
    assert [(link.url, link.text) for link in links] == [
        ("http://mz.example/gk/a.html", "完整的标题"),
        ("http://mz.example/gk/zj/?page=2", "下一页"),
        ("http://cdn.example/附件.pdf", "附件"),
    ]


# --- real pages, and speed --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (SHARED / "site").is_dir(), reason="the real pages are not here")
@pytest.mark.parametrize(
    ("path", "seed", "published"),
    [
        ("chengdu/art/2022/4/3/art_1001.html", "000", date(2022, 4, 3)),
        ("guangan/n/20210715/88.html", "002", date(2021, 7, 15)),
        ("changzhou/html/mzj/2022/IPJQMNML_0310/14.html", "004", date(2022, 3, 10)),
    ],
)
def test_real_pages(path: str, seed: str, published: date) -> None:
    document = read_html((SHARED / "site" / path).read_bytes(), url=f"http://127.0.0.1/{path}")
    printed = (SHARED / "gold" / "seeds" / f"{seed}.txt").read_text(encoding="utf-8")
    wanted = ["".join(line.split()) for line in printed.split("\n") if len(line) > 30]
    got = {"".join(line.split()) for line in document.text.split("\n")}
    assert sum(len(line) for line in wanted if line in got) >= 0.99 * sum(map(len, wanted))
    for outside in ("机构职能", "今天是", "网站标识码", "访问者", "相关链接", "visits"):
        assert outside not in document.text
    assert document.published_on == published
    assert document.replacement_characters == 0


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>",
        "<table><tr><td>",
        "<a href='",
        "<td>1",
        "&",
        '<p x="',
        "<sup>",
        "<sup>1",
        "<!--",
        " \n",
        "1",
        "<a>",
        "“",
    ],
)
def test_hostile_pages_end_soon(hostile: str) -> None:
    started = time.process_time()
    read(hostile * 20_000 + PARAGRAPHS)
    assert time.process_time() - started < 5


def test_time_grows_with_the_length_of_the_page() -> None:
    def seconds(copies: int) -> float:
        raw = page(NAVIGATION + "<div>" * 50 + PARAGRAPHS * copies + "</div>" * 50 + FOOTER).encode()
        started = time.process_time()
        read_html(raw)
        return time.process_time() - started

    seconds(10)
    assert min(seconds(2000) for _ in range(3)) < 40 * min(seconds(200) for _ in range(3))


@pytest.mark.parametrize("text", ["孤儿312", "低保标准870元", "民政局", "养老床位9100张，低保对象12345人。"])
def test_a_short_page_that_declares_nothing_is_chinese(text: str) -> None:
    assert decode(f"<p>{text}</p>".encode("gbk")).text == f"<p>{text}</p>"


def test_a_long_page_in_big5_is_still_told_from_it() -> None:
    text = (
        "民政局發布二零二一年社會救助統計資料，全市低收入戶共計一萬二千戶，老人福利機構二十二家，發放補助經費三億元。"
        * 4
    )
    assert decode(text.encode("big5")).text == text


@pytest.mark.parametrize(
    "charset", ["rot13", "zlib", "hex", "base64", "unicode_escape", "punycode", "undefined", "a\x00b", "x" * 99]
)
def test_only_charsets_are_taken_for_a_declared_charset(charset: str) -> None:
    raw = "<html><body><p>全市共有低保对象9.76万人。</p></body></html>".encode("gb18030")
    assert "全市共有低保对象9.76万人。" in read_html(raw, declared=charset).text

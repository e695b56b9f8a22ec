"""Web pages show other than they say: hidden, struck and raised text, by element, inline style or the page's own style sheet."""

from __future__ import annotations

import pytest

from bulletins.pages.page import read_html


def lines(body: str, head: str = "") -> list[str]:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><div><p>一、工作情况，数据如下。</p>{body}</div></body></html>"
    return read_html(page.encode()).text.split("\n")[1:]


def left_out(body: str, head: str = "") -> list[tuple[str, str]]:
    page = f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><div><p>一、工作情况，数据如下。</p>{body}</div></body></html>"
    return [(cell.text, cell.unread) for grid in read_html(page.encode()).grids for cell in grid.cells if cell.unread]


LONG = "2022年，全市保障孤儿312人，发放基本生活费1234.5万元，工作正常。"


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("<p>全市特困人员<span style='display:none'>1</span>18900人。</p>", ""),
        ("<p>全市特困人员<b hidden>1</b>18900人。</p>", ""),
        ("<p>全市特困人员<i class=x>1</i>18900人。</p>", "<style>p .x{color:red;visibility:hidden}</style>"),
        (f"<p>{LONG}</p><div style='DISPLAY : none'><p>1</p></div><p>全市特困人员18900人。</p>", ""),
        (
            f"<p>{LONG}</p><ul class=old><li>1</li></ul><p>全市特困人员18900人。</p>",
            "<style>/* x */ ul.old, .older { display:none }</style>",
        ),
    ],
)
def test_hidden_text_is_left_out_with_its_number(body: str, head: str) -> None:
    assert lines(body, head)[-1] == "全市特困人员18900人。"
    assert left_out(body, head) == [("1", "hidden")]


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("<p>低保对象<del>82000</del>83345人。</p>", ""),
        ("<p>低保对象<span style='text-decoration:underline line-through'>82000</span>83345人。</p>", ""),
        (
            "<p>低保对象<span class=gone>82000</span>83345人。</p>",
            "<style>.gone{text-decoration-line:line-through}</style>",
        ),
    ],
)
def test_struck_text_is_left_out_with_its_number(body: str, head: str) -> None:
    assert lines(body, head) == ["低保对象83345人。"]
    assert left_out(body, head) == [("82000", "struck")]


def test_what_another_rule_shows_or_a_reader_can_open_is_read() -> None:
    head = "<style>.tab{display:none} .on{display:block} @media print{p{display:none}} a:hover{display:none}</style>"
    assert lines("<p class='tab on'>孤儿312人。</p>", head) == ["孤儿312人。"]
    assert (
        lines(f"<p>{LONG}</p><div class='tab-pane' style='display:none'><p>孤儿312人。</p></div>")[-1] == "孤儿312人。"
    )
    assert lines("<p style='display:block' class=x>孤儿312人。</p>", "<style>.x{display:none}</style>") == [
        "孤儿312人。"
    ]


def test_an_article_that_a_script_will_show_is_read() -> None:
    assert lines(f"<div style='display:none'><p>{LONG}</p></div>") == [LONG]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("孤儿556<sup>注1</sup>人", "孤儿556[注1]人"),
        ("床位9100<sup><a href='#n'>[2]</a></sup>张", "床位9100[2]张"),
        ("孤儿556<sup>①</sup>人", "孤儿556[①]人"),
        ("孤儿556<sup>1,2</sup>人", "孤儿556[1,2]人"),
        ("面积12000m<sup>2</sup>", "面积12000m²"),
        ("面积12000<span>平方米</span><sup>*</sup>", "面积12000平方米[*]"),
        ("投资10<sup>4</sup>元", "投资10⁴元"),
        ("低保对象12873<span style='font-size:8px;vertical-align: super'>2</span>人", "低保对象12873[2]人"),
        ("第5<sup>th</sup>届", "第5th届"),
    ],
)
def test_raised_marks_are_set_apart(printed: str, read: str) -> None:
    assert lines(f"<p>{printed}，工作。</p>") == [f"{read}，工作。"]


def test_raised_marks_by_the_pages_own_style_sheet() -> None:
    assert lines("<p>孤儿556<em class=n>2</em>人。</p>", "<style>em.n{vertical-align:super}</style>") == [
        "孤儿556[2]人。"
    ]


def test_how_a_word_is_spoken_is_no_word() -> None:
    assert lines("<p>发放<ruby>补<rp>(</rp><rt>bǔ</rt><rp>)</rp>贴</ruby>12万元。</p>") == ["发放补贴12万元。"]


def test_marks_in_cells() -> None:
    rows = "<tr><th>指标</th><th>单位</th><th>2022年</th></tr>"
    rows += "<tr><td>孤儿<sup>①</sup></td><td>人</td><td><s>60</s>56<sup>注2</sup></td></tr><tr><td>特困人员</td><td>人</td><td>1890</td></tr>"
    assert lines(f"<table>{rows}</table>") == [
        "| 指标 | 单位 | 2022年 |", "| --- | --- | --- |", "| 孤儿[①] | 人 | 56[注2] |", "| 特困人员 | 人 | 1890 |",
    ]  # fmt: skip
    assert left_out(f"<table>{rows}</table>") == [("60", "struck")]

"""Tables of web pages as grids: what is printed, what is left out, and where each cell stands in the page's text."""

import polars as pl

from bulletins.frames import PAGES, conform
from bulletins.pages.page import Document, read_html
from bulletins.read import read_pages
from bulletins.tables.grid import Grid, dumps

_HEAD = "<tr><th>指标</th><th>单位</th><th>数量</th></tr>"


def _read(body: str) -> Document:
    page = f'<html><head><meta charset="utf-8"><title>统计表</title></head><body><div>{body}</div></body></html>'
    document = read_html(page.encode())
    for grid in document.grids:
        for cell in grid.cells:
            printed = "" if cell.unread else cell.text.replace("\n", " ").replace("|", "/")
            assert document.text[cell.start : cell.end] == printed
    return document


def _grid(body: str) -> Grid:
    (grid,) = _read(body).grids
    return grid


def _unread(grid: Grid) -> list[tuple[str, str]]:
    return [(cell.text, cell.unread) for cell in grid.cells if cell.unread]


def test_hidden_rows_and_cells_are_no_figures() -> None:
    grid = _grid(
        f'<table>{_HEAD}<tr style="display: none"><td>孤儿</td><td>人</td><td>999</td></tr>'
        "<tr hidden><td>孤儿</td><td>人</td><td>998</td></tr><tr><td>低保</td><td>人</td><td>5120</td></tr></table>"
    )
    assert [text for text, _ in _unread(grid)] == ["孤儿", "人", "999", "孤儿", "人", "998"]


def test_struck_digits_do_not_join_those_beside_them() -> None:
    document = _read(f"<table>{_HEAD}<tr><td>孤儿</td><td>人</td><td><del>312</del>320</td></tr></table>")
    assert document.text.split("\n")[-1] == "| 孤儿 | 人 | 320 |"
    assert _unread(document.grids[0]) == [("312", "struck")]


def test_struck_and_hidden_numbers_of_prose_are_accounted_for() -> None:
    document = _read('<p>共有孤儿<s>312</s>320人，<span style="display:none">9</span>低保对象5120人。</p>')
    assert document.text.split("\n")[-1] == "共有孤儿320人，低保对象5120人。"
    assert [_unread(grid) for grid in document.grids] == [[("312", "struck"), ("9", "hidden")]]


def test_raised_notes_are_no_digits_of_the_figure() -> None:
    grid = _grid(f"<table>{_HEAD}<tr><td>孤儿<sup>2</sup></td><td>人</td><td>312<sup>1</sup></td></tr></table>")
    assert [(cell.text, cell.notes) for cell in grid.cells if cell.notes] == [("孤儿", ("2",)), ("312", ("1",))]


def test_a_number_that_the_cell_is_too_narrow_for_is_one() -> None:
    grid = _grid(f"<table>{_HEAD}<tr><td>支出</td><td>万元</td><td>1,234,<br>567.8</td></tr></table>")
    assert grid.cells[-1].text == "1,234,567.8"


def test_paragraphs_of_a_cell_stay_apart() -> None:
    grid = _grid(
        f"<table>{_HEAD}<tr><td><p>孤儿</p><p>养老机构</p></td><td>人<br>个</td><td>312<br>45</td></tr></table>"
    )
    assert [cell.text for cell in grid.cells[3:]] == ["孤儿\n养老机构", "人\n个", "312\n45"]


def test_a_table_in_a_cell_of_data_is_a_table_of_its_own() -> None:
    inner = "<table><tr><td>男</td><td>12</td></tr><tr><td>女</td><td>19</td></tr></table>"
    document = _read(
        f"<table>{_HEAD}<tr><td>孤儿</td><td>人</td><td>31</td></tr><tr><td>分性别</td><td>{inner}</td><td>31</td></tr></table>"
    )
    assert [[cell.text for cell in grid.cells][-2:] for grid in document.grids] == [["分性别", "31"], ["女", "19"]]


def test_a_table_that_arranges_the_page_is_none() -> None:
    article = "<p>全市共有孤儿312人。</p>" * 3
    data = f"<table>{_HEAD}<tr><td>孤儿</td><td>人</td><td>312</td></tr></table>"
    document = _read(f"<table><tr><td>栏目</td><td>{article}{data}</td></tr><tr><td>页脚</td><td>一</td></tr></table>")
    assert [grid.width for grid in document.grids] == [3]


def test_a_note_longer_than_the_table_does_not_make_it_layout() -> None:
    note = "注：孤儿含集中养育、社会散居两类；养老机构指依法登记的机构，不含社区设施；支出为本年累计数。" * 12
    document = _read(
        f"<table>{_HEAD}<tr><td>孤儿</td><td>人</td><td>312</td></tr><tr><td>机构</td><td>个</td><td>45</td></tr>"
        f'<tr><td colspan="3">{note}</td></tr></table>'
    )
    assert "| 孤儿 | 人 | 312 |" in document.text


def test_tables_beside_prose_stay_with_their_units_in_the_cells() -> None:
    prose = "<p>全市民政工作成效明显，全面完成了各项任务，群众获得感、幸福感、安全感不断增强。</p>" * 4
    rows = "".join(f"<tr><td>第{name}区</td><td>{number}人</td></tr>" for name, number in (("一", 312), ("二", 245)))
    document = _read(f"<div>{prose}</div><div><table><tr><td>县区</td><td>低保人数</td></tr>{rows}</table></div>")
    assert "| 第二区 | 245人 |" in document.text


def test_two_tables_with_nothing_between_are_two_grids() -> None:
    document = _read(
        f"<table>{_HEAD}<tr><td>孤儿</td><td>人</td><td>312</td></tr></table>"
        "<table><caption>表2</caption><tr><td>县区</td><td>户数</td></tr><tr><td>甲县</td><td>120</td></tr></table>"
    )
    assert [grid.path for grid in document.grids] == [(), ("表2",)]
    assert document.grids[0].end < document.grids[1].start


def test_what_is_hidden_stands_in_the_ledger_and_among_no_observations() -> None:
    document = _read(
        f'<table>{_HEAD}<tr style="display:none"><td>孤儿</td><td>人</td><td>1,999</td></tr>'
        "<tr><td>孤儿</td><td>人</td><td>312</td></tr></table>"
    )
    page = dict.fromkeys(PAGES) | {"bulletin_key": "k", "text": document.text, "grids": dumps(document.grids)}
    reading = read_pages(conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES))
    assert reading.observations["text"].to_list() == ["312"]
    (left,) = reading.ledger.filter(pl.col("text") == "1,999").rows(named=True)
    assert (left["verdict"], left["reason"]) == ("furniture", "表内隐藏")
    assert left["start"] == left["end"]
    assert document.text.index("| 指标") < left["start"] < document.text.index("| 孤儿")

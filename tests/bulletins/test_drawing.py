"""Tables as they are drawn: every cell is there once, in the colour of its role, and each figure with what it was read as."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.gold import table_set
from bulletins.catalog import load_catalog
from bulletins.markup import marked_page
from bulletins.read import read_pages, tables_of_page

CATALOG = load_catalog()
GOLD = table_set(Path(__file__).parents[1] / "gold" / "tables", CATALOG)
NAMES = ["T02", "T10", "T19"]


def _page(name: str) -> str:
    pages = GOLD.pages.filter(GOLD.pages["url"].str.ends_with(name))
    reading = read_pages(pages, CATALOG)
    page = pages.row(0, named=True)
    return marked_page(
        page["text"], *reading, indicators=CATALOG.indicators, tables=tables_of_page(page, CATALOG), title=page["title"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_drawn_once_with_its_role(name: str) -> None:
    page = GOLD.pages.filter(GOLD.pages["url"].str.ends_with(name)).row(0, named=True)
    tables = tables_of_page(page, CATALOG)
    html = _page(name)
    for role in {cell.role for table in tables for cell in table.cells}:
        cells = [cell for table in tables for cell in table.cells if cell.role == role]
        assert len(re.findall(rf'<td class="role-{role}[ "]', html)) == len(cells)


def test_a_figure_has_its_reading_and_leads_to_where_it_stands() -> None:
    cell = re.search(
        r'<td class="role-value coded">45\.1<small class="read"><a href="#n(\d+)">([^<]*)</a>', _page("T02")
    )
    assert cell is not None
    assert f'id="n{cell.group(1)}"' in _page("T02")
    assert all(words in cell.group(2) for words in ("451,000 元", "dibao_funds", "文峰区", "2022-08"))


def test_heads_tell_what_they_state_and_scores_are_no_figures() -> None:
    html = _page("T19")
    assert '<td class="role-head">年度指标值<small>性质 计划</small></td>' in html
    assert re.search(r'<td class="role-score">9\.2</td>', html)


def test_a_page_without_tables_has_no_place_for_them() -> None:
    page = GOLD.pages.row(0, named=True)
    reading = read_pages(GOLD.pages.head(1), CATALOG)
    assert "<h2>表格</h2>" not in marked_page(page["text"], *reading, indicators=CATALOG.indicators)

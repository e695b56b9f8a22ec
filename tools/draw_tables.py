"""What ten tables look like to the reader: writes `docs/tables.html`, one page that needs nothing else.

    python -m tools.draw_tables

The tables are some of `tests/gold/tables`, whose figures are invented; each was chosen for another shape.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from benchmarks.gold import table_set
from bulletins.catalog import load_catalog
from bulletins.markup import drawn_page
from bulletins.read import read_pages, tables_of_page

_ROOT = Path(__file__).resolve().parents[1]
SHAPES = {
    "T01": "年份为列，指标分组，“#”为其中项，数字用空格分节",
    "T02": "两层表头：城市、农村各四列，单位在题注",
    "T03": "机构名录：床位、入住是各机构的，不是全区的",
    "T04": "每行一个执行时间的标准，城市按月、农村按年",
    "T05": "季报：本季、本年累计、上年同期累计、同比",
    "T07": "左右并排的两半，乡镇不在区划表中",
    "T10": "名称与数值成对排列的登记表",
    "T13": "中央、省级、市级资金是合计的组成部分",
    "T14": "年份与季度为行，年份合并",
    "T19": "绩效自评表：指标值是目标，分值、得分不是人数",
}


def main() -> None:
    """Draw the ten and write the page."""
    catalog = load_catalog()
    gold = table_set(_ROOT / "tests" / "gold" / "tables", catalog)
    pages = {page["url"].rsplit("/", 1)[1]: page for page in gold.pages.iter_rows(named=True)}
    parts = []
    for number, (name, shape) in enumerate(SHAPES.items(), start=1):
        page = pages[name]
        reading = read_pages(gold.pages.filter(gold.pages["bulletin_key"] == page["bulletin_key"]), catalog)
        heading = f"<h2>{number}. {escape(shape)}</h2>"
        parts.append(heading + drawn_page(*reading, tables_of_page(page, catalog), indicators=catalog.indicators))
    target = _ROOT / "docs" / "tables.html"
    target.write_text(_PAGE.format(body="\n".join(parts)), encoding="utf-8")


_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="minzheng">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>十种表格的读法</title>
</head>
<body>
<main class="gallery">
<h1>十种表格的读法</h1>
<p>数字均为虚构。每格按其角色着色；表头、行名之下是读出的事实，数值之下是读数。自己的表格：<code>minzheng read 表格.xlsx --html 表格.html</code>。</p>
{body}
</main>
</body>
</html>
"""


if __name__ == "__main__":
    main()

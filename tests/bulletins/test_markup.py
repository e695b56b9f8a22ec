"""The marked-up page: every character and every number of the text is there, once and escaped, and it needs nothing from elsewhere."""

from __future__ import annotations

import csv
import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, conform, empty
from bulletins.markup import MARKS, NAMES, marked_page
from bulletins.read import Reading, read_pages

CATALOG = load_catalog()
CODE_LIST = Path(__file__).parents[2] / "warehouse" / "schema" / "code_list.csv"
TEXT = (
    "2021年，城市低保标准由每人每月600元提高到650元。\n新增床位<b>30%-40%</b> & 3.5“张”。第3届；标题《1&2》\n"
    "登记社会组织2612家，总支出.5。\n电话：0826-2345678"
)


class Page(HTMLParser):
    """The running text of the marked text, and of each number what is shown of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.readings, self.classes, self.outside = "", dict[str, str](), list[str](), list[str]()
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.outside += [value for name, value in attrs if name in ("src", "href") and value and value[0] != "#"]
        if tag not in ("meta", "link"):
            self._open.append((tag, attributes))
        if (attributes.get("class") or "").startswith("number ") and tag == "span":
            assert attributes["tabindex"] == "0"
            assert attributes["aria-describedby"] == f"r{(attributes['id'] or '')[1:]}"
            self.classes.append((attributes["class"] or "").split()[1])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        classes = [attributes.get("class") for _, attributes in self._open]
        if "reading" in classes:
            key = self._open[classes.index("reading")][1]["id"] or ""
            self.readings[key] = self.readings.get(key, "") + data + " "
        elif "text" in classes:
            self.text += data


def reading_of(text: str) -> Reading:
    page = dict.fromkeys(PAGES) | {
        "bulletin_key": "0" * 16, "title": "2021年工作总结", "published_on": dt.date(2022, 1, 15), "kind": "year_summary",
        "place_code": "511600", "place": "广安市", "text": text,
    }  # fmt: skip
    return read_pages(conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES), CATALOG)


def shown(text: str, reading: Reading, **fields: Any) -> Page:
    return Page(marked_page(text, *reading, indicators=CATALOG.indicators, **fields))


def test_the_text_is_whole_and_each_number_is_marked_once() -> None:
    reading = reading_of(TEXT)
    page = shown(TEXT, reading)
    assert page.text == TEXT
    assert len(page.classes) == len(page.readings) == reading.ledger.height
    assert set(page.classes) <= set(MARKS)
    assert page.classes.count("coded") == reading.observations.filter(pl.col("indicator") != "").height
    assert page.outside == []


def test_a_reading_says_what_when_and_where() -> None:
    page = shown(TEXT, reading_of(TEXT))
    at = TEXT.index("600元")
    assert " ".join(page.readings[f"r{at}"].split()) == (
        "读作 600 元 每月 所指 城市低保标准 指标 最低生活保障标准 dibao_standard 何地 广安市 城市 何时 2021年 全年 状态 提标前旧值"
    )
    assert "30–40 %" in page.readings[f"r{TEXT.index('30%')}"]
    assert "日期" in page.readings["r0"]


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "</span></div><img src=x onerror=alert(1)>", '" autofocus onfocus="x']
)
def test_nothing_of_a_page_becomes_markup(evil: str) -> None:
    text = f"{evil}孤儿12人{evil}"
    reading = reading_of(text)
    spoilt = Reading(
        reading.observations.with_columns(label=pl.lit(evil), place=pl.lit(evil)),
        reading.ledger.with_columns(reason=pl.lit(evil)),
    )
    html = marked_page(text, *spoilt, title=evil, indicators=CATALOG.indicators)
    assert Page(html).text == text
    assert re.findall(r"<(?:script|img)|\son\w+=\"", html) == []


def test_a_page_without_numbers_is_shown_as_it_is() -> None:
    page = shown("没有数字。", Reading(empty(OBSERVATIONS), empty(LEDGER)))
    assert (page.text, page.readings) == ("没有数字。", {})


def test_names_are_those_of_the_warehouse() -> None:
    with CODE_LIST.open(encoding="utf-8", newline="") as handle:
        names = {(row["list"], row["code"]): row["name_zh"] for row in csv.DictReader(handle)}
    for field, codes in NAMES.items():
        assert {code: names[field, code] for code in codes} == codes
        unnamed = {code for list_, code in names if list_ == field} - set(codes)
        assert unnamed <= {"", "exact", "level", "all"}, field

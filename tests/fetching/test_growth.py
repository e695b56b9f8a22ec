"""What is read of a page takes time in proportion to it, whatever it holds: doubled inputs take about twice as long.

Times are compared with each other and never with a clock's seconds; a shape that is too quick to be timed is made longer.
"""

import datetime as dt
import time
from collections.abc import Callable

import polars as pl
import pytest

from bulletins.catalog import load_catalog
from bulletins.frames import PAGES, conform
from bulletins.pages.page import read_html
from bulletins.read import read_pages
from fetching.lists.look import look

#: How many times as long a doubled input may take: what is linear takes twice as long, a square four times.
WORST = 2.3
ENOUGH = 0.06  # seconds of processor from which two times can be compared
LONGEST = 2_000_000  # characters
DOUBLINGS = 2  # over which growth is measured: what else the machine does weighs less
TRIES = 3
pytestmark = pytest.mark.slow  # minutes: each shape is made long enough to be timed

MARKUP = {
    "elements within elements": "<div>",
    "lists within lists": "<ul><li>",
    "terms within terms": "<dl><dt>a<dd>1",
    "templates": "<template>",
    "noscripts": "<noscript>",
    "tables within tables": "<table><tr><td>",
    "tags that are cut": "<a ",
    "less-thans": "<",
    "comments that do not end": "<!--",
    "entities": "&nbsp;",
    "cells": "<td>1",
    "rows": "<tr><td>1</td></tr>",
    "spans over rows": "<table><tr><td rowspan=99>1</td></tr>",
    "hidden": "<div style='display:none'>1</div>",
    "links": "<a href='/a.html'>标题</a>",
    "blanks": " ",
    "digits": "1",
    "forms": "<form><input name=a>",
    "data": "<i data-a='b.pdf'>",
    "choices": "<option value='/a/'>2021年",
    "clicks": "<i onclick='go(2)'>下一页</i>",
    "years": "<a href='/2021/'>2021</a>",
    "frames": "<iframe src=/a>",
}
SCRIPTS = {
    "digits": "1",
    "words": "a1_",
    "quotes": '"',
    "braces": "{",
    "calls": "f(",
    "variables": "var a='b';",
    "sums": "'a'+",
    "pushes": 'a.push("b");',
    "asks": "$.ajax({",
    "functions": "function a(b){c.submit()}",
    "opens": "location.href='a'+b;",
    "sets": "f.a.value=b;",
    "counts": "count:9,",
    "records": "{'a.pdf','/b'},",
    "calls of pages": "page(1,2)",
    "chance": "new Date().getTime()",
}
FEEDS = {
    "entries that do not end": "<url>",
    "entries": "<url><loc>http://a/b</loc></url>",
    "items": "<item>",
    "links": "<entry><link>",
}
TEXTS = {
    "digits": "7",
    "dots": ".",
    "sections": "1.",
    "years": "2021、",
    "numerals": "三",
    "brackets": "(",
    "cells": "| 1 ",
    "blanks": " ",
    "lines": "\n",
    "places": "青羊区、",
    "amounts": "1人、",
    "sentences": "全市共有低保对象9.76万人。",
    "without an end": "低保对象",
}


def growth(function: Callable[[str], object], unit: str) -> float:
    """How many times as long an input takes that is twice as long: the mean over some doublings."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        began = time.process_time()
        function(text)
        return time.process_time() - began

    size = 2000
    while seconds(size) < ENOUGH and size < LONGEST:
        size *= 2
    if size >= LONGEST:
        return 1.0
    # The machine may have been busy: the quickest of a few tries says what the work takes.
    short, long = (min(seconds(size * factor) for _ in range(TRIES)) for factor in (1, 2**DOUBLINGS))
    return float((long / short) ** (1 / DOUBLINGS))


@pytest.mark.parametrize("shape", [*MARKUP])
def test_markup(shape: str) -> None:
    assert growth(lambda page: read_html(f"<html><body>{page}".encode()), MARKUP[shape]) < WORST


@pytest.mark.parametrize("shape", [*MARKUP])
def test_lists_of_markup(shape: str) -> None:
    assert growth(lambda page: look(f"<html><body>{page}".encode(), None, "http://a/"), MARKUP[shape]) < WORST


@pytest.mark.parametrize("shape", SCRIPTS)
def test_lists_of_scripts(shape: str) -> None:
    made = "<html><script>{}</script>"
    assert growth(lambda text: look(made.format(text).encode(), None, "http://a/"), SCRIPTS[shape]) < WORST


@pytest.mark.parametrize("shape", FEEDS)
def test_feeds(shape: str) -> None:
    made = "<?xml version='1.0'?><urlset>"
    assert growth(lambda text: look(f"{made}{text}".encode(), None, "http://a/"), FEEDS[shape]) < WORST


@pytest.mark.parametrize("shape", TEXTS)
def test_text(shape: str) -> None:
    def read(text: str) -> None:
        page = dict.fromkeys(PAGES) | {
            "bulletin_key": "k",
            "url": "http://a/",
            "title": "2023年工作总结",
            "published_on": dt.date(2024, 1, 5),
            "kind": "year_summary",
            "place_code": "510100",
            "place": "成都市",
            "text": f"2023年工作总结\n{text}",
        }
        read_pages(conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES), load_catalog())

    read("全市共有低保对象9.76万人。")
    assert growth(read, TEXTS[shape]) < WORST


def test_what_lies_too_deep_is_read_all_the_same() -> None:
    document = read_html(f"<html><body>{'<div>' * 5000}<p>全市共有低保对象9.76万人。</p>{'</div>' * 5000}".encode())
    assert "全市共有低保对象9.76万人。" in document.text


def test_json_that_lies_too_deep_is_no_list() -> None:
    assert not look(b"[" * 20_000, None, "http://a/").listing.rows

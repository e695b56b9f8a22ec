"""Rows in scripts: parallel arrays, arrays of records, and HTML that a script writes. Pure."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import chompjs

from fetching.lists.markup import rows_in
from fetching.lists.records import rows_of
from fetching.lists.shown import Listing, Row, Shown, date_of, looks_like_address, quoted

_ELEMENT = re.compile(r"""\b(\w+)\s*\[[^\]\n]{0,40}\]\s*=\s*(["'])((?:(?!\2)[^\\]|\\.)*)\2""")
_PUSHED = re.compile(r"""\b(\w+)\.push\(\s*(["'])((?:(?!\2)[^\\]|\\.)*)\2\s*\)""")
_ARRAY = re.compile(r"""\b(\w+)\s*=\s*(?:new\s+Array\s*\(|\[)((?:\s*(["'])(?:(?!\3)[^\\]|\\.)*\3\s*,?)+)[\])]""")
_VALUE = re.compile(r"""(?:^|[=:(,])\s*([\[{])""", re.M)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_MARKUP = re.compile(r"<a\s[^>]*href", re.I)
_MOST_VALUES = 40


def find(shown: Shown) -> Listing | None:
    """The rows that the page's scripts hold."""
    script = "\n".join([*(node.text() for node in shown.tree.css("script")), shown.fetched])
    if not script.strip() or "<datastore" in script:
        return None
    rows = [*_parallel(script, shown), *_written(script, shown)]
    if not rows:
        rows = list(_records(script, shown))
    return Listing(rows=tuple(rows), system=("script",)) if rows else None


def _parallel(script: str, shown: Shown) -> Iterator[Row]:
    """`urls[i]='…'; headers[i]='…'; dates[i]='…'`, or the same as whole arrays."""
    columns: dict[str, list[str]] = defaultdict(list)
    for name, _, text in [*_ELEMENT.findall(script), *_PUSHED.findall(script)]:
        columns[name].append(text)
    for name, items, _ in _ARRAY.findall(script):
        columns.setdefault(name, list(quoted(items)))
    addresses = [items for items in columns.values() if _mostly(items, looks_like_address)]
    for urls in addresses:
        same = [items for items in columns.values() if len(items) == len(urls) and items is not urls]
        titles = [items for items in same if _mostly(items, lambda text: bool(_CHINESE.search(text)))]
        dates = [items for items in same if _mostly(items, lambda text: date_of(text) is not None)]
        titles = [items for items in titles if items not in dates]
        if not titles:
            continue
        named = max(titles, key=lambda items: sum(map(len, items)))
        for number, (address, title) in enumerate(zip(urls, named, strict=True)):
            if url := shown.absolute(address):
                yield Row(url, " ".join(title.split()), date_of(dates[0][number]) if dates else None)


def _mostly(items: list[str], kind: object) -> bool:
    return bool(items) and callable(kind) and sum(map(bool, map(kind, items))) > 0.8 * len(items)


def _written(script: str, shown: Shown) -> Iterator[Row]:
    """`document.write('<li><a href=…')` and strings of HTML that are set into the page."""
    for text in quoted(script):
        if _MARKUP.search(text):
            yield from rows_in(text.replace("\\'", "'").replace('\\"', '"'), shown)


def _records(script: str, shown: Shown) -> Iterator[Row]:
    """`var list = [{title: …, url: …}]`."""
    end = 0
    for number, begin in enumerate(match.start(1) for match in _VALUE.finditer(script)):
        if begin < end or number > 10 * _MOST_VALUES:
            continue
        try:
            value: Any = chompjs.parse_js_object(script[begin:])
        except ValueError:
            continue
        rows = list(rows_of(value, shown))
        if rows:
            end = begin + len(json.dumps(value, ensure_ascii=False)) // 2  # what was taken is not taken again
            yield from rows

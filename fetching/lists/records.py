"""Rows in records: JSON as lists send it, with addresses and titles as fields, or pieces of HTML inside its strings. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import chompjs

from fetching.lists.markup import rows_in
from fetching.lists.numbers import following
from fetching.lists.shown import Listing, Row, Shown, date_of, looks_like_address

_URL_KEYS = re.compile(r"url|link|href|path|address|页面", re.I)
_TITLE_KEYS = re.compile(r"title|subject|^name$|headline|标题|^bt$|docname|infoname|^text$", re.I)
_DATE_KEYS = re.compile(r"date|time|created|publish|pub|日期|^rq$|^sj$", re.I)
_PICTURES = re.compile(r"img|pic|icon|thumb|cover|logo|video|mobile|wap", re.I)
_TOTALS = re.compile(
    r"^(?:total|totalcount|totalrecords?|totalelements|total_count|count|recordcount|rowcount|totalnum|totalrows|recordnum|totalhits|num_?found|totalsize)$",
    re.I,
)
_PAGES = re.compile(r"^(?:totalpages?|pagecount|page_?total|pages|total_page|pagetotal|countpage)$", re.I)
_MARKUP = re.compile(r"<(?:a|li|tr|div)\b[^>]*(?:href|onclick)|<a\s|<li\b", re.I)
_JSONP = re.compile(r"^[\w$.]+\s*\((.*)\)\s*;?\s*$", re.S)
_DEEPEST = 12


def parsed(text: str) -> Any:
    """What JSON, or nearly JSON, says: raw line ends inside strings, a callback around it; None if it is neither."""
    text = text.strip().lstrip("\ufeff")
    if call := _JSONP.match(text):
        text = call.group(1).strip()
    if text[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text, strict=False)
    except RecursionError:  # deeper than any list
        return None
    except ValueError:
        try:
            return chompjs.parse_js_object(text)
        except ValueError:
            return None


def find(shown: Shown) -> Listing | None:
    """The rows of an answer that is JSON."""
    value = parsed(shown.text)
    if value is None:
        return None
    rows = tuple(rows_of(value, shown))
    total, pages = counted(value)
    if total and rows and not pages:
        pages = math.ceil(total / len(rows)) if shown.page == 1 else None
    more = following(shown.url, shown.page) if rows and (pages is None or shown.page < pages) else None
    return Listing(rows=rows, next=(more,) if more else (), pages=pages, articles=total, system=("json",))


def rows_of(value: Any, shown: Shown, depth: int = 0) -> Iterator[Row]:
    """The records and pieces of HTML within a value, in order."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        if _MARKUP.search(value):
            yield from rows_in(value, shown)
        elif value[:1] in ("{", "[") and depth:  # JSON as a string of JSON
            yield from rows_of(parsed(value), shown, depth + 1)
    elif isinstance(value, dict):
        row = _row(value, shown)
        if row:
            yield row
        for item in value.values():
            if not (row and isinstance(item, str)):
                yield from rows_of(item, shown, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from rows_of(item, shown, depth + 1)


def _row(record: dict[Any, Any], shown: Shown) -> Row | None:
    texts = {str(key): value.strip() for key, value in record.items() if isinstance(value, str) and value.strip()}
    addresses = [
        value for key, value in texts.items()
        if _URL_KEYS.search(key) and not _PICTURES.search(key) and looks_like_address(value)
    ]  # fmt: skip
    titles = [re.sub(r"<[^>]+>", "", value) for key, value in texts.items() if _TITLE_KEYS.search(key)]
    titles = [title for title in titles if re.search("[\u4e00-\u9fff]", title) and not looks_like_address(title)]
    url = shown.absolute(addresses[0]) if addresses else None
    if url is None or not titles:
        return None
    dates = (date_of(value) for key, value in record.items() if _DATE_KEYS.search(str(key)))
    return Row(url, " ".join(max(titles, key=len).split()), next(filter(None, dates), None))


def counted(value: Any, depth: int = 0) -> tuple[int | None, int | None]:
    """How many rows and how many pages there are, by the answer's own fields."""
    total = pages = None
    if isinstance(value, dict) and depth < 4:
        for key, item in value.items():
            if isinstance(item, dict):
                inner = counted(item, depth + 1)
                total, pages = total or inner[0], pages or inner[1]
            elif isinstance(item, int | str) and not isinstance(item, bool) and str(item).strip().isdecimal():
                total = int(item) if _TOTALS.match(str(key)) else total
                pages = int(item) if _PAGES.match(str(key)) else pages
    return total, pages

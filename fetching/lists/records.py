"""Rows in records: JSON as lists send it, with addresses and titles as fields, or pieces of HTML inside its strings. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

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
_TITLE = re.compile("[^<>{}]{0,200}[\u4e00-\u9fff][^<>{}]{0,200}")
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
    value: Any = parsed(shown.text)
    if (
        value is None
        and shown.text.lstrip("\ufeff \t\r\n").startswith("<?xml")
        and "<html" not in shown.text[:2000].lower()
    ):
        value = in_xml(shown.text) or None
    if value is None:
        return None
    rows = tuple(rows_of(value, shown))
    if not rows and not shown.text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
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
    """The row that a record is: by what its fields are called or, where they have no names, by what they hold."""
    texts = {str(key): value.strip() for key, value in record.items() if isinstance(value, str) and value.strip()}
    named = {key: value for key, value in texts.items() if not _PICTURES.search(key)}
    addresses = [found for key, value in named.items() if _URL_KEYS.search(key) for found in _addresses(value)]
    addresses = addresses or [value for value in named.values() if "/" in value and looks_like_address(value)]
    titles = [re.sub(r"<[^>]+>", "", value) for key, value in texts.items() if _TITLE_KEYS.search(key)]
    titles = [title for title in titles if re.search("[\u4e00-\u9fff]", title) and not looks_like_address(title)]
    titles = titles or [value for key, value in texts.items() if len(key) <= 2 and _TITLE.fullmatch(value)]
    url = shown.absolute(addresses[0]) if addresses else None
    if url is None or not titles:
        return None
    dates = (date_of(value) for key, value in record.items() if _DATE_KEYS.search(str(key)) or len(str(key)) <= 2)
    return Row(url, " ".join(max(titles, key=len).split()), next(filter(None, dates), None))


def _addresses(value: str) -> list[str]:
    """The address that a field holds, or those in a record that it holds as a string."""
    if value[:1] == "{":
        inner = parsed(value)
        values = inner.values() if isinstance(inner, dict) else ()
        return [one for one in values if isinstance(one, str) and looks_like_address(one)]
    return [value] if looks_like_address(value) else []


def in_xml(text: str) -> list[dict[str, str]]:
    """The records of an XML answer: its elements that hold nothing but fields."""
    if "<!ENTITY" in text:
        return []
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ElementTree.ParseError:
        return []
    found = []
    for element in root.iter():
        fields = {_plain(field.tag): (field.text or "").strip() for field in element if not len(field)}
        fields |= {_plain(name): value for name, value in element.attrib.items()}
        if len(fields) > 1 or (element is not root and fields and len(element) == len(fields)):
            found.append(fields)
    return found


def _plain(name: object) -> str:
    return str(name).rpartition("}")[2]


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

"""Rows in a `<datastore>` (Hanweb's jpage): HTML in CDATA, in a script of the page or as an XML answer of its own. Pure."""

from __future__ import annotations

import re

from fetching.lists.markup import rows_in
from fetching.lists.numbers import following
from fetching.lists.shown import Listing, Shown

_STORE = re.compile(r"<datastore\b.*?(?:</datastore>|\Z)", re.S | re.I)
_RECORDS = re.compile(
    r"<(?:record|item|row)\b[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</(?:record|item|row)>", re.S | re.I
)
_GROUP = re.compile(r"<nextgroup\b.*?(?:href|src|url)\s*=\s*[\"']([^\"']+)", re.S | re.I)
_TOTAL = re.compile(r"total_?record(?:</?\w*>|[\s:=\"'])*(\d+)", re.I)
_UNIT = re.compile(r"\bunitid[\"']?\s*[:=]\s*[\"']?(\d{1,12})", re.I)
_PAGES = re.compile(r"total_?page(?:</?\w*>|[\s:=\"'])*(\d+)", re.I)


def find(shown: Shown) -> Listing | None:
    """The rows of a datastore, and where it goes on."""
    store = _STORE.search(shown.text)
    if store is None:
        return None
    rows = tuple(row for record in _RECORDS.findall(store.group()) for row in rows_in(record, shown))
    group = _GROUP.search(store.group())
    more = shown.absolute(group.group(1).replace("&amp;", "&")) if group else None
    total, pages = _TOTAL.search(shown.text), _PAGES.search(shown.text)
    alone = shown.text.lstrip()[:200].lower().startswith(("<?xml", "<datastore"))
    found = Listing(
        rows=rows,
        pages=int(pages.group(1)) if pages else None,
        articles=int(total.group(1)) if total else None,
        system=("datastore",),
    )
    if not alone and not more and (unit := _UNIT.search(shown.text)):  # the server itself takes the page's number
        own = shown.url.partition("?")[0]
        further = shown.page < (found.pages or 0) or len(rows) * shown.page < (found.articles or 0)
        return found | Listing(next=(f"{own}?uid={unit[1]}&pageNum={shown.page + 1}",) if rows and further else ())
    if not alone:  # what the page's script asks for begins again with the first rows
        return found | Listing(inner=(more,) if more else ())
    alternatives = [address for address in (more, following(shown.url, shown.page)) if address and rows]
    done = found.articles is not None and shown.page == 1 and len(rows) >= found.articles
    over = done or (found.pages is not None and shown.page >= found.pages)
    return found | Listing(next=() if over else tuple(dict.fromkeys(alternatives)))

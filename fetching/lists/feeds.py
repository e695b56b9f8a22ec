"""Lists for programs: RSS, Atom, sitemaps and the index of several sitemaps. Pure."""

from __future__ import annotations

import datetime as dt
import email.utils
import html
import re
from collections.abc import Iterator

from fetching.lists.shown import Listing, Row, Shown, date_of

_KIND = re.compile(r"<(rss|feed|rdf:rdf|urlset|sitemapindex)\b", re.I)
_EDGE = re.compile(r"<(/?)(item|entry|url|sitemap)\b[^>]{0,500}>", re.I)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.S)
_LINK = re.compile(r"<link\b[^>]*\bhref\s*=\s*[\"']([^\"']+)[\"'][^>]*>", re.I)
_DATES = ("pubDate", "published", "dc:date", "updated", "news:publication_date")


def find(shown: Shown) -> Listing | None:
    """The entries of a feed, or the addresses of a sitemap, which have no titles."""
    kind = _KIND.search(shown.text[:2000])
    if kind is None:
        return None
    rows, inner = [], []
    for name, entry in _entries(shown.text):
        link = _LINK.search(entry)
        address = _field(entry, "loc") or _field(entry, "link") or (html.unescape(link.group(1)) if link else "")
        url = shown.absolute(address or _field(entry, "guid"))
        if url is None:
            continue
        if name.lower() == "sitemap":
            inner.append(url)
        else:
            dates = (_date(_field(entry, date)) for date in _DATES)
            title = _field(entry, "title") or _field(entry, "news:title")
            rows.append(Row(url, re.sub(r"<[^>]+>", "", title), next(filter(None, dates), None)))
    system = "sitemap" if kind.group(1).lower() in ("urlset", "sitemapindex") else "feed"
    return Listing(rows=tuple(rows), inner=tuple(inner), articles=len(rows) or None, system=(system,))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """The kind of each entry and what stands in it, in one walk: one that is not closed is none."""
    name, begun = "", -1
    for edge in _EDGE.finditer(text):
        closing, kind = edge[1], edge[2].lower()
        if not closing and begun < 0:
            name, begun = kind, edge.end()
        elif closing and kind == name and begun >= 0:
            yield name, text[begun : edge.start()]
            begun = -1


def _field(entry: str, name: str) -> str:
    begin = re.search(rf"<{name}\b[^>/]{{0,500}}>", entry, re.I)
    end = re.compile(f"</{name}>", re.I).search(entry, begin.end()) if begin else None
    if begin is None or end is None:
        return ""
    words = entry[begin.end() : end.start()]
    cdata = _CDATA.search(words)
    return " ".join((cdata.group(1) if cdata else html.unescape(words)).split())


def _date(text: str) -> dt.date | None:
    found = date_of(text)
    if found is None and text:
        try:
            return email.utils.parsedate_to_datetime(text).date()
        except ValueError:
            return None
    return found

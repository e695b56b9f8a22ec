"""Rows in markup: links, whatever holds the address, under the title that a reader sees, with the date beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as dt_date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bulletins.pages.page import link_words
from fetching.lists.calls import opened_by
from fetching.lists.shown import Listing, Row, Shown, addresses_in, dates_in, first, looks_like_address, unmasked

_HOLDERS = ("data-href", "data-url", "data-link", "data-src", "lay-href", "to")
_ROWS = frozenset({"li", "tr", "dd", "dt", "p", "div", "td", "article", "section", "a"})
_DATED = 2000  # links of a page whose surroundings are looked at
_HEIGHT = 4  # elements from a link up to what holds its date
_TRAILING_DATE = re.compile(r"[\s\[【(（]*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】\s]*$")
_LEADING_DATE = re.compile(r"^[\s\[【(（]*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}[\])）】\s]*")


def find(shown: Shown) -> Listing | None:
    """The rows of an HTML page."""
    rows = tuple(rows_of(shown.tree, shown))
    return Listing(rows=rows, system=("markup",)) if rows else None


def rows_in(fragment: str, shown: Shown) -> list[Row]:
    """The rows of a piece of HTML that a script or a record holds."""
    return list(rows_of(LexborHTMLParser(fragment), shown))


def rows_of(tree: LexborHTMLParser, shown: Shown) -> Iterator[Row]:
    """Each link once for each place where it stands."""
    for number, node in enumerate(tree.css("a, area[href], [onclick]")):
        if node.tag not in ("a", "area") and node.css_first("a[href]") is not None:
            continue
        address = address_of(node, shown)
        url = shown.absolute(address) if address else None
        if url is None:
            continue
        words = " ".join(node.text(separator=" ").split())
        own = dates_in(words)
        attribute = node.attributes.get("title") or _title_within(node)
        title = _LEADING_DATE.sub("", _TRAILING_DATE.sub("", link_words(attribute, words))).strip()
        yield Row(url, title, own[-1] if own and title != words else date_beside(node) if number < _DATED else None)


def _title_within(node: LexborNode) -> str:
    inner = node.css_first("[title], img[alt]")
    if inner is None:
        return ""
    return inner.attributes.get("title") or inner.attributes.get("alt") or ""


def address_of(node: LexborNode, shown: Shown) -> str:
    """The address that a click on an element leads to; empty if none can be told."""
    attributes = node.attributes
    href = (attributes.get("href") or "").strip()
    script = href[11:] if href.lower().startswith("javascript:") else ""
    if href and not script and not href.startswith("#"):
        plain = unmasked(href)
        return plain if plain and looks_like_address(plain) else href
    held = (attributes.get(name) or "" for name in _HOLDERS)
    found = first(text for text in held if looks_like_address(text) or looks_like_address(unmasked(text) or ""))
    if found:
        return unmasked(found) or found
    for code in (script, attributes.get("onclick") or ""):
        if code:
            address = opened_by(code, shown.scripts) or first(addresses_in(code))
            if address:
                return address
    return ""


def date_beside(node: LexborNode) -> dt_date | None:
    """The date in the row that a link stands in: in the smallest element around it that shows one and no other row."""
    above: LexborNode | None = node.parent
    for _ in range(_HEIGHT):
        if above is None or above.tag not in _ROWS | {"span", "h3", "h4", "h5", "strong", "b", "em", "font"}:
            return None
        if len({link.attributes.get("href") for link in above.css("a[href]")}) > 2:
            return None
        if dates := dates_in(" ".join(above.text(separator=" ").replace(node.text(), " ").split())):
            return dates[-1]
        above = above.parent
    return None

"""Rows in markup: links, whatever holds the address, under the title that a reader sees, with the date beside them. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date as dt_date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bulletins.pages.page import link_words
from fetching.lists.calls import concatenated, opened_by, opens
from fetching.lists.shown import Listing, Row, Shown, addresses_in, dates_in, first, looks_like_address, unmasked

_HOLDERS = ("data-href", "data-url", "data-link", "data-src", "lay-href", "to")
_ROWS = frozenset({"li", "tr", "dd", "dt", "p", "div", "td", "article", "section", "a"})
_DATED = 2000  # links of a page whose surroundings are looked at
_HEIGHT = 4  # elements from a link up to what holds its date
_TRAILING_DATE = re.compile(r"[\s\[【(（]*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】\s]*$")
_LEADING_DATE = re.compile(r"^[\s\[【(（]*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}[\])）】\s]*")


#: Elements that hold markup which a script shows.
_ASIDE = "textarea, xmp, noscript, template, script[type*=html], script[type*=template]"
#: What a handler of clicks reads of the element that was clicked.
_OF_ELEMENT = re.compile(
    r"""\$\(\s{0,9}(?:this|\w{1,30}\.(?:currentT|t)arget)\s{0,9}\)\.(?:attr|data)\(\s{0,9}["']([\w-]{1,60})["']\s{0,9}\)|\bthis\.(?:dataset\.(\w{1,60})|getAttribute\(\s{0,9}["']([\w-]{1,60})["']\s{0,9}\))"""
)


def find(shown: Shown) -> Listing | None:
    """The rows of an HTML page, with those that it holds aside for a script, and those that a click opens."""
    rows = [*rows_of(shown.tree, shown), *_aside(shown), *_clicked(shown)]
    return Listing(rows=tuple(rows), system=("markup",)) if rows else None


def _aside(shown: Shown) -> Iterator[Row]:
    for node in shown.tree.css(_ASIDE):
        held = node.text() or node.inner_html or ""
        if "<a" in held or "&lt;a" in held:
            yield from rows_in(html.unescape(held) if "&lt;a" in held else held, shown)


def _clicked(shown: Shown) -> Iterator[Row]:
    """Elements that carry a number or an address, where a script opens `'/art/' + $(this).attr('data-id') + '.html'`."""
    for expression in opens(shown.scripts):
        reads = _OF_ELEMENT.search(expression)
        if reads is None:
            continue
        named = reads.group(1) or reads.group(2) or reads.group(3)
        for name in dict.fromkeys((named, f"data-{named}")):
            if re.fullmatch(r"[a-z][\w-]*", name):
                yield from _carrying(name, _OF_ELEMENT.sub("carried", expression), shown)


def _carrying(name: str, expression: str, shown: Shown) -> Iterator[Row]:
    for node in shown.tree.css(f"[{name}]"):
        address = concatenated(expression, {"carried": node.attributes.get(name) or ""})
        url = shown.absolute(address) if address else None
        if url:
            words = " ".join(node.text(separator=" ").split())
            title = _LEADING_DATE.sub("", _TRAILING_DATE.sub("", words)).strip()
            dates = dates_in(words)
            yield Row(url, title, dates[-1] if dates else date_beside(node))


def rows_in(fragment: str, shown: Shown) -> list[Row]:
    """The rows of a piece of HTML that a script or a record holds."""
    return list(rows_of(LexborHTMLParser(fragment), shown))


def rows_of(tree: LexborHTMLParser, shown: Shown) -> Iterator[Row]:
    """Each link once for each place where it stands."""
    for number, node in enumerate(tree.css("a, area[href], [onclick], option[value]")):
        if node.tag not in ("a", "area", "option") and node.css_first("a[href]") is not None:
            continue
        address = address_of(node, shown) if node.tag != "option" else _chosen(node)
        url = shown.absolute(address) if address else None
        if url is None:
            continue
        words = " ".join(node.text(separator=" ").split())
        own = dates_in(words)
        attribute = node.attributes.get("title") or title_within(node)
        title = _LEADING_DATE.sub("", _TRAILING_DATE.sub("", link_words(attribute, words))).strip()
        yield Row(url, title, own[-1] if own and title != words else date_beside(node) if number < _DATED else None)


def title_within(node: LexborNode) -> str:
    """What the picture in a link, or an element in it, is called."""
    inner = node.css_first("[title], img[alt]")
    if inner is None:
        return ""
    return inner.attributes.get("title") or inner.attributes.get("alt") or ""


def _chosen(option: LexborNode) -> str:
    """The address that a choice of a menu leads to."""
    value = (option.attributes.get("value") or "").strip()
    return value if "/" in value and looks_like_address(value) else unmasked(value) or ""


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

"""How deep elements of a page may lie within each other: beyond that a parser works in the square of the depth.

Browsers have such a limit too (512 in Blink), and lay out what is deeper as if it were not. No page that a person reads comes near.
"""

from __future__ import annotations

import re

DEEPEST = 1000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
#: Elements that end by themselves, or with the next one of their kind.
_CLOSED = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "rp",
        "rt",
        "html",
        "head",
        "body",
    ]
)


def flat(page: str) -> str:
    """Return the page without the tags of elements that lie deeper than `DEEPEST`; what stands in them stays."""
    if page.count("<") <= DEEPEST:
        return page
    pieces, depth, kept = [], 0, 0
    last = page.rfind(">")
    for tag in _TAG.finditer(page):
        if tag.start() < kept or tag[2].lower() in _CLOSED:  # the first: within a tag that was dropped
            continue
        depth = depth - 1 if tag[1] and depth else depth + (not tag[1])
        if depth + bool(tag[1]) > DEEPEST:
            pieces.append(page[kept : tag.start()])
            kept = page.find(">", tag.end()) + 1 if tag.end() <= last else tag.end()
    return "".join([*pieces, page[kept:]]) if pieces else page

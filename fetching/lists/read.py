"""One answer of a list, read by every convention: which rows it shows, and where the list goes on. Pure."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from bulletins.pages.page import decode
from fetching.lists import datastore, feeds, frames, markup, pagers, records, requests, scripts
from fetching.lists.shown import Listing, Shown
from fetching.lists.systems import guessed

#: What an answer that is no HTML may be; the first that fits is all that it is.
_DATA: tuple[Callable[[Shown], Listing | None], ...] = (feeds.find, datastore.find, records.find)
#: What an HTML page may show, all of it at once.
_PAGE: tuple[Callable[[Shown], Listing | None], ...] = (
    markup.find,
    datastore.find,
    scripts.find,
    pagers.find,
    requests.find,
    frames.find,
)


def shown(
    raw: bytes, charset: str | None, url: str, page: int = 1, given_as: str = "", scripts: Sequence[bytes] = ()
) -> Shown:
    """An answer as the conventions look at it; `scripts` are those of it that lie in files of their own."""
    decoded = decode(raw, charset)
    fetched = "\n".join(decode(script).text for script in scripts)
    return Shown(url, decoded.text, decoded.encoding, page, given_as, fetched)


def read_list(answer: Shown) -> Listing:
    """All that an answer shows of a list; `system` names the conventions, and before them what the site is made with."""
    return Listing(system=guessed(answer.text, answer.url)) | _shown_by(answer)


def _shown_by(answer: Shown) -> Listing:
    start = answer.text.lstrip("\ufeff \t\r\n")[:1]
    head = answer.text.lstrip("\ufeff \t\r\n")[:300].lower()
    if (
        start in ("{", "[")
        or (start != "<" and "{" in head)
        or head.startswith("<?xml")
        or "<urlset" in head
        or "<rss" in head
    ):
        for find in _DATA:
            if found := find(answer):
                return found
    if head.startswith("<datastore") and (found := datastore.find(answer)):
        return found
    title = answer.tree.css_first("title")
    both = [found for find in _PAGE if (found := find(answer))]
    listing = functools.reduce(Listing.__or__, both, Listing())
    return listing | Listing(title=" ".join(title.text().split()) if title is not None else "")

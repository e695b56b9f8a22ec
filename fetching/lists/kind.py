"""Whether a page that a list leads to is itself a list: the lists of single years, the pages of a column. Pure."""

from __future__ import annotations

import re

from bulletins.pages.page import Document
from fetching.files import is_file
from fetching.lists.shown import Listing
from fetching.sources import Source

_SENTENCE = re.compile(r"[。；！]|\n\| ")
_WORDS_BESIDE = 120  # code points outside the rows: a title, a date, a bureau's name
_ENOUGH = 3


def is_list(listing: Listing, document: Document, source: Source, own: str) -> bool:
    """Whether a page consists of rows that the source follows, and says nothing itself."""
    if document.mark or _SENTENCE.search(document.text):
        return False
    rows = {
        row.url: row
        for row in listing.rows
        if row.url != own and source.allows_host(row.url) and source.follow.accepts(row.url, row.text)
    }
    rows = {url: row for url, row in rows.items() if not is_file(row)}
    beside = document.text
    for row in listing.rows:
        beside = beside.replace(row.text, "") if row.text else beside
    dated = sum(row.published_on is not None for row in rows.values())
    return len(re.sub(r"[\d\s/.:：年月日-]+", "", beside)) < _WORDS_BESIDE and (dated >= 1 or len(rows) >= _ENOUGH)

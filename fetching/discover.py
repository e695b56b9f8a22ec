"""What a fetched page leads to: bulletins, the next page of a list, further parts of an article, attachments.

Pure functions from a document and a source's rules to addresses. What is done with an address is the crawl's.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

from bulletins.pages.page import Document, Link
from fetching.addresses import canonical, split_web_address
from fetching.files import files_of
from fetching.lists.shown import Listing, Row
from fetching.sources import Source

_NEXT_PART = re.compile(r"^[\[【\s]*(?:下一页|下页|后一页)[\]】\s>»›]*$")
_PAGE_KEYS = frozenset({"page", "p", "pn", "pageno", "pagenum", "pageindex", "currentpage"})
_MOST_PARTS = 50


#: The end of a title that a list has cut off.
_CUT = re.compile(r"(?:…+|\.{3,}|。{3,})\s*$")

LinkLike = TypeVar("LinkLike", bound=Link)


def is_cut(title: str) -> bool:
    """Whether a title tells too little to be judged by: it is cut off, or there is none, as in a sitemap."""
    return not title.strip() or _CUT.search(title) is not None


def bulletins(links: Iterable[LinkLike], source: Source) -> list[LinkLike]:
    """The links that the source follows, each address once, in the page's order, under its longest title.

    A link whose title is cut off is followed, too: the article's own title then decides.
    """
    found: dict[str, LinkLike] = {}
    for link in links:
        if split_web_address(link.url):
            url = canonical(link.url)
            known = found.get(url)
            if known is None or (len(link.text), not is_cut(link.text)) > (len(known.text), not is_cut(known.text)):
                found[url] = replace(link, url=url)
    return [link for link in found.values() if source.allows_host(link.url) and _is_followed(link, source)]


def _is_followed(link: Link, source: Source) -> bool:
    follow = source.follow
    if follow.accepts(link.url, link.text):
        return True
    # Only what the rest of the title could still say is left open.
    may_be = follow.url is None or follow.url.search(link.url) is not None
    named = follow.not_title is None or follow.not_title.search(link.text) is None
    return may_be and named and (_CUT.search(link.text) is not None or (not link.text and isinstance(link, Row)))


def next_list_pages(listing: Listing, first: str, page: int, source: Source) -> list[str]:
    """Where the page after page number `page` (from 1) of the list that begins at `first` may be, the likeliest first."""
    rule = source.next_page
    if rule.url is not None:
        return [urljoin(first, rule.url.replace("{page}", str(rule.first + page - 1)))]
    if "text" in rule.model_fields_set:
        named = [row.url for row in listing.rows if row.text.strip(" >»›→") == rule.text]
        return named[:1] or list(listing.next)
    return list(listing.next)


def next_part(document: Document, url: str, seen: Iterable[str]) -> str | None:
    """The address of the next part of the article whose first part is at `url`; None after its last.

    A link that says 下一页 counts only if its address is the article's with a page number: under an article the same
    words often lead to the next article, or to the next page of a list beside it. So does one that is the part's number.
    """
    known = {canonical(url), *seen}
    if len(known) > _MOST_PARTS:
        return None
    number = str(len(known) + 1)
    for link in document.links:
        named = _NEXT_PART.match(link.text) or link.text.strip("[]【】第页 ") == number
        if named and canonical(link.url) not in known and _is_part(link.url, url):
            return canonical(link.url)
    return None


def _is_part(candidate: str, first: str) -> bool:
    ours, theirs = urlsplit(first), urlsplit(candidate)
    if ours.netloc.lower() != theirs.netloc.lower():
        return False
    if ours.path == theirs.path:
        changed = set(parse_qsl(theirs.query)) ^ set(parse_qsl(ours.query))
        return bool(changed) and {key.lower() for key, _ in changed} <= _PAGE_KEYS
    stem, extension = posixpath.splitext(ours.path)
    return re.fullmatch(rf"{re.escape(stem)}[_-]\d{{1,2}}{re.escape(extension)}", theirs.path) is not None


def attachments(links: Iterable[Link]) -> list[Link]:
    """The files that a bulletin links to: by the ending of the address, or of the title where a script serves them."""
    return files_of(links)

"""What a fetched page leads to: bulletins, the next page of a list, further parts of an article, attachments.

Pure functions from a document and a source's rules to addresses. What is done with an address is the crawl's.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urljoin, urlsplit

from bulletins.pages.page import Document, Link
from fetching.addresses import canonical, split_web_address
from fetching.sources import Source

_LOCATION = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</loc>", re.I | re.S)
_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd)(?=$|[?&#])", re.I)
_NEXT_PART = re.compile(r"^[\[【\s]*(?:下一页|下页|后一页)[\]】\s>»›]*$")
_PAGE_KEYS = frozenset({"page", "p", "pn", "pageno", "pagenum", "pageindex", "currentpage"})
_MOST_PARTS = 50


def bulletins(links: Iterable[Link], source: Source) -> list[Link]:
    """The links that the source follows, each address once, in the page's order, under its longest title."""
    titles: dict[str, str] = {}
    for link in links:
        if split_web_address(link.url):
            url = canonical(link.url)
            titles[url] = max(titles.get(url, ""), link.text, key=len)
    return [
        Link(url, title)
        for url, title in titles.items()
        if source.follow.accepts(url, title) and source.allows_host(url)
    ]


def next_list_page(document: Document, first: str, page: int, source: Source) -> str | None:
    """The address of the list's page after page number `page` (from 1) of the list that begins at `first`."""
    rule = source.next_page
    if page >= rule.limit:
        return None
    if rule.url is not None:
        return urljoin(first, rule.url.replace("{page}", str(rule.first + page - 1)))
    found = (link.url for link in document.links if link.text.strip(" >»›→") == rule.text)
    return next((canonical(url) for url in found if split_web_address(url)), None)


def sitemap_links(raw: bytes) -> list[Link] | None:
    """The addresses of an XML sitemap, without titles; None if `raw` is no sitemap."""
    if b"<urlset" not in raw[:1000].lower():
        return None
    return [Link(html.unescape(address), "") for address in _LOCATION.findall(raw.decode("utf-8", "replace"))]


def next_part(document: Document, url: str, seen: Iterable[str]) -> str | None:
    """The address of the next part of the article whose first part is at `url`; None after its last.

    A link that says 下一页 counts only if its address is the article's with a page number: under an article the same
    words often lead to the next article, or to the next page of a list beside it.
    """
    known = {canonical(url), *seen}
    if len(known) > _MOST_PARTS:
        return None
    for link in document.links:
        if _NEXT_PART.match(link.text) and canonical(link.url) not in known and _is_part(link.url, url):
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
    found = {
        canonical(link.url): link.text
        for link in links
        if split_web_address(link.url) and (_ATTACHMENT.search(link.url) or _ATTACHMENT.search(link.text))
    }
    return [Link(url, title) for url, title in found.items()]

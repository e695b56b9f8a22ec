"""What a source's rules make of one address: for whoever writes an entry of the source list. Nothing is stored."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bulletins.pages.page import Document, Link
from fetching import discover
from fetching.addresses import canonical
from fetching.client import Limits
from fetching.lists.shown import Listing
from fetching.losses import Loss
from fetching.record import Visit
from fetching.snapshots import Retrieval, SnapshotStore
from fetching.sources import CONTACT_VARIABLE, NextPage, Source, SourceList, SourcesError, is_private_literal
from fetching.visit import Visitor
from fetching.walk import Walk


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one address.

    Attributes:
        source: whose rules were tried.
        retrieval: what was recorded, had it been a night: outcome, reason, and what to do.
        document: the page as it would be read; None if none came.
        kind: of what kind a page of this title is.
        followed: where it leads to, if it is a list.
        not_followed: its other links on the source's hosts.
        next_page: where the list goes on.
        listing: what it shows as a list.
        losses: what it holds back, with its first page alone.
        entry: the lines to paste into a source list; ? stands for what nobody can tell from the page.
        attachments: the files that it links to.
    """

    source: Source
    retrieval: Retrieval
    document: Document | None
    kind: str
    followed: tuple[Link, ...]
    not_followed: tuple[Link, ...]
    next_page: str | None
    listing: Listing | None
    losses: tuple[Loss, ...]
    entry: str
    attachments: tuple[Link, ...]


def try_address(
    url: str,
    sources: SourceList,
    source_id: str | None = None,
    *,
    limits: Limits | None = None,
    connect_to: Mapping[str, tuple[str, int]] | None = None,
) -> Trial:
    """Ask for `url` as the source would, robots.txt and all, and tell what would be followed, kept and read.

    Raises:
        SourcesError: no source of the list may ask for this address.
    """
    url = canonical(url)
    source = sources.get(source_id) if source_id else sources.for_url(url) or _provisional(url, sources)
    if source is None:
        named = ", ".join(one.id for one in sources) or "none"
        raise SourcesError(f"source «{source_id}» is not in {sources.path}; name one of {named}")
    alone = dataclasses.replace(sources, sources=(source,))
    store = SnapshotStore(f"memory://trial-{secrets.token_hex(8)}")

    async def visit() -> tuple[Visit, Walk]:
        visitor = Visitor(
            alone, store, now=dt.datetime.now(dt.UTC), limits=limits or Limits(), connect_to=connect_to, progress=None
        )
        try:
            await visitor.open()
            lists = [canonical(page) for page in source.list_pages]
            seen = await visitor.visit(url, source, "list" if url in lists else "page")
            if seen.row.reason in ("empty", "part_failed"):  # links and no text: a list, though not one of the source
                seen = await visitor.visit(url, source, "list")
            one_page = source.model_copy(update={"next_page": NextPage(limit=1)})
            walk = Walk(one_page, visitor)
            if seen.listing is not None:
                await walk.tried(url, seen)
        finally:
            await visitor.close()
        return seen, walk

    seen, walk = asyncio.run(visit())
    row, document = seen.row, seen.document
    links = seen.listing.rows if seen.listing else document.links if document else ()
    followed = list(walk.listed.values()) if seen.listing else discover.bulletins(links, source)
    addresses = {link.url for link in followed}
    return Trial(
        source=source,
        retrieval=row,
        document=document,
        kind=source.kind_of(document.title) if document else "",
        followed=tuple(followed),
        not_followed=tuple(link for link in links if source.allows_host(link.url) and link.url not in addresses),
        next_page=next(iter(discover.next_list_pages(seen.listing, url, 1, source)), None) if seen.listing else None,
        listing=seen.listing and replace(seen.listing, pages=walk.pages, articles=walk.articles),
        losses=tuple(walk.losses.found()),
        entry=_entry(url, source, document, (row.text for row in walk.listed.values()), sources),
        attachments=tuple(discover.attachments(links)),
    )


_BUREAU = re.compile("([\u4e00-\u9fff]{2,14}?)(民政[局厅])")
_NOBODY = "110000"  # some place must stand in an entry until the page has told which


def _provisional(url: str, sources: SourceList) -> Source:
    """The entry of an address that is on no source's host: to look at it, and to be mended by what it shows.

    Raises:
        SourcesError: nobody is named whom the site's operators can reach.
    """
    parts = urlsplit(url)
    private = is_private_literal(parts.hostname or "")
    if not private and not sources.contact:
        raise SourcesError(
            f"{sources.path}: set «contact» (or {CONTACT_VARIABLE}) before {url} is asked; public sites are not asked "
            "anonymously",
            key="contact",
        )
    fields = {
        "id": _id_of(url),
        "place": _NOBODY,
        "publisher": "?民政局",
        "list_pages": [url],
        "allow_private": private,
    }
    return Source.model_validate(fields, context={"places": sources.places})


def _id_of(url: str) -> str:
    labels = [label for label in (urlsplit(url).hostname or "").split(".") if not label.isdecimal()]
    named = [label for label in labels if label not in ("www", "mzj", "mzt", "mz", "gov", "cn", "com")]
    return re.sub(r"[^a-z0-9_-]", "", named[0]) if named else "bureau"


def _entry(url: str, source: Source, document: Document | None, titles: Iterable[str], sources: SourceList) -> str:
    """An entry for this address, as it is written in a source list."""
    code, publisher = source.place.code, source.publisher
    if publisher.startswith("?"):
        code, publisher = "?", "?"
        for found in _BUREAU.finditer(
            "\n".join([f"{document.title}\n{document.publisher}" if document else "", *titles])
        ):
            names = (sources.places.find(found.group(1)[start:]) for start in range(len(found.group(1)) - 1))
            if place := next(filter(None, names), None):
                code, publisher = place.code, f"{place.name}{found.group(2)}"
                break
    lines = [f"- id: {source.id}", f'  place: "{code}"', f"  publisher: {publisher}", f'  list_pages: ["{url}"]']
    return "\n".join([*lines, "  verified: never"])

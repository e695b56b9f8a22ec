"""What a source's rules make of one address: for whoever writes an entry of the source list. Nothing is stored."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bulletins.pages.page import Document, Link
from fetching import discover
from fetching.addresses import canonical
from fetching.client import Limits
from fetching.lists.shown import Listing
from fetching.snapshots import Retrieval, SnapshotStore
from fetching.sources import Source, SourceList, SourcesError
from fetching.visit import Visit, Visitor


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
    source = sources.get(source_id) if source_id else sources.for_url(url)
    if source is None:
        which = f"source «{source_id}» is not in {sources.path}" if source_id else f"no source has the host of {url}"
        raise SourcesError(f"{which}; name one of {', '.join(one.id for one in sources) or 'none'}")
    alone = dataclasses.replace(sources, sources=(source,))
    store = SnapshotStore(f"memory://trial-{secrets.token_hex(8)}")

    async def visit() -> Visit:
        visitor = Visitor(
            alone, store, now=dt.datetime.now(dt.UTC), limits=limits or Limits(), connect_to=connect_to, progress=None
        )
        try:
            await visitor.open()
            lists = [canonical(page) for page in source.list_pages]
            seen = await visitor.visit(url, source, "list" if url in lists else "page")
            if seen.row.reason in ("empty", "part_failed"):  # links and no text: a list, though not one of the source
                seen = await visitor.visit(url, source, "list")
        finally:
            await visitor.close()
        return seen

    seen = asyncio.run(visit())
    row, document = seen.row, seen.document
    links = seen.listing.rows if seen.listing else document.links if document else ()
    followed = discover.bulletins(links, source)
    addresses = {link.url for link in followed}
    return Trial(
        source=source,
        retrieval=row,
        document=document,
        kind=source.kind_of(document.title) if document else "",
        followed=tuple(followed),
        not_followed=tuple(link for link in links if source.allows_host(link.url) and link.url not in addresses),
        next_page=next(iter(discover.next_list_pages(seen.listing, url, 1, source)), None) if seen.listing else None,
        listing=seen.listing,
        attachments=tuple(discover.attachments(links)),
    )

"""One night: every source's lists are walked, and its pages asked for with all that belongs to them.

Here belongs which addresses are asked for, and in what order. Sources run side by side and know nothing of each other;
whatever happens to one of them ends as a row. What happens at an address is in `visit.py`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import polars as pl

from bulletins.pages.page import Link
from fetching import discover
from fetching.addresses import canonical
from fetching.client import Limits
from fetching.history import remember
from fetching.snapshots import NOTHING_FOLLOWED, Retrieval, SnapshotStore, frame_of
from fetching.sources import CONTACT_VARIABLE, Source, SourceList, SourcesError
from fetching.verdict import Verdict
from fetching.visit import Visitor

#: What is younger is read from the manifest each night: other crawls may still be writing rows of that time.
_UNSETTLED = dt.timedelta(days=2)


def crawl(
    sources: SourceList,
    store: SnapshotStore,
    *,
    now: dt.datetime | None = None,
    limits: Limits | None = None,
    only: Collection[str] | None = None,
    connect_to: Mapping[str, tuple[str, int]] | None = None,
    progress: Callable[[Retrieval], None] | None = None,
) -> pl.DataFrame:
    """Fetch what is new and changed at all sources, and return one row for each retrieval, in `MANIFEST`.

    An entry of the source list that cannot be used is a row too (reason `bad_source`, without an address).

    Args:
        now: when the night begins, in UTC; the rows' times count from it.
        only: pages and attachments to ask for instead of walking the lists (see `history.unfinished`).
        connect_to: hosts that are served at an address of ours; see `Client`.
        progress: called with every row as it is made.

    Raises:
        SourcesError: public sites are to be asked and nobody is named whom their operators can reach.
    """
    public = [source.id for source in sources if not source.allow_private]
    if public and not sources.contact:
        raise SourcesError(
            f"{sources.path}: set «contact» (or {CONTACT_VARIABLE}) to a mail or web address of yours; "
            f"the operators of sites such as {public[0]} must be able to reach whoever asks them",
            key="contact",
        )
    now = now or dt.datetime.now(dt.UTC)
    limits = limits or Limits()

    async def night() -> list[Retrieval]:
        visitor = Visitor(sources, store, now=now, limits=limits, connect_to=connect_to, progress=progress)
        try:
            await visitor.open()
            await asyncio.gather(*(_Round(source, visitor, only).walk() for source in sources))
        finally:
            await visitor.close()
        return visitor.record.all

    rows = asyncio.run(night())
    store.compact()
    remember(store, now - _UNSETTLED)
    return frame_of([*(_bad_source(error, now) for error in sources.errors), *rows])


def _bad_source(error: SourcesError, now: dt.datetime) -> Retrieval:
    return Retrieval("", now, error.source, "", "", "list", "FAILED", "bad_source", str(error))


class _Round:
    """The night of one source."""

    def __init__(self, source: Source, visitor: Visitor, only: Collection[str] | None) -> None:
        self.source = source
        self.visitor = visitor
        self.only = None if only is None else frozenset(only)
        self.listed: dict[str, Link] = {}
        self.furniture: set[str] = set()  # files that list pages link to: forms and manuals beside every article

    async def walk(self) -> None:
        """Ask for everything."""
        try:
            if self.only is None:
                for first in self.source.list_pages:
                    await self._list(first)
            for link in self._queue():
                await self._page(link)
        except Exception as error:
            row = self.visitor.begun(self.source.list_pages[0], self.source, "list")
            await self.visitor.record.add(self.visitor.fault(row, self.source, error))

    async def _list(self, first: str) -> None:
        """Walk the pages of one list and note what they lead to."""
        source, visitor = self.source, self.visitor
        url: str | None = canonical(first)
        seen: list[str] = []
        while url is not None and url not in seen:
            seen.append(url)
            visit = await visitor.visit(url, source, "list")
            row, document = visit.row, visit.document
            if document is None:
                if len(seen) > 1 and source.next_page.url and row.status in (404, 410):
                    # Where a script draws the links, the last page is known by the one after it.
                    row = replace(row, outcome="GONE", reason="end_of_list", detail="")
                url = None
            else:
                links = discover.bulletins(document.links, source)
                self.listed |= {link.url: link for link in links if link.url not in self.listed}
                self.furniture |= {file.url for file in discover.attachments(document.links)}
                if not links:
                    what = f"has {len(document.links)} links and none is followed; mend follow in the source's entry"
                    row = visitor.ended(row, source, Verdict(row.outcome, NOTHING_FOLLOWED, what))
                url = discover.next_list_page(document, first, len(seen), source)
            await visitor.record.add(row)

    def _queue(self) -> list[Link]:
        """The pages to ask for tonight: new ones first, then those that were asked for longest ago."""
        history, accepts = self.visitor.history, self.source.follow.accepts
        known = [page for page in history.pages(self.source.id) if accepts(page.url, page.title)]
        links = {page.url: Link(page.url, page.title) for page in known} | self.listed

        def wanted(url: str) -> bool:
            return self.only is None or not self.only.isdisjoint(
                [url, *(file.url for file in history.attachments(url))]
            )

        def asked_at(link: Link) -> dt.datetime:
            before = history.get(link.url)
            return (before and before.asked_at) or dt.datetime.min.replace(tzinfo=dt.UTC)

        return sorted((link for link in links.values() if wanted(link.url)), key=asked_at)

    async def _page(self, link: Link) -> None:
        """Ask for a page and its attachments. The page's own row comes last: it says that the rest was asked for."""
        source, visitor = self.source, self.visitor
        if not visitor.claim(link.url, source):
            return
        visit = await visitor.visit(link.url, source, "page", title=link.text)
        if visit.good:
            files = {file.url: file.title for file in visitor.history.attachments(link.url)}
            if visit.document is not None:
                files |= {file.url: file.text for file in discover.attachments(visit.document.links)}
            for url, title in files.items():
                if url not in self.furniture and visitor.claim(url, source):
                    file = await visitor.visit(url, source, "attachment", parent=link.url, title=title)
                    await visitor.record.add(file.row)
        await visitor.record.add(visit.row)

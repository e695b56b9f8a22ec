"""One night: every source's lists are walked, and its pages asked for with all that belongs to them.

Here belongs which addresses are asked for, and in what order. Sources run side by side and know nothing of each other;
whatever happens to one of them ends as a row. What happens at an address is in `visit.py`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Mapping

import polars as pl

from fetching import discover
from fetching.addresses import canonical
from fetching.client import Limits
from fetching.history import remember
from fetching.lists.shown import Row
from fetching.record import Visit
from fetching.snapshots import Retrieval, SnapshotStore, frame_of
from fetching.sources import CONTACT_VARIABLE, Source, SourceList, SourcesError
from fetching.verdict import NOT_A_FILE
from fetching.visit import Visitor
from fetching.walk import Walk

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

    async def night() -> tuple[list[Retrieval], dt.datetime]:
        visitor = Visitor(sources, store, now=now, limits=limits, connect_to=connect_to, progress=progress)
        try:
            await visitor.open()
            await asyncio.gather(*(_Round(source, visitor, only).walk() for source in sources))
        finally:
            await visitor.close()
        return visitor.record.all, visitor.begun_at

    rows, begun_at = asyncio.run(night())
    store.compact()
    remember(store, begun_at - _UNSETTLED)
    return frame_of([*(_bad_source(error, now) for error in sources.errors), *rows])


def _bad_source(error: SourcesError, now: dt.datetime) -> Retrieval:
    return Retrieval("", now, error.source, "", "", "list", "FAILED", "bad_source", str(error))


class _Round:
    """The night of one source."""

    def __init__(self, source: Source, visitor: Visitor, only: Collection[str] | None) -> None:
        self.source = source
        self.visitor = visitor
        self.only = None if only is None else frozenset(only)
        self.lists = Walk(source, visitor)

    async def walk(self) -> None:
        """Ask for everything."""
        try:
            if self.only is None:
                for first in self.source.list_pages:
                    await self.lists.given(first)
                await self._known_lists()
            asked: set[str] = set()
            while waiting := [row for row in self._queue() if row.url not in asked]:
                for row in waiting:
                    asked.add(row.url)
                    await self._page(row)
        except Exception as error:
            begun = self.visitor.begun(self.source.list_pages[0], self.source, "list")
            await self.visitor.record.add(self.visitor.fault(begun, self.source, error))

    async def _known_lists(self) -> None:
        """Walk what is listed like a bulletin and was found to be a list in an earlier night."""
        walked: set[str] = set()
        while waiting := [url for url in self.lists.listed if url not in walked and self._is_list(url)]:
            for url in waiting:
                walked.add(url)
                await self.lists.found(url)

    def _is_list(self, url: str) -> bool:
        known = self.visitor.history.get(url)
        return known is not None and known.role == "list"

    def _queue(self) -> list[Row]:
        """The pages to ask for tonight: new ones first, then those that were asked for longest ago."""
        history, accepts, now = self.visitor.history, self.source.follow.accepts, dt.datetime.now(dt.UTC)
        known = [page for page in history.pages(self.source.id) if accepts(page.url, page.title)]
        listed = {url: row for url, row in self.lists.listed.items() if not self._is_list(url) and self._is_wanted(row)}
        links = {page.url: Row(page.url, page.title) for page in known} | listed

        def wanted(url: str) -> bool:
            return self.only is None or not self.only.isdisjoint(
                [url, *(file.url for file in history.attachments(url))]
            )

        def asked_at(link: Row) -> dt.datetime:
            before = history.get(link.url)
            never = dt.datetime.min.replace(tzinfo=dt.UTC)
            asked = (before and before.asked_at) or never
            return asked if asked <= now else never  # a clock that ran ahead

        return sorted((link for link in links.values() if wanted(link.url)), key=asked_at)

    def _is_wanted(self, row: Row) -> bool:
        """Whether a link is a bulletin's as far as is known: of a cut title the article has told the rest."""
        known = self.visitor.history.get(row.url)
        follow = self.source.follow
        return (
            follow.accepts(row.url, row.text)
            or known is None
            or not known.title
            or follow.accepts(row.url, known.title)
        )

    async def _page(self, link: Row) -> None:
        """Ask for a page and its attachments. The page's own row comes last: it says that the rest was asked for."""
        source, visitor = self.source, self.visitor
        if not visitor.claim(link.url, source):
            reader = visitor.reader_of(link.url)
            if reader and reader.id != source.id and visitor.history.get(link.url) is None:
                await visitor.tell(link.url, link.text, source, reader)
            return
        visit = await visitor.visit(
            link.url, source, "page", title=link.text, listed_on=link.published_on, list_column=link.column or None
        )
        if visit.listing is not None:  # a list of its own, as that of a year
            await self.lists.found(link.url, visit)
            return
        owner = visitor.settled(visit.row) or source
        if visit.good:
            await self._files(link, visit, owner)
        await visitor.record.add(visit.row)
        if owner.id != source.id:
            await visitor.tell(link.url, link.text, source, owner)

    async def _files(self, link: Row, visit: Visit, owner: Source) -> None:
        visitor = self.visitor
        known = visitor.history.attachments(link.url)
        files = {file.url: file.title for file in known if file.reason != NOT_A_FILE}
        if visit.document is not None:
            files |= {file.url: file.text for file in discover.attachments(visit.document.links)}
            files |= {canonical(picture.url): picture.text or link.text for picture in visit.pictures}
        for url, title in files.items():
            if url in self.lists.furniture or url == link.url:
                continue
            if visitor.claim(url, owner):
                await self._file(url, title, link.url, owner)

    async def _file(self, url: str, title: str, parent: str, source: Source) -> None:
        """Ask for a file; where a page stands before it, for the files that the page leads to."""
        visitor = self.visitor
        file = await visitor.visit(url, source, "attachment", parent=parent, title=title)
        await visitor.record.add(file.row)
        if file.row.reason == NOT_A_FILE and file.document is not None:
            for behind in discover.attachments(file.document.links):
                if source.allows_host(behind.url) and visitor.claim(behind.url, source):
                    one = await visitor.visit(
                        behind.url, source, "attachment", parent=parent, title=title or behind.text
                    )
                    await visitor.record.add(one.row)

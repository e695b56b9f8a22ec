"""One night: every source's lists are walked, its pages asked for, told apart, and kept.

Here belongs the order of things. What an answer is, `verdict.py` says; how a host is asked, `manners.py`; what is kept,
`snapshots.py`. Sources run side by side and know nothing of each other; whatever happens to one of them ends as a row.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import itertools
import json
import logging
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from urllib.parse import urljoin, urlsplit

import polars as pl

from bulletins.page import Document, Link
from fetching import discover
from fetching.client import Answer, Client, Limits, RetrievalError
from fetching.discover import sitemap_links
from fetching.history import History, Known
from fetching.manners import Fetcher, Robots, robots_unavailable, user_agent
from fetching.pages import is_html, joined, read_page, text_hash
from fetching.snapshots import GOOD, Retrieval, SnapshotError, SnapshotStore, frame_of
from fetching.sources import CONTACT_VARIABLE, Source, SourceList, SourcesError
from fetching.verdict import NOT_MODIFIED, Verdict, fingerprint, judge_obstacle, judge_page, judge_status

#: How long "not modified" is believed before the bytes are asked for again: some servers say it for ever.
_TRUST_NOT_MODIFIED = dt.timedelta(days=30)
#: How old a copy of robots.txt may be that stands in for one that cannot be reached.
_TRUST_ROBOTS = dt.timedelta(days=30)
_ROWS_A_SEGMENT = 64
_SECONDS_A_SEGMENT = 2.0
_RESOLVER_THREADS = 64
_PARSED_ASIDE = 256 * 1024  # bytes from which a page is parsed in a thread
_EVIDENCE = 256 * 1024  # bytes up to which an answer that is no page is kept
_NO_SUCH_PAGE = "minzheng-no-such-page.html"


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
    started = now or dt.datetime.now(dt.UTC)
    night = _Night(sources, store, started, limits or Limits(), connect_to, only, progress)
    return asyncio.run(night.run())


@dataclass(frozen=True, slots=True)
class _Visit:
    """What came of asking for an address: the row, and the document where there is one to go on from."""

    row: Retrieval
    document: Document | None = None

    @property
    def good(self) -> bool:
        return self.row.outcome in GOOD


class _Recorder:
    """Rows on their way to the manifest, in order, a segment every few seconds."""

    def __init__(self, store: SnapshotStore, progress: Callable[[Retrieval], None] | None) -> None:
        self.all: list[Retrieval] = []
        self._store = store
        self._progress = progress
        self._written = 0
        self._written_at = time.monotonic()
        self._turn = asyncio.Lock()

    async def add(self, row: Retrieval) -> None:
        self.all.append(row)
        if self._progress:
            self._progress(row)
        waiting = len(self.all) - self._written
        if waiting >= _ROWS_A_SEGMENT or time.monotonic() - self._written_at > _SECONDS_A_SEGMENT:
            await self.flush()

    async def flush(self) -> None:
        # One at a time: a page's row must not be on disk before those of its parts and attachments.
        async with self._turn:
            rows = self.all[self._written :]
            self._written, self._written_at = self._written + len(rows), time.monotonic()
            await asyncio.to_thread(self._store.append, rows)


class _Night:
    """The state of one crawl."""

    def __init__(
        self,
        sources: SourceList,
        store: SnapshotStore,
        started: dt.datetime,
        limits: Limits,
        connect_to: Mapping[str, tuple[str, int]] | None,
        only: Collection[str] | None,
        progress: Callable[[Retrieval], None] | None,
    ) -> None:
        self._sources = sources
        self._store = store
        self._started, self._clock = started, time.monotonic()
        self._limits = limits
        self._agent = user_agent(sources.contact or "none, a private network")
        self._client = Client(self._agent, limits, connect_to)
        self._fetcher = Fetcher(self._client, self._robots)
        self._only = None if only is None else frozenset(only)
        self._rows = _Recorder(store, progress)
        self._run = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self._numbers = itertools.count(1)
        self._history = History(())
        self._stored: set[str] = set()
        self._claimed: set[str] = set()
        self._policies: dict[str, str] = {}
        self._decoys: dict[str, dict[str, str]] = {}
        self._decoy_turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self) -> pl.DataFrame:
        # Names are resolved in threads; a few dead name servers must not make the other hosts wait.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_RESOLVER_THREADS))
        self._history = await asyncio.to_thread(History.of, self._store)
        self._stored = set(await asyncio.to_thread(self._store.blobs))
        try:
            await asyncio.gather(*(self._source(source) for source in self._sources))
        finally:
            await self._client.aclose()
            await self._rows.flush()
        await asyncio.to_thread(self._store.compact)
        return frame_of([*map(self._bad_source, self._sources.errors), *self._rows.all])

    def _bad_source(self, error: SourcesError) -> Retrieval:
        return Retrieval("", self._started, error.source, "", "", "list", "FAILED", "bad_source", str(error))

    # --- a source ---

    async def _source(self, source: Source) -> None:
        try:
            policy = {
                "source": source.model_dump(mode="json"),
                "user_agent": self._agent,
                "limits": asdict(self._limits),
            }
            self._policies[source.id] = await self._keep(json.dumps(policy, ensure_ascii=False).encode())
            await self._walk(source)
        except Exception as error:  # a fault of ours at one source must not end the night of the others
            logging.getLogger(__name__).exception("source %s", source.id)
            detail = f"{source.publisher}: left by a fault in minzheng ({type(error).__name__}: {error}); report it"
            url = source.list_pages[0]
            row_id = f"{self._run}-{next(self._numbers):06d}"
            row = Retrieval(row_id, self._now(), source.id, url, url, "list", "FAILED", "fault", detail)
            await self._rows.add(row)

    async def _walk(self, source: Source) -> None:
        listed: dict[str, Link] = {}
        furniture: set[str] = set()  # files that list pages link to: forms and manuals that stand beside every article
        if self._only is None:
            for first in source.list_pages:
                await self._list(first, source, listed, furniture)
        for link in self._queue(source, listed):
            await self._page(link, source, furniture)

    async def _list(self, first: str, source: Source, listed: dict[str, Link], furniture: set[str]) -> None:
        """Walk the pages of one list and note what they lead to."""
        url: str | None = discover.canonical(first)
        page = 0
        while url is not None and self._claim(url, source):
            page += 1
            visit = await self._visit(url, source, "list")
            row, document = visit.row, visit.document
            if page > 1 and source.next_page.url and row.outcome == "FAILED" and row.status in (404, 410):
                # Where a script draws the links, the last page is known by the one after it.
                row = replace(row, outcome="GONE", reason="end_of_list", detail="")
            url = None
            if document is not None:
                links = discover.bulletins(document.links, source)
                listed.update((link.url, link) for link in links if link.url not in listed)
                furniture.update(file.url for file in discover.attachments(document.links, source))
                url = discover.next_list_page(document, first, page, source)
                if not links:
                    ill = f"has {len(document.links)} links and none is followed; mend follow in the source's entry"
                    row = self._ended(replace(row, seconds=None), source, Verdict(row.outcome, "nothing_followed", ill))
            await self._rows.add(row)

    def _queue(self, source: Source, listed: Mapping[str, Link]) -> list[Link]:
        """The pages to ask for tonight: new ones first, then those that were asked for longest ago."""
        pages = self._history.pages(source.id)
        links = {page.url: Link(page.url, page.title) for page in pages if source.follow.accepts(page.url, page.title)}
        links |= listed
        if self._only is not None:
            links = {
                url: link
                for url, link in links.items()
                if self._only & {url, *(file.url for file in self._history.attachments(url))}
            }

        def asked_at(link: Link) -> dt.datetime:
            known = self._history.get(link.url)
            return (known and known.asked_at) or dt.datetime.min.replace(tzinfo=dt.UTC)

        return sorted(links.values(), key=asked_at)

    async def _page(self, link: Link, source: Source, furniture: Collection[str]) -> None:
        """Ask for a page and its attachments. The page's own row comes last: it says that all the rest was asked for."""
        if not self._claim(link.url, source):
            return
        visit = await self._visit(link.url, source, "page", title=link.text)
        if visit.good:
            files = {file.url: file.title for file in self._history.attachments(link.url)}
            for file in discover.attachments(visit.document.links, source) if visit.document else ():
                files[file.url] = file.text
            for url, title in files.items():
                if url not in furniture and self._claim(url, source):
                    await self._rows.add(
                        (await self._visit(url, source, "attachment", parent=link.url, title=title)).row
                    )
        await self._rows.add(visit.row)

    def _claim(self, url: str, source: Source) -> bool:
        """Whether the address is this source's to ask for: nobody asked for it tonight, and it was never another's."""
        known = self._history.get(url)
        if url in self._claimed or (known and known.source_id != source.id and self._sources.get(known.source_id)):
            return False
        self._claimed.add(url)
        return True

    # --- an address ---

    async def _visit(
        self, url: str, source: Source, role: str, *, parent: str | None = None, title: str | None = None
    ) -> _Visit:
        """Ask for an address, tell what came, and keep it if it is worth keeping."""
        row = Retrieval(
            retrieval_id=f"{self._run}-{next(self._numbers):06d}",
            retrieved_at=self._now(),
            source_id=source.id,
            url=url,
            final_url=url,
            role=role,
            outcome="",
            parent_url=parent,
            title=title,
            policy_sha256=self._policies[source.id],
        )
        known, raw = await self._in_force(url, role)
        try:
            conditions = self._conditions(known)
            answer = await self._fetcher.get(url, source, headers=conditions, heed_robots=role != "robots")
        except RetrievalError as error:
            row = replace(row, status=error.status)
            return _Visit(self._ended(row, source, Verdict(error.outcome, error.reason, str(error))))
        row = replace(row, final_url=answer.url, status=answer.status, attempts=answer.attempts, tls=answer.tls)
        if answer.status == NOT_MODIFIED and known:
            document = await self._parsed(raw, known.headers, url, source, role) if raw is not None else None
            return _Visit(self._unchanged(row, source, known, "not_modified"), document)
        row = replace(
            row,
            headers=json.dumps(dict(answer.headers), ensure_ascii=False),
            body_sha256=hashlib.sha256(answer.body).hexdigest(),
            bytes=len(answer.body),
        )
        if ill := judge_status(answer.status):
            return await self._refused(row, answer, source, ill)
        if role == "robots":
            return _Visit(await self._kept(row, answer, source, known))
        if is_html(answer.body):
            document = await self._parsed(answer.body, answer.headers, answer.url, source, role)
            return await self._judged(row, answer, document, source, known)
        if role in ("list", "part"):
            return await self._refused(row, answer, source, Verdict("FAILED", "not_html", "is a file, not a web page"))
        return _Visit(await self._kept(row, answer, source, known))

    async def _judged(
        self, row: Retrieval, answer: Answer, document: Document, source: Source, known: Known | None
    ) -> _Visit:
        """What an HTML page is that came with status 200, by its role."""
        ill = judge_obstacle(answer, document)
        if row.role == "probe":
            return _Visit(self._ended(row, source, Verdict("GONE", "shown", "")), document)
        if row.role == "list":
            # A list is what it links to; its text may be anything that stands beside the links.
            links = "\n".join(f"{link.url} {link.text}" for link in document.links)
            row = replace(row, text_sha256=text_hash(links))
        elif not ill:
            parts = await self._parts(row, document, source) if row.role == "page" else []
            if parts and parts[-1].document is None:
                ill = Verdict("FAILED", "part_failed", f"lacks its part {len(parts) + 1}: {parts[-1].row.detail}")
            document = joined([document, *(part.document for part in parts if part.document)])
            shas = tuple(part.row.snapshot_sha256 or "" for part in parts)
            row = replace(row, text_sha256=text_hash(document.text), parts=shas)
        same = known is not None and known.snapshot_sha256 and known.text_sha256 == row.text_sha256
        if not ill and not same and row.role in ("page", "attachment"):
            decoys = await self._decoys_of(answer.url, source)
            ill = judge_page(row.url, answer, document, source, self._sources.places, decoys)
            if not ill and row.role == "attachment":
                ill = Verdict("FAILED", "not_a_file", "shows a web page in place of the file")
        if ill:
            return await self._refused(row, answer, source, ill)
        return _Visit(await self._kept(row, answer, source, known), document)

    async def _parts(self, row: Retrieval, document: Document, source: Source) -> list[_Visit]:
        """The further parts of an article, in order; the last has no document if the article could not be had whole."""
        parts: list[_Visit] = []
        seen: list[str] = []
        while (url := discover.next_part(document, row.url, seen)) is not None:
            seen.append(url)
            self._claimed.add(url)
            part = await self._visit(url, source, "part", parent=row.url)
            await self._rows.add(part.row)
            parts.append(part)
            if part.document is None:
                break
            document = part.document
        return parts

    async def _decoys_of(self, url: str, source: Source) -> Mapping[str, str]:
        """What the host shows for an address that cannot exist and, if that is a page, for its front page."""
        netloc = urlsplit(url).netloc
        async with self._decoy_turns[netloc]:
            if netloc not in self._decoys:
                self._decoys[netloc] = {}
                for address, reason in ((_NO_SUCH_PAGE, "soft_404"), ("/", "home_page")):
                    visit = await self._visit(urljoin(url, address), source, "probe")
                    await self._rows.add(visit.row)
                    if visit.document is None:
                        break
                    self._decoys[netloc][fingerprint(visit.document)] = reason
        return self._decoys[netloc]

    async def _robots(self, url: str, source: Source) -> Robots:
        """The robots.txt at `url`: what it says tonight or, while it cannot be reached, what it said lately."""
        visit = await self._visit(url, source, "robots")
        row = visit.row
        await self._rows.add(row)
        if row.outcome in GOOD and row.snapshot_sha256:
            return Robots.parse(await asyncio.to_thread(self._store.get, row.snapshot_sha256))
        if row.outcome == "DEFERRED" or row.reason == "private_address":
            raise RetrievalError(row.outcome, row.reason, f"not asked for, like robots.txt: {row.detail}")
        if robots_unavailable(row.status, row.reason):
            return Robots()
        known, raw = await self._in_force(url, "robots")
        if raw is not None and known and known.read_at and self._now() - known.read_at < _TRUST_ROBOTS:
            return Robots.parse(raw)
        return Robots(unreachable=row.detail)

    # --- what is kept, and how it is said ---

    async def _in_force(self, url: str, role: str) -> tuple[Known | None, bytes | None]:
        """What is known of an address, without a version whose bytes are lost; its bytes, where the role needs them."""
        known = self._history.get(url)
        if known is None or known.snapshot_sha256 is None:
            return known, None
        try:
            if not {known.snapshot_sha256, *known.parts} <= self._stored:
                raise SnapshotError(known.snapshot_sha256)
            needed = role in ("list", "part", "robots")
            return known, await asyncio.to_thread(self._store.get, known.snapshot_sha256) if needed else None
        except SnapshotError:
            return replace(known, snapshot_sha256=None, text_sha256=None, parts=()), None

    def _conditions(self, known: Known | None) -> dict[str, str]:
        """The headers that ask only for what has changed since the version in force."""
        if known is None or known.snapshot_sha256 is None or known.parts or known.read_at is None:
            return {}
        if self._now() - known.read_at > _TRUST_NOT_MODIFIED:
            return {}
        wanted = {"If-None-Match": known.headers.get("etag"), "If-Modified-Since": known.headers.get("last-modified")}
        return {name: value for name, value in wanted.items() if value}

    async def _parsed(self, raw: bytes, headers: Mapping[str, str], url: str, source: Source, role: str) -> Document:
        links = sitemap_links(raw) if role == "list" else None
        if links is not None:
            return Document("", "", None, "", links=tuple(links))
        arguments = (raw, headers.get("content-type", ""), url, source)
        if len(raw) > _PARSED_ASIDE:
            return await asyncio.to_thread(read_page, *arguments)
        return read_page(*arguments)

    async def _kept(self, row: Retrieval, answer: Answer, source: Source, known: Known | None) -> Retrieval:
        """The row of an answer that is what it should be; its bytes are kept if they say anything new."""
        if known and known.snapshot_sha256:
            if (known.snapshot_sha256, known.parts) == (row.body_sha256, row.parts):
                return self._unchanged(row, source, known, "same_bytes")
            if row.text_sha256 and row.text_sha256 == known.text_sha256:
                return self._unchanged(row, source, known, "same_text")
        row = replace(row, snapshot_sha256=await self._keep(answer.body))
        return self._ended(row, source, Verdict("CHANGED" if known and known.snapshot_sha256 else "NEW", "", ""))

    def _unchanged(self, row: Retrieval, source: Source, known: Known, reason: str) -> Retrieval:
        row = replace(row, snapshot_sha256=known.snapshot_sha256, text_sha256=known.text_sha256, parts=known.parts)
        return self._ended(row, source, Verdict("UNCHANGED", reason, ""))

    async def _refused(self, row: Retrieval, answer: Answer, source: Source, ill: Verdict) -> _Visit:
        """The row of an answer that is no page; what came is kept as evidence, unless it is large."""
        evidence = await self._keep(answer.body) if len(answer.body) <= _EVIDENCE else None
        if row.role == "list":
            outcome = "FAILED" if ill.outcome == "GONE" else ill.outcome
            ill = Verdict(outcome, ill.reason, f"{ill.detail}; mend list_pages of the source if it moved")
        if row.role == "probe" or (row.role == "robots" and robots_unavailable(answer.status, ill.reason)):
            ill = replace(ill, detail="")  # as it should be
        return _Visit(self._ended(replace(row, snapshot_sha256=evidence, parts=()), source, ill))

    async def _keep(self, raw: bytes) -> str:
        sha256 = await asyncio.to_thread(self._store.put, raw)
        self._stored.add(sha256)
        return sha256

    def _ended(self, row: Retrieval, source: Source, end: Verdict) -> Retrieval:
        seconds = (self._now() - row.retrieved_at).total_seconds()
        detail = f"{source.publisher}: {row.url} {end.detail}" if end.detail else ""
        return replace(row, outcome=end.outcome, reason=end.reason, detail=detail, seconds=seconds)

    def _now(self) -> dt.datetime:
        return self._started + dt.timedelta(seconds=time.monotonic() - self._clock)

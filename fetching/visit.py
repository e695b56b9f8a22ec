"""One address: it is asked for, what came is told apart, and what is worth keeping is kept.

Here belongs what holds for any address whoever leads to it: the conditions of a request, the role that it plays, its
row in the manifest. Which addresses a night asks for is in `crawl.py`; what else an article is made of, `parts.py`; what
an answer is, `verdict.py` and `standing.py` say; how a host is asked, `manners.py`.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import itertools
import json
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from urllib.parse import unquote, urlsplit

from bulletins.pages.errors import AttachmentError
from bulletins.pages.kinds import kind_of
from bulletins.pages.page import Document, Link, decode
from fetching import discover
from fetching.addresses import as_post
from fetching.aside import readers
from fetching.client import Answer, Client, Limits, RetrievalError
from fetching.files import ENDING, name_of
from fetching.history import ROLES_OF_PAGES, History, Known
from fetching.lists.frames import leads_on
from fetching.lists.kind import is_list
from fetching.lists.look import Look, look
from fetching.lists.shown import Listing
from fetching.manners import Fetcher, Robots, robots_unavailable, user_agent
from fetching.pages import NEEDS_OCR, charset_of, clues_of, is_html, read_page, text_hash
from fetching.parts import Parts
from fetching.record import Record, Visit
from fetching.shares import OTHER_SOURCE, whose
from fetching.snapshots import GOOD, Retrieval, SnapshotError, SnapshotStore, after, kept_headers
from fetching.sources import Source, SourceList
from fetching.standing import Standing
from fetching.verdict import (
    NOT_A_FILE,
    NOT_MODIFIED,
    Verdict,
    judge_obstacle,
    judge_page,
    judge_status,
)

#: How long "not modified" is believed before the bytes are asked for again: some servers say it for ever.
_TRUST_NOT_MODIFIED = dt.timedelta(days=30)
#: How old a copy of robots.txt may be that stands in for one that cannot be reached.
_TRUST_ROBOTS = dt.timedelta(days=30)
_RESOLVER_THREADS = 64
_EVIDENCE = 256 * 1024  # bytes up to which an answer that is no page is kept
_LEADS_ON = 16 * 1024  # bytes up to which a page may be one that only leads on to another
_NOTHING = 60  # characters up to which a page shows nothing
_MOST_STEPS = 2
_LARGEST_SCRIPT = 2 * 1024 * 1024  # bytes up to which a script may hold a list
#: Reasons that hold for many addresses of a host; a person is told once a source.
_OF_A_HOST = frozenset({"robots", "robots_unreachable", "host_down", "budget", "night_over"})


def _of(source: Source, known: Known | None, role: str) -> Known | None:
    """What is known of an address as this source's: the versions of its pages and files that another had are not its own."""
    if known is None or known.source_id == source.id or role not in ROLES_OF_PAGES:
        return known
    return replace(known, snapshot_sha256=None, text_sha256=None, parts=())


def _says_nothing(text: str) -> bool:
    """Whether a page shows so little that it can only lead on to another."""
    body = re.sub(r"<(script|style|title|noscript)\b.*?</\1>|<[^>]+>", "", text, flags=re.S | re.I)
    return len("".join(body.split())) < _NOTHING


def _of_list(answer: Answer, document: Document) -> str:
    """What a list says, without what changes with every visit."""
    links = "\n".join(f"{link.url} {link.text}" for link in document.links)
    return links or answer.body.decode("utf-8", "replace")


class Visitor:
    """Asks for addresses on behalf of sources, and keeps the record."""

    def __init__(
        self,
        sources: SourceList,
        store: SnapshotStore,
        *,
        now: dt.datetime,
        limits: Limits,
        connect_to: Mapping[str, tuple[str, int]] | None,
        progress: Callable[[Retrieval], None] | None,
    ) -> None:
        self.record = Record(store, progress)
        self.history = History(())
        self._sources = sources
        self._store = store
        self._started, self._clock = now, time.monotonic()
        self._limits = limits
        self._agent = user_agent(sources.contact or "none, a private network")
        self._client = Client(self._agent, limits, connect_to)
        self._fetcher = Fetcher(self._client, self._robots)
        self._parsers = ThreadPoolExecutor(readers().count, "parse")  # apart from those that resolve names
        self._ahead = dt.timedelta(0)  # how far rows that are kept are ahead of this night's clock
        self._run = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self._numbers = itertools.count(1)
        self._stored: set[str] = set()
        self._claimed: set[str] = set()
        self._readers: dict[str, Source] = {}  # of pages that were read tonight
        self._told: set[tuple[str, str]] = set()
        self._policies: dict[str, str] = {}
        self._parts = Parts(self.visit, self.record, self._claimed)
        self._standing = Standing(self.visit, self.record, store)

    @property
    def begun_at(self) -> dt.datetime:
        """When the night began, in the order of the rows that are kept."""
        return self._started + self._ahead

    async def open(self) -> None:
        """Recall what the store knows."""
        # Names are resolved in threads; a few dead name servers must not make the other hosts wait.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_RESOLVER_THREADS))
        self.history = await asyncio.to_thread(History.of, self._store)
        if first := after(await asyncio.to_thread(self._store.latest), self._started):
            self._ahead = first - self._started
        self._stored = set(await asyncio.to_thread(self._store.blobs))

    async def close(self) -> None:
        """Close all connections and write what is recorded."""
        await self._client.aclose()
        await self.record.flush()
        self._parsers.shutdown(wait=False)

    def claim(self, url: str, source: Source) -> bool:
        """Whether the address is this source's to ask for: nobody asked for it tonight, and it was never another's."""
        known = self.history.get(url)
        if url in self._claimed or (known and known.source_id != source.id and self._sources.get(known.source_id)):
            return False
        self._claimed.add(url)
        return True

    def reader_of(self, url: str) -> Source | None:
        """The source whose page the address is, as far as is known."""
        known = self.history.get(url)
        return self._readers.get(url) or (self._sources.get(known.source_id) if known else None)

    def settled(self, row: Retrieval) -> Source | None:
        """The source that a page was read for, which may be another than the one that asked."""
        if owner := self._sources.get(row.source_id):
            self._readers[row.url] = owner
        return owner

    async def tell(self, url: str, title: str, loser: Source, reader: Source) -> None:
        """Record, for the source that lists a page, that another one reads it."""
        row = replace(self.begun(url, loser, "page"), title=title)
        what = f"is of «{reader.id}» ({reader.publisher}) and read there; leave it out with follow.not_title if that is meant"
        await self.record.add(self.ended(row, loser, Verdict("GONE", OTHER_SOURCE, what)))

    async def visit(
        self,
        url: str,
        source: Source,
        role: str,
        *,
        parent: str | None = None,
        title: str | None = None,
        listed_on: dt.date | None = None,
        list_column: str | None = None,
        page: int = 1,
        given_as: str = "",
    ) -> Visit:
        """Ask for an address, tell what came, and keep it if it is worth keeping.

        Args:
            parent: the page that links to it; `title` the words of that link, `listed_on` and `list_column` the date
                beside them and the title of the list.
            page: of a list, which of its pages it is; `given_as` is its address as the source list has it.
        """
        row = replace(
            self.begun(url, source, role),
            parent_url=parent,
            title=title,
            listed_on=listed_on,
            list_column=list_column,
            policy_sha256=await self._policy(source),
        )
        try:
            visit = await self._asked(row, source)
            if role == "list" and visit.document is not None:
                listing = await self._listing(visit, source, page, given_as)
                return replace(visit, listing=listing)
            return visit
        except RetrievalError as error:
            told = (source.id, error.reason)
            detail = "" if told in self._told else str(error)
            if error.reason in _OF_A_HOST:
                self._told.add(told)
            return Visit(
                self.ended(replace(row, status=error.status), source, Verdict(error.outcome, error.reason, detail))
            )
        except AttachmentError as error:
            return Visit(self.ended(row, source, Verdict("FAILED", "unreadable", f"{error}; look at the page")))
        except Exception as error:
            return Visit(self.fault(row, source, error))

    def fault(self, row: Retrieval, source: Source, error: Exception) -> Retrieval:
        """The row where a fault of ours, expected by nobody, came between: it must not end the night of the others."""
        logging.getLogger(__name__).error("%s", row.url, exc_info=error)
        what = f"was left by a fault in minzheng ({type(error).__name__}: {error}); report it"
        return self.ended(row, source, Verdict("FAILED", "fault", what))

    async def recalled(self, url: str, source: Source, page: int) -> Listing | None:
        """What a page of a list showed when it was last had, without asking for it; None if it was not kept."""
        known, raw = await self._in_force(url, "list")
        if known is None or raw is None or known.role != "list":
            return None
        try:
            return (await self._look(raw, known.headers, url, page)).listing
        except (AttachmentError, RuntimeError):  # it is asked for again, and what is wrong with it is said then
            return None

    async def with_scripts(self, page: Retrieval, scripts: Sequence[str], source: Source) -> Listing | None:
        """What a page that was just had shows together with scripts of it that lie in files of their own; None if none came."""
        found = []
        for url in scripts:
            visit = await self.visit(url, source, "script", parent=page.url)
            await self.record.add(replace(visit.row, detail=""))  # what is wrong with one is no bulletin's loss
            if visit.good and visit.row.snapshot_sha256:
                raw = await asyncio.to_thread(self._store.get, visit.row.snapshot_sha256)
                found += [raw] if len(raw) <= _LARGEST_SCRIPT else []
        if not found:
            return None
        raw = await asyncio.to_thread(self._store.get, page.snapshot_sha256 or "")
        seen = await self._look(raw, self._headers(page), page.final_url, scripts=found)
        return seen.listing

    def _headers(self, row: Retrieval) -> Mapping[str, str]:
        """The headers that the bytes came with which a row speaks of."""
        if row.headers:
            headers: dict[str, str] = json.loads(row.headers)
            return headers
        known = self.history.get(row.url)
        return known.headers if known else {}

    async def _listing(self, visit: Visit, source: Source, page: int, given_as: str) -> Listing:
        """What the page of a list shows that was just had, or that is as it was."""
        row = visit.row
        raw = await asyncio.to_thread(self._store.get, row.snapshot_sha256 or "")
        return (await self._look(raw, self._headers(row), row.final_url, page, given_as)).listing

    async def _get(self, row: Retrieval, source: Source, known: Known | None) -> Answer:
        """The answer of an address: by POST where a list's server asks for that, and of the page it leads on to."""
        heed = row.role != "robots"
        answer = await self._fetcher.get(row.url, source, headers=self._conditions(known), heed_robots=heed)
        if row.role == "list" and answer.status == 405 and urlsplit(row.url).query:
            answer = await self._fetcher.get(as_post(row.url, urlsplit(row.url).query), source)
        for _ in range(_MOST_STEPS):
            if row.role not in ("list", "page", "part") or answer.status != 200 or len(answer.body) > _LEADS_ON:
                break
            text = decode(answer.body, charset_of(answer.headers.get("content-type", ""))).text
            target = leads_on(text, answer.url) if _says_nothing(text) else None
            if target is None or target == answer.url:
                break
            answer = await self._fetcher.get(target, source)
        return answer

    async def _asked(self, row: Retrieval, source: Source) -> Visit:
        known, raw = await self._in_force(row.url, row.role)
        mine = _of(source, known, row.role)  # what another source had is a new page here
        answer = await self._get(row, source, mine)
        row = replace(row, final_url=answer.url, status=answer.status, attempts=answer.attempts, tls=answer.tls)
        if answer.status == NOT_MODIFIED and mine and mine.snapshot_sha256:
            document = await self._parsed(raw, mine.headers, source, row) if raw is not None else None
            return Visit(self._unchanged(row, source, mine, "not_modified"), document)
        row = replace(
            row,
            headers=kept_headers(answer.headers),
            body_sha256=hashlib.sha256(answer.body).hexdigest(),
            bytes=len(answer.body),
        )
        if ill := judge_status(answer.status):
            return await self._refused(row, answer, source, ill)
        if row.role in ("robots", "script"):
            return Visit(await self._kept(row, answer, source, known))
        # Records that a script asks for may look like a table of delimited values; no list is one.
        if is_html(answer.body) or (row.role in ("list", "part") and kind_of(answer.body) == "csv"):
            document = await self._parsed(answer.body, answer.headers, source, row)
            return await self._judged(row, answer, document, source, known)
        if row.role in ("list", "part"):
            return await self._refused(row, answer, source, Verdict("FAILED", "not_html", "is a file, not a web page"))
        if not row.title:  # what it is called where no link says it
            row = replace(row, title=name_of(answer.headers.get("content-disposition", "")) or row.title)
        return Visit(await self._kept(row, answer, source, mine))

    async def _judged(
        self, row: Retrieval, answer: Answer, document: Document, source: Source, known: Known | None
    ) -> Visit:
        """What an HTML page is that came with status 200, by its role."""
        ill = judge_obstacle(answer, document)
        pictures: tuple[Link, ...] = ()
        if row.role == "probe":
            return Visit(self.ended(row, source, Verdict("GONE", "shown", "")), document)
        if row.role == "list":
            # A list is what it links to; its text may be anything that stands beside the links.
            row = replace(row, text_sha256=text_hash(_of_list(answer, document)))
        elif not ill:
            if row.role == "page":
                seen = await self._look(answer.body, answer.headers, answer.url)
                if not (known and known.snapshot_sha256) and is_list(seen.listing, document, source, row.url):
                    row = replace(row, role="list", text_sha256=text_hash(_of_list(answer, document)))
                    return Visit(await self._kept(row, answer, source, known), document, seen.listing)
                document, row, ill = await self._parts.whole(row, document, seen, source)
                source = whose(document, row.url, source, self._sources)
                row = replace(row, source_id=source.id)
                document = replace(document, links=tuple(dict.fromkeys([*document.links, *seen.files])))
                pictures = seen.pictures if document.mark == NEEDS_OCR else ()
                if row.title is not None and discover.is_cut(row.title) and document.title:
                    row = replace(row, title=document.title)
            row = replace(row, text_sha256=text_hash(document.text))
        mine = _of(source, known, row.role)
        same = mine is not None and mine.snapshot_sha256 and mine.text_sha256 == row.text_sha256
        if not ill and not same and row.role in ("page", "attachment"):
            decoys = await self._standing.decoys_of(answer.url, source)
            ill = judge_page(row.url, answer, document, source, self._sources.places, decoys)
            if not ill and row.role == "page":
                ill = await self._standing.out_of_place(document, answer, source, known)
            is_table = "\n| " in document.text  # what is sent as a spreadsheet is often an HTML table
            if not ill and row.role == "attachment" and not is_table:
                guessed = not ENDING.search(unquote(row.url)) and not ENDING.search(row.title or "")
                behind = guessed or bool(discover.attachments(document.links))
                ill = Verdict("FAILED", NOT_A_FILE, "" if behind else "shows a web page in place of the file")
        if ill:
            refused = await self._refused(row, answer, source, ill)
            return replace(refused, document=document) if ill.reason == NOT_A_FILE else refused
        row = replace(await self._kept(row, answer, source, mine), clues=clues_of(document, row, source))
        if row.outcome in ("NEW", "CHANGED") and document.replacement_characters:
            what = f"has {document.replacement_characters} characters that {document.encoding} does not decode"
            row = self.ended(row, source, Verdict(row.outcome, "undecoded", f"{what}; look at the page"))
        return Visit(row, document, pictures=pictures)

    async def _robots(self, url: str, source: Source) -> Robots:
        """The robots.txt at `url`: what it says tonight or, while it cannot be reached, what it said lately."""
        visit = await self.visit(url, source, "robots")
        row = visit.row
        await self.record.add(row)
        if row.outcome in GOOD and row.snapshot_sha256:
            return Robots.parse(await asyncio.to_thread(self._store.get, row.snapshot_sha256))
        if row.outcome == "DEFERRED" or row.reason == "private_address":
            raise RetrievalError(row.outcome, row.reason, f"not asked for, like robots.txt: {row.detail}")
        if robots_unavailable(row.status, row.reason):
            return Robots()
        known, raw = await self._in_force(url, "robots")
        if raw is not None and known and known.read_at and self._is_within(known.read_at, _TRUST_ROBOTS):
            return Robots.parse(raw)
        return Robots(unreachable=row.detail)

    # --- what is kept, and how it is said ---

    async def _in_force(self, url: str, role: str) -> tuple[Known | None, bytes | None]:
        """What is known of an address, without a version whose bytes are lost; its bytes, where the role needs them."""
        known = self.history.get(url)
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
        if not self._is_within(known.read_at, _TRUST_NOT_MODIFIED):
            return {}
        wanted = {"If-None-Match": known.headers.get("etag"), "If-Modified-Since": known.headers.get("last-modified")}
        return {name: value for name, value in wanted.items() if value and value.isascii()}

    async def _parsed(self, raw: bytes, headers: Mapping[str, str], source: Source, row: Retrieval) -> Document:
        # Never in the loop of the others: one bureau's page must not hold up all. What reads is bounded, see `aside`.
        content_type = headers.get("content-type", "")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._parsers, read_page, raw, content_type, row.final_url, source)

    async def _look(
        self,
        raw: bytes,
        headers: Mapping[str, str],
        url: str,
        page: int = 1,
        given_as: str = "",
        scripts: Sequence[bytes] = (),
    ) -> Look:
        """What an answer shows besides its text; read aside, too."""
        charset = charset_of(headers.get("content-type", ""))
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._parsers, readers().call, look, raw, charset, url, page, given_as, scripts
        )

    async def _kept(self, row: Retrieval, answer: Answer, source: Source, known: Known | None) -> Retrieval:
        """The row of an answer that is what it should be; its bytes are kept if they say anything new."""
        if known and known.snapshot_sha256:
            if (known.snapshot_sha256, known.parts) == (row.body_sha256, row.parts):
                return self._unchanged(row, source, known, "same_bytes")
            if row.text_sha256 and row.text_sha256 == known.text_sha256:
                return self._unchanged(row, source, known, "same_text")
        row = replace(row, snapshot_sha256=await self._keep(answer.body))
        return self.ended(row, source, Verdict("CHANGED" if known and known.snapshot_sha256 else "NEW", "", ""))

    def _unchanged(self, row: Retrieval, source: Source, known: Known, reason: str) -> Retrieval:
        row = replace(row, snapshot_sha256=known.snapshot_sha256, text_sha256=known.text_sha256, parts=known.parts)
        return self.ended(row, source, Verdict("UNCHANGED", reason, ""))

    async def _refused(self, row: Retrieval, answer: Answer, source: Source, ill: Verdict) -> Visit:
        """The row of an answer that is no page; what came is kept as evidence, unless it is large."""
        if row.role == "probe" or (row.role == "robots" and robots_unavailable(answer.status, ill.reason)):
            return Visit(self.ended(row, source, replace(ill, detail="")))  # as it should be
        evidence = await self._keep(answer.body) if len(answer.body) <= _EVIDENCE else None
        if row.role == "list":
            outcome = "FAILED" if ill.outcome == "GONE" else ill.outcome
            ill = Verdict(outcome, ill.reason, f"{ill.detail}; mend list_pages of the source if it moved")
        return Visit(self.ended(replace(row, snapshot_sha256=evidence, parts=()), source, ill))

    async def _policy(self, source: Source) -> str:
        """The blob that says by which rules the source's addresses are got."""
        if source.id not in self._policies:
            rules = source.model_dump(mode="json")
            policy = {"source": rules, "user_agent": self._agent, "limits": asdict(self._limits)}
            self._policies[source.id] = await self._keep(json.dumps(policy, ensure_ascii=False).encode())
        return self._policies[source.id]

    async def _keep(self, raw: bytes) -> str:
        sha256 = await asyncio.to_thread(self._store.put, raw)
        self._stored.add(sha256)
        return sha256

    def begun(self, url: str, source: Source, role: str) -> Retrieval:
        """The row of an address that is about to be asked for."""
        now = self._now()
        row = Retrieval(f"{self._run}-{next(self._numbers):06d}", now, source.id, url, url, role, outcome="")
        return replace(row, ordered_at=now + self._ahead) if self._ahead else row

    def ended(self, row: Retrieval, source: Source, end: Verdict) -> Retrieval:
        """The row with what came of it, in codes and in a line that names the source."""
        seconds = (self._now() - row.retrieved_at).total_seconds()
        detail = f"{source.publisher}: {row.url} {end.detail}" if end.detail else ""
        return replace(row, outcome=end.outcome, reason=end.reason, detail=detail, seconds=seconds)

    def _is_within(self, moment: dt.datetime, time: dt.timedelta) -> bool:
        """Whether a moment lies in the last such time; one to come is a clock's error, and tells nothing."""
        return dt.timedelta(0) <= self._now() - moment <= time

    def _now(self) -> dt.datetime:
        return self._started + dt.timedelta(seconds=time.monotonic() - self._clock)

"""Whether what came may stand where it came from: what a host shows for addresses that are not there, and for known pages.

Here belongs what is asked for to tell the two, once a host and night. How pages are compared is in `likeness.py`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urljoin, urlsplit

from bulletins.pages.errors import AttachmentError
from bulletins.pages.page import Document
from fetching.client import Answer
from fetching.foreign import joined
from fetching.history import Known
from fetching.likeness import is_error_page, replaces, words_of
from fetching.pages import is_html, read_page
from fetching.record import Record, Visit
from fetching.snapshots import SnapshotError, SnapshotStore
from fetching.sources import Source
from fetching.verdict import Verdict, fingerprint

_NO_SUCH_PAGE = "minzheng-no-such-page.html"


class Standing:
    """What hosts show for pages that are not there, as far as was asked tonight.

    Args:
        visit: asks for an address on behalf of a source, in a role.
    """

    def __init__(self, visit: Callable[..., Awaitable[Visit]], record: Record, store: SnapshotStore) -> None:
        self._visit = visit
        self._record = record
        self._store = store
        self._decoys: dict[str, dict[str, str]] = {}
        self._errors: dict[str, list[str]] = defaultdict(list)  # the words of a host's own error pages
        self._decoy_turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def decoys_of(self, url: str, source: Source) -> Mapping[str, str]:
        """What the host shows for an address that cannot exist and, if that is a page, for its front page."""
        netloc = urlsplit(url).netloc
        async with self._decoy_turns[netloc]:
            if netloc not in self._decoys:
                self._decoys[netloc] = {}
                for address, reason in ((_NO_SUCH_PAGE, "soft_404"), ("/", "home_page")):
                    visit = await self._visit(urljoin(url, address), source, "probe")
                    await self._record.add(visit.row)
                    if visit.document is None:
                        break
                    self._decoys[netloc][fingerprint(visit.document)] = reason
                    if reason == "soft_404":
                        self._errors[netloc].append(words_of(visit.document))
        return self._decoys[netloc]

    async def out_of_place(
        self, document: Document, answer: Answer, source: Source, known: Known | None
    ) -> Verdict | None:
        """What a page is that looks like none of a bulletin's, or that takes the place of a known one and is not it."""
        errors = self._errors.get(urlsplit(answer.url).netloc, [])
        if is_error_page(document, errors):
            return Verdict("GONE", "soft_404", "shows with status 200 what the site shows for pages that do not exist")
        last = await self._last(known, source)
        if last is None or replaces(last, document, source):
            return None
        what = f"shows «{document.title[:40]}» in place of «{last.title[:40]}»"
        return Verdict("FAILED", "other_page", f"{what}; the last good version stays, look at the page")

    async def _last(self, known: Known | None, source: Source) -> Document | None:
        """The version of a page that is in force, read again; None where there is none, or it is no web page."""
        if known is None or known.snapshot_sha256 is None:
            return None
        try:
            raws = [await asyncio.to_thread(self._store.get, sha) for sha in (known.snapshot_sha256, *known.parts)]
        except SnapshotError:
            return None
        if not is_html(raws[0]):
            return None
        content_type = known.headers.get("content-type", "")
        return await asyncio.to_thread(self._read_again, raws, content_type, known.url, source)

    @staticmethod
    def _read_again(raws: list[bytes], content_type: str, url: str, source: Source) -> Document | None:
        try:
            return joined([read_page(raw, content_type, url, source) for raw in raws])
        except AttachmentError:
            return None

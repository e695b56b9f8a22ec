"""The rest of an article: its further parts, the frames that hold its text, and what its scripts would ask for.

Here belongs what is asked for because an article is not whole without it. Which addresses those are, `lists/look.py` says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bulletins.pages.page import Document
from fetching import discover
from fetching.addresses import canonical
from fetching.foreign import joined
from fetching.lists.look import Look
from fetching.record import Record, Visit
from fetching.snapshots import Retrieval
from fetching.sources import Source
from fetching.verdict import Verdict, is_wordless

_MOST_FRAMES = 4


class Parts:
    """Asks for the rest of articles.

    Args:
        visit: asks for an address on behalf of a source, in a role.
        claimed: addresses that nobody asks for as pages of their own.
    """

    def __init__(self, visit: Callable[..., Awaitable[Visit]], record: Record, claimed: set[str]) -> None:
        self._visit = visit
        self._record = record
        self._claimed = claimed

    async def whole(
        self, row: Retrieval, document: Document, seen: Look, source: Source
    ) -> tuple[Document, Retrieval, Verdict | None]:
        """The article with its further parts and the frames that hold its text; and what is wrong if one is missing."""
        parts = await self._parts(row, document, seen, source)
        ill = None
        if parts and parts[-1].document is None:
            ill = Verdict("FAILED", "part_failed", f"lacks its part {len(parts) + 1}: {parts[-1].row.detail}")
        if not parts and is_wordless(document):
            parts = await self._frames(row, seen, source)
        whole = joined([document, *(part.document for part in parts if part.document)])
        shas = tuple(part.row.snapshot_sha256 or "" for part in parts if part.document)
        return whole, replace(row, parts=shas), ill

    async def _parts(self, row: Retrieval, document: Document, seen: Look, source: Source) -> list[Visit]:
        """The further parts of an article, in order; the last has no document if the article could not be had whole."""
        parts: list[Visit] = []
        asked: list[str] = []
        drawn = [canonical(url) for url in seen.parts or seen.guessed]
        while (url := discover.next_part(document, row.url, asked)) or drawn:
            url = url or drawn[0]
            drawn = [other for other in drawn if other != url]
            asked.append(url)
            self._claimed.add(url)
            part = await self._visit(url, source, "part", parent=row.url)
            if part.document is None and canonical(url) in map(canonical, seen.guessed):
                await self._record.add(replace(part.row, detail=""))  # nothing says that it is there
                break
            await self._record.add(part.row)
            parts.append(part)
            if part.document is None:
                break
            document = part.document
        return parts

    async def _frames(self, row: Retrieval, seen: Look, source: Source) -> list[Visit]:
        """What holds the text of a page that has none itself: its frames, or else what its scripts ask for."""
        found: list[Visit] = []
        for url in [*seen.frames[:_MOST_FRAMES], *seen.asks[:_MOST_FRAMES]]:
            address = canonical(url)
            if url in seen.asks and found:
                break
            if source.allows_host(address) and address not in self._claimed:
                frame = await self._visit(address, source, "part", parent=row.url)
                await self._record.add(replace(frame.row, detail="") if frame.row.outcome == "GONE" else frame.row)
                if frame.document is not None and not is_wordless(frame.document):
                    found.append(frame)
        return found

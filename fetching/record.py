"""What came of an address, and rows on their way to the manifest: in order, on disk within seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from bulletins.pages.page import Document, Link
from fetching.lists.shown import Listing
from fetching.snapshots import GOOD, Retrieval, SnapshotStore

_ROWS_A_SEGMENT = 64
_SECONDS_A_SEGMENT = 2.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking for an address: the row, and the document where there is one to go on from."""

    row: Retrieval
    document: Document | None = None
    listing: Listing | None = None  # where the answer is a page of a list
    pictures: tuple[Link, ...] = ()  # that are all the text of a page

    @property
    def good(self) -> bool:
        """Whether a version of the address is in force, seen tonight."""
        return self.row.outcome in GOOD


class Record:
    """Rows on their way to the manifest, in order, a segment every few seconds."""

    def __init__(self, store: SnapshotStore, progress: Callable[[Retrieval], None] | None) -> None:
        self.all: list[Retrieval] = []
        self._store = store
        self._progress = progress
        self._written = 0
        self._written_at = time.monotonic()
        self._turn = asyncio.Lock()

    async def add(self, row: Retrieval) -> None:
        """Take a row; it is on disk within seconds."""
        self.all.append(row)
        if self._progress:
            self._progress(row)
        waiting = len(self.all) - self._written
        if waiting >= _ROWS_A_SEGMENT or time.monotonic() - self._written_at > _SECONDS_A_SEGMENT:
            await self.flush()

    async def flush(self) -> None:
        """Write the rows that wait."""
        # One at a time: a page's row must not be on disk before those of its parts and attachments.
        async with self._turn:
            rows = self.all[self._written :]
            await asyncio.to_thread(self._store.append, rows)
            self._written, self._written_at = self._written + len(rows), time.monotonic()

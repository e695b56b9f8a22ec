"""Walking one list to its end: its pages, frames, columns and the lists of its years; what is new, and what it holds back.

Here belongs which addresses of a list are asked for, and when that ends. What a page of a list shows, `lists/` says. On
a night without news only the first page is asked for: what follows was kept, and is looked at where it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bulletins.pages.page import Link
from fetching import discover
from fetching.addresses import canonical
from fetching.files import files_of
from fetching.lists.columns import columns_of, is_column, is_front, ways_of, year_of, years_of
from fetching.lists.shown import Listing, Row
from fetching.losses import Losses, written
from fetching.record import Visit
from fetching.snapshots import NOTHING_FOLLOWED, Retrieval
from fetching.sources import Source
from fetching.verdict import Verdict
from fetching.visit import Visitor

#: How deep columns and the lists of years lie below a list at most, and how many of either are entered.
_DEEPEST = 2
_MOST_INNER = 24
#: A page with fewer rows that are followed is looked through for columns.
_FEW = 3
#: Scripts of a page that are asked for, and links to single years from which they are lists.
_MOST_SCRIPTS = 6
_FEW_YEARS = 2
#: Pages between a front page and its columns that are looked through.
_MOST_WAYS = 4
END_OF_LIST = "end_of_list"
_SAID_TITLE = 8  # characters from which a link's words are a title, and not the name of a column


@dataclass(slots=True)
class _Page:
    """One page of a list: what it shows and, if it was asked for tonight, its row."""

    listing: Listing
    row: Retrieval | None


class Walk:
    """The lists of one source in one night.

    Attributes:
        listed: the bulletins that the lists lead to, by address.
        furniture: files that list pages link to: forms and manuals beside every article.
    """

    def __init__(self, source: Source, visitor: Visitor) -> None:
        self.source = source
        self.listed: dict[str, Row] = {}
        self.furniture: set[str] = set()
        self.losses = Losses()  # of what was only tried
        self.pages: int | None = None  # of the longest list that was walked, by its own count
        self.articles: int | None = None
        self._visitor = visitor
        self._asked: set[str] = set()

    async def given(self, address: str) -> None:
        """Walk the list at an address of the source's entry, and record its row at the end."""
        before = len(self.listed)
        losses = Losses()
        first = await self._chain(canonical(address), losses, given_as=address)
        if first is None:
            return
        row, listing = first.row, first.listing
        assert row is not None
        if len(self.listed) == before and not any(self._followed(listing)):
            what = f"has {len(listing.rows)} links and none is followed; mend follow in the source's entry"
            row = self._visitor.ended(row, self.source, Verdict(row.outcome, NOTHING_FOLLOWED, what))
        await self._visitor.record.add(replace(row, losses=written(losses.found())))

    async def found(self, address: str, visit: Visit | None = None) -> None:
        """Walk a list that a list led to, as if it were a bulletin."""
        losses = Losses()
        first = await self._chain(address, losses, depth=1, visit=visit)
        if first is not None and first.row is not None:
            await self._visitor.record.add(replace(first.row, losses=written(losses.found())))

    async def tried(self, address: str, visit: Visit) -> None:
        """Walk what lies within a list that was just had, for somebody who looks at it."""
        await self._chain(address, self.losses, visit=visit)

    async def _chain(
        self,
        address: str,
        losses: Losses,
        *,
        given_as: str = "",
        depth: int = 0,
        visit: Visit | None = None,
        kept: Listing | None = None,
    ) -> _Page | None:
        """Walk the pages that begin at `address`, and what lies within them. Returns the first page, whose row is not
        recorded yet; None if it could not be had, and its row is."""
        if address in self._asked:
            return None
        self._asked.add(address)
        first = _Page(kept, None) if kept is not None else await self._first(address, given_as, visit)
        if first is None:
            return None
        shown, news = self._take(first.listing, losses)
        seen, number = set(shown), 1
        page: _Page | None = first
        while page is not None:
            for inner in page.listing.inner[:_MOST_INNER]:
                await self._within(inner, losses, depth)
            if number == 1 and not page.listing.inner and not self._followed(page.listing):
                await self._asks(page, losses, depth)
            number += 1
            page = await self._after(address, page.listing, number, losses, news, seen)
            if page is not None:
                shown, more = self._take(page.listing, losses)
                news = news or more
                seen |= set(shown)
        await self._years(address, first.listing, losses, depth)
        await self._columns(address, first.listing, losses, depth)
        return first

    async def _first(self, address: str, given_as: str, visit: Visit | None) -> _Page | None:
        self._asked.add(address)
        visit = visit or await self._visitor.visit(address, self.source, "list", given_as=given_as)
        if visit.listing is None:
            row = visit.row if given_as else _no_alarm(visit.row)
            await self._visitor.record.add(row)
            return None
        return _Page(visit.listing, visit.row)

    def _take(self, listing: Listing, losses: Losses) -> tuple[list[str], bool]:
        """Note what a page lists. Returns all its addresses, and whether one of a bulletin was never asked for."""
        history = self._visitor.history
        self.pages = max(self.pages or 0, listing.pages or 0) or None
        self.articles = max(self.articles or 0, listing.articles or 0) or None
        followed = list(self._followed(listing))
        for row in followed:
            self.listed.setdefault(row.url, row)
        self.furniture |= {file.url for file in files_of(listing.rows)}
        self._note(listing.rows, losses)
        return [canonical(row.url) for row in listing.rows], any(history.get(row.url) is None for row in followed)

    def _followed(self, listing: Listing) -> list[Row]:
        """The bulletins among the rows; what is called like a column, and has no date, is none."""
        found = discover.bulletins([row for row in listing.rows if not _is_column(row)], self.source)
        return [replace(row, column=row.column or listing.title) for row in found]

    def _note(self, rows: Sequence[Row], losses: Losses) -> None:
        for row in rows:
            if not self.source.allows_host(row.url):
                if row.text and self.source.follow.accepts(row.url, row.text):
                    losses.add("host", row.url)
            elif (reader := self._visitor.reader_of(canonical(row.url))) and reader.id != self.source.id:
                losses.add("shared", canonical(row.url), row.text)
            elif self._is_title(row) and not self.source.follow.accepts(row.url, row.text):
                losses.add("title", row.url, row.text)

    def _is_title(self, row: Row) -> bool:
        return not discover.is_cut(row.text) and (row.published_on is not None or len(row.text) >= _SAID_TITLE)

    # --- the next page ---

    async def _after(
        self, first: str, listing: Listing, number: int, losses: Losses, news: bool, seen: set[str]
    ) -> _Page | None:
        """Page `number` of the list; None after its end, which may be told in many ways and is never an alarm."""
        source = self.source
        candidates = [canonical(url) for url in discover.next_list_pages(listing, first, number - 1, source)]
        candidates = [url for url in candidates if url not in self._asked and source.allows_host(url)]
        if number > source.next_page.limit:
            self._unread(listing, number, losses, candidates)
            return None
        for url in candidates:
            self._asked.add(url)
            known = self._visitor.history.get(url)
            if not news and known is not None and known.reason == END_OF_LIST:
                return None
            page = await self._kept(url, number) if not news else None
            if page is None:
                page = await self._ask(url, number, seen)
            if page is not None:
                return page
        if candidates or number <= (listing.pages or 1):
            self._unread(listing, number, losses, candidates)
        return None

    def _unread(self, listing: Listing, number: int, losses: Losses, candidates: Sequence[str]) -> None:
        """Note the pages that the list says it has, from page `number` on."""
        last = (
            listing.pages
            if listing.pages is not None
            else number
            if candidates and number > self.source.next_page.limit
            else 0
        )
        for missing in range(number, last + 1):
            losses.add(
                "pager",
                f"{listing.title}#{missing}",
                candidates[0] if candidates else f"page {missing} of {listing.title}",
            )

    async def _kept(self, url: str, number: int) -> _Page | None:
        """A page that was kept in an earlier night; nothing is asked for."""
        listing = await self._visitor.recalled(url, self.source, number)
        return _Page(listing, None) if listing is not None else None

    async def _ask(self, url: str, number: int, seen: set[str]) -> _Page | None:
        visit = await self._visitor.visit(url, self.source, "list", page=number)
        row, listing = visit.row, visit.listing
        if listing is not None and any(canonical(link.url) not in seen for link in listing.rows):
            await self._visitor.record.add(row)
            return _Page(listing, row)
        if listing is not None or row.outcome == "GONE" or row.status in (400, 404, 410, 500):
            # Where scripts draw the links, the last page is often known only by what comes after it.
            row = replace(row, outcome="GONE", reason=END_OF_LIST, detail="")
        await self._visitor.record.add(row)
        return None

    # --- what lies within and below ---

    async def _within(self, address: str, losses: Losses, depth: int) -> None:
        """A frame of the page, or what its script asks for."""
        url = canonical(address)
        if url in self._asked:
            return
        if not self.source.allows_host(url):
            losses.add("host", url)
            return
        before = len(self.listed)
        page = await self._chain(url, losses, depth=depth)
        if page is not None and page.row is not None:
            await self._visitor.record.add(page.row)
        elif page is None and len(self.listed) == before:
            losses.add("frame", url)

    async def _asks(self, page: _Page, losses: Losses, depth: int) -> None:
        """What the page's scripts ask for, then what those ask for that lie in files of their own, or what they hold."""
        before, listing = len(self.listed), page.listing
        for asked in listing.asks[:_MOST_INNER]:
            await self._within(asked, losses, depth)
        if len(self.listed) > before:
            return
        scripts = [canonical(url) for url in listing.scripts]
        scripts = [url for url in scripts if self.source.allows_host(url)][:_MOST_SCRIPTS]
        if not scripts or page.row is None:
            return
        whole = await self._visitor.with_scripts(page.row, scripts, self.source)
        if whole is not None:
            self._take(replace(whole, rows=whole.rows[len(listing.rows) :]), losses)
            known = {*listing.asks, *listing.inner}
            for asked in [url for url in (*whole.inner, *whole.asks) if url not in known][:_MOST_INNER]:
                await self._within(asked, losses, depth)

    async def _years(self, address: str, listing: Listing, losses: Losses, depth: int) -> None:
        """Enter the lists of single years. What was listed for a year that is over is seldom listed anew."""
        years = years_of(listing.rows, self.source, address)
        if len(years) < _FEW_YEARS or depth >= _DEEPEST:
            return
        latest = year_of(years[0].text) or 0
        for link in years[:_MOST_INNER]:
            url = canonical(link.url)
            if url in self._asked or url in self.listed:
                continue
            is_over = (year_of(link.text) or 0) < latest - 1
            kept = await self._visitor.recalled(url, self.source, 1) if is_over else None
            page = await self._chain(url, losses, depth=depth + 1, kept=kept)
            if page is not None and page.row is not None:
                await self._visitor.record.add(page.row)

    async def _columns(self, address: str, listing: Listing, losses: Losses, depth: int) -> None:
        """Enter the columns of a page that is no list itself."""
        enters = is_front(address) or len(self._followed(listing)) < _FEW
        columns = columns_of(listing.rows, self.source, address)
        if not columns and is_front(address):
            columns = ways_of(listing.rows, self.source, address)[:_MOST_WAYS]
        for column in columns:
            if enters:
                await self._column(column, losses, depth)
            elif canonical(column.url) not in self._asked:
                losses.add("column", canonical(column.url), column.text)

    async def _column(self, column: Link, losses: Losses, depth: int) -> None:
        url = canonical(column.url)
        if url in self._asked or url in self.listed:
            return
        if depth >= _DEEPEST:
            losses.add("column", url, column.text)
            return
        page = await self._chain(url, losses, depth=depth + 1)
        if page is None:
            losses.add("column", url, column.text)
        elif page.row is not None:
            await self._visitor.record.add(page.row)


def _is_column(row: Row) -> bool:
    return row.published_on is None and (is_column(row.text) or year_of(row.text) is not None)


def _no_alarm(row: Retrieval) -> Retrieval:
    """The row of an address that only we thought of, and that is not there."""
    gone = row.outcome == "GONE" or row.reason in (
        "http_404",
        "http_410",
        "http_400",
        "http_405",
        "not_html",
        "http_500",
    )
    return replace(row, outcome="GONE", detail="") if gone else row

"""What the manifest says of each address: when it was last asked for, and which version of it is in force.

Pure questions to the manifest, for the crawl that goes on from it and for people who want to know how fresh it is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from bulletins.frames import UTC
from fetching.addresses import canonical
from fetching.losses import lines_of
from fetching.shares import OTHER_SOURCE
from fetching.snapshots import GOOD, MANIFEST, NOTHING_FOLLOWED, ORDERED, SnapshotStore
from fetching.sources import SourceList

#: A bureau of whose list pages one could not be had, or led to nothing, for this long is silent: three nights, and some
#: hours for the third to have had its chance.
BUREAU_SILENT = dt.timedelta(days=3, hours=6)

ROLES_OF_PAGES = ("page", "attachment")


@dataclass(frozen=True, slots=True)
class Known:
    """One address: its last retrieval, and the version in force, if there ever was one."""

    url: str
    source_id: str
    role: str
    parent_url: str | None
    title: str
    asked_at: dt.datetime | None  # None if it was only ever put off
    read_at: dt.datetime | None = None  # when bytes last came
    headers: Mapping[str, str] = field(default_factory=dict)  # that came with them
    snapshot_sha256: str | None = None  # the version in force
    text_sha256: str | None = None
    parts: tuple[str, ...] = ()
    outcome: str = ""  # of the last retrieval, and its reason
    reason: str = ""


class History:
    """All addresses of a manifest, by address, by source and by the page that links to them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_url: dict[str, Known] = {}
        self._pages: dict[str, list[Known]] = defaultdict(list)
        self._attachments: dict[str | None, list[Known]] = defaultdict(list)
        for one in known:
            self._by_url[one.url] = one
            if one.role == "page":
                self._pages[one.source_id].append(one)
            elif one.role == "attachment":
                self._attachments[one.parent_url].append(one)

    @classmethod
    def of(cls, store: SnapshotStore) -> History:
        """What `store` knows."""
        rows = _telling_rows(store)
        last, good, sent, titled, asked = (rows.filter(which).group_by("url").last() for which in _TELLING)
        states = (
            last.select("url", "source_id", "role", "parent_url", "outcome", "reason")
            .join(good.select("url", "snapshot_sha256", "text_sha256", "parts"), "url", "left")
            .join(sent.select("url", "headers", read_at="retrieved_at"), "url", "left")
            .join(titled.select("url", "title"), "url", "left")
            .join(asked.select("url", asked_at="retrieved_at"), "url", "left")
            .with_columns(pl.col("title").fill_null(""))
            .sort("url")
        )
        # Older rows may spell one address in several ways; what was asked for last counts.
        rows_of = states.sort("asked_at", "url", nulls_last=False).iter_rows(named=True)
        known = {canonical(row["url"]): row for row in rows_of}
        return cls(
            Known(
                **{
                    **row,
                    "url": url,
                    "reason": row["reason"] or "",
                    "parent_url": row["parent_url"] and canonical(row["parent_url"]),
                    "headers": json.loads(row["headers"] or "{}"),
                    "parts": tuple(row["parts"] or ()),
                }
            )
            for url, row in sorted(known.items())
        )

    def get(self, url: str) -> Known | None:
        """What is known of an address."""
        return self._by_url.get(url)

    def pages(self, source_id: str) -> list[Known]:
        """The pages that were ever asked for at a source."""
        return self._pages.get(source_id, [])

    def attachments(self, url: str) -> list[Known]:
        """The files that were ever asked for because the page at `url` links to them."""
        return self._attachments.get(url, [])


_COLUMNS = [
    "url",
    "source_id",
    "role",
    "parent_url",
    "title",
    "retrieved_at",
    "ordered_at",
    "outcome",
    "reason",
    "headers",
    "body_sha256",
]
_COLUMNS += ["snapshot_sha256", "text_sha256", "parts"]
_GOOD = pl.col("outcome").is_in(GOOD)
#: The last row of each of these tells the state of an address.
_TELLING = (
    pl.lit(True),
    _GOOD,
    _GOOD & pl.col("body_sha256").is_not_null(),
    pl.col("title").is_not_null(),
    pl.col("outcome") != "DEFERRED",
)
#: Rows that speak of an address, and not only to a source that lists what another one reads.
_READ = (pl.col("reason") != OTHER_SOURCE).fill_null(True)
_ROWS_RECALLED = 500_000  # at once
#: Under what name the telling rows are remembered beside the snapshots.
MEMORY = "history"
_REMEMBERED = {name: MANIFEST[name] for name in _COLUMNS} | {"as_of": UTC}


def _telling_rows(store: SnapshotStore) -> pl.DataFrame:
    """The rows that tell the states of all addresses, oldest first: of those that were remembered and all later ones."""
    remembered = store.derived(MEMORY, _REMEMBERED)
    as_of = remembered.select(pl.col("as_of").max()).item()
    later = (pl.col("role") != "probe") & _READ
    if as_of is not None:
        later &= as_of <= ORDERED
    # By shares of the addresses: should the memory be lost, years of nights do not fit into this machine's at once.
    shares = store.count(later) // _ROWS_RECALLED + 1
    found = []
    for number in range(shares):
        share = pl.col("url").hash() % shares == number
        rows = pl.concat(
            [remembered.filter(share).select(_COLUMNS), store.manifest(_COLUMNS, where=later & share)]
        ).sort(ORDERED, maintain_order=True)
        found.append(_telling(rows))
    return pl.concat(found).sort(ORDERED, "url")


def _telling(rows: pl.DataFrame) -> pl.DataFrame:
    last = [rows.filter(which).group_by("url").last().select(_COLUMNS) for which in _TELLING]
    return pl.concat(last).unique(["url", "retrieved_at"])


def remember(store: SnapshotStore, as_of: dt.datetime) -> None:
    """Note the rows before `as_of` that still tell something, so that the nights of years need not be read each night.

    `as_of` is in the order of the rows, as `SnapshotStore.latest` is.
    """
    rows = _telling_rows(store).filter(as_of > ORDERED)
    store.replace_derived(MEMORY, rows.with_columns(as_of=pl.lit(as_of, UTC)))


def forget(store: SnapshotStore) -> None:
    """Read all nights again next time: for whoever adds rows of the past."""
    store.replace_derived(MEMORY, pl.DataFrame(schema=_REMEMBERED))


def unfinished(store: SnapshotStore, since: dt.datetime) -> list[str]:
    """Pages and attachments whose last retrieval since `since` failed or was put off: what a retry should ask for."""
    of_pages = (pl.col("retrieved_at") >= since) & pl.col("role").is_in(ROLES_OF_PAGES) & _READ
    last = store.manifest(["url", "outcome"], where=of_pages).group_by("url", maintain_order=True).last()
    return last.filter(pl.col("outcome").is_in(["FAILED", "DEFERRED"])).get_column("url").to_list()


def held_back(store: SnapshotStore, sources: SourceList) -> list[str]:
    """What the lists of these sources held back when they were last had, a line each (see `losses.py`)."""
    wanted = (pl.col("role") == "list") & pl.col("outcome").is_in(GOOD)
    last = (
        store.manifest(["source_id", "url", "losses"], where=wanted)
        .group_by("source_id", "url", maintain_order=True)
        .last()
    )
    known = {source.id for source in sources}
    return lines_of(row for row in last.iter_rows(named=True) if row["losses"] and row["source_id"] in known)


#: How fresh each source is.
FRESHNESS: Mapping[str, pl.DataType] = {
    "source_id": pl.String(),
    "place_code": pl.String(),
    "place": pl.String(),
    "listed_at": UTC,  # when all list pages were last had, and led to bulletins; null if never
    "silent_since": UTC,  # when the list page that was had least lately was had, or first asked for; null before that
    "changed_at": UTC,  # when a page or file was last new or changed
    "troubled": pl.Int64(),  # addresses whose last retrieval needs a person
    "summary_on": pl.Date(),  # publication of the newest year summary
    "expected_by": pl.Date(),  # when the next one is due
    "overdue": pl.Boolean(),
}


def freshness(store: SnapshotStore, sources: SourceList, pages: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """How fresh each source is, in `FRESHNESS`, in the order of the list.

    The summary of a year is expected in the next one, by the source's `expected_by`. It is overdue from that day on
    until a summary that was published in that year is there.

    Args:
        pages: what was replayed from the store, in `PAGES`.
    """
    rows = store.manifest(["source_id", "url", "role", "outcome", "reason", "detail", "retrieved_at"])
    good = rows.filter(pl.col("outcome").is_in(GOOD))
    changed = good.filter(pl.col("outcome") != "UNCHANGED", pl.col("role").is_in(ROLES_OF_PAGES))
    last = rows.filter(_READ).group_by("source_id", "url").last()
    summaries = pages.filter(pl.col("kind") == "year_summary")
    of_sources = pl.DataFrame(
        [(source.id, source.place.code, source.place.name, source.due(today)) for source in sources],
        schema={name: FRESHNESS[name] for name in ("source_id", "place_code", "place", "expected_by")},
        orient="row",
    )

    lists = pl.DataFrame(
        [(source.id, canonical(url)) for source in sources for url in source.list_pages],
        schema={"source_id": pl.String(), "url": pl.String()},
        orient="row",
    )
    # A list that is there but leads to nothing, as after a redesign, is as good as none.
    had = pl.col("outcome").is_in(GOOD) & (pl.col("reason") != NOTHING_FOLLOWED)
    of_lists = (
        lists.join(rows.filter(pl.col("role") == "list"), ["source_id", "url"], "left", maintain_order="left_right")
        .group_by("source_id", "url")
        .agg(listed_at=pl.col("retrieved_at").filter(had).last(), asked_at=pl.col("retrieved_at").min())
        .group_by("source_id")
        .agg(
            listed_at=pl.when(pl.col("listed_at").is_null().any()).then(None).otherwise(pl.col("listed_at").min()),
            silent_since=pl.coalesce("listed_at", "asked_at").min(),
        )
    )

    def latest(frame: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
        return frame.group_by("source_id").agg(pl.col(column).max().alias(name))

    troubled = last.filter(pl.col("detail") != "").group_by("source_id").agg(troubled=pl.len().cast(pl.Int64))
    return (
        of_sources.join(of_lists, "source_id", "left")
        .join(latest(changed, "retrieved_at", "changed_at"), "source_id", "left")
        .join(troubled, "source_id", "left")
        .join(latest(summaries, "published_on", "summary_on"), "source_id", "left")
        .with_columns(
            pl.col("troubled").fill_null(0),
            overdue=(pl.col("summary_on").dt.year() < today.year).fill_null(True)
            & (pl.lit(today) > pl.col("expected_by")),
        )
        .select(*FRESHNESS)
    )

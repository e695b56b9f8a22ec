"""A clock that ran ahead and came back: what was seen last is in force, and what was seen lately is asked for again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, article, bureau, listing, night

from fetching.archive import export_warc, import_warc
from fetching.brought import bring
from fetching.crawl import crawl
from fetching.history import History, freshness
from fetching.pages import replay, states
from fetching.snapshots import SnapshotStore, after
from fetching.sources import SourceList

HOST = "chengdu.example"
TITLE = "成都市2022年民政工作总结"
AHEAD = dt.datetime(2031, 1, 1, 18, tzinfo=dt.UTC)
Sources = Callable[..., SourceList]


def text(figure: str) -> tuple[str, ...]:
    return (SUMMARY[0].replace("9.76", figure), SUMMARY[1])


@pytest.fixture
def nights(site: Site, store: SnapshotStore, sources_of: Sources) -> Callable[[str, dt.datetime], pl.DataFrame]:
    """A night at a time in which the page shows a figure."""
    sources = sources_of(bureau(HOST))

    def passed(figure: str, at: dt.datetime) -> pl.DataFrame:
        site.pages[HOST, "/list.html"] = listing(("/art/1.html", TITLE))
        site.pages[HOST, "/art/1.html"] = article(TITLE, *text(figure))
        return crawl(sources, store, now=at, limits=QUICK, connect_to=site.connect_to)

    return passed


def in_force(store: SnapshotStore, sources: SourceList) -> str:
    read = replay(store, sources)
    [key] = read.vintages.filter(pl.col("known_to").is_null())["bulletin_key"]
    found: str = read.pages.filter(pl.col("bulletin_key") == key)["text"].item()
    return found


def test_what_was_seen_last_is_in_force(
    nights: Callable[[str, dt.datetime], pl.DataFrame], store: SnapshotStore, sources_of: Sources
) -> None:
    sources = sources_of(bureau(HOST))
    for figure, at in (("1.11", night(1)), ("2.22", AHEAD), ("3.33", night(3)), ("4.44", night(4))):
        nights(figure, at)
        assert f"{figure}万人" in in_force(store, sources)
        known = History.of(store).get(f"http://{HOST}/art/1.html")
        assert known is not None
        assert known.outcome in ("NEW", "CHANGED")
    held = replay(store, sources).vintages.sort("known_from")
    assert held.height == 4
    assert held["known_from"].max() < night(5), "a time that later nights belie is none"
    spans = held.select("known_from", "known_to").rows()
    assert all(one[1] == following[0] for one, following in pairwise(spans))
    assert freshness(store, sources, replay(store, sources).pages, night(5).date())["listed_at"].item() < night(5)


def test_not_modified_is_not_believed_of_a_day_to_come(
    nights: Callable[[str, dt.datetime], pl.DataFrame], site: Site
) -> None:
    nights("1.11", AHEAD)
    site.requests.clear()
    nights("1.11", night(3))
    assert not [
        headers for *_, headers in site.requests if "if-none-match" in headers or "if-modified-since" in headers
    ]


def test_a_page_that_is_brought_comes_after_what_a_clock_dated_later(
    nights: Callable[[str, dt.datetime], pl.DataFrame], store: SnapshotStore, sources_of: Sources
) -> None:
    sources = sources_of(bureau(HOST))
    nights("2.22", AHEAD)
    page = article(TITLE, *text("3.33")).encode()
    bring(store, sources, f"http://{HOST}/art/1.html", page, now=night(3), is_news=True)
    assert "3.33万人" in in_force(store, sources)


def test_the_order_goes_with_an_export(
    nights: Callable[[str, dt.datetime], pl.DataFrame], store: SnapshotStore, sources_of: Sources, tmp_path: Path
) -> None:
    sources = sources_of(bureau(HOST))
    nights("2.22", AHEAD)
    nights("3.33", night(3))
    path = tmp_path / "all.warc.gz"
    export_warc(store, path)
    other = SnapshotStore("memory://clocks-other")
    import_warc(other, path, sources, now=night(4))
    assert "3.33万人" in in_force(other, sources)
    assert states(other, sources) == states(store, sources)


def test_rows_are_out_of_order_only_where_they_must_be(
    nights: Callable[[str, dt.datetime], pl.DataFrame], store: SnapshotStore
) -> None:
    nights("1.11", night(1))
    nights("2.22", night(2))
    assert store.manifest(["ordered_at"])["ordered_at"].null_count() == store.count(pl.lit(True))
    assert after(None, night(1)) is None
    assert after(night(1), night(2)) is None
    assert after(night(2), night(1)) == night(2) + dt.timedelta(microseconds=1)

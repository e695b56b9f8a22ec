"""Sources that share lists, pages and names: each page is its bureau's, the other is told, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, article, bureau, listing, night

from fetching.crawl import crawl
from fetching.history import held_back
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

Sources = Callable[..., SourceList]
HOST = "chengdu.example"
OF_CITY, OF_DISTRICT = "成都市2022年民政工作总结", "成都市青羊区2022年民政工作总结"
CITY = bureau(HOST)
DISTRICT = bureau(HOST) | {"id": "qingyang", "place": "510105", "publisher": "青羊区民政局"}


@pytest.fixture
def shared(site: Site) -> Site:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", OF_CITY), ("/art/2.html", OF_DISTRICT))
    site.pages[HOST, "/art/1.html"] = article(OF_CITY, *SUMMARY)
    site.pages[HOST, "/art/2.html"] = article(
        OF_DISTRICT, *(text.replace("全市", "全区") for text in SUMMARY), after="<a href='/t.csv'>附件.csv</a>"
    )
    site.pages[HOST, "/t.csv"] = "指标,单位,2022年\n城市低保对象,人,4321\n农村低保对象,人,8765\n"
    return site


@pytest.mark.parametrize("entries", [(CITY, DISTRICT), (DISTRICT, CITY)])
def test_a_page_goes_to_the_bureau_that_it_is_of(
    entries: tuple[dict[str, Any], ...], shared: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    sources = sources_of(*entries)
    for number in (1, 2, 3):
        crawl(sources, store, now=night(number), limits=QUICK, connect_to=shared.connect_to)
        found = replay(store, sources).pages.select("url", "source_id", "place_code").sort("url").rows()
        assert found == [
            (f"http://{HOST}/art/1.html", "chengdu", "510100"),
            (f"http://{HOST}/art/2.html", "qingyang", "510105"),
            (f"http://{HOST}/t.csv", "qingyang", "510105"),
        ]
    rows = store.manifest(where=pl.col("reason") == "other_source")
    assert set(rows.select("source_id", "url").rows()) <= {
        ("chengdu", f"http://{HOST}/art/2.html"),
        ("qingyang", f"http://{HOST}/art/1.html"),
    }
    assert rows.height == rows.select("source_id", "url").unique().height, "told once, and then in a line of the list"
    lines = [line for line in held_back(store, sources) if "of other sources" in line]
    assert len(lines) == 2
    assert all("follow" in line for line in lines)


def test_a_page_that_names_nobody_stays_with_whoever_asks_first(
    shared: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    shared.pages[HOST, "/list.html"] = listing(("/art/3.html", "2022年民政工作总结"))
    shared.pages[HOST, "/art/3.html"] = article("2022年民政工作总结", *SUMMARY)
    sources = sources_of(CITY, DISTRICT)
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=shared.connect_to)
    [first] = replay(store, sources).pages["source_id"]
    crawl(sources, store, now=night(2), limits=QUICK, connect_to=shared.connect_to)
    assert replay(store, sources).pages["source_id"].to_list() == [first]


def test_a_source_that_is_renamed_keeps_its_pages(shared: Site, store: SnapshotStore, sources_of: Sources) -> None:
    crawl(sources_of(CITY), store, now=night(1), limits=QUICK, connect_to=shared.connect_to)
    before = replay(store, sources_of(CITY)).pages
    renamed = sources_of(CITY | {"id": "chengdu_mzj"})
    crawl(renamed, store, now=night(2), limits=QUICK, connect_to=shared.connect_to)
    after = replay(store, renamed).pages
    assert after.select("url", "text").sort("url").equals(before.select("url", "text").sort("url"))
    rows = crawl(renamed, store, now=night(3), limits=QUICK, connect_to=shared.connect_to)
    assert set(rows.filter(pl.col("role").is_in(["page", "attachment"]))["outcome"]) == {"UNCHANGED"}


def test_a_place_code_that_is_mended_holds_for_what_was_kept(
    shared: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    crawl(sources_of(CITY), store, now=night(1), limits=QUICK, connect_to=shared.connect_to)
    mended = sources_of(CITY | {"place": "510105", "publisher": "青羊区民政局"})
    crawl(mended, store, now=night(2), limits=QUICK, connect_to=shared.connect_to)
    assert set(replay(store, mended).pages["place_code"]) == {"510105"}

"""A crawl that is killed at any point loses nothing and doubles nothing, and the next one completes it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem
from loopback import QUICK, SUMMARY, Site, article, listing, night

from bulletins.catalog import load_catalog
from fetching import record
from fetching.archive import verify
from fetching.crawl import crawl
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, parse_sources

HOST = "chengdu.example"
SOURCES = f"""
contact: test@example.org
sources:
  - {{id: chengdu, place: "510100", publisher: 成都市民政局, pace: 0, list_pages: ["http://{HOST}/list.html"]}}
"""


def put_up(site: Site) -> None:
    """Three bulletins, one of them in two parts, one with a file."""
    site.pages[HOST, "/list.html"] = listing(
        *((f"/art/{number}.html", f"{2020 + number}年工作总结") for number in range(1, 4))
    )
    for number in range(1, 4):
        site.pages[HOST, f"/art/{number}.html"] = article(f"{2020 + number}年工作总结", *SUMMARY)
    site.pages[HOST, "/art/2.html"] = article("2022年工作总结", *SUMMARY, after="<a href='2_2.html'>下一页</a>")
    site.pages[HOST, "/art/2_2.html"] = article("2022年工作总结", "全年办理结婚登记8.1万对，离婚登记2.3万对。")
    site.pages[HOST, "/art/3.html"] = article("2023年工作总结", *SUMMARY, after="<a href='t.xls'>2023年统计表</a>")
    rows = "".join(
        f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in (("指标", "数值"), ("低保对象", "9万人"))
    )
    site.pages[HOST, "/art/t.xls"] = f"<html><body><p>单位：人</p><table>{rows}</table></body></html>"


def crawl_until(step: int, root: Path, connect_to: dict[str, Any], number: int) -> None:
    """Crawl, and die by SIGKILL at the `step`-th moment at which a file is about to be, or has been, changed."""
    record._ROWS_A_SEGMENT = 1  # a segment a row: as many moments to die at as there are
    left = step

    def dying(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*arguments: Any) -> Any:
            nonlocal left
            for when in ("before", "after"):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                if when == "before":
                    result = change(*arguments)
            return result

        return changed

    os.fsync = dying(os.fsync)
    Path.replace = dying(Path.replace)
    LocalFileSystem.rm_file = dying(LocalFileSystem.rm_file)
    sources = parse_sources(SOURCES, "sources.yaml", load_catalog().places)
    crawl(sources, SnapshotStore(root), now=night(number), limits=QUICK, connect_to=connect_to)


def in_its_own_process(step: int, root: Path, site: Site, number: int) -> bool:
    """Whether the crawl was killed; False if it came to its end before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fetching.crawl", "bulletins.catalog"])
    process = context.Process(target=crawl_until, args=(step, root, site.connect_to, number))
    process.start()
    process.join(30)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def state(root: Path, sources: SourceList) -> tuple[list[str], list[str]]:
    """The texts that can be replayed, and their addresses."""
    store = SnapshotStore(root)
    found = verify(store)
    assert found.broken == ()
    identities = store.manifest(["retrieval_id"]).to_series()
    assert identities.n_unique() == len(identities)
    pages = replay(store, sources).pages
    return pages.get_column("text").to_list(), pages.get_column("url").to_list()


@pytest.mark.parametrize("every", [23, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_point(site: Site, tmp_path: Path, every: int) -> None:
    put_up(site)
    sources = parse_sources(SOURCES, "sources.yaml", load_catalog().places)
    whole = SnapshotStore(tmp_path / "whole")
    crawl(sources, whole, now=night(1), limits=QUICK, connect_to=site.connect_to)
    texts, urls = state(tmp_path / "whole", sources)
    assert len(texts) == 4
    kills = 0
    for step in range(1, 500, every):
        root = tmp_path / str(step)
        killed = in_its_own_process(step, root, site, 1)
        kills += killed
        partial, _ = state(root, sources)
        assert set(partial) <= set(texts), "a page is there as a whole or not at all"
        crawl(sources, SnapshotStore(root), now=night(2), limits=QUICK, connect_to=site.connect_to)
        assert state(root, sources) == (texts, urls), f"after a kill at step {step}"
        if not killed:
            break
    assert kills * every > 70, "moments to die at"

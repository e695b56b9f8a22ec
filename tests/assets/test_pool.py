import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from made_pages import page, pages_of

from assets.incremental import BATCH, BatchReading, read_in_batches
from assets.pool import ReadingPool
from assets.readings import read_with_catalog
from bulletins.read import Reading

SENTENCE = "2021年，全市建成养老机构{number}家，市辖区低保标准提高到每人每月{standard}元。"


@pytest.fixture(scope="module")
def pages() -> pl.DataFrame:
    """More pages than a few batches, each with its own figures."""
    texts = (SENTENCE.format(number=number, standard=500 + number) for number in range(4 * BATCH + 7))
    return pages_of(*(page(f"{number:04d}", text=text) for number, text in enumerate(texts)))


@pytest.fixture(scope="module")
def expected(pages) -> BatchReading:
    return next(read_in_batches([pages], read_with_catalog))


def read_on(pool: ReadingPool, pages: pl.DataFrame, read=read_with_catalog) -> BatchReading:
    with pool.spread(-(-pages.height // BATCH)) as spread:
        (reading,) = read_in_batches([pages], read, spread)
        return reading


def same(one: BatchReading, other: BatchReading) -> bool:
    return all(ours.equals(theirs) for ours, theirs in zip((*one[0], one[1]), (*other[0], other[1]), strict=True))


def test_few_pages_are_read_in_this_process(pages, expected):
    with ReadingPool().spread(1) as spread:
        assert spread is map


def test_processes_read_the_same(pages, expected):
    assert expected[0].observations.height == 2 * pages.height
    assert same(read_on(ReadingPool(processes=2), pages), expected)


def dying_once(mark: Path, pages: pl.DataFrame) -> Reading:
    """Reads, but the first process that comes to a certain page dies of it."""
    if "0150" in pages["bulletin_key"].to_list() and not mark.exists():
        mark.touch()
        os._exit(9)
    return read_with_catalog(pages)


def test_the_pages_of_a_dead_process_are_read_again(pages, expected, tmp_path):
    mark = tmp_path / "died"
    assert same(read_on(ReadingPool(processes=2), pages, partial(dying_once, mark)), expected)
    assert mark.exists()


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask cluster of two worker processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_dask_reads_the_same(pages, expected, cluster):
    assert same(read_on(ReadingPool(dask=cluster), pages), expected)


@pytest.mark.slow
def test_a_lost_dask_worker_changes_nothing(pages, expected, cluster, tmp_path):
    mark = tmp_path / "died"
    assert same(read_on(ReadingPool(dask=cluster), pages, partial(dying_once, mark)), expected)
    assert mark.exists()

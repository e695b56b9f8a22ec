"""Where it pays to read elsewhere: the same pages in this process, over processes of this machine, and on a Dask cluster.

    python -m benchmarks.pool [--pages 50 200 1000] [--workers 2]

The pages are those of `nightly.py`. Each pool reads each number of pages once, in the same run; its readings are compared with those of
this process. The Dask cluster is local and begins beforehand, as a cluster by address has; its workers have read a page before, too.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Sequence

import polars as pl

from assets.incremental import BATCH, read_in_batches
from assets.pool import ReadingPool
from assets.readings import read_with_catalog
from benchmarks.nightly import page_of
from bulletins.catalog import load_catalog
from bulletins.frames import PAGES, conform
from bulletins.pages.page import read_html
from bulletins.read import Reading

YEARS = range(2015, 2025)


def made_pages(count: int) -> pl.DataFrame:
    """That many pages of prefectures, each city with ten years of bulletins; schema PAGES."""
    places = sorted(
        (place for place in load_catalog().places.all if place.level == "prefecture"), key=lambda place: place.code
    )
    rows = []
    for place, year, number in itertools.islice(itertools.product(places, YEARS, range(12)), count):
        title, raw = page_of(place, year, number)
        rows.append(
            {
                "bulletin_key": f"{place.code}{year}{number:02d}",
                "title": title,
                "place": place.name,
                "place_code": place.code,
                "text": read_html(raw).text,
                "kind": "other",
            }
        )
    frame = pl.DataFrame(rows)
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in PAGES.items() if name not in frame.columns]
    return conform(frame.with_columns(absent), PAGES)


def read_on(pool: ReadingPool, pages: pl.DataFrame) -> tuple[float, Reading]:
    """Seconds that the pool takes, its own beginning included, and what it read."""
    begin = time.perf_counter()
    with pool.spread(-(-pages.height // BATCH)) as spread:
        ((reading, _),) = read_in_batches([pages], read_with_catalog, spread)
    return time.perf_counter() - begin, reading


def compare(counts: Sequence[int], workers: int) -> None:
    """Print the seconds of every pool for every number of pages."""
    from distributed import LocalCluster  # the extra `dask`

    read_with_catalog(made_pages(1))  # what a process learns once is not counted
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:  # type: ignore[no-untyped-call]
        pools = {
            "this process": ReadingPool(processes=1),
            f"{workers} processes": ReadingPool(processes=workers),
            f"Dask, {workers} workers": ReadingPool(dask=cluster.scheduler_address),
        }
        read_on(pools[f"Dask, {workers} workers"], made_pages(4 * BATCH))
        print(f"\n{'pages':>8}" + "".join(f"{name:>24}" for name in pools))
        for count in counts:
            pages = made_pages(count)
            taken = {name: read_on(pool, pages) for name, pool in pools.items()}
            (base, expected), *others = taken.values()
            assert all(reading.observations.equals(expected.observations) for _, reading in others)
            print(f"{count:8}" + "".join(f"{seconds:12.1f} s {base / seconds:7.2f} ×" for seconds, _ in taken.values()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[50, 200, 1000])
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    compare(arguments.pages, arguments.workers)


if __name__ == "__main__":
    main()

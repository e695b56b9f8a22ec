"""One measurement in the tree of some commit, run by `against.py` with that tree's Python and in its folder.

    python against_probe.py reading|screening|star|lake ARGUMENT…

What is imported here is that tree's, old or new, so only what all of them have is used. Prints JSON: `seconds` of processor, its
children's among them, and `of`, what was done in them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, os.getcwd())  # noqa: PTH109  (the tree, before the folder of this file)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=("reading", "screening", "star", "lake", "change"))
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--cities", type=int, default=0)
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--pages", type=int, default=0)
    parser.add_argument("--changed", action="store_true")
    arguments = parser.parse_args()
    told = {"reading": reading, "screening": screening, "star": star, "lake": lake, "change": change}[arguments.what](
        arguments
    )
    print(json.dumps(told))


def reading(arguments: argparse.Namespace) -> dict[str, Any]:
    """Read the bulletins of gold folders, once, after one of them has been read."""
    import polars as pl

    from benchmarks.gold import gold_set
    from bulletins.catalog import load_catalog
    from bulletins.read import read_pages

    catalog = load_catalog()
    pages = pl.concat([gold_set(folder, catalog).pages for folder in arguments.folders])
    read_pages(pages.head(1), catalog)
    seconds, result = _timed(lambda: read_pages(pages, catalog))
    return {"seconds": seconds, "of": result.ledger.height}


def screening(arguments: argparse.Namespace) -> dict[str, Any]:
    """Screen at least `--count` observations."""
    from benchmarks.checks import crowd
    from bulletins.catalog import load_catalog
    from expectations.observations import screen

    catalog = load_catalog()
    observations, pages = crowd(arguments.count, catalog)
    seconds, _ = _timed(lambda: screen(observations, pages, catalog))
    return {"seconds": seconds, "of": observations.height}


def star(arguments: argparse.Namespace) -> dict[str, Any]:
    """Build and publish the star of `--count` made observations; with `--changed` once more, after a page of it changed."""
    import polars as pl

    from benchmarks.warehouse import made
    from bulletins.catalog import load_catalog
    from bulletins.frames import LEDGER, QUARANTINE, conform, empty
    from bulletins.resolve import resolve
    from warehouse.build import Release, build
    from warehouse.publish import publish

    catalog = load_catalog()
    pages, observations = made(arguments.count)
    verdicts = {"verdict": pl.lit("observation"), "reason": pl.lit("")}
    ledger = conform(observations.select("bulletin_key", "start", "end", "text", **verdicts), LEDGER)

    def night(observations: pl.DataFrame) -> float:
        resolution = resolve(observations, pages, catalog)

        def publish_it() -> None:
            build(
                staging,
                pages=pages,
                observations=observations,
                ledger=ledger,
                quarantine=empty(QUARANTINE),
                resolution=resolution,
                catalog=catalog,
                release=Release("benchmark", "benchmark"),
                previous=target if target.exists() else None,
            )
            publish(staging, target)

        return _timed(publish_it)[0]

    with tempfile.TemporaryDirectory() as folder:
        staging, target = Path(folder) / "staging.duckdb", Path(folder) / "warehouse.duckdb"
        seconds = night(observations)
        if arguments.changed:
            of_page = pl.col("bulletin_key") == observations["bulletin_key"][0]
            value = pl.when(of_page).then(pl.col("value") + 1).otherwise("value")
            seconds = night(observations.with_columns(value=value))
    return {"seconds": seconds, "of": observations.height}


def lake(arguments: argparse.Namespace) -> dict[str, Any]:
    """Make the snapshots and the source list of a made-up country in a home folder."""
    from benchmarks import nightly

    home, every, places = _country(arguments)
    nightly.write_sources(places, home.folder / "sources.yaml")
    return {"seconds": 0, "of": nightly.store_pages(home, iter(every), "NEW", nightly.SEEN)}


def change(arguments: argparse.Namespace) -> dict[str, Any]:
    """Let one page of it have changed."""
    from benchmarks import nightly

    home, every, _ = _country(arguments)
    mark = "（本期更正：养老机构共77家。）"
    seen = nightly.SEEN + dt.timedelta(days=1)
    return {"seconds": 0, "of": nightly.store_pages(home, iter(every[:1]), "CHANGED", seen, mark)}


def _country(arguments: argparse.Namespace) -> tuple[Any, list[Any], list[Any]]:
    from assets.home import Home
    from benchmarks.nightly import LEVELS
    from bulletins.catalog import load_catalog

    places = sorted(
        (place for place in load_catalog().places.all if place.level in LEVELS and place.in_force(None)),
        key=lambda place: (LEVELS.index(place.level), place.code),
    )[: arguments.cities]
    years = range(2025 - arguments.years, 2025)
    every = [(place, year, number) for place in places for year in years for number in range(arguments.pages)]
    return Home(arguments.folders[0]), every, places


def _timed(step: Callable[[], Any]) -> tuple[float, Any]:
    def used() -> float:
        return sum(os.times()[:4])

    begin = used()
    result = step()
    return used() - begin, result


if __name__ == "__main__":
    main()

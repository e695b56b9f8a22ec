"""What the checks cost: `screen` on 100,000 and 1,000,000 observations, with and without Great Expectations' record.

    python -m benchmarks.checks [--rows 100000 1000000]

The observations are the sample's, repeated as if many other cities had published the same bulletins, so that each rule has
as much to compare as it would have in truth.
"""

from __future__ import annotations

import argparse
import resource
import time

import polars as pl

from benchmarks.gold import observations_of, sample_set
from bulletins.catalog import Catalog, load_catalog
from expectations.observations import SUITE, evidence_of, screen
from expectations.runner import apply_rules


def crowd(rows: int, catalog: Catalog) -> tuple[pl.DataFrame, pl.DataFrame]:
    """At least `rows` observations in schema OBSERVATIONS, and their pages in schema PAGES."""
    gold = sample_set(catalog)
    homes = gold.pages.select("bulletin_key", home="place_code")
    observations = observations_of(gold, catalog).join(homes, on="bulletin_key")
    observations = observations.filter(pl.col("place_code") == pl.col("home"))
    bureaus = homes["home"].unique().sort()
    places = [
        place for place in catalog.places.all if place.valid_to is None and place.level in ("prefecture", "county")
    ]
    copies = range(-(-rows // observations.height))
    cities = pl.DataFrame(
        [
            (f"{copy:04x}", home, place.name, place.code)
            for copy in copies
            for number, home in enumerate(bureaus)
            for place in (places[(copy * len(bureaus) + number) % len(places)],)
        ],
        schema=["copy", "home", "new_place", "new_code"],
        orient="row",
    )

    def settled(frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
        own = [pl.concat_str("copy", pl.col(key).str.slice(4)).alias(key) for key in keys]
        moved = frame.join(cities, on="home").with_columns(*own, place="new_place", place_code="new_code")
        return moved.drop("home", "copy", "new_place", "new_code")

    pages = gold.pages.with_columns(home="place_code", url=pl.col("bulletin_key") + pl.col("url"))
    return settled(observations, "observation_key", "bulletin_key"), settled(pages, "bulletin_key", "url")


def main() -> None:
    """Print a line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    arguments = parser.parse_args()
    catalog = load_catalog()
    screen(*crowd(1, catalog), catalog)  # imports and caches
    print(
        f"{len(SUITE.rules)} rules\n| observations | evidence s | rules s | whole screen s | rows/s | peak GB |\n|{' ---: |' * 6}"
    )
    for rows in arguments.rows:
        observations, pages = crowd(rows, catalog)
        started = time.perf_counter()
        evidence = evidence_of(observations, pages, catalog)
        joined = time.perf_counter()
        apply_rules(SUITE, evidence)
        applied = time.perf_counter()
        del evidence
        screen(observations, pages, catalog)
        whole = time.perf_counter() - applied
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"| {observations.height:,} | {joined - started:.1f} | {applied - joined:.1f} | {whole:.1f} "
            f"| {observations.height / whole:,.0f} | {peak:.1f} |"
        )


if __name__ == "__main__":
    main()

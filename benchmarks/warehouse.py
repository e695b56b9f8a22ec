"""What choosing, building and publishing cost as the warehouse grows: `python -m benchmarks.warehouse [OBSERVATIONS ...]`.

The observations are made: pages of forty numbers each, places, years and indicators of the catalogue, a tenth of the numbers
open, and one in eight stated by a second page, some of these with another value. They are chosen province by province and the star
is built of Parquet files, as a night does. Each size runs in a process of its own, so that its peak memory is its own. Without
arguments 100 000 and 1 000 000; ten million take some minutes and gigabytes of disk.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, QUARANTINE, conform, empty
from bulletins.resolve import resolve
from warehouse.build import Release, ResolutionFiles, build
from warehouse.export import export
from warehouse.publish import publish
from warehouse.star import bulletins
from warehouse.verify import verify

NUMBERS_A_PAGE = 40


def made(count: int, seed: int = 20, province: str = "", first: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Made pages and observations, schemas PAGES and OBSERVATIONS.

    Args:
        count: of observations.
        seed: of the figures.
        province: two digits, to which the places are held; empty for all.
        first: the number of the first observation, a multiple of `NUMBERS_A_PAGE`.
    """
    random = np.random.default_rng(seed)
    catalog = load_catalog()
    cities = [
        place
        for place in catalog.places.all
        if place.level in {"prefecture", "county"} and place.valid_to is None and place.code.startswith(province)
    ]
    indicators = pl.DataFrame(
        [(item.code, item.unit, item.per, item.name_zh) for item in catalog.indicators.values()],
        schema=["indicator", "unit", "per", "label"],
        orient="row",
    ).vstack(
        pl.DataFrame(
            {"indicator": [""] * 15, "unit": ["item"] * 15, "per": [""] * 15, "label": [f"站点{n}" for n in range(15)]}
        )
    )
    page_count = count // NUMBERS_A_PAGE + 1
    homes = pl.DataFrame([(place.code, place.name) for place in cities], schema=["place_code", "place"], orient="row")
    pages = (
        homes[random.integers(0, len(cities), page_count)]
        .with_row_index("number", offset=first // NUMBERS_A_PAGE)
        .with_columns(
            bulletin_key=pl.format("{}", pl.col("number").cast(pl.String).str.zfill(16)),
            source_id="place_code",
            url=pl.format("http://made.invalid/{}.html", "number"),
            title=pl.format("{}民政局工作总结", "place"),
            publisher=pl.format("{}民政局", "place"),
            published_on=pl.Series(random.integers(2005, 2026, page_count)).cast(pl.String).str.to_date("%Y"),
            fetched_at=pl.lit(datetime(2026, 1, 1, tzinfo=UTC)),
            snapshot_sha256=pl.lit("0" * 64),
            text_sha256=pl.lit("0" * 64),
            kind=pl.Series(np.array(["year_summary", "half_year", "news", "table"])[random.integers(0, 4, page_count)]),
            text=pl.lit("全年保障低保对象若干，各项工作有序推进。\n" * NUMBERS_A_PAGE),
            grids=pl.lit(""),
        )
        .drop("number")
    )
    values = random.integers(1, 200_000, count).astype(np.float64)
    observations = (
        pages.select("bulletin_key", "place", "place_code", year=pl.col("published_on").dt.year().cast(pl.Int32))[
            np.arange(count) // NUMBERS_A_PAGE
        ]
        .hstack(indicators[random.integers(0, indicators.height, count)])
        .with_row_index("number", offset=first)
        .with_columns(
            observation_key=pl.col("number").cast(pl.String).str.zfill(16),
            start=(pl.col("number") % NUMBERS_A_PAGE * 21).cast(pl.Int32),
            end=(pl.col("number") % NUMBERS_A_PAGE * 21 + 6).cast(pl.Int32),
            value=pl.Series(values),
            text=pl.Series(values).cast(pl.Int64).cast(pl.String),
            value_high=pl.lit(None),
            qualifier=pl.lit("exact"),
            measure=pl.lit("level"),
            status=pl.lit("actual"),
            period=pl.lit("annual"),
            time_period=pl.col("year").cast(pl.String),
            certainty=pl.lit(1.0),
            area=pl.Series(np.array(["all", "urban", "rural"])[random.integers(0, 3, count)]),
        )
        .with_columns(
            sentence=pl.format("{}年，全市{}共{}，比上年有所增长，各项工作有序推进。", "year", "label", "text")
        )
    )
    return conform(pages.select(list(PAGES)), PAGES), conform(observations.select(list(OBSERVATIONS)), OBSERVATIONS)


FRAMES = ("observations", "ledger", "resolved", "facts", "conflicts")


def _chosen(count: int, folder: Path) -> pl.DataFrame:
    """Make and choose province by province, leave the frames as Parquet files, and return the pages without their texts."""
    catalog = load_catalog()
    provinces = sorted(
        {place.code[:2] for place in catalog.places.all if place.level == "county" and place.valid_to is None}
    )
    of_each = count // len(provinces) // NUMBERS_A_PAGE * NUMBERS_A_PAGE
    kept = []
    for number, province in enumerate(provinces):
        some = of_each if number else count - of_each * (len(provinces) - 1)
        first = (number and count - of_each * (len(provinces) - number)) // NUMBERS_A_PAGE * NUMBERS_A_PAGE
        pages, observations = made(some, 20 + number, province, first + number * NUMBERS_A_PAGE)
        resolution = resolve(observations, pages, catalog)
        verdicts = {"verdict": pl.lit("observation"), "reason": pl.lit("")}
        frames = (
            observations,
            conform(observations.select("bulletin_key", "start", "end", "text", **verdicts), LEDGER),
            resolution.observations,
            resolution.facts,
            resolution.conflicts,
        )
        for name, frame in zip(FRAMES, frames, strict=True):
            frame.write_parquet(folder / f"{name}-{province}.parquet")
        kept.append(bulletins(pages.lazy()).collect())
    return pl.concat(kept)


def measure(count: int) -> dict[str, Any]:
    """Seconds of each step, sizes, and the peak memory of this process."""
    told: dict[str, Any] = {"observations": count}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        begin = time.perf_counter()
        result = step()
        told[f"{name}_s"] = round(time.perf_counter() - begin, 2)
        told[f"{name}_gb"] = round(_peak() / 1e6, 2)
        return result

    catalog = load_catalog()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        folder = Path(name)
        staging, target = folder / "staging.duckdb", folder / "warehouse.duckdb"
        pages = timed("choose", lambda: _chosen(count, folder))
        files = {frame: sorted(folder.glob(f"{frame}-*.parquet")) for frame in FRAMES}
        told |= {
            frame: pl.scan_parquet(files[frame]).select(pl.len()).collect().item() for frame in ("facts", "conflicts")
        }
        timed(
            "build",
            lambda: build(
                staging,
                pages=pages,
                observations=files["observations"],
                ledger=files["ledger"],
                quarantine=empty(QUARANTINE),
                resolution=ResolutionFiles(files["facts"], files["conflicts"], files["resolved"]),
                catalog=catalog,
                release=Release("benchmark", "benchmark"),
            ),
        )
        told["file_mb"] = round(staging.stat().st_size / 1e6)
        timed("verify", lambda: verify(staging))
        timed("publish", lambda: publish(staging, target))
        timed("export", lambda: export(target, folder / "out", ["parquet"]))
    return told


def _peak() -> int:
    """The most memory that this process held since the peak began anew, in kilobytes (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def main(counts: list[int]) -> None:
    """Print one line a size, and how the cost grows."""
    rows = []
    for count in counts:
        command = [sys.executable, "-m", "benchmarks.warehouse", "--one", str(count)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(json.dumps(rows[-1]), flush=True)
    for small, large in itertools.pairwise(rows):
        growth = {name: round(large[name] / small[name], 1) for name in large if small[name]}
        print("grows by", json.dumps(growth))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main([int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000])

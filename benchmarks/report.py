"""How heavy the report page is and how soon it shows its first chart: `python -m benchmarks.report [--cities 340] [--years 10]`.

A star is made in which each prefecture-level city has a value of sixty indicators each year, town and country among them, each from a
sentence of its own; the page is written from it and opened in headless Chromium (`chromium` on the path) with an empty profile. Told
are megabytes, seconds to write it, and seconds from the start of navigation until the first chart is drawn, by the page's own clock.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.warehouse import made
from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, QUARANTINE, conform, empty
from bulletins.resolve import resolve
from warehouse.build import Release, build
from warehouse.report import write_report

INDICATORS, LAST_YEAR = 60, 2024
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--remote-debugging-port=0")
PATIENCE = 60  # seconds
#: Set by a script at the end of the page: milliseconds from the start of navigation.
WATCH = """
<script>
const watch = new MutationObserver(() => {
  if (!document.querySelector("#compare .chart svg path")) return;
  console.log("first chart " + performance.now());
  watch.disconnect();
});
watch.observe(document.querySelector("#compare .chart"), {childList: true, subtree: true});
</script>
"""


def country(cities: int, years: int, seed: int = 20) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages and observations of the first `cities` prefectures, a page a city and year."""
    random = np.random.default_rng(seed)
    catalog = load_catalog()
    places = [place for place in catalog.places.all if place.level == "prefecture" and place.valid_to is None][:cities]
    indicators = list(catalog.indicators.values())[:INDICATORS]
    pages, template = made(1)
    numbered = [
        (f"{place.code}{year}", place.code, place.name, year)
        for place in places
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1)
    ]
    whose = pl.DataFrame(numbered, schema=["bulletin_key", "place_code", "place", "year"], orient="row")
    of_pages = (
        pages.head(1)
        .drop("bulletin_key", "place_code", "place", "url", "title")
        .join(
            whose.with_columns(
                url=pl.format("http://mzj.{}.example/{}.html", "place_code", "year"),
                title=pl.format("{}民政局{}年工作总结", "place", "year"),
            ),
            how="cross",
        )
    )
    of_pages = of_pages.with_columns(published_on=pl.date(pl.col("year") + 1, 1, 20)).select(pages.columns)
    what = pl.DataFrame(
        [(item.code, item.unit, item.per, item.name_zh) for item in indicators],
        schema=["indicator", "unit", "per", "label"],
        orient="row",
    ).with_row_index("place_on_page")
    rows = whose.join(what, how="cross").with_columns(
        value=pl.Series(random.integers(1, 200_000, whose.height * what.height)).cast(pl.Float64)
    )
    rows = rows.with_columns(
        text=pl.col("value").cast(pl.Int64).cast(pl.String),
        observation_key=pl.format("{}{}", "bulletin_key", pl.col("place_on_page").cast(pl.String).str.zfill(6)),
        start=(pl.col("place_on_page") * 21).cast(pl.Int32),
        end=(pl.col("place_on_page") * 21 + 6).cast(pl.Int32),
        time_period=pl.col("year").cast(pl.String),
        certainty=pl.lit(0.9),
    ).with_columns(sentence=pl.format("{}年，全市{}共{}，比上年有所增长，各项工作有序推进。", "year", "label", "text"))
    rest = template.head(1).drop(set(rows.columns) & set(template.columns)).with_columns(area=pl.lit("all"))
    return of_pages, conform(rows.join(rest, how="cross").select(list(OBSERVATIONS)), OBSERVATIONS)


def first_chart(page: Path) -> float:
    """Seconds until Chromium shows the first chart."""
    watched = page.with_name("watched.html")
    watched.write_text(
        page.read_text("utf-8").replace('<script id="content"', WATCH + '<script id="content"', 1), "utf-8"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [str(shutil.which("chromium")), *FLAGS, f"--user-data-dir={profile}", watched.as_uri()]
        with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as browser:
            stop = threading.Timer(PATIENCE, browser.kill)
            stop.start()
            try:
                told = (re.search(r"first chart ([\d.]+)", line) for line in browser.stderr or ())
                found = next(filter(None, told), None)
            finally:
                stop.cancel()
                browser.kill()
    if found is None:
        raise SystemExit(f"no chart was drawn within {PATIENCE} seconds")
    return float(found[1]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cities", type=int, default=340)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="leave the page here")
    arguments = parser.parse_args()
    catalog = load_catalog()
    pages, observations = country(arguments.cities, arguments.years)
    ledger = observations.select(
        "bulletin_key", "start", "end", "text", verdict=pl.lit("observation"), reason=pl.lit("")
    )
    with tempfile.TemporaryDirectory() as folder:
        star, page = Path(folder) / "star.duckdb", Path(folder) / "report.html"
        build(
            star,
            pages=pages,
            observations=observations,
            ledger=conform(ledger, LEDGER),
            quarantine=empty(QUARANTINE),
            resolution=resolve(observations, pages, catalog),
            catalog=catalog,
            release=Release("benchmark", "benchmark"),
        )
        write_report(star, page)  # the scripts of Vega are bundled once
        begin = time.process_time()
        write_report(star, page)
        written = time.process_time() - begin
        told = {
            "values": observations.height,
            "megabytes": round(page.stat().st_size / 1e6, 2),
            "seconds_to_write": round(written, 2),
            "seconds_to_first_chart": [round(first_chart(page), 2) for _ in range(3)],
        }
        if arguments.keep:
            shutil.copyfile(page, arguments.keep)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

"""A release is held against the one before: what vanished or changed in a city is seen, and emptiness blocks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import polars as pl

from expectations import release
from expectations.report import SuiteReport
from warehouse.examined import kept_by_city


def _facts(**cities: list[float]) -> pl.DataFrame:
    rows = [(city, f"{city}|{cell}", value) for city, values in cities.items() for cell, value in enumerate(values)]
    return pl.DataFrame(rows, schema={"city_key": pl.String, "cell_key": pl.String, "value": pl.Float64}, orient="row")


def check_release(now: pl.DataFrame, before: pl.DataFrame) -> SuiteReport:
    """The report on two releases that lie in files."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("now.duckdb", "before.duckdb")]
        for file, facts in zip(files, (now, before), strict=True):
            with duckdb.connect(file) as connection:
                connection.register("facts", facts.to_arrow())
                connection.execute("CREATE TABLE fact_indicator AS SELECT * FROM facts")
        return release.check_release(kept_by_city(*files))


def _broken(report: SuiteReport) -> list[str]:
    return [result.rule for result in report.results if not result.success]


def test_a_first_release_and_an_unchanged_one_hold() -> None:
    facts = _facts(chengdu=[1.0, 2.0])
    assert _broken(check_release(facts, facts.clear())) == []
    assert _broken(check_release(facts, facts)) == []
    assert _broken(check_release(_facts(chengdu=[1.0, 2.0, 3.0], enshi=[1.0]), facts)) == []


def test_what_vanished_or_changed_is_marked() -> None:
    before = _facts(chengdu=[float(number) for number in range(20)], enshi=[1.0])
    assert _broken(check_release(before.filter(pl.col("city_key") == "chengdu"), before)) == ["city_kept"]
    assert _broken(check_release(before.tail(19), before)) == ["values_kept"]
    changed = before.with_columns(pl.when(pl.col("value") < 3).then(-1.0).otherwise("value").alias("value"))
    assert _broken(check_release(changed, before)) == ["values_unchanged"]


def test_an_empty_release_is_an_error() -> None:
    report = check_release(_facts(), _facts(chengdu=[1.0]))
    assert not report.success
    assert _broken(report) == ["release_not_empty", "city_kept"]
    assert not check_release(_facts(), _facts()).success

"""The star holds together: a fault put into any of its tables blocks the release, and names the row."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
import pytest

from bulletins.catalog import Catalog
from bulletins.frames import LEDGER
from bulletins.resolve import resolve
from expectations.observations import screen
from expectations.report import SuiteReport
from expectations.star import COUNT_RULES, FACT_RULES, OBSERVATION_RULES, bounds_of, check_star
from warehouse.build import Release, build
from warehouse.examined import examine, examining

Make = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def star(page: Make, observe: Make, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = page("全市低保6.64万户、9.76万人，覆盖率103%，覆盖率98%。")
    coverage = {"unit": "percent", "indicator": "elderly_community_coverage", "label": "覆盖率"}
    observations = observe(
        pages,
        ("6.64万户", 66400, {"unit": "household", "indicator": "dibao_households"}),
        ("9.76万人", 97600, {}),
        ("103%", 103, coverage),
        ("98%", 98, coverage),
    )
    screened = screen(observations, pages, catalog)
    ledger = observations.select(
        "bulletin_key", "start", "end", "text", verdict=pl.lit("observation"), reason=pl.lit("")
    )
    file = tmp_path_factory.mktemp("star") / "star.duckdb"
    build(
        file,
        pages=pages,
        observations=observations,
        ledger=ledger.select(list(LEDGER)),
        quarantine=screened.quarantine,
        resolution=resolve(screened.valid, pages, catalog),
        catalog=catalog,
        release=Release("test", "test"),
    )
    return file


def _reports(file: Path, catalog: Catalog) -> tuple[SuiteReport, ...]:
    nobody = pl.DataFrame(schema={"observation_key": pl.String})
    with examining(file, bounds_of(catalog), nobody) as opened:
        return check_star(partial(examine, opened))


def _broken(file: Path, catalog: Catalog) -> set[str]:
    return {result.rule for report in _reports(file, catalog) for result in report.broken("error")}


def test_a_star_as_it_is_built_holds(star: Path, catalog: Catalog) -> None:
    reports = _reports(star, catalog)
    assert [report.rows for report in reports] == [3, 4, 1]
    assert {result.rule: result.evaluated for report in reports for result in report.results} == {
        **dict.fromkeys((rule.name for rule in FACT_RULES), 3),
        **dict.fromkeys((rule.name for rule in OBSERVATION_RULES), 4),
        "cell_is_published": 3,
        **dict.fromkeys((rule.name for rule in COUNT_RULES), 1),
    }
    assert _broken(star, catalog) == set()


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("grain_unique", "INSERT INTO fact_indicator SELECT * FROM fact_indicator LIMIT 1"),
        (
            "grain_unique",
            "INSERT INTO fact_indicator SELECT * REPLACE ('other' AS cell_key) FROM fact_indicator LIMIT 1",
        ),
        ("fact_keys_resolve", "DELETE FROM dim_city WHERE starts_with(city_key, '510100')"),
        ("fact_keys_resolve", "DELETE FROM dim_year"),
        ("fact_keys_resolve", "DELETE FROM dim_indicator WHERE code = 'dibao_persons'"),
        ("published_is_valid", "UPDATE fact_observation SET valid = false"),
        ("published_is_valid", "UPDATE fact_observation SET known_to = '2024-01-01'"),
        ("published_value_is_observed", "UPDATE fact_indicator SET value = value * 10"),
        ("observations_counted", "UPDATE fact_indicator SET observations = observations + 1"),
        ("published_within_bounds", "UPDATE fact_indicator SET value = 101.0"),
        ("observation_once", "INSERT INTO fact_observation SELECT * FROM fact_observation LIMIT 1"),
        ("observation_keys_resolve", "DELETE FROM dim_bulletin"),
        ("invalid_is_quarantined", "DELETE FROM quarantine"),
        ("cell_is_published", "DELETE FROM fact_indicator WHERE starts_with(indicator_key, 'dibao')"),
        ("observations_add_up", "DELETE FROM number_ledger WHERE span_start > 10"),
        ("observations_add_up", "DELETE FROM fact_observation WHERE span_start > 10"),
        ("verdicts_add_up", "DELETE FROM quarantine"),
    ],
)
def test_a_fault_in_a_table_blocks_the_release(
    rule: str, fault: str, star: Path, catalog: Catalog, tmp_path: Path
) -> None:
    damaged = tmp_path / "star.duckdb"
    shutil.copyfile(star, damaged)
    with duckdb.connect(damaged) as connection:
        connection.execute(fault)
    assert rule in _broken(damaged, catalog)


def test_of_a_broken_rule_the_report_tells_all_rows_and_shows_the_broken_ones(
    star: Path, catalog: Catalog, tmp_path: Path
) -> None:
    damaged = tmp_path / "star.duckdb"
    shutil.copyfile(star, damaged)
    with duckdb.connect(damaged) as connection:
        connection.execute("UPDATE fact_indicator SET observations = 9 WHERE indicator_key = 'dibao_persons'")
    (facts, *_) = _reports(damaged, catalog)
    (counted,) = facts.broken("error")
    assert (facts.rows, counted.evaluated, counted.failed) == (3, 3, 1)
    assert "记 9 个观测，观测表中有 1 个" in str(counted.examples[0]["detail"])


def test_an_accepted_value_has_no_bounds(star: Path, catalog: Catalog, tmp_path: Path) -> None:
    damaged = tmp_path / "star.duckdb"
    shutil.copyfile(star, damaged)
    with duckdb.connect(damaged) as connection:
        connection.execute("UPDATE fact_indicator SET value = 101.0 WHERE unit = 'percent'")
        accepted = connection.sql("SELECT observation_key FROM fact_indicator WHERE unit = 'percent'").pl()
    assert "published_within_bounds" in _broken(damaged, catalog)
    with examining(damaged, bounds_of(catalog), accepted) as opened:
        reports = check_star(partial(examine, opened))
    assert "published_within_bounds" not in {result.rule for each in reports for result in each.broken("error")}

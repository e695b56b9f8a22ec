"""The star holds together: a fault put into any of its tables blocks the release, and names the row."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from bulletins.catalog import Catalog
from bulletins.frames import LEDGER
from bulletins.resolve import resolve
from expectations.observations import screen
from expectations.star import COLUMNS, check_star
from warehouse import query
from warehouse.build import Release, build

Make = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def tables(page: Make, observe: Make, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Tables:
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
    return {name: query.table(file, name, columns) for name, columns in COLUMNS.items()}


def _broken(tables: Tables, catalog: Catalog) -> set[str]:
    return {result.rule for report in check_star(tables, catalog) for result in report.broken("error")}


def test_a_star_as_it_is_built_holds(tables: Tables, catalog: Catalog) -> None:
    reports = check_star(tables, catalog)
    assert [report.rows for report in reports] == [3, 4, 1]
    assert _broken(tables, catalog) == set()


@pytest.mark.parametrize(
    ("rule", "table", "fault"),
    [
        ("grain_unique", "fact_indicator", lambda facts: pl.concat([facts, facts.head(1)])),
        ("fact_keys_resolve", "dim_city", lambda cities: cities.filter(~pl.col("city_key").str.starts_with("510100"))),
        ("fact_keys_resolve", "dim_year", lambda years: years.clear()),
        ("fact_keys_resolve", "dim_indicator", lambda table: table.filter(pl.col("code") != "dibao_persons")),
        ("published_is_valid", "fact_observation", lambda table: table.with_columns(valid=pl.lit(False))),
        ("published_value_is_observed", "fact_indicator", lambda facts: facts.with_columns(pl.col("value") * 10)),
        ("observations_counted", "fact_indicator", lambda facts: facts.with_columns(pl.col("observations") + 1)),
        ("published_within_bounds", "fact_indicator", lambda facts: facts.with_columns(value=pl.lit(101.0))),
        ("observation_once", "fact_observation", lambda table: pl.concat([table, table.head(1)])),
        ("observation_keys_resolve", "dim_bulletin", lambda table: table.clear()),
        ("invalid_is_quarantined", "quarantine", lambda table: table.clear()),
        ("cell_is_published", "fact_indicator", lambda facts: facts.head(1)),
        ("observations_add_up", "number_ledger", lambda table: table.head(3)),
        ("observations_add_up", "fact_observation", lambda table: table.head(3)),
        ("verdicts_add_up", "quarantine", lambda table: table.clear()),
    ],
)
def test_a_fault_in_a_table_blocks_the_release(
    rule: str, table: str, fault: Callable[[pl.DataFrame], pl.DataFrame], tables: Tables, catalog: Catalog
) -> None:
    assert rule in _broken({**tables, table: fault(tables[table])}, catalog)

"""What stands in which cell of a city that publishes by the month, the quarter, the half-year and the year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from made_star import Inputs, page

from bulletins.catalog import load_catalog
from bulletins.frames import PAGES
from bulletins.read import read_pages
from bulletins.text.periods import Period
from warehouse import connections, sdmx
from warehouse.periods import dim_period, names

PUBLISHED = {
    "month": ("成都市2021年9月民政统计月报", "table", date(2021, 10, 9),
              "| 指标 | 单位 | 本月 | 累计 |\n| --- | --- | --- | --- |\n| 结婚登记 | 对 | 410 | 3870 |\n| 离婚登记 | 对 | 130 | 1377 |"),
    "first": ("成都市2021年第一季度民政工作情况", "news", date(2021, 4, 12), "办理结婚登记1290对。"),
    "half": ("成都市民政局2021年上半年工作总结", "half_year", date(2021, 7, 12),
             "上半年，办理结婚登记2590对。6月底在保城市低保对象31207人。去年同期办理结婚登记2710对。"),
    "third": ("成都市2021年第三季度民政统计季报", "table", date(2021, 10, 15),
              "| 指标 | 单位 | 本季 | 上季 |\n| --- | --- | --- | --- |\n| 结婚登记 | 对 | 1280 | 1300 |"),
    "fourth": ("成都市2021年第四季度民政工作情况", "news", date(2022, 1, 8), "当季办理结婚登记1143对。"),
    "annual": ("成都市民政局2021年工作总结", "year_summary", date(2022, 1, 20),
               "2021年1—12月，办理结婚登记5013对。截至2021年12月31日，城市低保对象30900人。"),
}  # fmt: skip


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    pages = [
        page(key, url=f"http://a.invalid/{key}", title=title, kind=kind, published_on=day, text=f"{title}\n\n{text}")
        for key, (title, kind, day, text) in PUBLISHED.items()
    ]
    read = read_pages(pl.DataFrame(pages, schema=dict(PAGES)), load_catalog()).observations
    path: Path = tmp_path_factory.mktemp("star") / "star.duckdb"
    Inputs(pages, read.to_dicts()).build(path)
    with connections.read(path) as connection:
        yield connection


def ask(star: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return star.execute(query).fetchall()


def test_every_period_has_a_cell_of_its_own(star: duckdb.DuckDBPyConnection) -> None:
    cells = ask(star, "SELECT time_period, value FROM indicator_values WHERE indicator_code = 'marriages' ORDER BY 1")
    assert cells == [
        ("2020-S1", 2710.0),
        ("2021", 5013.0),
        ("2021-01-01/P9M", 3870.0),
        ("2021-09", 410.0),
        ("2021-Q1", 1290.0),
        ("2021-Q2", 1300.0),
        ("2021-Q3", 1280.0),
        ("2021-Q4", 1143.0),
        ("2021-S1", 2590.0),
    ]
    assert ask(star, "SELECT count(*) FROM conflict") == [(0,)]


def test_the_key_of_an_annual_cell_is_as_it_was_before_periods_were_exact(star: duckdb.DuckDBPyConnection) -> None:
    keys = ask(
        star, "SELECT cell_key FROM fact_indicator WHERE indicator_key = 'marriages' AND year_key = 2021 ORDER BY 1"
    )
    assert ("510100|2021|marriages|all|actual|level|annual|couple|",) in keys
    assert ("510100|2021|marriages|all|actual|level|2021-Q3|couple|",) in keys


def test_half_years_stand_beside_those_of_the_year_before(star: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT year, half, value, value_before FROM half_year_values WHERE indicator_code = 'marriages' ORDER BY year"
    )
    assert ask(star, query) == [(2020, 1, 2710.0, None), (2021, 1, 2590.0, 2710.0)]


def test_quarters_stand_beside_what_was_cumulated(star: duckdb.DuckDBPyConnection) -> None:
    query = """SELECT quarter, value, value_to_date, difference FROM quarter_values
               WHERE indicator_code = 'marriages' AND year = 2021 ORDER BY quarter"""
    assert ask(star, query) == [
        (1, 1290.0, 1290.0, None),
        (2, 1300.0, 2590.0, 1300.0),
        (3, 1280.0, 3870.0, 1280.0),
        (4, 1143.0, 5013.0, 1143.0),
    ]


def test_the_year_is_the_year_and_a_stock_that_of_its_end(star: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT indicator_code, value, value_urban FROM annual_values WHERE year = 2021 ORDER BY 1"
    assert ask(star, query) == [("dibao_persons", None, 30900.0), ("marriages", 5013.0, None)]
    assert ask(star, "SELECT marriages FROM city_year WHERE year = 2021") == [(5013.0,)]


def test_periods_are_dated_and_named(star: duckdb.DuckDBPyConnection) -> None:
    rows = ask(
        star, "SELECT time_period, start_date, end_date, months, cumulated, name_zh, name_en FROM dim_period ORDER BY 1"
    )
    told = {row[0]: row[1:] for row in rows}
    assert told["2021-01-01/P9M"] == (
        date(2021, 1, 1),
        date(2021, 9, 30),
        9,
        True,
        "2021年1—9月",
        "January–September 2021",
    )
    assert told["2021-Q3"] == (date(2021, 7, 1), date(2021, 9, 30), 3, False, "2021年第三季度", "Q3 2021")


def test_sdmx_has_the_exact_periods(star: duckdb.DuckDBPyConnection) -> None:
    data = star.sql(sdmx.data()).pl().filter(pl.col("INDICATOR") == "marriages")
    assert {"2021", "2021-S1", "2021-Q3", "2021-09", "2021-01-01/P9M"} <= set(data["TIME_PERIOD"])
    assert (
        data.select("REF_AREA", "INDICATOR", "AREA", "STATUS", "MEASURE_TYPE", "PERIOD", "TIME_PERIOD")
        .is_unique()
        .all()
    )


def test_a_part_of_a_year_that_is_not_named_is_not_the_year() -> None:
    spoken_of = pl.DataFrame(
        {"time_period": ["2021", "2021", "2021"], "period": ["annual", "partial", "multi_year"], "year": [2021] * 3}
    )
    rows = {row["period_key"]: row for row in dim_period(spoken_of).iter_rows(named=True)}
    assert list(rows) == ["2021", "2021:multi_year", "2021:partial"]
    assert rows["2021:partial"]["name_zh"] == "2021年内一段时间"
    assert not rows["2021:partial"]["exact"]
    assert rows["2021:multi_year"]["start_date"] is None


@pytest.mark.parametrize(
    ("notation", "zh", "en"),
    [
        ("2021", "2021年", "2021"),
        ("2021-S2", "2021年下半年", "second half of 2021"),
        ("2021-09", "2021年9月", "September 2021"),
        ("2016-01-01/P5Y", "2016—2020年", "2016–2020"),
        ("2020-12-01/P12M", "2020年12月—2021年11月", "December 2020–November 2021"),
        ("2021-02-14", "2021年2月14日", "2021-02-14"),
        ("2021-03-23/P10D", "2021年03月23日至2021年04月01日", "2021-03-23 to 2021-04-01"),
    ],
)
def test_names(notation: str, zh: str, en: str) -> None:
    assert names(Period.parse(notation)) == (zh, en)

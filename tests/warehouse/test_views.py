"""The views: what was known when, promised and achieved, growth, gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_star import STANDARD, STORY, Inputs, observation, page

from warehouse import connections


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("views") / "star.duckdb"
    STORY.but(
        observations=[
            *STORY.observations,
            observation("c", "next", "12.6%", 12.6, year=2022, measure="change", unit="percent", **(STANDARD_CHANGE)),
        ]
    ).build(path)
    with connections.read(path) as connection:
        yield connection


STANDARD_CHANGE = {"indicator": "dibao_standard", "area": "districts", "label": "低保标准"}
_SAME_AS_PUBLISHED = """
    SELECT cell_key, value, value_high, qualifier, conflict, observations, observation_key FROM {0}
    EXCEPT SELECT cell_key, value, value_high, qualifier, conflict, observations, observation_key FROM {1}
"""


def test_a_target_stands_beside_its_result_with_both_sentences(star: duckdb.DuckDBPyConnection) -> None:
    row = star.execute(
        "SELECT city, year, promise, promised, achieved, difference, met, target_sentence, result_sentence, target_url"
        " FROM targets_and_results"
    ).fetchall()
    assert row == [
        (
            "成都市",
            2022,
            "ge",
            1000.0,
            980.0,
            -20.0,
            False,
            "2021年，全市保障低保对象1000元。",
            "2021年，全市保障低保对象980元。",
            "http://mzj.example/plan.html",
        )
    ]


def test_growth_stands_beside_the_growth_that_the_bulletin_prints(star: duckdb.DuckDBPyConnection) -> None:
    rows = star.execute(
        "SELECT indicator_code, year, value_before, value, round(growth_percent, 2), printed_growth_percent, conflict"
        " FROM year_on_year ORDER BY 1"
    ).fetchall()
    assert rows == [
        ("dibao_persons", 2022, 97600.0, 99000.0, 1.43, None, False),
        ("dibao_standard", 2022, 870.0, 980.0, 12.64, 12.6, True),
    ]


def test_completeness_tells_present_missing_and_quarantined_apart(star: duckdb.DuckDBPyConnection) -> None:
    states = star.execute(
        "SELECT year, indicator_code, state FROM completeness WHERE city = '成都市'"
        " AND indicator_code IN ('dibao_standard', 'cremation_rate', 'orphans') AND year = 2022 ORDER BY 2"
    ).fetchall()
    assert states == [
        (2022, "cremation_rate", "quarantined"),
        (2022, "dibao_standard", "present"),
        (2022, "orphans", "missing"),
    ]
    doubled = "SELECT city_code, year, indicator_code FROM completeness GROUP BY ALL HAVING count(*) > 1"
    assert star.execute(doubled).fetchall() == []


def test_one_row_a_city_and_year_holds_the_most_used_indicators(star: duckdb.DuckDBPyConnection) -> None:
    rows = star.execute(
        "SELECT city, year, dibao_standard_districts, dibao_persons, plan_period FROM city_year ORDER BY year"
    ).fetchall()
    assert rows == [
        ("崇文区", 2008, None, 4000.0, "十一五"),
        ("成都市", 2021, 870.0, 97600.0, "十四五"),
        ("成都市", 2022, 980.0, 99000.0, "十四五"),
    ]
    names = [name for name, *_ in star.execute("DESCRIBE city_year").fetchall()]
    codes = {row[0] for row in star.execute("SELECT code FROM dim_indicator WHERE catalogued").fetchall()}
    suffixes = ("_urban", "_rural", "_districts", "_counties")
    stems = {
        name if name in codes else name.removesuffix(next((s for s in suffixes if name.endswith(s)), ""))
        for name in names
    }
    assert len(stems & codes) == 20


def test_the_latest_release_has_an_age(star: duckdb.DuckDBPyConnection) -> None:
    assert star.execute("SELECT age_days > 0, facts FROM latest_release").fetchall() == [(True, 9)]


def test_what_was_known_then(tmp_path: Path) -> None:
    april, june = datetime(2022, 4, 1, 9, tzinfo=UTC), datetime(2022, 6, 1, 9, tzinfo=UTC)
    address = {"url": "http://mzj.example/1.html"}
    Inputs(
        pages=[
            page("v1", fetched_at=april, **address),
            page("v2", fetched_at=june, **address),
            page("news", kind="news", fetched_at=datetime(2022, 5, 1, tzinfo=UTC)),
        ],
        observations=[
            observation("1", "v1", "870元", 870.0, **STANDARD),
            observation("2", "v2", "880元", 880.0, **STANDARD),
            observation("3", "news", "860元", 860.0, **STANDARD),
        ],
    ).build(tmp_path / "star.duckdb")

    def known(day: date) -> list[Any]:
        with connections.read(tmp_path / "star.duckdb") as connection:
            return connection.execute(
                "SELECT value, conflict, observations FROM indicator_values_as_of($day)", {"day": day}
            ).fetchall()

    assert known(date(2022, 3, 31)) == []
    assert known(date(2022, 4, 1)) == [(870.0, False, 1)]
    assert known(date(2022, 5, 31)) == [(870.0, True, 2)]
    assert known(date(2022, 6, 1)) == [(880.0, True, 2)]


def test_today_is_what_is_published(star: duckdb.DuckDBPyConnection) -> None:
    today = "indicator_values_as_of(DATE '9999-12-31')"
    assert star.execute(_SAME_AS_PUBLISHED.format("indicator_values", today)).fetchall() == []
    assert star.execute(_SAME_AS_PUBLISHED.format(today, "indicator_values")).fetchall() == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a1", "a2", "b1", "c1"]),
            st.sampled_from([("9.76万人", 97600.0), ("9.8万人", 98000.0), ("97613人", 97613.0), ("8人", 8.0)]),
            st.sampled_from(["exact", "approx", "ge", "le"]),
            st.sampled_from(["annual", "partial"]),
        ),
        max_size=8,
    )
)
def test_the_choice_in_sql_is_the_choice_of_the_core(tmp_path: Path, rows: list[Any]) -> None:
    pages = [
        page("a1", url="http://a", fetched_at=datetime(2022, 1, 1, tzinfo=UTC)),
        page("a2", url="http://a"),
        page("b1", kind="half_year", published_on=date(2021, 7, 1)),
        page("c1", kind="news", published_on=None),
    ]
    made = [
        observation(f"{at:x}", key, *printed, qualifier=qualifier, period=period)
        for at, (key, printed, qualifier, period) in enumerate(rows)
    ]
    Inputs(pages, made).build(tmp_path / "star.duckdb")
    with connections.read(tmp_path / "star.duckdb") as connection:
        today = "indicator_values_as_of(DATE '9999-12-31')"
        assert connection.execute(_SAME_AS_PUBLISHED.format("indicator_values", today)).fetchall() == []
        assert connection.execute(_SAME_AS_PUBLISHED.format(today, "indicator_values")).fetchall() == []


def test_every_view_is_answered_where_the_file_is_attached_under_another_name(tmp_path: Path) -> None:
    STORY.build(tmp_path / "star.duckdb")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{tmp_path / 'star.duckdb'}' AS other (READ_ONLY)")
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE database_name = 'other'").fetchall()
        assert len(views) > 10
        for (view,) in views:
            connection.execute(f'SELECT * FROM other."{view}" LIMIT 1').fetchall()
        then = "since <= DATE '2023-04-01' AND (until IS NULL OR until > DATE '2023-04-01')"
        known = connection.execute(f"SELECT count(*) FROM other.indicator_values_history WHERE {then}").fetchall()
        assert known == connection.execute("SELECT count(*) FROM other.fact_indicator").fetchall()

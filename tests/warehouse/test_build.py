"""The star in its file: the data contract, its comments, the facts of a small story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from made_star import BUILT, STORY, observation

from warehouse import connections
from warehouse.build import Release, build
from warehouse.star import plan_period
from warehouse.verify import verify


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("star") / "star.duckdb"
    STORY.build(path)
    with connections.read(path) as connection:
        yield connection


#: What architecture.md promises to those who write queries.
CONTRACT = {
    "dim_city": "city_key city_code name short_name level province valid_from valid_to",
    "dim_year": "year_key year plan_period",
    "dim_indicator": "indicator_key code name_zh name_en domain unit per kind additive catalogued definition",
    "dim_bulletin": "bulletin_key url title publisher published_on fetched_at snapshot_sha256 kind",
    "fact_indicator": "city_key year_key indicator_key area status measure period value value_high unit qualifier "
    "observation_key observations conflict",
    "fact_observation": "observation_key bulletin_key span_start span_end printed value value_high unit per qualifier "
    "measure status year period place area indicator label sentence valid known_from known_to reader_version",
    "number_ledger": "bulletin_key span_start span_end printed class reason",
    "quarantine": "observation_key rule detail",
    "conflict": "cell_key observation_key rival_observation_key value rival_value difference rule",
    "release": "release_id built_at data_as_of code_version content_sha256 facts observations quarantined conflicts",
    "release_input": "release_id input sha256",
    "indicator_values": "city indicator_zh indicator_en year value unit url sentence",
}


@pytest.mark.parametrize(("table", "columns"), CONTRACT.items())
def test_the_data_contract_is_kept(star: duckdb.DuckDBPyConnection, table: str, columns: str) -> None:
    found = {name for name, *_ in star.execute(f"DESCRIBE {table}").fetchall()}
    assert set(columns.split()) <= found


def test_every_table_view_and_column_is_explained_in_chinese_and_english(star: duckdb.DuckDBPyConnection) -> None:
    comments = star.execute(
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL"
        " SELECT view_name, comment FROM duckdb_views() WHERE NOT internal UNION ALL"
        " SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    assert len(comments) > 150
    for name, comment in comments:
        chinese, _, english = (comment or "").partition(" | ")
        assert any("一" <= letter <= "鿿" for letter in chinese), name
        assert not any("一" <= letter <= "鿿" for letter in english), name
        assert len(english) > 2, name


def test_bi_reads_plain_types_only(star: duckdb.DuckDBPyConnection) -> None:
    types = {
        row[0] for row in star.execute("SELECT DISTINCT data_type FROM duckdb_columns() WHERE NOT internal").fetchall()
    }
    assert types <= {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"}


def test_a_published_value_leads_back_to_its_sentence(star: duckdb.DuckDBPyConnection) -> None:
    rows = star.sql(
        "SELECT city, year, value, unit_zh, conflict, printed, url FROM indicator_values"
        " WHERE indicator_code = 'dibao_standard' AND status = 'actual' ORDER BY year"
    ).pl()
    assert rows.rows() == [
        ("成都市", 2021, 870.0, "元", True, "870元", "http://mzj.example/annual.html"),
        ("成都市", 2022, 980.0, "元", False, "980元", "http://mzj.example/next.html"),
    ]


def test_open_indicators_are_in_the_star_under_their_label(star: duckdb.DuckDBPyConnection) -> None:
    row = star.execute(
        "SELECT name_zh, unit, catalogued, additive FROM dim_indicator WHERE indicator_key = 'open:村级慈善工作站:item'"
    ).fetchall()
    assert row == [("村级慈善工作站", "item", False, "none")]
    assert star.execute("SELECT value FROM indicator_values WHERE NOT catalogued").fetchall() == [(36.0,)]


def test_a_quarantined_observation_is_kept_with_its_rule_and_not_published(star: duckdb.DuckDBPyConnection) -> None:
    row = star.execute(
        "SELECT valid, outcome, rule, detail FROM fact_observation JOIN quarantine USING (observation_key)"
    ).fetchall()
    assert row == [(False, "quarantined", "share_within_100", "火化率不超过 100%，实为 103%")]
    assert star.execute("SELECT count(*) FROM fact_indicator WHERE value = 103").fetchall() == [(0,)]


def test_a_figure_of_2008_belongs_to_the_district_of_2008_and_maps_on_to_today(star: duckdb.DuckDBPyConnection) -> None:
    row = star.execute(
        "SELECT city.name, city.valid_to, today.today_name, city.province FROM fact_indicator"
        " JOIN dim_city AS city USING (city_key) JOIN place_as_of_today AS today USING (city_key) WHERE year_key = 2008"
    ).fetchall()
    assert row == [("崇文区", 2009, "东城区", "北京市")]


def test_variants_are_named_in_the_dimension(star: duckdb.DuckDBPyConnection) -> None:
    name = star.execute("SELECT name_zh FROM dim_indicator WHERE indicator_key = 'tekun_standard:central'").fetchall()
    assert name == [("特困人员基本生活标准（集中供养）",)]


def test_the_release_counts_what_is_in_the_file(star: duckdb.DuckDBPyConnection) -> None:
    counts = star.execute(
        "SELECT bulletins, observations, quarantined, facts, facts_catalogued, conflicts, cities FROM release"
    ).fetchall()
    assert counts == [(6, 11, 1, 8, 7, 1, 2)]


def test_the_same_inputs_give_the_same_content(tmp_path: Path) -> None:
    first = STORY._build(tmp_path / "a.duckdb", BUILT, None)
    shuffled = STORY.but(observations=STORY.observations[::-1], pages=STORY.pages[::-1])
    second = shuffled.build(tmp_path / "b.duckdb", built_at=BUILT + timedelta(days=1))
    assert first.content_sha256 == second.content_sha256
    assert first.release_id != second.release_id
    other = STORY.but(observations=STORY.observations[1:]).build(tmp_path / "c.duckdb")
    assert other.content_sha256 != first.content_sha256


def test_flags_join_their_observations(tmp_path: Path) -> None:
    flags = pl.DataFrame({"observation_key": ["1"], "rule": ["jump"], "detail": ["与邻近年份相差 3 倍"]})
    build(tmp_path / "x.duckdb", **STORY.frames(), release=Release("0", "r"), flags=flags)  # type: ignore[arg-type]
    with connections.read(tmp_path / "x.duckdb") as connection:
        joined = "SELECT printed, rule, flag.detail FROM fact_observation JOIN flag USING (observation_key)"
        assert connection.execute(joined).fetchall() == [("9.76万人", "jump", "与邻近年份相差 3 倍")]


def test_an_observation_that_is_neither_valid_nor_quarantined_is_refused(tmp_path: Path) -> None:
    frames = STORY.frames()
    frames["quarantine"] = frames["quarantine"].clear()  # type: ignore[union-attr]
    with pytest.raises(ValueError, match=r"1 observations are neither resolved nor quarantined, among them \['a'\]"):
        build(tmp_path / "x.duckdb", **frames, release=Release("0", "r"))  # type: ignore[arg-type]
    assert not (tmp_path / "x.duckdb").exists()


def test_a_place_that_the_catalogue_does_not_know_is_in_the_star_under_its_name(tmp_path: Path) -> None:
    made = STORY.but(
        observations=[*STORY.observations, observation("c", "annual", "5人", 5.0, place="天府新区", place_code=None)]
    )
    made.build(tmp_path / "star.duckdb")
    with connections.read(tmp_path / "star.duckdb") as connection:
        found = connection.execute(
            "SELECT city_code, city, city_level FROM indicator_values WHERE value = 5"
        ).fetchall()
    assert found == [(None, "天府新区", "other")]
    assert verify(tmp_path / "star.duckdb") == []


def test_an_empty_lake_gives_an_empty_and_whole_star(tmp_path: Path) -> None:
    STORY.but(pages=[], observations=[], quarantined={}).build(tmp_path / "star.duckdb")
    assert verify(tmp_path / "star.duckdb") == []


def test_two_numbers_that_are_hidden_at_one_place_are_no_fault_and_two_that_are_printed_there_are(
    tmp_path: Path,
) -> None:
    def built(name: str, start: int, end: int) -> Path:
        frames = STORY.frames()
        ledger = frames["ledger"]
        assert isinstance(ledger, pl.DataFrame)
        spans = [pl.lit(start, pl.Int32).alias("start"), pl.lit(end, pl.Int32).alias("end")]
        frames["ledger"] = pl.concat([ledger, *[ledger.head(1).with_columns(*spans)] * 2])
        build(tmp_path / name, **frames, release=Release("0", "r"))  # type: ignore[arg-type]
        return tmp_path / name

    assert verify(built("hidden.duckdb", 900, 900)) == []
    assert verify(built("printed.duckdb", 900, 904)) == [
        "number_ledger: 1 values of (bulletin_key, span_start, span_end) stand more than once"
    ]


@pytest.mark.parametrize(
    ("year", "plan"),
    [(1955, "一五"), (1964, "调整时期"), (1990, "七五"), (2003, "十五"), (2021, "十四五"), (2026, "十五五")],
)
def test_five_year_plans(year: int, plan: str) -> None:
    assert plan_period(year) == plan

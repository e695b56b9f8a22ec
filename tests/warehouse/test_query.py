"""The read side of the command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import connections, query
from warehouse.connections import WarehouseError


@pytest.mark.parametrize("place", ["成都市", "成都", "510100"])
@pytest.mark.parametrize("indicator", ["dibao_standard", "最低生活保障标准"])
def test_explain_shows_each_observation_with_its_sentence_and_address(
    published: Path, place: str, indicator: str
) -> None:
    told = query.explain(published, place, indicator, 2021)
    assert told.select("standard_value", "outcome", "conflict", "rule_en", "url").rows() == [
        (870.0, "published", False, None, "http://mzj.example/annual.html"),
        (850.0, "source_kind", True, told["rule_en"][1], "http://news.example/1.html"),
    ]
    assert told["sentence"].to_list() == ["2021年，全市保障低保对象870元。", "2021年，全市保障低保对象850元。"]
    assert told["rule_en"][1].startswith("annual bulletins")


def test_explain_covers_targets_open_indicators_and_the_quarantined(published: Path) -> None:
    assert query.explain(published, "成都", "dibao_standard")["status"].to_list() == [
        "actual",
        "actual",
        "actual",
        "target",
    ]
    assert query.explain(published, "成都", "村级慈善工作站")["standard_value"].to_list() == [36.0]
    held = query.explain(published, "成都", "cremation_rate", 2022)
    assert held.select("outcome", "rules_broken").row(0) == (
        "quarantined",
        "share_within_100: 火化率不超过 100%，实为 103%",
    )
    assert query.explain(published, "成都", "dibao_standard", 1999).is_empty()


def test_explain_says_what_is_not_there(published: Path, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="nothing on «拉萨市»; `minzheng places` lists its places"):
        query.explain(published, "拉萨市", "dibao_standard")
    with pytest.raises(WarehouseError, match=r"no indicator «dibao_standards» .* nearest are dibao_standard "):
        query.explain(published, "成都市", "dibao_standards")
    with pytest.raises(WarehouseError, match=r"no warehouse at .* make one with `minzheng run`"):
        query.explain(tmp_path / "none.duckdb", "成都市", "dibao_standard")
    with pytest.raises(WarehouseError, match=r"no table or view «facts» .* fact_indicator"):
        query.table(published, "facts")


def test_conflicts_have_both_sides(published: Path) -> None:
    row = query.conflicts(published).row(0, named=True)
    assert (row["city"], row["year"], row["value"], row["rival_value"], row["difference"]) == (
        "成都市",
        2021,
        870.0,
        850.0,
        -20.0,
    )
    assert (row["url"], row["rival_url"]) == ("http://mzj.example/annual.html", "http://news.example/1.html")


def test_summary_and_status_count(published: Path) -> None:
    assert query.summary(published)["facts"] == 8
    status = query.status(published)
    assert status.select("city", "bulletins", "observations", "quarantined", "facts", "in_conflict").rows() == [
        ("北京市崇文区", 1, 1, 0, 1, 0),
        ("成都市", 5, 10, 1, 7, 1),
    ]


def test_what_is_held_back_is_counted_in_page_versions_in_force(published: Path) -> None:
    observations = query.table(published, "fact_observation").filter(pl.col("known_to").is_null())
    held, all_of_them = query.held_back(published)
    assert 0 < held < all_of_them
    assert (held, all_of_them) == (observations.filter(~pl.col("valid")).height, observations.height)


def test_a_file_held_for_writing_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "held.duckdb"
    with duckdb.connect(path), pytest.raises(WarehouseError, match=r"held.duckdb cannot be opened"):
        query.summary(path)


def test_asking_holds_no_lock(published: Path) -> None:
    query.summary(published)
    with duckdb.connect(published, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM indicator_values").fetchall() == [(8,)]


def test_a_file_that_another_program_holds_for_writing_is_read_all_the_same(published: Path, tmp_path: Path) -> None:
    held = tmp_path / "held.duckdb"
    shutil.copyfile(published, held)
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); c.execute('SELECT 1'); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", code, str(held)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with connections.read(held) as connection:
            assert connection.execute("SELECT count(*) > 0 FROM release").fetchone() == (True,)
        holder.kill()

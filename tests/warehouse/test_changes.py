"""What a release changes, and why: every cause from a real pair of releases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from made_star import BUILT, STANDARD, STORY, Inputs, observation, page

from warehouse import query
from warehouse.connections import WarehouseError

FIRST = Inputs(
    pages=[page("a"), page("b", source_id="other", kind="news")],
    observations=[
        observation("1", "a", "9.76万人", 97600.0),
        observation("2", "a", "870元", 870.0, **STANDARD),
        observation("3", "b", "6万户", 60000.0, indicator="dibao_households", unit="household", label="低保户"),
    ],
)
REVISED_PAGE = page("a2", url=FIRST.pages[0]["url"], fetched_at=datetime(2023, 5, 1, tzinfo=UTC))
PERSONS, STANDARDS, HOUSEHOLDS = FIRST.observations


@pytest.mark.parametrize(
    ("second", "changes"),
    [
        (FIRST, []),
        (
            FIRST.but(observations=[*FIRST.observations, observation("4", "a", "8人", 8.0, year=2020)]),
            [("added", None, 8.0, "read_anew")],
        ),
        (
            FIRST.but(
                pages=[*FIRST.pages, page("c")],
                observations=[*FIRST.observations, observation("4", "c", "8人", 8.0, year=2020)],
            ),
            [("added", None, 8.0, "new_page")],
        ),
        (
            FIRST.but(
                pages=[*FIRST.pages, REVISED_PAGE],
                observations=[*FIRST.observations, observation("4", "a2", "9.77万人", 97700.0)],
            ),
            [("removed", 870.0, None, "new_version"), ("revised", 97600.0, 97700.0, "new_version")],
        ),
        (FIRST.but(quarantined={"1": ("rule", "why")}), [("removed", 97600.0, None, "quarantined")]),
        (FIRST.but(observations=[PERSONS, HOUSEHOLDS]), [("removed", 870.0, None, "read_anew")]),
        (
            FIRST.but(pages=FIRST.pages[:1], observations=FIRST.observations[:2]),
            [("removed", 60000.0, None, "source_removed")],
        ),
        (
            FIRST.but(pages=[page("a"), page("d", source_id="other")], observations=FIRST.observations[:2]),
            [("removed", 60000.0, None, "page_gone")],
        ),
        (
            FIRST.but(observations=[PERSONS | {"value": 97500.0, "text": "9.75万人"}, STANDARDS, HOUSEHOLDS]),
            [("revised", 97600.0, 97500.0, "read_anew")],
        ),
        (
            FIRST.but(observations=[*FIRST.observations, observation("4", "b", "850元", 850.0, **STANDARD)]),
            [("reflagged", 870.0, 870.0, "rivals_changed")],
        ),
        (
            FIRST.but(
                pages=[*FIRST.pages, page("t", kind="table", published_on=datetime(2023, 2, 1).date())],
                observations=[*FIRST.observations, observation("4", "t", "97613人", 97613.0)],
            ),
            [("revised", 97600.0, 97613.0, "passed_over")],
        ),
    ],
)
def test_every_change_is_listed_with_its_cause(
    tmp_path: Path, second: Inputs, changes: list[tuple[str, float | None, float | None, str]]
) -> None:
    before, after = tmp_path / "before.duckdb", tmp_path / "after.duckdb"
    FIRST.build(before)
    second.build(after, built_at=BUILT + timedelta(days=1), previous=before)
    shown = ["change", "old_value", "new_value", "cause"]
    assert sorted(query.table(after, "release_change").select(shown).rows()) == sorted(changes)
    # Of two files alone nobody knows which sources were listed.
    told = [(*row[:3], "page_gone" if row[3] == "source_removed" else row[3]) for row in changes]
    assert sorted(query.diff(before, after).select(shown).rows()) == sorted(told)


def test_history_is_carried_from_release_to_release(tmp_path: Path) -> None:
    previous = None
    for day, count in enumerate((9, 11, 10)):
        path = tmp_path / f"{day}.duckdb"
        STORY.but(observations=STORY.observations[:count], quarantined={}).build(
            path, built_at=BUILT + timedelta(days=day), previous=previous
        )
        previous = path
    history = query.table(path, "release").sort("built_at")
    assert history.select("facts", "added", "removed").rows() == [(7, 0, 0), (9, 2, 0), (8, 0, 1)]
    assert history["previous_release_id"].to_list() == [None, *history["release_id"][:2]]
    changes = query.table(path, "release_change").group_by("release_id").len()
    assert dict(changes.iter_rows()) == {history["release_id"][1]: 2, history["release_id"][2]: 1}
    assert query.summary(path)["release_id"] == history["release_id"][2]
    assert query.table(path, "release_input").height == 3


def test_the_names_of_a_removed_cell_come_from_the_release_before(tmp_path: Path) -> None:
    before, after = tmp_path / "before.duckdb", tmp_path / "after.duckdb"
    FIRST.build(before)
    FIRST.but(observations=[PERSONS, HOUSEHOLDS]).build(after)
    told = query.diff(before, after).select("city", "year", "indicator_zh", "area", "url")
    assert told.rows() == [("成都市", 2021, "最低生活保障标准", "districts", "http://mzj.example/a.html")]
    assert query.diff(after, before)["change"].to_list() == ["added"]


def test_a_previous_file_with_other_tables_is_told(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "old.duckdb") as connection:
        connection.execute("CREATE TABLE fact_indicator (value DOUBLE)")
    with pytest.raises(WarehouseError, match=r"old.duckdb has other tables than this code .* move it aside"):
        FIRST.build(tmp_path / "new.duckdb", previous=tmp_path / "old.duckdb")


def test_a_column_that_newer_code_added_is_empty_in_older_releases(tmp_path: Path) -> None:
    before, after = tmp_path / "before.duckdb", tmp_path / "after.duckdb"
    FIRST.build(before)
    with duckdb.connect(before) as connection:
        connection.execute("ALTER TABLE release DROP COLUMN previous_release_id")
    FIRST.build(after, built_at=BUILT + timedelta(days=1), previous=before)
    assert query.table(after, "release").height == 2

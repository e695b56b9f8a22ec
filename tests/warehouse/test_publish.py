"""Publishing happens or does not: readers see one whole release, damage is named, the shelf stays tidy."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from made_star import BUILT, STORY, Inputs, observation, page

from warehouse import query
from warehouse.build import Release, build
from warehouse.connections import WarehouseError
from warehouse.publish import ReleaseRefused, publish, releases, rollback, served, verify_releases
from warehouse.verify import verify, verify_in_fresh_process

pytestmark = pytest.mark.usefixtures("verified_here")


def release(target: Path, inputs: Inputs, day: int, **options: bool | int) -> str:
    """Build on what is served and publish."""
    staging = target.with_name("staging.duckdb")
    inputs.build(staging, built_at=BUILT + timedelta(days=day), previous=target if target.exists() else None)
    return publish(staging, target, **options).release_id  # type: ignore[arg-type]


def revised(persons: float) -> Inputs:
    """The story with another number of dibao recipients."""
    first = observation("1", "annual", f"{persons:.0f}人", persons)
    return STORY.but(observations=[first, *STORY.observations[1:]])


def test_publishing_leaves_one_read_only_file_its_copy_and_its_record(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    release_id = release(target, STORY, 0)
    assert served(target) == release_id
    assert [record.release_id for record in releases(target)] == [release_id]
    assert target.stat().st_mode & 0o777 == 0o444
    assert sorted(path.name for path in tmp_path.iterdir()) == [".publish.lock", "releases", "warehouse.duckdb"]
    assert verify_releases(target) == []


def test_the_shelf_keeps_the_newest_and_only_one_of_equal_content(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    ids = [release(target, revised(97600.0 + day // 2), day, keep=2) for day in range(6)]
    kept = [record.release_id for record in releases(target)]
    assert kept == [ids[5], ids[3]]
    assert sorted(path.stem for path in (tmp_path / "releases").glob("*.duckdb")) == sorted(kept)
    assert query.table(target, "release").height == 6


def test_rolling_back_serves_an_older_release_and_names_what_there_is(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    first, second = release(target, STORY, 0), release(target, revised(97700.0), 1)
    assert rollback(target, first).release_id == served(target) == first
    assert [record.release_id for record in releases(target)] == [second, first]
    with pytest.raises(WarehouseError, match=f"no release 1999 .* kept are: {second}, {first}"):
        rollback(target, "1999")
    assert verify_releases(target) == []


def test_a_damaged_staging_file_is_not_published(tmp_path: Path) -> None:
    target, staging = tmp_path / "warehouse.duckdb", tmp_path / "staging.duckdb"
    first = release(target, STORY, 0)
    STORY.build(staging)
    staging.write_bytes(staging.read_bytes()[:-300_000])
    with pytest.raises(ReleaseRefused, match="is not whole"):
        publish(staging, target)
    assert served(target) == first


def test_one_flipped_byte_and_a_truncated_file_are_found_and_named(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    first, second = release(target, STORY, 0), release(target, revised(97700.0), 1)
    flipped, truncated = (tmp_path / "releases" / f"{release_id}.duckdb" for release_id in (first, second))
    for path in (flipped, truncated):
        path.chmod(0o644)
    data = bytearray(flipped.read_bytes())
    data[len(data) // 2] ^= 1
    flipped.write_bytes(data)
    truncated.write_bytes(truncated.read_bytes()[: truncated.stat().st_size // 2])
    faults = verify_releases(target)
    assert any(fault.startswith(f"{flipped}: its bytes are not those") for fault in faults)
    assert any(fault.startswith(f"{truncated}: its bytes are not those") for fault in faults)
    assert not any(fault.startswith(f"{target}:") for fault in faults)
    with pytest.raises(WarehouseError, match="is damaged"):
        rollback(target, first)


@pytest.mark.parametrize("column", ["facts", "conflicts", "observations"])
def test_a_count_that_does_not_add_up_is_found(built: Path, column: str) -> None:
    with duckdb.connect(built) as connection:
        connection.execute(f"UPDATE release SET {column} = {column} + 1")
    assert any(fault.startswith(f"release.{column} says") for fault in verify_in_fresh_process(built))


def test_doubled_keys_and_keys_that_point_nowhere_are_found(built: Path) -> None:
    with duckdb.connect(built) as connection:
        connection.execute("INSERT INTO fact_indicator SELECT * FROM fact_indicator LIMIT 1")
        connection.execute("UPDATE fact_observation SET bulletin_key = 'lost' WHERE observation_key = '1'")
    faults = verify(built)
    assert "fact_indicator: 1 values of (cell_key) stand more than once" in faults
    assert "fact_observation.bulletin_key: 1 rows point to nothing in dim_bulletin" in faults


def many(places: int) -> Inputs:
    """Twelve figures each of some counties, every county from a source of its own."""
    codes = ("510104", "510105", "510106", "510107", "510108")[:places]
    pages = [page(code, source_id=code, place_code=code, place=code) for code in codes]
    rows = [
        observation(f"{at:x}{step:x}", code, f"{step}人", float(step), place_code=code, place=code, year=2000 + step)
        for at, code in enumerate(codes)
        for step in range(1, 13)
    ]
    return Inputs(pages, rows)


def test_a_release_in_which_facts_vanish_is_refused_with_the_reason_until_it_is_accepted(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    first = release(target, many(5), 0)
    whole = many(5)
    lost = whole.but(observations=[row for row in whole.observations if row["place_code"] != "510104"])
    with pytest.raises(ReleaseRefused) as refusal:
        release(target, lost, 1)
    message = str(refusal.value)
    assert "12 of 60 catalogued values: 12 read_anew" in message
    assert "all 12 catalogued values of place 510104" in message
    assert "minzheng releases accept" in message
    assert served(target) == first
    second = publish(target.with_name("staging.duckdb"), target, accept_removals=True)
    assert served(target) == second.release_id


def test_facts_of_a_source_that_was_taken_from_the_list_may_go(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    release(target, many(5), 0)
    second = release(target, many(4), 1)
    assert served(target) == second
    changes = query.table(target, "release_change")
    assert changes["cause"].unique().to_list() == ["source_removed"]
    assert changes.height == 12


def test_facts_of_a_listed_source_whose_pages_are_lost_may_not_go(tmp_path: Path) -> None:
    target, staging = tmp_path / "warehouse.duckdb", tmp_path / "staging.duckdb"
    first = release(target, many(5), 0)
    frames = many(4).frames()
    for sources in ({"510104", "510105", "510106", "510107", "510108"}, None):
        build(staging, **frames, release=Release("0", "r", sources=sources), previous=target)  # type: ignore[arg-type]
        with pytest.raises(ReleaseRefused, match="12 of 60 catalogued values: 12 page_gone"):
            publish(staging, target)
    assert served(target) == first


def test_a_damaged_published_file_can_be_rolled_back(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    first = release(target, STORY, 0)
    target.chmod(0o644)
    target.write_bytes(target.read_bytes()[:5000])
    assert served(target) is None
    assert [record.release_id for record in releases(target)] == [first]
    assert len(verify_releases(target)) == 1
    rollback(target, first)
    assert (served(target), verify_releases(target)) == (first, [])


def test_a_few_vanishing_facts_are_published_and_told(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    whole = many(5)
    release(target, whole, 0)
    release(target, whole.but(observations=whole.observations[3:]), 1)
    assert query.summary(target)["removed"] == 3


def test_a_known_value_must_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goldens = tmp_path / "goldens.csv"
    cell = "510100|2021|dibao_standard|districts|actual|level|annual|CNY|month"
    goldens.write_text(
        f"url,cell_key,value\nhttp://mzj.example/annual.html,{cell},870\nhttp://x.example,none,1\n", "utf-8"
    )
    monkeypatch.setattr("warehouse.guard.GOLDENS", goldens)
    target = tmp_path / "warehouse.duckdb"
    first = release(target, STORY, 0)
    wrong = observation(
        "2", "annual", "780元", 780.0, indicator="dibao_standard", unit="CNY", per="month", area="districts"
    )
    with pytest.raises(ReleaseRefused, match=r"known value .*districts.* = 870 is 780"):
        release(target, STORY.but(observations=[wrong, *STORY.observations[3:]]), 1)
    assert served(target) == first


def test_a_log_that_a_foreign_writer_left_does_not_meet_the_new_file(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    release(target, STORY, 0)
    target.with_name("warehouse.duckdb.wal").write_bytes(b"left behind")
    second = release(target, revised(97700.0), 1)
    assert served(target) == second
    assert not target.with_name("warehouse.duckdb.wal").exists()


def test_what_a_dead_publisher_left_is_removed_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    first = release(target, STORY, 0)
    shelf = tmp_path / "releases"
    for name in ("unfinished.duckdb.part", "unpublished.duckdb", "x.json.part"):
        shutil.copyfile(target, shelf / name)
    (shelf / f"{first}.json").unlink()
    second = release(target, revised(97700.0), 1)
    assert sorted(path.name for path in shelf.iterdir()) == sorted(
        f"{release_id}{suffix}" for release_id in (first, second) for suffix in (".duckdb", ".json")
    )
    assert verify_releases(target) == []

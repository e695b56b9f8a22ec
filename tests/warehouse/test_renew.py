"""A star made from the one before it holds what one built anew would hold, and is made so only where that is safe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from environments import told_by
from made_star import BUILT, STORY, Inputs, observation, page

from warehouse import renew
from warehouse.build import BuildReport, Release, build
from warehouse.verify import verify

CHANGES: dict[str, Callable[[], Inputs]] = {
    "nothing": lambda: STORY,
    "a value": lambda: STORY.but(
        observations=[observation("1", "annual", "9.8万人", 98000.0), *STORY.observations[1:]]
    ),
    "a page more": lambda: STORY.but(
        pages=[*STORY.pages, page("more", place="南京市", place_code="320100", source_id="nanjing")],
        observations=[
            *STORY.observations,
            observation("c", "more", "4.1万人", 41000.0, place="南京市", place_code="320100"),
            observation("d", "more", "8个", 8.0, indicator="", unit="item", label="社工站"),
        ],
    ),
    "a new version of a page": lambda: STORY.but(
        pages=[*STORY.pages, page("annual2", url="http://mzj.example/annual.html", fetched_at=BUILT)],
        observations=[*STORY.observations, observation("e", "annual2", "9.7万人", 97000.0)],
    ),
    "a page less": lambda: STORY.but(
        pages=[row for row in STORY.pages if row["bulletin_key"] != "news"],
        observations=[row for row in STORY.observations if row["bulletin_key"] != "news"],
    ),
    "another held back": lambda: STORY.but(quarantined=STORY.quarantined | {"7": ("between", "其值应在两者之间")}),
    "nothing is left": lambda: STORY.but(pages=[], observations=[], quarantined={}),
}


def made(inputs: Inputs, path: Path, previous: Path | None, days: float = 1, code: str = "1") -> BuildReport:
    listed = {row["source_id"] for row in STORY.pages} | {"nanjing"}
    release = Release(code, "reader", {"snapshots": "a" * 64}, built_at=BUILT + timedelta(days=days), sources=listed)
    return build(path, **inputs.frames(), release=release, previous=previous)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("renew") / "before.duckdb"
    made(STORY, path, None)
    return path


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were renewed so far."""
    paths: list[Path] = []
    copy = renew.copy

    def counted(previous: Path, path: Path) -> None:
        paths.append(path)
        copy(previous, path)

    monkeypatch.setattr(renew, "copy", counted)
    return paths


def rows(path: Path) -> dict[str, list[Any]]:
    with duckdb.connect(path, read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in names}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_renewed_star_holds_what_one_built_anew_holds(
    before: Path, copied: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    inputs = CHANGES[change]()
    renewed = made(inputs, tmp_path / "renewed.duckdb", before, days=1.1)
    assert copied == [renewed.path]
    monkeypatch.setattr(renew, "renewable", lambda *_: False)
    anew = made(inputs, tmp_path / "anew.duckdb", before, days=1.1)
    assert (renewed.content_sha256, renewed.rows) == (anew.content_sha256, anew.rows)
    assert rows(renewed.path) == rows(anew.path)
    assert verify(renewed.path) == []
    assert not renewed.path.with_name("renewed.duckdb.wal").exists()


def test_other_code_and_another_week_build_anew(before: Path, copied: list[Path], tmp_path: Path) -> None:
    made(STORY, tmp_path / "code.duckdb", before, code="2")
    made(STORY, tmp_path / "week.duckdb", before, days=8)
    assert copied == []


def test_where_most_changed_it_is_built_anew(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, copied: list[Path]
) -> None:
    monkeypatch.setattr(renew, "_FEW", 1)
    moved = [row | {"value": row["value"] + 1} for row in STORY.observations]
    report = made(STORY.but(observations=moved), tmp_path / "star.duckdb", before)
    assert copied == [report.path]  # it was tried
    assert report.rows["fact_observation"] == 11
    assert verify(report.path) == []


def test_a_table_that_does_not_hold_what_is_offered_is_built_anew(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = renew.exchange

    def forgetful(connection: duckdb.DuckDBPyConnection, table: str) -> None:
        exchange(connection, table)
        if table == "number_ledger":
            raise renew.BuildAnew("it does not add up")

    monkeypatch.setattr(renew, "exchange", forgetful)
    assert made(STORY, tmp_path / "star.duckdb", before).content_sha256 == made(
        STORY, tmp_path / "anew.duckdb", None
    ).content_sha256  # fmt: skip


def test_the_file_before_stays_as_it_is(before: Path, tmp_path: Path) -> None:
    bytes_before = before.read_bytes()
    made(CHANGES["a value"](), tmp_path / "star.duckdb", before)
    assert before.read_bytes() == bytes_before


@pytest.mark.slow
def test_the_oldest_client_opens_a_renewed_file(
    before: Path, tmp_path: Path, copied: list[Path], python_with: Callable[[str], Path]
) -> None:
    renewed = made(CHANGES["a page more"](), tmp_path / "renewed.duckdb", before, days=1.1)
    assert copied == [renewed.path]
    script = """
        import json, sys, duckdb
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            print(json.dumps(connection.execute("SELECT city, value FROM annual_values WHERE city = '南京市'").fetchall()))
    """
    assert told_by(python_with("duckdb-1.2"), script, renewed.path) == [["南京市", 41000.0]]

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from fetching import snapshots
from fetching.snapshots import MANIFEST, Retrieval, SnapshotError, SnapshotStore, frame_of

START = dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)


def row(number: int, *, day: int = 0, outcome: str = "NEW") -> Retrieval:
    moment = START + dt.timedelta(days=day, seconds=number)
    return Retrieval(f"run{day}-{number:06d}", moment, "a", f"http://a.example/{number}", "", "page", outcome)


def test_bytes_are_kept_once_and_come_back_as_they_were(store: SnapshotStore) -> None:
    raw = "低保标准每人每月940元".encode("gb18030") * 100
    sha256 = store.put(raw)
    assert sha256 == store.put(raw) == hashlib.sha256(raw).hexdigest()
    assert store.get(sha256) == raw
    (size,) = store.blobs().values()
    assert size < len(raw) / 10


def test_what_is_damaged_or_lost_is_an_error_that_names_the_file(store: SnapshotStore) -> None:
    sha256 = store.put(b"<html>" * 100)
    path = Path(store.blob_path(sha256))
    other = Path(store.blob_path(store.put(b"other")))
    for damage in (path.read_bytes()[:-3], b"junk", other.read_bytes()):
        path.write_bytes(damage)
        with pytest.raises(SnapshotError, match=path.name):
            store.get(sha256)
    assert store.put(b"<html>" * 100) == sha256, "what is fetched again heals what is damaged"
    assert store.get(sha256) == b"<html>" * 100
    path.unlink()
    with pytest.raises(SnapshotError, match="is missing"):
        store.get(sha256)


@pytest.mark.parametrize("root", ["folder", "memory://lake"])
def test_the_manifest_keeps_every_row_in_order_of_time(root: str, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / root if root == "folder" else f"{root}-{tmp_path.name}")
    assert store.manifest().is_empty()
    for day in (31, 0, 1):
        store.append([row(number, day=day) for number in (2, 1)])
    store.append([])
    before = store.manifest()
    assert before.get_column("retrieved_at").is_sorted()
    assert before.height == 6
    store.compact()
    assert store.manifest().equals(before)
    store.compact()
    assert store.manifest(["url"], where=pl.col("retrieved_at") > START + dt.timedelta(days=2)).height == 2


def test_months_that_are_over_are_joined_whole(
    store: SnapshotStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_ROWS_JOINED", 3)
    monkeypatch.setattr(snapshots, "_SMALL_SEGMENT", 1)
    for day in (0, 1, 2, 40):
        store.append([row(number, day=day) for number in range(4)])
    before = store.manifest()
    store.compact()
    assert store.manifest().equals(before)
    names = sorted(path.parent.name + path.name[:6] for path in tmp_path.rglob("*.parquet"))
    assert set(names) == {"2026-03month-", "2026-04202604"}
    assert 2 <= names.count("2026-03month-") <= 4, "by shares of the addresses"
    store.append([row(9, day=3)])  # brought from another archive
    store.compact()
    assert store.manifest().height == before.height + 1
    assert {path.name[:6] for path in tmp_path.rglob("2026-03/*")} == {"month-"}


def test_a_compaction_that_was_cut_short_doubles_nothing(store: SnapshotStore, tmp_path: Path) -> None:
    store.append([row(1)])
    store.append([row(2)])
    segments = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    store.compact()
    for path, content in segments.items():  # as if the process had died before it removed them
        path.write_bytes(content)
    assert store.manifest().height == 2
    store.compact()
    assert store.manifest().height == 2
    assert len(list(tmp_path.rglob("*.parquet"))) == 1


def test_a_reader_is_not_disturbed_by_compactions(store: SnapshotStore) -> None:
    stop = threading.Event()

    def compact() -> None:
        while not stop.is_set():
            store.compact()

    with ThreadPoolExecutor(2) as compacting:
        compactions = [compacting.submit(compact) for _ in range(2)]
        try:
            for number in range(60):
                store.append([row(number)])
                assert store.manifest(["url"]).height == number + 1
        finally:
            stop.set()
    assert [done.exception() for done in compactions] == [None, None]
    assert store.manifest().height == 60


def test_rows_of_an_older_schema_are_read(store: SnapshotStore, tmp_path: Path) -> None:
    store.append([row(1)])
    (segment,) = tmp_path.rglob("*.parquet")
    pl.read_parquet(segment).drop("tls").with_columns(forgotten=pl.lit(1)).write_parquet(segment)
    store.append([row(2)])
    assert store.manifest().schema == pl.Schema(MANIFEST)
    assert store.manifest(["tls"]).to_series().to_list() == [None, ""]


def test_an_unfinished_file_is_no_file(store: SnapshotStore, tmp_path: Path) -> None:
    sha256 = store.put(b"whole")
    store.append([row(1)])
    for path in list(tmp_path.rglob("*.*")):
        if path.is_file():
            path.with_name(f".{path.name}.0a1b").write_bytes(b"torn")
    assert set(store.blobs()) == {sha256}
    assert store.manifest().height == 1


def test_rows_fit_the_schema() -> None:
    assert frame_of([row(1)]).schema == pl.Schema(MANIFEST)
    assert frame_of([]).schema == pl.Schema(MANIFEST)


def test_what_can_be_made_again_is_kept_beside(store: SnapshotStore) -> None:
    schema = {"key": pl.String(), "text": pl.String()}
    assert store.derived("texts", schema).is_empty()
    store.add_derived("texts", pl.DataFrame({"key": ["a"], "text": ["x"]}))
    store.add_derived("texts", pl.DataFrame({"key": ["b"], "text": ["y"]}))
    assert sorted(store.derived("texts", schema).get_column("key")) == ["a", "b"]
    assert store.manifest().is_empty()

import datetime as dt
import os
from pathlib import Path

from assets.home import Home
from assets.housekeeping import NIGHTS_KEPT, OLD_READINGS, tidy
from fetching.snapshots import SnapshotStore

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def made(path: Path, days_ago: float, size: int = 10) -> Path:
    """A file that was last written so long before NOW, its folders too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    when = (NOW - dt.timedelta(days=days_ago)).timestamp()
    for touched in (path, path.parent):
        os.utime(touched, (when, when))
    return path


def test_readings_of_other_readers_go_after_two_weeks_and_the_current_ones_stay(tmp_path):
    home = Home(tmp_path)
    current = made(home.readings("now", "510100") / "pages.parquet", 400)
    recent = made(home.readings("last", "510100") / "pages.parquet", OLD_READINGS.days - 1)
    old = made(home.readings("old", "510100") / "pages.parquet", OLD_READINGS.days + 1)
    freed = tidy(home, "now", NOW)
    assert (current.exists(), recent.exists(), old.exists()) == (True, True, False)
    assert freed["old_readings"] == 10


def test_staging_and_unfinished_files_go_and_what_is_published_stays(tmp_path):
    home = Home(tmp_path)
    refused = made(home.staging("abc"), 30)
    waiting = made(home.staging("def"), 2)
    unfinished = made(home.checked / ".valid.parquet.4711", 2)
    at_work = made(home.checked / ".facts.parquet.4712", 0.1)
    published = made(home.warehouse, 400)
    release = made(home.warehouse.parent / "releases" / "r1.duckdb", 400)
    tidy(home, "now", NOW)
    assert not refused.exists()
    assert not unfinished.exists()
    assert waiting.exists()
    assert at_work.exists()
    assert published.exists()
    assert release.exists()


def test_a_snapshot_that_a_page_needs_is_never_let_go(tmp_path):
    store = SnapshotStore(Home(tmp_path).lake)
    kept = store.put(b"a page of 2015")
    assert tidy(Home(tmp_path), "now", NOW)["snapshots"] == 0
    assert store.get(kept) == b"a page of 2015"


def test_the_list_of_nights_does_not_grow_without_bound(tmp_path):
    home = Home(tmp_path)
    home.nights.write_text("".join(f'{{"ended_at": "{number}"}}\n' for number in range(NIGHTS_KEPT + 5)), "utf-8")
    tidy(home, "now", NOW)
    lines = home.nights.read_text(encoding="utf-8").splitlines()
    assert len(lines) == NIGHTS_KEPT
    assert lines[-1] == f'{{"ended_at": "{NIGHTS_KEPT + 4}"}}'

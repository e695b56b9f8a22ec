"""What may be let go of: whatever can be made again from the snapshots, or was left by a run that died.

Pure rules over the home folder; knows nothing of Dagster. Nothing here touches a snapshot that a page needs, what is
published, or the kept releases (`warehouse.publish` keeps the newest itself).
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

from assets.home import Home
from fetching.archive import prune
from fetching.snapshots import SnapshotStore

#: Readings of another version of the reader: long enough to go back to that version without reading anew.
OLD_READINGS = dt.timedelta(days=14)
#: A star that was built and refused, or never published.
OLD_STAGING = dt.timedelta(days=14)
#: Unfinished files of a run that died.
UNFINISHED = dt.timedelta(days=1)
#: Lines of `nights.jsonl`: two years.
NIGHTS_KEPT = 730


def tidy(home: Home, reader_version: str, now: dt.datetime) -> dict[str, int]:
    """Let go of what is no longer needed, and return the bytes freed by each rule, and the number of snapshots let go."""
    old = {
        "old_readings": _older(home.readings("any", "any").parents[1].glob("*"), OLD_READINGS, now, reader_version),
        "old_staging": _older(home.staging("any").parent.glob("*"), OLD_STAGING, now),
        "unfinished": _older((home.folder / "readings").rglob(".*.[0-9]*"), UNFINISHED, now),
    }
    freed = {rule: sum(_remove(path) for path in list(paths)) for rule, paths in old.items()}
    if home.nights.exists():
        nights = home.nights.read_text(encoding="utf-8").splitlines(keepends=True)
        home.nights.write_text("".join(nights[-NIGHTS_KEPT:]), encoding="utf-8")
    store = SnapshotStore(home.lake)
    store.compact()
    return {**freed, "snapshots": prune(store, now=now)}


def _older(paths: Iterator[Path], age: dt.timedelta, now: dt.datetime, spared: str = "") -> Iterator[Path]:
    """Those of `paths` in which nothing was written for `age`, but not the one that is called `spared`."""
    limit = (now - age).timestamp()
    for path in paths:
        newest = max((file.stat().st_mtime for file in path.rglob("*")), default=path.stat().st_mtime)
        if path.name != spared and newest < limit:
            yield path


def _remove(path: Path) -> int:
    """Remove a file or a folder, and return how many bytes it held."""
    if path.is_dir():
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
        shutil.rmtree(path)
        return size
    size = path.stat().st_size
    path.unlink()
    return size

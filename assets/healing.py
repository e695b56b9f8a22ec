"""Before a run: which files of the home are damaged, so that they are moved away and made again.

All that is derived has a file of its group that is written last and bears the origin of the whole group. A group of which
another file is missing or damaged loses that last file, and the ordinary run makes the group again. What cannot be made
again is named with the one thing to do. Knows nothing of Dagster.
"""

import datetime as dt
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.home import Home, fingerprint
from fetching.archive import restate
from fetching.sealing import fault_of
from fetching.snapshots import SnapshotStore
from warehouse import publish

#: What stands in each group of files beside the one that is written last.
_READ = ("observations.parquet", "ledger.parquet")
_CHECKED = ("quarantine.parquet", "flags.parquet", "excused.parquet", "observations.json", "corrections.json")
_TEXTS = ("pages.json", "ledger.json")
_RESOLVED = ("conflicts.parquet", "observations.parquet")
#: Reports on the star, which is built again if one is lost.
_STAR = ("star_facts.json", "star_observations.json", "star_counts.json", "release.json")


@dataclass(frozen=True)
class Group:
    """Files that were made together.

    Attributes:
        last: the one that was written last.
        others: those that must be there if it is.
    """

    last: Path
    others: Sequence[Path]


def heal(home: Home, store: SnapshotStore, reader_version: str) -> list[str]:
    """Look through the home, move away what is damaged, and return a line for each file: what it was, what becomes of it."""
    aside = _Aside(home)
    told = _heal_lake(home, store)
    for group in groups(home, reader_version):
        told += _heal_group(group, aside)
    if home.warehouse.parent.exists():
        told += publish.heal(home.warehouse, home.damaged)
    if not home.warehouse.exists():
        home.published_origin.unlink(missing_ok=True)
    return [*told, *_heal_nights(home, aside)]


def groups(home: Home, reader_version: str) -> Iterator[Group]:
    """All groups of derived files that are there."""
    for pages in sorted(home.pages("any").parent.glob("*.parquet")):
        yield Group(pages, [home.unread_pages(pages.stem)])
    for city in sorted(home.readings(reader_version, "any").parent.glob("*/")):
        yield Group(city / "pages.parquet", [city / name for name in _READ])
    for folder in (home.checked, *sorted((home.checked / "parts").glob("*/"))):
        yield Group(folder / "valid.parquet", [folder / name for name in _CHECKED])
    for folder in sorted((home.checked / "parts").glob("*/")):
        yield Group(folder / "texts.origin", [folder / name for name in _TEXTS])
    for folder in (home.resolved, *sorted((home.resolved / "parts").glob("*/"))):
        yield Group(folder / "facts.parquet", [folder / name for name in _RESOLVED])
    yield Group(home.published_origin, [home.checked / name for name in _STAR])


def _heal_group(group: Group, aside: "_Aside") -> list[str]:
    if not group.last.exists():  # it was never finished, or it is the one that was lost: it is made again
        return []
    told = []
    for path in (*group.others, group.last):
        if fault := _fault(path):
            if path.exists():
                aside.move(path)
            told.append(f"{path}: {fault}; it is made again")
    if told:
        group.last.unlink(missing_ok=True)
    return told


def _fault(path: Path) -> str:
    if not path.exists():
        return "it is missing"
    if path.suffix == ".parquet":
        return fault_of(path)
    return _fault_of_report(path) if path.suffix == ".json" else ""


def _fault_of_report(path: Path) -> str:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        whole = kept["seal"] == fingerprint(kept["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return "it cannot be read"
    return "" if whole else "its bytes are not those that were written"


def _heal_lake(home: Home, store: SnapshotStore) -> list[str]:
    if not home.lake.exists():
        return []
    told = store.set_damaged_aside()
    if any("rows are lost" in line for line in told):
        restate(store)
    return told


def _heal_nights(home: Home, aside: "_Aside") -> list[str]:
    """Lines that cannot be read are taken out; the last one was half written by a run that died."""
    if not home.nights.exists():
        return []
    raw = home.nights.read_bytes()
    lines = raw.splitlines()
    good = [line for line in lines if is_night(line)]
    if len(good) == len(lines) and (not raw or raw.endswith(b"\n")):
        return []
    told = []
    if len(good) < len(lines):
        aside.copy(home.nights)
        told = [f"{home.nights}: {len(lines) - len(good)} lines cannot be read; they are left out"]
    partial = home.nights.with_name(f".{home.nights.name}")
    partial.write_bytes(b"".join(line + b"\n" for line in good))
    partial.replace(home.nights)
    return told


def is_night(line: bytes) -> bool:
    """Whether a line tells when a night ended."""
    try:
        dt.datetime.fromisoformat(json.loads(line)["ended_at"])
    except (ValueError, KeyError, TypeError):
        return False
    return True


class _Aside:
    """The folder for damaged files."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def _name(self, path: Path) -> Path:
        self._home.damaged.mkdir(parents=True, exist_ok=True)
        words = "-".join(path.relative_to(self._home.folder).parts)
        return self._home.damaged / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{words}"

    def move(self, path: Path) -> None:
        """Move a file there."""
        path.replace(self._name(path))

    def copy(self, path: Path) -> None:
        """Keep a copy of a file there."""
        shutil.copyfile(path, self._name(path))

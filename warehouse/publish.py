"""From a finished staging file to the file that readers open, in one step that either happens or does not.

Here belong the release folder, what is kept in it, and going back; whether a release may replace the one before is in
`guard`, whether a file is whole in `verify`.

Beside the served file lies `releases/`: `ID.duckdb`, the file as it was published, and `ID.json`, its record, written last.
A file without its record was left by a run that died, and the next one removes it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import duckdb

from warehouse import connections, guard
from warehouse.connections import WarehouseError
from warehouse.verify import sha256, verify, verify_in_fresh_process

#: Nobody locks a file that nobody may write: DuckDB opens it read-only or says so.
_READ_ONLY = 0o444
_OTHER_BYTES = "its bytes are not those that were published"
#: How long one publisher waits for another: copying and syncing the largest release takes less.
_WAIT_SECONDS = 1800.0


class ReleaseRefused(ValueError):  # noqa: N818  (it is a decision, not a fault of the program)
    """A release that may not be published; the one before stays. Says why and what to do."""


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """The record of one release in the release folder."""

    release_id: str
    built_at: str
    data_as_of: str | None
    code_version: str
    content_sha256: str
    file_sha256: str
    facts: int
    observations: int
    conflicts: int
    cities: int


def publish(staging: Path, target: Path, *, keep: int = 10, accept_removals: bool = False) -> KeptRelease:
    """Verify `staging` in a fresh process and rename it over `target`; readers see the old file or the new, nothing else.

    Args:
        staging: what `build` wrote, on the same file system as `target`; gone afterwards.
        target: the one constant name that readers open.
        keep: how many releases stay in `releases/`; one with the same content as this takes no place of its own.
        accept_removals: publish although facts vanish.

    Raises:
        ReleaseRefused: the file is damaged, or facts vanish without cause; `staging` is kept for a look.
        OSError: the disk is full or not writable; `target` is untouched.
    """
    if faults := verify_in_fresh_process(staging):
        raise ReleaseRefused(
            f"{staging} is not whole: {'; '.join(faults[:5])}; the release before stays. Build it anew"
        )
    if not accept_removals and (reasons := guard.objections(staging)):
        raise ReleaseRefused(
            "facts would vanish, so the release before stays:\n  "
            + "\n  ".join(reasons)
            + "\nIf this is right, publish it with `minzheng releases accept`; if not, mend the cause and run again."
        )
    with _alone(target):
        _clean_up(target)
        folder = _folder(target)
        record = _record(staging)
        kept = folder / f"{record.release_id}.duckdb"
        _copy(staging, kept)
        staging.chmod(_READ_ONLY)
        _sync(staging)
        _swap(staging, target)
        _write_record(folder, record)
        _prune(folder, record, keep)
    return record


def rollback(target: Path, release_id: str) -> KeptRelease:
    """Serve a kept release again.

    Raises:
        WarehouseError: there is no such release, or its file is damaged.
    """
    with _alone(target):
        _clean_up(target)
        folder = _folder(target)
        found = {record.release_id: record for record in releases(target)}.get(release_id)
        if found is None:
            known = ", ".join(record.release_id for record in releases(target)) or "none"
            raise WarehouseError(f"no release {release_id} in {folder}; kept are: {known}")
        kept = folder / f"{release_id}.duckdb"
        if sha256(kept) != found.file_sha256:
            raise WarehouseError(
                f"{kept} is damaged: its bytes are not those that were published; choose another release"
            )
        copy = target.with_name(f".{target.name}.{release_id}")
        _copy(kept, copy)
        _swap(copy, target)
    return found


def releases(target: Path) -> list[KeptRelease]:
    """The kept releases, newest first; a record that cannot be read is left out, see `verify_releases` and `heal`."""
    records = filter(None, map(_read_record, _folder(target).glob("*.json")))
    return sorted(records, key=lambda record: record.release_id, reverse=True)


def _read_record(path: Path) -> KeptRelease | None:
    try:
        record = KeptRelease(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return record if record.release_id == path.stem else None


def served(target: Path) -> str | None:
    """The id of the release that readers see; None where nothing is published, or nothing that can be read."""
    try:
        return _record(target, digest=False).release_id
    except (WarehouseError, duckdb.Error):
        return None


def verify_releases(target: Path) -> list[str]:
    """Return what is wrong with the served file and every kept one, a line a fault that names the file."""
    records = {record.release_id: record for record in releases(target)}
    faults = [] if target.exists() else [f"{target}: nothing is published; run `minzheng run`"]
    files = {path: records.get(path.stem) for path in sorted(_folder(target).glob("*.duckdb"))}
    if target.exists():
        files = {target: records.get(served(target) or ""), **files}
    for path, record in files.items():
        if record is not None and sha256(path) != record.file_sha256:
            faults.append(f"{path}: its bytes are not those that were published ({record.release_id})")
        faults += [f"{path}: {fault}" for fault in verify(path)]
    for path in sorted(_folder(target).glob("*.json")):
        if _read_record(path) is None:
            faults.append(f"{path}: cannot be read; the next run writes it again")
    return faults


def heal(target: Path, aside: Path) -> list[str]:
    """Look at the served file and the kept ones by their recorded digests; return a line for each that is damaged.

    A damaged file is moved to `aside`. In place of the served one the newest kept release is served that is whole; without
    one nothing is, and the next release starts anew.
    """
    with _alone(target):
        _clean_up(target)
        told = _heal_kept(target, aside)
        return [*told, *_heal_served(target, aside)]


def _heal_kept(target: Path, aside: Path) -> list[str]:
    """All records, and one kept file a day in turn: they are as large as the served one, and read in full before use."""
    told = []
    records = sorted(_folder(target).glob("*.json"))
    turn = dt.datetime.now(dt.UTC).toordinal() % max(len(records), 1)
    for number, path in enumerate(records):
        kept, record = path.with_suffix(".duckdb"), _read_record(path)
        if record is None:
            _move_aside(path, aside)
            if kept.exists() and not verify(kept):
                _write_record(_folder(target), _record(kept))
                told.append(f"{path}: cannot be read; it is written again from the release")
                continue
            told.append(f"{path}: cannot be read, and its release is lost; nothing is to be done")
        elif not kept.exists():
            told.append(f"{kept}: is missing; going back to that release is not possible any more")
        elif number == turn and sha256(kept) != record.file_sha256:
            told.append(
                f"{kept}: {_OTHER_BYTES}; moved to {aside}; going back to that release is not possible any more"
            )
        else:
            continue
        for file in (path, kept):
            if file.exists():
                _move_aside(file, aside)
    return told


def _heal_served(target: Path, aside: Path) -> list[str]:
    told = []
    log = target.with_name(f"{target.name}.wal")
    if log.exists():  # nobody of ours writes into the served file
        _move_aside(log, aside)
        told.append(f"{log}: another program left it beside the published file; moved to {aside}")
    kept = releases(target)
    if target.exists():
        digest, release_id = sha256(target), served(target)
        if digest in {record.file_sha256 for record in kept}:
            return told
        # Of one that is not kept there is nothing to compare with but what it says itself.
        known = any(record.release_id == release_id for record in kept)
        faults = [_OTHER_BYTES] if known else verify(target)
        if not faults:
            return told
        _move_aside(target, aside)
        told.append(f"{target}: {faults[0]}; moved to {aside}")
    elif kept:
        told.append(f"{target}: is missing")
    for record in kept if told and not target.exists() else ():
        path = _folder(target) / f"{record.release_id}.duckdb"
        if sha256(path) == record.file_sha256:
            copy = target.with_name(f".{target.name}.{record.release_id}")
            _copy(path, copy)
            _swap(copy, target)
            told[-1] += f"; release {record.release_id} is served in its place"
            break
    return told


def _move_aside(path: Path, aside: Path) -> None:
    aside.mkdir(parents=True, exist_ok=True)
    path.replace(aside / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{path.name}")


def _folder(target: Path) -> Path:
    return target.parent / "releases"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """One publisher at a time; the lock goes with the process, so a dead one leaves none.

    Raises:
        WarehouseError: another one publishes, and did not end in time.
    """
    _folder(target).mkdir(parents=True, exist_ok=True)
    with (target.parent / ".publish.lock").open("w") as lock:
        began = time.monotonic()
        while not _taken(lock):
            if time.monotonic() - began > _WAIT_SECONDS:
                raise WarehouseError(
                    f"{target.parent}: another process publishes or rolls back since {_WAIT_SECONDS / 60:.0f} minutes; "
                    "see what hangs there (`fuser .publish.lock` names it), end it and try again"
                )
            time.sleep(0.2)
        yield


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _clean_up(target: Path) -> None:
    """Remove what a publisher that died left behind; a published file whose record is missing gets it."""
    for leftover in target.parent.glob(f".{target.name}.*"):
        leftover.unlink()
    folder = _folder(target)
    for leftover in folder.glob("*.part"):
        leftover.unlink()
    for path in folder.glob("*.duckdb"):
        if path.with_suffix(".json").exists():  # also one that cannot be read: `heal` looks into that
            continue
        release_id = served(target)
        if path.stem == release_id:
            _write_record(folder, _record(path))
        elif release_id is not None or not target.exists():
            path.unlink()


def _record(path: Path, digest: bool = True) -> KeptRelease:
    columns = "release_id, built_at, data_as_of, code_version, content_sha256, facts, observations, conflicts, cities"
    with connections.read(path) as connection:
        query = f"SELECT {columns} FROM {connections.NEWEST_RELEASE}"
        row = dict(zip(columns.split(", "), connection.execute(query).fetchall()[0], strict=True))
    moments = {name: row[name] and row[name].isoformat(timespec="seconds") + "Z" for name in ("built_at", "data_as_of")}
    return KeptRelease(**(row | moments), file_sha256=sha256(path) if digest else "")


def _write_record(folder: Path, record: KeptRelease) -> None:
    part = folder / f"{record.release_id}.json.part"
    part.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n", "utf-8")
    _sync(part)
    part.replace(folder / f"{record.release_id}.json")
    _sync(folder)


def _copy(source: Path, copy: Path) -> None:
    """Copy a file so that `copy` is whole or absent; a full disk leaves nothing behind."""
    part = copy.with_name(copy.name + ".part")
    try:
        shutil.copyfile(source, part)
        part.chmod(_READ_ONLY)
        _sync(part)
        part.replace(copy)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _swap(source: Path, target: Path) -> None:
    """Rename over what readers open. A log that a foreign writer left beside the old file must not meet the new one."""
    target.with_name(target.name + ".wal").unlink(missing_ok=True)
    source.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(folder: Path, newest: KeptRelease, keep: int) -> None:
    """Keep the newest `keep` releases with different content."""
    seen: set[str] = set()
    for record in releases(folder.parent / "any"):
        twin = record.content_sha256 in seen
        seen.add(record.content_sha256)
        if record != newest and (twin or len(seen) > keep):
            for suffix in (".json", ".duckdb"):
                (folder / f"{record.release_id}{suffix}").unlink(missing_ok=True)

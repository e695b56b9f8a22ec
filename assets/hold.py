"""Who holds the home: one run at a time works in it, and what a dead one left behind is seen by the next.

The hold is a lock of the operating system, so it goes with the process, however that ends. The lock file says who holds
it; a note that still stands there when the lock is free is of a run that died. Knows nothing of Dagster.
"""

import dataclasses
import datetime as dt
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

#: How long a run waits for another at most: as long as a night may last (`max_runtime_seconds` in dagster.yaml).
WAIT_SECONDS = 8 * 3600.0
_LOOK_EVERY = 0.5  # seconds
_NOTE_BYTES = 4096


class HeldError(OSError):
    """Another process holds the home and did not let go of it in time: says which, since when, and what to do."""


@dataclass(frozen=True)
class Holder:
    """A process that holds the home, or held it and died.

    Attributes:
        what: what it does, as `nightly`.
        run_id: Dagster's id of its run, or empty.
        process: its number on the machine `host`.
        since: when it took hold, UTC, ISO 8601.
    """

    what: str = "a command"
    run_id: str = ""
    process: int = field(default_factory=os.getpid)
    host: str = field(default_factory=socket.gethostname)
    since: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))

    def __str__(self) -> str:
        run = f" ({self.run_id[:8]})" if self.run_id else ""
        return f"{self.what}{run}, process {self.process} on {self.host}, since {self.since}"

    @classmethod
    def read(cls, lock: IO[str]) -> Self | None:
        """Return whom the lock file names; None where it names nobody, or nobody that can be understood."""
        lock.seek(0)
        try:
            note = json.loads(lock.read(_NOTE_BYTES))
            return cls(
                str(note["what"]), str(note["run_id"]), int(note["process"]), str(note["host"]), str(note["since"])
            )
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, lock: IO[str]) -> None:
        """Name this holder in the lock file."""
        _empty(lock)
        json.dump(dataclasses.asdict(self), lock, ensure_ascii=False)
        lock.flush()


@contextmanager
def held(
    path: Path, holder: Holder, on_wait: Callable[[Holder | None], object], at_most: float = WAIT_SECONDS
) -> Iterator[Holder | None]:
    """Hold the lock file at `path`, and yield who held it before and died.

    Args:
        on_wait: called with whom is waited for, once and again when that is another.
        at_most: seconds to wait.

    Raises:
        HeldError: it was held for all that time.
    """
    with path.open("a+", encoding="utf-8") as lock:
        _take(lock, path, on_wait, at_most)
        died = Holder.read(lock)
        holder.write(lock)
        try:
            yield died
        finally:
            _empty(lock)  # also after an error: who lives to see it did not die


def is_held(path: Path) -> bool:
    """Whether some process holds the lock file now."""
    if not path.exists():
        return False
    with path.open("r", encoding="utf-8") as lock:
        return not _taken(lock)


def _take(lock: IO[str], path: Path, on_wait: Callable[[Holder | None], object], at_most: float) -> None:
    began, told = time.monotonic(), False
    before: Holder | None = None
    while not _taken(lock):
        by = Holder.read(lock)
        if not told or (by and by != before):
            on_wait(by)
            told, before = True, by
        if time.monotonic() - began > at_most:
            raise HeldError(
                f"{path.parent} is held by {by or 'a process that does not say its name'}; waited for "
                f"{at_most / 60:,.0f} minutes. If that process hangs end it and run again: its hold goes with it"
            )
        time.sleep(_LOOK_EVERY)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _empty(lock: IO[str]) -> None:
    lock.seek(0)
    lock.truncate()

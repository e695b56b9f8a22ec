"""Where Dagster keeps its own records, and how: made on first use, never overwritten."""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import dagster as dg

from assets.home import Home

SETTINGS = Path(__file__).with_name("dagster.yaml")


def prepare_dagster_home(home: Home) -> Path:
    """Return Dagster's folder, made if it is missing: `$DAGSTER_HOME` if the user has set it, else one in `home`."""
    folder = Path(os.environ.get("DAGSTER_HOME") or home.dagster).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        shutil.copyfile(SETTINGS, settings)
    return folder


def heal_records(folder: Path) -> list[str]:
    """Move Dagster's databases away that cannot be read, and return a line for each: a run does without its past.

    What a database is asked is bounded, so that large ones, which are whole, do not hold up a run.
    """
    told = []
    for path in (*sorted((folder / "history").glob("*.db")), *(folder / name for name in _DATABASES)):
        if path.exists() and (fault := _fault(path)):
            aside = path.with_name(f"{path.name}.damaged")
            for log in ("-wal", "-shm", "-journal"):
                path.with_name(path.name + log).unlink(missing_ok=True)
            path.replace(aside)
            told.append(f"{path}: {fault}; moved to {aside.name}, Dagster begins a new one")
    return told


_DATABASES = ("history/runs/index.db", "schedules/schedules.db")
_LOOKED_AT_SECONDS = 2.0


def _fault(path: Path) -> str:
    deadline = time.monotonic() + _LOOKED_AT_SECONDS
    try:
        with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
            [(said,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.OperationalError as error:  # it was whole for as long as it was looked at, or is at work
        return "" if "interrupted" in str(error) or "locked" in str(error) else str(error)
    except sqlite3.Error as error:
        return str(error)
    return "" if said == "ok" else str(said)


@contextmanager
def open_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """Open Dagster's records, so that a run from the command line is seen in the UI as any other."""
    folder, named = str(prepare_dagster_home(home)), os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = folder  # the settings refer to it
    try:
        with dg.DagsterInstance.from_config(folder) as instance:
            yield instance
    finally:
        if named is None:
            del os.environ["DAGSTER_HOME"]


if __name__ == "__main__":
    # For services that start Dagster's own programs: makes Dagster's home before them.
    prepare_dagster_home(Home.of())

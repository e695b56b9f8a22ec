"""How the project itself opens a warehouse file.

Here belong the settings of a connection and the errors of opening; what is asked of the file is in `query` and `verify`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

#: Published files are written for this client and every newer one.
STORAGE_VERSION = "v1.2.0"
#: The row of table `release` on the file itself; the others are its history.
NEWEST_RELEASE = "release ORDER BY built_at DESC, release_id DESC LIMIT 1"
#: What a question may take; sorting more goes by way of the disk.
_MEMORY = "1GB"
#: What writing a file may take; what does not fit lies beside it for the while.
_MEMORY_TO_WRITE = "1GB"


class WarehouseError(ValueError):
    """A warehouse file that cannot be used: says which, why, and what to do."""


@contextmanager
def read(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse file read-only and close it again, so that the next call sees the release published by then.

    Where another program holds it for writing, what it held before is read from a copy: nobody's client stops a night.

    Raises:
        WarehouseError: there is no file, or it is damaged.
    """
    if not path.is_file():
        raise WarehouseError(f"no warehouse at {path}; make one with `minzheng run`")
    with _opened(path) as connection:
        connection.execute(f"SET memory_limit = '{_MEMORY}'; SET enable_progress_bar = false")
        yield connection


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with ExitStack() as stack:
        try:
            connection = duckdb.connect(path, read_only=True)
        except duckdb.Error as error:
            try:
                if "Could not set lock" not in str(error):
                    raise
                copy = Path(stack.enter_context(TemporaryDirectory(prefix="minzheng-"))) / path.name
                shutil.copyfile(path, copy)
                connection = duckdb.connect(copy, read_only=True)
            except (duckdb.Error, OSError) as unreadable:
                advice = "`minzheng releases verify` tells more, `minzheng releases rollback` serves an older release"
                what = str(unreadable).splitlines()[0]
                raise WarehouseError(f"{path} cannot be opened ({what}); {advice}") from error
        stack.callback(connection.close)
        yield connection


def time_period(connection: duckdb.DuckDBPyConnection, table: str, year: str = "year") -> str:
    """The expression of the exact period in `table` of the open file; of a release that knew none, the year.

    Args:
        connection: an open warehouse file.
        table: the table or view, by the name under which a query asks it.
        year: its column that holds the year.
    """
    known = connection.execute("SELECT 1 FROM duckdb_columns() WHERE column_name = 'time_period' LIMIT 1").fetchall()
    return f"{table}.time_period" if known else f"CAST({table}.{year} AS VARCHAR)"


@contextmanager
def write(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make a new warehouse file; what was there is removed, and no write-ahead log is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in (path, path.with_name(path.name + ".wal")):
        old.unlink(missing_ok=True)
    with rewrite(path) as connection:
        yield connection


@contextmanager
def rewrite(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a file that nobody reads yet for writing; no write-ahead log is left."""
    connection = duckdb.connect(path, config={"storage_compatibility_version": STORAGE_VERSION})
    try:
        connection.execute(
            f"SET memory_limit = '{_MEMORY_TO_WRITE}'; SET enable_progress_bar = false; SET TimeZone = 'UTC'"
        )
        yield connection
        connection.execute("CHECKPOINT")
    finally:
        connection.close()

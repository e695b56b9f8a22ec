"""The star made from the one before it: its file is copied, and only the rows that changed are exchanged.

Writing a row of the star costs several times what comparing it costs, and most nights change a few pages of thousands. What comes
out is what building anew would give: every row of every table is compared, by its digest and in groups, with what is offered for
it, and the sums are proven at the end. Here belongs the exchange; what is offered, and when a file is renewed rather than built anew, is in `build`.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import connections
from warehouse.verify import KEYS

#: Share of the rows of a table that may change before building anew costs less; a table of few rows may change as it likes.
_MOST_CHANGED, _FEW = 0.25, 10_000
#: Rows that are exchanged together: those of a page, those of a place; of every other table those with the same key.
_GROUPS = {"fact_observation": "bulletin_key", "fact_indicator": "city_key"}


class BuildAnew(Exception):  # noqa: N818  (it is a decision, not a fault)
    """The file before cannot be renewed, or it would cost more than to build anew. Says why."""


def renewable(previous: Path, code_version: str, reader_version: str, now: datetime) -> bool:
    """Whether a published file may be renewed: the same code made it, this week.

    Tables, views and comments are the code's. Exchanged rows stand at the end of their tables and leave gaps, so once a week the
    file is built anew.
    """
    with connections.read(previous) as connection:
        try:
            made_by = connection.execute(
                f"SELECT code_version, reader_version, built_at FROM {connections.NEWEST_RELEASE}"
            ).fetchone()
        except duckdb.Error:
            return False
    if made_by is None or made_by[:2] != (code_version, reader_version):
        return False
    week_before, week = (moment.isocalendar()[:2] for moment in (made_by[2], now.astimezone(UTC)))
    return bool(week_before == week)


def copy(previous: Path, path: Path) -> None:
    """Copy a published file to where it is renewed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    shutil.copyfile(previous, path)  # without the mode: what is published is read-only


def exchange(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make `table` hold what the relation `offered_TABLE` holds: groups of rows that differ from what is offered are exchanged.

    Columns may stand in any order; those that are not offered are empty.

    Args:
        connection: the copied file, open for writing, in a transaction.
        table: its name.

    Raises:
        BuildAnew: too much changed, or the table does not hold what is offered afterwards.
    """
    group = _GROUPS.get(table) or _first_of_key(connection, table)
    # In the columns and types of the table, so that equal rows have equal digests.
    wanted = f"SELECT * FROM {table} WHERE false UNION ALL BY NAME SELECT * FROM offered_{table}"
    digests = f"SELECT {group}, count(*) AS rows, sum(hash(row_of)) AS digest FROM {{}} AS row_of GROUP BY {group}"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE offered AS {digests.format(f"({wanted})")};
        CREATE OR REPLACE TEMP TABLE held AS {digests.format(table)};
        CREATE OR REPLACE TEMP TABLE gone AS SELECT * FROM held ANTI JOIN offered USING ({group}, rows, digest);
        CREATE OR REPLACE TEMP TABLE missing AS SELECT * FROM offered ANTI JOIN held USING ({group}, rows, digest);
    """)
    before, gone, missing = (_rows(connection, name) for name in ("held", "gone", "missing"))
    if max(gone, missing) > _MOST_CHANGED * max(before, _FEW):
        raise BuildAnew(f"{table}: {gone} rows of {before} go and {missing} come")
    if not gone and not missing:
        return
    connection.execute(f"DELETE FROM {table} WHERE {group} IN (SELECT {group} FROM gone)")
    connection.execute(f"INSERT INTO {table} SELECT * FROM ({wanted}) WHERE {group} IN (SELECT {group} FROM missing)")
    held, offered = (
        connection.execute(f"SELECT coalesce(sum(rows), 0), sum(digest) FROM {proven}").fetchall()
        for proven in (f"({digests.format(table)})", "offered")
    )
    if held != offered:
        raise BuildAnew(f"{table} holds {held} where {offered} was offered")


def _first_of_key(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The first of the columns that tell the rows of a table apart."""
    if table in KEYS:
        return KEYS[table].split(", ")[0]
    query = "SELECT constraint_column_names[1] FROM duckdb_constraints() WHERE table_name = ? AND constraint_type = 'PRIMARY KEY'"
    return str(connection.execute(query, [table]).fetchall()[0][0])


def _rows(connection: duckdb.DuckDBPyConnection, digests: str) -> int:
    return int(connection.execute(f"SELECT coalesce(sum(rows), 0) FROM {digests}").fetchall()[0][0])

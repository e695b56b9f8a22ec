"""Whether a warehouse file is whole: read in full, counts, keys, and the grain.

Here belong checks of the file as a file and of what its schema leaves unchecked for the sake of speed. Whether the figures
are plausible is in `expectations`. `verify_in_fresh_process` runs them as a reader would see the file, with nothing cached.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import duckdb

from warehouse import connections

#: Table -> the columns that identify a row.
KEYS = {
    "fact_indicator": "cell_key",
    "fact_observation": "observation_key",
    "number_ledger": "bulletin_key, span_start, span_end",
    "quarantine": "observation_key, rule",
    "flag": "observation_key, rule",
    "conflict": "cell_key, rival_observation_key",
}
#: Rows that have no key. What a page holds and does not print has an empty span, and several may stand at one place.
KEYLESS = {"number_ledger": "span_start = span_end"}
#: The promised grain, apart from the cell's own key.
GRAIN = "city_key, year_key, indicator_key, area, status, measure, period_key, unit, per"
#: (table, column, table that it points to, column there); an empty value points nowhere and is no fault.
REFERENCES = (
    ("fact_indicator", "city_key", "dim_city", "city_key"),
    ("fact_indicator", "year_key", "dim_year", "year_key"),
    ("fact_indicator", "period_key", "dim_period", "period_key"),
    ("fact_indicator", "indicator_key", "dim_indicator", "indicator_key"),
    ("fact_indicator", "observation_key", "fact_observation", "observation_key"),
    ("fact_observation", "bulletin_key", "dim_bulletin", "bulletin_key"),
    ("fact_observation", "city_key", "dim_city", "city_key"),
    ("fact_observation", "indicator_key", "dim_indicator", "indicator_key"),
    ("number_ledger", "bulletin_key", "dim_bulletin", "bulletin_key"),
    ("quarantine", "observation_key", "fact_observation", "observation_key"),
    ("flag", "observation_key", "fact_observation", "observation_key"),
    ("conflict", "cell_key", "fact_indicator", "cell_key"),
    ("conflict", "observation_key", "fact_observation", "observation_key"),
    ("conflict", "rival_observation_key", "fact_observation", "observation_key"),
    ("dim_bulletin", "city_key", "dim_city", "city_key"),
)
#: Column of the release's row -> the query that must give the same count.
COUNTS = {
    "bulletins": "SELECT count(*) FROM dim_bulletin",
    "numbers": "SELECT count(*) FROM number_ledger",
    "observations": "SELECT count(*) FROM fact_observation",
    "quarantined": "SELECT count(DISTINCT observation_key) FROM quarantine",
    "facts": "SELECT count(*) FROM fact_indicator",
    "conflicts": "SELECT count(*) FROM conflict",
}


def verify(path: Path) -> list[str]:
    """Return what is wrong with the file, a line a fault; nothing if it is whole."""
    try:
        with connections.read(path) as connection:
            return [*_full_scan(connection), *_keys(connection), *_references(connection), *_counts(connection)]
    except (connections.WarehouseError, duckdb.Error) as error:
        return [f"{path.name}: {str(error).splitlines()[0]}"]


def verify_in_fresh_process(path: Path) -> list[str]:
    """Run `verify` in a new interpreter."""
    process = subprocess.run(
        [sys.executable, "-m", "warehouse.verify", str(path)], capture_output=True, encoding="utf-8", check=False
    )
    if process.returncode == 0:
        return []
    return process.stdout.splitlines() or [f"{path.name}: the check ended with {process.returncode}: {process.stderr}"]


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchall()[0]
    return int(row[0] or 0)


def _full_scan(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Read every value of every table, where a damaged block raises, and have every view bound."""
    faults = []
    for name, kind in connection.execute(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
    ).fetchall():
        looked_at = f'SELECT bit_xor(hash(scanned)) FROM "{name}" AS scanned'
        try:
            connection.execute(looked_at if kind == "BASE TABLE" else f'DESCRIBE "{name}"').fetchall()
        except duckdb.Error as error:
            faults.append(f"{name} cannot be read: {str(error).splitlines()[0]}")
    return faults


def _keys(connection: duckdb.DuckDBPyConnection) -> list[str]:
    faults = []
    for name, columns in [*KEYS.items(), ("fact_indicator", GRAIN)]:
        doubled = _one(
            connection,
            f"SELECT count(*) FROM (SELECT 1 FROM {name} WHERE NOT coalesce({KEYLESS.get(name, 'false')}, false)"
            f" GROUP BY {columns} HAVING count(*) > 1)",
        )
        if doubled:
            faults.append(f"{name}: {doubled} values of ({columns}) stand more than once")
    return faults


def _references(connection: duckdb.DuckDBPyConnection) -> list[str]:
    faults = []
    for name, column, target, key in REFERENCES:
        dangling = _one(
            connection,
            f"SELECT count(*) FROM {name} AS source WHERE source.{column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {target} AS target WHERE target.{key} = source.{column})",
        )
        if dangling:
            faults.append(f"{name}.{column}: {dangling} rows point to nothing in {target}")
    return faults


def _counts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    faults = []
    for column, query in COUNTS.items():
        recorded = _one(connection, f"SELECT {column} FROM {connections.NEWEST_RELEASE}")
        counted = _one(connection, query)
        if recorded != counted:
            faults.append(f"release.{column} says {recorded}, counted {counted}")
    views = _one(connection, "SELECT count(*) FROM indicator_values")
    if views != (facts := _one(connection, COUNTS["facts"])):
        faults.append(f"indicator_values has {views} rows for {facts} facts")
    unaccounted = _one(
        connection,
        "SELECT count(*) FROM fact_observation"
        " WHERE valid AND known_to IS NULL AND cell_key IS NOT NULL"
        " AND cell_key NOT IN (SELECT cell_key FROM fact_indicator)",
    )
    if unaccounted:
        faults.append(f"{unaccounted} current observations belong to a cell without a published value")
    return faults


if __name__ == "__main__":
    found = verify(Path(sys.argv[1]))
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(bool(found))

"""The star as one DuckDB file.

Here belongs how all tables get into a file, with their comments and views: the dimensions of `star`, and by `offered.sql` the large
ones, which DuckDB makes from Parquet files with bounded memory. How the file of the night before is changed instead is in `renew`,
where the file is put and published in `publish`.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bulletins.catalog import Catalog
from bulletins.frames import FLAGS, LEDGER, OBSERVATIONS, QUARANTINE, conform, empty
from bulletins.resolve import CONFLICTS, FACTS, RESOLVED, Resolution, page_times
from warehouse import connections, renew
from warehouse.changes import CHANGES, changes_between
from warehouse.star import SCHEMA_FOLDER, bulletins, dimensions

_FOLDER = Path(__file__).parent
VIEWS_FOLDER = _FOLDER / "views"
_RELEASE_TABLES = ("release", "release_input", "release_change")


@dataclass(frozen=True, slots=True)
class Release:
    """What a build is made from.

    Attributes:
        code_version: of the project.
        reader_version: of what read the observations.
        inputs: name of an input -> its SHA-256.
        built_at: when.
        data_as_of: when the sources were last looked at; None: when the newest page version was first seen.
        sources: the ids of all sources in the source list; None where it could not be read in full. Facts of a source that
            is not among them may go; all others may not vanish unseen.
    """

    code_version: str
    reader_version: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    built_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    data_as_of: datetime | None = None
    sources: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: the release's row, and how many rows each table has."""

    path: Path
    release_id: str
    content_sha256: str
    rows: Mapping[str, int]


#: Rows: a frame, or the Parquet files that hold it and are never loaded as a whole.
Rows = pl.DataFrame | Sequence[Path]


@dataclass(frozen=True, slots=True)
class ResolutionFiles:
    """A `Resolution` that lies in Parquet files."""

    facts: Sequence[Path]
    conflicts: Sequence[Path]
    observations: Sequence[Path]


def build(
    path: Path,
    *,
    pages: pl.DataFrame,
    observations: Rows,
    ledger: Rows,
    quarantine: Rows,
    resolution: Resolution | ResolutionFiles,
    catalog: Catalog,
    release: Release,
    previous: Path | None = None,
    flags: Rows = (),
) -> BuildReport:
    """Write the complete warehouse to `path`, which nobody reads yet.

    Args:
        path: the staging file; what is there is replaced.
        pages: every version of every page, schema PAGES or, without the texts, `star.BULLETINS`.
        observations: schema OBSERVATIONS, all that were read, valid or not.
        ledger: schema LEDGER.
        quarantine: schema QUARANTINE, a row an observation and broken rule.
        resolution: of the valid observations.
        catalog: indicators and places.
        release: what the build is made from.
        previous: the file published before, whose history is carried on and compared with.
        flags: schema FLAGS, a row a valid observation and rule that warns of it.

    Raises:
        ValueError: an observation is neither resolved nor quarantined, or is both; or `previous` cannot be read.
        OSError: the disk is full or not writable; what was written is removed.
    """
    pages = bulletins(pages.lazy()).collect() if "text" in pages.columns else pages
    given = {
        "observations": (observations, OBSERVATIONS),
        "ledger": (ledger, LEDGER),
        "quarantined": (quarantine, QUARANTINE),
        "flagged": (flags, FLAGS),
        "resolved": (resolution.observations, RESOLVED),
        "facts": (resolution.facts, FACTS),
        "conflicts": (resolution.conflicts, CONFLICTS),
    }
    sources = _Sources(pages, given, catalog, release, previous)
    try:
        if previous is not None and renew.renewable(
            previous, release.code_version, release.reader_version, release.built_at
        ):
            with contextlib.suppress(renew.BuildAnew, duckdb.ConstraintException):
                renew.copy(previous, path)
                with connections.rewrite(path) as connection:
                    return _filled(connection, path, sources, renewing=True)
        with connections.write(path) as connection:
            return _filled(connection, path, sources, renewing=False)
    except BaseException as error:
        for leftover in (path, path.with_name(path.name + ".wal")):
            leftover.unlink(missing_ok=True)
        if isinstance(error, duckdb.IOException) or "No space left" in str(error):
            raise OSError(f"{path} cannot be written ({error}); is there room on the disk?") from error
        raise


@dataclass(frozen=True, slots=True)
class _Sources:
    """What a file is filled from; `given`: name -> rows and their schema."""

    pages: pl.DataFrame
    given: Mapping[str, tuple[Rows, Mapping[str, pl.DataType]]]
    catalog: Catalog
    release: Release
    previous: Path | None


def _filled(connection: duckdb.DuckDBPyConnection, path: Path, sources: _Sources, *, renewing: bool) -> BuildReport:
    """Fill the open file, new and empty or, `renewing`, a copy of the one before."""
    connection.begin()
    if not renewing:
        for statements in sorted(SCHEMA_FOLDER.glob("*.sql")):
            connection.execute(statements.read_text("utf-8"))
    for name, (rows, schema) in sources.given.items():
        _show(connection, name, rows, schema)
    connection.register("page_times", page_times(sources.pages).to_arrow())
    connection.execute((_FOLDER / "everything.sql").read_text("utf-8"))
    _account_for_all(connection)
    spoken_of, periods, opened = (connection.sql(query).pl() for query in (_SPOKEN_OF, _PERIODS, _OPEN_INDICATORS))
    dims = dimensions(sources.pages, spoken_of, periods, opened, sources.catalog)
    connection.register("keys", dims.keys.to_arrow())
    connection.execute("SET VARIABLE reader_version = $version", {"version": sources.release.reader_version})
    connection.execute((_FOLDER / "offered.sql").read_text("utf-8"))
    for name, table in dims.tables.items():
        connection.register(f"offered_{name}", table.to_arrow())
    put = renew.exchange if renewing else _insert
    for name in _tables(connection):
        if name not in _RELEASE_TABLES:
            put(connection, name)
    content = _digest(connection)
    release_id = f"{sources.release.built_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}"
    for name, table in _release_tables(connection, sources.release, release_id, content, sources.previous).items():
        connection.register(f"offered_{name}", table.to_arrow())
        connection.execute(f"DELETE FROM {name}")
        _insert(connection, name)
    counted = {name: _count(connection, name) for name in _tables(connection)}
    if not renewing:
        for statements in _views():
            connection.execute(statements.read_text("utf-8"))
    connection.commit()
    return BuildReport(path, release_id, content, counted)


#: What the dimensions must name.
_SPOKEN_OF = "SELECT DISTINCT place_code, place, year FROM everything"
_PERIODS = "SELECT DISTINCT time_period, period, year FROM facts"
_OPEN_INDICATORS = """
    SELECT indicator_key, any_value(label) AS label, any_value(unit) AS unit, any_value(standard_per) AS standard_per
    FROM everything WHERE starts_with(indicator_key, 'open:') GROUP BY indicator_key
"""
_LOST = (
    "observations ANTI JOIN (SELECT observation_key FROM resolved UNION ALL SELECT observation_key FROM quarantined)"
)
_DOUBLED = "resolved SEMI JOIN quarantined"


def _show(connection: duckdb.DuckDBPyConnection, name: str, rows: Rows, schema: Mapping[str, pl.DataType]) -> None:
    """Let `name` stand for `rows` in the statements to come."""
    if not isinstance(rows, pl.DataFrame) and not rows:
        rows = empty(schema)
    if isinstance(rows, pl.DataFrame):
        connection.register(name, conform(rows, schema).to_arrow())
    else:
        files = ", ".join(_literal(file) for file in rows)
        connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet([{files}], hive_partitioning = false)"
        )


def _literal(file: Path) -> str:
    """The path as an SQL literal that stands for itself: `[`, `*` and `?` in it are no pattern."""
    return "'" + re.sub(r"[\[*?]", r"[\g<0>]", str(file)).replace("'", "''") + "'"


def _insert(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM offered_{table}")


def _account_for_all(connection: duckdb.DuckDBPyConnection) -> None:
    for what, found in (("neither resolved nor quarantined", _LOST), ("resolved and quarantined", _DOUBLED)):
        keys = f"FROM {found} USING (observation_key)"
        if count := _one(connection, f"SELECT count(*) {keys}"):
            some = connection.execute(f"SELECT observation_key {keys} ORDER BY 1 LIMIT 3").fetchall()
            raise ValueError(f"{count} observations are {what}, among them {[key for (key,) in some]}")


def _views() -> list[Path]:
    """The views in the order in which they build on each other: the flat ones first, which the others read."""
    first = ["indicator_values", "annual_values", "indicator_values_history"]
    order = {name: place for place, name in enumerate(first)}
    return sorted(VIEWS_FOLDER.glob("*.sql"), key=lambda path: (order.get(path.stem, len(first)), path.stem))


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1").fetchall()
    return [name for (name,) in names]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(_one(connection, f"SELECT count(*) FROM {table}"))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    return connection.execute(query).fetchall()[0][0]


def _digest(connection: duckdb.DuckDBPyConnection) -> str:
    """SHA-256 over the content of the tables; the same rows give the same, whatever their order and the file look like."""
    digest = hashlib.sha256()
    for name in _tables(connection):
        if name not in _RELEASE_TABLES:
            rows = connection.execute(f"SELECT count(*), sum(hash(whole)) FROM {name} AS whole").fetchall()[0]
            digest.update(f"{name}:{rows}\n".encode())
    return digest.hexdigest()


def _release_tables(
    connection: duckdb.DuckDBPyConnection, release: Release, release_id: str, content: str, previous: Path | None
) -> dict[str, pl.DataFrame]:
    """The three tables on releases: the history of the file published before, and this release."""
    history: dict[str, pl.DataFrame] = {}
    changed = empty(CHANGES)
    if previous is not None:
        with connections.read(previous) as published:
            try:
                changed = changes_between(published, connection, release.sources)
                history = {
                    name: published.sql(f"SELECT * FROM {name} WHERE release_id <> '{release_id}'").pl()
                    for name in _RELEASE_TABLES
                }
            except duckdb.Error as error:
                advice = "move it aside and run again"
                raise connections.WarehouseError(
                    f"{previous} has other tables than this code ({str(error).splitlines()[0]}); {advice}"
                ) from error
    counts = dict(changed["change"].value_counts().iter_rows())
    row = {
        "release_id": release_id,
        "previous_release_id": history["release"].sort("built_at", "release_id")["release_id"].last()
        if history
        else None,
        "built_at": _without_zone(release.built_at),
        "data_as_of": _without_zone(release.data_as_of) if release.data_as_of else None,
        "code_version": release.code_version,
        "reader_version": release.reader_version,
        "content_sha256": content,
        **connection.sql(_COUNTS).pl().row(0, named=True),
        **{change: counts.get(change, 0) for change in ("added", "removed", "revised", "reflagged")},
    }
    row["data_as_of"] = row["data_as_of"] or row.pop("newest")
    row.pop("newest", None)
    times = {"built_at": pl.Datetime("us"), "data_as_of": pl.Datetime("us")}
    now = {
        "release": pl.DataFrame([row], schema_overrides=times),
        "release_input": pl.DataFrame(
            {"input": list(release.inputs), "sha256": list(release.inputs.values())},
            schema={"input": pl.String, "sha256": pl.String},
        ).select(pl.lit(release_id).alias("release_id"), pl.all()),
        "release_change": changed.select(pl.lit(release_id).alias("release_id"), pl.all()),
    }
    # Columns that a newer code added are empty in the releases before it.
    return {
        name: pl.concat([history[name], table], how="diagonal_relaxed").select(table.columns) if history else table
        for name, table in now.items()
    }


_COUNTS = """
    SELECT (SELECT count(*) FROM dim_bulletin)                                                AS bulletins,
           (SELECT max(fetched_at) FROM dim_bulletin)                                         AS newest,
           (SELECT count(*) FROM number_ledger)                                               AS numbers,
           (SELECT count(*) FROM fact_observation)                                            AS observations,
           (SELECT count(*) FROM fact_observation WHERE NOT valid)                            AS quarantined,
           (SELECT count(*) FROM fact_indicator)                                              AS facts,
           (SELECT count(*) FROM fact_indicator WHERE NOT starts_with(indicator_key, 'open:')) AS facts_catalogued,
           (SELECT count(*) FROM conflict)                                                    AS conflicts,
           (SELECT count(DISTINCT city_key) FROM fact_indicator)                              AS cities
"""


def _without_zone(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)

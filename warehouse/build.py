"""The star as one DuckDB file.

Here belongs how the tables of `star` get into a file, with their comments and views; where that file is put and how it is
published is in `publish`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from bulletins.catalog import Catalog
from bulletins.frames import empty
from bulletins.resolve import Resolution
from warehouse import connections
from warehouse.changes import CHANGES, Published, compare
from warehouse.star import SCHEMA_FOLDER, star_tables

VIEWS_FOLDER = Path(__file__).parent / "views"
_ROWS_AT_ONCE = 500_000
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


def build(
    path: Path,
    *,
    pages: pl.DataFrame,
    observations: pl.DataFrame,
    ledger: pl.DataFrame,
    quarantine: pl.DataFrame,
    resolution: Resolution,
    catalog: Catalog,
    release: Release,
    previous: Path | None = None,
) -> BuildReport:
    """Write the complete warehouse to `path`, which nobody reads yet.

    Args:
        path: the staging file; what is there is replaced.
        pages: schema PAGES.
        observations: schema OBSERVATIONS, all that were read, valid or not.
        ledger: schema LEDGER.
        quarantine: schema QUARANTINE.
        resolution: of the valid observations.
        catalog: indicators and places.
        release: what the build is made from.
        previous: the file published before, whose history is carried on and compared with.

    Raises:
        ValueError: the frames do not fit each other, or `previous` cannot be read.
        OSError: the disk is full or not writable; what was written is removed.
    """
    tables = star_tables(
        pages=pages,
        observations=observations,
        ledger=ledger,
        quarantine=quarantine,
        resolution=resolution,
        catalog=catalog,
        reader_version=release.reader_version,
    )
    content = _digest(tables)
    release_id = f"{release.built_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{content[:8]}"
    tables |= _release_tables(release, release_id, content, tables, previous)
    rows = {name: table.height for name, table in tables.items()}
    try:
        with connections.write(path) as connection:
            connection.begin()
            for statements in sorted(SCHEMA_FOLDER.glob("*.sql")):
                connection.execute(statements.read_text("utf-8"))
            for name in list(tables):
                # In slices: each is copied on its way in, and the whole of the largest table is gigabytes.
                for incoming in tables.pop(name).iter_slices(_ROWS_AT_ONCE):  # noqa: B007  (DuckDB finds it by its name)
                    connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
            for statements in _views():
                connection.execute(statements.read_text("utf-8"))
            connection.commit()
    except (duckdb.Error, OSError) as error:
        for leftover in (path, path.with_name(path.name + ".wal")):
            leftover.unlink(missing_ok=True)
        if isinstance(error, duckdb.IOException) or "No space left" in str(error):
            raise OSError(f"{path} cannot be written ({error}); is there room on the disk?") from error
        raise
    return BuildReport(path, release_id, content, rows)


def _views() -> list[Path]:
    """The views in the order in which they build on each other: all read `indicator_values`, none another."""
    return sorted(VIEWS_FOLDER.glob("*.sql"), key=lambda path: (path.stem != "indicator_values", path.stem))


def _digest(tables: Mapping[str, pl.DataFrame]) -> str:
    """SHA-256 over the content of the tables; the same rows give the same, whatever the file looks like."""
    digest = hashlib.sha256()
    for name, table in sorted(tables.items()):
        digest.update(f"{name}:{','.join(table.columns)}:{table.height}\n".encode())
        digest.update(table.hash_rows().to_numpy().tobytes())
    return digest.hexdigest()


def _release_tables(
    release: Release, release_id: str, content: str, tables: Mapping[str, pl.DataFrame], previous: Path | None
) -> dict[str, pl.DataFrame]:
    """The three tables on releases: the history of the file published before, and this release."""
    history: dict[str, pl.DataFrame] = {}
    changed = empty(CHANGES)
    if previous is not None:
        with connections.read(previous) as connection:
            try:
                before = Published.of_file(connection)
                history = {
                    name: connection.sql(f"SELECT * FROM {name} WHERE release_id <> '{release_id}'").pl()
                    for name in _RELEASE_TABLES
                }
            except duckdb.Error as error:
                advice = "move it aside and run again"
                raise connections.WarehouseError(
                    f"{previous} has other tables than this code ({str(error).splitlines()[0]}); {advice}"
                ) from error
        changed = compare(before, Published.of_tables(tables), release.sources)
    facts, observations = tables["fact_indicator"], tables["fact_observation"]
    first_seen = tables["dim_bulletin"].select(pl.col("fetched_at").max()).item()
    counts = dict(changed["change"].value_counts().iter_rows())
    row = {
        "release_id": release_id,
        "previous_release_id": history["release"].sort("built_at", "release_id")["release_id"].last()
        if history
        else None,
        "built_at": _without_zone(release.built_at),
        "data_as_of": _without_zone(release.data_as_of) if release.data_as_of else first_seen,
        "code_version": release.code_version,
        "reader_version": release.reader_version,
        "content_sha256": content,
        "bulletins": tables["dim_bulletin"].height,
        "numbers": tables["number_ledger"].height,
        "observations": observations.height,
        "quarantined": observations.height - observations["valid"].sum(),
        "facts": facts.height,
        "facts_catalogued": facts.height - facts["indicator_key"].str.starts_with("open:").sum(),
        "conflicts": tables["conflict"].height,
        "cities": facts["city_key"].n_unique(),
        **{change: counts.get(change, 0) for change in ("added", "removed", "revised", "reflagged")},
    }
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


def _without_zone(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)

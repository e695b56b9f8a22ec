"""What the checks of a star look at, asked where it lies: counts of all rows, and of the rows only those that seem at fault.

Here belong the views that a star is checked by (`examined.sql`) and how they are asked; what must hold of their rows is said in
`expectations`, and reaches this module as conditions in SQL. The tables are never loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from warehouse import connections

_VIEWS = Path(__file__).with_suffix(".sql")


class Examined(NamedTuple):
    """What was seen of a view.

    Attributes:
        rows: how many rows it has.
        evaluated: for each rule, of how many of these it has something to say.
        suspects: the rows that seem to break a rule, in the order of their first column.
    """

    rows: int
    evaluated: Mapping[str, int]
    suspects: pl.DataFrame


@contextmanager
def examining(path: Path, bounds: pl.DataFrame, excused: pl.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a star to be checked.

    Args:
        path: the file.
        bounds: columns code, catalog_unit, lower, upper: what the values of an indicator may be.
        excused: column observation_key: those that a person accepted although they break a rule; their values have no bounds.

    Raises:
        WarehouseError: the file cannot be opened.
    """
    with connections.read(path) as connection:
        connection.register("bounds", bounds.to_arrow())
        connection.register("excused", excused.to_arrow())
        connection.execute(_VIEWS.read_text("utf-8"))
        yield connection


def examine(connection: duckdb.DuckDBPyConnection, view: str, questions: Mapping[str, tuple[str, str]]) -> Examined:
    """Ask of the rows of a view whether they are examined and whether they break each rule.

    Args:
        connection: from `examining`.
        view: of `examined.sql`.
        questions: rule -> two conditions, whether it has something to say of a row, and whether the row breaks it.
    """
    counts = ", ".join(f"count(*) FILTER ({condition})" for asked in questions.values() for condition in asked)
    rows, *counted = connection.execute(f"SELECT count(*), {counts} FROM {view}").fetchall()[0]
    broken = [asked[1] for asked, count in zip(questions.values(), counted[1::2], strict=True) if count]
    suspicious = " OR ".join(f"({condition})" for condition in broken) or "false"
    return Examined(
        rows,
        dict(zip(questions, counted[::2], strict=True)),
        connection.sql(f"SELECT * FROM {view} WHERE {suspicious} ORDER BY 1").pl(),
    )


def kept_by_city(path: Path, previous: Path | None) -> pl.DataFrame:
    """Return how much of each city stayed: columns city_key, before, now, kept, same, each a number of values.

    Args:
        path: the new star.
        previous: the file published before; None where there is none.

    Raises:
        WarehouseError: `path` cannot be opened.
    """
    with connections.read(path) as connection:
        before = "SELECT city_key, cell_key, value FROM fact_indicator WHERE false"
        if previous is not None:
            with connections.read(previous) as published:  # which another program may hold for writing
                was = published.sql("SELECT city_key, cell_key, value FROM fact_indicator").pl()
            connection.register("published_before", was)
            before = "SELECT city_key, cell_key, value FROM published_before"
        cities: pl.DataFrame = connection.sql(_KEPT.format(before=before)).pl()
        return cities


_KEPT = """
    SELECT
        city_key,
        count(was.value)                            AS before,
        count(now.value)                            AS now,
        count(*) FILTER (was.value IS NOT NULL AND now.value IS NOT NULL) AS kept,
        count(*) FILTER (was.value = now.value)     AS same
    FROM fact_indicator AS now FULL JOIN ({before}) AS was USING (city_key, cell_key)
    GROUP BY city_key ORDER BY city_key
"""

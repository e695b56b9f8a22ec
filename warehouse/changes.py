"""What a release changes against the one before it, cell by cell, and why.

Here belongs the comparison of two releases as frames; whether a change is tolerable is in `guard`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl

CHANGES: Mapping[str, pl.DataType] = {
    "change": pl.String(),  # added, removed, revised, reflagged
    "cell_key": pl.String(),
    "old_value": pl.Float64(),
    "new_value": pl.Float64(),
    "old_observation_key": pl.String(),
    "new_observation_key": pl.String(),
    "cause": pl.String(),  # one of CAUSES
}

#: Why a cell changed, in Chinese and English.
CAUSES: Mapping[str, tuple[str, str]] = {
    "new_page": ("新网页", "a new page"),
    "new_version": ("网页有了新版本", "a new version of the page"),
    "quarantined": ("被隔离", "the observation was quarantined"),
    "passed_over": ("他者优先", "another observation is preferred now"),
    "rivals_changed": ("同格其他观测变化", "the cell's other observations changed"),
    "page_gone": ("网页不在其列", "the page is no longer among the sources' pages"),
    "source_removed": ("来源撤下", "the source was taken from the list"),
    "read_anew": ("读法或目录改变", "the reader or the catalogue changed"),
}

_FACTS = "cell_key", "value", "value_high", "qualifier", "conflict", "observation_key"


@dataclass(frozen=True, slots=True)
class Published:
    """What a comparison needs of one release.

    Attributes:
        facts: the published values, with the `bulletin_key` that each was read from.
        observations: `observation_key, valid, known_to` of all observations.
        bulletins: `bulletin_key, url, source_id` of all page versions.
    """

    facts: pl.DataFrame
    observations: pl.DataFrame
    bulletins: pl.DataFrame

    @classmethod
    def of_file(
        cls,
        connection: duckdb.DuckDBPyConnection,
        places: Collection[str] | None = None,
        observations: Collection[str] | None = None,
    ) -> Published:
        """Read what is needed from an open warehouse file.

        Args:
            connection: the file.
            places: the `city_key` of the places whose values are read; None for all.
            observations: the keys of the observations that are read; None for all.
        """
        columns = ", ".join(_FACTS)
        return cls(
            facts=_those(
                connection,
                f"SELECT {columns}, bulletin_key FROM fact_indicator"
                " JOIN (SELECT observation_key, bulletin_key FROM fact_observation) USING (observation_key)",
                "city_key",
                places,
            ),
            observations=_those(
                connection,
                "SELECT observation_key, valid, known_to FROM fact_observation",
                "observation_key",
                observations,
            ),
            bulletins=connection.sql("SELECT bulletin_key, url, source_id FROM dim_bulletin").pl(),
        )


def _those(
    connection: duckdb.DuckDBPyConnection, query: str, column: str, asked: Collection[str] | None
) -> pl.DataFrame:
    """The rows of a query whose `column` is among the asked; all where None is given."""
    which = "true" if asked is None else f"{column} IN (SELECT unnest($asked::VARCHAR[]))"
    params = None if asked is None else {"asked": list(asked)}
    rows: pl.DataFrame = connection.sql(f"{query} WHERE {which}", params=params).pl()
    return rows


def changes_between(
    before: duckdb.DuckDBPyConnection, after: duckdb.DuckDBPyConnection, listed: Collection[str] | None = None
) -> pl.DataFrame:
    """Return what one open file changes against an earlier one, as `compare` does; only places that differ are looked at."""
    columns = ", ".join(_FACTS)
    digests = f"""
        SELECT city_key, count(*) AS facts, sum(hash({columns}))::VARCHAR AS digest FROM fact_indicator GROUP BY city_key
    """
    sides = [connection.sql(digests).pl() for connection in (before, after)]
    differ = {
        place
        for one, other in (sides, sides[::-1])
        for place in one.join(other, on=one.columns, how="anti")["city_key"]
    }
    earlier = Published.of_file(before, differ, ())
    later = Published.of_file(after, differ, earlier.facts["observation_key"].to_list())
    return compare(earlier, later, listed)


def compare(before: Published, after: Published, listed: Collection[str] | None = None) -> pl.DataFrame:
    """Return every cell that `after` adds, removes, revises or reflags, schema CHANGES, sorted by cell.

    Revised is another value; reflagged is the same value with another qualifier, flag or source.

    Args:
        before: the earlier release.
        after: the later release.
        listed: the ids of all sources in the source list of `after`. A source that is not among them was taken off on
            purpose; where the list is not known, no source is held to be.
    """
    sides = before.facts.join(after.facts, on="cell_key", how="full", suffix="_new", coalesce=True)
    is_new, is_gone = pl.col("observation_key").is_null(), pl.col("observation_key_new").is_null()
    other_value = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in ("value", "value_high"))
    other_flag = pl.any_horizontal(
        pl.col(name) != pl.col(f"{name}_new") for name in ("qualifier", "conflict", "observation_key")
    )
    change = (
        pl.when(is_new)
        .then(pl.lit("added"))
        .when(is_gone)
        .then(pl.lit("removed"))
        .when(other_value)
        .then(pl.lit("revised"))
        .when(other_flag)
        .then(pl.lit("reflagged"))
    )
    old_state = after.observations.select(
        "observation_key", now_valid="valid", now_replaced=pl.col("known_to").is_not_null()
    )
    known_pages = before.bulletins.select(bulletin_key_new="bulletin_key", page_was_known=pl.lit(True))
    known_addresses = before.bulletins.select("url", address_was_known=pl.lit(True)).unique()
    return (
        sides.with_columns(change=change)
        .filter(pl.col("change").is_not_null())
        .join(old_state, on="observation_key", how="left")
        .join(before.bulletins.select("bulletin_key", "source_id"), on="bulletin_key", how="left")
        .join(after.bulletins.select("bulletin_key", page_stays=pl.lit(True)), on="bulletin_key", how="left")
        .with_columns(taken_off=~pl.col("source_id").is_in(list(listed)) if listed is not None else pl.lit(False))
        .join(after.bulletins.select(bulletin_key_new="bulletin_key", url="url"), on="bulletin_key_new", how="left")
        .join(known_pages, on="bulletin_key_new", how="left")
        .join(known_addresses, on="url", how="left")
        .select(
            "change",
            "cell_key",
            old_value="value",
            new_value="value_new",
            old_observation_key="observation_key",
            new_observation_key="observation_key_new",
            cause=_cause(),
        )
        .sort("cell_key")
    )


def _cause() -> pl.Expr:
    """Why the old value left its cell or changed; where there was none, where the new one comes from."""
    observation, successor = pl.col("observation_key"), pl.col("observation_key_new")
    return (
        pl.when(observation.is_null() & pl.col("page_was_known"))
        .then(pl.lit("read_anew"))
        .when(observation.is_null() & pl.col("address_was_known"))
        .then(pl.lit("new_version"))
        .when(observation.is_null())
        .then(pl.lit("new_page"))
        .when(~pl.col("now_valid"))
        .then(pl.lit("quarantined"))
        .when(pl.col("now_replaced"))
        .then(pl.lit("new_version"))
        .when(pl.col("page_stays").is_null() & pl.col("taken_off"))
        .then(pl.lit("source_removed"))
        .when(pl.col("page_stays").is_null())
        .then(pl.lit("page_gone"))
        .when(pl.col("now_valid") & (observation != successor))
        .then(pl.lit("passed_over"))
        .when((pl.col("value") == pl.col("value_new")) & (pl.col("conflict") != pl.col("conflict_new")))
        .then(pl.lit("rivals_changed"))
        .otherwise(pl.lit("read_anew"))
    )

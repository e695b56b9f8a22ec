"""`catalog/bounds.csv`, `levels.csv` and `relations.csv`: what a figure can be, and how figures hang together, as frames.

Here belongs how these files are read and checked against the indicators. They are wide on purpose: `lower` and `upper` are
what no right figure passes, `usual_lower` and `usual_upper` what nine hundred and ninety-nine in a thousand keep to.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from bulletins.catalog import CATALOG_FOLDER, LEVELS, CatalogError, load_catalog

#: bounds.csv: an indicator in the catalogue's unit and period. `by_level` yes: the figures are of a prefecture, and
#: levels.csv scales them. `jump` is the greatest factor by which a level usually changes from one year to the next.
_BOUNDS: Mapping[str, pl.DataType] = {
    "indicator": pl.String(),
    "by_level": pl.String(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "usual_lower": pl.Float64(),
    "usual_upper": pl.Float64(),
    "jump": pl.Float64(),
}
_LEVELS: Mapping[str, pl.DataType] = {
    "level": pl.String(),
    "lower_factor": pl.Float64(),
    "upper_factor": pl.Float64(),
}
#: relations.csv: of figures of one place, year, status and period, scale × left ÷ over ÷ result (where there is one) lies
#: between the bounds. An empty area means any, the same on all sides; an empty period means any.
RELATIONS: Mapping[str, pl.DataType] = {
    "relation": pl.String(),
    "left": pl.String(),
    "left_area": pl.String(),
    "over": pl.String(),
    "over_area": pl.String(),
    "result": pl.String(),
    "scale": pl.Float64(),
    "period": pl.String(),
    "lower": pl.Float64(),
    "upper": pl.Float64(),
    "usual_lower": pl.Float64(),
    "usual_upper": pl.Float64(),
    "meaning_zh": pl.String(),
}


@functools.cache
def load_bounds(folder: Path = CATALOG_FOLDER) -> pl.DataFrame:
    """One row an indicator and level of place: `indicator, level, possible_lower/upper, usual_lower/upper, jump`.

    Raises:
        CatalogError: an entry cannot be used.
    """
    indicators = frozenset(load_catalog(folder).indicators)
    bounds = _read(folder / "bounds.csv", _BOUNDS)
    _all_known(folder / "bounds.csv", bounds, "indicator", indicators)
    _ordered(folder / "bounds.csv", bounds)
    levels = _read(folder / "levels.csv", _LEVELS)
    _all_known(folder / "levels.csv", levels, "level", LEVELS)
    if lacking := indicators - set(bounds["indicator"]):
        raise CatalogError(f"bounds.csv: no line for {', '.join(sorted(lacking))}; add one with wide bounds for each")
    scaled = pl.col("by_level") == "yes"
    lower = pl.when(scaled).then("lower_factor").otherwise(1.0)
    upper = pl.when(scaled).then("upper_factor").otherwise(1.0)
    return bounds.join(levels, how="cross").select(
        "indicator",
        "level",
        "jump",
        possible_lower=pl.col("lower") * lower,
        possible_upper=pl.col("upper") * upper,
        usual_lower=pl.col("usual_lower") * lower,
        usual_upper=pl.col("usual_upper") * upper,
    )


@functools.cache
def load_relations(folder: Path = CATALOG_FOLDER) -> pl.DataFrame:
    """The relations between figures, schema `RELATIONS`.

    Raises:
        CatalogError: an entry cannot be used.
    """
    indicators = frozenset(load_catalog(folder).indicators)
    path = folder / "relations.csv"
    relations = _read(path, RELATIONS)
    for column in ("left", "over", "result"):
        _all_known(path, relations, column, indicators | {""} if column == "result" else indicators)
    _ordered(path, relations)
    return relations


def _read(path: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    try:
        raw = pl.read_csv(path, infer_schema=False).fill_null("")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CatalogError(f"{path}: cannot be read ({error}); columns: {', '.join(schema)}") from error
    if raw.columns != list(schema):
        raise CatalogError(f"{path}: has columns {', '.join(raw.columns)}; they must be {', '.join(schema)}")
    frame = raw.select(pl.col(name).cast(dtype, strict=False) for name, dtype in schema.items())
    for name in schema:
        for line in frame.with_row_index("line", 2).filter(pl.col(name).is_null())["line"]:
            raise CatalogError(f"{path.name}, line {line}: {name} «{raw[name][line - 2]}» is not a number")
    return frame


def _all_known(path: Path, frame: pl.DataFrame, column: str, known: frozenset[str]) -> None:
    for line, value in enumerate(frame[column], start=2):
        if value not in known:
            raise CatalogError(f"{path.name}, line {line}: {column} «{value}» is not known; mend it or define it first")


def _ordered(path: Path, frame: pl.DataFrame) -> None:
    order = pl.all_horizontal(
        pl.col("lower") <= pl.col("usual_lower"),
        pl.col("usual_lower") < pl.col("usual_upper"),
        pl.col("usual_upper") <= pl.col("upper"),
    )
    for line in frame.with_row_index("line", 2).filter(~order)["line"]:
        raise CatalogError(f"{path.name}, line {line}: bounds must rise: lower, usual_lower, usual_upper, upper")

"""Many observations of one cell -> the one that is published, by a written rule.

Here belong what one cell of the star is, when two printed numbers agree, which of several is published, and how long
each was current. Nothing here decides whether a number is plausible (that is `expectations`) or how tables are laid out
(`warehouse`).

A cell is place × period × indicator (with its variant, or an open indicator's label) × area × status × measure × unit ×
period paid for. Every period has cells of its own: January to September neither supersedes nor contradicts the half-year, and
a month is not the year. Only where pages name no period beyond `a part of the year` (今年以来, 目前) share their figures a cell, and
there the one published in a later quarter counts. Values of a cell are compared in the catalogue's unit and period: 10440 元/年 of a monthly
standard is 870.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bulletins.catalog import CATALOG_FOLDER, Catalog, CatalogError
from bulletins.choice import beside_chosen, names_period, with_clues
from bulletins.frames import OBSERVATIONS, UTC, conform

_UNBOUNDED = float("inf")
#: (printed, wanted) period paid for -> the fraction by which a value is multiplied.
_PERIOD_FACTORS = {
    ("year", "month"): (1.0, 12.0),
    ("month", "year"): (12.0, 1.0),
    ("day", "month"): (365.0, 12.0),
    ("day", "year"): (365.0, 1.0),
}

FACTS: Mapping[str, pl.DataType] = {
    "cell_key": pl.String(),  # the cell in words: 510100|2021|dibao_standard|districts|actual|level|annual|CNY|month;
    # for annual stands the exact period where it is not the calendar year: 510100|2021|marriages|all|actual|level|2021-Q3|couple|
    "place": pl.String(),
    "place_code": pl.String(),
    "year": pl.Int32(),
    "indicator_key": pl.String(),  # code, code:variant, or open:label:unit
    "indicator": pl.String(),  # catalogue code, empty for an open indicator
    "variant": pl.String(),
    "label": pl.String(),  # of an open indicator; empty for a catalogued one
    "area": pl.String(),
    "status": pl.String(),
    "measure": pl.String(),
    "period": pl.String(),
    "time_period": pl.String(),
    "unit": pl.String(),
    "per": pl.String(),  # of `value`
    "value": pl.Float64(),  # in the catalogue's unit and period
    "value_high": pl.Float64(),
    "qualifier": pl.String(),
    "observation_key": pl.String(),  # the one that is published
    "observations": pl.Int32(),  # current ones in the cell, with the published
    "conflict": pl.Boolean(),  # at least one of them disagrees beyond rounding
}

CONFLICTS: Mapping[str, pl.DataType] = {
    "cell_key": pl.String(),
    "observation_key": pl.String(),  # the published side
    "rival_observation_key": pl.String(),
    "value": pl.Float64(),
    "rival_value": pl.Float64(),
    "difference": pl.Float64(),  # rival minus published
    "relative_difference": pl.Float64(),  # to the published value; null where that is 0
    "rule": pl.String(),  # what chose between the two
    "same_bulletin": pl.Boolean(),  # two numbers of one page: rather two things under one name than a revision
}

RESOLVED: Mapping[str, pl.DataType] = {
    **OBSERVATIONS,
    "cell_key": pl.String(),  # null where place, year, value or any name of the thing counted is missing
    "indicator_key": pl.String(),
    "variant": pl.String(),
    "standard_value": pl.Float64(),  # in the catalogue's unit and period
    "standard_value_high": pl.Float64(),
    "standard_per": pl.String(),
    "low": pl.Float64(),  # what the printed digits and the qualifier allow, in the standard unit; null: no bound
    "high": pl.Float64(),
    "known_from": UTC,  # when this version of the page was first seen
    "known_to": UTC,  # when a newer version took its place; null while it is current
    "preference": pl.Int32(),  # 1 is the best of the cell by all criteria but the page's version
    "outcome": pl.String(),  # published, the code of the rule that preferred another one, or no_cell
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is published, what it disagrees with, and what became of every observation.

    Attributes:
        facts: one row a cell, schema `FACTS`, sorted by `cell_key`.
        conflicts: one row a disagreeing observation of a published cell, schema `CONFLICTS`.
        observations: every observation that was given, schema `RESOLVED`, sorted by `observation_key`.
    """

    facts: pl.DataFrame
    conflicts: pl.DataFrame
    observations: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Variant:
    """A kind of thing that a catalogued indicator is published for separately, told by words of the label."""

    indicator: str
    variant: str
    pattern: str
    name_zh: str
    name_en: str


@functools.cache
def load_variants(path: Path = CATALOG_FOLDER / "variants.csv") -> tuple[Variant, ...]:
    """Read the variants of indicators; of several patterns that match a label the first in the file counts.

    Raises:
        CatalogError: the file cannot be read or a pattern is no regular expression.
    """
    try:
        rows = pl.read_csv(path, infer_schema=False).rows(named=True)
        variants = tuple(Variant(**row) for row in rows)
    except (OSError, pl.exceptions.PolarsError, TypeError) as error:
        raise CatalogError(
            f"{path}: cannot be read ({error}); columns: indicator,variant,pattern,name_zh,name_en"
        ) from error
    for line, entry in enumerate(variants, start=2):
        try:
            pl.Series([""]).str.contains(entry.pattern)
        except pl.exceptions.PolarsError as error:
            raise CatalogError(
                f"{path.name}, line {line}: pattern «{entry.pattern}» is no regular expression"
            ) from error
    return variants


def resolve(observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog) -> Resolution:
    """Choose the published observation of every cell by `RULES`.

    Args:
        observations: valid observations, schema OBSERVATIONS; a superseded page version's are given too.
        pages: every version of every page, schema PAGES.
        catalog: for each indicator's unit and period paid for.

    Raises:
        ValueError: an observation's bulletin is not among the pages.
    """
    observations = conform(observations, OBSERVATIONS)
    if orphans := observations.join(pages, on="bulletin_key", how="anti")["bulletin_key"].unique().sort().to_list():
        raise ValueError(
            f"observations of pages that were not given: {orphans[:5]}; pass the pages they were read from"
        )
    of_pages = pages.select("bulletin_key", "published_on", page_kind="kind", page_place="place").join(
        page_times(pages), on="bulletin_key"
    )
    prepared = _beside(observations, of_pages, "bulletin_key").pipe(standardise, catalog)
    # Most cells are stated once, and there is nothing to choose; the comparison is spared them.
    contested = prepared.filter(pl.col("cell_key").is_duplicated() & pl.col("cell_key").is_not_null())
    return _published(prepared, with_clues(contested, prepared, pages, catalog).pipe(beside_chosen))


def _beside(frame: pl.DataFrame, other: pl.DataFrame, key: str) -> pl.DataFrame:
    """A left join that copies nothing of `frame`: its rows are wide and many."""
    found = frame.select(key).join(other, on=key, how="left", maintain_order="left")
    return frame.hstack(found.drop(key))


def standardise(observations: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add what makes printed numbers comparable, whatever else the frame holds.

    Returns:
        The rows with `variant`, `indicator_key`, `cell_key`, `standard_value`, `standard_value_high` and `standard_per` as
        in `RESOLVED`; `step`, the worth of the last printed digit; `low` and `high`, between which digits and qualifier
        allow the standard value to be, infinite where they set no bound.
    """
    return observations.pipe(_with_standard_values, catalog).pipe(_with_bounds).pipe(_with_cells)


def page_times(pages: pl.DataFrame) -> pl.DataFrame:
    """Return `bulletin_key, known_from, known_to`: when each page version was the current one of its address.

    `known_to` is null while it still is. Pages without an address (files) are never replaced.
    """
    address = pl.when(pl.col("url") == "").then("bulletin_key").otherwise("url")
    return (
        pages.with_columns(address=address)
        .sort("address", "fetched_at", "bulletin_key")
        .select("bulletin_key", known_from="fetched_at", known_to=pl.col("fetched_at").shift(-1).over("address"))
    )


def _with_standard_values(observations: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add the variant, the indicator's key, and the factor from the printed period to the catalogue's."""
    known = pl.DataFrame(
        [(item.code, item.unit, item.per) for item in catalog.indicators.values()],
        schema={"indicator": pl.String, "catalog_unit": pl.String, "catalog_per": pl.String},
        orient="row",
    )
    variant = pl.lit("")
    for entry in reversed(load_variants()):
        fits = (pl.col("indicator") == entry.indicator) & pl.col("label").str.contains(entry.pattern)
        variant = pl.when(fits).then(pl.lit(entry.variant)).otherwise(variant)
    printed = pl.col("per")
    wanted = pl.when(pl.col("unit") == pl.col("catalog_unit")).then("catalog_per").otherwise(pl.lit(""))
    standard_per = pl.when(printed == "").then(wanted).otherwise(printed)
    times, parts = pl.lit(1.0), pl.lit(1.0)
    for (have, want), (numerator, denominator) in _PERIOD_FACTORS.items():
        converts = (printed == have) & (wanted == want)
        standard_per = pl.when(converts).then(pl.lit(want)).otherwise(standard_per)
        times = pl.when(converts).then(numerator).otherwise(times)
        parts = pl.when(converts).then(denominator).otherwise(parts)

    def standard(value: str) -> pl.Expr:
        return pl.col(value) * pl.col("times") / pl.col("parts")

    return (
        _beside(observations, known, "indicator")
        .with_columns(variant=variant, standard_per=standard_per, times=times, parts=parts)
        .with_columns(standard_value=standard("value"), standard_value_high=standard("value_high"))
        .drop("catalog_unit", "catalog_per")
    )


def _with_bounds(observations: pl.DataFrame) -> pl.DataFrame:
    """Add `step`, the worth of the last printed digit, and what digits and qualifier allow the value to be.

    `1.22万` has a step of 100 and stands for 12150 to 12250; `1.2万` stands for 11500 to 12500, so the two agree. With
    余 or 多 the last digit that is not zero counts (`6400余` is 6400 to 6500); other lower bounds (超, 不少于) have no
    upper end. Of a number in words the last digit that is not zero counts too (`三成` is 25 to 35).
    """
    digits = (
        pl.col("text")
        .str.replace_many(list("０１２３４５６７８９．，"), list("0123456789.,"))
        .str.replace_all(r"[\s,]", "")
    )
    numbers = digits.str.extract_all(r"\d*\.?\d+")
    # A ratio prints two numbers (1:0.81) and is the one with decimals; of a range the lower end tells the step.
    number = (
        pl.when(pl.col("unit") == "ratio")
        .then(pl.coalesce(digits.str.extract(r"(\d*\.\d+)"), numbers.list.last()))
        .when((numbers.list.len() == 1) | pl.col("value_high").is_not_null())
        .then(numbers.list.first())
    )
    magnitude = pl.col("value").abs()
    whole = pl.when((magnitude < 2**53) & (magnitude == magnitude.floor())).then(magnitude.cast(pl.Int64, strict=False))
    zeros = pl.when(whole == 0).then(0).otherwise(whole.cast(pl.String).str.extract("(0*)$").str.len_chars())
    scale = pl.col("times") / pl.col("parts")
    low, high = pl.col("standard_value"), pl.coalesce("standard_value_high", "standard_value")
    loose = pl.min_horizontal("coarse_step", pl.max_horizontal(0.1 * low.abs(), "step"))
    open_ended = (pl.col("qualifier") == "ge") & ~pl.col("text").str.contains("余|多")
    return (
        observations.with_columns(number=number)
        .with_columns(
            printed=pl.col("number").cast(pl.Float64, strict=False),
            decimals=pl.col("number").str.extract(r"\.(\d+)$").str.len_chars().fill_null(0),
            coarse_step=10.0**zeros,
        )
        .with_columns(
            step=scale
            * pl.when(pl.col("printed") > 0)
            .then(pl.col("value").abs() / pl.col("printed") * 10.0 ** -pl.col("decimals").cast(pl.Float64))
            .otherwise(pl.col("coarse_step").fill_null(0.0)),
        )
        .with_columns(coarse_step=pl.coalesce(pl.col("coarse_step") * scale, "step"))
        .with_columns(
            low=pl.when(pl.col("qualifier") == "le")
            .then(-_UNBOUNDED)
            .when(pl.col("qualifier") == "ge")
            .then(low)
            .when(pl.col("qualifier") == "approx")
            .then(low - loose)
            .otherwise(low - pl.col("step") / 2),
            high=pl.when(open_ended)
            .then(_UNBOUNDED)
            .when(pl.col("qualifier") == "ge")
            .then(high + pl.col("coarse_step"))
            .when(pl.col("qualifier") == "le")
            .then(high)
            .when(pl.col("qualifier") == "approx")
            .then(high + loose)
            .otherwise(high + pl.col("step") / 2),
        )
        .drop("number", "printed", "decimals", "coarse_step", "times", "parts")
    )


def _with_cells(observations: pl.DataFrame) -> pl.DataFrame:
    """Add the indicator's key and the cell's; an observation that names no place, year or thing has no cell."""
    paid = pl.when(pl.col("standard_per") != "").then("/" + pl.col("standard_per")).otherwise(pl.lit(""))
    indicator_key = (
        pl.when(pl.col("indicator") == "")
        .then("open:" + pl.col("label") + ":" + pl.col("unit") + paid)
        .when(pl.col("variant") != "")
        .then(pl.col("indicator") + ":" + pl.col("variant"))
        .otherwise("indicator")
    )
    place = pl.coalesce("place_code", pl.when(pl.col("place") != "").then("place"))
    named = (pl.col("indicator") != "") | (pl.col("label") != "")
    # So the keys of annual values are those of releases that knew no exact periods.
    period = pl.when(names_period()).then("time_period").otherwise("period")
    cell = pl.concat_str(
        place, "year", "indicator_key", "area", "status", "measure", period, "unit", "standard_per", separator="|"
    )
    return observations.with_columns(indicator_key=pl.when(named).then(indicator_key)).with_columns(
        cell_key=pl.when(pl.col("value").is_not_null()).then(cell)
    )


def _published(prepared: pl.DataFrame, compared: pl.DataFrame) -> Resolution:
    """What is published of all observations, where those of contested cells have been compared."""
    difference = pl.col("standard_value") - pl.col("chosen_standard_value")
    conflicts = compared.filter("disagrees").select(
        "cell_key",
        observation_key="chosen_observation_key",
        rival_observation_key="observation_key",
        value="chosen_standard_value",
        rival_value="standard_value",
        difference=difference,
        relative_difference=pl.when(pl.col("chosen_standard_value") != 0).then(
            difference / pl.col("chosen_standard_value").abs()
        ),
        rule="outcome",
        same_bulletin=pl.col("bulletin_key") == pl.col("chosen_bulletin_key"),
    )
    alone = (
        pl.when(pl.col("cell_key").is_null())
        .then(pl.lit("no_cell"))
        .when(pl.col("known_to").is_null())
        .then(pl.lit("published"))
        .otherwise(pl.lit("newer_version"))
    )
    verdicts = compared.select("observation_key", "preference", "outcome")
    observations = _beside(prepared, verdicts, "observation_key").with_columns(
        outcome=pl.coalesce("outcome", alone),
        preference=pl.coalesce("preference", pl.when(pl.col("cell_key").is_not_null()).then(1)),
    )
    cells = (
        compared.filter(pl.col("known_to").is_null())
        .group_by("cell_key")
        .agg(observations=pl.len(), conflict=pl.col("disagrees").any())
    )
    facts = (
        observations.filter(pl.col("outcome") == "published")
        .join(cells, on="cell_key", how="left")
        .with_columns(
            pl.col("observations").fill_null(1),
            pl.col("conflict").fill_null(False),
            label=pl.when(pl.col("indicator") == "").then("label").otherwise(pl.lit("")),
            per="standard_per",
            value="standard_value",
            value_high="standard_value_high",
        )
    )
    bounds = pl.when(pl.col("low", "high").is_finite()).then(pl.col("low", "high"))
    return Resolution(
        facts=conform(facts.select(list(FACTS)), FACTS).sort("cell_key"),
        conflicts=conform(conflicts, CONFLICTS).sort("cell_key", "rival_observation_key"),
        observations=conform(observations.with_columns(bounds).select(list(RESOLVED)), RESOLVED).sort(
            "observation_key"
        ),
    )

"""Tools with which figures are compared: which figures can be, when two differ, and rules that serve in one page and over many.

Here belongs what `within_page` and `over_pages` share. Every comparison allows for the printed digits: 1.22万 is any number
from 12150 to 12250, so that rounding never makes a finding.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from expectations.rules import ROW, Examination

#: A factor between two figures that should be one, and how far off it still counts: a slip of the unit or of a digit.
_SLIPS = {10.0: "十", 100.0: "一百", 1000.0: "一千", 10_000.0: "一万", 100_000_000.0: "一亿"}
_SLIP_TOLERANCE = 0.02
#: Figures of which a page states several in one cell: 五县由450元…其余十一县由420元; parts of a year that it does not name.
_many_in_one_cell = pl.col("area").is_in(["districts", "counties"]) | (
    (pl.col("period") == "partial")
    & (pl.col("time_period") == pl.col("year").cast(pl.String))
    & pl.col("kind").is_in(["flow", "amount"])
)
#: Columns that comparisons look at; joins of whole evidence with itself would be too wide for many rows.
_COMPARED = [
    ROW, "bulletin_key", "start", "sentence", "text", "label", "name_zh", "kind", "place", "place_code", "parent", "level",
    "area", "year", "status", "period", "time_period", "from_day", "to_day", "exact", "unit", "standard_per", "indicator", "indicator_key", "cell_key", "jump",
    "standard_value", "low", "high",
]  # fmt: skip


def levels(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows that state how much there is of something catalogued, in its own unit, with what is needed to compare them."""
    return frame.filter(
        pl.col("measure") == "level", pl.col("unit") == pl.col("expected_unit"), pl.col("cell_key").is_not_null()
    ).select(_COMPARED)


def rows_of(groups: pl.DataFrame) -> pl.Series:
    """The rows that groups of compared figures consist of."""
    sides = [groups[name] for name in groups.columns if name == ROW or name.startswith(f"{ROW}_")]
    return pl.concat(sides).drop_nulls().unique().rename(ROW)


def findings_on(groups: pl.DataFrame, detail: pl.Expr) -> pl.DataFrame:
    """A finding on each row of each group of figures that do not go together: columns `row` and `row_…`."""
    sides = [name for name in groups.columns if name == ROW or name.startswith(f"{ROW}_")]
    told = groups.with_columns(detail=detail)
    return pl.concat([told.select(pl.col(side).alias(ROW), "detail").drop_nulls() for side in sides])


def _apart() -> pl.Expr:
    """Whether the two sides of a pair differ by more than their printed digits allow."""
    return (pl.col("low") > pl.col("high_other")) | (pl.col("low_other") > pl.col("high"))


def _slip(ratio: pl.Expr) -> pl.Expr:
    """The name of the power of ten that `ratio` or its inverse is close to; null where it is none."""
    greater = pl.max_horizontal(ratio, 1 / ratio)
    name = pl.lit(None, dtype=pl.String)
    for factor, word in _SLIPS.items():
        name = pl.when((greater / factor - 1).abs() <= _SLIP_TOLERANCE).then(pl.lit(word)).otherwise(name)
    return name


def same_cell(*, slips: bool, across: pl.Expr | None = None) -> Callable[[pl.DataFrame], Examination]:
    """A rule on two prints of one cell, in one page or, `across`, in two.

    Args:
        slips: whether the rule is on those that differ by a power of ten, or on all others that differ.
        across: None to compare the prints of one page; else which rows of different pages are compared.
    """
    cell = ["cell_key", "bulletin_key"] if across is None else ["cell_key"]
    compared = ~_many_in_one_cell if across is None else across
    # 一档835元、二档418元: standards for several things under one code.
    one_thing = (pl.col("kind") != "standard") | (pl.col("label") == pl.col("label_other"))
    comparable = one_thing if across is None else pl.col("bulletin_key") != pl.col("bulletin_key_other")

    def examine(frame: pl.DataFrame) -> Examination:
        figures = levels(frame.filter(compared)).filter(pl.len().over(cell) > 1)
        # Pairs are many and differ in few cells: in those in which some figure lies above another.
        disputed = figures.filter(pl.col("low").max().over(cell) > pl.col("high").min().over(cell))
        pairs = (
            disputed.join(disputed, on=cell, suffix="_other", coalesce=False)
            .filter(pl.col(ROW) < pl.col(f"{ROW}_other"), _apart(), comparable)
            .with_columns(slip=_slip(pl.col("standard_value") / pl.col("standard_value_other")))
            .filter(pl.col("slip").is_not_null() == slips)
        )
        told = pl.format("{}一处印“{}”，一处印“{}”", "name_zh", "text", "text_other")
        named = pl.format("{}，疑为单位或数位相差{}倍", told, "slip") if slips else told
        return Examination(figures[ROW], findings_on(pairs, named))

    return examine


def growth(*, across: bool = False) -> Callable[[pl.DataFrame], Examination]:
    """A rule on printed changes: they are those from an earlier level to the level of their page.

    Args:
        across: whether the earlier level is the one that another page states for the year before, or one of the same page.
    """
    series = ["place", "indicator_key", "area"]
    relative = pl.col("unit") == "percent"
    of_the_unit = (
        (relative & (pl.col("expected_unit") != "percent"))
        | ((pl.col("unit") == "percentage_point") & (pl.col("expected_unit") == "percent"))
        | (~relative & (pl.col("unit") == pl.col("expected_unit")))
    )
    # The same part of the year before: its notation but for the year.
    part, part_old = (pl.col(name).str.slice(4) for name in ("time_period", "time_period_old"))
    year_before = (
        (pl.col("year_old") == pl.col("year") - 1) & (pl.col("period_old") == pl.col("period")) & (part == part_old)
    )
    same_page = pl.col("bulletin_key") == pl.col("bulletin_key_old")
    earlier = ~same_page & year_before if across else same_page & (year_before | (pl.col("status_old") == "previous"))

    def examine(frame: pl.DataFrame) -> Examination:
        shown = [
            ROW,
            "bulletin_key",
            *series,
            "year",
            "status",
            "period",
            "time_period",
            "name_zh",
            "text",
            "low",
            "high",
        ]
        changes = frame.filter(pl.col("measure") == "change", pl.col("cell_key").is_not_null(), of_the_unit)
        figures = levels(frame).select(shown)
        triples = (
            changes.select(*shown, "unit")
            .join(
                figures.filter(pl.col("status") != "previous"),
                on=["bulletin_key", *series, "year", "status", "period", "time_period"],
                suffix="_new",
            )
            .join(figures, on=series, suffix="_old")
            .filter(earlier, pl.col("low_old") > 0)
        )
        least, most = (
            pl.when(relative)
            .then((pl.col(f"{new}_new") / pl.col(f"{old}_old") - 1) * 100)
            .otherwise(pl.col(f"{new}_new") - pl.col(f"{old}_old"))
            for new, old in (("low", "high"), ("high", "low"))
        )
        # A decrease is printed without its sign.
        rises = (pl.col("low") <= most) & (pl.col("high") >= least)
        falls = (pl.col("low") <= -least) & (pl.col("high") >= -most)
        detail = pl.format("{}由 {} 到 {}，与所印增减 {} 不符", "name_zh", "text_old", "text_new", "text")
        return Examination(rows_of(triples), findings_on(triples.filter(~(rises | falls).any().over(ROW)), detail))

    return examine

"""Rules that compare the figures of one page with those of other pages: other years, other bulletins, other cities.

For the data steward: a figure that is right continues what was there before. These rules look at the current version of
every page that they are given. Where several other years agree with each other and one year stands apart by a large factor,
that year is held back (`error`); where it cannot be told which side is wrong, both are marked (`warning`). What a usual step
from one year to the next is stands for each indicator in `catalog/bounds.csv`, column `jump`.
"""

from __future__ import annotations

import polars as pl

from expectations.comparisons import findings_on, growth, levels, rows_of, same_cell
from expectations.rules import ROW, Examination, Rule, printed

#: Years that are compared with a year, before and after it.
_REACH = 3
#: Below this, a count may well double from one year to the next.
_LEAST_COUNT = 20
#: A year alone against others is held back when it stands apart by `jump` to this power.
_HELD_POWER = 2.5
#: A slip of the unit is named when the factor is this close to a power of ten, and the digits repeat the year before's when
#: a figure of at least this size is the same to the last digit.
_NAMED_WITHIN, _REPEATED_FROM = 2.5, 1000
#: Cities of one level that must state an indicator of a year before one of them can stand apart, and how far apart, in
#: robust standard deviations of the logarithm and as a factor at least.
_PEERS, _PEER_DEVIATIONS, _PEER_FACTOR = 8, 6.0, 3.0
_SERIES = ["place", "indicator_key", "area", "standard_per"]
#: What the figures of many places that are compared with each other have in common.
_ALIKE = ["indicator_key", "area", "standard_per", "level", "year"]
_CELL = ("cell_key",)


_current = pl.col("known_to").is_null()
_target = _current & (pl.col("status") == "target")
#: What the current pages state as fact about whole years.
_annual = (
    _current
    & (pl.col("status") == "actual")
    & (pl.col("period") == "annual")
    & (pl.col("time_period") == pl.col("year").cast(pl.String))
)


def _neighbours(frame: pl.DataFrame) -> pl.DataFrame:
    """One row a figure that has other years near it.

    Columns of the figure, and `others`, how many years it was compared with, `nearest`, their middle, `factor`, by how much
    the figure is above or below it, `apart`, whether that is unusual for each of them, and `spread` and `span`, their
    greatest factor and number of years from each other.
    """
    figures = levels(frame.filter(_annual)).filter(pl.col("standard_value") > 0)
    years = figures.group_by(*_SERIES, "year").agg(other=pl.col("standard_value").median())
    near = pl.concat(
        years.select(*_SERIES, "other", year=pl.col("year") + distance, year_other="year")
        for distance in range(-_REACH, _REACH + 1)
        if distance
    )
    compared = figures.join(near, on=[*_SERIES, "year"], maintain_order="left")
    ratio = pl.max_horizontal(pl.col("standard_value") / pl.col("other"), pl.col("other") / pl.col("standard_value"))
    counted = pl.col("kind").is_in(["stock", "flow"])
    small = counted & (pl.max_horizontal("standard_value", "other") < _LEAST_COUNT)
    usual = pl.col("jump") ** (pl.col("year") - pl.col("year_other")).abs()
    return (
        compared.with_columns(apart=(ratio > usual) & ~small)
        .group_by(ROW, maintain_order=True)
        .agg(
            pl.col("name_zh", "text", "standard_value", "year", "jump", *_SERIES).first(),
            others=pl.len(),
            apart=pl.col("apart").all(),
            nearest=pl.col("other").median(),
            spread=pl.col("other").max() / pl.col("other").min(),
            span=pl.col("year_other").max() - pl.col("year_other").min(),
        )
        .with_columns(
            factor=pl.max_horizontal(
                pl.col("standard_value") / pl.col("nearest"), pl.col("nearest") / pl.col("standard_value")
            )
        )
    )


def _jump(*, held: bool) -> pl.Expr:
    """A figure that stands apart is held where the other years, two at least, go together, and the step is a great one."""
    together = (pl.col("others") >= 2) & (pl.col("spread") <= pl.col("jump") ** pl.col("span"))
    certain = together & (pl.col("factor") > pl.col("jump") ** _HELD_POWER)
    return pl.col("apart") & (certain == held)


def _named_slip() -> pl.Expr:
    """What a factor near a power of ten suggests; empty where it is near none."""
    name = pl.lit("")
    for power, words in ((10.0, "十倍"), (100.0, "百倍"), (1e4, "一万倍"), (1e8, "一亿倍")):
        near = (pl.col("factor") / power).is_between(1 / _NAMED_WITHIN, _NAMED_WITHIN)
        name = pl.when(near).then(pl.lit(f"，疑为单位或数位相差{words}")).otherwise(name)
    return name


def _jumps(frame: pl.DataFrame, *, held: bool) -> Examination:
    compared = _neighbours(frame)
    detail = pl.format(
        "{} {} 年为 {}，邻近 {} 个年份居中为 {}，相差 {} 倍，通常一年不过 {} 倍{}",
        "name_zh",
        "year",
        "text",
        "others",
        printed(pl.col("nearest")),
        pl.col("factor").round_sig_figs(3),
        printed(pl.col("jump")),
        _named_slip(),
    )
    return Examination(compared[ROW], compared.filter(_jump(held=held)).select(ROW, detail=detail))


def _repeated(frame: pl.DataFrame) -> Examination:
    figures = levels(frame.filter(_annual)).filter(
        pl.col("kind").is_in(["flow", "amount"]),
        pl.col("standard_value") >= _REPEATED_FROM,
        pl.col("text").str.count_matches(r"\d") >= 4,
    )
    before = figures.with_columns(year=pl.col("year") + 1)
    pairs = figures.join(before, on=[*_SERIES, "year"], suffix="_before")
    broken = pairs.filter(pl.col("standard_value") == pl.col("standard_value_before"))
    detail = pl.format("{} {} 年与上一年一字不差：{}，疑为取了上一年的数", "name_zh", "year", "text")
    return Examination(rows_of(pairs), findings_on(broken, detail))


def _peers(frame: pl.DataFrame) -> Examination:
    value = pl.col("standard_value").log()
    middle = value.median().over(_ALIKE)
    figures = (
        levels(frame.filter(_annual))
        .filter(pl.col("standard_value") > 0, pl.col("level").is_not_null())
        .filter(pl.col("place").n_unique().over(_ALIKE) >= _PEERS)
        .with_columns(middle=middle, off=(value - middle).abs())
        .with_columns(spread=pl.col("off").median().over(_ALIKE) * 1.4826)
    )
    far = pl.max_horizontal(pl.col("spread") * _PEER_DEVIATIONS, pl.lit(_PEER_FACTOR).log())
    detail = pl.format(
        "{} {} 年为 {}，同级地方居中为 {}",
        "name_zh",
        "year",
        printed(pl.col("standard_value")),
        printed(pl.col("middle").exp().round_sig_figs(4)),
    )
    return Examination(figures[ROW], figures.filter(pl.col("off") > far).select(ROW, detail=detail))


RULES: tuple[Rule, ...] = (
    Rule(
        "jump_held",
        "error",
        "一年的数与邻近各年都不相差悬殊",
        lambda frame: _jumps(frame, held=True),
        company=tuple(_SERIES),
    ),
    Rule(
        "slip_between_bulletins",
        "error",
        "两份公报的同一个数不相差十倍、百倍、万倍",
        same_cell(slips=True, across=_annual),
        company=_CELL,
    ),
    Rule(
        "jump",
        "warning",
        "一年的数与邻近年份之比在该指标通常的范围之内",
        lambda frame: _jumps(frame, held=False),
        company=tuple(_SERIES),
    ),
    Rule("bulletins_agree", "warning", "两份公报的同一个数相符", same_cell(slips=False, across=_annual), company=_CELL),
    Rule(
        "targets_restated",
        "warning",
        "两份公报所说的同一个目标相符",
        same_cell(slips=False, across=_target),
        company=_CELL,
    ),
    Rule(
        "growth_over_years",
        "warning",
        "所印增幅与上一年公报的水平相符",
        lambda frame: growth(across=True)(frame.filter(_current)),
        company=("place", "indicator_key", "area"),
    ),
    Rule("repeated", "warning", "当期数与上一年的不一字不差", _repeated, company=tuple(_SERIES)),
    Rule("peers", "warning", "与同级地方同年的数不相差悬殊", _peers, company=tuple(_ALIKE)),
)

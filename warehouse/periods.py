"""What the star says of each period: when it begins and ends, how long it is, what it is called.

Pure functions; what a period is and how words name one is in `bulletins/text/periods.py`.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping

import polars as pl

from bulletins.text.periods import ANNUAL, MULTI_YEAR, Period

#: One row a period of the star.
DIM_PERIOD: Mapping[str, pl.DataType] = {
    "period_key": pl.String(),  # `period_key` of the figures that are about it
    "time_period": pl.String(),
    "period": pl.String(),
    "start_date": pl.Date(),
    "end_date": pl.Date(),
    "months": pl.Int32(),  # null where it does not begin and end with a month, or is not known exactly
    "cumulated": pl.Boolean(),
    "exact": pl.Boolean(),  # whether the page says which part of the year, or which years
    "name_zh": pl.String(),
    "name_en": pl.String(),
}

_QUARTERS = "一二三四"
_HALVES = {1: ("上半年", "first half of"), 7: ("下半年", "second half of")}


def dim_period(spoken_of: pl.DataFrame) -> pl.DataFrame:
    """The periods of `time_period, period, year`, each once, in DIM_PERIOD.

    The key is the notation, with the class behind it where only the year is known of more or less than a year.
    """
    inexact = (pl.col("time_period") == pl.col("year").cast(pl.String)) & (pl.col("period") != ANNUAL)
    key = pl.when(inexact).then(pl.concat_str("time_period", "period", separator=":")).otherwise("time_period")
    known = (
        spoken_of.drop_nulls().select("time_period", "period", period_key=key).unique("period_key").sort("period_key")
    )
    return pl.DataFrame([_row(**row) for row in known.rows(named=True)], schema=dict(DIM_PERIOD))


def _row(period_key: str, time_period: str, period: str) -> dict[str, object]:
    span = Period.parse(time_period)
    exact = ":" not in period_key
    zh, en = names(span) if exact else _vague_names(span.year, period)
    return {
        "period_key": period_key,
        "time_period": time_period,
        "period": period,
        "start_date": span.start if exact or period != MULTI_YEAR else None,
        "end_date": span.last,
        "months": span.months if exact and span.months else None,
        "cumulated": span.cumulated and exact,
        "exact": exact,
        "name_zh": zh,
        "name_en": en,
    }


def _vague_names(year: int, period: str) -> tuple[str, str]:
    if period == MULTI_YEAR:
        return f"截至{year}年的若干年", f"several years up to {year}"
    return f"{year}年内一段时间", f"a part of {year}"


def names(span: Period) -> tuple[str, str]:
    """What a period is called in Chinese and in English: 2021年第三季度, Q3 2021."""
    year, first, last = span.start.year, span.start.month, span.last
    if span.days:
        if span.days == 1:
            return f"{year}年{first}月{last.day}日", span.start.isoformat()
        return f"{_day_zh(span.start)}至{_day_zh(last)}", f"{span.start} to {last}"
    if span.notation.isdigit():
        return f"{year}年", str(year)
    if first == 1 and span.months % 12 == 0:
        return f"{year}—{last.year}年", f"{year}–{last.year}"
    if span.months == 1:
        return f"{year}年{first}月", f"{calendar.month_name[first]} {year}"
    if span.months == 3 and first % 3 == 1:
        quarter = first // 3 + 1
        return f"{year}年第{_QUARTERS[quarter - 1]}季度", f"Q{quarter} {year}"
    if span.months == 6 and first in _HALVES:
        zh, en = _HALVES[first]
        return f"{year}年{zh}", f"{en} {year}"
    begin, end = calendar.month_name[first], calendar.month_name[last.month]
    if last.year == year:
        return f"{year}年{first}—{last.month}月", f"{begin}–{end} {year}"
    return f"{year}年{first}月—{last.year}年{last.month}月", f"{begin} {year}–{end} {last.year}"


def _day_zh(day: object) -> str:
    return f"{day:%Y}年{day:%m}月{day:%d}日"

"""For how long: what a number's own kind makes of the period that governs it.

A stock is counted at the end of a stretch, so that one of December is the year's; a change from a year further back than the last
runs over all years between; a standard is in force for the year. Here belongs what follows from what
a number counts; which period was stated is decided in `timing.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bulletins.observation import Observation
from bulletins.reading.times import Time
from bulletins.text.periods import ANNUAL, MULTI_YEAR, PARTIAL, PLAN_PERIODS, Period

# Words that count how many there are, whatever the noun: `12月份,全市在册城市低保6873户`.
_STOCK = re.compile(r"在册|在保|在院|在校|[共现实保]有|登记在|享受|存量|余额|累计建成")
# `比2015年增长28.3%`, `较2010年多3480张`, `比“十一五”末提高…`
_SINCE = re.compile(
    r"(?:比|较|相比|对比)[^,。;\d]{0,4}(?:(?P<year>20\d{2})年?|[“\"]?(?P<plan>十[一二三四五]五)[”\"]?)[^,。;]*$"
)
# `调整后的低保标准占人均消费支出的26.1%`, `照护标准按最低工资的2%确定`
_OF_STANDARD = re.compile(r"标准[^,。;]*[占按]")
_RUNS_UP = re.compile(r"累计[^,。;\d]{0,12}$")


def run_up(found: Observation, lead: str, before: Sequence[Observation]) -> None:
    """Take a total right beside the year's figure of the same for one of all years: `募集善款3.12亿元,累计募集善款28.6亿元`."""
    if found.period != ANNUAL or found.status != "actual" or not found.indicator or not _RUNS_UP.search(lead):
        return
    year = next((item for item in reversed(before) if item.indicator == found.indicator), None)
    alike = year is not None and (year.area, year.place, year.measure, year.period) == (
        found.area,
        found.place,
        found.measure,
        ANNUAL,
    )
    if alike and year is not None and year.number.value < found.number.value:
        found.period, found.covers = MULTI_YEAR, None


def review_years(found: Observation, kind: str, review: Time | None) -> None:
    """Tell what a review of several years sums from what it counts at their end.

    `五年新增床位1.96万张,总数达3.42万张`: the total, a rate and a standard are of the last year;
    `五年办理结婚登记25.8万对。救助流浪乞讨人员1.6万人次`: what was done goes on over the years behind a full stop.

    Args:
        found: the number.
        kind: of its indicator; empty for none.
        review: the years that the paragraph reviews, where nothing nearer says when.
    """
    counted = kind in ("stock", "rate", "standard") and found.measure == "level"
    if found.period == MULTI_YEAR and found.status != "target" and counted:
        found.period, found.covers = ANNUAL, None
    elif review is not None and found.period == ANNUAL and found.measure == "level" and kind in ("flow", "amount"):
        found.period, found.covers = MULTI_YEAR, review.covers


def close_year(found: Observation, kind: str, words: str) -> None:
    """Take a stock of the last days of a year for the year's: `12月,在册低保对象…`, 期末 of a report on the fourth quarter."""
    covers = found.covers
    if found.period != PARTIAL or covers is None or not covers.whole or covers.up_to(found.year).last.month < 12:
        return
    ends_year = covers.up_to(found.year).last == dt.date(found.year, 12, 31)
    stock = kind in ("stock", "rate") or (kind == "" and _STOCK.search(words) is not None)
    if ends_year and covers.months <= 3 and stock and found.measure == "level":
        found.period, found.covers = ANNUAL, Period.of_year(found.year)


def stretch_change(found: Observation, lead: str, old_year: int) -> None:
    """Let a change run from the year that it is counted from, where that is not the year before.

    Args:
        found: the number; nothing is done unless it is a change that happened.
        lead: the words before it.
        old_year: the year of the old value from which it changed, where the sentence states one; else 0.
    """
    if found.measure != "change" or found.status != "actual" or found.period != ANNUAL:
        return
    since = _SINCE.search(lead)
    if since is not None:
        base = int(since["year"]) if since["year"] else PLAN_PERIODS.get(since["plan"], (0, 0))[1]
    else:
        base = old_year
    if 0 < base < found.year - 1:
        found.period, found.covers = MULTI_YEAR, Period.of_years(base + 1, found.year)


def hold_standard(found: Observation, words: str) -> None:
    """Take a standard in force for the year's, whenever it is told; in a report on a part of the year it is of that part."""
    of_standard = found.number.unit == "percent" and found.measure == "level" and _OF_STANDARD.search(words)
    if (found.per or of_standard) and found.status != "target" and found.period == PARTIAL and "补差" not in words:
        found.period, found.covers = ANNUAL, Period.of_year(found.year)

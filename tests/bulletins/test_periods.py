"""Periods: what one is, how SDMX writes it, and that every way of saying one is understood."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletins.text.periods import Ground, Period, period_of, periods_in

YEARS = st.integers(2005, 2029)
MONTHS = st.integers(1, 12)
CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


def _cn(number: int) -> str:
    return CHINESE[number - 1]


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _ground(year: int) -> Ground:
    return Ground(Period.of_year(year), year + 1)


#: How one month is said.
MONTH_STYLES: list[Callable[[int, int], str]] = [
    lambda y, m: f"{y}年{m}月",
    lambda y, m: f"{y}年{m}月份",
    lambda y, m: f"{y}年{_cn(m)}月",
    lambda y, m: f"{y}年{m:02}月",
    lambda y, m: f"{m}月",
    lambda y, m: f"{m}月份",
    lambda y, m: f"{_cn(m)}月份",
    lambda y, m: f"本年{m}月",
    lambda y, m: f"当年{m}月份",
    lambda y, m: f"去年{m}月",
    lambda y, m: f"{y}年度{m}月",
    lambda y, m: f"{y}年{m}月1日至{_last_day(y, m)}日",
    lambda y, m: f"{y}年{m}月1日-{m}月{_last_day(y, m)}日",
]
#: How January to a month is said, beside the month's end.
CUMULATED_STYLES: list[Callable[[int, int], str]] = [
    lambda y, m: f"{y}年1-{m}月",
    lambda y, m: f"{y}年1-{m}月份",
    lambda y, m: f"{y}年1~{m}月",
    lambda y, m: f"{y}年1—{m}月",
    lambda y, m: f"{y}年1至{m}月",
    lambda y, m: f"{y}年1月至{m}月",
    lambda y, m: f"{y}年1月-{m}月",
    lambda y, m: f"{y}年1月份至{m}月份",
    lambda y, m: f"{y}年1到{m}月",
    lambda y, m: f"{y}年1月——{m}月",
    lambda y, m: f"{y}年一至{_cn(m)}月",
    lambda y, m: f"{y}年一月至{_cn(m)}月",
    lambda y, m: f"1-{m}月",
    lambda y, m: f"一至{_cn(m)}月份",
    lambda y, m: f"去年1-{m}月",
    lambda y, m: f"本年1-{m}月",
    lambda y, m: f"{y}年前{m}个月",
    lambda y, m: f"{y}年前{_cn(m)}个月",
    lambda y, m: f"前{m}个月",
    lambda y, m: f"头{_cn(m)}个月",
    lambda y, m: f"截至{y}年{m}月底",
    lambda y, m: f"截至{y}年{m}月末",
    lambda y, m: f"截止{y}年{m}月",
    lambda y, m: f"截至{m}月底",
    lambda y, m: f"截止到{y}年{_cn(m)}月末",
    lambda y, m: f"{y}年{m}月底",
    lambda y, m: f"{m}月末",
    lambda y, m: f"去年{m}月底",
    lambda y, m: f"截至{y}年{m}月{_last_day(y, m)}日",
    lambda y, m: f"{y}年{m}月{_last_day(y, m)}日",
    lambda y, m: f"{y}年1月1日至{m}月{_last_day(y, m)}日",
    lambda y, m: f"{y}年1月1日-{y}年{m}月{_last_day(y, m)}日",
    lambda y, m: f"1月1日至{m}月{_last_day(y, m)}日",
    lambda y, m: f"{y}.1.1-{y}.{m}.{_last_day(y, m)}",
    lambda y, m: f"{y}-01-01至{y}-{m:02}-{_last_day(y, m)}",
]
#: How a quarter, quarters from the first, a half, a year are said.
QUARTER_STYLES: list[Callable[[int, int], str]] = [
    lambda y, q: f"{y}年第{_cn(q)}季度",
    lambda y, q: f"{y}年{_cn(q)}季度",
    lambda y, q: f"{y}年第{q}季度",
    lambda y, q: f"{y}年{q}季度",
    lambda y, q: f"第{_cn(q)}季度",
    lambda y, q: f"{_cn(q)}季度",
    lambda y, q: f"去年{_cn(q)}季度",
    lambda y, q: f"{y}年{3 * q - 2}-{3 * q}月",
    lambda y, q: f"{y}年{_cn(3 * q - 2)}至{_cn(3 * q)}月",
    lambda y, q: f"{y}年{3 * q - 2}月1日至{3 * q}月{_last_day(y, 3 * q)}日",
]
HALF_STYLES: list[Callable[[int, int], str]] = [
    lambda y, h: f"{y}年{'上下'[h - 1]}半年",
    lambda y, h: f"{y}年度{'上下'[h - 1]}半年",
    lambda y, h: f"{'上下'[h - 1]}半年",
    lambda y, h: f"去年{'上下'[h - 1]}半年",
    lambda y, h: f"{y}年{'前后'[h - 1]}半年",
    lambda y, h: f"{y}年{6 * h - 5}-{6 * h}月",
    lambda y, h: f"{y}年{('一、二', '三、四')[h - 1]}季度",
    lambda y, h: f"{y}年{('第一至第二', '第三至第四')[h - 1]}季度",
]
YEAR_STYLES: list[Callable[[int], str]] = [
    lambda y: f"{y}年全年",
    lambda y: f"{y}年1-12月",
    lambda y: f"{y}年底",
    lambda y: f"{y}年末",
    lambda y: f"截至{y}年底",
    lambda y: f"截至{y}年12月31日",
    lambda y: f"{y}年12月31日",
    lambda y: f"{y}年1月1日至12月31日",
    lambda y: f"{y}年前四季度",
    lambda y: f"{y}年一至四季度",
    lambda y: "全年",
    lambda y: "年末",
    lambda y: "去年底",
]
YEARS_STYLES: list[Callable[[int, int], str]] = [
    lambda a, b: f"{a}-{b}年",
    lambda a, b: f"{a}年至{b}年",
    lambda a, b: f"{a}年—{b}年",
    lambda a, b: f"{a}至{b}年",
    lambda a, b: f"{a}到{b}年",
]
STYLES = (MONTH_STYLES, CUMULATED_STYLES, QUARTER_STYLES, HALF_STYLES, YEAR_STYLES, YEARS_STYLES)


def reads_as(words: str, wanted: Period, ground: Ground) -> None:
    said = list(periods_in(words, 0, len(words), ground))
    assert [each.period.notation for each in said] == [wanted.notation], words
    assert said[0].part_said
    assert (said[0].start, said[0].end) == (0, len(words)), words
    assert period_of(words, ground) == wanted, words
    # What stands around it changes nothing.
    around = f"据统计,{words},全市办理结婚登记5410对。"
    assert [each.period for each in periods_in(around, 0, len(around), ground)] == [wanted], around


def test_there_are_styles_enough() -> None:
    assert sum(len(styles) for styles in STYLES) >= 60


@given(YEARS, MONTHS)
def test_every_month_is_read_in_every_style(year: int, month: int) -> None:
    for style in MONTH_STYLES:
        if (month, "至" in style(year, month) or "-" in style(year, month)) != (1, True):
            reads_as(style(year, month), Period.of_months(year, month, month), _ground(year))


@given(YEARS, st.integers(2, 12))
def test_everything_up_to_a_month_is_read_in_every_style(year: int, month: int) -> None:
    for style in CUMULATED_STYLES:
        reads_as(style(year, month), Period.of_months(year, 1, month), _ground(year))


@given(YEARS, st.integers(1, 4), st.integers(1, 2))
def test_quarters_and_halves_are_read_in_every_style(year: int, quarter: int, half: int) -> None:
    for style in QUARTER_STYLES:
        reads_as(style(year, quarter), Period.of_months(year, 3 * quarter - 2, 3 * quarter), _ground(year))
    for of_half in HALF_STYLES:
        reads_as(of_half(year, half), Period.of_months(year, 6 * half - 5, 6 * half), _ground(year))


@given(YEARS, st.integers(1, 5))
def test_years_are_read_in_every_style(year: int, more: int) -> None:
    for style in YEAR_STYLES:
        reads_as(style(year), Period.of_year(year), _ground(year))
    for of_years in YEARS_STYLES:
        reads_as(of_years(year, year + more), Period.of_years(year, year + more), _ground(year))


PERIODS = st.one_of(
    st.builds(Period, st.builds(dt.date, YEARS, MONTHS, st.just(1)), st.integers(1, 72)),
    st.builds(
        lambda first, days: Period.of_days(first, first + dt.timedelta(days=days)),
        st.dates(dt.date(2005, 1, 1), dt.date(2029, 1, 1)),
        st.integers(0, 400),
    ),
)


@given(PERIODS)
def test_a_notation_reads_back(period: Period) -> None:
    assert Period.parse(period.notation) == period


@given(PERIODS)
def test_what_follows_from_a_period_agrees_with_it(period: Period) -> None:
    assert period.last >= period.start
    assert Period.of_days(period.start, period.last) == period
    assert period.to_date.cumulated
    assert period.to_date.last == period.last
    assert period.in_year(2030).year == 2030
    assert period.before().last < period.start
    if period.months:
        assert period.in_year(2030).months == period.months
        assert period.before().last == period.start - dt.timedelta(days=1)


@pytest.mark.parametrize("wrong", ["", "2023-13", "2023-S3", "2023-Q5", "2023-02-30", "2023-01/P9M", "2023-01-01/P0M"])
def test_what_is_no_notation_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"period|day"):
        Period.parse(wrong)


@pytest.mark.parametrize(
    ("notation", "kind", "cumulated"),
    [
        ("2023", "annual", True),
        ("2020-12-01/P12M", "annual", False),
        ("2023-S1", "partial", True),
        ("2023-S2", "partial", False),
        ("2023-Q3", "partial", False),
        ("2023-01-01/P9M", "partial", True),
        ("2023-01", "partial", True),
        ("2023-09-15", "partial", False),
        ("2016-01-01/P5Y", "multi_year", False),
        ("2020-10-01/P15M", "multi_year", False),
    ],
)
def test_class_and_cumulation_follow_from_the_span(notation: str, kind: str, cumulated: bool) -> None:
    period = Period.parse(notation)
    assert (period.kind, period.cumulated) == (kind, cumulated)


OWN = {"year": "2021", "quarter": "2021-Q3", "nine": "2021-01-01/P9M", "december": "2021-12", "half": "2021-S1"}


@pytest.mark.parametrize(
    ("own", "words", "wanted"),
    [
        ("quarter", "本季", "2021-Q3"),
        ("quarter", "当季", "2021-Q3"),
        ("quarter", "上季", "2021-Q2"),
        ("quarter", "上季度", "2021-Q2"),
        ("quarter", "上年同期", "2020-Q3"),
        ("quarter", "累计", "2021-01-01/P9M"),
        ("quarter", "上年同期累计", "2020-01-01/P9M"),
        ("quarter", "本季末", "2021-01-01/P9M"),
        ("nine", "当季", "2021-Q3"),
        ("nine", "本月", "2021-09"),
        ("nine", "上月", "2021-08"),
        ("december", "12月", "2021-12"),
        ("december", "1-12月累计", "2021"),
        ("december", "本月", "2021-12"),
        ("december", "上月", "2021-11"),
        ("december", "本年累计", "2021"),
        ("december", "上年同月", "2020-12"),
        ("december", "去年同期", "2020-12"),
        ("half", "上年同期", "2020-S1"),
        ("half", "去年底", "2020"),
        ("half", "期末", "2021-S1"),
        ("year", "2020年", "2020"),
        ("year", "2020", "2020"),
        ("year", "2021.9", "2021-09"),
        ("year", "2021年 9月", "2021-09"),
        ("year", "2021.01-2021.09", "2021-01-01/P9M"),
        ("year", "上年末", "2020"),
        ("year", "结婚登记(对)", None),
        ("year", "单位", None),
        ("year", "2020年12月至2021年11月", "2020-12-01/P12M"),
        ("year", "12月25日至次年1月5日", "2021-12-25/P12D"),
        ("year", "十三五期间", "2016-01-01/P5Y"),
        ("year", "近三年", "2019-01-01/P3Y"),
        ("year", "五年来", "2017-01-01/P5Y"),
        ("year", "2019年以来", "2019-01-01/P3Y"),
        ("year", "9月上旬", "2021-09-01/P10D"),
    ],
)
def test_short_strings_are_read_against_the_period_of_their_page(own: str, words: str, wanted: str | None) -> None:
    period = Period.parse(OWN[own])
    found = period_of(words, Ground(period, period.year if own != "year" else 2022))
    assert (found and found.notation) == wanted


@pytest.mark.parametrize(
    "words",
    [
        "7月1日起",
        "2021年7月1日起",
        "10月底前",
        "9月前",
        "6月龄",
        "3月开始",
        "每人每月940元",
        "3个月",
        "四季养老",
        "十五条",
    ],
)
def test_limits_and_other_words_are_no_period(words: str) -> None:
    assert [said for said in periods_in(words, 0, len(words), _ground(2021)) if said.part_said] == []


def test_a_festival_is_a_part_of_its_year_of_which_no_more_is_known() -> None:
    said = next(periods_in("春节期间走访慰问", 0, 8, _ground(2021)))
    assert (said.period.notation, said.period.kind, said.period.whole) == ("2021", "partial", False)

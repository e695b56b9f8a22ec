"""Which stretch of time do words name? A period as a value, and every way in which bulletins say one.

`period_of("2021年1-9月", …)` is January to September 2021, `period_of("上年同期", …)` the same months of the year before those of
the page. Here belongs what a period is and how one string names it; which of the periods that a page names governs a number is
decided in `bulletins/reading/timing.py`.

Written forms follow SDMX (TIME_PERIOD, SDMX 3.0 section 6, "observational time period"): `2023`, `2023-S1`, `2023-Q3`, `2023-09`,
`2023-09-15`, and for all others the first day and the length: `2023-01-01/P9M`, `2016-01-01/P5Y`, `2022-03-23/P10D`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

ANNUAL, PARTIAL, MULTI_YEAR = "annual", "partial", "multi_year"
_YEAR_OF_MONTHS = 12
PLAN_PERIODS = {
    "十一五": (2006, 2010),
    "十二五": (2011, 2015),
    "十三五": (2016, 2020),
    "十四五": (2021, 2025),
    "十五五": (2026, 2030),
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of time that a figure is about.

    Attributes:
        start: its first day.
        months: its length in months where it begins and ends with a month, else 0.
        days: its length in days where it does not, else 0.
        whole: False for a part of that stretch of which no more is known (春节期间; 今年以来 of a page that does not say how far).
    """

    start: dt.date
    months: int = 0
    days: int = 0
    whole: bool = True

    @classmethod
    def of_year(cls, year: int) -> Period:
        """The calendar year."""
        return cls(dt.date(max(year, 1), 1, 1), 12)  # the year before an unknown one is unknown, too

    @classmethod
    def of_years(cls, first: int, last: int) -> Period:
        """From the first day of one year to the last of another."""
        return cls(dt.date(first, 1, 1), 12 * (last - first + 1))

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Period:
        """Months of one year, both ends counted; up to the next year where the last comes before the first."""
        return cls(dt.date(year, first, 1), (last - first) % _YEAR_OF_MONTHS + 1)

    @classmethod
    def of_days(cls, first: dt.date, last: dt.date) -> Period:
        """Days, both ends counted; whole months are months.

        Raises:
            ValueError: the last day comes before the first.
        """
        if last < first:
            raise ValueError(f"a period cannot end on {last}, before it begins on {first}")
        after = last + dt.timedelta(days=1)
        if first.day == 1 and after.day == 1:
            return cls(first, _months_from(first, after))
        return cls(first, 0, (after - first).days)

    @classmethod
    def to_day(cls, last: dt.date) -> Period:
        """From the first day of a year to a day of it."""
        return cls.of_days(dt.date(last.year, 1, 1), last)

    @classmethod
    def part_of_year(cls, year: int) -> Period:
        """A part of a year of which no more is known."""
        return cls(dt.date(year, 1, 1), 12, whole=False)

    @classmethod
    def parse(cls, notation: str) -> Period:
        """The period that an SDMX notation writes.

        Raises:
            ValueError: it is none of those that this module writes.
        """
        match = _NOTATION.fullmatch(notation)
        if match is None:
            raise ValueError(f"«{notation}» is no period; write 2023, 2023-S1, 2023-Q3, 2023-09 or 2023-01-01/P9M")
        year, half, quarter, month = (int(match[name] or 0) for name in ("year", "half", "quarter", "month"))
        if half:
            return cls.of_months(year, 6 * half - 5, 6 * half)
        if quarter:
            return cls.of_months(year, 3 * quarter - 2, 3 * quarter)
        if not month:
            return cls.of_year(year)
        day, count, unit = int(match["day"] or 0), int(match["count"] or 0), match["unit"]
        first = dt.date(year, month, day or 1)
        if unit == "D":
            return cls.of_days(first, first + dt.timedelta(days=count - 1))
        if unit:
            return cls(first, count * (12 if unit == "Y" else 1))
        return cls(first, 0, 1) if day else cls(first, 1)

    @property
    def notation(self) -> str:
        """As SDMX writes it: the `time_period` of an observation."""
        year, month, months = self.start.year, self.start.month, self.months
        if self.days:
            return self.start.isoformat() if self.days == 1 else f"{self.start}/P{self.days}D"
        if months == 1:
            return f"{year}-{month:02}"
        if months in _REPORTED and (month - 1) % months == 0:
            return f"{year}{_REPORTED[months].format((month - 1) // months + 1)}"
        years = months % 12 == 0 and (month, self.start.day) == (1, 1)
        return f"{self.start}/P{months // 12}Y" if years else f"{self.start}/P{months}M"

    @property
    def last(self) -> dt.date:
        """Its last day."""
        if self.days:
            return self.start + dt.timedelta(days=self.days - 1)
        return _add_months(self.start, self.months) - dt.timedelta(days=1)

    @property
    def year(self) -> int:
        """The year that a figure of it is about: that of its last day."""
        return self.last.year

    @property
    def kind(self) -> str:
        """`annual` for twelve months, `partial` for less, `multi_year` for more."""
        if not self.whole:
            return PARTIAL
        if self.days:
            return MULTI_YEAR if self.days > 366 else PARTIAL
        return ANNUAL if self.months == 12 else PARTIAL if self.months < 12 else MULTI_YEAR

    @property
    def cumulated(self) -> bool:
        """Whether it counts from the first day of a year and not beyond its last: 1-9月, a half-year, January, a year."""
        return (self.start.month, self.start.day) == (1, 1) and self.year == self.start.year

    @property
    def to_date(self) -> Period:
        """From the first day of its last year to its end: what is 累计 in a form of this period, or 期末 of a stock."""
        return Period.to_day(self.last)

    def in_year(self, year: int) -> Period:
        """The same part of another year, in which it ends."""
        return self.moved(12 * (year - self.year))

    def up_to(self, year: int) -> Period:
        """The same in another year; of several years, those up to it."""
        if self.kind != MULTI_YEAR:
            return self.in_year(year)
        return (
            Period.of_days(min(self.start, dt.date(year, 1, 1)), dt.date(year, 12, 31)) if year != self.year else self
        )

    def moved(self, months: int) -> Period:
        """The same length, so many months later (or, negative, earlier)."""
        if not months:
            return self
        start = _add_months(self.start, months)
        if self.days:
            return Period.of_days(start, max(start, _add_months(self.last, months)))
        return replace(self, start=start)

    def before(self) -> Period:
        """The one of the same length right before: 上季 of a quarter, 上月 of a month."""
        if self.days:
            return replace(self, start=self.start - dt.timedelta(days=self.days))
        return self.moved(-self.months)

    def ending(self, months: int) -> Period:
        """The month (1), quarter (3) or half (6) of the calendar in which it ends: 当月, 当季 of a page on 1-9月."""
        last = self.last
        first = (last.month - 1) // months * months + 1
        return Period.of_months(last.year, first, first + months - 1)


#: What has a mark of its own in SDMX, by its months.
_REPORTED = {3: "-Q{}", 6: "-S{}", 12: ""}
_NOTATION = re.compile(
    r"(?P<year>\d{4})(?:-S(?P<half>[12])|-Q(?P<quarter>[1-4])"
    r"|-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d)(?:/P(?P<count>[1-9]\d*)(?P<unit>[YMD]))?)?)?"
)


def _add_months(day: dt.date, months: int) -> dt.date:
    """So many months later; the 31st of a shorter month is its last day, as is the last of February every year."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    month_end = day.day == calendar.monthrange(day.year, day.month)[1] and day.day > 27
    return day.replace(year=year, month=month + 1, day=longest if month_end else min(day.day, longest))


def _months_from(first: dt.date, after: dt.date) -> int:
    return (after.year - first.year) * 12 + after.month - first.month


# --- how words say one ----------------------------------------------------------------------------------------------


class Said(NamedTuple):
    """A period that words name.

    Attributes:
        start: where the words begin.
        end: where they end.
        period: what they name, where what they leave out is taken from the page.
        year_said: whether they say its year; else it is that of whatever is in force.
        part_said: whether they say a part of a year, or its whole; `2021年` and 今年 do not.
        form: how they say it: one of `_BUILDERS`, or `year`.
        at_end: whether they say the end of a stretch, where stocks are counted: 9月末, 截至9月.
    """

    start: int
    end: int
    period: Period
    year_said: bool
    part_said: bool
    form: str = "year"
    at_end: bool = False


class Ground(NamedTuple):
    """What words that leave something out are said from.

    Attributes:
        own: the period that the page, or the section or table, reports on: 本季, 上年同期, 累计 are said from it.
        spoken: the year in which the page speaks: 今年, 去年.
    """

    own: Period
    spoken: int


_DASH = r"\s?(?:[-—–－―−~～〜]{1,2}|至|到)\s?"
_MONTH = r"(?<![\d.])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"  # of a month
_YEAR = r"(?<![\d.])(?:19|20)\d{2}"
_RELATIVE = r"今年|本年|当年|同年|去年|上一?年|前年|明年|来年"
#: Years from the page's own (本年, 上年) or from the one in which it speaks (今年, 去年).
_OF_OWN = {"本年": 0, "当年": 0, "同年": 0, "上年": -1, "上一年": -1}
_OF_SPOKEN = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "来年": 1}
# A day or a month from which or up to which something is done is no stretch of time: 7月1日起, 10月底前, 3月开始.
_NO_LIMIT = r"(?!\s?(?:[起前后龄]|之前|以前|以后|之后|开始|至今))"
_FESTIVAL = r"元旦|春节|元宵节?|清明节?|五一|端午节?|中秋节?|国庆节?|重阳节?|“?两节”?|寒假|暑假|暑期|汛期|今冬明春|冬春"

#: Forms that say their years themselves.
_DATED: Mapping[str, str] = {
    "dotted_days": rf"{_YEAR}(?P<dot>[./-])\d{{1,2}}(?P=dot)\d{{1,2}}{_DASH}{_YEAR}(?P=dot)\d{{1,2}}(?P=dot)\d{{1,2}}(?!\d)",
    "years": rf"{_YEAR}年?度?{_DASH}{_YEAR}年?",
}
#: All others, by name; longer ones come before those that they begin with. The year before one is no part of it.
_FORMS: Mapping[str, str] = {
    "days": rf"{_MONTH}月{_DAY}[日号]?{_DASH}(?:(?:{_YEAR}年|次年|翌年))?(?:{_MONTH}月)?{_DAY}[日号]",
    "months_on": rf"{_MONTH}月份?{_DASH}(?:{_YEAR}年|次年|翌年|今年|本年|当年){_MONTH}月份?",
    "months": rf"{_MONTH}(?:月份?)?{_DASH}{_MONTH}月份?",
    "ten_days": rf"{_MONTH}月份?[上中下]旬",
    "day": rf"{_MONTH}月{_DAY}[日号]",
    "since_month": rf"{_MONTH}月份?以来",
    "month": rf"{_MONTH}月份?(?:当月)?",
    "first_months": rf"[前头](?:{_MONTH}个月|{_MONTH}月)",
    "first_quarters": r"[前头][两二三四234]个?季度",
    "quarters": rf"第?[一二三1-3](?:季度)?(?:{_DASH}|、)第?[二三四2-4]个?季度",
    "quarter": r"第?[一二三四1-4]个?季度|首季度?|第[一二三四]季|[一二三四]季报|Q[1-4](?!\d)",
    "half": r"[上下前后]半年",
    "whole": r"全年",
    "this_month": r"[本当]月份?",
    "last_month": r"上一?个?月份?(?!旬)",
    "this_quarter": r"[本当](?:季度?|个季度)",
    "last_quarter": r"上(?:一|个|一个)?季度?",
    "same": r"同[期月季]",
    "since_year": r"(?:年初)?以来",
    "plan": r"[“\"]?十[一二三四五]五[”\"]?(?:规划)?(?:期间|时期|以来|末|期末)?",
    "last_years": r"(?:最?近|过去|这)[两二三四五六七八九十]年(?:来|间|以来)?|[两二三四五六七八九十]年(?:来|间|以来|期间)",
    "year_close": r"年[末底]",
    "festival": rf"(?<!十)(?:{_FESTIVAL})(?:假期|期间|前后|小长假)?",
}
#: What only the head of a column or a caption means as a period: in a sentence 累计 says that something has been summed up.
_DATED_IN_HEADS: Mapping[str, str] = {
    "dotted_days": _DATED["dotted_days"],
    "dotted_months": rf"{_YEAR}[./-](?:1[0-2]|0?[1-9])(?:{_DASH}(?:{_YEAR}[./-])?(?:1[0-2]|0?[1-9]))?(?!\d)月?",
    "years": _DATED["years"],
}
_FORMS_OF_HEADS: Mapping[str, str] = {
    **_FORMS,
    "this": r"本期|报告期|本报告期|期内",
    "before": r"上(?:一|个)?(?:报告)?期",
    "at_end": r"[本报告]*期[末底]|[本当]?月[末底]|[本当]?季[末底]|时点",
    "summed": r"(?:本年|年初至今|自年初)?(?:累计|累积)|年初至今",
}


def _scanner(dated: Mapping[str, str], forms: Mapping[str, str], year: str) -> re.Pattern[str]:
    with_year, told = ("|".join(f"(?P<{name}>{form})" for name, form in each.items()) for each in (dated, forms))
    return re.compile(
        # Atomic: of `7月1日起`, which is no period, `7月` is none either.
        rf"(?>(?P<as_of>截[至止]到?)?(?:(?P<dated>{with_year})|(?:(?P<year>{year})|(?P<relative>{_RELATIVE})度?的?)?"
        rf"(?:(?P<form>{told})(?P<end>[底末])?|(?P<year_end>[底末])?))){_NO_LIMIT}"
    )


_IN_TEXT = _scanner(_DATED, _FORMS, rf"{_YEAR}年度?的?")
_IN_HEAD = _scanner(_DATED_IN_HEADS, _FORMS_OF_HEADS, rf"{_YEAR}(?:年度?的?|(?![\d./-])|(?=[-—–]{{1,2}}\d{{1,2}}月))")
# Nearly all positions are passed over by a look at one or two characters: whole patterns are tried where something may begin.
_NUMERALS = "一二三四五六七八九十"
_JOINS = r"\-—–－―−~～〜至到"
_BEGINS = {
    _IN_TEXT: re.compile(
        rf"\d(?=\d{{0,3}}\s?[年度月季个、./{_JOINS}])|[{_NUMERALS}](?=[{_NUMERALS}]{{0,2}}\s?[年月季个、五{_JOINS}])|五(?=一)"
        rf"|[今去明来前](?=年)|[本当同](?=[年月季期个])|上(?=[一半个年月季])|[下前后](?=半)|[前头](?=[\d两{_NUMERALS}])|今(?=冬)"
        rf"|首(?=季)|全(?=年)|第(?=[一二三四1-4])|最(?=近)|[近这](?=[两{_NUMERALS}])|过(?=去)|[“\"](?=[十两])|两(?=[年节])"
        r"|年(?=[初末底])|以(?=来)|截|Q(?=[1-4])"
        r"|元(?=[旦宵])|春(?=节)|清(?=明)|端(?=午)|中(?=秋)|国(?=庆)|重(?=阳)|寒(?=假)|暑(?=[假期])|汛(?=期)|冬(?=春)"
    ),
    _IN_HEAD: re.compile(
        r"[\d一二三四五六七八九十前头去上下今本当同明来第首全近最过这“\"年季月期累截后报自时Q元春清端中国重两寒暑汛冬以]"
    ),
}
_NUMBERS = re.compile(r"\d+|[一二三四五六七八九十两]+")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}


def periods_in(text: str, start: int, end: int, ground: Ground) -> Iterator[Said]:
    """The periods that `text[start:end]` names, in order; `text` is running text."""
    return _said(_IN_TEXT, text, start, end, ground)


def period_of(words: str, ground: Ground) -> Period | None:
    """The period of a short string: a title, a heading, a caption, the head of a column or a row; None where it names none.

    Of several words each narrows what the others say: `2021年` over `9月`, `上年同期` beside `累计`, `本月末`.
    """
    found = list(_said(_IN_HEAD, words, 0, len(words), ground))
    if not found:
        return None
    period = next((said.period for said in found if said.part_said), found[-1].period)
    years = [said.period.year for said in found if said.year_said]
    if years and years[-1] != period.year and not any(said.year_said and said.part_said for said in found):
        period = period.in_year(years[-1])
    return period.to_date if _SUMMED.search(words) and period.kind != MULTI_YEAR else period


def names_period(words: str, ground: Ground) -> bool:
    """Whether a short string names a period and nothing else: `9月`, `一季度累计`, `全年合计`; the name of a row of a table of months."""
    bare = _FILLER.sub("", words)
    return bool(bare) and any(
        said.part_said and (said.start, said.end) == (0, len(bare))
        for said in _said(_IN_HEAD, bare, 0, len(bare), ground)
    )


_FILLER = re.compile(r"[\s:、()]|合计|总计|小计|累[计积]|当月|数$|情况$")
_SUMMED = re.compile(r"累[计积]|年初至今")


def _said(scanner: re.Pattern[str], text: str, start: int, end: int, ground: Ground) -> Iterator[Said]:
    reached = start
    for begin in _BEGINS[scanner].finditer(text, start, end):
        if begin.start() < reached:
            continue
        match = scanner.match(text, begin.start(), end)
        if match is None or match.end() == match.start():
            continue
        reached = match.end()
        if (said := _resolve(match, ground)) is not None:
            yield said


def _year_of(match: re.Match[str], ground: Ground) -> int | None:
    if match["year"]:
        return int(match["year"][:4])
    word = match["relative"]
    if not word:
        return None
    return ground.own.year + _OF_OWN[word] if word in _OF_OWN else ground.spoken + _OF_SPOKEN[word]


def _resolve(match: re.Match[str], ground: Ground) -> Said | None:
    stated = _year_of(match, ground)
    if stated is None and (match["since_year"] or (match["same"] and match.re is _IN_TEXT)):
        return None  # `该项工作开展以来`, `同期增长`
    year = ground.own.year if stated is None else stated
    at_end = bool(match["as_of"] or match["end"])
    form = match["dated"] or match["form"]
    if form is None:
        if stated is None:
            return None
        ended = bool(match["year_end"])
        return Said(match.start(), match.end(), Period.of_year(year), True, ended, "year", ended)
    name = next(name for name, words in match.groupdict().items() if words is not None and name in _BUILDERS)
    try:
        period = _BUILDERS[name](form, [_number(found) for found in _NUMBERS.findall(form)], year, ground)
    except ValueError:  # 2月30日
        return None
    if period is None:
        return None
    if name == "same":  # 同期 at the head of a column is that of the year before
        period = ground.own.in_year(ground.own.year - 1 if stated is None else year)
    at_end = at_end or (name == "day" and _closes_month(period.last))
    if at_end and period.kind == PARTIAL and period.whole:
        period = period.to_date
    year_said = stated is not None or match["dated"] is not None or name == "plan" or period.year != year
    return Said(match.start(), match.end(), period, year_said, True, name, at_end)


def _closes_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=1)).day == 1


def _number(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


_Builder = Callable[[str, list[int], int, Ground], Period | None]


def _days(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    first = dt.date(year, numbers[0], numbers[1])
    rest = numbers[2:]
    year = rest.pop(0) if rest[0] > 1900 else year + bool(re.search("[次翌]年", words))
    last = dt.date(year, rest[0] if len(rest) > 1 else first.month, rest[-1])
    if last < first:  # 12月25日至1月5日
        last = last.replace(year=last.year + 1)
    return Period.of_days(first, last)


def _months_on(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    last = numbers[1] if len(numbers) > 2 else year + 1 if re.search("[次翌]年", words) else ground.spoken
    if last < year:
        return None
    return Period(dt.date(year, numbers[0], 1), 12 * (last - year) + numbers[-1] - numbers[0] + 1)


def _months(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    if numbers[1] < numbers[0]:  # 12月至2月 ends in the year that is meant
        year -= 1
    return Period.of_months(year, numbers[0], numbers[1])


def _dotted_months(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    if len(numbers) == 4:
        return _months_on("", [numbers[1], numbers[2], numbers[3]], numbers[0], ground)
    return Period.of_months(numbers[0], numbers[1], numbers[-1])


def _ten_days(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    first = {"上": 1, "中": 11, "下": 21}[words[-2]]
    last = calendar.monthrange(year, numbers[0])[1] if first == 21 else first + 9
    return Period.of_days(dt.date(year, numbers[0], first), dt.date(year, numbers[0], last))


def _since_month(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    first, last = dt.date(year, numbers[0], 1), ground.own.last
    return Period.of_days(first, last) if first < last else None


def _quarter(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    quarter = numbers[0] if numbers else 1  # 首季
    return Period.of_months(year, 3 * quarter - 2, 3 * quarter)


def _of_own(months: int, back: int) -> _Builder:
    def build(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
        if ground.own.kind != PARTIAL and months == 1:
            return Period.part_of_year(ground.own.year)  # only a page on a part of a year says which month 本月 is
        last = ground.own.ending(months)
        return last.before() if back else last

    return build


def _plan(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    name = next((name for name in PLAN_PERIODS if name in words), "")
    if not name:
        return None
    first, last = PLAN_PERIODS[name]
    if words.endswith("末"):
        return Period.of_year(last)
    if words.endswith("以来"):
        last = max(first, min(last, ground.own.year))
    return Period.of_years(first, last)


def _last_years(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    last = ground.own.year
    return Period.of_years(last - numbers[0] + 1, last) if numbers[0] > 1 else None


def _since_year(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    own = ground.own
    if year < own.year:
        return Period.of_days(dt.date(year, 1, 1), own.last)
    return own.to_date if year == own.year and own.kind == PARTIAL else Period.of_year(year)


def _quarters(words: str, numbers: list[int], year: int, ground: Ground) -> Period | None:
    return Period.of_months(year, 3 * numbers[0] - 2, 3 * numbers[1]) if numbers[0] < numbers[1] else None


_BUILDERS: Mapping[str, _Builder] = {
    "dotted_days": lambda words, of, year, ground: Period.of_days(dt.date(*of[:3]), dt.date(*of[3:])),
    "days": _days,
    "months_on": _months_on,
    "months": _months,
    "ten_days": _ten_days,
    "day": lambda words, of, year, ground: Period.of_days(dt.date(year, of[0], of[1]), dt.date(year, of[0], of[1])),
    "since_month": _since_month,
    "month": lambda words, of, year, ground: Period.of_months(year, of[0], of[0]),
    "dotted_months": _dotted_months,
    "first_months": lambda words, of, year, ground: Period.of_months(year, 1, of[0]),
    "first_quarters": lambda words, of, year, ground: Period.of_months(year, 1, 3 * of[0]),
    "quarters": _quarters,
    "quarter": _quarter,
    "half": lambda words, of, year, ground: Period.of_months(year, *((1, 6) if words[0] in "上前" else (7, 12))),
    "whole": lambda words, of, year, ground: Period.of_year(year),
    "this_month": _of_own(1, 0),
    "last_month": _of_own(1, 1),
    "this_quarter": _of_own(3, 0),
    "last_quarter": _of_own(3, 1),
    "this": lambda words, of, year, ground: ground.own,
    "before": lambda words, of, year, ground: ground.own.before(),
    "same": lambda words, of, year, ground: ground.own,
    "at_end": lambda words, of, year, ground: ground.own.to_date if ground.own.kind != MULTI_YEAR else ground.own,
    "summed": lambda words, of, year, ground: ground.own.in_year(year).to_date,
    "years": lambda words, of, year, ground: Period.of_years(of[0], of[1]) if of[0] < of[1] else None,
    "since_year": _since_year,
    "plan": _plan,
    "last_years": _last_years,
    "year_close": lambda words, of, year, ground: Period.of_year(year),
    "festival": lambda words, of, year, ground: Period.part_of_year(year),
}

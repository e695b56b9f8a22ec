"""What holds for a page as a whole: whose it is, which year it reports on, in which year it speaks.

Read once a page by `frame_of`, from its title, its opening, its publication date and what the source list says.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bulletins.text.periods import ANNUAL, PARTIAL, PLAN_PERIODS, Ground, Period, Said, periods_in


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a page as a whole.

    Attributes:
        place: the full name of the home place.
        code: its GB/T 2260 code.
        year: the year that the page reports on.
        spoken: the year in which it speaks: 今年 of its plans.
        covers: the period that it reports on: the year, or the part of it that its title or form line names.
        partial: whether it reports on a part of the year only.
        published: the day of its publication, if known.
        holds_for_year: whether what it says without a time is of the year though that has not ended: rules, rates, a brief note,
            the sum of a year drawn in its last months.
        plan_end: the target year of a plan of several years, else None.
        plan_year: the year for which the page as a whole plans (`2022年工作要点`), else None.
        inside_county: whether the home is a county or district, whose 县城 is no part of a city.
    """

    place: str
    code: str
    year: int
    spoken: int
    partial: bool
    plan_end: int | None
    plan_year: int | None = None
    inside_county: bool = False
    covers: Period = field(default_factory=lambda: Period.of_year(1))
    published: dt.date | None = None
    holds_for_year: bool = False

    @property
    def ground(self) -> Ground:
        """What words that leave the year or the part of it out are said from."""
        return Ground(self.covers, self.spoken)

    def runs_in(self, year: int) -> bool:
        """Whether that year was still running when the page appeared, so that no figure can be of all of it."""
        day = self.published
        return day is not None and day.year == year and (day.month, day.day) <= _YEAR_NEARLY_OVER

    def unstated(self, year: int) -> tuple[str, Period | None]:
        """Class and period of a figure of that year of which the page says no more."""
        if year == self.year and self.partial:
            return PARTIAL, self.covers
        return PARTIAL if self.runs_in(year) and not self.holds_for_year else ANNUAL, None


_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
# The year of a title; `2011年2月25日` is a day.
_TITLE_YEAR = re.compile(
    r"(?<![\d./-])(20\d{2})(?!年\s?[\d一二三四五六七八九十]{1,3}月\s?[\d一二三四五六七八九十]{1,3}[日号])\s?(?=年|\s|展望|[^\d./-]|$)"
)
# Reports on a year are written in its last days.
_YEAR_NEARLY_OVER = (12, 19)
# A line near the top that counts nothing but may name the period: `(2021年9月)`, `报告期:2021年三季度`, `数据截至2021年9月底`.
_FORM_LINE = re.compile(
    r"(?!\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}、|附))[^。,;|]{2,40}"
)
_REPORT = re.compile(r"总结|规划|要点|公报|报告|计划|汇报|季报|月报|年报|快报|打算|情况")
_REPORT_OF_YEAR = re.compile(rf"20\d{{2}}.*(?:{_REPORT.pattern})")
_NOT_A_TITLE = re.compile(
    r"[,。;]|今天是|发布(?:时间|日期)|来源|当前(?:的)?位置|首页|索\s?引\s?号|浏览|文号|日期|样例\)|【样例】|\||字号"
)
_PLAN_TITLE = re.compile(
    r"工作要点|工作计划|工作安排|工作打算|工作思路|重点工作(?:安排|任务|计划)|目标任务|实施计划|年度计划"
)
_MEETING = re.compile(r"会议|大会|工作会|座谈会")
_LOOKS_BACK = re.compile(r"去年|过去(?:的)?一年|上年|一年来|(?:总结|回顾)[^,。;]{0,8}20\d{2}年")


def frame_of(
    title: str, text: str, place: str, code: str, published: dt.date | None, kind: str, year: int | None = None
) -> Frame:
    """The frame of a page, from its title, its opening, its publication date and what the source list says of it."""
    # `第十三个五年规划` is the 十三五; `部署2025年重点工作` of a meeting's news is not the year that it reports on.
    head = re.sub(r"第(十[一二三四五])个五年", r"\1五", _heading(title, text))
    opening = text[:400]
    # `民政事业主要统计指标(2019-2021年)` is of its last year.
    titles = [
        int(found)
        for found in _TITLE_YEAR.findall(
            re.sub(r"20\d{2}年?[-~至到](?=20\d{2})|(?:部署|安排|谋划|明确)[^,。]{0,4}20\d{2}年", "", head)
        )
    ]
    meets = published is not None and titles[:1] == [published.year] and _MEETING.search(head) is not None
    if meets and _LOOKS_BACK.search(text):
        titles = [titles[0] - 1]  # `全市召开2019年民政工作会议` tells what was done in 2018
    plan_end = None
    if "规划" in head or kind == "plan":
        for name, (_, last) in PLAN_PERIODS.items():
            if name in head and (published is None or published.year <= last):
                plan_end = last
    if year is None and plan_end is None and not titles:
        # `回眸“十二五”`: a page on a plan that has ended reports on its last year.
        ended = [last for name, (_, last) in PLAN_PERIODS.items() if name in head]
        year = ended[0] if ended and published is not None and ended[0] < published.year else None
    if year is None:
        year = _reported_year(titles, opening, text, published, plan_end)
    speaks_of_itself = re.search(r"今年(?!(?:将|计划|拟|力争|重点|要|我市(?:将|计划)|我们))", text) is not None
    of_itself = speaks_of_itself and titles[:1] == [year] and not meets
    spoken = year if published is None or of_itself else published.year
    title_like = head if len(head) <= _LONGEST_TITLE and not _NOT_A_TITLE.search(head) else ""
    covers = _covered(title_like, text, kind, Ground(Period.of_year(max(year, 1)), spoken))
    if not titles and _reports_half_year(text, year, published) and covers.kind == ANNUAL:
        covers = Period.part_of_year(year)
    if "年终" in head or "全年" in head:
        covers = Period.of_year(max(year, 1))
    planned = (
        bool(_PLAN_TITLE.search(head))
        and not re.search(r"总结|回顾|情况|进展|进度", head)
        and len(set(titles)) == 1
        and (published is None or titles[0] >= published.year)
    )
    return Frame(
        place,
        code,
        year,
        spoken,
        covers.kind == PARTIAL and not planned,
        plan_end,
        plan_year=titles[-1] if planned and titles else None,
        inside_county=len(code) == 6 and code[4:] != "00",
        covers=Period.of_year(max(year, 1)) if planned else covers,
        published=published,
        holds_for_year=_holds_for_year(title, text) or _sums_up(head, kind, year, published),
    )


def _holds_for_year(title: str, text: str) -> bool:
    """Whether a page tells of rates or rules, which hold for a year, or is a brief excerpt without a title, which reports on nothing."""
    lines = [
        line for line in (title, *(each.strip() for each in text[:400].split("\n"))) if 0 < len(line) <= _LONGEST_TITLE
    ]
    lines = [line for line in lines if "。" not in line][:4]
    return (not title and len(text) <= _BRIEF) or any(_OF_RATES.search(line) for line in lines)


def _sums_up(head: str, kind: str, year: int, published: dt.date | None) -> bool:
    """Whether a page sums up the year in whose last months it appears: `2014年工作总结` of November."""
    if published is None or published.year != year or published.month < _SUMS_BEGIN:
        return False
    return kind == "year_summary" or (str(year) in head and _SUM_OF_YEAR.search(head) is not None)


_SUMS_BEGIN = 11  # the month in which bureaus begin to write of the year as a whole
_SUM_OF_YEAR = re.compile(r"年(?:度)?(?:全[市县区州省盟])?(?:民政)?(?:工作|事业)?(?:总结|发展公报|回顾)")
_BRIEF = 160  # code points
_LONGEST_TITLE = 60  # code points
# `我市再次提高城乡低保标准`, `关于调整…标准的通知`, `80岁以上老人长寿津贴有调整`
_OF_RATES = re.compile(
    r"(?:提高|上调|调整|再提|提标|公布|发放|上涨|[调涨]至)[^。\n]{0,20}(?:标准|津贴|补贴|补助水平|取暖费|慰问金)"
    r"|(?:标准|津贴|补贴|补助水平|低保|取暖费|慰问金)[^。\n]{0,16}(?:提高|上调|调整|提标|公布|发放|连涨|再涨|又涨|[每元])|提标"
)


def _covered(head: str, text: str, kind: str, ground: Ground) -> Period:
    """The period of the title, of a line that names nothing else, or of what the source list takes the page for."""
    year = ground.own
    lines = (line for line in text[:600].split("\n") if _FORM_LINE.fullmatch(line) and not _NOT_A_TITLE.search(line))
    for words in (head, *lines):
        said = [
            each for each in periods_in(words, 0, len(words), ground) if each.part_said and each.form not in _NO_FRAME
        ]
        if words is not head and re.search(r"\d", _without(words, said)):
            continue  # it counts something
        # `2021年上半年工作总结和下半年打算`: the first.
        first = next((each.period for each in said if each.period.year == year.year), None)
        if first is not None and first.kind in (ANNUAL, PARTIAL) and first.whole:
            # Statistics of a fourth quarter count from January, and so the whole year, where they do not say 本季.
            closing = first == Period.of_months(year.year, 10, 12) and _STATISTICS.search(head)
            return year if closing else first
    return Period.of_months(year.year, 1, 6) if kind == "half_year" else year


def _without(words: str, said: Sequence[Said]) -> str:
    for each in reversed(said):
        words = words[: each.start] + words[each.end :]
    return words


_STATISTICS = re.compile(r"统计|数据|季报|报表|快报")
_NO_FRAME = frozenset(
    ["day", "festival", "ten_days", "whole", "year_close", "plan", "last_years", "since_year", "year"]
)


def _heading(title: str, text: str) -> str:
    """What serves as title: the title or the first short line that states a year or a kind of report, else what there is."""
    lines = [title, *(line.strip() for line in text[:600].split("\n"))]
    lines = [line for line in lines if line and len(line) <= 60 and not _NOT_A_TITLE.search(line)][:6]
    for wanted in (_REPORT_OF_YEAR, _REPORT, _TITLE_YEAR):
        if found := next((line for line in lines if wanted.search(line)), None):
            return found
    return lines[0] if lines else title


def _reports_half_year(text: str, year: int, published: dt.date | None) -> bool:
    if published is not None and published.year == year and published.month <= 8 and "今年以来" in text[:300]:
        return True
    return (
        published is None
        and text[:200].lstrip().startswith("今年以来")
        and not re.search(r"一年来|全年|年终", text[:600])
    )


def _reported_year(titles: list[int], opening: str, text: str, published: dt.date | None, plan_end: int | None) -> int:
    if plan_end is not None:
        return min(plan_end - 5, published.year) if published else plan_end - 5
    if titles:
        if published is None or titles[0] <= published.year:
            return titles[0]
        return published.year
    if published is None:
        # `数说2019`, `在庆祝中国共产党成立100周年大会上`: the year named most often is the year that the page is about.
        years = Counter(int(found) for found in re.findall(r"(?<!\d)(20\d{2})年", text) or _YEAR.findall(text))
        return max(years, key=lambda found: (years[found], found)) if years else 0
    told = Counter(
        int(found)
        for found in re.findall(r"(20\d{2})年", opening)
        if published.year - 2 <= int(found) <= published.year
    )
    if _begins_year(opening, published):
        return published.year
    if (
        published.month <= 4
        and re.search(r"去年|过去一年|全年|年终|上年|上一年", text)
        and not re.search(r"今年以来", opening)
    ):
        return published.year - 1
    if told and (published.year - 1) in told and published.month <= 4 and told[published.year - 1] >= 1:
        return published.year - 1
    # Statistics that appear in the first months and name no time are of the year that has ended.
    only_tables = text.count("\n|") * 2 >= text.count("\n") > 0 or text.startswith("|")
    if published.month <= 3 and only_tables and not re.search(r"今年|本年|本月|本季|目前|\d月", text):
        return published.year - 1
    return published.year


def _begins_year(opening: str, published: dt.date) -> bool:
    """Whether a page reports on the first months of the year in which it appears: `1-2月,办理结婚登记820对` in March."""
    ground = Ground(Period.of_year(published.year), published.year)
    return any(
        said.form in ("months", "quarter", "first_months", "days")
        and said.period.cumulated
        and said.period.year == published.year
        and said.period.last < published
        for said in periods_in(opening, 0, len(opening), ground)
    )

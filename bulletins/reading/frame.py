"""What holds for a page as a whole: whose it is, which year it reports on, in which year it speaks.

Read once a page by `frame_of`, from its title, its opening, its publication date and what the source list says.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a page as a whole.

    Attributes:
        place: the full name of the home place.
        code: its GB/T 2260 code.
        year: the year that the page reports on.
        spoken: the year in which it speaks: 今年 of its plans.
        partial: whether it reports on a part of the year only.
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


_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
# The year of a title; `2011年2月25日` is a day.
_TITLE_YEAR = re.compile(r"(?<![\d./-])(20\d{2})(?!年\s?[\d一二三四五六七八九十]{1,3}月)\s?(?=年|\s|展望|[^\d./-]|$)")
_REPORT = re.compile(r"总结|规划|要点|公报|报告|计划|汇报|季报|月报|年报|快报|打算|情况")
_REPORT_OF_YEAR = re.compile(rf"20\d{{2}}.*(?:{_REPORT.pattern})")
_NOT_A_TITLE = re.compile(
    r"[,。;]|今天是|发布(?:时间|日期)|来源|当前(?:的)?位置|首页|索\s?引\s?号|浏览|文号|日期|样例\)|【样例】|\||字号"
)
PLAN_PERIODS = {
    "十一五": (2006, 2010),
    "十二五": (2011, 2015),
    "十三五": (2016, 2020),
    "十四五": (2021, 2025),
    "十五五": (2026, 2030),
}
_PLAN_TITLE = re.compile(
    r"工作要点|工作计划|工作安排|工作打算|工作思路|重点工作(?:安排|任务|计划)|目标任务|实施计划|年度计划"
)
_MEETING = re.compile(r"会议|大会|工作会|座谈会")
_LOOKS_BACK = re.compile(r"去年|过去(?:的)?一年|上年|一年来|(?:总结|回顾)[^,。;]{0,8}20\d{2}年")
_HALF_YEAR = re.compile(
    r"上半年|半年|前三季度|一季度|三季度|第?[一二三1-3]季度|1-\d{1,2}月|前[一二三四五六七八九十]+个?月"
)


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
    partial = (
        bool(_HALF_YEAR.search(head))
        or kind == "half_year"
        or (not titles and _reports_half_year(text, year, published))
    )
    if "年终" in head or "全年" in head:
        partial = False
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
        partial and not planned,
        plan_end,
        plan_year=titles[-1] if planned and titles else None,
        inside_county=len(code) == 6 and code[4:] != "00",
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
    if (
        published.month <= 4
        and re.search(r"去年|过去一年|全年|年终|上年|上一年", text)
        and not re.search(r"今年以来", opening)
    ):
        return published.year - 1
    if told and (published.year - 1) in told and published.month <= 4 and told[published.year - 1] >= 1:
        return published.year - 1
    return published.year

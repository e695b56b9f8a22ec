"""What words say of time: the years and periods that a stretch states, what looks ahead, what is a task.

Here belongs how words state a time. Which statement governs a number is decided in `timing.py`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bulletins.reading.frame import Frame
from bulletins.text.periods import PLAN_PERIODS, Period, Said, periods_in
from bulletins.text.quantity import parse_chinese

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


class Time(NamedTuple):
    """A year as a passage states it, and how."""

    position: int
    year: int | None  # 0 is the passage's own year, 今年; None where the words state a period only
    period: str  # annual, partial, multi_year or empty where the words do not say
    covers: Period | None = None  # the period itself, in the year of the words or of the page


_TIME = re.compile(
    # No alternative begins with another character: most positions are passed over by this one look.
    r"(?=[\d前去上过今本年当明来新“\"十一二两三四五近这])(?:"
    r"(?P<span>(20\d{2})(?:年)?(?:[-~至到]|年至)(20\d{2})年?)"
    r"|(?P<year>(?<!\d)(20\d{2})年(?:度|[底末]|上半年|前三季度|一季度|\d{1,2}(?:月)?[-~至]\d{1,2}月|\d{1,2}月(?:份|底|末)?)?)"
    r"|(?P<before_last>前年)"
    r"|(?P<last>去年|上一?年(?:度|同期|末|底)?|过去一年|过去的一年)"
    r"|(?P<this>今年(?:以来)?|本年度?|年内|当年|年初)"
    r"|(?P<next>明年|来年|新的一年|新一年)"
    r"|(?P<plan>[“\"]?(?P<plan_name>十[一二三四五]五)[”\"]?(?P<plan_end>末|期末)?(?P<during>期间|以来|时期)?)"
    r"|(?P<years_ago>[一二两三四五十\d]年前)"
    r"|(?P<years>(?:近|过去|这)?[三四五两\d]年多?(?:来|间|以来|累计|共|内|期间|(?=实施|办理|投入|募集|筹集|发放|新建|新增|救助|改造|争取|为\d|适老化)))"
    r")"
)
# `2011年以来累计实施…`
_SINCE = re.compile(r"以来[,]?(?:全[市县区州])?(?:累计|共|先后)")
# `较上年增加25元`, `与去年同期相比`: the year that a figure is compared with is not its own.
_COMPARED = re.compile(r"(?:比|较|同比|相比|超过|高于|低于|与)(?:[^,。;]{0,2})$")
# `2019年全市民政工作会议在市区召开`: the year of its name, not of who came.
_OF_MEETING = re.compile(r"(?:度)?(?:全[市县区州省国])?[^,。;\d]{0,8}(?:工作)?会议")
# `接收2010年冬季退役士兵287人`: the year of their class.
_OF_SOLDIERS = re.compile(r"(?:度|冬季|秋季|春季|夏秋季)?(?:符合条件的)?退役")
# `挂钩上年度全体居民人均消费支出`, `不低于上年度月最低工资标准的5%`: the year of another figure.
_OF_ANOTHER = re.compile(
    r"(?:度|末|底)?(?:的)?(?:全体|城乡|城镇|农村|当地|全省|全市|全国)?(?:居民|职工|月?最低工资|人均|平均工资|消费)"
)


# What says a part of a year, or its whole, beside those that say years. A day is when something happened or was told, unless
# something is counted on it; festivals are occasions.
PARTS = frozenset(
    {
        "dotted_days", "days", "months_on", "months", "month", "since_month", "first_months", "first_quarters", "quarters",
        "quarter", "half", "whole", "this_month", "last_month", "this_quarter", "last_quarter", "same", "year_close", "year",
    }
)  # fmt: skip
_OF_THE_SAME = {"this_month": 1, "this_quarter": 3}
_OF_YEARS = frozenset(["years", "last_years", "plan", "since_year"])
_COUNTED_DAY = re.compile(r"当[天日]|(?:两|三|二)[天日]")
_NO_MONTH = re.compile(r"[上中下]旬|中下旬|期间\)")


def times(text: str, start: int, end: int, frame: Frame) -> list[Time]:
    """The years and periods that `text[start:end]` states, in order, resolved by the page's frame."""
    years, skipped = _years(text, start, end, frame)
    found: list[Time] = []
    for said in periods_in(text, start, end, frame.ground):
        here = [time for time in years if said.start <= time.position < said.end]
        if any(said.start <= position < said.end for position in skipped) or not _tells_period(said, here, text, start):
            continue
        years = [time for time in years if time not in here]
        year, period, covers = None, said.period.kind, said.period
        if here:
            # What words like 上年 mean was decided there; of two years it is the last.
            year = here[0].year if len(here) == 1 else covers.year
            if said.form in _OF_YEARS:
                period = here[0].period
        elif said.year_said and said.form not in _OF_YEARS:
            year = covers.year
        if text[said.start] == "当" and said.form in _OF_THE_SAME:
            # `6月,全市在册…,当月发放…`: the month that was named last.
            months = _OF_THE_SAME[said.form]
            named = (time.covers for time in reversed(found) if time.covers and time.covers.months == months)
            covers = next(named, covers)
        found.append(Time(said.start, year, period, covers))
    return sorted([*found, *years], key=lambda time: time.position)


def _tells_period(said: Said, here: list[Time], text: str, start: int) -> bool:
    """Whether words that name a period say when something was counted."""
    if _COMPARED.search(text[max(start, said.start - 6) : said.start]):
        return False
    if said.form in _OF_YEARS:
        return bool(here)
    if said.form == "day":
        return said.at_end or _COUNTED_DAY.match(text, said.end) is not None
    return said.form in PARTS and said.part_said and not (said.form == "month" and _NO_MONTH.match(text, said.end))


def _years(text: str, start: int, end: int, frame: Frame) -> tuple[list[Time], list[int]]:
    """The years that words state, in order, and where words stand that state a year but not that of a figure."""
    found: list[Time] = []
    skipped: list[int] = []
    for match in _TIME.finditer(text, start, end):
        before = text[max(start, match.start() - 6) : match.start()]
        if match["last"] or match["before_last"] or match["year"] or match["plan"]:
            of_number = match["plan"] and text.startswith("的", match.end())  # `与“十一五”末的每人每月255元相比`
            if _COMPARED.search(before) and not of_number and not re.search(r"[由从]$", before):
                skipped.append(match.start())
                continue
            if match["last"] and _OF_ANOTHER.match(text, match.end()):
                skipped.append(match.start())
                continue
        if match["year"] and (_OF_MEETING.match(text, match.end()) or _OF_SOLDIERS.match(text, match.end())):
            skipped.append(match.start())
            continue
        if match["span"]:
            years = _YEAR.findall(match.group())
            found.append(Time(match.start(), int(years[-1]), "multi_year"))
        elif match["year"]:
            year = int(match.group()[:4])
            if year < frame.year and _SINCE.match(text, match.end()):
                found.append(Time(match.start(), None, "multi_year"))
            else:
                found.append(Time(match.start(), year, ""))
        elif match["before_last"]:
            found.append(Time(match.start(), frame.spoken - 2, ""))
        elif match["last"]:
            word = match.group()
            # 上年 is said from the year reported on, 去年 from the year in which the page speaks.
            year = (
                frame.year if word.startswith("过去") else (frame.year if word.startswith("上") else frame.spoken) - 1
            )
            # `由去年底的20.81万人调整为20.31万人` of a report on last year: the year before it.
            if re.search(r"[由从]$", before):
                year = min(year, frame.year - 1)
            found.append(Time(match.start(), year, ""))
        elif match["this"]:
            found.append(Time(match.start(), 0, ""))  # 0: the passage's own year, actual or planned
        elif match["next"]:
            year = frame.spoken if frame.spoken > frame.year else frame.spoken + 1
            found.append(Time(match.start(), year, ""))
        elif match["plan"]:
            _first, last = PLAN_PERIODS.get(match["plan_name"], (0, 0))
            if last and (match["during"] or match["plan_end"]):
                year = min(last, frame.year) if last <= frame.year or match["during"] == "以来" else last
                found.append(Time(match.start(), year, "multi_year" if match["during"] else ""))
        elif match["years_ago"]:
            count = parse_chinese(match.group()[0]) or int(match.group()[0])
            found.append(Time(match.start(), frame.year - int(count), ""))
        elif match["years"]:
            found.append(Time(match.start(), None, "multi_year"))
    return found, skipped


PLAN_HEAD = re.compile(
    r"(?<!部署)(?<!安排)20\d{2}年度?(?:的)?(?:民政)?重点工作|下一步|下半年|工作打算|工作计划|工作思路|工作安排|工作要点|工作目标|主要目标|主要指标|发展目标|重点工程|重点任务|目标任务|主要任务|重点项目"
    r"|来年|明年|新的一年|新一年|展望|下步|今后|下阶段"
)
PAST_HEAD = re.compile(
    r"回顾|情况|工作开展|主要成效|主要做法|存在(?:的)?(?:主要)?(?:问题|困难|不足)|发展基础|发展成就|工作成效|主要问题|工作总结"
)
# 将 that looks ahead, against 将 that takes an object: `将新增…8个` but `将2042名困境儿童纳入`.
FUTURE = re.compile(
    r"(?:目标|建设|工作)任务(?:是|为)|年度计划(?=新建|新增|改造|完成|实施|建)|(?:[还也即均仍必预里]|预计|我们|我市|我县|我区|我局|全市|全县|全区|部门|市|局|政|年|,|^)将(?=[^,。;\d]{0,6}?(?:新增|新建|达到?|实现|投入|建成|完成|再|继续|全面|进一步|力争"
    r"|提高|增|建设|打造|为|按照|开展|支持|突出|锚定|深入|坚持|围绕|聚焦|以|着力|重点|推进|加快|持续|筹|安排|推动|抓|不断|统筹|扩大))"
    r"|(?:^|(?<=[,。;年市县区州盟局还也正均并月日]))计划(?!生育)(?=[^,。;]{0,24}?(?:\d|$|投|新|建|完成|实现|到|用))|(?<!年度)(?<!按)(?<!照)计划(?=(?:迁移|新建|新增|改造|建设|实施|投入|完成|安排|建成)[^,。;]{0,16}(?:\d|$))|建成后可|力争|预计|据测算|承诺(?=新|建|改|完成|提|为)|(?<![一-龥])拟|(?<=[市县区省]级)拟|[,。;月日起]拟|争取(?=[^,。;]{0,10}(?:达|完成|实现|建成|突破))|目标(?:为|是|任务为)"
    r"|年底前|年底之前|[今明后]年底|月底?前(?!列)|至少(?=建)|要(?=(?:完成|建成|达到|新增|实现))|努力(?=[^,。;]{0,8}达)"
)
# One of these stands in every alternative of `FUTURE`; a thought without any looks nowhere ahead.
FUTURE_WORD = re.compile(r"任务|建成后|计划|将|测算|承诺|力争|预计|拟|争取|目标|年底|月前|月底前|至少|要|努力")
# `会议明确,今年城市低保标准在现有基础上提高15%`: what follows is to be done, to the end of the paragraph.
RESOLVED = re.compile(
    r"(?:会议|会上|局长|负责人)(?:还)?(?:明确|要求|提出|指出|强调|部署|表示|透露)[,:]?(?:“)?(?:今年(?!以来|[^,。]{0,10}(?:已|累计))|20\d{2}年|明年|下一步|到20)|今年(?:定下|确定|明确)(?:了)?[^,。]{0,6}目标"
    r"|今年(?:我[市县区州局])?(?:的)?(?:工作)?(?:目标|重点|任务)(?:是|为|有|:)|今年(?:怎么干|怎么做|干什么|干啥)"
)
# What looks ahead in its own clause alone: `确保困难群众应保尽保,全年发放低保金4.03亿元` tells a fact behind the comma.
FUTURE_HERE = re.compile(r"确保(?!.{0,8}(?:得到|全部))")
_TASK_BEFORE = re.compile(
    r"(?:(?:省|市|县|上级)(?:定|级)?(?:下达)?|下达|年度|全年|既定)(?:的)?(?:目标|任务|计划)+(?:数)?(?:为|是)?$|(?:省|市)定$|[\u4e00-\u9fff]{2}目标(?:为|是)?$|(?:改造|建设|新建|新增)任务(?:数)?(?:为|是)?$"
)
_TASK_CHARACTER = re.compile(r"[定标务划]")  # stands in every word of the patterns around
_TASK_EXCEEDED = re.compile(r"(?:高出|超出|超额|超过|超)(?:完成)?[^,。;]{0,10}$")
_TASK_AFTER = re.compile(r"的目标|(?:的)?(?:年度)?(?:目标任务|任务数|目标数|计划数|(?:任务|目标)(?=的|[,。;、]))")


def is_task(before: str, after: str) -> bool:
    """Whether a number is a task that was set: `为省定2600户任务数的123.8%`, `完成省定目标3200户的115%`."""
    if not _TASK_CHARACTER.search(before + after):
        return False
    return bool((_TASK_BEFORE.search(before) and not _TASK_EXCEEDED.search(before)) or _TASK_AFTER.match(after))

"""Whose figure it is and when: place, area, year, period, status, measure and the period paid for.

Here belongs what the words of a sentence say of a number beside what it counts. A page's own frame (home place, the year that
it reports on, the year in which it speaks) is set once by `frame_of`; everything else is asked of short stretches of text.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.catalog import Place, Places
from bulletins.quantity import parse_chinese

# --- the page's frame ------------------------------------------------------------------------------------------------


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


# --- year, period, status ----------------------------------------------------------------------------------------------


class Time(NamedTuple):
    """A year as a passage states it, and how."""

    position: int
    year: int | None  # 0 is the passage's own year, 今年; None where the words state a period only
    period: str  # annual, partial, multi_year or empty where the words do not say


_TIME = re.compile(
    # No alternative begins with another character: most positions are passed over by this one look.
    r"(?=[\d前去上过今本年当明来新“\"十一二两三四五近全第截])(?:"
    r"(?P<span>(20\d{2})(?:年)?(?:[-~至到]|年至)(20\d{2})年?)"
    r"|(?P<year>(?<!\d)(20\d{2})年(?P<part>度|[底末]|上半年|前三季度|一季度|\d{1,2}(?:月)?[-~至]\d{1,2}月|\d{1,2}月(?:份|底|末)?)?)"
    r"|(?P<before_last>前年)"
    r"|(?P<last>去年|上一?年(?:度|同期|末|底)?|过去一年|过去的一年)"
    r"|(?P<this>今年(?:以来)?|本年度?|年内|当年|年初)"
    r"|(?P<next>明年|来年|新的一年|新一年)"
    r"|(?P<plan>[“\"]?(?P<plan_name>十[一二三四五]五)[”\"]?(?P<plan_end>末|期末)?(?P<during>期间|以来|时期)?)"
    r"|(?P<years_ago>[一二两三四五十\d]年前)"
    r"|(?P<years>(?:近|过去)?[三四五两\d]年(?:来|间|以来|累计|共|内|期间))"
    r"|(?P<whole>全年)"
    r"|(?P<partial>(?:当|本)月(?!底|末)|\d{1,2}月份(?=[,、])|上半年|前三季度|第?[一二三]季度|\d{1,2}月?[-~至]\d{1,2}月(?:份)?|截[至止](?:目前)?(?:到)?\d{1,2}月(?:份|末|底)?))"
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


def times(text: str, start: int, end: int, frame: Frame) -> list[Time]:
    """The years that `text[start:end]` states, in order, resolved by the page's frame."""
    found: list[Time] = []
    for match in _TIME.finditer(text, start, end):
        before = text[max(start, match.start() - 6) : match.start()]
        if match["last"] or match["before_last"] or match["year"] or match["plan"]:
            of_number = match["plan"] and text.startswith("的", match.end())  # `与“十一五”末的每人每月255元相比`
            if _COMPARED.search(before) and not of_number and not re.search(r"[由从]$", before):
                continue
            if match["last"] and _OF_ANOTHER.match(text, match.end()):
                continue
        if match["year"] and (_OF_MEETING.match(text, match.end()) or _OF_SOLDIERS.match(text, match.end())):
            continue
        if match["span"]:
            years = _YEAR.findall(match.group())
            found.append(Time(match.start(), int(years[-1]), "multi_year"))
        elif match["year"]:
            part = match["part"] or ""
            year = int(match.group()[:4])
            period = "partial" if re.search(r"半年|季度|[-~至]", part) else ""
            if year < frame.year and _SINCE.match(text, match.end()):
                found.append(Time(match.start(), None, "multi_year"))
            else:
                found.append(Time(match.start(), year, period))
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
        elif match["whole"]:
            found.append(Time(match.start(), None, "annual"))
        elif match["partial"] and not re.search(r"截[至止].*12月", match.group()):
            found.append(Time(match.start(), None, "partial"))
    return found


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


# --- measure -------------------------------------------------------------------------------------------------------------

_CHANGE_BEFORE = re.compile(
    r"(?:上浮|下浮|增长|增加|增多|提高|提升|上升|上涨|涨|下降|减少|降低|回落|回升|增幅|减幅|降幅|涨幅|升幅|增速|增减|增长率|增支|幅度|同比增|同比降|净增|净减|扩大|缩小|下滑|攀升|增产|减产|增|降|上调|下调)"
    r"(?:幅度)?(?:了|约|近|超过|超|逾|率|额)?(?:分别)?(?:接近|为|是|达|约|超过|超|近|了)?(?:不低于|不少于|每人每[月年]|人均)?[-]?$"
)
_MORE_THAN_BEFORE = re.compile(
    r"(?:去年|上年|前年|同期|上届|年初|上月|年[底末]|20\d{2}年)[^,。;\d]{0,3}[多少高低](?:了|出|支出|发放|建|办|收)?(?:近|约|超)?$|[同环]比[多少](?:了)?$|再提$"
)
# `结婚7312对(同比-9.4%)`
_AGAINST = re.compile(r"[同环]比[-+]?$")
_UPGRADED = re.compile(r"(?<!床位)(?:提升|完善提升|改造提升)$")
_LONGEST_CHANGE = 32  # code points: none of these patterns reaches further back
_STRETCHES = 4096  # of words whose meaning is kept: bulletins say the same again and again
_NOT_CHANGE = re.compile(r"净增$|(?:新增|新增加|增设|净增加床|压缩|压减)[^,。;]{0,4}$")


def is_change(before: str, unit: str) -> bool:
    """Whether what stands before a number makes it an increase or a decrease: `提高了50%`, `同比下降6.1%`, `较上年增加25元`."""
    return _is_change(before[-_LONGEST_CHANGE:].rstrip(), unit)


@functools.lru_cache(maxsize=_STRETCHES)
def _is_change(before: str, unit: str) -> bool:
    if _MORE_THAN_BEFORE.search(before) or (unit == "percent" and _AGAINST.search(before)):
        return True
    if not _CHANGE_BEFORE.search(before):
        return False
    if unit == "item" and _UPGRADED.search(before):
        return False  # `完善提升1处街道级居家社区养老服务中心`
    if unit in ("percent", "percentage_point", "CNY") or re.search(r"[较比][^,。;]{2,8}净增$", before):
        return True
    return not _NOT_CHANGE.search(before)


# --- area and place --------------------------------------------------------------------------------------------------------

_ALL_COUNTIES = re.compile(
    r"每个县\(市\)|[各]?县\(市[、,]?区\)|区\(市\)县|县\(市\)区|县\(区\)|县区|区县|市县区|县市区|市\(县、区\)|县、?市、?区|[各]?区\(县|市区县"
)
_URBAN = re.compile(
    r"城市(?!生活无着|流浪|管理|建设|更新|形象|名片|温度)|城镇(?!(?:居民|职工)(?:基本)?(?:医|养老保险|社))|城区(?!街道)"
)
_RURAL = re.compile(r"农村|农业户")
_BOTH = re.compile(r"城乡")
_DISTRICTS = re.compile(
    r"市辖区|(?<!县)(?<!区)市区|主城区|中心城区|城六区|城区(?=城[市镇]|低保)|[两二三四五六七八九十]区(?=每|及|和|低|城|统一|由|为)"
)
_COUNTIES = re.compile(
    r"县\(市\)|(?:其他|其余|其它)(?:各|[一二三四五六七八九十]+|\d+个?)?(?:县|区县|县市)|各县(?!区|市区|\(市、区)|[二三四五六七八九十两]县(?:\(市\))?(?=由|城|农|低|统一|为|提|每|分|达|的|标)|县级市|县城(?![市镇])|县市(?!区)|[两二三四五六]市(?=城|农|低|统|为|由)"
)


_AREA_CHARACTER = re.compile(r"[城农镇县区]|市(?=[城农低统为由])")


@functools.lru_cache(maxsize=_STRETCHES)
def area_of(stretch: str) -> str:
    """`urban`, `rural`, `districts`, `counties`, or `all` where the words name no part or several; empty where silent."""
    if not _AREA_CHARACTER.search(stretch):
        return ""
    plain = _ALL_COUNTIES.sub("", stretch)
    districts, counties = bool(_DISTRICTS.search(plain)), bool(_COUNTIES.search(plain))
    if districts != counties:
        return "districts" if districts else "counties"
    urban, rural = bool(_URBAN.search(plain)), bool(_RURAL.search(plain))
    if _BOTH.search(plain) or (urban and rural) or (districts and counties):
        return "all"
    return "urban" if urban else "rural" if rural else ""


@functools.lru_cache(maxsize=_STRETCHES)
def area_within(stretch: str) -> str:
    """The area without 市区 and 县(市): urban, rural, all or empty."""
    if not _AREA_CHARACTER.search(stretch):
        return ""
    return area_of(_COUNTIES.sub("", _DISTRICTS.sub("", stretch)))


_JOINTS = frozenset("、和与及")


class PlaceReader:
    """The places that a page of one home may speak of: what lies in it, its province, the country."""

    def __init__(self, places: Places, home: Place | None, name: str, year: int) -> None:
        self.home = name
        self._names: dict[str, str] = {}
        # A short name stands for its place only in company (`三台、盐亭等县`): alone it is as often a brand or a street.
        self._short: dict[str, str] = {}
        self._province = name
        if home is not None:
            inside = [place for place in places.inside(home.code) if place.level == "county"]
            for place in inside:
                if place.code != home.code and (place.in_force(year) or place.in_force(None)):
                    self._names[place.name] = place.name
            short: Counter[str] = Counter()
            for place in inside:
                if place.in_force(year):
                    short.update(set(place.short_names))
            for place in inside:
                for other in place.short_names:
                    if len(other) >= 2 and short[other] == 1 and place.in_force(year):
                        # 化隆县 for 化隆回族自治县 is as good as the full name.
                        names = self._names if len(other) > 2 and other[-1] in "县市区旗" else self._short
                        names.setdefault(other, place.name)
            province = places.province(home)
            if province is not None:
                self._province = province.name
                if province.code != home.code:
                    self._names.setdefault(province.name, province.name)
        self._words = sorted({*self._names, *self._short})
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)
        self._hits = functools.lru_cache(maxsize=64)(
            self._find_hits
        )  # one stretch is asked for several things in a row

    def _find_hits(self, stretch: str) -> list[tuple[int, int, str]]:
        """Every name in `stretch`, with its span: by where they begin, the longer first."""
        hits = self._automaton.find_matches_as_indexes(stretch, overlapping=True)
        if not hits:
            return []
        return sorted(((start, end, self._words[word]) for word, start, end in hits), key=lambda hit: (hit[0], -hit[1]))

    def _find(self, stretch: str) -> list[tuple[int, int, str]]:
        """The places that `stretch` names: span and full name, in order."""
        hits = self._hits(stretch)
        if not hits:
            return []
        companies = list(_companies(stretch, hits))
        found = [
            (start, end, self._names.get(word) or self._short[word])
            for first, last in companies
            for start, end, word in _apart(hit for hit in hits if first <= hit[0] and hit[1] <= last)
        ]
        taken = [(start, end) for start, end, _ in found]
        for start, end, word in _apart(hit for hit in hits if hit[2] in self._names):
            if not any(first < end and start < last for first, last in taken):
                found.append((start, end, self._names[word]))
        return sorted(found)

    def named(self, stretch: str) -> list[str]:
        """The full names of the places inside the home that `stretch` names, in order."""
        return [name for _, _, name in self._find(stretch)]

    def exactly(self, cell: str) -> str:
        """The place that a table's cell names and nothing else: there a short name is enough."""
        cell = re.sub(r"^其中[::]?|[\s#*]", "", cell)
        return self._names.get(cell) or self._short.get(cell, "")

    def without(self, stretch: str) -> str:
        """`stretch` without the names of places: 涪城区 is no 城区."""
        if not (hits := self._hits(stretch)):
            return stretch
        for start, end, _ in reversed(list(_apart(hit for hit in hits if hit[2] in self._names))):
            stretch = stretch[:start] + stretch[end:]
        return stretch

    def last_end(self, stretch: str) -> int:
        """Where the last place that `stretch` names ends in it, or 0."""
        return max((end for _, end, _ in self._find(stretch)), default=0)

    def bare(self, stretch: str) -> str:
        """`stretch` without the places that it names, short names in company too."""
        for start, end, _ in reversed(self._find(stretch)):
            stretch = stretch[:start] + stretch[end:]
        return stretch

    def of(self, stretch: str) -> str:
        """Whom a clause is about, where it says so: one district or county, 全省, 全国; else an empty string."""
        found = self._find(stretch)
        names = {name for _, _, name in found}
        # `与青州的县级界线`, `赴南京`: named along the way, not as whom the figure is about.
        if len(names) == 1 and not re.match(r"[^,]{0,6}等[地县区]?", stretch[found[-1][1] :]):
            along = re.search(r"[与和同赴向到在自从]$|签署", stretch[: found[0][0]])
            return "" if along and found[0][0] else names.pop()
        if stretch.startswith(("全省", "全自治区")):
            return self._province
        return "全国" if stretch.startswith("全国") else ""


def _apart(hits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Those of the hits that lie behind one another, the longer first where two begin together."""
    reached = 0
    for hit in hits:
        if hit[0] >= reached:
            yield hit
            reached = hit[1]


def _companies(stretch: str, hits: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """The stretches in which names stand joined: `三台、盐亭和梓潼`."""
    ends: dict[int, list[int]] = {}
    for start, end, _ in hits:
        ends.setdefault(start, []).append(end)
    reached = 0
    for start, first_ends in ends.items():
        for first in first_ends if start >= reached else ():
            last = first
            while stretch[last : last + 1] in _JOINTS and last + 1 in ends:
                last = ends[last + 1][0]
            if last > first:
                yield start, last
                reached = last
                break


# --- the period that a standard is paid for ---------------------------------------------------------------------------------

_MONTH = re.compile(r"每人每月|每月每人|人均每月|月人均|每月|人/月|人·月|元/月|/月|月(?:保障)?标准|月保障")
_DAY = re.compile(r"每人每[天日]|每[天日]|/[天日]")
_YEAR_PAID = re.compile(
    r"每人每年|每学年|每年每人|年人均|人均每年|每年|人/年|人·年|元/年|/年|年(?:人均)?(?:保障)?标准|年保障"
)


_PERIOD_CHARACTER = re.compile(r"[天日月年]")  # stands in every word of the patterns above


def per_of(before: str) -> str:
    """`day`, `month` or `year` where the words before an amount say for which period it is paid; the nearest word counts."""
    if not _PERIOD_CHARACTER.search(before):
        return ""
    months = [match.start() for match in _MONTH.finditer(before)]
    years = [match.start() for match in _YEAR_PAID.finditer(before)]
    days = [match.start() for match in _DAY.finditer(before)]
    stated = [(max(found), period) for found, period in ((months, "month"), (years, "year"), (days, "day")) if found]
    return max(stated)[1] if stated else ""


def paid_by_size(value: float, area: str) -> str:
    """Where no period is printed, the size tells it: rural standards were long printed per year (`由1907元提高到2193元`)."""
    if value >= 3500 or (area == "rural" and value >= 1500):
        return "year"
    return "month"

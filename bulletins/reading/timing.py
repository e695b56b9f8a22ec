"""When: the year, the status and the period of each number, sentence by sentence.

Here belongs what a page's time does while it is read on: the years that a thought has stated, and whether the page has come to
its plans. How words state a year is in `times.py`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bulletins.reading.ahead import HANDED_DOWN, takes_effect, will
from bulletins.reading.frame import Frame
from bulletins.reading.mentions import Mention
from bulletins.reading.times import (
    FUTURE,
    FUTURE_HERE,
    FUTURE_WORD,
    PARTS,
    PAST_HEAD,
    PLAN_HEAD,
    RESOLVED,
    Time,
    is_task,
    times,
)
from bulletins.text.numbers import Number
from bulletins.text.periods import ANNUAL, MULTI_YEAR, PARTIAL, Period, periods_in
from bulletins.text.structure import Sentence

_PLANNED_SIZE = re.compile(r"设计|规划|拟建|预计|概算|估算")
# `养老服务指导中心已开工建设,概算投资3150万元、建筑面积8600㎡、设床位220张`: what a building will be.
UNDER_WAY = re.compile(r"开工建设|正在建设|正在新建|在建|加快建设|启动建设|动工(?!的)|开工(?!的)")
_SIZE = re.compile(r"投资|建筑面积|床位")
_EXPECTED_YEAR = re.compile(r"(?:预计|计划|将于|拟于|力争)[^,。;]{0,4}(20\d{2})年")
# `由2010年的6300张`, `比“十二五”末的27张`
_SAID_OF_NUMBER = re.compile(r"(?:20\d{2}年|[去上前]年|[“\"]?十[一二三四]五[”\"]?)(?:[底末]|期末|同期)?的\s?\d")
# `对象为2023年12月在册的低保对象`, `2020年开工的市福利院新院区已投用`: whom or what, not when.
_DESCRIBES = re.compile(r"20\d{2}年(?:\d{1,2}月份?)?[底初末]?(?:在册|开工|始建|动工|奠基|出生)(?:建设|登记)?的")
_RISE_FROM = re.compile(r"由|从(?=20|去|上|前|每|\d)")
# What stands before the first word of a paragraph: indents, bullets, enumerators.
_OPENING = re.compile(r"^[\s★●◆■▲※\-(一二三四五六七八九十)、.]+")
_PAST_OPENING = re.compile(r"(?:(20\d{2})年(?:度|来)?|去年(?:以来)?)[,:]")
_OPENS_WITH_YEAR = re.compile(r"(?:到|至|在)?(?:20\d\d(?!年[\d一二三四五六七八九十]{1,3}月)|明年|来年|新的?一年)")
# What may stand between the start of a clause and a year that governs the clauses behind it: `截至2022年底,`.
_BEFORE_YEAR = re.compile(
    r"[\s★●◆■▲※\-—(]*(?:[一二三四五六七八九十]+是|[一二三四五六七八九十]+、)?\s*(?:截[至止]到?|[到至从自在]|据[^,]*|.{0,6}(?:来|中),?)?[^,]{0,3}"
)
# `年度计划新建农村公益性公墓120个,目前开工87个,完工39个`: from the plan to what came of it.
_DONE_SO_FAR = re.compile(
    r"已(?:经)?(?:完工|完成|建成|开工|发放|拨付|投入|实现|启动|动工|竣工|验收|累计|下达|到位|惠及|改造|新增|开展|办理|签约|兑现|整改|入住|交付|投用|运营)"
    r"|(?:目前|现在?)(?:共|累计)?(?:开工|完工|完成|建成|新增|发放)|截[至止]目前|完成率"
)
# `今年3月23日至4月1日,全市接待祭扫群众21.4万人次` in a page on the year before.
_SO_FAR = re.compile(r"今年(?:以来|\d{1,2}月\d{0,2}|一季度|春节|清明|[^,。;]{0,6}已)")
# In the news of a meeting that looks back on last year: `会议提出,城市低保标准不低于每人每月650元`.
_TASKS_SET = re.compile(r"(?:会议|大会|会上)(?:还)?(?:提出|要求|部署)(?:了)?[,:]")
_CLAUSE_STOP = re.compile(r"[,。;]")
_HEAD_OF_THOUGHT = 12  # code points in which what opens a thought stands: `(三)到`
# What happened at the meeting itself is no plan: `对10个先进集体、20名先进个人进行了表彰`.
_AT_THE_MEETING = re.compile(r"先进(?:集体|个人|单位)|(?:参加|出席)(?:了)?会议|作(?:了)?(?:交流|典型|表态)发言")
_OF_RULES = frozenset(["CNY", "percent", "multiple"])  # what a rule that takes effect later may state
_YEARS_APART = 2  # the start of years under review holds for a whole thought; 上年 is said of its own rise alone
_PROJECT = re.compile(r"工程|项目")


#: By what headings are numbered, from the highest rank.
_RANKS = ("第", "一二三四五六七八九十", "(", "0123456789")
_COMPARED_HEAD = re.compile(r"同比|比较|对比")


class When(NamedTuple):
    """Year, status (actual, target, previous) and period (annual, partial, multi_year) of one number."""

    year: int
    status: str
    period: str
    covers: Period | None = None
    review: Time | None = None  # the years that the paragraph reviews, where nothing nearer says when


class Timeline:
    """The time of one page, told number by number in the order of the text."""

    def __init__(self, text: str, frame: Frame) -> None:
        self._text, self._frame = text, frame
        self.plan_year = frame.plan_year
        self._heading = ""
        self._heading_start = 0
        self._section: Period | None = None  # the period that a heading names: `二、第三季度情况`
        self._section_rank = 0
        self._thought_start = 0
        self._stated: list[Time] = []
        self._line = -1
        self._resolved = False  # whether this paragraph tells what a meeting resolved to do
        self._parts: list[tuple[int, Period]] = []  # the parts of a year that this paragraph has named, and where
        self._review: Time | None = None  # the span of years that this paragraph has named last
        self._old_year = 0  # the year of the last old value of this paragraph
        self._may_look_ahead = False  # whether this thought holds a word that may look ahead
        self._paragraph_year = 0  # the past year with which this paragraph opens: `2020年,面对疫情…`
        self._section_year = 0  # the year that a heading looks back on: `一、2020年工作回顾`
        self._opened = False  # whether the page's first sentence, its title, is past

    def enter(self, heading: str, start: int = 0) -> None:
        """Go on under another heading: `三、下一步工作打算` begins the plans, `存在的问题` ends them."""
        self._heading, self._heading_start = heading, start
        plan, past = self._plans(PLAN_HEAD.search(heading)), bool(PAST_HEAD.search(heading))
        self._enter_period(heading, plan=plan and not past)
        years = [int(year) for year in re.findall(r"20\d{2}(?=年)", heading)]
        if years and years[-1] >= self._frame.year:
            self._section_year = 0
        looks_back = past and not plan and len(years) == 1 and years[0] < self._frame.year
        if not self._opened and not looks_back:
            return
        if plan and not past:
            self.plan_year = self.plan_year or self._frame.plan_year or self._default_plan_year(heading)
            self._section_year = 0
        elif past and not plan:
            self.plan_year = None
            self._section_year = years[0] if looks_back else self._frame.year - 1 if self._frame.plan_year else 0

    def _plans(self, words: re.Match[str] | None) -> bool:
        """Whether words begin plans: 下半年 does while it is to come, not in a report on the whole year."""
        if words is None or words.group() != "下半年":
            return words is not None
        return self._frame.partial or self._frame.runs_in(self._frame.year)

    def _enter_period(self, heading: str, *, plan: bool) -> None:
        """Keep the period of a section, `二、第三季度情况`, until a heading of its rank or above."""
        start = max(self._heading_start, 0)
        mark = self._text[self._text.rfind("\n", 0, start) + 1 : start].strip()
        rank = next((rank for rank, marks in enumerate(_RANKS) if mark[:1] in marks), len(_RANKS))
        if rank <= self._section_rank:
            self._section = None
        ground = self._frame.ground
        said = [each for each in periods_in(heading, 0, len(heading), ground) if each.part_said and each.form in PARTS]
        if (
            (self._opened or mark)
            and said
            and not plan
            and said[0].period.whole
            and _COMPARED_HEAD.search(heading) is None
        ):
            self._section, self._section_rank = said[0].period, rank

    def begin(self, sentence: Sentence, *, goes_on: bool) -> None:
        """Go on to the next sentence; `goes_on` where only a semicolon parts it from the last: both are one thought."""
        if not goes_on:
            self._stated, self._thought_start = [], sentence.start
        if not goes_on or self._frame.year - self._old_year < _YEARS_APART:
            self._old_year = 0
        if sentence.line != self._line:
            self._line, self._resolved, self._parts, self._review = sentence.line, False, [], None
            past = _PAST_OPENING.match(_OPENING.sub("", self._text[sentence.start : sentence.start + 24]))
            opened = int(past.group(1) or self._frame.spoken - 1) if past else 0
            self._paragraph_year = opened if opened < self._frame.year else 0
        if told := RESOLVED.search(self._text, sentence.start, sentence.end):
            year = re.search(r"20\d{2}", told.group())
            self._resolved = year is None or int(year.group()) > self._frame.year
        elif self._frame.spoken > self._frame.year and _TASKS_SET.search(self._text, sentence.start, sentence.end):
            self._resolved = True
        here = times(self._text, sentence.start, sentence.end, self._frame)
        self._stated += here
        self._parts += [
            (time.position, time.covers) for time in here if time.period == PARTIAL and time.covers is not None
        ]
        if said := [time for time in here if time.period or time.year]:
            self._review = said[-1] if said[-1].period == MULTI_YEAR else None
        may_look_ahead = FUTURE_WORD.search(self._text, sentence.start, sentence.end) is not None
        self._may_look_ahead = may_look_ahead or (goes_on and self._may_look_ahead)
        self._turn_to_plans(sentence)
        self._opened = True

    def _turn_to_plans(self, sentence: Sentence) -> None:
        """A paragraph that opens with a year to come, or with `下一步`, begins the page's plans, which run to its end."""
        frame = self._frame
        opening = _OPENING.sub("", self._text[sentence.start : sentence.start + 24])
        first = next((time for time in self._stated if time.position <= sentence.start + 12), None)
        if first is not None and first.year is not None and first.year > frame.year and _OPENS_WITH_YEAR.match(opening):
            if frame.plan_end is None or self.plan_year is None:
                self.plan_year = first.year
        elif self._opened and self._plans(PLAN_HEAD.match(opening)) and not PAST_HEAD.search(opening):
            self.plan_year = self.plan_year or self._default_plan_year(self._text[sentence.start : sentence.end])

    def _default_plan_year(self, words: str) -> int:
        frame = self._frame
        years = [int(year) for year in re.findall(r"20\d{2}", words)]
        if years and years[-1] >= frame.year:
            return years[-1]
        if frame.plan_end:
            return frame.plan_end
        return frame.year if "下半年" in words or frame.partial else frame.year + 1

    def of(self, mention: Mention, sentence: Sentence) -> When:
        """When one number is: the year that governs it, or else the page's own, and whether it is a fact yet."""
        text, number, frame = self._text, mention.number, self._frame
        stated = self._governing(mention, sentence)
        ahead = text[self._thought_start : number.start]
        task = self._is_task(number, sentence)
        named = text[max(mention.own[0][0], number.start - 8) : number.start]
        size = bool(_PLANNED_SIZE.search(named)) or (
            number.unit != "percent"
            and UNDER_WAY.search(ahead) is not None
            and _SIZE.search(text[mention.lead : number.start]) is not None
        )
        year = (stated.year or 0) if stated is not None else 0
        if stated is None or stated.year is None:
            year = self._paragraph_year or self._section_year
        status = "actual"
        if mention.is_old:
            status = "previous"
        elif year > frame.year or task or size or self._is_planned(year) or self._looks_ahead(mention, ahead):
            status = "target"
        elif number.unit in _OF_RULES and (starts := takes_effect(text[sentence.start : number.start], frame, year)):
            status, year = "target", starts
        if _AT_THE_MEETING.search(text, sentence.start, sentence.end):
            return self._when(frame.year, "actual", None, number)
        if stated is not None and stated.year == 0 and status == "actual" and _SO_FAR.match(text, stated.position):
            year = frame.spoken
        if status == "target" and not year:
            year = self._target_year(stated, ahead, task=task)
            expected = _EXPECTED_YEAR.search(text[number.end : sentence.end])
            if expected and _PLANNED_SIZE.search(named):
                year = int(expected.group(1))
        if mention.is_old:
            # `由2015年的400元提高到2020年的600元,农村低保标准由2520元提高到5040元`: both rises begin in 2015.
            year = self._old_year = year or self._old_year
        when = self._when(year or frame.year, status, stated, number)
        before = self._review is not None and self._review.position < number.start
        return when._replace(review=self._review) if before and stated is None and status == "actual" else when

    def _is_task(self, number: Number, sentence: Sentence) -> bool:
        text = self._text
        if number.unit != "CNY" and HANDED_DOWN.search(text, sentence.start, number.start):
            return True
        return is_task(text[max(sentence.start, number.start - 8) : number.start], text[number.end : number.end + 6])

    def _looks_ahead(self, mention: Mention, ahead: str) -> bool:
        """Whether words before a number look ahead: some for all that follows, some for their own clause."""
        if self._resolved:
            return True
        plans = [match.end() for match in FUTURE.finditer(ahead)] if self._may_look_ahead else []
        if plans and not _DONE_SO_FAR.search(ahead, plans[-1]):
            return True
        clause = self._text[mention.clause.start : mention.clause.end]
        if "将" in clause and will(clause[: mention.number.start - mention.clause.start], clause):
            return True
        return FUTURE_HERE.search(self._text, mention.clause.start, mention.number.start) is not None

    def _is_planned(self, year: int) -> bool:
        """Whether the page is at its plans, unless a number's own year says that it looks back."""
        if self.plan_year is None:
            return False
        return not (year and year <= self._frame.year and not self._frame.partial and year < self.plan_year)

    def _target_year(self, stated: Time | None, ahead: str, *, task: bool) -> int:
        frame = self._frame
        if self.plan_year is not None and self._is_planned(0):
            # `到2020年,每千名老人拥有床位35张。市财政今年计划安排2400万元`
            this_year = stated is not None and stated.year == 0 and self._opened
            return self._frame.spoken if this_year and self._frame.plan_year is None else self.plan_year
        if task:
            return frame.year
        if stated is not None or re.search(r"今年|年底前|年内|全年", ahead):
            return frame.spoken
        return frame.year if frame.partial else frame.spoken

    def _when(self, year: int, status: str, stated: Time | None, number: Number) -> When:
        """Year and status with the period that was stated, or else the page's own."""
        frame = self._frame
        covers = stated.covers if stated is not None else None
        period = stated.period if stated is not None else ""
        if status != "actual":
            of_years = status == "target" and frame.plan_end and _PROJECT.search(self._heading)
            unstated = MULTI_YEAR if of_years and number.unit not in ("percent", "ratio") else ANNUAL
            return When(year, status, unstated if period in ("", PARTIAL) else period, covers)
        if period:
            return When(year, status, period, covers)
        if self._section is not None and self._section.year == year:
            return When(year, status, self._section.kind, self._section)
        if stated is not None and stated.year == year and not frame.partial:
            return When(year, status, ANNUAL)  # `2021年,全区新增床位90张`, told in September of that year
        part = next((covers for at, covers in reversed(self._parts) if at < number.start), None)
        if frame.holds_for_year and frame.runs_in(year) and part is not None and part.year == year:
            return When(year, status, PARTIAL, part)  # `截至6月底,全市城市低保4.06万户;农村低保7.4万户`
        return When(year, status, *frame.unstated(year))

    def _governing(self, mention: Mention, sentence: Sentence) -> Time | None:
        """The statement of time that governs a number: the nearest before it that is not said of another number."""
        if not self._stated:
            return None
        rise = self._rise_start(mention)
        best: Time | None = None
        part: Time | None = None  # what last said a part of a year, or its whole
        for time in self._stated:
            if time.position >= mention.number.start:
                break
            if rise is not None and rise <= time.position:
                # Inside a rise a year belongs to the value that it stands before: `由2015年的400元提高到2020年的600元`.
                old_end = next(other.number.start for other in reversed(mention.run) if other.is_old)
                if mention.is_old != (time.position < old_end):
                    continue
            elif not self._governs(time, mention, sentence):
                continue
            part = time if time.period else part
            if time.year is not None:
                best = time
        if best is None:
            return part
        return best if part is None else best._replace(period=part.period, covers=part.covers)

    def _runs_on(self, time: Time, sentence: Sentence) -> bool:
        """Whether a year to come governs what follows its clause.

        It does at the head of a thought or of a clause without figures, `到2025年,`; not at `社工站覆盖率2023年底达到100%;注册志愿者…`,
        nor, beyond its sentence, where the page plans for a later year: `2022年底前,…达到48个;五年适老化改造6000户`.
        """
        if time.position < sentence.start and self.plan_year is not None and (time.year or 0) < self.plan_year:
            return False
        if time.position <= self._thought_start + _HEAD_OF_THOUGHT:
            return True
        stop = _CLAUSE_STOP.search(self._text, time.position)
        return re.search(r"\d", self._text[time.position + 4 : stop.start() if stop else sentence.end]) is None

    def _rise_start(self, mention: Mention) -> int | None:
        """Where the 由 or 从 of the rise stands that a number belongs to."""
        if not any(other.is_old for other in mention.run):
            return None
        first = mention.run[0]
        marks = [match.start() for match in _RISE_FROM.finditer(self._text, first.lead, first.number.start)]
        return marks[-1] if marks else first.lead

    def _governs(self, time: Time, mention: Mention, sentence: Sentence) -> bool:
        """A year in the number's own clause governs it; one further before only where it opens its clause.

        A year to come governs all that follows in one thought; one that another number is said to be of governs that alone.
        """
        text = self._text
        if time.position < mention.clause.start and _DESCRIBES.match(text, time.position):
            return False
        if time.position < mention.lead and _SAID_OF_NUMBER.match(text, time.position):
            return False
        if mention.number.unit == "multiple" and time.position >= mention.lead:
            return False  # `是“十一五”时期的2.6倍`
        if time.position >= mention.clause.start:
            # `这是自2008年以来第17次提标`
            return not (text[max(0, time.position - 1)] in "自从" and "以来" in text[time.position : time.position + 8])
        if (time.year or 0) > self._frame.year:
            return self._runs_on(time, sentence)
        if time.position < sentence.start:
            # `去年,市县两级安排资金1.03亿元;“助学工程”资助92名大学生`
            begun = _BEFORE_YEAR.fullmatch(text, self._thought_start, time.position) is not None
            return begun and _PAST_OPENING.match(text, time.position) is not None
        if 0 < (time.year or 0) < self._frame.year and "以来" in text[time.position : time.position + 7]:
            return False
        clause = next(clause for clause in sentence.clauses if clause.end > time.position)
        return _BEFORE_YEAR.fullmatch(text, clause.start, time.position) is not None

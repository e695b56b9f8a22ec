"""Whose a figure is: the area (urban, rural, districts, counties) and the place of each number of a passage."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.indicators import Zone
from bulletins.reading.mentions import Mention
from bulletins.reading.places import Reach
from bulletins.reading.state import Memory, PageContext, Stand, Step
from bulletins.reading.wording import area_of, area_within

_SHORT_HEADING = 8  # code points: a longer one tells more than whose it is
_RURAL_SCHEME = re.compile("农村五保(?!村)")
_COUNTED_PLACES = frozenset(["县", "区", "市", "乡", "镇", "旗", "盟"])


@dataclass(slots=True)
class _Answer:
    """What is known of one number so far: area, the area within a county's own figures, place; `general`: said of all of the home."""

    area: str
    inner: str
    place: str
    general: bool


class Whose:
    """Tells whose the numbers of one page are, in the order of its text."""

    def __init__(self, page: PageContext, stand: Stand, memory: Memory, reach: Reach) -> None:
        self._text, self._frame, self._places, self._matcher = page.text, page.frame, page.places, page.matcher
        self._stand, self._memory, self._reach = stand, memory, reach
        self._in_turn: list[str] = []  # the places of the sentence's last figures in turn
        self._thought: list[tuple[Observation, str]] = []  # its figures, and the area that the words state of each
        self._five_guarantees = False  # whether the paragraph has said that its 五保 is 农村五保

    # --- what carries over --------------------------------------------------------------------------------------------

    def begin_line(self) -> None:
        """Come to another line."""
        self._five_guarantees = False

    def begin(self) -> None:
        """Come to another sentence."""
        self._in_turn = []

    def end_thought(self) -> None:
        """Give a thought's figures that name no area the side on which they stand, where it tells of city and village alike.

        `城市低保6195户12533人,发放低保金3277万元,农村低保7840户13026人,发放低保金1444万元`
        """
        side = ""
        alike: dict[tuple[str, str, str], list[tuple[Observation, str, str]]] = {}
        for item, stated in self._thought:
            side = stated or side
            if item.indicator and (
                stated or not phrases.OF_ALL.search(self._text, item.number.start - 12, item.number.start)
            ):
                alike.setdefault((item.indicator, item.number.unit, item.measure), []).append((item, stated, side))
        for pair in alike.values():
            if len(pair) != 2 or {side for _, _, side in pair} != {"urban", "rural"}:
                continue
            if "其中" in self._text[pair[0][0].number.end : pair[1][0].number.start]:
                continue  # `发放低保金6914万元,其中农村5427万元`
            for item, stated, side in pair:
                item.area = item.area if stated else side
        self._thought = []

    def old_year(self) -> int:
        """The year of the thought's last old value, or 0."""
        return next((item.year for item, _ in reversed(self._thought) if item.status == "previous"), 0)

    # --- one number ---------------------------------------------------------------------------------------------------

    def settle(self, found: Observation, mention: Mention, own: Zone, topics: int, words: str) -> str:
        """Set a number's area and place; returns the area that the words state, which may be none.

        Args:
            found: what was read of the number so far.
            mention: where its words stand.
            own: the catalogue's words of its own clause.
            topics: the subjects that it names itself or shares in an enumeration.
            words: its own stretches of text.
        """
        lead = self._text[mention.lead : mention.number.start]
        area = self._stated_area(mention, words)
        place = self._stated_place(mention, words) or self._places.of_average(lead)
        whole = self._reach.place() and self._reach.whole_of(words)
        general = area in ("districts", "counties") or (
            not whole and (phrases.SAID_OF_HOME.search(words) is not None or "其余" in words)
        )
        answer = _Answer(area, area, place, general)
        self._carry(answer, mention, own, topics, words)
        if not general:
            answer.place = answer.place or self._part_before() or self._reach.place()
            self._reach.count()
        stated = self._within_county(answer, words)
        if not stated and ("五保" in words or phrases.SAID_OF_HOME.search(words) is None):
            stated = self._of_heading()
        found.area, found.place = stated or "all", answer.place or self._places.home
        self._thought.append((found, stated))
        return stated

    def hold_five_guarantees(self, found: Observation, mention: Mention, words: str, stated: str) -> None:
        """Keep the side of 五保: `农村五保对象4125人,…集中供养标准由每人每年4000元提高到5500元`: said once, it holds for the paragraph."""
        if found.indicator.startswith("tekun_") and not mention.area:
            of_all = phrases.SAID_OF_HOME.search(words) is not None and "农村" not in words
            self._five_guarantees = not of_all and (self._five_guarantees or _RURAL_SCHEME.search(words) is not None)
            if not stated and self._five_guarantees:
                found.area = "rural"

    def _stated_area(self, mention: Mention, words: str) -> str:
        """The area that a number's own words state, or those that an enumeration shares."""
        text, spoken = self._text, self._stand.spoken
        lead = text[mention.lead : mention.number.start]
        area = mention.area or area_of(words if spoken.is_silent else spoken.without_all(mention.own))
        if area == "districts" and self._is_built_up(words):
            area = "urban"
        stated = area_of(spoken.without(*mention.shared[0])) if mention.shared else ""
        if stated and (mention.heads_before or not area):
            area = stated
        if area in ("", "all") and mention.run and not mention.distributed:
            area = self._side_in_turn(mention) or area
        if mention.number.unit == "percent" and phrases.COMPLETION.search(lead):
            area = "all" if area_of(lead) == "" else area  # `农村低保22680人,占任务103.1%`
        if not area and self._sums_up(mention):
            area = "all"  # `发放城市低保金2563.7万元、农村低保金6684.2万元,共计9247.9万元`
        end = mention.number.end
        if not mention.area and (
            text[end : end + 1] in _COUNTED_PLACES or (mention.number.counter == "个" and text.startswith("城市", end))
        ):
            area = "all"  # `16个县市全部联网` counts the counties themselves
        return area

    def _sums_up(self, mention: Mention) -> bool:
        """Whether a number sums what its thought has counted; `城市低保8120户,共计14360人` counts anew."""
        if not phrases.SUM.search(self._text[mention.lead : mention.number.start]):
            return False
        alike = [stated for item, stated in self._thought if item.number.unit == mention.number.unit]
        last = self._thought[-1][0].number.unit if self._thought else mention.number.unit
        return last == mention.number.unit or len(set(alike)) > 1

    def _is_built_up(self, words: str) -> bool:
        """Whether 城区 is set against the village and not against counties: `城区低保标准900元,农村700元`."""
        sentence = self._text[self._stand.start : self._stand.end]
        return phrases.BUILT_UP.search(words) is not None and "农村" in sentence and "县" not in sentence

    def _side_in_turn(self, mention: Mention) -> str:
        """The side of a value of a pair, where the thought told of two: `城镇低保…、农村低保…,月人均补差分别达到502元、345元`."""
        run = [other for other in mention.run if other.is_old == mention.is_old]
        first = mention.run[0]
        if len(run) != 2:
            return ""
        ahead = self._text[mention.clause.start : first.number.start]
        if phrases.BOTH_SIDES.search(ahead) and not mention.is_old and run[0].number.unit == run[1].number.unit:
            return ("urban", "rural")[mention.rank]  # `城乡低保标准占城乡居民人均消费支出的26.1%和41.3%`
        lead = self._text[first.lead : first.number.start]
        if not phrases.IN_TURN.search(lead) and not (phrases.OF_SIDES.search(lead) and run[0].number.unit == "CNY"):
            return ""
        sides = list(dict.fromkeys(area for _, area in self._thought if area not in ("", "all")))
        return sides[mention.rank] if len(sides) == 2 else ""

    def _stated_place(self, mention: Mention, words: str) -> str:
        """The place that a number's own clause names, or its turn in an enumeration; empty where it names none."""
        spoken, clause = self._stand.spoken, mention.clause.start
        if place := self._place_in_turn(mention):
            return place
        place = ""
        if not spoken.is_silent or "全" in words or self._text[clause] == "全":
            place = "" if mention.distributed else spoken.of(*mention.own)
            place = place or spoken.of((clause, mention.number.start))
        if place and self._home_is_nearer(clause, mention.number.start):
            return ""  # `家住天桥区的王大爷是全市9800余张家庭养老床位的签约者之一`
        return place

    def _place_in_turn(self, mention: Mention) -> str:
        """Its place where several are named for as many values: `总量列前三位的是易县、曲阳、涞源,依次是2306人次、1954人次、1817人次`."""
        spoken = self._stand.spoken
        named = [name for span in mention.shared for name in spoken.named(*span)] if mention.distributed else []
        count = len([other for other in mention.run if other.is_old == mention.is_old])
        if count > 1 and not named:
            first = mention.run[0]
            in_turn = phrases.IN_TURN.search(self._text[first.lead : first.number.start]) is not None
            named = spoken.named(mention.clause.start, first.number.start)
            if in_turn and not named:
                named = spoken.named(self._stand.clause_before, mention.clause.start)
            if not named and len(self._in_turn) == count:
                named = self._in_turn  # `新邵、新宁依次为7018、6113人,集中1684、1070人`
            if not named and in_turn and len(self._thought) >= count:
                # `资金支出灵宝市1987.3万元、卢氏县2240万元;对象人数依次为1.92、2.31万人`
                before = [item.place for item, _ in self._thought[-count - mention.rank :][:count]]
                named = before if len(set(before) - {self._places.home}) == count else []
        if not len(named) == count > 1:
            return ""
        self._in_turn = named
        return named[mention.rank]

    def _home_is_nearer(self, start: int, end: int) -> bool:
        """Whether the last place that leads to a number is the home."""
        bare = self._stand.spoken.last_end(start, end)
        return bare > 0 and phrases.SAID_OF_HOME.search(self._text, bare, end) is not None

    def _carry(self, answer: _Answer, mention: Mention, own: Zone, topics: int, words: str) -> None:
        """Take from the clauses and numbers before what a number does not say itself, back to where a subject was named."""
        bracketed = self._stand.in_brackets(mention.number.start)
        does = phrases.DOES.match(words) is not None
        for step in reversed(self._memory.steps):
            if topics and answer.area:
                break
            # What was newly done behind a semicolon is said of all: `其中农村5233户8025人;年内新增1137人`.
            if step.clause < self._stand.start and not answer.place and self._matcher.verbs_of(own):
                break
            # `城乡特困人员2.31万人,其中城市1407人,发放供养资金1.28亿元`: what was done is of the whole again.
            ended = does and step.words.startswith("其中") and step.clause < mention.clause.start
            if not answer.area and not ended:
                if not topics:
                    self._carry_area(answer, step)
                if not answer.area and step.zone.topics and self._goes_on(step, topics, words):
                    answer.area = answer.inner = self._thought[-1][1]
            inside = bracketed or not step.bracketed
            if not topics and inside and step.clause >= self._stand.start and not (answer.place or answer.general):
                answer.place = step.place()
                answer.general = (
                    not answer.place and step.counted and phrases.SAID_OF_HOME.search(step.words) is not None
                )
            if step.zone.topics:
                break

    def _carry_area(self, answer: _Answer, step: Step) -> None:
        # `对城镇困难居民开展普查,共查1420户`: a side may be told without a subject, and holds for its sentence.
        told = step.clause >= self._stand.start and step.inner_area() in ("urban", "rural")
        if not (step.zone.topics or step.counted or told):
            return
        # `…三县由160元提高到185元;月人均补助水平138元`: the counties end with the thought, 城市 goes on.
        behind = step.clause < self._stand.start and not answer.place
        answer.inner = step.inner_area()
        answer.area = answer.inner if behind else step.area()
        if answer.area in ("urban", "rural") and self._parted(step):
            answer.area = "all"

    def _goes_on(self, step: Step, topics: int, words: str) -> bool:
        """Whether a number that names its subject goes on about the side of which alone was told: `城市低保9870人,发放低保金2394万元`."""
        of_scheme = (
            phrases.OF_SIDES.search(words) is not None and "低保" in self._text[self._stand.start : step.spans[-1][1]]
        )
        if (topics & ~step.zone.topics and not of_scheme) or step.bracketed or phrases.OF_ALL.search(words):
            return False
        sides = {stated for _, stated in self._thought if stated}
        return len(sides) == 1 and sides <= {"urban", "rural"} and self._thought[-1][1] != ""

    def _parted(self, step: Step) -> bool:
        """Whether a clause told of city and village in turn, so that what follows is of both."""
        areas = {other.area() for other in self._memory.steps if other.clause == step.clause and other.counted}
        return {"urban", "rural"} <= areas

    def _part_before(self) -> str:
        """The place among several of which the sentence has begun to tell."""
        last = self._memory.steps[-1] if self._memory.steps else None
        return last.place() if last is not None and last.of_part and last.clause >= self._stand.start else ""

    def _within_county(self, answer: _Answer, words: str) -> str:
        """The area, without 市区 and 县(市) in a county's own figures."""
        away = answer.place not in ("", self._places.home)
        if (away or self._frame.inside_county) and answer.area in ("districts", "counties"):
            return area_within(words) or (answer.inner if answer.inner not in ("districts", "counties") else "")
        return answer.area

    def hold_list(self, found: Observation) -> None:
        """Give the members of a list of places the side of the whole: `农村低保对象16823人。各乡镇人数:凤城镇486人,城厢镇731人`."""
        headed = any(step.counted and step.zone.topics for step in self._memory.steps)
        if headed or found.place == self._places.home or found.area != "all":
            return
        alike = (item for item in reversed(self._memory.series) if item.number.unit == found.number.unit)
        whole = next((item for item in alike if item.place == self._places.home), None)
        if whole is not None and whole.area in ("urban", "rural") and found.indicator in ("", whole.indicator):
            found.area = whole.area

    def hold_whole(self, found: Observation) -> None:
        """Give a body that is a part of a whole the area of that: `城市低保对象28100户,其中龙矿集团低保对象5100户`."""
        part = self._text.rfind("其中", self._stand.start, found.number.start)
        if found.area == "all" and part >= 0:
            alike = [item for item, _ in self._thought if item.number.unit == found.number.unit]
            found.area = next((item.area for item in reversed(alike) if item.number.start < part), "all")

    def _of_heading(self) -> str:
        """The area that a short heading names: `(一)城市低保。…新增对象5620人`."""
        start, end = self._stand.heading
        area = area_within(self._text[start:end]) if end - start <= _SHORT_HEADING else ""
        return area if area != "all" else ""

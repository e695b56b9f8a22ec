"""The numbers of a page in the order of its sentences: what carries over from one to the next, and what each one is.

Here belongs the state that a reader keeps while reading on: the subject of the clause before, the heading, whether the page has
come to its plans. The verdicts themselves come from `places.py` (whose), `timing.py` (when) and `indicators.py` (what).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.coverage import close_year, hold_standard, stretch_change
from bulletins.reading.frame import Frame
from bulletins.reading.indicators import EMPTY, LineIndex, Matcher, Zone
from bulletins.reading.mentions import Mention, Stretch, mentions_of
from bulletins.reading.places import PlaceReader, Reach, Spoken
from bulletins.reading.times import is_task
from bulletins.reading.timing import UNDER_WAY, Timeline
from bulletins.reading.wording import area_of, area_within, is_change, paid_by_size, per_of
from bulletins.records import Block
from bulletins.text.labels import Labeller
from bulletins.text.numbers import Number
from bulletins.text.periods import PLAN_PERIODS
from bulletins.text.structure import Sentence


@dataclass(frozen=True, slots=True)
class PageContext:
    """What all readers of one page share.

    Attributes:
        text: the normalised text.
        index: where the catalogue's words stand in it.
        frame: whose page it is and of which year.
        places: the places that it may speak of.
        matcher: the catalogue's aliases.
        labeller: names what is counted.
    """

    text: str
    index: LineIndex
    frame: Frame
    places: PlaceReader
    matcher: Matcher
    labeller: Labeller


class _Step(NamedTuple):
    """What one clause or number left for those that follow it; its area and place are read when one asks."""

    zone: Zone
    words: str
    spans: tuple[Stretch, ...]
    spoken: Spoken
    counted: bool  # whether it holds a number
    clause: int  # where its clause begins
    stated_area: str = ""  # what an enumeration stated for it
    stated_place: str | None = None  # the place of the number, where it holds one; empty for the home
    bracketed: bool = False  # whether it stands in brackets, outside of which its place counts for nothing
    of_part: bool = False  # whether it tells of one place among several: `其中绍兴县新增床位640张,建成…118个`

    def area(self) -> str:
        """Urban, rural, districts, counties or all, as far as its words say."""
        return self.stated_area or area_of(self.words if self.spoken.is_silent else self.spoken.without_all(self.spans))

    def inner_area(self) -> str:
        """The area without 市区 and 县(市), which say nothing of a county's own figures."""
        return self.stated_area or area_within(self.words)

    def place(self) -> str:
        """Whom it is about, if it says so."""
        return self.spoken.of(*self.spans) if self.stated_place is None else self.stated_place


_LONGEST_THOUGHT = 60  # clauses and numbers: what was said before that is not carried on
_HEADLINE = 40  # code points: a longer line is no headline
_NO_DEED = re.compile(r"[全省市县区国每最各均占高低增降]")
_LONGEST_DEED = 4  # code points: a verb that names what a number without a noun counts
_SHORT_TAIL = 8  # code points behind a number in which its noun stands
_ALL_KINDS = frozenset(["standard", "stock", "flow", "rate", "amount"])
_LARGEST_RATE = 100_000  # CNY: more than this is paid to nobody by the month or year
_LARGE_MONEY = frozenset(["amount", "stock"])
_SMALL_MONEY = frozenset(["standard"])


class Passage:
    """Reads the sentences of one page in order."""

    def __init__(self, page: PageContext) -> None:
        self._text, self._index, self._frame = page.text, page.index, page.frame
        self._matcher, self._labeller, self._places = page.matcher, page.labeller, page.places
        self._growth = page.matcher.known(("增加", "净增", "减少", "净减"))
        self._timeline = Timeline(page.text, page.frame)
        self._spoken = self._places.spoken("", 0, 0)  # the places that the sentence names
        self._reach = Reach(page.places)
        self._in_turn: list[str] = []  # the places of the sentence's last figures in turn
        self._heading = (0, 0)
        self._heading_zone: Zone | None = EMPTY
        self._line = -1
        self._paragraph = EMPTY
        self._unread: list[Sentence] = []  # those without a number since, whose words nobody has asked for
        self._steps: list[_Step] = []
        self._series: list[Observation] = []
        self._thought: list[tuple[Observation, str]] = []  # its figures, and the area that the words state of each
        self._five_guarantees = False  # whether the paragraph has said that its 五保 is 农村五保
        self._page_codes: dict[str, str] = {}  # by unit, the indicator of the home's last figure that has one
        self._last_change: Observation | None = None  # of this thought, that said itself what it changed
        self._verbs = 0
        self._label = ""
        self._next_unit = ""
        self._sentence_start = self._sentence_end = self._clause_before = self._clause_start = 0
        self._antecedent: Observation | None = None  # of the change that is being read: the figure that changed
        # Whether the last sentence ended in a semicolon, which closes a thought but not its subject.
        self._goes_on = False

    # --- one sentence ---------------------------------------------------------------------------------------------

    def read(self, sentence: Sentence, numbers: Sequence[Number], spoken: Spoken) -> list[Observation]:
        """The observations of one sentence; `numbers` are the quantities in it, `spoken` the places that it names."""
        text = self._text
        new_line = sentence.line != self._line
        if new_line:
            self._line, self._paragraph, self._unread, self._series = sentence.line, EMPTY, [], []
            self._five_guarantees = False
        if sentence.heading != self._heading:
            self._heading = sentence.heading
            self._heading_zone = None
            self._reach.enter(text, sentence.heading)
            self._timeline.enter(text[slice(*sentence.heading)], sentence.heading[0])
        self._timeline.begin(sentence, goes_on=self._goes_on)
        if not self._goes_on:
            self._steps, self._last_change = [], None
            self._pair_areas()
        self._goes_on = text[sentence.end - 1] == ";" and len(self._steps) < _LONGEST_THOUGHT
        self._sentence_start, self._sentence_end = sentence.start, sentence.end
        self._reach.begin(spoken, sentence, new_line=new_line)
        self._in_turn = []
        found: list[Observation] = []
        if not numbers and not self._goes_on:
            # Nothing to read: all that can matter later is what the paragraph was last about.
            self._unread.append(sentence)
            return found
        self._spoken = spoken
        mentions = mentions_of(text, sentence, numbers)
        self._part_run_on(mentions)
        waiting = 0
        for clause in sentence.clauses:
            here = False
            self._clause_before, self._clause_start = self._clause_start, clause.start
            self._reach.clause(spoken, clause)
            while waiting < len(mentions) and mentions[waiting].number.start < clause.end:
                self._next_unit = mentions[waiting + 1].number.unit if waiting + 1 < len(mentions) else ""
                found.append(self._observe(sentence, mentions[waiting], found))
                waiting += 1
                here = True
            if not here:
                self._remember((clause.start, clause.end))
        for step in reversed(self._steps):
            if step.zone.topics:
                self._paragraph, self._unread = step.zone, []
                break
        return found

    def _part_run_on(self, mentions: Sequence[Mention]) -> None:
        """Leave the noun between two numbers to the second where the first has one: `养老机构57家床位7312张入住3164人`."""
        for mention, following in itertools.pairwise(mentions):
            tail = mention.own[-1]
            if len(mention.own) < 2 or tail != (mention.number.end, following.number.start):
                continue
            words = self._text[slice(*tail)]
            if (
                phrases.JOINED.search(words) is None
                and self._index.zone(mention.own[0]).topics
                and self._index.zone(tail).words
            ):
                mention.own.pop()

    @property
    def goes_on(self) -> bool:
        """Whether the last sentence ended in a semicolon: what follows may still change what was read of it."""
        return self._goes_on

    @property
    def heading_zone(self) -> Zone:
        """The words of the heading that the page has come to."""
        if self._heading_zone is None:
            self._heading_zone = self._index.zone(self._heading)
        return self._heading_zone

    def _paragraph_zone(self) -> Zone:
        """The words of the clause of this paragraph that last named a subject, in the sentences before this one."""
        for sentence in reversed(self._unread):
            zones = (self._index.zone((clause.start, clause.end)) for clause in reversed(sentence.clauses))
            if zone := next((zone for zone in zones if zone.topics), None):
                self._paragraph = zone
                break
        self._unread = []
        return self._paragraph

    @property
    def plan_year(self) -> int | None:
        """The year that the page's plans are for, where it has come to them."""
        return self._timeline.plan_year

    def _remember(self, stretch: tuple[int, int]) -> None:
        words = self._text[stretch[0] : stretch[1]]
        self._steps.append(
            _Step(self._index.zone(stretch), words, (stretch,), self._spoken, counted=False, clause=stretch[0])
        )

    # --- one number -------------------------------------------------------------------------------------------------

    def _observe(self, sentence: Sentence, mention: Mention, before: Sequence[Observation]) -> Observation:
        text, number = self._text, mention.number
        self._antecedent = None
        own = plain = self._own_zone(mention)
        if mention.implied:
            implied = self._matcher.index(mention.implied).zone((0, len(mention.implied)))
            own = Zone(plain.words | implied.words, plain.topics | implied.topics)
        words = "".join(text[start:end] for start, end in mention.own)
        lead = text[mention.lead : number.start]
        shared = self._index.zone(*mention.shared) if mention.shared else EMPTY
        when = self._timeline.of(mention, sentence)
        found = Observation(
            number, (sentence.start, sentence.end), year=when.year, status=when.status, period=when.period
        )
        found.covers = when.covers
        if self._is_change(mention):
            found.measure = "change"
        area, found.place = self._where(mention, own, own.topics | shared.topics, words)
        found.area = area or "all"
        self._thought.append((found, area))
        carried = [self._carried(shared, mention), self._paragraph_zone(), self.heading_zone]
        if phrases.ONCE.search(lead) and found.status == "actual":
            found.status = "previous"
        if found.measure == "change":
            self._change(found, mention, own, carried)
        elif not self._compare(found, lead) and not (
            number.unit == "item" and not mention.run and self._of_two(phrases.PAIR_OF_KINDS, lead, number.unit)
        ):
            found.indicator = self._indicator(found, own, carried, words, before, lead)
        if found.indicator.startswith("tekun_") and not mention.area:
            # `农村五保对象4125人,…集中供养标准由每人每年4000元提高到5500元`: said once, it holds for the paragraph.
            self._five_guarantees = self._five_guarantees or "农村五保" in words
            if not area and self._five_guarantees:
                found.area = "rural"
        found.per = self._per(found, mention)
        self._settle_period(found, mention, words)
        self._name(found, mention)
        if shared.words and mention.distributed and mention is mention.run[-1] and not mention.heads_before:
            # Behind `生活补贴、护理补贴标准分别提高到80元、110元` comes what is of both: `惠及6.8万人`.
            self._leave(found, mention, shared, mention.shared)
        else:
            self._leave(found, mention, shared if shared.words and not own.words else plain, mention.own)
        return found

    def _settle_period(self, found: Observation, mention: Mention, words: str) -> None:
        """Let what a number counts have its say on the period that governs it."""
        known = self._matcher.indicators.get(found.indicator)
        if not self._frame.partial:
            hold_standard(found, words)
        close_year(found, known.kind if known else "", words)
        antecedent = self._antecedent
        if antecedent is not None and antecedent.per:
            found.period, found.covers = antecedent.period, antecedent.covers  # `提高50元,增幅8.1%`
        old = (item.year for item, _ in reversed(self._thought) if item.status == "previous")
        stretch_change(found, self._text[mention.lead : mention.number.start], next(old, 0))

    def _is_change(self, mention: Mention) -> bool:
        """Whether a number is an increase or a decrease; in a chain the words before its first number say so."""
        if mention.is_old or mention.origin is not None:
            return False
        first = mention.run[0] if mention.chained else mention
        if is_change(self._text[first.lead : first.number.start], mention.number.unit):
            return True
        clause_before = max(self._clause_before, self._sentence_start)
        return (
            mention.number.unit in ("percent", "percentage_point")
            and phrases.CHANGE_BEFORE_COMMA.search(self._text, clause_before, first.number.start) is not None
        )

    def _compare(self, found: Observation, lead: str) -> bool:
        """Read an old value that stands for comparison, `比2023年的180个增加80个`, by the figure that it is compared with."""
        compared = phrases.COMPARED_VALUE.search(lead)
        if compared is None or not self._series:
            return False
        plan = PLAN_PERIODS.get(compared.group(2) or "")
        said_year = int(compared.group(1) or (plan[1] if plan else 0))
        found.year = said_year or self._frame.year - ("年" in compared.group())
        if found.year != self._frame.year and "同期" not in compared.group():
            found.period, found.covers = "annual", None
        # `比去年同期的6.21亿元增长13.7%` states a fact of that year; `比原先的3,600元多出420元` what held before.
        of_year = compared.group(1) or "年" in compared.group()
        code = next(
            (
                item.indicator
                for item in reversed(self._series)
                if item.number.unit == found.number.unit and item.indicator
            ),
            "",
        )
        found.status, found.indicator = "actual" if of_year else "previous", code
        return True

    def _last_code(self, unit: str) -> str:
        """The indicator of the last figure of this paragraph in `unit`."""
        last = self._last(unit)
        return last.indicator if last is not None else ""

    def _last(self, unit: str) -> Observation | None:
        """The last figure of this paragraph in `unit`."""
        return next((item for item in reversed(self._series) if item.number.unit == unit), None)

    def _name(self, found: Observation, mention: Mention) -> None:
        """Label what is counted; `累计868个`, `支出2763.4万元` go on about what was counted last."""
        text = self._text
        before = text[mention.own[0][0] : mention.own[0][1]]
        found.label = self._labeller.label(before, text[found.number.end : mention.clause.end])
        if not found.label:
            known = self._matcher.indicators.get(found.indicator)
            found.label = known.name_zh if known else self._deed(found, mention) or self._label
        self._label = found.label

    def _deed(self, found: Observation, mention: Mention) -> str:
        """The verb of a number that names no thing: those of `退出374户` are not those of `城市低保新增276户` before it."""
        deed = re.sub(r"[^\u4e00-\u9fff]|其中|[共达约近仅为有]", "", self._text[mention.lead : found.number.start])
        silent = found.measure == "change" or _NO_DEED.search(deed) is not None or area_of(deed) != ""
        return deed if 2 <= len(deed) <= _LONGEST_DEED and not silent else ""

    def _leave(self, found: Observation, mention: Mention, zone: Zone, spans: Sequence[Stretch]) -> None:
        """Remember what a number leaves for those that follow it."""
        away = found.place != self._places.home
        of_part = away and (
            "其中" in self._text[found.sentence[0] : mention.number.start]
            or bool(self._steps and self._steps[-1].of_part)
        )
        self._steps.append(
            _Step(
                zone,
                "".join(self._text[start:end] for start, end in spans),
                tuple(spans),
                self._spoken,
                counted=True,
                clause=mention.clause.start,
                stated_area=mention.area,
                bracketed=self._in_brackets(mention.number.start),
                stated_place=found.place if away else "",
                of_part=of_part,
            )
        )
        # `公墓1083处,其中镇级27处,较2020年底的964处增加119处`: it goes on about the whole.
        named_part = not found.indicator and self._in_part_list(found)
        if found.measure == "level" and not mention.is_old and not named_part:
            self._series.append(found)
            if found.indicator and not away:
                self._page_codes[found.number.unit] = found.indicator

    def _own_zone(self, mention: Mention) -> Zone:
        """The words of a number's own, with what touches it and the verb that an enumeration shares.

        `新增社区养老服务综合体8个、护理型床位1500张`: both are 新增; `涉及88个乡镇、509个村`: both are but named along the way.
        """
        text, number = self._text, mention.number
        counted = self._counted(mention)
        if number.unit == "bed":
            counted = [*counted, (number.digits_end, number.end)]  # 张床位 is one counter
        if number.unit == "CNY" and (paid := self._paid_to(mention)) is not None:
            counted = [*counted, paid]
        zone = self._index.zone(*counted)
        # `村由432个合并为156个`: the new value goes by the words before the old one.
        first = mention.run[0] if mention.run and mention.origin is not None else mention
        words = zone.words | self._matcher.beside(
            "per" if number.per else number.counter,
            text[max(first.lead, first.own[0][0]) : first.number.start],
            text[number.end : number.end + 8],
        )
        if mention.is_old or mention.origin is not None:
            words |= self._matcher.beside("rise", "", "")
        verbs = self._matcher.verbs_of(zone)
        # `新增老年助餐点85个、累计达243个`: the total is not of what is new.
        total = phrases.TOTAL_SAID.match(text, mention.lead, number.start) is not None
        if (
            not verbs
            and self._verbs
            and not total
            and (self._is_sibling(mention) or text.startswith("其中", mention.lead))
        ):
            words |= self._verbs
        else:
            self._verbs = verbs
        topics = zone.topics
        if mention.tail:
            # `社会散居1260元、集中供养1690元的孤儿基本生活费`; of other tails only what was done is shared.
            tail = self._index.zone(mention.tail)
            shares_all = self._text[mention.tail[0]] == "的"
            # `1018个村、229个社区全部完成整治`: what was done with all of them parts none off.
            of_all = phrases.ALL_OF_THEM.search(self._text, *mention.tail) is not None
            words |= tail.words if shares_all else 0 if of_all else self._matcher.verbs_of(tail)
            topics |= tail.topics if shares_all else 0
        return Zone(words, topics)

    def _paid_to(self, mention: Mention) -> Stretch | None:
        """Where a rate names but its period, the words of whom it is paid to: `社会散居的81名每月600元`."""
        if not phrases.PAID_ONLY.fullmatch(self._text, mention.lead, mention.number.start):
            return None
        start = mention.clause.start if mention.lead > mention.clause.start else self._clause_before
        return (max(start, self._sentence_start), mention.lead)

    def _is_sibling(self, mention: Mention) -> bool:
        """Whether a number follows another of the same clause behind `、` or 和."""
        return mention.lead > mention.clause.start and self._text[mention.lead] in "、和及与"

    def _counted(self, mention: Mention) -> list[tuple[int, int]]:
        """The own stretches of a number, up to the verb that follows what it counts.

        `88个乡镇(街道)全部建成未成年人保护工作站` counts 乡镇, not stations.
        """
        if mention.number.unit != "item":
            return mention.own
        stretches: list[tuple[int, int]] = []
        for start, end in mention.own:
            verb = phrases.VERB_BEHIND.search(self._text, start, end) if start >= mention.number.end else None
            stretches.append((start, verb.end() if verb else end))
        return stretches

    def _carried(self, shared: Zone, mention: Mention) -> Zone:
        """What the sentence has said so far, back to where it last named a subject; else what its next clause says.

        The members of an enumeration share what stands before the first: `发放两项补贴…,惠及困难残疾人3.4万人、重度残疾人3.2万人`.
        """
        if shared.words and shared.topics:
            return shared
        words, topics = shared.words, shared.topics
        sibling = self._is_sibling(mention) and bool(self._index.zone(*mention.own).topics)
        for step in reversed(self._steps):
            words |= step.zone.words
            topics |= step.zone.topics
            # 老人 of `为9.8万名老人发放…` is whom it was done for; what was done was said before.
            if self._matcher.subjects_of(step.zone) and not (sibling and step.clause == mention.clause.start):
                # `生活补贴惠及5.9万人、护理补贴惠及6.7万人,合计支出6120万元`: money behind a clause is for all that it counted.
                if mention.number.unit == "CNY" and step.clause < mention.clause.start and step.counted:
                    for other in self._steps:
                        if other.clause == step.clause:
                            words, topics = words | other.zone.words, topics | other.zone.topics
                break
        if not topics:
            # `州级财政投入2600万元,改造乡镇敬老院31所`
            stop = self._text.find(",", mention.clause.end + 1, self._sentence_end)
            ahead = self._index.zone((mention.clause.end, stop if stop >= 0 else self._sentence_end))
            if self._text.startswith("其中", mention.clause.end + 1):
                ahead = EMPTY
            return Zone(words | ahead.words, ahead.topics)
        return Zone(words, topics)

    def _parted(self, step: _Step) -> bool:
        """Whether a clause told of city and village in turn, so that what follows is of both."""
        areas = {other.area() for other in self._steps if other.clause == step.clause and other.counted}
        return {"urban", "rural"} <= areas

    def _where(self, mention: Mention, own: Zone, topics: int, words: str) -> tuple[str, str]:
        text = self._text
        spoken = self._spoken
        area = mention.area or area_of(words if spoken.is_silent else spoken.without_all(mention.own))
        if area == "districts" and self._is_built_up(words):
            area = "urban"
        stated = area_of(spoken.without(*mention.shared[0])) if mention.shared else ""
        if stated and (mention.heads_before or not area):
            area = stated
        if not area and mention.run and not mention.distributed:
            area = self._side_in_turn(mention)
        place = ""
        named = [name for span in mention.shared for name in spoken.named(*span)] if mention.distributed else []
        count = len([other for other in mention.run if other.is_old == mention.is_old])
        if count > 1 and not named:
            # `总量列前三位的是易县、曲阳、涞源,依次是2306人次、1954人次、1817人次`
            first = mention.run[0]
            in_turn = phrases.IN_TURN.search(text[first.lead : first.number.start]) is not None
            named = spoken.named(mention.clause.start, first.number.start)
            if in_turn and not named:
                named = spoken.named(self._clause_before, mention.clause.start)
            if not named and len(self._in_turn) == count:
                named = self._in_turn  # `新邵、新宁依次为7018、6113人,集中1684、1070人`
        if len(named) == count > 1:
            self._in_turn = named
            place = named[mention.rank]
        else:
            if not spoken.is_silent or "全" in words or text[mention.clause.start] == "全":
                place = "" if mention.distributed else spoken.of(*mention.own)
                place = place or spoken.of((mention.clause.start, mention.number.start))
            if place and self._home_is_nearer(mention.clause.start, mention.number.start):
                place = ""  # `家住天桥区的王大爷是全市9800余张家庭养老床位的签约者之一`
        if not area and phrases.SUM.search(text[mention.lead : mention.number.start]):
            area = "all"  # `发放城市低保金2563.7万元、农村低保金6684.2万元,共计9247.9万元`
        if not mention.area and text[mention.number.end : mention.number.end + 1] in (
            "县",
            "区",
            "市",
            "乡",
            "镇",
            "旗",
            "盟",
        ):
            area = "all"  # `16个县市全部联网` counts the counties themselves
        inner = area
        place = place or self._places.of_average(text[mention.lead : mention.number.start])
        whole = self._reach.place() and self._reach.whole_of(words)
        general = area in ("districts", "counties") or (
            not whole and (phrases.SAID_OF_HOME.search(words) is not None or "其余" in words)
        )
        bracketed = self._in_brackets(mention.number.start)
        for step in reversed(self._steps):
            if topics and area:
                break
            # What was newly done behind a semicolon is said of all: `其中农村5233户8025人;年内新增1137人`.
            if step.clause < self._sentence_start and not place and self._matcher.verbs_of(own):
                break
            # `城乡特困人员2.31万人,其中城市1407人,发放供养资金1.28亿元`: what was done is of the whole again.
            ended = step.words.startswith("其中") and step.clause < mention.clause.start and phrases.DOES.match(words)
            if not area and not topics and not ended and (step.zone.topics or step.counted):
                # `…三县由160元提高到185元;月人均补助水平138元`: the counties end with the thought, 城市 goes on.
                behind = step.clause < self._sentence_start and not place
                inner = step.inner_area()
                area = inner if behind else step.area()
                if area in ("urban", "rural") and self._parted(step):
                    area = "all"
            inside = bracketed or not step.bracketed
            if not place and not general and not topics and inside and step.clause >= self._sentence_start:
                place = step.place()
            if step.zone.topics:
                break
        if (
            not place
            and not general
            and self._steps
            and self._steps[-1].of_part
            and self._steps[-1].clause >= self._sentence_start
        ):
            place = self._steps[-1].place()
        if not general:
            place = place or self._reach.place()
            self._reach.count()
        away = place not in ("", self._places.home)
        if (away or self._frame.inside_county) and area in ("districts", "counties"):
            area = area_within(words) or (inner if inner not in ("districts", "counties") else "")
        if not area and self._heading[1] - self._heading[0] <= 8:
            # `(一)城市低保。…新增对象5620人`
            heading = area_within(text[slice(*self._heading)])
            area = heading if heading != "all" else ""
        return area, place or self._places.home

    def _home_is_nearer(self, start: int, end: int) -> bool:
        """Whether the last place that leads to a number is the home."""
        bare = self._spoken.last_end(start, end)
        return bare > 0 and phrases.SAID_OF_HOME.search(self._text, bare, end) is not None

    def _is_built_up(self, words: str) -> bool:
        """Whether 城区 is set against the village and not against counties: `城区低保标准900元,农村700元`."""
        sentence = self._text[self._sentence_start : self._sentence_end]
        return phrases.BUILT_UP.search(words) is not None and "农村" in sentence and "县" not in sentence

    def _in_brackets(self, at: int) -> bool:
        """Whether a number stands in brackets within its sentence."""
        opened = self._text.rfind("(", self._sentence_start, at)
        return opened >= 0 and self._text.find(")", opened, at) < 0

    def _side_in_turn(self, mention: Mention) -> str:
        """The side of a value of a pair, where the thought told of two: `城镇低保…、农村低保…,月人均补差分别达到502元、345元`."""
        run = [other for other in mention.run if other.is_old == mention.is_old]
        first = mention.run[0]
        if len(run) != 2 or not phrases.IN_TURN.search(self._text[first.lead : first.number.start]):
            return ""
        sides = list(dict.fromkeys(area for _, area in self._thought if area not in ("", "all")))
        return sides[mention.rank] if len(sides) == 2 else ""

    def _pair_areas(self) -> None:
        """Give a thought's figures that name no area the side on which they stand, where it tells of city and village alike.

        `城市低保6195户12533人,发放低保金3277万元,农村低保7840户13026人,发放低保金1444万元`
        """
        side = ""
        silent: dict[tuple[str, str, str], list[tuple[Observation, str]]] = {}
        for item, stated in self._thought:
            if stated:
                side = stated
            elif (
                item.indicator and phrases.OF_ALL.search(self._text, item.number.start - 12, item.number.start) is None
            ):
                silent.setdefault((item.indicator, item.number.unit, item.measure), []).append((item, side))
        for alike in silent.values():
            if len(alike) == 2 and {side for _, side in alike} == {"urban", "rural"}:
                for item, side in alike:
                    item.area = side
        self._thought = []

    # --- what ---------------------------------------------------------------------------------------------------------

    def _indicator(
        self,
        found: Observation,
        own: Zone,
        carried: Sequence[Zone],
        words: str,
        before: Sequence[Observation],
        lead: str,
    ) -> str:
        number = found.number
        if number.unit in ("percent", "multiple") and (phrases.COMPLETION.search(lead) or self._of_task(lead, before)):
            return ""
        # `1.38:1` is the city's standard over the village's, the other way round.
        if number.unit == "ratio" and number.value > 1.2:
            return ""
        if self._in_clause(before) and before[-1].number.unit == number.unit and phrases.SOME_HAVE.search(lead):
            return ""  # `全县657个村委会已有643个完成选举`
        if number.unit == "bed" and phrases.BEDS_OF_ONE.search(lead):
            return ""
        if "缺口" in lead or self._of_several(lead, found):
            return ""
        if number.unit == "CNY" and phrases.PER_PIECE.search(lead):
            return ""
        if phrases.GAP.search(lead) or (
            found.status == "target"
            and "新增" not in lead
            and UNDER_WAY.search(self._text[found.sentence[0] : number.start])
        ):
            return ""
        if number.unit == "item" and phrases.ALONG.search(lead):
            return ""
        if number.unit != "couple" and self._of_two(phrases.SUM_OF_TWO, lead, number.unit):
            return ""
        if not own.topics and self._goes_on_by_place(found, lead):
            last = self._last(number.unit)
            if last is not None and (last.indicator or last.sentence == found.sentence or "其中" in lead):
                found.area = last.area if found.area == "all" else found.area
                return last.indicator
            # `5.实施农村敬老院改造提升工程。前郭县4所、长岭县3所`
            if headed := self._matcher.decide(number.unit, self.heading_zone, [], _ALL_KINDS):
                found.area = area_within(self._text[slice(*self._heading)]) or found.area
                return headed
            if code := self._page_codes.get(number.unit, ""):
                return code
        if phrases.THIS_FIGURE.search(lead) or (self._in_clause(before) and phrases.OTHER_SIDE.fullmatch(lead)):
            return self._last_code(number.unit)
        kinds = _ALL_KINDS
        if number.unit == "CNY":
            kinds = (
                _LARGE_MONEY
                if re.search(r"[万亿]", number.counter) or number.value >= 100_000 or not number.counter
                else _SMALL_MONEY | _LARGE_MONEY
                if number.value >= 20_000
                else _SMALL_MONEY
            )
        if (
            not own.topics
            and found.status == "actual"
            and phrases.CARRIED_OUT.search(lead)
            and self._last_is_plan(number.unit)
        ):
            # `计划新建50处,目前已建成44处`
            return self._last_code(number.unit)
        if not own.topics and found.status == "target" and self._is_task(number):
            # `新建了218个,提前完成省里交办的200个任务`, `销售2.93亿元,完成省下达任务数6亿元的48.8%`
            return self._last_code(number.unit)
        if number.unit == "person" and phrases.FOR_EACH.search(lead):
            return ""
        if number.unit == "item" and (phrases.FOR_EACH.search(lead) or phrases.NAMED_TOWN.fullmatch(lead)):
            return ""
        if phrases.PART_OF_SAME.fullmatch(lead):
            return self._last_code(number.unit)
        if code := self._of_total(number, lead, own, carried, kinds):
            return code
        plain = self._spoken.without(*self._lead_span(found, lead))
        part = lead.lstrip(" ,、(").startswith("其中") and phrases.PART_WORDS.sub("", plain) != ""
        code = self._matcher.decide(number.unit, own, carried, kinds, part=part)
        if code and "其中" not in words and self._part_of_campaign(before, number):
            return code if own.words and not self._in_part_list(found) else ""
        if code and "其中" in words and self._part_of_campaign(before, number):
            return ""
        if code and number.unit == "item" and self._matcher.indicators[code].kind == "stock":
            code = "" if phrases.SOME_OF.match(self._text, number.end) else code
        of_whole = found.place == self._places.home and code == self._last_code(number.unit)
        if code and part and of_whole and self._is_narrower(plain):
            return ""
        return code

    def _is_narrower(self, plain: str) -> bool:
        """Whether a part has words that the catalogue does not know: `动态退出1.58万人,其中自然死亡退出6214人`."""
        return len(phrases.NOT_WORDS.sub("", self._matcher.unknown(phrases.PART_WORDS.sub("", plain)))) > 1

    def _of_total(self, number: Number, lead: str, own: Zone, carried: Sequence[Zone], kinds: frozenset[str]) -> str:
        """The code of a number that has no head but goes on about what was counted last: `累计达824家`, `共14家`."""
        behind = self._text[number.end : number.end + 1]
        if (
            own.topics
            or "\u4e00" <= behind <= "\u9fff"
            or not phrases.TOTAL.match(self._spoken.without(number.start - len(lead), number.start))
        ):
            return ""
        for level, zone in enumerate(carried):
            if zone.topics:
                subject = Zone(zone.words & ~self._matcher.verbs_of(zone) | own.words, zone.topics)
                return self._matcher.decide(
                    number.unit, subject, [EMPTY] * (level + 1) + list(carried[level + 1 :]), kinds
                )
        return ""

    def _goes_on_by_place(self, found: Observation, lead: str) -> bool:
        """Whether a place and a number go on about what was counted before: `累计建成829家。分区看,历城区118家,长清区76家`."""
        tail = (found.number.end, min(found.number.end + _SHORT_TAIL, found.sentence[1]))
        noun = phrases.NOUN_BEHIND.match(self._text, tail[0]) is not None and self._index.zone(tail).topics != 0
        return (
            found.place != self._places.home
            and not noun
            and not phrases.NOT_ELLIPTIC.search(self._spoken.bare(*self._lead_span(found, lead)))
        )

    def _last_is_plan(self, unit: str) -> bool:
        last = self._last(unit)
        return last is not None and last.status == "target"

    def _is_task(self, number: Number) -> bool:
        """Whether a number is a task that was set for what was counted before it."""
        text, start, end = self._text, number.start, number.end
        return phrases.SET_TASK.match(text, end) is not None or is_task(
            text[max(0, start - 8) : start], text[end : end + 6]
        )

    def _of_task(self, lead: str, before: Sequence[Observation]) -> bool:
        """Whether a share is one of the task before it: `占年度计划1500张的94.3%`."""
        return lead in ("的", "的约") and self._in_clause(before) and before[-1].status == "target"

    def _in_clause(self, before: Sequence[Observation]) -> bool:
        """Whether the clause that is being read has stated a figure already."""
        return bool(before) and before[-1].number.start >= self._clause_start

    def _of_several(self, lead: str, found: Observation) -> bool:
        """Whether a rate is said of two things at once: `生活补贴1.06万人、护理补贴1.48万人,标准均为每人每月100元`."""
        if (
            found.number.unit != "CNY"
            or not phrases.ALIKE.search(lead)
            or self._index.zone(self._lead_span(found, lead)).topics
        ):
            return False
        last = [item for item in self._series[-2:] if item.sentence == found.sentence]
        return len({item.indicator for item in last if item.indicator}) > 1

    @staticmethod
    def _lead_span(found: Observation, lead: str) -> tuple[int, int]:
        return found.number.start - len(lead), found.number.start

    def _of_two(self, pattern: re.Pattern[str], lead: str, unit: str) -> bool:
        """Whether a number sums two indicators: `居家养老服务中心和农村互助养老服务站共508个` is neither's."""
        parts = pattern.fullmatch(lead)
        if parts is None:
            return False
        zones = [self._matcher.index(part).zone((0, len(part))) for part in parts.groups()]
        codes = [self._matcher.decide(unit, zone, [], _ALL_KINDS) for zone in zones]
        return bool(codes[0]) and codes[0] != codes[1] and all(zone.topics for zone in zones)

    def _in_part_list(self, found: Observation) -> bool:
        start, _end = found.sentence
        return "其中" in self._text[start : found.number.start]

    def _part_of_campaign(self, before: Sequence[Observation], number: Number) -> bool:
        """Whether a sentence counts a campaign of which this is a part: `将1268名…纳入…,其中低保802人`."""
        if not before or before[0].indicator or before[0].number.unit not in ("person", "household"):
            return False
        start, _end = before[0].sentence
        return "其中" in self._text[start : number.start] and bool(
            phrases.CAMPAIGN.search(self._text[start : before[0].number.end + 40])
        )

    def _change(
        self,
        found: Observation,
        mention: Mention,
        own: Zone,
        carried: Sequence[Zone],
    ) -> None:
        """A change has the indicator of what changed: its own words say which, or else the figures before it."""
        unit = found.number.unit
        lead = self._text[mention.lead : mention.number.start]
        if "增支" in lead:
            return
        if unit == "percentage_point":
            code = self._matcher.decide("percent", own, carried, _ALL_KINDS)
        elif not own.topics or mention.heads_before:
            code = ""
        elif unit in ("percent", "multiple"):
            # What is printed as a share changes by points, not by per cent.
            raised = "提" in lead and self._matcher.decide(None, own, [], _SMALL_MONEY)
            code = raised or self._matcher.decide(None, own, [], _ALL_KINDS - {"rate"})
        else:
            # `养老床位增加734张`: the stock grew; what was newly built is another count.
            plain = own if "新" in lead else Zone(own.words & ~self._growth, own.topics)
            code = self._matcher.decide(unit, plain, carried[:1], _ALL_KINDS)
        if not code and own.topics and unit == "percent" and self._next_unit:
            # `临时救助较去年同期上升38.2%,达到9764人次`: what grew is counted behind.
            code = self._matcher.decide(self._next_unit, own, [], _ALL_KINDS)
        if code:
            found.indicator, self._last_change = code, found
            return
        is_latest = self._last_change is not None and (
            not self._series or self._last_change.number.start > self._series[-1].number.start
        )
        if self._last_change is not None and is_latest and phrases.EXTENT.fullmatch(lead):
            found.indicator = self._last_change.indicator  # `比上年少1569对,降幅超过三成`
            return
        alike = self._last_change is not None and self._last_change.number.unit == unit
        if self._last_change is not None and alike and phrases.SAME_CHANGE.fullmatch(lead):
            # `城市低保标准提高5%,农村牧区提高7%`
            found.indicator = self._last_change.indicator
            return
        if "前者" in lead or "后者" in lead:
            # `前者比上年下降7.4%、后者上升3.1%`
            if pair := self._series[-2:]:
                named = pair[0 if "前者" in lead else -1]
                found.indicator, found.area, found.place = named.indicator, named.area, named.place
            return
        wanted = {"percent": None, "multiple": None, "percentage_point": "percent"}.get(unit, unit)
        series = [item for item in self._series if wanted is None or item.number.unit == wanted]
        if wanted is None:
            # `支出11.3亿元,占年度预算的58.2%,同比增长9.7%`: what grows by per cent is no share.
            series = [item for item in series if item.number.unit not in ("percent", "percentage_point")] or series
        run = [other for other in mention.run if not other.is_old] or [mention]
        if not series:
            return
        if len(run) > 1 and len(series) >= len(run):
            antecedent = series[len(series) - len(run) + mention.rank]
        else:
            antecedent = series[-1]
            if phrases.EACH_OF_BOTH.search(lead) and len({item.indicator for item in series[-2:]}) > 1:
                return
        self._antecedent, self._last_change = antecedent, found
        found.indicator = antecedent.indicator
        if not area_of(self._spoken.without(mention.lead, mention.number.start)):
            # `农村低保13.4万人,合计比去年末减少6,200余人`, `城乡低保标准分别达到…,各提高5.2%`: of both at once.
            of_both = "合计" in lead or ("各" in lead and len(run) == 1)
            found.area = "all" if of_both else antecedent.area
        if found.place == self._places.home:
            found.place = antecedent.place

    # --- the period paid for --------------------------------------------------------------------------------------------

    def _per(self, found: Observation, mention: Mention) -> str:
        number, text = found.number, self._text
        if number.unit != "CNY":
            return ""
        if number.per:
            return number.per
        if number.value > _LARGEST_RATE:
            return ""
        indicator = self._matcher.indicators.get(found.indicator)
        stated = per_of(text[mention.lead : number.start])
        changed = self._antecedent if found.measure == "change" else None
        if not stated and changed is not None and changed.number.unit == "CNY":
            return changed.per
        if not stated and mention.run:
            first = mention.run[0]
            stated = per_of(text[first.own[0][0] : mention.number.start]) or next(
                (other.number.per for other in mention.run if other.number.per), ""
            )
        if not stated:
            stated = per_of(text[mention.clause.start : number.start])
        if indicator is not None and indicator.kind != "standard":
            return ""
        if stated:
            return stated
        elliptic = indicator is None and not self._index.zone(*mention.own).topics
        if (found.measure == "change" or elliptic) and number.counter == "元" and self._series:
            return (self._antecedent or self._series[-1]).per
        if indicator is None or not indicator.per:
            return ""
        last = self._series[-1] if self._series else found
        alike = (last.indicator, last.area, last.sentence) == (found.indicator, found.area, found.sentence)
        if alike and last.per:
            return last.per  # `集中供养标准由每人每年4000元提高到5500元,分散供养标准由2300元提高到3200元`
        return paid_by_size(number.value, found.area)

    def settled(self, block: Block) -> Block:
        """Close a block: let a headline that repeats a figure of the body learn from it, `低保标准提高至870元、820元`."""
        self._pair_areas()
        headlines = [item for item in block.observations if self._is_headline(item)]
        repeated = {(item.number.value, item.number.unit) for item in headlines}
        body: dict[tuple[float, str, str], Observation] = {}
        for item in block.observations if headlines else ():
            value, unit = item.number.value, item.number.unit
            if (value, unit) in repeated and not self._is_headline(item):
                body.setdefault((value, unit, item.indicator), item)
                body.setdefault((value, unit, ""), item)
        for item in headlines:
            if other := body.get((item.number.value, item.number.unit, item.indicator)):
                item.indicator, item.area, item.place = other.indicator, other.area, other.place
                item.year, item.status, item.per, item.measure = other.year, other.status, other.per, other.measure
        block.observations.sort(key=lambda item: item.number.start)
        return block

    def _is_headline(self, item: Observation) -> bool:
        """Whether a number stands on a short line without a full stop."""
        low, high = max(0, item.number.start - _HEADLINE), item.number.end + _HEADLINE
        start, end = self._text.rfind("\n", low, item.number.start) + 1, self._text.find("\n", item.number.end, high)
        if (start == 0 and low > 0) or (end < 0 and high < len(self._text)):
            return False
        line = self._text[start : end if end >= 0 else len(self._text)]
        return len(line) < _HEADLINE and not re.search(r"[。;]", line)

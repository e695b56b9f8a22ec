"""The numbers of a page in the order of its sentences: each one is asked whose, when and what it is, and leaves what it said to the next.

The answers come from `timing.py` (when), `whose.py` (area and place), `codes.py` and `changes.py` (what) and `rates.py` (by which
period it is paid); which words speak of a number is told by `around.py`, and what is kept in mind in between is `state.py`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bulletins.evidence.grounds import Grounds
from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.around import Around
from bulletins.reading.bodies import Bodies, Body
from bulletins.reading.changes import Changes
from bulletins.reading.codes import Codes, Verdict
from bulletins.reading.coverage import close_year, hold_standard, review_years, run_up, stretch_change
from bulletins.reading.headlines import learn_from_body
from bulletins.reading.indicators import ALL_KINDS, EMPTY, Zone, kinds_of
from bulletins.reading.mentions import Mention, Stretch, mentions_of
from bulletins.reading.places import Reach, Spoken
from bulletins.reading.rates import paid_per
from bulletins.reading.state import Asked, Memory, PageContext, Stand, Step, in_part_list
from bulletins.reading.timing import Timeline, When
from bulletins.reading.whose import Whose
from bulletins.reading.wording import area_of, is_change
from bulletins.records import Block
from bulletins.text.numbers import Number
from bulletins.text.periods import PLAN_PERIODS
from bulletins.text.structure import Sentence

__all__ = ["PageContext", "Passage"]

_SHARES = frozenset(["percent", "percentage_point", "multiple"])  # a change in which is of any unit
_WORDS_BEFORE = 60  # code points in which a word may still be said of a number
_LONGEST_THOUGHT = 60  # clauses and numbers: what was said before that is not carried on
_NO_DEED = re.compile(r"[全省市县区国每最各均占高低增降]")
_LONGEST_DEED = 4  # code points: a verb that names what a number without a noun counts


class Passage:
    """Reads the sentences of one page in order."""

    def __init__(self, page: PageContext) -> None:
        self._page, self._text, self._frame = page, page.text, page.frame
        self._index, self._matcher = page.index, page.matcher
        self._stand = stand = Stand(page.places.spoken("", 0, 0))
        self._memory = memory = Memory()
        self._timeline = Timeline(page.text, page.frame)
        self._reach = Reach(page.places)
        self._around = Around(page, stand, memory)
        self._whose = Whose(page, stand, memory, self._reach)
        self._codes = Codes(page, stand, memory)
        self._changes = Changes(page, stand, memory)
        self._bodies = Bodies(page.bodies, page.text, page.places)
        self._label = ""  # of the number before
        # Whether the last sentence ended in a semicolon, which closes a thought but not its subject.
        self._goes_on = False

    # --- one sentence ---------------------------------------------------------------------------------------------

    def read(self, sentence: Sentence, numbers: Sequence[Number], spoken: Spoken) -> list[Observation]:
        """The observations of one sentence; `numbers` are the quantities in it, `spoken` the places that it names."""
        self._begin(sentence, spoken)
        if not numbers and not self._goes_on:
            # Nothing to read: all that can matter later is what the paragraph was last about.
            self._around.pass_over(sentence)
            self._bodies.pass_over(sentence, spoken)
            return []
        self._stand.spoken = spoken
        self._bodies.begin(sentence, spoken)
        mentions = mentions_of(self._text, sentence, numbers)
        self._part_run_on(mentions)
        found: list[Observation] = []
        for clause in sentence.clauses:
            first = len(found)
            self._stand.clause_before, self._stand.clause = self._stand.clause, clause.start
            self._reach.clause(spoken, clause)
            while len(found) < len(mentions) and mentions[len(found)].number.start < clause.end:
                following = mentions[len(found) + 1 : len(found) + 2]
                self._stand.next_unit = following[0].number.unit if following else ""
                found.append(self._observe(sentence, mentions[len(found)], found))
            if len(found) == first:
                self._remember((clause.start, clause.end))
        self._around.end()
        return found

    def _begin(self, sentence: Sentence, spoken: Spoken) -> None:
        """Come to a sentence: on another line, under another heading, at the end of a thought."""
        text, stand = self._text, self._stand
        new_line = sentence.line != stand.line
        if new_line:
            stand.line, self._memory.series = sentence.line, []
            self._around.begin_line()
            self._whose.begin_line()
        if sentence.heading != stand.heading:
            stand.heading = sentence.heading
            self._around.enter()
            self._reach.enter(text, sentence.heading)
            self._timeline.enter(text[slice(*sentence.heading)], sentence.heading[0])
            self._bodies.enter(sentence.heading)
        self._timeline.begin(sentence, goes_on=self._goes_on)
        if not self._goes_on:
            self._memory.steps, self._memory.last_change = [], None
            self._whose.end_thought()
        self._goes_on = text[sentence.end - 1] == ";" and len(self._memory.steps) < _LONGEST_THOUGHT
        stand.start, stand.end = sentence.start, sentence.end
        self._reach.begin(spoken, sentence, new_line=new_line)
        self._whose.begin()

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
    def plan_year(self) -> int | None:
        """The year that the page's plans are for, where it has come to them."""
        return self._timeline.plan_year

    def _remember(self, stretch: Stretch) -> None:
        words = self._text[slice(*stretch)]
        self._memory.steps.append(
            Step(self._index.zone(stretch), words, (stretch,), self._stand.spoken, counted=False, clause=stretch[0])
        )

    # --- one number -------------------------------------------------------------------------------------------------

    def _observe(self, sentence: Sentence, mention: Mention, before: Sequence[Observation]) -> Observation:
        text, number = self._text, mention.number
        own = plain = self._around.own(mention)
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
        area = self._whose.settle(found, mention, own, own.topics | shared.topics, words)
        carried = [self._around.carried(shared, mention), self._around.paragraph(), self._around.heading]
        if phrases.ONCE.search(lead) and found.status == "actual":
            found.status = "previous"
        body = self._bodies.of(mention, self._stand.spoken)
        asked = Asked(found, mention, own, carried, words, lead, before)
        verdict = Verdict("", "body") if body is not None else self._verdict(asked)
        found.indicator, antecedent = verdict.code, verdict.antecedent
        if body is not None:
            self._whose.hold_whole(found)
            found.place = self._page.places.home
        elif not area and not own.topics:
            self._whose.hold_list(found)
        self._whose.hold_five_guarantees(found, mention, words, area)
        found.per = paid_per(self._page, self._memory, found, mention, antecedent)
        self._settle_period(asked, antecedent, when)
        found.grounds = self._grounds(mention, sentence, own, found.measure, verdict)
        self._name(found, mention, body)
        if shared.words and mention.distributed and mention is mention.run[-1] and not mention.heads_before:
            # Behind `生活补贴、护理补贴标准分别提高到80元、110元` comes what is of both: `惠及6.8万人`.
            self._leave(found, mention, shared, mention.shared)
        else:
            self._leave(found, mention, shared if shared.words and not own.words else plain, mention.own)
        return found

    def _verdict(self, asked: Asked) -> Verdict:
        """What a number is of, and what said so."""
        found, number = asked.found, asked.found.number
        if found.measure == "change":
            return self._changes.settle(asked)
        if (compared := self._compare(found, asked.lead)) is not None:
            return Verdict(compared, "compared")
        unsaid_sum = number.unit == "item" and not asked.mention.run
        if unsaid_sum and self._codes.of_two(phrases.PAIR_OF_KINDS, asked.lead, number.unit):
            return Verdict("", "unsaid sum")
        return self._codes.of(asked, self._around.heading)

    def _settle_period(self, asked: Asked, antecedent: Observation | None, when: When) -> None:
        """Let what a number counts have its say on the period that governs it."""
        found, words = asked.found, asked.words
        known = self._matcher.indicators.get(found.indicator)
        if not self._frame.partial:
            hold_standard(found, words)
        close_year(found, known.kind if known else "", words)
        if antecedent is not None and antecedent.per:
            found.period, found.covers = antecedent.period, antecedent.covers  # `提高50元,增幅8.1%`
        if known is not None and known.kind in ("flow", "amount"):
            run_up(found, asked.lead, asked.before)
        review_years(found, known.kind if known else "", when.review)
        stretch_change(found, asked.lead, self._whose.old_year())

    def _grounds(self, mention: Mention, sentence: Sentence, own: Zone, measure: str, verdict: Verdict) -> Grounds:
        """Where the words of a number stand, for the evidence that is weighed after all rules have spoken."""
        unit = None if measure == "change" and mention.number.unit in _SHARES else mention.number.unit
        kinds = kinds_of(mention.number) if measure == "level" else ALL_KINDS
        return Grounds(
            mention.lead,
            (mention.clause.start, mention.clause.end),
            (sentence.start, sentence.end),
            self._stand.heading,
            mention.is_old,
            mention.origin is not None,
            bool(own.topics),
            verdict.by,
            self._matcher.decide(mention.number.unit, own, [], ALL_KINDS),
            self._timeline.plan_year,
            tuple(self._matcher.fits(unit, self._around.zones(mention, sentence, own), kinds)),
            tuple(self._index.words(max(sentence.start, mention.number.start - _WORDS_BEFORE), mention.number.start)),
        )

    def _is_change(self, mention: Mention) -> bool:
        """Whether a number is an increase or a decrease; in a chain the words before its first number say so."""
        if mention.is_old or mention.origin is not None:
            return False
        first = mention.run[0] if mention.chained else mention
        if is_change(self._text[first.lead : first.number.start], mention.number.unit):
            return True
        clause_before = max(self._stand.clause_before, self._stand.start)
        return (
            mention.number.unit in ("percent", "percentage_point")
            and phrases.CHANGE_BEFORE_COMMA.search(self._text, clause_before, first.number.start) is not None
        )

    def _compare(self, found: Observation, lead: str) -> str | None:
        """Read an old value that stands for comparison, `比2023年的180个增加80个`, by the figure that it is compared with.

        Returns:
            The code of that figure; None where nothing is compared.
        """
        compared = phrases.COMPARED_VALUE.search(lead)
        series = self._memory.series
        if compared is None or not series:
            return None
        plan = PLAN_PERIODS.get(compared.group(2) or "")
        said_year = int(compared.group(1) or (plan[1] if plan else 0))
        found.year = said_year or self._frame.year - ("年" in compared.group())
        if found.year != self._frame.year and "同期" not in compared.group():
            found.period, found.covers = "annual", None
        # `比去年同期的6.21亿元增长13.7%` states a fact of that year; `比原先的3,600元多出420元` what held before.
        of_year = compared.group(1) or "年" in compared.group()
        alike = (item.indicator for item in reversed(series) if item.number.unit == found.number.unit)
        found.status = "actual" if of_year else "previous"
        return next(filter(None, alike), "")

    def _name(self, found: Observation, mention: Mention, body: Body | None) -> None:
        """Label what is counted; `累计868个`, `支出2763.4万元` go on about what was counted last."""
        text = self._text
        before = text[mention.own[0][0] : mention.own[0][1]]
        found.label = self._page.labeller.label(before, text[found.number.end : mention.clause.end])
        if not found.label:
            known = self._matcher.indicators.get(found.indicator)
            found.label = known.name_zh if known else self._deed(found, mention) or self._label
        self._label = found.label
        if body is not None and (name := text[body.start : body.end]) not in found.label:
            shared = max(size for size in range(len(found.label) + 1) if name.endswith(found.label[:size]))
            found.label = name + found.label[shared:]

    def _deed(self, found: Observation, mention: Mention) -> str:
        """The verb of a number that names no thing: those of `退出374户` are not those of `城市低保新增276户` before it."""
        deed = re.sub(r"[^\u4e00-\u9fff]|其中|[共达约近仅为有]", "", self._text[mention.lead : found.number.start])
        silent = found.measure == "change" or _NO_DEED.search(deed) is not None or area_of(deed) != ""
        return deed if 2 <= len(deed) <= _LONGEST_DEED and not silent else ""

    def _leave(self, found: Observation, mention: Mention, zone: Zone, spans: Sequence[Stretch]) -> None:
        """Remember what a number leaves for those that follow it."""
        text, memory = self._text, self._memory
        away = found.place != self._page.places.home
        of_part = away and (
            "其中" in text[found.sentence[0] : mention.number.start] or bool(memory.steps and memory.steps[-1].of_part)
        )
        memory.steps.append(
            Step(
                zone,
                "".join(text[start:end] for start, end in spans),
                tuple(spans),
                self._stand.spoken,
                counted=True,
                clause=mention.clause.start,
                stated_area=mention.area,
                bracketed=self._stand.in_brackets(mention.number.start),
                stated_place=found.place if away else "",
                of_part=of_part,
            )
        )
        # `公墓1083处,其中镇级27处,较2020年底的964处增加119处`: it goes on about the whole.
        named_part = not found.indicator and in_part_list(text, found)
        if found.measure == "level" and not mention.is_old and not named_part:
            memory.series.append(found)
            if found.indicator and not away:
                memory.page_codes[found.number.unit] = found.indicator

    def settled(self, block: Block) -> Block:
        """Close a block: let a headline that repeats a figure of the body learn from it."""
        self._whose.end_thought()
        learn_from_body(self._text, block.observations)
        block.observations.sort(key=lambda item: item.number.start)
        return block

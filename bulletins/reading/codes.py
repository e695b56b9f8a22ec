"""What a figure is: the indicator of each level of a passage, or none where it counts a part, a gap, a sum or a task."""

from __future__ import annotations

import re
from typing import NamedTuple

from bulletins.observation import Observation
from bulletins.reading import phrases
from bulletins.reading.indicators import ALL_KINDS, EMPTY, SMALL_MONEY, LineIndex, Zone, kinds_of
from bulletins.reading.state import Asked, Memory, PageContext, Stand, in_part_list
from bulletins.reading.times import is_task
from bulletins.reading.timing import UNDER_WAY
from bulletins.reading.wording import area_within

#: What sums over schemes of assistance are of, by unit.
_OF_THE_NEEDY = {"person": "needy_persons"}
_LONGEST_PAIR = 24  # code points behind a number in which two kinds may stand
_SHORT_TAIL = 8  # code points behind a number in which its noun stands


class Verdict(NamedTuple):
    """What the rules take a number for.

    Attributes:
        code: the indicator, or an empty string.
        by: the structure that said so, a name of `evidence/grounds.py`; `words` where nothing but its words did.
        antecedent: for a change of a figure before it, that figure.
    """

    code: str
    by: str
    antecedent: Observation | None = None


class Codes:
    """Names the indicator of the levels of one page, in the order of its text."""

    def __init__(self, page: PageContext, stand: Stand, memory: Memory) -> None:
        self._text, self._places, self._matcher = page.text, page.places, page.matcher
        self._index: LineIndex = page.index
        self._stand, self._memory = stand, memory

    def of(self, asked: Asked, heading: Zone) -> Verdict:
        """The indicator that a level is of, if any, and what said so.

        Args:
            asked: the number; its area is set too where it goes on about another side.
            heading: the words of the heading that it stands under.
        """
        if none := self._none(asked):
            return Verdict("", none)
        if (told := self._of_place(asked, heading)) is not None:
            return told
        if (said := self._of_last(asked)) is not None:
            return Verdict(said, "same again")
        if each := self._is_for_each(asked):
            return Verdict("", each)
        if phrases.PART_OF_SAME.fullmatch(asked.lead):
            return Verdict(self._memory.last_code(asked.found.number.unit), "part of same")
        if code := self._of_total(asked):
            return Verdict(code, "total")
        if not asked.mention.run and (code := self._of_group(asked)):
            return Verdict(code, "group")
        return self._of_words(asked)

    def _of_group(self, asked: Asked) -> str:
        """The code of a sum over schemes of assistance: `惠及城乡低保和特困人员9万余人` counts the needy."""
        number = asked.found.number
        if number.unit not in _OF_THE_NEEDY:
            return ""
        if self._matcher.verbs_of(asked.own) or "纳入" in asked.words:
            return ""
        parts = phrases.SCHEMES.findall(asked.words)
        return _OF_THE_NEEDY[number.unit] if len(set(parts)) > 1 else ""

    # --- none ---------------------------------------------------------------------------------------------------------

    def _none(self, asked: Asked) -> str:
        """Why a number is of no indicator whatever its words are, or an empty string."""
        return (
            self._share_of_task(asked)
            or self._another_kind(asked)
            or self._one_or_some(asked)
            or self._gap_or_plan(asked)
            or ("sum" if self.is_sum(asked) and not self._of_group(asked) else "")
        )

    def _share_of_task(self, asked: Asked) -> str:
        number, lead, before = asked.found.number, asked.lead, asked.before
        if number.unit == "ratio":
            # `1.38:1` is the city's standard over the village's, the other way round
            return "ratio turned round" if number.value > 1.2 else ""
        if number.unit not in ("percent", "multiple"):
            return ""
        # `占年度计划1500张的94.3%`
        of_task = lead in ("的", "的约") and self._stand.in_clause(before) and before[-1].status == "target"
        return "share of a task" if of_task or phrases.COMPLETION.search(lead) else ""

    def _another_kind(self, asked: Asked) -> str:
        """Whether a number is a benchmark, or what is paid but once."""
        number, lead = asked.found.number, asked.lead
        if number.unit != "CNY":
            return ""
        if phrases.BENCHMARK.search(lead):
            return "benchmark"
        if not number.per and phrases.BY_THE_QUARTER.search(lead):
            return "by the quarter"
        once = not number.per and kinds_of(number) == SMALL_MONEY and phrases.BY_TIME.search(asked.words) is None
        if once and phrases.PAID_ONCE.search(self._text, self._stand.start, number.start):
            return "paid once"
        return ""

    def _one_or_some(self, asked: Asked) -> str:
        number, lead, before = asked.found.number, asked.lead, asked.before
        if self._stand.in_clause(before) and before[-1].number.unit == number.unit and phrases.SOME_HAVE.search(lead):
            return "some of them"  # `全县657个村委会已有643个完成选举`
        pattern = {"bed": phrases.BEDS_OF_ONE, "CNY": phrases.PER_PIECE, "item": phrases.ALONG}.get(number.unit)
        if pattern is None or not pattern.search(lead):
            return ""
        return {"bed": "beds of one", "CNY": "per piece", "item": "reached"}[number.unit]

    def _gap_or_plan(self, asked: Asked) -> str:
        found, lead = asked.found, asked.lead
        if "缺口" in lead or phrases.GAP.search(lead):
            return "gap"
        planned = found.status == "target" and "新增" not in lead
        under_way = planned and UNDER_WAY.search(self._text[found.sentence[0] : found.number.start])
        return "under way" if under_way else ""

    def is_sum(self, asked: Asked) -> bool:
        """Whether a number is said of two indicators at once."""
        number, lead = asked.found.number, asked.lead
        if self._of_several(asked):
            return True
        return number.unit != "couple" and self.of_two(phrases.SUM_OF_TWO, lead, number.unit)

    def _is_pair_behind(self, asked: Asked, code: str) -> bool:
        """Whether two kinds stand behind a number, of which its code is one: `536名孤儿及事实无人抚养儿童`."""
        found = asked.found
        if found.number.unit not in ("person", "item") or asked.mention.run:
            return False
        end = min(asked.mention.clause.end, found.number.end + _LONGEST_PAIR)
        parts = phrases.PAIR_BEHIND.match(self._text, found.number.end, end)
        return parts is not None and code in self._codes_of(parts, found.number.unit)

    def _of_several(self, asked: Asked) -> bool:
        """Whether a rate is said of two things: `生活补贴1.06万人、护理补贴1.48万人,标准均为每人每月100元`."""
        found = asked.found
        if (
            found.number.unit != "CNY"
            or not phrases.ALIKE.search(asked.lead)
            or self._index.zone(asked.lead_span).topics
        ):
            return False
        last = [item for item in self._memory.series[-2:] if item.sentence == found.sentence]
        return len({item.indicator for item in last if item.indicator}) > 1

    def of_two(self, pattern: re.Pattern[str], lead: str, unit: str) -> bool:
        """Whether a number sums two indicators: `居家养老服务中心和农村互助养老服务站共508个` is neither's."""
        parts = pattern.fullmatch(lead)
        return parts is not None and bool(self._codes_of(parts, unit)[:1])

    def _codes_of(self, parts: re.Match[str], unit: str) -> list[str]:
        """The codes of two parts, where they are two, or the first alone has one."""
        zones = [self._matcher.index(part).zone((0, len(part))) for part in parts.groups()]
        codes = [self._matcher.decide(unit, zone, [], ALL_KINDS) for zone in zones]
        return codes if codes[0] and codes[0] != codes[1] and all(zone.topics for zone in zones) else []

    def _is_for_each(self, asked: Asked) -> str:
        """Whether a number is one for each, or lies in one town: `每个街道至少1个`, `西溪街道1个`."""
        unit, lead = asked.found.number.unit, asked.lead
        if unit not in ("person", "item"):
            return ""
        if phrases.FOR_EACH.search(lead):
            return "for each"
        return "in one town" if unit == "item" and phrases.NAMED_TOWN.fullmatch(lead) else ""

    # --- that of a figure before --------------------------------------------------------------------------------------

    def _of_place(self, asked: Asked, heading: Zone) -> Verdict | None:
        """What was counted before, which may have no code, where a place and a number go on about it."""
        found, unit = asked.found, asked.found.number.unit
        if asked.own.topics or not self._goes_on_by_place(asked):
            return None
        last = self._memory.last(unit)
        if last is not None and (last.indicator or last.sentence == found.sentence or "其中" in asked.lead):
            found.area = last.area if found.area == "all" else found.area
            in_sentence = last.sentence == found.sentence
            return Verdict(last.indicator, "place in a list" if in_sentence else "place of the last")
        # `5.实施农村敬老院改造提升工程。前郭县4所、长岭县3所`
        if headed := self._matcher.decide(unit, heading, [], ALL_KINDS):
            found.area = area_within(self._text[slice(*self._stand.heading)]) or found.area
            return Verdict(headed, "place under a heading")
        code = self._memory.page_codes.get(unit)
        return Verdict(code, "place of the page") if code else None

    def _goes_on_by_place(self, asked: Asked) -> bool:
        """Whether a place and a number go on about what was counted before: `累计建成829家。分区看,历城区118家,长清区76家`."""
        found = asked.found
        tail = (found.number.end, min(found.number.end + _SHORT_TAIL, found.sentence[1]))
        noun = phrases.NOUN_BEHIND.match(self._text, tail[0]) is not None and self._index.zone(tail).topics != 0
        return (
            found.place != self._places.home
            and not noun
            and not phrases.NOT_ELLIPTIC.search(self._stand.spoken.bare(*asked.lead_span))
        )

    def _of_last(self, asked: Asked) -> str | None:
        """The code of the last figure in this unit, which may have none, where a number says that it is the same."""
        found, lead, number = asked.found, asked.lead, asked.found.number
        same = phrases.THIS_FIGURE.search(lead) is not None or (
            self._stand.in_clause(asked.before) and phrases.OTHER_SIDE.fullmatch(lead) is not None
        )
        if not same and not asked.own.topics:
            # `计划新建50处,目前已建成44处`; `新建了218个,提前完成省里交办的200个任务`
            last = self._memory.last(number.unit)
            done = last is not None and last.status == "target" and phrases.CARRIED_OUT.search(lead) is not None
            same = (found.status == "actual" and done) or (found.status == "target" and self._is_task(asked))
        return self._memory.last_code(number.unit) if same else None

    def _is_task(self, asked: Asked) -> bool:
        """Whether a number is a task that was set for what was counted before it."""
        text, start, end = self._text, asked.found.number.start, asked.found.number.end
        return phrases.SET_TASK.match(text, end) is not None or is_task(
            text[max(0, start - 8) : start], text[end : end + 6]
        )

    def _of_total(self, asked: Asked) -> str:
        """The code of a number that has no head but goes on about what was counted last: `累计达824家`, `共14家`."""
        number = asked.found.number
        behind = self._text[number.end : number.end + 1]
        if (
            asked.own.topics
            or "\u4e00" <= behind <= "\u9fff"
            or not phrases.TOTAL.match(self._stand.spoken.without(*asked.lead_span))
        ):
            return ""
        for level, zone in enumerate(asked.carried):
            if zone.topics:
                subject = Zone(zone.words & ~self._matcher.verbs_of(zone) | asked.own.words, zone.topics)
                farther = [EMPTY] * (level + 1) + list(asked.carried[level + 1 :])
                return self._matcher.decide(number.unit, subject, farther, kinds_of(number))
        return ""

    # --- that of its words --------------------------------------------------------------------------------------------

    def _of_words(self, asked: Asked) -> Verdict:
        """What the words speak for, unless the number is a part that they do not name."""
        found, number = asked.found, asked.found.number
        plain = self._stand.spoken.without(*asked.lead_span)
        part = asked.lead.lstrip(" ,、(").startswith("其中") and phrases.PART_WORDS.sub("", plain) != ""
        code = self._matcher.decide(number.unit, asked.own, asked.carried, kinds_of(number), part=part)
        if not code:
            return Verdict("", "words")
        if self._is_pair_behind(asked, code):
            return Verdict("", "pair behind")
        kind = self._matcher.indicators[code].kind
        if kind != "rate" and phrases.DENSITY.search(asked.lead):
            return Verdict("", "density")
        if self._part_of_campaign(asked):
            named = "其中" not in asked.words and asked.own.words and not in_part_list(self._text, found)
            return Verdict(code if named else "", "campaign")
        if number.unit == "item" and kind == "stock" and phrases.SOME_OF.match(self._text, number.end):
            return Verdict("", "some of them")
        of_whole = found.place == self._places.home and code == self._memory.last_code(number.unit)
        if part and of_whole and self._is_narrower(plain):
            return Verdict("", "narrower")
        return Verdict(code, "part" if part else "words")

    def _is_narrower(self, plain: str) -> bool:
        """Whether a part has words that the catalogue does not know: `动态退出1.58万人,其中自然死亡退出6214人`."""
        return len(phrases.NOT_WORDS.sub("", self._matcher.unknown(phrases.PART_WORDS.sub("", plain)))) > 1

    def _part_of_campaign(self, asked: Asked) -> bool:
        """Whether a sentence counts a campaign of which this is a part: `将1268名…纳入…,其中低保802人`."""
        before = asked.before
        if not before or before[0].indicator or before[0].number.unit not in ("person", "household"):
            return False
        start, _end = before[0].sentence
        return "其中" in self._text[start : asked.found.number.start] and bool(
            phrases.CAMPAIGN.search(self._text[start : before[0].number.end + 40])
        )

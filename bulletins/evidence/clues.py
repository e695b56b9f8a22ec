"""What speaks of one number? Every piece of evidence by name, the same for all questions that are asked of a number.

The words that lead to it, that stand behind it and before its clause are taken as they are, as runs of one to four characters;
so are the cues of `catalog/evidence.csv`. What the rules answered is evidence too. Names are short, for a weights file is read
by people: `before$增养老床位` is the end of what leads to a number, `behind^的` the beginning of what follows it.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletins.evidence.brief import Bundle, given, pairs, runs
from bulletins.evidence.cues import Cues
from bulletins.evidence.grounds import Grounds, PageFacts
from bulletins.observation import Observation

_DIGITS = re.compile(r"\d[\d,.]*")
_LEAD, _TAIL, _EARLIER = 20, 12, 40  # code points that are looked at
_LEAD_END, _TAIL_BEGIN = 6, 4  # those of them that are evidence as a whole
#: Evidence that tells what the rules answered: its reliability is learned only where no rule was written on the page.
RULE = "rule"
_NOTHING: Bundle = (given,)
_IN_BRACKETS: Bundle = (given, "in brackets")
_OF_WHICH: Bundle = (given, "behind 其中")


class NumberClues(NamedTuple):
    """The evidence of one number, by what it looks at."""

    earlier_pairs: Bundle  # of what its sentence says before what leads to it
    lead_runs: Bundle
    tail_runs: Bundle
    of_which: Bundle  # whether 其中 stands before it
    lead_end: Bundle
    tail_begin: Bundle
    clause: Bundle  # cues in the clause up to the number
    sentence: Bundle  # cues in the sentence up to the clause
    paragraph: Bundle  # cues in the line up to the sentence
    counter: Bundle
    size: Bundle
    brackets: Bundle
    title: Bundle  # cues in the page's title
    form: Bundle
    place: Bundle  # where on what page
    beside: Bundle
    rules: Bundle


class Clues:
    """Gathers the evidence of the numbers of one page."""

    def __init__(self, page: PageFacts, observations: Sequence[Observation], cues: Cues) -> None:
        self._page, self._observations, self._cues = page, observations, cues
        self._title = _cues("title", cues.found("number", "title", page.title))
        self._stretch = functools.lru_cache(maxsize=512)(self._find_cues)

    def of(self, at: int) -> NumberClues:
        """The evidence of the number at a place of the page's observations, which stands in prose."""
        found, page, text = self._observations[at], self._page, self._page.text
        number, grounds = found.number, found.grounds
        assert grounds is not None
        lead, tail = self._lead(found, grounds), self._tail(at, found, grounds)
        line = text.rfind("\n", 0, grounds.sentence[0]) + 1
        size = int(math.log10(number.value)) if number.value > 0 else None
        return NumberClues(
            lead_runs=(runs, "before ", lead),
            tail_runs=(runs, "behind ", tail),
            earlier_pairs=(pairs, "earlier ", self._earlier(grounds)),
            lead_end=(_lead_end, lead[-_LEAD_END:]),
            tail_begin=(_tail_begin, tail[:_TAIL_BEGIN]),
            clause=self._stretch("clause", grounds.clause[0], number.start),
            sentence=self._stretch("sentence", grounds.sentence[0], grounds.clause[0]),
            paragraph=self._stretch("paragraph", line, grounds.sentence[0]),
            title=self._title,
            counter=(_counter, number.counter),
            size=(_size, size, number.qualifier),
            brackets=self._brackets(grounds.clause[0], number.start),
            of_which=_OF_WHICH if text.find("其中", grounds.sentence[0], number.start) >= 0 else _NOTHING,
            form=(_form, number.unit, found.per, grounds.is_old, grounds.in_rise, grounds.plan_year is not None),
            place=(_place, page.kind, number.start * 5 // max(1, len(text))),
            beside=self._beside(at, found),
            rules=_of_rules(found, grounds, page),
        )

    def _find_cues(self, scope: str, start: int, end: int) -> Bundle:
        return _cues(scope, self._cues.found("number", scope, self._page.text[start:end]))

    def _lead(self, found: Observation, grounds: Grounds) -> str:
        start = found.number.start
        return _DIGITS.sub("#", self._page.text[max(grounds.lead, start - _LEAD) : start])

    def _earlier(self, grounds: Grounds) -> str:
        return _DIGITS.sub("#", self._page.text[max(grounds.sentence[0], grounds.lead - _EARLIER) : grounds.lead])

    def _tail(self, at: int, found: Observation, grounds: Grounds) -> str:
        """What follows a number, up to the next one."""
        end = min(grounds.clause[1], found.number.end + _TAIL)
        if at + 1 < len(self._observations):
            end = min(end, max(found.number.end, self._observations[at + 1].number.start))
        return _DIGITS.sub("#", self._page.text[found.number.end : end])

    def _brackets(self, clause: int, start: int) -> Bundle:
        text = self._page.text
        return _IN_BRACKETS if text.rfind("(", clause, start) > text.rfind(")", clause, start) else _NOTHING

    def _beside(self, at: int, found: Observation) -> Bundle:
        before = self._observations[at - 1] if at else None
        behind = self._observations[at + 1] if at + 1 < len(self._observations) else None
        same_before = before is not None and before.sentence == found.sentence
        same_behind = behind is not None and behind.sentence == found.sentence
        return (
            _neighbours,
            before.number.unit if before is not None and same_before else None,
            before.indicator if before is not None and same_before else "",
            behind.number.unit if behind is not None and same_behind else None,
        )


# --- names ----------------------------------------------------------------------------------------------------------------


def _lead_end(end: str) -> list[str]:
    return [f"before${end[-length:]}" for length in range(2, _LEAD_END + 1)]


def _tail_begin(begin: str) -> list[str]:
    return [f"behind^{begin[:length]}" for length in range(1, _TAIL_BEGIN + 1)]


def _cues(scope: str, names: Sequence[str]) -> Bundle:
    return (given, *(f"{scope}:{name}" for name in names))


def _counter(counter: str) -> Iterator[str]:
    yield f"counter:{counter}"


def _size(size: int | None, qualifier: str) -> Iterator[str]:
    if size is not None:
        yield f"size:{size}"
    yield f"qualifier:{qualifier}"


def _form(unit: str, per: str, is_old: bool, in_rise: bool, plans: bool) -> Iterator[str]:
    yield "always"
    yield f"unit:{unit}"
    yield f"per:{per}"
    yield f"old:{is_old} new:{in_rise}"
    yield f"plans:{plans}"


def _place(kind: str, depth: int) -> Iterator[str]:
    yield f"kind:{kind}"
    yield f"depth:{depth}"


def _neighbours(unit_before: str | None, code_before: str, unit_behind: str | None) -> Iterator[str]:
    if unit_before is not None:
        yield f"unit before:{unit_before}"
        yield f"{RULE} before:{code_before}"
    if unit_behind is not None:
        yield f"unit behind:{unit_behind}"


def _of_rules(found: Observation, grounds: Grounds, page: PageFacts) -> Bundle:
    offset = max(-2, min(2, found.year - page.year))
    plans = grounds.plan_year is not None
    at_home = found.place == page.home
    return (
        _rules, found.status, grounds.is_old, plans, offset, found.measure, found.area, at_home, found.period,
        found.indicator, grounds.own_code, grounds.has_subject,
    )  # fmt: skip


def _rules(
    status: str,
    is_old: bool,
    plans: bool,
    offset: int,
    measure: str,
    area: str,
    at_home: bool,
    period: str,
    code: str,
    own_code: str,
    has_subject: bool,
) -> Iterator[str]:
    yield f"{RULE} status:{status}"
    yield f"{RULE} status:{status} old:{is_old}"
    yield f"{RULE} status:{status} plans:{plans}"
    yield f"{RULE} status:{status} year:{offset}"
    yield f"{RULE} measure:{measure}"
    yield f"{RULE} area:{area}"
    yield f"{RULE} home:{at_home}"
    yield f"{RULE} period:{period}"
    yield f"{RULE} code:{code}"
    yield f"{RULE} own code:{own_code}"
    same = code == own_code
    yield f"{RULE} code by own words:{same} subject:{has_subject}"
    yield f"{RULE} code:{code} own:{same} subject:{has_subject}"

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

from bulletins.evidence.cues import Cues
from bulletins.evidence.grounds import PageFacts
from bulletins.observation import Observation

_DIGITS = re.compile(r"\d[\d,.]*")
_LEAD, _TAIL, _EARLIER, _HEADING = 20, 12, 40, 24  # code points that are looked at
#: Evidence that tells what the rules answered: its reliability is learned only where no rule was written on the page.
RULE = "rule"


def _runs(tag: str, stretch: str, shortest: int, longest: int) -> Iterator[str]:
    for length in range(shortest, longest + 1):
        for start in range(len(stretch) - length + 1):
            yield tag + stretch[start : start + length]


@functools.lru_cache(maxsize=256)
def _heading_runs(heading: str) -> tuple[str, ...]:
    return tuple(_runs("heading ", heading, 2, 3))


@functools.lru_cache(maxsize=1024)
def _earlier_runs(stretch: str) -> tuple[str, ...]:
    return tuple(_runs("earlier ", stretch, 2, 3))


class Clues:
    """Gathers the evidence of the numbers of one page."""

    def __init__(self, page: PageFacts, observations: Sequence[Observation], cues: Cues) -> None:
        self._page, self._observations, self._cues = page, observations, cues
        self._titled = [f"title:{name}" for name in cues.found("number", "title", page.title)]
        self._stretch_cues = functools.lru_cache(maxsize=512)(self._find_cues)

    def of(self, at: int) -> list[str]:
        """The evidence of the number at a place of the page's observations, which stands in prose."""
        found = self._observations[at]
        return [
            *self._of_words(at, found),
            *self._of_cues(found),
            *self._of_number(found),
            *self._of_neighbours(at, found),
            *_of_rules(found, self._page),
            *self._titled,
        ]

    def _find_cues(self, scope: str, stretch: str) -> tuple[str, ...]:
        return tuple(f"{scope}:{name}" for name in self._cues.found("number", scope, stretch))

    def _of_words(self, at: int, found: Observation) -> Iterator[str]:
        text, number, grounds = self._page.text, found.number, found.grounds
        assert grounds is not None
        lead = _DIGITS.sub("#", text[max(grounds.lead, number.start - _LEAD) : number.start])
        yield from _runs("before ", lead, 1, 3)
        for length in range(2, 7):
            yield "before$" + lead[-length:]
        end = min(grounds.clause[1], number.end + _TAIL)
        if at + 1 < len(self._observations):
            end = min(end, max(number.end, self._observations[at + 1].number.start))
        tail = _DIGITS.sub("#", text[number.end : end])
        yield from _runs("behind ", tail, 1, 3)
        for length in range(1, 5):
            yield "behind^" + tail[:length]
        earlier = text[max(grounds.sentence[0], grounds.lead - _EARLIER) : grounds.lead]
        yield from _earlier_runs(_DIGITS.sub("#", earlier))
        yield from _heading_runs(_DIGITS.sub("#", text[slice(*grounds.heading)])[:_HEADING])

    def _of_cues(self, found: Observation) -> Iterator[str]:
        text, grounds = self._page.text, found.grounds
        assert grounds is not None
        yield from self._stretch_cues("clause", text[grounds.clause[0] : found.number.start])
        yield from self._stretch_cues("sentence", text[grounds.sentence[0] : grounds.clause[0]])
        line = text.rfind("\n", 0, grounds.sentence[0]) + 1
        yield from self._stretch_cues("paragraph", text[line : grounds.sentence[0]])

    def _of_number(self, found: Observation) -> Iterator[str]:
        number, grounds, page = found.number, found.grounds, self._page
        assert grounds is not None
        yield "always"
        yield f"unit:{number.unit}"
        yield f"counter:{number.counter}"
        if number.value > 0:
            yield f"size:{int(math.log10(number.value))}"
        yield f"per:{found.per}"
        yield f"old:{grounds.is_old} new:{grounds.in_rise}"
        yield f"qualifier:{number.qualifier}"
        yield f"kind:{page.kind}"
        yield f"plans:{grounds.plan_year is not None}"
        yield f"depth:{number.start * 5 // max(1, len(page.text))}"
        text = page.text
        if text.rfind("(", grounds.clause[0], number.start) > text.rfind(")", grounds.clause[0], number.start):
            yield "in brackets"
        if "其中" in text[grounds.sentence[0] : number.start]:
            yield "behind 其中"

    def _of_neighbours(self, at: int, found: Observation) -> Iterator[str]:
        before = self._observations[at - 1] if at else None
        if before is not None and before.sentence == found.sentence:
            yield f"unit before:{before.number.unit}"
            yield f"{RULE} before:{before.indicator}"
        if at + 1 < len(self._observations):
            behind = self._observations[at + 1]
            if behind.sentence == found.sentence:
                yield f"unit behind:{behind.number.unit}"


def _of_rules(found: Observation, page: PageFacts) -> Iterator[str]:
    grounds = found.grounds
    assert grounds is not None
    offset = max(-2, min(2, found.year - page.year))
    yield f"{RULE} status:{found.status}"
    yield f"{RULE} status:{found.status} old:{grounds.is_old}"
    yield f"{RULE} status:{found.status} plans:{grounds.plan_year is not None}"
    yield f"{RULE} status:{found.status} year:{offset}"
    yield f"{RULE} measure:{found.measure}"
    yield f"{RULE} area:{found.area}"
    yield f"{RULE} home:{found.place == page.home}"
    yield f"{RULE} period:{found.period}"
    yield f"{RULE} code:{found.indicator}"
    yield f"{RULE} own code:{grounds.own_code}"
    same = found.indicator == grounds.own_code
    yield f"{RULE} code by own words:{same} subject:{grounds.has_subject}"
    yield f"{RULE} code:{found.indicator} own:{same} subject:{grounds.has_subject}"

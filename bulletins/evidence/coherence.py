"""Does the answer to one number agree with those to its neighbours? A second look at every indicator, with all first answers known.

A list by districts is of one thing; `城市1038户1547人` goes on in kind; a subject once left is seldom taken up again. What speaks for a
candidate here is what it was worth at first, and which neighbours took it, or took none: few pieces of evidence, each with a strength.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bulletins.evidence.indicator import NONE
from bulletins.evidence.weights import Answer
from bulletins.observation import Observation

QUESTION = "coherence"
_BEFORE, _BEHIND = 10, 8  # numbers that are looked at
_SURE = 0.85
_SHARE_HEARD = 0.02
_LEAST_SHARE = 1e-4


class Answered(NamedTuple):
    """A number with the first answer to which indicator it is of."""

    observation: Observation
    answer: Answer


def candidates(numbers: Sequence[Answered], at: int, home: str) -> Mapping[str, Mapping[str, float]]:
    """The candidates of one number again, each with its evidence by name and strength.

    Args:
        numbers: those of a page of which something was asked, in the order of the text, as the rules read them.
        at: which of them.
        home: full name of the page's own place.
    """
    number = numbers[at]
    beside = list(_beside(numbers, at, home))
    evidence: dict[str, dict[str, float]] = {}
    for code, share in number.answer.shares.items():
        first = math.log(share + _LEAST_SHARE)
        of_code = {"first": first, f"first|none {code == NONE}": first, f"none {code == NONE}": 1.0}
        for name, other in beside:
            of_code.update(_of_neighbour(name, code, number, other))
        evidence[code] = of_code
    return evidence


def _beside(numbers: Sequence[Answered], at: int, home: str) -> Iterator[tuple[str, Answered]]:
    """The neighbours that are heard, by what they are to the number."""
    found = numbers[at].observation
    before = numbers[max(0, at - _BEFORE) : at][::-1]
    behind = numbers[at + 1 : at + 1 + _BEHIND]
    alike = [other for other in before if other.observation.number.unit == found.number.unit]
    heard = {
        "last": before[:1],
        "last of unit": alike[:1],
        "last coded": [other for other in before if other.answer.value != NONE][:1],
        "next": behind[:1],
        "next of unit": [other for other in behind if other.observation.number.unit == found.number.unit][:1],
        "home's": [other for other in alike if other.observation.place == home != found.place][:1],
    }
    return ((name, other) for name, others in heard.items() for other in others)


def _of_neighbour(name: str, code: str, number: Answered, other: Answered) -> Iterator[tuple[str, float]]:
    found, beside, answer = number.observation, other.observation, other.answer
    same_sentence, elsewhere = beside.sentence == found.sentence, beside.place != found.place
    if code == NONE:
        sure = "sure" if answer.certainty > _SURE else "unsure"
        yield f"{name} none {answer.value == NONE} sentence {same_sentence} elsewhere {elsewhere} {sure}", 1.0
        return
    if answer.value == code:
        yield f"{name} the same, sentence {same_sentence} elsewhere {elsewhere}", 1.0
        yield f"{name} the same, sentence {same_sentence} {beside.measure} {found.measure}", 1.0
    share = answer.shares.get(code, 0.0)
    if share > _SHARE_HEARD:
        yield f"{name} share, sentence {same_sentence} elsewhere {elsewhere}", share

"""In what shape is the evidence of a number laid before a contest? In bundles, so that what they are worth can be remembered.

A bundle is who names the evidence, and the few facts that the names are made of: `(by_unit, "person", "名")`. The same bundles come
again and again on all pages; their names are made, and their weights looked up, only when one comes for the first time, and where
somebody learns or asks why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

#: `(namer, *facts)`, with `namer(*facts)` the names. No name stands twice, in one bundle or in two of one candidate.
Bundle = tuple[Any, ...]

LONGEST_RUN = 3  # characters


#: What speaks for one candidate: the bundles for it alone; and pairs of an aspect of it (its kind, its code) and the places of those
#: clues of the number of which each has a weight for every aspect, under the name `aspect|clue`. A plain tuple, for there are ten
#: to a number.
Evidence = tuple[Sequence[Bundle], Sequence[tuple[str, Sequence[int]]]]


class Brief(NamedTuple):
    """One question to one number: its clues, and the candidates."""

    clues: Sequence[Bundle]
    candidates: Mapping[str, Evidence]

    def by_name(self) -> dict[str, dict[str, float]]:
        """For each candidate all its evidence by name, each of strength 1: for those who learn and those who ask why."""
        return {value: dict.fromkeys(self._names(evidence), 1.0) for value, evidence in self.candidates.items()}

    def _names(self, evidence: Evidence) -> Iterator[str]:
        own, joint = evidence
        for bundle in own:
            yield from names_of(bundle)
        for aspect, places in joint:
            for place in places:
                yield from (f"{aspect}|{clue}" for clue in names_of(self.clues[place]))


def names_of(bundle: Bundle) -> list[str]:
    """The names in a bundle."""
    return list(dict.fromkeys(bundle[0](*bundle[1:])))


def given(*names: str) -> tuple[str, ...]:
    """The namer of a bundle whose facts are the names."""
    return names


def pairs(tag: str, stretch: str) -> Iterator[str]:
    """The namer of all pairs of neighbouring characters of a longer stretch; found like `runs`."""
    return (tag + stretch[start : start + 2] for start in range(len(stretch) - 1))


def runs(tag: str, stretch: str) -> Iterator[str]:
    """The namer of all runs of one to three characters of a stretch; a contest finds those that it knows in one pass."""
    for length in range(1, LONGEST_RUN + 1):
        for start in range(len(stretch) - length + 1):
            yield tag + stretch[start : start + length]

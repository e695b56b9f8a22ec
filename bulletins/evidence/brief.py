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


class Evidence(NamedTuple):
    """What speaks for one candidate.

    Attributes:
        own: the evidence for it alone.
        joint: pairs of an aspect of the candidate (its kind, its code) and a group of the number's clues: every clue of the group
            has a weight for every aspect, under the name `aspect|clue`.
    """

    own: Sequence[Bundle]
    joint: Sequence[tuple[str, str]]


class Brief(NamedTuple):
    """One question to one number: its clues by group, and the candidates."""

    clues: Mapping[str, Sequence[Bundle]]
    candidates: Mapping[str, Evidence]

    def by_name(self) -> dict[str, dict[str, float]]:
        """For each candidate all its evidence by name, each of strength 1: for those who learn and those who ask why."""
        return {value: dict.fromkeys(self._names(evidence), 1.0) for value, evidence in self.candidates.items()}

    def _names(self, evidence: Evidence) -> Iterator[str]:
        for bundle in evidence.own:
            yield from names_of(bundle)
        for aspect, group in evidence.joint:
            for bundle in self.clues[group]:
                yield from (f"{aspect}|{clue}" for clue in names_of(bundle))


def names_of(bundle: Bundle) -> list[str]:
    """The names in a bundle."""
    return list(dict.fromkeys(bundle[0](*bundle[1:])))


def given(*names: str) -> tuple[str, ...]:
    """The namer of a bundle whose facts are the names."""
    return names


def runs(tag: str, stretch: str) -> Iterator[str]:
    """The namer of all runs of one to three characters of a stretch; a contest finds those that it knows in one pass."""
    for length in range(1, LONGEST_RUN + 1):
        for start in range(len(stretch) - length + 1):
            yield tag + stretch[start : start + length]

"""Is a number a fact, a plan or the old value of a rise? The three, each with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence

from bulletins.evidence.brief import Brief, Bundle, Evidence
from bulletins.evidence.clues import NumberClues

STATUSES = ("actual", "previous", "target")
_TELLING = "telling"
_CANDIDATES = {status: Evidence((), ((status, _TELLING),)) for status in STATUSES}


def brief(clues: NumberClues, moods: Sequence[Bundle]) -> Brief:
    """The three, for each of which every clue has a weight of its own.

    Args:
        clues: what speaks of the number; single runs of characters tell little of its status, and are the most.
        moods: what its paragraph and its neighbours tell (`mood.Moods.of`).
    """
    return Brief({_TELLING: (*clues[3:], *moods)}, _CANDIDATES)

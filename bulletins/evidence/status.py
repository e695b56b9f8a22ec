"""Is a number a fact, a plan or the old value of a rise? The three, each with the evidence for it."""

from __future__ import annotations

from bulletins.evidence.brief import Brief, Evidence
from bulletins.evidence.clues import NumberClues
from bulletins.evidence.mood import MoodClues

STATUSES = ("actual", "previous", "target")
# Single runs of characters tell little of it, and are the most.
_FIRST = NumberClues._fields.index("lead_end")
_TELLING = range(len(NumberClues._fields) - _FIRST + len(MoodClues._fields))
_CANDIDATES: dict[str, Evidence] = {status: ((), ((status, _TELLING),)) for status in STATUSES}


def brief(clues: NumberClues, moods: MoodClues) -> Brief:
    """The three, for each of which every clue has a weight of its own.

    Args:
        clues: what speaks of the number.
        moods: what its paragraph and its neighbours tell (`mood.Moods.of`).
    """
    return Brief((*clues[_FIRST:], *moods), _CANDIDATES)

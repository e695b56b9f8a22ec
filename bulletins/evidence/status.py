"""Is a number a fact, a plan or the old value of a rise? The three, each with the evidence for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STATUSES = ("actual", "previous", "target")
# Single runs of characters far from the number tell little of it, and are the most.
_TOO_MANY = ("earlier ", "heading ", "before ", "behind ")


def candidates(clues: Sequence[str]) -> Mapping[str, Mapping[str, float]]:
    """The three, for each of which every clue (`clues.Clues.of`) has a weight of its own."""
    telling = [clue for clue in clues if not clue.startswith(_TOO_MANY)]
    return {status: {f"{status}|{clue}": 1.0 for clue in telling} for status in STATUSES}

"""How right a reading is: observations that were read against those that a person read from the same page.

quantity   a number read is right where its span overlaps the one by hand and value and unit are equal
indicator  precision and recall of the catalogue's code, over the right quantities and what was missed
row        of the right quantities, year, status, measure, per, place, area and code are right as well: a right row of the star

An optional observation neither adds nor costs. A code that the gold set's own list of indicators lacks counts as no code: the
catalogue may grow without making old annotations wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Row = Mapping[str, Any]

#: The fields beside value and unit, with what holds where one is not given.
_DEFAULTS = {"qualifier": "exact", "measure": "level", "status": "actual", "per": "", "period": "annual", "area": "all"}
CONTEXT = ("year", "status", "measure", "qualifier", "per", "period", "place", "area")
ROW = ("year", "status", "measure", "per", "place", "area", "indicator")
MEASURES = ("quantity", "indicator", "row")


class Fault(NamedTuple):
    """One difference: `missed`, `value`, `spurious`, or the names of the fields that are wrong."""

    kind: str
    expected: Row | None
    read: Row | None


class F1(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


@dataclass
class Tally:
    """What was counted over any number of pages; tallies add up.

    `counts` holds: gold, read (numbers); gold_code, read_code (those with a code); quantity, code, row (right ones); and
    for each field of `CONTEXT` how many right quantities have it right.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.counts + other.counts, [*self.faults, *other.faults])

    def f1(self, measure: str) -> F1:
        """The figure for `quantity`, `indicator` or `row`."""
        right, of = {"quantity": ("quantity", ""), "indicator": ("code", "_code"), "row": ("row", "")}[measure]
        hits, read, gold = self.counts[right], self.counts[f"read{of}"], self.counts[f"gold{of}"]
        if not read and not gold:
            return F1(1.0, 1.0, 1.0)
        return F1(hits / read if read else 0.0, hits / gold if gold else 0.0, 2 * hits / (read + gold))


def score(gold: Sequence[Row], read: Sequence[Row], codes: Collection[str]) -> Tally:
    """Count what was read of one page.

    Args:
        gold: the observations by hand, in order; fields as in `frames.OBSERVATIONS`, and `optional`.
        read: the observations that were read, in order.
        codes: the indicators that the annotators knew.
    """
    gold, read = [_completed(row, codes) for row in gold], [_completed(row, codes) for row in read]
    partner = _aligned(gold, read)
    tally = Tally()
    for index, expected in enumerate(gold):
        if expected.get("optional"):
            continue
        found = read[partner[index]] if index in partner else None
        tally += _judged(expected, found)
    taken = set(partner.values())
    for index, found in enumerate(read):
        if index not in taken and not any(row.get("optional") and _overlap(row, found) for row in gold):
            tally += Tally(Counter(read=1, read_code=bool(found["indicator"])), [Fault("spurious", None, found)])
    return tally


def same_quantity(one: Row, other: Row) -> bool:
    """Whether value and unit are equal."""
    return bool(one["unit"] == other["unit"]) and math.isclose(one["value"], other["value"], rel_tol=1e-9, abs_tol=1e-9)


def _judged(expected: Row, found: Row | None) -> Tally:
    counts = Counter(gold=1, gold_code=bool(expected["indicator"]))
    if found is None:
        return Tally(counts, [Fault("missed", expected, None)])
    counts.update(read=1, read_code=bool(found["indicator"]))
    if not same_quantity(expected, found):
        return Tally(counts, [Fault("value", expected, found)])
    wrong = [name for name in (*CONTEXT, "indicator") if expected[name] != found[name]]
    counts.update(quantity=1, row=not set(wrong) & set(ROW))
    counts.update(code=bool(expected["indicator"]) and "indicator" not in wrong)
    counts.update({name: name not in wrong for name in CONTEXT})
    return Tally(counts, [Fault(" ".join(wrong), expected, found)] if wrong else [])


def _completed(row: Row, codes: Collection[str]) -> Row:
    filled = {name: row.get(name) or default for name, default in _DEFAULTS.items()}
    return {**row, **filled, "indicator": row["indicator"] if row.get("indicator") in codes else ""}


def _overlap(one: Row, other: Row) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"])


def _aligned(gold: Sequence[Row], read: Sequence[Row]) -> dict[int, int]:
    """For each row of `gold` at most one of `read` that overlaps it, an equal quantity before any other."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for only_equal in (True, False):
        for index, expected in enumerate(gold):
            if index in partner:
                continue
            for other, found in enumerate(read):
                if other in taken or not _overlap(expected, found):
                    continue
                if only_equal and not same_quantity(expected, found):
                    continue
                partner[index] = other
                taken.add(other)
                break
    return partner

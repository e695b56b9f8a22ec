"""What one number of a text is found to be."""

from __future__ import annotations

from typing import NamedTuple


class Number(NamedTuple):
    """One number of a text.

    Attributes:
        start: where it begins in the normalised text.
        end: where it ends, its unit included.
        verdict: `quantity`, or why it is none: date, ordinal, identifier, name, furniture, unread.
        reason: in one phrase, for all but quantities.
        value: in the base unit; of a range or a vague number the lower end.
        value_high: the upper end of a range or a vague number.
        unit: canonical unit of a quantity.
        counter: the unit as printed: 万元, 人次; empty where it stands behind a later number of an enumeration.
        qualifier: exact, approx, ge or le.
        per: the period paid for where the unit itself says so: `元/人·月`.
        digits_end: where the digits end and the unit begins.
    """

    start: int
    end: int
    verdict: str
    reason: str = ""
    value: float = 0.0
    value_high: float | None = None
    unit: str = ""
    counter: str = ""
    qualifier: str = "exact"
    per: str = ""
    digits_end: int = 0

"""One number of a page with everything that was read of it."""

from __future__ import annotations

from dataclasses import dataclass

from bulletins.evidence.grounds import Grounds
from bulletins.text.numbers import Number
from bulletins.text.periods import Period


@dataclass(slots=True)
class Observation:
    """One quantity with whose, when and what it is; the fields are those of `frames.OBSERVATIONS`.

    Attributes:
        number: the quantity: span in the normalised text, value, unit, qualifier.
        sentence: where the sentence lies that it was read from, in the normalised text.
        covers: the stretch of time that it is about, where that is known exactly.
        certainty: how sure the whole row is, 0 to 1, as measured on bulletins that were not learned from.
        grounds: where its words stand, for the evidence; None for a value of a table.
    """

    number: Number
    sentence: tuple[int, int]
    year: int = 0
    period: str = "annual"
    covers: Period | None = None
    status: str = "actual"
    measure: str = "level"
    per: str = ""
    place: str = ""
    area: str = "all"
    indicator: str = ""
    label: str = ""
    certainty: float = 1.0
    grounds: Grounds | None = None

    @property
    def time_period(self) -> str:
        """`covers` as SDMX writes it, in the year and only if of the class that were settled on; else the year."""
        covers = self.covers
        fits = covers is not None and covers.whole and covers.kind == self.period
        return covers.up_to(self.year).notation if covers is not None and fits else str(self.year)

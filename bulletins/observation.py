"""One number of a page with everything that was read of it."""

from __future__ import annotations

from dataclasses import dataclass

from bulletins.text.numbers import Number


@dataclass(slots=True)
class Observation:
    """One quantity with whose, when and what it is; the fields are those of `frames.OBSERVATIONS`.

    Attributes:
        number: the quantity: span in the normalised text, value, unit, qualifier.
        sentence: where the sentence lies that it was read from, in the normalised text.
    """

    number: Number
    sentence: tuple[int, int]
    year: int = 0
    period: str = "annual"
    status: str = "actual"
    measure: str = "level"
    per: str = ""
    place: str = ""
    area: str = "all"
    indicator: str = ""
    label: str = ""

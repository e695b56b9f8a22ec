"""What does the evidence of a number look at? Where its words stand and what the rules answered, frozen.

Here belong plain facts of structure; what they are worth is in `catalog/weights.csv`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.reading.indicators import Fit


class Grounds(NamedTuple):
    """Where the words stand that speak of one number of prose; offsets count the page's normalised text.

    Attributes:
        lead: where the words begin that lead to this number alone.
        clause: its clause.
        sentence: its sentence.
        heading: the heading that it stands under; (0, 0) without one.
        is_old: whether it is the old value of a rise.
        in_rise: whether it is the new value of a rise.
        has_subject: whether its own words name a subject.
        of_body: whether it is a figure of one home, firm, giver or single case.
        own_code: the indicator that its own words speak for without what is carried to them.
        plan_year: the year that the page's plans are for, where it has come to them.
        fits: the indicators that the words around it speak for, of the kinds that it can be, and how well.
    """

    lead: int
    clause: tuple[int, int]
    sentence: tuple[int, int]
    heading: tuple[int, int]
    is_old: bool
    in_rise: bool
    has_subject: bool
    of_body: bool
    own_code: str
    plan_year: int | None
    fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What is known of a page as a whole.

    Attributes:
        text: its normalised text.
        title: its title, normalised.
        home: full name of the home place.
        published: when it was published, if known.
        kind: what the source list takes it for, if it does.
        rule_year: the year that the rules take it to report on.
        year: the year that it is taken to report on.
        year_shares: the probability of every year that came into question.
    """

    text: str
    title: str
    home: str
    published: dt.date | None
    kind: str
    rule_year: int
    year: int
    year_shares: dict[int, float]

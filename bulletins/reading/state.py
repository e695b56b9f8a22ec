"""What a reader keeps in mind while it reads a page on: where it has come to, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bulletins.observation import Observation
from bulletins.reading.bodies import BodyFinder
from bulletins.reading.frame import Frame
from bulletins.reading.indicators import LineIndex, Matcher, Zone
from bulletins.reading.mentions import Mention, Stretch
from bulletins.reading.places import PlaceReader, Spoken
from bulletins.reading.wording import area_of, area_within
from bulletins.text.labels import Labeller


@dataclass(frozen=True, slots=True)
class PageContext:
    """What all readers of one page share.

    Attributes:
        text: the normalised text.
        title: the catalogue's words of its title.
        index: where the catalogue's words stand in it.
        frame: whose page it is and of which year.
        places: the places that it may speak of.
        matcher: the catalogue's aliases.
        labeller: names what is counted.
        bodies: finds homes, firms and givers.
    """

    text: str
    title: Zone
    index: LineIndex
    frame: Frame
    places: PlaceReader
    matcher: Matcher
    labeller: Labeller
    bodies: BodyFinder


class Step(NamedTuple):
    """What one clause or number left for those that follow it; its area and place are read when one asks."""

    zone: Zone
    words: str
    spans: tuple[Stretch, ...]
    spoken: Spoken
    counted: bool  # whether it holds a number
    clause: int  # where its clause begins
    stated_area: str = ""  # what an enumeration stated for it
    stated_place: str | None = None  # the place of the number, where it holds one; empty for the home
    bracketed: bool = False  # whether it stands in brackets, outside of which its place counts for nothing
    of_part: bool = False  # whether it tells of one place among several: `其中绍兴县新增床位640张,建成…118个`

    def area(self) -> str:
        """Urban, rural, districts, counties or all, as far as its words say."""
        return self.stated_area or area_of(self.words if self.spoken.is_silent else self.spoken.without_all(self.spans))

    def inner_area(self) -> str:
        """The area without 市区 and 县(市), which say nothing of a county's own figures."""
        return self.stated_area or area_within(self.words)

    def place(self) -> str:
        """Whom it is about, if it says so."""
        return self.spoken.of(*self.spans) if self.stated_place is None else self.stated_place


@dataclass(slots=True)
class Stand:
    """Where the reading has come to.

    Attributes:
        spoken: the places that the sentence names.
        line: the line of the sentence.
        heading: the span of the heading that it stands under.
        start, end: the span of the sentence.
        clause: where the clause begins; `clause_before` the one before it.
        next_unit: the unit of the sentence's next number.
    """

    spoken: Spoken
    line: int = -1
    heading: Stretch = (0, 0)
    start: int = 0
    end: int = 0
    clause: int = 0
    clause_before: int = 0
    next_unit: str = ""

    def in_clause(self, before: Sequence[Observation]) -> bool:
        """Whether the clause that is being read has stated a figure already."""
        return bool(before) and before[-1].number.start >= self.clause

    def in_brackets(self, at: int) -> bool:
        """Whether a number stands in brackets within its sentence."""
        text = self.spoken.text
        opened = text.rfind("(", self.start, at)
        return opened >= 0 and text.find(")", opened, at) < 0


@dataclass(slots=True)
class Memory:
    """What was said before.

    Attributes:
        steps: the clauses and numbers of this thought.
        series: the levels of this paragraph.
        page_codes: by unit, the indicator of the home's last figure that has one.
        last_change: the last figure of this thought that said itself what it changed.
    """

    steps: list[Step] = field(default_factory=list)
    series: list[Observation] = field(default_factory=list)
    page_codes: dict[str, str] = field(default_factory=dict)
    last_change: Observation | None = None

    def last(self, unit: str) -> Observation | None:
        """The last figure of this paragraph in `unit`."""
        return next((item for item in reversed(self.series) if item.number.unit == unit), None)

    def last_code(self, unit: str) -> str:
        """The indicator of that figure."""
        last = self.last(unit)
        return last.indicator if last is not None else ""


class Asked(NamedTuple):
    """One number whose indicator is asked for, with the words that speak of it.

    Attributes:
        found: what was read of it so far.
        mention: where its words stand.
        own: the catalogue's words of its own clause.
        carried: those carried to it from the sentence, the paragraph and the section.
        words: its own stretches of text.
        lead: what leads to it behind the number before it.
        before: the sentence's figures before it.
    """

    found: Observation
    mention: Mention
    own: Zone
    carried: Sequence[Zone]
    words: str
    lead: str
    before: Sequence[Observation]

    @property
    def lead_span(self) -> Stretch:
        """Where `lead` stands."""
        return self.found.number.start - len(self.lead), self.found.number.start


def in_part_list(text: str, found: Observation) -> bool:
    """Whether 其中 stands before a number in its sentence."""
    return "其中" in text[found.sentence[0] : found.number.start]

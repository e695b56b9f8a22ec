"""Annotated bulletins → what is learned from: the evidence of each page and each number, and the answer by hand."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.gold import codes_of_annotators, gold_set
from benchmarks.scoring import same_quantity
from bulletins.catalog import Catalog
from bulletins.evidence import page_year
from bulletins.evidence.brief import Brief
from bulletins.evidence.clues import RULE
from bulletins.evidence.cues import Cues, load_cues
from bulletins.evidence.grounds import PageFacts
from bulletins.evidence.judge import Judge
from bulletins.evidence.questions import NONE, asked
from bulletins.evidence.weights import Weights
from bulletins.observation import Observation
from bulletins.read import Reader
from bulletins.text.normalise import Normalised

Row = Mapping[str, Any]
#: By candidate the evidence for it, by name and strength.
Candidates = Mapping[str, Mapping[str, float]]


@dataclass(slots=True)
class Page:
    """An annotated page.

    Attributes:
        key: the name of its set and its own.
        text: as it is printed.
        rows: its observations by hand.
        rules_seen: whether rules of the reader were written on it: then their answers prove nothing.
        codes: the indicators that its annotators knew: nothing is learned of others.
    """

    key: str
    text: str
    title: str
    place: str
    code: str
    published: date | None
    kind: str
    rows: Sequence[Row]
    rules_seen: bool
    codes: frozenset[str]

    def fold(self, folds: int) -> int:
        """The part that it falls into: the same for ever, whatever else is annotated."""
        return int(hashlib.md5(self.key.encode()).hexdigest(), 16) % folds

    @property
    def year(self) -> int:
        """The year of most of its facts."""
        facts = Counter(row["year"] for row in self.rows if row.get("status", "actual") == "actual")
        years = facts or Counter(row["year"] for row in self.rows)
        return max(years, key=lambda year: (years[year], year)) if years else 0


@dataclass(slots=True)
class Gathered:
    """The evidence of one number of prose, with the rule's answers and the row by hand."""

    page: Page
    observation: Observation  # as the rules read it
    asked: Mapping[str, Brief]  # by question; empty for a table's value
    row: Row | None  # None where nothing was annotated
    page_year: int  # the year that its page was taken to report on

    @property
    def teaches(self) -> bool:
        """Whether it was annotated, and no annotator might have left it out."""
        return self.row is not None and not self.row.get("optional")

    def candidates(self, question: str) -> Candidates:
        """The evidence of a question by name; made anew each time, for all of it at once would fill the memory."""
        found: Candidates = self.asked[question].by_name()
        if question == "indicator":
            # One that is settled as a code that its annotators did not know has none for them.
            known = {code: evidence for code, evidence in found.items() if code in self.page.codes or code == NONE}
            found = known or {NONE: {}}
        return without_rules(found) if self.page.rules_seen else found


class Recorder(Judge):
    """A judge that is told the years of pages, and writes down the evidence of their numbers."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog.indicators, Weights({}, {}, ()))
        self.seen: list[tuple[Observation, Mapping[str, Brief]]] = []
        self.told = 0

    def page_year(self, text: str, title: str, published: date | None, kind: str, rule_year: int) -> int:
        """What it was told."""
        return self.told

    def weigh(self, page: PageFacts, observations: Sequence[Observation]) -> None:
        """Keep the evidence of every number, and change nothing."""
        briefs = list(asked(page, observations, self.cues, self._indicators))
        self.seen += [(copy(found), of_number) for found, of_number in zip(observations, briefs, strict=True)]


def pages_of(folder: Path, catalog: Catalog, *, rules_seen: bool) -> Iterator[Page]:
    """The annotated pages of a folder with `docs.jsonl`."""
    gold = gold_set(folder, catalog)
    known = codes_of_annotators(folder, catalog)
    for page in gold.pages.iter_rows(named=True):
        yield Page(
            key=f"{folder.name}/{page['url'].rsplit('/', 1)[-1]}",
            text=page["text"],
            title=page["title"],
            place=page["place"],
            code=page["place_code"],
            published=page["published_on"],
            kind=page["kind"],
            rows=list(gold.rows[page["bulletin_key"]]),
            rules_seen=rules_seen,
            codes=known,
        )


def gather(pages: Iterable[Page], catalog: Catalog, years: Mapping[str, int]) -> list[Gathered]:
    """Read pages and pair what was read with what was annotated.

    Args:
        pages: the pages; those without a year, on which nothing is annotated, are passed over.
        years: by page, the year that it is taken to report on, as judged by what did not see it.
    """
    recorder = Recorder(catalog)
    reader = Reader(catalog, recorder)
    found: list[Gathered] = []
    for page in pages:
        if page.key not in years:
            continue
        recorder.told = years[page.key]
        recorder.seen = []
        blocks = list(
            reader.read(
                page.text, place=page.place, code=page.code, title=page.title, published=page.published, kind=page.kind
            )
        )
        spans = blocks[0].page
        taken: set[int] = set()
        for observation, brief in recorder.seen:
            row = _partner(spans, observation, page.rows, taken)
            found.append(Gathered(page, observation, brief, row, years[page.key]))
    return found


def without_rules(candidates: Candidates) -> Candidates:
    """Evidence without what the rules answered: on pages that they were written on they are right for no reason."""
    return {
        value: {name: strength for name, strength in evidence.items() if not _is_rule(name)}
        for value, evidence in candidates.items()
    }


@functools.cache
def _is_rule(name: str) -> bool:
    return any(part.startswith(RULE) for part in name.split("|"))


def _partner(page: Normalised, observation: Observation, rows: Sequence[Row], taken: set[int]) -> Row | None:
    """The row by hand that has an observation's place, value and unit."""
    start, end = page.span(observation.number.start, observation.number.end)
    for index, row in enumerate(rows):
        overlaps = index not in taken and row["start"] < end and start < row["end"]
        if overlaps and same_quantity(row, {"unit": observation.number.unit, "value": observation.number.value}):
            taken.add(index)
            return row
    return None


class YearCase(NamedTuple):
    """A page with the years that came into question and the one that it reports on."""

    page: Page
    candidates: Mapping[str, Mapping[str, float]]
    right: str
    rule: str


class _Listener(Judge):
    """Writes down the evidence of each page's year."""

    def __init__(self, catalog: Catalog, cues: Cues) -> None:
        super().__init__(catalog.indicators, Weights({}, {}, ()), cues)
        self.heard: tuple[Mapping[str, Mapping[str, float]], int] = ({}, 0)

    def page_year(self, text: str, title: str, published: date | None, kind: str, rule_year: int) -> int:
        """Keep the candidates, and leave the year to the rules."""
        self.heard = page_year.candidates(text, title, published, kind, rule_year, self.cues), rule_year
        return rule_year

    def weigh(self, page: PageFacts, observations: Sequence[Observation]) -> None:
        """Nothing."""


def year_cases(pages: Iterable[Page], catalog: Catalog) -> Iterator[YearCase]:
    """For each page the years that came into question."""
    listener = _Listener(catalog, load_cues())
    reader = Reader(catalog, listener)
    for page in pages:
        if not page.rows:
            continue
        for _ in reader.read(
            page.text, place=page.place, code=page.code, title=page.title, published=page.published, kind=page.kind
        ):
            break
        candidates, rule = listener.heard
        if page.rules_seen:
            candidates = without_rules(candidates)
        yield YearCase(page, candidates, str(page.year), str(rule))

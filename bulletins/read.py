"""The whole reading as one story: pages in, observations and ledger out.

`read_pages` reads a frame of pages; `Reader.read` reads one text. For each page: bring the text into one spelling, find every
number, part the text into sentences, and for each number decide which words are its own, what is carried to it from before,
whose figure it is and when, and which indicator the words speak for.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from bulletins.catalog import Catalog, load_catalog
from bulletins.evidence.grounds import PageFacts
from bulletins.evidence.judge import Judge
from bulletins.frames import LEDGER, OBSERVATIONS, Reading
from bulletins.places import Places
from bulletins.reading.bodies import BodyFinder
from bulletins.reading.frame import Frame, frame_of
from bulletins.reading.indicators import LineIndex, Matcher
from bulletins.reading.passage import PageContext, Passage
from bulletins.reading.places import PageNames, PlaceReader, Spoken
from bulletins.reading.places.boundaries import Boundaries
from bulletins.records import Block, Columns, ledger_columns, observation_columns
from bulletins.tables.facts import FactReader
from bulletins.tables.finding import Finder, Found
from bulletins.tables.grid import Cell, Grid, loads
from bulletins.tables.ledger import left_over, unprinted
from bulletins.tables.reading import TableReader
from bulletins.tables.shown import ShownTable, shown
from bulletins.tables.units import Units
from bulletins.text.labels import Labeller
from bulletins.text.normalise import normalise
from bulletins.text.numbers import Number, NumberFinder
from bulletins.text.structure import furniture, sentences
from bulletins.text.words import Tokenizer

_BETWEEN_COLLECTIONS = 10_000  # objects: of 50,000 a long page took a quarter more memory
_LONGEST_BLOCK = 4000  # observations: no bulletin has as many, and memory is bounded whatever else is read


class Reader:
    """Reads texts by one catalogue; built once a process and used for any number of pages."""

    def __init__(self, catalog: Catalog, judge: Judge | None = None) -> None:
        self._catalog = catalog
        self._judge = judge if judge is not None else Judge(catalog.indicators)
        self._numbers = NumberFinder(catalog.units)
        self._units = Units(catalog.units)
        self._tables = Finder(self._units)
        self._matcher = Matcher(catalog)
        # The words of forms are the same on many pages of one home.
        self._facts = functools.lru_cache(maxsize=16)(functools.partial(FactReader, self._units, self._matcher))
        tokenizer = Tokenizer(catalog.topics)
        self._labeller, self._boundaries = Labeller(tokenizer), Boundaries(tokenizer)
        self._bodies = BodyFinder(catalog.bodies, tokenizer)
        self._places = functools.lru_cache(maxsize=512)(self._place_reader)

    def _place_reader(self, code: str, name: str, year: int) -> PlaceReader:
        home = self._catalog.places.get(code, year)
        return PlaceReader(self._catalog.places, home, name, year, self._boundaries)

    def read(
        self,
        text: str,
        *,
        place: str,
        code: str = "",
        title: str = "",
        published: dt.date | None = None,
        kind: str = "",
        grids: Sequence[Grid] = (),
    ) -> Iterator[Block]:
        """Read one text, block by block: any text that a person wrote is one block.

        Args:
            text: the page's text; spans count its code points.
            place: full official name of the home place.
            code: its GB/T 2260 code, if known.
            title: the page's title, if it is not the first line of the text.
            published: when the page was published, if known.
            kind: what the source list takes the page for, if it does.
            grids: its tables, with offsets into `text`; others are found in the text.

        Yields:
            What was read of each block; all tables come with the last.
        """
        page = normalise(text)
        around = furniture(page.text)
        tables = self._tables.find(page, grids, around)
        facts, frame = self._frame(page.text, normalise(title).text, place, code, published, kind)
        context = PageContext(
            page.text,
            self._matcher.index(facts.title).zone((0, len(facts.title))),
            LineIndex(self._matcher, page.text),
            frame,
            self._places(code, place, frame.year),
            self._matcher,
            self._labeller,
            self._bodies,
        )
        passage, named = Passage(context), PageNames(context.places, page.text)
        covered = [span for table in tables for span in table.covered]
        numbers = _outside(self._numbers.find(_masked(page.text, covered), around), covered)
        number = next(numbers, None)
        block = Block(page, [], [])
        for sentence in sentences(page.text, sorted([*around, *_lines(page.text, covered)])):
            quantities: list[Number] = []
            while number is not None and number.start < sentence.end:
                if number.verdict != "quantity":
                    block.others.append(number)
                elif number.start >= sentence.start:
                    quantities.append(number)
                number = next(numbers, None)
            spoken = named.spoken(sentence.start, sentence.end)
            if in_names := [each for each in quantities if _in_name(each, spoken)]:
                quantities = [each for each in quantities if each not in in_names]
                block.others.extend(each._replace(verdict="name", reason="part of a place's name") for each in in_names)
            block.observations.extend(passage.read(sentence, quantities, spoken))
            if len(block.observations) > _LONGEST_BLOCK and not passage.goes_on:
                yield self._weighed(facts, passage.settled(block))
                block = Block(page, [], [])
        block.others.extend(left for left in (number, *numbers) if left is not None and left.verdict != "quantity")
        reader = TableReader(
            frame, context.places, self._matcher, self._units, self._facts(context.places), passage.plan_year
        )
        drawn: list[ShownTable] = []
        for table in tables:
            # A title that is the name of another sheet is not this one's.
            of_another = any(title in other.grid.path for other in tables if other is not table)
            drawn.append(_read_table(reader, table, "" if of_another else facts.title, block))
        yield self._weighed(facts, passage.settled(block)._replace(unprinted=list(unprinted(grids)), tables=drawn))

    def _frame(
        self, text: str, title: str, place: str, code: str, published: dt.date | None, kind: str
    ) -> tuple[PageFacts, Frame]:
        """What holds for the page as a whole; its year is weighed before anything else is read."""
        frame = frame_of(title, text, place, code, published, kind)
        year = self._judge.page_year(text, title, published, kind, frame.year)
        facts = PageFacts(text, title, place, published, kind, year)
        if year != frame.year:
            frame = frame_of(title, text, place, code, published, kind, year)
        return facts, frame

    def _weighed(self, facts: PageFacts, block: Block) -> Block:
        self._judge.weigh(facts, block.observations)
        return block


def _read_table(reader: TableReader, found: Found, title: str, block: Block) -> ShownTable:
    """Read the tables of one grid into a block; returns how the grid was taken."""
    numbers: list[Number] = []
    roles: list[tuple[Cell, str]] = []
    if "|" in title or len(title) > _LONGEST_TITLE:
        title = ""  # a page that begins with its table, or with a paragraph
    for table in found.tables:
        outer = found.captions if table.first else [line for line in found.captions if _TIME_OF_ALL.search(line)]
        reading = reader.read(table, [title, *outer])
        block.observations.extend(reading.observations)
        block.others.extend(reading.unread)
        numbers += [*(item.number for item in reading.observations), *reading.unread]
        roles += reading.roles
    block.others.extend(left_over(block.page.text, found.covered, numbers, roles))
    return shown(block.page, found.grid, found.captions, roles, reader.facts)


_LONGEST_TITLE = 100  # code points
_TIME_OF_ALL = re.compile(r"(?:19|20)\d\d\s*年|[月季]报|单位\s?[::]")


def _in_name(number: Number, spoken: Spoken) -> bool:
    """Whether a number in words is part of a place's name: 二七区, 三元镇."""
    return not spoken.text[number.start].isdigit() and spoken.covers(number.start)


def _masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text with line ends in the place of some spans of it, so that nobody looks for numbers there."""
    pieces: list[str] = []
    reached = 0
    for start, end in spans:
        pieces += text[reached:start], "\n" * (end - start)
        reached = end
    return "".join([*pieces, text[reached:]])


def _outside(numbers: Iterable[Number], spans: Sequence[tuple[int, int]]) -> Iterator[Number]:
    """The numbers that lie in none of the spans; both in the order of the text."""
    at = 0
    for number in numbers:
        while at < len(spans) and spans[at][1] <= number.start:
            at += 1
        if at == len(spans) or number.start < spans[at][0]:
            yield number


def _lines(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines that `spans` cover to their end."""
    for start, end in spans:
        while start < end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop
            if text[stop : stop + 1] in ("", "\n"):
                yield start, stop
            start = stop + 1


_READ_COLUMNS = frozenset(["bulletin_key", "text", "place", "place_code", "title", "published_on", "kind"])


def read_pages(pages: pl.DataFrame, catalog: Catalog | None = None, judge: Judge | None = None) -> Reading:
    """Read every page of a frame in `frames.PAGES`, with the project's catalogue and weights where no others are given.

    Returns:
        The observations and the ledger of all pages, in the order of the pages and of their text; only where a page has more
        numbers than any bulletin do those of its tables stand last.

    Raises:
        ValueError: `pages` lacks a column that reading needs.
    """
    if absent := _READ_COLUMNS - set(pages.columns):
        raise ValueError(f"pages cannot be read without the column(s) {', '.join(sorted(absent))}; see frames.PAGES")
    catalog = catalog or load_catalog()
    reader = _reader_of(catalog, judge)
    observations, ledger = Columns(OBSERVATIONS), Columns(LEDGER)
    with _rare_collection():
        for row in pages.iter_rows(named=True):
            key, home, place = row["bulletin_key"], row["place_code"], row["place"]
            code_of = functools.cache(functools.partial(_place_code, catalog.places, home, place))
            for block in _blocks(reader, row):
                observations.extend(observation_columns(block, key, code_of))
                ledger.extend(ledger_columns(block, key))
    return Reading(observations.frame(), ledger.frame())


@contextlib.contextmanager
def _rare_collection() -> Iterator[None]:
    """Let the garbage collector look seldom: reading makes many small things that live as long as their page, and few cycles.

    To look at them after every 700 new ones, as Python does, took a tenth of the time of reading.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _BETWEEN_COLLECTIONS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def tables_of_page(page: Mapping[str, Any], catalog: Catalog | None = None) -> list[ShownTable]:
    """The tables of one row of a frame in `frames.PAGES`, as they were taken, for those who look at them."""
    catalog = catalog or load_catalog()
    return [table for block in _blocks(_reader_of(catalog, None), page) for table in block.tables]


def _blocks(reader: Reader, page: Mapping[str, Any]) -> Iterator[Block]:
    return reader.read(
        page["text"],
        place=page["place"] or "",
        code=page["place_code"] or "",
        title=page["title"] or "",
        published=page["published_on"],
        kind=page["kind"] or "",
        grids=loads(page.get("grids") or "", page["text"]),
    )


def _place_code(places: Places, home_code: str | None, home_name: str, name: str, year: int) -> str | None:
    """The code that `name` had in `year` where a page of `home_code` says it: of the home, of what lies in it or above it."""
    if name == home_name:
        return home_code
    home = places.get(home_code, year) if home_code else None
    if home is None:
        return None
    above = next((place for place in places.above(home) if place.name == name), None)
    inside = above or places.find(name, year, within=home.code)
    return inside.code if inside and inside.name == name else None


def _reader_of(catalog: Catalog, judge: Judge | None) -> Reader:
    """A reader of the project's catalogue is kept, for it takes a while to build."""
    return _reader(catalog.version, judge) if catalog is load_catalog() else Reader(catalog, judge)


@functools.lru_cache(maxsize=2)
def _reader(version: str, judge: Judge | None) -> Reader:
    return Reader(load_catalog(), judge)

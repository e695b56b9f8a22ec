"""The whole reading as one story: pages in, observations and ledger out.

`read_pages` reads a frame of pages; `Reader.read` reads one text. For each page: bring the text into one spelling, find every
number, part the text into sentences, and for each number decide which words are its own, what is carried to it from before,
whose figure it is and when, and which indicator the words speak for.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from bulletins.catalog import Catalog, load_catalog
from bulletins.context import PlaceReader, frame_of
from bulletins.frames import LEDGER, OBSERVATIONS, conform
from bulletins.indicators import LineIndex, Matcher
from bulletins.labels import Labeller
from bulletins.normalise import Normalised, normalise
from bulletins.numbers import Number, NumberFinder
from bulletins.observation import Observation
from bulletins.passage import PageContext, Passage
from bulletins.structure import furniture, sentences
from bulletins.table_rows import TableReader
from bulletins.tabulation import read_table
from bulletins.words import Tokenizer


class Reading(NamedTuple):
    """What was read from pages: a frame in `frames.OBSERVATIONS` and one in `frames.LEDGER`."""

    observations: pl.DataFrame
    ledger: pl.DataFrame


class Reader:
    """Reads texts by one catalogue; built once a process and used for any number of pages."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._numbers = NumberFinder(catalog.units)
        self._tables = TableReader(catalog.units)
        self._matcher = Matcher(catalog)
        self._labeller = Labeller(Tokenizer(catalog.topics))

    @functools.lru_cache(maxsize=512)  # noqa: B019 - a reader lives as long as its process
    def _places(self, code: str, name: str, year: int) -> PlaceReader:
        return PlaceReader(self._catalog.places, self._catalog.places.get(code, year), name, year)

    def read(
        self,
        text: str,
        *,
        place: str,
        code: str = "",
        title: str = "",
        published: dt.date | None = None,
        kind: str = "",
    ) -> tuple[Normalised, list[Observation], list[Number]]:
        """Read one text.

        Args:
            text: the page's text; spans count its code points.
            place: full official name of the home place.
            code: its GB/T 2260 code, if known.
            title: the page's title, if it is not the first line of the text.
            published: when the page was published, if known.
            kind: what the source list takes the page for, if it does.

        Returns:
            The text as it was read, the observations in order, and all other numbers with their verdicts.
        """
        page = normalise(text)
        around = furniture(page.text)
        tables = list(self._tables.find(page.text))
        frame = frame_of(normalise(title).text, page.text, place, code, published, kind)
        context = PageContext(
            page.text,
            LineIndex(self._matcher, page.text),
            frame,
            self._places(code, place, frame.year),
            self._matcher,
            self._labeller,
        )
        passage = Passage(context)
        covered = [span for span, _ in tables]
        table_starts = [start for start, _ in covered]

        def in_table(number: Number) -> bool:
            index = bisect_right(table_starts, number.start) - 1
            return index >= 0 and number.start < covered[index][1]

        numbers = [number for number in self._numbers.find(page.text, around) if not in_table(number)]
        quantities = [number for number in numbers if number.verdict == "quantity"]
        others = [number for number in numbers if number.verdict != "quantity"]
        starts = [number.start for number in quantities]
        observations: list[Observation] = []
        for sentence in sentences(page.text, sorted([*around, *_lines(page.text, covered)])):
            low, high = bisect_left(starts, sentence.start), bisect_left(starts, sentence.end)
            observations += passage.read(sentence, quantities[low:high])
        for _, values in tables:
            observations += read_table(context, values, passage.heading_zone, passage.plan_year)
            others += [value.number for value in values if value.number.verdict != "quantity"]
        passage.settle(observations)
        observations.sort(key=lambda item: item.number.start)
        return page, observations, others


def _lines(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines that `spans` cover."""
    for start, end in spans:
        while start < end:
            stop = text.find("\n", start, end)
            stop = end if stop < 0 else stop
            yield start, stop
            start = stop + 1


_READ_COLUMNS = frozenset(["bulletin_key", "text", "place", "place_code", "title", "published_on", "kind"])


def read_pages(pages: pl.DataFrame, catalog: Catalog | None = None) -> Reading:
    """Read every page of a frame in `frames.PAGES`.

    Returns:
        The observations and the ledger of all pages, in the order of the pages and of their text.

    Raises:
        ValueError: `pages` lacks a column that reading needs.
    """
    if absent := _READ_COLUMNS - set(pages.columns):
        raise ValueError(f"pages cannot be read without the column(s) {', '.join(sorted(absent))}; see frames.PAGES")
    catalog = catalog or load_catalog()
    reader = _reader(catalog.version) if catalog is load_catalog() else Reader(catalog)
    observations: dict[str, list[Any]] = {name: [] for name in OBSERVATIONS}
    ledger: dict[str, list[Any]] = {name: [] for name in LEDGER}
    codes: dict[tuple[str, str], str | None] = {}
    for row in pages.iter_rows(named=True):
        page, found, others = reader.read(
            row["text"],
            place=row["place"] or "",
            code=row["place_code"] or "",
            title=row["title"] or "",
            published=row["published_on"],
            kind=row["kind"] or "",
        )
        home = row["place_code"]
        for item in found:
            record = record_of(page, item)
            key = (home, item.place)
            if key not in codes:
                codes[key] = _place_code(catalog, home, row["place"], item.place)
            record |= {
                "bulletin_key": row["bulletin_key"],
                "observation_key": _key(row["bulletin_key"], record["start"], record["end"]),
                "place_code": codes[key],
                "sentence": page.printed[slice(*page.span(*_trim(page.text, *item.sentence)))],
            }
            for name, values in observations.items():
                values.append(record.get(name))
        for verdict, reason, number in _ledger(found, others):
            start, end = page.span(number.start, number.end)
            ledger["bulletin_key"].append(row["bulletin_key"])
            ledger["start"].append(start)
            ledger["end"].append(end)
            ledger["text"].append(page.printed[start:end])
            ledger["verdict"].append(verdict)
            ledger["reason"].append(reason)
    return Reading(
        conform(pl.DataFrame(observations, schema=dict(OBSERVATIONS), strict=False), OBSERVATIONS),
        conform(pl.DataFrame(ledger, schema=dict(LEDGER)), LEDGER),
    )


def record_of(page: Normalised, item: Observation) -> dict[str, Any]:
    """One observation under the field names of `frames.OBSERVATIONS`, but for the keys that a page of its own lacks."""
    start, end = page.span(item.number.start, item.number.end)
    return {
        "start": start,
        "end": end,
        "text": page.printed[start:end],
        "value": item.number.value,
        "value_high": item.number.value_high,
        "unit": item.number.unit,
        "per": item.per,
        "qualifier": item.number.qualifier,
        "measure": item.measure,
        "status": item.status,
        "year": item.year,
        "period": item.period,
        "place": item.place,
        "area": item.area,
        "indicator": item.indicator,
        "label": item.label,
    }


def _ledger(found: Sequence[Observation], others: Sequence[Number]) -> Iterator[tuple[str, str, Number]]:
    rows = [("observation", "", item.number) for item in found]
    rows += [(number.verdict, number.reason, number) for number in others]
    yield from sorted(rows, key=lambda row: row[2].start)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _key(bulletin_key: str, start: int, end: int) -> str:
    return hashlib.sha256(f"{bulletin_key}|{start}|{end}".encode()).hexdigest()[:16]


def _place_code(catalog: Catalog, home_code: str, home: str, name: str) -> str | None:
    if name == home:
        return home_code
    inside = catalog.places.find(name, within=home_code) or catalog.places.find(name)
    return inside.code if inside else None


@functools.cache
def _reader(version: str) -> Reader:
    return Reader(load_catalog())


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(load_catalog().version.encode())
    return digest.hexdigest()[:12]


def __getattr__(name: str) -> str:
    """`READER_VERSION`: names the code and the catalogue that a reading was made with; worked out when first asked for."""
    if name == "READER_VERSION":
        return _reader_version()
    raise AttributeError(name)


_reader_version = functools.cache(_version)

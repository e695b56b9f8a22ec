"""What was read of pages → frames in `frames.OBSERVATIONS` and `frames.LEDGER`.

Here belongs how observations and numbers become columns, under which key, and in what memory: a text of ten megabytes has two
hundred thousand of them. What their values mean was decided before.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from bulletins.frames import conform
from bulletins.observation import Observation
from bulletins.tables.shown import ShownTable
from bulletins.text.normalise import Normalised
from bulletins.text.numbers import Number


class Unprinted(NamedTuple):
    """A number that a file holds and its page does not print: in a hidden row, struck out, a formula without a result.

    Attributes:
        position: where it would stand, in the page's text as it is printed.
        text: the number.
        verdict: `furniture`, or `unread` where a person should look.
        reason: why it is not read.
    """

    position: int
    text: str
    verdict: str
    reason: str


class Block(NamedTuple):
    """What was read of a page, or of a part of one that is longer than any bulletin.

    Attributes:
        page: the text as it was read, with the way back to what is printed.
        observations: the observations, in order.
        others: all other numbers, with their verdicts.
        unprinted: numbers of its tables that are not printed.
        tables: its tables, for those who look at them.
    """

    page: Normalised
    observations: list[Observation]
    others: list[Number]
    unprinted: Sequence[Unprinted] = ()
    tables: Sequence[ShownTable] = ()


class Columns:
    """Rows under way to a frame: laid down as columns of Polars from time to time, which take a tenth of the memory."""

    _LENGTH = 10_000
    # Said of many numbers, and long: each wording is held once.
    _REPEATED = ("bulletin_key", "indicator", "label", "sentence")

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self._schema = schema
        self._frames = [pl.DataFrame(schema=dict(schema))]
        self._columns: dict[str, list[Any]] = {name: [] for name in schema}

    def extend(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows, given column by column."""
        for name, values in columns.items():
            self._columns[name] += values
        if len(self._columns["start"]) > self._LENGTH:
            self._lay_down()

    def frame(self) -> pl.DataFrame:
        """All rows, in the schema."""
        self._lay_down()
        return conform(pl.concat(self._frames), self._schema)

    def _lay_down(self) -> None:
        series = [self._series(name, values) for name, values in self._columns.items()]
        self._frames.append(pl.DataFrame(series))
        self._columns = {name: [] for name in self._schema}

    def _series(self, name: str, values: Sequence[Any]) -> pl.Series:
        if name not in self._REPEATED:
            return pl.Series(name, values, self._schema[name])
        distinct = {value: index for index, value in enumerate(dict.fromkeys(values))}
        return pl.Series(name, list(distinct), self._schema[name]).gather([distinct[value] for value in values])


def observation_columns(
    block: Block, bulletin_key: str, code_of: Callable[[str, int], str | None]
) -> Mapping[str, Sequence[Any]]:
    """The observations of a block in `frames.OBSERVATIONS`; `code_of` gives the code of a place by its full name and year."""
    page, items = block.page, block.observations
    numbers = [item.number for item in items]
    spans = [page.span(number.start, number.end) for number in numbers]
    sentence_of = functools.cache(functools.partial(_printed, page))
    return {
        "observation_key": [_key(bulletin_key, start, end) for start, end in spans],
        "bulletin_key": [bulletin_key] * len(items),
        "start": [start for start, _ in spans],
        "end": [end for _, end in spans],
        "text": [page.printed[start:end] for start, end in spans],
        "value": [number.value for number in numbers],
        "value_high": [number.value_high for number in numbers],
        "unit": [number.unit for number in numbers],
        "per": [item.per for item in items],
        "qualifier": [number.qualifier for number in numbers],
        "measure": [item.measure for item in items],
        "status": [item.status for item in items],
        "year": [item.year for item in items],
        "period": [item.period for item in items],
        "time_period": [item.time_period for item in items],
        "place": [item.place for item in items],
        "place_code": [code_of(item.place, item.year) for item in items],
        "area": [item.area for item in items],
        "indicator": [item.indicator for item in items],
        "label": [item.label for item in items],
        "sentence": [sentence_of(item.sentence) for item in items],
        "certainty": [round(item.certainty, 3) for item in items],
    }


def ledger_columns(block: Block, bulletin_key: str) -> Mapping[str, Sequence[Any]]:
    """All numbers of a block in `frames.LEDGER`, in the order of the text."""
    page = block.page
    numbers = [(item.number, "observation", "") for item in block.observations]
    numbers += [(number, number.verdict, number.reason) for number in block.others]
    rows = [
        (start, end, page.printed[start:end], verdict, reason)
        for number, verdict, reason in numbers
        for start, end in (page.span(number.start, number.end),)
    ]
    rows += [(left.position, left.position, left.text, left.verdict, left.reason) for left in block.unprinted]
    rows.sort(key=lambda row: row[:2])
    columns = ("start", "end", "text", "verdict", "reason")
    return {"bulletin_key": [bulletin_key] * len(rows)} | {
        name: [row[index] for row in rows] for index, name in enumerate(columns)
    }


def _printed(page: Normalised, span: tuple[int, int]) -> str:
    """What is printed in a span of the text, without the blanks around it."""
    stretch = page.text[slice(*span)]
    start, end = span[1] - len(stretch.lstrip()), span[0] + len(stretch.rstrip())
    return page.printed[slice(*page.span(start, end))] if start < end else ""


def _key(bulletin_key: str, start: int, end: int) -> str:
    return hashlib.sha256(f"{bulletin_key}|{start}|{end}".encode()).hexdigest()[:16]

"""The schemas of every frame that passes from one room to another.

Here belong column names, types and what a column holds; nothing here computes. A frame that leaves a room is brought into
its schema by `conform`, so that a missing or misspelt column fails where it was made and not three rooms further on.

The fields of an observation are those of SDMX where SDMX has a concept for them: `place` is REF_AREA,
`time_period` is TIME_PERIOD, `value` is OBS_VALUE, `unit` is UNIT_MEASURE, `status` is OBS_STATUS.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

UTC = pl.Datetime("us", "UTC")

#: One version of one page: the text that is read, and what is known of it beside the text.
PAGES: Mapping[str, pl.DataType] = {
    "bulletin_key": pl.String(),  # 16 hex digits of sha256(url, text_sha256): this page in this wording
    "source_id": pl.String(),  # the bureau in the source list that the page came from
    "url": pl.String(),
    "title": pl.String(),
    "publisher": pl.String(),
    "published_on": pl.Date(),  # null where the page does not say
    "fetched_at": UTC,  # when this version last came into force: a page put back as it was does so twice
    "snapshot_sha256": pl.String(),  # the raw bytes, in the snapshot store
    "text_sha256": pl.String(),  # of `text`: a new view counter in the footer is not a new version
    "kind": pl.String(),  # year_summary, half_year, news, plan, table, other
    "place_code": pl.String(),  # GB/T 2260, six digits: the home place of the source
    "place": pl.String(),  # its full official name
    "text": pl.String(),  # main text; spans count code points in it
    "grids": pl.String(),  # its tables, cell by cell, with offsets into `text`: `bulletins.tables.grid.dumps`; empty or null for none
}

#: One number that a page states about a place and a period.
#: Readings less sure than this are wrong more often than right (`certainty` is calibrated): they are flagged and marked.
LEAST_CERTAINTY = 0.5

OBSERVATIONS: Mapping[str, pl.DataType] = {
    "observation_key": pl.String(),  # 16 hex digits of sha256(bulletin_key, start, end): stable while the page is
    "bulletin_key": pl.String(),
    "start": pl.Int32(),  # span in the page's text, code points
    "end": pl.Int32(),
    "text": pl.String(),  # what is printed in the span
    "value": pl.Float64(),  # in the base unit: 9.76万人 is 97600
    "value_high": pl.Float64(),  # upper end of a printed range, else null
    "unit": pl.String(),  # person, person_time, household, couple, CNY, percent, percentage_point, …
    "per": pl.String(),  # month, year, day or empty: the period that a standard is paid for
    "qualifier": pl.String(),  # exact, approx, ge, le
    "measure": pl.String(),  # level, change
    "status": pl.String(),  # actual, target, previous
    "year": pl.Int32(),
    "period": pl.String(),  # annual, partial, multi_year
    # The same exactly, as SDMX writes it (`text/periods.py`): 2023, 2023-S1, 2023-Q3, 2023-09, 2023-01-01/P9M. The year alone
    # beside partial or multi_year: a part of it, or years up to it, of which the page says no more.
    "time_period": pl.String(),
    "place": pl.String(),  # full official name of whom the figure is about
    "place_code": pl.String(),  # null where the place has no code in the catalogue
    "area": pl.String(),  # all, urban, rural, districts, counties
    "indicator": pl.String(),  # catalogue code, or empty: an open indicator, known by its label
    "label": pl.String(),  # what is counted, in the bulletin's words
    "sentence": pl.String(),  # the sentence that the number was read from
    "certainty": pl.Float64(),  # how often a row as sure as this one was right on bulletins that were not learned from, 0 to 1
}

#: The verdict on every number in a page's text: an observation, or why it is none. A number that the page holds and does not print
#: (a hidden row of a table, a struck figure) has an empty span where it would stand.
LEDGER: Mapping[str, pl.DataType] = {
    "bulletin_key": pl.String(),
    "start": pl.Int32(),
    "end": pl.Int32(),
    "text": pl.String(),
    "verdict": pl.String(),  # observation, date, ordinal, identifier, name, furniture, unread
    "reason": pl.String(),  # why, in one phrase; empty for an observation
}

#: Observations that broke a rule, each with the rule and what was expected.
QUARANTINE: Mapping[str, pl.DataType] = {
    **OBSERVATIONS,
    "rule": pl.String(),
    "detail": pl.String(),
}

#: Valid observations about which a rule warns, each with the rule and what was expected.
FLAGS: Mapping[str, pl.DataType] = {
    "observation_key": pl.String(),
    "rule": pl.String(),
    "detail": pl.String(),
}

#: The grain of the star: at most one published value for each combination.
GRAIN: tuple[str, ...] = (
    "place",
    "year",
    "indicator",
    "label",
    "area",
    "status",
    "measure",
    "period",
    "time_period",
    "unit",
)


class Reading(NamedTuple):
    """What was read from pages: a frame in `OBSERVATIONS` and one in `LEDGER`."""

    observations: pl.DataFrame
    ledger: pl.DataFrame


def conform(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return `frame` with exactly the columns of `schema`, in its order and types.

    Raises:
        ValueError: a column is missing, superfluous, or holds what its type cannot hold.
    """
    missing, surplus = set(schema) - set(frame.columns), set(frame.columns) - set(schema)
    if missing or surplus:
        raise ValueError(f"frame does not fit its schema: missing {sorted(missing)}, not expected {sorted(surplus)}")
    try:
        return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"frame does not fit its schema: {error}") from error


def empty(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a frame without rows in `schema`."""
    return pl.DataFrame(schema=dict(schema))

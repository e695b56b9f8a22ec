"""An observation beside what the catalogue and its page say of it: the frame that rules on observations look at.

Here belong the joins that every suite on observations needs. What must hold is in the modules of the rules.
"""

from __future__ import annotations

import functools
from collections import defaultdict

import polars as pl

from bulletins.catalog import Catalog
from bulletins.resolve import page_times, standardise
from bulletins.text.periods import Period
from expectations.knowledge import load_bounds
from expectations.readback import with_readback

#: Characters of the page's text that a rule sees before and after a number.
CONTEXT = 60
#: Characters of the page's text in which it says of when it is.
_OPENING = 200


def with_evidence(observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add what is known of each observation's print, indicator, place and page; row order is kept.

    Args:
        observations: schema OBSERVATIONS.
        pages: schema PAGES; pages without observations do no harm.

    Returns:
        The observations with these columns added, null where nothing is known:
        of the print, those of `readback.with_readback` and `resolve.standardise`;
        of the indicator, `name_zh`, `kind`, `expected_unit`, `expected_per`, `lower`, `upper`, `allowed_units`, and for its
        kind of place `possible_lower`, `possible_upper`, `usual_lower`, `usual_upper`, `jump`;
        of the period, `from_day` and `to_day`, `span_year` and `span_kind`, null where the notation is none, and `exact`,
        whether the page says which part of the year or which years;
        of the place, `known_names`, the names that its code bore, `level` and `parent`;
        of the page, `page_place`, `page_place_code`, `page_kind`, `title`, `published_on`, `seen_on`, `known_to`, and
        `main_year`, the year of most of its figures; of its text, `on_page` in the span, `before` and `after`, up to
        `CONTEXT` characters beside it, `lead`, the part of `before` in the same sentence, and `place_before`, whether the
        place is named in the text up to the number, `opening`, the first words of the page,
        and of a number in a table `column_head` and `stub`, the name of its row, else empty.
    """
    order = "order"
    return (
        observations.hstack(_printed(observations, pages, catalog))
        .with_row_index(order)
        .pipe(with_readback, catalog)
        .pipe(standardise, catalog)
        .join(_indicators(catalog), on="indicator", how="left")
        .join(_places(catalog), on="place_code", how="left")
        .join(load_bounds(), on=["indicator", "level"], how="left")
        .join(_pages(pages), on="bulletin_key", how="left")
        .join(_main_years(observations), on="bulletin_key", how="left")
        .with_columns(column_head=pl.col("heads").list.first(), stub=pl.col("heads").list.last())
        .drop("heads")
        .pipe(_with_spans)
        .with_columns(lead=pl.col("before").str.replace(r"(?s)^.*[。！？!?；;\n]", ""))
        .sort(order)
        .drop(order)
    )


def allowed_units(catalog: Catalog) -> dict[str, list[str]]:
    """The units of each indicator. An alias may allow further units: 两项补贴 are counted in 人 and in 人次."""
    units = {code: {item.unit} for code, item in catalog.indicators.items()}
    for alias in catalog.aliases:
        units[alias.indicator] |= alias.units
    return {code: sorted(of_indicator) for code, of_indicator in units.items()}


def _with_spans(frame: pl.DataFrame) -> pl.DataFrame:
    notations = frame["time_period"].drop_nulls().unique().to_list()
    spans = [(each, span.start, span.last, span.year, span.kind) for each in notations if (span := _span(each))]
    schema = {
        "time_period": pl.String,
        "from_day": pl.Date,
        "to_day": pl.Date,
        "span_year": pl.Int32,
        "span_kind": pl.String,
    }
    exact = (pl.col("period") == "annual") | (pl.col("time_period") != pl.col("year").cast(pl.String))
    return (
        frame.join(
            pl.DataFrame(spans, schema=schema, orient="row"), on="time_period", how="left", maintain_order="left"
        )
        .with_columns(exact=exact)
        .with_columns(span_kind=pl.when("exact").then("span_kind").otherwise("period"))
    )


@functools.lru_cache(maxsize=4096)
def _span(notation: str) -> Period | None:
    try:
        return Period.parse(notation)
    except ValueError:
        return None


def _indicators(catalog: Catalog) -> pl.DataFrame:
    """One row a catalogued indicator."""
    units = allowed_units(catalog)
    return pl.DataFrame(
        [
            (item.code, item.name_zh, item.kind, item.unit, item.per, item.lower, item.upper, units[item.code])
            for item in catalog.indicators.values()
        ],
        schema={
            "indicator": pl.String,
            "name_zh": pl.String,
            "kind": pl.String,
            "expected_unit": pl.String,
            "expected_per": pl.String,
            "lower": pl.Float64,
            "upper": pl.Float64,
            "allowed_units": pl.List(pl.String),
        },
        orient="row",
    )


def _places(catalog: Catalog) -> pl.DataFrame:
    """One row a code: its level, and every name that it bore, for a bulletin of 2009 speaks of 襄樊市."""
    places = pl.DataFrame(
        [(place.code, place.name, place.level, place.parent) for place in catalog.places.all],
        schema={"place_code": pl.String, "known_names": pl.String, "level": pl.String, "parent": pl.String},
        orient="row",
    )
    return places.group_by("place_code").agg(
        pl.col("known_names").unique(maintain_order=True), pl.col("level", "parent").last()
    )


def _pages(pages: pl.DataFrame) -> pl.DataFrame:
    return pages.select(
        "bulletin_key",
        "title",
        "published_on",
        page_kind="kind",
        page_place="place",
        page_place_code="place_code",
        seen_on=pl.col("fetched_at").dt.date(),
    ).join(page_times(pages).select("bulletin_key", "known_to"), on="bulletin_key")


def _main_years(observations: pl.DataFrame) -> pl.DataFrame:
    levels = observations.filter(pl.col("measure") == "level", pl.col("status") == "actual")
    return levels.group_by("bulletin_key").agg(main_year=pl.col("year").mode().max())


def _printed(observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """The page's text in and beside each span; spans count code points, which Python strings do in constant time."""
    texts = dict(pages.select("bulletin_key", "text").iter_rows())
    names: dict[str | None, set[str]] = defaultdict(set)
    for place in catalog.places.all:
        names[place.code] |= {place.name, *place.short_names}
    spans = [
        (
            text[start:end],
            text[max(start - CONTEXT, 0) : start],
            text[end : end + CONTEXT],
            any(name in text[:end] for name in names.get(code, (place,))),
            _heads(text, start),
            text[:_OPENING],
        )
        if (text := texts.get(key)) is not None
        else (None, None, None, None, None, None)
        for key, start, end, place, code in observations.select(
            "bulletin_key", "start", "end", "place", "place_code"
        ).iter_rows()
    ]
    schema = {
        "on_page": pl.String(),
        "before": pl.String(),
        "after": pl.String(),
        "place_before": pl.Boolean(),
        "heads": pl.List(pl.String()),
        "opening": pl.String(),
    }
    return pl.DataFrame(spans, schema=schema, orient="row")


def _heads(text: str, start: int) -> list[str]:
    """The head of its column and the name of its row, of a number in a table drawn with bars or tabs; both empty elsewhere."""
    begin = text.rfind("\n", 0, start) + 1
    mark = "|" if "|" in text[begin:start] else "\t"
    column = text.count(mark, begin, start)
    if column < 1:
        return ["", ""]
    row = _line(text, begin).split(mark)
    head = _head_line(text, begin, mark).split(mark)
    inner = 1 if row[0].strip() == "" else 0
    return [head[column].strip() if column < len(head) else "", row[inner].strip()]


_LONGEST_TABLE = 400  # rows: how far up the head of a table is looked for


def _head_line(text: str, begin: int, mark: str) -> str:
    """The uppermost line of the table whose row begins there."""
    for _ in range(_LONGEST_TABLE):
        above = text.rfind("\n", 0, max(begin - 1, 0)) + 1
        if begin == 0 or mark not in text[above : begin - 1]:
            break
        begin = above
    return _line(text, begin)


def _line(text: str, begin: int) -> str:
    end = text.find("\n", begin)
    return text[begin : end if end >= 0 else len(text)]

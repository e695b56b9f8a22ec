"""The dimensions of the star, as frames.

Here belong the dimensions and the keys that facts and observations refer to them by; pure functions from frames to frames.
What a row of the large tables holds is in `offered.sql`, how all are written in `build`, what each column means in `schema/*.sql`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bulletins.catalog import Catalog
from bulletins.choice import RULES
from bulletins.frames import PAGES, conform
from bulletins.places import Place, Places
from bulletins.resolve import load_variants, page_times
from warehouse.periods import dim_period

SCHEMA_FOLDER = Path(__file__).parent / "schema"

#: A page version as the star knows it: without its text and tables, of which there may be gigabytes.
BULLETINS: Mapping[str, pl.DataType] = {
    name: dtype for name, dtype in PAGES.items() if name not in ("text", "grids")
} | {
    "characters": pl.Int32()  # of the text
}
#: What tells one place apart from another: codes are given anew after years, and some places have none.
_PLACE = ("place_code", "place", "year")


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The small tables of the star.

    Attributes:
        keys: `place_code, place, year` -> `city_key`, the division of that year.
        tables: by name, each sorted by its key.
    """

    keys: pl.DataFrame
    tables: dict[str, pl.DataFrame]


def bulletins(pages: pl.LazyFrame) -> pl.LazyFrame:
    """Return pages in schema PAGES in schema BULLETINS."""
    return pages.with_columns(characters=pl.col("text").str.len_chars().cast(pl.Int32)).select(list(BULLETINS))


def dimensions(
    pages: pl.DataFrame, spoken_of: pl.DataFrame, periods: pl.DataFrame, opened: pl.DataFrame, catalog: Catalog
) -> Dimensions:
    """Return the tables that name what the facts are about.

    Args:
        pages: schema BULLETINS, every version of every page.
        spoken_of: `place_code, place, year` of all observations, each once.
        periods: `time_period, period, year` of all facts, each once.
        opened: `indicator_key, label, unit, standard_per` of all open indicators, each once.
        catalog: indicators and places.
    """
    pages = conform(pages, BULLETINS)
    places = _places(spoken_of, pages, catalog.places)
    keys = places.select(*_PLACE, "city_key")
    return Dimensions(
        keys,
        {
            "code_list": pl.read_csv(SCHEMA_FOLDER / "code_list.csv", infer_schema=False).fill_null(""),
            "resolution_rule": pl.DataFrame(
                [(order, rule.code, rule.text_zh, rule.text_en) for order, rule in enumerate(RULES, start=1)],
                schema=["rule_order", "rule", "text_zh", "text_en"],
                orient="row",
            ),
            "dim_city": _dim_city(places, catalog.places),
            "dim_year": _dim_year(spoken_of["year"]),
            "dim_period": dim_period(periods),
            "dim_indicator": _dim_indicator(opened, catalog),
            "dim_bulletin": _plain(_dim_bulletin(pages, keys)),
        },
    )


def _places(spoken_of: pl.DataFrame, pages: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Every place and year that is spoken of, with the division of that year: `place_code, place, year, city_key`."""
    homes = pages.select("place_code", "place", year=pl.col("published_on").dt.year().cast(pl.Int32))
    spoken_of = pl.concat([spoken_of.select(_PLACE), homes]).unique().sort(_PLACE)
    spoken_of = spoken_of.filter(pl.col("place_code").is_not_null() | (pl.col("place") != ""))
    found = [places.get(code, year) if code else None for code, year in spoken_of.select("place_code", "year").rows()]
    keys = [_key(place) if place else name for place, name in zip(found, spoken_of["place"], strict=True)]
    return spoken_of.with_columns(
        city_key=pl.Series(keys, dtype=pl.String), known=pl.Series([bool(place) for place in found], dtype=pl.Boolean)
    )


def _key(place: Place) -> str:
    return f"{place.code}-{place.valid_from}"


def _dim_city(spoken_of: pl.DataFrame, places: Places) -> pl.DataFrame:
    rows = []
    for place in places.all:
        province, today = places.province(place), places.today(place)
        prefecture = next((each for each in (place, *places.above(place)) if each.level == "prefecture"), None)
        rows.append(
            {
                "city_key": _key(place),
                "city_code": place.code,
                "name": place.name,
                "short_name": place.short_name,
                "level": place.level,
                "parent_code": place.parent or None,
                "parent_name": parent.name if (parent := places.parent(place)) else None,
                "full_name": places.path_name(place),
                "prefecture_code": prefecture.code if prefecture else None,
                "prefecture": prefecture.name if prefecture else None,
                "province_code": province.code if province else None,
                "province": province.name if province else None,
                "valid_from": place.valid_from,
                "valid_to": place.valid_to,
                "successor_code": place.successor or None,
                "today_code": today.code if today else None,
                "today_name": today.name if today else None,
                "divided_among": ";".join(place.parts) or None,
            }
        )
    types = {"city_key": pl.String, "valid_from": pl.Int32, "valid_to": pl.Int32}
    unknown = spoken_of.filter(~pl.col("known")).unique("city_key").select(
        "city_key", city_code="place_code", name="place", short_name="place", full_name="place", level=pl.lit("other"),
        today_code="place_code", today_name="place",
    )  # fmt: skip
    return pl.concat([pl.DataFrame(rows, schema_overrides=types), unknown], how="diagonal_relaxed").sort("city_key")


def plan_period(year: int) -> str:
    """The five-year plan that a year belongs to: 2023 is in 十四五; empty before the first."""
    if year < 1953:
        return ""
    if year < 1966:
        return "一五" if year < 1958 else "二五" if year < 1963 else "调整时期"
    tens, ones = divmod(3 + (year - 1966) // 5, 10)
    digits = "零一二三四五六七八九"
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "") + "五"


def _dim_year(spoken_of: pl.Series) -> pl.DataFrame:
    known = spoken_of.drop_nulls().unique().sort().to_list()
    years = range(known[0], known[-1] + 1) if known else []
    return pl.DataFrame(
        {"year_key": years, "year": years, "plan_period": [plan_period(year) for year in years]},
        schema={"year_key": pl.Int32, "year": pl.Int32, "plan_period": pl.String},
    )


def _dim_indicator(opened: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    kinds: list[tuple[str, str, str, str]] = [(code, "", "", "") for code in catalog.indicators]
    kinds += [(each.indicator, each.variant, each.name_zh, each.name_en) for each in load_variants()]
    rows = [
        {
            "indicator_key": f"{code}:{variant}" if variant else code,
            "code": code,
            "variant": variant,
            "name_zh": f"{item.name_zh}（{zh}）" if variant else item.name_zh,
            "name_en": f"{item.name_en} ({en})" if variant else item.name_en,
            "domain": item.domain,
            "unit": item.unit,
            "per": item.per,
            "kind": item.kind,
            "additive": item.additive,
            "wanted": item.wanted,
            "catalogued": True,
            "definition": item.definition,
            "official_code": item.official_code or None,
        }
        for code, variant, zh, en in kinds
        if (item := catalog.indicators.get(code))
    ]
    open_rows = opened.select(
        "indicator_key", "unit", variant=pl.lit(""), name_zh="label", domain=pl.lit("open"), per="standard_per",
        kind=pl.lit("open"), additive=pl.lit("none"), wanted=pl.lit("more"), catalogued=pl.lit(False), definition=pl.lit(""),
    )  # fmt: skip
    return pl.concat([pl.DataFrame(rows), open_rows], how="diagonal_relaxed").sort("indicator_key")


def _dim_bulletin(pages: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    return (
        pages.with_columns(year=pl.col("published_on").dt.year().cast(pl.Int32))
        .join(keys, on=_PLACE, how="left", nulls_equal=True)
        .join(page_times(pages).select("bulletin_key", superseded_at="known_to"), on="bulletin_key")
        .sort("place_code", "published_on", "bulletin_key")  # as a person would file them
        .drop("year", "place", "place_code")
    )


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Timestamps in UTC without a zone: BI tools and older clients read no zoned ones."""
    zoned = [name for name, dtype in table.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone]
    return table.with_columns(pl.col(zoned).dt.convert_time_zone("UTC").dt.replace_time_zone(None))

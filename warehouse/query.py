"""What one asks a published warehouse on the command line.

Here belongs the read side: short-lived, read-only questions that return frames. How the answers are printed is in
`pipelines`; what BI tools read are the views in `views/*.sql`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bulletins.asking import indicators_meant, indicators_near
from bulletins.catalog import load_catalog
from warehouse import connections
from warehouse.changes import Published, compare
from warehouse.connections import WarehouseError

_PLACES = """
    SELECT city_key, city_code, full_name, name = $place OR full_name = $place OR city_code = $place AS in_full,
           coalesce(today_code, city_code, city_key) AS today
    FROM dim_city SEMI JOIN fact_observation USING (city_key)
    WHERE $place IN (name, short_name, full_name, city_code) ORDER BY city_code
"""
_INDICATORS_LISTED = """
    SELECT indicator.indicator_key AS indicator_code, indicator.name_zh, indicator.name_en, indicator.unit, indicator.per,
           indicator.domain, count(value.cell_key) AS facts, count(DISTINCT value.city_key) AS places,
           min(value.year_key) AS first_year, max(value.year_key) AS last_year
    FROM dim_indicator AS indicator LEFT JOIN fact_indicator AS value USING (indicator_key)
    WHERE indicator.catalogued OR $with_open
    GROUP BY ALL ORDER BY facts DESC, indicator_code
"""
_INDICATORS = "SELECT indicator_key FROM dim_indicator WHERE $indicator IN (indicator_key, code, name_zh, name_en)"
_EXPLAIN = """
    SELECT
        observation.cell_key, observation.year, observation.area, observation.status, observation.measure,
        observation.period, {time_period} AS time_period, indicator.name_zh AS indicator_zh, observation.standard_value, observation.unit,
        observation.standard_per, observation.printed, observation.outcome, rule.text_zh AS rule_zh,
        rule.text_en AS rule_en, rival.cell_key IS NOT NULL AS conflict, broken.rules AS rules_broken,
        observation.sentence, bulletin.title, bulletin.publisher, bulletin.published_on, bulletin.url,
        observation.known_from, observation.known_to, observation.observation_key, observation.certainty,
        city.full_name AS city
    FROM fact_observation AS observation
    JOIN dim_bulletin AS bulletin USING (bulletin_key)
    JOIN dim_city AS city ON city.city_key = observation.city_key
    JOIN dim_indicator AS indicator USING (indicator_key)
    LEFT JOIN resolution_rule AS rule ON rule.rule = observation.outcome
    LEFT JOIN conflict AS rival ON rival.rival_observation_key = observation.observation_key
    LEFT JOIN (
        SELECT observation_key, string_agg(rule || ': ' || detail, '; ' ORDER BY rule) AS rules
        FROM quarantine GROUP BY observation_key
    ) AS broken ON broken.observation_key = observation.observation_key
    WHERE observation.city_key IN (SELECT unnest($places)) AND indicator_key IN (SELECT unnest($indicators))
      AND ($year IS NULL OR observation.year = $year) AND ($area IS NULL OR observation.area = $area)
    ORDER BY observation.year, observation.cell_key NULLS LAST, observation.outcome <> 'published',
        observation.preference, observation.observation_key
"""
_NEWEST = """
    SELECT city_full AS city, year, indicator_code, indicator_zh, area, value, unit, per, status, printed, sentence, title, url
    FROM indicator_values WHERE catalogued AND status = 'actual' AND measure = 'level' AND period = 'annual'
    QUALIFY row_number() OVER (PARTITION BY city_key ORDER BY year DESC, published_on DESC, indicator_code, cell_key) = 1
    ORDER BY published_on DESC NULLS LAST, city LIMIT $most
"""
_NAMES = """
    SELECT cell_key, city_full AS city, year, indicator_code, indicator_zh, area, status, measure, period, {time_period} AS time_period,
           unit, catalogued, url
    FROM indicator_values
"""
_CONFLICTS = """
    SELECT * FROM conflict_details WHERE catalogued OR $with_open
    ORDER BY catalogued DESC, abs(relative_difference) DESC NULLS LAST, cell_key, rival_printed
"""
_STATUS = """
    WITH published AS (
        SELECT city_key, count(*) AS facts, count(*) FILTER (catalogued) AS facts_catalogued,
               count(DISTINCT indicator_code) AS indicators, min(year) AS first_year, max(year) AS last_year,
               count(*) FILTER (conflict) AS in_conflict, max(published_on) AS newest_publication
        FROM indicator_values GROUP BY city_key
    ), read AS (
        SELECT observation.city_key, count(DISTINCT coalesce(nullif(bulletin.url, ''), bulletin_key)) AS bulletins, count(*) AS observations,
               count(*) FILTER (NOT valid) AS quarantined, max(known_from) AS newest_page
        FROM fact_observation AS observation JOIN dim_bulletin AS bulletin USING (bulletin_key)
        WHERE observation.city_key IS NOT NULL GROUP BY observation.city_key
    )
    SELECT city.full_name AS city, city.prefecture, city.province, city.city_code, read.bulletins, read.observations, read.quarantined,
           coalesce(facts, 0) AS facts, coalesce(facts_catalogued, 0) AS facts_catalogued,
           coalesce(indicators, 0) AS indicators, first_year, last_year, coalesce(in_conflict, 0) AS in_conflict,
           newest_publication, newest_page
    FROM read JOIN dim_city AS city USING (city_key) LEFT JOIN published USING (city_key)
    ORDER BY city.city_code NULLS LAST, city.name
"""


def explain(path: Path, place: str, indicator: str, year: int | None = None, area: str | None = None) -> pl.DataFrame:
    """Return every observation behind the values of a place and an indicator, in each cell the published one first.

    Args:
        path: the warehouse file.
        place: full name, short name, name with that of the city before it, or code: 成都市, 成都, 南京市鼓楼区, 510100.
        indicator: code (with all its variants), code:variant, name, words of bulletins, or an open indicator's label.
        year: None for all years.
        area: all, urban, rural, districts or counties; None for every one.

    Returns:
        One row an observation. `outcome` is published, quarantined, no_cell, or the rule that preferred another one, told
        in `rule_zh` and `rule_en`; `conflict` marks those that disagree with the published one beyond rounding;
        `rules_broken` says why one was quarantined. Empty where nothing was read.

    Raises:
        WarehouseError: the place or the indicator is not in the warehouse or may be several, or there is no file.
    """
    with connections.read(path) as connection:
        places, indicators = _places(connection, place), _indicators(connection, indicator)
        query = _EXPLAIN.format(time_period=connections.time_period(connection, "observation"))
        return _frame(connection, query, places=places, indicators=indicators, year=year, area=area)


def _places(connection: duckdb.DuckDBPyConnection, place: str) -> list[str]:
    """The keys of the one place that is meant, under all names that it bore."""
    found = _frame(connection, _PLACES, place=place)
    in_full = found.filter("in_full")
    found = in_full if in_full.height else found
    if found.is_empty():
        raise WarehouseError(f"the warehouse has nothing on «{place}»; `minzheng places` lists its places")
    if found["today"].n_unique() > 1:
        rows = found.select("full_name", "city_code").unique(maintain_order=True).rows()
        several = ", ".join(f"{name} ({code})" for name, code in rows)
        raise WarehouseError(f"«{place}» is several places: {several}; write one of them, or its code")
    return found["city_key"].to_list()


def _indicators(connection: duckdb.DuckDBPyConnection, words: str) -> list[str]:
    """The keys of the one indicator that is meant, by its code, its name, or words of bulletins."""
    if found := _column(connection, _INDICATORS, indicator=words):
        return found
    catalog = load_catalog()
    meant = indicators_meant(words, catalog)
    if len(meant) == 1:
        return _column(connection, _INDICATORS, indicator=meant[0])
    codes = meant or indicators_near(words, catalog)
    told = ", ".join(f"{code} ({catalog.indicators[code].name_zh})" for code in codes[:_OFFERED])
    if meant:
        raise WarehouseError(f"«{words}» may be several indicators: {told}; write the code of one")
    raise WarehouseError(
        f"no indicator «{words}» in the warehouse; the nearest are {told}; `minzheng indicators` lists all"
    )


#: Indicators that are offered where words fit several.
_OFFERED = 8


def indicators(path: Path, with_open: bool = False) -> pl.DataFrame:
    """Return every catalogued indicator with its names, unit, and how many values, places and years it has."""
    with connections.read(path) as connection:
        return _frame(connection, _INDICATORS_LISTED, with_open=with_open)


def conflicts(path: Path, with_open: bool = False) -> pl.DataFrame:
    """Return the conflicts with both sides, catalogued and largest first; open indicators' only `with_open`."""
    with connections.read(path) as connection:
        return _frame(connection, _CONFLICTS, with_open=with_open)


def summary(path: Path) -> dict[str, Any]:
    """Return the row of table `release` on this file: id, times, versions, and the count of every stage."""
    with connections.read(path) as connection:
        return _frame(connection, f"SELECT * FROM {connections.NEWEST_RELEASE}").row(0, named=True)


def held_back(path: Path) -> tuple[int, int]:
    """Return how many observations of the page versions in force are quarantined, and how many there are."""
    with connections.read(path) as connection:
        counts = "count(*) FILTER (NOT valid), count(*)"
        held, all_of_them = _frame(connection, f"SELECT {counts} FROM fact_observation WHERE known_to IS NULL").row(0)
        return held, all_of_them


def status(path: Path) -> pl.DataFrame:
    """Return one row a place: what was read, what is published, of which years, and how new it is."""
    with connections.read(path) as connection:
        return _frame(connection, _STATUS)


def newest(path: Path, most: int) -> pl.DataFrame:
    """Return one published value a place with its sentence and page, the newest first, of `most` places."""
    with connections.read(path) as connection:
        return _frame(connection, _NEWEST, most=most)


def diff(before: Path, after: Path) -> pl.DataFrame:
    """Return what the release `after` changes against `before`, a row a cell, with the names that a person reads.

    Schema CHANGES, and `city, year, indicator_code, indicator_zh, area, status, measure, period, time_period, unit, catalogued,
    url`; of a removed cell the address is that of the release before.
    """
    released: list[Published] = []
    names: list[pl.DataFrame] = []
    for path in (before, after):
        with connections.read(path) as connection:
            released.append(Published.of_file(connection))
            time_period = connections.time_period(connection, "indicator_values")
            names.append(_frame(connection, _NAMES.format(time_period=time_period)))
    # Of cells that are in both, the newer release's words.
    named = pl.concat(names[::-1]).unique("cell_key", keep="first", maintain_order=True)
    changes = compare(released[0], released[1])
    return changes.join(named, on="cell_key", how="left").sort("change", "city", "year", "cell_key")


def table(path: Path, name: str, columns: Sequence[str] = ()) -> pl.DataFrame:
    """Return a table or view, all of it or some columns.

    Raises:
        WarehouseError: there is none of that name.
    """
    with connections.read(path) as connection:
        known = _column(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'")
        if name not in known:
            raise WarehouseError(f"no table or view «{name}» in {path}; there are {', '.join(sorted(known))}")
        return _frame(connection, f'SELECT {", ".join(columns) or "*"} FROM "{name}"')


def _frame(connection: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> pl.DataFrame:
    frame: pl.DataFrame = connection.sql(query, params=parameters or None).pl()
    return frame


def _column(connection: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> list[str]:
    return _frame(connection, query, **parameters).to_series().to_list()

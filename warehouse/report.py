"""One page that shows the release without a BI tool: self-contained, offline, every point with its sentence and source.

Annual values of all places are packed into it, and unpacked when they are asked for. Here belong what the page shows and the charts' specifications; its frame, style and behaviour are in `report_page/`. The
scripts of Vega are written into the page, so that it opens from a disk, by mail, and in ten years.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import importlib.metadata
import json
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from string import Template
from typing import Any

import duckdb
import polars as pl

from bulletins.frames import LEAST_CERTAINTY
from warehouse import connections

_PAGE_FOLDER = Path(__file__).parent / "report_page"
#: How many values the page carries with their sentences; of the places with fewest values it says that they are left out.
VALUES_SHOWN = 20_000
#: How many rows a table shows before it names the view that has them all.
ROWS_SHOWN = 200

_PLACES = """
    SELECT city_code, any_value(city_full) AS city, count(*) AS facts, max(published_on) AS newest
    FROM indicator_values WHERE catalogued AND status = 'actual' AND city_code IS NOT NULL
    GROUP BY city_code ORDER BY facts DESC, city_code
"""
_VALUES = """
    SELECT city_full AS city, year, indicator_key, indicator_zh, indicator_en, area_zh, replace(area, 'all', 'whole place') AS area_en,
           period, time_period, time_period_zh, time_period_en, measure, value, value_high, unit, unit_zh, per, qualifier, conflict,
           round(certainty, 2) AS certainty, printed, sentence, url, title, publisher, published_on
    FROM indicator_values
    WHERE catalogued AND status = 'actual' AND city_code IN (SELECT unnest($places))
    ORDER BY city_code, year, indicator_key, area, period, time_period, measure, unit
"""
_ANNUAL = """
    SELECT city_full AS city, year, indicator_code, value, value_of, value_urban, value_rural, rounded, conflict,
           round(certainty, 2) AS certainty
    FROM annual_values WHERE city_code IS NOT NULL AND coalesce(value, value_urban, value_rural) IS NOT NULL
    ORDER BY indicator_code, city_code, year, city_key
"""
_INDICATORS = """
    SELECT indicator_code, any_value(indicator_zh) AS zh, any_value(indicator_en) AS en, any_value(unit_zh) AS unit_zh,
           any_value(unit) AS unit, any_value(per) AS per, count(value) AS points, count(DISTINCT city_key) AS cities,
           count(DISTINCT year) AS years
    FROM annual_values WHERE city_code IS NOT NULL GROUP BY indicator_code
    ORDER BY points * (years > 1)::INT DESC, points DESC, indicator_code
"""
_EVERYBODY = """
    SELECT any_value(city.full_name) AS city, any_value(city.province) AS province, any_value(city.level) AS level
    FROM dim_city AS city SEMI JOIN fact_indicator USING (city_key)
    WHERE city.city_code IS NOT NULL GROUP BY city.city_code ORDER BY city.city_code
"""
_COVERAGE = """
    SELECT city_full AS city, year, count(DISTINCT indicator_key) AS indicators, count(*) FILTER (conflict) AS disputed
    FROM indicator_values WHERE catalogued AND status = 'actual' AND city_code IN (SELECT unnest($places))
    GROUP BY city_code, city_full, year ORDER BY city_code, year
"""
_TARGETS = """
    SELECT city_full AS city, year, indicator_zh, indicator_en, area, area_zh, area AS area_en, unit, unit_zh, per, promise, promised, achieved,
           difference, achieved_share, met, target_sentence, target_url, target_title, result_sentence, result_url, result_title
    FROM targets_and_results WHERE catalogued AND measure = 'level'
    ORDER BY achieved IS NULL, year DESC, city, indicator_zh, area, target_cell_key
"""
_CONFLICTS = """
    SELECT city_full AS city, year, indicator_zh, indicator_en, area, value, unit, per, printed, sentence, url, title, rival_value,
           rival_printed, rival_sentence, rival_url, rival_title, relative_difference, rule_zh, rule_en
    FROM conflict_details WHERE catalogued
    ORDER BY abs(relative_difference) DESC NULLS LAST, cell_key, rival_url, rival_sentence
"""
_QUARANTINE = """
    SELECT place, year, indicator, label, printed, value, unit, rule, detail, sentence, url, title
    FROM quarantine JOIN dim_bulletin USING (bulletin_key) ORDER BY rule, place, year, observation_key
"""
_FRESHNESS = """
    SELECT city.full_name AS city, max(bulletin.published_on) AS newest_publication, max(bulletin.fetched_at) AS newest_page,
           count(*) AS bulletins, arg_max(bulletin.url, bulletin.published_on) AS url,
           arg_max(bulletin.title, bulletin.published_on) AS title
    FROM dim_bulletin AS bulletin JOIN dim_city AS city USING (city_key)
    WHERE bulletin.superseded_at IS NULL
    GROUP BY city.full_name ORDER BY newest_publication NULLS FIRST, city
"""


def write_report(warehouse: Path, path: Path) -> Path:
    """Write the page on the release in `warehouse` to `path`.

    Raises:
        WarehouseError: the warehouse cannot be read.
    """
    page = report(warehouse)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(page, "utf-8")
    part.replace(path)
    return path


def report(warehouse: Path) -> str:
    """Return the page as HTML."""
    with connections.read(warehouse) as connection:
        content, packed = _content(connection)
    told_of = [cell["year"] for cell in content["coverage"]] or [0]
    charts = {
        "coverage": _coverage_chart(list(range(min(told_of), max(told_of) + 1))),
        "compare": _compare_chart(),
        "targets": _targets_chart(),
    }
    template = Template((_PAGE_FOLDER / "page.html").read_text("utf-8"))
    return template.substitute(
        title=html.escape(f"民政公报指标 {content['release']['data_as_of'] or ''}".strip()),
        style=(_PAGE_FOLDER / "style.css").read_text("utf-8"),
        content=_script_safe(content),
        charts=_script_safe(charts),
        annual=_packed(packed["annual"]),
        values=_packed(packed["values"]),
        vega=_vega(warehouse.parent).replace("</script", "<\\/script"),
        behaviour="\n".join((_PAGE_FOLDER / name).read_text("utf-8") for name in ("page.js", "compare.js")),
    )


def _vega(folder: Path) -> str:
    """The scripts of Vega as one, kept in `folder` if it can be written: to bundle them takes a second and a half."""
    import vl_convert

    kept = folder / f".vega-{importlib.metadata.version('vl-convert-python')}.js"
    if kept.exists():
        digest, _, scripts = kept.read_text("utf-8", errors="replace").partition("\n")
        if digest == _digest(scripts):
            return scripts
    scripts = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    with contextlib.suppress(OSError):
        part = kept.with_name(kept.name + ".part")
        part.write_text(f"{_digest(scripts)}\n{scripts}", "utf-8", newline="")
        part.replace(kept)
        for old in set(folder.glob(".vega-*")) - {kept}:
            old.unlink()
    return scripts


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _content(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What the page shows at once, as plain values, and by name what it unpacks when it is asked for."""
    places = _frame(connection, _PLACES)
    shown = places.filter((pl.col("facts").cum_sum() <= VALUES_SHOWN) | (pl.int_range(pl.len()) == 0))
    codes = shown["city_code"].to_list()
    release = _frame(connection, "SELECT * FROM latest_release").row(0, named=True)
    release.pop("age_days")  # the page counts it when it is read
    tables = {
        "targets": _frame(connection, _TARGETS),
        "conflicts": _frame(connection, _CONFLICTS),
        "quarantine": _frame(connection, _QUARANTINE),
        "freshness": _frame(connection, _FRESHNESS),
    }
    rules = tables["quarantine"].group_by("rule").len("observations")
    content = {
        "release": {name: _plain(value) for name, value in release.items()},
        "least_certainty": LEAST_CERTAINTY,
        "places_left_out": places.height - shown.height,
        "coverage": _rows(_frame(connection, _COVERAGE, places=codes)),
        "indicators": _rows(_frame(connection, _INDICATORS)),
        "everybody": _rows(_frame(connection, _EVERYBODY)),
        "rules": _rows(rules.sort("observations", "rule", descending=True)),
        "totals": {name: table.height for name, table in tables.items()},
        **{name: _rows(table.head(ROWS_SHOWN)) for name, table in tables.items()},
    }
    packed = {
        "annual": _columns(_frame(connection, _ANNUAL)),
        "values": _columns(_frame(connection, _VALUES, places=codes)),
    }
    return content, packed


def _packed(columns: Mapping[str, Any]) -> str:
    """Columns as deflated JSON in Base64, which every browser of today unpacks by itself."""
    raw = json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _frame(connection: duckdb.DuckDBPyConnection, query: str, **parameters: object) -> pl.DataFrame:
    frame: pl.DataFrame = connection.sql(query, params=parameters or None).pl()
    return frame


def _columns(frame: pl.DataFrame) -> dict[str, Any]:
    """A frame by columns; texts that come again and again are written once: `{words: […], at: […]}`."""
    written: dict[str, Any] = {}
    for column in frame:
        cells = [_plain(value) for value in column.to_list()]
        if column.dtype == pl.String:
            words = list(dict.fromkeys(cells))
            places = {word: place for place, word in enumerate(words)}
            written[column.name] = {"words": words, "at": [places[cell] for cell in cells]}
        else:
            written[column.name] = cells
    return written


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _plain(value: Any) -> Any:
    """A cell as JSON holds it; times to the minute."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value


def _script_safe(content: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element that it stands in."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _coverage_chart(years: list[int]) -> dict[str, Any]:
    """Place × year, coloured by how many catalogued indicators have a value."""
    import altair as alt

    base = alt.Chart(alt.NamedData("coverage")).encode(
        x=alt.X(
            "year:O",
            title=None,
            scale=alt.Scale(domain=years),
            axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=True),
        ),
        y=alt.Y("city:N", title=None, sort=None),
    )
    cells = base.mark_rect(cursor="pointer", stroke="white", strokeWidth=1).encode(
        color=alt.Color("indicators:Q", legend=None, scale=alt.Scale(scheme="teals", domainMin=0)),
        tooltip=[
            alt.Tooltip("city:N", title="地区 | place"),
            alt.Tooltip("year:O", title="年份 | year"),
            alt.Tooltip("indicators:Q", title="有值的目录指标 | catalogued indicators"),
            alt.Tooltip("disputed:Q", title="其中有分歧 | of them disputed"),
        ],
    )
    numbers = base.mark_text(fontSize=10, cursor="pointer").encode(
        text="indicators:Q",
        color=alt.condition("datum.indicators > 30", alt.value("white"), alt.value("#234")),
    )
    return _specification(alt.layer(cells, numbers).properties(width="container", height=alt.Step(20)))


def _compare_chart() -> dict[str, Any]:
    """One indicator by year, a named line a place; whether the axis begins at zero is the reader's choice."""
    import altair as alt

    base = alt.Chart(alt.NamedData("compare")).encode(
        x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False, nice=False, padding=16), axis=_YEARS),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=_IN_WAN)),
        color=alt.Color("city:N", title=None, legend=None, sort=None, scale=alt.Scale(scheme="tableau20")),
    )
    lines = base.mark_line(strokeWidth=2)
    points = base.mark_point(filled=True, size=70, cursor="pointer", opacity=1).encode(
        shape=alt.Shape("conflict:N", legend=None, scale=alt.Scale(domain=[False, True], range=["circle", "diamond"])),
        tooltip=[
            alt.Tooltip("city:N", title="地区 | place"),
            alt.Tooltip("year:O", title="年份 | year"),
            alt.Tooltip("value:Q", title="值 | value", format=",.12~g"),
            alt.Tooltip("told:N", title="所取 | note"),
        ],
    )
    names = (
        base.transform_filter("datum.last").mark_text(align="left", dx=7, fontSize=12, limit=130).encode(text="city:N")
    )
    return _specification(alt.layer(lines, points, names).properties(width="container", height=340))


def _targets_chart() -> dict[str, Any]:
    """Achieved as a share of promised, a row a target with a result."""
    import altair as alt

    base = alt.Chart(alt.NamedData("targets")).encode(
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=230))
    )
    bars = base.mark_bar(height=9, cursor="pointer").encode(
        x=alt.X("achieved_share:Q", title="实际 ÷ 目标 | result ÷ target", axis=alt.Axis(format="%", orient="top")),
        color=alt.condition("datum.met", alt.value("#2a7f7f"), alt.value("#c2703d")),
        tooltip=[
            alt.Tooltip("city:N", title="地区 | place"),
            alt.Tooltip("year:O", title="年份 | year"),
            alt.Tooltip("name:N", title="指标 | indicator"),
            alt.Tooltip("promised:Q", title="目标 | target", format=",.12~g"),
            alt.Tooltip("achieved:Q", title="实际 | result", format=",.12~g"),
        ],
    )
    promised = alt.Chart(alt.NamedData("targets")).mark_rule(color="#555", strokeDash=[3, 3]).encode(x=alt.datum(1))
    return _specification(alt.layer(bars, promised).properties(width="container", height=alt.Step(24)))


#: Years on a numeric scale, so that a gap of years is a gap.
_YEARS: Any = {"format": "d", "grid": False, "tickMinStep": 1, "labelOverlap": True}
#: Axis labels in 万 and 亿.
_IN_WAN = (
    "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',~r') + '亿'"
    " : abs(datum.value) >= 1e4 ? format(datum.value / 1e4, ',~r') + '万' : format(datum.value, ',~r')"
)


def _specification(chart: Any) -> dict[str, Any]:
    specification: dict[str, Any] = chart.configure(font="inherit").configure_view(stroke=None).to_dict()
    specification["autosize"] = {"type": "fit-x", "contains": "padding"}
    return specification

"""`minzheng explain`: where a published value comes from, down to the sentence and its page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from assets.home import Home
from bulletins.frames import LEAST_CERTAINTY
from pipelines.inert import echo
from pipelines.options import home_option

#: Digits of a key that are printed; commands take the beginning of a key.
KEY = 8
#: What the observations of one cell share.
HEAD = ("city", "indicator_zh", "year", "area", "status", "measure", "period", "time_period")


@click.command()
@click.argument("place")
@click.argument("indicator")
@click.argument("year", type=int, required=False)
@home_option
def explain(place: str, indicator: str, year: int | None, home: Path | None) -> None:
    """Show every observation behind the values of PLACE and INDICATOR in YEAR, the published one first.

    PLACE is a name or a code (成都市, 南京市鼓楼区, 510100), INDICATOR a code, a name or words of bulletins (dibao_standard,
    最低生活保障标准, 低保标准); without YEAR all years are shown. Each observation begins with the key that `quarantine` takes.
    """
    from warehouse import query  # DuckDB

    found = query.explain(Home.of(home).warehouse, place, indicator, year)
    if found.is_empty():
        when = f" for {year}" if year else ""
        raise ValueError(f"nothing was read on «{indicator}» of {place}{when}; `minzheng explain {place} {indicator}`")
    for cell in found.partition_by(*HEAD, maintain_order=True):
        *told, period, time_period = map(str, cell.select(HEAD).row(0))
        exactly = time_period if time_period not in told else period
        echo(" · ".join([*told, exactly]), bold=True)
        for row in cell.iter_rows(named=True):
            echo(_observation(row))
        echo()


def fate(row: Mapping[str, Any]) -> str:
    """What became of an observation, in words."""
    told = {
        "published": "published",
        "quarantined": f"held back: {row['rules_broken']}",
        "no_cell": "not published: its place, year or name is not known",
    }.get(row["outcome"], f"not chosen: {row['rule_zh']}")
    if (row["certainty"] or 1) < LEAST_CERTAINTY:
        told += f"; doubtful: of such readings {row['certainty']:.0%} are right"
    return f"{told}; they disagree" if row["conflict"] else told


def _observation(row: Mapping[str, Any]) -> str:
    """One observation in four lines: value and fate, sentence, bulletin, address."""
    per = f"/{row['standard_per']}" if row["standard_per"] else ""
    value = "?" if row["standard_value"] is None else f"{row['standard_value']:,.12g} {row['unit']}{per}"
    published_on = row["published_on"] or "undated"
    return (
        f"  {row['observation_key'][:KEY]}  {value:<24}{fate(row)}\n"
        f"    「{row['sentence']}」 printed: {row['printed']}\n"
        f"    {row['title']} · {row['publisher']} · {published_on}\n"
        f"    {row['url']}"
    )

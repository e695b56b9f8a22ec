"""`minzheng quarantine`: what was held back and why, and the decisions of a person about it.

Here belongs how the quarantine of the last run is shown and how a decision is asked for. Decisions lie in the home; how they are
kept and applied is in `expectations.corrections`, and the next run applies them. Imports neither Dagster nor Great Expectations.
"""

import getpass
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.home import Home, read_frame
from bulletins.frames import OBSERVATIONS, QUARANTINE
from expectations.corrections import (
    EXPECTED,
    Correction,
    Place,
    Reading,
    add_corrections,
    as_yaml,
    load_corrections,
    remove_correction,
)
from pipelines.cli_explain import KEY
from pipelines.inert import echo, inert
from pipelines.options import home_option

#: Columns of a table that is not printed on a terminal.
_PIPE_WIDTH = 200
_HELD, _PUBLISHED = "quarantine.parquet", "valid.parquet"


def _decision(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments that a decision takes."""
    for option in (
        click.option("--by", default=getpass.getuser, help="Who decides. [default: your login name]"),
        click.option("--reason", required=True, help="Why, for those who come after you."),
        home_option,
        click.argument("observation"),
    ):
        command = option(command)
    return command


@click.group()
def quarantine() -> None:
    """What was held back and why; accept it or reject a published number, with a reason."""


@quarantine.command("list")
@home_option
@click.option("--place", default="", help="Only figures of places whose name holds this.")
@click.option("--rule", default="", help="Only what broke this rule.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
def list_held(home: Path | None, place: str, rule: str, limit: int) -> None:
    """List what the last run held back, a line an observation and rule."""
    held = _held(home).filter(pl.col("place").str.contains(place, literal=True))
    if rule:
        held = held.filter(pl.col("rule") == rule)
    table = Table("key", "place", "year", "label", "printed", "rule", "expected", title_justify="left")
    for row in held.head(limit).iter_rows(named=True):
        columns = ("place", "year", "label", "text", "rule", "detail")
        table.add_row(row["observation_key"][:KEY], *(Text(inert(row[name])) for name in columns))
    console = _console()
    if held.height:
        console.print(table)
    more = f", {limit} of {held.height} lines shown" if held.height > limit else ""
    echo(f"{held['observation_key'].n_unique()} observations in quarantine{more}.")
    if held.height:
        echo("Next: minzheng quarantine show KEY, accept KEY --reason …; docs/runbook.md says what each rule means.")


@quarantine.command()
@home_option
@click.argument("observation")
def show(home: Path | None, observation: str) -> None:
    """Show one observation in full: its sentence, its page, and each rule that it broke."""
    rows = _find(_held(home), observation)
    first = rows.row(0, named=True)
    url, title = _page(home, first["bulletin_key"])
    for name, value in {
        "observation": first["observation_key"],
        "sentence": first["sentence"],
        "printed": first["text"],
        **{name: first[name] for name in ("value", "unit", "per", "qualifier", "measure", "status", "period", "area")},
        "year": first["year"],
        "place": first["place"],
        "indicator": first["indicator"] or "(open)",
        "label": first["label"],
        "page": f"{title} {url}".strip(),
    }.items():
        echo(f"{name:<12}{'' if value is None else value}")
    for row in rows.iter_rows(named=True):
        echo(f"{row['rule']:<12}{row['detail']}  (docs/runbook.md#{row['rule']})")


@quarantine.command()
@_decision
def accept(observation: str, home: Path | None, reason: str, by: str) -> None:
    """Let OBSERVATION be published although it broke rules: the number is right as it was read."""
    rows = _find(_held(home), observation)
    if "not_rejected" in rows["rule"].to_list():
        raise ValueError(
            f"{observation} was rejected by a person; take that back: minzheng quarantine withdraw {observation}"
        )
    _decide("accept", home, rows.row(0, named=True), rows["rule"].to_list(), reason, by)


@quarantine.command()
@_decision
def reject(observation: str, home: Path | None, reason: str, by: str) -> None:
    """Hold OBSERVATION back although it broke no rule: the number is wrong. `explain` and `conflicts` print the keys."""
    published = read_frame(Home.of(home).checked / _PUBLISHED, OBSERVATIONS)
    _decide("reject", home, _find(published, observation).row(0, named=True), [], reason, by)


@quarantine.command()
@home_option
@click.argument("observation")
def withdraw(home: Path | None, observation: str) -> None:
    """Take the decision on OBSERVATION back."""
    correction = remove_correction(observation, Home.of(home).decisions)
    echo(
        f"{correction.decision} of {correction.observation} is withdrawn: {correction.expects.place} {correction.expects.text}"
    )
    echo("Next: minzheng run --offline applies it.")


@quarantine.command()
@home_option
@click.option("--export", "to", type=click.Path(dir_okay=False, path_type=Path), help="Write them all to this file.")
@click.option(
    "--import", "of", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Add those of this file."
)
def decisions(home: Path | None, to: Path | None, of: Path | None) -> None:
    """List what people decided; carry decisions from one home to another."""
    path = Home.of(home).decisions
    if of is not None:
        known = set(load_corrections(path))
        new = [each for each in load_corrections(of) if each not in known]
        add_corrections(new, path)
        echo(f"{len(new)} decisions added to {path}")
        return
    decided = load_corrections(path)
    if to is not None:
        to.write_text(as_yaml(decided), encoding="utf-8")
        echo(f"{len(decided)} decisions written to {to}")
        return
    for each in decided:
        seen = each.expects
        echo(f"{each.observation[:KEY]}  {each.decision}  {seen.place} {seen.year} {seen.indicator} {seen.text}")
        echo(f"          {each.reason} ({each.by}, {each.decided_on})")
    echo(f"{len(decided)} decisions in {path}")


def _decide(decision: str, home: Path | None, row: Mapping[str, Any], rules: list[str], reason: str, by: str) -> None:
    url, _ = _page(home, row["bulletin_key"])
    correction = Correction.model_validate(
        {
            "decision": decision,
            "observation": row["observation_key"],
            "expects": Reading.model_validate({name: row[name] for name in EXPECTED}),
            "page": Place(url=url, sentence=row["sentence"]) if url else None,
            "rules": rules,
            "reason": reason,
            "by": by,
            "decided_on": date.today(),
        }
    )
    path = Home.of(home).decisions
    add_corrections([correction], path)
    echo(f"{decision}ed: {row['place']} {row['year']} {row['label']} {row['text']}, kept in {path}")
    echo("Next: minzheng run --offline applies it.")


def _held(home: Path | None) -> pl.DataFrame:
    path = Home.of(home).checked / _HELD
    if not path.exists():
        raise ValueError(f"{path} is not there: nothing was checked yet; begin with «minzheng run»")
    return read_frame(path, QUARANTINE)


def _find(rows: pl.DataFrame, observation: str) -> pl.DataFrame:
    """The rows of the one observation whose key begins so."""
    found = rows.filter(pl.col("observation_key").str.starts_with(observation))
    keys = found["observation_key"].unique().sort().to_list()
    if not keys:
        raise ValueError(f"no observation {observation} there; «minzheng quarantine list» shows what is held back")
    if len(keys) > 1:
        raise ValueError(f"{observation} is the beginning of {len(keys)} observations; give more of the key")
    return found


def _page(home: Path | None, bulletin_key: str) -> tuple[str, str]:
    """Address and title of a page version; empty where the pages are not there."""
    for file in sorted(Home.of(home).pages("").parent.glob("*.parquet")):
        found = (
            pl.scan_parquet(file, glob=False)
            .filter(pl.col("bulletin_key") == bulletin_key)
            .select("url", "title")
            .collect()
        )
        if found.height:
            url, title = found.row(0)
            return url or "", title or ""
    return "", ""


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)

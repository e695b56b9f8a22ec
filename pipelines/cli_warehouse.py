"""`minzheng places`, `conflicts`, `releases`, `export` and `report`: asking and moving what is published.

Each command opens the published file for a moment, read-only, and holds up nobody. DuckDB and Polars are imported inside
the commands, so that `--help` answers at once.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assets.home import Home
from pipelines import outputs
from pipelines.cli_explain import KEY
from pipelines.inert import echo, inert_line
from pipelines.options import home_option

if TYPE_CHECKING:
    pass

_FORMATS = ("parquet", "csv", "xlsx", "sdmx")
_CHANGES_SHOWN = 40
#: Kinds of change, those of figures first.
_KINDS = ("revised", "removed", "added", "reflagged")


@click.command()
@click.argument("word", default="")
@home_option
def places(word: str, home: Path | None) -> None:
    """Tell place by place what is published, of which years, and how new it is; those whose name or code holds WORD."""
    from warehouse import query

    path = Home.of(home).warehouse
    release = query.summary(path)
    echo(
        f"release {release['release_id']} · data as of {_day(release['data_as_of'])} · {release['facts']:,} values"
        f" ({release['facts_catalogued']:,} catalogued) of {release['cities']:,} places"
        f" · {release['conflicts']:,} conflicts · {release['quarantined']:,} of {release['observations']:,} numbers held back"
    )
    heads = {
        "city": "place",
        "bulletins": "bulletins",
        "facts": "values",
        "indicators": "indicators",
        "years": "years",
        "in_conflict": "in conflict",
        "quarantined": "held back",
        "newest_publication": "newest bulletin",
    }
    rows = [
        row | {"years": _span(row)}
        for row in query.status(path).iter_rows(named=True)
        if any(word in (row[name] or "") for name in ("city", "prefecture", "province", "city_code"))
    ]
    if word and not rows:
        raise ValueError(f"no place whose name or code holds «{word}» in the warehouse; `minzheng places` lists all")
    _show(heads, rows)


@click.command()
@click.argument("word", default="")
@click.option("--open", "with_open", is_flag=True, help="Open indicators too, which are known by the bulletins' words.")
@home_option
def indicators(word: str, with_open: bool, home: Path | None) -> None:
    """List the indicators and how much is published of each; those that WORD means or that hold it in their names."""
    from bulletins.asking import indicators_meant
    from bulletins.catalog import load_catalog
    from warehouse import query

    meant = set(indicators_meant(word, load_catalog())) if word else set()
    rows = [
        row | {"unit": "/".join(filter(None, (row["unit"], row["per"]))), "years": _span(row)}
        for row in query.indicators(Home.of(home).warehouse, with_open).iter_rows(named=True)
        if row["indicator_code"].split(":")[0] in meant
        or any(word.casefold() in (row[name] or "").casefold() for name in ("indicator_code", "name_zh", "name_en"))
    ]
    if not rows:
        raise ValueError(
            f"no indicator is called «{word}»; `minzheng indicators` lists all, --open those without a code too"
        )
    heads = {
        "indicator_code": "code",
        "name_zh": "名称",
        "name_en": "name",
        "unit": "unit",
        "facts": "values",
        "places": "places",
        "years": "years",
    }
    _show(heads, rows)


@click.command()
@click.option("--open", "with_open", is_flag=True, help="Those of open indicators too.")
@home_option
def conflicts(with_open: bool, home: Path | None) -> None:
    """Show where bulletins disagree beyond rounding: both sides, and the rule that chose."""
    from warehouse import query

    found = query.conflicts(Home.of(home).warehouse, with_open)
    if found.is_empty():
        echo("no conflicts")
    for row in found.iter_rows(named=True):
        per = f"/{row['per']}" if row["per"] else ""
        head = (
            row["city_full"],
            row["year"],
            row["indicator_zh"],
            row["area"],
            row["status"],
            row["measure"],
            _period(row),
        )
        echo(" · ".join(map(str, head)), bold=True)
        for side, mark in (("", "published"), ("rival_", "disagrees")):
            key = row[f"{side}observation_key"][:KEY]
            echo(f"  {key}  {row[f'{side}value']:,.12g} {row['unit']}{per}  {mark}")
            echo(f"    「{row[f'{side}sentence']}」 printed: {row[f'{side}printed']}")
            echo(f"    {row[f'{side}title']} · {row[f'{side}url']}")
        echo(f"  chosen by: {row['rule_zh']} ({row['rule_en']})\n")


@click.group()
def releases() -> None:
    """List, compare, check and go back to published releases."""


@releases.command("list")
@home_option
def list_releases(home: Path | None) -> None:
    """List the kept releases, newest first; * is the one that readers see."""
    from warehouse import publish

    target = Home.of(home).warehouse
    served = publish.served(target)
    heads = {
        "mark": "",
        "release_id": "release",
        "data_as_of": "data as of",
        "facts": "values",
        "observations": "numbers",
        "conflicts": "conflicts",
        "cities": "places",
        "code_version": "code",
    }
    rows = [
        {name: getattr(record, name) for name in list(heads)[1:]} | {"mark": "*" if record.release_id == served else ""}
        for record in publish.releases(target)
    ]
    if not rows:
        raise ValueError(f"no releases in {target.parent}; make one with `minzheng run`")
    _show(heads, rows)


@releases.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option("--all", "everything", is_flag=True, help="Every change, not the first of each kind.")
@home_option
def diff(before: str | None, after: str | None, everything: bool, home: Path | None) -> None:
    """Tell what release AFTER (without it, the published one) changes against BEFORE (the one before it), and why.

    Changes of figures come first; where a figure stayed and its source, its qualifier or its mark of conflict changed, only
    the count is told, unless --all is given.
    """
    from warehouse import query
    from warehouse.changes import CAUSES

    target = Home.of(home).warehouse
    changes = query.diff(_kept(target, before or _one_before(target)), _kept(target, after) if after else target)
    if changes.is_empty():
        echo("no published value differs")
    of_kind = {change: rows for (change,), rows in changes.group_by("change", maintain_order=True)}
    for change in (name for name in _KINDS if name in of_kind):
        rows = of_kind[change]
        causes = rows.group_by("cause").len().sort("len", "cause", descending=[True, False])
        told = ", ".join(f"{count} {CAUSES[cause][1]}" for cause, count in causes.iter_rows())
        echo(f"{rows.height} {change}: {told}", bold=True)
        shown = rows if everything else rows.head(0 if change == "reflagged" else _CHANGES_SHOWN)
        for row in shown.iter_rows(named=True):
            echo(f"  {_change(row)}")
        if rows.height > shown.height:
            echo(f"  … and {rows.height - shown.height} more; --all shows them")


@releases.command()
@click.argument("release")
@home_option
def rollback(release: str, home: Path | None) -> None:
    """Serve a kept RELEASE again, until the next run publishes another."""
    from warehouse import publish

    record = publish.rollback(Home.of(home).warehouse, release)
    echo(f"readers now see {record.release_id} (data as of {record.data_as_of}, {record.facts:,} values)")


@releases.command()
@home_option
def verify(home: Path | None) -> None:
    """Read the published file, every kept one and the live folder in full; name what is damaged."""
    from warehouse import publish
    from warehouse.export import live_faults

    target = Home.of(home).warehouse
    live = target.with_name("live")
    faults = [*publish.verify_releases(target), *(live_faults(live / "current") if live.exists() else [])]
    for fault in faults:
        echo(fault, err=True)
    if faults:
        sys.exit(1)
    echo(f"{1 + len(publish.releases(target))} files are whole")


@releases.command()
@home_option
def accept(home: Path | None) -> None:
    """Publish the release that the last run refused because facts would vanish."""
    from warehouse import publish

    home_folder = Home.of(home)
    waiting = sorted(home_folder.staging("x").parent.glob("*.duckdb"), key=lambda path: path.stat().st_mtime)
    if not waiting:
        raise ValueError("no refused release is waiting; `minzheng run` makes one")
    origin = waiting[-1].stem
    record = publish.publish(waiting[-1], home_folder.warehouse, accept_removals=True)
    home_folder.published_origin.write_text(origin, encoding="utf-8")
    echo(f"published {record.release_id}: {record.facts:,} values; `minzheng releases list` shows what was before")


class _Where(click.Path):
    """A folder, or an address of object storage (`s3://bucket/folder`), which stays the text that it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if "://" in str(value) else super().convert(value, param, ctx)


@click.command()
@click.argument("folder", type=_Where(file_okay=False, path_type=Path))
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(_FORMATS), help="One or more; all where none is named."
)
@home_option
def export(folder: Path | str, formats: tuple[str, ...], home: Path | None) -> None:
    """Write the published release to FOLDER as Parquet, CSV, XLSX and SDMX-CSV, a subfolder each.

    FOLDER may be an address of object storage that fsspec knows, as s3://bucket/folder; its keys come from the
    environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL …).
    """
    from warehouse import export as exporting

    if isinstance(folder, str):
        for address, count in exporting.export_to(Home.of(home).warehouse, folder, formats):
            echo(f"{address}: {count} files")
        return
    outputs.export_folder(folder, formats or _FORMATS)
    for path in exporting.export(Home.of(home).warehouse, folder, formats):
        files = list(path.iterdir())
        echo(f"{path}: {len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it. [default: report.html beside the warehouse]",
)
@home_option
def report(out: Path | None, home: Path | None) -> None:
    """Write one HTML page that shows the release without a BI tool, and without a network."""
    from warehouse.report import write_report

    target = Home.of(home).warehouse
    path = write_report(target, outputs.page(out) if out else target.with_name("report.html"))
    echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB; open it in a browser")


def _one_before(target: Path) -> str:
    """The release before the one that readers see."""
    from warehouse import publish

    served = publish.served(target)
    older = [record.release_id for record in publish.releases(target) if served and record.release_id < served]
    if not older:
        raise ValueError(
            "no release is kept from before the published one; `minzheng releases list` shows what is kept"
        )
    return older[0]


def _kept(target: Path, release: str) -> Path:
    """The file of a kept release; the published one where it is that."""
    from warehouse import publish

    path = target.parent / "releases" / f"{release}.duckdb"
    if not path.exists():
        known = ", ".join(record.release_id for record in publish.releases(target)) or "none"
        raise ValueError(f"no release {release}; kept are: {known}")
    return path


def _change(row: Mapping[str, Any]) -> str:
    name = row["indicator_code"] or row["indicator_zh"]
    cell = " ".join(str(row[part]) for part in ("city", "year"))
    told = [part for part in (row["area"], row["status"], row["measure"], _period(row)) if part not in _USUAL]
    values = {"added": "{new:,.12g}", "removed": "{old:,.12g}", "reflagged": "{new:,.12g} as before"}.get(
        row["change"], "{old:,.12g} → {new:,.12g}"
    )
    value = values.format(old=row["old_value"], new=row["new_value"])
    special = f" ({', '.join(told)})" if told else ""
    return f"{cell} {name}{special}: {value} {row['unit']} · {row['cause']} · {row['url']}"


def _period(row: Mapping[str, Any]) -> str:
    """The exact period where it is not the year; else the class. A release of old knows the class alone."""
    exactly = row.get("time_period") or str(row["year"])
    return row["period"] if exactly == str(row["year"]) else exactly


_USUAL = frozenset(["all", "actual", "level", "annual"])


def _span(row: Mapping[str, Any]) -> str:
    first, last = row["first_year"], row["last_year"]
    return "" if first is None else str(first) if first == last else f"{first}–{last}"


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "unknown"


def _show(heads: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as a table; numbers to the right, with their thousands."""
    rows = list(rows)
    grid = Table(box=None, pad_edge=False)
    for name, head in heads.items():
        numeric = any(isinstance(row[name], int) for row in rows)
        grid.add_column(head, justify="right" if numeric else "left", no_wrap=not numeric)
    for row in rows:
        cells = (row[name] for name in heads)
        told = ("" if cell is None else f"{cell:,}" if isinstance(cell, int) else inert_line(cell) for cell in cells)
        grid.add_row(*map(Text, told))
    Console(width=None if sys.stdout.isatty() else 200, soft_wrap=True).print(grid)

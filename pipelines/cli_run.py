"""`minzheng run` and `minzheng ui`: the nightly job in this process, and Dagster's UI."""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape

from assets.home import Home
from pipelines.cli import FAILED, OK, PARTIAL
from pipelines.inert import echo, inert
from pipelines.options import home_option, sources_option

if TYPE_CHECKING:
    import dagster as dg

ROOT = Path(__file__).resolve().parents[1]


@click.command()
@sources_option
@home_option
@click.option("--offline", is_flag=True, help="Do not fetch: make everything anew from the snapshots that are there.")
def run(sources: Path | None, home: Path | None, offline: bool) -> None:
    """Fetch, read, check and publish: the nightly job, here and now.

    Exit codes: 0 all well; 1 failed, what was published before stays; 3 published, but some sources or pages failed, each
    named with what to do.
    """
    # Dagster takes seconds to import; other commands do without it.
    from assets.workspace import Workspace
    from fetching.history import held_back
    from pipelines.definitions import build_defs
    from pipelines.failures import reason_of, run_failure
    from pipelines.instance import heal_records, open_instance, prepare_dagster_home
    from pipelines.jobs import NIGHTLY, REPLAY, all_cities
    from pipelines.partitions import cities_of
    from pipelines.progress import STEPS, RunProgress

    workspace = Workspace.named(home, sources)
    workspace.require_one_kind()
    source_list = workspace.source_list()
    if not source_list.sources:
        raise ValueError("\n".join(["no bureau of the source list can be used:", *map(str, source_list.errors)]))
    screen = Console(stderr=True)
    healed = heal_records(prepare_dagster_home(workspace.home))
    with RunProgress(screen, steps=len(STEPS) - offline) as progress, open_instance(workspace.home) as instance:
        defs = build_defs(home=home, sources=sources, loggers={"progress": progress.as_dagster_logger()})
        job = defs.resolve_job_def(REPLAY if offline else NIGHTLY)
        result = job.execute_in_process(
            instance=instance,
            run_config={"loggers": {"progress": {}}},
            tags=all_cities(cities_of(source_list)),
            raise_on_error=False,
        )
    progress.warnings |= dict.fromkeys(healed)
    for warning in progress.warnings:
        screen.print(f"[yellow]![/yellow] {escape(inert(warning))}", highlight=False, soft_wrap=True)
    if not result.success:
        reasons = [reason_of(event) for event in result.filter_events(lambda event: event.is_step_failure)]
        if not reasons:  # it failed before any step began
            reasons = [run_failure(event) for event in result.filter_events(lambda event: event.is_run_failure)]
        for reason in reasons:
            screen.print(f"[red]failed[/red] {escape(inert(reason))}", highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    _summarise(result, workspace.home, len(progress.warnings), offline)
    if not offline:
        _tell_left_out(held_back(workspace.store, source_list))
    sys.exit(PARTIAL if progress.warnings else OK)


def _tell_left_out(lines: list[str]) -> None:
    """Print what the lists held back. It is no failure, but nobody should have to find out."""
    if lines:
        echo("\nLeft out of what the lists show:")
    for line in lines:
        echo(f"  {line}")


def _summarise(result: "dg.ExecuteInProcessResult", home: Home, problems: int, offline: bool) -> None:
    """Print what a person wants to know: what came, what was made of it, where it lies, what to do next."""
    counts: Counter[str] = Counter()
    said: dict[str, object] = {}
    for event in result.get_asset_materialization_events():
        asset = event.materialization.asset_key.to_user_string()
        for label, entry in event.materialization.metadata.items():
            said[f"{asset}.{label}"] = entry.value
            if isinstance(entry.value, int):
                counts[f"{asset}.{label}"] += entry.value

    lines = {
        "Fetched": f"{counts['snapshots.new']} new, {counts['snapshots.changed']} changed, "
        f"{counts['snapshots.unchanged']} unchanged pages; {counts['snapshots.failed']} failed",
        "Read": f"{counts['observations.pages_read_now']} new page versions of {counts['pages.versions']}; in all "
        f"{counts['number_ledger.numbers']:,} numbers, {counts['observations.observations']:,} of them observations, "
        f"{counts['observations.catalogued']:,} with a catalogue code",
        "Held back": f"{counts['quarantine.quarantined']:,} in quarantine",
        "Published": f"{counts['facts.facts']:,} values ({counts['facts.catalogued']:,} catalogued) of "
        f"{counts['facts.cities']} places, {counts['conflicts.conflicts']} conflicts",
        "Release": f"{said['warehouse.release']}{'' if said['warehouse.changed'] else ': nothing changed, it stands'}",
        "Warehouse": str(home.warehouse),
    }
    if offline:
        del lines["Fetched"]
    for name, words in lines.items():
        echo(f"{name:<11}{words}")
    if problems:
        echo(f"\nProblems listed above: {problems}. All the rest is published.")
    echo(f"\nNext: {_to_ask(home)}minzheng ui")


def _to_ask(home: Home) -> str:
    """A question that the release just made answers: on its newest catalogued value."""
    from warehouse import query

    for row in query.newest(home.warehouse, 1).iter_rows(named=True):
        return f"minzheng explain {row['city']} {row['indicator_code']} {row['year']} · "
    return ""


@click.command()
@home_option
def housekeeping(home: Path | None) -> None:
    """Let go of what nothing needs any more, now and not only on Sundays.

    Readings of older readers, staging and unfinished files, records of runs of long ago. Touches nothing that is published, and
    no snapshot that a page needs.
    """
    from pipelines.definitions import build_defs
    from pipelines.instance import open_instance

    where = Home.of(home)
    with open_instance(where) as instance:
        job = build_defs(home=where.folder).resolve_job_def("housekeeping")
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    if not result.success:
        sys.exit(FAILED)
    echo(f"{where.folder} is tidy")


@click.command()
@sources_option
@home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
def ui(sources: Path | None, home: Path | None, port: int) -> None:
    """Open Dagster's UI with its daemon on this machine: assets, checks, runs, the nightly schedule. Ctrl-C ends it."""
    from assets.workspace import Workspace
    from pipelines.instance import prepare_dagster_home

    where = Workspace.named(home, sources).home
    environment = os.environ | {
        "MINZHENG_HOME": str(where.folder),
        "DAGSTER_HOME": str(prepare_dagster_home(where)),
        "PYTHONWARNINGS": "ignore:Function `dev_command`",
    }
    if sources:
        environment["MINZHENG_SOURCES"] = str(sources.absolute())
    echo(f"Dagster's UI will be at http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "dagster", "dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    # Dagster takes this process's place, so that a signal reaches it and not only a parent that waits.
    os.chdir(ROOT)
    os.execve(sys.executable, command, environment)

"""Two weeks of nights, rehearsed: the scenario of `fortnight.yaml` with a moved clock, against sites on loopback.

    python -m benchmarks.fortnight [--nights 4] [--home DIR] [--json FILE]

What Dagster's daemon does is done here at a few hours of each day, by the daemon's own code with its clock moved: schedules,
sensors, the queue, automatic retries, run monitoring; runs start as the schedule starts them. Sites fail, change and recover as
the scenario says, a run is killed, the daemon is away, the disk is full, and a webhook notes each message. Printed is what came
of every night: releases, values, messages, and the size of all that is kept. `tests/pipelines/test_fortnight.py` compares it
with what the scenario expects. Needs a process of its own: the definitions read their environment once.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import dagster as dg
import polars as pl
import stamina
import yaml
from dagster._core.execution.api import execute_run
from dagster._core.launcher import LaunchRunContext
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.scheduler.instigation import InstigatorTick, TickStatus
from dagster._core.test_utils import get_freezable_log_manager
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.auto_run_reexecution.event_log_consumer import EventLogConsumerDaemon
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._daemon.sensor import execute_sensor_iteration
from dagster._grpc.types import ExecuteRunArgs
from dagster._scheduler.scheduler import launch_scheduled_runs
from dagster._serdes import deserialize_value, serialize_value
from dagster._utils.error import SerializableErrorInfo
from dagster._utils.hosted_user_process import recon_job_from_origin

from assets.clock import AHEAD, SHANGHAI, utc_now
from assets.home import Home
from fetching.snapshots import SnapshotStore
from pipelines.alerts import ADDRESS
from pipelines.instance import SETTINGS
from warehouse import query

SCENARIO = Path(__file__).with_suffix(".yaml")
#: When the daemon is looked after, in Shanghai. Its own threads look every minute; what matters happens at these.
LOOKS = ("02:31", "02:38", "02:45", "03:10", "06:31", "09:31", "12:00", "20:00")
#: When the home was tried once, before it was put to use; and how large the files are that were left there.
BEFORE = dt.datetime(2025, 12, 14, 9, 31, tzinfo=SHANGHAI)
LEFT_BYTES = 100_000
#: Until when a night's mishap lasts, where the scenario does not say.
MORNING = "06:00"


# --- the sites --------------------------------------------------------------------------------------------------------


@dataclass
class Page:
    """A bulletin as its site shows it."""

    title: str
    published_on: str
    text: str

    def html(self) -> str:
        return (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{self.title}</title></head><body><h1>{self.title}</h1>"
            f"<p>发布时间：{self.published_on}</p><div class='TRS_Editor'><p>【样例】本页为软件样例，数据为虚构，请勿引用。</p>"
            f"<p>{self.text}</p></div></body></html>"
        )


@dataclass
class Site:
    """A bureau's site on a port of its own, so that it is a host of its own."""

    publisher: str
    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    down: bool = False
    forbids: bool = False
    redesigned: bool = False
    victim: int | None = None  # the process that is killed when it asks for a page

    def answer(self, path: str) -> bytes | None:
        """What stands at a path; None where nothing does."""
        if path == "/robots.txt":
            return f"User-agent: *\nDisallow: {'/' if self.forbids else ''}\n".encode()
        if path == "/":
            links = (
                f"<li><a href='/{name}.html'>{'详情' if self.redesigned else page.title}</a></li>"
                for name, page in self.pages.items()
            )
            return f"<html><head><meta charset='utf-8'><title>{self.publisher}</title></head><body><ul>{''.join(links)}</ul></body></html>".encode()
        page = self.pages.get(path.strip("/").removesuffix(".html"))
        if page is None:
            return None
        if self.victim is not None:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = None
        return page.html().encode()


@contextlib.contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve on a free port of loopback, and yield it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def handler_of(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if site.down:
                return  # the connection ends without an answer
            body = site.answer(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8" if self.path != "/robots.txt" else "text/plain")
            self.end_headers()
            self.wfile.write(body if body is not None else b"<html><title>404</title><body>404 Not Found</body></html>")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@dataclass
class Messages:
    """A webhook that notes what it is told, and when by the moved clock."""

    taken: list[tuple[dt.datetime, str]] = field(default_factory=list)
    down: bool = False

    def since(self) -> list[str]:
        """What was told since this was asked last."""
        told = [f"{when.astimezone(SHANGHAI):%H:%M} {text}" for when, text in self.taken]
        self.taken.clear()
        return told

    def handler(self) -> type[BaseHTTPRequestHandler]:
        messages = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not messages.down:
                    messages.taken.append((utc_now(), f"{told['title']}: {told['text']}"))
                self.send_response(503 if messages.down else 200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


# --- the clock and the daemon -----------------------------------------------------------------------------------------


def set_clock(moment: dt.datetime) -> None:
    """Move the clock so that it is `moment` now; it goes on from there."""
    os.environ[AHEAD] = str((moment - dt.datetime.now(dt.UTC)).total_seconds())


def _timestamp() -> float:
    return utc_now().timestamp()


@contextlib.contextmanager
def dagster_clock() -> Iterator[None]:
    """Let Dagster's own records go by the moved clock."""
    with (
        mock.patch("dagster._time._mockable_get_current_datetime", utc_now),
        mock.patch("dagster._time._mockable_get_current_timestamp", _timestamp),
        mock.patch("dagster._core.log_manager.DagsterLogManager", new=get_freezable_log_manager()),
    ):
        yield


class RehearsalLauncher(SyncInMemoryRunLauncher):
    """Runs in this process; a run that is to be killed in one of its own."""

    victim_of: ClassVar[Site | None] = None

    def launch_run(self, context: LaunchRunContext) -> None:
        site, RehearsalLauncher.victim_of = RehearsalLauncher.victim_of, None
        if site is None:
            super().launch_run(context)
            return
        assert context.job_code_origin is not None
        what = ExecuteRunArgs(context.job_code_origin, context.dagster_run.run_id, self._instance.get_ref())
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.fortnight", "--execute", serialize_value(what)])
        site.victim = process.pid
        process.wait()


def execute(what: str) -> None:
    """Execute one run, in this process, by the moved clock: what is started to be killed."""
    arguments = deserialize_value(what, ExecuteRunArgs)
    assert arguments.instance_ref is not None
    with dagster_clock(), dg.DagsterInstance.from_ref(arguments.instance_ref) as instance:
        run = instance.get_run_by_id(arguments.run_id)
        assert run is not None
        execute_run(recon_job_from_origin(arguments.job_origin), run, instance)


class Daemon:
    """Dagster's daemon over the product's definitions; its parts work one after another, whenever it is looked after."""

    def __init__(self, workspace: WorkspaceProcessContext) -> None:
        self._workspace = workspace
        self._queue = QueuedRunCoordinatorDaemon(interval_seconds=1)
        self._retries = EventLogConsumerDaemon()
        self._logger = logging.getLogger("rehearsal")

    def look(self) -> None:
        """Do what is due. Sensors look before runs start, as they do where runs take their time."""
        workspace, logger = self._workspace, self._logger
        for work in (
            launch_scheduled_runs(workspace, logger, utc_now(), {}),
            execute_sensor_iteration(workspace, logger, None, None),
            self._queue.run_iteration(workspace),
            self._retries.run_iteration(workspace),
            self._queue.run_iteration(workspace),
            execute_run_monitoring_iteration(workspace, logger),
        ):
            for said in work:
                if isinstance(said, SerializableErrorInfo):
                    raise RuntimeError(f"Dagster's daemon: {said.to_string()}")


@contextlib.contextmanager
def daemon(home: Home) -> Iterator[tuple[Daemon, dg.DagsterInstance]]:
    """Dagster's daemon on a home, with the product's settings and definitions."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    settings = yaml.safe_load(SETTINGS.read_text("utf-8"))
    settings["run_launcher"] = {"module": "benchmarks.fortnight", "class": "RehearsalLauncher"}
    (home.dagster / "dagster.yaml").write_text(yaml.safe_dump(settings), "utf-8")
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name="pipelines.definitions")
    load = InProcessWorkspaceLoadTarget(InProcessCodeLocationOrigin(target, location_name="minzheng"))
    with (
        dagster_clock(),
        dg.DagsterInstance.from_config(str(home.dagster)) as instance,
        WorkspaceProcessContext(instance, load) as workspace,
    ):
        yield Daemon(workspace), instance


# --- what came of a night ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sizes:
    """How much is kept: bytes, and how many of what there is a rule for."""

    snapshots: int  # blobs
    snapshot_bytes: int
    manifest_rows: int
    manifest_bytes: int
    reading_bytes: int
    releases: int
    release_bytes: int  # the published file and the kept ones
    live_folders: int
    staging_files: int
    reader_versions: int  # that readings are kept of
    nights: int  # lines
    runs: int  # that Dagster knows
    ticks: int
    dagster_bytes: int
    other_bytes: int


@dataclass(frozen=True)
class Came:
    """What came of a night, from its first hour to midnight.

    Attributes:
        runs: of each run that was begun, the job and how it ended, in their order.
        releases: how many were published.
        values: catalogued values that are new or different since the night before, None for one that vanished.
        pages, versions: addresses of bulletins that are published, and their versions.
        held_back: observations that are held back.
        alarms: the messages that came, each with its hour in Shanghai before it.
        broken_ticks: schedules and sensors that failed themselves.
    """

    date: str
    story: str
    runs: Sequence[str]
    releases: int
    values: Mapping[str, float | None]
    pages: int
    versions: int
    held_back: int
    alarms: Sequence[str]
    broken_ticks: Sequence[str]
    sizes: Sizes


def values_of(home: Home) -> dict[str, float]:
    """The published catalogued values: place code, indicator, area and year -> value."""
    if not home.warehouse.exists():
        return {}
    rows = query.table(home.warehouse, "indicator_values").filter(pl.col("catalogued"))
    return {
        f"{row['city_code']} {row['indicator_code']} {row['area']} {row['year']}": row["value"]
        for row in rows.sort("cell_key").iter_rows(named=True)
    }


def ticks_of(instance: dg.DagsterInstance) -> list[InstigatorTick]:
    """Every look of schedules and sensors that Dagster still knows of."""
    states = instance.all_instigator_state()
    return [tick for state in states for tick in instance.get_ticks(state.instigator_origin_id, state.selector_id)]


def size_of(home: Home, instance: dg.DagsterInstance) -> Sizes:
    store = SnapshotStore(home.lake)

    def total(*folders: Path) -> int:
        return sum(file.stat().st_size for folder in folders for file in folder.rglob("*") if file.is_file())

    publishing = home.warehouse.parent
    releases, live = publishing / "releases", publishing / "live"
    parts = {
        "manifest_bytes": total(home.lake / "manifest"),
        "snapshot_bytes": total(home.lake / "blobs"),
        "reading_bytes": total(home.folder / "readings"),
        "release_bytes": total(releases) + (home.warehouse.stat().st_size if home.warehouse.exists() else 0),
        "dagster_bytes": total(home.dagster),
    }
    return Sizes(
        snapshots=len(store.blobs()),
        manifest_rows=store.manifest(["retrieval_id"]).height,
        releases=len(list(releases.glob("*.duckdb"))),
        live_folders=sum(folder.is_dir() and not folder.is_symlink() for folder in live.glob("*")),
        staging_files=len(list(home.staging("any").parent.glob("*"))),
        reader_versions=len(list(home.readings("any", "any").parents[1].glob("*"))),
        nights=len(home.nights.read_text("utf-8").splitlines()) if home.nights.exists() else 0,
        runs=instance.get_runs_count(),
        ticks=len(ticks_of(instance)),
        other_bytes=total(home.folder) - sum(parts.values()),
        **parts,
    )


# --- the rehearsal ----------------------------------------------------------------------------------------------------


class Rehearsal:
    """Plays the nights of a scenario in a home folder."""

    def __init__(self, scenario: Mapping[str, Any], home: Home, sites: Mapping[str, Site], messages: Messages) -> None:
        self._scenario = scenario
        self._home = home
        self._sites = sites
        self._messages = messages
        self._stamped: dict[Path, int] = {}
        self.write_sources()

    def write_sources(self) -> None:
        """Write the source list, as it is now."""
        sources = [
            {"id": name, **bureau, "list_pages": [f"http://127.0.0.1:{self._sites[name].port}/"]}
            for name, bureau in self._scenario["bureaus"].items()
        ]
        defaults = {"allow_private": True, "pace": 0, "body": "div.TRS_Editor"}
        document = {"contact": "rehearsal@example.org", "defaults": defaults, "sources": sources}
        self._home.folder.mkdir(parents=True, exist_ok=True)
        sources_of(self._home).write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")

    def leave_behind(self, instance: dg.DagsterInstance) -> None:
        """Put into the home what was left there months ago: a run, readings of an older reader, unfinished files."""
        from pipelines.definitions import defs  # reads the environment

        set_clock(BEFORE)
        defs.resolve_job_def("housekeeping").execute_in_process(instance=instance)
        before = BEFORE.timestamp()
        left = [
            self._home.readings("an-older-reader", "510100") / "ledger.parquet",
            self._home.pages("510100").with_name(".510100.parquet.4711"),
            self._home.staging("never-published"),
        ]
        for file in left:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(bytes(LEFT_BYTES))
            for path in (file, file.parent):
                os.utime(path, (before, before))
            self._stamped[file] = int(before)

    def play(self, daemon: Daemon, instance: dg.DagsterInstance, night: Mapping[str, Any]) -> Came:
        """Play one night and the day after it."""
        date: dt.date = night["date"]
        values, runs = values_of(self._home), set(instance.get_run_ids())
        published = self._releases()
        for bureau, changes in night.get("sites", {}).items():
            for change in changes:
                self._change(self._sites[bureau], change)
        for bureau, rules in night.get("sources", {}).items():
            self._scenario["bureaus"][bureau].update(rules)
            self.write_sources()
        if "killed" in night.get("mishaps", ()):
            RehearsalLauncher.victim_of = next(iter(self._sites.values()))
        for look in LOOKS:
            moment = dt.datetime.combine(date, dt.time.fromisoformat(look), SHANGHAI)
            mishaps = night.get("mishaps", ()) if look < str(night.get("until", MORNING)) else ()
            if "no_daemon" in mishaps:
                continue
            set_clock(moment)
            with self._befallen(mishaps):
                daemon.look()
            self._stamp()
        after = values_of(self._home)
        bulletins = query.table(self._home.warehouse, "dim_bulletin") if self._home.warehouse.exists() else None
        begun = [run for run in reversed(instance.get_runs()) if run.run_id not in runs]
        return Came(
            date=date.isoformat(),
            story=night["story"],
            runs=[f"{run.job_name} {run.status.value.lower()}" for run in begun],
            releases=self._releases() - published,
            values={cell: after.get(cell) for cell in sorted({*values, *after}) if values.get(cell) != after.get(cell)},
            pages=bulletins["url"].n_unique() if bulletins is not None else 0,
            versions=bulletins.height if bulletins is not None else 0,
            held_back=query.table(self._home.warehouse, "quarantine").height if bulletins is not None else 0,
            alarms=self._messages.since(),
            broken_ticks=[tick.instigator_name for tick in ticks_of(instance) if tick.status == TickStatus.FAILURE],
            sizes=size_of(self._home, instance),
        )

    def _releases(self) -> int:
        """How many releases were published so far."""
        return query.table(self._home.warehouse, "release").height if self._home.warehouse.exists() else 0

    def _change(self, site: Site, change: Mapping[str, Any]) -> None:
        match change:
            case {"page": name, "title": title, "published": published, "year": year, "figures": figures}:
                text = self._scenario["bulletin"].format(year=year, **figures)
                site.pages[name] = Page(title, str(published), text)
            case {"page": name, "title": title, "published": published, "text": text}:
                site.pages[name] = Page(title, str(published), text)
            case {"gone": name}:
                del site.pages[name]
            case _:
                for name, value in change.items():
                    setattr(site, name, value)

    @contextlib.contextmanager
    def _befallen(self, mishaps: Collection[str]) -> Iterator[None]:
        """Let mishaps befall the machine."""
        self._messages.down = "webhook_down" in mishaps
        room = {"new_callable": mock.PropertyMock, "return_value": 10**8}
        with mock.patch.object(Home, "free_bytes", **room) if "disk_full" in mishaps else contextlib.nullcontext():
            yield

    def _stamp(self) -> None:
        """Give the files that were written the time of the moved clock: housekeeping goes by it."""
        ahead = float(os.environ[AHEAD])
        for file in self._home.folder.rglob("*"):
            if file.is_file() and not file.is_symlink() and not file.is_relative_to(self._home.dagster):
                written = file.stat().st_mtime
                if self._stamped.get(file) != int(written):
                    os.utime(file, (written + ahead, written + ahead))
                    self._stamped[file] = int(written + ahead)


def sources_of(home: Home) -> Path:
    return home.folder / "sources.yaml"


def rehearse(scenario: Mapping[str, Any], home: Home) -> Iterator[Came]:
    """Play all nights of a scenario in an empty home, and yield what came of each."""
    messages = Messages()
    sites = {name: Site(bureau["publisher"]) for name, bureau in scenario["bureaus"].items()}
    with contextlib.ExitStack() as stack:
        for site in sites.values():
            site.port = stack.enter_context(served(handler_of(site)))
        rehearsal = Rehearsal(scenario, home, sites, messages)
        os.environ |= {
            "MINZHENG_HOME": str(home.folder),
            "MINZHENG_SOURCES": str(sources_of(home)),
            "MINZHENG_NIGHTLY": "on",
            "DAGSTER_HOME": str(home.dagster),
            ADDRESS: f"http://127.0.0.1:{stack.enter_context(served(messages.handler()))}/",
        }
        stack.enter_context(stamina.set_testing(True, attempts=2))  # nobody waits for a site that is down
        work, instance = stack.enter_context(daemon(home))
        rehearsal.leave_behind(instance)
        set_clock(dt.datetime.combine(scenario["nights"][0]["date"], dt.time(), SHANGHAI))
        work.look()  # schedules and sensors are seen for the first time
        for night in scenario["nights"]:
            yield rehearsal.play(work, instance, night)


def row_of(came: Came) -> str:
    """A line of the table."""
    sizes = came.sizes
    kept = sizes.snapshot_bytes + sizes.manifest_bytes + sizes.reading_bytes + sizes.release_bytes
    cells = [
        came.date[5:],
        came.story,
        "<br>".join(came.runs) or "none",
        f"{len(came.values)}" if came.releases else "as before",
        f"{came.pages} / {came.versions}",
        "<br>".join(alarm.replace("\n", "; ") for alarm in came.alarms) or "none",
        f"{kept / 1e6:.1f} + {sizes.dagster_bytes / 1e6:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


HEAD = """\
| night | what happens | runs | values that changed | pages / versions | messages | MB of data + of Dagster |
| --- | --- | --- | --- | --- | --- | --- |"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--nights", type=int, help="only the first so many")
    parser.add_argument(
        "--home", type=Path, help="keep the data here instead of in a folder that is removed; must be empty"
    )
    parser.add_argument("--json", type=Path, help="write what came of each night, a JSON object a line")
    parser.add_argument("--execute", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.execute:
        execute(arguments.execute)
        return
    scenario = yaml.safe_load(SCENARIO.read_text("utf-8"))
    scenario["nights"] = scenario["nights"][: arguments.nights]
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        told = stack.enter_context(arguments.json.open("w", encoding="utf-8")) if arguments.json else None
        print(HEAD)
        for came in rehearse(scenario, Home((arguments.home or Path(scratch)).absolute())):
            print(row_of(came), flush=True)
            if told:
                told.write(json.dumps(asdict(came), ensure_ascii=False) + "\n")
                told.flush()


if __name__ == "__main__":
    # The launcher is found by the name of this module, and must be the same one.
    from benchmarks import fortnight

    fortnight.main()

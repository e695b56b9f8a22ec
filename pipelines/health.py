"""How things stand: what is published, how the nights went, which bureaus are silent, what grows, and what needs a person.

Reads the home folder alone and needs no Dagster, so that cron, a monitor or a person can ask at any time. Here belong the
thresholds beyond which somebody is to look; how the answer is shown is in `cli_status.py` and `alerts.py`.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from assets.clock import SHANGHAI
from assets.healing import is_night
from assets.home import Home, read_frame
from bulletins.frames import PAGES
from fetching.history import BUREAU_SILENT, freshness, held_back
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, SourcesError
from warehouse import query
from warehouse.connections import WarehouseError

#: A night that ended longer ago than this was missed: one night, and some hours for a long one.
NIGHT_MISSED = dt.timedelta(hours=30)
#: The share of observations that may be held back, and by how much it may grow in how long.
QUARANTINE_SHARE, QUARANTINE_GROWTH, QUARANTINE_WATCHED = 0.10, 0.02, dt.timedelta(days=30)
#: Sources that a text names.
NAMED_AT_MOST = 20


@dataclass(frozen=True)
class Problem:
    """Something that needs a person.

    Attributes:
        code: stable name; `docs/deploy.md` lists them.
        severity: `critical` where what is published is missing or grows old, else `warning`.
        text: what it is, and what to do.
        about: the sources that have it, where it is one of sources.
    """

    code: str
    severity: Literal["critical", "warning"]
    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Health:
    """How things stood at one time; times are in UTC, sizes in bytes."""

    at: dt.datetime
    release_id: str | None
    built_at: dt.datetime | None
    data_as_of: dt.datetime | None
    night_ended_at: dt.datetime | None
    facts: int
    observations: int
    quarantined: int
    quarantined_share: float  # of the observations of page versions in force: what was corrected needs nobody
    sources: int
    sources_overdue: Sequence[str]
    sources_silent: Sequence[str]
    addresses_troubled: int
    lake_bytes: int
    home_bytes: int
    disk_free_bytes: int
    disk_needed_bytes: int
    problems: Sequence[Problem]
    left_out: Sequence[str] = ()  # what lists held back, a line each; needs a person only where it is wanted

    def as_text(self) -> str:
        """All of it for a person, what needs one last."""
        ended = _ago(self.at, self.night_ended_at) if self.night_ended_at else "never"
        lines = {
            "Release": f"{self.release_id}, built {_ago(self.at, self.built_at)}" if self.built_at else "none",
            "Last night": f"ended {ended}",
            "Values": f"{self.facts:,} from {self.observations:,} observations, {self.quarantined:,} held back",
            "Bureaus": f"{self.sources}: {len(self.sources_silent)} silent, {len(self.sources_overdue)} overdue; "
            f"{self.addresses_troubled} addresses in trouble",
            "Disk": f"{self.lake_bytes / 1e6:,.1f} MB of snapshots in {self.home_bytes / 1e6:,.1f} MB of data, "
            f"{self.disk_free_bytes / 1e9:,.1f} GB free",
        }
        told = [f"{name:<11}{words}" for name, words in lines.items()]
        told += [f"left out: {line}" for line in self.left_out]
        told += [f"{problem.severity}: {problem.text}" for problem in self.problems] or ["All is well."]
        return "\n".join(told) + "\n"

    def as_json(self) -> str:
        """All of it as one JSON object."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, default=_plain, indent=1) + "\n"

    def as_prometheus(self) -> str:
        """The figures in Prometheus' text format."""
        figures: dict[str, float | None] = {
            "release_age_seconds": _seconds(self.at, self.built_at),
            "night_age_seconds": _seconds(self.at, self.night_ended_at),
            "facts": self.facts,
            "observations": self.observations,
            "observations_quarantined": self.quarantined,
            "sources": self.sources,
            "sources_overdue": len(self.sources_overdue),
            "sources_silent": len(self.sources_silent),
            "addresses_troubled": self.addresses_troubled,
            "lake_bytes": self.lake_bytes,
            "home_bytes": self.home_bytes,
            "disk_free_bytes": self.disk_free_bytes,
            'problems{severity="critical"}': sum(problem.severity == "critical" for problem in self.problems),
            'problems{severity="warning"}': sum(problem.severity == "warning" for problem in self.problems),
        }
        lines, typed = [], set()
        for name, figure in figures.items():
            if figure is not None:
                metric = f"minzheng_{name.split('{')[0]}"
                if metric not in typed:
                    lines.append(f"# TYPE {metric} gauge")
                    typed.add(metric)
                lines.append(f"minzheng_{name} {figure:.15g}")
        return "\n".join(lines) + "\n"


def health_of(home: Home, sources: SourceList, now: dt.datetime) -> Health:
    """Look at a home folder and say how things stand."""
    releases = _releases(home.warehouse)
    newest: Mapping[str, Any] = releases[0] if releases else {}
    store = SnapshotStore(home.lake)
    pages = pl.concat(read_frame(home.pages(code), PAGES) for code in sorted({source.place.code for source in sources}))
    fresh = freshness(store, sources, pages, now.astimezone(SHANGHAI).date())
    silent = fresh.filter(pl.col("silent_since") < now - BUREAU_SILENT)["source_id"].to_list()
    # Of a bureau that was never asked nobody knows what is there.
    overdue = fresh.filter("overdue", pl.col("silent_since").is_not_null())["source_id"].to_list()
    health = Health(
        at=now,
        release_id=newest.get("release_id"),
        built_at=_utc(newest.get("built_at")),
        data_as_of=_utc(newest.get("data_as_of")),
        night_ended_at=_last_night(home.nights),
        facts=newest.get("facts", 0),
        observations=newest.get("observations", 0),
        quarantined=newest.get("quarantined", 0),
        quarantined_share=_share(*query.held_back(home.warehouse)) if releases else 0.0,
        sources=len(sources),
        sources_overdue=overdue,
        sources_silent=silent,
        addresses_troubled=int(fresh["troubled"].sum()),
        lake_bytes=_size(home.lake),
        home_bytes=_size(home.folder),
        disk_free_bytes=home.free_bytes,
        disk_needed_bytes=home.needed_bytes,
        problems=(),
        left_out=held_back(store, sources),
    )
    return dataclasses.replace(health, problems=_problems(health, releases, sources.errors))


def _problems(
    health: Health, releases: Sequence[Mapping[str, Any]], source_errors: Sequence[SourcesError]
) -> list[Problem]:
    """What is beyond a threshold, the worst first."""
    problems = []

    def say(code: str, severity: Literal["critical", "warning"], text: str, about: Sequence[str] = ()) -> None:
        problems.append(Problem(code, severity, text, tuple(about)))

    if health.release_id is None:
        say("nothing_published", "critical", "no warehouse can be opened; run `minzheng run`, and see what it says")
    if health.night_ended_at is None or health.at - health.night_ended_at > NIGHT_MISSED:
        last = (
            f"the last one ended {_ago(health.at, health.night_ended_at)}" if health.night_ended_at else "none ever did"
        )
        say("night_missed", "critical", f"no night came to its end lately, {last}; see the runs in `minzheng ui`")
    if health.disk_free_bytes < health.disk_needed_bytes:
        free, needed = health.disk_free_bytes / 1e9, health.disk_needed_bytes / 1e9
        say("disk_full", "critical", f"{free:.1f} GB are free and a night needs {needed:.1f} GB; make room")
    for error in source_errors:
        say("source_unusable", "warning", str(error), [error.source])
    if health.sources_silent:
        what = f"a list page could not be had or led to nothing for {BUREAU_SILENT.days} days"
        named = _named(health.sources_silent)
        say("bureau_silent", "warning", f"{what}: {named}; try `minzheng sources try`", health.sources_silent)
    if health.sources_overdue:
        named = _named(health.sources_overdue)
        what = f"last year's summary is overdue: {named}; look at their sites"
        say("summary_overdue", "warning", what, health.sources_overdue)
    share, before = health.quarantined_share, _share_before(releases, health.at - QUARANTINE_WATCHED)
    if share > QUARANTINE_SHARE or share - before > QUARANTINE_GROWTH:
        say(
            "quarantine_grows",
            "warning",
            f"{share:.1%} of the observations are held back, {before:.1%} were {QUARANTINE_WATCHED.days} days ago or "
            "in the first release; see `minzheng quarantine list`",
        )
    return problems


def _share_before(releases: Sequence[Mapping[str, Any]], moment: dt.datetime) -> float:
    """The share that was held back in the release that stood at `moment`, or else in the first.

    Not in the release before: with the next one, about another city, a growth would seem to be over.
    """
    if not releases:
        return 0.0
    standing = next(
        (release for release in releases if release["built_at"] <= moment.replace(tzinfo=None)), releases[-1]
    )
    return _share(standing["quarantined"], standing["observations"])


def _share(held_back: int, observations: int) -> float:
    return held_back / max(observations, 1)


def _named(sources: Sequence[str]) -> str:
    """The first of them and how many more: a message to a chat has its limits."""
    more = len(sources) - NAMED_AT_MOST
    return ", ".join(sources[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _releases(warehouse: Path) -> list[dict[str, Any]]:
    """The releases that the published file knows of, newest first; none where it cannot be opened."""
    try:
        return query.table(warehouse, "release").sort("built_at", descending=True).to_dicts()
    except WarehouseError:
        return []


def _last_night(nights: Path) -> dt.datetime | None:
    """When the last night ended of which the line can be read: one that was cut short says nothing."""
    lines = nights.read_bytes().splitlines() if nights.exists() else []
    last = next(filter(is_night, reversed(lines)), None)
    return dt.datetime.fromisoformat(json.loads(last)["ended_at"]) if last else None


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    """The warehouse holds UTC without saying so."""
    return moment.replace(tzinfo=dt.UTC) if moment else None


def _seconds(now: dt.datetime, then: dt.datetime | None) -> float | None:
    return (now - then).total_seconds() if then else None


def _ago(now: dt.datetime, then: dt.datetime) -> str:
    hours = (now - then).total_seconds() / 3600
    return f"{hours:.0f} h ago" if hours < 72 else f"{hours / 24:.0f} days ago"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)

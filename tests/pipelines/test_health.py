import datetime as dt
import json
import subprocess
import sys

import polars as pl
import pytest
from click.testing import CliRunner

from assets.home import Home
from bulletins.catalog import load_catalog
from fetching.snapshots import Retrieval, SnapshotStore
from fetching.sources import SourceList, parse_sources
from pipelines.cli import FAILED, PARTIAL, commands
from pipelines.health import BUREAU_SILENT, NIGHT_MISSED, health_of

NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
SOURCES = """\
contact: test@example.org
sources:
- {id: chengdu, place: "510100", publisher: 成都市民政局, list_pages: ["http://chengdu.example/"], expected_by: "04-30"}
"""


@pytest.fixture
def sources() -> SourceList:
    return parse_sources(SOURCES, "sources.yaml", load_catalog().places)


@pytest.fixture
def home(tmp_path) -> Home:
    """A home after a night that ended four hours before NOW, with nothing wrong but that no release was made."""
    home = Home(tmp_path)
    ended = (NOW - dt.timedelta(hours=4)).isoformat()
    home.nights.write_text(json.dumps({"ended_at": ended, "release": "r1", "changed": True}) + "\n", encoding="utf-8")
    listed(home, NOW - dt.timedelta(hours=5))
    return home


def listed(home: Home, when: dt.datetime, outcome: str = "NEW", detail: str = "", reason: str = "") -> None:
    """Note that the list page of Chengdu was asked for."""
    url = "http://chengdu.example/"
    row = Retrieval(f"{when:%Y%m%dT%H%M%S}-1", when, "chengdu", url, url, "list", outcome, reason, detail)
    SnapshotStore(home.lake).append([row])


def codes(home: Home, sources: SourceList, now: dt.datetime = NOW) -> set[str]:
    return {problem.code for problem in health_of(home, sources, now).problems}


def test_a_night_that_ended_is_no_problem(home, sources):
    assert codes(home, sources) == {"nothing_published"}  # no release in this home


def test_a_missed_night_is_told_after_a_night_and_some_hours(home, sources):
    ended = NOW - dt.timedelta(hours=4)
    assert "night_missed" not in codes(home, sources, ended + NIGHT_MISSED)
    assert "night_missed" in codes(home, sources, ended + NIGHT_MISSED + dt.timedelta(minutes=1))


def test_no_night_ever_is_told(tmp_path, sources):
    health = health_of(Home(tmp_path / "none"), sources, NOW)
    assert {problem.code for problem in health.problems} == {"night_missed", "nothing_published"}
    assert health.night_ended_at is None


def test_a_bureau_that_was_never_asked_is_neither_silent_nor_overdue(tmp_path, sources):
    summer = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    assert codes(Home(tmp_path / "none"), sources, summer) == {"night_missed", "nothing_published"}


def test_a_bureau_is_silent_when_its_lists_fail_for_days(home, sources):
    later = NOW + BUREAU_SILENT
    listed(home, later - dt.timedelta(hours=1), "BLOCKED", "answers with a challenge page")
    health = health_of(home, sources, later)
    assert list(health.sources_silent) == ["chengdu"]
    assert health.addresses_troubled == 1
    listed(home, later, "UNCHANGED")
    assert "bureau_silent" not in codes(home, sources, later + dt.timedelta(hours=1))


def test_a_bureau_is_not_silent_before_the_third_night_had_its_chance(home, sources):
    third_night = NOW - dt.timedelta(hours=5) + dt.timedelta(days=3)
    assert "bureau_silent" not in codes(home, sources, third_night + dt.timedelta(hours=1))
    assert "bureau_silent" in codes(home, sources, third_night + dt.timedelta(hours=7))


def test_a_list_that_leads_to_nothing_is_as_good_as_none(home, sources):
    later = NOW + BUREAU_SILENT
    listed(home, later - dt.timedelta(hours=1), "CHANGED", "has 20 links and none is followed", "nothing_followed")
    assert "bureau_silent" in codes(home, sources, later)


def test_one_of_several_lists_that_is_silent_is_told(home):
    two = SOURCES.replace('"http://chengdu.example/"', '"http://chengdu.example/", "http://chengdu.example/tjsj/"')
    later = NOW + BUREAU_SILENT
    listed(home, later - dt.timedelta(hours=1))
    url = "http://chengdu.example/tjsj/"
    row = Retrieval("2", NOW - dt.timedelta(hours=5), "chengdu", url, url, "list", "GONE", "http_404", "answers 404")
    SnapshotStore(home.lake).append([row])
    assert "bureau_silent" in codes(home, parse_sources(two, "sources.yaml", load_catalog().places), later)


def test_the_day_after_which_a_summary_is_overdue_is_the_bureaus(home, sources):
    still_april_in_utc = dt.datetime(2026, 4, 30, 17, tzinfo=dt.UTC)
    assert "summary_overdue" in codes(home, sources, still_april_in_utc)


def test_last_years_summary_is_overdue_only_after_its_day(home, sources):
    assert "summary_overdue" not in codes(home, sources, dt.datetime(2026, 4, 30, tzinfo=dt.UTC))
    assert "summary_overdue" in codes(home, sources, dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))


def test_a_bad_entry_of_the_source_list_is_told(home):
    bad = SOURCES + '- {id: nowhere, place: "999999", publisher: 无此局, list_pages: ["http://a.example/"]}\n'
    health = health_of(home, parse_sources(bad, "sources.yaml", load_catalog().places), NOW)
    assert any("999999" in problem.text for problem in health.problems)


def test_a_full_disk_is_critical(home, sources, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**8})())
    assert ("disk_full", "critical") in {
        (problem.code, problem.severity) for problem in health_of(home, sources, NOW).problems
    }


def test_quarantine_that_grows_is_told(home, sources, monkeypatch):
    built = [NOW.replace(tzinfo=None) - dt.timedelta(days=days) for days in (0, 1)]
    releases = pl.DataFrame(
        {
            "release_id": ["b", "a"],
            "built_at": built,
            "data_as_of": built,
            "facts": [900, 950],
            "observations": [1000, 1000],
            "quarantined": [80, 50],
        }
    )
    monkeypatch.setattr("warehouse.query.table", lambda path, name: releases)
    monkeypatch.setattr("warehouse.query.held_back", lambda path: (80, 1000))
    assert codes(home, sources) == {"quarantine_grows"}
    about_another_city = releases.head(1).with_columns(built_at=pl.col("built_at") + dt.timedelta(hours=1))
    monkeypatch.setattr("warehouse.query.table", lambda path, name: pl.concat([about_another_city, releases]))
    assert codes(home, sources) == {"quarantine_grows"}
    monkeypatch.setattr("warehouse.query.held_back", lambda path: (60, 1000))  # the page was corrected
    assert codes(home, sources) == set()


def test_prometheus_figures_have_one_type_line_each(home, sources):
    lines = health_of(home, sources, NOW).as_prometheus().splitlines()
    types = [line for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert "minzheng_night_age_seconds 14400" in lines
    assert 'minzheng_problems{severity="critical"} 1' in lines


def test_status_exits_by_severity_and_its_json_has_the_problems(tmp_path, monkeypatch):
    monkeypatch.delenv("MINZHENG_SOURCES", raising=False)
    result = CliRunner().invoke(commands, ["status", "--json", "--home", str(tmp_path)])
    assert result.exit_code == FAILED
    told = json.loads(result.stdout)
    assert {problem["code"] for problem in told["problems"]} >= {"night_missed", "nothing_published"}
    assert FAILED != PARTIAL


def test_status_needs_no_dagster(tmp_path):
    code = (
        "import sys; from click.testing import CliRunner; from pipelines.cli import commands;"
        f"CliRunner().invoke(commands, ['status', '--home', {str(tmp_path)!r}]);"
        "print('dagster' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"

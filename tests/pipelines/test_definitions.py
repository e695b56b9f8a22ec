import datetime as dt
import subprocess
import sys
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.columns import COLUMNS
from assets.runbook import entry
from fetching.snapshots import Retrieval, SnapshotStore
from pipelines.definitions import build_defs
from pipelines.jobs import NIGHTLY, REPLAY

BY_CITY = {"snapshots", "pages", "observations", "number_ledger"}
OF_ALL = {"valid_observations", "quarantine", "facts", "conflicts", "star", "warehouse", "report", "live_folder"}


@pytest.fixture
def defs(tmp_path, monkeypatch) -> dg.Definitions:
    monkeypatch.delenv("MINZHENG_SOURCES", raising=False)
    return build_defs(home=tmp_path)


def test_definitions_load_without_a_warning():
    code = "import warnings; warnings.simplefilter('error'); import assets, pipelines.definitions"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stderr == ""


def test_the_graph_tells_the_way_of_a_number(defs):
    graph = defs.resolve_asset_graph()
    names = {key.to_user_string(): graph.get(key) for key in graph.get_all_asset_keys()}
    assert set(names) == BY_CITY | OF_ALL
    for name, node in names.items():
        assert node.group_name in {"1_fetching", "2_reading", "3_checking", "4_publishing"}, name
        assert len(node.description or "") > 40, name
        assert node.owners, name
        assert node.kinds, name
        columns = node.metadata.get("dagster/column_schema")
        assert columns is not None or name in {"snapshots", "star", "warehouse", "report", "live_folder"}, name
        assert (node.partitions_def is not None) == (name in BY_CITY), name
    ancestors, step = set(), {dg.AssetKey("warehouse")}
    while step:
        ancestors |= step
        step = {parent for key in step for parent in graph.get(key).parent_keys} - ancestors
    assert dg.AssetKey("snapshots") in ancestors


def test_every_check_says_what_must_hold_and_what_to_do_when_it_does_not(defs):
    graph = defs.resolve_asset_graph()
    assert len(graph.asset_check_keys) > 90
    for key in graph.asset_check_keys:
        told = graph.get(key).description or ""
        assert f"docs/runbook.md#{key.name}" in told, key
        assert len(entry(key.name)) > 20, key
        assert entry(key.name) in told, key


def test_column_lineage_names_columns_that_are_there(defs):
    graph = defs.resolve_asset_graph()
    schemas = {
        name: {column.name for column in columns["dagster/column_schema"].columns} for name, columns in COLUMNS.items()
    }
    for name, columns in COLUMNS.items():
        lineage = columns.get("dagster/column_lineage")
        for column, upstream in lineage.deps_by_column.items() if lineage else ():
            assert column in schemas[name]
            for dep in upstream:
                assert dep.column_name in schemas[dep.asset_key.to_user_string()], (name, column)
                assert dep.asset_key in graph.get(dg.AssetKey(name)).parent_keys, (name, column)


def test_cities_are_the_bureaus_of_the_source_list_and_read_in_one_run(defs):
    graph = defs.resolve_asset_graph()
    for name in BY_CITY:
        node = graph.get(dg.AssetKey(name))
        assert node.partitions_def.get_partition_keys()[0] == "320400 常州市"
        assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_broken_star_checks_block_the_release(defs):
    graph = defs.resolve_asset_graph()
    checks = {key.name: graph.get(key) for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("star")}
    assert "grain_unique" in checks
    assert all(check.blocking for check in checks.values())


def test_the_night_begins_at_half_past_two_in_shanghai_over_all_cities(defs):
    schedule = defs.resolve_schedule_def("every_night")
    two_thirty = dt.datetime(2026, 3, 1, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    context = dg.build_schedule_context(scheduled_execution_time=two_thirty, repository_def=defs.get_repository_def())
    (request,) = schedule.evaluate_tick(context).run_requests
    assert schedule.cron_schedule == "30 2 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert request.run_key == "2026-03-01"
    assert request.tags["dagster/asset_partition_range_start"] == "320400 常州市"
    assert request.tags["dagster/asset_partition_range_end"] == "640500 中卫市"


def test_the_morning_asks_again_only_if_the_night_left_something(defs, tmp_path):
    schedule = defs.resolve_schedule_def("every_morning")
    half_past_six = dt.datetime(2026, 3, 1, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))

    def tick():
        with dg.build_schedule_context(
            scheduled_execution_time=half_past_six,
            repository_def=defs.get_repository_def(),
            resources={"workspace": defs.resources["workspace"]},
        ) as context:
            return schedule.evaluate_tick(context)

    assert tick().skip_message == "no page of the night is left"
    now, url = dt.datetime.now(dt.UTC), "http://a.example/1.html"
    row = Retrieval("1", now, "chengdu", url, url, "page", "FAILED", "timeout", "did not answer")
    SnapshotStore(tmp_path / "lake").append([row])
    (request,) = tick().run_requests
    assert request.run_key == "2026-03-01"
    assert request.run_config["ops"]["snapshots"]["config"] == {"only_unfinished": True}


def test_jobs_run_in_process_and_replay_does_not_fetch(defs):
    nightly, replay = defs.resolve_job_def(NIGHTLY), defs.resolve_job_def(REPLAY)
    assert nightly.executor_def is dg.in_process_executor
    assert {node.name for node in nightly.nodes} == {
        "snapshots", "pages", "readings", "text_checks", "pages_bureaus_are_fresh", "screening", "resolution", "star", "warehouse",
        "report", "live_folder",
    }  # fmt: skip
    assert {node.name for node in nightly.nodes} - {node.name for node in replay.nodes} == {"snapshots"}

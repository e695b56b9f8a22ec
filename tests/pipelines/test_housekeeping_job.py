import datetime as dt
import sqlite3
from contextlib import closing

import dagster as dg

from assets.home import Home
from fetching.snapshots import SnapshotStore
from pipelines import housekeeping
from pipelines.definitions import build_defs
from pipelines.failures import reason_of
from pipelines.instance import open_instance
from pipelines.jobs import NIGHTLY, all_cities


def test_the_job_tidies_and_forgets_only_old_runs(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path)
    job = build_defs(home=tmp_path).resolve_job_def("housekeeping")
    with open_instance(home) as instance:
        first = job.execute_in_process(instance=instance)
        second = job.execute_in_process(instance=instance)
        assert first.success
        assert second.success
        assert len(instance.get_runs()) == 2
        monkeypatch.setattr(housekeeping, "RUNS_KEPT", dt.timedelta(seconds=-1))
        third = job.execute_in_process(instance=instance)
        assert [run.run_id for run in instance.get_runs()] == [third.run_id]
        assert not list((home.dagster / "storage").glob(first.run_id))


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="checked")])
def checked() -> dg.MaterializeResult:
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(check_name="holds", passed=True)])


def test_of_a_run_that_is_forgotten_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    home = Home(tmp_path)

    def records() -> tuple[int, int]:
        index = home.dagster / "history" / "runs" / "index.db"
        with closing(sqlite3.connect(index)) as connection:
            (verdicts,) = connection.execute("SELECT count(*) FROM asset_check_executions").fetchone()
        return verdicts, len([file for file in index.parent.glob("*.db") if file != index])

    with open_instance(home) as instance:
        for _ in range(2):
            assert dg.materialize([checked], instance=instance).success
        assert records() == (2, 2)
        monkeypatch.setattr(housekeeping, "RUNS_KEPT", dt.timedelta(seconds=-1))
        build_defs(home=tmp_path).resolve_job_def("housekeeping").execute_in_process(instance=instance)
        assert records() == (0, 1)  # the housekeeping's own run


def test_a_full_disk_stops_a_night_before_it_begins_and_not_the_housekeeping(tmp_path, monkeypatch):
    monkeypatch.setattr(Home, "free_bytes", 10**6)
    defs = build_defs(home=tmp_path)
    nightly = defs.resolve_job_def(NIGHTLY)
    with dg.DagsterInstance.ephemeral() as instance:
        assert nightly.partitions_def is not None
        night = nightly.execute_in_process(
            instance=instance, tags=all_cities(nightly.partitions_def), raise_on_error=False
        )
        assert not night.success
        (failure,) = night.filter_events(lambda event: event.is_step_failure)
        assert "make room" in reason_of(failure)
        assert defs.resolve_job_def("housekeeping").execute_in_process(instance=instance).success
    assert not SnapshotStore(Home(tmp_path).lake).blobs()

import subprocess
import sys

import dagster as dg
import pytest

from assets.hold import Holder
from assets.home import Home
from assets.workspace import Workspace
from pipelines.definitions import build_defs
from pipelines.failures import run_failure
from pipelines.sensors import give_up_dead_runs


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def started(instance: dg.DagsterInstance, run_id: str) -> str:
    """A run that began and of which nothing was heard since."""
    instance.add_run(dg.DagsterRun(job_name="nightly", run_id=run_id, status=dg.DagsterRunStatus.STARTED))
    return run_id


def look(instance: dg.DagsterInstance, home: Home, cursor: str | None) -> str | None:
    workspace = build_defs(home=home.folder).resources["workspace"]
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources={"workspace": workspace}) as context:
        return give_up_dead_runs(context).cursor


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_a_run_whose_process_is_gone_is_given_up_at_the_second_look(instance, tmp_path):
    home, run_id = Home(tmp_path), started(instance, "11111111-1111-1111-1111-111111111111")
    cursor = look(instance, home, None)
    assert status(instance, run_id) is dg.DagsterRunStatus.STARTED
    cursor = look(instance, home, cursor)
    assert status(instance, run_id) is dg.DagsterRunStatus.FAILURE
    assert cursor == "[]"


def test_a_run_at_work_is_left_alone(instance, tmp_path):
    home, run_id = Home(tmp_path), started(instance, "11111111-1111-1111-1111-111111111111")
    cursor = look(instance, home, None)
    with home.alone(lambda _: None):
        cursor = look(instance, home, cursor)
        assert status(instance, run_id) is dg.DagsterRunStatus.STARTED
    look(instance, home, cursor)  # free again, but only at this one look
    assert status(instance, run_id) is dg.DagsterRunStatus.STARTED


def test_the_next_run_gives_up_the_one_that_died_and_frees_what_it_held(tmp_path):
    """A run is killed where it holds the home; the next one on the same records ends by itself."""
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        dead = started(instance, "22222222-2222-2222-2222-222222222222")
        killed = (
            "import os, pathlib; from assets.home import Home; from assets.hold import Holder\n"
            f"with Home(pathlib.Path({str(tmp_path)!r})).alone(lambda _: None, Holder('nightly', {dead!r})):\n"
            "    os.kill(os.getpid(), 9)"
        )
        assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
        asked = []
        run_with(Workspace(home_folder=str(tmp_path)), instance, asked)
        assert status(instance, dead) is dg.DagsterRunStatus.FAILURE
        assert asked == ["here"]
        run_with(Workspace(home_folder=str(tmp_path)), instance, asked)
        assert asked == ["here", "here"]


def test_a_run_that_waits_says_for_whom_and_does_not_wait_for_ever(instance, tmp_path):
    with Home(tmp_path).alone(lambda _: None, Holder("nightly", "33333333-3333-3333-3333-333333333333")):
        result = run_with(Workspace(home_folder=str(tmp_path), wait_minutes=0), instance, [])
    assert not result.success
    [event] = result.filter_events(lambda event: event.is_run_failure)
    assert "nightly (33333333), process" in run_failure(event)
    assert "run again" in run_failure(event)


def run_with(workspace: Workspace, instance: dg.DagsterInstance, asked: list[str]) -> dg.ExecuteInProcessResult:
    """Run a job that takes the workspace."""

    @dg.op
    def work(workspace: Workspace) -> None:
        asked.append("here" if workspace.home.is_held() else "not held")

    @dg.job(resource_defs={"workspace": workspace})
    def nightly() -> None:
        work()

    return nightly.execute_in_process(instance=instance, raise_on_error=False)

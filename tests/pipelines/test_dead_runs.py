import dagster as dg
import pytest

from assets.home import Home
from pipelines.definitions import build_defs
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
    with home.alone(lambda: None):
        cursor = look(instance, home, cursor)
        assert status(instance, run_id) is dg.DagsterRunStatus.STARTED
    look(instance, home, cursor)  # free again, but only at this one look
    assert status(instance, run_id) is dg.DagsterRunStatus.STARTED

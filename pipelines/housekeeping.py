"""The weekly housekeeping: what may be let go of in the home folder, and in Dagster's own records."""

import datetime as dt
from pathlib import Path

import dagster as dg

# Dagster has no public name for these; its version is pinned.
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable

from assets.clock import utc_now
from assets.housekeeping import tidy
from assets.workspace import Workspace
from bulletins.version import READER_VERSION

#: Runs older than this are forgotten, with their logs.
RUNS_KEPT = dt.timedelta(days=120)
_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


@dg.op
def tidy_home(context: dg.OpExecutionContext, workspace: Workspace) -> None:
    """Let go of old readings, staging files and unfinished files, and of snapshots that no page needs."""
    freed = tidy(workspace.home, READER_VERSION, utc_now())
    context.log.info("let go of %s", freed)
    context.add_output_metadata(freed)


@dg.op(ins={"after": dg.In(dg.Nothing)})
def forget_old_runs(context: dg.OpExecutionContext) -> None:
    """Delete runs that ended long ago, with their events and logs. What assets hold is told by the newer runs."""
    old = dg.RunsFilter(statuses=_ENDED, created_before=utc_now() - RUNS_KEPT)
    forgotten = 0
    for run_id in context.instance.get_run_ids(old):
        _forget(context.instance, run_id)
        forgotten += 1
    context.log.info("forgot %d runs", forgotten)
    context.add_output_metadata({"runs": forgotten})


def _forget(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete all that Dagster holds of a run, also what it leaves behind itself: verdicts of checks, and files."""
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    events = instance.event_log_storage
    if isinstance(events, SqlEventLogStorage):
        with events.index_connection() as connection:
            of_run = AssetCheckExecutionsTable.c.run_id == run_id
            connection.execute(AssetCheckExecutionsTable.delete().where(of_run))
    instance.delete_run(run_id)
    if isinstance(events, SqliteEventLogStorage):  # a file a run, which is emptied but stays as large as it was
        shard = Path(events.path_for_shard(run_id))
        for file in shard.parent.glob(f"{shard.name}*"):
            file.unlink()


@dg.job(executor_def=dg.in_process_executor)
def housekeeping() -> None:
    """Keep the size of data and records in bounds. Touches nothing that is published, and no snapshot that a page needs."""
    forget_old_runs(after=tidy_home())

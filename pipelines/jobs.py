"""What is run together, and when."""

import os
from collections.abc import Sequence

import dagster as dg

from assets.clock import SHANGHAI, utc_now
from assets.snapshots import RETRIED_WITHIN, snapshots
from assets.workspace import Workspace
from fetching.history import unfinished
from pipelines.housekeeping import housekeeping
from pipelines.trace import explain_number

NIGHTLY, RETRY, REPLAY = "nightly", "retry_failed", "replay"
TIME_ZONE = SHANGHAI.key
ONLY_UNFINISHED = {"ops": {"snapshots": {"config": {"only_unfinished": True}}}}
#: How a schedule is switched on.
SWITCH = " On by itself where MINZHENG_NIGHTLY=on; elsewhere press the switch."


def all_cities(cities: dg.PartitionsDefinition) -> dict[str, str]:
    """Return the tags that make one run cover every city."""
    keys = cities.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}


def job_definitions(assets: Sequence[dg.AssetsDefinition], cities: dg.PartitionsDefinition) -> dg.Definitions:
    """Return the jobs over `assets` and their schedules, which run by themselves where `$MINZHENG_NIGHTLY` is `on`.

    Nights that were missed because nothing was running are caught up with by one run, of the last of them: it finds
    all that is new since.
    """
    everything = dg.AssetSelection.assets(*assets)
    nightly = dg.define_asset_job(
        NIGHTLY,
        selection=everything,
        description="The whole way of a number: fetch, read, check, publish. By hand: Materialize all → All → Launch, which "
        "is one run over all cities. A bureau that does not answer does not stop it; the tag `minzheng/failed` of the run and "
        "the check `bureaus_answer` name it.",
    )
    retry = dg.define_asset_job(
        RETRY,
        selection=everything,
        config=ONLY_UNFINISHED,
        description="The same as `nightly`, but only those pages are asked for that failed or were put off in the last day.",
    )
    replay = dg.define_asset_job(
        REPLAY,
        selection=everything - dg.AssetSelection.assets(snapshots),
        description="All but fetching, from the snapshots that are there: after a change of rules, or without a network. By "
        "hand: Materialize all → All → Launch.",
    )
    deployed = os.environ.get("MINZHENG_NIGHTLY") == "on"
    status = dg.DefaultScheduleStatus.RUNNING if deployed else dg.DefaultScheduleStatus.STOPPED

    @dg.schedule(
        job=nightly,
        cron_schedule="30 2 * * *",
        execution_timezone=TIME_ZONE,
        default_status=status,
        description="Every night at 02:30 in Shanghai, over all cities in one run." + SWITCH,
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=_tonight(context), tags=all_cities(cities))

    @dg.schedule(
        job=retry,
        cron_schedule="30 6 * * *",
        execution_timezone=TIME_ZONE,
        default_status=status,
        description="Every morning at 06:30 in Shanghai, if pages of the night failed or were put off." + SWITCH,
    )
    def every_morning(context: dg.ScheduleEvaluationContext, workspace: Workspace) -> dg.RunRequest | dg.SkipReason:
        left = unfinished(workspace.store, since=utc_now() - RETRIED_WITHIN)
        if not left:
            return dg.SkipReason("no page of the night is left")
        # A request without a configuration is one with an empty one: the job's own holds in the launchpad only.
        return dg.RunRequest(run_key=_tonight(context), tags=all_cities(cities), run_config=ONLY_UNFINISHED)

    every_week = dg.ScheduleDefinition(
        name="every_week",
        job=housekeeping,
        cron_schedule="30 9 * * 0",
        execution_timezone=TIME_ZONE,
        default_status=status,
        description="Every Sunday at 09:30 in Shanghai." + SWITCH,
    )
    return dg.Definitions(
        jobs=[nightly, retry, replay, housekeeping, explain_number], schedules=[every_night, every_morning, every_week]
    )


def _tonight(context: dg.ScheduleEvaluationContext) -> str:
    """One key a night: a tick that is evaluated twice starts one run."""
    return context.scheduled_execution_time.date().isoformat()

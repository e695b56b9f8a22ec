"""What is run together, and when."""

import os
from collections.abc import Sequence

import dagster as dg

from assets.snapshots import snapshots

NIGHTLY, REPLAY = "nightly", "replay"


def all_cities(cities: dg.PartitionsDefinition) -> dict[str, str]:
    """Return the tags that make one run cover every city."""
    keys = cities.get_partition_keys()
    return {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}


def job_definitions(assets: Sequence[dg.AssetsDefinition], cities: dg.PartitionsDefinition) -> dg.Definitions:
    """Return the jobs over `assets`, and the schedule of the nightly one."""
    everything = dg.AssetSelection.assets(*assets)
    nightly = dg.define_asset_job(
        NIGHTLY,
        selection=everything,
        description="The whole way of a number: fetch, read, check, publish. Run it over all cities at once.",
    )
    replay = dg.define_asset_job(
        REPLAY,
        selection=everything - dg.AssetSelection.assets(snapshots),
        description="All but fetching, from the snapshots that are there: after a change of rules, or without a network.",
    )
    deployed = os.environ.get("MINZHENG_NIGHTLY") == "on"

    @dg.schedule(
        job=nightly,
        cron_schedule="30 2 * * *",
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING if deployed else dg.DefaultScheduleStatus.STOPPED,
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        """Every night at 02:30 in Shanghai. Runs by itself where `$MINZHENG_NIGHTLY` is `on`, else once switched on here."""
        # One key a night: a tick that is evaluated twice starts one run.
        return dg.RunRequest(run_key=context.scheduled_execution_time.date().isoformat(), tags=all_cities(cities))

    return dg.Definitions(jobs=[nightly, replay], schedules=[every_night])

"""The one code location: everything that Dagster loads."""

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from assets.checks import bureaus_are_fresh, screening, text_checks
from assets.columns import COLUMNS
from assets.handouts import live_folder, report
from assets.pool import ReadingPool
from assets.readings import pages, readings
from assets.snapshots import snapshots
from assets.star import resolution, star, warehouse
from assets.workspace import Workspace
from pipelines.jobs import job_definitions
from pipelines.partitions import cities_of
from pipelines.sensors import give_up_dead_runs, tell_failed_runs, tell_problems

#: The warehouse is looked at every night, also where nothing is new.
FRESH = dg.FreshnessPolicy.time_window(warn_window=dt.timedelta(hours=30), fail_window=dt.timedelta(hours=54))
OWNERS = ["team:civil-affairs-statistics"]
#: What people outside open, and what waits for a person: `tag:` in the search box of the UI finds them.
TAGS = {
    **{name: {"handed_out": ""} for name in ("warehouse", "report", "live_folder")},
    **{name: {"needs_a_look": ""} for name in ("quarantine", "conflicts")},
}


def build_defs(
    *, home: Path | None = None, sources: Path | None = None, loggers: Mapping[str, dg.LoggerDefinition] | None = None
) -> dg.Definitions:
    """Return assets, checks, jobs and schedule for one home folder and one source list.

    Args:
        home: where all data lies; by default `$MINZHENG_HOME`, else `data/` in the working directory.
        sources: the source list; by default `$MINZHENG_SOURCES`, else the bundled sample.
        loggers: by name, beside Dagster's own.

    Raises:
        fetching.sources.SourcesError: the source list as a whole cannot be used.
    """
    workspace = Workspace.named(home, sources)
    cities = cities_of(workspace.source_list())

    def owned(spec: dg.AssetSpec) -> dg.AssetSpec:
        name = spec.key.to_user_string()
        return spec.replace_attributes(
            owners=OWNERS,
            tags={**spec.tags, **TAGS.get(name, {})},
            metadata={**spec.metadata, **COLUMNS.get(name, {})},
        )

    def by_city(spec: dg.AssetSpec) -> dg.AssetSpec:
        return owned(spec).replace_attributes(partitions_def=cities)

    def every_night(spec: dg.AssetSpec) -> dg.AssetSpec:
        return owned(spec).replace_attributes(freshness_policy=FRESH)

    assets = [
        *dg.map_asset_specs(by_city, [snapshots, pages, readings]),
        *dg.map_asset_specs(owned, [screening, resolution, star, report, live_folder]),
        *dg.map_asset_specs(every_night, [warehouse]),
    ]
    return dg.Definitions.merge(
        dg.Definitions(
            assets=assets,
            asset_checks=[text_checks, bureaus_are_fresh],
            resources={"workspace": workspace, "pool": ReadingPool(dask=os.environ.get("MINZHENG_DASK", ""))},
            loggers=loggers,
            sensors=[tell_failed_runs, tell_problems, give_up_dead_runs],
            executor=dg.in_process_executor,
        ),
        job_definitions(assets, cities),
    )


defs = build_defs()

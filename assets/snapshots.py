"""From the bureaus' sites to snapshots: what was asked for, and what came."""

import datetime
import itertools
from typing import Any

import dagster as dg
import polars as pl
from pydantic import Field

from assets.previews import preview
from assets.workspace import Workspace, sources_in
from expectations.snapshots import check_snapshots
from fetching.crawl import crawl
from fetching.history import ROLES_OF_PAGES, unfinished
from fetching.snapshots import GOOD, TROUBLE, Retrieval

GROUP = "1_fetching"

#: What failed this long ago at most is asked for again.
RETRIED_WITHIN = datetime.timedelta(days=1)
#: Retrievals between two lines of the log that tell how far the night is.
TOLD_EVERY = 100


class Fetching(dg.Config):
    """What a run asks the bureaus for."""

    only_unfinished: bool = Field(default=False, description="Only what failed or was put off in the last day.")


@dg.asset(
    group_name=GROUP,
    kinds={"http", "zstd"},
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[
        dg.AssetCheckSpec("bureaus_answer", asset="snapshots", description="来源清单可用，要取的网页都取到了"),
        dg.AssetCheckSpec("store_is_sound", asset="snapshots", description="取到的都已存档，每次抓取都有记录"),
    ],
)
def snapshots(context: dg.AssetExecutionContext, config: Fetching, workspace: Workspace) -> dg.MaterializeResult:
    """The pages of each bureau's site, byte for byte as they came, with headers, time and hash.

    Each body is stored once and never changed. A page that is as it was the last night is not stored again.
    """
    workspace.home.require_room()
    sources, store = workspace.sources_of(context.partition_keys), workspace.store
    now = datetime.datetime.now(datetime.UTC)
    only = unfinished(store, since=now - RETRIED_WITHIN) if config.only_unfinished else None
    context.log.info("fetching from %d bureaus of %d cities", len(sources), len(context.partition_keys))
    asked = itertools.count(1)

    def tell(_: Retrieval) -> None:
        if (number := next(asked)) % TOLD_EVERY == 0:
            context.log.info("fetched %d pages", number)

    with workspace.served() as connect_to:
        retrievals = crawl(sources, store, now=now, only=only, connect_to=connect_to, progress=tell)
    for city in context.partition_keys:
        of_city = pl.col("source_id").is_in(sources_in(sources, city))
        context.add_asset_metadata(_what_came(retrievals.filter(of_city)), partition_key=city)
    failed = retrievals.filter(TROUBLE)
    for row in failed.iter_rows(named=True):
        context.log.warning("%s: %s", row["source_id"], row["detail"])
    report = check_snapshots(
        retrievals.filter(pl.col("url") != ""), store.blobs().keys(), now=datetime.datetime.now(datetime.UTC)
    )
    return dg.MaterializeResult(
        check_results=[
            dg.AssetCheckResult(
                check_name="bureaus_answer",
                passed=failed.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"failed": preview(failed, "source_id", "outcome", "detail", "url")},
            ),
            dg.AssetCheckResult(
                check_name="store_is_sound",
                passed=report.success,
                metadata={"broken": dg.MetadataValue.json([result.meaning for result in report.broken("error")])},
            ),
        ]
    )


def _what_came(retrievals: pl.DataFrame) -> dict[str, dg.MetadataValue[Any] | int]:
    """Counts of pages by outcome, and the retrievals themselves, failures first."""
    outcomes = retrievals.filter(pl.col("role").is_in(ROLES_OF_PAGES))["outcome"]
    counts = {name.lower(): int((outcomes == name).sum()) for name in GOOD}
    return {
        **counts,
        "failed": retrievals.filter(TROUBLE).height,
        "bytes": retrievals.select(pl.col("bytes").sum()).item(),
        "retrievals": preview(retrievals.sort(TROUBLE, descending=True), "outcome", "title", "url", "detail"),
    }

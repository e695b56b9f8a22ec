"""From the bureaus' sites to snapshots: what was asked for, and what came."""

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

import dagster as dg
import polars as pl
from pydantic import Field

from assets.clock import utc_now
from assets.previews import as_text, preview
from assets.runbook import described, what_to_do
from assets.workspace import Workspace, cities_of_run, city_key, sources_in
from expectations.snapshots import check_snapshots
from fetching.crawl import crawl
from fetching.history import ROLES_OF_PAGES, unfinished
from fetching.losses import lines_of
from fetching.snapshots import GOOD, TROUBLE, Retrieval

GROUP = "1_fetching"

#: What failed this long ago at most is asked for again.
RETRIED_WITHIN = datetime.timedelta(days=1)
#: Retrievals between two lines of the log that tell how far the night is.
TOLD_EVERY = 100
#: The tag of a run that names the bureaus of which something failed.
FAILED_TAG = "minzheng/failed"
#: Failures that are told one by one.
FAILURES_SHOWN = 20


class Fetching(dg.Config):
    """What a run asks the bureaus for."""

    only_unfinished: bool = Field(default=False, description="Only what failed or was put off in the last day.")


@dg.asset(
    group_name=GROUP,
    kinds={"http", "zstd"},
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[
        dg.AssetCheckSpec(
            "bureaus_answer",
            asset="snapshots",
            description=described("bureaus_answer", "来源清单可用，要取的网页都取到了"),
        ),
        dg.AssetCheckSpec(
            "store_is_sound",
            asset="snapshots",
            description=described("store_is_sound", "取到的都已存档，每次抓取都有记录"),
        ),
    ],
)
def snapshots(context: dg.AssetExecutionContext, config: Fetching, workspace: Workspace) -> dg.MaterializeResult:
    """The pages of each bureau's site, byte for byte as they came, with headers, time and hash.

    Each body is stored once and never changed. A page that is as it was the last night is not stored again.

    A night goes on with what came, so a city is green here although its bureau did not answer: the check `bureaus_answer`
    names the bureaus that failed, and so does the tag `minzheng/failed` of the run. When the cause is mended: Materialize,
    choose the city alone. Such a run of chosen cities fails where none of their lists can be had.
    """
    workspace.home.require_room()
    try:
        workspace.require_one_kind()
    except ValueError as mixed:
        raise dg.Failure(str(mixed), allow_retries=False) from mixed
    asked_for = cities_of_run(context)
    sources, store = workspace.sources_of(asked_for), workspace.store
    now = utc_now()
    only = unfinished(store, since=now - RETRIED_WITHIN) if config.only_unfinished else None
    context.log.info("fetching from %d bureaus of %d cities", len(sources), len(asked_for))
    asked = itertools.count(1)

    def tell(_: Retrieval) -> None:
        if (number := next(asked)) % TOLD_EVERY == 0:
            context.log.info("fetched %d pages", number)

    with workspace.served() as connect_to:
        retrievals = crawl(sources, store, now=now, only=only, connect_to=connect_to, progress=tell)
    for city in asked_for:
        of_city = pl.col("source_id").is_in(sources_in(sources, city))
        context.add_asset_metadata(_what_came(retrievals.filter(of_city)), partition_key=city)
    cities = {source.id: city_key(source) for source in sources}
    failed = retrievals.filter(TROUBLE).with_columns(
        city=pl.col("source_id").replace_strict(cities, default="", return_dtype=pl.String)
    )
    troubled = _listed(failed["source_id"].unique(maintain_order=True))
    for row in failed.iter_rows(named=True):
        context.log.warning("%s: %s", row["source_id"], row["detail"])
    if troubled:
        context.instance.add_run_tags(context.run.run_id, {FAILED_TAG: troubled})
    trouble: dict[str, dg.MetadataValue[Any] | int | str] = {
        "failed": failed.height,
        "bureaus": troubled,
        "addresses": preview(failed, "city", "source_id", "outcome", "url", "detail", rows=FAILURES_SHOWN),
    }
    lists, unlisted = (rows.filter(pl.col("role") == "list") for rows in (retrievals, failed))
    of_all = len(asked_for) == len({city_key(source) for source in workspace.source_list()})
    if not of_all and only is None and unlisted.height == lists.height > 0:
        raise dg.Failure(
            "nothing came of "
            + "; ".join([f"{row['city']}: {row['detail']}" for row in unlisted.iter_rows(named=True)][:FAILURES_SHOWN])
            + ". What was fetched before is kept. When it is mended, Re-execute this run.",
            metadata=trouble,
            allow_retries=False,
        )
    report = check_snapshots(retrievals.filter(pl.col("url") != ""), store.blobs().keys(), now=utc_now())
    return dg.MaterializeResult(
        check_results=[
            dg.AssetCheckResult(
                check_name="bureaus_answer",
                passed=failed.is_empty(),
                severity=dg.AssetCheckSeverity.WARN,
                description=f"{failed.height} addresses failed: {troubled}" if troubled else None,
                metadata=trouble | ({"what to do": what_to_do("bureaus_answer")} if troubled else {}),
            ),
            dg.AssetCheckResult(
                check_name="store_is_sound",
                passed=report.success,
                metadata={"broken": dg.MetadataValue.json([result.meaning for result in report.broken("error")])},
            ),
        ]
    )


def _listed(source_ids: Iterable[str]) -> str:
    """The first ids, and how many more there are."""
    ids = list(source_ids)
    more = f" and {len(ids) - FAILURES_SHOWN} more" if len(ids) > FAILURES_SHOWN else ""
    return ", ".join(ids[:FAILURES_SHOWN]) + more


def _what_came(retrievals: pl.DataFrame) -> dict[str, dg.MetadataValue[Any] | int]:
    """Counts of pages by outcome, and the retrievals themselves, failures first."""
    outcomes = retrievals.filter(pl.col("role").is_in(ROLES_OF_PAGES))["outcome"]
    counts = {name.lower(): int((outcomes == name).sum()) for name in GOOD}
    left_out = lines_of(retrievals.filter(pl.col("losses") != "").iter_rows(named=True))
    return {
        **counts,
        "failed": retrievals.filter(TROUBLE).height,
        "bytes": retrievals.select(pl.col("bytes").sum()).item(),
        **({"left_out": dg.MetadataValue.md("\n".join(f"- {as_text(line)}" for line in left_out))} if left_out else {}),
        "retrievals": preview(retrievals.sort(TROUBLE, descending=True), "outcome", "title", "url", "detail"),
    }

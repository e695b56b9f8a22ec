"""From snapshots to observations: the text of every page version, and every number in it."""

from collections import deque
from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.home import code_version, fingerprint, origin_of, read_columns, read_frame, write_frame
from assets.incremental import BATCH, BROKEN, IDENTITY, CityReadings, read_in_batches, read_with_catalog, unread_pages
from assets.pool import ReadingPool
from assets.previews import preview
from assets.runbook import described
from assets.snapshots import snapshots
from assets.workspace import Workspace, cities_of_run, code_of, not_made, sources_in
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, Reading, empty
from bulletins.version import READER_VERSION
from fetching.pages import UNREAD, UNSETTLED, replay, states

GROUP = "2_reading"
#: Cities whose snapshots are replayed together; more would only take more memory.
CITIES_REPLAYED = 25
KINDS = {"polars", "parquet"}


@dg.asset(group_name=GROUP, kinds=KINDS, deps=[snapshots], backfill_policy=dg.BackfillPolicy.single_run())
def pages(context: dg.AssetExecutionContext, workspace: Workspace) -> None:
    """Every version of every page of a city, as text: decoded, furniture dropped, with title, date and link.

    Replayed from the snapshots alone, so that it can be made anew at any time without the network. A city of which there is
    no new snapshot stays as it is.
    """
    home, cities = workspace.home, cities_of_run(context)
    if not home.lake.exists():
        raise not_made("nothing was ever fetched", "snapshots")
    sources = workspace.sources_of(cities)
    of_source = states(workspace.store, sources)
    origins = {
        city: fingerprint(code_version("catalog", "fetching"), *(of_source[name] for name in sources_in(sources, city)))
        for city in cities
    }
    changed = [city for city, origin in origins.items() if origin_of(home.pages(code_of(city))) != origin]
    context.log.info("replaying the snapshots of %d cities of %d", len(changed), len(origins))
    for start in range(0, len(changed), CITIES_REPLAYED):
        some = changed[start : start + CITIES_REPLAYED]
        replayed = replay(workspace.store, workspace.sources_of(some))
        for city in some:
            unread = replayed.unread.filter(pl.col("source_id").is_in(sources_in(sources, city)))
            write_frame(unread, home.unread_pages(code_of(city)))
            for lost in unread.filter(pl.col("mark") == "lost")["snapshot_sha256"].drop_nulls():
                workspace.store.set_blob_aside(lost)  # else the site would be asked only for what has changed since
            # What could not be had today may be there tomorrow: such a city is replayed again then.
            unsettled = unread["mark"].is_in(UNSETTLED).any()
            origin = f"unsettled {origins[city]}" if unsettled else origins[city]
            write_frame(replayed.pages.filter(pl.col("place_code") == code_of(city)), home.pages(code_of(city)), origin)
    for city in cities:
        frame = read_columns(home.pages(code_of(city)), IDENTITY)
        unread = read_frame(home.unread_pages(code_of(city)), UNREAD)
        for row in unread.iter_rows(named=True):
            context.log.warning(
                "%s: %s has no text to read: %s", row["source_id"], row["url"], row["detail"] or row["mark"]
            )
        newest_first = frame.sort("published_on", descending=True, nulls_last=True)
        context.add_asset_metadata(
            {
                "pages": frame["url"].n_unique(),
                "versions": frame.height,
                "without_text": unread.height,
                "preview": preview(newest_first, "published_on", "title", "kind", "url"),
                "without_text_preview": preview(unread, "mark", "title", "url", "detail"),
            },
            partition_key=city,
        )


@dg.multi_asset(
    name="readings",
    specs=[
        dg.AssetSpec(
            "observations",
            deps=[pages],
            group_name=GROUP,
            kinds=KINDS,
            code_version=READER_VERSION,
            description="Every number that measures something: value, unit, place, year, status, indicator, and the "
            "sentence that it was read from.",
        ),
        dg.AssetSpec(
            "number_ledger",
            deps=[pages],
            group_name=GROUP,
            kinds=KINDS,
            code_version=READER_VERSION,
            description="The verdict on every number in every text: an observation, or why it is none. No number is "
            "dropped without a row here.",
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_page_is_read",
            asset="observations",
            description=described("every_page_is_read", "每一页都读完，没有中途出错"),
        ),
    ],
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def readings(
    context: dg.AssetExecutionContext, workspace: Workspace, pool: ReadingPool
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Read the page versions that this version of the reader has not read yet; the others stand as they are."""
    home, codes = workspace.home, {city: code_of(city) for city in cities_of_run(context)}
    if not any(home.pages(code).exists() for code in codes.values()):
        raise not_made(f"there is no text of {', '.join(codes)}", "pages")
    folders = {city: home.readings(READER_VERSION, code) for city, code in codes.items()}
    to_read = {
        city: unread.height
        for city, folder in folders.items()
        if (unread := unread_pages(read_columns(home.pages(codes[city]), IDENTITY), folder)).height
    }
    context.log.info("reading %d new page versions of %d cities", sum(to_read.values()), len(to_read))
    begun: deque[pl.DataFrame] = deque()  # the page versions of cities whose readings are to come

    def unread_texts() -> Iterator[pl.DataFrame]:
        for city in to_read:
            texts = read_frame(home.pages(codes[city]), PAGES)
            begun.append(texts.select(list(IDENTITY)))
            yield unread_pages(texts, folders[city])

    broken = [pl.DataFrame(schema=BROKEN)]
    with pool.spread(-(-sum(to_read.values()) // BATCH)) as spread:
        come = read_in_batches(unread_texts(), read_with_catalog, spread)
        for city, (reading, broken_pages) in zip(to_read, come, strict=True):
            before, versions = CityReadings.load(folders[city]), begun.popleft()
            just_read = before.unread(versions).join(broken_pages, on="bulletin_key", how="anti")
            after = before.updated(versions, just_read, reading)
            after.save(folders[city])
            broken.append(broken_pages)
            _tell(context, city, after, just_read.height)
    for city in [city for city in folders if city not in to_read]:
        now, versions = CityReadings.load(folders[city]), read_columns(home.pages(codes[city]), IDENTITY)
        if versions.height != now.pages.height:  # some are no longer followed
            now = now.updated(versions, versions.clear(), Reading(empty(OBSERVATIONS), empty(LEDGER)))
            now.save(folders[city])
        _tell(context, city, now, 0)
    not_read = pl.concat(broken)
    for page in not_read.iter_rows(named=True):
        context.log.warning("%s: %s", page["url"], page["detail"])
    yield dg.MaterializeResult(asset_key="observations")
    yield dg.MaterializeResult(asset_key="number_ledger")
    yield dg.AssetCheckResult(
        asset_key="observations",
        check_name="every_page_is_read",
        passed=not_read.is_empty(),
        metadata={"broken": not_read.height, "pages": preview(not_read, "title", "url", "detail")},
    )


def _tell(context: dg.AssetExecutionContext, city: str, readings: CityReadings, read_now: int) -> None:
    """Show in the UI what is read of a city."""
    verdicts = readings.ledger["verdict"].value_counts(sort=True)
    unread = readings.ledger.filter(pl.col("verdict") == "unread")
    catalogued = readings.observations.filter(pl.col("indicator") != "")
    context.add_asset_metadata(
        {
            "pages_read_now": read_now,
            "observations": readings.observations.height,
            "catalogued": catalogued.height,
            "preview": preview(catalogued, "place", "year", "indicator", "value", "unit", "status", "sentence"),
        },
        asset_key="observations",
        partition_key=city,
    )
    context.add_asset_metadata(
        {
            "numbers": readings.ledger.height,
            "unread": unread.height,
            "verdicts": preview(verdicts, "verdict", "count"),
            "unread_preview": preview(unread, "text", "reason"),
        },
        asset_key="number_ledger",
        partition_key=city,
    )

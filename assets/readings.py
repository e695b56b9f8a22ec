"""From snapshots to observations: the text of every page version, and every number in it."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.home import fingerprint, origin_of, read_frame, write_frame
from assets.incremental import BATCH, CityReadings, read_in_batches
from assets.pool import ReadingPool
from assets.previews import preview
from assets.runbook import described
from assets.snapshots import snapshots
from assets.workspace import Workspace, cities_of_run, code_of, not_made, sources_in
from bulletins.catalog import load_catalog
from bulletins.frames import PAGES
from bulletins.read import READER_VERSION, Reading, read_pages
from fetching.pages import replay

GROUP = "2_reading"
KINDS = {"polars", "parquet"}


@dg.asset(group_name=GROUP, kinds=KINDS, deps=[snapshots], backfill_policy=dg.BackfillPolicy.single_run())
def pages(context: dg.AssetExecutionContext, workspace: Workspace) -> None:
    """Every version of every page of a city, as text: decoded, furniture dropped, with title, date and link.

    Replayed from the snapshots alone, so that it can be made anew at any time without the network.
    """
    if not workspace.home.lake.exists():
        raise not_made("nothing was ever fetched", "snapshots")
    cities = cities_of_run(context)
    sources = workspace.sources_of(cities)
    replayed = replay(workspace.store, sources)
    for row in replayed.unread.iter_rows(named=True):
        context.log.warning(
            "%s: %s has no text to read: %s", row["source_id"], row["url"], row["detail"] or row["mark"]
        )
    for city in cities:
        frame = replayed.pages.filter(pl.col("place_code") == code_of(city))
        unread = replayed.unread.filter(pl.col("source_id").is_in(sources_in(sources, city)))
        file, origin = workspace.home.pages(code_of(city)), fingerprint(frame.drop("text").write_csv())
        if origin_of(file) != origin:
            write_frame(frame, file, origin)
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


def read_with_catalog(pages: pl.DataFrame) -> Reading:
    """Read pages with the catalogue of whichever process this is."""
    return read_pages(pages, load_catalog())


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
    folders = {city: workspace.home.readings(READER_VERSION, code_of(city)) for city in cities_of_run(context)}
    if not any(workspace.home.pages(code_of(city)).exists() for city in folders):
        raise not_made(f"there is no text of {', '.join(folders)}", "pages")
    texts = {city: read_frame(workspace.home.pages(code_of(city)), PAGES) for city in folders}
    before = {city: CityReadings.load(folder) for city, folder in folders.items()}
    unread = {city: before[city].unread(texts[city]) for city in folders}
    to_read = pl.concat(unread.values())
    context.log.info("reading %d new page versions of %d", to_read.height, sum(map(len, texts.values())))
    with pool.spread(-(-to_read.height // BATCH)) as spread:
        reading, broken = read_in_batches(to_read, read_with_catalog, spread)

    for city, folder in folders.items():
        just_read = unread[city].join(broken, on="bulletin_key", how="anti")
        after = before[city].updated(texts[city], just_read, reading)
        if just_read.height or after.pages.height != before[city].pages.height:
            after.save(folder)
        verdicts = after.ledger["verdict"].value_counts(sort=True)
        unread_here = after.ledger.filter(pl.col("verdict") == "unread")
        catalogued = after.observations.filter(pl.col("indicator") != "")
        context.add_asset_metadata(
            {
                "pages_read_now": just_read.height,
                "observations": after.observations.height,
                "catalogued": catalogued.height,
                "preview": preview(catalogued, "place", "year", "indicator", "value", "unit", "status", "sentence"),
            },
            asset_key="observations",
            partition_key=city,
        )
        context.add_asset_metadata(
            {
                "numbers": after.ledger.height,
                "unread": unread_here.height,
                "verdicts": preview(verdicts, "verdict", "count"),
                "unread_preview": preview(unread_here, "text", "reason"),
            },
            asset_key="number_ledger",
            partition_key=city,
        )
    for page in broken.iter_rows(named=True):
        context.log.warning("%s: %s", page["url"], page["detail"])
    yield dg.MaterializeResult(asset_key="observations")
    yield dg.MaterializeResult(asset_key="number_ledger")
    yield dg.AssetCheckResult(
        asset_key="observations",
        check_name="every_page_is_read",
        passed=broken.is_empty(),
        metadata={"broken": broken.height, "pages": preview(broken, "title", "url", "detail")},
    )

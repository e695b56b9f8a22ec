"""The resource that every asset takes: where the data, the source list and the catalogue lie."""

import dataclasses
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

import dagster as dg
import polars as pl
from pydantic import Field

from assets.healing import heal
from assets.hold import WAIT_SECONDS, Holder
from assets.home import Home
from assets.incremental import AllReadings
from assets.sample import HOST, named_sources, read_sources, served
from bulletins.catalog import Catalog, load_catalog
from bulletins.version import READER_VERSION
from fetching.snapshots import SnapshotStore
from fetching.sources import Source, SourceList

#: Names the address of a copy of the lake, from which damaged snapshots are restored.
LAKE_COPY = "MINZHENG_LAKE_COPY"
#: The tags of a run that name its city, or the first and the last of its cities.
CITY_TAGS = frozenset(["dagster/partition", "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"])


class Workspace(dg.ConfigurableResource["Workspace"]):
    """Where the data and the source list lie; the same whichever way a run was started.

    Attributes:
        home_folder: the home folder, absolute.
        sources_file: the source list, absolute; empty for the bundled sample.
        wait_minutes: how long a run waits for another one at most.
    """

    home_folder: str
    sources_file: str = ""
    wait_minutes: float = Field(default=WAIT_SECONDS / 60, ge=0)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Let a run have the home for itself; a sensor, which only looks, does not wait."""
        if context.run is None:
            yield self
            return

        def say(holder: Holder | None) -> None:
            if context.log:
                context.log.info("waiting in %s for %s", self.home_folder, holder or "another process")

        me = Holder(context.run.job_name, context.run.run_id)
        with self.home.alone(say, me, 60 * self.wait_minutes) as died:
            if died is not None and context.instance is not None:
                give_up(context.instance, died)
            for line in heal(self.home, self.store, READER_VERSION):
                if context.log:
                    context.log.warning("%s", line)
            yield self

    @classmethod
    def named(cls, home: Path | None = None, sources: Path | None = None) -> Self:
        """Return the workspace of these, or of what `$MINZHENG_HOME` and `$MINZHENG_SOURCES` name."""
        listed = named_sources(sources)
        return cls(home_folder=str(Home.of(home, sample=not listed).folder), sources_file=listed)

    def require_one_kind(self) -> None:
        """Keep invented figures and those of real bureaus apart.

        Raises:
            ValueError: the home holds pages of the other kind.
        """
        if not self.home.lake.exists():
            return
        invented = pl.col("url").str.starts_with(f"http://{HOST}/")
        if self.sources_file and any(HOST in page for source in self.source_list() for page in source.list_pages):
            return  # a list of one's own on the sample's sites
        if self.sources_file and self.store.count(invented):
            raise ValueError(
                f"{self.home.folder} holds the sample's pages, whose figures are invented; name another home by --home or "
                "MINZHENG_HOME, or move that folder aside"
            )
        if not self.sources_file and self.store.count(~invented):
            raise ValueError(
                f"{self.home.folder} holds pages of real bureaus, and no source list is named: the sample's invented figures "
                "would stand beside them. Name the list by --sources or MINZHENG_SOURCES, or another home by --home"
            )

    @property
    def home(self) -> Home:
        """The layout of the home folder."""
        return Home(Path(self.home_folder))

    @property
    def store(self) -> SnapshotStore:
        """The snapshots."""
        return SnapshotStore(self.home.lake, copy=os.environ.get(LAKE_COPY, ""))

    @property
    def catalog(self) -> Catalog:
        """The knowledge files, read once a process."""
        return load_catalog()

    def source_list(self) -> SourceList:
        """The bureaus, as the source list says now.

        Raises:
            fetching.sources.SourcesError: the file as a whole cannot be used.
        """
        return read_sources(self.sources_file, self.catalog.places)

    def sources_of(self, cities: Iterable[str]) -> SourceList:
        """The source list with only the bureaus of these partitions."""
        source_list, wanted = self.source_list(), set(cities)
        return dataclasses.replace(
            source_list, sources=tuple(source for source in source_list if city_key(source) in wanted)
        )

    def served(self) -> AbstractContextManager[Mapping[str, tuple[str, int]]]:
        """Serve the sample's sites while they are fetched; yields the hosts that are ours, and where."""
        return served(self.sources_file)

    def all_readings(self) -> AllReadings:
        """The readings of every city of the source list by the reader as it is now."""
        codes = {source.place.code for source in self.source_list()}
        return AllReadings(self.home, READER_VERSION, tuple(sorted(codes)))


def give_up(instance: dg.DagsterInstance, died: Holder) -> None:
    """Say of a run that died in the home that it failed, so that neither Dagster's queue nor a person waits for it."""
    run = instance.get_run_by_id(died.run_id) if died.run_id else None
    if run is not None and not run.is_finished:
        instance.report_run_failed(run, f"Its process is gone: {died}. What it left undone the next run does.")
    if run is not None and instance.event_log_storage.supports_global_concurrency_limits:
        instance.event_log_storage.free_concurrency_slots_for_run(died.run_id)


def not_made(what: str, asset: str) -> dg.Failure:
    """Return the failure of an asset that was materialized before those that it is made of.

    Args:
        what: what is missing, as `there is no published file`.
        asset: whose materialization would make it.
    """
    return dg.Failure(
        f"{what}: materialize `{asset}` first; or everything in its order by the job `nightly` (Jobs → nightly → "
        "Materialize all → All → Launch), or by `minzheng run`",
        allow_retries=False,
    )


def cities_of_run(context: dg.AssetExecutionContext) -> Sequence[str]:
    """Return the partitions that a run is about.

    Raises:
        dagster.Failure: one of them is not on the source list any more; the page that it was chosen on is older than the list.
    """
    try:
        cities: Sequence[str] = context.partition_keys
    except dg.DagsterInvalidInvocationError as error:
        chosen = {city for tag, city in context.run.tags.items() if tag in CITY_TAGS}
        raise dg.Failure(
            f"{' to '.join(sorted(chosen))}: no bureau of such a city is on the source list (any more). Press Reload "
            "definitions (Deployment → minzheng) to see the cities of today, or put the bureau back on the list. What was "
            "read of it before is kept.",
            allow_retries=False,
        ) from error
    return cities


def city_key(source: Source) -> str:
    """The partition that a bureau belongs to: `510100 成都市`."""
    return f"{source.place.code} {source.place.name}"


def code_of(city: str) -> str:
    """The place code in a partition's key."""
    return city.split(" ", 1)[0]


def sources_in(sources: Iterable[Source], city: str) -> list[str]:
    """The ids of the bureaus of one city."""
    return [source.id for source in sources if city_key(source) == city]

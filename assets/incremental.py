"""Reading only what has not been read: which page versions are new to the reader, and how their readings join the old.

The readings of a city lie in a folder of the reader's version, so a changed reader finds nothing and reads all anew. Pure
functions over frames but for `load` and `save`; knows nothing of Dagster.
"""

import functools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import polars as pl

from assets.home import Home, fingerprint, origin_of, read_frame, write_frame
from assets.limits import processor_seconds
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, Reading, empty
from warehouse.star import bulletins

#: What a page is to the reader: a page that is the same in all of this reads the same. Its text is in `text_sha256`.
_CONTENT = (
    "fetched_at",
    "snapshot_sha256",
    "text",
    "grids",
)  # what reader and text make of a page follows from its text_sha256
IDENTITY = {name: dtype for name, dtype in PAGES.items() if name not in _CONTENT}

#: Pages that the reader could not get through, with the error that stopped it.
BROKEN = {"bulletin_key": pl.String(), "title": pl.String(), "url": pl.String(), "detail": pl.String()}

#: Pages that are read at a time, so that memory stays bounded however many are new, and a lost worker loses little.
BATCH = 100


@dataclass(frozen=True)
class CityReadings:
    """What one version of the reader has read of one city.

    Attributes:
        pages: the page versions that were read, schema IDENTITY.
        observations: schema OBSERVATIONS.
        ledger: schema LEDGER.
    """

    pages: pl.DataFrame
    observations: pl.DataFrame
    ledger: pl.DataFrame

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the folder of a city; without pages where nothing was read yet."""
        return cls(
            read_frame(folder / "pages.parquet", IDENTITY),
            read_frame(folder / "observations.parquet", OBSERVATIONS),
            read_frame(folder / "ledger.parquet", LEDGER),
        )

    def save(self, folder: Path) -> None:
        """Write the folder of a city. `pages.parquet` comes last: what it does not name counts as not read."""
        write_frame(self.observations, folder / "observations.parquet")
        write_frame(self.ledger, folder / "ledger.parquet")
        write_frame(self.pages, folder / "pages.parquet", fingerprint(self.pages.write_csv()))

    def unread(self, pages: pl.DataFrame) -> pl.DataFrame:
        """Return those of `pages` (schema PAGES) that were not read as they are now."""
        return _unread(pages, self.pages)

    def updated(self, pages: pl.DataFrame, just_read: pl.DataFrame, reading: Reading) -> Self:
        """Return the readings of exactly `pages`: those of `just_read` from `reading`, the others as they were.

        Pages that were neither read before nor just now are left out, so that they are tried again.
        """
        kept = self.pages.join(pages, on=list(IDENTITY), how="semi", nulls_equal=True)
        new = just_read.select(list(IDENTITY))

        def join(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
            old = before.join(kept, on="bulletin_key", how="semi").join(new, on="bulletin_key", how="anti")
            return pl.concat([old, now.join(new, on="bulletin_key", how="semi")]).sort("bulletin_key", "start")

        return type(self)(
            pl.concat([kept, new]).sort("bulletin_key"),
            join(self.observations, reading.observations),
            join(self.ledger, reading.ledger),
        )


def unread_pages(pages: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return those of `pages` that were not read as they are now into the folder of their city; loads no observation."""
    return _unread(pages, read_frame(folder / "pages.parquet", IDENTITY))


def _unread(pages: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    return pages.join(read, on=list(IDENTITY), how="anti", nulls_equal=True)


@dataclass(frozen=True)
class AllReadings:
    """The readings of many places by one version of the reader, loaded when they are asked for."""

    home: Home
    reader_version: str
    place_codes: tuple[str, ...]

    @functools.cached_property
    def inputs(self) -> Mapping[str, str]:
        """The fingerprints of each place's page versions and of what was read of them; known without loading either.

        A page that is put back as it was is not read again, yet another of its versions is in force: only the first tells.
        """
        pages = {f"pages/{code}": origin_of(self.home.pages(code)) for code in self.place_codes}
        return pages | {
            f"readings/{code}": origin_of(self._folder(code) / "pages.parquet") for code in self.place_codes
        }

    @property
    def origin(self) -> str:
        """The fingerprint of all that was read, and by which reader."""
        return fingerprint(self.reader_version, *self.place_codes, *self.inputs.values())

    def parted(self, most: int) -> dict[str, Self]:
        """Return the readings as one part, `all`, while they are at most `most` observations; else as a part a province."""
        files = self.files("observations")
        if not files or pl.scan_parquet(files, glob=False).select(pl.len()).collect().item() <= most:
            return {"all": self}
        provinces: dict[str, list[str]] = {}
        for code in self.place_codes:
            provinces.setdefault(code[:2], []).append(code)
        return {province: replace(self, place_codes=tuple(codes)) for province, codes in provinces.items()}

    def pages(self) -> pl.DataFrame:
        """The page versions that were read, schema PAGES."""
        texts = pl.concat([empty(PAGES), *(read_frame(self.home.pages(code), PAGES) for code in self.place_codes)])
        return texts.join(self._gather("pages.parquet", IDENTITY), on="bulletin_key", how="semi")

    def bulletins(self) -> pl.DataFrame:
        """The page versions that were read, without their texts: schema `warehouse.star.BULLETINS`."""
        files = [file for code in self.place_codes if (file := self.home.pages(code)).exists()]
        if not files:
            return bulletins(empty(PAGES).lazy()).collect()
        texts = bulletins(pl.scan_parquet(files, glob=False)).collect(engine="streaming")
        return texts.join(self._gather("pages.parquet", IDENTITY), on="bulletin_key", how="semi")

    def files(self, name: str) -> list[Path]:
        """The Parquet files of all places with the rows of `observations` or `ledger`."""
        files = (self._folder(code) / f"{name}.parquet" for code in self.place_codes)
        return [file for file in files if file.exists()]

    def observations(self) -> pl.DataFrame:
        """All observations, schema OBSERVATIONS."""
        return self._gather("observations.parquet", OBSERVATIONS)

    def ledger(self) -> pl.DataFrame:
        """The verdicts on all numbers, schema LEDGER."""
        return self._gather("ledger.parquet", LEDGER)

    def _folder(self, place_code: str) -> Path:
        return self.home.readings(self.reader_version, place_code)

    def _gather(self, file: str, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
        frames = (read_frame(self._folder(code) / file, schema) for code in self.place_codes)
        return pl.concat([empty(schema), *frames])


#: Of processor. The longest bulletins that are known take one; a page of which more is asked is left, and tried again.
SECONDS_A_PAGE, SECONDS_A_FURTHER_PAGE = 60.0, 1.0
Spread = Callable[[Callable[[pl.DataFrame], "BatchReading"], Iterable[pl.DataFrame]], Iterator["BatchReading"]]
#: What was read of a batch of pages, and the pages that could not be read, schema BROKEN.
BatchReading = tuple[Reading, pl.DataFrame]


def read_in_batches(
    cities: Iterable[pl.DataFrame], read: Callable[[pl.DataFrame], Reading], spread: Spread = map
) -> Iterator[BatchReading]:
    """Read pages with bounded memory, and let no page stop the others.

    Args:
        cities: the pages (schema PAGES) of one city after another; the next ones are asked for when a reader is free.
        read: reads some pages.
        spread: `map`, or something that does the same elsewhere, in the same order.

    Yields:
        What was read of each city, in their order.
    """
    left: deque[int] = deque()  # of each city that was begun, the batches whose readings did not come

    def batches() -> Iterator[pl.DataFrame]:
        for pages in cities:
            left.append(-(-pages.height // BATCH))
            yield from pages.iter_slices(BATCH)

    come: list[BatchReading] = []
    for batch in spread(functools.partial(read_batch, read), batches()):
        while not left[0]:
            left.popleft()
            yield _joined([])
        come.append(batch)
        left[0] -= 1
        if not left[0]:
            left.popleft()
            yield _joined(come)
            come = []
    yield from (_joined([]) for _ in left)


def _joined(batches: Sequence[BatchReading]) -> BatchReading:
    observations, ledger, broken = [empty(OBSERVATIONS)], [empty(LEDGER)], [pl.DataFrame(schema=BROKEN)]
    for reading, broken_pages in batches:
        observations.append(reading.observations)
        ledger.append(reading.ledger)
        broken.append(broken_pages)
    return Reading(pl.concat(observations), pl.concat(ledger)), pl.concat(broken)


def read_with_catalog(pages: pl.DataFrame) -> Reading:
    """Read pages with the catalogue of whichever process this is, which loads the reader only now."""
    from bulletins.read import read_pages

    return read_pages(pages)


def read_batch(read: Callable[[pl.DataFrame], Reading], batch: pl.DataFrame) -> BatchReading:
    """Read some pages; if one stops the reader, or holds it too long, read them one by one, to find the one at fault."""
    try:
        with processor_seconds(SECONDS_A_PAGE + (batch.height - 1) * SECONDS_A_FURTHER_PAGE):
            return read(batch), pl.DataFrame(schema=BROKEN)
    except Exception as error:
        if batch.height > 1:
            return _joined([read_batch(read, page) for page in batch.iter_slices(1)])
        detail = f"the reader failed ({type(error).__name__}: {error}); report the page, it is tried again"
        broken_page = batch.select("bulletin_key", "title", "url", detail=pl.lit(detail))
        return Reading(empty(OBSERVATIONS), empty(LEDGER)), broken_page.cast(pl.Schema(BROKEN))

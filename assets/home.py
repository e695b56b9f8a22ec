"""Where everything lies: the layout of the home folder, known here and nowhere else.

The home is `data/` in the working directory, or `$MINZHENG_HOME`; the bundled sample's is `data/sample`. Here belong paths and how a file in the home is
written; what stands in the files belongs to the rooms that make them. Knows nothing of Dagster.
"""

import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import polars as pl

from assets.hold import WAIT_SECONDS, Holder, held, is_held
from bulletins.frames import conform, empty
from fetching.sealing import UNSEALED, seal

#: Where all data lies that has no other place, in the working directory.
DEFAULT = "data"
#: Bytes that must be free even for the smallest run.
MINIMAL_ROOM = 500 * 10**6


@dataclass(frozen=True)
class Home:
    """The folders and files below one home folder.

    lake/                                 snapshots: raw bytes as they were got; never changed, never deleted
    readings/pages/CODE.parquet           every version of every page of a city, as text
    readings/without_text/CODE.parquet    snapshots of a city's pages that hold no text
    readings/by_reader/VERSION/CODE/      observations and ledger of a city, as this version of the reader reads them
    readings/checked/                     valid observations, quarantine, and the reports of the checks
    readings/resolved/                    facts, conflicts, and the observations with the cell that each belongs to
    warehouse/staging/                    the star while it is built and checked
    warehouse/warehouse.duckdb            the published star, and in warehouse/releases/ the ones before it
    warehouse/origin                      what the newest star was made from
    decisions.yaml                        what people decided about single observations
    nights.jsonl                          a line for each night that came to its end
    damaged/                              files that were found damaged and made again, for a look
    dagster/                              Dagster's own records: runs, events, schedules
    """

    folder: Path

    @classmethod
    def of(cls, folder: Path | None = None, *, sample: bool | None = None) -> Self:
        """Return the home in `folder`, else the one that `$MINZHENG_HOME` names, else `data/` in the working directory.

        Args:
            folder: what the user named.
            sample: whether the run is of the bundled sample, whose figures are invented and have a home of their own,
                `data/sample`. None for a question: it is answered from there as long as there is no other home.
        """
        if named := folder or os.environ.get("MINZHENG_HOME"):
            return cls(Path(named).absolute())
        real, invented = cls(Path(DEFAULT).absolute()), cls((Path(DEFAULT) / "sample").absolute())
        only_the_sample = invented.folder.exists() and not (real.lake.exists() or real.warehouse.exists())
        return invented if (only_the_sample if sample is None else sample) else real

    @property
    def lake(self) -> Path:
        """The snapshot store."""
        return self.folder / "lake"

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file."""
        return self.folder / "warehouse" / "warehouse.duckdb"

    def staging(self, origin: str) -> Path:
        """The DuckDB file of that origin, which holds every check; it becomes `warehouse`."""
        return self.folder / "warehouse" / "staging" / f"{origin}.duckdb"

    def unchecked(self, origin: str) -> Path:
        """The DuckDB file of that origin while it is built and checked; it stays here, for a look, if a check is broken."""
        return self.staging(origin).with_suffix(".unchecked")

    @property
    def published_origin(self) -> Path:
        """Holds the origin of the newest published star: a night with the same one has nothing to publish."""
        return self.folder / "warehouse" / "origin"

    @property
    def decisions(self) -> Path:
        """What people decided about single observations, see `expectations.corrections`."""
        return self.folder / "decisions.yaml"

    @property
    def nights(self) -> Path:
        """A JSON line for each night that came to its end: `ended_at`, `release`, `changed`."""
        return self.folder / "nights.jsonl"

    @property
    def damaged(self) -> Path:
        """Files that were found damaged; nothing reads them."""
        return self.folder / "damaged"

    @property
    def dagster(self) -> Path:
        """Dagster's home, unless the user has one of their own in `$DAGSTER_HOME`."""
        return self.folder / "dagster"

    @property
    def checked(self) -> Path:
        """Valid observations, quarantine, and check reports."""
        return self.folder / "readings" / "checked"

    @property
    def resolved(self) -> Path:
        """Facts, conflicts and resolved observations."""
        return self.folder / "readings" / "resolved"

    @property
    def free_bytes(self) -> int:
        """Room on the disk that the home lies on, or will lie on."""
        return shutil.disk_usage(next(path for path in (self.folder, *self.folder.parents) if path.exists())).free

    @property
    def needed_bytes(self) -> int:
        """Room without which no run should begin: for the star, its kept copy, and what is written on the way."""
        published = self.warehouse.stat().st_size if self.warehouse.exists() else 0
        return max(MINIMAL_ROOM, 4 * published)

    def require_room(self) -> None:
        """Stop before damage is done.

        Raises:
            OSError: too little room is left on the disk.
        """
        if self.free_bytes < self.needed_bytes:
            free, needed = self.free_bytes / 1e9, self.needed_bytes / 1e9
            raise OSError(f"{self.folder}: {free:.2f} GB are free and a run needs {needed:.2f} GB; make room first")

    @contextmanager
    def alone(
        self,
        on_wait: Callable[[Holder | None], object],
        holder: Holder | None = None,
        at_most: float = WAIT_SECONDS,
    ) -> Iterator[Holder | None]:
        """Hold the home, waiting for whoever holds it, and yield who held it before and died; see `hold.held`.

        Raises:
            HeldError: it was held for `at_most` seconds.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with held(self._lock, holder or Holder(), on_wait, at_most) as died:
            yield died

    def is_held(self) -> bool:
        """Whether some process holds the home now."""
        return is_held(self._lock)

    @property
    def _lock(self) -> Path:
        return self.folder / ".lock"

    def pages(self, place_code: str) -> Path:
        """Every page version of a city."""
        return self.folder / "readings" / "pages" / f"{place_code}.parquet"

    def unread_pages(self, place_code: str) -> Path:
        """The snapshots of a city's pages that hold no text to read."""
        return self.folder / "readings" / "without_text" / f"{place_code}.parquet"

    def readings(self, reader_version: str, place_code: str) -> Path:
        """The folder of a city's readings by one version of the reader."""
        return self.folder / "readings" / "by_reader" / reader_version / place_code


def write_frame(frame: pl.DataFrame, path: Path, origin: str = "") -> None:
    """Write `frame` as Parquet so that `path` holds the old frame or the new one, never a part of one.

    `origin` is kept in the file: the fingerprint of all that the frame was computed from, see `origin_of`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    frame.write_parquet(partial, metadata={"origin": origin, **UNSEALED})
    seal(partial)
    partial.replace(path)


def join_frames(parts: Sequence[Path], path: Path, origin: str = "") -> None:
    """Write the rows of frames that `write_frame` wrote to `path`, one frame after the other, without loading them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    rows = pl.scan_parquet(list(parts), glob=False)
    rows.sink_parquet(partial, metadata={"origin": origin, **UNSEALED}, maintain_order=True)
    seal(partial)
    partial.replace(path)


def read_frame(path: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Read a frame that `write_frame` wrote; one without rows where nothing was written yet.

    Raises:
        ValueError: the file does not fit `schema`.
    """
    return conform(pl.read_parquet(path, glob=False), schema) if path.exists() else empty(schema)


def read_columns(path: Path, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Read of a frame that `write_frame` wrote the columns in `schema` alone; no rows where nothing was written yet."""
    return conform(pl.read_parquet(path, columns=list(schema), glob=False), schema) if path.exists() else empty(schema)


def origin_of(path: Path) -> str:
    """Return the fingerprint of what a frame was computed from; empty where the file is not there.

    A step whose inputs have the fingerprint that its output bears has nothing to do.
    """
    return pl.read_parquet_metadata(path).get("origin", "") if path.exists() else ""


def read_marker(path: Path) -> str:
    """Return the origin that stands in a file of its own, beside what is no frame; empty where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def fingerprint(*parts: str) -> str:
    """Return the SHA-256 of all `parts` in their order."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def code_version(*packages: str) -> str:
    """Return the fingerprint of the code and data files of `packages`: what a changed rule decided is decided anew."""
    folders = [Path(__file__).resolve().parents[1] / package for package in packages]
    kinds = {".py", ".sql", ".csv", ".yaml"}
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in kinds)
    return fingerprint(*(file.read_text(encoding="utf-8") for file in files))

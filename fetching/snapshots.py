"""The snapshot store: the bytes that were got, and a row for each time that something was asked for.

Here belongs how bytes and rows are laid down for good and read back. What was got is kept by its content: `blobs/`
holds each body once, under the SHA-256 of its bytes, compressed with zstd. How it was got is in `manifest/`: Parquet
segments of retrievals, of which none is ever changed; `compact` only joins small ones into larger. Whether an
answer is a bulletin is decided elsewhere (`verdict.py`) and only recorded here.

The store lies on any address that fsspec knows: a folder, `s3://bucket/lake`, `memory://lake`. Every file appears whole
or not at all, and a row is written after its blob: a process that is killed leaves at most a blob without a row.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import hashlib
import io
import itertools
import json
import os
import posixpath
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import zstandard
from fsspec.implementations.local import LocalFileSystem

from bulletins.frames import UTC
from fetching.sealing import UNSEALED, fault_in, sealed

ZSTD_LEVEL = 9
_SMALL_SEGMENT = 256 * 1024  # bytes; larger ones wait for the month's end, so that a night's work stays in proportion
_ROWS_JOINED = 250_000
_LARGEST = 2**30  # bytes of a body; what is fetched is a tenth of it at most
_MONTH = "month-"
RESTORE = "restore it from a backup (or name one in MINZHENG_LAKE_COPY) or a WARC export; or verify with --drop-damaged, and the next run fetches it again"

RESTORE_ROWS = (
    "put the file back from a backup to have them again, the pages of today are asked for again by the next run"
)

#: One attempt to get one address, whatever came of it.
MANIFEST: Mapping[str, pl.DataType] = {
    "retrieval_id": pl.String(),  # <run>-<number in the run>
    "retrieved_at": UTC,  # by the clock of that time
    "ordered_at": UTC,  # null but where the clock was behind rows that were there: then it comes after them all the same
    "source_id": pl.String(),
    "url": pl.String(),  # as it was asked for
    "final_url": pl.String(),  # after redirects
    "role": pl.String(),  # list, page, part (of a page), attachment, robots, probe, script
    "parent_url": pl.String(),  # the page that links to it
    "title": pl.String(),  # the words of that link
    "status": pl.Int32(),  # of HTTP; null where no answer came
    "outcome": pl.String(),  # NEW, CHANGED, UNCHANGED, GONE, BLOCKED, FAILED, DEFERRED
    "reason": pl.String(),  # short code of why: not_modified, same_text, challenge, timeout, …
    "detail": pl.String(),  # one line for people: what happened and what to do; empty where nothing is to be done
    "headers": pl.String(),  # JSON object, names in lower case; null where nothing new was stored
    "body_sha256": pl.String(),  # of the bytes that came; null where none did
    "snapshot_sha256": pl.String(),  # the blob that stands for the answer: what came, or the version that still holds
    "text_sha256": pl.String(),  # of the normalised main text; null where there is none
    "parts": pl.List(pl.String()),  # blobs of the further pages of an article, in order
    "bytes": pl.Int64(),
    "seconds": pl.Float64(),
    "attempts": pl.Int32(),
    "tls": pl.String(),  # verified, legacy (verified, old protocol), or empty for plain http
    "policy_sha256": pl.String(),  # blob with the rules it was got by: the source's entry, user agent, limits
    "listed_on": pl.Date(),  # the date that the list shows beside the link
    "list_column": pl.String(),  # the title of the list that leads there
    "clues": pl.String(),  # JSON object: what the page says of its date, title and publisher, and what was chosen
    "losses": pl.String(),  # JSON array of what was held back (see `losses.py`); empty where nothing was
}

#: Outcomes after which a version of the page is in force.
GOOD = ("NEW", "CHANGED", "UNCHANGED")
#: Retrievals that a person should look at.
TROUBLE = pl.col("detail") != ""
#: Reason of a page that a person saved and brought.
IMPORTED = "imported"
#: Reason of a list page that is there but has no link that the source follows.
NOTHING_FOLLOWED = "nothing_followed"
ORDER = ("ordered_at", "retrieved_at", "retrieval_id")
#: When a row counts as retrieved among the others; a column of frames that `manifest` made.
ORDERED = pl.coalesce("ordered_at", "retrieved_at")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """One row of the manifest; the fields are those of `MANIFEST`."""

    retrieval_id: str
    retrieved_at: dt.datetime
    source_id: str
    url: str
    final_url: str
    role: str
    outcome: str
    reason: str = ""
    detail: str = ""
    parent_url: str | None = None
    title: str | None = None
    status: int | None = None
    headers: str | None = None
    body_sha256: str | None = None
    snapshot_sha256: str | None = None
    text_sha256: str | None = None
    parts: tuple[str, ...] = ()
    bytes: int | None = None
    seconds: float | None = None
    attempts: int = 0
    tls: str = ""
    policy_sha256: str | None = None
    listed_on: dt.date | None = None
    list_column: str | None = None
    clues: str = ""
    losses: str = ""
    ordered_at: dt.datetime | None = None


class SnapshotError(Exception):
    """A snapshot that cannot be read back as it was stored: names the file and what to do."""


class SnapshotStore:
    """Bytes by their SHA-256, and the manifest of retrievals, at an fsspec address.

    Safe to use from several threads and processes at once: blobs are named by their content, segments at random.

    Args:
        root: a folder or an fsspec address; made when first written to.
        copy: the address of a copy, as a backup that is kept beside; what is damaged or missing is restored from there.
        storage_options: what fsspec needs to reach it (`key`, `secret`, `endpoint_url` …).
    """

    def __init__(self, root: str | Path, *, copy: str = "", **storage_options: Any) -> None:
        self.root = str(root)
        self._copy = SnapshotStore(copy) if copy else None
        self._files, self._path = fsspec.url_to_fs(self.root, **storage_options)
        self._local = isinstance(self._files, LocalFileSystem)

    # --- bytes ---

    def put(self, raw: bytes) -> str:
        """Keep `raw` and return its SHA-256 in hexadecimal. What is there stays as it is, unless it is damaged."""
        sha256 = hashlib.sha256(raw).hexdigest()
        try:
            self.get(sha256)
        except SnapshotError:
            self._write(self.blob_path(sha256), zstandard.compress(raw, ZSTD_LEVEL))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes of that SHA-256.

        Raises:
            SnapshotError: they are not there, or not what was stored.
        """
        try:
            return self._got(sha256)
        except SnapshotError:
            if self._copy is None:
                raise
            with contextlib.suppress(SnapshotError):
                raw = self._copy.get(sha256)
                self._write(self.blob_path(sha256), zstandard.compress(raw, ZSTD_LEVEL))
                return raw
            raise

    def _got(self, sha256: str) -> bytes:
        path = self.blob_path(sha256)
        try:
            packed = self._files.cat_file(path)
            if zstandard.frame_content_size(packed) > _LARGEST:
                raise SnapshotError(f"{path}: would unpack to more than {_LARGEST:,} bytes; {RESTORE}")
            raw: bytes = zstandard.decompress(packed)
        except FileNotFoundError as error:
            raise SnapshotError(f"{path}: is missing; {RESTORE}") from error
        except zstandard.ZstdError as error:
            raise SnapshotError(f"{path}: is damaged ({error}); {RESTORE}") from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise SnapshotError(f"{path}: holds other bytes than were stored; {RESTORE}")
        return raw

    def blob_path(self, sha256: str) -> str:
        """Where the bytes of that SHA-256 lie."""
        return posixpath.join(self._path, "blobs", sha256[:2], f"{sha256}.zst")

    def blobs(self) -> dict[str, int]:
        """The SHA-256 of everything that is kept, and how many bytes it takes, compressed."""
        return {posixpath.basename(path).removesuffix(".zst"): size for path, size in self._find("blobs", ".zst")}

    def remove_blob(self, sha256: str) -> None:
        """Drop the bytes of that SHA-256: for `archive`, which knows what no page needs, and what is damaged."""
        self._files.rm_file(self.blob_path(sha256))

    # --- the manifest ---

    def append(self, rows: Sequence[Retrieval]) -> None:
        """Write `rows` as a new segment of the manifest."""
        if rows:
            self._write_segment(frame_of(rows))

    def manifest(self, columns: Sequence[str] | None = None, *, where: pl.Expr | None = None) -> pl.DataFrame:
        """The retrievals that fit `where`, oldest first, each once; only the `columns` that are asked for."""
        wanted = list(columns or MANIFEST)

        def question(rows: pl.LazyFrame) -> pl.LazyFrame:
            rows = rows if where is None else rows.filter(where)
            rows = rows.select(list(dict.fromkeys([*wanted, *ORDER])))
            # A compaction that was cut short leaves rows both in the joined file and in what it was joined from.
            return rows.unique("retrieval_id", keep="any").sort(ORDERED, *ORDER[1:]).select(wanted)

        return self._answer("manifest", MANIFEST, question)

    def count(self, where: pl.Expr) -> int:
        """How many rows fit `where`; one that stands there twice counts twice."""
        rows: int = self._answer("manifest", MANIFEST, lambda rows: rows.filter(where).select(pl.len())).item()
        return rows

    def latest(self) -> dt.datetime | None:
        """When the last row counts as retrieved; later than now where a clock ran ahead, None where there is none."""
        rows = self._answer("manifest", MANIFEST, lambda rows: rows.select(ORDERED.max().alias("latest")))
        latest: dt.datetime | None = rows.item()
        return latest

    def compact(self) -> None:
        """Join segments, the small ones of this month and all of earlier months; what the manifest holds stays the same.

        A month that is over is sorted by address, which makes a fifteenth of it: mostly the same, night after night.
        """
        months: dict[str, list[tuple[str, int]]] = {}
        for path, size in self._find("manifest", ".parquet"):
            months.setdefault(posixpath.dirname(path), []).append((path, size))
        for month, segments in months.items():
            with contextlib.suppress(FileNotFoundError):  # another compaction is at work here
                if month == max(months):
                    self._join([path for path, size in segments if size < _SMALL_SEGMENT], "")
                elif not all(posixpath.basename(path).startswith(_MONTH) for path, _ in segments):
                    self._join([path for path, _ in segments], _MONTH)

    def _join(self, segments: Sequence[str], prefix: str) -> None:
        if len(segments) < 2:
            return
        rows = self._scan(segments)
        # By shares of the addresses, so that a month of large nights need not fit into memory at once.
        shares = -(-rows.select(pl.len()).collect().item() // _ROWS_JOINED)
        share = pl.col("url").hash() % shares
        written, height = [], 0
        for number in range(shares):
            joined = (
                rows.filter(share == number)
                .unique("retrieval_id", keep="any")
                .sort("url", ORDERED, *ORDER[1:])
                .collect()
            )
            if not joined.is_empty():
                written.append(self._write_segment(joined, prefix))
                height += joined.height
        if self._scan(written).select(pl.len()).collect().item() == height:
            for path in segments:
                with contextlib.suppress(FileNotFoundError):
                    self._files.rm_file(path)

    def _answer(
        self, folder: str, schema: Mapping[str, pl.DataType], question: Callable[[pl.LazyFrame], pl.LazyFrame]
    ) -> pl.DataFrame:
        """The answer to a question to all rows below a folder."""
        before: list[str] = []
        for attempt in itertools.count(1):
            paths = [path for path, _ in self._find(folder, ".parquet")]
            try:
                return question(self._scan(paths, schema)).collect()
            except FileNotFoundError:  # another process joined or replaced files between listing and reading
                if attempt >= 3 and paths == before:  # while files come and go, it is at work
                    raise
            before = paths
        raise AssertionError("unreachable")

    def _scan(self, paths: Sequence[str], schema: Mapping[str, pl.DataType] = MANIFEST) -> pl.LazyFrame:
        """The rows of Parquet files; columns that a file lacks are null, those that the schema lacks are left out."""
        if not paths:
            return pl.LazyFrame(schema=dict(schema))
        sources: list[Any] = list(paths) if self._local else list(self._files.cat(list(paths)).values())
        return pl.scan_parquet(
            sources, schema=dict(schema), missing_columns="insert", extra_columns="ignore", glob=False
        )

    def _write_segment(self, rows: pl.DataFrame, prefix: str = "") -> str:
        first: dt.datetime = rows.select(pl.col("retrieved_at").min()).item()
        name = f"{prefix}{first:%Y%m%dT%H%M%S}-{secrets.token_hex(6)}.parquet"
        path = posixpath.join(self._path, "manifest", f"{first:%Y-%m}", name)
        self._write(path, _parquet(rows))
        return path

    # --- what can be made again ---

    def derived(self, name: str, schema: Mapping[str, pl.DataType], *, where: pl.Expr | None = None) -> pl.DataFrame:
        """The rows that were added under `name` and fit `where`; none if it was deleted meanwhile."""
        folder = posixpath.join("derived", name)
        return self._answer(folder, schema, lambda rows: rows if where is None else rows.filter(where))

    def add_derived(self, name: str, rows: pl.DataFrame) -> None:
        """Keep rows that were made from snapshots and can be made again, to save the making."""
        if not rows.is_empty():
            path = posixpath.join(self._path, "derived", name, f"{secrets.token_hex(8)}.parquet")
            self._write(path, _parquet(rows))

    def replace_derived(self, name: str, rows: pl.DataFrame) -> None:
        """Keep `rows` in place of all that was added under `name`."""
        before = self._find(posixpath.join("derived", name), ".parquet")
        self.add_derived(name, rows)
        for path, _ in before:
            with contextlib.suppress(FileNotFoundError):
                self._files.rm_file(path)

    def keep_derived(self, names: Collection[str]) -> None:
        """Delete all that was made from snapshots except what stands under these names."""
        for path, _ in self._find("derived", ".parquet"):
            if posixpath.basename(posixpath.dirname(path)) not in names:
                with contextlib.suppress(FileNotFoundError):
                    self._files.rm_file(path)

    # --- what is damaged ---

    def set_damaged_aside(self) -> list[str]:
        """Look through all rows, and move files that are not whole to `damaged/`; return a line for each, what to do in it.

        What was made from snapshots is made again. What the manifest loses is asked for again; `archive.restate` says what is
        still known.
        """
        told = []
        for path, fault in self.faults():
            kept = self._move_aside(path)
            if self._restored(path):
                what = "restored from the copy"
            else:
                derived = "/derived/" in path.removeprefix(self._path)
                what = "it is made again" if derived else f"its rows are lost; {RESTORE_ROWS}"
            told.append(f"{path}: {fault}; moved to {kept}; {what}")
        return told

    def faults(self) -> list[tuple[str, str]]:
        """The files of rows that are not whole, and what is wrong with each."""
        found = []
        for path, _ in [*self._find("derived", ".parquet"), *self._find("manifest", ".parquet")]:
            try:
                fault = fault_in(self._files.cat_file(path))
            except FileNotFoundError:  # another process joined or replaced files meanwhile
                continue
            if fault:
                found.append((path, fault))
        return found

    def _restored(self, path: str) -> bool:
        """Whether the copy has that file of rows whole; then it is here again."""
        if self._copy is None:
            return False
        there = posixpath.join(self._copy._path, posixpath.relpath(path, self._path))
        try:
            raw = self._copy._files.cat_file(there)
        except FileNotFoundError:
            return False
        if fault_in(raw):
            return False
        self._write(path, raw)
        return True

    def set_blob_aside(self, sha256: str) -> None:
        """Move bytes that are not what was stored to `damaged/`, so that the next crawl asks for the page again, whole."""
        with contextlib.suppress(FileNotFoundError):
            self._move_aside(self.blob_path(sha256))

    def _move_aside(self, path: str) -> str:
        kept = posixpath.join(self._path, "damaged", f"{secrets.token_hex(4)}-{posixpath.basename(path)}")
        self._files.makedirs(posixpath.dirname(kept), exist_ok=True)
        self._files.mv(path, kept)
        return kept

    # --- files ---

    def _find(self, folder: str, suffix: str) -> list[tuple[str, int]]:
        """The finished files below `folder` and their sizes."""
        self._files.invalidate_cache()  # other processes write too
        found = self._files.find(posixpath.join(self._path, folder), detail=True)
        return sorted((path, int(entry["size"])) for path, entry in found.items() if path.endswith(suffix))

    def _write(self, path: str, data: bytes) -> None:
        """Write a file so that it appears whole or not at all; object stores do that by themselves."""
        if not self._local:
            self._files.pipe_file(path, data)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        with unfinished.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        unfinished.replace(target)


def after(latest: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When a row of `now` counts as retrieved: None, as the clock says, unless rows are there that are not older."""
    return None if latest is None or latest < now else latest + dt.timedelta(microseconds=1)


def kept_headers(headers: Mapping[str, str]) -> str:
    """The headers of an answer as they are kept, a JSON object: without what is a secret between a server and its client."""
    told = {name: value for name, value in headers.items() if name.lower() not in _SECRET_HEADERS}
    return json.dumps(told, ensure_ascii=False)


_SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2", "authentication-info", "proxy-authentication-info"})


def frame_of(rows: Iterable[Retrieval]) -> pl.DataFrame:
    """`rows` as a frame in `MANIFEST`."""
    return pl.DataFrame([dataclasses.asdict(row) for row in rows], schema=dict(MANIFEST))


def _parquet(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd", metadata=UNSEALED)
    return sealed(buffer.getvalue())

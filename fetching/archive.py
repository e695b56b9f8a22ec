"""Care of the snapshots for good: checking them, carrying them to and from WARC files, and letting go of what no page needs.

The versions of pages are never let go of: each published value leads back to one of them.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from fetching.addresses import canonical
from fetching.brought import BroughtError, bring
from fetching.history import MEMORY, History, forget
from fetching.packing import PackingError, unpacked
from fetching.pages import memory_name
from fetching.snapshots import (
    GOOD,
    IMPORTED,
    MANIFEST,
    Retrieval,
    SnapshotError,
    SnapshotStore,
    frame_of,
    kept_headers,
)
from fetching.sources import SourceList

_READERS = 16
#: What becomes of rows that cannot be read.
MOVED = "the next run moves it away and asks for its pages again, or verify with --drop-damaged; better put it back from a backup"
#: Encodings that the reader of archives leaves as they are.
_STILL_PACKED = frozenset({"br", "zstd"})
_MAX_BODY = 256 * 2**20
_ROWS_A_SEGMENT = 10_000
#: Headers of the transfer, not of the body as it is kept; archives carry them under another name.
_OF_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "keep-alive"})
_SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_ROW = "application/vnd.minzheng.retrieval+json"


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of a store found.

    Attributes:
        blobs: how many bodies are kept, and `bytes` how much room they take.
        rows: how many retrievals the manifest holds.
        broken: what a page or its proof needs and cannot be read, a line each that names the file and what to do.
        unneeded: how many bodies no page needs: refused answers, old lists, leftovers of a process that was killed.
    """

    blobs: int
    bytes: int
    rows: int
    broken: tuple[str, ...]
    unneeded: int


def needed(store: SnapshotStore) -> set[str]:
    """The bodies that must be kept: every version of every page, the last lists and rules, and what they were got by."""
    rows = store.manifest(
        ["url", "role", "snapshot_sha256", "parts", "policy_sha256"], where=pl.col("outcome").is_in(GOOD)
    )
    of_pages = pl.col("role").is_in(["page", "part", "attachment"])
    lists = rows.filter(~of_pages).group_by("url").agg(pl.col("snapshot_sha256").last())
    pages = rows.filter(of_pages)
    columns = [lists["snapshot_sha256"], pages["snapshot_sha256"], pages["parts"].explode(), rows["policy_sha256"]]
    return set(pl.concat(columns).drop_nulls())


def verify(store: SnapshotStore, *, drop_damaged: bool = False) -> Verification:
    """Read every body that is kept and compare it with its name, and look for those that are missing.

    Args:
        drop_damaged: delete what is damaged: then the next crawl fetches the page whole, not only what changed.
    """
    broken_rows = (
        store.set_damaged_aside() if drop_damaged else [f"{path}: {fault}; {MOVED}" for path, fault in store.faults()]
    )
    # While rows cannot be read nobody knows what else is needed.
    readable = drop_damaged or not broken_rows
    kept, wanted = store.blobs(), needed(store) if readable else set()

    def problem(sha256: str) -> str | None:
        try:
            store.get(sha256)
        except SnapshotError as error:
            if drop_damaged and sha256 in kept:
                store.remove_blob(sha256)
            return str(error)
        return None

    with ThreadPoolExecutor(_READERS) as readers:
        problems = [line for line in readers.map(problem, sorted(kept.keys() | wanted)) if line]
    return Verification(
        blobs=len(kept),
        bytes=sum(kept.values()),
        rows=store.manifest(["retrieval_id"]).height if readable else 0,
        broken=(*broken_rows, *problems),
        unneeded=len(kept.keys() - wanted) if readable else 0,
    )


def prune(store: SnapshotStore, *, now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=90)) -> int:
    """Let go of bodies that no page needs and that nobody got in the last `keep`; return how many. Their rows stay.

    What was remembered under other versions of the reading code goes, too.
    """
    store.keep_derived({MEMORY, memory_name()})
    got = store.manifest(["retrieved_at", "snapshot_sha256"]).drop_nulls()
    recent = got.filter(pl.col("retrieved_at") >= now - keep)
    loose = set(got["snapshot_sha256"]) - set(recent["snapshot_sha256"]) - needed(store)
    gone = loose & store.blobs().keys()
    for sha256 in gone:
        store.remove_blob(sha256)
    return len(gone)


def export_warc(store: SnapshotStore, path: Path) -> int:
    """Write all retrievals to a WARC 1.1 file, compressed record by record; return how many.

    An answer that was kept is a `response` record, and a `revisit` record where the same bytes were written before; what
    no HTTP answer was the envelope of is a `resource`. The row of the manifest follows as a `metadata` record, from which
    `import_warc` restores it exactly.

    Raises:
        SnapshotError: a body that a page needs cannot be read.
    """
    rows = store.manifest()
    kept = store.blobs().keys() | needed(store)  # what was pruned is not there; what is needed and lost is an error
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as handle:
            export = _Export(WARCWriter(handle, gzip=True, warc_version="1.1"), store)
            export.begin(path.name)
            for row in rows.iter_rows(named=True):
                for sha256 in {row["policy_sha256"], row["snapshot_sha256"]} & kept:
                    export.body(row, sha256)
                export.row(row)
            export.end()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows.height


def import_warc(store: SnapshotStore, path: Path, sources: SourceList, *, now: dt.datetime) -> tuple[int, list[str]]:
    """Take the retrievals of a WARC file into the store; return how many, and what was not taken, a line each.

    A file that `export_warc` wrote is restored row by row; rows that are there already are left out. Of a file that
    another program wrote, answers with status 200 are taken like pages that a person saved: those on the hosts of a
    source, and only if they are pages.
    """
    there = set(store.manifest(["retrieval_id"]).to_series())
    rows: list[Retrieval] = []
    refused: list[str] = []
    captures: list[tuple[dt.datetime, str, dict[str, str], str]] = []
    ours, torn, last_refused = False, "", False
    try:
        for record, body in _records(path):
            kind, url = record.rec_type, record.rec_headers.get_header("WARC-Target-URI")
            last_refused = False
            if kind == "warcinfo":
                ours = b"software: minzheng" in body
                torn = "it has no end" if ours and b"end: whole" not in body else ""
            elif kind == "metadata" and record.content_type == _ROW:
                row = _row(body)
                if row is None:
                    refused.append(f"{path}: a row of it is none of ours ({body[:80]!r}); not taken, the others are")
                    last_refused = True
                elif row.retrieval_id not in there:
                    rows.append(row)
            elif ours and kind in ("response", "resource"):
                store.put(body)
            elif kind == "response" and record.http_headers and record.http_headers.get_statuscode() == "200":
                headers = {name.lower(): value for name, value in record.http_headers.headers}
                captures.append((_captured_at(record, now), url, headers, store.put(body)))
    except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
        torn = str(error)
    if torn:
        refused = refused[:-1] if last_refused else refused  # it is where the file is torn
        refused.append(f"{path}: is torn, or no WARC file ({torn}); what is whole is taken, get the file again")
    for start in range(0, len(rows), _ROWS_A_SEGMENT):
        store.append(rows[start : start + _ROWS_A_SEGMENT])
    taken = _bring_captures(store, sources, captures, refused)
    forget(store)
    return taken + len(rows), refused


def _captured_at(record: Any, now: dt.datetime) -> dt.datetime:
    """When a foreign archive got its answer: an old capture is history, however late it is imported."""
    try:
        moment = dt.datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return now
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(moment.astimezone(dt.UTC), now)


def _bring_captures(
    store: SnapshotStore,
    sources: SourceList,
    captures: list[tuple[dt.datetime, str, dict[str, str], str]],
    refused: list[str],
) -> int:
    """Take captures oldest first, and return how many were taken; `refused` gets a line for each other one."""
    taken: dict[str, dt.datetime] = {}
    count, history = 0, History.of(store)
    for moment, url, headers, sha256 in sorted(captures, key=lambda capture: capture[:2]):
        try:
            body = _unpacked(store.get(sha256), headers)
            if canonical(url) in taken:  # what is known of it has changed
                history = History.of(store)
            row = bring(store, sources, url, body, now=moment, headers=headers, history=history)
            taken[row.url] = max(moment, taken.get(row.url, moment))
            count += 1
        except (BroughtError, PackingError) as error:
            refused.append(
                str(error) if isinstance(error, BroughtError) else f"{url}: is packed with {error}; not taken"
            )
    _restate(store, taken)
    return count


def _unpacked(body: bytes, headers: dict[str, str]) -> bytes:
    """The body as it was before the server packed it. The reader of archives unpacks gzip and deflate itself."""
    encoding = headers.get("content-encoding", "").lower()
    return unpacked(body, encoding, _MAX_BODY) if encoding.strip() in _STILL_PACKED else body


def _restate(store: SnapshotStore, imported: dict[str, dt.datetime]) -> None:
    """Say again what was in force after the last capture of each address, where a later night saw it unchanged.

    The night's row says UNCHANGED of a version that came before the capture; without this the capture would stand.
    """
    rows = store.manifest(where=pl.col("url").is_in(list(imported)) & pl.col("outcome").is_in(GOOD))
    first: dict[str, dict[str, Any]] = {}
    for row in rows.iter_rows(named=True):
        if row["retrieved_at"] > imported[row["url"]] and row["reason"] != IMPORTED:
            first.setdefault(row["url"], row)
    restated = []
    for row in first.values():
        if row["outcome"] == "UNCHANGED":
            again = {"retrieval_id": f"{row['retrieval_id']}-again", "outcome": "CHANGED", "reason": "restated"}
            restated.append(Retrieval(**{**row, **again, **_just_after(row), "parts": tuple(row["parts"] or ())}))
    store.append(restated)


def _just_after(row: Mapping[str, Any]) -> dict[str, Any]:
    moment = dt.timedelta(microseconds=1)
    return {name: row[name] and row[name] + moment for name in ("retrieved_at", "ordered_at")}


def restate(store: SnapshotStore) -> int:
    """Say again of which version an address is, where only rows are left that say it is as it was; return how many.

    After a loss of rows: a version counts from the row that says NEW or CHANGED, and without it the page would be lost too.
    """
    rows = store.manifest(where=pl.col("outcome").is_in(GOOD) & pl.col("snapshot_sha256").is_not_null())
    told = rows.filter(pl.col("outcome") != "UNCHANGED").select("url", "snapshot_sha256")
    lost = rows.join(told, ["url", "snapshot_sha256"], "anti").unique(
        ["url", "snapshot_sha256"], keep="first", maintain_order=True
    )
    again = [
        Retrieval(
            **{
                **row,
                "retrieval_id": f"{row['retrieval_id']}-again",
                "outcome": "CHANGED",
                "reason": "restated",
                "parts": tuple(row["parts"] or ()),
            }
        )
        for row in lost.iter_rows(named=True)
    ]
    store.append(again)
    forget(store)
    return len(again)


class _Export:
    """Writes bodies and rows as WARC records, every body once."""

    def __init__(self, writer: WARCWriter, store: SnapshotStore) -> None:
        self._writer = writer
        self._store = store
        self._resources: set[str] = set()
        self._responses: dict[str, tuple[str, str, str]] = {}  # payload digest, address and date of the first

    def begin(self, name: str) -> None:
        """Say what wrote the file."""
        facts = {"software": "minzheng", "format": "WARC File Format 1.1", "conformsTo": _SPECIFICATION}
        self._writer.write_record(self._writer.create_warcinfo_record(name, facts))

    def end(self) -> None:
        """Say that the file is whole: a torn one lacks this record."""
        self._writer.write_record(self._writer.create_warcinfo_record("", {"software": "minzheng", "end": "whole"}))

    def body(self, row: dict[str, Any], sha256: str) -> None:
        """Write a body as what it was: an answer, or a resource of our own."""
        if sha256 != row["body_sha256"] or row["status"] is None:
            if sha256 not in self._resources:
                self._resources.add(sha256)
                self._write(
                    row, f"urn:sha256:{sha256}", "resource", self._store.get(sha256), "application/octet-stream"
                )
            return
        headers = [
            (f"X-Archive-Orig-{name}" if name in _OF_TRANSFER else name, value)
            for name, value in json.loads(kept_headers(json.loads(row["headers"] or "{}"))).items()
        ]
        http = StatusAndHeaders(
            f"{row['status']} ", [*headers, ("Content-Length", str(row["bytes"]))], protocol="HTTP/1.1"
        )
        if sha256 in self._responses:
            record = self._writer.create_revisit_record(
                row["final_url"], *self._responses[sha256], http_headers=http, warc_headers_dict=_dated(row)
            )
            self._writer.write_record(record)
            return
        body = self._store.get(sha256)
        digest = f"sha1:{base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"
        self._responses[sha256] = digest, row["final_url"], _dated(row)["WARC-Date"]
        self._write(row, row["final_url"], "response", body, "", http)

    def row(self, row: dict[str, Any]) -> None:
        """Write a row of the manifest."""
        dates = {name: row[name] and row[name].isoformat() for name in ("retrieved_at", "ordered_at", "listed_on")}
        line = json.dumps({**row, **dates}, ensure_ascii=False)
        self._write(row, row["final_url"], "metadata", line.encode(), _ROW)

    def _write(
        self,
        row: dict[str, Any],
        url: str,
        kind: str,
        body: bytes,
        media_type: str,
        http: StatusAndHeaders | None = None,
    ) -> None:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=media_type,
            warc_headers_dict=_dated(row),
            http_headers=http,
        )
        self._writer.write_record(record)


def _dated(row: dict[str, Any]) -> dict[str, str]:
    return {"WARC-Date": f"{row['retrieved_at']:%Y-%m-%dT%H:%M:%S.%fZ}"}


def _records(path: Path) -> Iterator[tuple[Any, bytes]]:
    with path.open("rb") as handle:
        for record in ArchiveIterator(handle):
            body = record.content_stream().read(_MAX_BODY + 1)
            if len(body) > _MAX_BODY:
                raise ValueError(f"a record of it is more than {_MAX_BODY:,} bytes unpacked")
            yield record, body


def _row(line: bytes) -> Retrieval | None:
    """A row of the manifest as a file brings it, which may be a stranger's; None for one that would not fit the others."""
    try:
        values = json.loads(line)
        values["retrieved_at"] = dt.datetime.fromisoformat(values["retrieved_at"]).astimezone(dt.UTC)
        if values.get("ordered_at"):
            values["ordered_at"] = dt.datetime.fromisoformat(values["ordered_at"]).astimezone(dt.UTC)
        values["parts"] = tuple(values["parts"] or ())
        if values.get("listed_on"):
            values["listed_on"] = dt.date.fromisoformat(values["listed_on"])
        row = Retrieval(**{name: value for name, value in values.items() if name in MANIFEST})
        named = [row.snapshot_sha256, row.body_sha256, row.policy_sha256, *row.parts]
        fits = (
            row.outcome in _OUTCOMES
            and isinstance(json.loads(row.headers or "{}"), dict)
            and row.url.startswith(("http://", "https://"))
            and all(sha256 is None or _SHA256.fullmatch(sha256) for sha256 in named)
        )
        frame_of([row])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, pl.exceptions.PolarsError):
        return None
    return row if fits else None


_OUTCOMES = frozenset({*GOOD, "GONE", "BLOCKED", "FAILED", "DEFERRED"})
_SHA256 = re.compile("[0-9a-f]{64}")

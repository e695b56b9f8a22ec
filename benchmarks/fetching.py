"""What fetching costs: a night at three hundred sites of which a third are ill, and the replay of a large lake.

    python -m benchmarks.fetching night [--sources 300] [--pages 20] [--pace 0.2]
    python -m benchmarks.fetching replay [--pages 60000] [--nights 30]

The sites are served by a process of their own on loopback. Figures go to stdout as a table.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import gzip
import json
import multiprocessing
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import polars as pl
import yaml

from bulletins.catalog import load_catalog
from fetching.client import MEBIBYTE, Limits
from fetching.crawl import crawl
from fetching.history import History, remember
from fetching.pages import replay, text_hash
from fetching.snapshots import Retrieval, SnapshotStore
from fetching.sources import SourceList, parse_sources

ILLS = ("dead", "silent", "drip", "reset", "error", "bomb", "endless", "challenge", "circle", "robots")
NIGHT = dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)
PARAGRAPH = "<p>2022年，全市城乡低保对象{number}万人，发放低保资金7.82亿元，救助水平稳步提高；全市养老机构312家，床位4.5万张。</p>"
BOMB = gzip.compress(bytes(256 * MEBIBYTE))


def article(title: str, paragraphs: int = 40) -> bytes:
    """A page of some 12 kB with a bulletin's text and furniture."""
    text = "".join(PARAGRAPH.format(number=number) for number in range(paragraphs))
    links = "".join(f"<li><a href='/x{number}'>相关链接{number}</a></li>" for number in range(30))
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body><ul>{links}</ul>"
        f"<h1>{title}</h1><p>发布时间：2023-01-20</p><div class='TRS_Editor'>{text}</div></body></html>"
    ).encode()


async def serve(pages: int, report: Connection) -> None:
    """Answer as the host's name says, until the parent is done; then tell when each host was asked."""
    asked: dict[str, list[float]] = defaultdict(list)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                path = head.split(" ", 2)[1]
                host = head.lower().split("host: ", 1)[1].split("\r\n", 1)[0].split(":")[0]
                asked[host].append(time.monotonic())
                await behave(host.split(".")[0].rstrip("0123456789"), path, writer)
        writer.close()

    async def behave(ill: str, path: str, writer: asyncio.StreamWriter) -> None:
        status, headers, body = 200, "", b""
        if path == "/robots.txt":
            status = 500 if ill == "robots" else 404
        elif path == "/list.html":
            links = "".join(f"<li><a href='/art/{page}.html'>{page}年工作总结</a></li>" for page in range(pages))
            body = f"<html><meta charset='utf-8'><ul>{links}</ul></html>".encode()
        elif "no-such" in path:
            status = 404
        elif ill == "silent":
            await asyncio.sleep(3600)
        elif ill in ("drip", "endless"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b"x" * (1 if ill == "drip" else MEBIBYTE))
                await writer.drain()
                await asyncio.sleep(0.1 if ill == "drip" else 0)
        elif ill == "reset":
            writer.transport.abort()
        elif ill == "error":
            status = 500
        elif ill == "bomb":
            headers, body = "Content-Encoding: gzip\r\n", BOMB
        elif ill == "challenge":
            status, body = 412, b"<script></script>"
        elif ill == "circle":
            status, headers = 302, f"Location: {path}\r\n"
        else:
            body = article(f"{path}年工作总结")
        writer.write(f"HTTP/1.1 {status} X\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    report.send(server.sockets[0].getsockname()[1])
    await asyncio.to_thread(report.recv)
    report.send(dict(asked))


def serve_in_process(pages: int, report: Connection) -> None:
    asyncio.run(serve(pages, report))


def source_list(hosts: list[str], pace: float) -> SourceList:
    usual = {"place": "510100", "publisher": "成都市民政局", "pace": pace}
    entries = [{**usual, "id": host.split(".")[0], "list_pages": [f"http://{host}/list.html"]} for host in hosts]
    text = yaml.safe_dump({"contact": "benchmark@example.org", "sources": entries}, allow_unicode=True)
    return parse_sources(text, "sources.yaml", load_catalog().places)


def night(number: int, pages: int, pace: float) -> Iterator[tuple[str, str]]:
    """One night at `number` sites of which a third are ill."""
    ill = [f"{ILLS[n % len(ILLS)]}{n}.example" for n in range(number // 3)]
    hosts = ill + [f"well{n}.example" for n in range(number - len(ill))]
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve_in_process, args=(pages, theirs))
    server.start()
    port = ours.recv()
    connect_to = {host: ("127.0.0.1", 9 if host.startswith("dead") else port) for host in hosts}
    limits = Limits(seconds=10, connect_seconds=3, read_seconds=3, backoff_seconds=0.5)
    with tempfile.TemporaryDirectory() as folder:
        store, sources = SnapshotStore(folder), source_list(hosts, pace)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, moment in (("first night", NIGHT), ("second night", NIGHT + dt.timedelta(days=1))):
            started, computed = time.monotonic(), time.process_time()
            rows = crawl(sources, store, now=moment, limits=limits, connect_to=connect_to)
            wall, computed = time.monotonic() - started, time.process_time() - computed
            well = rows.filter(pl.col("source_id").str.starts_with("well"))
            ends = well.select((pl.col("retrieved_at") - moment).dt.total_milliseconds().max()).item() / 1000
            outcomes = dict(well.filter(pl.col("role") == "page").group_by("outcome").len().iter_rows())
            yield f"{name}: wall time", f"{wall:.1f} s ({computed:.1f} s of processor)"
            yield f"{name}: last healthy site was done after", f"{ends:.1f} s (pace alone: {(pages + 1) * pace:.1f} s)"
            yield f"{name}: pages of healthy sites", str(outcomes)
            yield f"{name}: requests", f"{rows.get_column('attempts').sum():,}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield "peak memory", f"{peak / 1024:.0f} MiB ({memory / 1024:.0f} before)"
    ours.send(None)
    asked = ours.recv()
    server.join()
    gaps = [later - earlier for moments in asked.values() for earlier, later in pairwise(moments)]
    yield "shortest gap between two requests to a host", f"{min(gaps):.3f} s (pace {pace} s)"
    yield "hosts asked, requests that arrived", f"{len(asked)}, {sum(map(len, asked.values())):,}"


def large_lake(pages: int, nights: int) -> Iterator[tuple[str, str]]:
    """The replay of `pages` pages, and what a night must recall of `nights` nights."""
    hosts = [f"city{n}.example" for n in range(300)]
    sources = source_list(hosts, 1)
    with tempfile.TemporaryDirectory() as folder:
        store = SnapshotStore(folder)
        started = time.monotonic()
        rows = []
        for page in range(pages):
            host = hosts[page % len(hosts)]
            url, body = f"http://{host}/art/{page}.html", article(f"{page}年工作总结")
            sha256 = store.put(body)
            headers = json.dumps({"content-type": "text/html", "etag": f'"{page}"', "server": "nginx"})
            rows.append(
                Retrieval(
                    f"run0-{page:06d}", NIGHT, host.split(".")[0], url, url, "page", "NEW", title=f"{page}年工作总结",
                    status=200, headers=headers, body_sha256=sha256, snapshot_sha256=sha256, text_sha256=text_hash(url),
                    bytes=len(body),
                )
            )  # fmt: skip
        store.append(rows)
        yield "storing", f"{pages / (time.monotonic() - started):,.0f} pages/s, each synced to disk"
        for name in ("first replay", "replay of what was read before"):
            started, computed = time.monotonic(), time.process_time()
            height = replay(store, sources).pages.height
            seconds, computed = time.monotonic() - started, time.process_time() - computed
            yield name, f"{seconds:.1f} s ({computed:.1f} s of processor), {height / seconds:,.0f} pages/s"
        frame = store.manifest()
        for number in range(1, nights):
            again = frame.with_columns(
                pl.col("retrieved_at") + dt.timedelta(days=number),
                pl.col("retrieval_id").str.replace("run0", f"run{number}"),
                pl.lit(None, pl.String).alias("headers"),
                pl.lit(None, pl.String).alias("body_sha256"),
                outcome=pl.lit("UNCHANGED"),
                reason=pl.lit("not_modified"),
            )
            store._write_segment(again)
        size = sum(path.stat().st_size for path in Path(folder, "manifest").rglob("*.parquet"))
        yield f"manifest of {pages * nights:,} retrievals", f"{size / MEBIBYTE:.1f} MiB"
        store.append([replace(rows[0], retrieval_id="later", retrieved_at=NIGHT + dt.timedelta(days=nights + 31))])
        started, computed = time.monotonic(), time.process_time()
        store.compact()
        joined = f"{time.monotonic() - started:.1f} s ({time.process_time() - computed:.1f} s of processor)"
        yield "joining the month that is over", joined
        size = sum(path.stat().st_size for path in Path(folder, "manifest").rglob("*.parquet"))
        yield "the same, joined", f"{size / MEBIBYTE:.1f} MiB"
        for name in ("recalling all addresses", "recalling what was remembered"):
            started, computed = time.monotonic(), time.process_time()
            History.of(store)
            yield name, f"{time.monotonic() - started:.1f} s ({time.process_time() - computed:.1f} s of processor)"
            remember(store, NIGHT + dt.timedelta(days=nights - 2))
        started = time.monotonic()
        replay(store, sources)
        yield "replay after them", f"{time.monotonic() - started:.1f} s"
        yield "peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["night", "replay"])
    parser.add_argument("--sources", type=int, default=300)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--pace", type=float, default=0.2)
    parser.add_argument("--nights", type=int, default=30)
    chosen = parser.parse_args()
    if chosen.what == "night":
        figures = night(chosen.sources, chosen.pages or 20, chosen.pace)
    else:
        figures = large_lake(chosen.pages or 60_000, chosen.nights)
    for name, value in figures:
        print(f"{name:<48} {value}", flush=True)


if __name__ == "__main__":
    main()

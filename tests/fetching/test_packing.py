"""Bodies as servers pack, mislabel and cut them, and that half of a page never takes the place of the whole one."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import polars as pl
import pytest
import zstandard
from loopback import QUICK, SUMMARY, Site, answer, article, bureau, listing, night, status

from fetching.crawl import crawl
from fetching.packing import CutShortError, PackingError, unpacked
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

HOST = "chengdu.example"
TEXT = "全市城乡低保对象9.76万人。".encode() * 9000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]) + bytes(7)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", zlib.compress(TEXT, wbits=-15)),
        ("zstd", zstandard.compress(TEXT)),
        ("gzip, gzip", gzip.compress(gzip.compress(TEXT))),
        *((plain, TEXT) for plain in ("", "none", "UTF-8", "binary", "identity")),
    ],
)
def test_bodies_are_unpacked(encoding: str, packed: bytes) -> None:
    same = unpacked(packed, encoding, len(TEXT)) == TEXT
    assert same, "not compared in the assertion: the difference would be long"
    with pytest.raises(PackingError, match="more than"):
        unpacked(packed, encoding, len(TEXT) - 1)
    if encoding.lower() in ("gzip", "x-gzip", "deflate", "zstd"):
        with pytest.raises(CutShortError):
            unpacked(packed[: len(packed) // 2], encoding, len(TEXT))


def test_what_is_not_known_is_named() -> None:
    with pytest.raises(PackingError, match="br"):
        unpacked(b"x", "br", 100)


def _page(figure: str) -> str:
    # Paragraphs that do not repeat themselves, so that half of the packed bytes is about half of the page.
    more = [f"第{number * 7919 % 1009}个网格登记{number * 104729 % 100003}人。" for number in range(400)]
    return article("2022年工作总结", *SUMMARY, *more, figure)


def _half(page: str, *, length: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    def behave(request: BaseHTTPRequestHandler) -> None:
        packed = gzip.compress(page.encode())
        if length:
            answer(request, 200, packed[: len(packed) // 2], {"Content-Encoding": "gzip"})
            return
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(packed[: len(packed) // 2])
        request.close_connection = True

    return behave


@pytest.mark.parametrize("length", [True, False])
def test_half_a_packed_page_replaces_nothing(
    length: bool, site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    sources = sources_of(bureau(HOST))
    outcomes = []
    shown = (
        _page("共1人。"),
        _half(_page("共2人。"), length=length),
        status(200, gzip.compress(_page("共3人。").encode())),
    )
    for number, page in enumerate(shown, start=1):
        site.pages[HOST, "/art/1.html"] = page
        rows = crawl(sources, store, now=night(number), limits=QUICK, connect_to=site.connect_to)
        outcomes += rows.filter(pl.col("role") == "page").select("outcome", "reason").rows()
    assert outcomes == [("NEW", ""), ("FAILED", "connection_lost"), ("CHANGED", "")]
    texts = replay(store, sources).pages.get_column("text").to_list()
    assert [text[-4:] for text in texts] == ["共1人。", "共3人。"], "the third was packed and no header said so"


def test_an_address_in_raw_bytes_is_asked_as_it_came(
    site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    def moved(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(
            b"HTTP/1.1 302 Found\r\nLocation: /" + "新址".encode("gbk") + b".html\r\nContent-Length: 0\r\n\r\n"
        )

    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    site.pages[HOST, "/art/1.html"] = moved
    site.pages[HOST, "/%D0%C2%D6%B7.html"] = article("2022年工作总结", *SUMMARY)
    rows = crawl(sources_of(bureau(HOST)), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert rows.filter(pl.col("role") == "page").select("outcome", "final_url").rows() == [
        ("NEW", f"http://{HOST}/%D0%C2%D6%B7.html")
    ]

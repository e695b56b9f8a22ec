from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import zstandard
from loopback import QUICK, SUMMARY, Site, article, bureau, listing, night, status
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from fetching.archive import export_warc, import_warc, prune, verify
from fetching.brought import BroughtError, bring
from fetching.crawl import crawl
from fetching.history import freshness
from fetching.pages import memory_name, replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, SourcesError
from fetching.trial import try_address

Sources = Callable[..., SourceList]
HOST = "chengdu.example"
PAGE = f"http://{HOST}/art/1.html"


@pytest.fixture
def sources(sources_of: Sources) -> SourceList:
    return sources_of(bureau(HOST))


def a_few_nights(site: Site, store: SnapshotStore, sources: SourceList) -> None:
    """A page that changes, one that is packed, one with a file, one that is refused."""
    site.pages[HOST, "/list.html"] = listing(
        *((f"/art/{number}.html", f"{2020 + number}年工作总结") for number in range(1, 5))
    )
    whole = article("2022年工作总结", *SUMMARY)
    site.pages[HOST, "/art/1.html"] = whole
    site.pages[HOST, "/art/2.html"] = status(200, gzip.compress(whole.encode()), Content_Encoding="gzip", ETag='"é"')
    site.pages[HOST, "/art/3.html"] = article("2023年工作总结", *SUMMARY, after="<a href='t.xls'>附件</a>")
    site.pages[HOST, "/art/t.xls"] = status(
        200, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), Content_Type="a/b"
    )
    site.pages[HOST, "/art/4.html"] = status(412, "<script></script>")
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    site.pages[HOST, "/art/1.html"] = whole.replace("9.76万人", "9.67万人")
    crawl(sources, store, now=night(2), limits=QUICK, connect_to=site.connect_to)


def test_a_warc_file_holds_everything(
    site: Site, store: SnapshotStore, sources: SourceList, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_few_nights(site, store, sources)
    path = tmp_path / "export.warc.gz"
    assert export_warc(store, path) == store.manifest().height

    with path.open("rb") as handle:
        kinds = [record.rec_type for record in ArchiveIterator(handle)]
    assert kinds.count("metadata") == store.manifest().height
    checker = Checker(type("Arguments", (), {"verbose": True, "inputs": [str(path)]})())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out
    with path.open("rb") as handle:
        packed, *_ = [
            record
            for record in ArchiveIterator(handle)
            if record.rec_type == "revisit" and record.rec_headers.get_header("WARC-Target-URI").endswith("/art/2.html")
        ]
    assert packed.http_headers.get_header("x-archive-orig-content-encoding") == "gzip"
    assert packed.rec_headers.get_header("WARC-Refers-To-Target-URI") == PAGE

    other = SnapshotStore(tmp_path / "other")
    taken, refused = import_warc(other, path, sources, now=night(9))
    assert (taken, refused) == (store.manifest().height, [])
    assert other.manifest().equals(store.manifest())
    assert other.blobs() == store.blobs()
    ours, theirs = replay(store, sources), replay(other, sources)
    assert theirs.pages.equals(ours.pages)
    assert theirs.vintages.equals(ours.vintages)
    assert theirs.unread.equals(ours.unread)
    assert import_warc(other, path, sources, now=night(9)) == (0, []), "nothing is doubled"


def test_a_torn_warc_file_gives_what_is_whole(
    site: Site, store: SnapshotStore, sources: SourceList, tmp_path: Path
) -> None:
    a_few_nights(site, store, sources)
    path = tmp_path / "export.warc.gz"
    rows = export_warc(store, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 40])
    other = SnapshotStore(tmp_path / "other")
    taken, (line,) = import_warc(other, path, sources, now=night(9))
    assert 0 < taken < rows
    assert "is torn" in line
    assert verify(other).broken == ()
    path.write_bytes(b"<html>no archive</html>")
    assert import_warc(other, path, sources, now=night(9))[0] == 0


def test_a_warc_file_of_another_program(store: SnapshotStore, sources: SourceList, tmp_path: Path) -> None:
    path = tmp_path / "other.warc"
    pages = {
        PAGE: article("2022年工作总结", *SUMMARY).replace("utf-8", "gb2312").encode("gb18030"),
        "http://elsewhere.example/": article("2022年工作总结", *SUMMARY).encode(),
        f"http://{HOST}/login": b"<html><body><input type=password></body></html>",
    }
    with path.open("wb") as handle:
        writer = WARCWriter(handle, gzip=False)
        for url, body in pages.items():
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=http))
    taken, refused = import_warc(store, path, sources, now=night(1))
    assert taken == 1
    assert [("elsewhere" in line, "login" in line) for line in sorted(refused)] == [(False, True), (True, False)]
    assert "9.76万人" in replay(store, sources).pages.item(0, "text")


def test_captures_of_another_program_are_history(store: SnapshotStore, sources: SourceList, tmp_path: Path) -> None:
    """Each capture holds from when it was made; one that is older than a night of ours does not undo that night."""
    bring(store, sources, PAGE, article("2022年工作总结", *SUMMARY, "今天。").encode(), now=night(20))
    file = tmp_path / "foreign.warc"
    with file.open("wb") as handle:
        writer = WARCWriter(handle, gzip=False)
        for day, words in ((9, "其后。"), (3, "起初。"), (6, "中间。")):
            body = article("2022年工作总结", *SUMMARY, words).encode()
            packed = day == 6
            headers = [("Content-Type", "text/html"), *([("Content-Encoding", "zstd")] if packed else [])]
            record = writer.create_warc_record(
                PAGE, "response", payload=io.BytesIO(zstandard.compress(body) if packed else body),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"2026-03-{day:02}T18:00:00Z"},
            )  # fmt: skip
            writer.write_record(record)
        record = writer.create_warc_record(
            f"http://{HOST}/art/2.html", "response", payload=io.BytesIO(b"\x0b\x02\x80"),
            http_headers=StatusAndHeaders("200 OK", [("Content-Encoding", "br")], protocol="HTTP/1.1"),
        )  # fmt: skip
        writer.write_record(record)
    taken, refused = import_warc(store, file, sources, now=night(21))
    assert taken == 3
    assert len(refused) == 1
    assert "br" in refused[0]
    replayed = replay(store, sources)
    words = dict(replayed.pages.select("bulletin_key", pl.col("text").str.tail(3)).iter_rows())
    held = [
        (words[key], to)
        for key, to in replayed.vintages.select("bulletin_key", pl.col("known_to").dt.day()).iter_rows()
    ]
    assert held == [("起初。", 6), ("中间。", 9), ("其后。", 20), ("今天。", None)]


def test_a_capture_between_two_nights_does_not_undo_the_second(
    site: Site, store: SnapshotStore, sources: SourceList, tmp_path: Path
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    site.pages[HOST, "/art/1.html"] = article("2022年工作总结", *SUMMARY)
    for number in (1, 8):
        crawl(sources, store, now=night(number), limits=QUICK, connect_to=site.connect_to)
    file = tmp_path / "foreign.warc"
    with file.open("wb") as handle:
        writer = WARCWriter(handle, gzip=False)
        body = article("2022年工作总结", *SUMMARY, "草稿。").encode()
        record = writer.create_warc_record(
            PAGE, "response", payload=io.BytesIO(body), warc_headers_dict={"WARC-Date": "2026-03-04T00:00:00Z"},
            http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
        )  # fmt: skip
        writer.write_record(record)
    assert import_warc(store, file, sources, now=night(9)) == (1, [])
    held = replay(store, sources).vintages.select(pl.col("known_from").dt.day(), pl.col("known_to").dt.day()).rows()
    assert held == [(1, 4), (4, 8), (8, None)]


def test_verify_names_what_is_broken(site: Site, store: SnapshotStore, sources: SourceList) -> None:
    a_few_nights(site, store, sources)
    found = verify(store)
    assert found.broken == ()
    assert found.blobs == len(store.blobs())
    assert found.unneeded == 1, "the challenge"
    version = store.manifest().filter(pl.col("url") == PAGE).item(0, "snapshot_sha256")
    Path(store.blob_path(version)).write_bytes(b"rot")
    lost = store.manifest().filter(pl.col("url").str.ends_with(".xls")).item(0, "snapshot_sha256")
    Path(store.blob_path(lost)).unlink()
    broken = verify(store).broken
    assert len(broken) == 2
    assert any(version in line and "is damaged" in line for line in broken)
    assert any(lost in line and "is missing" in line for line in broken)
    marks = replay(store, sources).unread.select("url", "mark").rows()
    assert (PAGE, "lost") in marks
    crawl(sources, store, now=night(3), limits=QUICK, connect_to=site.connect_to)
    assert [line for line in verify(store).broken if lost in line] == [], "what is lost is fetched again"
    site.pages[HOST, "/art/1.html"] = article("2022年工作总结", *SUMMARY)  # as it was when the damaged version was got
    assert len(verify(store, drop_damaged=True).broken) == 1
    crawl(sources, store, now=night(4), limits=QUICK, connect_to=site.connect_to)
    assert verify(store).broken == ()
    assert replay(store, sources).unread.filter(mark="lost").is_empty()


def test_prune_lets_go_of_what_no_page_needs(site: Site, store: SnapshotStore, sources: SourceList) -> None:
    a_few_nights(site, store, sources)
    before = replay(store, sources)
    store.add_derived("texts-of-another-version", pl.DataFrame({"content_key": ["a"]}))
    assert prune(store, now=night(20)) == 0
    assert store.derived("texts-of-another-version", {"content_key": pl.String()}).is_empty()
    assert not store.derived(memory_name(), {"content_key": pl.String()}).is_empty()
    assert prune(store, now=night(2) + dt.timedelta(days=100)) == 1, "the challenge"
    assert verify(store).broken == ()
    after = replay(store, sources)
    assert after.pages.equals(before.pages)
    assert after.vintages.equals(before.vintages)


def test_a_page_that_a_person_saved(site: Site, store: SnapshotStore, sources: SourceList) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    site.pages[HOST, "/art/1.html"] = status(412, "<script></script>")
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert replay(store, sources).pages.is_empty()
    saved = article("成都市民政这一年", *SUMMARY)  # a title that the rules do not follow
    assert bring(store, sources, PAGE, saved.encode(), now=night(2)).outcome == "NEW"
    assert bring(store, sources, PAGE, saved.encode(), now=night(3)).outcome == "UNCHANGED"
    rows = crawl(sources, store, now=night(4), limits=QUICK, connect_to=site.connect_to)
    assert rows.filter(pl.col("url") == PAGE).item(0, "outcome") == "BLOCKED"
    page = replay(store, sources).pages.row(0, named=True)
    assert (page["title"], page["place"], page["fetched_at"]) == ("成都市民政这一年", "成都市", night(2))
    assert bring(store, sources, PAGE, saved.replace("9.76", "9.77").encode(), now=night(5)).outcome == "CHANGED"
    assert replay(store, sources).pages.height == 2


@pytest.mark.parametrize(
    ("url", "raw", "message"),
    [
        ("http://elsewhere.example/1.html", b"<p>x</p>", "on no host of the sources"),
        (PAGE, b" \n", "the file is empty"),
        (PAGE, b"<html><script>document.cookie='a=1'</script></html>", "challenge"),
        (PAGE, b"<html><body><input type='password'></body></html>", "login"),
    ],
)
def test_what_is_no_page_is_not_taken(
    url: str, raw: bytes, message: str, store: SnapshotStore, sources: SourceList
) -> None:
    with pytest.raises(BroughtError, match=message) as caught:
        bring(store, sources, url, raw, now=night(1))
    assert url in str(caught.value)
    assert store.manifest().is_empty()


def test_an_address_is_tried_without_a_trace(site: Site, sources: SourceList) -> None:
    site.pages[HOST, "/list.html"] = listing(
        ("/art/1.html", "2022年工作总结"), ("/art/9.html", "招聘"), more="<a href='list_2.html'>下一页</a>"
    )
    site.pages[HOST, "/art/1.html"] = article("2022年工作总结", *SUMMARY, after="<a href='t.xls'>附件</a>")
    found = try_address(f"http://{HOST}/list.html", sources, limits=QUICK, connect_to=site.connect_to)
    assert [link.text for link in found.followed] == ["2022年工作总结"]
    assert [link.text for link in found.not_followed] == ["招聘", "下一页"]
    assert found.next_page == f"http://{HOST}/list_2.html"
    page = try_address(PAGE, sources, "chengdu", limits=QUICK, connect_to=site.connect_to)
    assert (page.retrieval.outcome, page.kind) == ("NEW", "year_summary")
    assert page.document is not None
    assert "9.76万人" in page.document.text
    assert [file.url for file in page.attachments] == [f"http://{HOST}/art/t.xls"]
    gone = try_address(f"http://{HOST}/art/8.html", sources, limits=QUICK, connect_to=site.connect_to)
    assert (gone.retrieval.outcome, gone.document) == ("GONE", None)
    with pytest.raises(SourcesError, match="source «none» is not in"):
        try_address(PAGE, sources, "none")


def test_an_address_of_no_source_gives_the_entry_to_paste(site: Site, sources: SourceList) -> None:
    host = "mzj.yancheng.example"
    rows = [("/art/1.html", "盐城市民政局2022年工作总结"), ("/art/2.html", "局领导到福利院走访")]
    more = "<script>createPageHTML(3, 0, 'index', 'html')</script>共24条"
    site.pages[host, "/tjsj/"] = listing(*rows, more=more)
    found = try_address(f"http://{host}/tjsj/", sources, limits=QUICK, connect_to=site.connect_to)
    assert [link.text for link in found.followed] == ["盐城市民政局2022年工作总结"]
    assert found.listing is not None
    assert (found.listing.pages, found.listing.articles) == (3, 24)
    assert "TRS WCM" in found.listing.system
    assert [loss.kind for loss in found.losses] == ["pager", "title"]
    assert found.entry.splitlines()[:4] == [
        "- id: yancheng",
        '  place: "320900"',
        "  publisher: 盐城市民政局",
        f'  list_pages: ["http://{host}/tjsj/"]',
    ]
    with pytest.raises(SourcesError, match="set «contact»"):
        try_address(f"http://{host}/", replace(sources, contact=""))


def test_how_fresh_the_sources_are(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    site.pages[HOST, "/art/1.html"] = article("2022年工作总结", *SUMMARY)  # published on 2023-01-20
    site.pages["dead.example", "/list.html"] = status(404)
    sources = sources_of(bureau(HOST, expected_by="02-29"), bureau("dead.example", place="511600"))
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    crawl(sources, store, now=night(2), limits=QUICK, connect_to=site.connect_to)
    pages = replay(store, sources).pages

    def rows(today: dt.date) -> list[dict[str, object]]:
        return freshness(store, sources, pages, today).to_dicts()

    chengdu, dead = rows(dt.date(2023, 3, 1))
    assert (chengdu["place"], chengdu["overdue"], chengdu["troubled"]) == ("成都市", False, 0)
    assert (chengdu["summary_on"], chengdu["expected_by"]) == (dt.date(2023, 1, 20), dt.date(2023, 2, 28))
    assert chengdu["changed_at"] < night(2) < chengdu["listed_at"]  # type: ignore[operator]
    assert (dead["listed_at"], dead["troubled"], dead["overdue"]) == (None, 1, False)
    assert [row["overdue"] for row in rows(dt.date(2024, 3, 1))] == [True, False]
    assert [row["overdue"] for row in rows(dt.date(2024, 5, 1))] == [True, True]


def test_a_row_that_is_none_of_ours_is_named_and_the_others_are_taken(
    site: Site, store: SnapshotStore, sources: SourceList, tmp_path: Path
) -> None:
    a_few_nights(site, store, sources)
    path, spoilt = tmp_path / "export.warc.gz", tmp_path / "spoilt.warc.gz"
    export_warc(store, path)
    bad = [b"{", b"[]", b'{"retrieval_id": 1}', b'{"retrieved_at": "yesterday", "parts": null}', b"[" * 100_000]
    with path.open("rb") as whole, spoilt.open("wb") as handle:
        writer = WARCWriter(handle, gzip=True, warc_version="1.1")
        for record in ArchiveIterator(whole):
            if record.rec_type == "metadata" and bad:
                record.raw_stream, record.length = io.BytesIO(bad.pop()), None
                record.rec_headers.remove_header("Content-Length")
                record.rec_headers.remove_header("WARC-Block-Digest")
                record.rec_headers.remove_header("WARC-Payload-Digest")
            writer.write_record(record)
    other = SnapshotStore(tmp_path / "spoilt")
    taken, refused = import_warc(other, spoilt, sources, now=night(9))
    assert taken == store.manifest().height - 5 > 0
    assert len([line for line in refused if "none of ours" in line]) == 5
    assert not replay(other, sources).pages.is_empty()

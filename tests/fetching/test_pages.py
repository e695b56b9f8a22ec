from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import openpyxl
import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, article, bureau, listing, night, status

from bulletins.frames import PAGES
from fetching import pages
from fetching.crawl import crawl
from fetching.pages import UNREAD, VINTAGES, is_html, pages_from_snapshots, replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

HOST = "chengdu.example"
Sources = Callable[..., SourceList]


def spreadsheet() -> bytes:
    book = openpyxl.Workbook()
    for row in (["指标", "单位", "2022年"], ["城市低保对象", "人", 81234], ["农村低保对象", "人", 90210]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("2022年，全市临时救助2598人次，支出1206万元。")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


#: A page that is nothing but a picture, as a scanner makes it.
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 27>>stream\nq 99 0 0 99 0 0 cm /I Do Q \nendstream endobj\n"
    b"5 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n"
    b"\xff\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")


@pytest.fixture
def run(site: Site, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pl.DataFrame]:
    monkeypatch.setattr(pages, "libreoffice", lambda: None)

    def crawl_site(sources: SourceList, number: int = 1) -> pl.DataFrame:
        return crawl(sources, store, now=night(number), limits=QUICK, connect_to=site.connect_to)

    return crawl_site


def test_attachments_are_read_as_pages(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    files = {"t.xlsx": spreadsheet(), "w.docx": text_document(), "s.pdf": SCAN, "o.doc": OLD_WORD, "e.wps": b"\0\1\2"}
    links = "".join(f"<a href='{name}'>附件{number}：{name}</a>" for number, name in enumerate(files, start=1))
    links += "<a href='http://files.example/9.pdf'>附件9</a>"
    site.pages[HOST, "/list.html"] = listing(
        ("/art/1.html", "2022年民政工作总结"), ("/art/3.pdf", "2021年统计公报"), more="<a href='/help.pdf'>使用手册</a>"
    )
    site.pages[HOST, "/art/1.html"] = article(
        "2022年民政工作总结", *SUMMARY, after=f"{links}<a href='/help.pdf'>使用手册</a>"
    )
    for name, content in {**files, "3.pdf": SCAN}.items():
        site.pages[HOST, f"/art/{name}"] = status(200, content, Content_Type="application/octet-stream")
    sources = sources_of(bureau(HOST))
    rows = run(sources)
    outcomes = rows.filter(pl.col("role") == "attachment").select("url", "outcome", "reason").rows()
    assert outcomes.pop() == ("http://files.example/9.pdf", "BLOCKED", "foreign_host")
    assert {outcome for _, outcome, _ in outcomes} == {"NEW"}
    assert "/help.pdf" not in site.asked(HOST), "what the list page links to stands beside every article"

    replayed = replay(store, sources)
    assert (replayed.pages.schema, replayed.vintages.schema, replayed.unread.schema) == tuple(
        map(pl.Schema, (PAGES, VINTAGES, UNREAD))
    )
    read = {row["url"].rsplit("/", 1)[1]: row for row in replayed.pages.iter_rows(named=True)}
    assert sorted(read) == ["1.html", "t.xlsx", "w.docx"]
    assert "| 城市低保对象 | 人 | 81234 |" in read["t.xlsx"]["text"]
    assert "临时救助2598人次" in read["w.docx"]["text"]
    assert read["t.xlsx"]["title"] == "2022年民政工作总结 附件1：t.xlsx"
    assert {row["published_on"] for row in read.values()} == {dt.date(2023, 1, 20)}
    assert {row["kind"] for row in read.values()} == {"year_summary"}
    marks = {url.rsplit("/", 1)[1]: mark for url, mark in replayed.unread.select("url", "mark").iter_rows()}
    assert marks == {"s.pdf": "needs_ocr", "3.pdf": "needs_ocr", "o.doc": "needs_conversion", "e.wps": "unreadable"}
    assert (replayed.unread.get_column("detail") != "").all()

    second = run(sources, 2).filter(pl.col("role") == "attachment").get_column("outcome").to_list()
    assert second == ["UNCHANGED"] * 5 + ["BLOCKED"]
    site.pages[HOST, "/art/t.xlsx"] = status(412)
    site.pages[HOST, "/art/w.docx"] = article("提示", "您查找的文件不存在，请返回首页。")
    again = {row["url"].rsplit("/", 1)[1]: row["outcome"] for row in run(sources, 3).iter_rows(named=True)}
    assert (again["t.xlsx"], again["w.docx"]) == ("BLOCKED", "GONE")
    assert replay(store, sources).pages.equals(replayed.pages)


def test_replay_is_the_same_every_time(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    for host in ("b.example", "a.example"):
        site.pages[host, "/list.html"] = listing(("/2.html", "2022年总结"), ("/1.html", "2021年总结"))
        site.pages[host, "/1.html"] = article("2021年总结", *SUMMARY).replace("utf-8", "gb2312").encode("gb18030")
        site.pages[host, "/2.html"] = article("2022年总结", *SUMMARY)
    sources = sources_of(bureau("b.example"), bureau("a.example", place="511600", publisher="广安市民政局"))
    run(sources)
    first = replay(store, sources)
    assert replay(store, sources).pages.equals(first.pages), "from memory"
    store._files.rm(f"{store._path}/derived", recursive=True)
    assert replay(store, sources).pages.equals(first.pages), "from the bytes"
    assert first.pages.select("source_id", "place").rows() == [("b", "成都市")] * 2 + [("a", "广安市")] * 2
    assert pages_from_snapshots(store, sources).equals(first.pages)
    only_a = replace(sources, sources=sources.sources[1:])
    assert replay(store, only_a).pages.equals(first.pages.filter(pl.col("source_id") == "a"))
    assert replay(store, replace(sources, sources=())).pages.is_empty()


def test_the_body_selector_decides_at_the_time_of_reading(
    site: Site, run: Any, store: SnapshotStore, sources_of: Sources
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/1.html", "2022年总结"))
    site.pages[HOST, "/1.html"] = article("2022年总结", *SUMMARY, after="<div id='note'>附注：全市9.9万人。</div>")
    run(sources_of(bureau(HOST)))
    (text,) = replay(store, sources_of(bureau(HOST, body="#note"))).pages.get_column("text")
    assert text.splitlines() == ["2022年总结", "附注：全市9.9万人。"]


def test_what_was_lost_is_read_when_it_is_back(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    site.pages[HOST, "/list.html"] = listing(("/1.html", "2022年总结"))
    site.pages[HOST, "/1.html"] = article("2022年总结", *SUMMARY)
    sources = sources_of(bureau(HOST))
    run(sources)
    sha256 = store.manifest().filter(pl.col("role") == "page").item(0, "snapshot_sha256")
    blob = Path(store.blob_path(sha256))
    content = blob.read_bytes()
    blob.unlink()
    lost = replay(store, sources)
    assert lost.pages.is_empty()
    assert lost.unread.select("mark").item() == "lost"
    blob.write_bytes(content)
    assert replay(store, sources).pages.height == 1


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        (b"<html></html>", True),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>", True),
        ("<html>".encode("utf-16"), True),
        ("低保".encode("gb18030"), True),
        (b"", True),
        (SCAN, False),
        (OLD_WORD, False),
        (spreadsheet(), False),
        (b"\x89PNG\r\n\x1a\n\0\0", False),
    ],
)
def test_web_pages_and_files(raw: bytes, html: bool) -> None:
    assert is_html(raw) is html


@pytest.mark.parametrize(
    ("own", "link", "title"),
    [
        ("2022年工作总结", "", "2022年工作总结"),
        ("成都市民政局", "成都市民政局2022年工作总结", "成都市民政局2022年工作总结"),
        ("成都市民政局 2022年工作总结", "2022年工作总结", "2022年工作总结"),
        ("成都市民政局2022年工作总结", "成都市民政局2022年工作…", "成都市民政局2022年工作总结"),
        ("2022年工作总结", "2022年工作总结 2023-01-20", "2022年工作总结"),
        ("2022年工作总结", "[2023-01-20]", "2022年工作总结"),
        ("2022年工作总结", "市民政局总结出炉", "2022年工作总结"),
        ("", "2022年工作总结", "2022年工作总结"),
    ],
)
def test_the_better_of_two_titles(own: str, link: str, title: str) -> None:
    assert pages._title(own, link) == title


def test_the_state_of_a_source_changes_with_its_snapshots_and_its_entry_alone(
    site: Site, run: Any, store: SnapshotStore, sources_of: Sources
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", "2022年民政工作总结"))
    site.pages[HOST, "/art/1.html"] = article("2022年民政工作总结", *SUMMARY)
    sources = sources_of(bureau(HOST))
    run(sources)
    first = pages.states(store, sources)
    run(sources, 2)
    assert pages.states(store, sources) == first
    (source,) = sources
    assert pages.states(store, replace(sources, sources=(source.model_copy(update={"body": "div"}),))) != first
    site.pages[HOST, "/art/1.html"] = article("2022年民政工作总结", *SUMMARY, "另有敬老院12家。")
    run(sources, 3)
    assert pages.states(store, sources) != first

"""Files wherever an article hides them, and what they are called."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import openpyxl
import polars as pl
import pytest
from loopback import QUICK, Site, article, bureau, listing, night, status

from fetching.crawl import crawl
from fetching.files import is_file, name_of
from fetching.lists.shown import Row
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

HOST = "chengdu.example"
TITLE = "成都市2022年民政统计公报"
HIDDEN = base64.b64encode(b"/files/t.xlsx").decode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["指标", "单位", "2022年"], ["城市低保对象", "人", 30112]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "markup",
    [
        "<iframe src='/pdfjs/web/viewer.html?file=/files/t.xlsx'></iframe>",
        "<a href='/viewer.html?file=%2Ffiles%2Ft.xlsx'>在线查看</a>",
        "<embed src='/files/t.xlsx'>",
        "<object data='/files/t.xlsx'></object>",
        "<a href='javascript:;' onclick=\"window.open('/files/t.xlsx')\">附件</a>",
        "<a href=\"javascript:down('t.xlsx')\">附件</a><script>function down(n){ location.href = '/files/' + n; }</script>",
        "<script>var attachment = '/files/t.xlsx';</script>",
        f"<a data-url='{HIDDEN}'>附件</a>",
        "<a href='/down.jsp?id=7'>2022年统计表</a>",
        "<a href='/download/7.html?attach=1'>附件：2022年统计表</a>",
    ],
)
def test_a_file_is_had_wherever_it_hides(
    markup: str, site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", TITLE))
    site.pages[HOST, "/art/1.html"] = article(TITLE, "现将有关数据予以公布，详见附件，请各单位参考使用。", after=markup)
    file = status(200, workbook(), Content_Type="application/octet-stream")
    site.pages[HOST, "/files/t.xlsx"] = file
    site.pages[HOST, "/down.jsp?id=7"] = file
    site.pages[HOST, "/download/7.html?attach=1"] = article(
        "下载", "文件下载页。", after="<a href='/files/t.xlsx'>下载</a>"
    )
    sources = sources_of(bureau(HOST))
    rows = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert rows.filter(pl.col("detail") != "")["detail"].to_list() == []
    texts = "\n".join(replay(store, sources).pages["text"])
    assert texts.count("30112") == 1


def test_a_list_that_leads_to_a_file_names_and_dates_it(
    site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    site.pages[HOST, "/list.html"] = (
        f"<html><meta charset=utf-8><ul><li><a href='/files/t.xlsx'>{TITLE}</a><span>2023-03-04</span></li></ul></html>"
    )
    site.pages[HOST, "/files/t.xlsx"] = status(200, workbook(), Content_Type="application/octet-stream")
    sources = sources_of(bureau(HOST))
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    page = replay(store, sources).pages.row(0, named=True)
    assert (page["title"], str(page["published_on"]), page["kind"]) == (TITLE, "2023-03-04", "year_summary")


def test_pictures_that_are_the_text_are_kept(
    site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]
) -> None:
    site.pages[HOST, "/list.html"] = listing(("/art/1.html", TITLE))
    site.pages[HOST, "/art/1.html"] = article(TITLE, "<img src='W02.jpg'>")
    site.pages[HOST, "/art/W02.jpg"] = status(200, b"\xff\xd8\xff\xe0" + bytes(64), Content_Type="image/jpeg")
    sources = sources_of(bureau(HOST))
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    replayed = replay(store, sources)
    assert replayed.pages.is_empty()
    assert replayed.unread.select("url", "mark").rows() == [
        (f"http://{HOST}/art/1.html", "needs_ocr"),
        (f"http://{HOST}/art/W02.jpg", "needs_ocr"),
    ]


def test_names_of_files_in_headers(site: Site, store: SnapshotStore, sources_of: Callable[..., SourceList]) -> None:
    assert name_of("attachment; filename*=UTF-8''%E7%BB%9F%E8%AE%A1%E8%A1%A8.xlsx") == "统计表.xlsx"
    assert name_of('attachment; filename="%E7%BB%9F%E8%AE%A1%E8%A1%A8.xlsx"') == "统计表.xlsx"
    assert name_of("inline") == ""

    def raw(request: BaseHTTPRequestHandler) -> None:
        body = workbook()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Disposition: attachment; filename="
        request.wfile.write(head.encode() + "统计表.xlsx".encode("gbk") + b"\r\n\r\n" + body)

    site.pages[HOST, "/list.html"] = listing(("/art/1.html", TITLE))
    site.pages[HOST, "/art/1.html"] = article(TITLE, "现将数据公布，详见附件。", after="<embed src='t.xlsx'>")
    site.pages[HOST, "/art/t.xlsx"] = raw
    rows = crawl(sources_of(bureau(HOST)), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert rows.filter(pl.col("role") == "attachment")["title"].to_list() == ["统计表.xlsx"]


@pytest.mark.parametrize(
    ("url", "words", "is_one"),
    [
        ("http://a.example/t.xlsx", "", True),
        ("http://a.example/t.html", "附件1.pdf", True),
        ("http://a.example/module/download/down.jsp?i_ID=3", "点击查看", True),
        ("http://a.example/download/", "下载中心", False),
        ("http://a.example/download/?id=3", "手机客户端下载", False),
        ("http://a.example/viewer.html?file=/t.pdf", "附件", False),
        ("http://a.example/art/1.html", "统计表", False),
    ],
)
def test_which_links_are_files(url: str, words: str, is_one: bool) -> None:
    assert is_file(Row(url, words)) is is_one

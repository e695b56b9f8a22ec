from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, answer, article, bureau, listing, night, status

from bulletins.places import Places
from fetching import visit
from fetching.crawl import crawl
from fetching.history import unfinished
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, SourcesError, parse_sources

HOST = "chengdu.example"
PAGE = f"http://{HOST}/art/1.html"
Sources = Callable[..., SourceList]


def pages_of(rows: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Outcome and reason by address, of pages and attachments."""
    asked = rows.filter(pl.col("role").is_in(["page", "attachment"]))
    return {url: (outcome, reason) for url, outcome, reason in asked.select("url", "outcome", "reason").iter_rows()}


@pytest.fixture
def run(site: Site, store: SnapshotStore) -> Callable[..., pl.DataFrame]:
    """Crawls the site on a night."""

    def crawl_site(sources: SourceList, number: int = 1, **more: Any) -> pl.DataFrame:
        arguments = {"now": night(number), "limits": QUICK, "connect_to": site.connect_to, **more}
        return crawl(sources, store, **arguments)

    return crawl_site


def put_up(site: Site, *titles: str, host: str = HOST) -> None:
    """A list with an article for each title."""
    links = [(f"/art/{number}.html", title) for number, title in enumerate(titles, start=1)]
    site.pages[host, "/list.html"] = listing(*links)
    for url, title in links:
        site.pages[host, url] = article(title, *SUMMARY)


def test_a_night_and_the_next(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结", "公开招聘公告", "2023年工作计划")
    sources = sources_of(bureau(HOST))
    first = run(sources)
    assert pages_of(first) == {PAGE: ("NEW", ""), f"http://{HOST}/art/3.html": ("NEW", "")}
    assert store.manifest().equals(first.sort("retrieved_at", "retrieval_id"))
    (row,) = first.filter(pl.col("url") == PAGE).iter_rows(named=True)
    assert store.get(row["snapshot_sha256"]) == site.pages[HOST, "/art/1.html"].encode()
    assert row["title"] == "2022年工作总结"
    agents = {headers["user-agent"] for *_, headers in site.requests}
    assert agents == {"minzheng/0.1 (reads public civil-affairs statistics; contact: test@example.org)"}

    second = run(sources, 2)
    assert set(pages_of(second).values()) == {("UNCHANGED", "same_bytes")}
    assert "/art/minzheng-no-such-page.html" not in site.asked(HOST)[-5:], "no probe where nothing changed"
    pages = replay(store, sources).pages
    assert pages.get_column("title").to_list() == ["2022年工作总结", "2023年工作计划"]
    assert pages.get_column("kind").to_list() == ["year_summary", "plan"]
    assert pages.get_column("fetched_at").max() < night(2)


def test_conditional_requests(site: Site, run: Any, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结")
    whole = site.pages[HOST, "/art/1.html"]

    def conditional(request: BaseHTTPRequestHandler) -> None:
        if request.headers["If-None-Match"] == '"a"' and request.headers["If-Modified-Since"]:
            answer(request, 304)
        else:
            answer(request, 200, whole, {"ETag": '"a"', "Last-Modified": "Tue, 03 Jan 2023 00:00:00 GMT"})

    site.pages[HOST, "/art/1.html"] = conditional
    sources = sources_of(bureau(HOST))
    assert pages_of(run(sources, 1))[PAGE] == ("NEW", "")
    assert pages_of(run(sources, 2))[PAGE] == ("UNCHANGED", "not_modified")
    assert pages_of(run(sources, 3))[PAGE] == ("UNCHANGED", "not_modified")
    much_later = run(sources, now=night(1) + dt.timedelta(days=40))
    assert pages_of(much_later)[PAGE] == ("UNCHANGED", "same_bytes"), "not modified is not believed for ever"


def test_a_counter_in_the_footer_is_no_change(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结")
    visits = iter(range(100))
    etag = iter(range(100))
    page = site.pages[HOST, "/art/1.html"]
    site.pages[HOST, "/art/1.html"] = lambda request: answer(
        request, 200, page.replace("备案号1", f"您是第{next(visits)}位访问者"), {"ETag": f'"{next(etag)}"'}
    )
    sources = sources_of(bureau(HOST))
    run(sources, 1)
    kept = len(store.blobs())
    for number in (2, 3):
        assert pages_of(run(sources, number))[PAGE] == ("UNCHANGED", "same_text")
    assert len(store.blobs()) == kept
    assert replay(store, sources).pages.height == 1


def test_changed_withdrawn_restored(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    """A page changes, is withdrawn and comes back as it first was: which version held when."""
    put_up(site, "2022年工作总结")
    first = site.pages[HOST, "/art/1.html"]
    second = first.replace("9.76万人", "9.67万人")
    sources = sources_of(bureau(HOST))
    outcomes = []
    for number, shown in enumerate((first, second, status(404), first), start=1):
        site.pages[HOST, "/art/1.html"] = shown
        outcomes.append(pages_of(run(sources, number))[PAGE])
    assert outcomes == [("NEW", ""), ("CHANGED", ""), ("GONE", "http_404"), ("CHANGED", "")]

    replayed = replay(store, sources)
    spells = replayed.vintages.select("bulletin_key", pl.col("known_from", "known_to").dt.date())
    original, corrected, again = spells.get_column("bulletin_key")
    assert original == again != corrected
    assert spells.rows() == [
        (original, dt.date(2026, 3, 1), dt.date(2026, 3, 2)),
        (corrected, dt.date(2026, 3, 2), dt.date(2026, 3, 4)),
        (original, dt.date(2026, 3, 4), None),
    ]
    assert replayed.pages.height == 2
    latest = replayed.pages.sort("fetched_at").row(-1, named=True)
    assert "9.76万人" in latest["text"], "the restored version is the one in force"


def test_a_page_that_left_the_list_is_still_watched(
    site: Site, run: Any, store: SnapshotStore, sources_of: Sources
) -> None:
    put_up(site, "2021年工作总结", "2022年工作总结")
    sources = sources_of(bureau(HOST))
    run(sources, 1)
    site.pages[HOST, "/list.html"] = listing(("/art/2.html", "2022年工作总结"))
    del site.pages[HOST, "/art/1.html"]
    assert pages_of(run(sources, 2))[PAGE] == ("GONE", "http_404")
    assert replay(store, sources).pages.height == 2, "a page that is gone keeps its facts"


def test_rules_hold_for_what_was_fetched_under_other_rules(
    site: Site, run: Any, store: SnapshotStore, sources_of: Sources
) -> None:
    put_up(site, "2022年工作总结", "2022年走访总结")
    run(sources_of(bureau(HOST)), 1)
    stricter = sources_of(bureau(HOST, follow={"title": "工作总结"}))
    assert replay(store, stricter).pages.get_column("title").to_list() == ["2022年工作总结"]
    assert list(pages_of(run(stricter, 2))) == [PAGE]


def test_lists_of_several_pages(site: Site, run: Any, sources_of: Sources) -> None:
    site.pages[HOST, "/list.html"] = listing(
        ("/art/1.html", "2022年总结"), more="<a href='list_2.html'>下一页 &gt;</a>"
    )
    site.pages[HOST, "/list_2.html"] = listing(("/art/2.html", "2021年总结"), more="<a href='list.html'>下一页</a>")
    site.pages[HOST, "/js/index.html"] = listing(("/art/3.html", "2020年总结"))
    site.pages[HOST, "/js/index_1.html"] = listing(("/art/4.html", "2019年总结"))
    site.pages[HOST, "/sitemap.xml"] = status(
        200,
        f"<?xml version='1.0'?><urlset><url><loc>http://{HOST}/art/5.html</loc></url></urlset>",
        Content_Type="text/xml",
    )
    for number in range(1, 6):
        site.pages[HOST, f"/art/{number}.html"] = article(f"{2023 - number}年总结", *SUMMARY)
    rows = run(
        sources_of(
            bureau(HOST),
            bureau(
                "b.example",
                list_pages=[f"http://{HOST}/js/index.html"],
                next_page={"url": "index_{page}.html", "first": 1},
            ),
            bureau("c.example", list_pages=[f"http://{HOST}/sitemap.xml"], follow={"url": r"/art/\d+"}),
        )
    )
    by_source = {
        source: sorted(path.rsplit("/", 1)[1] for path in urls)
        for source, urls in rows.filter(pl.col("outcome") == "NEW", pl.col("role") == "page")
        .group_by("source_id").agg("url").iter_rows()
    }  # fmt: skip
    assert by_source == {"chengdu": ["1.html", "2.html"], "b": ["3.html", "4.html"], "c": ["5.html"]}
    missing = rows.filter(pl.col("url").str.ends_with("index_2.html")).row(0, named=True)
    assert (missing["role"], missing["outcome"], missing["detail"]) == ("list", "GONE", ""), "no failure, but the end"


def test_articles_of_several_parts(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结")
    following = "<a href='1_2.html'>下一页</a><a href='9.html'>下一篇</a>"
    site.pages[HOST, "/art/1.html"] = article("2022年工作总结", *SUMMARY, after=following)
    site.pages[HOST, "/art/1_2.html"] = article(
        "2022年工作总结", "全年办理结婚登记8.1万对，离婚登记2.3万对。", after="<a href='1_3.html'>下一页</a>"
    )
    sources = sources_of(bureau(HOST))
    assert pages_of(run(sources, 1))[PAGE] == ("FAILED", "part_failed")
    site.pages[HOST, "/art/1_3.html"] = article("2022年工作总结", "全年共有社会组织1.2万个，依法登记。")
    assert pages_of(run(sources, 2))[PAGE] == ("NEW", "")
    assert pages_of(run(sources, 3))[PAGE] == ("UNCHANGED", "same_bytes")
    (text,) = replay(store, sources).pages.get_column("text")
    assert [text.count(words) for words in ("9.76万人", "8.1万对", "1.2万个", "2022年工作总结")] == [1, 1, 1, 1]
    site.pages[HOST, "/art/1_3.html"] = article("2022年工作总结", "全年共有社会组织1.3万个，依法登记。")
    assert pages_of(run(sources, 4))[PAGE] == ("CHANGED", "")


def test_failures_name_the_source_and_the_others_go_on(site: Site, run: Any, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结")
    site.pages["gone.example", "/"] = ""
    site.pages["empty.example", "/list.html"] = "<html><body></body></html>"
    put_up(site, "2022年总结", host="blank.example")
    site.pages["blank.example", "/art/1.html"] = article("2022年总结", "")
    sources = sources_of(
        {"id": "wrong", "list_pages": ["http://x.example/"], "boddy": "div"},
        {"id": "nowhere", "list_pages": ["http://x.example/"], "place": "999999"},
        bureau("gone.example"),
        bureau("empty.example"),
        bureau("blank.example"),
        {"id": "refusing", "list_pages": ["http://127.0.0.1:9/"], "allow_private": True, "publisher": "拒连市民政局"},
        bureau(HOST),
    )
    rows = run(sources)
    ill = rows.filter(pl.col("detail") != "")
    lines = {(row["source_id"], row["role"]): (row["outcome"], row["reason"]) for row in ill.iter_rows(named=True)}
    assert lines == {
        ("wrong", "list"): ("FAILED", "bad_source"),
        ("nowhere", "list"): ("FAILED", "bad_source"),
        ("gone", "list"): ("FAILED", "http_404"),
        ("empty", "list"): ("NEW", "nothing_followed"),
        ("blank", "page"): ("FAILED", "empty"),
        ("refusing", "robots"): ("FAILED", "refused"),
        ("refusing", "list"): ("FAILED", "robots_unreachable"),
    }
    assert all(
        row["source_id"] in row["detail"] or row["detail"].startswith(("成都市民政局", "拒连"))
        for row in ill.iter_rows(named=True)
    )
    assert pages_of(rows)[PAGE] == ("NEW", "")


def test_a_fault_of_ours_ends_as_a_row(
    site: Site, run: Any, sources_of: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_up(site, "2022年工作总结", "2021年工作总结")
    put_up(site, "2022年工作总结", host="other.example")
    judge = visit.judge_page

    def faulty(url: str, *arguments: Any) -> Any:
        if url == PAGE:
            raise KeyError("nobody thought of this")
        return judge(url, *arguments)

    monkeypatch.setattr(visit, "judge_page", faulty)
    rows = run(sources_of(bureau(HOST), bureau("other.example")))
    assert pages_of(rows) == {
        PAGE: ("FAILED", "fault"),
        f"http://{HOST}/art/2.html": ("NEW", ""),
        "http://other.example/art/1.html": ("NEW", ""),
    }
    assert "KeyError: 'nobody thought of this'" in rows.filter(pl.col("reason") == "fault").item(0, "detail")


def test_public_sites_are_not_asked_by_nobody(store: SnapshotStore, places: Places) -> None:
    text = "sources: [{id: a, place: '510100', publisher: 某局, list_pages: [http://x.example/]}]"
    with pytest.raises(SourcesError, match="set «contact»"):
        crawl(parse_sources(text, "sources.yaml", places), store)


def test_only_what_failed_is_asked_for_again(site: Site, run: Any, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "2022年工作总结", "2021年工作总结", "2020年工作总结")
    site.pages[HOST, "/art/2.html"] = status(500)
    sources = sources_of(bureau(HOST))
    run(sources, 1)
    assert unfinished(store, night(1)) == [f"http://{HOST}/art/2.html"]
    site.pages[HOST, "/art/2.html"] = article("2021年工作总结", *SUMMARY)
    site.requests.clear()
    run(sources, now=night(1) + dt.timedelta(hours=1), only=unfinished(store, night(1)))
    assert [path for path in site.asked(HOST) if "robots" not in path and "no-such" not in path] == ["/art/2.html"]
    assert unfinished(store, night(1)) == []


def test_a_real_layout(places: Places, store: SnapshotStore) -> None:
    folder = Path(__file__).resolve().parents[3] / "shared" / "site"
    if not folder.is_dir():
        pytest.skip("the folder with the site is not there")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        base = f"http://127.0.0.1:{server.server_port}"
        entries = {
            "chengdu": ("510100", "成绩单|总结|招聘"),
            "guangan": ("511600", "活动"),
            "changzhou": ("320400", "总结"),
        }
        text = "defaults: {allow_private: true, pace: 0}\nsources:\n" + "".join(
            f"  - {{id: {name}, place: '{code}', publisher: {name}, list_pages: ['{base}/{name}/index.html'], follow: {{title: '{title}'}}}}\n"
            for name, (code, title) in entries.items()
        )
        sources = parse_sources(text, "sources.yaml", places)
        assert not sources.errors
        first, second = crawl(sources, store, now=night(1)), crawl(sources, store, now=night(2))
        server.shutdown()
    outcomes = first.filter(pl.col("role") == "page").group_by("outcome").len().sort("outcome").rows()
    assert outcomes == [("GONE", 1), ("NEW", 4)]
    assert set(second.filter(pl.col("role") == "page").get_column("outcome")) == {"GONE", "UNCHANGED"}
    pages = replay(store, sources).pages
    assert sorted(pages.get_column("place")) == ["常州市", "广安市", "成都市", "成都市"]
    assert not pages.get_column("text").str.contains("\ufffd").any()

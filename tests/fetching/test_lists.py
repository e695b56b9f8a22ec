"""Lists as sites publish them, each in a shape of its own: found by what a page shows, without a key in the entry."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, answer, article, bureau, night

from fetching.crawl import crawl
from fetching.history import held_back
from fetching.losses import read
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

Sources = Callable[..., SourceList]
HOST = "chengdu.example"
YEARS = range(2012, 2024)
TITLES = {f"/art/{year}.html": f"成都市民政局{year}年工作总结" for year in YEARS}
PAGES = [list(TITLES)[at : at + 4] for at in range(0, len(TITLES), 4)]


def rows(paths: list[str], date: str = "2024-01-10") -> str:
    return "".join(f"<li><a href='{path}'>{TITLES[path]}</a><span>{date}</span></li>" for path in paths)


def page(body: str, head: str = "") -> str:
    nav = "<div class=nav><a href='/'>首页</a> <a href='/jgzn/'>机构职能</a></div>"
    return f"<html><head><meta charset='utf-8'><title>工作总结</title>{head}</head><body>{nav}<ul>{body}</ul></body></html>"


def records(paths: list[str], **more: Any) -> str:
    found = [{"docTitle": TITLES[path], "docUrl": path, "pubTime": 1704844800000, "imgUrl": "/a.jpg"} for path in paths]
    return json.dumps({"code": 0, "data": {"list": found, **more}}, ensure_ascii=False)


def paged(shape: Callable[[int, list[str]], str], path: Callable[[int], str]) -> dict[str, Any]:
    return {path(number): shape(number, paths) for number, paths in enumerate(PAGES)}


def by_query(shape: Callable[[int], str], key: str, first: int = 1) -> Callable[[BaseHTTPRequestHandler], None]:
    def behave(request: BaseHTTPRequestHandler) -> None:
        number = int(parse_qs(urlsplit(request.path).query).get(key, [str(first)])[0]) - first
        answer(request, 200, shape(number))

    return behave


def _next_by_function(number: int, paths: list[str]) -> str:
    more = f"<a href='javascript:void(0)' onclick='turn({number + 2})'>下一页</a>"
    script = "<script>function turn(n){ window.location.href = 'list' + (n > 1 ? '' : '') ; }</script>"
    plain = "<script>function turn(n){ location.href='list_'+n+'.html'; }</script>"
    return page(rows(paths) + (more if number < 2 else ""), plain if number < 2 else script)


def _base64(number: int, paths: list[str]) -> str:
    links = "".join(
        f"<li><a href=\"javascript:go('{base64.b64encode(path.encode()).decode()}')\">{TITLES[path]}</a>2024-01-10</li>"
        for path in paths
    )
    more = base64.b64encode(f"/list_{number + 2}.html".encode()).decode()
    return page(links + (f"<a data-url='{more}'>下页</a>" if number < 2 else ""))


#: The pages of a site by their paths; the list begins at /list.html.
SITES: dict[str, Callable[[], dict[str, Any]]] = {
    "numbers without words": lambda: paged(
        lambda number, paths: page(rows(paths) + "".join(f"<a href='list_{n}.html'>{n}</a>" for n in (1, 2, 3))),
        lambda number: "/list.html" if number == 0 else f"/list_{number + 1}.html",
    ),
    "choices of a menu": lambda: paged(
        lambda number, paths: page(
            rows(paths) + "<select>" + "".join(f"<option value='list_{n}.html'>第{n}页</option>" for n in (1, 2, 3)) + "</select>"
        ),
        lambda number: "/list.html" if number == 0 else f"/list_{number + 1}.html",
    ),
    "a function of the page": lambda: paged(
        _next_by_function, lambda number: "/list.html" if number == 0 else f"/list_{number + 1}.html"
    ),
    "addresses in Base64": lambda: paged(
        _base64, lambda number: "/list.html" if number == 0 else f"/list_{number + 1}.html"
    ),
    "variables of a script": lambda: paged(
        lambda number, paths: page(rows(paths) + f"<script>var currentPage = {number}; var countPage = 3;</script>"),
        lambda number: "/list.html" if number == 0 else f"/list_{number}.html",
    ),
    "a call with other arguments": lambda: paged(
        lambda number, paths: page(
            rows(paths) + f"<script>createPageHTML('page_div',3, {number + 1},'list','html',12);</script>"
        ),
        lambda number: "/list.html" if number == 0 else f"/list_{number + 1}.html",
    ),
    "JSON behind a shell": lambda: {
        "/list.html": page("<div id=app></div><script>var channel = 7;$.getJSON('/api/list?channel=' + channel + '&pageNo=' + page, show)</script>"),
        "/api/list": by_query(lambda number: records(PAGES[number] if number < 3 else [], total=12), "pageNo"),
    },
    "JSON by POST": lambda: {
        "/list.html": page(
            "<script>axios.request({url: '/api/search', method: 'post', data: JSON.stringify({column: 7, pageNum: 1, pageSize: 4})})</script>"
        ),
        "/api/search": _posted,
    },
    "records of a script": lambda: {
        "/list.html": page("<script>var data = {rows: [" + ",".join(f"{{title: '{title}', url: '{path}', date: '2024-01-10',}}" for path, title in TITLES.items()) + "]};</script>"),
    },
    "HTML that a script writes": lambda: {
        "/list.html": page("<script>" + "".join(f"document.write(\"<li><a href='{path}'>{title}</a></li>\");" for path, title in TITLES.items()) + "</script>"),
    },
    "an index of sitemaps": lambda: {
        "/list.html": "<?xml version='1.0'?><sitemapindex><sitemap><loc>http://chengdu.example/s1.xml</loc></sitemap><sitemap><loc>http://chengdu.example/s2.xml</loc></sitemap></sitemapindex>",
        "/s1.xml": _sitemap(list(TITLES)[:6]),
        "/s2.xml": _sitemap([*list(TITLES)[6:], "/news.html"]),
        "/news.html": article("局领导到福利院走访", "春节前夕，局领导到福利院走访慰问，送去祝福。"),
    },
    "an Atom feed": lambda: {
        "/list.html": "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>" + "".join(f"<entry><title>{title}</title><link href='{path}'/><updated>2024-01-10T00:00:00Z</updated></entry>" for path, title in TITLES.items()) + "</feed>",
    },
    "titles cut off": lambda: {
        "/list.html": page("".join(f"<li><a href='{path}'>{title[:8]}…</a></li>" for path, title in TITLES.items())),
    },
    "rows that are clicked": lambda: {
        "/list.html": page("".join(f"<li onclick=\"window.open('{path}')\">{title}<i>2024-01-10</i></li>" for path, title in TITLES.items())),
    },
    "a frame in a frame": lambda: {
        "/list.html": "<frameset><frame src='/inner.html'></frameset>",
        "/inner.html": page("<iframe src='/rows.html'></iframe>"),
        "/rows.html": page(rows(list(TITLES))),
    },
    "columns two levels down": lambda: {
        "/list.html": page("<a href='/xxgk/'>统计数据</a>"),
        "/xxgk/": page("<a href='/xxgk/zj/'>工作总结</a>"),
        "/xxgk/zj/": page(rows(list(TITLES))),
    },
    "a number in Base64 in the query": lambda: {
        "/list.html": page(f"<iframe src='/l.jsp?p={quote(base64.b64encode(b'1').decode())}'></iframe>"),
        "/l.jsp": _in_base64,
    },
}  # fmt: skip


def _sitemap(paths: list[str]) -> str:
    return (
        "<?xml version='1.0'?><urlset>"
        + "".join(f"<url><loc>http://{HOST}{path}</loc></url>" for path in paths)
        + "</urlset>"
    )


def _posted(request: BaseHTTPRequestHandler) -> None:
    if request.command != "POST":
        return answer(request, 405)
    sent = json.loads(request.rfile.read(int(request.headers["Content-Length"])))
    number = sent["pageNum"] - 1
    assert sent["column"] == 7
    return answer(
        request, 200, records(PAGES[number] if number < 3 else [], totalCount=12).replace("成都", "\n成都", 1)
    )


def _in_base64(request: BaseHTTPRequestHandler) -> None:
    number = int(base64.b64decode(parse_qs(urlsplit(request.path).query)["p"][0])) - 1
    answer(
        request,
        200,
        page(rows(PAGES[number]) + "共3页<a href='javascript:next()'>下一页</a>") if number < 3 else page("没有了"),
    )


def put_up(site: Site, pages: dict[str, Any]) -> None:
    """Serve pages whatever their query, and the articles."""
    shown = {**{path: article(title, *SUMMARY) for path, title in TITLES.items()}, **pages}

    def serve(request: BaseHTTPRequestHandler) -> None:
        found = shown.get(urlsplit(request.path).path)
        if found is None:
            answer(request, 404, "<html><body>404 Not Found</body></html>")
        elif callable(found):
            found(request)
        else:
            answer(request, 200, found)

    site.pages[HOST, "*"] = serve


@pytest.mark.parametrize("shape", SITES)
def test_a_list_is_read_whatever_its_shape(shape: str, site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, SITES[shape]())
    sources = sources_of(bureau(HOST))
    first = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert first.filter(pl.col("detail") != "")["detail"].to_list() == []
    assert sorted(replay(store, sources).pages["title"]) == sorted(TITLES.values())
    second = crawl(sources, store, now=night(2), limits=QUICK, connect_to=site.connect_to)
    asked = {row["url"] for row in second.filter(pl.col("role") == "list").iter_rows(named=True)}
    again = [url for url in asked if any(mark in url for mark in ("list_2", "list_3", "pageNo=2", "pageNum%22%3A+2"))]
    assert again == [], "where nothing is new, only the first page of a list is asked for"
    assert sorted(replay(store, sources).pages["title"]) == sorted(TITLES.values())


def test_what_a_list_holds_back_is_said(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(
        site,
        {
            "/list.html": page(
                rows(PAGES[0])
                + "<li><a href='http://www.city.example/1.html'>成都市2023年民政统计公报</a></li>"
                + "<li><a href='/n.html'>局领导到福利院走访</a><span>2024-01-02</span></li>"
                + "<script>createPageHTML(9, 0, 'list', 'html')</script>"
            ),
            "/list_1.html": page(rows(PAGES[1]) + "<script>createPageHTML(9, 1, 'list', 'html')</script>"),
        },
    )
    sources = sources_of(bureau(HOST, next_page={"limit": 2}))
    found = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    first = found.filter(pl.col("url") == f"http://{HOST}/list.html").row(0, named=True)
    assert [(loss.kind, loss.count) for loss in read(first["losses"])] == [("pager", 7), ("host", 1), ("title", 1)]
    lines = held_back(store, sources)
    assert any("7 pages of a list were not read" in line and "next_page" in line for line in lines)
    assert any("局领导到福利院走访" in line and "follow" in line for line in lines)


@pytest.mark.parametrize(
    "body",
    [
        "<iframe src='http://10.0.0.7/list.html'></iframe>",
        "<iframe src='http://rebound.example/list.html'></iframe>",
        "<script>$.post('http://169.254.169.254/latest/meta-data', {page: 1})</script>",
        "<script>$.ajax({url: 'http://127.0.0.1:1/api/list', type: 'post', data: {page: 1}})</script>",
        "<script>location.href = 'http://192.168.1.1/';</script>",
        "<meta http-equiv=refresh content='0;url=http://10.0.0.7/'>",
        "<script type='text/xml'><datastore><nextgroup><![CDATA[<a href='http://10.0.0.7/dataproxy.jsp?page=1'>]]></nextgroup></datastore></script>",
    ],
)
def test_no_list_leads_into_a_private_network(body: str, site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, {"/list.html": f"<html><body>{body}</body></html>"})
    site.pages["rebound.example", "/list.html"] = page(rows(list(TITLES)))
    found = crawl(sources_of(bureau(HOST)), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert {urlsplit(url).hostname for url in found["final_url"]} == {HOST}
    assert {host for _, host, *_ in site.requests} == {HOST}
    assert found.filter((pl.col("losses") != "") | (pl.col("detail") != "")).height > 0, "and it is said"


def test_what_robots_forbids_is_forbidden_to_scripts_and_frames(
    site: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    put_up(
        site,
        {
            "/list.html": page("<iframe src='/inner.html'></iframe><script>$.getJSON('/api/list?page=1')</script>"),
            "/robots.txt": "User-agent: *\nDisallow: /inner.html\nDisallow: /api/",
        },
    )
    crawl(sources_of(bureau(HOST)), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert not [path for path in site.asked(HOST) if path.startswith(("/inner", "/api"))]

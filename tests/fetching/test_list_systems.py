"""Lists as systems of publishers draw them with scripts, forms and menus: found without a key, and quiet on a night without news."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Site, answer, article, bureau, night
from test_lists import HOST, PAGES, TITLES, page, put_up, rows

from fetching.crawl import crawl
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

Sources = Callable[..., SourceList]
YEARS = ("2021", "2022", "2023")


def asked(request: BaseHTTPRequestHandler) -> dict[str, str]:
    """The fields of a request, of its address and of its form."""
    form = request.rfile.read(int(request.headers["Content-Length"] or 0)) if request.command == "POST" else b""
    fields = parse_qs(urlsplit(request.path).query) | parse_qs(form.decode(), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def numbered(
    shape: Callable[[int, list[str]], str], key: str, **wanted: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server that gives the page of that number, if it is asked for as it wants."""

    def behave(request: BaseHTTPRequestHandler) -> None:
        fields = asked(request)
        if any(fields.get(name) != value for name, value in wanted.items() if fields):
            return answer(request, 400)
        number = int(fields.get(key) or 1) - 1
        return answer(request, 200, shape(number, PAGES[number] if number < len(PAGES) else []))

    return behave


def was(number: int, paths: list[str]) -> str:
    docs = ",".join(
        f'{{"title":"{TITLES[path]}","url":"{path}","time":"2024.01.10 09:00","content":"一\n二"}}' for path in paths
    )
    return f'\n\n{{"count":"12","docs":[{docs},{{}}]}}'


def search(number: int, paths: list[str]) -> str:
    found = [{"title": TITLES[path], "url": path, "publishedTimeStr": "2024-01-10 10:00:00"} for path in paths]
    return json.dumps({"data": {"total": 12, "rows": 4, "results": found}})


def of_sources(number: int, paths: list[str]) -> str:
    found = [{"source": {"title": TITLES[path], "urls": json.dumps({"pc": path}), "pubDate": "2024-01-10"}} for path in paths]  # fmt: skip
    return json.dumps({"data": {"total": 12, "results": found}}, ensure_ascii=False)


def gkmlpt(number: int, paths: list[str]) -> str:
    found = [{"id": 1, "title": TITLES[path], "url": path, "display_publish_time": 1704844800} for path in paths]
    return json.dumps({"total": 12, "articles": found})


def postback(number: int, paths: list[str]) -> str:
    links = "".join(f"<a href=\"javascript:__doPostBack('Pager1','{n}')\">{n}</a>" for n in (1, 2, 3))
    return page(
        f"<form method=post action='/list.html'><input type=hidden name=__EVENTTARGET><input type=hidden name=__EVENTARGUMENT>"
        f"<input type=hidden name=__VIEWSTATE value='a/+='>{rows(paths)}{links}</form><script>function __doPostBack(t, a){{"
        "var f = document.forms[0]; f.__EVENTTARGET.value = t; f.__EVENTARGUMENT.value = a; f.submit();}</script>"
    )


def form(number: int, paths: list[str]) -> str:
    more = f"<a href='javascript:go({number + 2})'>下一页</a>" if number < 2 else ""
    return page(
        f"{rows(paths)}<form name=f method=post action='/list.html'><input type=hidden name=classid value=12>"
        f"<input type=hidden id=pageNo name=pageNo value={number + 1}></form>{more}"
        "<script>function go(n){ $('#pageNo').val(n); $('form').submit(); }</script>"
    )


def jpage(number: int, paths: list[str]) -> str:
    held = "".join(
        f"<record><![CDATA[<a href='{path}'>{TITLES[path]}</a><b>2024-01-10</b>]]></record>" for path in paths
    )
    script = "<script>jpage({totalRecord:12,perPage:4,unitid:'1737'})</script>"
    return page(f"{script}<script type='text/xml'><datastore><totalrecord>12</totalrecord>{held}</datastore></script>")


def of_year(year: str) -> str:
    return page(rows([path for path in TITLES if year in path]))


def other_years() -> str:
    return rows([path for path in TITLES if not any(year in path for year in YEARS)])


def xml() -> str:
    docs = "".join(f"<doc><bt>{title}</bt><url>{path}</url><rq>2024-01-10</rq></doc>" for path, title in TITLES.items())
    return f"<?xml version='1.0' encoding='utf-8'?><list>{docs}</list>"


def arrays() -> str:
    return "var u=[],t=[];" + "".join(
        f"u[{n}]='{path}';t[{n}]='{title}';" for n, (path, title) in enumerate(TITLES.items())
    )


def unnamed() -> str:
    return (
        "var data = {rows: ["
        + ",".join(f"{{t: '{title}', u: '{path}', d: '2024-01-10'}}" for path, title in TITLES.items())
        + "]};"
    )


#: The pages of a site by their paths; the list begins at /list.html.
SITES: dict[str, Callable[[], dict[str, Any]]] = {
    "WAS: nearly JSON behind a script, with chance against caches": lambda: {
        "/list.html": page("<script>var c=9;$.ajax({url:'/was5/web/search?channelid='+c+'&random='+Math.random()+'&prepage=4&page='+page,success:f})</script>"),
        "/was5/web/search": numbered(was, "page", channelid="9"),
    },
    "gkmlpt: a shell with a tree of columns": lambda: {
        "/list.html": "<meta http-equiv=refresh content='0;url=/mzj/gkmlpt/index'>",
        "/mzj/gkmlpt/index": "<html><script>window._CONFIG = {SID: '769033', TREE: [{\"id\":7011,\"name\":\"统计信息\"}]}</script><div id=app></div></html>",
        "/mzj/gkmlpt/api/all/7011": numbered(gkmlpt, "page", sid="769033"),
    },
    "a state that the browser carries": lambda: {"/list.html": numbered(postback, "__EVENTARGUMENT", __VIEWSTATE="a/+=")},
    "a form that a link submits": lambda: {"/list.html": numbered(form, "pageNo", classid="12")},
    "jpage by the server": lambda: {"/list.html": numbered(jpage, "pageNum", uid="1737")},
    "a pager that jumps": lambda: {
        "/list.html": numbered(lambda number, paths: page(rows(paths) + f"<script>laypage.render({{count: 12, limit: 4, curr: {number + 1}, jump: function(o){{ location.href = '/list.html?p=' + o.curr; }}}});</script>"), "p"),
    },
    "more of the same": lambda: {
        "/list.html": page(rows(PAGES[0]) + "<a href='javascript:;' onclick='more()'>加载更多</a><script>var pageNo=1;function more(){pageNo++;$.get('/more?pageNo='+pageNo,show);}</script>"),
        "/more": numbered(lambda number, paths: rows(paths), "pageNo"),
    },
    "a picture for a word": lambda: {
        "/list.html": numbered(lambda number, paths: page(rows(paths) + (f"<a href='/list.html?page={number + 2}'><img src='n.gif' alt='下一页'></a>" if number < 2 else "")), "page"),
    },
    "arrays in a script of their own": lambda: {"/list.html": page("<script src='/js/jquery.js'></script><script src='/data.js'></script>"), "/data.js": arrays()},
    "records without names in a script of their own": lambda: {"/list.html": page("<script src='/data.js?v=3'></script>"), "/data.js": unnamed()},
    "a request in a script of its own": lambda: {
        "/list.html": page("<script>var channelId='28de';</script><script src='/js/list.js'></script>"),
        "/js/list.js": "function get(page){$.ajax({type:'get',url:'/searchList/'+channelId+'?_isJson=true&_pageSize=4&page='+page,success:f})}",
        "/searchList/28de": numbered(search, "page"),
    },
    "a POST in a script of its own": lambda: {
        "/list.html": page("<script>var code='tjsj';</script><script src='/js/list.js'></script>"),
        "/js/list.js": "function q(cur){$.post('/queryList',{'current':cur,'pageSize':4,'channelCode[]':code},function(d){show(d)},'json');}",
        "/queryList": numbered(of_sources, "current", **{"channelCode[]": "tjsj"}),
    },
    "a menu of years": lambda: {
        "/list.html": page(other_years() + "<select onchange='go(this)'>" + "".join(f"<option value='/y/{year}/'>{year}年</option>" for year in YEARS) + "</select>"),
        **{f"/y/{year}/": of_year(year) for year in YEARS},
    },
    "tabs of years": lambda: {
        "/list.html": page("".join(f"<a href='/y/{year}/'>{year}</a>" for year in YEARS) + other_years()),
        **{f"/y/{year}/": of_year(year) for year in YEARS},
    },
    "rows that a function opens": lambda: {
        "/list.html": page("".join(f"<li><a onclick=\"view('{path[5:9]}')\">{title}</a>2024-01-10</li>" for path, title in TITLES.items()) + "<script>function view(id){ var u = '/art/' + id; u += '.html'; window.open(u); }</script>"),
    },
    "rows that carry a number": lambda: {
        "/list.html": page("".join(f"<li data-id='{path[5:9]}'>{title}<i>2024-01-10</i></li>" for path, title in TITLES.items()) + "<script>$('li').click(function(){ window.open('/art/' + $(this).data('id') + '.html') })</script>"),
    },
    "an XML file": lambda: {"/list.html": page("<script>$.ajax({url:'./data.xml',dataType:'xml',success:f})</script>"), "/data.xml": xml()},
    "JSON in the page": lambda: {"/list.html": page("<script type='application/json'>" + json.dumps([{"title": title, "href": path, "time": "2024-01-10"} for path, title in TITLES.items()], ensure_ascii=False) + "</script>")},
    "markup held aside": lambda: {"/list.html": page("<textarea style='display:none'>" + rows(list(TITLES)).replace("<", "&lt;") + "</textarea>")},
    "a page that leads on when it is loaded": lambda: {
        "/list.html": "<html><head><script>function go(){ window.location='/real.html'; }</script></head><body onload='go()'></body></html>",
        "/real.html": page(rows(list(TITLES))),
    },
    "disclosure between the front page and its columns": lambda: {
        "/list.html": "<meta http-equiv=refresh content='0;url=/'>",
        "/": page("<a href='/xxgk/'>法定主动公开内容</a>"),
        "/xxgk/": page("<a href='/xxgk/tj/'>统计信息</a>"),
        "/xxgk/tj/": page(rows(list(TITLES))),
    },
}  # fmt: skip


@pytest.mark.parametrize("shape", SITES)
def test_a_list_is_read_whatever_draws_it(shape: str, site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, SITES[shape]())
    sources = sources_of(
        bureau(HOST, list_pages=[f"http://{HOST}/" if "front" in shape else f"http://{HOST}/list.html"])
    )
    first = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert first.filter(pl.col("detail") != "")["detail"].to_list() == []
    assert sorted(replay(store, sources).pages["title"]) == sorted(TITLES.values())
    site.requests.clear()
    crawl(sources, store, now=night(2), limits=QUICK, connect_to=site.connect_to)
    of_lists = [path for path in site.asked(HOST) if not path.startswith("/art/")]
    assert len(of_lists) <= 8, "where nothing is new, the pages that were kept are not asked for again"
    assert sorted(replay(store, sources).pages["title"]) == sorted(TITLES.values())


def test_scripts_are_asked_for_with_the_same_manners(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(
        site,
        {
            "/list.html": page("<script src='http://10.0.0.7/a.js'></script><script src='/js/b.js'></script>"),
            "/robots.txt": "User-agent: *\nDisallow: /js/",
            "/js/b.js": arrays(),
        },
    )
    crawl(sources_of(bureau(HOST)), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert set(site.asked(HOST)) == {"/robots.txt", "/list.html"}
    assert {host for _, host, *_ in site.requests} == {HOST}


BODY = "".join(f"<p>{paragraph}</p>" for paragraph in SUMMARY)
TITLE = TITLES["/art/2023.html"]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("<script>$.getJSON('/api/content?id=7', show)</script>", {"/api/content?id=7": json.dumps({"content": BODY})}),
        ("<script>var id=7;$.ajax({url:'/api/c',type:'post',data:{id:id}})</script>", {"/api/c": json.dumps({"data": {"txt": BODY}}, ensure_ascii=False)}),
        ("<div id=z></div><script>$('#z').load('/part/7.htm');</script>", {"/part/7.htm": f"<div>{BODY}</div>"}),
        ("<iframe id=f></iframe><script>document.getElementById('f').src='/part/7.htm';</script>", {"/part/7.htm": f"<div>{BODY}</div>"}),
        (f"<p>{SUMMARY[0]}</p><a href='?page=2'>2</a>", {"/art/2023.html?page=2": article(TITLE, SUMMARY[1])}),
        (f"<p>{SUMMARY[0]}</p><script>var countPage = 2; var currentPage = 0;</script>", {"/art/2023_1.html": article(TITLE, SUMMARY[1])}),
    ],
)  # fmt: skip
def test_the_text_of_an_article_is_had_wherever_it_is(
    body: str, more: dict[str, str], site: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    site.pages[HOST, "/list.html"] = page(rows(["/art/2023.html"]))
    site.pages[HOST, "/art/2023.html"] = (
        f"<html><meta charset=utf-8><h1>{TITLE}</h1><div>发布时间：2024-01-10</div>{body}"
    )
    site.pages |= {(HOST, path): shown for path, shown in more.items()}
    sources = sources_of(bureau(HOST))
    found = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert found.filter(pl.col("detail") != "")["detail"].to_list() == []
    [text] = replay(store, sources).pages["text"]
    assert "9.76万人" in text
    assert "312家" in text


def test_a_count_that_no_further_part_bears_out_is_no_alarm(
    site: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    site.pages[HOST, "/list.html"] = page(rows(["/art/2023.html"]))
    site.pages[HOST, "/art/2023.html"] = article(TITLE, *SUMMARY, after="<script>var countPage=3; var currentPage=0;</script>")  # fmt: skip
    sources = sources_of(bureau(HOST))
    found = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    assert found.filter(pl.col("detail") != "")["detail"].to_list() == []
    assert replay(store, sources).pages.height == 1

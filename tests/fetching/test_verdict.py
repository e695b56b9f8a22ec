from __future__ import annotations

from collections.abc import Callable

import pytest
from loopback import SUMMARY, article, bureau

from bulletins.pages.page import read_html
from bulletins.places import Places
from fetching.client import Answer
from fetching.sources import SourceList
from fetching.verdict import fingerprint, judge_page, judge_status

URL = "http://chengdu.example/art/2022/1.html"
HOME = article("成都市民政局", "欢迎访问。", "今日要闻：全市民政工作会议召开。" * 20)

JSL = "<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>"
LOGIN = article("统一身份认证", "", after="<form>用户名<input name=u>密码<input type='password' name=p></form>")
COUNTER = "<script>document.cookie='visits=1'</script>"

CASES = {
    "a bulletin": (article("2022年工作总结", *SUMMARY), None),
    "a bulletin with a cookie script": (article("2022年工作总结", *SUMMARY * 3, head=COUNTER), None),
    "a bulletin that speaks of inspections": (
        article("开展安全检查", "近日，市民政局开展养老机构安全检查，检查12家。"),
        None,
    ),
    "a bulletin with a login box": (article("2022年工作总结", *SUMMARY * 3, after="<input type=password>"), None),
    "a bulletin of 404 persons": (article("救助情况", "全年救助404人，其中儿童32人。"), None),
    "a script that sets a cookie": (f"<html><head>{JSL}</head><body></body></html>", "challenge"),
    "a word of a shield": (article("访问验证", "您的请求存在风险，访问被拦截，请完成安全验证。"), "challenge"),
    "a login form": (LOGIN, "login"),
    "an empty page": (article("2022年工作总结", ""), "empty"),
    "an empty page with a file": (article("2022年统计表", "", after="<a href='1.xls'>附件</a>"), None),
    "an error page": (article("提示", "您访问的页面不存在或已被删除，5秒后返回首页。"), "soft_404"),
    "an English error page": (article("404 Not Found", "nginx，1.20"), "soft_404"),
    "the front page": (HOME, "home_page"),
    "what is shown for any address": (article("很抱歉", "栏目调整，请从首页进入，编号 778812。"), "soft_404"),
    "another city's page": (article("绵阳市民政局2022年工作总结", *SUMMARY), "other_place"),
    "another city, but about us": (
        article("绵阳市民政局赴成都考察", "绵阳市民政局一行5人赴成都市考察，成果丰硕。"),
        None,
    ),
    "the province's page": (article("四川省民政厅2022年工作总结", *SUMMARY), None),
    "a district's page": (article("锦江区民政局2022年工作总结", *SUMMARY), None),
}


@pytest.mark.parametrize("case", CASES)
def test_pages_are_told_apart(case: str, sources_of: Callable[..., SourceList], places: Places) -> None:
    page, expected = CASES[case]
    (source,) = sources_of(bureau("chengdu.example"))
    elsewhere = article("很抱歉", "栏目调整，请从首页进入，编号 99。")
    decoys = {
        fingerprint(read_html(elsewhere.encode())): "soft_404",
        fingerprint(read_html(HOME.encode())): "home_page",
    }
    document = read_html(page.encode(), url=URL)
    found = judge_page(URL, Answer(URL, 200, {}, page.encode()), document, source, places, decoys)
    assert (found.reason if found else None) == expected, found


def test_a_redirect_to_the_front_page_is_no_page(sources_of: Callable[..., SourceList], places: Places) -> None:
    page = article("2022年工作总结", *SUMMARY).encode()
    (source,) = sources_of(bureau("chengdu.example"))
    document = read_html(page)
    for final, expected in {"http://chengdu.example/": True, "http://chengdu.example/?id=7": False, URL: False}.items():
        found = judge_page(URL, Answer(final, 200, {}, page), document, source, places, {})
        assert (found is not None and found.reason == "home_page") is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None),
        (304, ("FAILED", "http_304")),
        (401, ("BLOCKED", "login")),
        (403, ("BLOCKED", "http_403")),
        (404, ("GONE", "http_404")),
        (410, ("GONE", "http_410")),
        (412, ("BLOCKED", "challenge")),
        (521, ("BLOCKED", "challenge")),
        (418, ("FAILED", "http_418")),
        (202, ("FAILED", "http_202")),
        (503, ("FAILED", "http_503")),
    ],
)
def test_statuses(status: int, expected: tuple[str, str] | None) -> None:
    found = judge_status(status)
    assert (found and (found.outcome, found.reason)) == expected

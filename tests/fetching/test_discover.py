from __future__ import annotations

from collections.abc import Callable

from loopback import bureau, listing

from bulletins.pages.page import Document, Link, in_bytes_of, read_html
from fetching.addresses import as_post, canonical, split_post
from fetching.discover import attachments, bulletins, next_list_pages, next_part
from fetching.lists.shown import Listing, Row
from fetching.sources import SourceList

LIST = "http://chengdu.example/zwgk/index.html"
PAGE = "http://chengdu.example/art/2022/art_1.html"


def linking(*links: tuple[str, str]) -> Document:
    return Document("", "", None, "", links=tuple(Link(url, text) for url, text in links))


def test_addresses_have_one_form() -> None:
    assert canonical("http://A.Example/x;jsessionid=1F?id=2#top") == "http://a.example/x?id=2"
    assert canonical(" http://a.example ") == "http://a.example/"


def test_one_page_under_many_spellings_has_one_address() -> None:
    spellings = (
        "/工作/总结.html",
        "/%E5%B7%A5%E4%BD%9C/%e6%80%bb结.html",
        "/x/../工作/./总结.html",
        "/%E5%B7%A5作/总结%2ehtml",
    )
    found = {canonical(f"{head}{path}") for path in spellings for head in ("http://A.example", "HTTP://a.example:80")}
    assert found == {"http://a.example/%E5%B7%A5%E4%BD%9C/%E6%80%BB%E7%BB%93.html"}
    assert canonical("https://a.example:443/a%2Fb/?x=1%262&y=%c4%ea") == "https://a.example/a%2Fb/?x=1%262&y=%C4%EA"
    assert canonical("http://a.example:8080/a/b/..") == "http://a.example:8080/a/"
    assert canonical("http://a.example/../..") == "http://a.example/"


def test_a_query_is_written_in_the_bytes_of_its_page() -> None:
    assert canonical(in_bytes_of("http://a.example/列表?lm=年报", "gb18030")) == (
        "http://a.example/%E5%88%97%E8%A1%A8?lm=%C4%EA%B1%A8"
    )


def test_an_address_that_is_asked_by_post_carries_its_form() -> None:
    asked = canonical(as_post("http://A.example/list.do?x=1", '{"page": 2, "名": "年"}'))
    assert split_post(asked) == ("http://a.example/list.do?x=1", '{"page": 2, "名": "年"}'.encode())
    assert split_post("http://a.example/") == ("http://a.example/", None)


def test_bulletins_are_followed_once_under_their_longest_title(sources_of: Callable[..., SourceList]) -> None:
    (source,) = sources_of(bureau("chengdu.example"))
    page = listing(
        ("/1.html#a", ""), ("/1.html", "2022年工作总结"), ("/2.html", "招聘公告"), ("http://evil.example/", "2022年工作总结"),
        ("javascript:open()", "2021年工作总结"), ("http://[bad/", "2020年工作总结"), ("/report.pdf", "2019年统计公报"),
    )  # fmt: skip
    found = bulletins(read_html(page.encode(), url=LIST).links, source)
    assert found == [
        Link("http://chengdu.example/1.html", "2022年工作总结"),
        Link("http://chengdu.example/report.pdf", "2019年统计公报"),
    ]


def test_the_next_page_of_a_list(sources_of: Callable[..., SourceList]) -> None:
    by_text, by_pattern, by_sight = sources_of(
        bureau("a.example", next_page={"text": "再往后"}),
        bureau("b.example", next_page={"url": "index_{page}.html", "first": 1}),
        bureau("c.example"),
    )
    shown = Listing(rows=(Row("http://a.example/index_2.html", "再往后 > "),), next=("http://a.example/x.html",))
    assert next_list_pages(shown, LIST, 1, by_text) == ["http://a.example/index_2.html"]
    assert next_list_pages(shown, LIST, 1, by_sight) == ["http://a.example/x.html"]
    assert next_list_pages(Listing(), LIST, 1, by_sight) == []
    assert next_list_pages(Listing(), LIST, 1, by_pattern) == ["http://chengdu.example/zwgk/index_1.html"]
    assert next_list_pages(Listing(), LIST, 2, by_pattern) == ["http://chengdu.example/zwgk/index_2.html"]


def test_parts_of_an_article_and_not_its_neighbours() -> None:
    def after(url: str, text: str = "下一页", seen: tuple[str, ...] = ()) -> str | None:
        return next_part(linking((url, text)), PAGE, seen)

    second = "http://chengdu.example/art/2022/art_1_2.html"
    assert after(second) == second
    assert after(second, "【下一页】") == second
    assert after(f"{PAGE}?page=2") == f"{PAGE}?page=2"
    for neighbour in ("art_2.html", "art_1_2022.html", "art_1_2.htm", "../art_1_2.html"):
        assert after(f"http://chengdu.example/art/2022/{neighbour}") is None
    assert after(f"{PAGE}?id=2") is None
    assert after("http://other.example/art/2022/art_1_2.html") is None
    assert after(second, "下一篇") is None
    assert after(second, seen=(second,)) is None


def test_attachments_by_ending_or_title() -> None:
    document = linking(
        ("http://chengdu.example/a/1.PDF", "附件1"),
        ("http://chengdu.example/down.jsp?id=7", "2022年统计表.xls"),
        ("http://chengdu.example/down.jsp?file=b.docx&x=1", "附件2"),
        ("http://chengdu.example/2.html", "正文"),
    )
    found = [link.url.removeprefix("http://chengdu.example/") for link in attachments(document.links)]
    assert found == ["a/1.PDF", "down.jsp?id=7", "down.jsp?file=b.docx&x=1"]

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bulletins.catalog import CATALOG_FOLDER
from bulletins.places import Places
from fetching.sources import SourcesError, load_sources, parse_sources

GOOD = """
contact: statistics@example.org
defaults:
  pace: 3
sources:
  - id: chengdu
    place: 510100
    publisher: 成都市民政局
    list_pages: [https://mzj.example.cn/zwgk/]
    follow: {title: 总结, not_title: 招聘}
    kinds: [{title: 账单, kind: year_summary}]
    hosts: ["*.files.example.cn", "other.example.cn:8080"]
    verified: 2026-02-01
  - id: broken
    place: "510100"
    publisher: 某市民政局
    list_page: [https://mzj.example.cn/]
  - id: nowhere
    place: "999999"
    publisher: 某市民政局
    list_pages: [https://mzj.example.cn/]
    follow: {titel: 总结}
"""


def test_good_sources_are_usable_while_bad_ones_are_named(places: Places) -> None:
    found = parse_sources(GOOD, "sources.yaml", places)
    (source,) = found
    assert (source.place.name, source.pace, source.verified) == ("成都市", 3, dt.date(2026, 2, 1))
    assert found.contact == "statistics@example.org"
    messages = [str(error) for error in found.errors]
    assert messages == [
        "sources.yaml, line 14: source «broken», key «list_pages»: is missing; add it",
        "sources.yaml, line 17: source «broken», key «list_page»: is not known; did you mean «list_pages»?",
        "sources.yaml, line 19: source «nowhere», key «place»: place code 999999 is not in catalog/places.csv; "
        "give the six-digit GB/T 2260 code of the bureau",
        "sources.yaml, line 22: source «nowhere», key «follow.titel»: is not known; did you mean «title»?",
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("list_pages: [ftp://x.example/]", "is not a web address"),
        ("list_pages: ['http://[::1/']", "is not a web address"),
        ("list_pages: [http://127.0.0.1/]", "127.0.0.1 is a private address; set allow_private: true"),
        ("list_pages: [http://x.example/]\n    follow: {title: '('}", "is not a regular expression"),
        ("list_pages: [http://x.example/]\n    body: 'div[['", "is not a CSS selector"),
        ("list_pages: [http://x.example/]\n    next_page: {url: index.html}", "the pattern needs {page}"),
        ("list_pages: [http://x.example/]\n    expected_by: 13-01", "expected_by"),
        ("list_pages: []", "list_pages is empty"),
    ],
)
def test_errors_say_what_to_do(entry: str, message: str, places: Places) -> None:
    text = f"sources:\n  - id: a\n    place: '510100'\n    publisher: 某局\n    {entry}\n"
    (error,) = parse_sources(text, "sources.yaml", places).errors
    assert message in str(error)
    assert error.source == "a"


def test_an_id_is_used_once(places: Places) -> None:
    one = "  - {id: a, place: '510100', publisher: 某局, list_pages: [http://x.example/]}\n"
    found = parse_sources(f"sources:\n{one}{one}", "sources.yaml", places)
    assert len(found) == 1
    assert "line 3: source «a», key «id»: has the id of an earlier source" in str(found.errors[0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sources: [", "line 1: is not YAML"),
        ("- a", "is not a source list"),
        ("sources: []", "has no list «sources»"),
        ("bureaus: []\nsources: [{}]", "unknown key(s) bureaus"),
    ],
)
def test_a_file_that_is_no_source_list(text: str, message: str, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourcesError, match="sources") as caught:
        load_sources(path, places)
    assert message in str(caught.value)
    with pytest.raises(SourcesError, match="cannot be read"):
        load_sources(tmp_path / "absent.yaml", places)


def test_rules_of_a_source(places: Places) -> None:
    source = next(iter(parse_sources(GOOD, "sources.yaml", places)))
    assert source.follow.accepts("https://mzj.example.cn/1.html", "2021年工作总结")
    assert not source.follow.accepts("https://mzj.example.cn/1.html", "招聘工作总结")
    allowed = {
        "https://mzj.example.cn/a": True,
        "http://mzj.example.cn:80/a": True,
        "http://mzj.example.cn:22/a": False,
        "https://a.files.example.cn/a": True,
        "https://files.example.cn.evil.example/a": False,
        "http://other.example.cn:8080/": True,
        "http://other.example.cn/": False,
        "https://user@mzj.example.cn/": False,
        "file:///etc/passwd": False,
        "http://[bad/": False,
    }
    assert {url: source.allows_host(url) for url in allowed} == allowed
    kinds = {
        "成都民生账单": "year_summary",
        "2022年上半年工作总结": "half_year",
        "1-9月民政统计": "half_year",
        "2021年工作总结和2022年工作计划": "year_summary",
        "2022年工作要点": "plan",
        "2021年民政事业统计表": "table",
        "公开招聘公告": "other",
        "走访慰问": "news",
    }
    assert {title: source.kind_of(title) for title in kinds} == kinds


def test_the_contact_may_come_from_the_environment(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_CONTACT", "ops@example.org")
    text = "sources:\n  - {id: a, place: '510100', publisher: 某局, list_pages: [http://x.example/]}\n"
    assert parse_sources(text, "sources.yaml", places).contact == "ops@example.org"


def test_the_shipped_bureaus(places: Places) -> None:
    found = load_sources(CATALOG_FOLDER / "sources.yaml", places)
    assert found.errors == ()
    assert len(found) >= 30
    levels = {source.place.level for source in found}
    assert levels == {"province", "prefecture"}
    assert all(source.publisher.startswith(source.place.name) for source in found)
    assert all(source.verified is None and source.pace >= 2 and not source.allow_private for source in found)

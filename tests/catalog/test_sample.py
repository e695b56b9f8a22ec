"""The sample bureaus hold what they promise, and what is expected of them can be found on their pages."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

CATALOG = Path(__file__).parents[2] / "catalog"
SAMPLE = CATALOG / "sample"
SITE = SAMPLE / "site"
PAGES = sorted(path for path in SITE.rglob("*") if path.suffix in (".html", ".htm"))
EXPECTED = [json.loads(line) for line in (SAMPLE / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
OF_PAGE: dict[str, list[dict[str, Any]]] = defaultdict(list)
for _row in EXPECTED:
    OF_PAGE[_row["page"]].append(_row)
INDICATORS = {row["code"]: row for row in csv.DictReader((CATALOG / "indicators.csv").open(encoding="utf-8"))}


class _Text(HTMLParser):
    """The text of a page, a line a block."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append("" if tag in ("span", "b", "a", "em", "font") else "\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(path: Path) -> str:
    raw = path.read_bytes()
    parser = _Text()
    parser.feed(
        raw.decode("gb18030" if path.is_relative_to(SITE / "changzhou") or "shaoxing" in path.parts else "utf-8")
    )
    return "".join(parser.parts)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(SITE)))
def test_every_page_says_that_it_is_a_sample(path: Path) -> None:
    assert "【样例】本页为软件样例，数据为虚构" in text_of(path)


@pytest.mark.parametrize("page", sorted(OF_PAGE))
def test_what_is_expected_stands_on_the_page_in_that_order(page: str) -> None:
    text, position = text_of(SITE / page), 0
    for row in OF_PAGE[page]:
        position = text.find(row["text"], position)
        assert position >= 0, row
        position += len(row["text"])


def test_each_bulletin_is_annotated_in_full() -> None:
    """No number with a counter is left over once the expected ones are taken away."""
    for page, rows in OF_PAGE.items():
        text = text_of(SITE / page)
        body = re.split("责任编辑|热点推荐|扫一扫|相关阅读|上一篇|扫描", text[text.index("【样例】") :])[0]
        for row in rows:
            body = body.replace(row["text"], "■", 1)
        assert re.findall(r"\d[\d.,]*(?:万|亿|余)*(?:元|人|户|名|个|家|所|处|张|对|件|具|%|‰|万)", body) == [], page


def test_expected_rows_fit_the_catalogue() -> None:
    for row in EXPECTED:
        if row["indicator"] and row["measure"] == "level":
            indicator = INDICATORS[row["indicator"]]
            assert row["unit"] == indicator["unit"], row
            assert bool(row["per"]) == bool(indicator["per"]), row


def test_growth_in_the_tables_is_what_the_columns_say() -> None:
    for page in ("zhongwei/tjsj/2022/tj2021.html", "zhongwei/tjsj/2023/tj2022.html"):
        levels: dict[tuple[str, str, int], float] = {}
        changes: dict[tuple[str, str, int], float] = {}
        for row in OF_PAGE[page]:
            target = changes if row["measure"] == "change" else levels
            target[row["indicator"], row["area"], row["year"]] = row["value"]
        assert len(changes) >= 12
        for (indicator, area, year), change in changes.items():
            last = levels[indicator, area, year - 1]
            assert (levels[indicator, area, year] / last - 1) * 100 == pytest.approx(change, abs=0.006), (
                indicator,
                area,
            )


def test_the_traps_are_there() -> None:
    def values(place: str, indicator: str, year: int, **fields: str) -> Counter[float]:
        return Counter(
            row["value"]
            for row in EXPECTED
            if (row["place"], row["indicator"], row["year"]) == (place, indicator, year)
            and all(row[key] == value for key, value in fields.items())
        )

    assert set(values("成都市", "dibao_standard", 2021, area="districts", status="actual")) == {870, 850}
    assert set(values("成都市", "elderly_complexes", 2022, status="target", measure="level")) == {50}
    assert values("恩施土家族苗族自治州", "elderly_community_coverage", 2020)[103] == 1
    assert values("绍兴县", "elderly_beds_new", 2012)[640] == 1
    assert values("柯桥区", "elderly_beds_new", 2013)[702] == 1
    assert {row["period"] for row in EXPECTED} == {"annual", "partial"}
    assert all(row["optional"] for row in OF_PAGE["chengdu/art/2022/5/6/art_2104.html"])


def test_encodings_are_not_what_the_pages_declare() -> None:
    raw = (SITE / "changzhou/html/mzj/2022/0310/2021.html").read_bytes()
    assert b"charset=gb2312" in raw
    assert {"镕", "喆"} <= set(raw.decode("gb18030"))
    with pytest.raises(UnicodeDecodeError):
        raw.decode("gb2312")


def test_list_pages_lead_to_every_bulletin_and_to_one_that_is_not_there() -> None:
    addresses = [
        address.removeprefix("{base}/")
        for source in yaml.safe_load((SAMPLE / "sources.yaml").read_text(encoding="utf-8"))["sources"]
        for address in source["list_pages"]
    ]
    linked = set()
    for address in [*addresses, "chengdu/index_2.html"]:
        raw = (SITE / address).read_bytes()
        for link in re.findall(rb"href=\"([^\"#]+)\"", raw, re.IGNORECASE):
            found = SITE / link.decode()[1:] if link.startswith(b"/") else (SITE / address).parent / link.decode()
            linked.add(found.resolve())
    missing = {path for path in linked if not path.exists()}
    assert [path.name for path in missing] == ["art_1801.html"]
    assert {(SITE / page).resolve() for page in OF_PAGE} <= linked

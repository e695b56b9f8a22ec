"""Names of divisions as bulletins print them, for every name of the list: by year, among words, and where they are none."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from bulletins.catalog import load_catalog
from bulletins.frames import PAGES, conform
from bulletins.places import Place
from bulletins.read import read_pages

CATALOG = load_catalog()
PLACES = CATALOG.places
COUNTIES = [place for place in PLACES.all if place.level == "county"]
STANDING = [place for place in COUNTIES if place.in_force(None)]
_ENDINGS = """
    市和 省和 州和 社会和 老人和 建成 形成 创成 完成 示范 规范 模范 防范 提高 升高 较高 渠道 街道 频道 绿色通道 会同 协同 共同 相应 下达 到达 传达
    水渠 开通 普通 互助 资助 公安 平安 治安 合作 民和 共和 富裕 振兴 复兴 安定 核定 固定 安居 散居 惠民 居民 村民 文明 透明 标准化 信息化
"""
_WORDS = Path(__file__).parents[2] / "catalog" / "words.csv"


class Page(NamedTuple):
    """A sentence on a page of `home` and the place that its figure 320 is to go to."""

    text: str
    home: Place
    published: dt.date
    wanted: str


def misread(pages: Iterable[Page]) -> list[str]:
    """The sentences whose figure went elsewhere, and where."""
    listed = list(pages)
    rows = [
        {"bulletin_key": str(at), "text": page.text, "place": page.home.name, "place_code": page.home.code, "title": "",
         "published_on": page.published, "kind": "other"}
        for at, page in enumerate(listed)
    ]  # fmt: skip
    frame = pl.DataFrame(rows).with_columns(
        pl.lit(None).cast(dtype).alias(name) for name, dtype in PAGES.items() if name not in rows[0]
    )
    found = read_pages(conform(frame, PAGES), CATALOG).observations.filter(pl.col("value") == 320)
    places = {int(row["bulletin_key"]): row["place"] for row in found.iter_rows(named=True)}
    return [
        f"{page.text} ({page.home.name}) → {places.get(at)}"
        for at, page in enumerate(listed)
        if places.get(at) != page.wanted
    ]


def home_of(place: Place) -> Place:
    home = PLACES.parent(place)
    assert home is not None
    return home


def fallen() -> list[Place]:
    """Names of counties that fell from 2005 to 2025, in whatever way."""
    names = {(place.name, place.code[:4], place.valid_from) for place in COUNTIES}
    return [
        place
        for place in COUNTIES
        if place.valid_to
        and 2005 <= place.valid_to + 1 <= 2025
        and (place.name, place.code[:4], place.valid_to + 1) not in names
    ]


@pytest.mark.parametrize(
    ("of_year", "published", "sentence"),
    [
        (1, (1, 12, 20), "{year}年,{name}新增养老床位320张。"),  # in the very year in which it fell
        (1, (2, 1, 20), "{year}年,{name}新增养老床位320张。"),  # on a page of the next January
        (1, (2, 1, 20), "{year}年,全市新增养老床位900张,其中{name}320张。"),
        (-1, (3, 1, 20), "{year}年,{name}新增养老床位320张。"),  # on a page that looks back
    ],
)
def test_a_name_that_fell_is_read_in_its_time(of_year: int, published: tuple[int, int, int], sentence: str) -> None:
    years, month, day = published
    wrong = misread(
        Page(
            sentence.format(year=(place.valid_to or 0) + of_year, name=place.name),
            home_of(place),
            dt.date((place.valid_to or 0) + years, month, day),
            place.name,
        )
        for place in fallen()
    )
    assert wrong == []


@pytest.mark.parametrize(
    "sentence",
    [
        "2025年,{}新增养老床位320张。",
        "2025年,我市{}新增养老床位320张。",
        "2025年,市民政局支持{}新增养老床位320张。",
    ],
)
def test_every_standing_name_is_read(sentence: str) -> None:
    pages = [Page(sentence.format(place.name), home_of(place), dt.date(2026, 1, 20), place.name) for place in STANDING]
    # `我市和县新增…` may be "our city and its counties".
    assert [line for line in misread(pages) if "和县" not in line] == []


def test_every_city_is_read_on_a_page_of_its_province() -> None:
    cities = [place for place in PLACES.all if place.level == "prefecture" and place.in_force(None)]
    wrong = misread(
        Page(f"2025年,{place.name}新增养老床位320张。", home_of(place), dt.date(2026, 1, 20), place.name)
        for place in cities
    )
    assert wrong == []


def _words() -> set[str]:
    """The catalogue's own words, and everyday ones that end like a county's name."""
    with _WORDS.open(encoding="utf-8") as handle:
        cells = [row["words"] for row in csv.DictReader(handle)]
    words = {word for cell in cells for word in re.findall("[一-龥]{2,5}", cell)}
    return words | set(re.findall("[一-龥]+", _ENDINGS))


def test_the_ends_of_two_words_are_no_county() -> None:
    made = [
        Page(f"2021年,{lead}{word}{place.name[-1]}{tail}新增养老床位320张。", home_of(place), dt.date(2022, 1, 20), home_of(place).name)
        for place in STANDING
        if place.name[-1] in "县区"
        for word in sorted(_words())
        if len(word) >= len(place.name) and word.endswith(place.name[:-1])
        for tail in (("级", "区", "乡两级") if place.name[-1] == "县" else ("域", "级"))
        for lead in ("", "全市")
    ]  # fmt: skip
    assert len(made) > 300
    assert misread(made) == []

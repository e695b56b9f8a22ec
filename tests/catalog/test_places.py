"""The table of places: complete, without overlaps, each year's divisions under parents of that year."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "gold"
ROWS = list(csv.DictReader((ROOT / "catalog" / "places.csv").open(encoding="utf-8", newline="")))
BY_CODE = defaultdict(list)
for _row in ROWS:
    BY_CODE[_row["code"]].append(_row)
LAST = 2026


def years(row: dict[str, str]) -> range:
    return range(int(row["valid_from"]), int(row["valid_to"] or LAST) + 1)


def standing(year: int) -> Iterator[dict[str, str]]:
    return (row for row in ROWS if year in years(row))


def at(code: str, year: int) -> dict[str, str]:
    (row,) = (row for row in BY_CODE[code] if year in years(row))
    return row


@pytest.mark.parametrize(
    ("year", "prefectures", "counties"),
    [(2005, 333, 2862), (2012, 333, 2852), (2015, 334, 2850), (2019, 333, 2846), (2023, 333, 2844), (2025, 333, 2845)],
)
def test_counts_are_those_of_the_yearly_lists(year: int, prefectures: int, counties: int) -> None:
    counts = Counter(row["level"] for row in standing(year))
    assert counts == {"country": 1, "province": 34, "prefecture": prefectures, "county": counties}


def test_provinces_include_hong_kong_macau_and_taiwan() -> None:
    names = {row["name"] for row in standing(LAST) if row["level"] == "province"}
    assert {"香港特别行政区", "澳门特别行政区", "台湾省", "重庆市", "新疆维吾尔自治区"} <= names


def test_a_code_has_one_row_a_year() -> None:
    for code, rows in BY_CODE.items():
        for earlier, later in pairwise(sorted(rows, key=lambda row: int(row["valid_from"]))):
            assert earlier["valid_to"], code
            assert int(earlier["valid_to"]) < int(later["valid_from"]), code


def test_a_code_and_its_level_agree() -> None:
    for row in ROWS:
        code = row["code"]
        assert len(code) == 6, row
        assert code.isdigit(), row
        zeros = 6 if code == "000000" else 4 if code.endswith("0000") else 2 if code.endswith("00") else 0
        assert row["level"] == {6: "country", 4: "province", 2: "prefecture", 0: "county"}[zeros], row
        assert int(row["valid_from"]) <= int(row["valid_to"] or LAST), row


def test_a_parent_stands_in_all_years_of_its_child() -> None:
    stood = defaultdict(set)
    for row in ROWS:
        stood[row["code"]].update(years(row))
    for row in ROWS:
        if row["level"] == "country":
            assert row["parent"] == ""
            continue
        # What was under a prefecture that ended before the kept years has rows of its own for the years after.
        assert set(years(row)) - stood[row["parent"]] <= set(range(1980, 2000)), row


def test_a_successor_stands_in_the_year_after() -> None:
    for row in ROWS:
        if row["valid_to"] and row["successor"]:
            heir = at(row["successor"], int(row["valid_to"]) + 1)
            assert heir["level"] == row["level"] or heir["name"] in ("儋州市", "济南市"), row
        elif not row["valid_to"]:
            assert row["successor"] == "", row


@pytest.mark.parametrize(
    ("code", "year", "name", "heir"),
    [
        ("330621", 2012, "绍兴县", "柯桥区"),  # a county made a district
        ("420600", 2009, "襄樊市", "襄阳市"),  # renamed under its code
        ("360402", 2015, "庐山区", "濂溪区"),  # renamed in the year in which another took its name
        ("440203", 2002, "浈江区", "浈江区"),  # two codes exchanged
        ("500110", 2010, "万盛区", "綦江区"),  # a code given again to what it was merged into
        ("110103", 2009, "崇文区", "东城区"),  # merged
        ("371200", 2017, "莱芜市", "济南市"),  # a prefecture merged into its neighbour
        ("469003", 2014, "儋州市", "儋州市"),  # a county-level city made a prefecture
        ("220381", 2019, "公主岭市", "公主岭市"),  # moved to another prefecture
        ("510132", 2019, "新津县", "新津区"),
        ("510124", 2015, "郫县", "郫都区"),
        ("341421", 2010, "庐江县", "庐江县"),
        ("500112", 2024, "渝北区", "两江新区"),
        ("330103", 2020, "下城区", "拱墅区"),
    ],
)
def test_history_resolves(code: str, year: int, name: str, heir: str) -> None:
    row = at(code, year)
    assert (row["name"], row["valid_to"]) == (name, str(year))
    assert at(row["successor"], year + 1)["name"] == heir


@pytest.mark.parametrize(("code", "name"), [("130421", "邯郸县"), ("130521", "邢台县"), ("330104", "江干区")])
def test_a_divided_place_has_no_successor(code: str, name: str) -> None:
    (row,) = BY_CODE[code]
    assert (row["name"], row["successor"]) == (name, "")
    assert row["valid_to"]


@pytest.mark.parametrize(
    ("code", "year", "short_names"),
    [
        ("510100", 2021, "成都"),
        ("510000", 2021, "四川"),
        ("150000", 2021, "内蒙;内蒙古"),
        ("450000", 2021, "广西"),
        ("522600", 2021, "黔东南;黔东南州"),
        ("422800", 2021, "恩施;恩施州"),
        ("653000", 2021, "克州;克孜勒苏;克孜勒苏州"),
        ("653100", 2021, "喀什"),
        ("152500", 2021, "锡盟;锡林郭勒"),
        ("510726", 2021, "北川;北川县"),
        ("622926", 2021, "东乡;东乡县"),
        ("630223", 2021, "互助县"),  # 互助养老 is no place
        ("371621", 2021, ""),  # nor is 惠民殡葬
        ("371722", 2021, ""),  # 单县: one character is no name
        ("421003", 2021, "荆州"),
        ("469001", 2021, "五指山"),
    ],
)
def test_short_names(code: str, year: int, short_names: str) -> None:
    assert at(code, year)["short_names"] == short_names


def test_parents_of_what_a_province_governs_itself() -> None:
    assert at("429004", 2021)["parent"] == "420000"  # 仙桃市
    assert at("419001", 2021)["parent"] == "410000"  # 济源市
    assert at("110105", 2021)["parent"] == "110000"  # a district of Beijing
    assert at("460302", 2021)["parent"] == "460300"
    assert at("510107", 2021)["parent"] == "510100"


@pytest.mark.skipif(not GOLD.is_dir(), reason="the gold bulletins are not beside the project")
def test_each_gold_bulletin_has_its_place() -> None:
    for docs in GOLD.glob("*/docs.jsonl"):
        for line in docs.read_text(encoding="utf-8").splitlines():
            doc = json.loads(line)
            # By name: a bureau may write a code that had been replaced by then.
            assert doc["place"] in {row["name"] for year in (doc["year"], doc["year"] - 1) for row in standing(year)}

"""Every item of the ministry's statistical forms is read as its own indicator or as none, never as a neighbour's.

`official_forms.csv` holds the items by their official names and units, the forms of older years among them, each with the code
whose definition in `indicators.csv` it fits; one that none fits has a remark that says why there is none.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from bulletins.catalog import load_catalog
from bulletins.read import Reader

ITEMS = list(csv.DictReader((Path(__file__).parent / "official_forms.csv").open(encoding="utf-8", newline="")))
CATALOG = load_catalog()


@cache
def reader() -> Reader:
    return Reader(CATALOG)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item['name']} {item['unit']}")
def test_an_item_is_read_as_what_it_is(item: dict[str, str]) -> None:
    table = f"| 指标 | 单位 | 数量 |\n| {item['name']} | {item['unit']} | 1234 |\n"
    [block] = reader().read(
        table, place="广安市", code="511600", title="广安市2017年民政统计报表", published=dt.date(2018, 1, 15)
    )
    # A unit that is none of the catalogue's (人天) leaves the number unread.
    assert "".join(observation.indicator for observation in block.observations) == item["indicator"]


def test_items_are_known_and_stand_once() -> None:
    names = [(item["name"], item["unit"]) for item in ITEMS]
    assert len(set(names)) == len(names) >= 280
    assert {item["indicator"] for item in ITEMS} <= {"", *CATALOG.indicators}
    assert [item["name"] for item in ITEMS if bool(item["indicator"]) == bool(item["remark"])] == []

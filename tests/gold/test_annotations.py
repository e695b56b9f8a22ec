"""The annotations are what they say: spans fit the texts, codes and places are known, every indicator occurs."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CATALOG = HERE.parents[1] / "catalog"
DOCS = {doc["id"]: doc for doc in map(json.loads, (HERE / "docs.jsonl").read_text(encoding="utf-8").splitlines())}
INDICATORS = {row["code"]: row for row in csv.DictReader((CATALOG / "indicators.csv").open(encoding="utf-8"))}
NAMES = {(row["code"], row["name"]) for row in csv.DictReader((CATALOG / "places.csv").open(encoding="utf-8"))}


def rows_of(doc: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / f"{doc}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("doc", DOCS)
def test_spans_are_in_order_and_print_their_text(doc: str) -> None:
    text, rows = (HERE / f"{doc}.txt").read_text(encoding="utf-8"), rows_of(doc)
    assert text.startswith("【样例】")
    assert [text[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows]
    assert all(before["end"] <= after["start"] for before, after in pairwise(rows))


@pytest.mark.parametrize("doc", DOCS)
def test_rows_fit_catalogue_and_places(doc: str) -> None:
    assert (DOCS[doc]["code"], DOCS[doc]["place"]) in NAMES
    for row in rows_of(doc):
        assert row["place"] in {name for _, name in NAMES}, row
        if row["indicator"] and row["measure"] == "level":
            indicator = INDICATORS[row["indicator"]]
            assert row["unit"] == indicator["unit"], row
            assert bool(row["per"]) == bool(indicator["per"]), row


def test_every_indicator_occurs() -> None:
    assert {row["indicator"] for doc in DOCS for row in rows_of(doc)} >= set(INDICATORS)

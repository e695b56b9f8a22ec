"""The known values are what was read by hand from the sample, and pages that the sample has."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from bulletins.catalog import CATALOG_FOLDER, load_catalog
from bulletins.text.periods import Period

SAMPLE = "http://sample.invalid/"


def test_every_known_value_of_the_sample_was_read_by_hand() -> None:
    places = load_catalog().places
    read = [
        json.loads(line) for line in Path(CATALOG_FOLDER / "sample" / "expected.jsonl").read_text("utf-8").splitlines()
    ]
    by_hand: dict[tuple[str, str], float] = {}
    for row in read:
        place = places.find(row["place"], year=row["year"])
        if place is None:
            continue
        per = "month" if row["per"] == "year" else row["per"]
        parts = (place.code, row["year"], row["indicator"], row["area"], row["status"], row["measure"], row["period"])
        cell = "|".join([*map(str, parts), row["unit"], per])
        by_hand[SAMPLE + row["page"], cell] = row["value"] / (12 if row["per"] == "year" else 1)
    goldens = pl.read_csv(CATALOG_FOLDER / "goldens.csv")
    assert goldens.height >= 10
    for url, cell, value in goldens.filter(pl.col("url").str.starts_with(SAMPLE)).rows():
        assert abs(by_hand[url, _by_class(cell)] - value) < 1e-6, cell


def _by_class(cell: str) -> str:
    """The cell with the class of its period, as the sample was read by hand: 2021-S1 is a part of the year."""
    *head, period, unit, per = cell.split("|")
    classes = {"annual", "partial", "multi_year"}
    return "|".join([*head, period if period in classes else Period.parse(period).kind, unit, per])

"""One right page and one right observation, of which a test changes what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import Catalog, load_catalog
from bulletins.frames import OBSERVATIONS, PAGES

KEY = "0123456789abcdef"
RIGHT: dict[str, Any] = {
    "value_high": None,
    "unit": "person",
    "per": "",
    "qualifier": "exact",
    "measure": "level",
    "status": "actual",
    "year": 2021,
    "period": "annual",
    "place": "成都市",
    "place_code": "510100",
    "area": "all",
    "indicator": "dibao_persons",
    "label": "低保对象",
}


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def page() -> Callable[..., pl.DataFrame]:
    """A frame in schema PAGES with one page of that text."""

    def make(text: str, **changes: Any) -> pl.DataFrame:
        row = {
            "bulletin_key": KEY,
            "source_id": "chengdu",
            "url": "http://127.0.0.1/1.html",
            "title": "2021年成都市民政工作总结",
            "publisher": "成都市民政局",
            "published_on": date(2022, 1, 20),
            "fetched_at": datetime(2022, 2, 1, tzinfo=UTC),
            "snapshot_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
            "kind": "year_summary",
            "place_code": "510100",
            "place": "成都市",
            "text": text,
        }
        return pl.DataFrame([row | changes], schema=dict(PAGES))

    return make


@pytest.fixture(scope="session")
def observe() -> Callable[..., pl.DataFrame]:
    """Observations of a page: each is the printed text, the value and what differs from `RIGHT`.

    A text that is printed more than once is found in the order in which it is asked for.
    """

    def make(pages: pl.DataFrame, *readings: tuple[str, float | None, dict[str, Any]]) -> pl.DataFrame:
        rows, reached = [], 0
        for printed, value, changes in readings:
            key = changes.get("bulletin_key", pages["bulletin_key"][0])
            text = pages.filter(pl.col("bulletin_key") == key)["text"].item()
            start = text.find(printed, reached)
            start = text.index(printed) if start < 0 else start
            reached = start + len(printed)
            row = {
                "observation_key": hashlib.sha256(f"{key}|{start}|{reached}".encode()).hexdigest()[:16],
                "bulletin_key": key,
                "start": start,
                "end": reached,
                "text": printed,
                "value": value,
                "sentence": next(line for line in text.splitlines() if printed in line),
            }
            told = {**row, **RIGHT, **changes}
            rows.append({"time_period": str(told["year"]), **told})
        return pl.DataFrame(rows, schema=dict(OBSERVATIONS))

    return make

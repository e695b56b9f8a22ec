"""One right page and one right observation, of which a test changes what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from made import observation_row, page_row

from bulletins.catalog import Catalog, load_catalog
from bulletins.frames import OBSERVATIONS, PAGES

KEY = "0123456789abcdef"


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def page() -> Callable[..., pl.DataFrame]:
    """A frame in schema PAGES with one page of that text."""

    def make(text: str, **changes: Any) -> pl.DataFrame:
        digest = hashlib.sha256(text.encode()).hexdigest()
        said = {"title": "2021年成都市民政工作总结", "text": text, "snapshot_sha256": digest, "text_sha256": digest}
        return pl.DataFrame([page_row(KEY, **said | changes)], schema=dict(PAGES))

    return make


@pytest.fixture(scope="session")
def observe() -> Callable[..., pl.DataFrame]:
    """Observations of a page: each is the printed text, the value and what differs from `made.observation_row`.

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
            said = {
                "start": start,
                "sentence": next(line for line in text.splitlines() if printed in line),
                **changes,
            }
            own = hashlib.sha256(f"{key}|{start}|{reached}".encode()).hexdigest()[:16]
            rows.append(observation_row(own, key, printed, value, **said))
        return pl.DataFrame(rows, schema=dict(OBSERVATIONS))

    return make

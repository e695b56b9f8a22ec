"""Every construction of the language that is read, case by case; `README.md` beside this file says how a case is written."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.accuracy import without_verdict
from bulletins.catalog import load_catalog
from bulletins.evidence.judge import Judge
from bulletins.evidence.weights import Weights
from bulletins.frames import OBSERVATIONS, PAGES, conform
from bulletins.read import read_pages

HERE = Path(__file__).parent
CATALOG = load_catalog()
DEFAULTS = {
    "place": "广安市",
    "code": "511600",
    "title": "广安市民政局2021年工作总结",
    "published": "2022-01-15",
    "kind": "year_summary",
}
KEYS = {"name", "text", "expect", "ledger", "known", *DEFAULTS}
RULES = Judge(CATALOG.indicators, Weights({}, {}, ()))
VERDICTS = {"date", "ordinal", "identifier", "name", "furniture", "unread"}
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("*.json"))}


def cases() -> Iterator[Any]:
    for group, of_group in FILES.items():
        for case in of_group:
            # Strict: a case that the reader has learnt must lose its mark.
            marks = [pytest.mark.xfail(reason=case["known"], strict=True)] if "known" in case else []
            yield pytest.param(case, id=f"{group}: {case['name']}", marks=marks)


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: Mapping[str, Any]) -> None:
    page = _page(case)
    # The cases hold the rules: what the evidence makes of a sentence without its page is held out of fold (learning/).
    reading = read_pages(page, CATALOG, RULES)
    observations = list(reading.observations.iter_rows(named=True))
    assert [row["text"] for row in observations] == [wanted["text"] for wanted in case["expect"]]
    for wanted, found in zip(case["expect"], observations, strict=True):
        assert {name: found[name] for name in wanted} == {
            name: found[name] if _fits(name, value, found[name]) else value for name, value in wanted.items()
        }
    text, ledger = case["text"], list(reading.ledger.iter_rows(named=True))
    for printed, verdict in case.get("ledger", {}).items():
        at = text.index(printed)
        verdicts = {row["verdict"] for row in ledger if row["start"] < at + len(printed) and at < row["end"]}
        assert verdicts == {verdict}, printed
    assert [text[row["start"] : row["end"]] for row in ledger] == [row["text"] for row in ledger]
    assert without_verdict(text, ledger) == []


def _page(case: Mapping[str, Any]) -> pl.DataFrame:
    stated = {name: case.get(name, value) for name, value in DEFAULTS.items()}
    page = {name: "" for name, dtype in PAGES.items() if dtype == pl.String()} | {
        "fetched_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "published_on": dt.date.fromisoformat(stated["published"]) if stated["published"] else None,
        "place_code": stated["code"],
        **{name: stated[name] for name in ("place", "title", "kind")},
        "text": case["text"],
    }
    return conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES)


def _fits(name: str, wanted: object, found: object) -> bool:
    if name in ("value", "value_high") and isinstance(wanted, float | int) and isinstance(found, float):
        return math.isclose(wanted, found, rel_tol=1e-9)
    if name == "label":  # a label is short, but how short is nobody's rule
        return str(wanted) in str(found)
    return wanted == found


def test_cases_are_well_formed() -> None:
    assert sum(map(len, FILES.values())) >= 170
    for group, of_group in FILES.items():
        twice = [name for name, count in Counter(case["name"] for case in of_group).items() if count > 1]
        assert twice == [], group
        for case in of_group:
            assert set(case) <= KEYS, (group, case["name"])
            assert set(case.get("ledger", {}).values()) <= VERDICTS, (group, case["name"])
            position = 0
            for wanted in case["expect"]:
                assert {"text", *wanted} <= set(OBSERVATIONS), (group, case["name"])
                assert wanted.get("indicator", "") in {"", *CATALOG.indicators}, (group, case["name"])
                position = case["text"].index(wanted["text"], position) + len(wanted["text"])

"""What was fetched is kept, dated and explained; a page is fit to be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from expectations.report import SuiteReport
from expectations.snapshots import check_pages, check_snapshots

Make = Callable[..., pl.DataFrame]
NOW = datetime(2022, 2, 2, tzinfo=UTC)
SHA256 = "a" * 64


def _check(**changes: Any) -> SuiteReport:
    row = {
        "retrieval_id": "r-1",
        "retrieved_at": datetime(2022, 2, 1, tzinfo=UTC),
        "source_id": "chengdu",
        "url": "http://127.0.0.1/1.html",
        "status": 200,
        "outcome": "NEW",
        "reason": "",
        "detail": "",
        "snapshot_sha256": SHA256,
    }
    return check_snapshots(pl.DataFrame([row | changes]), {SHA256}, now=NOW)


def test_a_page_that_came_and_is_kept_holds() -> None:
    report = _check()
    assert report.success
    assert not report.broken("warning")


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("outcome_known", {"outcome": "LOST"}),
        ("snapshot_kept", {"snapshot_sha256": "b" * 64}),
        ("snapshot_kept", {"snapshot_sha256": None}),
        ("retrieved_in_past", {"retrieved_at": datetime(2023, 1, 1, tzinfo=UTC)}),
        ("reason_given", {"outcome": "FAILED"}),
    ],
)
def test_a_fault_in_the_manifest_is_an_error(rule: str, changes: dict[str, Any]) -> None:
    assert rule in [result.rule for result in _check(**changes).broken("error")]


def test_a_page_that_did_not_come_is_a_warning_with_its_reason() -> None:
    report = _check(outcome="FAILED", reason="timeout", detail="no answer in 20 s", snapshot_sha256=None)
    assert report.success
    (result,) = report.broken("warning")
    assert result.examples[0]["detail"] == "FAILED：timeout（no answer in 20 s）"


@pytest.mark.parametrize(
    ("rule", "severity", "text", "changes"),
    [
        ("page_has_text", "error", " \n", {}),
        ("page_has_place", "error", "低保12人", {"place": ""}),
        ("page_published_before_seen", "error", "低保12人", {"published_on": date(2022, 3, 1)}),
        ("page_decoded", "warning", "低保12人\ufffd\ufffd", {}),
        ("page_dated", "warning", "低保12人", {"published_on": None}),
    ],
)
def test_a_page_unfit_to_be_read_is_named(
    rule: str, severity: Any, text: str, changes: dict[str, Any], page: Make
) -> None:
    report = check_pages(page(text, **changes))
    assert [result.rule for result in report.broken(severity)] == [rule]


def test_a_page_seen_on_its_day_of_publication_in_china_holds(page: Make) -> None:
    seen = datetime(2022, 1, 31, 18, tzinfo=UTC)  # the next morning in Beijing
    assert check_pages(page("低保12人", published_on=date(2022, 2, 1), fetched_at=seen)).success

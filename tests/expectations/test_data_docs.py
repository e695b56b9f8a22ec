"""The data docs: every page opens without internet, the first leads to the others, and these show what broke."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from assets.reports import load_report, save_report
from bulletins.catalog import Catalog
from expectations.data_docs import build_data_docs
from expectations.observations import screen
from expectations.report import SuiteReport
from expectations.snapshots import check_pages

Make = Callable[..., pl.DataFrame]


@pytest.fixture
def reports(page: Make, observe: Make, catalog: Catalog, tmp_path: Path) -> list[SuiteReport]:
    """Reports as they are kept: of pages that hold everything, and of a share above 100 %."""
    pages = page("全市低保9.76万人，覆盖率103%。")
    coverage = {"unit": "percent", "indicator": "elderly_community_coverage", "label": "覆盖率"}
    screened = screen(observe(pages, ("9.76万人", 97600, {}), ("103%", 103, coverage)), pages, catalog)
    kept = []
    for report in (check_pages(pages), screened.report):
        save_report(report, tmp_path / f"{report.suite}.json")
        kept.append(load_report(tmp_path / f"{report.suite}.json"))
    return kept


def test_every_page_is_reached_and_fetches_nothing(reports: list[SuiteReport], tmp_path: Path) -> None:
    first = build_data_docs(reports, tmp_path / "docs", made_at=datetime(2026, 1, 2, tzinfo=UTC), runbook="runbook.md")

    index = first.read_text("utf-8")
    behind = set(re.findall(r'href="((?:expectations|validations)/[^"]+)"', index))
    assert {"expectations/pages.html", "expectations/observations_over_pages.html"} <= behind
    assert all((first.parent / address).is_file() for address in behind)
    for html in first.parent.rglob("*.html"):
        text = html.read_text("utf-8")
        assert not re.search(r"(?:src|href)=\"?(?:https?:)?//", text)
        for address in re.findall(r'(?:src|href)="([^"#:]+)', text):
            assert html.parent.joinpath(address).resolve().exists() or address == "runbook.md", (html, address)


def test_the_page_of_a_result_says_in_chinese_what_was_expected_and_names_the_row(
    reports: list[SuiteReport], tmp_path: Path
) -> None:
    build_data_docs(reports, tmp_path / "docs", made_at=datetime(2026, 1, 2, tzinfo=UTC), runbook="runbook.md")

    (result,) = (tmp_path / "docs" / "validations" / "observations").rglob("*.html")
    text = result.read_text("utf-8")
    key = next(each for each in reports[1].results if each.rule == "share_at_most_100").examples[0]["observation_key"]
    assert "占比、覆盖率等份额不超过 100%" in text
    assert "value 不大于 100" in text
    assert str(key) in text
    # Where nothing broke there is nothing to show but what was expected.
    assert not (tmp_path / "docs" / "validations" / "pages").exists()


def test_older_pages_make_room(reports: list[SuiteReport], tmp_path: Path) -> None:
    for day in (2, 3):
        build_data_docs(reports, tmp_path / "docs", made_at=datetime(2026, 1, day, tzinfo=UTC), runbook="runbook.md")
    assert len(list((tmp_path / "docs" / "validations" / "observations").rglob("*.html"))) == 1

"""The data docs show what broke, escape what pages print, and fetch nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser

import polars as pl

from expectations.rendering import render
from expectations.rules import row_rule
from expectations.runner import Suite, run_suite


class _Page(HTMLParser):
    """Collects the text and every address that a page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.addresses, self.scripts = "", [], 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag in ("script", "link", "img", "iframe")
        self.addresses += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        self.text += data


def _page() -> _Page:
    rule = row_rule("at_most_100", "error", "不超过 100", holds=pl.col("value") <= 100, detail=pl.lit("应不超过 100"))
    suite = Suite("observations", ((rule,),), key=("key",), shows=("key", "sentence"))
    frame = pl.DataFrame({"key": ["a", "b"], "value": [1, 103], "sentence": ["", "覆盖率<b>103%</b><script>"]})
    return _Page(render([run_suite(suite, frame).report], made_at=datetime(2026, 1, 2, tzinfo=UTC)))


def test_a_broken_row_is_shown_with_its_rule_and_what_was_expected() -> None:
    text = _page().text
    for expected in ("at_most_100", "不超过 100", "应不超过 100", "覆盖率<b>103%</b><script>", "2026-01-02"):
        assert expected in text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = _page()
    assert page.scripts == 0
    assert set(page.addresses) == {"#observations", "docs/runbook.md#at_most_100"}

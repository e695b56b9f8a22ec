"""The ledger accounts for every number: one left out, doubled, misplaced or unexplained is found."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from bulletins.frames import LEDGER
from expectations.ledger import check_ledger
from expectations.report import SuiteReport

Make = Callable[..., pl.DataFrame]
TEXT = "2021年低保12人，邮编610000。"
ROWS = [
    (0, 5, "2021年", "date", "年份"),
    (7, 10, "12人", "observation", ""),
    (13, 19, "610000", "furniture", "邮编"),
]


def _check(rows: list[tuple[int, int, str, str, str]], page: Make, observe: Make) -> SuiteReport:
    pages = page(TEXT)
    key = pages["bulletin_key"].item()
    ledger = pl.DataFrame([(key, *row) for row in rows], schema=dict(LEDGER), orient="row")
    return check_ledger(ledger, observe(pages, ("12人", 12, {})), pages)


def test_a_whole_ledger_holds(page: Make, observe: Make) -> None:
    report = _check(ROWS, page, observe)
    assert report.success
    assert report.rows == 3
    assert not report.broken("warning")


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("number_accounted", ROWS[:2]),
        ("number_accounted", [ROWS[0], ROWS[2]]),
        ("number_once", [*ROWS, (16, 19, "000", "identifier", "编号")]),
        ("verdict_known", [ROWS[0], ROWS[1], (13, 19, "610000", "postcode", "邮编")]),
        ("number_reads_back", [ROWS[0], ROWS[1], (12, 18, "610000", "furniture", "邮编")]),
        ("observation_in_ledger", [ROWS[0], (7, 10, "12人", "name", "名称"), ROWS[2]]),
        ("observation_in_ledger", [*ROWS[:2], (13, 19, "610000", "observation", "")]),
        ("verdict_reasoned", [(0, 5, "2021年", "date", ""), *ROWS[1:]]),
    ],
)
def test_a_gap_in_the_ledger_is_an_error(
    rule: str, rows: list[tuple[int, int, str, str, str]], page: Make, observe: Make
) -> None:
    report = _check(rows, page, observe)
    assert rule in [result.rule for result in report.broken("error")]


def test_a_number_that_is_not_printed_has_an_empty_span(page: Make, observe: Make) -> None:
    assert _check([*ROWS[:2], (12, 12, "999", "furniture", "表内隐藏"), ROWS[2]], page, observe).success


def test_an_unread_number_is_a_warning(page: Make, observe: Make) -> None:
    report = _check([*ROWS[:2], (13, 19, "610000", "unread", "断行")], page, observe)
    assert report.success
    assert [result.rule for result in report.broken("warning")] == ["number_read"]

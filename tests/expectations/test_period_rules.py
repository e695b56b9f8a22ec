"""Each rule on when a figure is of, with what it finds and what it lets pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import Catalog
from expectations.observations import evidence_of
from expectations.periods import COMPARISONS, RULES
from expectations.runner import Suite, apply_rules

Make = Callable[..., pl.DataFrame]
Reading = tuple[str, float, dict[str, Any]]
FLOW = {"indicator": "marriages", "unit": "couple", "label": "结婚登记"}
STOCK = {"indicator": "dibao_persons", "unit": "person", "label": "低保对象"}
SUITE = Suite("periods", (RULES, COMPARISONS), ("observation_key",), ("time_period",), ("rows", "pages"))


def part(notation: str, **fields: Any) -> dict[str, Any]:
    return FLOW | {"period": "partial", "time_period": notation} | fields


@pytest.fixture
def found(page: Make, observe: Make, catalog: Catalog) -> Callable[..., dict[str, list[str]]]:
    def find(text: str, *readings: Reading, title: str = "成都市民政局2021年工作总结") -> dict[str, list[str]]:
        pages = page(text, title=title)
        return broken(observe(pages, *readings), pages, catalog)

    return find


def broken(observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog) -> dict[str, list[str]]:
    rows = apply_rules(SUITE, evidence_of(observations, pages, catalog)).broken
    told = rows.with_columns(text=observations["text"].gather(rows["row"])).sort("rule", "text")
    return {rule: group["text"].to_list() for (rule,), group in told.group_by("rule", maintain_order=True)}


@pytest.mark.parametrize(
    ("text", "reading", "rules"),
    [
        ("2021年5月，办理结婚登记521对。", ("521对", 521, FLOW), ["period_as_named"]),
        ("2021年5月，办理结婚登记521对。", ("521对", 521, part("2021-05")), []),
        (
            "2021年第三季度，办理结婚登记1203对。",
            ("1203对", 1203, part("2021-01-01/P9M")),
            ["period_as_named", "period_named"],
        ),
        ("2021年1—9月，办理结婚登记3870对。", ("3870对", 3870, part("2021-01-01/P9M")), []),
        ("2021年1—12月，办理结婚登记5410对。", ("5410对", 5410, FLOW), []),
        ("办理结婚登记5410对。", ("5410对", 5410, part("2021-07")), ["period_named"]),
        ("12月，在册低保对象3120人。", ("3120人", 3120, STOCK), []),
        ("整改率由上半年的72对提高到90对。", ("90对", 90, FLOW), []),
    ],
)
def test_the_period_is_the_one_that_words_name(
    found: Callable[..., dict[str, list[str]]], text: str, reading: Reading, rules: list[str]
) -> None:
    assert list(found(text, reading)) == rules


def test_the_head_of_the_column_is_asked(found: Callable[..., dict[str, list[str]]]) -> None:
    text = "| 指标 | 单位 | 本季 | 上季 |\n| --- | --- | --- | --- |\n| 结婚登记 | 对 | 1203 | 1115 |"
    title = "成都市2021年第三季度民政统计季报"
    right = ("1203", 1203, part("2021-Q3")), ("1115", 1115, part("2021-Q2"))
    swapped = ("1203", 1203, part("2021-Q2")), ("1115", 1115, part("2021-Q3"))
    assert found(text, *right, title=title) == {}
    assert found(text, *swapped, title=title)["period_as_named"] == ["1115", "1203"]


def test_a_page_on_a_part_of_the_year_has_no_annual_flows(found: Callable[..., dict[str, list[str]]]) -> None:
    title = "成都市民政局2021年上半年工作总结"
    assert found("办理结婚登记2590对。", ("2590对", 2590, FLOW), title=title) == {"period_named": ["2590对"]}
    assert found("办理结婚登记2590对。", ("2590对", 2590, part("2021-S1")), title=title) == {}


@pytest.mark.parametrize("wrong", ["2021-13", "", "2020-Q3", "2021-01-01/P1D", "2016-01-01/P5Y"])
def test_a_notation_that_does_not_fit_is_held(found: Callable[..., dict[str, list[str]]], wrong: str) -> None:
    reading = ("1203对", 1203, part(wrong, period="annual"))
    assert found("2021年第三季度办理结婚登记1203对。", reading)["period_well_formed"] == ["1203对"]


def _two(page: Make, observe: Make, *told: tuple[str, float, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages of one figure each, of a period each."""
    pages, rows = [], []
    for number, (text, value, notation) in enumerate(told):
        key = f"{number:x}" * 16
        pages.append(
            page(
                f"{notation}办理{text}",
                bulletin_key=key,
                url=f"http://127.0.0.1/{number}",
                published_on=date(2022, 1, 9),
            )
        )
        kind = "annual" if notation == "2021" else "partial"
        rows.append((pages[-1], text, value, FLOW | {"bulletin_key": key, "period": kind, "time_period": notation}))
    whole = pl.concat(pages)
    return whole, pl.concat([observe(whole, (text, value, fields)) for _, text, value, fields in rows])


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ([("520对", 520, "2021-05"), ("500对", 500, "2021-S1")], {"part_of_year"}),
        ([("2590对", 2590, "2021-S1"), ("2400对", 2400, "2021-01-01/P9M")], {"part_of_year"}),
        ([("5200对", 5200, "2021-01-01/P9M"), ("5013对", 5013, "2021")], {"part_of_year"}),
        ([("520对", 520, "2021-05"), ("5200对", 5200, "2021")], set()),
        ([("1280对", 1280, "2021-Q3"), ("1000对", 1000, "2021-Q4")], set()),
        ([("1280对", 1280, "2021-Q3"), ("2590对", 2590, "2021-S1"), ("3870对", 3870, "2021-01-01/P9M")], set()),
        (
            [("1380对", 1380, "2021-Q3"), ("2590对", 2590, "2021-S1"), ("3870对", 3870, "2021-01-01/P9M")],
            {"quarters_add_up"},
        ),
    ],
)
def test_flows_of_periods_go_together(
    page: Make, observe: Make, catalog: Catalog, told: list[tuple[str, float, str]], rules: set[str]
) -> None:
    pages, observations = _two(page, observe, *told)
    assert set(broken(observations, pages, catalog)) - {"period_named", "period_as_named"} == rules

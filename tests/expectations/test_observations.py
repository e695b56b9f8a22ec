"""Each row rule holds back what breaks it and lets pass what only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import Catalog
from bulletins.frames import OBSERVATIONS, QUARANTINE
from expectations.observations import SUITE, evidence_of, screen
from expectations.runner import apply_rules

Make = Callable[..., pl.DataFrame]
STANDARD = {"unit": "CNY", "per": "month", "indicator": "dibao_standard", "label": "低保标准"}
COVERAGE = {"unit": "percent", "indicator": "elderly_community_coverage", "label": "养老服务设施覆盖率"}


@pytest.mark.parametrize(
    ("rule", "text", "printed", "value", "changes"),
    [
        ("vocabulary", "低保9.76万人", "9.76万人", 97600, {"area": "town"}),
        ("value_reads_back", "低保9.76万人", "9.76万人", 9760, {}),
        ("value_reads_back", "低保6,218人", "6,218人", 6.218, {}),
        ("value_reads_back", "低保１.２万人", "１.２万人", 12, {}),
        ("unit_reads_back", "低保6.64万户", "6.64万户", 66400, {}),
        ("unit_reads_back", "覆盖率提高2个百分点", "2个百分点", 2, {**COVERAGE, "measure": "change"}),
        ("not_furniture", "浏览次数:1326", "1326", 1326, {"indicator": "", "unit": "item"}),
        ("value_finite", "低保X人", "X人", None, {}),
        ("not_negative", "低保-12人", "-12人", -12, {}),
        ("range_ordered", "低保30至20人", "30至20人", 30, {"value_high": 20}),
        ("indicator_known", "低保1.2万人", "1.2万人", 12000, {"indicator": "dibao_people"}),
        ("unit_fits", "低保6.64万户", "6.64万户", 66400, {"unit": "household"}),
        ("per_fits", "低保标准870元", "870元", 870, {**STANDARD, "per": ""}),
        ("per_fits", "低保1.2万人", "1.2万人", 12000, {"per": "month"}),
        ("share_at_most_100", "覆盖率达103%", "103%", 103, COVERAGE),
        ("place_known", "低保1.2万人", "1.2万人", 12000, {"place": "绵阳市"}),
        ("place_known", "低保1.2万人", "1.2万人", 12000, {"place": "", "place_code": None}),
        ("year_known", "低保1.2万人", "1.2万人", 12000, {"year": None}),
        ("year_within_reach", "低保1.2万人", "1.2万人", 12000, {"year": 2023}),
        ("target_not_past", "低保1.2万人", "1.2万人", 12000, {"year": 2019, "status": "target"}),
    ],
)
def test_a_row_that_breaks_a_rule_is_held_back_with_what_was_expected(
    rule: str, text: str, printed: str, value: float | None, changes: dict[str, Any],
    page: Make, observe: Make, catalog: Catalog,
) -> None:  # fmt: skip
    pages = page(text)
    evidence = evidence_of(observe(pages, (printed, value, changes)), pages, catalog)
    errors = apply_rules(SUITE, evidence).broken.filter(pl.col("severity") == "error")
    assert rule in errors["rule"].to_list()
    assert all(errors["detail"])


@pytest.mark.parametrize(
    ("text", "printed", "value", "changes"),
    [
        ("城市低保标准城市达10440元/年", "10440元/年", 10440, {**STANDARD, "per": "year"}),
        ("完成率123.8%", "123.8%", 123.8, {"unit": "percent", "indicator": "", "label": "完成率"}),
        ("分别提高了50%和200%", "200%", 200, {**STANDARD, "per": "", "unit": "percent", "measure": "change"}),
        ("较上年减少-1.2万人", "-1.2万人", -12000, {"measure": "change"}),
        ("养老床位 | 4.1 |", "4.1", 41000, {"unit": "bed", "indicator": "elderly_beds"}),
        (
            "两项补贴16.5万人次",
            "16.5万人次",
            165000,
            {"unit": "person_time", "indicator": "disability_subsidy_persons"},
        ),
        ("累计访问量达11.8万人次", "11.8万人次", 118000, {"unit": "person_time", "indicator": ""}),
        (
            "分别高出2.3个和5.3个百分点",
            "2.3个",
            2.3,
            {"unit": "percentage_point", "indicator": "", "measure": "change"},
        ),
        (
            "2025年床位达1万张",
            "1万张",
            10000,
            {"unit": "bed", "indicator": "elderly_beds", "year": 2025, "status": "target"},
        ),
    ],
)
def test_a_right_row_passes(
    text: str, printed: str, value: float, changes: dict[str, Any], page: Make, observe: Make, catalog: Catalog
) -> None:
    pages = page(text)
    broken = apply_rules(SUITE, evidence_of(observe(pages, (printed, value, changes)), pages, catalog)).broken
    assert broken.filter(pl.col("severity") == "error").select("rule", "detail").rows() == []


def test_good_rows_of_a_page_are_published_without_the_bad_one(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("全市低保6.64万户、9.76万人，覆盖率103%，标准870元。")
    observations = observe(
        pages,
        ("6.64万户", 66400, {"unit": "household", "indicator": "dibao_households"}),
        ("9.76万人", 97600, {}),
        ("103%", 103, COVERAGE),
        ("870元", 870, STANDARD),
    )
    screened = screen(observations, pages, catalog)

    assert screened.valid["text"].to_list() == ["6.64万户", "9.76万人", "870元"]
    assert dict(screened.valid.schema) == dict(OBSERVATIONS)
    assert screened.quarantine.select("text", "rule").rows() == [("103%", "share_at_most_100")]
    assert dict(screened.quarantine.schema) == dict(QUARANTINE)
    assert all(screened.quarantine["detail"])
    assert screened.valid.height + screened.quarantine["observation_key"].n_unique() == observations.height


def test_a_row_that_breaks_several_rules_has_a_row_for_each(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("覆盖率103%")
    screened = screen(observe(pages, ("103%", 103, {**COVERAGE, "year": 2050})), pages, catalog)
    assert screened.quarantine["rule"].to_list() == ["share_at_most_100", "year_within_reach"]
    assert screened.valid.is_empty()


def test_one_number_read_twice_is_held_back_both_times(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("低保1.2万人")
    once = observe(pages, ("1.2万人", 12000, {}))
    screened = screen(pl.concat([once, once]), pages, catalog)
    assert screened.quarantine["rule"].to_list() == ["span_once", "span_once"]


def test_an_observation_of_an_unknown_page_is_held_back(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("低保1.2万人")
    observations = observe(pages, ("1.2万人", 12000, {})).with_columns(bulletin_key=pl.lit("f" * 16))
    assert "page_known" in screen(observations, pages, catalog).quarantine["rule"].to_list()


def test_a_page_without_a_date_is_measured_by_when_it_was_seen(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("低保1.2万人", published_on=None)
    assert screen(observe(pages, ("1.2万人", 12000, {"year": 2022})), pages, catalog).valid.height == 1
    assert screen(observe(pages, ("1.2万人", 12000, {"year": 2023})), pages, catalog).valid.height == 0


def test_a_place_outside_the_catalogue_is_flagged_and_published(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = page("双王城园区低保1.2万人", published_on=date(2022, 1, 1))
    screened = screen(observe(pages, ("1.2万人", 12000, {"place": "双王城园区", "place_code": None})), pages, catalog)
    assert screened.valid.height == 1
    assert screened.flags["rule"].to_list() == ["place_coded"]


@pytest.mark.parametrize(("certainty", "flags"), [(0.49, ["certain_enough"]), (0.5, []), (None, [])])
def test_a_doubtful_reading_is_flagged_and_published(
    page: Make, observe: Make, catalog: Catalog, certainty: float | None, flags: list[str]
) -> None:
    pages = page("全市低保1.2万人")
    screened = screen(observe(pages, ("1.2万人", 12000, {"certainty": certainty})), pages, catalog)
    assert screened.valid.height == 1
    assert screened.flags["rule"].to_list() == flags


def test_nothing_read_is_nothing_held_back(page: Make, catalog: Catalog) -> None:
    screened = screen(pl.DataFrame(schema=dict(OBSERVATIONS)), page("公告"), catalog)
    assert screened.valid.is_empty()
    assert screened.quarantine.is_empty()
    assert screened.flags.is_empty()
    assert screened.report.success

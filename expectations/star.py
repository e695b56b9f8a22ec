"""Suites `star_facts`, `star_observations` and `star_counts`: what must hold of the tables before they are published.

For the data steward: an `error` here blocks the release, and what is published stays as it was. The rows themselves were
screened before (`observations.py`); these checks find what went wrong between a right observation and the published value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from bulletins.catalog import Catalog
from expectations.expected import (
    equals,
    given,
    missing,
    pairs_equal,
    pairs_ordered,
    rows_unique,
    values_in,
    values_missing,
    values_unique,
)
from expectations.in_sql import Question, questions
from expectations.report import SuiteReport
from expectations.rules import Rule, column_rule, printed
from expectations.runner import Suite, Whole, run_suite

#: What a published value is of; no two values are of the same.
_GRAIN = ("city_key", "year_key", "indicator_key", "area", "status", "measure", "period_key", "unit", "per")

FACT_RULES: tuple[Rule, ...] = (
    column_rule(
        "grain_unique",
        "error",
        "每格只有一个公布值",
        values_unique("cell_key"),
        rows_unique(*_GRAIN),
        detail=pl.format("格 {} 有不止一个公布值", "cell_key"),
    ),
    column_rule(
        "fact_keys_resolve",
        "error",
        "公布值的地区、年份、时期、指标和观测都在各自的表中",
        *(values_in(f"has_{name}", [True]) for name in ("city", "year", "period", "indicator", "observation")),
        detail=pl.format(
            "格 {} 在表中找不到：{}",
            "cell_key",
            pl.concat_str(
                *(
                    pl.when(~pl.col(f"has_{name}")).then(pl.lit(table))
                    for name, table in (
                        ("city", "dim_city"),
                        ("year", "dim_year"),
                        ("period", "dim_period"),
                        ("indicator", "dim_indicator"),
                        ("observation", "fact_observation"),
                    )
                ),
                separator="、",
                ignore_nulls=True,
            ),
        ),
    ),
    column_rule(
        "published_is_valid",
        "error",
        "公布的是通过检验的现行观测",
        values_in("valid", [True]),
        values_missing("known_to"),
        detail=pl.format("格 {} 公布了未通过检验或已被取代的观测 {}", "cell_key", "observation_key"),
    ),
    column_rule(
        "published_value_is_observed",
        "error",
        "公布值就是所采用观测折成目录单位与周期之数",
        pairs_equal("value", "standard_value"),
        detail=pl.format("格 {} 公布 {}，所采用的观测是 {}", "cell_key", "value", "standard_value"),
    ),
    column_rule(
        "observations_counted",
        "error",
        "每格所计的观测数就是该格通过检验的现行观测数",
        pairs_equal("observations", "current"),
        detail=pl.format("格 {} 记 {} 个观测，观测表中有 {} 个", "cell_key", "observations", "current"),
    ),
    column_rule(
        "published_within_bounds",
        "error",
        "公布值在指标目录的上下限之内：份额不超过 100%，数量不为负",
        pairs_ordered("value", "lower", equals("measure", "level"), equals("bounded", True), or_equal=True),
        pairs_ordered("upper", "value", equals("measure", "level"), equals("bounded", True), or_equal=True),
        detail=pl.format("格 {} 的公布值 {} 超出目录上下限", "cell_key", printed(pl.col("value"))),
    ),
)

OBSERVATION_RULES: tuple[Rule, ...] = (
    column_rule(
        "observation_once",
        "error",
        "每个观测只有一行",
        values_unique("observation_key"),
        detail=pl.format("观测 {} 有不止一行", "observation_key"),
    ),
    column_rule(
        "observation_keys_resolve",
        "error",
        "观测的网页和地区都在各自的表中",
        values_in("has_bulletin", [True]),
        values_in("has_city", [True], given("city_key")),
        detail=pl.format("观测 {} 的网页或地区在表中找不到", "observation_key"),
    ),
    column_rule(
        "invalid_is_quarantined",
        "error",
        "未通过检验的观测都在隔离表中，通过的都不在",
        values_in("quarantined", [False], equals("valid", True)),
        values_in("quarantined", [True], equals("valid", False)),
        detail=pl.when("valid")
        .then(pl.format("观测 {} 通过了检验，却在隔离表中", "observation_key"))
        .otherwise(pl.format("观测 {} 未通过检验，却不在隔离表中", "observation_key")),
    ),
    column_rule(
        "cell_is_published",
        "error",
        "现行而通过检验、有格的观测，其格都有公布值",
        values_in("has_cell", [True], equals("valid", True), given("cell_key"), missing("known_to")),
        detail=pl.format("格 {} 有观测而没有公布值", "cell_key"),
    ),
)

COUNT_RULES: tuple[Rule, ...] = (
    column_rule(
        "observations_add_up",
        "error",
        "每个网页版本：台账中的读数个数等于观测行数",
        pairs_equal("read", "kept"),
        detail=pl.format("网页 {}：台账有 {} 个读数，观测表有 {} 行", "bulletin_key", "read", "kept"),
    ),
    column_rule(
        "verdicts_add_up",
        "error",
        "每个网页版本：通过检验数与隔离数之和等于观测行数",
        pairs_equal("judged", "kept"),
        detail=pl.format("网页 {}：通过 {}，隔离 {}，合计不等于 {}", "bulletin_key", "valid", "quarantined", "kept"),
    ),
)


_FACTS = Suite("star_facts", (FACT_RULES,), key=("cell_key",), shows=("cell_key", "value", "observation_key"))
_OBSERVATIONS = Suite(
    "star_observations",
    (OBSERVATION_RULES,),
    key=("observation_key",),
    shows=("observation_key", "place", "year", "label", "value"),
)
_COUNTS = Suite("star_counts", (COUNT_RULES,), key=("bulletin_key",), shows=("bulletin_key", "read", "kept"))
SUITES = (_FACTS, _OBSERVATIONS, _COUNTS)


#: Asks the rows of a suite's view what its rules ask: how many rows there are, of how many of them each rule has something to say, and
#: those that seem to break one.
Examine = Callable[[str, Mapping[str, Question]], tuple[int, Mapping[str, int], pl.DataFrame]]


def check_star(examine: Examine) -> tuple[SuiteReport, ...]:
    """Check the tables of the star against each other; a release whose reports do not all succeed is not published.

    Args:
        examine: asks the star, which is not loaded for it; the views have the names of the suites.
    """
    reports = []
    for suite in SUITES:
        rows, evaluated, suspects = examine(suite.name, questions(suite.rules, suite.name))
        reports.append(run_suite(suite, suspects, Whole(rows, evaluated)).report)
    return tuple(reports)


def bounds_of(catalog: Catalog) -> pl.DataFrame:
    """Return what the values of an indicator may be: columns code, catalog_unit, lower, upper."""
    return pl.DataFrame(
        [(item.code, item.unit, item.lower, item.upper) for item in catalog.indicators.values()],
        schema={"code": pl.String, "catalog_unit": pl.String, "lower": pl.Float64, "upper": pl.Float64},
        orient="row",
    )

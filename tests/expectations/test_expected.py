"""Each of Great Expectations' own expectations says of every row, the odd ones too, what its verdict in Polars says."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from expectations import validation
from expectations.expected import (
    Expected,
    above,
    among,
    differs,
    equals,
    given,
    missing,
    not_among,
    pairs_equal,
    pairs_ordered,
    rows_unique,
    values_between,
    values_finite,
    values_given,
    values_in,
    values_missing,
    values_not_in,
    values_unique,
    values_without,
)
from expectations.rules import Rule, column_rule
from expectations.runner import Suite, Suspects, apply_rules

EXPECTED: dict[str, Expected] = {
    "number_given": values_given("number"),
    "word_given": values_given("word"),
    "number_missing": values_missing("number"),
    "in_words": values_in("word", ["a", ""]),
    "in_numbers": values_in("whole", [1, 2]),
    "in_truths": values_in("truth", [True]),
    "not_in_words": values_not_in("word", [""]),
    "between": values_between("number", least=0, most=100),
    "at_least": values_between("whole", least=1),
    "finite": values_finite("number"),
    "unique": values_unique("word"),
    "rows_unique": rows_unique("word", "whole", "truth"),
    "rows_of_numbers_unique": rows_unique("number", "truth"),
    "equal": pairs_equal("number", "other"),
    "words_equal": pairs_equal("word", "text"),
    "greater": pairs_ordered("number", "other"),
    "not_less": pairs_ordered("whole", "other", or_equal=True),
    "days_ordered": pairs_ordered("day", "later_day", or_equal=True),
    "without_end": values_without("text", "第$"),
    "without_digits": values_without("text", r"\d{2}|几"),
    "where_equals": values_in("word", ["a"], equals("truth", True)),
    "where_differs": values_in("word", ["a"], differs("text", "a")),
    "where_above": values_given("word", above("number", 50)),
    "where_among": values_between("number", among("word", ["a", ""]), most=10),
    "where_not_among": values_between("number", not_among("word", ["a", ""]), most=10),
    "where_missing": values_in("truth", [True], missing("word"), given("whole")),
    "where_nothing": values_in("word", ["nothing"], equals("text", "stands nowhere")),
    "where_no_number": values_given("word", missing("number")),
}
RULES: tuple[Rule, ...] = tuple(
    column_rule(name, "warning", name, expected, detail=pl.lit("")) for name, expected in EXPECTED.items()
)
SUITE = Suite("odd", (RULES,), key=("key",), shows=("key",))
SCHEMA = {
    "key": pl.Int64, "number": pl.Float64, "other": pl.Float64, "whole": pl.Int32, "word": pl.String, "text": pl.String,
    "truth": pl.Boolean, "day": pl.Int32, "later_day": pl.Int32,
}  # fmt: skip


def _odd_frame(chance: random.Random, rows: int) -> pl.DataFrame:
    numbers = [None, float("nan"), float("inf"), -1.0, 0.0, 0.1, 100.0, 100.00001]
    values: dict[str, list[Any]] = {
        "number": numbers,
        "other": numbers,
        "whole": [None, 0, 1, 2, 3],
        "word": [None, "", "a", "b", "nan", "None"],
        "text": [None, "", "a", "第", "第\n", "12\n", "几", "٣٤"],
        "truth": [None, True, False],
        "day": [None, 18000, 18001],
        "later_day": [None, 18000, 18001],
    }
    drawn = [{"key": row, **{name: chance.choice(of) for name, of in values.items()}} for row in range(rows)]
    return pl.DataFrame(drawn, schema=SCHEMA).with_columns(pl.col("day", "later_day").cast(pl.Date))


def _validated(frame: pl.DataFrame) -> dict[str, Any]:
    """Every row and every rule handed over; raises where Great Expectations finds other rows than Polars."""
    findings = apply_rules(SUITE, frame)
    broken = {rule.name: findings.broken.filter(pl.col("rule") == rule.name)["row"] for rule in RULES}
    numbered = frame.with_row_index("row")
    suspects = Suspects("odd", RULES, frame.height, findings.evaluated, numbered, {}, broken)
    return validation.validate(SUITE, suspects, ask_all=True)


@pytest.mark.parametrize("seed", range(3))
def test_both_find_the_same_rows(seed: int) -> None:
    record = _validated(_odd_frame(random.Random(seed), 120))
    held = {entry["expectation_config"]["meta"]["rule"] for entry in record["results"] if entry["success"]}
    assert held == {"where_nothing"}


@pytest.mark.parametrize("column", ["number", "word", "truth"])
def test_both_find_the_same_rows_where_a_column_is_empty(column: str) -> None:
    frame = _odd_frame(random.Random(5), 30)
    _validated(frame.with_columns(pl.lit(None, dtype=frame.schema[column]).alias(column)))


def test_a_frame_without_rows_holds_everything() -> None:
    assert all(entry["success"] for entry in _validated(_odd_frame(random.Random(0), 0))["results"])


def test_missing_values_are_the_same_in_a_compound_key_and_different_in_a_single_one() -> None:
    frame = pl.DataFrame(
        {"key": [1, 2], "word": [None, None], "whole": [None, None], "truth": [True, True]}, schema_overrides=SCHEMA
    )
    frame = frame.with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in SCHEMA.items() if name not in frame
    )
    broken = apply_rules(SUITE, frame).broken
    assert broken.filter(pl.col("rule") == "rows_unique").height == 2
    assert broken.filter(pl.col("rule") == "unique").is_empty()
    _validated(frame)


@pytest.mark.parametrize(("mostly", "held"), [(0.95, True), (0.951, False)])
def test_mostly_is_met_at_its_bound(mostly: float, held: bool) -> None:
    # None of the rules uses it: a row is held or it is not. Who adds one should know that the bound itself is enough.
    import pandas as pd

    frame = pd.DataFrame({"word": ["a"] * 19 + ["b"]})
    config = {
        "type": "expect_column_values_to_be_in_set",
        "kwargs": {"column": "word", "value_set": ["a"], "mostly": mostly},
    }
    batch = validation._batch_definition().get_batch({"dataframe": frame})
    assert batch.validate(validation.ExpectationSuite("mostly", [config])).success is held

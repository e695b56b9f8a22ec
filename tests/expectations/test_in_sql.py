"""What a rule says in SQL is what it says in Polars, on rows with every mixture of values and missing ones."""

from __future__ import annotations

from itertools import product

import duckdb
import polars as pl
import pytest

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
    values_given,
    values_in,
    values_missing,
    values_unique,
    values_without,
)
from expectations.in_sql import questions
from expectations.rules import ROW, column_rule, row_rule

_WORDS, _NUMBERS, _BOOLEANS = ("a", "it's", None), (1.0, 2.5, None), (True, False, None)
ROWS = pl.DataFrame(
    [*product(_WORDS, _NUMBERS, _NUMBERS, _BOOLEANS), ("once", 9.0, 9.0, True)],
    schema={"word": pl.String, "x": pl.Float64, "y": pl.Float64, "yes": pl.Boolean},
    orient="row",
).with_row_index(ROW)


@pytest.mark.parametrize(
    "expected",
    [
        values_given("word"),
        values_missing("x", equals("yes", True)),
        values_in("word", ["it's", "once"]),
        values_in("yes", [True], given("x"), missing("word")),
        values_between("x", least=1.5, most=3),
        values_between("x", differs("word", "a"), least=2),
        values_unique("word"),
        values_unique("row"),
        rows_unique("word", "x"),
        rows_unique("word", "x", "y", "yes"),
        pairs_equal("x", "y"),
        pairs_equal("x", "y", among("word", ["a"])),
        pairs_ordered("x", "y", not_among("word", ["a", "once"])),
        pairs_ordered("x", "y", above("x", 1), or_equal=True),
    ],
    ids=lambda expected: expected.sentence,
)
def test_sql_and_polars_say_the_same_of_every_row(expected: Expected) -> None:
    rule = column_rule("rule", "error", "合规", expected, detail=pl.lit(""))
    examination = rule.examine(ROWS)
    with duckdb.connect() as connection:
        connection.register("things", ROWS.to_arrow())
        asked = questions([rule], "things")["rule"]
        examined, broken = (
            connection.sql(f"SELECT row FROM things WHERE {condition} ORDER BY row").pl()["row"].to_list()
            for condition in asked
        )
    assert examined == examination.examined.to_list()
    assert broken == examination.broken[ROW].to_list()


def test_what_cannot_be_said_in_sql_is_named() -> None:
    of_rows = row_rule("ours", "error", "合规", holds=pl.lit(True), detail=pl.lit(""))
    of_patterns = column_rule("theirs", "error", "合规", values_without("word", "a$"), detail=pl.lit(""))
    for rule, named in ((of_rows, "ours"), (of_patterns, "not_match_regex")):
        with pytest.raises(ValueError, match=named):
            questions([rule], "things")

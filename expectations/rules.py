"""What a rule is: one definition from which the verdict, the quarantine, the suite's JSON and the report all come.

A rule says which rows of a frame it examined and which of these break it, with what was expected of each. Rules that Great
Expectations can say by itself are made of its expectations (`column_rule`); the trade's own are expressions on a row (`row_rule`)
or comparisons of rows, and stand in its suites as custom expectations. The rules themselves are in the module of their suite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from expectations.expected import Expected
from expectations.report import Severity

#: Column that numbers the rows of an examined frame; the runner adds it.
ROW = "row"
#: Column that lists the rules which a person lets a row break; a frame need not have it.
EXCUSED = "excused"


class Examination(NamedTuple):
    """What a rule found: the rows that it examined, and of these the broken ones.

    `examined` holds row numbers; `broken` has columns `row` and `detail`, and may name a row more than once.
    """

    examined: pl.Series
    broken: pl.DataFrame


@dataclass(frozen=True)
class Rule:
    """One thing that must hold of the rows of a frame.

    Attributes:
        name: stable name in snake_case; the runbook has a heading of this name.
        severity: `error` holds the row back, `warning` flags it.
        meaning: what must hold, in one Chinese sentence.
        examine: applies the rule to a frame with a column `row`.
        company: columns; what the rule says of a row hangs on the rows that are the same in all of these, and on no others.
            Without any, it hangs on the row alone, or on rows that the rule breaks as well.
        expected: Great Expectations' own expectations that together are the rule; without any, it is a custom one.
    """

    name: str
    severity: Severity
    meaning: str
    examine: Callable[[pl.DataFrame], Examination]
    company: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()


def row_rule(name: str, severity: Severity, meaning: str, *, holds: pl.Expr, detail: pl.Expr) -> Rule:
    """A rule on single rows.

    Args:
        holds: Boolean; null where the rule has nothing to say about a row.
        detail: what was expected of a broken row, in Chinese; evaluated on broken rows only.
    """
    return Rule(name, severity, meaning, lambda frame: _examined(frame, holds, detail))


def column_rule(name: str, severity: Severity, meaning: str, *expected: Expected, detail: pl.Expr) -> Rule:
    """A rule that Great Expectations can say by itself: a row breaks it that breaks one of `expected`.

    Args:
        detail: what was expected of a broken row, in Chinese; evaluated on broken rows only.
    """

    def examine(frame: pl.DataFrame) -> Examination:
        holds = pl.all_horizontal(each.holds(frame.schema).fill_null(True) for each in expected)
        examined = pl.any_horizontal(each.holds(frame.schema).is_not_null() for each in expected)
        return _examined(frame, pl.when(examined).then(holds), detail)

    return Rule(name, severity, meaning, examine, expected=expected)


def _examined(frame: pl.DataFrame, holds: pl.Expr, detail: pl.Expr) -> Examination:
    verdict = frame.select(holds.alias("holds")).to_series()
    broken = frame.filter(~verdict).select(ROW, detail.alias("detail"))
    return Examination(frame[ROW].filter(verdict.is_not_null()), broken)


def printed(value: pl.Expr) -> pl.Expr:
    """A number as people write it: 870 rather than 870.0."""
    return value.cast(pl.String).str.strip_suffix(".0")

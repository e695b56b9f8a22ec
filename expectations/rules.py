"""What a rule is: one definition from which the verdict, the quarantine and the report all come.

A rule says which rows of a frame it examined and which of these break it, with what was expected of each. It is
computed once, in Polars. `runner.py` hands the outcome to Great Expectations, which records the verdict; the
quarantine takes the same rows. The rules themselves are in the module of their suite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

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
    """

    name: str
    severity: Severity
    meaning: str
    examine: Callable[[pl.DataFrame], Examination]


def row_rule(name: str, severity: Severity, meaning: str, *, holds: pl.Expr, detail: pl.Expr) -> Rule:
    """A rule on single rows.

    Args:
        holds: Boolean; null where the rule has nothing to say about a row.
        detail: what was expected of a broken row, in Chinese; evaluated on broken rows only.
    """

    def examine(frame: pl.DataFrame) -> Examination:
        verdict = frame.select(holds.alias("holds")).to_series()
        broken = frame.filter(~verdict).select(ROW, detail.alias("detail"))
        return Examination(frame[ROW].filter(verdict.is_not_null()), broken)

    return Rule(name, severity, meaning, examine)


def printed(value: pl.Expr) -> pl.Expr:
    """A number as people write it: 870 rather than 870.0."""
    return value.cast(pl.String).str.strip_suffix(".0")

"""What Great Expectations can say of columns by itself: each expectation once, as its own JSON and as a verdict in Polars.

A rule that such expectations can say is made of them (`rules.column_rule`) and has no other definition: `suites.py` writes
the JSON, Great Expectations validates it, and Polars tells first which rows are worth handing over. Both give the same
verdict on every row. What that takes is known here: Great Expectations sees a frame in pandas, where a NaN is a missing value,
missing values are not examined, `!=` and `NOT_IN` are true of a missing value, and `$` also matches before a last line break.
"""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

#: How many values of a list a sentence names.
_TOLD = 8
#: A value that a column is compared with; JSON can hold it.
Value = str | int | float | bool


@dataclass(frozen=True)
class Condition:
    """Which rows are examined: those whose `column` is as `verb` and `value` say; a null `value` goes with `missing`."""

    column: str
    verb: Literal["==", "!=", ">", "IN", "NOT_IN", "missing", "given"]
    value: Value | tuple[Value, ...] | None = None

    def config(self) -> dict[str, Any]:
        """The condition as Great Expectations writes it."""
        column = {"name": self.column}
        if self.verb in ("missing", "given"):
            return {"type": "nullity", "column": column, "is_null": self.verb == "missing"}
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"type": "comparison", "column": column, "operator": self.verb, "parameter": value}

    def holds(self, schema: pl.Schema) -> pl.Expr:
        """Whether a row is examined; never null."""
        column = _value(self.column, schema)
        if self.verb in ("missing", "given"):
            return column.is_null() if self.verb == "missing" else column.is_not_null()
        if isinstance(self.value, tuple):
            among = column.is_in(self.value).fill_null(False)
            return among if self.verb == "IN" else ~among
        if self.verb == "!=":
            return column.ne_missing(self.value)
        compared = column > self.value if self.verb == ">" else column == self.value
        return compared.fill_null(False)

    @property
    def sentence(self) -> str:
        """The condition in Chinese."""
        if self.verb in ("missing", "given"):
            return f"{self.column} {'缺失' if self.verb == 'missing' else '有值'}"
        words = {"==": "为", "!=": "不为", ">": "大于", "IN": "在", "NOT_IN": "不在"}
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return f"{self.column} {words[self.verb]} {_listed(values)}{'之中' if isinstance(self.value, tuple) else ''}"


def _listed(values: Iterable[object]) -> str:
    """Values as a sentence names them: the first few, and how many there are."""
    told = ["空" if value == "" else str(value) for value in values]
    return "、".join(told[:_TOLD]) + (f" 等 {len(told)} 项" if len(told) > _TOLD else "")


def equals(column: str, value: Value) -> Condition:
    """Rows in which the column is that value."""
    return Condition(column, "==", value)


def differs(column: str, value: Value) -> Condition:
    """Rows in which the column is another value or none."""
    return Condition(column, "!=", value)


def above(column: str, value: float) -> Condition:
    """Rows in which the column is a greater number."""
    return Condition(column, ">", value)


def among(column: str, values: Iterable[Value]) -> Condition:
    """Rows in which the column is one of these values."""
    return Condition(column, "IN", tuple(values))


def not_among(column: str, values: Iterable[Value]) -> Condition:
    """Rows in which the column is none of these values, or missing."""
    return Condition(column, "NOT_IN", tuple(values))


def missing(column: str) -> Condition:
    """Rows in which the column has no value."""
    return Condition(column, "missing")


def given(column: str) -> Condition:
    """Rows in which the column has a value."""
    return Condition(column, "given")


@dataclass(frozen=True)
class Expected:
    """One expectation of Great Expectations' own.

    Attributes:
        type: its type there, such as `expect_column_values_to_be_between`.
        kwargs: what it is configured with there, without the condition.
        columns: the columns that it looks at, besides those of the condition.
        says: what it expects of them, in Chinese.
        verdict: for a schema, whether a row holds it; null where the row is not examined.
        where: conditions that all hold of the rows that are examined.
    """

    type: str
    kwargs: Mapping[str, Any]
    columns: tuple[str, ...]
    says: str
    verdict: Callable[[pl.Schema], pl.Expr]
    where: tuple[Condition, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """All columns that are looked at."""
        return tuple(dict.fromkeys((*self.columns, *(condition.column for condition in self.where))))

    @property
    def sentence(self) -> str:
        """What is expected of which rows, in Chinese."""
        where = "且 ".join(condition.sentence for condition in self.where)
        return f"{where}时，{self.says}" if where else self.says

    def config(self) -> dict[str, Any]:
        """Type and keyword arguments as Great Expectations writes them."""
        conditions = [condition.config() for condition in self.where]
        condition = conditions[0] if len(conditions) == 1 else {"type": "and", "conditions": conditions}
        return {
            "type": self.type,
            "kwargs": {**self.kwargs, **({"row_condition": condition} if conditions else {})},
        }

    def holds(self, schema: pl.Schema) -> pl.Expr:
        """Whether a row of that schema holds the expectation; null where it is not examined."""
        verdict = self.verdict(schema)
        if not self.where:
            return verdict
        return pl.when(functools.reduce(operator.and_, (each.holds(schema) for each in self.where))).then(verdict)


def _value(column: str, schema: pl.Schema) -> pl.Expr:
    """A column with its values that are no number as missing ones."""
    return pl.col(column).fill_nan(None) if schema[column].is_float() else pl.col(column)


def values_given(column: str, *where: Condition) -> Expected:
    """No value is missing."""
    return Expected(
        "expect_column_values_to_not_be_null",
        {"column": column},
        (column,),
        f"{column} 有值",
        lambda schema: _value(column, schema).is_not_null(),
        where,
    )


def values_missing(column: str, *where: Condition) -> Expected:
    """Every value is missing."""
    return Expected(
        "expect_column_values_to_be_null",
        {"column": column},
        (column,),
        f"{column} 没有值",
        lambda schema: _value(column, schema).is_null(),
        where,
    )


def values_in(column: str, values: Sequence[Value], *where: Condition) -> Expected:
    """Every value that is given is one of these."""
    return Expected(
        "expect_column_values_to_be_in_set",
        {"column": column, "value_set": list(values)},
        (column,),
        f"{column} 在 {_listed(values)} 之中",
        lambda schema: _value(column, schema).is_in(list(values)),
        where,
    )


def values_not_in(column: str, values: Sequence[Value], *where: Condition) -> Expected:
    """No value is one of these."""
    return Expected(
        "expect_column_values_to_not_be_in_set",
        {"column": column, "value_set": list(values)},
        (column,),
        f"{column} 不为 {_listed(values)}",
        lambda schema: ~_value(column, schema).is_in(list(values)),
        where,
    )


def values_between(column: str, *where: Condition, least: float | None = None, most: float | None = None) -> Expected:
    """Every number that is given lies between two bounds, which are themselves allowed."""

    def verdict(schema: pl.Schema) -> pl.Expr:
        value, inside = _value(column, schema), pl.lit(True)
        inside = inside if least is None else inside & (value >= least)
        inside = inside if most is None else inside & (value <= most)
        return pl.when(value.is_not_null()).then(inside)

    bounds = {"min_value": least, "max_value": most}
    kwargs = {"column": column, **{name: bound for name, bound in bounds.items() if bound is not None}}
    told = [f"{word} {bound:g}" for word, bound in (("不小于", least), ("不大于", most)) if bound is not None]
    return Expected(
        "expect_column_values_to_be_between", kwargs, (column,), f"{column} {'、'.join(told)}", verdict, where
    )


def values_finite(column: str) -> Expected:
    """No number that is given is infinite."""
    greatest = sys.float_info.max
    return replace(values_between(column, least=-greatest, most=greatest), says=f"{column} 是有限的数")


def values_unique(column: str) -> Expected:
    """No value that is given stands in two rows."""
    return Expected(
        "expect_column_values_to_be_unique",
        {"column": column},
        (column,),
        f"{column} 不重复",
        lambda schema: pl.when(_value(column, schema).is_not_null()).then(pl.col(column).is_unique()),
    )


def rows_unique(*columns: str) -> Expected:
    """No two rows are the same in all of these columns; two missing values are the same."""
    return Expected(
        "expect_compound_columns_to_be_unique",
        {"column_list": list(columns), "ignore_row_if": "never"},
        columns,
        f"{_listed(columns)} 合起来不重复",
        lambda schema: pl.struct(_value(column, schema) for column in columns).is_unique(),
    )


def pairs_equal(left: str, right: str, *where: Condition) -> Expected:
    """Two columns are equal wherever both are given."""
    return Expected(
        "expect_column_pair_values_to_be_equal",
        {"column_A": left, "column_B": right, "ignore_row_if": "either_value_is_missing"},
        (left, right),
        f"{left} 等于 {right}",
        lambda schema: _value(left, schema) == _value(right, schema),
        where,
    )


def pairs_ordered(greater: str, less: str, *where: Condition, or_equal: bool = False) -> Expected:
    """One column is greater than another, or not less, wherever both are given."""

    def verdict(schema: pl.Schema) -> pl.Expr:
        compared = operator.ge if or_equal else operator.gt
        return compared(_value(greater, schema), _value(less, schema))  # type: ignore[no-any-return]

    kwargs = {
        "column_A": greater,
        "column_B": less,
        "or_equal": or_equal,
        "ignore_row_if": "either_value_is_missing",
    }
    says = f"{greater} {'不小于' if or_equal else '大于'} {less}"
    return Expected("expect_column_pair_values_a_to_be_greater_than_b", kwargs, (greater, less), says, verdict, where)


def values_without(column: str, pattern: str, *where: Condition) -> Expected:
    """No value has a place that the pattern matches; `$` is the very end of the value.

    Args:
        pattern: in what the syntaxes of Rust and of Python have in common.
    """
    return Expected(
        "expect_column_values_to_not_match_regex",
        {"column": column, "regex": pattern.replace("$", r"\Z")},
        (column,),
        f"{column} 没有 {pattern}",
        lambda schema: ~pl.col(column).str.contains(pattern),
        where,
    )

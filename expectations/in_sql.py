"""What a rule asks of each row of a table, as SQL: for tables that are too large to be loaded.

A database tells how many rows a rule examines, and hands over those that seem to break one; these go the way of all suspects
(`runner.py`). Said of Great Expectations' own expectations alone, with their sense of missing values: a row without the value is
not examined. Knows no database; the few words of SQL that are used here mean the same in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from expectations.expected import Condition, Expected
from expectations.rules import Rule


class Question(NamedTuple):
    """Two conditions on a row: whether the rule has something to say about it, and whether it breaks the rule."""

    examined: str
    broken: str


def questions(rules: Iterable[Rule], table: str) -> dict[str, Question]:
    """Return what `rules` ask of the rows of `table`, by the name of the rule.

    Raises:
        ValueError: a rule is not made of expectations that can be said in SQL.
    """
    return {rule.name: _question(rule, table) for rule in rules}


def _question(rule: Rule, table: str) -> Question:
    if not rule.expected:
        raise ValueError(f"rule {rule.name} is an expression on frames and cannot be asked of a database")
    verdicts = [_verdict(each, table) for each in rule.expected]
    return Question(
        " OR ".join(f"({verdict}) IS NOT NULL" for verdict in verdicts),
        " OR ".join(f"({verdict}) IS FALSE" for verdict in verdicts),
    )


def _verdict(expected: Expected, table: str) -> str:
    """Whether a row holds; null where it is not examined."""
    if expected.type not in _SAID:
        raise ValueError(f"{expected.type} cannot be said in SQL yet; add it to expectations/in_sql.py")
    verdict = _SAID[expected.type](expected, table)
    where = " AND ".join(f"({_condition(each)})" for each in expected.where)
    return f"CASE WHEN {where} THEN {verdict} END" if where else verdict


def _condition(condition: Condition) -> str:
    column, value = _name(condition.column), condition.value
    if condition.verb in ("missing", "given"):
        return f"{column} IS {'' if condition.verb == 'missing' else 'NOT '}NULL"
    if isinstance(value, tuple):
        among = f"coalesce({column} IN ({', '.join(map(_literal, value))}), false)"
        return among if condition.verb == "IN" else f"NOT {among}"
    if condition.verb == "!=":
        return f"{column} IS DISTINCT FROM {_literal(value)}"
    return f"coalesce({column} {'>' if condition.verb == '>' else '='} {_literal(value)}, false)"


def _in_set(expected: Expected, _: str) -> str:
    (column,) = expected.columns
    return f"{_name(column)} IN ({', '.join(map(_literal, expected.kwargs['value_set']))})"


def _between(expected: Expected, _: str) -> str:
    column = _name(expected.columns[0])
    bounds = (("min_value", ">="), ("max_value", "<="))
    inside = [f"{column} {sign} {expected.kwargs[name]!r}" for name, sign in bounds if name in expected.kwargs]
    return " AND ".join(inside)


def _unique(expected: Expected, table: str) -> str:
    (column,) = map(_name, expected.columns)
    doubled = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
    return f"CASE WHEN {column} IS NOT NULL THEN {column} NOT IN ({doubled}) END"


def _rows_unique(expected: Expected, table: str) -> str:
    columns = [*map(_name, expected.columns)]
    doubled = f"SELECT {', '.join(columns)} FROM {table} GROUP BY {', '.join(columns)} HAVING count(*) > 1"
    same = " AND ".join(f"doubled.{column} IS NOT DISTINCT FROM {table}.{column}" for column in columns)
    return f"NOT EXISTS (SELECT 1 FROM ({doubled}) AS doubled WHERE {same})"


def _pair_ordered(expected: Expected, _: str) -> str:
    greater, less = map(_name, expected.columns)
    return f"{greater} {'>=' if expected.kwargs['or_equal'] else '>'} {less}"


_SAID: Mapping[str, Callable[[Expected, str], str]] = {
    "expect_column_values_to_not_be_null": lambda expected, _: f"{_name(expected.columns[0])} IS NOT NULL",
    "expect_column_values_to_be_null": lambda expected, _: f"{_name(expected.columns[0])} IS NULL",
    "expect_column_values_to_be_in_set": _in_set,
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_be_unique": _unique,
    "expect_compound_columns_to_be_unique": _rows_unique,
    "expect_column_pair_values_to_be_equal": lambda expected, _: " = ".join(map(_name, expected.columns)),
    "expect_column_pair_values_a_to_be_greater_than_b": _pair_ordered,
}


def _name(column: str) -> str:
    return f'"{column}"'


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)

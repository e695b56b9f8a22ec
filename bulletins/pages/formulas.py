"""What a formula without a stored result comes to, where it is plain: sums, means and arithmetic over cells of its own sheet.

Programs that write sheets often store no result, and a spreadsheet computes it on opening: it is what a person sees. Any other function,
other sheets, texts in arithmetic and circles come to nothing here, and the cell stays marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

#: Row and column, from 0.
Place = tuple[int, int]
Value = float | str | None

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:E[+-]?\d+)?)|(?P<name>[A-Z]+)(?=\()|(?P<range>\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+)"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d+)(?![A-Z(!])|(?P<sign>[-+*/(),]))",
    re.I,
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)", re.I)
_LARGEST_RANGE = 100_000
_DEEPEST = 50


class _UnknownError(Exception):
    """Something that is not computed here."""


def results(formulas: Mapping[Place, str], values: Mapping[Place, Value]) -> dict[Place, float]:
    """Return what formulas come to, those that can be told.

    Args:
        formulas: place of a cell -> its formula, without `=`.
        values: place of a cell -> its stored number or text; what is in neither is empty.
    """
    known: dict[Place, float] = {}
    open_: set[Place] = set()

    def value_at(place: Place) -> Value:
        if place not in formulas:
            return values.get(place)
        if place not in known:
            if place in open_ or len(open_) > _DEEPEST:
                raise _UnknownError
            open_.add(place)
            try:
                known[place] = _Expression(formulas[place], value_at).value()
            finally:
                open_.discard(place)
        return known[place]

    for place in formulas:
        try:
            value_at(place)
        except (_UnknownError, ZeroDivisionError, OverflowError, InvalidOperation):
            continue
    return known


class _Expression:
    """A formula by recursive descent: sums of products of cells, numbers, brackets and functions."""

    def __init__(self, formula: str, value_at: Callable[[Place], Value]) -> None:
        self._value_at = value_at
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while formula[at:].strip():
            token = _TOKEN.match(formula, at)
            if token is None or token.lastgroup is None:
                raise _UnknownError
            self._tokens.append((token.lastgroup, token.group(token.lastgroup)))
            at = token.end()
        self._at = 0

    def value(self) -> float:
        total = self._sum()
        if self._at < len(self._tokens):
            raise _UnknownError
        return total

    def _next(self, *signs: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at][1] in signs:
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def _sum(self) -> float:
        total = self._product()
        while sign := self._next("+", "-"):
            other = self._product()
            total = total + other if sign == "+" else total - other
        return total

    def _product(self) -> float:
        total = self._factor()
        while sign := self._next("*", "/"):
            other = self._factor()
            total = total * other if sign == "*" else total / other
        return total

    def _factor(self) -> float:
        if sign := self._next("-", "+"):
            return -self._factor() if sign == "-" else self._factor()
        if self._next("("):
            total = self._sum()
            self._close()
            return total
        if self._at >= len(self._tokens):
            raise _UnknownError
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "number":
            return float(text)
        if kind == "cell":
            return _as_number(self._value_at(_place(text)))
        if kind == "name":
            return self._function(text.upper())
        raise _UnknownError

    def _close(self) -> None:
        if not self._next(")"):
            raise _UnknownError

    def _function(self, name: str) -> float:
        self._next("(")
        if name == "ROUND":
            total = self._sum()
            digits = int(self._sum()) if self._next(",") else 0
            self._close()
            return float(Decimal(repr(total)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        numbers = self._arguments()
        if name == "SUM":
            return sum(numbers)
        if name == "AVERAGE" and numbers:
            return sum(numbers) / len(numbers)
        raise _UnknownError

    def _arguments(self) -> list[float]:
        """Return the numbers of the arguments; in a range, what is no number does not count."""
        numbers: list[float] = []
        while True:
            if self._at < len(self._tokens) and self._tokens[self._at][0] == "range":
                numbers += self._in_range(self._tokens[self._at][1])
                self._at += 1
            else:
                numbers.append(self._sum())
            if not self._next(","):
                self._close()
                return numbers

    def _in_range(self, text: str) -> list[float]:
        first, last = map(_place, text.split(":"))
        rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
        if len(rows) * len(columns) > _LARGEST_RANGE:
            raise _UnknownError
        found = (self._value_at((row, column)) for row in rows for column in columns)
        return [value for value in found if isinstance(value, float)]


def _place(text: str) -> Place:
    match = _CELL.fullmatch(text)
    if match is None:
        raise _UnknownError
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match.group(2)) - 1, column - 1


def _as_number(value: Value) -> float:
    if isinstance(value, str):
        raise _UnknownError
    return value or 0.0

"""What does a column of changes or shares print, and of which other column is it the change or the share?

The head says it, else the numbers: 增减 is a difference or a rate as most rows add up, and of the columns that add up with it, the later
one is what has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bulletins.tables.around import Line
from bulletins.tables.roles import Column
from bulletins.text.periods import Period


class Derived(NamedTuple):
    """A column that is reckoned from others.

    Attributes:
        kind: `rate` or `difference` of a change; empty for a share.
        of: the column of levels that it is the change or the share of; None where there is none.
    """

    kind: str
    of: int | None


class _Fit(NamedTuple):
    kind: str
    now: int


def derived_columns(
    lines: Sequence[Line], columns: Sequence[Column], period: Callable[[Column], Period]
) -> dict[int, Derived]:
    """The columns of changes and shares, each with what it is reckoned from.

    Args:
        lines: the rows with figures.
        columns: all columns of the table.
        period: what the heads of a column say together.
    """
    values = [column for column in columns if column.role == "value"]
    growth = [column for column in values if any(facts.growth for facts in column.facts)]
    shares = [column for column in values if column not in growth and column.last is not None and column.last.share]
    levels = [column for column in values if column not in growth and column not in shares]
    found: dict[int, Derived] = {}
    for column in growth:
        # `较上年变化(个百分点)` beside a share is the share's.
        grown = shares if shares and any("点" in facts.text for facts in column.facts) else levels
        votes = _votes(column, grown, lines)
        kind = "rate" if _prints_rates(column, lines) else _kind(column, growth, votes)
        agreeing = [fit for fit in votes.elements() if fit.kind == kind]
        of = Counter(fit.now for fit in agreeing).most_common(1)
        found[column.index] = Derived(kind, of[0][0] if of else _nearest(column, grown, found, period))
    for column in shares:
        found[column.index] = Derived("", _nearest(column, levels, found, period))
    return found


def _kind(column: Column, growth: Sequence[Column], votes: Mapping[_Fit, int]) -> str:
    said = next(facts.growth for facts in reversed(column.facts) if facts.growth)
    if said == "rate" or (said == "difference" and len(growth) > 1):
        return said
    by_kind = Counter[str]()
    for fit, count in votes.items():
        by_kind[fit.kind] += count
    if by_kind["rate"] != by_kind["difference"]:
        return by_kind.most_common(1)[0][0]
    return _by_neighbour(column, growth) if said == "either" else said


def _prints_rates(column: Column, lines: Sequence[Line]) -> bool:
    tails = [figures[0].tail for line in lines for each, _, figures in line.values if each is column]
    return bool(tails) and sum(tail in ("%", "个百分点") for tail in tails) * 2 > len(tails)


def _by_neighbour(column: Column, growth: Sequence[Column]) -> str:
    """`增减` beside `增减幅度(%)` is the difference."""
    rates = [other for other in growth if other is not column and any(facts.growth == "rate" for facts in other.facts)]
    return "difference" if rates else "rate"


def _votes(column: Column, levels: Sequence[Column], lines: Sequence[Line]) -> Counter[_Fit]:
    """How many rows add up, by what the change would be and of which column."""
    votes: Counter[_Fit] = Counter()
    indexes = {level.index for level in levels}
    for line in lines:
        cells = {each.index: figures[0] for each, _, figures in line.values if len(figures) == 1}
        if column.index not in cells:
            continue
        change = float(cells[column.index].digits)
        step = 10.0 ** -_decimals(cells[column.index].digits)
        plain = [(index, float(figure.digits)) for index, figure in cells.items() if index in indexes]
        votes.update(
            {
                _Fit(kind, now)
                for kind, now, wanted in _hypotheses(plain)
                if change and abs(wanted - change) <= 0.51 * step + abs(wanted) / 1e4
            }
        )
    return votes


def _hypotheses(values: Sequence[tuple[int, float]]) -> Iterator[tuple[str, int, float]]:
    """What a change would be if each level were that of now and each other the one before."""
    for index, now in values:
        for other, before in values:
            if other != index:
                yield "difference", index, now - before
                if before:
                    yield "rate", index, (now - before) / before * 100


def _nearest(
    column: Column, levels: Sequence[Column], derived: Mapping[int, Derived], period: Callable[[Column], Period]
) -> int | None:
    """The column of levels that a derived one goes on about: under the same outer head, else to its left; the latest of them."""
    under = [level for level in levels if level.heads[:1] == column.heads[:1] and len(column.heads) > 1]
    left = [level for level in under or levels if level.index < column.index]
    since = max((index for index in derived if index < column.index), default=-1)
    near = [level for level in left if level.index > since]
    if not near and since >= 0:
        return derived[since].of  # `增长 | 完成率` are of the same
    near = near or left or under[:1]
    if not near:
        return None
    return max(near, key=lambda level: (not _is_plan(level), period(level).last, level.index)).index


def _is_plan(column: Column) -> bool:
    return any(facts.target for facts in column.facts)


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])

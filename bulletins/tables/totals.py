"""Which figures of a table are parts of which others? Where several cells fall into one cell of the star, what they add up to tells.

A part has no code of the whole. What stays in one cell of the star with different values is a fault of the reading: one of the two is
misread. Such figures are as little certain as they were right, so that `certain_enough` flags them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bulletins.catalog import Indicator
from bulletins.observation import Observation
from bulletins.tables.facts import Facts

_MOSTLY = 0.8
#: How often such a figure was right, 3 of 18 in the annotated bulletins: below `frames.LEAST_CERTAINTY`.
CONTRADICTED = 0.2
_TOTALS = ("合计", "小计", "总计", "总数", "共计", "合 计", "总额", "总量", "全部")


class Placed(NamedTuple):
    """An observation with where it stands in its table, and the words nearest to it in its row and its column."""

    row: int
    column: int
    found: Observation
    head: Facts | None
    name: Facts | None


def part_from_totals(placed: Sequence[Placed], totals: Sequence[Observation]) -> None:
    """Take the code of the whole from the parts of a table.

    Args:
        placed: all its observations; the codes of parts are emptied in place.
        totals: those in rows of totals.
    """
    _part_within_rows(placed)
    _part_from_rows_of_totals([each.found for each in placed], totals)
    _part_within_columns(placed)


def doubt_contradictions(placed: Sequence[Placed], indicators: Mapping[str, Indicator]) -> None:
    """Make figures of one table uncertain that say different values of one cell of the star."""
    cells: dict[Hashable, list[Observation]] = defaultdict(list)
    for each in placed:
        indicator = indicators.get(each.found.indicator)
        if indicator is not None and each.found.measure == "level" and each.found.status != "target":
            # Standards and rates of several kinds are told apart by their label: 集中供养, 分散供养.
            label = each.found.label if indicator.kind in ("standard", "rate") else ""
            cells[_cell_of_star(each.found), each.found.per, label].append(each.found)
    for alike in cells.values():
        if len({found.number.value for found in alike}) > 1:
            for found in alike:
                found.certainty = CONTRADICTED


def _part_from_rows_of_totals(observations: Sequence[Observation], totals: Sequence[Observation]) -> None:
    """敬老院 under 合计 of all homes."""
    of_whole = {_cell_of_star(item): item for item in totals if item.indicator}
    for item in observations:
        total = of_whole.get(_cell_of_star(item)) if item.indicator else None
        if total is not None and total is not item and abs(item.number.value) < abs(total.number.value):
            item.indicator = ""


def _part_within_rows(placed: Sequence[Placed]) -> None:
    """`合计 | 中央资金 | 省级资金`, `一级人数 | 二级人数`: columns that fall into one cell of the star in most rows."""
    rows: dict[tuple[int, Hashable], list[Placed]] = defaultdict(list)
    for each in placed:
        # Of two plans one replaces the other: 年初预算, 调整预算.
        if each.found.indicator and each.found.measure == "level" and each.found.status != "target":
            rows[each.row, _cell_of_star(each.found)].append(each)
    groups: dict[tuple[int, ...], list[list[Placed]]] = defaultdict(list)
    for row in rows.values():
        if len(row) > 1:
            groups[tuple(each.column for each in row)].append(row)
    for alike in groups.values():
        if all(len({each.found.number.value for each in row}) == 1 for row in alike):
            continue
        whole = _whole([[each.found for each in row] for row in alike], [each.head for each in alike[0]])
        for row in alike:
            for number, each in enumerate(row):
                if whole is not None and number != whole:
                    each.found.indicator = ""


def _part_within_columns(placed: Sequence[Placed]) -> None:
    """Rows of one column that fall into one cell of the star, where one is the sum of the others."""
    columns: dict[tuple[int, Hashable], list[Placed]] = defaultdict(list)
    for each in placed:
        if each.found.indicator and each.found.measure == "level":
            columns[each.column, _cell_of_star(each.found)].append(each)
    for column in columns.values():
        if len(column) < 2 or len({each.found.number.value for each in column}) < 2:
            continue
        whole = _sum_of_others([[each.found for each in column]])
        for number, each in enumerate(column):
            if whole is not None and number != whole:
                each.found.indicator = ""


_NONE_IS_WHOLE = -1


def _whole(rows: Sequence[Sequence[Observation]], words: Sequence[Facts | None]) -> int | None:
    """Which of several figures is the whole of the others: by what they add up to, else by their words.

    Returns:
        Its place; `_NONE_IS_WHOLE` where all are parts of something that is not there; None where nothing tells.
    """
    count = len(rows[0])
    if (summed := _sum_of_others(rows)) is not None:
        return summed
    named = [number for number, facts in enumerate(words) if facts is not None and _names_total(facts)]
    if len(named) == 1:
        return named[0]
    parts = [number for number, facts in enumerate(words) if facts is not None and facts.part]
    if len(parts) == count - 1:
        return next(number for number in range(count) if number not in parts)
    own = [number for number, facts in enumerate(words) if facts is not None and facts.foreign]
    if len(own) == count and len({facts.name for facts in words if facts is not None}) == count:
        return _NONE_IS_WHOLE
    if len(own) == count - 1:
        return next(number for number in range(count) if number not in own)
    return None


def _sum_of_others(rows: Sequence[Sequence[Observation]]) -> int | None:
    count = len(rows[0])
    fits = {number: sum(_is_sum(row, number) for row in rows) for number in range(count)}
    return next((number for number in fits if count > 2 and fits[number] >= _MOSTLY * len(rows)), None)


def _is_sum(row: Sequence[Observation], number: int) -> bool:
    others = sum(each.number.value for place, each in enumerate(row) if place != number)
    return abs(others - row[number].number.value) <= max(1e-6, abs(others) * 1e-3)


def _names_total(facts: Facts) -> bool:
    return any(word in facts.name for word in _TOTALS)


def _cell_of_star(item: Observation) -> tuple[Hashable, ...]:
    when: Iterable[Hashable] = (item.year, item.time_period, item.status, item.measure)
    return (item.place, item.area, item.indicator, item.number.unit, *when)

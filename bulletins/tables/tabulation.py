"""The numbers of a table → observations: the words of row, column and group say what each one is.

Here belongs what a cell is about. Where its number stands and in which unit is in `table_rows.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletins.observation import Observation
from bulletins.reading.coverage import close_year
from bulletins.reading.frame import Frame
from bulletins.reading.indicators import EMPTY, Zone
from bulletins.reading.passage import PageContext
from bulletins.reading.wording import area_of, paid_by_size
from bulletins.tables.table_rows import Value
from bulletins.text.periods import ANNUAL, PARTIAL, names_period, period_of

_ALL_KINDS = frozenset(["standard", "stock", "flow", "rate", "amount"])
_TARGET_HEAD = re.compile(r"目标|计划|预期|规划")
# What stands around the name of a row: `其中:1.精神疾病服务机构(个)`.
_BEFORE_NAME = re.compile(
    r"(?:[\s#*—–-]+|[A-Z]、?(?=[\u4e00-\u9fff])|[IVX]+\s|其中[:、]?|\([一二三四五六七八九十\d]{1,3}\)|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.](?!\d))+"
)
# Heads of a column that say that a year is whole, or its end.
_WHOLE = re.compile(r"月|季|累[计积]|全年|[年期][末底]|12月31日")
_YEAR_END = re.compile(r"[年期][末底]")
_BEHIND_NAME = re.compile(r"(?:\s*\([^()]{1,8}\))?[\s:、;*]*$")


def read_table(page: PageContext, values: Sequence[Value], heading: Zone, plan_year: int | None) -> list[Observation]:
    """The observations of one table; a row without a subject of its own goes on about the row above (`其中:农村`).

    Args:
        page: the page that the table stands on.
        values: its numbers, as `table_rows` found them.
        heading: the words of the heading above it.
        plan_year: the year of a column of targets that states none.
    """
    found: list[Observation] = []
    above = EMPTY
    group: tuple[int, int] | None = None
    heads: dict[str, Zone] = {}
    column = EMPTY
    for value in values:
        number = value.number
        if number.verdict != "quantity":
            continue
        name = page.text[slice(*value.name)]
        if value.head not in heads:
            head = page.matcher.index(value.head).zone((0, len(value.head)))
            # `| 特困人数 | 其中:集中供养 |`: a part of the column on its left.
            of_left = value.head.startswith("其中")
            heads[value.head] = Zone(head.words | column.words, head.topics | column.topics) if of_left else head
        column = heads[value.head]
        row = page.index.zone(value.name)
        touching = page.matcher.beside("", name, name)
        own = Zone(row.words | heads[value.head].words | touching, row.topics | heads[value.head].topics)
        if value.group != group:
            # `| 一、农村最低生活保障 | | |` heads the rows `| 保障户数 | 户 | 81600 |`.
            group, above = value.group, page.index.zone(value.group) if value.group else EMPTY
        item = Observation(number, value.name)
        target = bool(_TARGET_HEAD.search(value.head)) or value.year > page.frame.year
        item.status = "target" if target else "actual"
        item.year = value.year or (plan_year if target and plan_year else page.frame.year) - value.year_shift
        growth = number.unit == "percent" and "增长" in name
        item.measure = "change" if value.change or growth else "level"
        _date(item, page.frame, value, name, page.text[slice(*group)] if group else "")
        # 海城区 is no 城区.
        stretches = (name, value.head, page.text[slice(*group)] if group else "")
        item.area = next((area for words in stretches if (area := area_of(page.places.without(words)))), "all")
        item.place = (
            page.places.exactly(name)
            or page.places.exactly(value.head)
            or page.places.of(name)
            or page.places.of(value.head)
            or page.places.home
        )
        carried = [above, EMPTY, heading]
        unit = None if item.measure == "change" and number.unit == "percent" else number.unit
        item.indicator = page.matcher.decide(unit, own, carried, _ALL_KINDS)
        if item.measure == "change" and found and found[-1].sentence == value.name:
            item.indicator = next(other.indicator for other in found if other.sentence == value.name)
        indicator = page.matcher.indicators.get(item.indicator)
        item.per = number.per if number.unit == "CNY" else ""
        if (
            number.unit == "CNY"
            and not item.per
            and indicator is not None
            and indicator.kind == "standard"
            and indicator.per
        ):
            item.per = paid_by_size(number.value, item.area)
        item.label = _row_label(name) or name
        close_year(item, indicator.kind if indicator else "", name)
        if row.topics:
            above = row
        found.append(item)
    return found


def _date(item: Observation, frame: Frame, value: Value, name: str, group: str) -> None:
    """Say of when a cell is: the head of its column, else its row's name, else the group above tells; the rest is the page's.

    A row or a group tells only where it is nothing but a period: `10月`, `全年合计`.
    """
    item.period, item.covers = (PARTIAL, frame.covers) if frame.partial and item.year == frame.year else (ANNUAL, None)
    if item.status == "target":
        item.period, item.covers = ANNUAL, None
        return
    told = period_of(value.head, frame.ground) if value.head else None
    if told is None or (told.kind == ANNUAL and not _WHOLE.search(value.head)):
        # A year alone heads the same part of it: 2020年 beside 2021年 of a form of January to September.
        shifted = frame.partial and item.year != frame.year and not _YEAR_END.search(value.head)
        if shifted:
            item.period, item.covers = PARTIAL, frame.covers
        told = next(
            (period_of(words, frame.ground) for words in (name, group) if names_period(words, frame.ground)), None
        )
    if told is not None:
        item.year = told.year if not value.year or value.year == told.year else item.year
        item.period, item.covers = told.kind, told


def _row_label(name: str) -> str:
    """The name of a row without its number and its unit, whole: a form means every word (`初婚人数`, `再婚人数`)."""
    marks = _BEFORE_NAME.match(name)
    bare = name[marks.end() :] if marks else name
    return re.sub(r"\s+", "", _BEHIND_NAME.sub("", bare))

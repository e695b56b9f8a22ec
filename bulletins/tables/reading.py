"""The figures of a table → observations: each takes the nearest of every fact that the words around it state.

Here belongs how place, area, period, status, measure, unit and indicator of a figure are chosen. Which words stand around it is in
`around.py`, what they state in `facts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.observation import Observation
from bulletins.reading.coverage import close_year
from bulletins.reading.frame import Frame
from bulletins.reading.indicators import EMPTY, Matcher, Zone
from bulletins.reading.places import PlaceReader
from bulletins.reading.wording import paid_by_size, per_of
from bulletins.tables.around import Line, Stub, Walk
from bulletins.tables.changes import Derived, derived_columns
from bulletins.tables.choices import PERCENT, POINTS, Around, common_unit, tails_of, unit_of, units_in_order
from bulletins.tables.facts import FactReader, Facts, is_body
from bulletins.tables.figures import Figure
from bulletins.tables.grid import Cell
from bulletins.tables.periods import Periods
from bulletins.tables.roles import BODY, ITEM, PLACE, Column, columns_of
from bulletins.tables.split import Table, filled
from bulletins.tables.totals import Placed, doubt_contradictions, part_from_totals
from bulletins.tables.units import Unit, Units, implied_by
from bulletins.text.numbers import Number
from bulletins.text.periods import ANNUAL, PARTIAL, Period
from bulletins.text.quantity import multiply

_LEVEL = Derived("", None)
_ALL_KINDS = frozenset(["standard", "stock", "flow", "rate", "amount"])
_STANDARDS = frozenset(["standard"])
_SPECIFIC = ("place", "town", "body")
_OF_YEAR = re.compile(r"年度|全年|年初|当年|本年|年目标|年任务|年计划")
_EVERYBODY = re.compile(
    r"^(?:年末|期末|全\w)?(?:(?:常住|户籍|非?农业?|城镇|农村)总?人口|总人口|人口)(?:总?数|数量|规模)?$"
)
#: Titles of tables that hand out what is to be done.
_HANDED_OUT = re.compile(r"(?:任务|目标|指标|计划)\S{0,4}(?:分解|分配|下达|计划)(?:情况)?(?:一览)?表|计划表|任务清单$")
_EFFECT = re.compile(r"(?:执行|实施|施行|调整|生效|起始)\S{0,2}[时日年月]|\d\s*日\s*$|\d\s*[年月日]\s*起")
_LONGEST_KIND = 4  # code points of a kind of place: 民族乡, 街道
_ENDS_IN_GROWTH = re.compile(r"(?:增长率?|增[幅速减]|增减幅?度?|[同环]比.{0,4}|升降幅?度?|降幅|涨幅)$")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a figure, parsed.

    Attributes:
        names: of its row, innermost first.
        items: those of them that name what is counted, not whose it is or when.
        heads: of its column, lowest first.
        groups: the rows that head it, nearest first.
        far: titles, captions, headings, the page's title, nearest first.
        left: the head of the column that this one is a part of.
    """

    names: list[Facts]
    items: list[Facts]
    heads: list[Facts]
    groups: list[Facts]
    far: list[Facts]
    left: Facts | None = None

    @property
    def near(self) -> list[Facts]:
        """Of row and column, by how near they stand."""
        return [*self.names[:1], *self.heads[:1], *self.names[1:], *self.heads[1:]]


class TableReading(NamedTuple):
    """What was read of one table.

    Attributes:
        observations: its figures.
        unread: numbers in its columns of values that have no unit.
        roles: its other cells, each with the role of its column, or `head`.
    """

    observations: list[Observation]
    unread: list[Number]
    roles: list[tuple[Cell, str]]


class Seen(NamedTuple):
    """What a column is in view of its whole table.

    Attributes:
        derived: of which other column it is the change or the share.
        tail: what most of its figures print behind their digits.
        beside: the part of a year from which 上年同期 in its head is said.
        common: the unit of money that all heads of the table share.
    """

    derived: Derived
    tail: str
    beside: Period | None
    common: Unit | None


class TableReader:
    """Reads the tables of one page."""

    def __init__(
        self,
        frame: Frame,
        places: PlaceReader,
        matcher: Matcher,
        units: Units,
        facts: FactReader,
        plan_year: int | None,
    ) -> None:
        self._frame, self._places, self._matcher, self._units = frame, places, matcher, units
        self._plan_year = plan_year
        self._facts = facts

    def facts(self, words: str) -> Facts:
        """What words state."""
        return self._facts.of(words)

    def read(self, table: Table, captions: Sequence[str]) -> TableReading:
        """The observations of one table, its figures that could not be read, and its other cells with their roles.

        Args:
            table: the table, its cells with offsets in the normalised text.
            captions: the words outside it that speak of it, the nearest last: page title, heading, caption.
        """
        columns = columns_of(table, self._facts, self._units)
        lines = list(Walk(table, columns, self._facts, self._units).lines())
        outer = [*captions, *table.path, *(cell.text for cell in table.titles)]
        heads = [facts for column in columns if column.role == "value" for facts in column.facts]
        periods = Periods(self._frame, outer, heads)
        far = [self._facts.of(words) for words in reversed(outer)]
        seen = _seen_as_a_whole(columns, lines, periods, far)
        placed: list[Placed] = []
        unread: list[Number] = []
        totals: list[Observation] = []
        for number, line in enumerate(lines):
            row: list[tuple[Column, Observation]] = []
            for column, cell, figures in line.values:
                words = _words(line, column, far)
                for figure in _with_units(figures, line, column):
                    item = self._read(figure, cell, words, line, periods, seen[column.index], row)
                    if isinstance(item, Number):
                        unread.append(item)
                    else:
                        row.append((column, item))
            placed += (Placed(number, column.index, item, column.noun, line.name) for column, item in row)
            if line.name is not None and line.name.kind == "home":
                totals += (item for _, item in row)
        part_from_totals(placed, totals)
        doubt_contradictions(placed, self._matcher.indicators)
        return TableReading([each.found for each in placed], unread, list(_roles(table, columns)))

    def _read(
        self,
        figure: Figure,
        cell: Cell,
        words: Words,
        line: Line,
        periods: Periods,
        seen: Seen,
        row: Sequence[tuple[Column, Observation]],
    ) -> Observation | Number:
        change = seen.derived.kind
        base = next((other for column, other in row if column.index == seen.derived.of), None)
        far = [*words.groups, *words.far]
        around = Around(line, words.heads, words.items, far, words.names, seen.tail, seen.common)
        unit = self._unit(figure, around, change)
        if unit is None and (code := self._code(words, line, None, EMPTY)):
            unit = self._units_of(code)
        start, end = cell.start + figure.start, cell.start + figure.end
        if unit is None:
            return Number(start, end, "unread", "没有可认的单位")
        number = _number(figure, unit, start, end, cell.start + figure.digits_end)
        item = Observation(number, (line.stubs[-1].cell.start, line.stubs[-1].cell.end) if line.stubs else (start, end))
        item.measure = "change" if change or figure.change or _is_growth_row(words) else "level"
        self._set_time(item, words, periods, base, seen.beside)
        self._set_place(item, words, line)
        item.area = self._area(words, line, of_home=item.place == self._places.home)
        item.indicator = self._indicator(item, words, line, [base] if base else [other for _, other in row], unit)
        item.per = self._per(item, unit, words)
        indicator = self._matcher.indicators.get(item.indicator)
        close_year(item, indicator.kind if indicator else "", words.names[0].text if words.names else "")
        if item.per and item.period == PARTIAL and item.status != "target" and _tells_effect(line):
            item.period, item.covers = ANNUAL, Period.of_year(item.year)
        item.label = _label(words, item)
        return item

    # --- unit -------------------------------------------------------------------------------------------------------

    def _unit(self, figure: Figure, around: Around, change: str) -> Unit | None:
        unit = unit_of(figure, around, self._units)
        if not change or figure.tail:
            return unit
        head = next((facts.unit for facts in around.heads if facts.unit), None)
        of_row = around.line.unit
        if any("百分点" in facts.text for facts in around.heads):
            return POINTS
        if change == "rate":
            return head or PERCENT
        if (of_row or unit or PERCENT).name == "percent":
            return POINTS
        return head or unit

    def _units_of(self, code: str) -> Unit | None:
        indicator = self._matcher.indicators[code]
        return None if indicator.unit == "CNY" and indicator.kind != "standard" else Unit(indicator.unit, 1.0, "", "")

    # --- when -------------------------------------------------------------------------------------------------------

    def _set_time(
        self, item: Observation, words: Words, periods: Periods, base: Observation | None, beside: Period | None
    ) -> None:
        phrases = [*reversed(words.groups), *reversed(words.heads), *reversed(words.names)]
        period = periods.of(phrases, beside)
        if base is not None and base.covers is not None and not periods.said_in(words.heads):
            period = base.covers  # `同比` beside `1-9月累计` is of the nine months
        target = _is_target(words)
        if target and self._plan_year and period == periods.own:
            period = period.in_year(self._plan_year)
        if target and period.kind == PARTIAL and any(_OF_YEAR.search(facts.text) for facts in words.near):
            period = Period.of_year(period.year)  # `年度任务` of a report on half a year
        item.covers, item.year, item.period = period, period.year, period.kind
        item.status = "target" if target or period.year > max(self._frame.year, self._frame.spoken) else "actual"

    # --- whose ------------------------------------------------------------------------------------------------------

    def _set_place(self, item: Observation, words: Words, line: Line) -> None:
        item.place = self._place(words, line) or self._places.home

    def _place(self, words: Words, line: Line) -> str:
        of_body = _is_of_body(words, line)
        for stub in reversed(line.stubs):
            if of_body and stub.facts.kind == "town":
                continue  # where a home stands: its figures are told of the place that lists it
            if stub.facts.kind in ("place", "town", "at_large") and not _names_item(stub):
                return stub.facts.place
            if stub.column.sort == PLACE and not stub.facts.kind and not stub.facts.area and stub.facts.name:
                return "" if is_body(stub.facts.name) else stub.facts.name
        for facts in words.heads:
            if facts.kind in ("place", "town", "at_large"):
                return facts.place
        if any(facts.kind in ("home", "core") for facts in words.near):
            return ""
        for facts in words.groups:
            if facts.kind in ("place", "town"):
                return facts.place
        if of_body:
            return ""
        said = (self._places.of(facts.text) for facts in (*words.near, *words.far) if not facts.role)
        return next((place for place in said if place), "")

    def _area(self, words: Words, line: Line, *, of_home: bool) -> str:
        """The area that is stated nearest; 市辖区 and 县(市) are parts of the home alone."""
        places = {id(stub.facts) for stub in line.stubs if stub.facts.kind in _SPECIFIC}
        stated = [facts.area for facts in words.near if facts.area and id(facts) not in places]
        if line.whole is not None and line.whole.area and line.name is not None and (line.name.part or line.name.plain):
            stated.append(line.whole.area)
        stated += [facts.area for facts in words.groups if facts.area]
        own = _joined(facts.zone for facts in (*words.near, *words.groups)).topics
        stated += [facts.area for facts in words.far if facts.area and (not own or own & facts.zone.topics)]
        if not of_home:
            stated = [area for area in stated if area in ("urban", "rural", "all")]
        inner = next((area for area in stated if area in ("urban", "rural", "all")), "")
        return inner if inner in ("urban", "rural") else next(iter(stated), "all")

    # --- what -------------------------------------------------------------------------------------------------------

    def _indicator(self, item: Observation, words: Words, line: Line, row: Sequence[Observation], unit: Unit) -> str:
        if item.measure == "change":
            levels = [other for other in row if other.measure == "level" and other.place == item.place]
            if levels:
                return levels[-1].indicator if item.area == levels[-1].area else levels[0].indicator
        if _is_of_body(words, line) or any(facts.kind == "core" for facts in words.near):
            return ""
        kinds = _kinds(unit)
        share = bool(words.heads) and words.heads[0].share and not words.heads[0].zone.topics
        if share and item.number.unit == "percent" and words.heads[0].done:
            return ""
        if share and item.number.unit == "percent":
            names, heads = _until_subject(words.items)[0], _until_subject(words.heads)[0]
            return self._matcher.decide("percent", _joined(facts.zone for facts in (*names, *heads)), [], kinds)
        if any(_EVERYBODY.search(facts.name) for facts in (*words.items[:1], *words.heads[:1])):
            return ""
        change = item.measure == "change" and item.number.unit in ("percent", "percentage_point")
        named = next((facts for facts in (*words.items, *words.heads) if not facts.plain), None)
        name = named.name if named else ""
        beside = self._matcher.beside("", name, name) | self._matcher.beside(unit.words, "", "")
        return self._code(words, line, None if change else item.number.unit, Zone(beside, 0), kinds)

    def _code(
        self, words: Words, line: Line, unit: str | None, beside: Zone, kinds: frozenset[str] = _ALL_KINDS
    ) -> str:
        unplaced = [facts for facts in words.heads if not facts.kind]
        named = [*words.items[:1], *unplaced[:1], *words.items[1:], *unplaced[1:]]
        names, above = _until_subject(words.items)
        heads, over = _until_subject(unplaced)
        if any(facts.zone.topics for facts in names) and len(heads) > 1 and heads[-1].zone.topics:
            heads, over = heads[:-1], [heads[-1], *over]  # `社会救助` over `数值` heads the column, not its every row
        own = _joined([beside, *(facts.zone for facts in (*names, *heads))])
        if named and (code := self._by_name_alone(unit, beside, named[0], kinds)):
            return code
        closest = next((facts for facts in named if facts.foreign or facts.zone.topics), None)
        if closest is not None and closest.foreign and not closest.zone.topics:
            # It names something that no list of subjects holds: a part, a kind, another thing.
            return self._matcher.decide(unit, own, [], kinds, part=True)
        whole = _joined(facts.zone for facts in (words.left, line.whole) if facts is not None)
        groups = _joined(facts.zone for facts in (*above, *over, *words.groups))
        far = next((facts.zone for facts in words.far if facts.zone.topics), EMPTY)
        # What stands nearest is carried first, whatever it is: a caption speaks for a table as a clause does for its number.
        carried = [zone for zone in (whole, groups, far) if zone.words]
        plain = all(facts.plain for facts in named)
        code = self._matcher.decide(unit, own, carried, kinds)
        if not code and whole.words and not plain and not any(facts.part for facts in names):
            code = self._matcher.decide(unit, own, carried[1:], kinds)  # it does not go on about the row above
        subject = next((zone for zone in ((whole,) if plain else ()) + (groups, far) if zone.topics), None)
        if code or own.topics or subject is None or any("其他" in facts.name for facts in named):
            return code
        # `人数` under `孤儿情况`: the subject is the caption's as if it stood in the head.
        return self._matcher.decide(unit, _joined([own, subject]), carried, kinds)

    def _by_name_alone(self, unit: str | None, beside: Zone, facts: Facts, kinds: frozenset[str]) -> str:
        """The code of a name that needs no other words and is what is counted: 镇, 街道, whatever the head above is called."""
        if not self._matcher.beside("", facts.name, "") or len(facts.name) > _LONGEST_KIND:
            return ""
        return self._matcher.decide(unit, _joined([beside, facts.zone]), [], kinds)

    def _per(self, item: Observation, unit: Unit, words: Words) -> str:
        if item.number.unit != "CNY":
            return ""
        if unit.per:
            return unit.per
        indicator = self._matcher.indicators.get(item.indicator)
        if indicator is None or indicator.kind != "standard" or not indicator.per:
            return ""
        said = next((per for facts in (*words.near, *words.groups, *words.far) if (per := per_of(facts.text))), "")
        return said or paid_by_size(item.number.value, item.area)


def _seen_as_a_whole(
    columns: Sequence[Column], lines: Sequence[Line], periods: Periods, far: Sequence[Facts]
) -> list[Seen]:
    beside = periods.beside([column.facts for column in columns])
    derived = derived_columns(lines, columns, lambda column: periods.of(column.facts, beside[column.index]))
    tails, common = {**units_in_order(columns, lines, far), **tails_of(lines)}, common_unit(columns)
    return [
        Seen(derived.get(index, _LEVEL), tails.get(index, ""), beside[index], common)
        for index in (column.index for column in columns)
    ]


def _roles(table: Table, columns: Sequence[Column]) -> Iterator[tuple[Cell, str]]:
    """Every cell of a table, once, with the role of its column, or `head`."""
    seen: set[int] = set()
    for rows, role in ((table.heads, "head"), (table.body, "")):
        for row in rows:
            for column, cell in zip(columns, row, strict=False):
                if cell is not None and id(cell) not in seen:
                    seen.add(id(cell))
                    yield cell, role or ("stub" if len(filled(row)) == 1 else column.role)
    for cell in (*table.titles, *table.notes):
        yield cell, "head"


def _with_units(figures: Sequence[Figure], line: Line, column: Column) -> Iterator[Figure]:
    """Figures of a pair, each with the unit at its place: `1200/2300` of `户/人`, or under `户数/人数`."""
    stated = line.units or next((facts.units for facts in reversed(column.facts) if len(facts.units) > 1), ())
    nouns = column.last.name.split("/") if column.last is not None else []
    for position, figure in enumerate(figures):
        unit = ""
        if len(figures) > 1 and len(stated) == len(figures):
            unit = stated[position].words
        elif len(figures) > 1 and len(nouns) == len(figures):
            unit = _UNIT_OF_NOUN.get(implied_by(nouns[position]), "")
        yield figure._replace(tail=figure.tail or unit)


_UNIT_OF_NOUN = {"person": "人", "household": "户", "person_time": "人次", "bed": "张", "item": "个", "couple": "对"}


def _names_item(stub: Stub) -> bool:
    """Whether a stub names what is counted. `街道办事处` among things that are counted is no town of that name."""
    return stub.column.sort == ITEM and stub.facts.kind in ("", "town")


def _words(line: Line, column: Column, far: list[Facts]) -> Words:
    names = [stub.facts for stub in reversed(line.stubs)]
    items = [stub.facts for stub in reversed(line.stubs) if _names_item(stub)]
    return Words(names, items, list(reversed(column.facts)), list(reversed(line.groups)), far, column.whole)


def _kinds(unit: Unit) -> frozenset[str]:
    """The kinds of indicator that a unit can be of: what is paid by the month is a standard, and no standard is in 万元."""
    if unit.name != "CNY":
        return _ALL_KINDS
    if unit.per:
        return _STANDARDS
    return _ALL_KINDS - _STANDARDS if unit.factor >= 1e4 else _ALL_KINDS


def _until_subject(phrases: Sequence[Facts]) -> tuple[Sequence[Facts], Sequence[Facts]]:
    """Phrases up to the first that names a subject, and those further out, which head it."""
    for number, facts in enumerate(phrases, start=1):
        if facts.zone.topics:
            return phrases[:number], phrases[number:]
    return phrases, ()


def _joined(zones: Iterable[Zone]) -> Zone:
    words = topics = 0
    for zone in zones:
        words |= zone.words
        topics |= zone.topics
    return Zone(words, topics)


def _number(figure: Figure, unit: Unit, start: int, end: int, digits_end: int) -> Number:
    def value(digits: str) -> float:
        return float(digits) if unit.factor == 1.0 else multiply(digits, unit.factor)

    return Number(
        start,
        end,
        "quantity",
        value=value(figure.digits),
        value_high=value(figure.high) if figure.high else None,
        unit=unit.name,
        counter=unit.words,
        per=unit.per,
        digits_end=digits_end,
        qualifier=figure.qualifier,
    )


def _is_growth_row(words: Words) -> bool:
    """Whether a row is a change: `比上年增长(%)` below the row of what has grown, `低保标准年均增长率`."""
    return bool(words.names) and bool(words.names[0].growth) and _ENDS_IN_GROWTH.search(words.names[0].name) is not None


def _is_target(words: Words) -> bool:
    """Whether a figure is planned: as its column's heads say, else its row; `完成改造` names what is counted, not what came of it."""
    for facts in (*words.heads, *words.names):
        if facts.target:
            return True
        if facts.done:
            return False
    return any(_HANDED_OUT.search(facts.text) for facts in words.far)


def _tells_effect(line: Line) -> bool:
    """Whether a row names the day or the month from which on a standard is in force."""
    return any(
        _EFFECT.search(stub.cell.text) or any(_EFFECT.search(facts.text) for facts in stub.column.facts)
        for stub in line.stubs
    )


def _is_of_body(words: Words, line: Line) -> bool:
    """Whether a figure is that of one institution, enterprise or person."""
    return any(stub.column.sort == BODY and not stub.facts.kind for stub in line.stubs)


def _label(words: Words, item: Observation) -> str:
    """What is counted: the name of the row; where that says whose or when, the heads of the column."""
    named = [facts for facts in words.items if facts.name and not _is_time(facts)]
    if named:
        return re.sub(r"\s+", "", named[0].name)
    heads = [
        re.sub(r"\s+", "", facts.name) for facts in reversed(words.heads) if not facts.kind and not _is_time(facts)
    ]
    return "".join(dict.fromkeys(heads)) or (words.names[0].name if words.names else "")


def _is_time(facts: Facts) -> bool:
    return (
        re.fullmatch(r"(?:(?:19|20)\d\d年?|\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年|[\s-]|全年|度)+", facts.name)
        is not None
    )

"""Which words stand around each figure of a table, and how near: its stubs, heads, groups, titles and captions.

Rows of one table are walked once, from top to bottom, with the groups and wholes that are in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bulletins.tables.facts import FactReader, Facts
from bulletins.tables.figures import Content, Figure, content_of, figure_of_year, pieces_of
from bulletins.tables.grid import Cell
from bulletins.tables.roles import TIME, Column
from bulletins.tables.split import Row, Table, filled
from bulletins.tables.units import Unit, Units, is_counted

_LEVELS = (
    re.compile(r"^\s*[一二三四五六七八九十]{1,3}[、.]"),
    re.compile(r"^\s*[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"^\s*\d{1,2}[、.．](?!\d)"),
    re.compile(r"^\s*[(（]\d{1,2}[)）]"),
)
_NO_LEVEL = len(_LEVELS)
#: A cell with figures, in its column.
Value = tuple[Column, Cell, tuple[Figure, ...]]
#: `特困供养人数` without a unit is in persons, and so is the part below it, whatever unit the rows above had.
_WORDS = {"person": "人", "household": "户", "person_time": "人次", "couple": "对", "bed": "张"}
_NOTE = re.compile(r"^\s*[(（]?(?:注|备注|说明)")


@dataclass(slots=True)
class Stub:
    """A cell that names a row, with its column and what it states."""

    column: Column
    cell: Cell
    facts: Facts


@dataclass(slots=True)
class Line:
    """A row with figures and the words that hold for all of them.

    Attributes:
        stubs: from the outermost to the one next to the values.
        groups: what the rows above it head, outermost first.
        whole: what the row is a part of (`其中:女性`), or goes on about; None where it speaks for itself.
        unit: of its unit column, or of its name, or of the whole that it is a part of.
        units: of a row of pairs, in order: `户/人` of `1200/2300`.
        unit_cell: whether `unit` stands in a column of units.
        values: its cells with figures.
    """

    stubs: list[Stub]
    groups: list[Facts]
    whole: Facts | None = None
    unit: Unit | None = None
    unit_cell: bool = False
    units: tuple[Unit, ...] = ()
    values: list[Value] = field(default_factory=list)

    @property
    def name(self) -> Facts | None:
        """What the stub next to the values states."""
        stub = _naming(self.stubs)
        return stub.facts if stub else None


class Walk:
    """Goes down the rows of one table."""

    def __init__(self, table: Table, columns: Sequence[Column], reader: FactReader, units: Units) -> None:
        self._table, self._columns, self._reader, self._units = table, columns, reader, units
        self._groups: list[tuple[int, Facts]] = []
        self._above: dict[int, Stub] = {}  # by column, the last name
        self._item: Facts | None = None  # the last name with a subject of its own
        self._unit: Unit | None = None
        self._stubs = [column for column in columns if column.role == "stub"]
        self._unit_columns = [column for column in columns if column.role == "unit"]
        self._merged = any(cell.rows > 1 for row in table.body for cell in filled(row))
        # `41 020` beside `女 性` is one number beside one name where numbers beside single names are written so, too.
        self._groups_digits = any(_groups_digits(row) for row in table.body)

    def lines(self) -> Iterator[Line]:
        """The rows that hold figures, those that were fused into one cell apart."""
        for row in self._table.body:
            values = self._values(row)
            if values:
                yield from self._parted(self._line(row, values))
            else:
                self._group(row)

    def _values(self, row: Row) -> list[Value]:
        found: list[Value] = []
        taken: set[int] = set()
        for column in self._columns:
            cell = row[column.index] if column.index < len(row) else None
            if column.role != "value" or cell is None or id(cell) in taken:
                continue
            taken.add(id(cell))
            content = _as_value(cell.text)
            if content.kind == "figures":
                found.append((column, cell, content.figures))
        return found or list(self._slipped(row))

    def _slipped(self, row: Row) -> Iterator[Value]:
        """A value that slipped into the column of units: `| (1)困境儿童 | 487,828 |  |`."""
        target = next((column for column in self._columns if column.role == "value"), None)
        for column in self._unit_columns if target is not None else ():
            cell = row[column.index] if column.index < len(row) else None
            if target is not None and cell is not None and (content := content_of(cell.text)).kind == "figures":
                yield target, cell, content.figures

    def _group(self, row: Row) -> None:
        """A row without figures: the heading of those below it, where it is nothing but a name."""
        cells = filled(row)
        others = [cell for cell in cells if content_of(cell.text).kind != "empty"]
        alone = len(others) == 1 and (len(cells) == 1 or _level(others[0].text) < _NO_LEVEL)
        if not alone or _NOTE.match(others[0].text):
            self._remember(self._stub_list(row))
            return
        facts = self._reader.of(others[0].text)
        level = _level(others[0].text)
        self._groups = [each for each in self._groups if each[0] < level]
        self._groups.append((level, facts))
        self._item = None
        self._unit = facts.unit
        if self._stubs and (stub := self._above.get(self._stubs[0].index)) and len(self._stubs) > 1:
            del self._above[stub.column.index]

    def _line(self, row: Row, values: list[Value]) -> Line:
        stubs = self._stub_list(row)
        name = _naming(stubs)
        groups = [facts for _, facts in self._groups]
        line = Line(stubs, groups, values=values)
        if name is None:
            return line
        level = _level(name.cell.text)
        part = name.facts.part
        if level < _NO_LEVEL and not part:
            self._groups = [each for each in self._groups if each[0] < level]
            line.groups = [facts for _, facts in self._groups]
        self._set_unit(line, row, name.facts, part)
        if part or not (name.facts.zone.topics or name.facts.kind):
            line.whole = self._item
        if name.facts.zone.topics and not part:
            self._item = name.facts
        if level < _NO_LEVEL and not part and name.facts.zone.topics:
            # `一、农村低保 | 万元 | 100` heads `1.保障金` as much as it has a value.
            self._groups.append((level, name.facts))
        self._remember(stubs)
        return line

    def _set_unit(self, line: Line, row: Row, name: Facts, part: bool) -> None:
        """The unit that a row states: in a column of units, in its name, or that of the whole that it is a part of."""
        for column in self._unit_columns:
            cell = row[column.index] if column.index < len(row) else None
            if cell is not None and (unit := self._units.resolve(cell.text)):
                line.unit, line.unit_cell = unit, True
            elif cell is not None:
                line.units = self._units.several(cell.text)
        line.units = line.units or (name.units if len(name.units) > 1 else ())
        if line.unit is None and len(name.units) == 1:
            line.unit = name.units[0]
        # Where units stand in a column of their own, a row without one is of the unit above unless its noun says another.
        silent = line.unit is None and name.implied != "percent" and not is_counted(name.name)
        if silent and (part or not (name.kind or (self._unit_columns and name.implied))):
            line.unit = self._unit
        elif line.unit is not None:
            self._unit = line.unit
        elif not part and name.implied in _WORDS and is_counted(name.name):
            self._unit = self._units.resolve(_WORDS[name.implied])

    def _stub_list(self, row: Row) -> list[Stub]:
        """The names of a row; one that is blank below a group's name is the group's, where cells were not merged."""
        stubs: list[Stub] = []
        seen: set[int] = set()
        for number, column in enumerate(self._stubs):
            cell = row[column.index] if column.index < len(row) else None
            if cell is not None and id(cell) in seen:
                continue
            if cell is not None and content_of(cell.text).kind != "empty":
                seen.add(id(cell))
                stubs.append(Stub(column, cell, self._reader.of(cell.text)))
            elif column.index in self._above and not stubs and (number == len(self._stubs) - 1 or not self._merged):
                stubs.append(self._above[column.index])
        return stubs

    def _remember(self, stubs: Sequence[Stub]) -> None:
        for stub in stubs:
            if self._above.get(stub.column.index) is not stub:
                for column in self._stubs:
                    if column.index > stub.column.index:
                        self._above.pop(column.index, None)
            self._above[stub.column.index] = stub

    def _parted(self, line: Line) -> Iterator[Line]:
        """Rows that were fused: as many names as each cell holds numbers, each with its own unit."""
        stub = line.stubs[-1] if line.stubs else None
        names = list(re.finditer(r"\S+", stub.cell.text)) if stub else []
        fused = [(column, cell, pieces_of(cell.text) or figures) for column, cell, figures in line.values]
        spread = stub is not None and " " not in stub.facts.name and self._groups_digits
        if stub is None or len(names) < 2 or spread or any(len(figures) != len(names) for _, _, figures in fused):
            yield line
            return
        row_units = self._fused_units(stub.cell, len(names))
        for number, name in enumerate(names):
            start = stub.cell.start + name.start()
            cell = replace(stub.cell, text=name.group(), start=start, end=start + len(name.group()))
            facts = self._reader.of(cell.text)
            values: list[Value] = [(column, each, (figures[number],)) for column, each, figures in fused]
            unit = row_units[number] or facts.unit or (line.unit if not any(row_units) else None)
            named = [*line.stubs[:-1], Stub(stub.column, cell, facts)]
            yield Line(named, line.groups, unit=unit, unit_cell=bool(row_units[number]), values=values)

    def _fused_units(self, name: Cell, count: int) -> list[Unit | None]:
        for row in self._table.body:
            if name in row:
                for column in self._unit_columns:
                    cell = row[column.index]
                    words = cell.text.split() if cell else []
                    if len(words) == count:
                        return [self._units.resolve(word) for word in words]
        return [None] * count


_WITH_BLANKS = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")


def _groups_digits(row: Row) -> bool:
    """Whether a row with one name has numbers with blanks for commas: `96 215`."""
    cells = filled(row)
    return bool(cells) and " " not in cells[0].text and any(_WITH_BLANKS.fullmatch(cell.text) for cell in cells[1:])


def _naming(stubs: Sequence[Stub]) -> Stub | None:
    """The stub that names a row: the last, but for one that only says when."""
    return next((stub for stub in reversed(stubs) if stub.column.sort != TIME), stubs[-1] if stubs else None)


def _as_value(text: str) -> Content:
    """What a cell of a column of values holds: `2018` counts there."""
    content = content_of(text)
    if content.kind == "year" and text.strip().isdecimal():
        return Content("figures", (figure_of_year(text),))
    return content


def _level(text: str) -> int:
    return next((number for number, pattern in enumerate(_LEVELS) if pattern.match(text)), _NO_LEVEL)

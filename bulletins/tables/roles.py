"""What is each column of a table, and each row? Names, units, codes, ranks, scores, remarks, or values of one kind.

Decided by evidence of two sorts that is weighed together: what the head of a column says, and what its cells hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bulletins.tables.facts import FactReader, Facts, is_body, is_town
from bulletins.tables.figures import content_of
from bulletins.tables.grid import Cell
from bulletins.tables.split import Row, Table, filled, is_numbering
from bulletins.tables.units import Units

_MOSTLY = 0.6
_TIME_HEAD = re.compile(r"年\s*[份度]|时\s*[间期]|月\s*份|季\s*度|^年$|^月$")
#: Sorts of names: what the cells of a stub are.
PLACE, BODY, TIME, ITEM = "place", "body", "time", "item"
_NAMED = frozenset(("home", "place", "town", "core", "at_large"))


@dataclass(slots=True)
class Column:
    """A column: its heads from top to bottom, what they state, and its role.

    Attributes:
        index: its place in the rows.
        heads: the cells above its body, each once.
        facts: of its heads.
        role: `stub`, `unit`, `code`, `rank`, `score`, `remark` or `value`.
        sort: of a stub: `place`, `body`, `time` or `item`.
        whole: what its lowest head is a part of: `特困人数`, right of which stands `其中:集中供养`.
    """

    index: int
    heads: list[Cell] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    role: str = "value"
    sort: str = ""
    whole: Facts | None = None

    @property
    def last(self) -> Facts | None:
        """What its lowest head states."""
        return self.facts[-1] if self.facts else None

    @property
    def noun(self) -> Facts | None:
        """What its lowest head states that is more than a unit."""
        return next((facts for facts in reversed(self.facts) if not (facts.units and facts.plain)), self.last)


def columns_of(table: Table, reader: FactReader, units: Units) -> list[Column]:
    """The columns of a table with their roles."""
    columns = [Column(index, heads) for index, heads in enumerate(_heads(table))]
    for column in columns:
        column.facts = [reader.of(cell.text) for cell in column.heads]
    if _ends_in_units(table, units):
        for column in columns:
            if len(column.facts) > 1 and (unit := units.resolve(column.facts[-1].name)):
                column.facts[-1] = replace(column.facts[-1], units=(unit,))
    evidence = [_Evidence.of(table, column.index, units) for column in columns]
    for column, cells in zip(columns, evidence, strict=True):
        column.role = _role(column, cells)
    _settle_names(columns, evidence)
    whole: Facts | None = None
    for column, cells in zip(columns, evidence, strict=True):
        if column.last is not None and column.role == "value":
            if column.last.part:
                column.whole = whole
            else:
                whole = column.last
        if column.role == "stub":
            column.sort = _sort(column, cells, reader)
    return columns


def _ends_in_units(table: Table, units: Units) -> bool:
    """Whether the lowest row of the head holds nothing but units, beside a name that goes down to it."""
    if len(table.heads) < 2:
        return False
    above = filled(table.heads[-2])
    own = [cell for cell in filled(table.heads[-1]) if cell not in above]
    return len(own) > 1 and all(units.resolve(cell.text) for cell in own)


def _heads(table: Table) -> list[list[Cell]]:
    """The head cells of each column; words over several columns that are printed over the first alone hold for all."""
    rows = [list(row) for row in table.heads if not is_numbering(row)]
    width = table.width
    rows = [row + [None] * (width - len(row)) for row in rows]
    if not any(cell.columns > 1 for row in rows for cell in filled(row)):
        _spread(rows, width)
    heads: list[list[Cell]] = []
    for column in range(width):
        cells: list[Cell] = []
        for row in rows:
            cell = row[column]
            if cell is not None and not (cells and cells[-1].text == cell.text):
                cells.append(cell)
        heads.append(cells)
    return heads


def _spread(rows: list[Row], width: int) -> None:
    below = [True] * width  # whether all heads below have words in a column
    for number in range(len(rows) - 1, -1, -1):
        row = rows[number]
        for column in range(1, width):
            if (
                number < len(rows) - 1
                and row[column] is None
                and row[column - 1]
                and below[column - 1]
                and below[column]
            ):
                row[column] = row[column - 1]
        below = [each and row[column] is not None for column, each in enumerate(below)]


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the cells of a column hold: how many of each kind, of how many that are not empty."""

    kinds: Counter[str]
    total: int
    units: int
    counts: bool  # whether its figures number the rows from 1
    texts: tuple[str, ...]

    @classmethod
    def of(cls, table: Table, index: int, units: Units) -> _Evidence:
        seen: set[int] = set()
        texts: list[str] = []
        for row in table.body:
            cell = row[index] if index < len(row) else None
            if cell is None or id(cell) in seen or len(filled(row)) == 1:
                continue
            seen.add(id(cell))
            texts.append(cell.text)
        kinds = Counter(content_of(text).kind for text in texts)
        total = len(texts) - kinds["empty"]
        digits = [text.strip().rstrip(".、") for text in texts if content_of(text).kind != "empty"]
        counts = len(digits) > 1 and digits == [str(number) for number in range(1, len(digits) + 1)]
        return cls(kinds, total, sum(units.is_unit(text) for text in texts), counts, tuple(texts))

    @property
    def like_years(self) -> float:
        """The share of the cells that would be years if they were not figures: `2018`, without a 年."""
        bare = sum(content_of(text).kind == "year" and text.strip().isdecimal() for text in self.texts)
        return bare / self.total if self.total else 0.0

    def share(self, *kinds: str) -> float:
        """The share of the cells that are not empty that are of one of the kinds."""
        return sum(self.kinds[kind] for kind in kinds) / self.total if self.total else 0.0


def _role(column: Column, cells: _Evidence) -> str:
    stated = next((facts.role for facts in reversed(column.facts) if facts.role), "")
    has_unit = any(facts.units for facts in column.facts)
    if not cells.total:
        return "remark" if stated == "remark" else "value"
    scores = {
        "unit": cells.units / cells.total * 1.5 + (stated == "unit") * 0.6 - (column.index == 0) * 0.9,
        "code": cells.share("code") * 2 + (stated == "code") * 2.0,
        "rank": (stated == "rank") * 2.2 + cells.counts * (0.5 if column.index else 1.6),
        "score": (stated == "score" and not has_unit) * (cells.share("figures") * 2 + 0.5),
        # 2000 under `预算数` is no year.
        "value": (cells.share("figures") + cells.like_years * _counts_something(column)) * 1.4 + has_unit * 0.3,
        "stub": cells.share("words") * 1.2
        + cells.share("year", "period", *(() if column.index else ("date",))) * (1.2 if column.index == 0 else 0.4)
        + cells.share("year", "period")
        * (column.last is not None and _TIME_HEAD.search(column.last.text) is not None)
        * 1.2
        + (stated in ("place", "body")) * 0.4,
        "remark": cells.share("words", "date") * (stated == "remark") * 1.6
        + cells.share("date") * (column.index > 0) * 1.2
        + cells.share("year", "period") * (column.index > 0) * 0.5,
    }
    if cells.share("words") < 0.5:
        scores["unit"] -= 1.0
    return max(scores, key=lambda role: scores[role])


def _counts_something(column: Column) -> bool:
    """Whether a column that is not the first has a head, and one that does not speak of time."""
    return column.index > 0 and column.last is not None and not _TIME_HEAD.search(column.last.text)


def _settle_names(columns: list[Column], evidence: Sequence[_Evidence]) -> None:
    """Words behind the first values are remarks; the column of years where nothing else names the rows is a stub."""
    first_value = next(
        (column.index for column in columns if column.role == "value" and evidence[column.index].total), len(columns)
    )
    for column in columns:
        if column.role == "stub" and column.index > first_value:
            column.role = "remark"
    if not any(column.role == "stub" for column in columns):
        for column in columns[:first_value]:
            if column.role in ("rank", "remark", "code") and evidence[column.index].share("words") > 0:
                column.role = "stub"
                break


def _is_body(facts: Facts) -> bool:
    """Whether a name is that of one institution: it ends like one and has a word or a place of its own."""
    return is_body(facts.name) and bool(facts.placed or facts.foreign)


def _sort(column: Column, cells: _Evidence, reader: FactReader) -> str:
    """What the cells of a stub name: places, bodies, stretches of time, or what is counted."""
    words = [text for text in cells.texts if content_of(text).kind != "empty"]
    if cells.share("year", "period", "date") >= _MOSTLY:
        return TIME
    facts = [reader.of(text) for text in words]
    specific = [each for each in facts if each.kind not in ("home", "core")]
    stated = next((each.role for each in reversed(column.facts) if each.role in (PLACE, BODY)), "")
    if not specific:
        return PLACE if facts else ITEM
    named = sum(each.kind in _NAMED or (not each.zone.topics and is_town(each.name)) for each in specific) / len(
        specific
    )
    bodies = sum(each.kind not in _NAMED and _is_body(each) for each in specific) / len(specific)
    topics = sum(bool(each.zone.topics) and not each.foreign and not each.placed for each in specific) / len(specific)
    scores = {
        PLACE: named * 2 + (stated == PLACE) * 0.9,
        BODY: bodies * 1.6 + (stated == BODY) * 1.2,
        ITEM: topics * 1.6 + 0.7,
    }
    return max(scores, key=lambda sort: scores[sort])

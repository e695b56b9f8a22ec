"""Which unit does a figure have? The nearest word decides, then what the other figures of its column print."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from bulletins.tables.around import Line
from bulletins.tables.facts import Facts
from bulletins.tables.figures import Figure
from bulletins.tables.roles import Column
from bulletins.tables.units import Unit, Units, is_counted
from bulletins.text.quantity import SCALES

PERCENT = Unit("percent", 1.0, "", "%")
POINTS = Unit("percentage_point", 1.0, "", "个百分点")
#: The unit of what a noun counts (`units.implied_by`).
UNIT_OF_NOUN = {
    "person": Unit("person", 1.0, "", "人"),
    "household": Unit("household", 1.0, "", "户"),
    "person_time": Unit("person_time", 1.0, "", "人次"),
    "couple": Unit("couple", 1.0, "", "对"),
    "bed": Unit("bed", 1.0, "", "张"),
    "item": Unit("item", 1.0, "", "个"),
    "percent": PERCENT,
}
_YUAN = Unit("CNY", 1.0, "", "元")
_PAID_FOR = {"day": "日", "month": "月", "year": "年"}
_MONEY = frozenset(("CNY",))
#: Nouns that say their unit for sure, whatever a caption says: in a table in 万元 a column 人数 counts persons.
_PEOPLE = frozenset(("person", "item"))
_SURE = frozenset(("person", "household", "person_time", "bed", "couple", "percent"))


class Around(NamedTuple):
    """What decides the unit of a figure: its column's heads and its row's names, lowest and innermost first, and what is further off."""

    line: Line
    heads: Sequence[Facts]
    names: Sequence[Facts]
    far: Sequence[Facts]
    whose: Sequence[Facts] = ()  # names of its row that say whose it is or when
    tails: str = ""  # what the other figures of its column print behind their digits
    common: Unit | None = None  # of money: the only unit that the heads of the table state


def common_unit(columns: Sequence[Column]) -> Unit | None:
    """The one unit of money that all heads with a unit state: `支出(亿元) | 其中:社会救助 | 养老服务`."""
    stated = [facts.unit for column in columns for facts in column.facts if facts.unit is not None]
    return stated[0] if stated and stated[0].name in _MONEY and len(set(stated)) == 1 else None


def tails_of(lines: Sequence[Line]) -> dict[int, str]:
    """What most figures of a column print behind their digits, by column: `元/月`, where one cell leaves it out."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        for column, _, figures in line.values:
            found[column.index].update(figure.tail for figure in figures)
    most = {column: tails.most_common(1)[0] for column, tails in found.items()}
    return {column: tail for column, (tail, count) in most.items() if tail and count * 2 >= found[column].total()}


def units_in_order(columns: Sequence[Column], lines: Sequence[Line], far: Sequence[Facts]) -> dict[int, str]:
    """Units that a caption lists for as many columns, by column: `(户/人)` over two columns of values, unless a noun says otherwise."""
    stated = next((facts.units for facts in far if facts.units), ())
    valued = sorted({column.index for line in lines for column, _, figures in line.values if len(figures) == 1})
    by_index = {column.index: column for column in columns}
    if len(stated) < 2 or len(stated) != len(valued) or len({unit.name for unit in stated}) < len(stated):
        return {}
    for index, unit in zip(valued, stated, strict=True):
        last = by_index[index].last
        said = last is not None and (last.unit is not None or last.implied in _SURE or last.implied == "money")
        if last is not None and said and (last.unit.name if last.unit else last.implied) != unit.name:
            return {}
    return {index: unit.words for index, unit in zip(valued, stated, strict=True)}


def unit_of(figure: Figure, around: Around, units: Units) -> Unit | None:
    """The unit of a figure; None where nothing says it."""
    tail = figure.tail
    if tail and tail not in SCALES:
        return units.resolve(tail)
    unit = _stated(around) or units.resolve(around.tails) or _from_far(around) or _implied(around) or around.common
    if tail and unit is not None:
        return unit._replace(factor=(1.0 if unit.factor > 1 else unit.factor) * SCALES[tail], words=tail + unit.words)
    if tail:
        return None
    return unit


def _stated(around: Around) -> Unit | None:
    """The unit that row or column state: a percentage of the head before the unit of the row, which is of the thing counted."""
    head = next((facts.unit for facts in around.heads if facts.unit), None)
    if head is not None and head.name in ("percent", "percentage_point"):
        return head
    if around.heads and around.heads[0].share:
        return PERCENT
    if around.line.unit_cell:
        return around.line.unit
    name = next((facts.unit for facts in (*around.names, *around.whose) if facts.unit), None)
    several = next((facts.units for facts in (*around.names, *around.heads) if len(facts.units) > 1), ())
    return name or head or _fitting(several, around) or around.line.unit


def _noun(around: Around) -> str:
    """What the nearest noun is counted in: of the head, unless it only says when or where, and of the name."""
    for facts in (*around.names[:1], *around.heads, *around.names[1:]):
        if facts.implied and not facts.kind:
            of_standards = facts.implied in _PEOPLE and not is_counted(facts.name) and _tells_of_standards(around)
            return "money" if of_standards else facts.implied
    return ""


def _tells_of_standards(around: Around) -> bool:
    """Whether group, title or caption say that sums are paid: `特困人员` of a 标准一览表 is no number of persons."""
    nearest = next((facts for facts in around.far if facts.implied or "标准" in facts.name), None)
    return nearest is not None and "标准" in nearest.name and not re.search(r"人数|户数|资金", nearest.name)


def _from_far(around: Around) -> Unit | None:
    """The unit of a group, a title or a caption, where it suits the noun."""
    noun = _noun(around)
    for facts in around.far:
        if len(facts.units) > 1 and (unit := _fitting(facts.units, around)):
            return unit
        if facts.unit is not None and (noun not in _SURE or facts.unit.name == noun) and not _is_odd(facts.unit, noun):
            return facts.unit
    return None


def _is_odd(unit: Unit, noun: str) -> bool:
    return (noun == "item" and unit.name in _MONEY) or (noun == "money" and unit.name not in _MONEY)


def _fitting(units: Sequence[Unit], around: Around) -> Unit | None:
    """Of several units of one caption the one that the noun is counted in; of 万元 and 元 standards have the smaller, sums the larger."""
    noun = _noun(around)
    wanted = "CNY" if noun == "money" else noun
    found = [unit for unit in units if unit.name == wanted]
    if wanted == "CNY" and found:
        words = "".join(facts.name for facts in (*around.heads[:1], *around.names[:1]))
        paid = [
            unit for unit in found if unit.per and _PAID_FOR[unit.per] in words
        ]  # `元/月、元/年` over 月标准, 年标准
        return (min if _is_rate(around) else max)(paid or found, key=lambda unit: unit.factor)
    if found:
        return found[0]
    return next((unit for unit in units if unit.name in ("item", "person")), None) if units and not noun else None


def _is_rate(around: Around) -> bool:
    """Whether the words say what one person is paid: 标准, 补差, 人均."""
    return any(
        word in facts.name
        for facts in (*around.names, *around.heads)
        for word in ("标准", "补差", "水平", "人均", "平均")
    )


def _implied(around: Around) -> Unit | None:
    noun = _noun(around) or next((facts.implied for facts in around.far if facts.implied in _SURE), "")
    if not noun and _tells_of_standards(around):
        return _YUAN
    if noun != "money":
        return UNIT_OF_NOUN.get(noun)
    # A standard is paid in 元; sums without a scale may be in anything.
    return _YUAN if _is_rate(around) else None

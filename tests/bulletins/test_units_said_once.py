"""Lists and rows whose unit is said once read back, whatever names, values and marks they are printed with."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from bulletins.catalog import load_catalog
from bulletins.observation import Observation
from bulletins.read import Reader
from bulletins.text.columns import is_head, is_labelled, values_at_end

READER = Reader(load_catalog())
PLACES = ["宣州区", "广德市", "宁国市", "郎溪县", "泾县", "绩溪县", "旌德县"]
ROUNDS = 40  # of each style

Expected = list[tuple[str, float, str]]  # place, value, unit
Style = Callable[[Random], tuple[str, Expected]]


def _read(text: str) -> list[Observation]:
    page = f"宣城市民政局2022年工作情况\n\n{text}\n"
    blocks = READER.read(page, place="宣城市", code="341800")
    return [found for block in blocks for found in block.observations]


def _places(chance: Random) -> list[str]:
    return chance.sample(PLACES, chance.randint(3, len(PLACES)))


def _value(chance: Random) -> tuple[str, float]:
    value = chance.choice(
        [chance.randint(10, 1_949), chance.randint(2_050, 99_999)]
    )  # no year: a first row of years is a head
    return (f"{value:,}" if chance.random() < 0.5 else str(value)), float(value)


def _listed(mark: str, blank: str, unit: tuple[str, str]) -> Style:
    def style(chance: Random) -> tuple[str, Expected]:
        rows = [(place, *_value(chance)) for place in _places(chance)]
        items = mark.join(f"{place}{blank}{printed}" for place, printed, _ in rows)
        return f"各县市区养老床位({unit[0]}):{items}。", [(place, value, unit[1]) for place, _, value in rows]

    return style


def _pairs(chance: Random) -> tuple[str, Expected]:
    rows = [(place, _value(chance), _value(chance)) for place in _places(chance)]
    items = ",".join(f"{place} {one[0]}/{two[0]}" for place, one, two in rows)
    expected = [(place, value, "person") for place, one, two in rows for value in (one[1], two[1])]
    return f"来看一组数据(低保/特困,人):{items}。", expected


def _lines(chance: Random) -> tuple[str, Expected]:
    rows = [(place, *_value(chance)) for place in _places(chance)]
    lines = "\n".join(f"{place} {printed}" for place, printed, _ in rows)
    return f"二、农村低保标准(元/人·年)\n{lines}", [(place, value, "CNY") for place, _, value in rows]


def _pipes(chance: Random) -> tuple[str, Expected]:
    rows = [(place, _value(chance), _value(chance)) for place in _places(chance)]
    lines = "\n".join(f"{place} | {one[0]} | {two[0]}" for place, one, two in rows)
    expected = [each for p, one, two in rows for each in ((p, one[1], "household"), (p, two[1], "person"))]
    return f"各县市农村低保情况如下(户/人):\n{lines}", expected


def _blanks(chance: Random) -> tuple[str, Expected]:
    rows = [(place, _value(chance), _value(chance)) for place in _places(chance)]
    lines = "\n".join(f"{place} {one[0]} {two[0]}" for place, one, two in rows)
    expected = [each for p, one, two in rows for each in ((p, one[1], "item"), (p, two[1], "bed"))]
    return f"县市区 养老机构(个) 养老床位(张)\n{lines}", expected


def _a_cell_a_line(chance: Random) -> tuple[str, Expected]:
    rows = [(place, _value(chance), _value(chance)) for place in _places(chance)]
    lines = "\n".join(f"{place}\n{one[0]}\n{two[0]}" for place, one, two in rows)
    expected = [(place, value, "person") for place, one, two in rows for value in (one[1], two[1])]
    return f"县市分布(城镇低保、农村低保,人):\n{lines}", expected


def _labelled(chance: Random) -> tuple[str, Expected]:
    rows = [(place, _value(chance), _value(chance)) for place in _places(chance)]
    lines = "\n".join(f"{place} 结婚{one[0]} 离婚{two[0]}" for place, one, two in rows)
    expected = [(place, value, "couple") for place, one, two in rows for value in (one[1], two[1])]
    return f"各县市婚姻登记情况(单位:对)\n{lines}", expected


def _years(chance: Random) -> tuple[str, Expected]:
    values = [chance.randint(100, 999) for _ in range(chance.randint(3, 6))]
    years = " ".join(str(2022 - len(values) + number) for number in range(len(values)))
    printed = " ".join(f"{value / 10:.1f}" for value in values)
    expected = [("宣城市", value * 1000.0, "couple") for value in values]
    return f"图3 近年全市结婚登记情况(单位:万对)\n{years}\n{printed}", expected


STYLES: dict[str, Style] = {
    "semicolons": _listed(";", " ", ("张", "bed")),
    "commas": _listed(",", "", ("张", "bed")),
    "enumeration": _listed("、", "", ("张", "bed")),
    "pairs": _pairs,
    "lines": _lines,
    "pipes": _pipes,
    "blanks": _blanks,
    "a cell a line": _a_cell_a_line,
    "labelled": _labelled,
    "years": _years,
}


@pytest.mark.parametrize("name", STYLES)
def test_a_unit_said_once_is_that_of_all(name: str) -> None:
    chance = Random(name)
    for _ in range(ROUNDS):
        text, expected = STYLES[name](chance)
        found = [(item.place, item.number.value, item.number.unit) for item in _read(text)]
        assert found == expected, text


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("巨鹿镇 1 4 9", 3),
        ("临时救助* 人次 18765 14410 30.2", 3),
        ("2 家庭养老床位 260张 271张", 2),
        ("孤儿 人 312 — 3.1%", 3),
        ("低保对象 12 345人", 0),
        ("全市共有养老机构 36 家,床位 1200", 0),
        ("截至 2021 年底", 0),
    ],
)
def test_values_at_the_end_of_a_line(line: str, values: int) -> None:
    assert values_at_end(line) == values


def test_heads_and_labels() -> None:
    assert is_head("乡镇 助餐点(个) 幸福院(家)", "巨鹿镇 4 9")
    assert is_head("助餐点(个) 幸福院(家)", "巨鹿镇 4 9")
    assert not is_head("各乡镇任务如下。请 执行", "巨鹿镇 4 9")
    assert is_labelled("零陵区 结婚1,604 离婚590 火化率71.3")
    assert not is_labelled("全市 养老机构57家 床位7312张")


def test_what_is_no_part_of_a_list_ends_it() -> None:
    found = _read("养老床位(张):宣州区6210;广德市4023。全市合计10233,护理型5348,占七成一。全年新增机构12家。")
    assert [(item.place, item.number.value, item.number.unit) for item in found] == [
        ("宣州区", 6210, "bed"),
        ("广德市", 4023, "bed"),
        ("宣城市", 10233, "bed"),
        ("宣城市", 5348, "bed"),
        ("宣城市", 71, "percent"),
        ("宣城市", 12, "item"),
    ]


def test_columns_that_nothing_tells_apart_are_not_guessed() -> None:
    assert not [item for item in _read("各县数据(人):宣州区 12/34,广德市 56/78。") if item.number.unit != "person"]


def test_a_list_that_opens_with_what_may_be_a_year_is_left_unread() -> None:
    assert _read("养老床位(张):宣州区2003;广德市4023;泾县910。") == []


def test_a_value_that_may_be_a_year_parts_no_list() -> None:
    found = _read("养老床位(张):广德市4023;宣州区2003;泾县910。")
    assert [item.number.value for item in found] == [4023, 2003, 910]
    assert {item.year for item in found} == {2022}

"""Every style of printing a number reads back; what is no longer a number is never read as another one; the two ways of reading agree."""

from __future__ import annotations

import math
from random import Random

import pytest

from benchmarks.number_styles import STYLES, Printed
from bulletins.catalog import CATALOG_FOLDER, load_catalog
from bulletins.text.normalise import normalise
from bulletins.text.numbers import Number, NumberFinder
from bulletins.text.numerals.grammar import worth
from bulletins.text.numerals.plain import PlainNumbers

FINDER = NumberFinder(load_catalog().units)
CONTEXTS = [("共计", "。"), ("其中：", ","), ("达到", "；"), ("支出", "，同比"), ("（", "）"), ("\n", "\n"), ("较上年的", "有所变化"),
            ("涉及", "以上"), ("惠及困难群众", ""), ("截至2021年12月31日，全市有", "、其中")]  # fmt: skip
VALUES = 60  # of each style here; benchmarks/reading.py takes more


def numbers(text: str) -> tuple[str, list[Number]]:
    spelt = normalise(text).text
    return spelt, list(FINDER.find(spelt))


def quantities(text: str) -> list[Number]:
    return [number for number in numbers(text)[1] if number.verdict == "quantity"]


def same(found: Number, printed: Printed) -> bool:
    return (
        math.isclose(found.value, printed.low, rel_tol=1e-12)
        and found.value_high == printed.high
        and found.unit == printed.unit
    )


@pytest.mark.parametrize("name", STYLES)
def test_every_style_reads_back_in_every_context(name: str) -> None:
    chance = Random(name)
    for _ in range(VALUES):
        printed = STYLES[name](chance)
        before, after = ("增幅", "。") if printed.text.startswith("-") else chance.choice(CONTEXTS)
        found = quantities(before + printed.text + after)
        assert [same(number, printed) for number in found] == [True], (printed, found)
        if before == "共计" and after == "。":
            assert found[0].qualifier == printed.qualifier


STRAY = "x?@#;&"  # normalising takes a star for the mark of a note


@pytest.mark.parametrize("name", ["digits", "grouped", "万", "亿 and 万", "numerals", "capitals", "chained", "美元"])
def test_a_stray_mark_in_a_number_never_makes_another_of_it(name: str) -> None:
    chance = Random(name)
    for _ in range(4 * VALUES):
        printed = STYLES[name](chance)
        digits = len(printed.text) - (2 if printed.text.endswith(("人次", "美元")) else 1)
        if digits < 3:
            continue
        at = chance.randrange(1, digits - 1)
        broken = printed.text[:at] + chance.choice(STRAY) + printed.text[at + 1 :]
        text, found = numbers(f"共计{broken}。")
        assert [number for number in found if number.verdict == "quantity"] == [], (printed.text, broken)
        covered = {position for number in found for position in range(number.start, number.end)}
        assert all(position in covered for position, char in enumerate(text) if char.isdecimal()), (text, found)


@pytest.mark.parametrize(
    "text",
    ["12,34人", "1,234,56人", "12,34,567人", "1.2.3万元", "12..5万人", "三百百人", "四二百人", "3亿5000元", "3万5元", "12千3百元", "1:2万人", "45-40人",
     "76-8万元", "一千x百人", "一百二X十三万人", "12X万人", "七百七(十一人", "8百折", "八十成", "038万对", "十8户", "5.2%万人", "人数十万人", "3个亿元村",
     "百分之几", "年收入1 2.5万元", "捌拾#玖万元", "万0人"],
)  # fmt: skip
def test_what_is_no_number_has_a_row_and_no_value(text: str) -> None:
    _, found = numbers(f"共计{text}。")
    assert [number for number in found if number.verdict == "quantity"] == []
    assert found
    assert all(number.reason for number in found)


@pytest.mark.parametrize(
    ("printed", "low", "high", "vague"),
    [
        ("几十", 10, 100, "approx"), ("数百", 100, 1000, "approx"), ("数千万", 1e7, 1e8, "approx"), ("几百亿", 1e10, 1e11, "approx"),
        ("十几", 10, 20, "ge"), ("六十几万", 6e5, 7e5, "ge"), ("一百几十", 110, 200, "ge"), ("三四百", 300, 400, "approx"),
        ("七八十", 70, 80, "approx"), ("十七八", 17, 18, "approx"), ("三五百", 300, 500, "approx"), ("一千二三百", 1200, 1300, "approx"),
        ("百余", 100, None, "ge"), ("千余", 1000, None, "ge"), ("三十多", 30, None, "ge"), ("十来", 10, None, "approx"), ("3000多万", 3e7, None, "ge"),
    ],
)  # fmt: skip
def test_vague_numerals_are_intervals(printed: str, low: float, high: float | None, vague: str) -> None:
    found = worth(printed)
    assert found is not None
    assert (found.low, found.high, found.vague) == (low, high, vague)


@pytest.mark.parametrize(
    "printed",
    ["", "几", "一一", "四二百", "三百百", "二十十三", "三亿亿", "千百", "十8", "三百5十", "三百九万", "702万点471", "2021十", "3千5", "一百零", "1,23",
     "九" * 50],
)  # fmt: skip
def test_what_composes_to_no_number_is_worth_nothing(printed: str) -> None:
    assert worth(printed) is None


@pytest.mark.parametrize("seed", range(4))
def test_the_quick_way_and_the_general_way_read_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(seed)
    units = [unit.word for unit in load_catalog().units]
    texts = [
        chance.choice(["共有", "其中:", "约", "不低于", "每", "近", "港币", "负增长", "第", "-", "(", ",", "达到", "宣传单", "3", "不到"])
        + chance.choice(["", "0"])
        + f"{chance.randint(0, 10 ** chance.randint(1, 6))}"
        + chance.choice(["", ".5", "万", ".25万", "亿", "余", "余万", "万多", ",345"])
        + chance.choice(units)
        + chance.choice(["。", "、", "以上", "左右", "1人", "多", "-5人", "至9元", "和3人", "/月", "(次)", "月", "元", " ", ""])
        for _ in range(1500)
    ]  # fmt: skip
    quick = [list(FINDER.find(text)) for text in texts]
    monkeypatch.setattr(PlainNumbers, "read", lambda *_: None)
    for text, found in zip(texts, quick, strict=True):
        assert list(FINDER.find(text)) == found, text


@pytest.mark.parametrize("entry", load_catalog().no_quantities, ids=lambda entry: f"{entry.place} {entry.word}")
def test_each_word_that_makes_a_numeral_none_does_so_in_its_example(entry: object) -> None:
    lines = (CATALOG_FOLDER / "no_quantities.csv").read_text("utf-8").splitlines()
    place, word = getattr(entry, "place"), getattr(entry, "word")  # noqa: B009
    example = next(line.rsplit(",", 1)[1] for line in lines if line.startswith(f"{place},{word},"))
    assert word in example or place in ("behind", "light", "ahead", "chinese_behind"), example

"""A number printed in any style reads back to itself; no digit of any text is without a verdict; spans are exact."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bulletins.catalog import load_catalog
from bulletins.read import Reader
from bulletins.text.normalise import normalise

READER = Reader(load_catalog())
steady = settings(derandomize=True, deadline=None, max_examples=200)

UNITS = {"人": "person", "户": "household", "人次": "person_time", "元": "CNY", "个": "item", "对": "couple"}
FULL_WIDTH = str.maketrans("0123456789,.", "０１２３４５６７８９，．")
units = st.sampled_from(sorted(UNITS))
before = st.sampled_from(["全市共有", "其中：", "达到", "、", "，（", "为", "惠及困难群众"])
after = st.sampled_from(["。", "，", "）", "；其中", "\n"])


def reading(text: str) -> list[tuple[str, float, str, str]]:
    """What each observation prints, its value, unit and qualifier."""
    [(page, observations, *_)] = READER.read(text, place="广安市", code="511600")
    return [
        (text[slice(*page.span(item.number.start, item.number.end))], item.number.value, item.number.unit, item.number.qualifier)
        for item in observations
    ]  # fmt: skip


def scaled(value: Decimal, scale: str) -> str:
    """`value` as a decimal of 万 or 亿, without zeros at the end."""
    printed = f"{value / {'': 1, '万': 10**4, '亿': 10**8}[scale]:f}"
    return (printed.rstrip("0").rstrip(".") if "." in printed else printed) + scale


def grouped(value: Decimal, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


def chinese(value: int) -> str:
    """`value`, below 10^12, as it is written: 三十二万五千, 两千零五十."""
    words, sections = "", []
    while value:
        value, section = divmod(value, 10_000)
        sections.append(section)
    for index in reversed(range(len(sections))):
        section = sections[index]
        if not section:
            continue
        if words and (section < 1000 or not sections[index + 1]):
            words += "零"
        words += _section(section) + ("", "万", "亿")[index]
    return words


def _section(value: int) -> str:
    words, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            words += (
                ("零" if gap and words else "")
                + ("两" if digit == 2 and scale >= 100 else "零一二三四五六七八九"[digit])
                + name
            )
        gap = digit == 0
    return words


@steady
@given(st.integers(0, 10**10), units, before, after)
def test_plain_grouped_and_full_width(value: int, unit: str, lead: str, tail: str) -> None:
    for printed in {str(value), grouped(Decimal(value), ",")}:
        for spelt in (printed, printed.translate(FULL_WIDTH), f"{printed} "):
            found = reading(f"{lead}{spelt}{unit}{tail}")
            assert found == [(f"{spelt}{unit}", value, UNITS[unit], "exact")]


@steady
@given(st.integers(1_000, 10**9), units)
def test_blanks_for_thousands(value: int, unit: str) -> None:
    printed = grouped(Decimal(value), " ")
    assert reading(f"全市共有{printed}{unit}。") == [(f"{printed}{unit}", value, UNITS[unit], "exact")]


@steady
@given(st.integers(1, 10**12), st.sampled_from(["", "万", "亿"]), units, after)
def test_decimals_of_any_scale_are_exact(hundredths: int, scale: str, unit: str, tail: str) -> None:
    # Not beyond ten digits: eleven in a row are a telephone.
    value = Decimal(hundredths) / 100
    printed = scaled(value, scale)
    for spelt in (printed, printed.translate(FULL_WIDTH)):
        assert reading(f"共计{spelt}{unit}{tail}") == [(f"{spelt}{unit}", float(value), UNITS[unit], "exact")]


@steady
@given(st.integers(1, 9_999), st.integers(1, 9_999), st.sampled_from(["亿", "万"]))
def test_two_scales_in_one_number(high: int, low: int, scale: str) -> None:
    if scale == "亿":
        printed, value = f"{high}亿{low}万", high * 10**8 + low * 10**4
    else:
        assume(low >= 1000)
        printed, value = f"{high}万{low}", high * 10**4 + low
    assert reading(f"支出{printed}元。") == [(f"{printed}元", value, "CNY", "exact")]


@steady
@given(st.integers(1, 9_999), st.sampled_from(["", "万", "亿"]), st.sampled_from("余多"), st.booleans())
def test_more_than(value: int, scale: str, more: str, inside: bool) -> None:
    printed = f"{value}{more}{scale}" if inside else f"{value}{scale}{more}"
    worth = value * {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert reading(f"支出{printed}元。") == [(f"{printed}元", worth, "CNY", "ge")]


@steady
@given(st.integers(100, 10**12 - 1), st.sampled_from(["人", "户", "元", "个"]))
@example(325_000, "人")
@example(2_050, "人")
@example(100_000_001, "元")
@example(20_002_000, "户")
def test_chinese_numerals(value: int, unit: str) -> None:
    printed = chinese(value)
    assert reading(f"共计{printed}{unit}。") == [(f"{printed}{unit}", value, UNITS[unit], "exact")]


@steady
@given(st.integers(0, 10_000))
def test_percent_in_digits_and_in_words(hundredths: int) -> None:
    value = Decimal(hundredths) / 100
    printed = scaled(value, "")
    whole, _, fraction = printed.partition(".")
    number = int(whole)
    words = "零" if not number else chinese(number).removeprefix("一") if 10 <= number < 20 else chinese(number)
    words += "点" + "".join("零一二三四五六七八九"[int(digit)] for digit in fraction) if fraction else ""
    assert reading(f"占比{printed}%。") == [(f"{printed}%", float(value), "percent", "exact")]
    assert reading(f"占比百分之{words}。") == [(f"百分之{words}", float(value), "percent", "exact")]


@steady
@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["-", "—", "－", "~", "～", "至"]),
    st.sampled_from(["%", "万元", "人"]),
)
def test_ranges(low: int, width: int, sign: str, unit: str) -> None:
    # 5至8人 is a range; 5-8月, 1-2 without a counter are others' business.
    text = f"大致在{low}{sign}{low + width}{unit}之间。"
    [(page, (item,), *_)] = READER.read(text, place="广安市", code="511600")
    factor = 10**4 if unit == "万元" else 1
    assert (item.number.value, item.number.value_high) == (low * factor, (low + width) * factor)
    assert text[slice(*page.span(item.number.start, item.number.end))] == f"{low}{sign}{low + width}{unit}"


PIECES = st.sampled_from(
    ["低保", "对象", "养老机构", "其中", "分别", "城市", "农村", "提高到", "由", "同比", "增长", "下降", "每人每月", "第", "〔2021〕",
     "号", "年", "月", "日", "人", "户", "元", "万", "亿", "%", "‰", "个百分点", "个", "对", "张", "余", "近", "以上", "至", "-", "—", ":", "：",
     "/", "·", ".", ",", "，", "。", "；", "、", "（", "）", "“", "”", "【", "】", "《", "》", "|", "\t", " ", "  ", "\n", "一是", "十四五", "百分之", "三成",
     "５", "１２", "，", "X", "A级", "http://a.cn/1", "浏览次数：", "备案号", "𠮷", "單位：萬元", "补(bǔ)贴"]
)  # fmt: skip
texts = st.lists(
    PIECES | st.integers(0, 99_999).map(str) | st.from_regex(r"[0-9]{1,3}\.[0-9]{1,2}", fullmatch=True), max_size=40
)


@settings(steady, max_examples=600)
@example("新增三亿亿‰，一亿亿%")
@given(texts.map("".join))
def test_no_digit_is_without_a_verdict_and_no_two_spans_overlap(text: str) -> None:
    [(page, observations, others, *_)] = READER.read(text, place="广安市", code="511600")
    numbers = [item.number for item in observations] + others
    spans = sorted(page.span(number.start, number.end) for number in numbers)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    covered = {position for start, end in spans for position in range(start, end)}
    assert [char for position, char in enumerate(text) if char.isdecimal() and position not in covered] == []
    assert all(number.reason for number in others)


@settings(steady, max_examples=400)
@given(texts.map("".join) | st.text())
def test_each_character_that_is_read_leads_back_to_the_one_printed(text: str) -> None:
    page = normalise(text)
    positions = [page.span(index, index + 1) for index in range(len(page.text))]
    assert all(end == start + 1 for start, end in positions)
    assert [start for start, _ in positions] == sorted({start for start, _ in positions})
    assert [normalise(text[start]).text for start, _ in positions] == list(page.text)


@pytest.mark.parametrize(
    ("value", "words"),
    [(325_000, "三十二万五千"), (2_050, "两千零五十"), (105, "一百零五"), (120_000_000, "一亿两千万")],
)
def test_the_printer_of_chinese_numerals_prints_as_people_do(value: int, words: str) -> None:
    assert chinese(value) == words

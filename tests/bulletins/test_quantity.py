"""What printed numbers are worth, and which words make them exact, approximate, or a bound."""

from __future__ import annotations

import pytest

from bulletins.text.quantity import multiply, parse_chinese, parse_digits, qualifier


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("97634", 97634), ("1,204,560", 1204560), ("12,345.60", 12345.6), ("9.76万", 97600), ("3500余万", 35_000_000),
        ("290多万", 2_900_000), ("3万余", 30_000), ("2亿3600万", 236_000_000), ("12万3456", 123_456), ("1.2万亿", 1.2e12),
        ("3千万", 30_000_000), ("5百", 500), ("-3.2", -3.2), (".9", 0.9), ("0", 0),
    ],
)  # fmt: skip
def test_digits_with_scales(printed: str, value: float) -> None:
    assert parse_digits(printed) == value


def test_without_digits_there_is_no_value() -> None:
    with pytest.raises(ValueError, match="万元"):
        parse_digits("万元")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("一百五", 150), ("一百五十", 150), ("两千零五十", 2050),
        ("三十二万五千", 325_000), ("三万五", 35_000), ("八千万", 80_000_000), ("一亿两千万", 120_000_000), ("二〇一八", 2018),
        ("二○一八", 2018), ("万", 10_000), ("百", 100), ("一万亿", 1e12),
    ],
)  # fmt: skip
def test_chinese_numerals(numeral: str, value: float) -> None:
    assert parse_chinese(numeral) == value


@pytest.mark.parametrize("word", ["第三", "几万", "三张", "两委", "3万"])
def test_other_words_are_no_numerals(word: str) -> None:
    assert parse_chinese(word) is None


@pytest.mark.parametrize(
    ("decimal", "factor", "value"),
    [
        ("2.4055", 1e4, 24055),
        ("0.57", 1e8, 57_000_000),
        ("1.1", 1e12, 1.1e12),
        ("15", 0.1, 1.5),
        ("0.3", 0.1, 0.03),
        ("7", 1, 7),
    ],
)
def test_scales_are_exact_where_floats_are_not(decimal: str, factor: float, value: float) -> None:
    assert multiply(decimal, factor) == value


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("全市共有", "", "exact"), ("达到", "", "exact"), ("多达", "", "exact"),
        ("约", "", "approx"), ("近", "", "approx"), ("接近", "", "approx"), ("", "左右", "approx"), ("", "的上下", "approx"),
        ("超过", "", "ge"), ("超过了", "", "ge"), ("逾", "", "ge"), ("突破", "", "ge"), ("不少于", "", "ge"), ("不低于", "", "ge"),
        ("不低于每人每月", "", "ge"), ("≥", "", "ge"), ("至少建成", "", "ge"), ("", "以上", "ge"), ("", "老人以上", "ge"),
        ("不超过", "", "le"), ("不足", "", "le"), ("不到", "", "le"), ("≤", "", "le"), ("", "以内", "le"), ("", "以下", "le"),
        ("约 ", "", "approx"), ("", "，以上由", "exact"), ("", "人，其中近", "exact"),
    ],
)  # fmt: skip
def test_qualifiers(before: str, after: str, expected: str) -> None:
    assert qualifier(before, False, after.replace("，", ",")) == expected


def test_an_inner_more_is_a_lower_bound_whatever_stands_around() -> None:
    assert qualifier("近", True, "左右") == "ge"

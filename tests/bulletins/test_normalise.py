"""Two spellings of one thing become one, and every span leads back to what is printed."""

from __future__ import annotations

import pytest

from bulletins.text.normalise import normalise


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("１２，３４５．６％", "12,345.6%"),
        ("（一）社会救助：支出；“五保”", "(一)社会救助:支出;“五保”"),
        ("2016—2020年、30～40%", "2016-2020年、30~40%"),
        ("發放補貼，惠及殘疾人", "发放补贴,惠及残疾人"),
        ("乾安县成效显著", "乾安县成效显著"),
        ("全市共有 36 家，入住率 41.8 %", "全市共有36家,入住率41.8%"),
        ("服务12 345人、1 234 567元", "服务12345人、1234567元"),
        ("960元 / 人 / 月", "960元/人/月"),
        ("支出24.43\n亿元", "支出24.43亿元"),
        ("補(bǔ)貼、調(tiáo)整", "补贴、调整"),
        ("低保标准\n650元", "低保标准\n650元"),
        ("2021 2022", "2021 2022"),
        ("", ""),
    ],
)
def test_one_spelling(printed: str, text: str) -> None:
    assert normalise(printed).text == text


@pytest.mark.parametrize(
    "line", ["| 孤儿 | 人 | 12 345 |", "孤儿\t人\t312", "结婚登记    对    15216", "| 上年 | 36 家 | 41 % |"]
)
def test_blanks_of_a_table_are_boundaries_and_stay(line: str) -> None:
    assert normalise(line).text == line


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("共有 36 家。", "36 家"),
        ("服务12 345人。", "12 345人"),
        ("支出24.43\n亿元。", "24.43\n亿元"),
        ("補(bǔ)貼１２萬元。", "１２萬元"),
        ("標準為960元 / 人 / 月。", "960元 / 人 / 月"),
        ("𠮷林：３２１名。", "３２１名"),
    ],
)
def test_spans_lead_back_to_what_is_printed(printed: str, number: str) -> None:
    page, plain = normalise(printed), normalise(number).text
    start = page.text.index(plain)
    assert printed[slice(*page.span(start, start + len(plain)))] == number


def test_what_is_left_out_at_an_edge_belongs_to_neither_side() -> None:
    page = normalise("共有 36 家")
    assert page.text == "共有36家"
    assert [page.printed[slice(*page.span(index, index + 1))] for index in range(5)] == ["共", "有", "3", "6", "家"]

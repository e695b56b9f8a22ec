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
        # What a PDF's or a page's bytes hold beside what they show.
        ("低保\u200b对象12\u200b873\ufeff人\u00ad", "低保对象12873人"),
        ("孤儿12873\u2f08,\u2f3e数56\u2f3e,\u2ea0政\u2edaf", "孤儿12873人,户数56户,民政页f"),
        ("覆盖率𝟗𝟓.𝟓%,\uf9b5外", "覆盖率95.5%,例外"),
        ("达95·5%、12·8亿元,纪念5·12地震、3·15", "达95.5%、12.8亿元,纪念5·12地震、3·15"),
        ("870②元、870[2]元、556[注1]人、12873²人", "870元、870元、556人、12873人"),
        ("| 12345* | 56① |", "| 12345 | 56 |"),
        ("国发2022[12]号、10⁴亩、12000m²", "国发2022[12]号、10⁴亩、12000m²"),
        ("孤儿556人,↑3.1%(+3.1%),较上年▼4.5个百分点", "孤儿556人,增3.1%(增3.1%),较上年降4.5个百分点"),
        ("坚持1+3+N,试点1+3%", "坚持1+3+N,试点1+3%"),
        ("| 孤儿 | ▼4.5% | ↑4.5% | (3.7)% | （3.7%） |", "| 孤儿 | -4.5% | +4.5% | -3.7% | -3.7% |"),
        ("", ""),
    ],
)
def test_one_spelling(printed: str, text: str) -> None:
    assert normalise(printed).text == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("去年新增床位120张，入住86人，\n其中护理型床位40张。", "去年新增床位120张,入住86人,其中护理型床位40张。"),
        ("全县供养机构共有三类：\n敬老院12所，\n福利院1所。", "全县供养机构共有三类:\n敬老院12所,\n福利院1所。"),
        ("全市共有敬老院38所、\n1.新建5所，\n2.改建3所", "全市共有敬老院38所、\n1.新建5所,\n2.改建3所"),
        ("城市低保对象2031户，\n| 区 | 户 |\n| 甲 | 3 |", "城市低保对象2031户,\n| 区 | 户 |\n| 甲 | 3 |"),
    ],
)
def test_a_line_that_breaks_behind_a_comma_goes_on(printed: str, text: str) -> None:
    assert normalise(printed).text == text


_WRAPPED = """某县民政局工作总结
今年以来，全县民政系统围绕中心服务大局，各项工作稳步推进。全县城市
低保对象2031户3212人，累计发放低保金1530万元；农村低保对象9815人，补
差每人每月121元。城市低保标准由每人每月340元提高到380元。
二、福利事业
全县有养老机构24家，床位1860张，入住特困人员702人，集中供养率达到了
38%。孤儿163名全部领到基本生活费。"""


def test_lines_that_were_wrapped_at_a_width_are_one() -> None:
    page = normalise(_WRAPPED)
    assert page.text.split("\n")[1:] == [
        "今年以来,全县民政系统围绕中心服务大局,各项工作稳步推进。全县城市低保对象2031户3212人,累计发放低保金1530万元;农村低保对象9815人,"
        "补差每人每月121元。城市低保标准由每人每月340元提高到380元。",
        "二、福利事业",
        "全县有养老机构24家,床位1860张,入住特困人员702人,集中供养率达到了38%。孤儿163名全部领到基本生活费。",
    ]
    start = page.text.index("低保对象")
    assert _WRAPPED[slice(*page.span(start, start + 4))] == "低保对象"


def test_lines_of_any_length_are_not_wrapped() -> None:
    poem = "结婚登记三百对\n离婚登记一百对\n全市养老机构二十六家，床位三千二百张，入住老人一千八百人"
    assert normalise(poem).text.count("\n") == 2


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
        ("\u200b孤儿12\u200b873\u2f08，共 5 家", "12\u200b873\u2f08"),
        ("孤儿\u200b共有 870[2]元。", "870[2]元"),
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

"""The words around a number bear out how it was understood, or the row is held or marked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import Catalog
from expectations.observations import SUITE, evidence_of
from expectations.runner import apply_rules

Make = Callable[..., pl.DataFrame]
STANDARD = {"unit": "CNY", "per": "month", "indicator": "dibao_standard", "label": "低保标准"}
BEDS = {"unit": "bed", "indicator": "elderly_beds", "label": "养老床位"}
PERSONS = {"unit": "person", "indicator": "dibao_persons", "label": "低保对象"}
FUNDS = {"unit": "CNY", "indicator": "dibao_funds", "label": "低保资金"}
SHARE = {"unit": "percent", "indicator": "nursing_beds_share", "label": "护理型床位占比"}
SITES = {"unit": "item", "indicator": "", "label": "点位"}


def _broken(text: str, printed: str, value: float, changes: dict[str, Any], page: Make, observe: Make, catalog: Catalog,
            **page_changes: Any) -> list[str]:  # fmt: skip
    pages = page(text, **page_changes)
    # Two right rows before it, so that the page has a year of its own.
    pages = pages.with_columns(text=pl.lit("全市低保9.76万人、社会组织1.22万家。" + text))
    right = (
        ("9.76万人", 97600, {}),
        ("1.22万家", 12200, {"indicator": "social_orgs", "unit": "item", "label": "社会组织"}),
    )
    observations = pl.concat([observe(pages, *right), observe(pages, (printed, value, changes))])
    broken = apply_rules(SUITE, evidence_of(observations, pages, catalog)).broken
    return broken.filter(pl.col("row") == 2)["rule"].to_list()


@pytest.mark.parametrize(
    ("rule", "text", "printed", "value", "changes"),
    [
        ("not_furniture", "浏览次数:1326 次", "1326", 1326, SITES),
        ("not_furniture", "电话：028 12345", "12345", 12345, SITES),
        ("not_ordinal", "位居全国第3位", "3位", 3, SITES | {"unit": "person"}),
        ("number_whole", "全市低保对象12873人", "873人", 873, PERSONS),
        ("number_whole", "全市低保对象12,873人", "873人", 873, PERSONS),
        ("number_whole", "低保支出1.53亿元", "53亿元", 5.3e9, FUNDS),
        ("number_whole", "全市低保对象12873人", "128", 128, PERSONS),
        ("change_not_level", "低保标准提高了80元", "80元", 80, STANDARD),
        ("level_not_change", "低保标准提高到870元", "870元", 870, STANDARD | {"measure": "change"}),
        ("flow_not_stock", "全市新增养老床位4180张", "4180张", 4180, BEDS),
        ("level_not_change", "低保标准由820元提到每月870元", "870元", 870, STANDARD | {"measure": "change"}),
        ("level_not_change", "养老床位占比升至70%", "70%", 70, SHARE | {"measure": "change"}),
        ("flow_not_stock", "今年再添养老床位4180张", "4180张", 4180, BEDS),
        ("flow_not_stock", "完成养老床位建设,共4180张", "4180张", 4180, BEDS | {"label": "新建养老床位"}),
        ("plan_not_result", "床位占比将由52%提高到70%", "70%", 70, SHARE),
        ("plan_not_result", "预计全年,低保支出可达1.53亿元", "1.53亿元", 1.53e8, FUNDS),
        ("stock_not_flow", "现有养老床位4180张", "4180张", 4180, BEDS | {"indicator": "elderly_beds_new"}),
        ("per_reads_back", "农村低保标准每人每年870元", "870元", 870, STANDARD),
        ("per_reads_back", "低保标准870元/年", "870元/年", 870, STANDARD),
        ("old_not_new", "低保标准由420元提高到660元", "420元", 420, STANDARD),
        ("new_not_old", "低保标准由420元提高到660元", "660元", 660, STANDARD | {"status": "previous"}),
        ("flow_not_stock", "新增养老机构12家、养老床位4180张", "4180张", 4180, BEDS),
        (
            "indicator_named",
            "结婚登记4180对",
            "4180对",
            4180,
            {"unit": "couple", "indicator": "divorces", "label": "登记"},
        ),
        ("qualifier_kept", "床位4180余张", "4180余张", 4180, BEDS),
        ("qualifier_kept", "床位超4180张", "4180张", 4180, BEDS),
        (
            "area_matches_label",
            "农村低保标准870元",
            "870元",
            870,
            STANDARD | {"label": "农村低保标准", "area": "urban"},
        ),
        ("area_named", "低保标准870元", "870元", 870, STANDARD | {"area": "rural"}),
        ("place_named", "床位4180张", "4180张", 4180, BEDS | {"place": "武侯区", "place_code": "510107"}),
        ("year_named", "床位4180张", "4180张", 4180, BEDS | {"year": 2019}),
        ("year_as_named", "2020年床位4180张", "4180张", 4180, BEDS | {"year": 2021}),
        ("plan_not_result", "力争床位达到4180张", "4180张", 4180, BEDS),
        ("result_not_ahead", "2022年床位4180张", "4180张", 4180, BEDS | {"year": 2022}),
        ("unit_printed", "点位：4180", "4180", 4180, SITES),
    ],
)
def test_a_reading_that_the_words_speak_against_is_found(
    rule: str,
    text: str,
    printed: str,
    value: float,
    changes: dict[str, Any],
    page: Make,
    observe: Make,
    catalog: Catalog,
) -> None:
    assert rule in _broken(text, printed, value, changes, page, observe, catalog)


@pytest.mark.parametrize(
    ("text", "printed", "value", "changes"),
    [
        ("累计访问量达11.8万人次", "11.8万人次", 118000, {"unit": "person_time", "indicator": "", "label": "访问量"}),
        ("低保标准提高到870元", "870元", 870, STANDARD),
        ("低保标准由每人每年4200元", "4200元", 4200, STANDARD | {"status": "previous", "per": "year"}),
        ("新建敬老院3所、共有养老床位4180张", "4180张", 4180, BEDS),
        ("結婚登記4180對", "4180對", 4180, {"unit": "couple", "indicator": "marriages", "label": "結婚登記"}),
        ("新增养老床位2162张", "2162张", 2162, BEDS | {"indicator": "elderly_beds_new"}),
        ("由去年的4000张", "4000张", 4000, BEDS | {"year": 2020, "status": "previous"}),
        ("| 养老床位 | 4180 |", "4180", 4180, BEDS),
        ("锦江区养老床位4180张", "4180张", 4180, BEDS | {"place": "锦江区", "place_code": "510104"}),
        ("到2025年床位达9万张", "9万张", 90000, BEDS | {"year": 2025, "status": "target"}),
    ],
)
def test_a_reading_that_the_words_bear_out_is_left_alone(
    text: str, printed: str, value: float, changes: dict[str, Any], page: Make, observe: Make, catalog: Catalog
) -> None:
    assert _broken(text, printed, value, changes, page, observe, catalog) == []


def test_a_total_of_months_is_not_of_the_year(page: Make, observe: Make, catalog: Catalog) -> None:
    flow = {"unit": "couple", "indicator": "marriages", "label": "结婚登记"}
    july = {"published_on": date(2021, 7, 9), "kind": "half_year"}
    broken = _broken("结婚登记1.8万对", "1.8万对", 18000, flow, page, observe, catalog, **july)
    assert "part_year_not_annual" in broken
    assert "part_year_is_partial" in broken
    partial = flow | {"period": "partial"}
    assert _broken("结婚登记1.8万对", "1.8万对", 18000, partial, page, observe, catalog, **july) == []

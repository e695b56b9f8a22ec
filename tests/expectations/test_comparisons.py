"""Figures of one page, of several years and of several bulletins are compared; rounding and real change are no finding."""

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
Found = Callable[..., dict[str, list[str]]]
Reading = tuple[str, float, dict[str, Any]]


@pytest.fixture
def found(page: Make, observe: Make, catalog: Catalog) -> Found:
    """What breaks on a page with that text: rule -> the texts of the broken rows."""

    def find(text: str, *readings: Reading, **page_changes: Any) -> dict[str, list[str]]:
        pages = page(text, **page_changes)
        return _broken(observe(pages, *readings), pages, catalog)

    return find


def _broken(observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog) -> dict[str, list[str]]:
    broken = apply_rules(SUITE, evidence_of(observations, pages, catalog)).broken
    texts = broken.with_columns(text=observations["text"].gather(broken["row"]))
    return {rule: rows["text"].sort().to_list() for (rule,), rows in texts.group_by("rule")}


def _of(code: str, unit: str, **more: Any) -> dict[str, Any]:
    return {"indicator": code, "unit": unit, "label": code, **more}


HOUSEHOLDS, PERSONS = _of("dibao_households", "household"), _of("dibao_persons", "person")
STANDARD = _of("dibao_standard", "CNY", per="month", label="低保标准")
BEDS, NURSING = _of("elderly_beds", "bed"), _of("nursing_beds", "bed")


@pytest.mark.parametrize(
    ("rule", "text", "readings"),
    [
        ("relation_possible", "低保9.76万户、6.64万人", [("9.76万户", 97600, HOUSEHOLDS), ("6.64万人", 66400, PERSONS)]),
        ("relation_possible", "床位4.01万张，其中护理型床位6.08万张", [("4.01万张", 40100, BEDS), ("6.08万张", 60800, NURSING)]),
        (
            "relation_usual",
            "低保9.76万人，发放低保金3120万元",
            [("9.76万人", 97600, PERSONS), ("3120万元", 3.12e7, _of("dibao_funds", "CNY"))],
        ),
        (
            "relation_usual",
            "床位6.08万张，护理型床位4.01万张，占比36%",
            [
                ("6.08万张", 60800, BEDS),
                ("4.01万张", 40100, NURSING),
                ("36%", 36, _of("nursing_beds_share", "percent")),
            ],
        ),
        (
            "relation_possible",
            "城市低保标准600元，农村低保标准900元",
            [("600元", 600, STANDARD | {"area": "urban"}), ("900元", 900, STANDARD | {"area": "rural"})],
        ),
        ("slip_in_page", "低保97.6万人。低保9.76万人", [("97.6万人", 976000, PERSONS), ("9.76万人", 97600, PERSONS)]),
        ("contradiction_in_page", "低保9.76万人。低保9.16万人", [("9.76万人", 97600, PERSONS), ("9.16万人", 91600, PERSONS)]),
        (
            "area_in_whole",
            "低保9.76万人，农村低保12万人",
            [("9.76万人", 97600, PERSONS), ("12万人", 120000, PERSONS | {"area": "rural", "label": "农村dibao_persons"})],
        ),
        (
            "areas_add_up",
            "低保9.76万人，城市低保2.1万人，农村低保5万人",
            [
                ("9.76万人", 97600, PERSONS),
                ("2.1万人", 21000, PERSONS | {"area": "urban"}),
                ("5万人", 50000, PERSONS | {"area": "rural"}),
            ],
        ),
        (
            "place_in_whole",
            "全市低保9.76万人，武侯区低保12万人",
            [("9.76万人", 97600, PERSONS), ("12万人", 120000, PERSONS | {"place": "武侯区", "place_code": "510107"})],
        ),
        (
            "places_add_up",
            "| 锦江区低保 | 3000人 |\n| 武侯区低保 | 4000人 |\n| 成都市低保合计 | 8000人 |",
            [
                ("3000人", 3000, PERSONS | {"place": "锦江区", "place_code": "510104"}),
                ("4000人", 4000, PERSONS | {"place": "武侯区", "place_code": "510107"}),
                ("8000人", 8000, PERSONS),
            ],
        ),
        (
            "rise_rises",
            "低保标准由660元提高到420元",
            [("660元", 660, STANDARD | {"status": "previous"}), ("420元", 420, STANDARD)],
        ),
        (
            "respectively_in_order",
            "城市、农村低保标准分别为660元、420元",
            [("660元", 660, STANDARD | {"area": "rural"}), ("420元", 420, STANDARD | {"area": "urban"})],
        ),
        (
            "respectively_in_order",
            "节地安葬奖补标准和生态安葬奖补标准分别为1500元和3000元",
            [
                ("1500元", 1500, _of("eco_burial_subsidy_standard", "CNY", label="生态安葬奖补标准")),
                ("3000元", 3000, _of("burial_subsidy_standard", "CNY", label="节地安葬奖补标准")),
            ],
        ),
        (
            "respectively_in_order",
            "生活补贴和护理补贴标准均提高10元，分别达到90元、100元",
            [
                ("90元", 90, _of("disability_nursing_standard", "CNY", label="护理补贴标准") | {"per": "month"}),
                ("100元", 100, _of("disability_living_standard", "CNY", label="生活补贴标准") | {"per": "month"}),
            ],
        ),
        (
            "noun_beside",
            "建成居家养老服务中心364个、老年幸福食堂58个",
            [
                ("364个", 364, _of("elderly_meal_points", "item", label="老年幸福食堂")),
                ("58个", 58, _of("elderly_community_facilities", "item", label="居家养老服务中心")),
            ],
        ),
        (
            "area_beside",
            "低保标准城市不低于660元、农村不低于420元",
            [("660元", 660, STANDARD | {"area": "rural"}), ("420元", 420, STANDARD | {"area": "urban"})],
        ),
        (
            "part_in_whole",
            "特困3351人，其中集中供养9216人",
            [("3351人", 3351, _of("tekun_persons", "person")), ("9216人", 9216, _of("", "person", label="集中供养"))],
        ),
        (
            "part_in_whole",
            "特困3.35万人，其中集中供养9216人",
            [("3.35万人", 33500, _of("tekun_persons", "person")), ("9216人", 9216, _of("tekun_persons", "person"))],
        ),
        (
            "growth_agrees",
            "标准由1000元提高至1500元，提高了60%",
            [
                ("1000元", 1000, STANDARD | {"status": "previous"}),
                ("1500元", 1500, STANDARD),
                ("60%", 60, STANDARD | {"unit": "percent", "per": "", "measure": "change"}),
            ],
        ),
    ],
)  # fmt: skip
def test_figures_of_a_page_that_cannot_both_be_right_are_found(
    rule: str, text: str, readings: list[Reading], found: Found
) -> None:
    broken = found(text, *readings)
    assert broken.get(rule) == sorted(text for text, _, _ in readings)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        # 1.22万 may be any number from 12150 to 12250.
        ("社会组织1.22万家。社会组织12187家", [("1.22万家", 12200, _of("social_orgs", "item")), ("12187家", 12187, _of("social_orgs", "item"))]),
        ("低保6.64万户、9.76万人", [("6.64万户", 66400, HOUSEHOLDS), ("9.76万人", 97600, PERSONS)]),
        (
            "低保9.7万人，城市低保2.1万人，农村低保7.6万人",
            [("9.7万人", 97000, PERSONS), ("2.1万人", 21000, PERSONS | {"area": "urban"}), ("7.6万人", 76000, PERSONS | {"area": "rural"})],
        ),
        (
            "| 锦江区低保 | 3000人 |\n| 武侯区低保 | 4000人 |\n| 成都市低保合计 | 7000人 |",
            [
                ("3000人", 3000, PERSONS | {"place": "锦江区", "place_code": "510104"}),
                ("4000人", 4000, PERSONS | {"place": "武侯区", "place_code": "510107"}),
                ("7000人", 7000, PERSONS),
            ],
        ),
        (
            "标准由1000元提高至1500元，提高了50%",
            [
                ("1000元", 1000, STANDARD | {"status": "previous"}),
                ("1500元", 1500, STANDARD),
                ("50%", 50, STANDARD | {"unit": "percent", "per": "", "measure": "change"}),
            ],
        ),
        (
            "结婚登记由1.2万对降到1.1万对，减少8.3%",
            [
                ("1.2万对", 12000, _of("marriages", "couple", status="previous")),
                ("1.1万对", 11000, _of("marriages", "couple")),
                ("8.3%", 8.3, _of("marriages", "percent", measure="change")),
            ],
        ),
        ("老年助餐点64个、农村老饭桌121个", [("64个", 64, _of("elderly_meal_points", "item")), ("121个", 121, _of("elderly_meal_points", "item", area="rural", label="农村老饭桌"))]),
    ],
)  # fmt: skip
def test_figures_that_go_together_are_left_alone(text: str, readings: list[Reading], found: Found) -> None:
    assert found(text, *readings) == {}


@pytest.fixture
def years(page: Make, observe: Make, catalog: Catalog) -> Callable[..., dict[str, list[str]]]:
    """What breaks when each year's bulletin prints one reading: the printed text and value by year."""

    def find(*readings: tuple[int, str, float], **changes: Any) -> dict[str, list[str]]:
        pages, rows = [], []
        for number, (year, text, value) in enumerate(readings):
            key = f"{number:016x}"
            published = date(year + 1, 1, 20) if changes.get("status") != "target" else date(year - number % 2, 1, 20)
            pages.append(
                page(
                    f"本市低保、结婚登记：{text}",
                    bulletin_key=key,
                    url=f"http://127.0.0.1/{number}",
                    published_on=published,
                )
            )
            rows.append(observe(pages[-1], (text, value, {**PERSONS, "bulletin_key": key, "year": year, **changes})))
        return _broken(pl.concat(rows), pl.concat(pages), catalog)

    return find


def test_one_year_apart_from_all_others_is_held_and_the_slip_named(
    years: Callable[..., dict[str, list[str]]], page: Make, observe: Make, catalog: Catalog
) -> None:
    printed = [
        (2018, "10.1万人", 101000.0),
        (2019, "98000人", 98000.0),
        (2020, "940人", 940.0),
        (2021, "9.1万人", 91000.0),
    ]
    assert years(*printed) == {"jump_held": ["940人"], "within_usual_bounds": ["940人"]}


def test_of_two_years_apart_both_are_marked(years: Callable[..., dict[str, list[str]]]) -> None:
    assert years((2020, "9.8万人", 98000), (2021, "98万人", 980000)) == {"jump": ["9.8万人", "98万人"]}


def test_the_detail_names_the_slip(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = pl.concat(
        page(
            f"低保{text}",
            bulletin_key=f"{year:016x}",
            url=f"http://127.0.0.1/{year}",
            published_on=date(year + 1, 1, 5),
        )
        for year, text in ((2019, "9.8万人"), (2020, "9.6万人"), (2021, "950万人"))
    )
    rows = [("9.8万人", 98000, 2019), ("9.6万人", 96000, 2020), ("950万人", 9500000, 2021)]
    observations = pl.concat(
        observe(pages, (text, value, PERSONS | {"bulletin_key": f"{year:016x}", "year": year}))
        for text, value, year in rows
    )
    broken = apply_rules(SUITE, evidence_of(observations, pages, catalog)).broken
    (detail,) = broken.filter(pl.col("rule") == "jump_held")["detail"]
    assert "疑为单位或数位相差百倍" in detail


def test_steady_change_over_years_is_no_jump(years: Callable[..., dict[str, list[str]]]) -> None:
    assert years((2017, "15万人", 150000), (2019, "11万人", 110000), (2021, "8.9万人", 89000)) == {}


def test_two_bulletins_of_one_year_that_disagree_are_marked(years: Callable[..., dict[str, list[str]]]) -> None:
    assert years((2021, "9.8万人", 98000), (2021, "9.1万人", 91000)) == {"bulletins_agree": ["9.1万人", "9.8万人"]}
    assert years((2021, "9.8万人", 98000), (2021, "97803人", 97803)) == {}
    assert "slip_between_bulletins" in years((2021, "9.8万人", 98000), (2021, "98万人", 980000))


def test_a_target_restated_with_another_value_is_marked(years: Callable[..., dict[str, list[str]]]) -> None:
    broken = years((2022, "9.2万人", 92000), (2022, "8.1万人", 81000), status="target")
    assert broken == {"targets_restated": ["8.1万人", "9.2万人"]}


def test_part_of_a_year_above_the_whole_year_is_marked(page: Make, observe: Make, catalog: Catalog) -> None:
    marriages = _of("marriages", "couple")
    pages = pl.concat(
        [
            page(
                "上半年办理结婚登记1.92万对",
                bulletin_key="a" * 16,
                url="http://127.0.0.1/a",
                published_on=date(2021, 7, 10),
            ),
            page("全年办理结婚登记1.81万对", bulletin_key="b" * 16, url="http://127.0.0.1/b"),
        ]
    )
    observations = pl.concat(
        [
            observe(pages, ("1.92万对", 19200, marriages | {"bulletin_key": "a" * 16, "period": "partial"})),
            observe(pages, ("1.81万对", 18100, marriages | {"bulletin_key": "b" * 16})),
        ]
    )
    assert _broken(observations, pages, catalog) == {"part_of_year": ["1.81万对", "1.92万对"]}


def test_a_printed_growth_is_held_against_last_years_bulletin(page: Make, observe: Make, catalog: Catalog) -> None:
    pages = pl.concat(
        [
            page("低保标准1000元", bulletin_key="a" * 16, url="http://127.0.0.1/a", published_on=date(2021, 1, 10)),
            page("低保标准提高至1500元，提高了30%", bulletin_key="b" * 16, url="http://127.0.0.1/b"),
        ]
    )
    growth = STANDARD | {"unit": "percent", "per": "", "measure": "change", "bulletin_key": "b" * 16}
    observations = pl.concat(
        [
            observe(pages, ("1000元", 1000, STANDARD | {"bulletin_key": "a" * 16, "year": 2020})),
            observe(pages, ("1500元", 1500, STANDARD | {"bulletin_key": "b" * 16}), ("30%", 30, growth)),
        ]
    )
    assert _broken(observations, pages, catalog) == {"growth_over_years": ["1000元", "1500元", "30%"]}


def test_a_flow_that_repeats_last_years_digits_is_marked(years: Callable[..., dict[str, list[str]]]) -> None:
    flow = _of("marriages", "couple")
    assert years((2020, "17862对", 17862), (2021, "17862对", 17862), **flow) == {"repeated": ["17862对", "17862对"]}
    assert years((2020, "17862对", 17862), (2021, "17863对", 17863), **flow) == {}


def test_one_city_far_from_its_peers_is_marked(page: Make, observe: Make, catalog: Catalog) -> None:
    cities = [place for place in catalog.places.all if place.level == "prefecture" and place.valid_to is None][:10]
    pages, rows = [], []
    for number, city in enumerate(cities):
        key, text, value = f"{number:016x}", f"{600 + number}元", 600.0 + number
        if number == 9:
            text, value = "1690元", 1690.0
        home = {"place": city.name, "place_code": city.code}
        pages.append(page(f"低保标准{text}", bulletin_key=key, url=f"http://127.0.0.1/{number}", **home))
        rows.append(observe(pages[-1], (text, value, STANDARD | home | {"bulletin_key": key})))
    broken = _broken(pl.concat(rows), pl.concat(pages), catalog)
    assert broken == {}
    rows[9] = rows[9].with_columns(value=pl.lit(60.0), text=pl.lit("60元"))
    pages[9] = pages[9].with_columns(text=pl.lit("低保标准60元"))
    rows[9] = rows[9].with_columns(end=pl.col("start") + 3)
    assert _broken(pl.concat(rows), pl.concat(pages), catalog) == {"peers": ["60元"]}


def test_a_row_known_to_be_wrong_is_no_witness(found: Found) -> None:
    broken = found("低保6.64万户、9.76万人", ("6.64万户", 664, HOUSEHOLDS), ("9.76万人", 97600, PERSONS))
    assert broken["value_reads_back"] == ["6.64万户"]
    assert not broken.keys() & {"relation_possible", "relation_usual"}

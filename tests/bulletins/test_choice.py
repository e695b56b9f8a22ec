"""Wrong values do not win: a part's figure, a slip, an old rise never go before the right one, however fine their digits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from test_resolve import A, observation, outcomes, page, resolved

from bulletins.catalog import load_catalog
from bulletins.choice import whose_figure

FUNDS = {"indicator": "dibao_funds", "unit": "CNY", "label": "低保金"}
NANJING = {"place": "南京市", "place_code": "320100"}
NANJING_PAGE = page("a", place="南京市", place_code="320100", publisher="南京市民政局")


def funds(key: str, text: str, value: float, sentence: str, **fields: Any) -> dict[str, Any]:
    return observation(key, text, value, sentence=sentence, start=10 + 10 * int(key), **FUNDS, **NANJING, **fields)


RIGHT = "全市发放低保金3.86亿元。"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ([("2100万元", 2.1e7, "鼓楼区：发放低保金2100万元。", {})], "of_a_part"),
        ([("2100.5万元", 2.1005e7, "鼓楼区民政局全年发放低保金2100.5万元。", {})], "of_a_part"),
        # No name in its sentence, and yet less than what the page says of a district, of the country, of other years.
        (
            [
                ("2100万元", 2.1e7, "发放低保金2100万元。", {}),
                (
                    "3300万元",
                    3.3e7,
                    "秦淮区发放低保金3300万元。",
                    {"place": "秦淮区", "place_code": "320104"},
                ),
            ],
            "out_of_line",
        ),
        (
            [
                ("2100万元", 2.1e7, "发放低保金2100万元。", {}),
                ("1.2亿元", 1.2e8, "农村发放低保金1.2亿元。", {"area": "rural"}),
            ],
            "out_of_line",
        ),
        (
            [
                ("386万元", 3.86e6, "发放低保金386万元。", {}),
                ("3.7亿元", 3.7e8, "2020年发放低保金3.7亿元。", {"year": 2020}),
            ],
            "out_of_line",
        ),
        (
            [
                ("38612万元", 3.8612e8, "全年发放低保金38612万元。", {}),
                ("3861.2万元", 3.8612e7, "发放低保金3861.2万元。", {}),
            ],
            "out_of_line",
        ),
        ([("2100万元", 2.1e7, "发放低保金2100万元。", {})], "of_the_whole"),
    ],
)
def test_finer_digits_do_not_make_a_wrong_value_win(wrong: list[tuple[str, float, str, Any]], rule: str) -> None:
    rows = [funds("1", "3.86亿元", 3.86e8, RIGHT)]
    for key, (text, value, sentence, fields) in enumerate(wrong, start=2):
        row = funds(str(key), text, value, sentence)
        rows.append(row | fields | {"time_period": str(fields.get("year", 2021))})
    for order in (rows, rows[::-1]):
        resolution = resolved([NANJING_PAGE], order)
        city = resolution.facts.filter(place="南京市", year=2021, area="all")
        assert city["value"].to_list() in ([3.86e8], [3.8612e8])
        assert city["conflict"].to_list() == [True]
        assert rule in outcomes(resolution).values()


def test_a_slip_in_the_annual_bulletin_goes_behind_what_the_news_and_the_years_around_say() -> None:
    years = {"year": 2020, "time_period": "2020"}
    rows = [
        observation("1", "976万人", 9760000.0),
        observation("2", "9.76万人", 97600.0, bulletin_key="b"),
        observation("3", "9.9万人", 99000.0, start=30, **years),
    ]
    resolution = resolved([A, page("b", kind="news")], rows)
    assert outcomes(resolution) == {"1": "out_of_line", "2": "published", "3": "published"}


def test_digits_decide_between_values_that_agree_and_not_between_those_that_do_not() -> None:
    resolution = resolved(
        [A, page("b", published_on=date(2022, 5, 1))],
        [
            observation("1", "850.5元", 850.5),
            observation("2", "870元", 870.0, bulletin_key="b"),
            observation("3", "870.0元", 870.0, bulletin_key="b", start=40),
        ],
    )
    assert outcomes(resolution) == {"1": "newer_publication", "2": "precise", "3": "published"}


@pytest.mark.parametrize(
    ("code", "place", "sentence", "printed", "whose"),
    [
        ("320100", "南京市", "鼓楼区：发放低保金2100万元", "2100万元", "part"),
        ("320100", "南京市", "在鼓楼区召开现场会，全市发放低保金3.86亿元", "3.86亿元", "whole"),
        ("320100", "南京市", "鼓楼区等5个区发放低保金3.1亿元", "3.1亿元", ""),
        ("320100", "南京市", "鼓楼区、秦淮区发放低保金6000万元", "6000万元", "part"),
        ("320100", "南京市", "鼓楼区成效明显；发放低保金3.86亿元", "3.86亿元", ""),
        ("320100", "南京市", "发放低保金3.86亿元", "3.86亿元", ""),
        ("320000", "江苏省", "南京市发放低保金3.86亿元", "3.86亿元", "part"),
        ("320000", "江苏省", "全省发放低保金38.6亿元", "38.6亿元", "whole"),
        ("320106", "鼓楼区", "全区发放低保金2100万元", "2100万元", "whole"),
        ("522300", "黔西南布依族苗族自治州", "全州发放低保金5亿元", "5亿元", "whole"),
        (None, "天府新区", "天府新区发放低保金5万元", "5万元", "whole"),
    ],
)
def test_whose_a_figure_is_by_the_last_place_named(
    code: str | None, place: str, sentence: str, printed: str, whose: str
) -> None:
    assert whose_figure(code, 2021, place, sentence, printed, places=load_catalog().places) == whose


@pytest.mark.parametrize(("surer", "other", "decides"), [(0.9, 0.4, True), (1.0, 0.8, False), (None, 0.4, True)])
def test_the_surer_reading_goes_first_and_small_differences_decide_nothing(
    surer: float | None, other: float, decides: bool
) -> None:
    rows = [
        observation("1", "870人", 870.0, certainty=other),
        observation("2", "850人", 850.0, start=40, certainty=surer),
    ]
    told = {"1": "certain", "2": "published"} if decides else {"1": "published", "2": "first_printed"}
    assert outcomes(resolved([A], rows)) == told

"""The first plain query of an analyst is right: ten questions with their SQL and result, the same as in docs/bi.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_star import Inputs, observation, page

from warehouse import connections

NANJING, XUZHOU = ("南京市", "320100"), ("徐州市", "320300")
GULOU, OTHER_GULOU, PEI = ("鼓楼区", "320106"), ("鼓楼区", "320302"), ("沛县", "320322")
STANDARD = {"indicator": "dibao_standard", "unit": "CNY", "per": "month", "label": "低保标准"}
TEKUN = {"indicator": "tekun_standard", "unit": "CNY", "per": "month"}
COUPLES = {"indicator": "marriages", "unit": "couple", "label": "结婚登记"}
BEDS = {"indicator": "elderly_beds_new", "unit": "bed", "label": "新增养老床位"}
SHARE = {"indicator": "nursing_beds_share", "unit": "percent", "label": "护理型床位占比"}
VISITS = {"indicator": "service_visits_average", "unit": "item", "label": "平均跑动次数"}


def _story() -> Inputs:
    rows: list[dict[str, Any]] = []

    def say(text: str, value: float, place: tuple[str, str], **fields: Any) -> None:
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"
        key = digits[len(rows) // 36] + digits[len(rows) % 36]
        said = {"place": place[0], "place_code": place[1]} | fields
        rows.append(observation(key, f"p{place[1]}", text, value, **said))

    # Standards: one for the whole place, or town and country apart; with a target, an old value and a rise beside them.
    say("945元", 945.0, NANJING, **STANDARD)
    say("710元", 710.0, XUZHOU, area="urban", **STANDARD)
    say("610元", 610.0, XUZHOU, area="rural", **STANDARD)
    say("1000元", 1000.0, NANJING, status="target", year=2022, **STANDARD)
    say("900元", 900.0, NANJING, status="previous", **STANDARD)
    say("5%", 5.0, NANJING, measure="change", **STANDARD | {"unit": "percent", "per": ""})
    say("645元", 645.0, XUZHOU, area="urban", year=2020, **STANDARD)
    # Recipients: cities with and without their districts, town and country without a sum, a county whose city is silent.
    say("4.1万人", 41000.0, NANJING)
    say("3200人", 3200.0, GULOU)
    say("1.5万人", 15000.0, XUZHOU, area="urban")
    say("6.5万人", 65000.0, XUZHOU, area="rural")
    say("900人", 900.0, OTHER_GULOU)
    say("2300人", 2300.0, PEI, year=2020)
    # A year, its half and nine months of it.
    say("5万对", 50000.0, NANJING, **COUPLES)
    say("2.7万对", 27000.0, NANJING, period="partial", time_period="2021-S1", **COUPLES)
    say("2.5万对", 25000.0, NANJING, period="partial", year=2020, time_period="2020-S1", **COUPLES)
    say("3.9万对", 39000.0, NANJING, period="partial", time_period="2021-01-01/P9M", **COUPLES)
    say("4.8万对", 48000.0, NANJING, year=2020, **COUPLES)
    # Targets as plans write them: plain numbers, bounds, and what should fall.
    for place, planned, achieved in ((NANJING, 2500.0, 2400.0), (XUZHOU, 1200.0, 1300.0)):
        say(f"{planned:.0f}张", planned, place, status="target", **BEDS)
        say(f"{achieved:.0f}张", achieved, place, **BEDS)
    say("60%以上", 60.0, NANJING, status="target", qualifier="ge", **SHARE)
    say("58%", 58.0, NANJING, **SHARE)
    say("1次", 1.0, NANJING, status="target", **VISITS)
    say("0.5次", 0.5, NANJING, **VISITS)
    # One indicator, several things.
    say("1500元", 1500.0, NANJING, **TEKUN, label="特困人员集中供养标准")
    say("1300元", 1300.0, NANJING, **TEKUN, label="特困人员分散供养标准")
    places = dict.fromkeys((row["bulletin_key"], row["place"], row["place_code"]) for row in rows)
    pages = [
        page(
            key, source_id=code, place=name, place_code=code, publisher=f"{name}民政局", published_on=date(2022, 1, 20)
        )
        for key, name, code in places
    ]
    return Inputs(pages, rows)


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path: Path = tmp_path_factory.mktemp("questions") / "star.duckdb"
    _story().build(path)
    with connections.read(path) as connection:
        yield connection


QUESTIONS: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "which city pays the highest standard": (
        "SELECT city, value FROM annual_values WHERE indicator_code = 'dibao_standard' AND year = 2021 ORDER BY value DESC",
        [("南京市", 945.0), ("徐州市", 710.0)],
    ),
    "the average standard": (
        "SELECT avg(value) FROM annual_values WHERE indicator_code = 'dibao_standard' AND year = 2021",
        [(827.5,)],
    ),
    "recipients by province": (
        "SELECT province, year, total, prefectures, counties FROM annual_by_province"
        " WHERE indicator_code = 'dibao_persons' ORDER BY year",
        [("江苏省", 2020, 2300.0, 0, 1), ("江苏省", 2021, 121000.0, 2, 0)],
    ),
    "marriages year by year": (
        "SELECT year, value FROM annual_values WHERE city = '南京市' AND indicator_code = 'marriages' ORDER BY year",
        [(2020, 48000.0), (2021, 50000.0)],
    ),
    "town against country": (
        "SELECT city, value_rural / value_urban FROM annual_values"
        " WHERE indicator_code = 'dibao_standard' AND year = 2021 AND value_rural IS NOT NULL",
        [("徐州市", pytest.approx(610 / 710))],
    ),
    "missed targets": (
        "SELECT city, indicator_code, promised, achieved FROM targets_and_results WHERE met = false ORDER BY 2",
        [("南京市", "elderly_beds_new", 2500.0, 2400.0), ("南京市", "nursing_beds_share", 60.0, 58.0)],
    ),
    "how much standards rose": (
        "SELECT city, value_before, value, before_from FROM year_on_year"
        " WHERE indicator_code = 'dibao_standard' AND year = 2021 ORDER BY city",
        [("南京市", 900.0, 945.0, "printed"), ("徐州市", 645.0, 710.0, "published")],
    ),
    "a district that has a namesake": (
        "SELECT city_full, value FROM annual_values"
        " WHERE city = '鼓楼区' AND indicator_code = 'dibao_persons' AND year = 2021 ORDER BY city_code",
        [("南京市鼓楼区", 3200.0), ("徐州市鼓楼区", 900.0)],
    ),
    "a half-year against the half-year before": (
        "SELECT city, value, value_before FROM half_year_values WHERE indicator_code = 'marriages' AND year = 2021 AND half = 1",
        [("南京市", 27000.0, 25000.0)],
    ),
    "the basic standard of extreme hardship in institutions": (
        "SELECT value FROM annual_values WHERE indicator_code = 'tekun_standard:central' AND year = 2021",
        [(1500.0,)],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_first_plain_query_is_right(question: str, star: duckdb.DuckDBPyConnection) -> None:
    query, answer = QUESTIONS[question]
    assert star.execute(query).fetchall() == answer


def test_whether_a_target_was_met_is_known_wherever_both_figures_are_there(star: duckdb.DuckDBPyConnection) -> None:
    both = "SELECT count(*), count(met) FROM targets_and_results WHERE achieved IS NOT NULL"
    ((targets, judged),) = star.execute(both).fetchall()
    assert targets == judged == 4
    less = "SELECT met FROM targets_and_results WHERE indicator_code = 'service_visits_average'"
    assert star.execute(less).fetchall() == [(True,)]


def test_annual_values_has_one_row_a_place_year_and_indicator(star: duckdb.DuckDBPyConnection) -> None:
    doubled = "SELECT city_key, year, indicator_code FROM annual_values GROUP BY ALL HAVING count(*) > 1"
    assert star.execute(doubled).fetchall() == []
    told = "SELECT city, value, value_of FROM annual_values WHERE indicator_code = 'dibao_persons' AND city = '徐州市'"
    assert star.execute(told).fetchall() == [("徐州市", 80000.0, "sum")]


def test_the_age_of_a_release_is_whole_days_in_every_time_zone(star: duckdb.DuckDBPyConnection) -> None:
    ages = set()
    for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles"):
        star.execute(f"SET TimeZone = '{zone}'")
        ages |= set(star.execute("SELECT age_days, typeof(age_days) FROM latest_release").fetchall())
    assert len(ages) == 1

"""Words of a person find the indicator that is meant, and are asked back where they fit several."""

from __future__ import annotations

import pytest

from bulletins.asking import indicators_meant, indicators_near
from bulletins.catalog import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("dibao_standard", {"dibao_standard"}),
        ("最低生活保障标准", {"dibao_standard"}),
        ("Orphans", {"orphans"}),
        ("低保标准", {"dibao_standard"}),
        ("低保人数", {"dibao_persons"}),
        ("特困供养标准", {"tekun_standard"}),
        ("结婚", {"marriages"}),
        ("养老床位", {"elderly_beds"}),
        ("助餐点", {"elderly_meal_points"}),
        ("残疾人两项补贴", {"disability_subsidy_persons", "disability_subsidy_funds"}),
        ("", set()),
        ("量子计算机", set()),
    ],
)
def test_words_find_indicators(words: str, meant: set[str]) -> None:
    assert set(indicators_meant(words, CATALOG)) == meant


def test_every_indicator_is_found_by_its_own_code_and_name() -> None:
    for code, item in CATALOG.indicators.items():
        assert code in indicators_meant(item.name_zh, CATALOG)
        assert indicators_meant(code, CATALOG) == (code,)


def test_the_nearest_are_offered() -> None:
    assert indicators_near("marriage", CATALOG, 3)[0] == "marriages"

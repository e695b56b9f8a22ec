"""Names and codes of divisions, by year; heirs as they are stated."""

from __future__ import annotations

import pytest

from bulletins.catalog import load_catalog
from bulletins.places import Place, PlaceError

PLACES = load_catalog().places


def place(code: str, year: int | None = None) -> Place:
    found = PLACES.get(code, year)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "year", "code"),
    [
        ("成都市", None, "510100"),
        ("510100", 2020, "510100"),
        ("南京市鼓楼区", None, "320106"),
        ("江苏徐州鼓楼区", 2020, "320302"),
        ("北京市朝阳区", 2020, "110105"),
        ("巢湖市", 2010, "341400"),  # a prefecture to 2010
        ("巢湖市", 2012, "340181"),  # a county-level city since
        ("巢湖市和县", 2010, "341424"),
        ("绍兴县", 2013, "330621"),  # ended in 2013, and is spoken of for some time
        ("绍兴县", None, "330621"),
        ("柯桥区", 2011, "330603"),  # figures of before, under the name of today
        ("吉林市", 2020, "220200"),
        ("浈江区", 2002, "440203"),
        ("浈江区", 2010, "440204"),
    ],
)
def test_a_name_goes_to_whoever_bore_it_nearest_to_the_year(words: str, year: int | None, code: str) -> None:
    assert [found.code for found in PLACES.look_up(words, year)] == [code]


@pytest.mark.parametrize("year", [2005, 2012, 2020, None])
def test_every_division_can_be_named(year: int | None) -> None:
    for each in PLACES.all:
        if each.in_force(year):
            assert PLACES.one(PLACES.path_name(each), year).code == each.code
            assert PLACES.one(each.code, year) == each


def test_namesakes_are_listed_as_they_may_be_written() -> None:
    with pytest.raises(
        PlaceError, match=r"«鼓楼区» is several: 南京市鼓楼区 \(320106\), 徐州市鼓楼区 \(320302\), .*write one"
    ):
        PLACES.one("鼓楼区")
    with pytest.raises(PlaceError, match="«不存在县» is not in"):
        PLACES.one("不存在县")


@pytest.mark.parametrize(
    ("code", "year", "today"),
    [
        ("330621", 2012, "330603"),  # 绍兴县 → 柯桥区
        ("110103", 2009, "110101"),  # 崇文区 → 东城区
        ("321011", 2010, "321003"),  # 维扬区 → 邗江区
        ("340811", 2004, "340811"),  # 安庆市郊区 → 宜秀区
        ("450404", 2012, "450403"),  # 蝶山区 → 万秀区
        ("450206", 2001, None),  # 柳州市郊区 was divided; 柳江区 bears its code today and is another place
        ("130421", 2015, None),
        ("510100", 2020, "510100"),
    ],
)
def test_heirs_are_stated_and_never_guessed_by_code(code: str, year: int, today: str | None) -> None:
    heir = PLACES.today(place(code, year))
    assert (heir.code if heir else None) == today


def test_a_divided_place_names_its_parts() -> None:
    assert [place(code, 2016).name for code in place("130421", 2015).parts] == ["邯山区", "丛台区", "复兴区"]
    assert place("130421", 2015).successor == ""


def test_kin_are_no_strangers() -> None:
    shaoxing, keqiao = place("330621", 2012), place("330603")
    assert PLACES.are_kin(shaoxing, keqiao)
    assert PLACES.are_kin(keqiao, place("330600"))
    assert PLACES.are_kin(place("130421", 2015), place("130402"))
    assert not PLACES.are_kin(keqiao, place("330602"))
    assert not PLACES.are_kin(keqiao, place("320106"))

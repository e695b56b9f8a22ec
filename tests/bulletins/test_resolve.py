"""The choice of the published value: every rule decides once, rounding is no conflict, a real disagreement is one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import observation_row, page_row

from bulletins.catalog import Catalog, CatalogError, Indicator, load_catalog
from bulletins.choice import RULES
from bulletins.frames import OBSERVATIONS, PAGES
from bulletins.resolve import Resolution, load_variants, resolve


def _indicator(code: str, unit: str, per: str = "", kind: str = "stock") -> Indicator:
    additive = "places" if unit in ("person", "CNY") and not per else "none"
    return Indicator(code, "social_assistance", code, code, unit, per, kind, "", "", 0.0, None, additive)


_INDICATORS = (
    _indicator("dibao_standard", "CNY", "month", "standard"),
    _indicator("tekun_standard", "CNY", "month", "standard"),
    _indicator("tekun_care_standard", "CNY", "month", "standard"),
    _indicator("dibao_persons", "person"),
    _indicator("dibao_funds", "CNY"),
    _indicator("cremation_rate", "percent"),
    _indicator("dibao_rural_urban_ratio", "ratio"),
)
CATALOG = Catalog(
    **dict.fromkeys(Catalog.__dataclass_fields__)
    | {"indicators": {item.code: item for item in _INDICATORS}, "places": load_catalog().places}
)


def page(key: str, **fields: Any) -> dict[str, Any]:
    said = {
        "url": f"http://example.test/{key}",
        "published_on": date(2022, 3, 1),
        "fetched_at": datetime(2022, 4, 1, tzinfo=UTC),
        "text": "低保概况\n全市正文一句话，共有若干。",
    }
    return page_row(key, **said | fields)


def observation(key: str, text: str, value: float | None, **fields: Any) -> dict[str, Any]:
    return observation_row(key, "a", text, value, **{"sentence": f"保障低保对象{text}。"} | fields)


def resolved(pages: list[dict[str, Any]], observations: list[dict[str, Any]]) -> Resolution:
    return resolve(
        pl.DataFrame(observations, schema=dict(OBSERVATIONS)), pl.DataFrame(pages, schema=dict(PAGES)), CATALOG
    )


def outcomes(resolution: Resolution) -> dict[str, str]:
    return dict(resolution.observations.select("observation_key", "outcome").iter_rows())


A, B = page("a"), page("b")


@pytest.mark.parametrize(
    ("rule", "pages", "loser"),
    [
        ("newer_version", [page("a", fetched_at=datetime(2022, 6, 1, tzinfo=UTC)), page("b", url=A["url"])], {}),
        ("final", [A, page("b", published_on=date(2021, 12, 28))], {}),
        ("final", [A, B], {"sentence": "预计全年保障低保对象9.76万人。"}),
        ("source_kind", [A, page("b", kind="news")], {}),
        ("source_kind", [page("a", kind="half_year"), page("b", kind="other")], {}),
        ("own_bulletin", [A, page("b", place="四川省", place_code="510000")], {}),
        ("exact", [A, B], {"qualifier": "approx"}),
        ("precise", [A, B], {"text": "9.8万人", "value": 98000.0}),
        ("body", [A, B], {"start": 2, "end": 4}),
        ("newer_publication", [A, page("b", published_on=date(2022, 2, 1))], {}),
        ("first_printed", [A, B], {"start": 12}),
    ],
)
def test_each_rule_decides_and_the_loser_stays(rule: str, pages: list[dict[str, Any]], loser: dict[str, Any]) -> None:
    winner = observation("1", "9.76万人", 97600.0)
    other = observation("2", "9.76万人", 97600.0, bulletin_key="b") | loser
    for order in ([winner, other], [other, winner]):
        resolution = resolved(pages, order)
        assert outcomes(resolution) == {"1": "published", "2": rule}
        assert resolution.facts["observation_key"].to_list() == ["1"]
        assert resolution.conflicts.is_empty()


def test_partial_figures_of_a_later_quarter_replace_and_never_contradict_earlier_ones() -> None:
    half = page("a", kind="half_year", published_on=date(2021, 7, 10))
    nine_months = page("b", kind="news", published_on=date(2021, 10, 20))
    money = {"indicator": "dibao_funds", "unit": "CNY", "period": "partial"}
    resolution = resolved(
        [half, nine_months],
        [
            observation("1", "3.9亿元", 390000000.0, **money),
            observation("2", "5.8亿元", 580000000.0, bulletin_key="b", **money),
        ],
    )
    assert outcomes(resolution) == {"1": "more_of_year", "2": "published"}
    assert resolution.conflicts.is_empty()


def test_for_a_target_the_plan_comes_first() -> None:
    pages = [A, page("b", kind="plan")]
    target = {"status": "target", "year": 2025}
    rows = [
        observation("1", "10万人", 1e5, **target),
        observation("2", "10万人", 1e5, bulletin_key="b", **target),
    ]
    assert outcomes(resolved(pages, rows)) == {"1": "source_kind", "2": "published"}


def test_two_sources_that_really_disagree_are_a_conflict_with_both_sides() -> None:
    standard = {"indicator": "dibao_standard", "unit": "CNY", "per": "month", "area": "districts", "label": "低保标准"}
    resolution = resolved(
        [A, page("b", kind="news")],
        [observation("1", "870元", 870.0, **standard), observation("2", "850元", 850.0, bulletin_key="b", **standard)],
    )
    fact, conflict = resolution.facts.row(0, named=True), resolution.conflicts.row(0, named=True)
    assert fact["cell_key"] == "510100|2021|dibao_standard|districts|actual|level|annual|CNY|month"
    assert (fact["value"], fact["conflict"], fact["observations"]) == (870.0, True, 2)
    assert (conflict["value"], conflict["rival_value"], conflict["difference"]) == (870.0, 850.0, -20.0)
    assert (conflict["rule"], conflict["same_bulletin"]) == ("source_kind", False)


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        (("1.22万人", 12200.0, "exact"), ("1.2万人", 12000.0, "exact"), True),
        (("1.26万人", 12600.0, "exact"), ("1.2万人", 12000.0, "exact"), False),
        (("12213人", 12213.0, "exact"), ("1.22万人", 12200.0, "exact"), True),
        (("12,213人", 12213.0, "exact"), ("１２２１３人", 12213.0, "exact"), True),
        (("870人", 870.0, "exact"), ("871人", 871.0, "exact"), False),
        (("6400余名", 6400.0, "ge"), ("6412人", 6412.0, "exact"), True),
        (("6400余名", 6400.0, "ge"), ("6520人", 6520.0, "exact"), False),
        (("6万人", 60000.0, "ge"), ("7.1万人", 71000.0, "exact"), True),
        (("6万人", 60000.0, "ge"), ("5.8万人", 58000.0, "exact"), False),
        (("10万人", 100000.0, "approx"), ("9.76万人", 97600.0, "exact"), True),
        (("10万人", 100000.0, "approx"), ("8.5万人", 85000.0, "exact"), False),
        (("500人", 500.0, "le"), ("480人", 480.0, "exact"), True),
        (("两万人", 20000.0, "exact"), ("2.3万人", 23000.0, "exact"), True),
        (("两万人", 20000.0, "exact"), ("2.6万人", 26000.0, "exact"), False),
        (("3\n3.8万人", 338000.0, "exact"), ("35万人", 350000.0, "exact"), False),
        (("0人", 0.0, "exact"), ("1人", 1.0, "exact"), False),
    ],
)
def test_rounding_is_understood_from_the_printed_digits(
    first: tuple[str, float, str], second: tuple[str, float, str], agree: bool
) -> None:
    rows = [
        observation(key, text, value, qualifier=qualifier, start=start)
        for key, start, (text, value, qualifier) in (("1", 10, first), ("2", 20, second))
    ]
    assert resolved([A], rows).conflicts.is_empty() is agree


def test_rates_ratios_and_ranges_are_compared_by_their_digits() -> None:
    def disagree(unit: str, indicator: str, *printed: tuple[str, float, float | None]) -> bool:
        rows = [
            observation(str(at), text, value, value_high=high, unit=unit, indicator=indicator, start=at)
            for at, (text, value, high) in enumerate(printed)
        ]
        return resolved([A], rows).facts["conflict"].to_list() == [True]

    assert not disagree("percent", "cremation_rate", ("三成", 30.0, None), ("31.2%", 31.2, None))
    assert disagree("percent", "cremation_rate", ("30%", 30.0, None), ("31.2%", 31.2, None))
    assert not disagree("percent", "cremation_rate", ("30%-40%", 30.0, 40.0), ("36%", 36.0, None))
    assert not disagree("ratio", "dibao_rural_urban_ratio", ("1:0.81", 0.81, None), ("1:0.8", 0.8, None))
    assert disagree("ratio", "dibao_rural_urban_ratio", ("1:0.81", 0.81, None), ("1:0.83", 0.83, None))


def test_a_yearly_standard_is_published_by_the_month_and_keeps_what_was_printed() -> None:
    standard = {"indicator": "dibao_standard", "unit": "CNY", "label": "农村低保标准", "area": "rural"}
    resolution = resolved(
        [A],
        [
            observation("1", "6,180元", 6180.0, per="year", **standard),
            observation("2", "515元", 515.0, per="month", start=20, **standard),
            observation("3", "515元", 515.0, per="", start=30, **standard),
        ],
    )
    assert resolution.facts.select("value", "per", "observations", "conflict").row(0) == (515.0, "month", 3, False)
    kept = resolution.observations.filter(pl.col("observation_key") == "1")
    assert kept.select("value", "per", "standard_value", "standard_per").row(0) == (6180.0, "year", 515.0, "month")


def test_kinds_of_one_indicator_told_by_the_label_are_cells_of_their_own() -> None:
    standard = {"unit": "CNY", "per": "year", "indicator": "tekun_standard", "area": "rural"}
    care = {"unit": "CNY", "per": "month", "indicator": "tekun_care_standard"}
    labels = {"全护理照料护理标准": "full", "半护理照料护理标准": "semi", "全自理照料护理标准": "self"}
    rows = [
        observation("1", "5,800元/年", 5800.0, label="农村特困人员集中供养标准", **standard),
        observation("2", "5,300元/年", 5300.0, label="农村特困人员分散供养标准", **standard),
        observation("3", "5,000元/年", 5000.0, label="农村特困人员基本生活标准", **standard),
        *(observation(label, "100元", 100.0 + at, label=label, **care) for at, label in enumerate(labels)),
    ]
    resolution = resolved([A], rows)
    keys = dict(resolution.facts.select("observation_key", "indicator_key").iter_rows())
    assert keys == {
        "1": "tekun_standard:central",
        "2": "tekun_standard:scattered",
        "3": "tekun_standard",
        **{label: f"tekun_care_standard:{variant}" for label, variant in labels.items()},
    }
    assert resolution.conflicts.is_empty()


def test_the_unit_of_a_change_is_part_of_its_cell() -> None:
    change = {"indicator": "dibao_standard", "measure": "change", "label": "低保标准"}
    resolution = resolved(
        [A],
        [
            observation("1", "5.2%", 5.2, unit="percent", **change),
            observation("2", "30元", 30.0, unit="CNY", start=20, **change),
            observation("3", "360元", 360.0, unit="CNY", per="year", start=30, **change),
        ],
    )
    assert resolution.facts.select("unit", "per", "value", "observations").rows() == [
        ("CNY", "month", 30.0, 2),
        ("percent", "", 5.2, 1),
    ]


def test_open_indicators_are_known_by_label_unit_and_period() -> None:
    opened = {"indicator": "", "unit": "item", "label": "村级慈善工作站"}
    resolution = resolved(
        [A], [observation("1", "30个", 30.0, **opened), observation("2", "40个", 40.0, start=20, **opened)]
    )
    assert resolution.facts.select("indicator_key", "label", "conflict").row(0) == (
        "open:村级慈善工作站:item",
        "村级慈善工作站",
        True,
    )
    assert resolution.conflicts["same_bulletin"].to_list() == [True]


def test_a_number_that_a_new_version_withdrew_is_no_longer_published_but_kept_with_its_time() -> None:
    first_seen, replaced = datetime(2022, 4, 1, tzinfo=UTC), datetime(2022, 6, 1, tzinfo=UTC)
    pages = [page("a", fetched_at=first_seen), page("b", url=A["url"], fetched_at=replaced)]
    resolution = resolved(pages, [observation("1", "9.76万人", 97600.0)])
    assert resolution.facts.is_empty()
    assert resolution.observations.select("outcome", "known_from", "known_to", "preference").row(0) == (
        "newer_version",
        first_seen,
        replaced,
        1,
    )


def test_an_observation_without_place_year_value_or_name_has_no_cell_and_is_kept() -> None:
    rows = [
        observation("1", "8人", 8.0, place="", place_code=None),
        observation("2", "8人", 8.0, year=None),
        observation("3", "8人", None),
        observation("4", "8人", 8.0, indicator="", label=""),
    ]
    resolution = resolved([A], rows)
    assert set(outcomes(resolution).values()) == {"no_cell"}
    assert resolution.facts.is_empty()


def test_a_place_without_a_code_is_known_by_its_name() -> None:
    resolution = resolved([A], [observation("1", "8人", 8.0, place="天府新区", place_code=None)])
    assert resolution.facts["cell_key"].to_list() == ["天府新区|2021|dibao_persons|all|actual|level|annual|person|"]


def test_observations_without_their_pages_are_refused() -> None:
    with pytest.raises(ValueError, match="pass the pages they were read from"):
        resolved([B], [observation("1", "8人", 8.0)])


def test_nothing_in_nothing_out() -> None:
    resolution = resolved([], [])
    assert (resolution.facts.height, resolution.conflicts.height, resolution.observations.height) == (0, 0, 0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["9.76万人", "9.8万人", "97613人", "8人"]),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["exact", "approx", "ge", "le"]),
            st.integers(0, 20),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_every_observation_is_accounted_for_in_any_order(rows: list[tuple[str, str, str, int]], random: Any) -> None:
    values = {"9.76万人": 97600.0, "9.8万人": 98000.0, "97613人": 97613.0, "8人": 8.0}
    pages = [A, page("b", kind="news"), page("c", url=A["url"], fetched_at=datetime(2021, 1, 1, tzinfo=UTC))]
    made = [
        observation(str(at), text, values[text], bulletin_key=key, qualifier=qualifier, start=start)
        for at, (text, key, qualifier, start) in enumerate(rows)
    ]
    resolution = resolved(pages, made)
    assert resolution.observations.height == len(rows)
    assert resolution.observations["outcome"].is_in(["published", *(rule.code for rule in RULES)]).all()
    published = resolution.observations.filter(pl.col("outcome") == "published")
    assert published.height == resolution.facts.height == any(key != "c" for _, key, _, _ in rows)
    random.shuffle(made)
    again = resolved(pages, made)
    assert again.facts.equals(resolution.facts)
    assert again.conflicts.equals(resolution.conflicts)
    assert again.observations.equals(resolution.observations)


def test_a_bad_pattern_of_a_variant_names_file_and_line(tmp_path: Any) -> None:
    path = tmp_path / "variants.csv"
    path.write_text("indicator,variant,pattern,name_zh,name_en\ntekun_standard,central,(集中,集中供养,x\n", "utf-8")
    with pytest.raises(CatalogError, match=r"variants.csv, line 2: pattern «\(集中» is no regular expression"):
        load_variants(path)
    path.write_text("indicator,pattern\ntekun_standard,集中\n", "utf-8")
    with pytest.raises(CatalogError, match="columns: indicator,variant,pattern,name_zh,name_en"):
        load_variants(path)

"""Evidence: named, weighed, none deciding alone; the rules speak where it is not sure."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Mapping

import pytest

from bulletins.catalog import CATALOG_FOLDER, CatalogError, load_catalog
from bulletins.evidence import coherence, page_year, status
from bulletins.evidence.brief import Brief, names_of
from bulletins.evidence.coherence import Answered
from bulletins.evidence.cues import Cue, cues_of, load_cues
from bulletins.evidence.grounds import CARRIED, NO_CODE, PageFacts
from bulletins.evidence.judge import Judge, year_with
from bulletins.evidence.questions import QUESTIONS, asked, rule_answer
from bulletins.evidence.weights import Answer, Contest, Weights, load_weights, weights_of
from bulletins.observation import Observation
from bulletins.read import Reader

CUES = [cue for group in load_cues().of.values() for cue in group]


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: f"{cue.question} {cue.scope} {cue.name}")
def test_a_cue_stands_in_its_example_and_not_in_its_counter_example(cue: Cue) -> None:
    assert cue.stands_in(cue.example)
    assert not cue.stands_in(cue.counter_example)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"words": ""}, "at least one word"),
        ({"scope": "page"}, "scope «page» is none of"),
    ],
)
def test_a_bad_row_of_evidence_says_what_to_do(row: dict[str, str], message: str) -> None:
    good = {"question": "number", "name": "将", "scope": "clause", "words": "将", "example": "", "counter_example": ""}
    with pytest.raises(CatalogError, match=message):
        cues_of([{**good, **row}], "evidence.csv")


def test_a_name_stands_once_for_its_question_and_scope() -> None:
    row = {"question": "number", "name": "将", "scope": "clause", "words": "将", "example": "", "counter_example": ""}
    with pytest.raises(CatalogError, match="stands twice"):
        cues_of([row, row], "evidence.csv")


def test_weights_add_up_and_leave_a_runner_up() -> None:
    answer = Contest({"a": 2.0, "b": 1.0}).answer({"one": {"a": 1.0}, "two": {"b": 1.0}, "three": {}})
    assert (answer.value, answer.runner_up) == ("one", "two")
    assert answer.certainty == pytest.approx(0.665, abs=0.001)
    assert sum(answer.shares.values()) == pytest.approx(1.0)


def test_reasons_name_the_weightiest_evidence_first() -> None:
    contest = Contest({"a": 2.0, "b": -3.0, "c": 0.0})
    assert contest.reasons({"a": 1.0, "c": 1.0}, {"b": 1.0}) == [("b", 3.0), ("a", 2.0)]


def test_a_weight_that_is_no_number_says_how_to_make_it_anew() -> None:
    with pytest.raises(CatalogError, match="make weights"):
        weights_of([{"question": "status", "evidence": "x", "weight": "much"}], "weights.csv")


def test_certainty_is_read_between_the_measured_points() -> None:
    weights = Weights({}, {}, ((0.2, 0.4), (0.8, 0.9)))
    assert weights.calibrated(0.5) == pytest.approx(0.65)
    assert weights.calibrated(1.0) == 0.9


def test_every_question_has_weights_and_a_threshold() -> None:
    weights = load_weights()
    assert set(weights.contests) == {"page_year", coherence.QUESTION, *QUESTIONS}
    assert set(weights.speaks_from) == {"page_year", *QUESTIONS}
    with (CATALOG_FOLDER / "weights.csv").open(encoding="utf-8", newline="") as handle:
        names = [(row["question"], row["evidence"]) for row in csv.DictReader(handle)]
    assert len(names) == len(set(names))


# --- the page's year -----------------------------------------------------------------------------------------------------


def _years(text: str, published: dt.date | None, rule: int) -> dict[str, dict[str, float]]:
    found = page_year.candidates(text, text.split("\n")[0], published, "", rule, load_cues())
    return {year: dict(evidence) for year, evidence in found.items()}


def test_a_count_printed_like_a_year_is_no_candidate() -> None:
    assert set(_years("全年救助2011人次,支出2018万元。", dt.date(2016, 1, 9), 2015)) == {"2015", "2016"}


def test_the_year_of_the_title_and_the_one_before_are_told_apart() -> None:
    years = _years("泰和年鉴(2017)\n2016年末,全县有乡镇22个。", dt.date(2017, 11, 20), 2017)
    assert "in title" in years["2017"]
    assert "before title" in years["2016"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [("1-12月,全县火化612具。", "months to come True"), ("截至2月底,全市受灾396万人。", "months to come False")],
)
def test_months_still_to_come_are_of_the_year_before(text: str, fact: str) -> None:
    assert f"back 1|{fact}" in _years(text, dt.date(2009, 3, 14), 2008)["2008"]


def test_an_undated_page_without_years_keeps_the_rules_year() -> None:
    assert set(_years("发放低保金3亿元。", None, 0)) == {"0"}


# --- who speaks ----------------------------------------------------------------------------------------------------------


def _read(text: str, weights: Weights, published: dt.date = dt.date(2022, 1, 20)) -> list[Observation]:
    catalog = load_catalog()
    reader = Reader(catalog, Judge(catalog.indicators, weights))
    blocks = reader.read(text, place="成都市", code="510100", published=published)
    return [found for block in blocks for found in block.observations]


def test_without_weights_the_rules_speak() -> None:
    (found,) = _read("2021年,全市发放低保金3.2亿元。", Weights({}, {}, ()))
    assert (found.indicator, found.status, found.year, found.certainty) == ("dibao_funds", "actual", 2021, 1.0)


def test_the_evidence_speaks_only_from_its_threshold_on() -> None:
    contest, known = Contest({"none": 3.0}), frozenset(["dibao_funds"])
    text = "2021年,全市发放低保金3.2亿元。"
    assert [
        found.indicator for found in _read(text, Weights({"indicator": contest}, {"indicator": 0.5}, (), known))
    ] == [""]
    assert [
        found.indicator for found in _read(text, Weights({"indicator": contest}, {"indicator": 1.0}, (), known))
    ] == ["dibao_funds"]


def test_of_an_indicator_of_which_nothing_was_learned_the_rules_speak() -> None:
    sure = Weights({"indicator": Contest({"none": 3.0})}, {"indicator": 0.5}, ())
    assert [found.indicator for found in _read("2021年,全市发放低保金3.2亿元。", sure)] == ["dibao_funds"]


def test_a_page_of_another_year_is_read_from_that_year_on() -> None:
    sure = Weights({"page_year": Contest({"back 0": 9.0})}, {"page_year": 0.5}, ())
    (found,) = _read("全市发放低保金3.2亿元。", sure)
    assert found.year == 2022


def test_no_code_is_given_to_money_that_its_kind_does_not_allow() -> None:
    catalog = load_catalog()
    for found in _read("低保标准提高到每人每月870元,全年发放低保金3.2亿元。", load_weights()):
        if found.indicator:
            kind = catalog.indicators[found.indicator].kind
            assert (kind == "standard") == (found.number.value < 10_000)


@pytest.mark.parametrize(
    ("year", "before", "after", "published", "expected"),
    [
        (2021, "actual", "target", dt.date(2022, 1, 20), 2022),
        (2021, "actual", "target", dt.date(2021, 7, 20), 2021),
        (2021, "actual", "target", None, 2022),
        (2022, "target", "actual", dt.date(2022, 1, 20), 2021),
        (2025, "target", "target", dt.date(2022, 1, 20), 2025),
        (2019, "actual", "previous", dt.date(2022, 1, 20), 2019),
    ],
)
def test_a_plan_is_for_the_year_in_which_the_page_speaks(
    year: int, before: str, after: str, published: dt.date | None, expected: int
) -> None:
    assert year_with(year, before, after, 2021, published) == expected


def test_the_rules_answer_none_has_a_name() -> None:
    (found,) = _read("2021年,全市发放低保金3.2亿元。", Weights({}, {}, ()))
    found.indicator = ""
    assert rule_answer(found, "indicator") == "none"


#: Structures of a sentence, with a number that shows each and the code that it carries, if any.
STRUCTURES = [
    ("body", "市社会福利院设床位320张。", 0, ""),
    ("benchmark", "特困人员全自理护理标准按最低工资1720元的2%确定。", 0, ""),
    ("paid once", "慰问标准:农村特困人员150元/人。", 0, ""),
    ("per piece", "新建农村幸福院12所,每所补助3万元。", 1, ""),
    ("by the quarter", "为符合条件的困难残疾人发放生活补贴,每季度发放180元。", 0, ""),
    ("beds of one", "新院区主体竣工,设床位260张。", 0, ""),
    ("density", "全市每万名常住人口拥有社会组织7.6个。", 0, ""),
    ("ratio turned round", "城乡低保标准之比为1.38:1。", 0, ""),
    ("reached", "老年助餐服务覆盖320个村(社区)。", 0, ""),
    ("some of them", "全县657个村委会已有643个完成选举。", 1, ""),
    ("for each", "每个村配备2名儿童主任。", 0, ""),
    ("gap", "火化率高于全省7.6个百分点。", 0, ""),
    ("sum", "孤儿和事实无人抚养儿童共536名。", 0, ""),
    ("unsaid sum", "建成农村幸福院、居家养老服务站1486个。", 0, ""),
    ("pair behind", "全区共有536名孤儿及事实无人抚养儿童。", 0, ""),
    ("change of nothing", "9项困难群众保障标准提高6%以上。", 1, ""),
    ("change of both", "低保标准提高至1150元,特困人员基本生活标准提高至1840元,分别增幅3%。", 2, ""),
    ("same again", "计划新建老年食堂50处,目前已建成44处。", 1, "elderly_meal_points_new"),
    ("part of same", "销售福利彩票29.4亿元,其中2015年7.2亿元。", 1, "lottery_sales"),
    ("change goes on", "结婚登记3150对,比上年少420对,降幅超过一成。", 2, "marriages"),
    ("group", "提标惠及城乡低保和特困人员9万余人。", 0, "needy_persons"),
]


@pytest.mark.parametrize(("by", "text", "at", "code"), STRUCTURES, ids=[each[0] for each in STRUCTURES])
def test_what_the_structure_of_a_sentence_settles_is_not_weighed(by: str, text: str, at: int, code: str) -> None:
    found = _read(text, load_weights())[at]
    assert found.grounds is not None
    assert (found.grounds.by, found.indicator) == (by, code)


def test_every_structure_that_settles_is_shown() -> None:
    assert {by for by, *_ in STRUCTURES} == {*NO_CODE, *CARRIED}


def test_a_standard_beside_its_benchmark_keeps_its_code() -> None:
    found = _read("城市低保标准提高到每人每月900元,最低工资为2000元。", Weights({}, {}, ()))
    assert [each.indicator for each in found] == ["dibao_standard", ""]


def _brief(text: str, at: int) -> Mapping[str, Brief]:
    """What is laid before the contests for one number of a text."""
    observations = _read(text, Weights({}, {}, ()))
    page = PageFacts(text, "", "成都市", dt.date(2022, 1, 20), "", 2021)
    return list(asked(page, observations, load_cues(), load_catalog().indicators))[at]


def test_every_clue_has_a_weight_of_its_own_for_every_status() -> None:
    by_name = _brief("2021年,全市将发放低保金3.2亿元。", 0)["status"].by_name()
    assert set(by_name) == set(status.STATUSES)
    for value, evidence in by_name.items():
        assert {f"{value}|clause:将", f"{value}|unit:CNY"} <= evidence.keys()
        assert not any("before 低" in name for name in evidence)


@pytest.mark.parametrize("question", QUESTIONS)
def test_bundles_weigh_what_their_names_weigh(question: str) -> None:
    text = "2021年,全市发放低保金3.2亿元,比上年增长8%。其中城市低保金1.1亿元(含补贴),今年,将建成养老床位300张。"
    contest = load_weights().contests[question]
    briefs = [_brief(text, at)[question] for at in range(4)]
    for brief, decided in zip(briefs, contest.decide(briefs), strict=True):
        assert decided.shares == pytest.approx(contest.answer(brief.by_name()).shares)


def test_no_evidence_of_a_candidate_stands_in_two_bundles() -> None:
    text = "2021年,全市发放低保金3.2亿元,比上年增长8%。其中城市低保金1.1亿元(含补贴),今年,将建成养老床位300张。"
    for at in range(4):
        for brief in _brief(text, at).values():
            for own, joint in brief.candidates.values():
                names = [name for bundle in own for name in names_of(bundle)]
                names += [
                    f"{aspect}|{clue}"
                    for aspect, places in joint
                    for place in places
                    for clue in names_of(brief.clues[place])
                ]
                assert len(names) == len(set(names))


def test_what_a_candidate_leaves_unsaid_of_the_words_before_a_number_is_evidence() -> None:
    brief = _brief("2021年,全市有地震孤儿203名。", 0)["indicator"].by_name()
    assert {"unsaid^震*", "unsaid^地震*", "gap 0"} <= brief["orphans"].keys()
    assert "unsaid^震*" not in _brief("2021年,全市有孤儿203名。", 0)["indicator"].by_name()["orphans"]


def test_words_farther_back_tell_how_far() -> None:
    brief = _brief("2021年,全市城市低保对象1.2万户,其中因病致贫的家庭占到总数的三成,共3600户。", -1)
    assert any(name.startswith("said back ") for name in brief["indicator"].by_name()["dibao_households"])


def _answer(value: str, **shares: float) -> Answer:
    return Answer(value, shares[value], value, shares)


def test_a_neighbour_of_the_same_code_speaks_for_it_and_one_without_for_none() -> None:
    first, second = _read("2021年,全市有孤儿203名,其中散居171名。", Weights({}, {}, ()))
    answers = [_answer("orphans", orphans=0.9, none=0.1), _answer("none", orphans=0.4, none=0.6)]
    numbers = [Answered(found, answer) for found, answer in zip((first, second), answers, strict=True)]
    again = coherence.candidates(numbers, 1, "成都市")
    assert "last the same, sentence True elsewhere False" in again["orphans"]
    assert again["orphans"]["last share, sentence True elsewhere False"] == 0.9
    assert "last none False sentence True elsewhere False sure" in again["none"]
    assert again["orphans"]["first"] == pytest.approx(math.log(0.4 + 1e-4))


def test_on_second_thoughts_the_neighbours_count() -> None:
    text = "2021年,全市有孤儿203名,其中女童171名。"
    known = frozenset(["orphans"])
    first = Contest({"none": 1.0, "gap 0": 9.0})
    alone = Weights({"indicator": first}, {"indicator": 0.0}, (), known)
    agreed = {"first": 1.0, "last the same, sentence True elsewhere False": 9.0}
    together = Weights({"indicator": first, coherence.QUESTION: Contest(agreed)}, {"indicator": 0.0}, (), known)
    assert [found.indicator for found in _read(text, alone)] == ["orphans", ""]
    assert [found.indicator for found in _read(text, together)] == ["orphans", "orphans"]

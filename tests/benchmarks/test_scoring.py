"""Scoring: what counts as right, that nothing is counted twice, and that the definitions are those of the gold set's own scorer."""

from __future__ import annotations

import importlib.util
import json
import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scoring import CONTEXT, MEASURES, Tally, score

SHARED = Path(__file__).parents[3] / "shared" / "gold"
CODES = frozenset(["dibao_persons", "dibao_households"])


def row(start: int, end: int, value: float, unit: str = "person", **fields: Any) -> dict[str, Any]:
    given = {"year": 2021, "place": "广安市", "indicator": "dibao_persons", "optional": False}
    return {"start": start, "end": end, "value": value, "unit": unit, **given, **fields}


def counted(tally: Tally, *names: str) -> list[int]:
    return [tally.counts[name] for name in names]


def test_a_right_row_is_right_in_everything() -> None:
    tally = score([row(0, 3, 97600.0)], [row(1, 5, 97600.0000000001)], CODES)
    assert [tally.f1(name).f1 for name in MEASURES] == [1.0, 1.0, 1.0]
    assert tally.faults == []


@pytest.mark.parametrize("change", [{"value": 9.76}, {"unit": "household"}])
def test_a_wrong_value_or_unit_is_a_miss_and_a_false_reading(change: dict[str, Any]) -> None:
    tally = score([row(0, 3, 97600.0)], [row(0, 3, 97600.0) | change], CODES)
    assert counted(tally, "gold", "read", "quantity", "code", "row") == [1, 1, 0, 0, 0]
    assert [fault.kind for fault in tally.faults] == ["value"]


@pytest.mark.parametrize(
    ("name", "costs_row"), [("year", True), ("area", True), ("qualifier", False), ("period", False)]
)
def test_context_costs_the_row_where_the_star_has_it_in_its_key(name: str, costs_row: bool) -> None:
    wrong: Any = {"year": 2020, "area": "urban", "qualifier": "ge", "period": "partial"}[name]
    tally = score([row(0, 3, 5.0)], [row(0, 3, 5.0, **{name: wrong})], CODES)
    assert counted(tally, "quantity", "code", "row") == [1, 1, 0 if costs_row else 1]
    assert [fault.kind for fault in tally.faults] == [name]


def test_missed_spurious_and_optional() -> None:
    gold = [row(0, 3, 5.0), row(10, 13, 6.0, optional=True)]
    tally = score(gold, [row(10, 13, 60.0), row(20, 23, 7.0)], CODES)
    assert counted(tally, "gold", "read") == [1, 1]
    assert [fault.kind for fault in tally.faults] == ["missed", "spurious"]


def test_an_equal_quantity_is_preferred_to_one_that_comes_first() -> None:
    tally = score([row(0, 9, 6.0)], [row(0, 4, 5.0), row(5, 9, 6.0)], CODES)
    assert counted(tally, "quantity", "read") == [1, 2]


def test_a_code_that_the_annotators_did_not_know_is_no_code() -> None:
    tally = score([row(0, 3, 5.0, indicator="")], [row(0, 3, 5.0, indicator="grown_later")], CODES)
    assert counted(tally, "read_code", "row") == [0, 1]


def test_reading_nothing_from_nothing_is_right_and_something_from_nothing_is_not() -> None:
    assert score([], [], CODES).f1("row").f1 == 1.0
    assert score([], [row(0, 3, 5.0)], CODES).f1("row").f1 == 0.0


def _shared_scorer() -> Any:
    spec = importlib.util.spec_from_file_location("shared_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _spoilt(rows: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    """Readings with every kind of fault: left out, doubled, moved, wrong in one field or another."""
    spoilt = []
    for row_ in rows:
        read = {name: value for name, value in row_.items() if name != "optional"}
        for name, wrong in (("value", read["value"] * 10), ("unit", "other"), ("year", 1999), ("status", "target"),
                            ("per", "day"), ("area", "rural"), ("indicator", "adoptions"), ("indicator", "not_listed"),
                            ("qualifier", "le"), ("period", "multi_year"), ("place", "全国"), ("measure", "change")):  # fmt: skip
            if chance.random() < 0.05:
                read[name] = wrong
        spoilt += [read] * chance.choices([0, 1, 2], [1, 10, 1])[0]
        if chance.random() < 0.1:
            spoilt.append(read | {"start": read["end"], "end": read["end"] + 9})
    return spoilt


@pytest.mark.skipif(not SHARED.is_dir(), reason="the gold set with its own scorer is not beside the project")
@pytest.mark.parametrize("seed", range(5))
def test_the_figures_are_those_of_the_gold_sets_own_scorer(seed: int, tmp_path: Path) -> None:
    theirs_module, chance = _shared_scorer(), random.Random(seed)
    theirs: Counter[str] = Counter()
    ours = Tally()
    for path in sorted(SHARED.glob("*/[!d]*.jsonl")):
        gold = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        read = _spoilt(gold, chance)
        written = tmp_path / path.name
        written.write_text("".join(json.dumps(row_, ensure_ascii=False) + "\n" for row_ in read), "utf-8")
        theirs_module.score(theirs_module.load(path), theirs_module.load(written), theirs, [])
        ours += score(gold, read, theirs_module.CODES)
    report: Mapping[str, Any] = theirs_module.report(theirs)
    for name in MEASURES:
        assert {key: round(value, 4) for key, value in ours.f1(name)._asdict().items()} == report[name]
    right = ours.counts["quantity"]
    assert right > 300
    assert {name: round(ours.counts[name] / right, 4) for name in CONTEXT} == {
        name: report["context"][name] for name in CONTEXT
    }

"""The suites: their files are fresh, a person can load them, and Great Expectations alone finds what the rules find."""

from __future__ import annotations

import random
from collections.abc import Mapping

import polars as pl
import pytest

from benchmarks.accuracy import gold_sets
from benchmarks.gold import observations_of
from bulletins.catalog import Catalog
from bulletins.frames import OBSERVATIONS
from expectations import validation
from expectations.observations import SUITE, evidence_of
from expectations.runner import Findings, Suite, Suspects, apply_rules
from expectations.suites import FOLDER, all_suites, suite_configs, written

CONFIGS = {config["name"]: config for suite in all_suites() for config in suite_configs(suite)}


def test_the_files_are_those_of_the_rules_and_the_catalogue() -> None:
    files = {file.stem: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.json")}
    assert files == {name: written(config) for name, config in CONFIGS.items()}, (
        "a rule or the catalogue has changed: write the suites anew with `python -m expectations.suites`"
    )


def test_every_expectation_says_its_rule_in_chinese_and_where_the_runbook_speaks_of_it() -> None:
    for config in CONFIGS.values():
        for expectation in config["expectations"]:
            assert any("一" <= char <= "鿿" for char in expectation["description"])
            assert expectation["severity"] in ("critical", "warning")
            assert expectation["meta"]["runbook"].endswith(f"#{expectation['meta']['rule']}")


@pytest.mark.parametrize("name", CONFIGS)
def test_great_expectations_loads_every_suite_and_writes_it_the_same(name: str) -> None:
    for suite in all_suites():
        validation.register_rules(suite.rules)
    loaded = validation.ExpectationSuite(**CONFIGS[name]).to_json_dict()
    assert [expectation["type"] for expectation in loaded["expectations"]] == [
        expectation["type"] for expectation in CONFIGS[name]["expectations"]
    ]
    for ours, theirs in zip(CONFIGS[name]["expectations"], loaded["expectations"], strict=True):
        assert theirs["kwargs"] == ours["kwargs"]
        assert theirs["description"] == ours["description"]


def test_most_rules_on_single_columns_are_expectations_of_its_own() -> None:
    types = [expectation["type"] for config in CONFIGS.values() for expectation in config["expectations"]]
    own = [name for name in types if name.startswith(("expect_column_", "expect_compound_"))]
    assert len(own) > 100
    assert len(own) > 2 * (len(types) - len(own))


def _spoilt(observations: pl.DataFrame, share: float, chance: random.Random) -> pl.DataFrame:
    """The readings with values of other rows, impossible values and none at all in some places of every column."""

    def some() -> pl.Series:
        return pl.Series([chance.random() < share for _ in range(observations.height)], dtype=pl.Boolean)

    odd: Mapping[str, list[object]] = {
        "value": [None, float("nan"), float("inf"), -1.0, 0.0, 103.0, 1e12],
        "value_high": [None, float("nan"), 0.0, 200.0],
        "unit": [None, "", "nobody"],
        "per": [None, "", "week"],
        "measure": [None, "change"],
        "year": [None, 1900, 2090],
        "indicator": [None, "", "nothing"],
        "area": [None, "town"],
        "text": ["9", ""],
        "place_code": [None, "510100"],
        "certainty": [None, 0.2],
    }
    other = observations.sample(observations.height, shuffle=True, seed=1)
    for column in (*odd, "status", "period", "qualifier", "observation_key"):
        observations = observations.with_columns(
            pl.when(some()).then(other[column]).otherwise(pl.col(column)).alias(column)
        )
        for value in odd.get(column, []):
            literal = pl.lit(value, dtype=OBSERVATIONS[column])
            observations = observations.with_columns(
                pl.when(some()).then(literal).otherwise(pl.col(column)).alias(column)
            )
    return observations


def _found_alone(suite: Suite, frame: pl.DataFrame, findings: Findings) -> None:
    """Hand every row and every rule over, stage by stage, and have Great Expectations find what the rules found.

    `validate` raises where it does not.
    """
    rows = frame.with_row_index("row")
    for part, rules in zip(suite.parts, suite.stages, strict=True):
        by_rule = findings.broken.filter(pl.col("rule").is_in([rule.name for rule in rules]))
        broken = {rule.name: by_rule.filter(pl.col("rule") == rule.name)["row"] for rule in rules}
        suspects = Suspects(
            part, rules, rows.height, findings.evaluated, rows, dict.fromkeys(broken, rows["row"]), broken
        )
        validation.validate(suite, suspects, ask_all=True)
        held = by_rule.filter(pl.col("severity") == "error")["row"]
        rows = rows.filter(~pl.col("row").is_in(held.unique().implode()))


@pytest.mark.parametrize("share", [0, 0.004])
def test_great_expectations_alone_finds_the_same_on_all_rows(share: float, catalog: Catalog) -> None:
    gold = next(gold for gold, _ in gold_sets(None, catalog))
    observations, pages = observations_of(gold, catalog), gold.pages
    if share:
        observations, pages = _spoilt(observations, share, random.Random(3)), pages.head(-1)
    evidence = evidence_of(observations, pages, catalog)
    findings = apply_rules(SUITE, evidence)
    if share:
        broken = set(findings.broken["rule"])
        native = {rule.name for rule in SUITE.rules if rule.expected} - {"not_rejected", "not_furniture", "not_ordinal"}
        assert native - broken == set()
    _found_alone(SUITE, evidence, findings)


def test_what_a_rule_says_of_a_row_hangs_on_its_company_alone(catalog: Catalog) -> None:
    gold = next(gold for gold, _ in gold_sets(None, catalog))
    observations = _spoilt(observations_of(gold, catalog), 0.004, random.Random(4))
    frame = evidence_of(observations, gold.pages, catalog).with_row_index("row")
    for rule in (rule for stage in SUITE.stages[1:] for rule in stage):
        whole = rule.examine(frame).broken["row"].unique().sort()
        parted: list[int] = []
        key = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in rule.company], separator="|")
        for half in (0, 1):
            parted += rule.examine(frame.filter(key.hash() % 2 == half)).broken["row"].to_list()
        assert sorted(set(parted)) == whole.to_list(), rule.name

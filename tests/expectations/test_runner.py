"""Great Expectations records what the rules found, and a check that breaks never passes as a result."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pytest

from expectations import validation
from expectations.rules import Examination, Rule, row_rule
from expectations.runner import BrokenCheckError, Suite, run_suite

FRAME = pl.DataFrame({"key": ["a", "b", "c", "d"], "value": [1.0, 120.0, None, 130.0]})


def _suite(*rules: Rule) -> Suite:
    return Suite("份额", (rules,), key=("key",), shows=("key", "value"))


def _at_most_100(severity: str = "error") -> Rule:
    detail = pl.format("应不超过 100，读作 {}", "value")
    return row_rule("at_most_100", severity, "不超过 100", holds=pl.col("value") <= 100, detail=detail)  # type: ignore[arg-type]


def test_report_and_findings_tell_the_same_and_nulls_are_not_examined() -> None:
    verdict = run_suite(_suite(_at_most_100()), FRAME)

    (result,) = verdict.report.results
    assert (result.evaluated, result.failed) == (3, 2)
    assert [example["key"] for example in result.examples] == ["b", "d"]
    assert result.examples[0]["detail"] == "应不超过 100，读作 120.0"
    assert verdict.findings.broken["row"].to_list() == [1, 3]
    assert not verdict.report.success


def test_great_expectations_keeps_the_record() -> None:
    record = run_suite(_suite(_at_most_100()), FRAME).report.validation["份额"]

    (entry,) = record["results"]  # type: ignore[index]
    assert entry["expectation_config"]["severity"] == "critical"
    assert entry["expectation_config"]["type"] == "expect_at_most_100"
    assert (entry["result"]["element_count"], entry["result"]["missing_count"]) == (4, 1)
    assert entry["result"]["unexpected_count"] == 2
    assert entry["result"]["unexpected_index_list"] == [{"key": "b"}, {"key": "d"}]


def test_only_suspected_rows_and_their_company_are_handed_over() -> None:
    def least_is_one(frame: pl.DataFrame) -> Examination:
        least = pl.col("value").min().over("group")
        return Examination(frame["row"], frame.filter(least > 1).select("row", detail=pl.lit("")))

    frame = pl.DataFrame({"key": list("abcdef"), "group": [1, 1, 2, 2, 3, 3], "value": [1, 5, 2, 3, 1, 9]})
    other = row_rule("even", "warning", "", holds=pl.col("value") != 9, detail=pl.lit(""))
    suite = _suite(Rule("least_is_one", "error", "", least_is_one, company=("group",)), other)
    verdict = run_suite(suite, frame)

    assert verdict.report.validation["份额"]["meta"]["rows_handed_over"] == 3  # type: ignore[index]
    assert verdict.findings.broken["row"].to_list() == [2, 3, 5]


def test_a_rule_that_says_another_thing_of_fewer_rows_needs_to_name_their_company() -> None:
    def greater_than_the_first(frame: pl.DataFrame) -> Examination:
        return Examination(
            frame["row"], frame.filter(pl.col("value") > pl.col("value").first()).select("row", detail=pl.lit(""))
        )

    with pytest.raises(BrokenCheckError, match=r"greater_than_the_first.*they differ in rows"):
        run_suite(_suite(Rule("greater_than_the_first", "error", "", greater_than_the_first)), FRAME)


def test_nothing_is_handed_over_where_nothing_breaks() -> None:
    assert run_suite(_suite(_at_most_100()), FRAME.head(1)).report.validation == {}


def test_an_excused_row_is_recorded_and_not_held() -> None:
    frame = FRAME.with_columns(excused=pl.Series([None, ["at_most_100"], None, ["other"]], dtype=pl.List(pl.String)))
    verdict = run_suite(_suite(_at_most_100()), frame)

    assert verdict.findings.broken["row"].to_list() == [3]
    assert verdict.findings.excused.rows() == [(1, "at_most_100")]
    (entry,) = verdict.report.validation["份额"]["results"]  # type: ignore[index]
    assert entry["result"]["unexpected_count"] == 2


def test_a_warning_does_not_fail_the_suite() -> None:
    report = run_suite(_suite(_at_most_100("warning")), FRAME).report

    assert report.success
    assert [result.rule for result in report.broken("warning")] == ["at_most_100"]


def test_several_findings_on_one_row_are_one_with_both_details() -> None:
    def twice(frame: pl.DataFrame) -> Examination:
        return Examination(
            frame["row"], pl.DataFrame({"row": [1, 1], "detail": ["甲", "乙"]}, schema_overrides={"row": pl.UInt32})
        )

    verdict = run_suite(_suite(Rule("twice", "warning", "", twice)), FRAME)
    assert verdict.findings.broken.select("row", "detail").rows() == [(1, "甲；乙")]
    assert verdict.report.results[0].failed == 1


def test_no_rows_hold_every_rule() -> None:
    verdict = run_suite(_suite(_at_most_100()), FRAME.clear())
    assert verdict.report.success
    assert verdict.report.results[0].evaluated == 0


def test_a_rule_that_cannot_be_computed_raises() -> None:
    rule = row_rule("misspelt", "error", "", holds=pl.col("valu") > 0, detail=pl.lit(""))
    with pytest.raises(BrokenCheckError, match=r"份额.*misspelt.*valu"):
        run_suite(_suite(rule), FRAME)


def test_an_expectation_that_breaks_inside_great_expectations_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful:
        """A batch definition that loses the rows on their way to Great Expectations."""

        def get_batch(self, parameters: dict[str, Any]) -> Any:
            return whole.get_batch({"dataframe": parameters["dataframe"].drop(columns="key")})

    whole = validation._batch_definition()
    monkeypatch.setattr(validation, "_batch_definition", Forgetful)
    with pytest.raises(BrokenCheckError, match="at_most_100"):
        run_suite(_suite(_at_most_100()), FRAME)


def test_importing_the_room_does_not_import_great_expectations() -> None:
    code = "import sys, expectations.observations; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_suite_in_which_all_rows_hold_does_not_import_it_either() -> None:
    code = (
        "import sys, polars as pl; from expectations.star import SUITES; from expectations.runner import run_suite\n"
        "run_suite(SUITES[2], pl.DataFrame({'bulletin_key': ['a'], 'read': [1], 'kept': [1], 'judged': [1], 'valid': [1],"
        " 'quarantined': [0]}))\n"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_context_serves_many_frames() -> None:
    run_suite(_suite(_at_most_100()), FRAME)
    first = validation._batch_definition()
    run_suite(_suite(_at_most_100()), FRAME.head(2))
    assert validation._batch_definition() is first

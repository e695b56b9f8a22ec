"""Great Expectations records what the rules found, and a check that breaks never passes as a result."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pytest

from expectations import runner
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
    validation = run_suite(_suite(_at_most_100()), FRAME).report.validation

    (entry,) = validation["results"]  # type: ignore[misc]
    assert entry["expectation_config"]["severity"] == "critical"
    assert entry["result"]["unexpected_count"] == 2
    assert entry["result"]["partial_unexpected_index_list"] == [["b"], ["d"]]


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
        """A batch definition that loses the verdicts on their way to Great Expectations."""

        def get_batch(self, parameters: dict[str, Any]) -> Any:
            return whole.get_batch({"dataframe": parameters["dataframe"].drop(columns="at_most_100")})

    whole = runner._batch_definition()
    monkeypatch.setattr(runner, "_batch_definition", Forgetful)
    with pytest.raises(BrokenCheckError, match="at_most_100"):
        run_suite(_suite(_at_most_100()), FRAME)


def test_importing_the_room_does_not_import_great_expectations() -> None:
    code = "import sys, expectations.observations; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_one_context_serves_many_frames() -> None:
    run_suite(_suite(_at_most_100()), FRAME)
    first = runner._batch_definition()
    run_suite(_suite(_at_most_100()), FRAME.head(1))
    assert runner._batch_definition() is first

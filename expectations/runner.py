"""The only caller of Great Expectations: applies the rules of a suite to a frame and has the verdict recorded.

Each rule is computed once, in Polars (`rules.py`). Great Expectations receives a column a rule, with 1 where a row
holds the rule, 0 where it breaks it and null where the rule has nothing to say, and expects every value to be 1:
its counts, severities and keys of broken rows are the record. The counts of both are compared, and a rule that
cannot be computed or recorded raises: a broken check never passes as a result. Here belongs nothing that knows what
a suite is about.

Great Expectations is imported on first use (it costs seconds) and its context is kept, so that many partitions
share it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bulletins.frames import empty
from expectations.report import EXAMPLES_SHOWN, RuleResult, SuiteReport
from expectations.rules import EXCUSED, ROW, Examination, Rule

#: One row for each row and rule that did not hold together.
FINDINGS: Mapping[str, pl.DataType] = {
    ROW: pl.UInt32(),
    "rule": pl.String(),
    "severity": pl.String(),
    "detail": pl.String(),
}


class BrokenCheckError(RuntimeError):
    """A check could not be carried out: names the suite and the rule. Says nothing about the data."""


@dataclass(frozen=True)
class Suite:
    """Rules for the rows of one kind of frame.

    Attributes:
        name: as reports and the Dagster UI show it.
        stages: rules in order of weight. Those of a later stage compare rows with each other, and no longer see the rows
            that an `error` of an earlier stage holds back: what is known to be wrong is no witness.
        key: columns that identify a row, kept in the record of broken rows.
        shows: columns that a person wants to see of a broken row.
    """

    name: str
    stages: tuple[tuple[Rule, ...], ...]
    key: tuple[str, ...]
    shows: tuple[str, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of the stages."""
        return tuple(rule for stage in self.stages for rule in stage)


@dataclass(frozen=True)
class Findings:
    """What the rules of a suite found in a frame, whose rows are numbered from 0.

    Attributes:
        broken: schema `FINDINGS`, in the order of the rules.
        excused: columns row and rule: what would have been broken, had a person not let it pass.
        verdicts: for each rule 1, 0 or not a number for each row: holds, broken, not examined.
    """

    broken: pl.DataFrame
    excused: pl.DataFrame
    verdicts: Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Verdict:
    """What a suite found, and the report with the record of it."""

    report: SuiteReport
    findings: Findings


def run_suite(suite: Suite, frame: pl.DataFrame) -> Verdict:
    """Apply the rules of `suite` to `frame` and have the verdict recorded.

    Raises:
        BrokenCheckError: a rule could not be computed or its verdict not recorded.
    """
    findings = apply_rules(suite, frame)
    validation = _record(suite, frame, findings.verdicts)
    results = tuple(_results(suite, frame, findings.broken, validation))
    return Verdict(SuiteReport(suite.name, frame.height, results, validation), findings)


def apply_rules(suite: Suite, frame: pl.DataFrame) -> Findings:
    """Apply the rules of `suite` to `frame`, in Polars alone.

    Raises:
        BrokenCheckError: a rule could not be computed.
    """
    sound = frame.with_row_index(ROW)
    excuses = _excuses(sound)
    verdicts: dict[str, NDArray[np.float32]] = {}
    broken, excused = [empty(FINDINGS)], [empty(FINDINGS).select(ROW, "rule")]
    for stage in suite.stages:
        held: list[pl.Series] = []
        for rule in stage:
            examination = _examine(suite, rule, sound)
            rows = (
                examination.broken.group_by(ROW, maintain_order=True)
                .agg(pl.col("detail").unique(maintain_order=True).str.join("；"))
                .select(ROW, rule=pl.lit(rule.name), severity=pl.lit(rule.severity), detail="detail")
            )
            excused.append(rows.join(excuses, on=[ROW, "rule"], how="semi").select(ROW, "rule"))
            rows = rows.join(excuses, on=[ROW, "rule"], how="anti", maintain_order="left")
            broken.append(rows)
            if rule.severity == "error":
                held.append(rows[ROW])
            verdict = np.full(frame.height, np.nan, dtype=np.float32)
            verdict[examination.examined.to_numpy()] = 1
            verdict[rows[ROW].to_numpy()] = 0
            verdicts[rule.name] = verdict
        if any(map(len, held)) and stage is not suite.stages[-1]:  # the frame is wide, and what is left of it a copy
            sound = sound.filter(~pl.col(ROW).is_in(pl.concat(held).unique().implode()))
    return Findings(pl.concat(broken), pl.concat(excused), verdicts)


def _excuses(numbered: pl.DataFrame) -> pl.DataFrame:
    if EXCUSED not in numbered.columns:
        return empty(FINDINGS).select(ROW, "rule")
    return numbered.select(ROW, rule=EXCUSED).drop_nulls().explode("rule")


def _examine(suite: Suite, rule: Rule, numbered: pl.DataFrame) -> Examination:
    try:
        return rule.examine(numbered)
    except Exception as error:
        raise BrokenCheckError(f"suite {suite.name}, rule {rule.name} could not be computed: {error}") from error


def _record(suite: Suite, frame: pl.DataFrame, verdicts: Mapping[str, NDArray[np.float32]]) -> dict[str, Any]:
    """Have Great Expectations validate the verdict columns; its result as JSON values."""
    import pandas as pd
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
    from great_expectations.expectations.metadata_types import FailureSeverity

    expectations = [
        ExpectColumnValuesToBeInSet(
            column=rule.name,
            value_set=[1],
            severity=FailureSeverity.CRITICAL if rule.severity == "error" else FailureSeverity.WARNING,
            description=rule.meaning,
            meta={"rule": rule.name},
        )
        for rule in suite.rules
    ]
    # Keys of broken rows are the index and no column: columns Great Expectations looks up row by row, to show a few of them.
    broken = np.flatnonzero(np.logical_or.reduce([verdict == 0 for verdict in verdicts.values()]))
    index = np.full(frame.height, None, dtype=object)
    for row, key in zip(broken, frame[broken].select(suite.key).rows(), strict=True):
        index[row] = key
    batch = _batch_definition().get_batch(
        {"dataframe": pd.DataFrame(verdicts, index=pd.Index(index, tupleize_cols=False))}
    )
    result = batch.validate(
        ExpectationSuite(name=suite.name, expectations=expectations),
        result_format={
            "result_format": "SUMMARY",
            "partial_unexpected_count": EXAMPLES_SHOWN,
        },
    )
    return cast(dict[str, Any], result.to_json_dict())


@functools.cache
def _batch_definition() -> Any:
    """Where every frame is handed to Great Expectations: one ephemeral context a process, silent and offline."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    from great_expectations import get_context
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _results(
    suite: Suite, frame: pl.DataFrame, broken: pl.DataFrame, validation: Mapping[str, Any]
) -> Iterator[RuleResult]:
    recorded = {entry["expectation_config"]["meta"]["rule"]: entry for entry in validation["results"]}
    for rule in suite.rules:
        entry, rows = recorded[rule.name], broken.filter(pl.col("rule") == rule.name)
        counts = entry["result"]
        if "element_count" not in counts or counts["unexpected_count"] != rows.height:
            raise BrokenCheckError(
                f"suite {suite.name}, rule {rule.name}: Great Expectations could not record it; "
                f"it says {entry['exception_info'] or counts}"
            )
        shown = rows.head(EXAMPLES_SHOWN)
        examples = frame[shown[ROW].to_list()].select(suite.shows).with_columns(shown["detail"])
        yield RuleResult(
            rule=rule.name,
            severity=rule.severity,
            meaning=rule.meaning,
            evaluated=counts["element_count"] - counts["missing_count"],
            failed=rows.height,
            examples=tuple(examples.to_dicts()),
        )

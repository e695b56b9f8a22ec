"""How a suite is applied: Polars tells which rows to look at, Great Expectations expects, and its result is the verdict.

Every rule is applied in Polars first, which costs little and mostly finds that all rows hold it. Only rows that seem to break one,
and the rows that they are compared with, are handed to Great Expectations (`validation.py`), where the same rule stands as an
expectation. What it finds unexpected is what is held back or flagged. Should the two not agree on a row, or should a rule not be
computed, nothing is known of the data and an error says so: a broken check never passes as a result. Where no row seems to break
any rule nothing is handed over, and Great Expectations, which costs seconds to import, is not even loaded. Here belongs nothing
that knows what a suite is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

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
        parts: names of the stages as suites of Great Expectations; of a single stage, the name of the suite.
    """

    name: str
    stages: tuple[tuple[Rule, ...], ...]
    key: tuple[str, ...]
    shows: tuple[str, ...]
    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Name a single stage after the suite."""
        if not self.parts:
            object.__setattr__(self, "parts", (self.name,))
        if len(self.parts) != len(self.stages):
            raise ValueError(f"suite {self.name}: {len(self.stages)} stages need as many names, not {self.parts}")

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
        evaluated: for each rule, how many rows it had something to say about.
    """

    broken: pl.DataFrame
    excused: pl.DataFrame
    evaluated: Mapping[str, int]


@dataclass(frozen=True)
class Verdict:
    """What a suite found, and the report with the record of it."""

    report: SuiteReport
    findings: Findings


@dataclass(frozen=True)
class Suspects:
    """What of one stage is handed to Great Expectations.

    Attributes:
        part: name of the stage.
        rules: its rules.
        seen: how many rows the stage examined.
        evaluated: for each rule, how many of these it had something to say about.
        rows: the rows that seem to break a rule and those that they are compared with, with a column `row`.
        asked: for each rule that compares rows, or is an expression of ours, the numbers of the rows that it is asked about.
        broken: for each rule, the numbers of the rows that seem to break it.
    """

    part: str
    rules: tuple[Rule, ...]
    seen: int
    evaluated: Mapping[str, int]
    rows: pl.DataFrame
    asked: Mapping[str, pl.Series]
    broken: Mapping[str, pl.Series]


@dataclass(frozen=True)
class Whole:
    """What is known of a table of which only the suspected rows are at hand (`in_sql.py`).

    Attributes:
        rows: how many rows it has.
        evaluated: for each rule, how many of these it had something to say about.
    """

    rows: int
    evaluated: Mapping[str, int]


def run_suite(suite: Suite, frame: pl.DataFrame, whole: Whole | None = None) -> Verdict:
    """Apply the rules of `suite` to `frame` and have the verdict recorded.

    Args:
        suite: the rules; of a single stage, if there is a `whole`.
        frame: the rows.
        whole: the table that `frame` is the suspected rows of; without it `frame` is all there is.

    Raises:
        BrokenCheckError: a rule could not be computed, or Great Expectations does not find the same.
    """
    suspects: list[Suspects] = []
    findings = _apply(suite, frame, suspects)
    if whole is not None:
        suspects = [replace(each, seen=whole.rows, evaluated=whole.evaluated) for each in suspects]
        findings = replace(findings, evaluated=whole.evaluated)
    record = _record(suite, suspects)
    results = tuple(_results(suite, frame, findings))
    return Verdict(SuiteReport(suite.name, whole.rows if whole else frame.height, results, record), findings)


def apply_rules(suite: Suite, frame: pl.DataFrame) -> Findings:
    """Apply the rules of `suite` to `frame`, in Polars alone.

    Raises:
        BrokenCheckError: a rule could not be computed.
    """
    return _apply(suite, frame, None)


def _apply(suite: Suite, frame: pl.DataFrame, suspects: list[Suspects] | None) -> Findings:
    """Apply the rules stage by stage; `suspects` takes what there is to hand over."""
    sound = frame.with_row_index(ROW)
    excuses = _excuses(sound)
    broken, excused = [empty(FINDINGS)], [empty(FINDINGS).select(ROW, "rule")]
    evaluated: dict[str, int] = {}
    for part, rules in zip(suite.parts, suite.stages, strict=True):
        found = {rule.name: _examine(suite, rule, sound) for rule in rules}
        of_stage = [_told(rule, found[rule.name]) for rule in rules]
        counts = {name: examination.examined.len() for name, examination in found.items()}
        evaluated |= counts
        if suspects is not None and any(rows.height for rows in of_stage):
            suspects.append(_suspects(part, rules, sound, counts, of_stage))
        together = pl.concat(of_stage)
        excused.append(together.join(excuses, on=[ROW, "rule"], how="semi", maintain_order="left").select(ROW, "rule"))
        together = together.join(excuses, on=[ROW, "rule"], how="anti", maintain_order="left")
        broken.append(together)
        held = together.filter(pl.col("severity") == "error")[ROW].unique()
        if held.len() and part != suite.parts[-1]:  # the frame is wide, and what is left of it a copy
            sound = sound.filter(~pl.col(ROW).is_in(held.implode()))
    return Findings(pl.concat(broken), pl.concat(excused), evaluated)


def _told(rule: Rule, examination: Examination) -> pl.DataFrame:
    """The rows that break a rule, once each, schema `FINDINGS`."""
    return (
        examination.broken.group_by(ROW, maintain_order=True)
        .agg(pl.col("detail").unique(maintain_order=True).str.join("；"))
        .select(ROW, rule=pl.lit(rule.name), severity=pl.lit(rule.severity), detail="detail")
    )


def _excuses(numbered: pl.DataFrame) -> pl.DataFrame:
    if EXCUSED not in numbered.columns:
        return empty(FINDINGS).select(ROW, "rule")
    return numbered.select(ROW, rule=EXCUSED).drop_nulls().explode("rule")


def _examine(suite: Suite, rule: Rule, numbered: pl.DataFrame) -> Examination:
    try:
        return rule.examine(numbered)
    except Exception as error:
        raise BrokenCheckError(f"suite {suite.name}, rule {rule.name} could not be computed: {error}") from error


def _suspects(
    part: str,
    rules: Sequence[Rule],
    sound: pl.DataFrame,
    evaluated: Mapping[str, int],
    of_stage: Sequence[pl.DataFrame],
) -> Suspects:
    broken = {rule.name: rows[ROW] for rule, rows in zip(rules, of_stage, strict=True)}
    asked = {rule.name: _with_company(sound, rule, broken[rule.name]) for rule in rules if not rule.expected}
    rows = pl.concat([*broken.values(), *asked.values()]).unique()
    handed_over = sound.filter(pl.col(ROW).is_in(rows.implode()))
    return Suspects(part, tuple(rules), sound.height, evaluated, handed_over, asked, broken)


def _with_company(sound: pl.DataFrame, rule: Rule, broken: pl.Series) -> pl.Series:
    """The numbers of the broken rows, and of all that the rule has to see to say the same of them."""
    if broken.is_empty() or not rule.company:
        return broken
    company = list(rule.company)
    own = sound.select(ROW, *company)
    return own.join(own.filter(pl.col(ROW).is_in(broken.implode())), on=company, how="semi", nulls_equal=True)[ROW]


def _record(suite: Suite, suspects: Sequence[Suspects]) -> dict[str, Any]:
    """Have Great Expectations validate what is suspected; its results, one a stage that had something to hand over."""
    if not suspects:
        return {}
    from expectations.validation import validate

    return {each.part: validate(suite, each) for each in suspects}


def _results(suite: Suite, frame: pl.DataFrame, findings: Findings) -> Iterator[RuleResult]:
    for rule in suite.rules:
        rows = findings.broken.filter(pl.col("rule") == rule.name)
        shown = rows.head(EXAMPLES_SHOWN)
        examples = frame[shown[ROW].to_list()].select(suite.shows).with_columns(shown["detail"])
        yield RuleResult(
            rule=rule.name,
            severity=rule.severity,
            meaning=rule.meaning,
            evaluated=findings.evaluated[rule.name],
            failed=rows.height,
            examples=tuple(examples.to_dicts()),
        )

"""Reports of `expectations/` as Dagster asset checks, and kept beside what they are about.

A report is kept so that a night on which nothing changed still shows the verdict on what is published.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import dagster as dg
import polars as pl

from assets.home import fingerprint
from assets.previews import preview
from assets.runbook import described, what_to_do
from expectations.report import EXAMPLES_SHOWN, RuleResult, SuiteReport
from expectations.rules import Rule

_SEVERITIES = {"error": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def check_specs(rules: Iterable[Rule], asset: str, *, blocking: bool = False) -> Iterator[dg.AssetCheckSpec]:
    """Return a check a rule, with what it means and what the runbook says to do."""
    for rule in rules:
        yield dg.AssetCheckSpec(
            rule.name, asset=asset, description=described(rule.name, rule.meaning), blocking=blocking
        )


def check_results(
    report: SuiteReport, asset: str, severity: dg.AssetCheckSeverity | None = None
) -> Iterator[dg.AssetCheckResult]:
    """Return one check result a rule of the suite, with counts and the first broken rows.

    `severity` is that of all results; without it each rule's own counts.
    """
    for result in report.results:
        yield dg.AssetCheckResult(
            asset_key=asset,
            check_name=result.rule,
            passed=result.success,
            severity=severity or _SEVERITIES[result.severity],
            description=f"{result.failed:,} of {result.evaluated:,} rows break it" if result.failed else None,
            metadata={
                "evaluated": result.evaluated,
                "failed": result.failed,
                **({"examples": _examples(result), "what to do": what_to_do(result.rule)} if result.failed else {}),
            },
        )


def _examples(result: RuleResult) -> dg.MarkdownMetadataValue:
    frame = pl.DataFrame(result.examples, infer_schema_length=None)
    return preview(frame, *(name for name in frame.columns if not name.endswith("_key")))


def merged(reports: Sequence[SuiteReport]) -> SuiteReport:
    """Return the reports of one suite on several parts as one on the whole."""
    results = [
        replace(
            of_rule[0],
            evaluated=sum(result.evaluated for result in of_rule),
            failed=sum(result.failed for result in of_rule),
            examples=tuple(example for result in of_rule for example in result.examples)[:EXAMPLES_SHOWN],
        )
        for of_rule in zip(*(report.results for report in reports), strict=True)
    ]
    validation = {"parts": [report.validation for report in reports]} if len(reports) > 1 else reports[0].validation
    return replace(
        reports[0], rows=sum(report.rows for report in reports), results=tuple(results), validation=validation
    )


def save_report(report: SuiteReport, path: Path) -> None:
    """Keep a report as JSON, with Great Expectations' own record in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}")
    told = json.dumps(asdict(report), ensure_ascii=False, default=str)
    partial.write_text(json.dumps({"report": told, "seal": fingerprint(told)}, ensure_ascii=False), encoding="utf-8")
    partial.replace(path)


def load_report(path: Path) -> SuiteReport:
    """Return a report that `save_report` kept.

    Raises:
        OSError, ValueError: it is not there or cannot be read.
    """
    sealed = json.loads(path.read_text(encoding="utf-8"))
    kept = json.loads(sealed["report"])
    return SuiteReport(**{**kept, "results": tuple(RuleResult(**result) for result in kept["results"])})

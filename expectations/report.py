"""What a suite of checks found, as plain frozen values that any room may show or store.

Nothing here computes a check or knows Great Expectations: `runner.py` makes these reports, `rendering.py` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: `error` holds a row back or blocks a release; `warning` flags it and lets it pass.
Severity = Literal["error", "warning"]

#: How many broken rows a report shows of each rule.
EXAMPLES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The verdict of one rule.

    Attributes:
        rule: its name; `docs/runbook.md` has a heading of this name that says what to do.
        meaning: what must hold, in Chinese.
        evaluated: rows that the rule had something to say about.
        failed: rows of these that break it.
        examples: up to `EXAMPLES_SHOWN` broken rows, with the columns that the suite shows and `detail`.
    """

    rule: str
    severity: Severity
    meaning: str
    evaluated: int
    failed: int
    examples: tuple[Mapping[str, object], ...]

    @property
    def success(self) -> bool:
        """Whether every row that the rule looked at holds it."""
        return self.failed == 0


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """The verdict of one suite on one frame.

    Attributes:
        suite: name of the suite.
        rows: rows that were examined.
        results: one a rule, in the order of the suite.
        validation: Great Expectations' own result as JSON values, the record that is kept.
    """

    suite: str
    rows: int
    results: tuple[RuleResult, ...]
    validation: Mapping[str, object] = field(repr=False, compare=False)

    @property
    def success(self) -> bool:
        """Whether no rule of severity `error` is broken; warnings do not fail a suite."""
        return all(result.success for result in self.results if result.severity == "error")

    def broken(self, severity: Severity) -> tuple[RuleResult, ...]:
        """The rules of `severity` that at least one row breaks."""
        return tuple(result for result in self.results if result.severity == severity and not result.success)

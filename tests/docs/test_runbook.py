"""The runbook has one heading a check, with its severity, and no heading without one."""

from __future__ import annotations

import re
from pathlib import Path

from expectations import corrections, ledger, observations, release, snapshots, star
from expectations.rules import Rule

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
RULES: tuple[Rule, ...] = (
    *snapshots.SNAPSHOT_RULES,
    *snapshots.PAGE_RULES,
    *ledger.RULES,
    *observations.SUITE.rules,
    *corrections.RULES,
    *star.FACT_RULES,
    *star.OBSERVATION_RULES,
    *star.COUNT_RULES,
    *release.RULES,
)
#: Checks of the assets that are no rule on rows.
OF_ASSETS = {
    name
    for path in (Path(__file__).parents[2] / "assets").glob("*.py")
    for name in re.findall(r'described\("(\w+)"', path.read_text(encoding="utf-8"))
}


def _headings() -> dict[str, str]:
    sections = RUNBOOK.read_text(encoding="utf-8").split("\n### ")[1:]
    return {section.split("\n", 1)[0].strip(): section.split("\n", 1)[1] for section in sections}


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


def test_every_check_has_its_heading_and_every_heading_its_check() -> None:
    assert set(_headings()) == {rule.name for rule in RULES} | OF_ASSETS


def test_each_heading_tells_the_severity_of_its_rule() -> None:
    headings = _headings()
    assert {rule.name for rule in RULES if not headings[rule.name].startswith(f"**{rule.severity}** ")} == set()


def test_every_rule_says_in_chinese_what_must_hold() -> None:
    assert [rule.name for rule in RULES if not re.search(r"[\u4e00-\u9fff]", rule.meaning)] == []

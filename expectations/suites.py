"""The suites as Great Expectations writes them: `expectations/suites/`, one JSON file a suite, which a person can open.

    python -m expectations.suites      # write them anew after a rule or the catalogue has changed

They are generated from the rules, and so from the catalogue; a test holds them fresh. A rule that Great Expectations can say by
itself stands there as its own expectations, with column, bounds and condition; the trade's own as custom ones, named after the rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from expectations.rules import Rule
from expectations.runner import Suite

FOLDER = Path(__file__).with_name("suites")
RUNBOOK = "docs/runbook.md"
_LIST = re.compile(r"\[\n([^\[\]{}]*)\n *\]")
_SEVERITIES = {"error": "critical", "warning": "warning"}


def custom_type(rule: Rule) -> str:
    """The type under which a rule of the trade's own is registered with Great Expectations."""
    return f"expect_{rule.name}"


def suite_configs(suite: Suite) -> Iterator[dict[str, Any]]:
    """The suites of Great Expectations that a suite is made of, one a stage."""
    for part, rules in zip(suite.parts, suite.stages, strict=True):
        yield {
            "name": part,
            "expectations": [config for rule in rules for config in _expectations(suite, rule)],
            "meta": {"key": list(suite.key)},
        }


def _expectations(suite: Suite, rule: Rule) -> Iterator[dict[str, Any]]:
    said: dict[str, Any] = {
        "severity": _SEVERITIES[rule.severity],
        "description": rule.meaning,
        "meta": {"rule": rule.name, "runbook": f"{RUNBOOK}#{rule.name}"},
    }
    if rule.expected:
        for expected in rule.expected:
            yield {**expected.config(), **said, "description": f"{rule.meaning}（{expected.sentence}）"}
        return
    company = {"compared_within": list(rule.company)} if rule.company else {}
    yield {"type": custom_type(rule), "kwargs": {"column": suite.key[0]}, **said, "meta": {**said["meta"], **company}}


def all_suites() -> tuple[Suite, ...]:
    """Every suite of the project, in the order in which a number passes through them."""
    from expectations import corrections, ledger, observations, release, snapshots, star

    return (
        snapshots.SNAPSHOT_SUITE,
        snapshots.PAGE_SUITE,
        ledger.SUITE,
        observations.SUITE,
        corrections.SUITE,
        *star.SUITES,
        release.SUITE,
    )


def written(config: dict[str, Any]) -> str:
    """A suite as its file holds it."""
    spread = json.dumps(config, ensure_ascii=False, indent=2)
    # A list of codes is easier to read in a line.
    return _LIST.sub(lambda found: "[" + ", ".join(found[1].split(",\n")).replace("  ", "") + "]", spread) + "\n"


def main() -> None:
    """Write every suite, and remove the files of those that are no more."""
    FOLDER.mkdir(exist_ok=True)
    configs = {f"{config['name']}.json": config for suite in all_suites() for config in suite_configs(suite)}
    for file in FOLDER.glob("*.json"):
        if file.name not in configs:
            file.unlink()
    for name, config in configs.items():
        (FOLDER / name).write_text(written(config), encoding="utf-8")


if __name__ == "__main__":
    main()

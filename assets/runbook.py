"""What the runbook says to do about a broken check, so that the UI shows it beside the check.

Here belongs finding an entry; the words are in `docs/runbook.md`. Knows nothing of Dagster.
"""

import functools
from pathlib import Path

RUNBOOK = Path(__file__).parents[1] / "docs" / "runbook.md"


def described(check: str, meaning: str) -> str:
    """Return what a check means, in Chinese, and below it the runbook's entry of it."""
    return f"{meaning}\n\n{entry(check)}\n\n`docs/runbook.md#{check}`"


def what_to_do(check: str) -> str:
    """Return the entry as plain text, where it is read: the UI draws no Markdown among the metadata of a check."""
    return entry(check).replace("**", "").replace("`", "")


def entry(check: str) -> str:
    """Return the runbook's entry of a check; empty where the project was installed without its documents."""
    return _entries().get(check, "")


@functools.cache
def _entries() -> dict[str, str]:
    if not RUNBOOK.exists():
        return {}
    sections = (section.partition("\n") for section in RUNBOOK.read_text(encoding="utf-8").split("\n### ")[1:])
    # The last entry of a chapter is followed by the head of the next.
    return {name.strip(): text.split("\n## ")[0].strip() for name, _, text in sections}

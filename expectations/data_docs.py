"""Data docs: one page for the data steward, and behind it Great Expectations' own pages of every suite and of what broke.

Great Expectations draws its pages for a browser that can fetch styles and scripts from servers elsewhere, and its index has no rows
without them. Here its pages of suites and results are kept, bound to a style sheet and a script of our own that lie beside them; the
index is our page (`rendering.py`), which says everything on one page in Chinese, leads from each rule to the runbook, and shows the
sentence of each broken row. A suite in which nothing broke has a page of what it expects and none of results.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.rendering import Link, render
from expectations.report import SuiteReport
from expectations.suites import all_suites, suite_configs

_STATIC = Path(__file__).with_name("data_docs_pages")
#: What the pages would fetch from elsewhere or advertise.
_FOREIGN = re.compile(r"<script\b.*?</script>|<footer>.*?</footer>|<link\b[^>]*>|<img\b[^>]*>", re.DOTALL)


def build_data_docs(reports: Sequence[SuiteReport], folder: Path, *, made_at: datetime, runbook: str) -> Path:
    """Write the data docs of `reports` into `folder`, in the place of those that are there.

    Args:
        reports: in the order in which they are to be read.
        made_at: shown as when the checks ran.
        runbook: address of the runbook, to whose headings each rule links.

    Returns:
        The page to begin with.
    """
    aside = folder.with_name(f".{folder.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    records = [record for report in reports for record in _records(report.validation)]
    _great_expectations_pages(records, aside, made_at)
    links = {report.suite: tuple(_links(report, aside)) for report in reports}
    (aside / "index.html").write_text(render(reports, made_at=made_at, runbook=runbook, links=links), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    return folder / "index.html"


def _records(validation: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The results of Great Expectations that a report keeps, by suite; those of a report on several parts one after another."""
    if "parts" in validation:
        for part in validation["parts"]:
            yield from _records(part)
    else:
        yield from validation.items()


def _great_expectations_pages(
    records: Sequence[tuple[str, Mapping[str, Any]]], folder: Path, made_at: datetime
) -> None:
    from expectations.validation import build_pages

    suites = all_suites()
    build_pages(
        [config for suite in suites for config in suite_configs(suite)],
        [rule for suite in suites for rule in suite.rules],
        records,
        folder,
        made_at,
    )
    shutil.rmtree(folder / "static", ignore_errors=True)
    shutil.copytree(_STATIC, folder / "static")
    (folder / "index.html").unlink(missing_ok=True)
    for page in folder.rglob("*.html"):
        up = "../" * (len(page.relative_to(folder).parts) - 1)
        ours = f'<link rel="stylesheet" href="{up}static/pages.css"><script src="{up}static/pages.js"></script></head>'
        text = _FOREIGN.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", ours, 1), encoding="utf-8")


def _links(report: SuiteReport, folder: Path) -> Iterator[Link]:
    """The pages of a suite: what it expects, and where something broke, what was found."""
    (suite,) = (suite for suite in all_suites() if suite.name == report.suite)
    for part in suite.parts:
        yield Link(f"{part}：应当如何", f"expectations/{part}.html")
        for page in sorted((folder / "validations" / part).rglob("*.html")):
            yield Link(f"{part}：结果", page.relative_to(folder).as_posix())

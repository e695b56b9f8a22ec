"""The page of the data docs that a data steward begins with: the reports of all suites, and it opens without internet.

It says everything on one page: which rules hold, which are broken by how many rows, the first of these rows with their sentence, and
what the runbook says to do. `data_docs.py` puts Great Expectations' own pages behind it.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from expectations.report import RuleResult, SuiteReport

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --error: #c0392b; --warning: #b9770e; --holds: #1e8449; }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.count, th.count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.error { color: var(--error); } .warning { color: var(--warning); } .holds { color: var(--holds); }
.verdict { white-space: nowrap; font-weight: 600; } code { font-size: .9em; } details { margin: .4rem 0; }
details table { font-size: .85rem; margin: .4rem 0 1rem; } summary { cursor: pointer; } .scroll { overflow-x: auto; }
"""
_WORDS = {"error": "错误", "warning": "提示"}


class Link(NamedTuple):
    """A page behind this one: what it is of, and its address."""

    text: str
    address: str


def render(
    reports: Sequence[SuiteReport],
    *,
    made_at: datetime,
    runbook: str = "docs/runbook.md",
    links: Mapping[str, Sequence[Link]] = MappingProxyType({}),
) -> str:
    """One HTML page of all `reports`.

    Args:
        reports: in the order in which they are to be read.
        made_at: shown as when the checks ran.
        runbook: address of the runbook, to whose headings each rule links.
        links: for each suite, the pages of it that lie behind.
    """
    body = "\n".join(_suite(report, runbook, links.get(report.suite, ())) for report in reports)
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\n'
        f"<title>数据检验 · Data docs</title><style>{_STYLE}</style></head>\n<body>\n<h1>数据检验 · Data docs</h1>\n"
        f"<p>检验时间 {html.escape(made_at.strftime('%Y-%m-%d %H:%M %Z').strip())}。“错误”的行被隔离、不公布，或阻止发布；“提示”的行照常公布并作标记。</p>\n"
        f"{_contents(reports)}\n{body}\n</body></html>\n"
    )


def _contents(reports: Sequence[SuiteReport]) -> str:
    rows = "".join(
        f'<tr><td><a href="#{html.escape(report.suite)}">{html.escape(report.suite)}</a></td>'
        f'<td class="count">{report.rows:,}</td><td class="count">{len(report.broken("error"))}</td>'
        f'<td class="count">{len(report.broken("warning"))}</td><td class="count">{len(report.results)}</td></tr>'
        for report in reports
    )
    return (
        '<table><tr><th>检验组 suite</th><th class="count">行数 rows</th><th class="count">违反的错误规则 errors</th>'
        f'<th class="count">违反的提示规则 warnings</th><th class="count">规则数 rules</th></tr>{rows}</table>'
    )


def _suite(report: SuiteReport, runbook: str, links: Sequence[Link]) -> str:
    behind = " · ".join(f'<a href="{html.escape(link.address)}">{html.escape(link.text)}</a>' for link in links)
    rows = "\n".join(_rule(result, runbook) for result in report.results)
    examples = "\n".join(_examples(result) for result in report.results if result.examples)
    return (
        f'<h2 id="{html.escape(report.suite)}">{html.escape(report.suite)}</h2>\n{f"<p>Great Expectations：{behind}</p>" if links else ""}<table><tr><th>结果</th><th>规则 rule</th>'
        f'<th>应当如何 expected</th><th class="count">检验行数</th><th class="count">违反行数</th></tr>\n{rows}\n</table>\n{examples}'
    )


def _rule(result: RuleResult, runbook: str) -> str:
    kind, word = ("holds", "符合") if result.success else (result.severity, _WORDS[result.severity])
    return (
        f'<tr><td class="verdict {kind}">{word}</td>'
        f'<td><a href="{html.escape(runbook)}#{result.rule}"><code>{result.rule}</code></a></td>'
        f'<td>{html.escape(result.meaning)}</td><td class="count">{result.evaluated:,}</td>'
        f'<td class="count">{result.failed:,}</td></tr>'
    )


def _examples(result: RuleResult) -> str:
    columns = list(result.examples[0])
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    rows = "".join(f"<tr>{''.join(_cells(example.values()))}</tr>" for example in result.examples)
    shown = f"（列出 {len(result.examples)} 行）" if result.failed > len(result.examples) else ""
    return (
        f'<details{" open" if result.severity == "error" else ""}><summary class="{result.severity}"><code>{result.rule}</code> '
        f'{result.failed:,} 行{shown}</summary><div class="scroll"><table><tr>{head}</tr>{rows}</table></div></details>'
    )


def _cells(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield f"<td>{'' if value is None else html.escape(str(value))}</td>"

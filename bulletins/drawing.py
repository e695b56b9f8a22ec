"""The tables of a page, drawn for the person who checks a reading: each cell in the colour of its role, each figure with its reading.

Here belongs how grids are shown, in Chinese; `markup.py` puts them into the page of a reading. What they mean is taken as it was read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from bulletins.tables.shown import ShownCell, ShownTable

#: Roles of cells, in the order of the legend -> name.
ROLES: Mapping[str, str] = {
    "head": "表头",
    "stub": "行名",
    "value": "数值",
    "unit": "单位",
    "rank": "序号",
    "code": "代码",
    "score": "分值",
    "remark": "备注、附注",
    "unread": "隐藏、划去，不读",
}

STYLE = """
.grid { margin: 1.5rem 0; overflow-x: auto }
.grid figcaption, .roles { color: var(--soft); font-size: .9rem }
.grid table { width: auto; font-size: .85rem; line-height: 1.4 }
.grid td { border: 1px solid var(--rule); padding: .25rem .5rem; white-space: normal; min-width: 3rem; max-width: 14rem }
.grid small { display: block; color: var(--soft); font-size: .72rem; line-height: 1.35 }
.grid small.read { color: inherit; opacity: .85 } .grid small a { text-decoration: none }
main.gallery { max-width: none; margin: 0 }
.role-head { background: var(--panel); font-weight: 600 } .role-stub { background: var(--panel) }
.role-unit, .role-rank, .role-code, .role-score, .role-remark { background: var(--other); color: var(--soft) }
.role-unread { text-decoration: line-through; color: var(--soft) }
.roles { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem .8rem; padding: 0 }
.roles li { border: 1px solid var(--rule); padding: 0 .5rem }
"""

_TOLD = ("读作", "指标", "何地", "何时")


def drawn(tables: Sequence[ShownTable], numbers: Iterable[Mapping[str, Any]], *, linked: bool = True) -> str:
    """Tables as HTML with what each of their figures was read as; empty for none.

    Args:
        tables: the tables.
        numbers: those of the page, each with `start`, `mark` and `facts` by name, as `markup.marked_page` has them.
        linked: whether the page holds an element `n<start>` for each number.
    """
    if not tables:
        return ""
    known = sorted(numbers, key=lambda number: number["start"])
    starts = [number["start"] for number in known]
    legend = "".join(f'<li class="role-{role}">{name}</li>' for role, name in ROLES.items())
    figures = "".join(f'<figure class="grid">{_figure(table, known, starts, linked)}</figure>' for table in tables)
    return f'<ul class="roles">{legend}</ul>{figures}'


def _figure(table: ShownTable, numbers: Sequence[Mapping[str, Any]], starts: Sequence[int], linked: bool) -> str:
    rows: dict[int, list[ShownCell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    width = max((cell.column + cell.columns for cell in table.cells), default=0)
    lines: list[str] = []
    taken: set[tuple[int, int]] = set()
    for row in range(max(rows, default=-1) + 1):
        by_column = {cell.column: cell for cell in reversed(rows.get(row, []))}
        pieces = []
        for column in range(width):
            if (row, column) in taken:
                continue
            found = by_column.get(column)
            if found is None:
                pieces.append("<td></td>")
                continue
            taken.update(
                (r, c) for r in range(row, row + found.rows) for c in range(column, min(column + found.columns, width))
            )
            pieces.append(_cell(found, numbers[slice(*_within(found, starts))], linked))
        lines.append(f"<tr>{''.join(pieces)}</tr>")
    caption = " › ".join(dict.fromkeys(escape(words) for words in table.captions if words))
    return f"<figcaption>{caption}</figcaption><table>{''.join(lines)}</table>"


def _within(cell: ShownCell, starts: Sequence[int]) -> tuple[int, int]:
    return bisect_left(starts, cell.span[0]), bisect_left(starts, max(cell.span[1], cell.span[0]))


def _cell(cell: ShownCell, numbers: Sequence[Mapping[str, Any]], linked: bool) -> str:
    spans = "".join(
        f' {name}="{count}"' for name, count in (("rowspan", cell.rows), ("colspan", cell.columns)) if count > 1
    )
    read = [number for number in numbers if number["mark"] in ("coded", "open", "unread")]
    marks = f" {read[0]['mark']}" if read and cell.role == "value" else ""
    notes = "".join(_notes(cell, read, linked))
    return f'<td class="role-{cell.role}{marks}"{spans}>{escape(cell.text)}{notes}</td>'


def _notes(cell: ShownCell, numbers: Sequence[Mapping[str, Any]], linked: bool) -> Iterator[str]:
    if cell.facts:
        yield f"<small>{escape('；'.join(f'{name} {value}' for name, value in cell.facts))}</small>"
    for number in numbers:
        told = "；".join(number["facts"][name] for name in _TOLD if number["facts"].get(name))
        words = escape(told or "；".join(number["facts"].values()))
        shown = f'<a href="#n{number["start"]}">{words}</a>' if linked else words
        yield f'<small class="read">{shown}</small>'

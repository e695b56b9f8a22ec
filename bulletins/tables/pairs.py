"""Is a table a form of names and values side by side, `低保户数 | 2312户 | 低保人数 | 3675人`? Then each pair is a row of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulletins.tables.figures import content_of
from bulletins.tables.grid import Cell
from bulletins.tables.units import Units, implied_by

Row = list[Cell | None]

_MOSTLY = 0.6
_LONGEST_NAME = 40  # code points


def pairs_of(rows: Sequence[Row], units: Units) -> list[Row] | None:
    """The rows of a form, each with the name of its group, if the form has any, its own name and its value; None for other tables.

    Rows of one cell alone stay rows of one cell.
    """
    full = [row for row in rows if len(_distinct(row)) > 1]
    width = max(map(len, full), default=0)
    grouped = width % 2 == 1 and all(row[0] is not None and row[0].rows > 1 for row in full if len(row) == width)
    if len(full) < 2 or width - grouped < 4 or (width - grouped) % 2:
        return None
    pairs = [pair for row in full for pair in _pairs(row, int(grouped))]
    first = ["".join(name.text.split()) for name, _ in _pairs(full[0], int(grouped))]
    if len(set(first)) < len(first) or not _is_form(pairs, units):
        return None
    found: list[Row] = []
    for row in rows:
        if len(cells := _distinct(row)) <= 1:
            found += [[*cells, *([None] * (1 + grouped + 1 - len(cells)))]] if cells else []
        else:
            found += [[*row[: int(grouped)], name, value] for name, value in _pairs(row, int(grouped))]
    return found


def _distinct(row: Row) -> list[Cell]:
    return list({id(cell): cell for cell in row if cell is not None}.values())


def _pairs(row: Row, start: int) -> Iterator[tuple[Cell, Cell | None]]:
    for column in range(start, len(row) - 1, 2):
        name, value = row[column], row[column + 1]
        if name is not None and name is not value and (column == start or name is not row[column - 1]):
            yield name, value


def _is_form(pairs: Sequence[tuple[Cell, Cell | None]], units: Units) -> bool:
    """Whether the names are names, most of them of their own, and the values have units in themselves or from their names."""
    names = [name.text for name, _ in pairs]
    if any(content_of(name).kind not in ("words", "empty") or len(name) > _LONGEST_NAME for name in names):
        return False
    if len(set(names)) < 0.9 * len(names):
        return False
    values = [(name.text, content) for name, value in pairs if value for content in [content_of(value.text)]]
    said = [(name, content) for name, content in values if content.kind not in ("empty",)]
    figures = [(name, content) for name, content in said if content.kind == "figures"]
    with_unit = [
        name
        for name, content in figures
        if content.figures[0].tail or len(units.stated_in(name)) == 1 or implied_by(name)
    ]
    return bool(figures) and len(figures) >= _MOSTLY * len(said) and len(with_unit) >= _MOSTLY * len(figures)

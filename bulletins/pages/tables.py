"""Tables as text: a grid of cells becomes pipe rows, whatever file it came from.

What a cell is and how it is printed is in `tables/grid.py`; a front end that makes a `Grid` needs nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bulletins.tables.from_html import is_layout
from bulletins.tables.grid import Cell, Grid, write

__all__ = ["Cell", "is_layout", "pipe_rows"]


def pipe_rows(table: Iterable[Sequence[Cell]]) -> list[str]:
    """Return the table as lines, as `grid.write` prints it; `table` is as in `Grid.laid_out`."""
    text, _ = write([Grid.laid_out(table)])
    return text.split("\n") if text else []

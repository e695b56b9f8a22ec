"""The numbers of tables that are no figures, each with its verdict: hidden and struck cells, heads, names, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bulletins.records import Unprinted
from bulletins.tables.grid import UNREAD, Grid

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def unprinted(grids: Iterable[Grid]) -> Iterator[Unprinted]:
    """The numbers of cells that are not to be read."""
    for grid in grids:
        for cell in grid.cells:
            if cell.unread:
                verdict = "unread" if cell.unread == "formula" else "furniture"
                numbers = [cell.text] if cell.unread == "formula" else _NUMBER.findall(cell.text)
                for number in numbers:
                    yield Unprinted(cell.start, number, verdict, UNREAD.get(cell.unread, cell.unread))

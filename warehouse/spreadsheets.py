"""CSV that a spreadsheet may open: words of web pages are shown in it and never run, and come back as they were.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break for a formula. Of such a cell, and of one that
begins with an apostrophe, the exported CSV has an apostrophe before the text; whoever reads it takes one apostrophe off. That holds
for columns of text alone: numbers are numbers.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

_RUN = "=+-@\t\r\n"


def guarded(expression: str) -> str:
    """Return the SQL expression of a text, guarded."""
    starts = ", ".join(f"chr({ord(character)})" for character in (*_RUN, "'"))
    return f"CASE WHEN left({expression}, 1) IN ({starts}) THEN chr(39) || {expression} ELSE {expression} END"


def read_csv(path: Path) -> pl.DataFrame:
    """Read an exported CSV back: every column as text, as it was before it was guarded; empty cells are null."""
    rows = pl.read_csv(path, infer_schema=False)
    return rows.with_columns(pl.all().str.strip_prefix("'"))

"""Plain text and text with delimiters (CSV, tab-separated) → lines and grids.

Here belongs which character delimits, if one does: a text is a table only where nearly all of its lines have as many fields.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO

from bulletins.pages.page import decode
from bulletins.tables.grid import Cell, Grid

_DELIMITERS = ",\t;|"
_LOOKED_AT = 20_000  # bytes from the beginning
_MOST = 0.7  # lines with the usual number of fields; a title and notes have fewer
_FEWEST_LINES = 2
_TAG = re.compile(r"<[a-zA-Z!/?]")
_SENTENCE = re.compile(r"[。；！？]")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")


def delimiter_of(raw: bytes) -> str:
    """Return the character that parts the fields of a text, empty for what is no text with delimiters."""
    head = raw[:_LOOKED_AT]
    if b"\x00" in head and not head.startswith(_BOMS):
        return ""
    text = decode(head[: head.rfind(b"\n")] if len(raw) > len(head) else head).text
    if "\ufffd" in text or _TAG.search(text):
        return ""
    return (
        max(_DELIMITERS, key=lambda delimiter: _fit(text, delimiter)) if any(_fit(text, d) for d in _DELIMITERS) else ""
    )


def _fit(text: str, delimiter: str) -> float:
    """Return how many fields a line has, 0 where lines do not agree in it or are sentences."""
    if delimiter not in text:
        return 0
    try:
        rows = [row for row in csv.reader(StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0
    if len(rows) < _FEWEST_LINES or sum(bool(_SENTENCE.search("".join(row))) for row in rows) > len(rows) / 2:
        return 0
    width, lines = Counter(map(len, rows)).most_common(1)[0]
    return width if width > 1 and lines >= _MOST * len(rows) else 0


def delimited_blocks(raw: bytes) -> list[str | Grid]:
    """Return a text with delimiters as one grid.

    Raises:
        ValueError: nothing delimits its fields.
    """
    delimiter = delimiter_of(raw)
    if not delimiter:
        raise ValueError("no character parts its fields")
    rows = csv.reader(StringIO(decode(raw).text), delimiter=delimiter)
    return [Grid.laid_out([[Cell(field) for field in row] for row in rows])]


def text_blocks(raw: bytes) -> list[str | Grid]:
    """Return a plain text, one line a block."""
    return [line for line in (" ".join(line.split()) for line in decode(raw).text.splitlines()) if line]

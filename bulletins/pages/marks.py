"""How a mark that is raised above the line is written, whatever file it stands in: `12873` and a raised 2 as `12873[2]`, m and 2 as `m²`.

Here belongs what all front ends do with raised text, so that a note's number never becomes a digit of a figure.
"""

from __future__ import annotations

import re

_SQUARED = {"2": "²", "3": "³"}
_NOTE = re.compile(r"[\[\(（【〔]?\s*(注?\s*\d{1,2}(?:[,，、]\d{1,2})*|[①-⑳⑴-⒇]|注|\*{1,3})\s*[\]\)）】〕]?")
_TEN_BEFORE = re.compile(r"(?<!\d)10$")
_POWERS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_UNIT_BEFORE = re.compile(r"(?:[mM]|米|里|公里|尺)$")


def note(raised: str) -> str:
    """Return what a raised text names (`1`, `注1`, `①`, `*`), without brackets; empty where it is no mark of a note."""
    found = _NOTE.fullmatch(" ".join(raised.split()))
    return found.group(1).replace(" ", "") if found else ""


def raised_text(raised: str, before: str) -> str:
    """Return how a raised text is written behind `before`: `²` behind a unit of length, `10⁴`, `[1]` for a note, else as it is."""
    words = raised.strip()
    if words.lstrip("-−").isdigit() and _TEN_BEFORE.search(before):
        return words.translate(_POWERS)
    if words in _SQUARED and _UNIT_BEFORE.search(before):
        return _SQUARED[words]
    return f"[{mark}]" if (mark := note(words)) else raised


_MARKS_AT_END = re.compile(r"(?:\[(?:注?\d{1,2}(?:[,、]\d{1,2})*|[①-⑳]|注|\*{1,3})\])+$")


def parted(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without the marks of notes at its end, and these."""
    marks = _MARKS_AT_END.search(text)
    if marks is None:
        return text, ()
    return text[: marks.start()].rstrip(), tuple(re.findall(r"[^\[\]]+", marks.group()))

"""Runs of one paragraph or cell, each hidden, struck, raised or plain → what is shown, its notes, and what is left out.

Here belongs what spreadsheets and text documents share once their own properties are told; where a format keeps these properties
is in its own module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bulletins.pages.marks import note, raised_text
from bulletins.tables.grid import Cell, Grid

_DIGIT = re.compile(r"\d|[〇零一二三四五六七八九十百千万亿]{2,}")
#: A number that the width of its cell broke: `1,234,` over `567.8`, `1,234` over `.5`.
_BROKEN_NUMBER = re.compile(r"(?<=\d,)\n(?=\d{3}(?!\d))|(?<=\d\.)\n(?=\d)|(?<=\d)\n(?=[.,]\d)")
_SQUARES = "²³"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look. `unread` is empty, `hidden` or `struck`, as in `Cell.unread`."""

    text: str
    unread: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of some runs.

    Attributes:
        text: with raised notes in brackets.
        left_out: what was hidden or struck out and holds a number, as cells that are not printed.
    """

    text: str
    left_out: tuple[Cell, ...] = field(default=())

    def blocks(self) -> list[str | Grid]:
        """Return the text, and beside it what is left out, so that each of its numbers is accounted for."""
        left = [Grid.laid_out([self.left_out])] if self.left_out else []
        return [self.text, *left]


def shown(runs: Iterable[Run]) -> Shown:
    """Put runs together as they are shown."""
    text = ""
    gone: list[Run] = []
    raised = ""
    for run in _merged(runs):
        if run.unread:
            gone.append(run)
            continue
        if run.raised:
            raised += run.text
            continue
        text += _raised(raised, text) + run.text
        raised = ""
    text += _raised(raised, text)
    return Shown(text, left_out(gone))


def left_out(runs: Iterable[Run]) -> tuple[Cell, ...]:
    """Return hidden and struck runs as cells that are not printed, those only that hold a number."""
    return tuple(Cell(" ".join(run.text.split()), unread=run.unread) for run in runs if _DIGIT.search(run.text))


def cell_of(runs: Iterable[Run]) -> tuple[Cell, tuple[Cell, ...]]:
    """Return the cell that runs make, its raised notes apart, and what of them is left out."""
    plain: list[Run] = []
    notes: list[str] = []
    gone: list[Run] = []
    for run in _merged(runs):
        before = "".join(run.text for run in plain)
        mark = note(run.text) if run.raised and raised_text(run.text, before) not in _SQUARES else ""
        if run.unread:
            gone.append(run)
        elif mark:
            notes.append(mark)
        else:
            plain.append(run)
    return Cell(_tidy(shown(plain).text), notes=tuple(notes)), left_out(gone)


def _tidy(text: str) -> str:
    """Bring the text of a cell to single blanks, its paragraphs kept apart; a number that only its cell broke is one again."""
    parts = "\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n"))))
    return _BROKEN_NUMBER.sub("", parts)


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours of one look: programs cut a run wherever somebody corrected it."""
    merged: list[Run] = []
    for run in runs:
        if merged and (merged[-1].unread, merged[-1].raised) == (run.unread, run.raised):
            merged[-1] = Run(merged[-1].text + run.text, run.unread, run.raised)
        elif run.text:
            merged.append(run)
    return merged


def _raised(text: str, before: str) -> str:
    return raised_text(text, before) if text else ""

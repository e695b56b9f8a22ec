"""Which words are evidence? The word lists of `catalog/evidence.csv`, looked for in stretches of text.

A row holds: question, name, scope (which stretch is looked at), words (`a|b`, a plain word each), example, counter_example. Both
examples are tests. What a word is worth is not said here but learned.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.catalog import CATALOG_FOLDER, CatalogError

_FILE = CATALOG_FOLDER / "evidence.csv"
_COLUMNS = ["question", "name", "scope", "words", "example", "counter_example"]
SCOPES = frozenset(["text", "title", "clause", "sentence", "paragraph"])


class Cue(NamedTuple):
    """One piece of evidence that is only words."""

    question: str
    name: str
    scope: str
    words: tuple[str, ...]
    example: str
    counter_example: str

    def stands_in(self, stretch: str) -> bool:
        """Whether one of the words stands in a stretch."""
        return any(word in stretch for word in self.words)


class Cues:
    """All cues, by question and scope."""

    def __init__(self, of: Mapping[tuple[str, str], tuple[Cue, ...]]) -> None:
        self.of = of
        self._scanners = {key: _Scanner(cues) for key, cues in of.items()}

    def found(self, question: str, scope: str, stretch: str) -> list[str]:
        """The names of those that stand in a stretch, in the order of the table."""
        scanner = self._scanners.get((question, scope))
        return scanner.found(stretch) if scanner is not None and stretch else []


class _Scanner:
    """Finds the words of many cues in one pass."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._names = [cue.name for cue in cues]
        words = [(word, index) for index, cue in enumerate(cues) for word in cue.words]
        self._cue_of = [index for _, index in words]
        self._automaton = AhoCorasick([word for word, _ in words], matchkind=MatchKind.Standard)

    def found(self, stretch: str) -> list[str]:
        hits = self._automaton.find_matches_as_indexes(stretch, overlapping=True)
        return [self._names[index] for index in sorted({self._cue_of[hit[0]] for hit in hits})]


def cues_of(rows: Iterable[Mapping[str, str]], where: str) -> Cues:
    """Check rows of the table and group them.

    Raises:
        CatalogError: a row has no words, an unknown scope, or a name that its question has already.
    """
    found: dict[tuple[str, str], list[Cue]] = {}
    for number, row in enumerate(rows, 2):
        words = tuple(word for word in row["words"].split("|") if word)
        cue = Cue(row["question"], row["name"], row["scope"], words, row["example"], row["counter_example"])
        line = f"{where}:{number}"
        if not words or not cue.name:
            raise CatalogError(f"{line}: a piece of evidence needs a name and at least one word")
        if cue.scope not in SCOPES:
            raise CatalogError(f"{line}: scope «{cue.scope}» is none of {', '.join(sorted(SCOPES))}")
        of_scope = found.setdefault((cue.question, cue.scope), [])
        if any(other.name == cue.name for other in of_scope):
            raise CatalogError(
                f"{line}: «{cue.name}» stands twice for {cue.question} in {cue.scope}; name it otherwise"
            )
        of_scope.append(cue)
    return Cues({key: tuple(cues) for key, cues in found.items()})


@functools.cache
def load_cues(path: Path = _FILE) -> Cues:
    """The project's cues, read once a process."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != _COLUMNS:
            raise CatalogError(f"{path}: its columns are not {', '.join(_COLUMNS)}")
        return cues_of(reader, str(path))

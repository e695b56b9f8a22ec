"""What is each piece of evidence worth? The weights of `catalog/weights.csv`, and how they add up to an answer.

Weights are learned from the annotated bulletins by `make weights` and never edited by hand. Every question is a contest among
candidates: the years that stand in a text, the codes that its words speak for, the three statuses. A piece of evidence has one
weight, whichever candidate it speaks for.
"""

from __future__ import annotations

import csv
import functools
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bulletins.catalog import CATALOG_FOLDER, CatalogError
from bulletins.evidence.brief import LONGEST_RUN, Brief, Bundle, names_of, pairs, runs

_FILE = CATALOG_FOLDER / "weights.csv"
_COLUMNS = ["question", "evidence", "weight"]
#: The evidence under which a question's own settings stand: from which certainty on the weighed answer speaks.
SPEAKS_FROM = "speaks_from"
CALIBRATION = "calibration"
KNOWN = "known"  # an indicator of which was learned
_REMEMBERED = 1 << 13  # bundles, some 2 MB
_FOUND_IN_TEXT = frozenset([runs, pairs])  # namers of bundles too many to remember
_NO_WEIGHTS: Mapping[str, float] = {}
_BITS = 21  # of a code point
NEVER = 2.0  # a certainty that no answer reaches: the question is left to the rules


class Answer(NamedTuple):
    """The answer that the evidence speaks for.

    Attributes:
        value: the answer.
        certainty: its share of the probability, 0 to 1.
        runner_up: the next best answer; equal to `value` where there is no other.
        shares: the probability of every answer, by answer.
    """

    value: str
    certainty: float
    runner_up: str
    shares: Mapping[str, float]


class Contest:
    """A question among candidates: one weight for each piece of evidence, whichever candidate it speaks for."""

    def __init__(self, weight: Mapping[str, float]) -> None:
        self.weight = weight
        #: The weights of evidence that a number and a candidate share, `aspect|clue`: by clue, then by aspect.
        self._by_clue: dict[str, dict[str, float]] = {}
        for name, value in weight.items():
            aspect, joined, clue = name.partition("|")
            if joined:
                self._by_clue.setdefault(clue, {})[aspect] = value
        # The same bundles come on all pages: 19 of 20 are remembered, without so much as their names being made.
        self._worth = functools.lru_cache(maxsize=_REMEMBERED)(self._add_up)
        self._runs = functools.cache(self._known_runs)
        self._worths = functools.lru_cache(maxsize=_REMEMBERED)(self._add_up_by_aspect)

    def answer(self, candidates: Mapping[str, Mapping[str, float]]) -> Answer:
        """Add up the evidence of each candidate by its names; what has a strength counts by it."""
        scores = [sum(self.weight.get(name, 0.0) * strength for name, strength in evidence.items())
                  for evidence in candidates.values()]  # fmt: skip
        return answer_of(tuple(candidates), scores)

    def decide(self, briefs: Sequence[Brief]) -> list[Answer]:
        """The same for the evidence of numbers: `answer(brief.by_name())` for each, in a fraction of the time."""
        of_runs = self._of_runs(briefs)
        return [self._decide(brief, of_runs) for brief in briefs]

    def _decide(self, brief: Brief, of_runs: Mapping[Bundle, Mapping[str, float]]) -> Answer:
        of_clues = [of_runs[bundle] if bundle[0] in _FOUND_IN_TEXT else self._worths(bundle) for bundle in brief.clues]
        scores = []
        for own, joint in brief.candidates.values():
            score = sum(map(self._worth, own))
            for aspect, places in joint:
                for place in places:
                    score += of_clues[place].get(aspect, 0.0)
            scores.append(score)
        return answer_of(tuple(brief.candidates), scores)

    def _of_runs(self, briefs: Sequence[Brief]) -> dict[Bundle, Mapping[str, float]]:
        """For all bundles of runs what they are worth, for every aspect."""
        asked: dict[str, list[Bundle]] = {}
        for brief in briefs:
            for bundle in brief.clues:
                if bundle[0] in _FOUND_IN_TEXT:
                    asked.setdefault(bundle[1], []).append(bundle)
        return {
            bundle: worths
            for tag, of_tag in asked.items()
            for bundle, worths in zip(
                of_tag, self._runs(tag).worths([stretch for _, _, stretch in of_tag]), strict=True
            )
        }

    def _known_runs(self, tag: str) -> _Runs:
        return _Runs({clue[len(tag) :]: row for clue, row in self._by_clue.items() if clue.startswith(tag)})

    def _add_up(self, bundle: Bundle) -> float:
        return sum(self.weight.get(name, 0.0) for name in names_of(bundle))

    def _add_up_by_aspect(self, bundle: Bundle) -> Mapping[str, float]:
        """For every aspect the weights of a bundle's clues."""
        return _total([row for clue in names_of(bundle) if (row := self._by_clue.get(clue)) is not None])

    def reasons(
        self, evidence: Mapping[str, float], other: Mapping[str, float], most: int = 6
    ) -> list[tuple[str, float]]:
        """What speaks most for one candidate against another."""
        names = evidence.keys() | other.keys()
        found = {name: self.weight.get(name, 0.0) * (evidence.get(name, 0.0) - other.get(name, 0.0)) for name in names}
        return sorted(((name, value) for name, value in found.items() if value), key=lambda item: -abs(item[1]))[:most]


class _Runs:
    """Adds up the weights of the runs of characters in stretches, all stretches of a page at once.

    A run is a number, 21 bits for each of its code points. There are some ninety runs around each number: as strings, to make them
    alone took a tenth of the time of reading.
    """

    def __init__(self, by_run: Mapping[str, Mapping[str, float]]) -> None:
        order = sorted(by_run, key=_key_of)
        self._keys = np.array([_key_of(run) for run in order], dtype=np.int64)
        self._aspects = sorted({aspect for row in by_run.values() for aspect in row})
        place = {aspect: index for index, aspect in enumerate(self._aspects)}
        # The rows of all runs one behind the other: few runs speak for more than a few aspects.
        self._first = np.concatenate([[0], np.cumsum([len(by_run[run]) for run in order])]).astype(np.int64)
        self._aspect = np.array([place[aspect] for run in order for aspect in by_run[run]], dtype=np.int64)
        self._weight = np.array([weight for run in order for weight in by_run[run].values()])

    def worths(self, stretches: Sequence[str]) -> list[dict[str, float]]:
        """For each stretch and every aspect what its runs are worth, each run counted once."""
        if not self._keys.size:
            return [{} for _ in stretches]
        codes = np.frombuffer("".join(stretches).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
        owner = np.repeat(np.arange(len(stretches)), [len(stretch) for stretch in stretches])
        keys, owners = [codes], [owner]
        for length in range(2, LONGEST_RUN + 1):
            codes = keys[-1][:-1] << _BITS | keys[0][length - 1 :]
            keys.append(codes)
            owners.append(np.where(owner[: len(codes)] == owner[length - 1 :], owner[: len(codes)], -1))
        key, owner = np.concatenate(keys), np.concatenate(owners)
        run = np.minimum(np.searchsorted(self._keys, key), self._keys.size - 1)
        known = (self._keys[run] == key) & (owner >= 0)
        owner, run = np.divmod(np.unique(owner[known] * self._keys.size + run[known]), self._keys.size)
        size = self._first[run + 1] - self._first[run]
        cells = np.repeat(self._first[run] - np.cumsum(size) + size, size) + np.arange(size.sum())
        into = np.repeat(owner, size) * len(self._aspects) + self._aspect[cells]
        totals = np.bincount(into, self._weight[cells], len(stretches) * len(self._aspects))
        return [dict(zip(self._aspects, row, strict=True)) for row in totals.reshape(len(stretches), -1).tolist()]


def _key_of(run: str) -> int:
    return functools.reduce(lambda key, char: key << _BITS | ord(char), run, 0)


def _total(rows: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    """Weights by aspect, added up."""
    if len(rows) < 2:
        return rows[0] if rows else _NO_WEIGHTS
    total = dict(rows[0])
    for row in rows[1:]:
        for aspect, weight in row.items():
            total[aspect] = total.get(aspect, 0.0) + weight
    return total


def answer_of(values: Sequence[str], scores: Sequence[float]) -> Answer:
    """The answer that has the highest score, the first of equal ones; `scores` are logarithms of what the values are worth."""
    # Plain Python: a handful of candidates is too few for numpy to pay.
    top = max(scores)
    worths = [math.exp(score - top) for score in scores]
    total = sum(worths)
    best = scores.index(top)
    rest = [*scores[:best], -math.inf, *scores[best + 1 :]]
    second = rest.index(max(rest))
    shares = {value: worth / total for value, worth in zip(values, worths, strict=True)}
    return Answer(values[best], worths[best] / total, values[second], shares)


@dataclass(frozen=True, slots=True)
class Weights:
    """All that was learned.

    Attributes:
        contests: by question.
        speaks_from: by question, the certainty from which on the weighed answer replaces the rule's.
        known: the indicators that the evidence was learned of.
        calibration: pairs of a raw certainty and the share of observations as certain as that which were right, rising.
    """

    contests: Mapping[str, Contest]
    speaks_from: Mapping[str, float]
    calibration: tuple[tuple[float, float], ...]
    known: frozenset[str] = frozenset()

    def calibrated(self, certainty: float) -> float:
        """How often an observation of this raw certainty was right, between the measured points."""
        points = self.calibration
        at = bisect_right(points, (certainty, 1.0))
        if not 0 < at < len(points):
            return points[min(at, len(points) - 1)][1] if points else certainty
        (raw, right), (next_raw, next_right) = points[at - 1 : at + 1]
        return right + (next_right - right) * (certainty - raw) / (next_raw - raw)


def weights_of(rows: Iterable[Mapping[str, str]], where: str) -> Weights:
    """The weights that rows of question, evidence and weight hold.

    Raises:
        CatalogError: a weight is no number.
    """
    contests: dict[str, dict[str, float]] = {}
    speaks: dict[str, float] = {}
    points: list[tuple[float, float]] = []
    known: set[str] = set()
    for row in rows:
        question, evidence = row["question"], row["evidence"]
        try:
            weight = float(row["weight"])
        except ValueError:
            weight = math.nan
        if not math.isfinite(weight):
            raise CatalogError(f"{where}: the weight «{row['weight']}» of {evidence} is no number; run `make weights`")
        if evidence == SPEAKS_FROM:
            speaks[question] = weight
        elif question == CALIBRATION:
            points.append((float(evidence), weight))
        elif question == KNOWN:
            known.add(evidence)
        else:
            contests.setdefault(question, {})[evidence] = weight
    return Weights(
        {question: Contest(weight) for question, weight in contests.items()},
        speaks,
        tuple(sorted(points)),
        frozenset(known),
    )


@functools.cache
def load_weights(path: Path = _FILE) -> Weights:
    """The project's weights, read once a process.

    Raises:
        CatalogError: the file is missing or damaged; `make weights` makes it anew.
    """
    if not path.is_file():
        raise CatalogError(f"{path}: there are no weights; run `make weights`")
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != _COLUMNS:
            raise CatalogError(f"{path}: its columns are not {', '.join(_COLUMNS)}; run `make weights`")
        return weights_of(reader, str(path))

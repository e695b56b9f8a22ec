"""Make `catalog/weights.csv` from the annotated bulletins, and say how right the weighed answers are out of fold.

    python -m learning.weights [--check] [--only LOT ...]

Every page is judged by weights that did not see it; the thresholds from which on the evidence speaks, and what a certainty means,
are set on those judgements. Then the weights that ship are fitted on all pages. `--check` writes nothing and fails where the
file is not what the bulletins give; `--only` learns from these lots alone, so that others can be read at first contact.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bulletins.catalog import CATALOG_FOLDER, Catalog, load_catalog
from bulletins.evidence import coherence
from bulletins.evidence.coherence import Answered
from bulletins.evidence.judge import year_with
from bulletins.evidence.questions import NONE, QUESTIONS, rule_answer
from bulletins.evidence.weights import CALIBRATION, KNOWN, NEVER, SPEAKS_FROM, Answer, Contest, Weights, answer_of
from learning.fit import Design, Floats
from learning.instances import Candidates, Gathered, Page, gather, pages_of, year_cases

FILE = CATALOG_FOLDER / "weights.csv"
GOLD = Path(__file__).resolve().parents[1] / "tests" / "gold"
_FLOORS = Path(__file__).resolve().parents[1] / "benchmarks" / "floors.json"
FOLDS = 5
_PENALTY = {"page_year": 2.0, "status": 2.0, "indicator": 1.0, coherence.QUESTION: 0.5}
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, NEVER)
_AS_GOOD = 0.001  # of the answers
_SMALL = 0.01  # a weight below it changes no answer
_DECIMALS = 2
_LEAST = 4  # cases: evidence that was seen less often is left out
_CURVE = [step / 10 for step in range(11)]
_TOLERANCE = 0.05  # other processors round otherwise on the way


class Judged(NamedTuple):
    """One question to one page or number, answered by weights that did not see the page."""

    page: Page
    answer: Answer
    rule: str
    right: str
    item: Gathered | None = None  # the number, where one is asked about

    def said(self, floor: float) -> str:
        """The answer: the weighed one from a certainty on, else the rule's."""
        return self.answer.value if self.answer.certainty >= floor else self.rule

    def is_right(self, floor: float) -> bool:
        """Whether that is what was annotated."""
        return self.said(floor) == self.right


def _fresh(judged: Sequence[Judged]) -> list[Judged]:
    """Those of pages that no rule was written on: the only ones that prove anything."""
    return [one for one in judged if not one.page.rules_seen]


def annotated(catalog: Catalog, only: Sequence[str] | None = None) -> list[Page]:
    """All annotated pages of the project; the bulletins of the first years are those that rules were written on."""
    pages = list(pages_of(GOLD, catalog, rules_seen=True))
    for folder in sorted(path.parent for path in GOLD.glob("lot*/docs.jsonl")):
        if only is None or folder.name in only:
            pages += pages_of(folder, catalog, rules_seen=False)
    return pages


# --- questions ----------------------------------------------------------------------------------------------------------


def right_answer(item: Gathered, question: str) -> str:
    """What stands in the row by hand."""
    assert item.row is not None
    value = item.row.get(question) or {"status": "actual"}.get(question, NONE)
    return str(value)


def _rule(item: Gathered, question: str) -> str:
    """What the rules answered, in the terms of those who annotated."""
    answer = rule_answer(item.observation, question)
    return NONE if question == "indicator" and answer not in item.page.codes else answer


class Fitted(NamedTuple):
    """One question: its weights from all cases, and every case's answer by weights that did not see its page."""

    contest: Contest
    answers: list[Answer]


def fit(
    question: str, cases: Iterable[Candidates], right: Sequence[str], folds: Sequence[int], *, least: int
) -> Fitted:
    """Learn what the evidence of one question is worth, from all cases and out of fold.

    Args:
        question: which penalty to take.
        cases: for each the candidates with their evidence; gone through once.
        right: the right candidate of each; a case in which it is none of the candidates teaches nothing.
        folds: the part of the pages that each belongs to.
        least: evidence that fewer cases have is left out.
    """
    design = Design(cases, least=least)
    place = [case.index(answer) if answer in case else -1 for case, answer in zip(design.values, right, strict=True)]

    def learned(part: list[int]) -> Floats:
        return design.fit(part, [place[index] for index in part], penalty=_PENALTY[question])

    teaching = [index for index, at in enumerate(place) if at >= 0]
    answers: dict[int, Answer] = {}
    for fold in range(FOLDS):
        shares = design.shares(learned([index for index in teaching if folds[index] != fold]))
        for index, values in enumerate(design.values):
            if folds[index] == fold:
                answers[index] = answer_of(values, np.log(shares[index] + 1e-300).tolist())
    return Fitted(design.contest(learned(teaching)), [answers[index] for index in range(len(design.values))])


def threshold(judged: Sequence[Judged]) -> float:
    """The certainty from which on the weighed answer speaks: where most answers are right on pages no rule was written on."""
    fresh = _fresh(judged)
    return _highest_good(lambda floor: sum(one.is_right(floor) for one in fresh), len(fresh) * _AS_GOOD)


def _highest_good(right: Callable[[float], int], loss: float) -> float:
    """The highest threshold that loses no more than `loss` right answers to the best one: in doubt the rules speak."""
    best = max(right(floor) for floor in _THRESHOLDS)
    return max(floor for floor in _THRESHOLDS if right(floor) >= best - loss)


def calibration(certainties: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Points of a raw certainty and the share that was right, rising: neighbours that fall are pooled."""
    order = np.argsort(certainties, kind="stable")
    bins = [part for part in np.array_split(order, 40) if len(part)]
    pooled: list[tuple[float, float, int]] = []
    for part in bins:
        raw, share = float(np.mean([certainties[i] for i in part])), float(np.mean([right[i] for i in part]))
        pooled.append((raw, share, len(part)))
        while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
            (a, x, n), (b, y, m) = pooled[-2:]
            pooled[-2:] = [((a * n + b * m) / (n + m), (x * n + y * m) / (n + m), n + m)]
    return [(raw, share) for raw, share, _ in pooled]


# --- the file -----------------------------------------------------------------------------------------------------------


def learn(pages: Sequence[Page], catalog: Catalog) -> tuple[Weights, dict[str, list[Judged]]]:
    """The weights that the pages give, and how they judged out of fold, by question."""
    cases = list(year_cases(pages, catalog))
    of_page = fit(
        "page_year",
        [case.candidates for case in cases],
        [case.right for case in cases],
        [case.page.fold(FOLDS) for case in cases],
        least=2,
    )
    years = [
        Judged(case.page, answer, case.rule, case.right) for case, answer in zip(cases, of_page.answers, strict=True)
    ]
    judged = {"page_year": years}
    floors = {"page_year": threshold(years)}
    said = {one.page.key: int(one.said(floors["page_year"])) for one in years}
    items = [item for item in gather(pages, catalog, said) if item.asked]
    contests = {"page_year": of_page.contest}
    folds = [item.page.fold(FOLDS) for item in items]
    for question in QUESTIONS:
        right = [right_answer(item, question) if item.teaches else "" for item in items]
        fitted = fit(question, (item.candidates(question) for item in items), right, folds, least=_LEAST)
        contests[question] = fitted.contest
        if question == "indicator":
            fitted = fit(coherence.QUESTION, _second_look(items, fitted.answers), right, folds, least=_LEAST)
            contests[coherence.QUESTION] = fitted.contest
        judged[question] = [
            Judged(item.page, answer, _rule(item, question), wanted, item)
            for item, answer, wanted in zip(items, fitted.answers, right, strict=True)
            if item.teaches
        ]
        floors[question] = threshold(judged[question])
    raw, good = _rows(judged, floors)
    known = frozenset().union(*(page.codes for page in pages if not page.rules_seen))
    points = tuple(calibration(raw, good))
    return Weights(contests, floors, points, known & catalog.indicators.keys()), judged


def _second_look(items: Sequence[Gathered], answers: Sequence[Answer]) -> Iterator[Candidates]:
    """The evidence of coherence, of answers out of fold: in use, too, a page is judged by what has not seen it."""
    both = zip(items, answers, strict=True)
    for _, of_page in itertools.groupby(both, key=lambda pair: pair[0].page.key):
        page = list(of_page)
        numbers = [Answered(item.observation, answer) for item, answer in page]
        yield from (coherence.candidates(numbers, at, page[0][0].page.place) for at in range(len(page)))


def _rows(judged: Mapping[str, Sequence[Judged]], floors: Mapping[str, float]) -> tuple[list[float], list[bool]]:
    """The certainty of every row of a page that no rule was written on, and whether it was right."""
    raw, right = [], []
    for answers in zip(*(_fresh(judged[question]) for question in QUESTIONS), strict=True):
        of = dict(zip(QUESTIONS, answers, strict=True))
        item = answers[0].item
        assert item is not None
        sure, good = 1.0, _else_right(item, of["status"].said(floors["status"]))
        for question, one in of.items():
            sure *= one.answer.shares.get(one.said(floors[question]), 0.0)
            good = good and one.is_right(floors[question])
        raw.append(sure)
        right.append(good)
    return raw, right


def _else_right(item: Gathered, status: str) -> bool:
    """Whether what is not weighed is right."""
    assert item.row is not None
    found = item.observation
    place = item.row.get("place") or item.page.place
    area = item.row.get("area") or "all"
    wanted = (item.row["year"], item.row.get("measure") or "level", item.row.get("per") or "", place, area)
    year = year_with(found.year, found.status, status, item.page_year, item.page.published)
    return (year, found.measure, found.per, found.place, found.area) == wanted


def rows_of(weights: Weights) -> Iterator[tuple[str, str, str]]:
    """The rows of the file: question, evidence, weight."""
    for question, floor in sorted(weights.speaks_from.items()):
        yield question, SPEAKS_FROM, f"{floor:g}"
    for code in sorted(weights.known):
        yield KNOWN, code, "1"
    for raw, right in {f"{raw:.3f}": right for raw, right in weights.calibration}.items():
        yield CALIBRATION, raw, f"{right:.3f}"
    for question, contest in sorted(weights.contests.items()):
        for name, weight in sorted(contest.weight.items()):
            if abs(weight) >= _SMALL:
                yield question, name, f"{weight:.{_DECIMALS}f}"


class Shares(NamedTuple):
    """What was right out of fold on pages that no rule was written on."""

    row: float
    status: float
    indicator: float
    page_year: float


def shares_right(judged: Mapping[str, Sequence[Judged]], weights: Weights) -> Shares:
    """The shares that the gate holds to its floors."""
    _, rows = _rows(judged, weights.speaks_from)
    return Shares(row=_share(rows), **{question: _right(of, weights, question) for question, of in judged.items()})


def _right(judged: Sequence[Judged], weights: Weights, question: str) -> float:
    return _share([one.is_right(weights.speaks_from[question]) for one in _fresh(judged)])


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


def code_f1(judged: Sequence[Judged], floor: float) -> float:
    """F1 of the codes: how many of those that were annotated were found, and of those found were annotated."""
    fresh = _fresh(judged)
    right = sum(one.is_right(floor) and one.right != NONE for one in fresh)
    return 2 * right / sum((one.said(floor) != NONE) + (one.right != NONE) for one in fresh)


def report(judged: Mapping[str, Sequence[Judged]], weights: Weights) -> None:
    """Print how right the answers are out of fold, on the pages that no rule was written on."""
    for question, answers in judged.items():
        fresh, floor = _fresh(answers), weights.speaks_from[question]
        rules, mixed = (_share([one.is_right(at) for one in fresh]) for at in (NEVER, floor))
        print(
            f"{question:<10} {len(fresh)} asked, right by the rules {rules:.4f}, with the evidence from {floor} on {mixed:.4f}"
        )
    print(f"indicator  F1 {code_f1(judged['indicator'], weights.speaks_from['indicator']):.4f}")
    raw, right = _rows(judged, weights.speaks_from)
    print(f"row        {_share(right):.4f} of {len(right)} read numbers of prose")
    sure = [min(9, int(weights.calibrated(one) * 10)) for one in raw]
    for step, count in sorted(Counter(sure).items()):
        good = sum(is_right for at, is_right in zip(sure, right, strict=True) if at == step)
        print(f"certainty {step / 10:.1f}–{step / 10 + 0.1:.1f}: {count:5} rows, {good / count:.3f} right")


def main() -> None:
    """Make the file, or check it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is another")
    parser.add_argument("--only", nargs="*", metavar="LOT", help="learn from these lots of tests/gold alone")
    arguments = parser.parse_args()
    catalog = load_catalog()
    weights, judged = learn(annotated(catalog, arguments.only), catalog)
    report(judged, weights)
    rows = list(rows_of(weights))
    if arguments.check:
        floors = json.loads(_FLOORS.read_text("utf-8"))["out_of_fold"]
        reached = shares_right(judged, weights)._asdict()
        short = [
            f"{name} {reached[name]:.4f} is below {floor}" for name, floor in floors.items() if reached[name] < floor
        ]
        sys.exit("; ".join(short) or _compare(rows, FILE))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["question", "evidence", "weight"])
    writer.writerows(rows)
    FILE.write_text(text.getvalue(), encoding="utf-8")
    print(f"{FILE.name}: {len(rows)} weights")


def _by_name(rows: Sequence[Sequence[str]]) -> dict[tuple[str, str], float]:
    """Weights by question and name; of the calibration its curve, for where its points lie hangs on the last bits."""
    named = {(row[0], row[1]): float(row[2]) for row in rows if row[0] != CALIBRATION}
    points = sorted((float(row[1]), float(row[2])) for row in rows if row[0] == CALIBRATION)
    curve = np.interp(_CURVE, [raw for raw, _ in points], [right for _, right in points]) if points else []
    return named | {(CALIBRATION, f"{at:.1f}"): float(right) for at, right in zip(_CURVE, curve, strict=False)}


def _compare(rows: Sequence[tuple[str, str, str]], path: Path) -> str | int:
    with path.open(encoding="utf-8", newline="") as handle:
        kept = _by_name(list(csv.reader(handle))[1:])
    made = _by_name(rows)
    far = [key for key in kept.keys() | made.keys() if abs(kept.get(key, 0.0) - made.get(key, 0.0)) > _TOLERANCE]
    if far:
        return f"{path}: {len(far)} weights are not what the bulletins give, {far[0]} for one; run `make weights`"
    print(f"{path.name} is what the bulletins give")
    return 0


if __name__ == "__main__":
    main()

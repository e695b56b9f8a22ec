"""Who speaks for a number, the rules or the weighed evidence? And how sure is the answer?

The weighed answer replaces the rule's only where it is surer than was measured to pay (`speaks_from`); units and kinds of
indicators are no evidence but bounds that no answer may leave.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bulletins.catalog import Indicator
from bulletins.evidence import coherence, page_year
from bulletins.evidence.brief import Brief
from bulletins.evidence.coherence import Answered
from bulletins.evidence.cues import Cues, load_cues
from bulletins.evidence.grounds import PageFacts
from bulletins.evidence.questions import NONE, QUESTIONS, asked, rule_answer
from bulletins.evidence.weights import NEVER, Answer, Weights, load_weights
from bulletins.observation import Observation
from bulletins.reading.wording import paid_by_size

#: The certainty of a table's value, whose words are not weighed: the share of right rows among them when it was last measured.
_OF_TABLE = 0.8

_AT_ONCE = 256  # numbers whose evidence is weighed together: enough to pay, and little memory


class _Decision(NamedTuple):
    """The answers to one number in the order of the questions, none for a table's, and how sure all of them are together."""

    answers: Sequence[str]
    certainty: float


class Judge:
    """Weighs the evidence of pages; built once a process."""

    def __init__(
        self, indicators: Mapping[str, Indicator], weights: Weights | None = None, cues: Cues | None = None
    ) -> None:
        self._indicators = indicators
        self._weights = weights if weights is not None else load_weights()
        self.cues = cues if cues is not None else load_cues()

    def page_year(self, text: str, title: str, published: dt.date | None, kind: str, rule_year: int) -> int:
        """The year that a page reports on: the rules' year unless the evidence is sure of another."""
        contest = self._weights.contests.get("page_year")
        if contest is None:
            return rule_year
        answer = contest.answer(page_year.candidates(text, title, published, kind, rule_year, self.cues))
        return int(self._spoken("page_year", answer, str(rule_year)))

    def weigh(self, page: PageFacts, observations: Sequence[Observation]) -> None:
        """Decide anew what the evidence is sure of, and set the certainty of every observation.

        Args:
            page: what is known of the page.
            observations: its observations in the order of the text, as the rules read them; they are changed in place.
        """
        # What the rules said of a neighbour is evidence, too: nothing is changed before all is decided.
        answers = self._first_answers(observations, asked(page, observations, self.cues, self._indicators))
        answers["indicator"] = self._agreed(observations, answers["indicator"], page.home)
        decided = [
            self._decide(found, {question: of_question[at] for question, of_question in answers.items()})
            for at, found in enumerate(observations)
        ]
        for found, decision in zip(observations, decided, strict=True):
            found.certainty = min(found.certainty, decision.certainty)  # a table may have doubted it itself
            for question, value in zip(QUESTIONS, decision.answers, strict=False):
                self._settle(page, found, question, "" if value == NONE else value)

    def _first_answers(
        self, observations: Sequence[Observation], briefs: Iterator[Mapping[str, Brief]]
    ) -> dict[str, Sequence[Answer | None]]:
        """By question the first answer to every number; None where it is not asked, or nothing was learned of it."""
        answers: dict[str, list[Answer | None]] = {question: [] for question in QUESTIONS}
        for first in range(0, len(observations), _AT_ONCE):
            some = [next(briefs) for _ in observations[first : first + _AT_ONCE]]
            for question, given in answers.items():
                contest = self._weights.contests.get(question)
                weighed = iter(contest.decide([brief[question] for brief in some if brief]) if contest else ())
                given += [next(weighed) if brief and contest else None for brief in some]
        return dict(answers)

    def _agreed(
        self, observations: Sequence[Observation], first: Sequence[Answer | None], home: str
    ) -> Sequence[Answer | None]:
        """The answers on second thoughts, with those to the neighbours known."""
        contest = self._weights.contests.get(coherence.QUESTION)
        if contest is None:
            return first
        numbers = [Answered(found, answer) for found, answer in zip(observations, first, strict=True) if answer]
        second = iter([contest.answer(coherence.candidates(numbers, at, home)) for at in range(len(numbers))])
        return [next(second) if answer else None for answer in first]

    def _decide(self, found: Observation, answers: Mapping[str, Answer | None]) -> _Decision:
        """Who is heard to every question that is asked of one number, and how sure all answers are together."""
        if found.grounds is None:
            return _Decision((), _OF_TABLE)
        sure, heard = 1.0, []
        for question, answer in answers.items():
            value = rule_answer(found, question)
            if answer is not None:
                value = self._spoken(question, answer, value)
                sure *= answer.shares.get(value, 0.0)
            heard.append(value)
        return _Decision(heard, self._weights.calibrated(sure))

    def _settle(self, page: PageFacts, found: Observation, question: str, value: str) -> None:
        if question == "indicator":
            # Of an indicator that those who annotated did not know nothing was learned: there the rules speak.
            if value != found.indicator and {value, found.indicator} <= self._weights.known | {""}:
                self._name(found, value)
        else:
            found.year = year_with(found.year, found.status, value, page.year, page.published)
            found.status = value
        if found.status == "target" and found.period == "partial":
            found.period = "annual"

    def _spoken(self, question: str, answer: Answer, rule: str) -> str:
        floor = self._weights.speaks_from.get(question, NEVER)
        return answer.value if answer.certainty >= floor else rule

    def _name(self, found: Observation, code: str) -> None:
        """Take another indicator, with the period that its standards are paid for."""
        found.indicator = code
        if code and self._indicators[code].kind == "standard" and not found.per and found.number.unit == "CNY":
            found.per = paid_by_size(found.number.value, found.area)


def year_with(year: int, before: str, status: str, page_year: int, published: dt.date | None) -> int:
    """The year of a number whose status was decided anew: a plan is for the year in which the page speaks, a fact is the page's.

    Args:
        year: what the rules answered, with the status that they gave.
        before: that status.
        status: the one that the evidence gave.
        page_year: the year that the page reports on.
        published: when it appeared, if known.
    """
    if status == "target" and before != "target" and year == page_year:
        return max(page_year, published.year) if published is not None else page_year + 1
    if status == "actual" and before == "target" and year > page_year:
        return page_year
    return year

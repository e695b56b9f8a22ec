"""What is asked of a number, and what speaks for each answer?

One list of questions for the judge, who answers them, and for `learning/`, which learns what the evidence is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bulletins.catalog import Indicator
from bulletins.evidence import indicator, status
from bulletins.evidence.brief import Brief
from bulletins.evidence.clues import Clues
from bulletins.evidence.cues import Cues
from bulletins.evidence.grounds import PageFacts
from bulletins.evidence.mood import Moods
from bulletins.observation import Observation

#: In the order in which they are answered; all evidence is gathered before the first is.
QUESTIONS = ("status", "indicator")
NONE = indicator.NONE


def asked(
    page: PageFacts, observations: Sequence[Observation], cues: Cues, indicators: Mapping[str, Indicator]
) -> Iterator[Mapping[str, Brief]]:
    """For each number what is laid before the contest of every question; nothing for the values of tables, whose words stand in heads.

    Args:
        page: what is known of the page.
        observations: its observations in the order of the text, as the rules read them.
        cues: the words of `catalog/evidence.csv`.
        indicators: the catalogue's.
    """
    clues, moods = Clues(page, observations, cues), Moods(page, observations, cues)
    for at, found in enumerate(observations):
        if found.grounds is None:
            yield {}
            continue
        gathered = clues.of(at)
        yield {
            "status": status.brief(gathered, moods.of(at)),
            "indicator": indicator.brief(page, observations, at, gathered, indicators),
        }


def rule_answer(found: Observation, question: str) -> str:
    """What the rules answered, as the name of a candidate."""
    return str(getattr(found, question)) or NONE

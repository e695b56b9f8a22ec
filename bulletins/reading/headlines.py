"""What a headline's figures are: those that the body repeats, `低保标准提高至870元、820元`, are what the body says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletins.observation import Observation

_HEADLINE = 40  # code points: a longer line is no headline
_STOPS = re.compile(r"[。;]")


def learn_from_body(text: str, observations: Sequence[Observation]) -> None:
    """Let the figures of headlines learn from those of the body that repeat them."""
    headlines = [item for item in observations if _is_headline(text, item)]
    repeated = {(item.number.value, item.number.unit) for item in headlines}
    body: dict[tuple[float, str, str], Observation] = {}
    for item in observations if headlines else ():
        value, unit = item.number.value, item.number.unit
        if (value, unit) in repeated and not _is_headline(text, item):
            body.setdefault((value, unit, item.indicator), item)
            body.setdefault((value, unit, ""), item)
    for item in headlines:
        if other := body.get((item.number.value, item.number.unit, item.indicator)):
            item.indicator, item.area, item.place = other.indicator, other.area, other.place
            item.year, item.status, item.per, item.measure = other.year, other.status, other.per, other.measure


def _is_headline(text: str, item: Observation) -> bool:
    """Whether a number stands on a short line without a full stop; a row of a table is no headline."""
    if item.grounds is None:
        return False
    low, high = max(0, item.number.start - _HEADLINE), item.number.end + _HEADLINE
    start, end = text.rfind("\n", low, item.number.start) + 1, text.find("\n", item.number.end, high)
    if (start == 0 and low > 0) or (end < 0 and high < len(text)):
        return False
    line = text[start : end if end >= 0 else len(text)]
    return len(line) < _HEADLINE and not _STOPS.search(line)

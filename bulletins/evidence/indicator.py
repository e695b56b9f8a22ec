"""Which indicator is a number about, or none? The codes that the words around it speak for, each with the evidence for it.

Words of the number's own clause speak first, but a subject is carried on for sentences, and silently changed; so every code
whose words stand within reach is a candidate, with how near they stand, and what the number's own form says for its kind. The
candidate `none` gathers what speaks for a part of the whole, one home, a donor, another place: whatever has no code.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from bulletins.catalog import Indicator
from bulletins.evidence.clues import RULE
from bulletins.observation import Observation
from bulletins.reading.indicators import Fit, kinds_of

NONE = "none"
# What the form of a number says for a kind of indicator, and for one indicator alone.
_OF_KIND, _OF_CODE = ("clause:", "behind^", "counter:"), ("before$", "behind^", "clause:")
_LEXICAL = (
    "before",
    "behind",
    "clause:",
    "counter:",
    "in brackets",
    "size:",
    "qualifier:",
    "status",
    "paragraph:",
    "sentence:",
)


def candidates(
    observations: Sequence[Observation], at: int, clues: Sequence[str], indicators: Mapping[str, Indicator]
) -> Mapping[str, Mapping[str, float]]:
    """The codes that a number may have, and `none`, each with its evidence.

    Args:
        observations: all observations of the page, as the rules read them.
        at: which of them; it stands in prose.
        clues: what speaks of the number (`clues.Clues.of`).
        indicators: the catalogue's.
    """
    found = observations[at]
    grounds = found.grounds
    assert grounds is not None
    kinds = (
        kinds_of(found.number)
        if found.measure == "level"
        else frozenset(["standard", "stock", "flow", "rate", "amount"])
    )
    fits = {fit.code: fit for fit in grounds.fits if indicators[fit.code].kind in kinds}
    neighbours = _neighbours(observations, at)
    codes = set(fits) | {code for code in (found.indicator, grounds.own_code) if code}
    codes |= {
        code
        for code in neighbours.values()
        if code and (indicators[code].unit == found.number.unit or found.measure == "change")
    }
    least = min((fit.level for fit in fits.values() if not fit.missing and fit.own == fit.wanted), default=9)
    families = {code: _family(code) for code in neighbours.values() if code}
    of_kind = [clue for clue in clues if clue.startswith(_OF_KIND)]
    of_code = [clue for clue in clues if clue.startswith(_OF_CODE)]
    answers: dict[str, dict[str, float]] = {
        code: dict.fromkeys(
            [
                *_by_fit(fits.get(code), least),
                *_by_rule(code, found),
                *_by_neighbours(code, neighbours, families),
                *_by_form(indicators[code], found, of_kind, of_code),
            ],
            1.0,
        )
        for code in sorted(codes)
        if code in indicators
    }
    answers[NONE] = dict.fromkeys(_for_none(found, clues, fits, least, neighbours), 1.0)
    return answers


def _family(code: str) -> str:
    return code.split("_")[0]


def _neighbours(observations: Sequence[Observation], at: int) -> dict[str, str]:
    """The rules' codes of the numbers before: the last, the last of the unit, the last that has one."""
    found = observations[at]
    before = [other for other in observations[max(0, at - 8) : at] if other.grounds is not None]
    same = next((other for other in reversed(before) if other.number.unit == found.number.unit), None)
    coded = next((other for other in reversed(before) if other.indicator), None)
    return {
        "last": before[-1].indicator if before else "",
        "last of unit": same.indicator if same else "",
        "last coded": coded.indicator if coded else "",
        "in sentence": before[-1].indicator if before and before[-1].sentence == found.sentence else "",
    }


def _by_fit(fit: Fit | None, least: int) -> Iterator[str]:
    if fit is None:
        yield "no words"
        return
    pattern = f"own {fit.own}/{fit.wanted} level {fit.level} missing {fit.missing}"
    yield pattern
    yield f"{pattern}|foreign {fit.foreign} out {fit.ruled_out} blocked {fit.blocked}"
    yield f"level {fit.level}|foreign {fit.foreign}"
    yield f"foreign {fit.foreign} out {fit.ruled_out} blocked {fit.blocked}"
    yield f"length {min(fit.length, 12) // 2}"
    if fit.missing or fit.own < fit.wanted:
        yield "incomplete"
    else:
        yield f"nearest {fit.level == least}"
        yield f"farther by {min(3, fit.level - least)}"


def _by_rule(code: str, found: Observation) -> Iterator[str]:
    grounds = found.grounds
    assert grounds is not None
    if code == found.indicator:
        yield f"{RULE}"
        yield f"{RULE}|subject {grounds.has_subject}"
        yield f"{RULE}|own {code == grounds.own_code} subject {grounds.has_subject}"
        yield f"{RULE}|{found.measure}"
    elif not found.indicator:
        yield f"{RULE} silent"
        yield f"{RULE} silent|own {code == grounds.own_code} subject {grounds.has_subject}"
    else:
        yield f"{RULE} for another"
    if code == grounds.own_code:
        yield "own words decide"


def _by_neighbours(code: str, neighbours: Mapping[str, str], families: Mapping[str, str]) -> Iterator[str]:
    for name, other in neighbours.items():
        if other == code:
            yield f"{RULE} of {name}"
        elif other and families[other] == _family(code):
            yield f"{RULE} of family of {name}"
        elif other:
            yield f"{RULE} of other family than {name}"


def _by_form(indicator: Indicator, found: Observation, of_kind: Sequence[str], of_code: Sequence[str]) -> Iterator[str]:
    kind, code, number = indicator.kind, indicator.code, found.number
    yield f"code {code}"
    size = int(math.log10(number.value)) if number.value > 0 else -1
    yield f"{kind}|size {size} {number.unit}"
    yield f"{kind}|per {found.per}"
    yield f"{kind}|{found.measure} {found.status}"
    yield f"code {code}|size {size}"
    yield from (f"{kind}|{clue}" for clue in of_kind)
    yield from (f"code {code}|{clue}" for clue in of_code)


def _for_none(
    found: Observation, clues: Sequence[str], fits: Mapping[str, Fit], least: int, neighbours: Mapping[str, str]
) -> Iterator[str]:
    grounds = found.grounds
    assert grounds is not None
    yield "none"
    yield f"{RULE} none|of a body {grounds.of_body}"
    yield f"none|{found.number.unit}"
    yield f"none|{found.measure}"
    yield f"none|nearest {least}"
    yield f"none|candidates {min(5, len(fits))}"
    if not found.indicator:
        yield f"{RULE} none"
        yield f"{RULE} none|subject {grounds.has_subject}"
        yield f"{RULE} none|nearest {least}"
        yield f"{RULE} none|{found.number.unit}"
    else:
        yield f"{RULE} not none|own {grounds.own_code == found.indicator} subject {grounds.has_subject}"
        yield f"{RULE} not none|{found.indicator}"
    if neighbours["last"] == "":
        yield f"{RULE} none before"
    for clue in clues:
        if clue.startswith(_LEXICAL):
            yield f"none|{clue}"

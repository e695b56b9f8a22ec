"""Which indicator is a number about, or none? The codes that the words around it speak for, each with the evidence for it.

Words of the number's own clause speak first, but a subject is carried on for sentences, and silently changed; so every code
whose words stand within reach is a candidate, with how near they stand, and what the number's own form says for its kind. The
candidate `none` gathers what speaks for a part of the whole, one home, a donor, another place: whatever has no code.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bulletins.catalog import Indicator
from bulletins.evidence.brief import Brief, Bundle, Evidence, given
from bulletins.evidence.clues import RULE, NumberClues
from bulletins.evidence.grounds import PageFacts
from bulletins.evidence.unsaid import Unsaid
from bulletins.observation import Observation
from bulletins.reading.indicators import Fit

NONE = "none"


def _places(*names: str) -> tuple[int, ...]:
    return tuple(NumberClues._fields.index(name) for name in names)


# What the form of a number says for a kind of indicator, for one indicator alone, and for none.
_OF_KIND = _places("clause", "tail_begin", "counter")
_OF_CODE = _places("lead_end", "tail_begin", "clause", "lead_runs", "tail_runs", "earlier_pairs")
_FIRST, _LAST = _places("lead_runs", "brackets")
_OF_NONE = range(_FIRST, _LAST + 1)
_FAR = 8  # numbers before one that are heard
_NOWHERE = 9  # the level where no fit is whole


def brief(
    page: PageFacts,
    observations: Sequence[Observation],
    at: int,
    clues: NumberClues,
    indicators: Mapping[str, Indicator],
) -> Brief:
    """The codes that a number may have, and `none`, each with its evidence.

    Args:
        page: what is known of the page.
        observations: all observations of the page, as the rules read them.
        at: which of them; it stands in prose.
        clues: what speaks of the number.
        indicators: the catalogue's.
    """
    found = observations[at]
    grounds = found.grounds
    assert grounds is not None
    if grounds.has_no_code or (grounds.is_carried and found.indicator):
        return Brief((), {found.indicator or NONE: (((given, "settled"),), ())})
    fits = {fit.code: fit for fit in grounds.fits}
    neighbours = _neighbours(observations, at)
    codes = {*fits, found.indicator, grounds.own_code}
    for code in neighbours:
        if code and (indicators[code].unit == found.number.unit or found.measure == "change"):
            codes.add(code)
    whole = [fit.level for fit in fits.values() if not fit.missing and fit.own == fit.wanted]
    least = min(whole, default=_NOWHERE)
    unsaid = Unsaid(page.text, found.number.start, grounds)
    candidates = {
        code: _for_code(indicators[code], found, fits.get(code), least, len(whole), neighbours, unsaid)
        for code in sorted(codes)
        if code in indicators
    }
    candidates[NONE] = (tuple(_for_none(found, len(fits), least, neighbours)), ((NONE, _OF_NONE),))
    return Brief(clues[: _LAST + 1], candidates)


class Neighbours(NamedTuple):
    """The rules' codes of numbers before one; each empty where there is no such number, or it has no code."""

    last: str
    last_of_unit: str
    last_coded: str
    in_sentence: str


def _neighbours(observations: Sequence[Observation], at: int) -> Neighbours:
    found = observations[at]
    before = [other for other in observations[max(0, at - _FAR) : at] if other.grounds is not None]
    if not before:
        return Neighbours("", "", "", "")
    last = before[-1]
    before.reverse()
    return Neighbours(
        last.indicator,
        next((other.indicator for other in before if other.number.unit == found.number.unit), ""),
        next((other.indicator for other in before if other.indicator), ""),
        last.indicator if last.sentence == found.sentence else "",
    )


def _for_code(
    indicator: Indicator,
    found: Observation,
    fit: Fit | None,
    least: int,
    whole: int,
    neighbours: Neighbours,
    unsaid: Unsaid,
) -> Evidence:
    code, kind, number, grounds = indicator.code, indicator.kind, found.number, found.grounds
    assert grounds is not None
    size = int(math.log10(number.value)) if number.value > 0 else -1
    own = code == grounds.own_code
    return (
        (
            (_by_fit, *fit[1:], least) if fit is not None else (given, "no words"),
            (_by_rule, code == found.indicator, not found.indicator, own, grounds.has_subject, found.measure),
            _nearness(code, neighbours),
            (_by_structure, code == found.indicator, grounds.by),
            unsaid.by(code, kind),
            (_by_form, code, kind, size, number.unit),
            (_by_rivals, code, min(3, whole), fit is not None and not fit.missing and fit.level == least),
            (_by_state, kind, found.per, found.measure, found.status),
        ),
        _joint(kind, code),
    )


@functools.cache
def _joint(kind: str, code: str) -> tuple[tuple[str, Sequence[int]], ...]:
    return ((kind, _OF_KIND), (f"code {code}", _OF_CODE))


def _for_none(found: Observation, fits: int, least: int, neighbours: Neighbours) -> Iterator[Bundle]:
    grounds = found.grounds
    assert grounds is not None
    unit = found.number.unit
    yield (_none, unit, found.measure)
    yield (_none_by_structure, bool(found.indicator), grounds.by)
    yield (_none_by_fits, least, min(5, fits))
    if not found.indicator:
        yield (_none_by_rule, grounds.has_subject, least, unit)
    else:
        yield (_against_rule, found.indicator, grounds.own_code == found.indicator, grounds.has_subject)
    if not neighbours.last:
        yield (given, f"{RULE} none before")


# --- names ----------------------------------------------------------------------------------------------------------------


@functools.cache
def _family(code: str) -> str:
    return code.split("_")[0]


def _by_fit(
    own: int,
    wanted: int,
    level: int,
    missing: int,
    length: int,
    foreign: bool,
    ruled_out: bool,
    blocked: bool,
    least: int,
) -> Iterator[str]:
    pattern = f"own {own}/{wanted} level {level} missing {missing}"
    yield pattern
    yield f"{pattern}|foreign {foreign} out {ruled_out} blocked {blocked}"
    yield f"level {level}|foreign {foreign}"
    yield f"foreign {foreign} out {ruled_out} blocked {blocked}"
    yield f"length {min(length, 12) // 2}"
    if missing or own < wanted:
        yield "incomplete"
    else:
        yield f"nearest {level == least}"
        yield f"farther by {min(3, level - least)}"


def _by_rule(is_rules: bool, silent: bool, own: bool, has_subject: bool, measure: str) -> Iterator[str]:
    if is_rules:
        yield f"{RULE}"
        yield f"{RULE}|subject {has_subject}"
        yield f"{RULE}|own {own} subject {has_subject}"
        yield f"{RULE}|{measure}"
    elif silent:
        yield f"{RULE} silent"
        yield f"{RULE} silent|own {own} subject {has_subject}"
    else:
        yield f"{RULE} for another"
    if own:
        yield "own words decide"


def _by_neighbours(*kinships: str) -> Iterator[str]:
    for name, kinship in zip(("last", "last of unit", "last coded", "in sentence"), kinships, strict=True):
        if kinship:
            yield f"{RULE} {kinship} {name}"


@functools.lru_cache(maxsize=1 << 14)
def _nearness(code: str, neighbours: Neighbours) -> Bundle:
    """The bundle that tells how a candidate stands to the codes of the neighbours; empty where one has none."""
    family = _family(code)
    return (
        _by_neighbours,
        *["" if not other else "of" if other == code else "of family of" if _family(other) == family
          else "of other family than" for other in neighbours],
    )  # fmt: skip


def _by_form(code: str, kind: str, size: int, unit: str) -> Iterator[str]:
    yield f"code {code}"
    yield f"{kind}|size {size} {unit}"
    yield f"code {code}|size {size}"


def _by_rivals(code: str, whole: int, nearest: bool) -> Iterator[str]:
    yield f"code {code}|whole fits {whole}"
    yield f"code {code}|nearest {nearest}"


def _by_state(kind: str, per: str, measure: str, status: str) -> Iterator[str]:
    yield f"{kind}|per {per}"
    yield f"{kind}|{measure} {status}"


def _by_structure(is_rules: bool, by: str) -> Iterator[str]:
    yield f"{RULE} {is_rules}|by {by}"


def _none_by_structure(coded: bool, by: str) -> Iterator[str]:
    yield f"{RULE} none {not coded}|by {by}"


def _none(unit: str, measure: str) -> Iterator[str]:
    yield "none"
    yield f"none|{unit}"
    yield f"none|{measure}"


def _none_by_fits(least: int, fits: int) -> Iterator[str]:
    yield f"none|nearest {least}"
    yield f"none|candidates {fits}"


def _none_by_rule(has_subject: bool, least: int, unit: str) -> Iterator[str]:
    yield f"{RULE} none"
    yield f"{RULE} none|subject {has_subject}"
    yield f"{RULE} none|nearest {least}"
    yield f"{RULE} none|{unit}"


def _against_rule(code: str, own: bool, has_subject: bool) -> Iterator[str]:
    yield f"{RULE} not none|own {own} subject {has_subject}"
    yield f"{RULE} not none|{code}"

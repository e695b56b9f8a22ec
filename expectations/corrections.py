"""What people decided about single observations, and to which observations of today each decision applies.

A person may accept an observation that breaks a rule, or reject one that breaks none. Each decision says what it expects to
see, and follows the page: it holds for every version at that address in which the sentence stands as it was. An acceptance
counts only for exactly that reading and those rules; a rejection holds its number back even when it is read differently by
now, and where the sentence was edited and prints the same figure; and either fails the suite `corrections` as soon as the
page no longer holds what it expects. Here belongs how decisions are kept and matched; they lie in the home, and are asked for
by the command line.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bulletins.frames import OBSERVATIONS
from bulletins.resolve import page_times
from expectations.expected import equals, values_in, values_missing
from expectations.report import SuiteReport
from expectations.rules import EXCUSED, Rule, column_rule
from expectations.runner import Suite, run_suite

#: What stands above the decisions in a new file.
HEAD = """\
# Decisions of people on single observations: `minzheng quarantine accept` and `reject` add them at the end, `decisions` lists,
# exports and imports them. A rebuild applies them again; one that no longer finds what it expects fails `correction_matches`.
#
# - decision: accept               # publish it although it breaks `rules`; or reject: hold it back although it breaks none
#   observation: 0123456789abcdef  # as `minzheng quarantine list` shows it
#   expects: {place: 恩施土家族苗族自治州, year: 2020, indicator: elderly_community_coverage, text: 103%, value: 103.0, unit: percent}
#   page: {url: "https://mzj.example/2020.html", sentence: 城市社区养老服务设施覆盖率103%}
#   rules: [share_at_most_100]
#   reason: 原文如此，已与该局核实
#   by: 王芳
#   decided_on: 2026-11-22
"""
#: What a decision expects to see of its observation, beside the key.
EXPECTED = ("place", "year", "indicator", "text", "value", "unit")


class CorrectionsError(ValueError):
    """An entry of a file of decisions that cannot be used: names the file, the entry and what to do."""


class Reading(BaseModel):
    """An observation as the person saw it; fields as in OBSERVATIONS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    year: int | None
    indicator: str
    text: str
    value: float | None
    unit: str


class Place(BaseModel):
    """Where the person saw it: the address of the page, and the sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    sentence: str


class Correction(BaseModel):
    """One decision of one person on one observation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["accept", "reject"]
    observation: str = Field(pattern="^[0-9a-f]{16}$")
    expects: Reading
    page: Place | None = None  # None: the decision holds for that version of the page alone
    rules: tuple[str, ...] = ()
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    decided_on: date

    @model_validator(mode="after")
    def _rules_where_accepted(self) -> Correction:
        if (self.decision == "accept") != bool(self.rules):
            raise ValueError("accept names the rules that the observation may break, reject names none")
        return self


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Read all decisions, in the order of the file; none where there is no file.

    Raises:
        CorrectionsError: the file is no YAML list, an entry is wrong, or two entries are about one observation.
    """
    if not path.exists():
        return ()
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.YAMLError as error:
        raise CorrectionsError(f"{path}: is not YAML ({error}); mend it or restore it from the repository") from error
    if not isinstance(entries, list):
        raise CorrectionsError(f"{path}: must hold a list of decisions, each beginning with «- decision:»")
    corrections: dict[str, Correction] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            correction = Correction.model_validate(entry)
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
            raise CorrectionsError(f"{path}, entry {number}: {faults}") from error
        if correction.observation in corrections:
            raise CorrectionsError(
                f"{path}, entry {number}: observation {correction.observation} was decided before; keep one of the entries"
            )
        corrections[correction.observation] = correction
    return tuple(corrections.values())


def add_corrections(corrections: Sequence[Correction], path: Path) -> None:
    """Write more decisions at the end of the file, whose text stays as it is; all of them, or none.

    Raises:
        CorrectionsError: an observation was decided before.
    """
    known = {each.observation for each in load_corrections(path)}
    for correction in corrections:
        if correction.observation in known:
            raise CorrectionsError(
                f"{path}: observation {correction.observation} was decided before; remove that entry first"
            )
        known.add(correction.observation)
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    _write(path, before + ("" if before.endswith("\n") or not before else "\n") + as_yaml(corrections))


def remove_correction(observation: str, path: Path) -> Correction:
    """Take the one decision on an observation whose key begins so out of the file, and return it.

    Raises:
        CorrectionsError: there is none, or there are several.
    """
    corrections = load_corrections(path)
    found = [each for each in corrections if each.observation.startswith(observation)]
    if len(found) != 1:
        raise CorrectionsError(
            f"{path}: {len(found) or 'no'} decisions on observations that begin with «{observation}»"
        )
    _write(path, HEAD + as_yaml([each for each in corrections if each != found[0]]))
    return found[0]


def as_yaml(corrections: Sequence[Correction]) -> str:
    """Decisions as they are kept; an empty text for none."""
    entries: list[dict[str, Any]] = [
        each.model_dump(mode="json", exclude_defaults=True) | {"decided_on": each.decided_on} for each in corrections
    ]
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120) if entries else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def with_corrections(
    observations: pl.DataFrame, pages: pl.DataFrame, corrections: Sequence[Correction]
) -> pl.DataFrame:
    """Add `excused`, the rules that a person lets the row break, and `rejection`, why one holds it back; else null."""
    covered = _covered(observations, pages, corrections)
    accepted = covered.filter("same", decision="accept").group_by("observation_key").agg(
        pl.col("rules").explode(empty_as_null=True).drop_nulls().unique().alias(EXCUSED)
    )  # fmt: skip
    rejected = covered.filter(decision="reject").unique("observation_key", keep="first", maintain_order=True).select(
        "observation_key", rejection=pl.format("{}（{}，{}）", "reason", "by", "decided_on")
    )  # fmt: skip
    return observations.join(accepted, on="observation_key", how="left", maintain_order="left").join(
        rejected, on="observation_key", how="left", maintain_order="left"
    )


#: The rule that a rejection breaks; it stands in the suite on observations.
NOT_REJECTED: Rule = column_rule(
    "not_rejected",
    "error",
    "没有被人否定",
    values_missing("rejection"),
    detail=pl.format("经人核对，不予公布：{}", "rejection"),
)

RULES: tuple[Rule, ...] = (
    column_rule(
        "correction_matches",
        "error",
        "每条人工决定都还对得上它所说的读数",
        values_in("matches", [True]),
        detail=pl.when("found")
        .then(pl.format("读数已变：决定时为 {}，现在为 {}；请重新决定", "expected", "now"))
        .otherwise(
            pl.format("网页现行版本没有决定所说的句子和读数 {}（{}）了；请重新决定", "observation_key", "expected")
        ),
    ),
    column_rule(
        "correction_needed",
        "warning",
        "每条放行的决定都还用得着",
        values_in("needed", [True], equals("matches", True), equals("decision", "accept")),
        detail=pl.format("读数 {} 不再违反任何规则，可删去这条决定", "observation_key"),
    ),
)
SUITE = Suite(
    "corrections",
    (RULES,),
    key=("observation_key",),
    shows=("observation_key", "decision", "expected", "reason", "by", "decided_on"),
)


def check_corrections(
    observations: pl.DataFrame, pages: pl.DataFrame, corrections: Sequence[Correction], excused: pl.DataFrame
) -> SuiteReport:
    """Check that each decision still finds what it expects, and that each acceptance is still needed.

    Args:
        observations: schema OBSERVATIONS, all that were read.
        pages: schema PAGES.
        corrections: the decisions.
        excused: column `observation_key`, the rows that a decision let pass.
    """
    covered = _covered(observations, pages, corrections)
    excusing = covered.filter("same", pl.col("observation_key").is_in(excused["observation_key"].implode()))
    in_force = covered.filter("current")
    told = in_force.sort("same", descending=True, maintain_order=True).unique("number", keep="first")
    verdicts = (
        _as_frame(corrections)
        .join(told.select("number", "same", now=_shown("")), on="number", how="left", maintain_order="left")
        .select(
            "decision", "reason", "by", "decided_on",
            observation_key="decided",
            found=pl.col("same").is_not_null(),
            matches=pl.col("same").fill_null(False),
            needed=pl.col("number").is_in(excusing["number"].implode()),
            expected=_shown("expected_"),
            now="now",
        )
    )  # fmt: skip
    return run_suite(SUITE, verdicts).report


def _as_frame(corrections: Sequence[Correction]) -> pl.DataFrame:
    """One row a decision, with its place in the file."""
    types = {name: OBSERVATIONS[name] for name in EXPECTED}
    schema = {
        "number": pl.Int64(), "decided": pl.String(), "decision": pl.String(), "rules": pl.List(pl.String()), "reason": pl.String(),
        "by": pl.String(), "decided_on": pl.Date(), "url": pl.String(), "sentence": pl.String(),
        **{f"expected_{name}": dtype for name, dtype in types.items()},
    }  # fmt: skip
    rows = [
        (
            number, each.observation, each.decision, list(each.rules), each.reason, each.by, each.decided_on,
            each.page.url if each.page else None, each.page.sentence if each.page else None,
            *each.expects.model_dump().values(),
        )
        for number, each in enumerate(corrections)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _covered(observations: pl.DataFrame, pages: pl.DataFrame, corrections: Sequence[Correction]) -> pl.DataFrame:
    """One row a decision and an observation that it is about: `number` of the decision, what it says, and the observation.

    `same` tells whether it reads as the person saw it, `current` whether its page version is in force.
    """
    decided = _as_frame(corrections)
    times = pages.select("bulletin_key", "url").join(
        page_times(pages).select("bulletin_key", current=pl.col("known_to").is_null()), on="bulletin_key"
    )
    seen = observations.select("observation_key", "bulletin_key", *EXPECTED, read_in="sentence").unique(
        "observation_key"
    )
    if seen.height > _MANY and decided.height:  # only rows of pages that decisions name can be meant
        named = times.filter(pl.col("url").is_in(decided["url"].drop_nulls().implode()))["bulletin_key"]
        meant = pl.col("bulletin_key").is_in(named.implode()) | pl.col("observation_key").is_in(
            decided["decided"].implode()
        )
        seen = seen.filter(meant)
    seen = seen.join(times, on="bulletin_key", how="left").with_columns(pl.col("current").fill_null(True))
    by_key = decided.join(seen.rename({"url": "of_url"}), left_on="decided", right_on="observation_key", coalesce=False)
    # The same sentence at the same address, whichever version of the page.
    printed = {"expected_indicator": "indicator", "expected_text": "text"}
    by_sentence = decided.join(
        seen.with_columns(of_url="url"),
        left_on=["url", "sentence", *printed],
        right_on=["url", "read_in", *printed.values()],
        coalesce=False,
    )
    known = pl.concat([by_key, by_sentence], how="diagonal_relaxed")
    same = pl.all_horizontal(*(pl.col(name).eq_missing(pl.col(f"expected_{name}")) for name in EXPECTED))
    known = known.with_columns(same=same)
    # An edited sentence that prints the rejected figure: it stays back, and the decision is no longer found.
    lost = decided.filter(decision="reject").join(known.filter("current"), on="number", how="anti")
    reading = [f"expected_{name}" for name in EXPECTED]
    edited = lost.join(
        seen.filter("current").with_columns(of_url="url"),
        left_on=["url", *reading],
        right_on=["url", *EXPECTED],
        coalesce=False,
    ).with_columns(same=pl.lit(False), current=pl.lit(False))
    wanted = [
        "number",
        "decision",
        "rules",
        "reason",
        "by",
        "decided_on",
        "observation_key",
        "current",
        "same",
        *EXPECTED,
    ]
    rows = pl.concat([frame.select(wanted) for frame in (known, edited)])
    return rows.unique(["number", "observation_key"], keep="first", maintain_order=True).sort(
        "number", "observation_key"
    )


#: Observations beyond which those that no decision can be about are left out first.
_MANY = 10_000


def _shown(prefix: str) -> pl.Expr:
    columns = [pl.col(f"{prefix}{name}").cast(pl.String).fill_null("") for name in EXPECTED]
    return pl.concat_str(*columns, separator=" ")

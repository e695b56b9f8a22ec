"""`catalog/corrections.yaml`: what people decided about single observations, and how their decisions are applied.

A person may accept an observation that breaks a rule, or reject one that breaks none. Each decision says what it expects to
see. An acceptance counts only for exactly that reading and those rules; a rejection holds its number back even when it is
read differently by now; and either fails the suite `corrections` as soon as it no longer finds what it expects. Here belongs
how decisions are kept and matched; how they are asked for is in the command line.
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

from bulletins.catalog import CATALOG_FOLDER
from expectations.expected import equals, values_in, values_missing
from expectations.report import SuiteReport
from expectations.rules import EXCUSED, Rule, column_rule
from expectations.runner import Suite, run_suite

CORRECTIONS_FILE = CATALOG_FOLDER / "corrections.yaml"
#: What a decision expects to see of its observation, beside the key.
EXPECTED = ("place", "year", "indicator", "text", "value", "unit")


class CorrectionsError(ValueError):
    """An entry of corrections.yaml that cannot be used: names the file, the entry and what to do."""


class Reading(BaseModel):
    """An observation as the person saw it; fields as in OBSERVATIONS."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: str
    year: int | None
    indicator: str
    text: str
    value: float | None
    unit: str


class Correction(BaseModel):
    """One decision of one person on one observation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["accept", "reject"]
    observation: str = Field(pattern="^[0-9a-f]{16}$")
    expects: Reading
    rules: tuple[str, ...] = ()
    reason: str = Field(min_length=1)
    by: str = Field(min_length=1)
    decided_on: date

    @model_validator(mode="after")
    def _rules_where_accepted(self) -> Correction:
        if (self.decision == "accept") != bool(self.rules):
            raise ValueError("accept names the rules that the observation may break, reject names none")
        return self


def load_corrections(path: Path = CORRECTIONS_FILE) -> tuple[Correction, ...]:
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


def add_correction(correction: Correction, path: Path = CORRECTIONS_FILE) -> None:
    """Write one more decision at the end of the file, whose text stays as it is.

    Raises:
        CorrectionsError: the observation was decided before.
    """
    if correction.observation in {known.observation for known in load_corrections(path)}:
        raise CorrectionsError(
            f"{path}: observation {correction.observation} was decided before; remove that entry first"
        )
    fields: dict[str, Any] = correction.model_dump(mode="json", exclude_defaults=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    entry = yaml.safe_dump(
        [fields | {"decided_on": correction.decided_on}], allow_unicode=True, sort_keys=False, width=120
    )
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(before + ("" if before.endswith("\n") or not before else "\n") + entry, encoding="utf-8")
    partial.replace(path)


def with_corrections(observations: pl.DataFrame, corrections: Sequence[Correction]) -> pl.DataFrame:
    """Add `excused`, the rules that a person lets the row break, and `rejection`, why one holds it back; else null."""
    matched = _matched(observations, corrections)
    accepted = matched.filter("matches", pl.col("decision") == "accept").select(
        "observation_key", pl.col("rules").alias(EXCUSED)
    )
    rejected = matched.filter(pl.col("decision") == "reject").select(
        "observation_key", rejection=pl.format("{}（{}，{}）", "reason", "by", "decided_on")
    )
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
        .then(pl.format("读数已变：决定时为 {}，现在为 {}", "expected", "now"))
        .otherwise(pl.format("没有读数 {}（{}）了", "observation_key", "expected")),
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
    observations: pl.DataFrame, corrections: Sequence[Correction], excused: pl.DataFrame
) -> SuiteReport:
    """Check that each decision still finds what it expects, and that each acceptance is still needed.

    Args:
        observations: schema OBSERVATIONS, all that were read.
        corrections: the decisions.
        excused: column `observation_key`, the rows that a decision let pass.
    """
    matched = _matched(observations, corrections).with_columns(
        needed=pl.col("observation_key").is_in(excused["observation_key"].implode())
    )
    return run_suite(SUITE, matched).report


def _matched(observations: pl.DataFrame, corrections: Sequence[Correction]) -> pl.DataFrame:
    """One row a decision: whether its observation is there, and reads as expected."""
    schema = {
        "observation_key": pl.String(),
        "decision": pl.String(),
        "rules": pl.List(pl.String()),
        "reason": pl.String(),
        "by": pl.String(),
        "decided_on": pl.Date(),
        **{f"expected_{name}": observations.schema[name] for name in EXPECTED},
    }
    decided = pl.DataFrame(
        [
            (
                each.observation,
                each.decision,
                each.rules,
                each.reason,
                each.by,
                each.decided_on,
                *each.expects.model_dump().values(),
            )
            for each in corrections
        ],
        schema=schema,
        orient="row",
    )

    def shown(prefix: str) -> pl.Expr:
        columns = [pl.col(f"{prefix}{name}").cast(pl.String).fill_null("") for name in EXPECTED]
        return pl.concat_str(*columns, separator=" ")

    same = pl.all_horizontal(*(pl.col(name).eq_missing(pl.col(f"expected_{name}")) for name in EXPECTED))
    return decided.join(
        observations.select("observation_key", *EXPECTED, found=pl.lit(True)).unique("observation_key"),
        on="observation_key",
        how="left",
    ).select(
        "observation_key", "decision", "rules", "reason", "by", "decided_on",
        pl.col("found").fill_null(False),
        matches=pl.col("found").fill_null(False) & same,
        expected=shown("expected_"),
        now=shown(""),
    )  # fmt: skip

"""A frame leaves a room in its schema or not at all."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from bulletins.frames import GRAIN, LEDGER, OBSERVATIONS, PAGES, QUARANTINE, conform, empty

ROW = {"bulletin_key": "a", "start": 0, "end": 2, "text": "3家", "verdict": "observation", "reason": ""}


def test_columns_are_put_in_order_and_cast() -> None:
    frame = conform(pl.DataFrame([dict(reversed(ROW.items()))]), LEDGER)
    assert dict(frame.schema) == dict(LEDGER)
    assert frame.row(0, named=True) == ROW


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop("reason"), r"missing \['reason'\], not expected \[\]"),
        (lambda frame: frame.rename({"reason": "why"}), r"missing \['reason'\], not expected \['why'\]"),
        (lambda frame: frame.with_columns(start=pl.lit("first")), r"does not fit its schema: .*first"),
        (lambda frame: frame.with_columns(start=pl.lit(2**40)), "does not fit its schema"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(change: object, message: str) -> None:
    assert callable(change)
    with pytest.raises(ValueError, match=message):
        conform(change(pl.DataFrame([ROW])), LEDGER)


@pytest.mark.parametrize("schema", [PAGES, OBSERVATIONS, LEDGER, QUARANTINE])
def test_an_empty_frame_conforms(schema: Mapping[str, pl.DataType]) -> None:
    assert conform(empty(schema), schema).shape == (0, len(schema))


def test_the_grain_is_of_columns_that_observations_have() -> None:
    assert set(GRAIN) <= set(OBSERVATIONS) <= set(QUARANTINE)

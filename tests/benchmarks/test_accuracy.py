"""The gate: what it finds in a reading, and when it fails."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.accuracy import Accuracy, below_floors, measure, without_verdict
from benchmarks.gold import codes_of_annotators, gold_set, observations_of, sample_set
from benchmarks.scoring import Tally
from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, conform
from bulletins.read import Reading

CATALOG = load_catalog()
CODES = frozenset(CATALOG.indicators)
GOLD = gold_set(Path(__file__).parents[1] / "gold", CATALOG)


def a_perfect_reading() -> Reading:
    """The annotations themselves, and a ledger that holds each page whole but for the observations in it."""
    observations = observations_of(GOLD, CATALOG)
    rows = observations.select("bulletin_key", "start", "end", "text", verdict=pl.lit("observation"), reason=pl.lit(""))
    gaps = []
    for key, text in GOLD.pages.select("bulletin_key", "text").iter_rows():
        begin = 0
        for start, end in [*rows.filter(bulletin_key=key).select("start", "end").iter_rows(), (len(text), len(text))]:
            if begin < start:
                gaps.append((key, begin, start, text[begin:start], "furniture", "all between"))
            begin = end
    ledger = pl.concat([rows, pl.DataFrame(gaps, schema=dict(LEDGER), orient="row")])
    return Reading(observations, conform(ledger, LEDGER))


def test_a_perfect_reading_has_no_fault() -> None:
    result = measure(GOLD, a_perfect_reading(), CATALOG, CODES)
    assert result.tally.f1("row").f1 == 1.0
    assert (result.without_verdict, result.not_read_back, result.out_of_nothing) == ([], [], [])


def test_what_is_lost_moved_misread_or_made_up_is_found() -> None:
    reading = a_perfect_reading()
    noise = GOLD.pages.filter(pl.col("kind") == "noise")["bulletin_key"][0]
    first = pl.int_range(pl.len()) == 0
    observations = reading.observations.with_columns(
        value=pl.when(first).then(pl.col("value") * 10).otherwise("value"),
    )
    made_up = observations[5:6].with_columns(
        bulletin_key=pl.lit(noise), start=pl.lit(0, pl.Int32), end=pl.lit(2, pl.Int32)
    )
    result = measure(GOLD, Reading(pl.concat([observations, made_up]), reading.ledger[1:]), CATALOG, CODES)
    lost, changed = reading.ledger["text"][0], observations["text"][0]
    assert [f"{number}项" for number in result.without_verdict] == [lost]
    assert [found.split(" = ")[0] for found in result.not_read_back] == [made_up["text"][0], changed]
    assert result.out_of_nothing == [made_up["text"][0]]


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("全市共有低保对象9.76万人", ["9", "76"]),
        ("占百分之九十五以上，超两万余人", ["百分之九十五", "两万"]),
        ("千家万户、三张网、第三方、成立成员单位", []),
        ("达到九成以上", ["九成"]),
    ],
)
def test_numbers_that_need_a_verdict(text: str, lost: list[str]) -> None:
    assert without_verdict(text, []) == lost


def test_the_gate_fails_below_a_floor_and_above_what_may_be() -> None:
    result = Accuracy("own", Tally(), ["2020"], [], [])
    result.tally.counts.update(gold=100, read=100, quantity=100, row=90)
    assert list(below_floors([result], {"own": {"row": 0.9, "without_verdict": 1}})) == []
    assert list(below_floors([result], {"own": {"row": 0.91}})) == [
        "own: row F1 0.9000 is below 0.91",
        "own: without_verdict 1 is above 0: 2020",
    ]


def test_the_samples_expectations_all_stand_on_their_pages() -> None:
    sample = sample_set(CATALOG)
    texts = dict(sample.pages.select("bulletin_key", "text").iter_rows())
    located = [
        (texts[key][row["start"] : row["end"]], row["text"]) for key, rows in sample.rows.items() for row in rows
    ]
    assert len(located) > 500
    assert all(found == text for found, text in located)
    assert set(sample.pages["place"]) >= {"成都市", "北川羌族自治县"}


def test_what_the_annotators_did_not_know_is_held_against_nobody(tmp_path: Path) -> None:
    lot = tmp_path / "gold" / "lot1"
    assert codes_of_annotators(lot, CATALOG) == frozenset(CATALOG.indicators)
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "indicators.csv").write_text("code,unit\norphans,person\n", "utf-8")
    assert codes_of_annotators(lot, CATALOG) == {"orphans"}
    lot.parent.mkdir()
    (lot.parent / "codes_of_lots.txt").write_text("marriages\ndivorces\n", "utf-8")
    assert codes_of_annotators(lot, CATALOG) == {"marriages", "divorces"}

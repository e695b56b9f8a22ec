"""A person's decision survives a rebuild, counts only for what the person saw, and fails loudly when that is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bulletins.catalog import Catalog
from expectations.corrections import (
    HEAD,
    Correction,
    CorrectionsError,
    Place,
    Reading,
    add_corrections,
    load_corrections,
    remove_correction,
)
from expectations.observations import Screened, screen

Make = Callable[..., pl.DataFrame]
COVERAGE = {"unit": "percent", "indicator": "elderly_community_coverage", "label": "覆盖率"}


@pytest.fixture
def world(page: Make, observe: Make) -> tuple[pl.DataFrame, pl.DataFrame]:
    pages = page("覆盖率103%，低保9.76万人")
    return observe(pages, ("103%", 103, COVERAGE), ("9.76万人", 97600, {})), pages


def _decide(observations: pl.DataFrame, text: str, decision: str, *rules: str) -> Correction:
    row = observations.row(by_predicate=pl.col("text") == text, named=True)
    expects = Reading.model_validate({name: row[name] for name in Reading.model_fields})
    key = row["observation_key"]
    return Correction(
        decision=decision,  # type: ignore[arg-type]
        observation=key, expects=expects, rules=rules, reason="原文如此", by="王芳", decided_on=date(2026, 1, 2),
    )  # fmt: skip


def _failed(screened: Screened) -> list[str]:
    return [result.rule for result in screened.corrections.results if result.failed]


def test_what_a_person_accepts_is_published(world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog) -> None:
    observations, pages = world
    screened = screen(observations, pages, catalog, [_decide(observations, "103%", "accept", "share_at_most_100")])
    assert screened.valid["text"].to_list() == ["103%", "9.76万人"]
    assert screened.report.success
    assert _failed(screened) == []


def test_an_acceptance_covers_only_the_rules_it_names(
    world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog
) -> None:
    observations, pages = world
    decision = _decide(observations, "103%", "accept", "year_within_reach")
    screened = screen(observations, pages, catalog, [decision])
    assert screened.quarantine["rule"].to_list() == ["share_at_most_100"]
    assert _failed(screened) == ["correction_needed"]


def test_an_acceptance_of_another_reading_does_not_count_and_fails(
    world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog
) -> None:
    observations, pages = world
    decision = _decide(observations.with_columns(pl.col("value") + 1), "103%", "accept", "share_at_most_100")
    screened = screen(observations, pages, catalog, [decision])
    assert screened.quarantine["rule"].to_list() == ["share_at_most_100"]
    assert _failed(screened) == ["correction_matches"]
    assert "104.0" in str(screened.corrections.results[0].examples[0]["detail"])


def test_what_a_person_rejects_is_held_back_even_when_read_differently(
    world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog
) -> None:
    observations, pages = world
    decision = _decide(observations, "9.76万人", "reject")
    assert screen(observations, pages, catalog, [decision]).quarantine["rule"].to_list()[-1] == "not_rejected"
    other = _decide(observations.with_columns(year=pl.lit(2020, pl.Int32)), "9.76万人", "reject")
    screened = screen(observations, pages, catalog, [other])
    assert "9.76万人" not in screened.valid["text"].to_list()
    assert _failed(screened) == ["correction_matches"]


def test_a_decision_on_a_number_that_is_gone_fails(world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog) -> None:
    observations, pages = world
    decision = _decide(observations, "103%", "accept", "share_at_most_100")
    screened = screen(observations.filter(pl.col("text") != "103%"), pages, catalog, [decision])
    assert _failed(screened) == ["correction_matches"]


def test_decisions_are_kept_as_they_were_made(tmp_path: Path, world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    observations, _ = world
    path = tmp_path / "corrections.yaml"
    path.write_text("# 说明\n", encoding="utf-8")
    decisions = (
        _decide(observations, "103%", "accept", "share_at_most_100"),
        _decide(observations, "9.76万人", "reject"),
    )
    for decision in decisions:
        add_corrections([decision], path)
    assert load_corrections(path) == decisions
    assert path.read_text(encoding="utf-8").startswith("# 说明\n- decision: accept\n")
    with pytest.raises(CorrectionsError, match="decided before"):
        add_corrections(decisions[:1], path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decision: accept", "must hold a list"),
        ("- decision: maybe", "entry 1: decision"),
        ("- [", "is not YAML"),
        ("- {decision: accept, observation: 0123456789abcdef, reason: r, by: b, decided_on: 2026-01-01}", "expects"),
    ],
)
def test_a_bad_entry_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionsError, match=says):
        load_corrections(path)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert load_corrections(tmp_path / "corrections.yaml") == ()


def test_the_example_in_the_file_is_a_valid_entry(tmp_path: Path) -> None:
    lines = HEAD.splitlines()
    example = "\n".join(line[2:] for line in lines[lines.index("#") + 1 :] if line.startswith("# "))
    path = tmp_path / "corrections.yaml"
    path.write_text(example, encoding="utf-8")
    (correction,) = load_corrections(path)
    assert correction.rules == ("share_at_most_100",)
    assert correction.page is not None
    assert "103%" in correction.page.sentence


def test_a_mended_rule_releases_what_it_held(world: tuple[pl.DataFrame, pl.DataFrame], catalog: Catalog) -> None:
    observations, pages = world
    assert screen(observations, pages, catalog).valid.height == 1
    mended: dict[str, Any] = {"value": 100.0, "text": "100%"}
    again = observations.with_columns(
        pl.when(pl.col("text") == "103%").then(pl.lit(mended[name])).otherwise(name).alias(name) for name in mended
    )
    assert screen(again, pages.with_columns(pl.col("text").str.replace("103%", "100%")), catalog).valid.height == 2


URL = "http://mzj.example/2021.html"


def _versions(page: Make, observe: Make, *texts: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A page at one address in several wordings, one a day, and what is read of each."""
    pages = pl.concat(
        page(text, url=URL, bulletin_key=f"{at:016x}", fetched_at=datetime(2022, 4, 1 + at, tzinfo=UTC))
        for at, text in enumerate(texts)
    )
    readings = [(printed, value, {"bulletin_key": f"{at:016x}"} | fields)
                for at, text in enumerate(texts)
                for printed, value, fields in (("103%", 103, COVERAGE), ("9.76万人", 97600, {})) if printed in text]  # fmt: skip
    return observe(pages, *readings), pages


def _on_page(observations: pl.DataFrame, text: str, decision: str, *rules: str) -> Correction:
    """A decision on the first version of the page."""
    row = observations.row(by_predicate=(pl.col("text") == text) & (pl.col("bulletin_key") == "0" * 16), named=True)
    where = Place(url=URL, sentence=row["sentence"])
    return _decide(observations.filter(pl.col("bulletin_key") == "0" * 16), text, decision, *rules).model_copy(
        update={"page": where}
    )


BEFORE = "覆盖率103%\n低保9.76万人"


@pytest.mark.parametrize(
    ("after", "published", "alarms"),
    [
        ("覆盖率103%\n低保9.76万人\n又添一段话", ["103%"], []),  # elsewhere
        ("新添的开头\n覆盖率103%\n低保9.76万人", ["103%"], []),  # every span has moved
        ("覆盖率103%\n全市低保9.76万人", ["103%"], ["correction_matches"]),  # the rejected sentence itself
        ("覆盖率103%", ["103%"], ["correction_matches"]),  # it is gone
        ("覆盖率为103%\n低保9.76万人", [], ["correction_matches"]),  # the accepted sentence itself
    ],
)
def test_decisions_follow_the_page_and_alarm_where_the_sentence_changed(
    after: str, published: list[str], alarms: list[str], page: Make, observe: Make, catalog: Catalog
) -> None:
    observations, pages = _versions(page, observe, BEFORE, after)
    decisions = [
        _on_page(observations, "103%", "accept", "share_at_most_100"),
        _on_page(observations, "9.76万人", "reject"),
    ]
    screened = screen(observations, pages, catalog, decisions)
    current = screened.valid.filter(pl.col("bulletin_key") == f"{1:016x}")
    assert current["text"].to_list() == published
    assert _failed(screened) == alarms


def test_a_decision_is_withdrawn(tmp_path: Path, world: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    observations, _ = world
    path = tmp_path / "home" / "decisions.yaml"
    kept, gone = (
        _decide(observations, "103%", "accept", "share_at_most_100"),
        _decide(observations, "9.76万人", "reject"),
    )
    add_corrections([kept, gone], path)
    assert remove_correction(gone.observation[:8], path) == gone
    assert load_corrections(path) == (kept,)
    with pytest.raises(CorrectionsError, match="no decisions"):
        remove_correction(gone.observation, path)

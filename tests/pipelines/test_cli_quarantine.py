"""`minzheng quarantine`: a person sees what was held back, and what the person decides is kept and found again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from assets.home import Home, write_frame
from bulletins.frames import OBSERVATIONS, QUARANTINE
from expectations.corrections import load_corrections
from pipelines.cli_quarantine import quarantine

HELD = {
    "observation_key": "0123456789abcdef", "bulletin_key": "b" * 16, "start": 4, "end": 8, "text": "103%", "value": 103.0,
    "value_high": None, "unit": "percent", "per": "", "qualifier": "exact", "measure": "level", "status": "actual",
    "year": 2020, "period": "annual", "time_period": "2020", "place": "恩施土家族苗族自治州", "place_code": "422800",
    "area": "urban", "indicator": "elderly_community_coverage", "label": "覆盖率", "sentence": "城市社区养老服务设施覆盖率103%",
}  # fmt: skip
RULE = {"rule": "share_at_most_100", "detail": "覆盖率应在 0 至 100% 之间，读作 103%"}
PUBLISHED = HELD | {"observation_key": "fedcba9876543210", "text": "98%", "value": 98.0}


@pytest.fixture
def call(tmp_path: Path) -> Callable[..., Result]:
    home = Home(tmp_path)
    write_frame(pl.DataFrame([HELD | RULE], schema=dict(QUARANTINE)), home.checked / "quarantine.parquet")
    write_frame(pl.DataFrame([PUBLISHED], schema=dict(OBSERVATIONS)), home.checked / "valid.parquet")
    page = {"bulletin_key": ["b" * 16], "url": ["http://127.0.0.1/enshi.html"], "title": ["2020年工作总结"]}
    write_frame(pl.DataFrame(page), home.pages("422800"))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(quarantine, [*arguments, "--home", str(tmp_path)])

    return run


def _decide(call: Callable[..., Result], *arguments: str) -> Result:
    return call(*arguments, "--reason", "已核实", "--by", "王芳")


def test_list_names_rule_and_what_was_expected(call: Callable[..., Result]) -> None:
    output = call("list").output
    assert "01234567" in output
    assert RULE["detail"] in output
    assert "1 observations in quarantine" in output
    assert "0 observations" in call("list", "--place", "成都").output
    assert "0 observations" in call("list", "--rule", "jump").output


def test_show_leads_to_the_sentence_and_the_page(call: Callable[..., Result]) -> None:
    output = call("show", "01234567").output
    for expected in (
        HELD["sentence"],
        "http://127.0.0.1/enshi.html",
        RULE["detail"],
        "docs/runbook.md#share_at_most_100",
    ):
        assert str(expected) in output


def test_accept_keeps_what_was_seen_and_by_whom(call: Callable[..., Result], tmp_path: Path) -> None:
    result = _decide(call, "accept", "01234567")
    assert result.exit_code == 0, result.output
    (correction,) = load_corrections(tmp_path / "decisions.yaml")
    assert (correction.decision, correction.observation, correction.by) == ("accept", HELD["observation_key"], "王芳")
    assert correction.rules == ("share_at_most_100",)
    assert correction.expects.model_dump().items() <= HELD.items()


def test_reject_is_for_what_is_published(call: Callable[..., Result], tmp_path: Path) -> None:
    assert _decide(call, "reject", "fedc").exit_code == 0
    (correction,) = load_corrections(tmp_path / "decisions.yaml")
    assert (correction.decision, correction.rules) == ("reject", ())
    assert isinstance(_decide(call, "reject", "0123").exception, ValueError)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(("show", "9999"), "no observation 9999"), (("accept", "9999", "--reason", "r"), "no observation 9999")],
)
def test_a_key_that_is_not_there_is_named(arguments: tuple[str, ...], says: str, call: Callable[..., Any]) -> None:
    assert says in str(call(*arguments).exception)


def test_before_the_first_run_it_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(quarantine, ["list", "--home", str(tmp_path / "none")])
    assert "minzheng run" in str(result.exception)


def test_decisions_name_the_page_and_go_from_home_to_home(call: Callable[..., Result], tmp_path: Path) -> None:
    _decide(call, "accept", "01234567")
    (correction,) = load_corrections(tmp_path / "decisions.yaml")
    assert correction.page is not None
    assert (correction.page.url, correction.page.sentence) == ("http://127.0.0.1/enshi.html", HELD["sentence"])
    assert "01234567  accept  恩施" in call("decisions").output
    carried = tmp_path / "carried.yaml"
    assert "1 decisions written" in call("decisions", "--export", str(carried)).output
    elsewhere = ["--home", str(tmp_path / "other")]
    for added in ("1 decisions added", "0 decisions added"):
        told = CliRunner().invoke(quarantine, ["decisions", "--import", str(carried), *elsewhere])
        assert added in told.output, told.output
    assert load_corrections(tmp_path / "other" / "decisions.yaml") == (correction,)
    assert "is withdrawn" in call("withdraw", "0123").output
    assert load_corrections(tmp_path / "decisions.yaml") == ()

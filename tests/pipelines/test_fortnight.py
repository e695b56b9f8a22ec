"""Two weeks of nights with a moved clock; what happens and what must come of it is in `benchmarks/fortnight.yaml`."""

import json
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = yaml.safe_load((ROOT / "benchmarks" / "fortnight.yaml").read_text("utf-8"))
Night = Mapping[str, Any]


def rehearsed(tmp_path: Path, nights: int) -> list[tuple[Night, Night]]:
    """What each of the first nights should bring, and what it brought."""
    told = tmp_path / "nights.jsonl"
    command = [sys.executable, "-m", "benchmarks.fortnight", "--nights", str(nights), "--json", str(told)]
    done = subprocess.run([*command, "--home", str(tmp_path / "home")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    came = [json.loads(line) for line in told.read_text("utf-8").splitlines()]
    return list(zip(SCENARIO["nights"][:nights], came, strict=True))


def check_runs_and_messages(nights: list[tuple[Night, Night]]) -> None:
    for night, came in nights:
        expected = night["expect"]
        assert came["runs"] == expected["runs"], came["date"]
        assert came["releases"] == expected["releases"], came["date"]
        assert came["held_back"] == expected["held_back"], came["date"]
        assert came["broken_ticks"] == [], came["date"]
        assert len(came["alarms"]) == len(expected["alarms"]), (came["date"], came["alarms"])
        for words in expected["alarms"]:
            assert any(all(word in alarm for word in words) for alarm in came["alarms"]), (words, came["alarms"])


def check_values(nights: list[tuple[Night, Night]]) -> None:
    """After each night exactly the values of the pages that are published by then stand in the warehouse."""
    pages: dict[str, dict[str, float]] = {}
    versions, published, standing = set(), dict[str, dict[str, float]](), dict[str, float]()
    for night, came in nights:
        for bureau, changes in night.get("sites", {}).items():
            for change in changes:
                if "page" in change:
                    pages[f"{bureau} {change['page']}"] = values_of(bureau, change)
        for page in night["expect"]["published"]:
            published[page] = pages[page]
            versions.add((page, *pages[page].items()))
        standing = {cell: value for cell, value in (standing | came["values"]).items() if value is not None}
        assert standing == {cell: value for page in published.values() for cell, value in page.items()}, came["date"]
        absurd = night["expect"]["held_back"] > 0  # a version of a page that has no value to publish
        assert came["versions"] == len(versions) + absurd, came["date"]
        assert came["pages"] == len(published) + (absurd and "chengdu april" not in published), came["date"]


def values_of(bureau: str, page: Night) -> dict[str, float]:
    """The cells of a page, and what it says of them."""
    figures = {SCENARIO["indicators"][name]: value for name, value in page.get("figures", {}).items()}
    place, year = SCENARIO["bureaus"][bureau]["place"], page.get("year", page["published"].year)
    return {f"{place} {indicator} {year}": value for indicator, value in (figures | page.get("values", {})).items()}


def check_sizes(nights: list[tuple[Night, Night]]) -> None:
    for (_, before), (_, came) in pairwise(nights):
        then, now = before["sizes"], came["sizes"]
        asked = len([run for run in came["runs"] if "housekeeping" not in run])
        assert now["manifest_rows"] - then["manifest_rows"] <= 40 * asked, came["date"]
        assert now["manifest_bytes"] - then["manifest_bytes"] < 20_000 * max(asked, 1), came["date"]
        assert now["dagster_bytes"] - then["dagster_bytes"] < 3_000_000 * max(len(came["runs"]), 1), came["date"]
        if not came["releases"]:  # then nothing is new, but what was stored of a page before its run was killed
            assert now["release_bytes"] == then["release_bytes"], came["date"]
            assert now["reading_bytes"] <= then["reading_bytes"], came["date"]
            assert now["snapshots"] - then["snapshots"] <= 1, came["date"]  # a refusal of robots.txt
        assert now["releases"] <= 10
        assert now["live_folders"] <= 2


@pytest.mark.slow  # two nights on a site are in tests/test_end_to_end_site.py, by the same command
def test_the_first_nights_bring_what_they_must(tmp_path):
    nights = rehearsed(tmp_path, 2)
    check_runs_and_messages(nights)
    check_values(nights)
    check_sizes(nights)


@pytest.mark.slow
def test_a_fortnight_brings_what_it_must(tmp_path):
    nights = rehearsed(tmp_path, len(SCENARIO["nights"]))
    check_runs_and_messages(nights)
    check_values(nights)
    check_sizes(nights)
    sizes = {came["date"]: came["sizes"] for _, came in nights}
    saturday, sunday = sizes["2026-04-25"], sizes["2026-04-26"]
    assert (saturday["reader_versions"], sunday["reader_versions"]) == (2, 1)
    assert (saturday["staging_files"], sunday["staging_files"]) == (1, 0)
    assert sunday["runs"] == saturday["runs"] + 2 - 1  # the night and the housekeeping came, the run of December went
    assert saturday["reading_bytes"] - sunday["reading_bytes"] == 200_000

"""The report page: whole, offline, and safe with whatever a web page said."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from made_star import STORY, observation, page

from warehouse.report import report, write_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=8000",
    "--dump-dom",
]
HOSTILE = "</script><script>document.title = 'broken'</script><img src=x onerror=\"document.title = 'broken'\">共5人"


def embedded(html: str, name: str) -> dict[str, object]:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    content: dict[str, object] = json.loads(found[1])
    return content


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    hostile = page("hostile", url="javascript:alert(1)", title=HOSTILE, published_on=None, kind="other")
    said = observation("c", "hostile", "5人", 5.0, sentence=HOSTILE)
    STORY.but(pages=[*STORY.pages, hostile], observations=[*STORY.observations, said]).build(folder / "star.duckdb")
    return write_report(folder / "star.duckdb", folder / "report.html")


def test_the_page_needs_nothing_from_elsewhere(written: Path) -> None:
    html = written.read_text("utf-8")
    head = html[: html.index('<script id="content"')]
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', head) == []
    assert "@import" not in head
    assert "url(" not in head
    assert len(html) > 500_000


def test_the_page_carries_values_with_sentences_targets_conflicts_and_the_quarantined(written: Path) -> None:
    content = embedded(written.read_text("utf-8"), "content")
    assert content["totals"] == {"targets": 1, "conflicts": 2, "quarantine": 1, "freshness": 2}
    assert content["release"]["facts"] == 8  # type: ignore[index]
    values: dict[str, dict[str, list[object]]] = content["values"]  # type: ignore[assignment]
    sentences = [values["sentence"]["words"][at] for at in values["sentence"]["at"]]  # type: ignore[index]
    assert "2021年，全市保障低保对象870元。" in sentences
    assert len(sentences) == len(values["year"]) == 6


def test_the_same_release_gives_the_same_page(written: Path) -> None:
    assert report(written.with_name("star.duckdb")) == written.read_text("utf-8")


def test_an_empty_release_has_a_page(tmp_path: Path) -> None:
    STORY.but(pages=[], observations=[], quarantined={}).build(tmp_path / "star.duckdb")
    assert embedded(report(tmp_path / "star.duckdb"), "content")["indicators"] == []


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_draws_the_charts_and_runs_nothing_of_what_a_page_said(written: Path, tmp_path: Path) -> None:
    command = [str(CHROMIUM), *_FLAGS, f"--user-data-dir={tmp_path}", written.as_uri()]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=90, check=True).stdout
    sections = {found[1]: found[2] for found in re.finditer(r'<section id="(\w+)">(.*?)</section>', shown, re.DOTALL)}
    for name in ("coverage", "trends", "targets"):
        assert "<svg" in sections[name], name
    assert "http://news.example/1.html" in sections["conflicts"]
    assert "share_within_100" in sections["quarantine"]
    assert 'href="javascript:' not in shown
    assert "<title>broken" not in shown
    assert "&lt;img src=x onerror=" in sections["conflicts"]


def test_the_scripts_are_bundled_once_and_anew_where_they_are_damaged(written: Path, tmp_path: Path) -> None:
    shutil.copytree(written.parent, tmp_path, dirs_exist_ok=True)
    (kept,) = tmp_path.glob(".vega-*.js")
    bundled = kept.read_bytes()
    assert write_report(tmp_path / "star.duckdb", tmp_path / "again.html").read_bytes() == written.read_bytes()
    kept.write_bytes(bundled.replace(b"vegaEmbed", b"vegaEmbad"))
    assert write_report(tmp_path / "star.duckdb", tmp_path / "again.html").read_bytes() == written.read_bytes()
    assert kept.read_bytes() == bundled

"""The report page: whole, offline, and safe with whatever a web page said."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import zlib
from html import unescape
from pathlib import Path
from typing import Any

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


def unpacked(path: Path, name: str) -> dict[str, Any]:
    """What the page unpacks when it is asked for."""
    found = re.search(rf'<script id="{name}" type="text/plain">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert found is not None
    columns: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(found[1])))
    return columns


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
    values = unpacked(written, "values")
    sentences = [values["sentence"]["words"][at] for at in values["sentence"]["at"]]  # type: ignore[index]
    assert "2021年，全市保障低保对象870元。" in sentences
    assert len(sentences) == len(values["year"]) == 6
    annual = unpacked(written, "annual")
    assert sorted(annual["value"]) == [870.0, 980.0, 4000.0, 97600.0, 99000.0]


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
    for name in ("coverage", "compare", "targets"):
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


#: What a reader does, one after the other, and what the page then says of itself.
CLICKS = """
// The browser's clock is virtual and unpacking and drawing are not: each step waits until the page has come to rest.
const wait = async () => {
  await unpack("annual"); await unpack("values"); await compare.drawing;
  await new Promise(done => setTimeout(done, 400));
};
const seen = {};
const set = (id, value) => { const at = document.getElementById(id); at.value = value; at.dispatchEvent(new Event("change")); };
const cells = () => [...document.querySelectorAll("#compare .ranking tbody tr")].map(row => [...row.cells].map(cell => cell.textContent));
(async () => {
  await wait();
  set("indicator", "低保对象人数"); await wait();
  set("year", "2021"); await wait();
  seen.ranking = cells();
  seen.missing = document.querySelector("#missing .hint").textContent;
  set("place", "成都"); await wait();
  seen.chips = [...document.querySelectorAll(".chip")].map(chip => chip.textContent);
  document.getElementById("zero").click(); await wait();
  seen.names = [...document.querySelectorAll("#compare svg text")].map(text => text.textContent).filter(text => text.includes("市"));
  seen.address = location.hash;
  const saved = [];
  HTMLAnchorElement.prototype.click = function () { saved.push(this.download); };
  document.getElementById("csv").click(); await wait();
  document.getElementById("png").click(); await wait(); await wait();
  seen.saved = saved;
  document.querySelector("#coverage .mark-rect path, #coverage .mark-rect rect")?.dispatchEvent(new MouseEvent("click", {bubbles: true})); await wait();
  seen.detail = document.querySelector("#coverage .detail").textContent.length > 0;
  document.getElementById("language").click(); await wait(); await wait();
  seen.english = [document.querySelector("#compare h2").textContent, document.documentElement.lang, document.getElementById("indicator").value];
  const chinese = /[\u4e00-\u9fff]/;
  seen.heads = [...document.querySelectorAll("h2, th, dt, .hint, label span, .chart svg .role-axis-title text")].map(part => part.textContent);
  seen.chinese = seen.heads.filter(text => chinese.test(text));
  seen.rule = document.querySelector("#conflicts tbody tr td:last-child").textContent;
  seen.overflow = document.documentElement.scrollWidth - window.innerWidth;
  document.title = "done " + JSON.stringify(seen);
})();
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.slow)])
def test_a_reader_chooses_compares_and_takes_away(written: Path, tmp_path: Path, width: int) -> None:
    clicked = tmp_path / "clicked.html"
    html = written.read_text("utf-8")
    before, _, after = html.rpartition("</body>")  # Vega speaks of one, too
    clicked.write_text(f"{before}<script>{CLICKS}</script></body>{after}", "utf-8")
    flags = [flag.replace("=8000", "=60000") for flag in _FLAGS]
    command = [str(CHROMIUM), *flags, f"--window-size={width},900", f"--user-data-dir={tmp_path / 'chromium'}"]
    shown = subprocess.run([*command, clicked.as_uri()], capture_output=True, encoding="utf-8", timeout=120, check=True)
    title = re.search(r"<title>done (.*?)</title>", shown.stdout, re.DOTALL)
    assert title is not None, shown.stdout[:300]
    seen = json.loads(unescape(title[1]))
    assert [row[:3] for row in seen["ranking"]] == [["1", "成都市", "97,600"]]
    assert seen["missing"] == "低保对象人数，2021 年：1 地有值，1 地没有。"
    assert seen["chips"] == ["成都市 ×"]
    assert "成都市" in seen["names"]
    assert seen["saved"] == ["dibao_persons.csv", "dibao_persons.png"]
    assert {"i=dibao_persons", "y=2021", "zero=1"} <= set(seen["address"][1:].split("&"))
    assert seen["detail"]
    assert seen["english"] == ["Compare", "en", "Dibao recipients"]
    assert len(seen["heads"]) > 30
    assert seen["chinese"] == []
    assert seen["rule"].startswith("a value far from")
    assert seen["overflow"] <= 0

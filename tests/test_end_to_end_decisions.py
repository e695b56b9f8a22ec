"""A person's decisions through the nights, and invented figures apart from real ones."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from assets.home import Home
from assets.sample import FOLDER, served_sample
from pipelines.cli import PARTIAL, commands
from warehouse import query

SOURCES = """\
contact: test@example.org
defaults: {{allow_private: true, pace: 0}}
sources:
  - {{id: enshi, place: "422800", publisher: 恩施土家族苗族自治州民政局, list_pages: ["{base}/enshi/index.html"], body: article.view}}
"""


@pytest.fixture
def site(tmp_path) -> Path:
    """A copy of the sample's sites that a test may change."""
    return Path(shutil.copytree(FOLDER / "site", tmp_path / "site"))


@pytest.fixture
def base(site) -> Iterator[str]:
    with served_sample(site) as served:
        ((host, port),) = served.values()
        yield f"http://{host}:{port}"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch, tmp_path) -> None:
    for name in ("DAGSTER_HOME", "MINZHENG_SOURCES", "MINZHENG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(commands, [*map(str, arguments)], catch_exceptions=False)


def published(home: Path, text: str) -> pl.DataFrame:
    """The published values that are printed so."""
    return query.table(Home(home).warehouse, "indicator_values").filter(printed=text)


def test_decisions_carry_through_to_publication_and_through_edits_of_the_page(tmp_path, base, site):
    home, listed = tmp_path / "home", tmp_path / "sources.yaml"
    listed.write_text(SOURCES.format(base=base), encoding="utf-8")
    night = ("run", "--home", home, "--sources", listed)
    call(*night)
    held = call("quarantine", "list", "--home", home, "--rule", "share_at_most_100").stdout
    assert "103%" in held
    key = next(word for line in held.splitlines() if "103%" in line for word in line.split() if len(word) == 8)
    values = query.table(Home(home).warehouse, "indicator_values").filter(
        "catalogued", measure="level", status="actual"
    )
    wrong = values.sort("cell_key").row(0, named=True)
    page = next(path for path in site.rglob("*.html") if wrong["url"].endswith(path.relative_to(site).as_posix()))

    why = ("--home", home, "--reason", "已核实", "--by", "王芳")
    assert call("quarantine", "accept", key, *why).exit_code == 0
    assert call("quarantine", "reject", wrong["observation_key"][:8], *why).exit_code == 0
    decided = call(*night)
    assert decided.exit_code == 0, decided.output
    assert published(home, "103%").height == 1
    assert wrong["cell_key"] not in query.table(Home(home).warehouse, "fact_indicator")["cell_key"]

    # An edit elsewhere on the page: both decisions stand, and nobody is called.
    text = page.read_text("utf-8")
    page.write_text(text.replace("</article>", "<p>全州新建老年助餐点77个。</p></article>"), "utf-8")
    edited = call(*night)
    assert "1 changed" in edited.stdout
    assert edited.exit_code == 0, edited.output
    assert published(home, "77个").height == 1
    assert published(home, "103%").height == 1
    assert wrong["cell_key"] not in query.table(Home(home).warehouse, "fact_indicator")["cell_key"]

    # An edit of the rejected sentence itself: the figure stays back, and the night says that the decision lost its ground.
    start = wrong["sentence"][:6]
    assert start in page.read_text("utf-8")
    page.write_text(page.read_text("utf-8").replace(start, f"据统计，{start}", 1), "utf-8")
    alarmed = call(*night)
    assert wrong["cell_key"] not in query.table(Home(home).warehouse, "fact_indicator")["cell_key"]
    assert alarmed.exit_code == PARTIAL, alarmed.output
    assert "correction_matches" in alarmed.stderr, alarmed.stderr


def test_the_sample_has_a_home_of_its_own_and_never_mixes_with_real_bureaus(tmp_path, base):
    listed = tmp_path / "sources.yaml"
    listed.write_text(SOURCES.format(base=base), encoding="utf-8")
    assert call("run").exit_code == PARTIAL  # the sample's dead link
    assert (tmp_path / "data" / "sample" / "warehouse" / "warehouse.duckdb").is_file()
    assert "成都市" in call("places").stdout  # as long as there is no other home
    call("run", "--sources", listed)
    real = query.table(Home(tmp_path / "data").warehouse, "dim_bulletin")
    assert set(real["source_id"]) == {"enshi"}
    assert "成都市" not in call("places").stdout
    with pytest.raises(ValueError, match="pages of real bureaus"):
        call("run", "--home", tmp_path / "data")
    with pytest.raises(ValueError, match="figures are invented"):
        call("run", "--home", tmp_path / "data" / "sample", "--sources", listed)

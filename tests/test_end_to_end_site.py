"""The job on pages of real shape that lie beside the project, where they are there."""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from assets.home import Home
from assets.sample import served_sample
from pipelines.cli import PARTIAL, commands
from warehouse import query

SITE = Path(__file__).resolve().parents[2] / "shared" / "site"
SOURCES = """\
contact: test@example.org
defaults: {{allow_private: true, pace: 0, body: div.TRS_Editor}}
sources:
  - {{id: chengdu, place: "510100", publisher: 成都市民政局, list_pages: ["{base}/chengdu/index.html"], follow: {{url: art/}}}}
  - {{id: guangan, place: "511600", publisher: 广安市民政局, list_pages: ["{base}/guangan/index.html"], follow: {{url: n/}}}}
  - {{id: changzhou, place: "320400", publisher: 常州市民政局, list_pages: ["{base}/changzhou/index.html"]}}
"""

pytestmark = pytest.mark.skipif(not SITE.is_dir(), reason="the pages are not beside the project")


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """Two nights on the site: where they were published, and what each said."""
    home = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch, served_sample(SITE) as served:
        patch.delenv("DAGSTER_HOME", raising=False)
        ((host, port),) = served.values()
        (home / "sources.yaml").write_text(SOURCES.format(base=f"http://{host}:{port}"), encoding="utf-8")
        call = ["run", "--home", str(home), "--sources", str(home / "sources.yaml")]
        first = CliRunner().invoke(commands, call, catch_exceptions=False)
        second = CliRunner().invoke(commands, call, catch_exceptions=False)
    return Home(home), first, second


def value(nights, city: str, indicator: str, year: int, **further: str) -> list[float]:
    values = query.table(nights[0].warehouse, "indicator_values")
    wanted = {
        "city": city,
        "indicator_code": indicator,
        "year": year,
        "status": "actual",
        "measure": "level",
        **further,
    }
    return values.filter(pl.col(name) == wanted_value for name, wanted_value in wanted.items())["value"].to_list()


def test_figures_of_three_cities_are_in_the_star(nights):
    assert nights[1].exit_code == PARTIAL, nights[1].output  # one link leads nowhere
    assert "art_gone.html" in nights[1].stderr
    assert value(nights, "成都市", "dibao_standard", 2021, area="districts") == [870.0]
    assert value(nights, "成都市", "dibao_standard", 2021, area="counties") == [820.0]
    assert value(nights, "成都市", "dibao_persons", 2021) == [97600.0]
    assert value(nights, "常州市", "dibao_standard", 2021) == [940.0]
    assert value(nights, "广安市", "dibao_funds", 2021, period="partial") == [350_000_000.0]


def test_the_recruitment_notice_adds_nothing(nights):
    observations = query.table(nights[0].warehouse, "fact_observation")
    bulletins = query.table(nights[0].warehouse, "dim_bulletin").filter(pl.col("title").str.contains("招聘"))
    of_notice = observations.join(bulletins, on="bulletin_key", how="semi")
    assert of_notice.filter(pl.col("indicator") != "").is_empty()


def test_a_second_night_finds_nothing_changed_and_says_so(nights):
    second = nights[2]
    assert "0 new, 0 changed" in second.stdout
    assert "nothing changed, it stands" in second.stdout


def test_a_value_leads_to_its_sentence(nights):
    found = query.explain(nights[0].warehouse, "成都市", "dibao_standard", 2021)
    published = found.filter(pl.col("outcome") == "published")
    assert any("870元" in sentence for sentence in published["sentence"])
    assert set(published["url"].str.ends_with("art_1001.html")) == {True}

"""The job of `minzheng run` on the bundled sample, from an empty folder to the published warehouse."""

import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from assets.home import Home
from pipelines.cli import PARTIAL, commands
from warehouse import connections, query


def run(home: Path, *arguments: str) -> Result:
    """Call `minzheng run` in this process."""
    return CliRunner().invoke(commands, ["run", "--home", str(home), *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def first(folder) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        patch.delenv("MINZHENG_SOURCES", raising=False)
        return run(folder)


@pytest.fixture(scope="module")
def values(first, folder) -> pl.DataFrame:
    return query.table(Home(folder).warehouse, "indicator_values")


@pytest.fixture(scope="module")
def observations(first, folder) -> pl.DataFrame:
    return query.table(Home(folder).warehouse, "fact_observation").join(
        query.table(Home(folder).warehouse, "dim_bulletin").select("bulletin_key", "url", bulletin_title="title"),
        on="bulletin_key",
    )


def cell(values: pl.DataFrame, **is_: object) -> pl.DataFrame:
    return values.filter(pl.col(name) == value for name, value in is_.items())


def test_the_sample_ends_with_a_warehouse_and_names_its_dead_link(first, folder):
    assert first.exit_code == PARTIAL, first.output
    assert "answers 404" in first.stderr
    assert "chengdu" in first.stderr
    for line in ("Fetched", "Read", "Held back", "Published", "Release", "Warehouse"):
        assert f"\n{line}" in "\n" + first.stdout
    assert Home(folder).warehouse.is_file()


def test_every_bureau_of_the_sample_has_values(values):
    bureaus = {"成都市", "广安市", "常州市", "绍兴市", "恩施土家族苗族自治州", "中卫市", "北川羌族自治县"}
    assert bureaus <= set(values["city"])


def test_two_bulletins_that_disagree_give_the_bureaus_value_and_a_conflict(values, first, folder):
    published = cell(
        values, city="成都市", indicator_code="dibao_standard", year=2021, status="actual", area="districts"
    )
    assert published["value"].to_list() == [870.0]
    assert published["conflict"].to_list() == [True]
    rivals = query.table(Home(folder).warehouse, "conflict")
    assert 850.0 in rivals["rival_value"].to_list()


def test_a_plan_is_no_fact(observations):
    of_plan = observations.filter(pl.col("bulletin_title").str.contains("要点"))
    assert of_plan.height > 3
    assert set(of_plan["status"]) == {"target"}


def test_a_recruitment_notice_has_no_catalogued_indicator(observations, first, folder):
    bulletins = query.table(Home(folder).warehouse, "dim_bulletin")
    notice = bulletins.filter(pl.col("title").str.contains("招聘"))
    assert notice.height == 1
    of_notice = observations.join(notice, on="bulletin_key", how="semi")
    assert of_notice.filter(pl.col("indicator") != "").is_empty()


def test_a_page_of_gb18030_that_calls_itself_gb2312_keeps_its_rare_characters(first, folder):
    texts = pl.read_parquet(Home(folder).pages("320400"))["text"].str.join("").item()
    assert "镕" in texts
    assert "喆" in texts
    assert "�" not in texts


def test_a_coverage_of_103_percent_is_held_back_with_its_rule(values, first, folder):
    held = query.table(Home(folder).warehouse, "quarantine").filter(pl.col("printed") == "103%")
    assert "share_at_most_100" in held["rule"]
    assert cell(values, city="恩施土家族苗族自治州", value=103.0).is_empty()


def test_every_published_value_leads_to_its_sentence_on_its_page(values, first, folder):
    texts = pl.read_parquet(Home(folder).folder / "readings" / "pages" / "*.parquet")
    printed = query.table(Home(folder).warehouse, "fact_observation").join(texts, on="bulletin_key")
    assert printed.height == query.table(Home(folder).warehouse, "fact_observation").height
    for text, start, end, number in printed.select("text", "span_start", "span_end", "printed").iter_rows():
        assert text[start:end] == number
    assert values.filter(pl.col("sentence").str.len_chars() == 0).is_empty()
    assert values.filter(~pl.col("url").str.starts_with("http://sample.invalid/")).is_empty()


def test_explain_shows_both_sides_with_sentence_and_address(first, folder):
    call = ["explain", "成都市", "dibao_standard", "2021", "--home", str(folder)]
    shown = CliRunner().invoke(commands, call, catch_exceptions=False).stdout
    published, rival = shown.index("870 CNY/month"), shown.index("850 CNY/month")
    assert "published" in shown[published:rival]
    assert "每人每月870元" in shown[published:rival]
    assert "http://sample.invalid/chengdu/art/2022/1/20/art_2101.html" in shown[published:rival]
    assert "not chosen" in shown[rival:]
    assert "they disagree" in shown[rival:]


def test_explain_of_an_unknown_indicator_names_those_near_it(first, folder):
    with pytest.raises(ValueError, match="dibao_standard"):
        CliRunner().invoke(
            commands, ["explain", "成都市", "dibao_standrd", "--home", str(folder)], catch_exceptions=False
        )


def test_the_counts_of_all_stages_add_up(first, folder):
    home = Home(folder)
    release = query.summary(home.warehouse)
    ledger = query.table(home.warehouse, "number_ledger")
    observations = query.table(home.warehouse, "fact_observation")
    assert release["numbers"] == ledger.height
    assert release["observations"] == observations.height == ledger.filter(pl.col("class") == "observation").height
    assert release["quarantined"] == observations.filter(~pl.col("valid")).height
    assert f"{release['facts']:,} values" in first.stdout


def test_the_report_and_the_live_folder_are_of_the_release(first, folder):
    warehouse = Home(folder).warehouse
    assert "成都市" in warehouse.with_name("report.html").read_text(encoding="utf-8")
    live = pl.read_parquet(warehouse.parent / "live" / "current" / "indicator_values.parquet")
    assert live.height == query.table(warehouse, "indicator_values").height


def test_a_second_night_reads_nothing_and_lets_the_release_stand(first, folder):
    before = query.summary(Home(folder).warehouse)["release_id"]
    second = run(folder)
    assert second.exit_code == PARTIAL, second.output  # the dead link is still dead
    assert "0 new, 0 changed" in second.stdout
    assert "0 new page versions" in second.stdout
    assert "nothing changed, it stands" in second.stdout
    assert query.summary(Home(folder).warehouse)["release_id"] == before


def test_offline_makes_the_same_from_the_snapshots_alone(first, folder):
    content = query.summary(Home(folder).warehouse)["content_sha256"]
    for made in ("readings", "warehouse"):
        shutil.rmtree(folder / made)
    offline = run(folder, "--offline")
    assert offline.exit_code == 0, offline.output
    assert "Fetched" not in offline.stdout
    assert query.summary(Home(folder).warehouse)["content_sha256"] == content


def test_dagster_keeps_its_records_in_the_home_and_sends_none(first, folder):
    settings = (folder / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert "telemetry:\n  enabled: false" in settings
    assert not list((folder / "dagster").glob("**/telemetry*/*"))
    assert not list((folder / "dagster" / "storage").glob("**/result"))  # nothing is pickled


ROOT = Path(__file__).resolve().parents[1]


def blocks(file: str, kind: str) -> list[str]:
    """The lines of the fenced blocks of that kind in a document."""
    text = (ROOT / file).read_text("utf-8")
    return [line for block in re.findall(rf"^```{kind}\n(.*?)^```", text, re.M | re.S) for line in block.splitlines()]


def queries() -> list[str]:
    """Every query of docs/bi.md, without its comments."""
    lines = [line for line in blocks("docs/bi.md", "sql") if not line.startswith("--")]
    return [query.strip() for query in "\n".join(lines).split(";") if query.strip()]


#: Queries of the documents that the sample has no answer to, and why.
UNANSWERED = {"南京市鼓楼区": "no bureau of the sample speaks of it"}


@pytest.mark.parametrize("question", queries())
def test_every_query_of_the_documents_is_answered_by_the_sample(first, folder, question):
    with connections.read(Home(folder).warehouse) as connection:
        answer = connection.sql(question).pl()
    assert answer.height or any(words in question for words in UNANSWERED)
    assert not answer.height or answer.null_count().row(0) != (answer.height,) * answer.width


def commands_of(file: str) -> list[str]:
    """The `minzheng` commands of a document, without what is said beside them."""
    lines = [line.removeprefix("$ ").split("#")[0].strip() for line in blocks(file, "(?:sh)?")]
    return [line for line in lines if re.match(r"([A-Z_]+=\S+ )?minzheng ", line)]


#: Commands of the documents that ask the web, open a server, or read a page that is not there.
NOT_RUN = ("minzheng run --sources", "minzheng ui", "minzheng read page.html", "MINZHENG_CONTACT=")


@pytest.mark.parametrize("line", [*commands_of("README.md"), *commands_of("README.zh-CN.md")])
def test_every_command_of_the_readme_runs_on_the_sample(first, folder, tmp_path, line):
    shutil.copytree(folder, tmp_path / "home", ignore=shutil.ignore_patterns("lake", "dagster", "by_reader"))
    words = line.split()[1:]
    if line.startswith(NOT_RUN) or words == ["--help"]:
        assert CliRunner().invoke(commands, ["--help"]).exit_code == 0
        return
    said: Any = CliRunner().invoke(commands, [*words, "--home", str(tmp_path / "home")])
    assert said.exit_code in (0, PARTIAL, 1 if words[0] == "status" else 0), said.output
    assert not isinstance(said.exception, ValueError), said.exception


def test_what_the_readme_shows_is_what_is_printed(first, folder):
    lines = blocks("README.md", "")
    start = next(at for at, line in enumerate(lines) if line.startswith("$ minzheng explain"))
    shown = lines[start + 1 : start + lines[start:].index("    …")]
    told = CliRunner().invoke(commands, [*lines[start].split("#")[0].split()[2:], "--home", str(folder)]).stdout
    assert "\n".join(shown) in told

"""What a data engineer meets in Dagster's UI: a bureau that fails, its re-run, wrong clicks, and the way to a sentence."""

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import dagster as dg
import pytest

from assets.home import Home, read_frame, write_frame
from assets.sample import FOLDER
from assets.snapshots import FAILED_TAG
from assets.workspace import cities_of_run
from bulletins.resolve import FACTS
from pipelines.definitions import build_defs
from pipelines.failures import reason_of
from pipelines.jobs import NIGHTLY, all_cities

SOURCES = """\
contact: test@example.org
defaults: {{allow_private: true, pace: 0}}
sources:
  - {{id: changzhou, place: "320400", publisher: 常州市民政局, list_pages: ["{base}/changzhou/index.html"], body: "#zoom"}}
  - {{id: guangan, place: "511600", publisher: 广安市民政局, list_pages: ["{base}/guangan/index.html"]}}
"""
CHANGZHOU, GUANGAN = "320400 常州市", "511600 广安市"


class Site(ThreadingHTTPServer):
    """The sample's sites; those whose folder is in `down` answer 500."""

    down: set[str]


class Answering(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        if self.path.split("/")[1] in self.server.down:
            self.send_error(500)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), partial(Answering, directory=str(FOLDER / "site"))) as server:
        server.down = {"guangan"}
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def defs(home, site) -> dg.Definitions:
    file = home / "sources.yaml"
    file.write_text(SOURCES.format(base=f"http://127.0.0.1:{site.server_port}"), encoding="utf-8")
    return build_defs(home=home, sources=file)


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def launched(defs: dg.Definitions, instance: dg.DagsterInstance, *assets: str, city: str | None = None):
    """Materialize some assets alone, as the button of the UI does."""
    return defs.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey(asset) for asset in assets],
        partition_key=city,
        raise_on_error=False,
    )


def reasons(result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(reason_of(event) for event in result.filter_events(lambda event: event.is_step_failure))


@pytest.mark.parametrize(
    ("assets", "first"),
    [
        (["pages"], "snapshots"),
        (["observations", "number_ledger"], "pages"),
        (["valid_observations", "quarantine"], "observations"),
        (["facts", "conflicts"], "valid_observations"),
        (["star"], "facts"),
        (["warehouse"], "star"),
        (["report"], "warehouse"),
        (["live_folder"], "warehouse"),
    ],
)
def test_an_asset_alone_on_an_empty_home_says_what_comes_first(tmp_path, instance, assets, first):
    defs = build_defs(home=tmp_path)
    by_city = defs.resolve_asset_graph().get(dg.AssetKey(assets[0])).partitions_def
    result = launched(defs, instance, *assets, city="510100 成都市" if by_city else None)
    assert not result.success
    assert f"materialize `{first}` first" in reasons(result)
    assert not Home(tmp_path).warehouse.exists()


@pytest.fixture(scope="module")
def night(defs, instance) -> dg.ExecuteInProcessResult:
    job = defs.resolve_job_def(NIGHTLY)
    partitions = defs.resolve_asset_graph().get(dg.AssetKey("snapshots")).partitions_def
    return job.execute_in_process(instance=instance, tags=all_cities(partitions))


def check(result: dg.ExecuteInProcessResult, name: str) -> dg.AssetCheckEvaluation:
    return next(found for found in result.get_asset_check_evaluations() if found.check_name == name)


def test_a_night_names_the_bureau_that_failed_and_goes_on(night, instance):
    assert night.success
    found = check(night, "bureaus_answer")
    assert (found.passed, found.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert found.metadata["bureaus"].value == "guangan"
    assert GUANGAN in found.metadata["addresses"].value
    assert "answers 500" in found.metadata["addresses"].value
    assert "the city alone" in found.metadata["what to do"].value
    assert instance.get_run_by_id(night.run_id).tags[FAILED_TAG] == "guangan"


def test_the_freshness_of_each_bureau_is_told_the_worst_first(night):
    found = check(night, "bureaus_are_fresh")
    assert not found.passed
    rows = found.metadata["freshness"].value.splitlines()[2:]
    assert [row.split(" | ")[:3] for row in rows] == [
        ["| 广安市", "guangan", "silent"],
        ["| 常州市", "changzhou", "overdue"],
    ]


def test_a_broken_check_shows_its_rows_and_what_to_do(night):
    for found in night.get_asset_check_evaluations():
        told = {"examples", "what to do"} <= set(found.metadata)
        assert told == (not found.passed) or found.check_name.startswith(("bureaus_", "store_", "every_page")), found


def test_a_published_value_stands_beside_its_sentence_and_leads_to_others(night, defs, instance):
    (event,) = night.asset_materializations_for_node("warehouse")
    shown = event.metadata["values and their sentences"].value
    assert "常州市" in shown
    assert "http://127.0.0.1" in shown
    lineage = event.metadata["dagster/column_lineage"].value.deps_by_column
    assert lineage["sentence"] == [dg.TableColumnDep(dg.AssetKey("valid_observations"), "sentence")]

    def explain(**asked: object) -> dg.ExecuteInProcessResult:
        config = {"ops": {"find_sentences": {"config": asked}}}
        job = defs.resolve_job_def("explain_number")
        return job.execute_in_process(instance=instance, run_config=config, raise_on_error=False)

    result = explain(place="常州市", indicator="dibao_standard")
    (output,) = list(result.filter_events(lambda event: event.is_successful_output))
    assert "元" in output.step_output_data.metadata["sentences"].value
    assert "nearest are" in reasons(explain(place="常州市", indicator="dibao_standart"))
    assert "leave the year out" in reasons(explain(place="常州市", indicator="dibao_standard", year=1949))


def test_a_city_alone_fails_while_its_bureau_does_and_is_green_when_it_is_mended(night, defs, instance, site, home):
    failed = launched(defs, instance, "snapshots", "pages", city=GUANGAN)
    assert not failed.success
    assert f"nothing came of {GUANGAN}: 广安市民政局" in reasons(failed)
    assert "Re-execute" in reasons(failed)
    site.down.clear()
    mended = launched(defs, instance, "snapshots", "pages", city=GUANGAN)
    assert mended.success
    assert check(mended, "bureaus_answer").passed
    assert FAILED_TAG not in instance.get_run_by_id(mended.run_id).tags


class OnAnOldPage:
    """The context of a run whose city was chosen in the UI before the list was changed: the run loads the list anew."""

    def __init__(self, *tags: str) -> None:
        self.run = SimpleNamespace(tags={"dagster/from_ui": "true", **dict.fromkeys(tags, "640500 中卫市")})

    @property
    def partition_keys(self) -> Sequence[str]:
        chosen = dg.PartitionKeyRange("640500 中卫市", "640500 中卫市")
        return dg.StaticPartitionsDefinition([CHANGZHOU, GUANGAN]).get_partition_keys_in_range(chosen)


@pytest.mark.parametrize(
    "tags",
    [["dagster/partition"], ["dagster/asset_partition_range_start", "dagster/asset_partition_range_end"]],
)
def test_a_city_that_is_off_the_list_says_so(tags):
    with pytest.raises(dg.Failure) as failure:
        cities_of_run(OnAnOldPage(*tags))  # type: ignore[arg-type]
    assert "640500 中卫市: no bureau of such a city is on the source list" in str(failure.value.description)
    assert "Reload definitions" in str(failure.value.description)


def test_a_star_that_breaks_a_check_is_not_published_by_another_run_either(night, instance, home, tmp_path):
    folder = Home(tmp_path / "home")
    shutil.copytree(home, folder.folder)
    defs = build_defs(home=folder.folder, sources=folder.folder / "sources.yaml")
    published = folder.warehouse.read_bytes()
    facts = folder.resolved / "facts.parquet"
    write_frame(read_frame(facts, FACTS).tail(-1), facts, "with a fact less")
    assert not check(launched(defs, instance, "star"), "cell_is_published").passed
    assert "no star that holds its checks" in reasons(launched(defs, instance, "warehouse"))
    assert folder.warehouse.read_bytes() == published

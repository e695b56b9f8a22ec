"""`minzheng sources` and `minzheng snapshots`, on the bundled sample and on folders of the test."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assets.home import Home
from assets.sample import sample_sources, served_sample
from bulletins.catalog import CATALOG_FOLDER, load_catalog
from fetching.crawl import crawl
from fetching.snapshots import SnapshotStore
from pipelines.cli import FAILED, OK, commands

PAGE = "http://sample.invalid/guangan/n/20220125/c1188.html"


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("MINZHENG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MINZHENG_SOURCES", raising=False)
    monkeypatch.delenv("MINZHENG_CONTACT", raising=False)


@pytest.fixture
def store() -> SnapshotStore:
    return SnapshotStore(Home.of().lake)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments])


def test_check_names_each_mistake(tmp_path):
    good = call("sources", "check", CATALOG_FOLDER / "sources.yaml")
    assert good.exit_code == OK, good.output
    assert "51 sources can be used, 51 of them were never verified" in good.stdout
    assert "MINZHENG_CONTACT" in good.stdout
    path = tmp_path / "mine.yaml"
    path.write_text("sources:\n  - {id: a, place: '000000', publisher: 某局, list_page: [http://x.example/]}\n")
    bad = call("sources", "check", path)
    assert bad.exit_code == FAILED
    assert "mine.yaml, line 2: source «a»" in bad.stderr
    assert "did you mean «list_pages»?" in bad.stderr


def test_try_shows_what_would_be_followed_kept_and_read(tmp_path):
    listing = call("sources", "try", "http://sample.invalid/chengdu/index.html")
    assert listing.exit_code == OK, listing.output
    assert "成都市民政局2022年工作总结" in listing.stdout
    assert "index_2.html" in listing.stdout
    page = call("sources", "try", PAGE)
    assert page.exit_code == OK, page.output
    assert "广安市民政局2021年工作总结 (year_summary)" in page.stdout
    assert "dibao_standard" in page.stdout
    gone = call("sources", "try", "http://sample.invalid/guangan/none.html", "--source", "sample_guangan")
    assert gone.exit_code == FAILED
    assert "answers 404" in gone.stdout
    assert not (tmp_path / "home").exists(), "nothing is stored"


def test_a_saved_page_is_taken(tmp_path, store):
    file = tmp_path / "saved.html"
    file.write_bytes((CATALOG_FOLDER / "sample" / "site" / "guangan" / "n" / "20220125" / "c1188.html").read_bytes())
    taken = call("sources", "import", file, "--url", PAGE)
    assert taken.exit_code == OK, taken.output
    assert "NEW" in taken.stdout
    assert store.manifest(["url", "reason"]).rows() == [(PAGE, "imported")]
    refused = call("sources", "import", file, "--url", "http://elsewhere.example/")
    assert isinstance(refused.exception, ValueError)
    assert "on no host of the sources" in str(refused.exception)


def test_a_saved_file_of_any_format_is_taken_or_refused_by_name(tmp_path, store):
    address = PAGE.replace(".html", ".pdf")
    (tmp_path / "list.html").write_text("指标,单位,2022年\n孤儿,人,312\n收养,件,45\n", encoding="gb18030")
    assert call("sources", "import", tmp_path / "list.html", "--url", address).exit_code == OK
    (tmp_path / "scan.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
    scan = call("sources", "import", tmp_path / "scan.pdf", "--url", address)
    assert "scan.pdf: holds pages that are pictures" in scan.stderr
    (tmp_path / "all.rar").write_bytes(b"Rar!\x1a\x07\x00")
    refused = call("sources", "import", tmp_path / "all.rar", "--url", address)
    assert "all.rar: the file is a RAR archive: unpack it" in str(refused.exception)
    assert store.manifest(["outcome"]).height == 2


def test_the_care_of_snapshots(tmp_path, store):
    with served_sample() as connect_to:
        crawl(sample_sources(load_catalog().places), store, connect_to=connect_to)
    good = call("snapshots", "verify")
    assert good.exit_code == OK, good.output
    assert "0 broken" in good.stdout
    file = tmp_path / "lake.warc.gz"
    assert "retrievals written" in call("snapshots", "export", file).stdout
    version = Path(store.blob_path(store.manifest().filter(url=PAGE).item(0, "snapshot_sha256")))
    version.unlink()
    broken = call("snapshots", "verify")
    assert broken.exit_code == FAILED
    assert version.name in broken.stderr
    assert call("snapshots", "import", file).exit_code == OK
    assert call("snapshots", "verify").exit_code == OK, "an export heals what was lost"
    assert "0 snapshots let go of" in call("snapshots", "prune").stdout

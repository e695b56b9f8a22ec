"""`minzheng run` on bureaus that fail in every way: each is named with what to do, the others are published."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assets.home import Home
from assets.sample import FOLDER, served_sample
from pipelines.cli import FAILED, PARTIAL, USAGE, commands
from warehouse import query

SOURCES = """\
contact: test@example.org
defaults: {{allow_private: true, pace: 0}}
sources:
  - id: guangan
    place: "511600"
    publisher: 广安市民政局
    list_pages: ["{base}/guangan/index.html"]
    body: div.TRS_Editor
"""
BAD_SOURCES = """\
  - id: misspelt
    place: "320400"
    publisher: 常州市民政局
    list_page: ["{base}/changzhou/index.html"]
  - id: nowhere
    place: "999999"
    publisher: 无此市民政局
    list_pages: ["{base}/changzhou/index.html"]
  - id: refusing
    place: "640500"
    publisher: 中卫市民政局
    list_pages: ["{refusing}/index.html"]
  - id: hollow
    place: "510100"
    publisher: 成都市民政局
    list_pages: ["{base}/hollow/index.html"]
"""
HOLLOW_LIST = """<html><head><meta charset="utf-8"><title>工作总结</title></head><body><ul>
<li><a href="empty.html">成都市民政局2019年工作总结</a></li><li><a href="gone.html">成都市民政局2018年工作总结</a></li>
</ul></body></html>"""


@pytest.fixture
def site(tmp_path) -> Path:
    """A copy of the sample's sites that a test may change, with a bureau whose pages are empty or gone."""
    copy = tmp_path / "site"
    shutil.copytree(FOLDER / "site", copy)
    (copy / "hollow").mkdir()
    (copy / "hollow" / "index.html").write_text(HOLLOW_LIST, encoding="utf-8")
    (copy / "hollow" / "empty.html").write_text("<html><body></body></html>", encoding="utf-8")
    return copy


@pytest.fixture
def base(site) -> Iterator[str]:
    with served_sample(site) as served:
        ((host, port),) = served.values()
        yield f"http://{host}:{port}"


@pytest.fixture
def refusing() -> Iterator[str]:
    """An address at which nobody listens: its port is taken by a socket that accepts nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(autouse=True)
def own_dagster_home(monkeypatch) -> None:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)


def run(home: Path, sources: str) -> Result:
    """Call `minzheng run` on a source list of this text."""
    file = home / "sources.yaml"
    home.mkdir(exist_ok=True)
    file.write_text(sources, encoding="utf-8")
    return CliRunner().invoke(commands, ["run", "--home", str(home), "--sources", str(file)], catch_exceptions=False)


def test_every_bad_source_is_named_and_the_good_one_is_published(tmp_path, base, refusing):
    home = tmp_path / "home"
    result = run(home, (SOURCES + BAD_SOURCES).format(base=base, refusing=refusing))
    assert result.exit_code == PARTIAL, result.output
    problems = [line for line in result.stderr.splitlines() if line.startswith("!")]

    def told(*words: str) -> bool:
        return any(all(word in line for word in words) for line in problems)

    assert told("misspelt", "line 12", "list_page", "did you mean «list_pages»"), problems
    assert told("nowhere", "999999", "GB/T 2260"), problems
    assert told("refusing", "中卫市民政局"), problems
    assert told("hollow", "gone.html", "404"), problems
    assert told("hollow", "empty.html"), problems
    assert "广安市" in query.table(Home(home).warehouse, "indicator_values")["city"]


def test_a_changed_page_is_read_again_and_the_old_version_is_kept(tmp_path, base, site):
    home = tmp_path / "home"
    assert run(home, SOURCES.format(base=base)).exit_code == 0
    page = site / "guangan" / "n" / "20220125" / "c1188.html"
    raw = page.read_bytes()
    sentence = "<p>2021年，全市新建老年助餐点77个。</p>".encode()
    page.write_bytes(raw.replace(b"</p>", b"</p>" + sentence, 1))
    second = run(home, SOURCES.format(base=base))
    assert second.exit_code == 0, second.output
    assert "0 new, 1 changed" in second.stdout
    assert "1 new page versions" in second.stdout
    versions = query.table(Home(home).warehouse, "dim_bulletin")
    assert versions.filter(versions["url"].str.ends_with("c1188.html")).height == 2
    values = query.table(Home(home).warehouse, "indicator_values")
    assert 77.0 in values.filter(values["city"] == "广安市")["value"].to_list()


def test_a_list_without_any_usable_bureau_fails_and_says_why(tmp_path):
    result = CliRunner().invoke(commands, ["run", "--sources", str(tmp_path / "absent.yaml")])
    assert result.exit_code == USAGE
    with pytest.raises(ValueError, match="999999"):
        run(
            tmp_path, 'sources:\n- {id: a, place: "999999", publisher: 某市民政局, list_pages: ["http://a.example/"]}\n'
        )


def test_a_failing_release_leaves_the_published_one(tmp_path, base, site):
    home = tmp_path / "home"
    run(home, SOURCES.format(base=base))
    before = query.summary(Home(home).warehouse)["release_id"]
    Home(home).published_origin.unlink()  # so that it is built and published again
    folder = Home(home).warehouse.parent / "staging"
    shutil.rmtree(folder)
    folder.write_text("in the way", encoding="utf-8")
    result = run(home, SOURCES.format(base=base))
    assert result.exit_code == FAILED
    assert "failed star" in result.stderr
    assert query.summary(Home(home).warehouse)["release_id"] == before

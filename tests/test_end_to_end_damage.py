"""Files of a home are damaged one after the other; the next run names what it found, and publishes the same as before."""

import json
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner, Result

from assets.home import Home
from assets.sample import FOLDER
from pipelines.cli import FAILED, commands
from warehouse import query
from warehouse.connections import NEWEST_RELEASE
from warehouse.publish import verify_releases

#: Two bureaus, so that a run is short.
BUREAUS = ("sample_shaoxing", "sample_zhongwei")


def cut(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn_a_byte(path: Path) -> None:
    path.chmod(0o644)
    raw = bytearray(path.read_bytes())
    raw[random.Random(7).randrange(len(raw) // 4, len(raw) * 3 // 4)] ^= 0x15
    path.write_bytes(raw)


def empty(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


WAYS = {"cut": cut, "a byte": turn_a_byte, "empty": empty, "removed": remove}
#: Kind of file -> where one lies.
KINDS = {
    "pages": "readings/pages/*.parquet",
    "pages without text": "readings/without_text/*.parquet",
    "pages that were read": "readings/by_reader/*/*/pages.parquet",
    "observations": "readings/by_reader/*/*/observations.parquet",
    "ledger": "readings/by_reader/*/*/ledger.parquet",
    "quarantine": "readings/checked/quarantine.parquet",
    "valid": "readings/checked/valid.parquet",
    "valid of a part": "readings/checked/parts/all/valid.parquet",
    "report of a check": "readings/checked/observations.json",
    "report on the star": "readings/checked/star_counts.json",
    "report on texts": "readings/checked/parts/all/pages.json",
    "facts": "readings/resolved/facts.parquet",
    "conflicts": "readings/resolved/conflicts.parquet",
    "conflicts of a part": "readings/resolved/parts/all/conflicts.parquet",
    "remembered texts": "lake/derived/texts-*/*.parquet",
    "origin": "warehouse/origin",
    "warehouse": "warehouse/warehouse.duckdb",
    "record of a release": "warehouse/releases/*.json",
    "kept release": "warehouse/releases/*.duckdb",
    "live folder": "warehouse/live/*/fact_indicator.parquet",
    "nights": "nights.jsonl",
    "report page": "warehouse/report.html",
    "event log": "dagster/history/runs/index.db",
    "runs": "dagster/history/runs.db",
    "schedules": "dagster/schedules/schedules.db",
}


def run(home: Path, sources: Path) -> Result:
    return CliRunner().invoke(commands, ["run", "--offline", "--home", str(home), "--sources", str(sources)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A home after a night, and its source list."""
    from assets.sample import served_sample

    folder = tmp_path_factory.mktemp("damage")
    sources = folder / "sources.yaml"
    home = folder / "home"
    with served_sample() as hosts, pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        ((_, port),) = hosts.values()
        text = (FOLDER / "sources.yaml").read_text("utf-8").replace("{base}", f"http://127.0.0.1:{port}")
        head, *entries = text.split("\n  - ")
        kept = [entry for entry in entries if entry.split()[1] in BUREAUS]
        sources.write_text("\n  - ".join([head, *kept]), "utf-8")
        first = CliRunner().invoke(commands, ["run", "--home", str(home), "--sources", str(sources)])
        assert first.exit_code == 0, first.output
        yield home, sources


def content(home: Path) -> str:
    with duckdb.connect(str(Home(home).warehouse), read_only=True) as connection:
        [(digest,)] = connection.execute(f"SELECT content_sha256 FROM {NEWEST_RELEASE}").fetchall()
    return str(digest)


def check(made: tuple[Path, Path], home: Path, patterns: Iterable[str], damage: Callable[[Path], None]) -> None:
    original, sources = made
    shutil.copytree(original, home, symlinks=True)
    for pattern in patterns:
        damage(sorted(home.glob(pattern))[0])
    done = run(home, sources)
    assert done.exit_code != FAILED, done.output
    assert content(home) == content(original)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert verify_releases(Home(home).warehouse) == []
    last = json.loads(Home(home).nights.read_text("utf-8").splitlines()[-1])
    assert last["release"]
    for name in ("quarantine", "fact_observation", "number_ledger"):
        assert query.table(Home(home).warehouse, name).height == query.table(Home(original).warehouse, name).height
    for file in ("readings/checked/quarantine.parquet", "readings/resolved/conflicts.parquet"):
        assert pl.read_parquet(home / file).height == pl.read_parquet(original / file).height


#: Those that once stopped every night; the whole table is slow.
QUICK = [("observations", "a byte"), ("warehouse", "cut"), ("live folder", "empty"), ("nights", "cut")]


@pytest.mark.parametrize(("kind", "way"), QUICK)
def test_a_damaged_file_is_made_again(made, tmp_path: Path, kind: str, way: str) -> None:
    check(made, tmp_path / "home", [KINDS[kind]], WAYS[way])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_all_kinds_of_files_damaged_in_one_way_are_made_again(made, tmp_path: Path, way: str) -> None:
    check(made, tmp_path / "home", KINDS.values(), WAYS[way])


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_damaged_in_every_way_is_made_again(made, tmp_path: Path, kind: str, way: str) -> None:
    check(made, tmp_path / "home", [KINDS[kind]], WAYS[way])

"""Publishing under stress: readers, killed publishers, a full disk, a foreign writer."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from dying import copy_and_die, publish_and_die
from made_star import BUILT, STORY, Inputs

from warehouse.publish import publish, releases, served, verify_releases
from warehouse.verify import verify

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["dying"])


def numbered(number: int) -> Inputs:
    """The story in which every published value is `number`: a torn read would show two numbers."""
    rows = [row | {"value": float(number), "text": f"{number}元"} for row in STORY.observations]
    return STORY.but(observations=rows)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three consecutive releases, built and not published: 1.duckdb, 2.duckdb, 3.duckdb."""
    folder = tmp_path_factory.mktemp("stages")
    for number in (1, 2, 3):
        previous = folder / f"{number - 1}.duckdb" if number > 1 else None
        numbered(number).build(folder / f"{number}.duckdb", built_at=BUILT + timedelta(days=number), previous=previous)
    return folder


def staged(stages: Path, number: int, target: Path) -> Path:
    """A copy of a built release, on the target's file system."""
    return Path(shutil.copyfile(stages / f"{number}.duckdb", target.with_name("staging.duckdb")))


def value_served(target: Path) -> int:
    with duckdb.connect(target, read_only=True) as connection:
        low, high, facts = connection.execute(
            "SELECT min(value), max(value), count(*) FROM indicator_values"
        ).fetchall()[0]
    assert (low, facts) == (high, 8)
    return int(low)


@pytest.fixture
def unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the check in a fresh process, which these tests make themselves."""
    monkeypatch.setattr("warehouse.publish.verify_in_fresh_process", lambda path: [])


def _moments(step: int) -> Iterator[int]:
    return iter(range(1, 200, step))


@pytest.mark.usefixtures("unverified")
@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_publisher_that_is_killed_leaves_the_old_release_or_the_new(stages: Path, tmp_path: Path, step: int) -> None:
    outcomes = []
    for moment in _moments(step):
        target = tmp_path / str(moment) / "warehouse.duckdb"
        target.parent.mkdir()
        publish(staged(stages, 1, target), target)
        child = processes.Process(target=publish_and_die, args=(staged(stages, 2, target), target, moment))
        child.start()
        child.join()
        assert verify(target) == []
        outcomes.append(value_served(target))
        publish(staged(stages, 3, target), target)
        assert value_served(target) == 3
        assert verify_releases(target) == []
        shelf = target.parent / "releases"
        kept = {record.release_id for record in releases(target)}
        assert {path.name for path in shelf.iterdir()} == {
            f"{k}{suffix}" for k in kept for suffix in (".json", ".duckdb")
        }
        assert {path.name for path in target.parent.iterdir()} == {target.name, "releases", ".publish.lock"}
        shutil.rmtree(target.parent)
        if child.exitcode == 0:
            break
        assert child.exitcode == -9
    else:
        pytest.fail("the publish never ended by itself")
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {1, 2}
    assert len(outcomes) > 20 / step


@pytest.mark.usefixtures("unverified")
def test_a_publisher_that_dies_in_the_middle_of_a_copy_leaves_no_half_release(stages: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(staged(stages, 1, target), target)
    child = processes.Process(target=copy_and_die, args=(staged(stages, 2, target), target, 0.5))
    child.start()
    child.join()
    assert child.exitcode == -9
    assert value_served(target) == 1
    publish(staged(stages, 3, target), target)
    assert verify_releases(target) == []
    assert len(list((tmp_path / "releases").iterdir())) == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.usefixtures("unverified")
def test_a_full_disk_is_told_and_the_old_release_stays(stages: Path, small_disk: Path) -> None:
    target = small_disk / "warehouse.duckdb"
    publish(staged(stages, 1, target), target)
    first = served(target)
    staging = staged(stages, 2, target)
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    ballast.write_bytes(b"\0" * (free - 200_000))
    with pytest.raises(OSError, match="No space left on device"):
        publish(staging, target)
    assert (served(target), value_served(target)) == (first, 1)
    with pytest.raises(OSError, match="is there room on the disk"):
        numbered(2).build(small_disk / "other.duckdb")
    assert not (small_disk / "other.duckdb").exists()
    ballast.unlink()
    publish(staging, target)
    assert value_served(target) == 2
    assert verify_releases(target) == []


_FOREIGN_WRITER = """
    import sys, duckdb
    connection = duckdb.connect(sys.argv[1])
    connection.execute("CREATE TABLE note AS SELECT 1 AS i")
    connection.execute("BEGIN; INSERT INTO note VALUES (2)")
    print("open", flush=True)
    sys.stdin.readline()
    connection.execute("COMMIT")
    connection.close()
    print("closed", flush=True)
"""


@pytest.mark.usefixtures("unverified")
def test_a_foreign_program_that_writes_into_the_file_does_not_hinder_us(stages: Path, tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(staged(stages, 1, target), target)
    target.chmod(0o644)
    command = [sys.executable, "-c", textwrap.dedent(_FOREIGN_WRITER), str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdin is not None
        assert writer.stdout.readline() == "open\n"
        second = publish(staged(stages, 2, target), target)
        assert value_served(target) == 2
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "closed\n"
    assert (served(target), value_served(target)) == (second.release_id, 2)
    assert verify_releases(target) == []


_READER = """
    import sys, sqlalchemy
    engine = sqlalchemy.create_engine(
        "duckdb:///" + sys.argv[1], poolclass=sqlalchemy.pool.NullPool, connect_args={"read_only": True}
    )
    query = sqlalchemy.text("SELECT min(value), max(value), count(*) FROM indicator_values")
    reads, seen = 0, set()
    print("ready", flush=True)
    while max(seen, default=0) < int(sys.argv[2]):
        with engine.connect() as connection:
            low, high, facts = connection.execute(query).one()
        assert low == high and facts == 8, (low, high, facts)
        assert low >= max(seen, default=0), "an older release after a newer one"
        reads, seen = reads + 1, seen | {low}
    print(reads, len(seen))
"""


def test_a_reader_through_sqlalchemy_sees_whole_releases_while_new_ones_are_published(tmp_path: Path) -> None:
    target, last = tmp_path / "warehouse.duckdb", 5
    staging = tmp_path / "staging.duckdb"
    numbered(1).build(staging)
    publish(staging, target)
    command = [sys.executable, "-c", textwrap.dedent(_READER), str(target), str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(2, last + 1):
            numbered(number).build(staging, built_at=BUILT + timedelta(days=number), previous=target)
            publish(staging, target)
        told, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    reads, seen = map(int, told.split())
    assert reads > 5
    assert seen > 2

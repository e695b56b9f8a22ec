"""Runs are killed at random moments of a first night and of publishing; the next run completes by itself, and loses nothing.

`MINZHENG_KILLS` says how often; by default 150 times, which takes hours.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from assets.home import Home
from assets.sample import FOLDER, served_sample
from warehouse.publish import verify_releases

KILLS = int(os.environ.get("MINZHENG_KILLS", "150"))
BUREAUS = ("sample_shaoxing", "sample_zhongwei")


def minzheng(home: Path, sources: Path) -> "subprocess.Popen[bytes]":
    code = "from pipelines.cli import main; main()"
    command = [sys.executable, "-c", code, "run", "--home", str(home), "--sources", str(sources)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def content(home: Path) -> list[tuple[object, ...]]:
    """Every value and every observation; not when their pages were fetched, which is another time in another home."""
    with duckdb.connect(str(Home(home).warehouse), read_only=True) as connection:
        facts = connection.execute("SELECT cell_key, value FROM fact_indicator ORDER BY ALL").fetchall()
        observations = "SELECT observation_key, printed, cell_key FROM fact_observation ORDER BY ALL"
        return [*facts, *connection.execute(observations).fetchall()]


@pytest.mark.slow
def test_the_run_after_a_kill_completes_by_itself(tmp_path: Path) -> None:
    chance = random.Random(19)
    with served_sample() as hosts:
        ((_, port),) = hosts.values()
        head, *entries = (FOLDER / "sources.yaml").read_text("utf-8").split("\n  - ")
        kept = [entry for entry in entries if entry.split()[1] in BUREAUS]
        sources = tmp_path / "sources.yaml"
        sources.write_text("\n  - ".join([head, *kept]).replace("{base}", f"http://127.0.0.1:{port}"), "utf-8")
        began = time.monotonic()
        assert minzheng(tmp_path / "whole", sources).wait() == 0
        whole_run = time.monotonic() - began
        expected = content(tmp_path / "whole")
        for number in range(KILLS):
            home = tmp_path / "home"
            if number % 3:  # a night that has something to publish, or only to look at
                shutil.copytree(tmp_path / "whole", home, symlinks=True)
                if number % 3 == 1:
                    (home / "warehouse" / "origin").unlink()
            run = minzheng(home, sources)
            time.sleep(chance.uniform(0.2, 1.0) * whole_run)
            run.send_signal(signal.SIGKILL)
            run.wait()
            after = minzheng(home, sources)
            assert after.wait(timeout=20 * whole_run + 60) in (0, 3), f"kill {number}"
            assert content(home) == expected, f"kill {number}"
            assert verify_releases(Home(home).warehouse) == [], f"kill {number}"
            shutil.rmtree(home)

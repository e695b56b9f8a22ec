import subprocess
import sys
import threading

import polars as pl
import pytest

from assets.home import Home, origin_of, read_frame, write_frame

NUMBERS = {"number": pl.Int64()}


def test_the_home_is_named_by_argument_then_environment_then_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINZHENG_HOME", raising=False)
    assert Home.of().folder == tmp_path / "data"
    monkeypatch.setenv("MINZHENG_HOME", str(tmp_path / "elsewhere"))
    assert Home.of().folder == tmp_path / "elsewhere"
    assert Home.of(tmp_path / "named").folder == tmp_path / "named"


def test_a_frame_comes_back_with_its_origin(tmp_path):
    file = tmp_path / "made" / "numbers.parquet"
    assert read_frame(file, NUMBERS).is_empty()
    assert origin_of(file) == ""
    write_frame(pl.DataFrame({"number": [1, 2]}), file, "abc")
    assert read_frame(file, NUMBERS)["number"].to_list() == [1, 2]
    assert origin_of(file) == "abc"
    assert list(file.parent.iterdir()) == [file]


def test_a_frame_of_another_shape_is_refused_where_it_is_read(tmp_path):
    write_frame(pl.DataFrame({"nubmer": [1]}), tmp_path / "numbers.parquet")
    with pytest.raises(ValueError, match="nubmer"):
        read_frame(tmp_path / "numbers.parquet", NUMBERS)


def test_a_second_run_waits_for_the_first(tmp_path):
    home, waiting, order = Home(tmp_path), threading.Event(), []

    def second() -> None:
        with home.alone(lambda _: waiting.set()):
            order.append("second")

    thread = threading.Thread(target=second)
    with home.alone(lambda _: None):
        thread.start()
        assert waiting.wait(timeout=10)
        order.append("first")
    thread.join(timeout=10)
    assert order == ["first", "second"]


def test_a_killed_run_leaves_the_home_free(tmp_path):
    code = (
        "import os, sys, pathlib; from assets.home import Home\n"
        f"with Home(pathlib.Path({str(tmp_path)!r})).alone(lambda _: None): os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with Home(tmp_path).alone(lambda _: pytest.fail("it is still held")):
        pass


def test_the_sample_has_a_home_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MINZHENG_HOME", raising=False)
    invented, real = tmp_path / "data" / "sample", tmp_path / "data"
    assert Home.of(sample=True).folder == invented
    assert Home.of().folder == real
    invented.mkdir(parents=True)
    assert Home.of().folder == invented
    assert Home.of(sample=False).folder == real
    (real / "lake").mkdir()
    assert Home.of().folder == real
    monkeypatch.setenv("MINZHENG_HOME", str(tmp_path / "named"))
    assert Home.of(sample=True).folder == tmp_path / "named"

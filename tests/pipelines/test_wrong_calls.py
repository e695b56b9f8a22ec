"""Wrong calls: each ends with a line that says what to do, writes nothing, and loses nothing.

Calls are made from what each command takes, crossed with what people get wrong.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import click
import pytest

from pipelines import cli
from pipelines.cli import commands

PAGE = "<html><head><title>2023年工作总结</title></head><body><p>全市共有低保对象9.76万人。</p></body></html>"

#: What stands where a file or a folder is to be named.
NAMES: dict[str, Callable[[Path], Path]] = {
    "missing": lambda folder: folder / "missing.yaml",
    "folder": lambda folder: made(folder / "folder", None),
    "empty": lambda folder: made(folder / "empty.txt", b""),
    "bytes": lambda folder: made(folder / "bytes.txt", bytes(range(256)) * 8),
    "text": lambda folder: made(folder / "text.txt", "这是一封信，不是配置。".encode()),
    "list": lambda folder: made(folder / "list.yaml", b"- a\n- b\n"),
    "broken": lambda folder: made(folder / "broken.yaml", b"a: [1, {\n"),
    "odd name": lambda folder: made(folder / "a [1]*?'\x1b[31m.txt", "一封信".encode()),
    "link to nowhere": lambda folder: link(folder / "link.txt"),
    "below a file": lambda folder: made(folder / "file.txt", b"x") / "below.txt",
    "device": lambda _: Path("/dev/null/x"),
    "long": lambda folder: folder / ("长" * 200),
}
#: Calls in which {} stands for such a name.
WITH_FILE = [
    "run --offline --sources {} --home HOME",
    "status --sources {} --home HOME",
    "sources check {}",
    "sources try http://a.example/ --sources {}",
    "sources import {} --url http://a.example/1.html --home HOME",
    "snapshots import {} --home HOME",
    "snapshots export {} --home EMPTY_FILE",
    "read {}",
    "read PAGE --docs {}",
    "read PAGE --html {}",
    "read PAGE --out {}",
    "report --out {} --home HOME",
    "export {} --home HOME",
    "places --home {}",
    "conflicts --home {}",
    "releases list --home {}",
    "releases accept --home {}",
    "quarantine list --home {}",
    "explain 成都市 dibao_standard --home {}",
]
#: What stands where a value is to be given.
VALUES = [
    "",
    " ",
    "-1",
    "0",
    "99999999999999999999",
    "nan",
    "二〇二三",
    "2023-13-45",
    "a\x1b[2Jb",
    "../../etc/passwd",
    "'; --",
    "x" * 5000,
]
WITH_VALUE = [
    "explain {} dibao_standard --home HOME",
    "explain 成都市 {} --home HOME",
    "explain 成都市 dibao_standard {} --home HOME",
    "read PAGE --place {}",
    "read PAGE --published {}",
    "read PAGE --format {}",
    "quarantine show {} --home HOME",
    "quarantine accept {} --reason r --home HOME",
    "quarantine reject {} --reason r --home HOME",
    "quarantine list --limit {} --home HOME",
    "releases rollback {} --home HOME",
    "releases diff {} --home HOME",
    "snapshots prune --days {} --home FILE",
    "sources try {}",
    "sources import PAGE --url {} --home HOME",
    "ui --port {} --home FILE",
    "export OUT --format {} --home HOME",
    "{}",
]


def made(path: Path, content: bytes | None) -> Path:
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    return path


def link(path: Path) -> Path:
    path.symlink_to(path.with_name("nowhere"))
    return path


def cases() -> Iterator[tuple[str, str, str]]:
    yield from (("name", call, name) for call, name in product(WITH_FILE, NAMES))
    yield from (("value", call, value) for call, value in product(WITH_VALUE, VALUES))


def tree(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if not path.is_symlink()
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("MINZHENG_HOME", "MINZHENG_SOURCES", "DAGSTER_HOME", "MINZHENG_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "file").write_bytes(b"")
    return tmp_path


def test_there_are_more_than_three_hundred_calls() -> None:
    assert len(list(cases())) > 300


@pytest.mark.parametrize(("kind", "call", "what"), list(cases()), ids=lambda value: ascii(value)[:40])
def test_a_wrong_call_says_what_to_do_and_loses_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kind: str, call: str, what: str
) -> None:
    given = str(NAMES[what](folder)) if kind == "name" else what
    places = {
        "HOME": "home",
        "EMPTY_FILE": "file",
        "FILE": "file",
        "PAGE": "page.html",
        "OUT": "out",
        "{}": given,
    }
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("it was taken for a good call"))
    before = tree(folder)
    with pytest.raises(SystemExit) as ended:
        cli.main([places.get(word, word) for word in call.split()])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    assert "a fault in minzheng" not in err, err
    assert "\x1b" not in out + err
    assert not [line for line in err.splitlines() if len(line) > 12_000]
    if ended.value.code != cli.OK:
        assert err.strip(), "it says nothing"
    after = tree(folder)
    written = {name for name, content in before.items() if content == b""}  # as `mktemp` makes them, to be written to
    kept = before.keys() - written
    assert {name: after.get(name) for name in kept} == {name: before[name] for name in kept}


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in cli.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--help"])
        assert ended.value.code == cli.OK
    assert commands.list_commands is not None


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    for name, lazy in cli.COMMANDS.items():
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        assert command.get_short_help_str(limit=200) == lazy.summary


def test_the_list_of_commands_imports_none_of_them() -> None:
    code = (
        "import sys, pipelines.cli as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(any(name.startswith('pipelines.cli_') or name in ('polars', 'rich') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_two_results_never_get_one_name_and_one_file_is_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "x.html").write_text(PAGE, "utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["read", "a/x.html", "b/x.html", "--out", "out"])
    assert ended.value.code == cli.USAGE
    assert "would both be written" in capsys.readouterr().err
    assert not (folder / "out").exists()
    with pytest.raises(SystemExit) as ended:
        cli.main(["read", "a/x.html", "./a/x.html", "--place", "成都市", "--out", "out"])
    assert ended.value.code == cli.OK
    assert "1 pages" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:  # and again, over its own
        cli.main(["read", "a/x.html", "--place", "成都市", "--out", "out"])
    assert ended.value.code == cli.OK


def test_a_folder_of_the_users_is_not_replaced_by_an_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "csv").mkdir()
    (folder / "csv" / "mine.csv").write_text("1", "utf-8")
    with pytest.raises(SystemExit) as ended:
        cli.main(["export", ".", "--format", "csv"])
    assert ended.value.code == cli.FAILED
    assert "is no export of minzheng" in capsys.readouterr().err
    assert (folder / "csv" / "mine.csv").read_text("utf-8") == "1"

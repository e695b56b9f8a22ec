"""The recipes of docs/recipes run on a published file and give what it holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from environments import told_by

from warehouse.export import export

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
WANTED = [["成都市", 870.0]]
Interpreter = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _named(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_WAREHOUSE", str(published))
    monkeypatch.setenv("DO_NOT_TRACK", "1")


def run(*command: object, folder: Path) -> str:
    done = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return done.stdout


def copied(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(RECIPES / name, tmp_path / name))


def test_ibis(python_with: Interpreter) -> None:
    assert json.loads(run(python_with("ibis"), RECIPES / "ibis_standards.py", folder=RECIPES)) == WANTED


def test_pysdmx(python_with: Interpreter, published: Path, tmp_path: Path) -> None:
    (folder,) = export(published, tmp_path, ["sdmx"])
    told = json.loads(run(python_with("sdmx"), RECIPES / "sdmx_standards.py", folder, folder=RECIPES))
    assert told == [["510100", "districts", 870.0]]


def test_streamlit(python_with: Interpreter) -> None:
    script = """
        import json, sys
        from streamlit.testing.v1 import AppTest
        app = AppTest.from_file(sys.argv[1], default_timeout=120).run()
        assert not app.exception, app.exception
        print(json.dumps(app.dataframe[0].value[["city_full", "value"]].values.tolist()))
    """
    assert told_by(python_with("streamlit"), script, RECIPES / "streamlit_app.py") == WANTED


def test_harlequin(python_with: Interpreter, published: Path) -> None:
    query = (RECIPES / "evidence" / "highest_standards.sql").read_text("utf-8")
    script = """
        import json, sys
        from harlequin_duckdb import DuckDbAdapter
        connection = DuckDbAdapter([sys.argv[1]], read_only=True).connect()
        rows = connection.execute(sys.argv[2]).fetchall().to_pylist()
        print(json.dumps([list(row.values()) for row in rows]))
    """
    assert told_by(python_with("harlequin"), script, published, query) == WANTED


def test_dbt(python_with: Interpreter, tmp_path: Path) -> None:
    folder = copied("dbt", tmp_path)
    run(python_with("dbt").with_name("dbt"), "run", "--profiles-dir", ".", folder=folder)
    with duckdb.connect(folder / "minzheng_dbt.duckdb", read_only=True) as connection:
        assert connection.execute("SELECT * FROM highest_standards").fetchall() == [tuple(WANTED[0])]


def test_sqlmesh(python_with: Interpreter, tmp_path: Path) -> None:
    folder = copied("sqlmesh", tmp_path)
    run(python_with("sqlmesh").with_name("sqlmesh"), "plan", "--auto-apply", folder=folder)
    query = "SELECT * FROM made.answers.highest_standards"
    script = """
        import json, sys, duckdb
        connection = duckdb.connect()
        connection.execute(f"ATTACH '{sys.argv[2]}' AS minzheng (READ_ONLY); ATTACH '{sys.argv[1]}' AS made (READ_ONLY)")
        print(json.dumps(connection.execute(sys.argv[3]).fetchall()))
    """
    told = told_by(
        python_with("sqlmesh"), script, folder / "minzheng_sqlmesh.duckdb", os.environ["MINZHENG_WAREHOUSE"], query
    )
    assert told == WANTED


@pytest.mark.parametrize(
    ("recipe", "packages"),
    [
        ("standards.mjs", ["@duckdb/node-api"]),
        ("wasm.cjs", ["@duckdb/duckdb-wasm"]),
        ("malloy.mjs", ["@malloydata/malloy", "@malloydata/db-duckdb", "antlr4ts@0.5.0-alpha.4"]),
    ],
)
@pytest.mark.skipif(shutil.which("npm") is None, reason="no Node on this machine")
def test_node(recipe: str, packages: list[str], tmp_path: Path) -> None:
    folder = copied("node", tmp_path)
    made = subprocess.run(
        ["npm", "install", "--silent", "--no-save", "--no-audit", "--no-fund", *packages],
        cwd=folder, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip(f"is the registry reachable? {made.stderr[-300:]}")
    assert json.loads(run("node", recipe, folder=folder)) == WANTED

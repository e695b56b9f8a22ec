"""Environments of their own for programs that open the published file, made with uv and kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

#: Environment -> what is installed in it.
ENVIRONMENTS = {
    "duckdb-1.2": ["duckdb==1.2.*"],
    "duckdb-1.3": ["duckdb==1.3.*"],
    "duckdb-1.4": ["duckdb==1.4.*"],
    "duckdb-1.5": ["duckdb==1.5.*"],
    "duckdb-2.0": ["duckdb==2.0.*"],
    "frames": ["duckdb==2.0.*", "duckdb-sqlalchemy", "pandas", "polars", "pyarrow", "adbc-driver-manager"],
    "ibis": ["ibis-framework[duckdb]"],
    "frictionless": ["frictionless[parquet]", "pandas"],
    "dbt": ["dbt-duckdb", "dbt-core<1.12"],  # newer ones fetch a parser from GitHub while they are installed
    "sqlmesh": ["sqlmesh"],
    "streamlit": ["streamlit", "duckdb", "pandas"],
    "harlequin": ["harlequin"],
    "sdmx": ["pysdmx[data,json,xml]", "sdmx1"],
}


@pytest.fixture(scope="session")
def python_with(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """The interpreter of a named environment, which is made where it is not there yet."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    folder = Path(os.environ.get("MINZHENG_CLIENTS") or request.config.cache.mkdir("clients"))  # type: ignore[union-attr]

    def interpreter(name: str) -> Path:
        python = folder / name / "bin" / "python"
        wanted = "\n".join(ENVIRONMENTS[name])
        ready = folder / name / "ready"
        if ready.exists() and ready.read_text("utf-8") == wanted:
            return python
        if uv is None:
            pytest.skip("uv is not installed; `pip install uv` lets this test make its environments")
        for command in (
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder / name)],
            [uv, "pip", "install", "--quiet", "--python", str(python), *ENVIRONMENTS[name]],
        ):
            made = subprocess.run(command, capture_output=True, text=True, check=False)
            if made.returncode:
                pytest.skip(f"no environment {name}, is the registry reachable? {made.stderr.strip()[-300:]}")
        ready.write_text(wanted, "utf-8")
        return python

    return interpreter


def told_by(python: Path, script: str, *arguments: object) -> object:
    """What a script in another environment prints as JSON."""
    command = [str(python), "-c", textwrap.dedent(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)

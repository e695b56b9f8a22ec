#!/usr/bin/env bash
# A Polars Enum is plain text to DuckDB: its order is gone, and max() answers with another value.
# Valid input: a column of the Enum low < middle < high, asked for its maximum in Polars and, through Arrow, in DuckDB, which has enums too.
# Guess: an ENUM with the same order.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 duckdb==2.0.1 pyarrow==25.0.0
env/bin/python - <<'PY'
import sys

import duckdb, polars

levels = polars.DataFrame({"level": polars.Series(["high", "low", "middle"], dtype=polars.Enum(["low", "middle", "high"]))})
kind, largest = duckdb.sql("SELECT typeof(any_value(level)), max(level) FROM levels").fetchall()[0]
guess = {"polars": "high", "duckdb": "high", "type": "ENUM('low', 'middle', 'high')"}
seen = {"polars": levels["level"].max(), "duckdb": largest, "type": kind}
expected = {"polars": "high", "duckdb": "middle", "type": "VARCHAR"}
print("versions: polars", polars.__version__, "duckdb", duckdb.__version__)

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

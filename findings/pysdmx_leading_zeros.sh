#!/usr/bin/env bash
# pysdmx reads the code 010101 of an SDMX-CSV as 10101, in a column of text.
# Valid input: SDMX-CSV 2.0 with codes that begin with zero, as those of ISCO, of many statistical regions and of months do.
# Guess: 010101, since the column that comes back is one of text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'pysdmx[data]==1.21.0'
env/bin/python - <<'PY'
import sys
from importlib.metadata import version

from pysdmx.io import read_sdmx

TEXT = """STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE
dataflow,MZ:BULLETIN(1.0),I,010101,2023,870
dataflow,MZ:BULLETIN(1.0),I,020202,2023,420
"""
column = read_sdmx(TEXT).data[0].data["REF_AREA"]
guess = ["010101", "020202"]
seen = column.tolist()
expected = ["10101", "20202"]
print("versions: pysdmx", version("pysdmx"), "pandas", version("pandas"), "type of the column:", column.dtype)

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# A row whose cells are text below the first thousand rows of numbers is not there at all in Polars' read_excel.
# Valid input: a sheet of 1,100 rows with numbers, and one more with 约300 and 待定.
# Guess: an error, or a column of text; at worst two nulls in a row of their own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5 pyarrow==25.0.0
env/bin/python - <<'PY'
import sys, warnings
import fastexcel, openpyxl, polars

book = openpyxl.Workbook()
book.active.append(["persons", "homes"])
for number in range(1100):
    book.active.append([number, number])
book.active.append(["约300", "待定"])
book.save("late.xlsx")
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    frame = polars.read_excel("late.xlsx")
guess = {"rows": 1101, "kept": True, "warnings": "one at least"}
seen = {"rows": frame.height, "last": frame.row(-1), "warnings": len(told)}
expected = {"rows": 1100, "last": (1099, 1099), "warnings": 0}
print("versions: polars", polars.__version__, "fastexcel", fastexcel.__version__)

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

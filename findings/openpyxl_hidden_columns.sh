#!/usr/bin/env bash
# Of a group of hidden columns openpyxl calls only the first one hidden.
# Valid input: columns C to E are hidden together, as a person hides them: one <col min="3" max="5" hidden="1"/>.
# Guess: column_dimensions[letter].hidden is True for C, D and E.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5
env/bin/python - <<'PY'
import sys
import openpyxl

book = openpyxl.Workbook()
book.active.append([1, 2, 3, 4, 5, 6])
book.active.column_dimensions.group("C", "E", hidden=True)
book.save("hidden.xlsx")
columns = openpyxl.load_workbook("hidden.xlsx").active.column_dimensions
guess = {"B": False, "C": True, "D": True, "E": True}
seen = {letter: columns[letter].hidden for letter in guess}
expected = {"B": False, "C": True, "D": False, "E": False}
print("versions: openpyxl", openpyxl.__version__)

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

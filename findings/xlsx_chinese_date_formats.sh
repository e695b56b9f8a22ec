#!/usr/bin/env bash
# The dates of a Chinese Excel are plain numbers in openpyxl, and dates in calamine.
# Valid input: cells whose number format is one of the built-in ids 27 to 58, which ECMA-376 (18.8.30) gives to dates in East Asian locales and which
# a Chinese Excel writes without a <numFmt> beside them.
# Guess: both readers know the ids, since the standard lists them next to id 14.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
env/bin/python - <<'PY'
import datetime, re, sys, zipfile
import openpyxl, python_calamine
from importlib.metadata import version

IDS = [14, 27, 31, 57, 58]
book = openpyxl.Workbook()
for row, number in enumerate(IDS, 1):
    book.active.cell(row, 1, 44197).number_format = f'0"{row}"'  # a placeholder, replaced below
book.save("placeholders.xlsx")
with zipfile.ZipFile("placeholders.xlsx") as old, zipfile.ZipFile("dates.xlsx", "w") as new:
    for name in old.namelist():
        text = old.read(name).decode()
        if name == "xl/styles.xml":
            text = re.sub("<numFmts.*?</numFmts>", "", text)
            for row, number in enumerate(IDS):
                text = text.replace(f'numFmtId="{164 + row}"', f'numFmtId="{number}"')
        new.writestr(name, text)

sheet = openpyxl.load_workbook("dates.xlsx").active
rows = python_calamine.CalamineWorkbook.from_path("dates.xlsx").get_sheet_by_index(0).to_python()
is_date = lambda value: isinstance(value, datetime.date)
guess = {number: "a date in both" for number in IDS}
seen = {number: (is_date(sheet.cell(row, 1).value), is_date(rows[row - 1][0])) for row, number in enumerate(IDS, 1)}
expected = {14: (True, True)} | {number: (False, True) for number in IDS[1:]}
print("versions: openpyxl", openpyxl.__version__, "python-calamine", version("python-calamine"))
print("a date in (openpyxl, calamine):")

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

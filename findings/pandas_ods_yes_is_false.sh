#!/usr/bin/env bash
# pandas reads an ODS cell that is true and shows 是 as False.
# Valid input: <table:table-cell office:value-type="boolean" office:boolean-value="true"> that shows 是 (or 真, as a Chinese office does).
# Guess: True, since the value stands in its own attribute.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pandas==3.1.1 odfpy==1.4.1 python-calamine==0.9.1
env/bin/python - <<'PY'
import sys, zipfile
import pandas, python_calamine
from importlib.metadata import version

CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
 manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml"
 manifest:media-type="text/xml"/></manifest:manifest>"""

cell = '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>{}</text:p></table:table-cell>'
rows = "<table:table-row>" + "".join(map(cell.format, ["TRUE", "是", "真"])) + "</table:table-row>"

with zipfile.ZipFile("sheet.ods", "w") as file:
    file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    file.writestr("content.xml", CONTENT.format(rows=rows))
    file.writestr("META-INF/manifest.xml", MANIFEST)

calamine = python_calamine.CalamineWorkbook.from_path("sheet.ods").get_sheet_by_index(0).to_python()[0]
guess = {"pandas": [True, True, True], "calamine": [True, True, True]}
seen = {"pandas": [bool(value) for value in pandas.read_excel("sheet.ods", engine="odf", header=None).iloc[0]], "calamine": calamine}
expected = {"pandas": [True, False, False], "calamine": [True, True, True]}
print("versions:", *(f"{name} {version(name)}" for name in ("pandas", "odfpy", "python-calamine")))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

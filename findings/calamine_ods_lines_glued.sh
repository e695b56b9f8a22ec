#!/usr/bin/env bash
# Two lines of an ODS cell become one number in calamine.
# Valid input: a cell with 1200 and 1300 on two lines, once parted by <text:line-break/>, once as two paragraphs.
# Guess: a line break or a blank between them, both times.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-calamine==0.9.1
env/bin/python - <<'PY'
import sys, zipfile
import python_calamine
from importlib.metadata import version

CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry
 manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml"
 manifest:media-type="text/xml"/></manifest:manifest>"""

cell = '<table:table-cell office:value-type="string">{}</table:table-cell>'
lines = cell.format("<text:p>1200<text:line-break/>1300</text:p>") + cell.format("<text:p>1200</text:p><text:p>1300</text:p>")
rows = f"<table:table-row>{lines}</table:table-row>"

with zipfile.ZipFile("sheet.ods", "w") as file:
    file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    file.writestr("content.xml", CONTENT.format(rows=rows))
    file.writestr("META-INF/manifest.xml", MANIFEST)

guess = {"line break": "1200\n1300", "paragraphs": "1200\n1300"}
row = python_calamine.CalamineWorkbook.from_path("sheet.ods").get_sheet_by_index(0).to_python()[0]
seen = dict(zip(guess, row))
expected = guess | {"line break": "12001300"}
print("versions: python-calamine", version("python-calamine"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

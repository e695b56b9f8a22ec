#!/usr/bin/env bash
# docx2txt and docx2python, which leave deleted text out, keep text that was moved away.
# Valid input: with changes tracked, 820 is struck out by <w:moveFrom> and 870 put in by <w:moveTo>; in the second paragraph by <w:del> and <w:ins>.
# Guess: a reader that leaves <w:del> out leaves <w:moveFrom> out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-docx==1.2.0 docx2txt==0.9 docx2python==3.7.1 mammoth==1.13.0
env/bin/python - <<'PY'
import sys
import docx, docx2python, docx2txt, mammoth
from docx.oxml import parse_xml
from importlib.metadata import version

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def save(name, *paragraphs):
    """A Word document of these paragraphs, given as the XML of their runs."""
    document = docx.Document()
    for xml in paragraphs:
        document.element.body.insert(-1, parse_xml(f"<w:p {W}>{xml}</w:p>"))
    document.save(name)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"

who = 'w:author="a" w:date="2021-01-01T00:00:00Z"'
moved = f'<w:moveFrom w:id="1" {who}>{run("820")}</w:moveFrom><w:moveTo w:id="2" {who}>{run("870")}</w:moveTo>' + run("元")
gone = '<w:r><w:delText>820</w:delText></w:r>'
deleted = f'<w:del w:id="3" {who}>{gone}</w:del><w:ins w:id="4" {who}>{run("870")}</w:ins>' + run("元")
save("changes.docx", moved, deleted)
guess = {name: ["870元", "870元"] for name in ("docx2txt", "docx2python", "mammoth")}
seen = {
    "docx2txt": docx2txt.process("changes.docx").split(),
    "docx2python": docx2python.docx2python("changes.docx").text.split(),
    "mammoth": mammoth.extract_raw_text(open("changes.docx", "rb")).value.split(),
}
expected = {"docx2txt": ["820870元", "870元"], "docx2python": ["820870元", "870元"], "mammoth": ["870元", "870元"]}
print("versions:", *(f"{name} {version(name)}" for name in seen))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

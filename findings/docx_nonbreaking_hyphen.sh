#!/usr/bin/env bash
# docx2txt and docx2python read 1-9月 as 19月 where Word's non-breaking hyphen stands.
# Valid input: a paragraph with <w:noBreakHyphen/>, which Word writes for Ctrl+Shift+Hyphen.
# Guess: a hyphen of some kind in every reader.
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

save("period.docx", run("2021年1") + "<w:r><w:noBreakHyphen/></w:r>" + run("9月"))
guess = "2021年1-9月 in all"
seen = {
    "python-docx": docx.Document("period.docx").paragraphs[0].text,
    "mammoth": mammoth.extract_raw_text(open("period.docx", "rb")).value.strip(),
    "docx2txt": docx2txt.process("period.docx").strip(),
    "docx2python": docx2python.docx2python("period.docx").text.strip(),
}
expected = {"python-docx": "2021年1-9月", "mammoth": "2021年1\u20119月", "docx2txt": "2021年19月", "docx2python": "2021年19月"}
print("versions:", *(f"{name} {version(name)}" for name in seen))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# pdfplumber reads a number on its side, or upside down, backwards.
# Valid input: 12873 turned by 90 degrees, as in the head of a narrow column, and by 180.
# Guess: 12873, or nothing; never 37821.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pdfplumber==0.11.10 pypdfium2==5.15.2 pypdf==7.1.1
env/bin/python - <<'PY'
import io, sys
from importlib.metadata import version

import pdfplumber, pypdf, pypdfium2

def document(content, *objects, catalog="", resources="", page=""):
    """A PDF of one page, 400 by 300, with the font F; further objects are numbered from 6."""
    parts = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R/T 6 0 R>>{resources}>>{page}>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *objects,
    ]
    text, starts = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        starts.append(len(text))
        text += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    table = "".join(f"{start:010d} 00000 n \n" for start in starts)
    tail = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    return text + tail.encode()


def drawn(text, matrix="1 0 0 1 50 200"):
    return f"BT /F 12 Tf {matrix} Tm ({text}) Tj ET "


TURNED = {90: "0 1 -1 0 200 100", 180: "-1 0 0 -1 200 100"}


def read(matrix):
    made = document(drawn("12873", matrix)).replace(b"/T 6 0 R", b"        ")
    return {
        "pypdfium2": pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range(),
        "pypdf": pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text(),
        "pdfplumber": pdfplumber.open(io.BytesIO(made)).pages[0].extract_text(),
    }


guess = {angle: "12873 in all" for angle in TURNED}
seen = {angle: read(matrix) for angle, matrix in TURNED.items()}
expected = {angle: {"pypdfium2": "12873", "pypdf": "12873", "pdfplumber": "37821"} for angle in TURNED}
print("versions:", *(f"{name} {version(name)}" for name in seen[90]))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

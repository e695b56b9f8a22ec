#!/usr/bin/env bash
# Text on a layer that is switched off, which no viewer shows, comes out of PDFium, pdfplumber and pypdf.
# Valid input: 820 on an optional content group that the document's default configuration turns off, 870 on none.
# Guess: what is not drawn is not extracted, as MuPDF does it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pypdfium2==5.15.2 pdfplumber==0.11.10 pypdf==7.1.1 pymupdf==2.0
env/bin/python - <<'PY'
import io, sys
from importlib.metadata import version

import pdfplumber, pymupdf, pypdf, pypdfium2

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


made = document(
    f"/OC /Old BDC {drawn('820')}EMC {drawn('870', '1 0 0 1 50 150')}", "<</Type/OCG/Name(old)>>",
    catalog="/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order[6 0 R]>>>>", resources="/Properties<</Old 6 0 R>>",
).replace(b"/T 6 0 R", b"        ")
guess = {name: "870" for name in ("pypdfium2", "pdfplumber", "pypdf", "pymupdf")}
seen = {
    "pypdfium2": pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range().split(),
    "pdfplumber": pdfplumber.open(io.BytesIO(made)).pages[0].extract_text().split(),
    "pypdf": pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().split(),
    "pymupdf": pymupdf.open(stream=made, filetype="pdf")[0].get_text().split(),
}
expected = {"pypdfium2": ["820", "870"], "pdfplumber": ["820", "870"], "pypdf": ["820", "870"], "pymupdf": ["870"]}
print("versions:", *(f"{name} {version(name)}" for name in seen))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# PDFium and pdfplumber give a glyph of unknown meaning as the character whose number its code happens to be.
# Valid input: 870 in a subset font whose table ToUnicode knows the codes of 8 and 0, and not that of 7.
# Guess: U+FFFD, nothing, or (cid:55), so that the gap can be seen in the text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pypdfium2==5.15.2 pdfplumber==0.11.10
env/bin/python - <<'PY'
import io, sys
from importlib.metadata import version

import pdfplumber, pypdfium2
import pypdfium2.raw

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


TABLE = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName/X def /CMapType 2 def 1 begincodespacerange <00><ff> "
         "endcodespacerange 2 beginbfchar <30><0030> <38><0038> endbfchar endcmap end end")
GLYPH = "0.5 0 0 0 .5 .7 d1 0 0 .4 .7 re f"
FONT = ("<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<</g1 7 0 R/g2 7 0 R/g3 7 0 R>>/Encoding<</Type/Encoding"
        "/Differences[48/g1 55/g2 56/g3]>>/FirstChar 48/LastChar 56/Widths[.5 0 0 0 0 0 0 .5 .5]/ToUnicode 8 0 R/Resources<<>>>>")
stream = lambda text: f"<</Length {len(text)}>>stream\n{text}\nendstream"
made = document("BT /T 12 Tf 50 200 Td (870) Tj ET", FONT, stream(GLYPH), stream(TABLE))
page = pypdfium2.PdfDocument(made)[0].get_textpage()
guess = {"pdfium": "8\ufffd0", "pdfplumber": "8(cid:55)0"}
seen = {"pdfium": page.get_text_range(), "pdfplumber": pdfplumber.open(io.BytesIO(made)).pages[0].extract_text()}
expected = {"pdfium": "870", "pdfplumber": "870"}
errors = [pypdfium2.raw.FPDFText_HasUnicodeMapError(page, index) for index in range(3)]
print("versions: pypdfium2", version("pypdfium2"), "pdfplumber", version("pdfplumber"))
print("of PDFium only FPDFText_HasUnicodeMapError tells, glyph by glyph:", errors)

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

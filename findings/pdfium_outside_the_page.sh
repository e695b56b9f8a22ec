#!/usr/bin/env bash
# PDFium's two ways to ask for the text of a page disagree about what lies outside it.
# Valid input: a page cropped to its middle (CropBox), with 999 in the part that was cut off.
# Guess: text outside of the page is in neither, since no viewer shows it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pypdfium2==5.15.2
env/bin/python - <<'PY'
import sys
from importlib.metadata import version

import pypdfium2

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


made = document(drawn("870") + drawn("999", "1 0 0 1 350 20"), page="/CropBox[0 100 300 300]").replace(b"/T 6 0 R", b"        ")
page = pypdfium2.PdfDocument(made)[0].get_textpage()
guess = {"get_text_range": ["870"], "get_text_bounded": ["870"]}
seen = {"get_text_range": page.get_text_range().split(), "get_text_bounded": page.get_text_bounded().split()}
expected = guess | {"get_text_range": ["870", "999"]}
print("versions: pypdfium2", version("pypdfium2"), "pdfium", pypdfium2.PDFIUM_INFO.version if hasattr(pypdfium2, "PDFIUM_INFO") else "")

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# ftfy and NFKC fold some of the radicals that PDF fonts map to, and leave others as they are.
# Valid input: text as a PDF's table gives it, with radicals in place of characters: those of the Kangxi block (⼾⼈) and of the supplement (⺠⻚⻓⺟).
# Guess: all fold to the characters that they look like, or none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ftfy==6.3.1
env/bin/python - <<'PY'
import sys
from importlib.metadata import version

import ftfy

guess = {"⼈": "人", "⺟": "母", "⺠": "民", "⻚": "页", "⻓": "长"}
seen = {radical: ftfy.fix_text(radical, normalization="NFKC") for radical in guess}
expected = guess | {"⺠": "⺠", "⻚": "⻚", "⻓": "⻓"}
print("versions: ftfy", version("ftfy"), "python", sys.version.split()[0])

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

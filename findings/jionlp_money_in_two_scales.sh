#!/usr/bin/env bash
# jionlp reads 3亿5000万元 as 650,050,000.
# Valid input: an amount in 亿 and 万 with digits between them, as budgets are written.
# Guess: 350000000, as for 三亿五千万元 and 3.5亿元.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check jionlp==1.5.31
env/bin/python - <<'PY'
import contextlib, io, sys
from importlib.metadata import version

with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    import jionlp
guess = {text: "350000000.00" for text in ("3亿5000万元", "三亿五千万元", "3.5亿元")}
seen = {text: jionlp.parse_money(text)["num"] for text in guess}
expected = guess | {"3亿5000万元": "650050000.00"}
print("versions: jionlp", version("jionlp"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

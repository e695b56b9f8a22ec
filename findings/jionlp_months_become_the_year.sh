#!/usr/bin/env bash
# jionlp takes 2021年1-9月 for the whole of 2021, and says that it is accurate.
# Valid input: the commonest way to write a part of a year in a statistical bulletin.
# Guess: January to September.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check jionlp==1.5.31
env/bin/python - <<'PY'
import contextlib, io, sys, time
from importlib.metadata import version

with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    import jionlp
today = time.mktime((2022, 1, 15, 0, 0, 0, 0, 0, 0))
read = lambda text: [(found := jionlp.parse_time(text, time_base=today))["definition"], *(day[:10] for day in found["time"])]
guess = {"2021年1-9月": ["accurate", "2021-01-01", "2021-09-30"], "2021年前11个月": ["accurate", "2021-01-01", "2021-11-30"]}
seen = {text: read(text) for text in guess}
expected = guess | {"2021年1-9月": ["accurate", "2021-01-01", "2021-12-31"]}
print("versions: jionlp", version("jionlp"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

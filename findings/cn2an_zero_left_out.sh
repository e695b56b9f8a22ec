#!/usr/bin/env bash
# cn2an writes 100,009,000 as 一亿九千, which people read as 190 million and cn2an itself does not read.
# Valid input: numbers whose digits between 亿 and 千 are zero.
# Guess: 一亿零九千, and cn2an(an2cn(n)) == n for every n.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cn2an==0.5.24
env/bin/python - <<'PY'
import sys, warnings
import cn2an
from importlib.metadata import version

warnings.simplefilter("ignore")


def back(text):
    try:
        return cn2an.cn2an(text, "strict")
    except ValueError:
        return "not a number"


guess = {100009000: ("一亿零九千", 100009000), 3200005000: ("三十二亿零五千", 3200005000), 100000900: ("一亿零九百", 100000900)}
seen = {number: (text := cn2an.an2cn(number), back(text)) for number in guess}
expected = {100009000: ("一亿九千", "not a number"), 3200005000: ("三十二亿五千", "not a number"), 100000900: ("一亿零九百", 100000900)}
print("versions: cn2an", version("cn2an"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

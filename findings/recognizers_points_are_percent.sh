#!/usr/bin/env bash
# Recognizers-Text makes 12.5个百分点 12.5 %, and reads no scale into 千分之五.
# Valid input: a change in percentage points, and a share said in thousandths.
# Guess: no percentage for points (or a unit of its own), and 0.005 for the second.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check recognizers-text-suite==1.0.2a2 'emoji<1' 'setuptools<81'
env/bin/python - <<'PY'
import sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
from recognizers_number import recognize_number, recognize_percentage

values = lambda recognize, text: [found.resolution["value"] for found in recognize(text, "zh-cn")]
guess = {"12.5个百分点": [], "千分之五": ["0.005"], "百分之五": ["5%"]}
seen = {
    "12.5个百分点": values(recognize_percentage, "12.5个百分点"), "千分之五": values(recognize_number, "千分之五"),
    "百分之五": values(recognize_percentage, "百分之五"),
}
expected = {"12.5个百分点": ["12.5%"], "千分之五": ["5"], "百分之五": ["5%"]}
print("versions: recognizers-text-suite", version("recognizers-text-suite"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# cpca places a county of Qinghai, 海南州共和县, in the province of Hainan.
# Valid input: the everyday short form of an autonomous prefecture, as every local newspaper writes it.
# Guess: 青海省 海南藏族自治州 共和县, as for its neighbours 海西州德令哈市 and 海北州海晏县.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cpca==0.5.5 pandas==2.3.3
env/bin/python - <<'PY'
import sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import cpca

guess = {"海南州共和县": ("青海省", "共和县"), "海西州德令哈市": ("青海省", "德令哈市"), "海北州海晏县": ("青海省", "海晏县")}
found = cpca.transform(list(guess))
seen = {text: (row["省"], row["区"]) for text, (_, row) in zip(guess, found.iterrows())}
expected = guess | {"海南州共和县": ("海南省", None)}
print("versions: cpca", version("cpca"), "pandas", version("pandas"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

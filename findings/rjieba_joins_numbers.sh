#!/usr/bin/env bash
# rjieba, made to cut as jieba does, cuts numbers with a hyphen otherwise.
# Valid input: a range and a date; and a sentence of words, on which the two agree.
# Guess: the same words: dictionary and algorithm are the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check jieba==0.42.1 rjieba==0.2.2 'setuptools<81'
env/bin/python - <<'PY'
import logging, sys, warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import jieba, rjieba

jieba.setLogLevel(logging.ERROR)
TEXTS = ["1200-1300元", "2021-03-05", "城乡低保标准稳步提高"]
guess = {text: "the same" for text in TEXTS}
seen = {text: (list(jieba.cut(text)), list(rjieba.cut(text))) for text in TEXTS}
apart = {text: first != second for text, (first, second) in seen.items()}
expected = seen | {
    TEXTS[0]: (["1200", "-", "1300", "元"], ["1200-1300", "元"]), TEXTS[1]: (["2021", "-", "03", "-", "05"], ["2021-03-05"]),
} if not apart[TEXTS[2]] else None
print("versions: jieba", version("jieba"), "rjieba", version("rjieba"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# htmldate does not read 发布日期：2021年3月5日, and answers with the 1st of January of another year.
# Valid input: a bulletin about 2020 whose date of publication stands above it, once as 2021年3月5日, once as 2021-03-05.
# Guess: 2021-03-05 both times, or no answer to the first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check htmldate==1.11.0
env/bin/python - <<'PY'
import sys
import htmldate
from importlib.metadata import version

PAGE = """<html><head><title>2020年民政工作总结</title></head><body><div>发布日期：{}</div><div><p>截至2020年12月31日，全市有城市低保对象12873人。</p>
<p>2020年，农村低保对象32861人。</p></div></body></html>"""
guess = {"2021-03-05": "2021-03-05", "2021年3月5日": "2021-03-05 or None"}
seen = {printed: htmldate.find_date(PAGE.format(printed)) for printed in guess}
expected = {"2021-03-05": "2021-03-05", "2021年3月5日": "2020-01-01"}
print("versions: htmldate", version("htmldate"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

#!/usr/bin/env bash
# trafilatura joins a struck number with the one that replaces it.
# Valid input: <del>820</del>870元, as a correction is marked up.
# Guess: 870元, or the two numbers apart: the library knows <del>, and writes it as ~~820~~ where formatting is asked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.6
env/bin/python - <<'PY'
import re, sys
import trafilatura
from importlib.metadata import version

LONG = "各级民政部门落实惠民政策，困难群众的生活得到保障，救助水平稳步提高，养老服务不断完善，基层治理能力持续增强。"
PARAGRAPHS = "".join(f"<p>{LONG}全市有低保对象{12000 + 37 * number}人。</p>" for number in range(8))
PAGE = "<html><head><title>2020年民政工作总结</title></head><body><h1>2020年民政工作总结</h1><div class='content'>" + PARAGRAPHS + "{}</div></body></html>"

page = PAGE.format(f"<p>标准为每月<del>820</del>870元。{LONG}</p>")
guess = "每月870元 or 每月820 870元"
seen = re.search("每月.*?元", trafilatura.extract(page)).group()
expected = "每月820870元"
print("versions: trafilatura", version("trafilatura"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

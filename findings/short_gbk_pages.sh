#!/usr/bin/env bash
# charset-normalizer takes a short Chinese page without a declaration for Korean more often than for Chinese.
# Valid input: thirty pages in GBK whose only Chinese text is a title of two to thirteen characters, told twice.
# Guess: at least 27 of 30 are seen to be Chinese, as by a browser's detector (chardetng).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check charset-normalizer==3.5.3 chardetng-py==0.3.5
env/bin/python - <<'PY'
import sys
from importlib.metadata import version

import charset_normalizer, chardetng_py

TITLES = """低保标准八百七十元 民政局 关于提高城乡低保标准的通知 养老服务 市民政局工作总结 特困人员救助供养 婚姻登记 临时救助 孤儿保障 社会组织 殡葬服务 残疾人补贴
高龄津贴 慈善捐赠 福利彩票 行政区划 地名管理 留守儿童 困境儿童 优抚安置 防灾减灾 村委会选举 社区建设 收养登记 流浪救助 老年人 儿童福利院 敬老院 福利机构
双拥工作""".split()
CHINESE = {"gb18030", "gbk", "gb2312", "cp936"}
pages = [f"<html><head><title>{title}</title></head><body><p>870</p></body></html>".encode("gbk") for title in TITLES]
best = lambda page: getattr(charset_normalizer.from_bytes(page).best(), "encoding", None)
names = [best(page) for page in pages]
guess = {"chardetng": "27 or more", "charset-normalizer": "27 or more"}
seen = {"chardetng": sum(chardetng_py.detect(page).lower() in CHINESE for page in pages), "charset-normalizer": sum(name in CHINESE for name in names)}
print("versions: charset-normalizer", version("charset-normalizer"), "chardetng-py", version("chardetng-py"))
print("pages of", len(pages), "seen to be Chinese; by charset-normalizer", names.count("cp949"), "Korean (cp949)")
print("guess:", guess)
print("seen: ", seen)
unchanged = seen["chardetng"] >= 27 and seen["charset-normalizer"] < names.count("cp949")
sys.exit(0 if unchanged else "the behaviour has changed")
PY

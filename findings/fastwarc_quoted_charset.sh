#!/usr/bin/env bash
# FastWARC keeps the quotes of a quoted charset, so that no codec has the name that http_charset gives.
# Valid input: Content-Type: text/html; charset="GBK" (RFC 9110, 8.3.2, makes it the same as without quotes).
# Guess: gbk both times.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fastwarc==2.0.1
env/bin/python - <<'PY'
import codecs, io, sys
from importlib.metadata import version

import fastwarc.warc

def record(date="2021-03-01T08:00:00Z", uri="http://example.org/", head="", body=b"hello"):
    """One response in a WARC 1.1 file."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{head}\r\n\r\n".encode() + body
    warc = "\r\n".join([
        "WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>", f"WARC-Date: {date}",
        f"WARC-Target-URI: {uri}", "Content-Type: application/http;msgtype=response", f"Content-Length: {len(http)}",
    ])
    return io.BytesIO(warc.encode() + b"\r\n\r\n" + http + b"\r\n\r\n")

charset = lambda printed: next(iter(fastwarc.warc.ArchiveIterator(record(head=f"; charset={printed}")))).http_charset
guess = {"GBK": "gbk", '"GBK"': "gbk"}
seen = {printed: charset(printed) for printed in guess}
expected = {"GBK": "gbk", '"GBK"': '"gbk"'}
print("versions: fastwarc", version("fastwarc"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

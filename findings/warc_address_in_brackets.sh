#!/usr/bin/env bash
# One page has two addresses: FastWARC keeps the angle brackets of WARC-Target-URI, warcio takes them off.
# Valid input: WARC-Target-URI: <http://example.org/>, the form of the grammar of WARC 1.0 ("<" URI ">"), which wget writes.
# Guess: both give http://example.org/, as they do for the form without brackets.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check warcio==1.8.1 fastwarc==2.0.1
env/bin/python - <<'PY'
import io, sys
from importlib.metadata import version

import fastwarc.warc
import warcio.archiveiterator

def record(date="2021-03-01T08:00:00Z", uri="http://example.org/", head="", body=b"hello"):
    """One response in a WARC 1.1 file."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{head}\r\n\r\n".encode() + body
    warc = "\r\n".join([
        "WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>", f"WARC-Date: {date}",
        f"WARC-Target-URI: {uri}", "Content-Type: application/http;msgtype=response", f"Content-Length: {len(http)}",
    ])
    return io.BytesIO(warc.encode() + b"\r\n\r\n" + http + b"\r\n\r\n")

address = "<http://example.org/>"
guess = {"warcio": "http://example.org/", "fastwarc": "http://example.org/"}
seen = {
    "warcio": next(iter(warcio.archiveiterator.ArchiveIterator(record(uri=address)))).rec_headers.get_header("WARC-Target-URI"),
    "fastwarc": next(iter(fastwarc.warc.ArchiveIterator(record(uri=address)))).headers["WARC-Target-URI"],
}
expected = guess | {"fastwarc": address}
print("versions: warcio", version("warcio"), "fastwarc", version("fastwarc"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

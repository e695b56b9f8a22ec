#!/usr/bin/env bash
# warcio hands out an x-gzip body, and without a second package a br body, as it was packed, and says nothing.
# Valid input: bodies with Content-Encoding x-gzip (which RFC 9110, 8.4.1.3, makes the same as gzip) and br.
# Guess: the text, or an error that names what is missing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check warcio==1.8.1
env/bin/python - <<'PY'
import gzip, io, sys
from importlib.metadata import version

from warcio.archiveiterator import ArchiveIterator

def record(date="2021-03-01T08:00:00Z", uri="http://example.org/", head="", body=b"hello"):
    """One response in a WARC 1.1 file."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{head}\r\n\r\n".encode() + body
    warc = "\r\n".join([
        "WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>", f"WARC-Date: {date}",
        f"WARC-Target-URI: {uri}", "Content-Type: application/http;msgtype=response", f"Content-Length: {len(http)}",
    ])
    return io.BytesIO(warc.encode() + b"\r\n\r\n" + http + b"\r\n\r\n")

BROTLI = bytes.fromhex("0b028068656c6c6f03")  # hello


def body(coding, packed):
    made = record(head=f"\r\nContent-Encoding: {coding}", body=packed)
    return "text" if (read := next(iter(ArchiveIterator(made))).content_stream().read()) == b"hello" else "packed" if read == packed else read


packed = gzip.compress(b"hello")
guess = {"gzip": "text", "x-gzip": "text", "br": "text or an error"}
seen = {"gzip": body("gzip", packed), "x-gzip": body("x-gzip", packed), "br": body("br", BROTLI)}
expected = {"gzip": "text", "x-gzip": "packed", "br": "packed"}
print("versions: warcio", version("warcio"))

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

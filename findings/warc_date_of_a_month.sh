#!/usr/bin/env bash
# A WARC date that says only its day is no date in FastWARC.
# Valid input: WARC-Date: 2021-03-01; WARC 1.1 allows every precision from the year to the nanosecond.
# Guess: the first moment of the day in both, as warcio gives it.
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
from warcio.timeutils import iso_date_to_datetime

def record(date="2021-03-01T08:00:00Z", uri="http://example.org/", head="", body=b"hello"):
    """One response in a WARC 1.1 file."""
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{head}\r\n\r\n".encode() + body
    warc = "\r\n".join([
        "WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>", f"WARC-Date: {date}",
        f"WARC-Target-URI: {uri}", "Content-Type: application/http;msgtype=response", f"Content-Length: {len(http)}",
    ])
    return io.BytesIO(warc.encode() + b"\r\n\r\n" + http + b"\r\n\r\n")

dates = ["2021-03-01", "2021-03-01T08:00Z", "2021-03-01T08:00:00.5Z"]
known = lambda date: next(iter(fastwarc.warc.ArchiveIterator(record(date=date)))).record_date is not None
guess = {date: (True, True) for date in dates}
seen = {date: (iso_date_to_datetime(date) is not None, known(date)) for date in dates}
expected = guess | {"2021-03-01": (True, False)}
print("versions: warcio", version("warcio"), "fastwarc", version("fastwarc"))
print("a date in (warcio, fastwarc):")

print("guess:", guess)
print("seen: ", seen)
sys.exit(0 if seen == expected else "the behaviour has changed")
PY

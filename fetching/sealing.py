"""Parquet files that tell by themselves whether they are whole: each bears the SHA-256 of its bytes in its own metadata.

A file that is cut short cannot be read; one in which a byte has flipped often can, and says something else. The digest is
taken with its own place filled with zeros, so that one file holds both, and appears or does not appear at once.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import BinaryIO

#: What a file is written with as metadata before it is sealed.
UNSEALED = {"seal": "0" * 64}
_BLANK = UNSEALED["seal"].encode()
_SEAL = re.compile(rb"\x04seal.{1,2}?([0-9a-f]{64})", re.S)  # key and value, each after its length
_MAGIC = b"PAR1"
_STEP = 2**20


def seal(path: Path) -> None:
    """Seal a file that was written with `UNSEALED`; not yet under its name, because it is changed in place."""
    with path.open("r+b") as handle:
        place = _place(handle)
        assert place is not None, f"{path} was not written to be sealed"
        handle.seek(0)
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(place)
        handle.write(digest.encode())
        handle.flush()
        os.fsync(handle.fileno())


def sealed(raw: bytes) -> bytes:
    """Return the bytes of a file that was written with `UNSEALED`, sealed."""
    footer = raw[-_footer_size(raw[-8:]) :]
    found = _SEAL.search(footer)
    assert found is not None, "it was not written to be sealed"
    place = len(raw) - len(footer) + found.start(1)
    return raw[:place] + hashlib.sha256(raw).hexdigest().encode() + raw[place + len(_BLANK) :]


def fault_of(path: Path) -> str:
    """Return what is wrong with a Parquet file, in a few words; empty if it is whole, or was never sealed and has both ends."""
    try:
        with path.open("rb") as handle:
            return _fault(handle, path.stat().st_size)
    except OSError as error:
        return str(error.strerror or error)


def fault_in(raw: bytes) -> str:
    """The same of a file's bytes."""
    return _fault(io.BytesIO(raw), len(raw))


def _fault(handle: BinaryIO, size: int) -> str:
    if size < 12:
        return "it is empty" if not size else "it is cut short"
    if handle.read(4) != _MAGIC:
        return "it is no Parquet file"
    place = _place(handle)
    if place is None:
        return "it is cut short" if not _has_footer(handle, size) else ""
    handle.seek(place)
    wanted = handle.read(len(_BLANK))
    handle.seek(0)
    digest, left = hashlib.sha256(), place
    while left:
        piece = handle.read(min(left, _STEP))
        digest.update(piece)
        left -= len(piece)
    digest.update(_BLANK)
    handle.seek(place + len(_BLANK))
    while piece := handle.read(_STEP):
        digest.update(piece)
    return "" if digest.hexdigest().encode() == wanted else "its bytes are not those that were written"


def _has_footer(handle: BinaryIO, size: int) -> bool:
    handle.seek(-8, os.SEEK_END)
    tail = handle.read(8)
    return tail.endswith(_MAGIC) and _footer_size(tail) <= size - 4


def _footer_size(tail: bytes) -> int:
    return int.from_bytes(tail[:4], "little") + 8


def _place(handle: BinaryIO) -> int | None:
    """Where in the file its seal stands; None where it has none."""
    end = handle.seek(0, os.SEEK_END)
    if end < 12 or not _has_footer(handle, end):
        return None
    handle.seek(-8, os.SEEK_END)
    size = _footer_size(handle.read(8))
    handle.seek(-size, os.SEEK_END)
    found = _SEAL.search(handle.read(size))
    return end - size + found.start(1) if found else None

"""Which reader it is: the version that names the code and the catalogue that a reading was made with.

Apart from the reader, which takes half a second to import: who only asks whether anything is to be read does without it.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from bulletins.catalog import load_catalog


@functools.cache
def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    digest.update(load_catalog().version.encode())
    return digest.hexdigest()[:12]


def __getattr__(name: str) -> str:
    """`READER_VERSION`; worked out when first asked for."""
    if name == "READER_VERSION":
        return _version()
    raise AttributeError(name)

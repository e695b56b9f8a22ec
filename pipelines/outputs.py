"""Where a command may write: on a name that is free, or on a file that minzheng wrote before; on nothing else.

A wrong name in a call must not cost anybody a file. What minzheng writes is known by how it begins.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Collection
from pathlib import Path

#: How the files of each kind begin, and within how many bytes that is to be seen.
_HEAD = 4096


class OutputError(ValueError):
    """A name that must not be written to: says why, and what to do."""


def page(path: Path, *, inputs: Collection[Path] = ()) -> Path:
    """Return `path` if an HTML page of ours may be written there."""
    return _file(path, "page of minzheng", lambda head: b"minzheng" in head or "民政公报".encode() in head, inputs)


def json_lines(path: Path, *, inputs: Collection[Path] = ()) -> Path:
    """Return `path` if observations may be written there, a line each."""
    return _file(path, "list of observations", lambda head: head.startswith((b'{"start":', b'{"start" :')), inputs)


def archive(path: Path) -> Path:
    """Return `path` if a WARC file may be written there."""

    def ours(head: bytes) -> bool:
        try:
            return b"software: minzheng" in zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
        except (zlib.error, gzip.BadGzipFile):
            return False

    return _file(path, "export of minzheng", ours, ())


def folder(path: Path) -> Path:
    """Return `path` if it is a folder, or may be made.

    Raises:
        OutputError: something else is there, or above it.
    """
    for above in (path, *path.parents):
        if above.exists():
            if not above.is_dir():
                raise OutputError(f"{above} is no folder; name another place")
            return path
        if above.is_symlink():
            raise OutputError(f"{above} is a link that leads nowhere; name another place")
    return path


def export_folder(path: Path, formats: Collection[str]) -> Path:
    """Return `path` if exports may be written into it: a subfolder of the name of a format is replaced if it is one of ours."""
    folder(path)
    for name in formats:
        there = path / name
        if (there.exists() or there.is_symlink()) and not _is_export(there):
            raise OutputError(f"{there} is there and is no export of minzheng; name another folder, or move it away")
    return path


def _is_export(there: Path) -> bool:
    if there.is_symlink() or not there.is_dir():
        return False
    names = {path.name for path in there.iterdir()}
    if "datapackage.json" in names:
        try:
            return bool(json.loads((there / "datapackage.json").read_text("utf-8"))["name"] == "minzheng")
        except (OSError, ValueError, KeyError, TypeError):
            return False
    return names in ({"minzheng.xlsx"}, {"data.csv", "structure.json"}, set())


def _file(path: Path, what: str, ours: Callable[[bytes], bool], inputs: Collection[Path]) -> Path:
    folder(path.parent)
    if any(path.resolve() == given.resolve() for given in inputs):
        raise OutputError(f"{path} is what is to be read; name another file to write to")
    if path.is_symlink() and not path.exists():
        raise OutputError(f"{path} is a link that leads nowhere; name another file")
    if not path.exists():
        return path
    if not path.is_file():
        raise OutputError(f"{path} is no regular file; name another one")
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if head and not ours(head):
        raise OutputError(f"{path} is there and is no {what}; name another file, or move it away")
    return path

"""What a body holds once it is unpacked: content encodings as servers send them, and as they mislabel them.

Here belongs telling a whole body from half of one: a packed stream says itself where it ends, and one that does not get
there was cut, whatever the length that was announced. Nothing here touches the network.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import zstandard

#: What packs nothing, and what servers write where they mean that.
_PLAIN = frozenset({"", "identity", "none", "binary", "utf-8", "utf8", "gbk", "gb2312", "7bit", "8bit", "chunked"})
_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_MAGIC = b"\x1f\x8b\x08"
_STEP = 64 * 1024  # bytes that are unpacked at once


class PackingError(ValueError):
    """A body that cannot be unpacked: of a kind that is not known, or no such thing."""


class CutShortError(PackingError):
    """A body that ends before it should."""


class Unpacker(Protocol):
    """Takes a body bit by bit."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to, in small pieces."""

    def end(self) -> None:
        """Raise `CutShortError` if the body was not whole."""


def unpacker(content_encoding: str) -> Unpacker:
    """What unpacks a body of that `Content-Encoding` header.

    Raises:
        PackingError: it is not known here, as `br`; the name is in the message.
    """
    steps = [name.strip().lower() for name in content_encoding.split(",")]
    packed = [name for name in steps if name not in _PLAIN]
    known: dict[str, Callable[[], _Gzip | _Deflate | _Zstd]] = {"deflate": _Deflate, "zstd": _Zstd}
    known |= dict.fromkeys(_GZIP, _Gzip)
    if unknown := [name for name in packed if name not in known]:
        raise PackingError(", ".join(unknown))
    # Packed twice is packed by two careless servers in a row; what was packed last is unpacked first.
    return _Chain([known[name]() for name in reversed(packed)])


def unpacked(raw: bytes, content_encoding: str, limit: int) -> bytes:
    """A whole body, unpacked.

    Raises:
        PackingError: it cannot be unpacked, is cut short, or is more than `limit` bytes.
    """
    one = unpacker(content_encoding)
    body = bytearray()
    for piece in one.feed(raw):
        body += piece
        if len(body) > limit:
            raise PackingError(f"more than {limit:,} bytes")
    one.end()
    return bytes(body)


def is_silent_gzip(raw: bytes | bytearray) -> bool:
    """Whether a body that was sent as a page is a gzip stream of which no header says so."""
    return raw.startswith(_GZIP_MAGIC)


class _Gzip:
    """Gzip, of one member or several; zeros after the last one are padding."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._stream.eof:
                data = data.lstrip(b"\0")
                if not data.startswith(_GZIP_MAGIC[:2]):
                    return  # what follows the end is no part of the body
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self._begun = True
            try:
                yield from _in_steps(self._stream, data)
            except zlib.error as error:
                raise PackingError(str(error)) from error
            data = self._stream.unused_data

    def end(self) -> None:
        if self._begun and not self._stream.eof:
            raise CutShortError("the packed stream ends early")


def _in_steps(stream: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    piece = stream.decompress(data, _STEP)
    yield piece
    # A short input may hold a long output of which zlib keeps the rest. At the end `unconsumed_tail` is stale.
    while not stream.eof and (len(piece) == _STEP or stream.unconsumed_tail):
        piece = stream.decompress(stream.unconsumed_tail, _STEP)
        yield piece


class _Deflate:
    """Deflate: with zlib's header as the standard has it, or raw as some servers send it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()
        self._first = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from _in_steps(self._stream, data)
        except zlib.error as error:
            if not self._first:
                raise PackingError(str(error)) from error
            self._stream, self._first = zlib.decompressobj(-zlib.MAX_WBITS), False
            yield from self.feed(data)
        self._first = self._first and not data

    def end(self) -> None:
        if not self._first and not self._stream.eof:
            raise CutShortError("the packed stream ends early")


class _Zstd:
    """Zstandard."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._begun = self._begun or bool(data)
        try:
            for start in range(0, len(data), 1024):
                if not self._stream.eof:
                    yield self._stream.decompress(data[start : start + 1024])
        except zstandard.ZstdError as error:
            raise PackingError(str(error)) from error

    def end(self) -> None:
        if self._begun and not self._stream.eof:
            raise CutShortError("the packed stream ends early")


class _Chain:
    """One after the other; none leaves a body as it is."""

    def __init__(self, links: list[_Gzip | _Deflate | _Zstd]) -> None:
        self._links = links

    def feed(self, data: bytes) -> Iterator[bytes]:
        return self._through(iter([data]), self._links)

    def _through(self, pieces: Iterator[bytes], links: list[_Gzip | _Deflate | _Zstd]) -> Iterator[bytes]:
        if not links:
            return pieces
        first, *rest = links
        return self._through((out for piece in pieces for out in first.feed(piece)), rest)

    def end(self) -> None:
        for link in self._links:
            link.end()

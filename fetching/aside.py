"""Reading what strangers sent in a process of its own: whatever a library does with a file, the night of the others goes on.

    readers().call(read_html, raw, url=url)    # as read_html(raw, url=url), but bounded in memory, processor and output

Here belongs the near side: a few processes that are kept for the next file, begun anew where one died, and an error that
says why a file could not be read. What runs on the far side is in `aside_worker.py`. A file that ends its reader is
tried once more in a fresh one, if the reader had read others before: what they left behind may have been the cause.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import io
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any, ParamSpec, TypeVar

from bulletins.pages.errors import AttachmentError

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take.

    Attributes:
        memory: bytes of address space of the whole reader.
        processor: seconds of processor for one file.
        wall: seconds by the clock, for what waits rather than works; converting an old format may take two minutes.
        output: bytes of what was read, as it is handed over.
        files: files after which a reader is replaced by a fresh one.
    """

    memory: int = 2**30
    processor: int = 15
    wall: float = 180.0
    output: int = 64 * 2**20
    files: int = 2000


class ReaderError(AttachmentError):
    """A file that could not be read within its bounds, or that ended the program that read it.

    Attributes:
        lasting: whether it would come to the same tomorrow.
    """

    def __init__(self, message: str, *, lasting: bool = True) -> None:
        super().__init__(message)
        self.lasting = lasting


class _Gone(Exception):  # noqa: N818  (it is told on as a ReaderError)
    """The reader is gone; `code` is how it ended."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Readers:
    """A few readers that are kept, for use from any thread; further callers wait for one to be free.

    Args:
        count: how many files are read side by side.
        bounds: what one file may take.
    """

    def __init__(self, count: int | None = None, bounds: Bounds | None = None) -> None:
        self.count = count or max(2, min(4, len(os.sched_getaffinity(0)) if sys.platform == "linux" else 2))
        self.bounds = bounds or Bounds()
        self._free: queue.LifoQueue[_Reader | None] = queue.LifoQueue()
        for _ in range(self.count):
            self._free.put(None)

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a module's `function` makes of its arguments; a plain value or a dataclass of this program.

        Raises:
            ReaderError: it took too much, or ended its reader.
            AttachmentError: the file cannot be read, as `function` says.
            RuntimeError: `function` failed in any other way: names the error.
        """
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        reader = self._free.get()
        try:
            reader, answer = self._answered(reader, request)
        finally:
            self._free.put(reader if reader and reader.usable else None)
        kind, value = answer
        if kind == "result":
            result: T = value
            return result
        if kind == "unreadable":
            raise AttachmentError(value)
        if kind == "large":
            raise ReaderError(f"holds more than {self.bounds.output / 2**20:,.0f} MiB to read")
        if kind == "memory":
            raise ReaderError(f"needs more than {self.bounds.memory / 2**30:g} GiB of memory to read")
        raise RuntimeError(value)

    def _answered(self, reader: _Reader | None, request: bytes) -> tuple[_Reader, tuple[str, Any]]:
        used = reader is not None and reader.read > 0
        reader = reader or _Reader(self.bounds)
        try:
            answer = reader.ask(request)
            if answer[0] != "memory" or not used:
                return reader, answer
            reader.end()  # what others left behind may have filled it
        except _Gone as gone:
            if not used or gone.code == -signal.SIGXCPU:
                raise self._told(gone) from None
        fresh = _Reader(self.bounds)
        try:
            return fresh, fresh.ask(request)
        except _Gone as gone:
            raise self._told(gone) from None

    def _told(self, gone: _Gone) -> ReaderError:
        if gone.code == -signal.SIGXCPU:
            return ReaderError(f"takes more than {self.bounds.processor} s of processor to read")
        if gone.code is None:
            return ReaderError(f"was not read within {self.bounds.wall:.0f} s", lasting=False)
        if gone.code in (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP):
            return ReaderError("its reader was killed, by a person or for lack of memory", lasting=False)
        name = signal.Signals(-gone.code).name if gone.code < 0 else f"exit code {gone.code}"
        return ReaderError(f"ends the program that reads it ({name})")

    def close(self) -> None:
        """End all readers that are free; the next call begins new ones."""
        for _ in range(self.count):
            with contextlib.suppress(queue.Empty):
                if reader := self._free.get_nowait():
                    reader.end()
        while self._free.qsize() < self.count:
            self._free.put(None)


class _Reader:
    """One process that reads files, one at a time."""

    def __init__(self, bounds: Bounds) -> None:
        self.read = 0
        self._bounds = bounds
        limits = (bounds.memory, bounds.processor, bounds.output)
        # A session of its own: an interrupt is the caller's to handle, and it can be ended with all that it has begun.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fetching.aside_worker", *map(str, limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            start_new_session=True,
        )

    @property
    def usable(self) -> bool:
        """Whether it can read another file."""
        if self._process.returncode is None and self.read >= self._bounds.files:
            self.end()
        return self._process.returncode is None

    def ask(self, request: bytes) -> tuple[str, Any]:
        """Return the kind of the answer and what it holds.

        Raises:
            _Gone: the reader ended, or was ended because it took too long.
        """
        assert self._process.stdin is not None
        deadline = time.monotonic() + self._bounds.wall
        try:
            self._process.stdin.write(len(request).to_bytes(8, "big") + request)
            self._process.stdin.flush()
            size = int.from_bytes(self._take(8, deadline), "big")
            if size > self._bounds.output + _FRAME:
                self.end()
                return "large", None
            kind, value = _Careful(io.BytesIO(self._take(size, deadline))).load()
        except BrokenPipeError:
            raise _Gone(self._process.wait()) from None
        except BaseException:  # a file that is half read must not be taken for the next one
            self.end()
            raise
        self.read += 1
        return str(kind), value

    def _take(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        handle, got = self._process.stdout.fileno(), bytearray()
        while len(got) < size:
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                self.end()
                raise _Gone(None)
            piece = os.read(handle, min(size - len(got), 2**20))
            if not piece:
                raise _Gone(self._process.wait())
            got += piece
        return bytes(got)

    def end(self) -> None:
        """End it, and what it has begun."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()


#: What a reader sees of the environment: no secret of ours is of use to a file.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
#: What an answer takes beside what it holds.
_FRAME = 4096
_PLAIN = {(kind.__module__, kind.__qualname__): kind for kind in (date, datetime, time_of_day)}


class _Careful(pickle.Unpickler):
    """Takes nothing from a reader but plain values and the dataclasses of this program: it may be in a file's hands."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class that an answer may hold."""
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if module.split(".")[0] in ("bulletins", "fetching"):
            found = super().find_class(module, name)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, tuple)):
                return found
        raise pickle.UnpicklingError(f"an answer holds {module}.{name}, which is no value of ours")


_ours: dict[int, Readers] = {}
_turn = threading.Lock()


def readers() -> Readers:
    """The readers of this process, begun when they are first needed and ended with it."""
    with _turn:
        if os.getpid() not in _ours:  # what a parent has begun is the parent's
            _ours.clear()
            _ours[os.getpid()] = Readers()
            atexit.register(_ours[os.getpid()].close)
        return _ours[os.getpid()]

"""How long a piece of work may take: reading the numbers of one page must not hold the night of all others.

    with processor_seconds(60): read(page)      # raises TookTooLongError

In the main thread it is the processor's time, and what is compiled is interrupted where it looks for signals, as patterns do. In
another thread, as on a worker of Dask, it is time by the clock, and only what is Python is interrupted.
"""

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLongError(Exception):
    """The work took longer than it may."""

    def __str__(self) -> str:
        return "it takes longer than a page may"


@contextmanager
def processor_seconds(most: float) -> Iterator[None]:
    """Raise `TookTooLongError` in what takes more than `most` seconds."""
    if threading.current_thread() is not threading.main_thread():
        with _watched(most):
            yield
        return

    def end(*_: object) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _watched(most: float) -> Iterator[None]:
    thread, turn, over = threading.get_ident(), threading.Lock(), False

    def end() -> None:
        with turn:
            if not over:  # what ends just in time is not ended afterwards
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TookTooLongError))

    watch = threading.Timer(most, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        with turn:
            over = True
        watch.cancel()

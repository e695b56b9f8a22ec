"""The far side of `aside.py`: takes a function and its arguments, answers with what came of it, until nobody asks any more.

Nothing here may write to the standard output but the answers: what libraries print goes nowhere. The bounds are the
operating system's, because a library in C is asked for nothing on its way.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import resource
import sys
from typing import Any, BinaryIO

from bulletins.pages.errors import AttachmentError


def bound(memory: int) -> None:
    """Bound this process: memory, and no core dumps. Each file's processor time is bounded as it comes."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_AS, memory)


def _lower(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with contextlib.suppress(ValueError, OSError):  # a system that does not know this one; the others still hold
        resource.setrlimit(kind, (limit, hard))


def answered(request: bytes, output: int) -> bytes:
    """Return the pickled answer: its kind, and the result or a line that says what failed."""
    function, args, kwargs = pickle.loads(request)
    answer: tuple[str, Any]
    try:
        answer = "result", function(*args, **kwargs)
        packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except AttachmentError as error:
        packed = pickle.dumps(("unreadable", str(error)[:2000]))
    except MemoryError:
        packed = pickle.dumps(("memory", None))
    except Exception as error:
        packed = pickle.dumps(("failed", f"{type(error).__name__}: {error}"[:2000]))
    return packed if len(packed) <= output else pickle.dumps(("large", None))


def serve(requests: BinaryIO, answers: BinaryIO, processor: int, output: int) -> None:
    """Answer until the other side closes."""
    while head := requests.read(8):
        used = resource.getrusage(resource.RUSAGE_SELF)
        _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + processor)
        packed = answered(requests.read(int.from_bytes(head, "big")), output)
        answers.write(len(packed).to_bytes(8, "big") + packed)
        answers.flush()


def main() -> None:
    """Serve on standard input and output."""
    memory, processor, output = map(int, sys.argv[1:])
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    bound(memory)
    serve(sys.stdin.buffer, answers, processor, output)


if __name__ == "__main__":
    main()

"""A publisher that is killed at a chosen moment; started by the tests in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warehouse import publish as publishing

#: Whatever changes the disk in a publish: before and after each call the process may die.
_CHANGES = [
    (os, "fsync"),
    (shutil, "copyfile"),
    *((Path, name) for name in ("replace", "unlink", "chmod", "write_text", "rename", "mkdir")),
]


def publish_and_die(staging: Path, target: Path, moment: int) -> None:
    """Publish, and die by SIGKILL at the given moment; the exit code is 0 where the publish ends before it."""
    passed = 0

    def tick() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            tick()
            result = original(*arguments, **options)
            tick()
            return result

        return call

    for owner, name in _CHANGES:
        setattr(owner, name, around(getattr(owner, name)))
    publishing.verify_in_fresh_process = lambda path: []
    publishing.publish(staging, target)


def copy_and_die(source: Path, copy: Path, share: float) -> None:
    """Die in the middle of copying a file."""

    def half(origin: Path, part: Path) -> None:
        data = Path(origin).read_bytes()
        Path(part).write_bytes(data[: int(len(data) * share)])
        os.kill(os.getpid(), signal.SIGKILL)

    shutil.copyfile = half  # type: ignore[assignment]
    publishing.verify_in_fresh_process = lambda path: []
    publishing.publish(source, copy)

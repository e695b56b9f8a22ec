"""What a run shows while it works: the step, what it says, and how far the whole is.

A handler on Dagster's own log of the run, which hears every event. Warnings are kept: each names a source or a page that
failed, and says what to do.
"""

import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import dagster as dg
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.inert import inert_line

#: Step -> what it does, in words.
STEPS: Mapping[str, str] = {
    "snapshots": "fetching pages",
    "pages": "taking texts out of pages",
    "readings": "reading numbers",
    "text_checks": "checking texts and ledger",
    "pages_bureaus_are_fresh": "looking how fresh the bureaus are",
    "screening": "checking observations",
    "resolution": "choosing values",
    "star": "building the star",
    "warehouse": "publishing",
    "report": "writing the report page",
    "live_folder": "writing the live Parquet folder",
}


class RunProgress(logging.Handler):
    """Draws the steps of one run on a terminal, or writes a line a step where there is none.

    Attributes:
        warnings: what the assets warned of, each once, in order.
    """

    def __init__(self, console: Console, steps: int) -> None:
        super().__init__(logging.DEBUG)
        self.warnings: dict[str, None] = {}
        self._console = console
        self._bar = Progress(
            SpinnerColumn(),
            MofNCompleteColumn(),
            BarColumn(bar_width=20),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=steps)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record of Dagster's log of the run."""
        meta: Mapping[str, object] = getattr(record, "dagster_meta", {})
        event, message = meta.get("dagster_event"), str(meta.get("orig_message") or "")
        if isinstance(event, dg.DagsterEvent):
            if event.is_step_start:
                self._say(STEPS.get(str(event.step_key), str(event.step_key)))
            elif event.is_step_success:
                self._bar.advance(self._task)
        elif record.levelno == logging.WARNING:
            self.warnings[message] = None
        elif message:
            self._say(message)

    def _say(self, words: str) -> None:
        told = inert_line(words)
        self._bar.update(self._task, description=escape(told))
        if not self._console.is_terminal:
            self._console.print(told, markup=False, highlight=False)

    def as_dagster_logger(self) -> dg.LoggerDefinition:
        """Return this handler as a logger that a job can be run with."""

        @dg.logger
        def progress(_: dg.InitLoggerContext) -> logging.Logger:
            logger = logging.Logger("progress", logging.DEBUG)
            logger.addHandler(self)
            return logger

        return progress

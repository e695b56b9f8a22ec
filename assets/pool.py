"""Where pages are read: in this process, over processes of this machine, or on a Dask cluster. The readings are the same.

Reading is a map over batches of pages, so that is all that a pool has to do: take a function and batches, give the results in
the same order, keep few of them in memory, and do again what a lost worker left undone.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial

import dagster as dg
import polars as pl
from pydantic import Field

from assets.incremental import BatchReading, Spread
from bulletins.version import READER_VERSION

#: Below this many batches no other process pays: each needs three seconds to begin (`benchmarks/pool.py`: even at 1,000 pages).
WORTH_SPREADING = 10
#: How often a pool whose workers died is made anew before the run fails.
RESTARTS = 3


class ReadingPool(dg.ConfigurableResource["ReadingPool"]):
    """Where pages are read."""

    processes: int = Field(
        default=0,
        ge=0,
        description="Processes of this machine; 1: only this one, 0: one a processor if there is much to read.",
    )
    dask: str = Field(default="", description="Address of a Dask scheduler (tcp://host:8786) to read on instead.")

    @contextmanager
    def spread(self, batches: int) -> Iterator[Spread]:
        """Yield a `map` for that many batches.

        Raises:
            RuntimeError: a Dask worker has another version of the reader.
        """
        processes = min(self.processes or len(os.sched_getaffinity(0)), batches)
        if self.dask:
            with _dask_client(self.dask) as (submit, workers):
                yield partial(_in_order, submit, workers)
        elif processes > 1 and (self.processes or batches >= WORTH_SPREADING):
            yield partial(_over_processes, processes)
        else:
            yield map


#: Begins to read a batch somewhere: `Executor.submit` or `Client.submit`.
_Submit = Callable[..., "Future[BatchReading]"]


def _in_order(
    submit: _Submit, workers: int, function: Callable[[pl.DataFrame], BatchReading], batches: Iterable[pl.DataFrame]
) -> Iterator[BatchReading]:
    """Submit a few batches ahead, and yield their results in order."""
    waiting: deque[Future[BatchReading]] = deque()
    for batch in batches:
        waiting.append(submit(function, batch))
        if len(waiting) > 2 * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _over_processes(
    processes: int, function: Callable[[pl.DataFrame], BatchReading], batches: Iterable[pl.DataFrame]
) -> Iterator[BatchReading]:
    """Read on processes of this machine; when one dies, begin again with the first batch whose result did not come."""
    coming, begun, restarts = iter(batches), deque[pl.DataFrame](), 0

    def left() -> Iterator[pl.DataFrame]:
        yield from tuple(begun)
        for batch in coming:
            begun.append(batch)
            yield batch

    while True:
        with _executor(processes) as executor:
            try:
                for result in _in_order(executor.submit, processes, function, left()):
                    begun.popleft()
                    yield result
                return
            except BrokenProcessPool:
                restarts += 1
                if restarts > RESTARTS:
                    raise


def _executor(processes: int) -> Executor:
    # A forked copy of a process with Polars' threads may hang; a new interpreter does not.
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


@contextmanager
def _dask_client(address: str) -> Iterator[tuple[_Submit, int]]:
    """Connect to a cluster; a batch whose worker is lost is given to another by Dask itself."""
    from distributed import Client  # the extra `dask`

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        versions = client.run(_reader_version)
        if strangers := sorted(worker for worker, version in versions.items() if version != READER_VERSION):
            raise RuntimeError(
                f"Dask workers {', '.join(strangers)} have another version of minzheng; deploy this one there"
            )
        yield partial(client.submit, pure=False, retries=RESTARTS), max(len(versions), 1)


def _reader_version() -> str:
    return READER_VERSION

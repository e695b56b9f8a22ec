"""Dagster's event log in SQLite, with connections that stay open and the events of many partitions written at once.

A night has an event or two for every city and asset, and Dagster's own class opens, reflects, syncs and closes its files anew
for each: twenty seconds of processor and more of waiting for the whole country, however little changed. Files and tables are
Dagster's own, so that its class reads them as well, and this one may be taken out of `dagster.yaml` at any time. A power cut may
cost the last events of a run, which are no data; the files stay whole.
"""

import contextlib
import os
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import dagster as dg
import sqlalchemy as sa
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

#: Events that are written together at most. Dagster hands events over together only where this variable says how many.
BATCH_VARIABLE, BATCH = "DAGSTER_EVENT_BATCH_SIZE", "2000"
#: Files that are kept open: the list of all, the run at work, and some that the UI shows.
FILES_OPEN = 8
#: Seconds that a connection waits for another process to end its transaction.
_WAIT_SECONDS = 60


class BatchedEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log that stores a batch of events in one transaction.

    Args:
        dagster_home: Dagster's folder; the files lie where Dagster itself would lay them.
    """

    def __init__(self, dagster_home: str, inst_data: ConfigurableClassData | None = None) -> None:
        os.environ.setdefault(BATCH_VARIABLE, BATCH)
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(str(Path(dagster_home) / "history" / "runs"), inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """What `dagster.yaml` gives."""
        return {"dagster_home": dg.StringSource}

    @classmethod
    def from_config_value(  # type: ignore[override]
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, str]
    ) -> Self:
        """Make the log from `dagster.yaml`."""
        return cls(inst_data=inst_data, **config_value)

    @contextlib.contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """Open the file of a run, or `index`, in a transaction; the connection stays for the next."""
        if shard not in self._initialized_dbs:
            with super()._connect(shard):  # makes the file and its tables
                pass
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            self._engines[shard] = _engine(self.conn_string_for_shard(shard))
            if len(self._engines) > FILES_OPEN:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that was there is not looked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        """Remove all events and the files of all runs."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close what is open."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Store one event."""
        super().store_event(event)
        self._touch(event.run_id)

    def _touch(self, run_id: str) -> None:
        """Let the UI see that a run goes on: it watches the run's file, and what is new stands in the log beside it."""
        with contextlib.suppress(OSError):
            os.utime(self.path_for_shard(run_id))

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store `events`; of those on one asset only the last makes it to the list of assets, as it would one by one."""
        together: dict[str, list[dg.EventLogEntry]] = defaultdict(list)
        for event in events:
            if event.dagster_event_type in _INDEXED:
                together[event.run_id].append(event)
            else:
                self.store_event(event)
        for run_id, of_run in together.items():
            with self.run_connection(run_id) as connection:
                for event in of_run:
                    connection.execute(self.prepare_insert_event(event))
            self._touch(run_id)
            with self.index_transaction() as connection:
                ids = [_inserted(connection.execute(self.prepare_insert_event(event))) for event in of_run]
                numbered = list(zip(of_run, ids, strict=True))
                of_assets = [each for each in numbered if each[0].dagster_event_type in ASSET_EVENTS]
                if of_assets:
                    self._store_asset_event_tags(connection, *map(list, zip(*of_assets, strict=True)))
                last = {
                    (event.get_dagster_event().asset_key, event.dagster_event_type): (event, number)
                    for event, number in of_assets
                }
                for event, number in last.values():
                    self._store_asset_event(connection, event, number)
            for event, number in numbered:
                if event.dagster_event_type in ASSET_CHECK_EVENTS:
                    self.store_asset_check_event(event, number)


#: Events that stand in the index as well as in the file of their run.
_INDEXED = frozenset(ASSET_EVENTS) | frozenset(ASSET_CHECK_EVENTS)


def _engine(address: str) -> sa.Engine:
    """One connection, for whichever thread holds the lock."""
    engine = sa.create_engine(
        address, poolclass=sa.StaticPool, connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False}
    )

    def prepare(connection: Any, _: object) -> None:
        # The log beside the file keeps it whole all the same.
        connection.execute("PRAGMA synchronous = NORMAL")

    sa.event.listen(engine, "connect", prepare)
    return engine


def _inserted(result: Any) -> int:
    """The number that the row which was inserted got."""
    return int(result.inserted_primary_key[0])

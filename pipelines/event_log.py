"""Dagster's event log in SQLite, with the events of many partitions written at once.

A night has an event or two for every city and asset, and Dagster's own class opens, reflects and syncs its files anew for
each: twenty seconds of processor and more of waiting for the whole country, however little changed. Files and tables are
Dagster's own, so that its class reads them as well, and this one may be taken out of `dagster.yaml` at any time.
"""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster._core.events import ASSET_EVENTS
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

#: Events that are written together at most. Dagster hands events over together only where this variable says how many.
BATCH_VARIABLE, BATCH = "DAGSTER_EVENT_BATCH_SIZE", "2000"


class BatchedEventLog(SqliteEventLogStorage):
    """Dagster's SQLite event log that stores a batch of events in one transaction.

    Args:
        dagster_home: Dagster's folder; the files lie where Dagster itself would lay them.
    """

    def __init__(self, dagster_home: str, inst_data: ConfigurableClassData | None = None) -> None:
        os.environ.setdefault(BATCH_VARIABLE, BATCH)
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

    def store_event_batch(self, events: Sequence[dg.EventLogEntry]) -> None:
        """Store `events`; of those on one asset only the last makes it to the list of assets, as it would one by one."""
        together: dict[str, list[dg.EventLogEntry]] = defaultdict(list)
        for event in events:
            if event.dagster_event_type in ASSET_EVENTS:
                together[event.run_id].append(event)
            else:
                self.store_event(event)
        for run_id, of_assets in together.items():
            with self.run_connection(run_id) as connection:
                for event in of_assets:
                    connection.execute(self.prepare_insert_event(event))
            with self.index_transaction() as connection:
                ids = [_inserted(connection.execute(self.prepare_insert_event(event))) for event in of_assets]
                self._store_asset_event_tags(connection, of_assets, ids)
                last = {
                    (event.get_dagster_event().asset_key, event.dagster_event_type): (event, number)
                    for event, number in zip(of_assets, ids, strict=True)
                }
                for event, number in last.values():
                    self._store_asset_event(connection, event, number)


def _inserted(result: Any) -> int:
    """The number that the row which was inserted got."""
    return int(result.inserted_primary_key[0])

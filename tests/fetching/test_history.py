from __future__ import annotations

import datetime as dt

import pytest

from fetching import history
from fetching.history import _REMEMBERED, History, forget, remember
from fetching.snapshots import Retrieval, SnapshotStore

URL = "http://chengdu.example/art/1.html"
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def row(day: int, outcome: str, *, sha256: str | None = None, **more: object) -> Retrieval:
    facts = {"snapshot_sha256": sha256, "text_sha256": sha256, **more}
    return Retrieval(f"run-{day:06d}", START + dt.timedelta(days=day), "chengdu", URL, URL, "page", outcome, **facts)  # type: ignore[arg-type]


ROWS = [
    row(0, "NEW", sha256="a", body_sha256="a", headers='{"etag": "1"}', title="2022年总结"),
    row(1, "UNCHANGED", sha256="a"),
    row(2, "CHANGED", sha256="b", body_sha256="b", headers='{"etag": "2"}', parts=("c",)),
    row(3, "BLOCKED", sha256="evidence", body_sha256="evidence", headers='{"etag": "evil"}'),
    row(4, "UNCHANGED", sha256="b", parts=("c",)),
    row(5, "GONE", body_sha256="gone"),
    row(6, "DEFERRED"),
]


@pytest.mark.parametrize("remembered", [None, 0, 1, 3, 4, 5, 6, 9])
def test_the_state_of_an_address(remembered: int | None, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same whatever part of the past is remembered rather than read, and in however many shares."""
    monkeypatch.setattr(history, "_ROWS_RECALLED", 2)
    store.append(ROWS)
    if remembered is not None:
        for day in range(remembered + 1):
            remember(store, START + dt.timedelta(days=day))
    known = History.of(store).get(URL)
    assert known is not None
    assert (known.snapshot_sha256, known.text_sha256, known.parts) == ("b", "b", ("c",))
    assert (known.headers, known.read_at) == ({"etag": "2"}, START + dt.timedelta(days=2))
    assert known.asked_at == START + dt.timedelta(days=5), "to be put off is not to be asked for"
    assert known.title == "2022年总结"


def test_what_is_remembered_is_little(store: SnapshotStore) -> None:
    store.append([row(0, "NEW", sha256="a", body_sha256="a", title="x")])
    store.append([row(day, "UNCHANGED", sha256="a", title="x") for day in range(1, 300)])
    remember(store, START + dt.timedelta(days=299))
    assert store.derived("history", _REMEMBERED).height == 1
    older = dt.timedelta(days=9)
    store.append([Retrieval("early", START - older, "chengdu", f"{URL}?old", URL, "page", "NEW")])
    assert History.of(store).get(f"{URL}?old") is None
    forget(store)
    assert History.of(store).get(f"{URL}?old") is not None

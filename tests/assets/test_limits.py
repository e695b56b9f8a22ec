import threading
import time

import polars as pl
import pytest
from made_pages import page, pages_of

from assets import incremental
from assets.incremental import read_in_batches
from assets.limits import TookTooLongError, processor_seconds
from bulletins.frames import LEDGER, OBSERVATIONS, empty
from bulletins.read import Reading


def for_ever() -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        sum(range(1000))


def test_work_is_ended_where_it_takes_too_long():
    began = time.process_time()
    with pytest.raises(TookTooLongError), processor_seconds(0.2):
        for_ever()
    assert time.process_time() - began < 5
    with processor_seconds(0.2):
        pass
    until = time.process_time() + 0.4
    while time.process_time() < until:  # nothing is left that would end this
        sum(range(1000))


def test_so_it_is_in_another_thread():
    ended = []

    def work() -> None:
        try:
            with processor_seconds(0.2):
                for_ever()
        except TookTooLongError:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(15)
    assert ended == [True]


def test_a_page_that_holds_the_reader_is_named_and_the_others_are_read(monkeypatch):
    monkeypatch.setattr(incremental, "SECONDS_A_PAGE", 0.3)
    monkeypatch.setattr(incremental, "SECONDS_A_FURTHER_PAGE", 0.0)
    read: list[str] = []

    def reader(pages: pl.DataFrame) -> Reading:
        if "endless" in pages["title"]:
            for_ever()
        read.extend(pages["bulletin_key"])
        return Reading(empty(OBSERVATIONS), empty(LEDGER))

    pages = pages_of(page("a"), page("x", title="endless"), page("b"))
    ((_, broken),) = read_in_batches([pages], reader)
    assert read == ["a", "b"]
    assert broken["bulletin_key"].to_list() == ["x"]
    assert "takes longer than a page may" in broken["detail"].item()

"""Reading in a process of its own. What stands for a hostile file here is a harmless function that takes too much."""

from __future__ import annotations

import math
import operator
import os
import pathlib
import threading
import time
from collections.abc import Iterator

import pytest
from loopback import SUMMARY, article

from bulletins.pages.attachments import AttachmentError
from bulletins.pages.page import read_html
from fetching.aside import Bounds, ReaderError, Readers
from fetching.foreign import read_article, read_file

PAGE = article("2023年工作总结", *SUMMARY).encode()
SMALL = Bounds(memory=600 * 2**20, processor=1, wall=20.0, output=2**20)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers(2, SMALL)
    yield readers
    readers.close()


def read(readers: Readers) -> None:
    """Whatever came before, the next page is read."""
    assert readers.call(read_html, PAGE, url="http://a.example/") == read_html(PAGE, url="http://a.example/")


def test_what_is_read_aside_is_what_is_read_here(readers: Readers) -> None:
    read(readers)
    whole = readers.call(read_article, [PAGE, PAGE], None, "http://a.example/", None)
    assert whole.text == read_article([PAGE, PAGE], None, "http://a.example/", None).text


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param((os.abort,), r"ends the program that reads it \(SIGABRT\)", id="aborts"),
        pytest.param((os._exit, 3), r"ends the program that reads it \(exit code 3\)", id="exits"),
        pytest.param((math.factorial, 10**7), "more than 1 s of processor", id="works for ever"),
        pytest.param((bytearray, 10**10), "GiB of memory", id="fills the memory"),
        pytest.param((operator.mul, b"x", 2**21), "more than 1 MiB to read", id="says too much"),
    ],
)
def test_what_takes_too_much_is_named_and_the_next_page_is_read(readers: Readers, call: tuple, said: str) -> None:
    read(readers)
    with pytest.raises(ReaderError, match=said) as caught:
        readers.call(*call)
    assert caught.value.lasting
    read(readers)


def test_what_only_waits_is_ended_and_tried_again_another_day() -> None:
    readers = Readers(1, Bounds(wall=1.0))
    try:
        with pytest.raises(ReaderError, match="within 1 s") as caught:
            readers.call(time.sleep, 60)
        assert not caught.value.lasting
        read(readers)
    finally:
        readers.close()


def test_an_error_is_told_as_what_it_is(readers: Readers) -> None:
    with pytest.raises(AttachmentError, match="not a file of a kind"):
        readers.call(read_file, b"\x00\x01\x02\x03", None, "http://a.example/")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        readers.call(operator.truediv, 1, 0)


def test_an_answer_that_is_no_plain_value_is_not_taken(readers: Readers) -> None:
    with pytest.raises(Exception, match="no value of ours"):
        readers.call(pathlib.PurePosixPath, "a")
    read(readers)


def test_a_page_that_holds_its_reader_does_not_hold_the_others(readers: Readers) -> None:
    def work() -> None:
        with pytest.raises(ReaderError):
            readers.call(math.factorial, 10**7)

    slow = threading.Thread(target=work)
    slow.start()
    began = time.monotonic()
    for _ in range(5):
        read(readers)
    assert slow.is_alive() or time.monotonic() - began < 5
    slow.join(timeout=30)


def test_no_secret_of_the_environment_reaches_a_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINZHENG_WEBHOOK", "https://a.example/secret")
    readers = Readers(1)
    try:
        assert readers.call(os.getenv, "MINZHENG_WEBHOOK") is None
    finally:
        readers.close()


def test_a_reader_is_kept_and_replaced_after_many_files() -> None:
    readers = Readers(1, Bounds(files=3))
    try:
        processes = [readers.call(os.getpid) for _ in range(6)]
    finally:
        readers.close()
    assert len(set(processes[:3])) == 1
    assert len(set(processes)) == 2
    assert os.getpid() not in processes

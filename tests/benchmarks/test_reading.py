"""The benchmark counts right what libraries found, and the long text that it makes is a text like the others."""

from __future__ import annotations

import re

import pytest

from benchmarks.reading import Quantity, long_text, right
from bulletins.catalog import load_catalog
from bulletins.read import Reader

BY_HAND = [
    [
        {"start": 5, "end": 10, "value": 97600.0, "unit": "person"},
        {"start": 20, "end": 24, "value": 30.0, "unit": "percent"},
        {"start": 30, "end": 32, "value": 3.0, "unit": "item", "optional": True},
    ]
]


def test_value_and_unit_are_counted_apart() -> None:
    found = [[Quantity(5, 9, 97600.0000000001, ""), Quantity(20, 24, 30.0, "percent"), Quantity(30, 32, 3.0, "item")]]
    assert right(BY_HAND, found) == (2, 1)


def test_another_value_or_another_place_is_not_right() -> None:
    assert right(BY_HAND, [[Quantity(5, 9, 9.76, "person"), Quantity(24, 28, 30.0, "percent")]]) == (0, 0)


def test_a_number_found_twice_is_right_once() -> None:
    assert right(BY_HAND, [[Quantity(5, 9, 97600.0, ""), Quantity(5, 10, 97600.0, "person")]]) == (1, 1)


def test_a_long_text_has_its_size_its_years_and_other_figures() -> None:
    text = "2021年，全市共有低保对象9.76万人，占比1.05%。"
    made = long_text([text], 10_000)
    assert len(made.encode()) == pytest.approx(10_000, rel=0.05)
    lines = made.splitlines()
    assert {re.sub(r"\d", "", line) for line in lines} == {re.sub(r"\d", "", text)}
    assert all(line.startswith("2021年") for line in lines)
    assert len(set(lines)) > len(lines) / 2
    [(_, observations, *_)] = Reader(load_catalog()).read(made, place="广安市", code="511600")
    assert len(observations) == 2 * len(lines)

"""No page, however odd, takes time out of proportion to its length: a spreadsheet's empty cells, a page without a full stop."""

from __future__ import annotations

import datetime as dt
import gc
import time

import pytest

from bulletins.catalog import load_catalog
from bulletins.observation import Observation
from bulletins.read import Reader

READER = Reader(load_catalog())
LONG, PARTS = 16_000, 4


def seconds(text: str) -> float:
    """Processor time, the better of two: neither what else the machine does nor what other tests left to collect is counted."""
    taken = []
    gc.disable()
    try:
        for _ in range(2):
            begin = time.process_time()
            list(READER.read(text, place="广安市", code="511600"))
            taken.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(taken)


@pytest.mark.parametrize(
    "piece",
    [
            "每人每月1元提高到2元", "由1元", "低保1人，", "百分之", "一", "1，", "1", " ", "\n", "\t1", "| 1 ", "||\n", "| 孤儿 | 1 |\n", "（1",
            "“", "《", "1-", "1:1", "A1", "2021年", "城市低保", "万", "养老机构个1\n", "养老机构\n个\n1\n", "全市共有孤儿1人。",
    ],
)  # fmt: skip
def test_four_times_the_text_takes_no_more_than_four_times_as_long_or_so(piece: str) -> None:
    text = piece * (LONG // len(piece))
    seconds(text[:100])
    assert seconds(text) < 8 * seconds(text[: LONG // PARTS]) + 0.1


def test_a_page_longer_than_any_bulletin_is_read_in_blocks_and_whole() -> None:
    paragraph = "2021年全市共有孤儿12人，城市低保对象34户；发放低保金5.6万元。\n"
    copies = 2000
    blocks = list(READER.read(paragraph * copies, place="广安市", code="511600", published=dt.date(2022, 1, 15)))
    ((_, once, *_),) = READER.read(paragraph, place="广安市", code="511600", published=dt.date(2022, 1, 15))
    found = [item for block in blocks for item in block.observations]
    assert len(blocks) > 1
    assert [item.number.start for item in found] == sorted(item.number.start for item in found)
    assert [said(item) for item in found] == [said(item) for item in once] * copies
    assert sum(len(block.others) for block in blocks) == copies  # the year


def said(item: Observation) -> tuple[object, ...]:
    number = item.number
    return (
        number.value,
        number.unit,
        item.indicator,
        item.label,
        item.year,
        item.status,
        item.area,
        item.place,
        item.per,
    )

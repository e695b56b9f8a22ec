"""Which of several dates is the day of publication."""

from __future__ import annotations

import datetime as dt

import pytest

from bulletins.pages.clues import chosen, signed_on

DAY = {f"{month}-{day}": dt.date(2023, month, day) for month in range(1, 13) for day in (1, 10, 12, 20)}


@pytest.mark.parametrize(
    ("clues", "title", "name"),
    [
        ({"meta": "3-10", "printed": "3-10"}, "", "meta"),
        ({"meta": "9-10", "printed": "3-10", "address": "3-1"}, "", "printed"),
        ({"meta": "9-10", "printed": "3-10", "listed": "3-10"}, "", "printed"),
        ({"meta": "3-10", "printed": "1-10", "address": "3-10"}, "", "meta"),
        ({"meta": "3-10", "printed": "1-10"}, "", "meta"),
        ({"meta": "9-10", "listed": "3-10"}, "", "listed"),
        ({"meta": "9-10", "listed": "3-10", "address": "9-10"}, "", "meta"),
        ({"listed": "3-10", "signed": "1-10", "address": "3-1"}, "", "listed"),
        ({"stated": "1-12", "address": "1-10"}, "", "stated"),
        ({"signed": "1-10", "address": "1-12"}, "", "address"),
        ({"signed": "9-10", "address": "1-12"}, "", "signed"),
        ({"signed": "9-10"}, "", "signed"),
        ({"address": "1-12"}, "2024年第一季度统计数据", ""),
        ({"address": "1-12"}, "2022年统计公报", "address"),
        ({}, "", ""),
    ],
)
def test_the_date_of_publication(clues: dict[str, str], title: str, name: str) -> None:
    found, day = chosen({key: DAY[value] for key, value in clues.items()}, title)
    assert found == name
    assert day == (DAY[clues[name]] if name else None)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2023年1月10日", dt.date(2023, 1, 10)),
        ("某市民政局 2023年1月10日", dt.date(2023, 1, 10)),
        ("二〇二三年十二月二十日", dt.date(2023, 12, 20)),
        ("二○二三年一月十日", dt.date(2023, 1, 10)),
        ("截至2023年1月10日，全市共有低保对象三千人。", None),
        ("2023年2月30日", None),
    ],
)
def test_a_text_is_signed_at_its_foot(line: str, day: dt.date | None) -> None:
    assert signed_on(["标题", "正文。", line]) == day

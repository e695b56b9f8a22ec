"""Pages in, observations and ledger out: frames in their schemas, keys that last, one page's reading not another's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from bulletins import version
from bulletins.catalog import load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, conform, empty
from bulletins.read import read_pages

TEXT = "2021年，城市低保标准每人每月650元。 邻水县有养老机构 36 家。\n联系电话：0826-2345678"


def pages(*texts: str, **fields: Any) -> pl.DataFrame:
    rows = [
        dict.fromkeys(PAGES)
        | {"bulletin_key": f"{index:016x}", "title": "2021年工作总结", "published_on": dt.date(2022, 1, 15)}
        | {"kind": "year_summary", "place_code": "511600", "place": "广安市", "text": text}
        | fields
        for index, text in enumerate(texts)
    ]
    return conform(pl.DataFrame(rows, schema=dict(PAGES)), PAGES)


def test_observations_are_in_their_schema_with_spans_keys_and_sentences() -> None:
    reading = read_pages(pages(TEXT))
    assert dict(reading.observations.schema) == dict(OBSERVATIONS)
    standard, homes = reading.observations.iter_rows(named=True)
    assert standard == standard | {
        "text": "650元", "value": 650.0, "value_high": None, "unit": "CNY", "per": "month", "qualifier": "exact",
        "measure": "level", "status": "actual", "year": 2021, "period": "annual", "time_period": "2021", "place": "广安市", "place_code": "511600",
        "area": "urban", "indicator": "dibao_standard", "sentence": "2021年，城市低保标准每人每月650元。",
    }  # fmt: skip
    assert homes["text"] == TEXT[homes["start"] : homes["end"]] == "36 家"
    assert (homes["place"], homes["place_code"], homes["indicator"]) == ("邻水县", "511623", "elderly_institutions")
    assert homes["sentence"] == "邻水县有养老机构 36 家。"
    assert len({standard["observation_key"], homes["observation_key"]}) == 2


def test_the_ledger_holds_every_number_in_order() -> None:
    ledger = read_pages(pages(TEXT)).ledger
    assert dict(ledger.schema) == dict(LEDGER)
    assert ledger.select("text", "verdict").rows()[:3] == [
        ("2021年", "date"),
        ("650元", "observation"),
        ("36 家", "observation"),
    ]
    assert set(ledger["verdict"][3:]) <= {"furniture", "identifier"}
    assert [TEXT[start:end] for start, end in ledger.select("start", "end").iter_rows()] == ledger["text"].to_list()


def test_a_page_reads_the_same_alone_and_among_others() -> None:
    others = ["农村五保对象8126人。", "一、上半年工作总结\n新增床位300张。", "", "没有数字的一页。"]
    alone = read_pages(pages(TEXT))
    among = read_pages(pages(TEXT, *others))
    key = f"{0:016x}"
    assert among.observations.filter(bulletin_key=key).equals(alone.observations)
    assert among.ledger.filter(bulletin_key=key).equals(alone.ledger)
    assert read_pages(pages(TEXT, *others)).observations.equals(among.observations)


def test_the_order_of_the_pages_is_kept() -> None:
    reading = read_pages(pages("孤儿12人。", "孤儿34人。", "孤儿56人。"))
    assert reading.observations["value"].to_list() == [12.0, 34.0, 56.0]


def test_no_pages_give_empty_frames() -> None:
    reading = read_pages(empty(PAGES))
    assert (reading.observations.height, reading.ledger.height) == (0, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "没有数字。",
        "|",
        "||\n||",
        "\t\t",
        "。" * 1000,
        "(" * 2000,
        "1" * 5000,
        "、1" * 2000,
        "\ufffd12人\x00",
    ],
)
def test_strange_texts_are_read_to_the_end(text: str) -> None:
    reading = read_pages(pages(text))
    assert [text[start:end] for start, end in reading.ledger.select("start", "end").iter_rows()] == reading.ledger[
        "text"
    ].to_list()


def test_a_page_without_date_or_place_is_read() -> None:
    observations = read_pages(pages(TEXT, published_on=None, place="", place_code=None, title="")).observations
    assert observations["value"].to_list() == [650.0, 36.0]
    assert observations["year"].to_list() == [2021, 2021]


def test_a_column_that_reading_needs_is_named_where_it_is_missing() -> None:
    with pytest.raises(ValueError, match="kind"):
        read_pages(pages(TEXT).drop("kind"))


def test_the_readers_version_names_code_and_catalogue() -> None:
    assert version.READER_VERSION == version.READER_VERSION
    assert len(version.READER_VERSION) == 12
    assert read_pages(pages(TEXT), load_catalog()).observations.equals(read_pages(pages(TEXT)).observations)

"""Pages as the tests of this room need them."""

import datetime as dt

import polars as pl

from bulletins.frames import PAGES, conform


def page(key: str, *, title: str = "工作总结", text: str = "建成养老机构22家。") -> dict[str, object]:
    return {
        "bulletin_key": key,
        "source_id": "chengdu",
        "url": f"http://bureau.invalid/{key}.html",
        "title": title,
        "publisher": "成都市民政局",
        "published_on": dt.date(2022, 1, 20),
        "fetched_at": dt.datetime(2022, 2, 1, tzinfo=dt.UTC),
        "snapshot_sha256": "s" + key,
        "text_sha256": "t" + key,
        "kind": "year_summary",
        "place_code": "510100",
        "place": "成都市",
        "text": text,
        "grids": "",
    }


def pages_of(*rows: dict[str, object]) -> pl.DataFrame:
    return conform(pl.DataFrame(list(rows)), PAGES)

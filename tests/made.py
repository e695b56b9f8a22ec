"""A page and an observation as every room's tests need them; a test says what is different of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any


def page_row(key: str, **fields: Any) -> dict[str, Any]:
    """A page version in schema PAGES: Chengdu's summary of 2021, where nothing else is said."""
    return {
        "bulletin_key": key,
        "source_id": "chengdu",
        "url": f"http://bureau.invalid/{key}.html",
        "title": "2021年工作总结",
        "publisher": "成都市民政局",
        "published_on": date(2022, 1, 20),
        "fetched_at": datetime(2022, 2, 1, tzinfo=UTC),
        "snapshot_sha256": "s" + key,
        "text_sha256": "t" + key,
        "kind": "year_summary",
        "place_code": "510100",
        "place": "成都市",
        "text": "",
        "grids": "",
    } | fields


def observation_row(key: str, bulletin: str, text: str, value: float | None, **fields: Any) -> dict[str, Any]:
    """An observation in schema OBSERVATIONS: recipients of 低保 in Chengdu in 2021, where nothing else is said."""
    start = fields.get("start", 10)
    return {
        "observation_key": key,
        "bulletin_key": bulletin,
        "start": start,
        "end": start + len(text),
        "text": text,
        "value": value,
        "value_high": None,
        "unit": "person",
        "per": "",
        "qualifier": "exact",
        "measure": "level",
        "status": "actual",
        "year": 2021,
        "period": "annual",
        "time_period": str(fields.get("year", 2021)),
        "place": "成都市",
        "place_code": "510100",
        "area": "all",
        "indicator": "dibao_persons",
        "label": "低保对象",
        "sentence": f"2021年，全市保障低保对象{text}。",
    } | fields

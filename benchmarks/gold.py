"""Bulletins with readings by hand as the frames that pass between rooms, for measurements that need right answers."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bulletins.catalog import Catalog
from bulletins.frames import OBSERVATIONS, PAGES, conform, empty

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_LAST_YEAR_READ = 2026


def load_gold(folder: Path, catalog: Catalog) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pages and the observations by hand of `folder`, in schemas PAGES and OBSERVATIONS.

    Optional observations, which are neither right nor wrong, are left out.
    """
    pages, observations = empty(PAGES), empty(OBSERVATIONS)
    for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        text = (folder / f"{document['id']}.txt").read_bytes().decode("utf-8")
        rows = [json.loads(row) for row in (folder / f"{document['id']}.jsonl").read_text("utf-8").splitlines()]
        key = hashlib.sha256(document["id"].encode()).hexdigest()[:16]
        home = catalog.places.get(document["code"])
        assert home is not None, document
        pages.vstack(
            conform(pl.DataFrame([_page(document, key, text, home.name)], schema=dict(PAGES)), PAGES), in_place=True
        )
        readings = [_observation(row, key, text, home.code, catalog) for row in rows if not row["optional"]]
        observations.vstack(conform(pl.DataFrame(readings, schema=dict(OBSERVATIONS)), OBSERVATIONS), in_place=True)
    return pages.rechunk(), observations.rechunk()


def _page(document: dict[str, Any], key: str, text: str, place: str) -> dict[str, object]:
    published = date.fromisoformat(document["published"]) if document["published"] else None
    return {
        "bulletin_key": key,
        "source_id": document["code"],
        "url": f"https://example.invalid/{document['id']}",
        "title": next((line.strip() for line in text.splitlines() if line.strip()), ""),
        "publisher": f"{place}民政局",
        "published_on": published,
        "fetched_at": datetime(_LAST_YEAR_READ, 1, 1, tzinfo=UTC),
        "snapshot_sha256": "",
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "kind": document["kind"],
        "place_code": document["code"],
        "place": place,
        "text": text,
    }


def _observation(row: dict[str, Any], key: str, text: str, home: str, catalog: Catalog) -> dict[str, object]:
    place = catalog.places.find(row["place"], within=home) or catalog.places.find(row["place"], year=row["year"])
    start, end = row["start"], row["end"]
    before = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    after = _SENTENCE_END.search(text, end)
    fields = {name: row[name] for name in OBSERVATIONS if name in row}
    return {
        **fields,
        "observation_key": hashlib.sha256(f"{key}|{start}|{end}".encode()).hexdigest()[:16],
        "bulletin_key": key,
        "value_high": row.get("value_high"),
        "place_code": place and place.code,
        "sentence": text[before : after.start() if after else len(text)].strip(),
    }

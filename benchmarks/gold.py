"""Bulletins with readings by hand as the frames that pass between rooms, for measurements that need right answers."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from bulletins.catalog import CATALOG_FOLDER, Catalog
from bulletins.frames import OBSERVATIONS, PAGES, conform
from bulletins.pages.page import read_html
from bulletins.tables.grid import dumps
from fetching.sources import parse_sources

_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
_LAST_YEAR_READ = 2026
_SAMPLE = CATALOG_FOLDER / "sample"


class GoldSet(NamedTuple):
    """Pages and what is to be read from each.

    Attributes:
        name: what the set is called in a report.
        pages: schema PAGES.
        rows: by `bulletin_key`, the observations by hand in order, fields as in OBSERVATIONS and `optional`.
    """

    name: str
    pages: pl.DataFrame
    rows: Mapping[str, Sequence[Mapping[str, Any]]]


def gold_set(folder: Path, catalog: Catalog) -> GoldSet:
    """The set in `folder`: `docs.jsonl`, and for each `id` in it a `.txt` and a `.jsonl`.

    Raises:
        FileNotFoundError: one of these files is missing.
    """
    pages, rows = [], {}
    for document in _lines(folder / "docs.jsonl"):
        home = catalog.places.get(document["code"], document["year"])
        assert home is not None, document
        # Read as bytes: spans count the characters of the file, and text mode would change its line ends.
        text = (folder / f"{document['id']}.txt").read_bytes().decode("utf-8")
        title = next((line.strip() for line in text.splitlines() if line.strip()), "")
        published = date.fromisoformat(document["published"]) if document["published"] else None
        page = _page(document["id"], text, title, published, document["kind"], home.code, home.name)
        pages.append(page)
        rows[page["bulletin_key"]] = _lines(folder / f"{document['id']}.jsonl")
    return GoldSet(folder.name, conform(pl.DataFrame(pages, schema=dict(PAGES)), PAGES), rows)


def codes_of_annotators(folder: Path, catalog: Catalog) -> frozenset[str]:
    """The indicators that those knew who annotated a folder: of a list beside it, or in `spec/` beside its parent; else all."""
    of_lots, of_spec = folder.parent / "codes_of_lots.txt", folder.parent.parent / "spec" / "indicators.csv"
    if of_lots.exists():
        return frozenset(of_lots.read_text("utf-8").split())
    if of_spec.exists():
        with of_spec.open(encoding="utf-8", newline="") as handle:
            return frozenset(row["code"] for row in csv.DictReader(handle))
    return frozenset(catalog.indicators)


def sample_set(catalog: Catalog) -> GoldSet:
    """The bundled sample bureaus: their pages through `read_html`, and `expected.jsonl`, whose order gives the spans.

    Raises:
        ValueError: a row that is expected does not stand on its page, after the one before it.
    """
    listed = (_SAMPLE / "sources.yaml").read_text("utf-8").replace("{base}", "http://127.0.0.1")
    sources = parse_sources(listed, "sources.yaml", catalog.places)
    expected: dict[str, list[dict[str, Any]]] = {}
    for row in _lines(_SAMPLE / "expected.jsonl"):
        expected.setdefault(row["page"], []).append(row)
    pages, rows = [], {}
    for path, of_page in expected.items():
        source = sources.get("sample_" + path.split("/")[0])
        assert source is not None, (path, sources.errors)
        document = read_html((_SAMPLE / "site" / path).read_bytes(), url=path, body_selector=source.body)
        kind = source.kind_of(document.title)
        home = source.place
        page = _page(path, document.text, document.title, document.published_on, kind, home.code, home.name)
        pages.append(page)
        rows[page["bulletin_key"]] = list(_located(of_page, document.text, path))
    return GoldSet("sample", conform(pl.DataFrame(pages, schema=dict(PAGES)), PAGES), rows)


def table_set(folder: Path, catalog: Catalog) -> GoldSet:
    """Pages that are tables: `docs.jsonl`, and for each `id` in it a `.html` and a `.jsonl`, whose order gives the spans.

    Raises:
        ValueError: a row that is expected does not stand on its page, after the one before it.
    """
    pages, rows = [], {}
    for document in _lines(folder / "docs.jsonl"):
        home = catalog.places.get(document["code"], document["year"])
        assert home is not None, document
        shown = read_html((folder / f"{document['id']}.html").read_bytes())
        published = date.fromisoformat(document["published"])
        page = _page(document["id"], shown.text, shown.title, published, document["kind"], home.code, home.name)
        pages.append(page | {"grids": dumps(shown.grids)})
        rows[page["bulletin_key"]] = list(
            _located(_lines(folder / f"{document['id']}.jsonl"), shown.text, document["id"])
        )
    return GoldSet(folder.name, conform(pl.DataFrame(pages, schema=dict(PAGES)), PAGES), rows)


def observations_of(gold: GoldSet, catalog: Catalog) -> pl.DataFrame:
    """What is to be read, in schema OBSERVATIONS, as if a reader without fault had read it.

    Optional observations, which are neither right nor wrong, are left out.
    """
    found = [
        _observation(row, page["bulletin_key"], page["text"], page["place_code"], catalog)
        for page in gold.pages.iter_rows(named=True)
        for row in gold.rows[page["bulletin_key"]]
        if not row["optional"]
    ]
    return conform(pl.DataFrame(found, schema=dict(OBSERVATIONS)), OBSERVATIONS)


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _located(rows: Iterable[dict[str, Any]], text: str, name: str) -> Iterable[dict[str, Any]]:
    """The rows with their spans: each at the first place behind the one before where it is a number of its own."""
    position = 0
    for row in rows:
        found = re.compile(rf"(?<![\d.,]){re.escape(row['text'])}(?!(?<=\d)[.,]?\d)").search(text, position)
        if found is None:
            raise ValueError(f"{name}: «{row['text']}» is expected after character {position} and is not there")
        position = found.end()
        yield {**row, "start": found.start(), "end": found.end()}


def _page(
    name: str, text: str, title: str, published: date | None, kind: str, place_code: str, place: str
) -> dict[str, Any]:
    return {
        "bulletin_key": hashlib.sha256(name.encode()).hexdigest()[:16],
        "source_id": place_code,
        "url": f"https://example.invalid/{name}",
        "title": title,
        "publisher": f"{place}民政局",
        "published_on": published,
        "fetched_at": datetime(_LAST_YEAR_READ, 1, 1, tzinfo=UTC),
        "snapshot_sha256": "",
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "kind": kind,
        "place_code": place_code,
        "place": place,
        "text": text,
    }


def _observation(row: Mapping[str, Any], key: str, text: str, home: str, catalog: Catalog) -> dict[str, object]:
    place = catalog.places.find(row["place"], within=home) or catalog.places.find(row["place"], year=row["year"])
    start, end = row["start"], row["end"]
    before = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    after = _SENTENCE_END.search(text, end)
    fields = {"time_period": str(row["year"])} | {name: row[name] for name in OBSERVATIONS if name in row}
    return {
        **fields,
        "observation_key": hashlib.sha256(f"{key}|{start}|{end}".encode()).hexdigest()[:16],
        "bulletin_key": key,
        "value_high": row.get("value_high"),
        "certainty": 1.0,
        "place_code": place and place.code,
        "sentence": text[before : after.start() if after else len(text)].strip(),
    }

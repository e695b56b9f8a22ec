"""A small star made by hand: two bulletins of Chengdu that disagree, a half-year report, a plan, and an old division."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
from made import observation_row, page_row

from bulletins.catalog import Catalog, load_catalog
from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, QUARANTINE
from bulletins.resolve import Resolution, resolve
from warehouse.build import BuildReport, Release, build

CATALOG: Catalog = load_catalog()
FETCHED = datetime(2023, 4, 1, 2, 30, tzinfo=UTC)
BUILT = datetime(2023, 4, 2, tzinfo=UTC)


def page(key: str, **fields: Any) -> dict[str, Any]:
    """A page version in schema PAGES; Chengdu's annual bulletin where nothing else is said."""
    said = {
        "url": f"http://mzj.example/{key}.html",
        "title": f"成都市民政局公报 {key}",
        "fetched_at": FETCHED,
        "snapshot_sha256": "5" * 64,
        "text_sha256": "7" * 64,
        "text": "成都市民政局公报\n2021年，全市保障低保对象9.76万人，市辖区低保标准提高到870元。",
    }
    return page_row(key, **said | fields)


def observation(key: str, bulletin: str, text: str, value: float, **fields: Any) -> dict[str, Any]:
    """An observation in schema OBSERVATIONS; of Chengdu's dibao recipients in 2021 where nothing else is said."""
    return observation_row(key, bulletin, text, value, start=20 + 10 * (int(key, 36) % 1000), **fields)


STANDARD = {
    "indicator": "dibao_standard",
    "unit": "CNY",
    "per": "month",
    "area": "districts",
    "label": "低保标准",
}


#: Files that were built, by what they were built of, and what building them reported.
_BUILT: dict[tuple[str, str | None], tuple[bytes, BuildReport]] = {}


@dataclass(frozen=True)
class Inputs:
    """What a build is made from; `but` returns it with something exchanged."""

    pages: Sequence[dict[str, Any]]
    observations: Sequence[dict[str, Any]]
    quarantined: dict[str, tuple[str, str]] = field(default_factory=dict)  # observation key -> rule, detail

    def but(self, **exchanged: Any) -> Inputs:
        return replace(self, **exchanged)

    def frames(self) -> dict[str, pl.DataFrame | Resolution | Catalog]:
        pages = pl.DataFrame(list(self.pages), schema=dict(PAGES))
        observations = pl.DataFrame(list(self.observations), schema=dict(OBSERVATIONS))
        broken = pl.col("observation_key").is_in(list(self.quarantined))
        held = [
            row | dict(zip(("rule", "detail"), self.quarantined[row["observation_key"]], strict=True))
            for row in observations.filter(broken).to_dicts()
        ]
        ledger = observations.select(
            "bulletin_key", "start", "end", "text", verdict=pl.lit("observation"), reason=pl.lit("")
        )
        return {
            "pages": pages,
            "observations": observations,
            "ledger": ledger.match_to_schema(dict(LEDGER)),
            "quarantine": pl.DataFrame(held, schema=dict(QUARANTINE)),
            "resolution": resolve(observations.filter(~broken), pages, CATALOG),
            "catalog": CATALOG,
        }

    def build(self, path: Path, built_at: datetime = BUILT, previous: Path | None = None) -> BuildReport:
        """Build the star at `path`; one that was built of the same before is copied."""
        key = repr((self, built_at)), previous and hashlib.sha256(previous.read_bytes()).hexdigest()
        if key in _BUILT:
            made, report = _BUILT[key]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(made)
            return replace(report, path=path)
        report = self._build(path, built_at, previous)
        _BUILT[key] = path.read_bytes(), report
        return report

    def _build(self, path: Path, built_at: datetime, previous: Path | None) -> BuildReport:
        listed = {row["source_id"] for row in self.pages}
        release = Release("0.1.0", "reader-1", {"snapshots": "a" * 64}, built_at=built_at, sources=listed)
        return build(path, **self.frames(), release=release, previous=previous)  # type: ignore[arg-type]


STORY = Inputs(
    pages=[
        page("annual"),
        page("news", kind="news", published_on=date(2022, 4, 3), url="http://news.example/1.html"),
        page("half", kind="half_year", published_on=date(2021, 7, 15)),
        page("plan", kind="plan", published_on=date(2021, 11, 8)),
        page("next", published_on=date(2023, 1, 18)),
        page("old", source_id="beijing", place="北京市", place_code="110000", published_on=date(2009, 2, 1)),
    ],
    observations=[
        observation("1", "annual", "9.76万人", 97600.0),
        observation("2", "annual", "870元", 870.0, **STANDARD),
        observation("3", "news", "850元", 850.0, **STANDARD),
        observation("4", "news", "9.8万人", 98000.0),
        observation("5", "half", "9.1万人", 91000.0, period="partial"),
        observation("6", "plan", "1000元", 1000.0, status="target", year=2022, qualifier="ge", **STANDARD),
        observation("7", "next", "980元", 980.0, year=2022, **STANDARD),
        observation("8", "next", "9.9万人", 99000.0, year=2022),
        observation("9", "next", "36个", 36.0, year=2022, indicator="", unit="item", label="村级慈善工作站"),
        observation("a", "next", "103%", 103.0, year=2022, indicator="cremation_rate", unit="percent", label="火化率"),
        observation("b", "old", "4000人", 4000.0, year=2008, place="崇文区", place_code="110103"),
    ],
    quarantined={"a": ("share_within_100", "火化率不超过 100%，实为 103%")},
)

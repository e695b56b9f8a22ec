"""What the Dagster UI tells of an asset's columns: type, meaning, and of which columns upstream they are made.

Here belong the words of the frames' columns and the lineage from frame to frame. What the columns of the published file
mean is in the file itself.
"""

from collections.abc import Iterable, Mapping

import dagster as dg
import polars as pl

from bulletins.frames import LEDGER, OBSERVATIONS, PAGES, QUARANTINE
from bulletins.resolve import CONFLICTS, FACTS
from warehouse.dictionary import Relation

#: Column -> its Chinese name and what it holds.
MEANINGS: Mapping[str, str] = {
    "area": "城乡: the part of the place: all, urban, rural, districts, counties",
    "bulletin_key": "网页版本: this page in this wording, hash of address and text",
    "cell_key": "格: place, year, indicator and the rest of the grain in one word",
    "conflict": "有分歧: another current observation of the cell disagrees beyond rounding",
    "detail": "说明: what the rule expected, and what it found",
    "difference": "差: rival minus published value",
    "end": "终: end of the number in the page's text, in characters",
    "fetched_at": "抓取时间: when this version last came into force, UTC",
    "indicator": "指标代码: code in `catalog/indicators.csv`; empty for an open indicator, known by its label",
    "indicator_key": "指标键: code, code:variant, or open:label:unit",
    "kind": "类型: year_summary, half_year, news, plan, table, other",
    "label": "指标（原文）: what is counted, in the bulletin's words",
    "measure": "度量: level or change",
    "observation_key": "观测: the number's own key: page version and place in it",
    "observations": "观测数: current observations of the cell, with the published one",
    "per": "计发周期: the period that a standard is paid for: month, year, day or empty",
    "period": "时段: annual, partial, multi_year",
    "place": "地区: full official name of whom the figure is about; of a page, of the bureau",
    "place_code": "区划代码: GB/T 2260, six digits",
    "published_on": "发布日期: as the page says; empty where it does not",
    "publisher": "发布单位: the issuing bureau",
    "qualifier": "确切程度: exact, approx, ge, le",
    "reason": "原因: why the number is no observation; empty for one",
    "relative_difference": "相对差: difference as a share of the published value",
    "rival_observation_key": "另一观测: the observation that disagrees",
    "rival_value": "另一值: what it says",
    "rule": "规则: in the quarantine the rule that is broken (see docs/runbook.md), else the criterion that chose",
    "same_bulletin": "同页: both numbers stand in one page",
    "sentence": "原句: the sentence that the number was read from",
    "certainty": "确信度: how often a row as sure as this one was right on bulletins that were not learned from, 0 to 1",
    "snapshot_sha256": "存档: SHA-256 of the raw bytes in the snapshot store",
    "source_id": "来源: the bureau's id in the source list",
    "start": "始: start of the number in the page's text, in characters",
    "status": "性质: actual, target, previous",
    "grids": "表格: the page's tables, cell by cell, beside its text",
    "text": "原文: the page's text; of a number, what is printed",
    "text_sha256": "文本指纹: a new view counter in the footer is no new version",
    "time_period": "时期: as SDMX writes it: 2021, 2021-S1, 2021-Q3, 2021-09, 2021-01-01/P9M",
    "title": "标题: of the page",
    "unit": "单位: person, household, CNY, percent …",
    "url": "网页: address of the page",
    "value": "数值: in the base unit: 9.76万人 is 97600; of facts and conflicts in the catalogue's unit",
    "value_high": "上限: upper end of a printed range, else empty",
    "variant": "细分: of a catalogued indicator",
    "verdict": "判定: observation, date, ordinal, identifier, name, furniture, unread",
    "year": "年份: that the figure is about",
}

#: Where a reading comes from: columns of `pages`. Year and place are named in the text, else follow from the page.
_READ_FROM: Mapping[str, tuple[str, ...]] = {
    "bulletin_key": ("bulletin_key",),
    "observation_key": ("bulletin_key", "text"),
    "year": ("text", "title", "published_on"),
    "period": ("text", "title", "published_on"),
    "time_period": ("text", "title", "published_on"),
    "place": ("text", "place"),
    "place_code": ("text", "place_code"),
}


def described(
    columns: Iterable[tuple[str, str, str]], made_of: Mapping[str, Iterable[tuple[str, str]]] | None = None
) -> dict[str, dg.TableSchema | dg.TableColumnLineage]:
    """Return the metadata by which the UI shows columns and their lineage.

    The lineage stands in the words of each column too: the open-source UI keeps it, but draws it nowhere.

    Args:
        columns: name, type and meaning of each.
        made_of: column -> the assets and columns upstream that it is made of.
    """
    upstream = {name: list(deps) for name, deps in (made_of or {}).items()}

    def told(name: str, meaning: str) -> str:
        return " ← ".join(
            [meaning, *([", ".join(".".join(dep) for dep in upstream[name])] if name in upstream else [])]
        )

    schema = dg.TableSchema([dg.TableColumn(name, kind, told(name, meaning)) for name, kind, meaning in columns])
    lineage = {
        name: [dg.TableColumnDep(dg.AssetKey(asset), column) for asset, column in deps]
        for name, deps in upstream.items()
    }
    return {"dagster/column_schema": schema} | (
        {"dagster/column_lineage": dg.TableColumnLineage(lineage)} if lineage else {}
    )


def of_published(view: Relation) -> dict[str, dg.TableSchema | dg.TableColumnLineage]:
    """Return the same metadata for a view of the published file, in the words of the file itself."""
    upstream = {column.name: _PUBLISHED_FROM.get(column.name, ("facts", column.name)) for column in view.columns}
    return described(
        [(column.name, column.type, f"{column.zh}: {column.en}") for column in view.columns],
        {name: [(asset, of)] for name, (asset, of) in upstream.items() if of in _FRAMES[asset]},
    )


def _of_frame(
    schema: Mapping[str, pl.DataType], made_of: Mapping[str, Iterable[tuple[str, str]]] | None = None
) -> dict[str, dg.TableSchema | dg.TableColumnLineage]:
    return described([(name, str(dtype), MEANINGS[name]) for name, dtype in schema.items()], made_of)


def _same(asset: str, schema: Mapping[str, pl.DataType], upstream: Mapping[str, pl.DataType]) -> dict[str, list]:
    """The columns that come from those of the same name in `asset`."""
    return {name: [(asset, name)] for name in schema if name in upstream}


def _read(schema: Mapping[str, pl.DataType]) -> dict[str, list]:
    return {name: [("pages", column) for column in _READ_FROM.get(name, ("text",))] for name in schema}


_FRAMES = {"pages": PAGES, "valid_observations": OBSERVATIONS, "facts": FACTS}
#: Columns of the published view that do not come from those of the same name in `facts`.
_PUBLISHED_FROM: Mapping[str, tuple[str, str]] = {
    "city": ("facts", "place"),
    "city_code": ("facts", "place_code"),
    "indicator_code": ("facts", "indicator"),
    "printed": ("valid_observations", "text"),
    "sentence": ("valid_observations", "sentence"),
    "bulletin_kind": ("pages", "kind"),
    **{name: ("pages", name) for name in ("url", "title", "publisher", "published_on", "fetched_at")},
}

#: Asset -> metadata of its definition.
COLUMNS: Mapping[str, Mapping[str, dg.TableSchema | dg.TableColumnLineage]] = {
    "pages": _of_frame(PAGES),
    "observations": _of_frame(OBSERVATIONS, _read(OBSERVATIONS)),
    "number_ledger": _of_frame(LEDGER, _read(LEDGER)),
    "valid_observations": _of_frame(OBSERVATIONS, _same("observations", OBSERVATIONS, OBSERVATIONS)),
    "quarantine": _of_frame(QUARANTINE, _same("observations", QUARANTINE, OBSERVATIONS)),
    "facts": _of_frame(FACTS, _same("valid_observations", FACTS, OBSERVATIONS)),
    "conflicts": _of_frame(
        CONFLICTS,
        {
            "observation_key": [("valid_observations", "observation_key")],
            "rival_observation_key": [("valid_observations", "observation_key")],
            "value": [("valid_observations", "value")],
            "rival_value": [("valid_observations", "value")],
        },
    ),
}

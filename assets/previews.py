"""What a person sees of a frame in the Dagster UI: short Markdown tables with Chinese heads and links."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import dagster as dg
import polars as pl

#: Column of a frame -> what its column is called in a preview.
HEADS: Mapping[str, str] = {
    "place": "地区",
    "year": "年份",
    "indicator": "指标代码",
    "label": "指标（原文）",
    "value": "数值",
    "unit": "单位",
    "status": "性质",
    "text": "原文数字",
    "sentence": "原句",
    "title": "标题",
    "publisher": "发布单位",
    "published_on": "发布日期",
    "kind": "类型",
    "url": "网页",
    "outcome": "结果",
    "detail": "说明",
    "verdict": "判定",
    "reason": "原因",
    "rule": "规则",
    "meaning": "应满足",
    "severity": "级别",
    "evaluated": "检查",
    "failed": "不符",
    "count": "数量",
    "name_zh": "指标",
    "indicator_zh": "指标",
    "printed": "原文数字",
    "standard_value": "数值",
    "area": "城乡",
    "rival_value": "另一值",
    "cell_key": "格",
    "source_id": "来源",
    "city": "地区",
    "listed_at": "列表页最近取到",
    "changed_at": "网页最近变化",
    "summary_on": "最新年度总结",
    "troubled": "有问题的网址",
    "state": "状况",
    "mark": "标记",
}
ROWS_SHOWN = 12
CHARACTERS_SHOWN = 160


def preview(frame: pl.DataFrame, *columns: str, rows: int = ROWS_SHOWN, more: int = 0) -> dg.MarkdownMetadataValue:
    """Return the first `rows` of `columns` as a Markdown table; says how many rows are not shown.

    `more` rows are not in `frame` either.
    """
    head = "| " + " | ".join(HEADS.get(name, name) for name in columns) + " |"
    lines = [head, "|" + " --- |" * len(columns)]
    lines += [
        "| " + " | ".join(_cell(name, row[name]) for name in columns) + " |" for row in frame.head(rows).to_dicts()
    ]
    if (left := max(frame.height - rows, 0) + more) > 0:
        lines.append(f"\n… {left:,} more rows")
    return dg.MetadataValue.md("\n".join(lines) if frame.height else "（无）")


def preview_of(rows: pl.LazyFrame, *columns: str) -> dg.MarkdownMetadataValue:
    """Return `preview` of a frame that is not loaded for it."""
    shown = rows.select(columns).head(ROWS_SHOWN).collect()
    return preview(shown, *columns, more=rows.select(pl.len()).collect().item() - shown.height)


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "url":
        return _link(str(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:,.10g}"
    text = str(value)
    return as_text(text if len(text) <= CHARACTERS_SHOWN else text[:CHARACTERS_SHOWN] + "…")


def as_text(text: str) -> str:
    """Return text of a page so that Markdown shows it as it is: no link, no picture, no HTML, no new row."""
    return _MARKUP.sub(r"\\\g<0>", _UNSEEN.sub(" ", text)).replace("<", "&lt;")


def _link(address: str) -> str:
    """A link whose words are the end of the address: a whole one leaves the columns beside it no room."""
    if not address:
        return ""
    words = as_text(address.rstrip("/").rpartition("/")[2][-24:])
    if not address.startswith(("http://", "https://", "file://")):
        return as_text(address)
    # What would end the link, or the cell, is written as the percent code that it stands for.
    return f"[{words}]({_ENDS_LINK.sub(lambda found: quote(found[0], safe=''), address)})"


_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~$&]|(?<![0-9])-(?![0-9])")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_ENDS_LINK = re.compile(r"[\s\x00-\x1f\x7f-\x9f()<>\[\]|\\`\"']")

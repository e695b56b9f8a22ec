"""Suites `snapshots` and `pages`: what must hold of what was fetched, and of the texts that are read from it.

For the data steward: these checks hold nothing back. An `error` here means that the store or the source list needs a
hand before the readings can be trusted; a `warning` is a page or a bureau that deserves a look.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

import polars as pl

from expectations.report import SuiteReport
from expectations.rules import Rule, row_rule
from expectations.runner import Suite, run_suite

OUTCOMES = ("NEW", "CHANGED", "UNCHANGED", "GONE", "BLOCKED", "FAILED", "DEFERRED")
#: Outcomes after which a version of the page is in force.
_HELD = ["NEW", "CHANGED", "UNCHANGED"]
#: Share of characters that did not decode above which a text is not to be trusted.
_UNDECODED = 0.001
_held = pl.col("outcome").is_in(_HELD)


def snapshot_rules(kept: Set[str], now: datetime) -> tuple[Rule, ...]:
    """The rules on retrievals, for the blobs that are in the store and the time of the check."""
    return (
        row_rule(
            "retrieval_once",
            "error",
            "每次抓取只记一行",
            holds=pl.col("retrieval_id").is_first_distinct(),
            detail=pl.format("抓取 {} 记了不止一行", "retrieval_id"),
        ),
        row_rule(
            "outcome_known",
            "error",
            "抓取结果用约定的代码",
            holds=pl.col("outcome").is_in(OUTCOMES).fill_null(False),
            detail=pl.format("抓取结果“{}”不在约定的代码之内", "outcome"),
        ),
        row_rule(
            "snapshot_kept",
            "error",
            "取到的网页原文都在存档之中",
            holds=pl.when(_held).then(pl.col("snapshot_sha256").is_in(sorted(kept)).fill_null(False)),
            detail=pl.format("存档中没有 {} 的原文 {}", "url", pl.col("snapshot_sha256").fill_null("（空）")),
        ),
        row_rule(
            "retrieved_in_past",
            "error",
            "抓取时间不在将来",
            holds=pl.col("retrieved_at") <= now,
            detail=pl.format("抓取时间 {} 晚于现在", "retrieved_at"),
        ),
        row_rule(
            "reason_given",
            "error",
            "没有取到的都写明原因",
            holds=pl.when(~_held).then((pl.col("reason") != "").fill_null(False)),
            detail=pl.format("{} 的结果是 {}，没有写原因", "url", "outcome"),
        ),
        row_rule(
            "retrieved",
            "warning",
            "要取的网页都取到了",
            holds=_held,
            detail=pl.format("{}：{}（{}）", "outcome", "reason", pl.col("detail").fill_null("")),
        ),
    )


def check_snapshots(retrievals: pl.DataFrame, kept: Set[str], *, now: datetime) -> SuiteReport:
    """Check the manifest of retrievals against the store.

    Args:
        retrievals: one row an attempt to get an address: retrieval_id, retrieved_at, source_id, url, status, outcome,
            reason, detail, snapshot_sha256.
        kept: SHA-256 of every blob in the store.
        now: the time of the check, with its zone.
    """
    shows = ("source_id", "url", "outcome", "status", "retrieved_at")
    suite = Suite("snapshots", (snapshot_rules(kept, now),), key=("retrieval_id",), shows=shows)
    return run_suite(suite, retrievals).report


PAGE_RULES: tuple[Rule, ...] = (
    row_rule(
        "page_once",
        "error",
        "同一网页的同一文字只存一版",
        holds=pl.col("bulletin_key").is_first_distinct(),
        detail=pl.format("版本 {} 出现不止一次", "bulletin_key"),
    ),
    row_rule(
        "page_has_text",
        "error",
        "网页有正文",
        holds=pl.col("text").str.strip_chars().str.len_chars() > 0,
        detail=pl.lit("正文为空：检查来源清单中的正文选择器"),
    ),
    row_rule(
        "page_decoded",
        "warning",
        "正文没有不能解码的字",
        holds=pl.col("text").str.count_matches("\ufffd") <= _UNDECODED * pl.col("text").str.len_chars(),
        detail=pl.format("有 {} 个字不能解码", pl.col("text").str.count_matches("\ufffd")),
    ),
    row_rule(
        "page_has_place",
        "error",
        "网页有所属的地方",
        holds=(pl.col("place") != "").fill_null(False) & pl.col("place_code").is_not_null(),
        detail=pl.lit("来源清单没有给出地方"),
    ),
    row_rule(
        "page_dated",
        "warning",
        "网页写明发布日期",
        holds=pl.col("published_on").is_not_null(),
        detail=pl.lit("没有读出发布日期，年份只能从正文推断"),
    ),
    row_rule(
        "page_published_before_seen",
        "error",
        "发布日期不晚于抓取日期",
        holds=pl.col("published_on") <= pl.col("fetched_at").dt.convert_time_zone("Asia/Shanghai").dt.date(),
        detail=pl.format("发布日期 {} 晚于抓取时间 {}", "published_on", "fetched_at"),
    ),
)


def check_pages(pages: pl.DataFrame) -> SuiteReport:
    """Check the texts that are to be read, schema PAGES."""
    shows = ("source_id", "url", "title", "published_on")
    return run_suite(Suite("pages", (PAGE_RULES,), key=("bulletin_key",), shows=shows), pages).report

"""Suites `snapshots` and `pages`: what must hold of what was fetched, and of the texts that are read from it.

For the data steward: these checks hold nothing back. An `error` here means that the store or the source list needs a
hand before the readings can be trusted; a `warning` is a page or a bureau that deserves a look.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

import polars as pl

from expectations.expected import (
    among,
    given,
    not_among,
    pairs_ordered,
    values_between,
    values_given,
    values_in,
    values_not_in,
    values_unique,
)
from expectations.report import SuiteReport
from expectations.rules import Rule, column_rule
from expectations.runner import Suite, run_suite

OUTCOMES = ("NEW", "CHANGED", "UNCHANGED", "GONE", "BLOCKED", "FAILED", "DEFERRED")
#: Outcomes after which a version of the page is in force.
_HELD = ["NEW", "CHANGED", "UNCHANGED"]
#: Share of characters that did not decode above which a text is not to be trusted.
_UNDECODED = 0.001


SNAPSHOT_RULES: tuple[Rule, ...] = (
    column_rule(
        "retrieval_once",
        "error",
        "每次抓取只记一行",
        values_unique("retrieval_id"),
        detail=pl.format("抓取 {} 记了不止一行", "retrieval_id"),
    ),
    column_rule(
        "outcome_known",
        "error",
        "抓取结果用约定的代码",
        values_given("outcome"),
        values_in("outcome", OUTCOMES),
        detail=pl.format("抓取结果“{}”不在约定的代码之内", "outcome"),
    ),
    column_rule(
        "snapshot_kept",
        "error",
        "取到的网页原文都在存档之中",
        values_in("kept", [True], among("outcome", _HELD)),
        detail=pl.format("存档中没有 {} 的原文 {}", "url", pl.col("snapshot_sha256").fill_null("（空）")),
    ),
    column_rule(
        "retrieved_in_past",
        "error",
        "抓取时间不在将来",
        pairs_ordered("checked_at", "retrieved_at", or_equal=True),
        detail=pl.format("抓取时间 {} 晚于现在", "retrieved_at"),
    ),
    column_rule(
        "reason_given",
        "error",
        "没有取到的都写明原因",
        values_given("reason", given("outcome"), not_among("outcome", _HELD)),
        values_not_in("reason", [""], given("outcome"), not_among("outcome", _HELD)),
        detail=pl.format("{} 的结果是 {}，没有写原因", "url", "outcome"),
    ),
    column_rule(
        "retrieved",
        "warning",
        "要取的网页都取到了",
        values_in("outcome", _HELD),
        detail=pl.format("{}：{}（{}）", "outcome", "reason", pl.col("detail").fill_null("")),
    ),
)
SNAPSHOT_SUITE = Suite(
    "snapshots",
    (SNAPSHOT_RULES,),
    key=("retrieval_id",),
    shows=("source_id", "url", "outcome", "status", "retrieved_at"),
)


def check_snapshots(retrievals: pl.DataFrame, kept: Set[str], *, now: datetime) -> SuiteReport:
    """Check the manifest of retrievals against the store.

    Args:
        retrievals: one row an attempt to get an address: retrieval_id, retrieved_at, source_id, url, status, outcome,
            reason, detail, snapshot_sha256.
        kept: SHA-256 of every blob in the store.
        now: the time of the check, with its zone.
    """
    measured = retrievals.with_columns(
        kept=pl.col("snapshot_sha256").is_in(sorted(kept)).fill_null(False),
        checked_at=pl.lit(now).cast(retrievals.schema["retrieved_at"]),
    )
    return run_suite(SNAPSHOT_SUITE, measured).report


PAGE_RULES: tuple[Rule, ...] = (
    column_rule(
        "page_once",
        "error",
        "同一网页的同一文字只存一版",
        values_unique("bulletin_key"),
        detail=pl.format("版本 {} 出现不止一次", "bulletin_key"),
    ),
    column_rule(
        "page_has_text",
        "error",
        "网页有正文",
        values_between("characters", least=1),
        detail=pl.lit("正文为空：检查来源清单中的正文选择器"),
    ),
    column_rule(
        "page_decoded",
        "warning",
        "正文没有不能解码的字",
        pairs_ordered("most_undecoded", "undecoded", or_equal=True),
        detail=pl.format("有 {} 个字不能解码", "undecoded"),
    ),
    column_rule(
        "page_has_place",
        "error",
        "网页有所属的地方",
        values_given("place"),
        values_not_in("place", [""]),
        values_given("place_code"),
        detail=pl.lit("来源清单没有给出地方"),
    ),
    column_rule(
        "page_dated",
        "warning",
        "网页写明发布日期",
        values_given("published_on"),
        detail=pl.lit("没有读出发布日期，年份只能从正文推断"),
    ),
    column_rule(
        "page_published_before_seen",
        "error",
        "发布日期不晚于抓取日期",
        pairs_ordered("fetched_on", "published_on", or_equal=True),
        detail=pl.format("发布日期 {} 晚于抓取时间 {}", "published_on", "fetched_at"),
    ),
)

PAGE_SUITE = Suite("pages", (PAGE_RULES,), key=("bulletin_key",), shows=("source_id", "url", "title", "published_on"))


def check_pages(pages: pl.DataFrame) -> SuiteReport:
    """Check the texts that are to be read, schema PAGES."""
    measured = pages.with_columns(
        characters=pl.col("text").str.strip_chars().str.len_chars(),
        undecoded=pl.col("text").str.count_matches("\ufffd"),
        most_undecoded=_UNDECODED * pl.col("text").str.len_chars(),
        fetched_on=pl.col("fetched_at").dt.convert_time_zone("Asia/Shanghai").dt.date(),
    )
    return run_suite(PAGE_SUITE, measured).report

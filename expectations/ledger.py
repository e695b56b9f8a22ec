"""Suite `ledger`: every number of every page has a verdict, and each verdict can be checked against the page.

For the data steward: the ledger is the promise that no number is lost. It is compared with the page's own digits and
with the observations, number by number. A number marked `unread` is a warning: it counts, but a person should look.
"""

from __future__ import annotations

import re

import polars as pl

from expectations.expected import (
    differs,
    equals,
    given,
    pairs_equal,
    pairs_ordered,
    values_given,
    values_in,
    values_not_in,
)
from expectations.report import SuiteReport
from expectations.rules import Rule, column_rule
from expectations.runner import Suite, run_suite

VERDICTS = ("observation", "date", "ordinal", "identifier", "name", "furniture", "unread")
_SPAN = ("bulletin_key", "start", "end")
_DIGITS = re.compile(r"\d+")

_in_ledger = pl.col("verdict").is_not_null()

RULES: tuple[Rule, ...] = (
    column_rule(
        "number_accounted",
        "error",
        "网页中的每个数字在台账中都有着落",
        values_given("verdict"),
        detail=pl.format("“{}”不在台账之中", "text"),
    ),
    column_rule(
        "number_once",
        "error",
        "台账中的数字互不重叠",
        pairs_ordered("start", "previous_end", given("verdict"), or_equal=True),
        detail=pl.format("“{}”与台账中的前一个数字重叠", "text"),
    ),
    column_rule(
        "verdict_known",
        "error",
        "台账的判定用约定的代码",
        values_in("verdict", VERDICTS),
        detail=pl.format("判定“{}”不在约定的代码之内", "verdict"),
    ),
    column_rule(
        "number_reads_back",
        "error",
        "台账所记的文字就是网页该处的文字",
        # What a page holds and does not print (a hidden row) has an empty span.
        values_given("printed", given("verdict"), equals("has_print", True)),
        pairs_equal("text", "printed", given("verdict"), equals("has_print", True)),
        detail=pl.format("网页该处印作“{}”，台账记作“{}”", pl.col("printed").fill_null("（无此网页）"), "text"),
    ),
    column_rule(
        "observation_in_ledger",
        "error",
        "每个读数都在台账中记为读数，台账中的每个读数都读了出来",
        values_given("verdict", equals("observed", True)),
        values_in("verdict", ["observation"], equals("observed", True)),
        values_in("observed", [True], equals("verdict", "observation")),
        detail=pl.when("observed")
        .then(pl.format("读数“{}”在台账中记作 {}", "text", pl.col("verdict").fill_null("（无）")))
        .otherwise(pl.format("台账记“{}”为读数，却没有读出", "text")),
    ),
    column_rule(
        "verdict_reasoned",
        "error",
        "不是读数的数字写明理由",
        values_given("reason", given("verdict"), differs("verdict", "observation")),
        values_not_in("reason", [""], given("verdict"), differs("verdict", "observation")),
        detail=pl.format("“{}”判为 {}，没有写理由", "text", "verdict"),
    ),
    column_rule(
        "number_read",
        "warning",
        "没有读不懂的数字",
        values_not_in("verdict", ["unread"]),
        detail=pl.format("“{}”没有读懂：{}", "text", "reason"),
    ),
)

SUITE = Suite("ledger", (RULES,), key=_SPAN, shows=(*_SPAN, "text", "verdict", "reason"))


def check_ledger(ledger: pl.DataFrame, observations: pl.DataFrame, pages: pl.DataFrame) -> SuiteReport:
    """Check that the ledger accounts for the digits of `pages` and for all `observations` that were read from them.

    Args:
        ledger: schema LEDGER.
        observations: schema OBSERVATIONS, as they were read, before any check.
        pages: schema PAGES, the texts that were read.
    """
    numbers = _numbers(ledger, observations, pages)
    return run_suite(SUITE, numbers).report


def _numbers(ledger: pl.DataFrame, observations: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """One row a number: of the ledger, of an observation that the ledger lacks, or digits that neither has."""
    observed = observations.select(*_SPAN, pl.col("text").alias("observed_text"), observed=pl.lit(True))
    rows = (
        ledger.join(observed, on=_SPAN, how="full", coalesce=True)
        .with_columns(pl.coalesce("text", "observed_text").alias("text"), pl.col("observed").fill_null(False))
        .drop("observed_text")
    )
    loose = _loose_digits(rows, pages).join(rows, on=_SPAN, how="anti")
    texts = dict(pages.select("bulletin_key", "text").iter_rows())
    every = pl.concat([rows, loose], how="diagonal").sort(_SPAN)
    printed = [texts[key][start:end] if key in texts else None for key, start, end in every.select(_SPAN).iter_rows()]
    previous_end = pl.col("end").cum_max().shift(1).over("bulletin_key")
    return every.with_columns(
        pl.Series("printed", printed, dtype=pl.String),
        previous_end=pl.when(_in_ledger).then(previous_end),
        has_print=pl.col("start") < pl.col("end"),
    )


def _loose_digits(rows: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """Runs of digits in the pages of which no character lies in a span of `rows`."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for key, start, end in rows.select(_SPAN).iter_rows():
        spans.setdefault(key, []).append((start, end))
    loose = []
    for key, text in pages.select("bulletin_key", "text").iter_rows():
        covered = bytearray(len(text))
        for start, end in spans.get(key, ()):
            covered[start:end] = b"\1" * (min(end, len(text)) - start)
        loose += [
            (key, match.start(), match.end(), match.group(), False)
            for match in _DIGITS.finditer(text)
            if not any(covered[match.start() : match.end()])
        ]
    schema = {**{name: rows.schema[name] for name in _SPAN}, "text": pl.String(), "observed": pl.Boolean()}
    return pl.DataFrame(loose, schema=schema, orient="row")

"""Suite `observations`: what must hold of every number that was read, before it may be published.

For the data steward: a row that breaks a rule of severity `error` is held back in the quarantine with the first
rule that it broke and what was expected; all other rows of its page are published. A `warning` marks the row and
lets it pass. What a figure may be (unit, period, kind, bounds) stands in `catalog/`, not here. `docs/runbook.md`
says what to do about each rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from bulletins.catalog import PERIODS_PAID, UNITS, Catalog, load_catalog
from bulletins.frames import LEAST_CERTAINTY, OBSERVATIONS, QUARANTINE, conform
from expectations import over_pages, periods, within_page, wording
from expectations.corrections import NOT_REJECTED, Correction, check_corrections, with_corrections
from expectations.evidence import allowed_units, with_evidence
from expectations.expected import (
    Expected,
    among,
    differs,
    equals,
    pairs_equal,
    pairs_ordered,
    rows_unique,
    values_between,
    values_finite,
    values_given,
    values_in,
    values_not_in,
    values_unique,
)
from expectations.readback import unit_agrees, value_agrees
from expectations.report import Severity, SuiteReport
from expectations.rules import ROW, Rule, column_rule, printed, row_rule
from expectations.runner import Suite, run_suite

#: What the coded columns may hold.
VOCABULARY: dict[str, frozenset[str]] = {
    "unit": UNITS,
    "per": PERIODS_PAID,
    "qualifier": frozenset(["exact", "approx", "ge", "le"]),
    "measure": frozenset(["level", "change"]),
    "status": frozenset(["actual", "target", "previous"]),
    "period": frozenset(["annual", "partial", "multi_year"]),
    "area": frozenset(["all", "urban", "rural", "districts", "counties"]),
}
#: The ministry's statistics begin with its re-establishment; plans reach at most three five-year periods ahead.
FIRST_YEAR, PLAN_YEARS = 1978, 15
#: Levels of places as people say them.
LEVEL_NAMES = {"country": "全国", "province": "省级", "prefecture": "地级", "county": "县级"}
#: Units in which a rise or fall is told beside the indicator's own.
_CHANGE_UNITS = ["percent", "percentage_point", "multiple"]
_level = pl.col("measure") == "level"
_is_share = ((pl.col("unit") == "percent") & (pl.col("upper") == 100)).fill_null(False)
_actual = pl.col("status") != "target"
_published_year = pl.coalesce("published_on", "seen_on").dt.year()


@dataclass(frozen=True)
class Screened:
    """Observations after the checks.

    Attributes:
        valid: schema OBSERVATIONS, fit to be published.
        quarantine: schema QUARANTINE, one row for each rule that a held-back observation broke, the weightiest first.
        flags: columns observation_key, rule, detail: one row a warning about a valid observation.
        report: the verdict of every rule.
        corrections: whether the decisions of people still match.
        excused: column observation_key: the rows that a person lets pass.
    """

    valid: pl.DataFrame
    quarantine: pl.DataFrame
    flags: pl.DataFrame
    report: SuiteReport
    corrections: SuiteReport
    excused: pl.DataFrame


def screen(
    observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog, corrections: Sequence[Correction] = ()
) -> Screened:
    """Check `observations` against the catalogue, their pages and each other; every row comes back, valid or held.

    Args:
        observations: schema OBSERVATIONS; the more pages and cities they are of, the more the rules can compare.
        pages: schema PAGES, with the pages that the observations were read from.
        catalog: what the figures may be.
        corrections: what people decided about single observations, see `load_corrections`.

    Raises:
        BrokenCheckError: a rule could not be computed; nothing is known of the data then.
    """
    observations = conform(observations, OBSERVATIONS)
    verdict = run_suite(SUITE, evidence_of(observations, pages, catalog, corrections))
    numbered = observations.with_row_index(ROW)
    broken = verdict.findings.broken
    errors, warnings = (broken.filter(pl.col("severity") == severity) for severity in ("error", "warning"))
    excused = numbered.join(verdict.findings.excused, on=ROW, how="semi")
    return Screened(
        valid=numbered.join(errors, on=ROW, how="anti", maintain_order="left").drop(ROW),
        quarantine=conform(
            numbered.join(errors, on=ROW, maintain_order="left_right").drop(ROW, "severity"), QUARANTINE
        ),
        flags=warnings.join(errors, on=ROW, how="anti", maintain_order="left")
        .join(numbered, on=ROW, maintain_order="left")
        .select("observation_key", "rule", "detail"),
        report=verdict.report,
        corrections=check_corrections(observations, pages, corrections, excused),
        excused=excused.select("observation_key"),
    )


def evidence_of(
    observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog, corrections: Sequence[Correction] = ()
) -> pl.DataFrame:
    """The frame that `SUITE` examines, one row an observation, in their order."""
    return with_evidence(observations, pages, catalog).pipe(with_corrections, pages, corrections)


def _units_of_indicators(catalog: Catalog) -> Iterator[Expected]:
    """The units of each catalogued indicator, those together that have the same; of its changes, those of a change as well."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, of_indicator in sorted(allowed_units(catalog).items()):
        alike[tuple(of_indicator)].append(code)
    for units, codes in sorted(alike.items()):
        yield values_in("unit", units, equals("measure", "level"), among("indicator", codes))
        of_change = sorted({*units, *_CHANGE_UNITS})
        yield values_in("unit", of_change, differs("measure", "level"), among("indicator", codes))


def _periods_of_indicators(catalog: Catalog) -> Iterator[Expected]:
    """Standards are paid by the month, year or day, and nothing else is."""
    paid = sorted(code for code, indicator in catalog.indicators.items() if indicator.per)
    others = sorted(set(catalog.indicators) - set(paid))
    yield values_not_in("per", [""], equals("measure", "level"), among("indicator", paid))
    yield values_in("per", [""], equals("measure", "level"), among("indicator", others))


def _shares(catalog: Catalog) -> Iterator[Expected]:
    """Levels in percent of what cannot be more than all there is."""
    shares = sorted(code for code, indicator in catalog.indicators.items() if indicator.upper == 100)
    where = (equals("unit", "percent"), equals("measure", "level"), among("indicator", shares))
    yield values_between("value", *where, most=100)
    yield values_between("value_high", *where, most=100)


def _vocabulary_rule() -> Rule:
    known = {name: pl.col(name).is_in(sorted(words)).fill_null(False) for name, words in VOCABULARY.items()}
    wrong = [
        pl.when(~holds).then(pl.format(name + "“{}”", pl.col(name).fill_null("空"))) for name, holds in known.items()
    ]
    return column_rule(
        "vocabulary",
        "error",
        "单位、计发周期、修饰、口径、状态、期间、城乡各栏只用约定的代码",
        *(each for name, words in VOCABULARY.items() for each in (values_given(name), values_in(name, sorted(words)))),
        detail=pl.format("{} 不在约定的代码之内", pl.concat_str(*wrong, separator="、", ignore_nulls=True)),
    )


def _bounds_rule(name: str, severity: Severity, meaning: str, which: str) -> Rule:
    """A rule on bounds of bounds.csv. None of something is always possible, and a part of a place has no least number."""
    lower, upper = (pl.coalesce(f"{which}_{end}", end) for end in ("lower", "upper"))
    counted = pl.col("kind").is_in(["stock", "flow", "amount"])
    # What share_at_most_100 says better, and what is usual of one year only.
    unbounded_above = _is_share if which == "possible" else pl.col("period") == "multi_year"
    unbounded_below = counted & ((pl.col("value") == 0) | (pl.col("area") != "all"))
    greatest = pl.coalesce("standard_value_high", "standard_value")
    return row_rule(
        name,
        severity,
        meaning,
        holds=pl.when(_level & (pl.col("unit") == pl.col("expected_unit"))).then(
            (unbounded_below | (pl.col("standard_value") >= lower).fill_null(True))
            & (unbounded_above | (greatest <= upper).fill_null(True))
        ),
        detail=pl.format(
            "{}{}应在 {} 至 {} 之间，读作 {}",
            pl.col("level").replace_strict(LEVEL_NAMES, default=""),
            "name_zh",
            printed(lower).fill_null("（不限）"),
            printed(upper).fill_null("（不限）"),
            printed(pl.col("standard_value")),
        ),
    )


RULES: tuple[Rule, ...] = (
    NOT_REJECTED,
    _vocabulary_rule(),
    column_rule(
        "page_known",
        "error",
        "每个数都能回到一个已存档的网页",
        values_given("on_page"),
        detail=pl.format("网页 {} 不在所给网页之中", "bulletin_key"),
    ),
    column_rule(
        "span_once",
        "error",
        "同一网页的同一处数字只读作一个数",
        rows_unique("bulletin_key", "start", "end"),
        values_unique("observation_key"),
        detail=pl.format("同一处数字“{}”读了不止一次", "text"),
    ),
    column_rule(
        "span_reads_back",
        "error",
        "起止位置在网页正文中正是所记的文字",
        pairs_equal("on_page", "text"),
        detail=pl.format("正文该处印作“{}”，所记文字为“{}”", "on_page", "text"),
    ),
    row_rule(
        "value_reads_back",
        "error",
        "数值就是所印数字与万、亿等词相乘之数",
        holds=value_agrees(),
        detail=pl.format("“{}”应读作 {}，读成了 {}", "text", printed(pl.col("read_value")), printed(pl.col("value"))),
    ),
    row_rule(
        "unit_reads_back",
        "error",
        "单位与所印量词相符：人、人次、户、对、元、%、个百分点、倍不相混",
        holds=unit_agrees(),
        detail=pl.format("“{}”的量词应读作 {}，读成了 {}", "text", "read_unit", "unit"),
    ),
    column_rule(
        "value_finite",
        "error",
        "数值是有限的数",
        values_given("value"),
        values_finite("value"),
        values_finite("value_high"),
        detail=pl.format("“{}”没有读出数值", "text"),
    ),
    column_rule(
        "not_negative",
        "error",
        "数量不为负，增减量除外",
        values_between("value", equals("measure", "level"), least=0),
        detail=pl.format("“{}”是数量，应不小于 0，读作 {}", "label", printed(pl.col("value"))),
    ),
    column_rule(
        "range_ordered",
        "error",
        "区间的上端大于下端",
        pairs_ordered("value_high", "value"),
        detail=pl.format(
            "“{}”的上端 {} 应大于下端 {}", "text", printed(pl.col("value_high")), printed(pl.col("value"))
        ),
    ),
    column_rule(
        "indicator_known",
        "error",
        "指标代码在指标目录之中",
        values_in("indicator", sorted(load_catalog().indicators), differs("indicator", "")),
        detail=pl.format("目录中没有指标 {}", "indicator"),
    ),
    column_rule(
        "unit_fits",
        "error",
        "单位是指标所用的单位；增减量可用 %、个百分点或倍",
        *_units_of_indicators(load_catalog()),
        detail=pl.format("{}应以 {} 计，读作 {}", "name_zh", "expected_unit", "unit"),
    ),
    column_rule(
        "per_fits",
        "error",
        "按月计发的标准写明按月、按年或按日；其他指标不带计发周期",
        *_periods_of_indicators(load_catalog()),
        detail=pl.when(pl.col("per") == "")
        .then(pl.format("{}应写明按月还是按年计发", "name_zh"))
        .otherwise(pl.format("{}不按周期计发，读作每 {}", "name_zh", "per")),
    ),
    column_rule(
        "share_at_most_100",
        "error",
        "占比、覆盖率等份额不超过 100%；增幅、比值、完成率不在此列",
        *_shares(load_catalog()),
        detail=pl.format("{}应在 0 至 100% 之间，读作 {}%", "name_zh", printed(pl.col("value"))),
    ),
    _bounds_rule("within_bounds", "error", "数值在该指标、该级地方可能的范围之内", "possible"),
    _bounds_rule("within_usual_bounds", "warning", "数值在该指标、该级地方通常的范围之内", "usual"),
    row_rule(
        "place_known",
        "error",
        "写明是哪个地方的数，地名与区划代码相符",
        holds=(pl.col("place") != "").fill_null(False)
        & (pl.col("place_code").is_null() | pl.col("place").is_in(pl.col("known_names")).fill_null(False)),
        detail=pl.when(pl.col("known_names").is_not_null())
        .then(pl.format("代码 {} 是{}，读作{}", "place_code", pl.col("known_names").list.join("、"), "place"))
        .otherwise(pl.format("没有读出地方，或目录中没有代码 {}", pl.col("place_code").fill_null("（空）"))),
    ),
    column_rule(
        "year_known",
        "error",
        f"写明是哪一年的数，年份在 {FIRST_YEAR} 年以后",
        values_given("year"),
        values_between("year", least=FIRST_YEAR),
        detail=pl.format("没有读出年份或年份过早：{}", pl.col("year").cast(pl.String).fill_null("（空）")),
    ),
    row_rule(
        "year_within_reach",
        "error",
        f"实际数的年份不晚于发布之年，计划数不晚于其后 {PLAN_YEARS} 年",
        holds=pl.col("year") <= _published_year + pl.when(_actual).then(0).otherwise(PLAN_YEARS),
        detail=pl.format(
            "{} 年发布的网页不会有 {} 年的{}",
            _published_year,
            "year",
            pl.when(_actual).then(pl.lit("实际数")).otherwise(pl.lit("计划数")),
        ),
    ),
    row_rule(
        "target_not_past",
        "error",
        "计划数的年份不早于发布之年的上一年",
        holds=pl.when(pl.col("status") == "target").then(pl.col("year") >= pl.col("published_on").dt.year() - 1),
        detail=pl.format("{} 发布的网页读出 {} 年的计划数", "published_on", "year"),
    ),
    column_rule(
        "place_coded",
        "warning",
        "地方在区划目录之中",
        values_given("place_code"),
        detail=pl.format("区划目录中没有“{}”", "place"),
    ),
    column_rule(
        "certain_enough",
        "warning",
        f"读法的确信度不低于 {LEAST_CERTAINTY:g}：同样确信的读数半数以上读对",
        values_between("certainty", least=LEAST_CERTAINTY),
        detail=pl.format("确信度只有 {}，宜对照原句", pl.col("certainty").round(2)),
    ),
)


SUITE = Suite(
    "observations",
    (RULES + wording.RULES + periods.RULES, within_page.RULES, over_pages.RULES + periods.COMPARISONS),
    key=("observation_key",),
    shows=("observation_key", "place", "year", "indicator", "label", "text", "value", "unit", "sentence"),
    parts=("observations", "observations_within_page", "observations_over_pages"),
)

"""Rules on when a figure is of: the period that the words beside it name, and what figures of other periods allow.

For the data steward: a month's figure published as the year's is plausible and wrong. The words of a number's own clause, or the
head of its column, are read again here, apart from the reader's judgement of what governs what; and a flow of one period is never
more than that of a longer period around it.
"""

from __future__ import annotations

import functools
import re

import polars as pl

from bulletins.reading.times import PARTS
from bulletins.text.normalise import normalise
from bulletins.text.periods import ANNUAL, MULTI_YEAR, PARTIAL, Ground, Period, names_period, period_of, periods_in
from expectations.comparisons import findings_on, levels, rows_of
from expectations.expected import pairs_equal, values_given
from expectations.rules import ROW, Examination, Rule, column_rule

_SERIES = ["place", "indicator_key", "area", "standard_per", "year"]
#: Words without which no period is named.
_TOLD = re.compile(r"[月季半]|全年|年[底末]|[本上]期|累[计計]|同期")
#: Words of what is summed up from January, or counted at the end of a stretch.
_UP_TO_NOW = re.compile(r"累[计計]|[截底末]|在册|在保|[共现]有")
_LAST_MONTH = 12
_SENTENCE = re.compile(r"[。，,；;|\t]")
#: What a year is compared with, and what was before a rise, is not what is told of.
_ASIDE = re.compile(r"[比较由从]")
#: Words that only a page on a part of a year gives a meaning.
_RELATIVE = re.compile(r"[本当上][月季期]|同期")
#: Forms that name their stretch themselves.
_PLAIN = PARTS - {"since_month", "this_month", "last_month", "this_quarter", "last_quarter", "same", "year"}


#: Years without which no words can be placed; other rules hold such rows.
_dated = pl.col("year").is_between(1900, 2100) & pl.coalesce("main_year", "year").is_between(1900, 2100)


def _as_named(frame: pl.DataFrame) -> Examination:
    """Whether the period is the one that the number's own clause, or the head of its column or row, names."""
    asked = frame.filter(
        pl.col("status") == "actual",
        pl.col("measure") == "level",
        pl.col("kind").is_in(["flow", "amount", "stock"]),
        pl.concat_str("lead", "column_head", "stub").str.contains(_TOLD.pattern),
        _dated,
    )
    shown = (
        "lead",
        "column_head",
        "stub",
        "title",
        "opening",
        "main_year",
        "year",
        "period",
        "time_period",
        "kind",
        "text",
    )
    examined, broken = [], []
    for row, lead, column, stub, title, opening, main_year, year, period, time_period, kind, text in asked.select(
        ROW, *shown
    ).rows():
        own = _own(title or "", opening or "", main_year or year)
        named = _of_cell(column, stub, own) if column or stub else _of_clause(lead or "", own)
        if named is None or named.year != year:
            continue
        examined.append(row)
        summed = _UP_TO_NOW.search(f"{stub} {column}") is not None and time_period == named.to_date.notation
        if not summed and not _agrees(named, year, period, time_period, kind):
            broken.append((row, f"近旁说的是 {named.notation}，{text} 读作 {time_period}（{period}）"))
    return _examination(frame, examined, broken)


def _named(frame: pl.DataFrame) -> Examination:
    """Whether a figure's part of the year is named: in its sentence, by its column or row, or else by its page."""
    asked = frame.filter(
        pl.col("status") == "actual",
        pl.col("measure") == "level",
        pl.col("per") == "",
        _dated,
        (pl.col("period") == PARTIAL)
        | (
            (pl.col("period") == ANNUAL)
            & (pl.col("year") == pl.col("main_year"))
            & pl.when(pl.col("kind").is_null())
            .then(pl.col("unit").is_in(["person", "person_time", "household", "couple", "item"]))
            .otherwise(pl.col("kind").is_in(["flow", "amount", "stock"]))
        ),
    )
    # A stock is counted at the end of its page's period, whatever the words.
    words = pl.concat_str(
        *(pl.col(name).fill_null("") for name in ("lead", "sentence", "column_head", "stub")),
        pl.when(pl.col("kind").is_in(["flow", "amount"])).then(pl.lit("")).otherwise(pl.lit("期末")),
        separator=" | ",
    )
    shown = words.alias("words"), "title", "opening", "main_year", "year", "period", "time_period", "text"
    examined, broken = [], []
    for row, told, title, opening, main_year, year, period, time_period, text in asked.select(ROW, *shown).rows():
        own = _own(title or "", opening or "", main_year or year)
        vague = time_period == str(year)
        if (period == PARTIAL and vague) or (period == ANNUAL and own.kind == ANNUAL):
            continue
        examined.append(row)
        if time_period not in _notations(told, own, year):
            broken.append(
                (row, f"{text} 读作 {time_period}（{period}），句中和表头没有说到；网页说的是 {own.notation}")
            )
    return _examination(frame, examined, broken)


def _examination(frame: pl.DataFrame, examined: list[int], broken: list[tuple[int, str]]) -> Examination:
    schema = {ROW: frame.schema[ROW], "detail": pl.String()}
    return Examination(pl.Series(ROW, examined, dtype=schema[ROW]), pl.DataFrame(broken, schema=schema, orient="row"))


def _agrees(named: Period, year: int, period: str, time_period: str, kind: str) -> bool:
    if period == MULTI_YEAR or (time_period == str(year) and period == named.kind == PARTIAL):
        return True  # years together, or a part that is not said exactly
    ends_year = (named.last.month, named.last.day) == (12, 31)
    return named.notation == time_period or (ends_year and kind == "stock" and period == ANNUAL)


@functools.lru_cache(maxsize=4096)
def _own(title: str, opening: str, year: int) -> Period:
    """The period that title or opening names; the year where they name none."""
    ground = Ground(Period.of_year(year), year)
    for words in (title, *(line for line in opening.split("\n") if not _SENTENCE.search(line))):
        found = period_of(normalise(words).text, ground)
        if found is not None and found.year == year and found.whole and found.kind == PARTIAL and not found.days:
            return found
    return ground.own


def _of_cell(column: str, stub: str, own: Period) -> Period | None:
    """The period of a table's cell, as the name of its row or the head of its column says it."""
    ground = Ground(own, own.year)
    for words in (normalise(stub).text, normalise(column).text):
        if names_period(words, ground) and (own.kind == PARTIAL or not _RELATIVE.search(words)):
            return period_of(words, ground)
    return None


@functools.lru_cache(maxsize=4096)
def _of_clause(lead: str, own: Period) -> Period | None:
    """The one period that the clause before a number names; None where it names none, or more than one."""
    clause = normalise(lead).text
    ground = Ground(own, own.year)
    said = [
        each
        for each in periods_in(clause, 0, len(clause), ground)
        if each.part_said and each.form in _PLAIN and not _ASIDE.search(clause[max(each.start - 2, 0) : each.start])
    ]
    return said[0].period if len(said) == 1 and said[0].period.whole else None


@functools.lru_cache(maxsize=4096)
def _notations(words: str, own: Period, year: int) -> frozenset[str]:
    """Every notation of a stretch of that year that words name; that of the page where they name none."""
    text = normalise(words).text
    ground = Ground(own, own.year)
    said = [each.period for each in periods_in(text, 0, len(text), ground) if each.part_said]
    said += [told for part in text.split("|") if _TOLD.search(part) and (told := period_of(part, ground))]
    spans = {span.up_to(year) for span in [own, *said] if span.kind != MULTI_YEAR}
    if _UP_TO_NOW.search(text):
        spans |= {span.to_date for span in spans}
    if own.last.month == _LAST_MONTH:
        spans.add(Period.of_year(year))  # stocks of a page on December
    return frozenset(span.notation for span in spans)


def _flows(frame: pl.DataFrame) -> pl.DataFrame:
    """What current pages state as fact of flows and amounts, of any period."""
    stated = frame.filter(pl.col("known_to").is_null(), pl.col("status") == "actual")
    return levels(stated).filter(pl.col("kind").is_in(["flow", "amount"]))


def _longer_is_more(frame: pl.DataFrame) -> Examination:
    """A flow of one period is no more than that of a period around it: a month in its year, a half-year in nine months."""
    figures = _flows(frame)
    # Most series have one period; only the others can be compared.
    several = figures.filter(pl.struct("time_period", "period").n_unique().over(_SERIES) > 1)
    exact = several.filter("exact")
    parts = several.filter(pl.col("exact") | (pl.col("period") == PARTIAL))
    pairs = parts.join(exact, on=_SERIES, suffix="_around").filter(
        pl.col("from_day") >= pl.col("from_day_around"),
        pl.col("to_day") <= pl.col("to_day_around"),
        (pl.col("time_period") != pl.col("time_period_around")) | (pl.col("period") != pl.col("period_around")),
    )
    broken = pairs.filter(pl.col("low") > pl.col("high_around"))
    detail = pl.format(
        "{}：{} 的 {} 多于 {} 的 {}", "name_zh", "time_period", "text", "time_period_around", "text_around"
    )
    return Examination(rows_of(pairs), findings_on(broken, detail))


def _quarters_add_up(frame: pl.DataFrame) -> Examination:
    """A quarter is the difference of what is cumulated to its end and to the end of the quarter before."""
    figures = _flows(frame).filter("exact")
    quarters = figures.filter(pl.col("time_period").str.contains(r"-Q[2-4]$"))
    cumulated = figures.filter(pl.col("from_day").dt.month() == 1, pl.col("from_day").dt.day() == 1)
    groups = (
        quarters.join(cumulated, on=_SERIES, suffix="_to_date")
        .filter(pl.col("to_day") == pl.col("to_day_to_date"))
        .join(cumulated, on=_SERIES, suffix="_before")
        .filter(pl.col("to_day_before").dt.offset_by("1d") == pl.col("from_day"))
    )
    broken = groups.filter(
        (pl.col("low") + pl.col("low_before") > pl.col("high_to_date"))
        | (pl.col("high") + pl.col("high_before") < pl.col("low_to_date"))
    )
    detail = pl.format(
        "{}：{} 的 {} 与累计 {} 至 {} 之差不符", "name_zh", "time_period", "text", "text_before", "text_to_date"
    )
    return Examination(rows_of(groups), findings_on(broken, detail))


RULES: tuple[Rule, ...] = (
    column_rule(
        "period_well_formed",
        "error",
        "时期写法与年份、类别相符",
        values_given("span_year"),
        pairs_equal("span_year", "year"),
        pairs_equal("span_kind", "period"),
        detail=pl.format(
            "时期 {} 与 {} 年、{} 不符", "time_period", pl.col("year").cast(pl.String).fill_null("（空）"), "period"
        ),
    ),
    Rule("period_as_named", "warning", "数字所在分句、列头或行名说到的时期就是读出的时期", _as_named),
    Rule("period_named", "warning", "时期在句中、列头或行名说到，否则就是网页所说的时期", _named),
)
#: Those that compare figures of several pages.
COMPARISONS: tuple[Rule, ...] = (
    Rule("part_of_year", "warning", "较短时期的流量不超过包含它的较长时期", _longer_is_more, company=tuple(_SERIES)),
    Rule("quarters_add_up", "warning", "当季数等于前后两个累计数之差", _quarters_add_up, company=tuple(_SERIES)),
)

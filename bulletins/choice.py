"""Which of several observations of one cell is the best, and by which criterion?

Here belong the written rule and the clues that it weighs: of whom the sentence speaks, how the value stands to those around
it, what source it is from. What a cell is and which of its observations are current is in `resolve`.

The order that comes of it is one for all versions of all pages: what was known on an earlier day is chosen by the same order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bulletins.catalog import CATALOG_FOLDER, Catalog, CatalogError
from bulletins.places import Place, Places


@dataclass(frozen=True, slots=True)
class Rule:
    """One criterion of the choice; the observation that it passes over is kept with the rule's code."""

    code: str
    text_zh: str
    text_en: str


#: The written rule. The first criterion on which two observations of a cell differ decides between them.
RULES: tuple[Rule, ...] = (
    Rule("newer_version", "同一网页的新版本取代旧版本", "a newer version of a page replaces the older one"),
    Rule(
        "more_of_year",
        "未说明起止的年内数以较晚季度发布者为准；各有起止的时期各自成格，互不取代",
        "of figures on a part of a year that the pages do not name, the one published in a later quarter; named periods have"
        " cells of their own and never supersede each other",
    ),
    Rule(
        "final",
        "最终数优先于年终前发布的或预计、快报数",
        "final before provisional: printed before the year's end, or as a flash figure",
    ),
    Rule(
        "of_a_part",
        "句中点名下辖地区的数，让位于未点名的数",
        "a figure in whose sentence a place within the place is named last goes behind those where none is",
    ),
    Rule(
        "out_of_line",
        "与本页他处、其组成部分、下辖地区或邻近年份相差悬殊的数，让位于不悬殊的数",
        "a value far from the page's others, from its own parts, from places within the place or from the years around goes"
        " behind one that is not",
    ),
    Rule("certain", "读法把握大者优先（以四分之一为一档）", "the surer reading first, by quarters of certainty"),
    Rule(
        "source_kind",
        "年度总结和统计表优先于半年总结，半年总结优先于新闻及其他；目标以规划为先",
        "annual bulletins and tables before half-year reports before news and others; for targets the plan comes first",
    ),
    Rule("own_bulletin", "本地民政部门的公报优先于他地公报", "the place's own bureau before another place's"),
    Rule(
        "of_the_whole",
        "句中写明全市（全省、全县等）的数优先",
        "a figure whose sentence says 全市 (全省, 全县 …) before those whose does not",
    ),
    Rule("exact", "确数优先于约数", "exact before approximate or bounded"),
    Rule(
        "precise",
        "相合的数之间，精确数优先于四舍五入数；不相合的数不以数位取舍",
        "between values that agree within their digits, the finer printed before the rounded; digits never decide between"
        " values that do not agree",
    ),
    Rule("body", "正文优先于标题", "body before headline"),
    Rule("newer_publication", "较新发布者优先", "the later publication before the earlier"),
    Rule("first_printed", "别无可分时先出现者优先", "where nothing else tells them apart, the first that is printed"),
)
_CODES = [rule.code for rule in RULES]

_KIND_RANK = {"year_summary": 0, "table": 0, "half_year": 1, "news": 2, "plan": 3, "other": 4}
_KIND_RANK_OF_TARGETS = {**_KIND_RANK, "plan": -1}
_PROVISIONAL = "预计|快报|初步统计|初步核算"
#: What a value is compared with beyond its cell: the same of other places, other parts of the place, other years.
_SERIES = ["indicator_key", "status", "measure", "unit", "standard_per", "part_of_year"]
#: Years before and after that a value is compared with, and the usual step of a year where the catalogue names none.
_REACH, _USUAL_STEP = 3, 3.0
#: How far the sum of town and country may be from the whole before one of them is something else.
_SUM_OFF = 0.2
#: Parts of a place whose observations name smaller places by right.
_OF_SEVERAL = ["districts", "counties"]
#: Closes a clause within which a place that is named rules.
_STOP = re.compile(r"[。！？!?；;\n]")


@functools.cache
def load_steps(path: Path = CATALOG_FOLDER / "bounds.csv") -> pl.DataFrame:
    """Return `indicator, usual_step`: by which factor a figure may usually be off that of the year before.

    Raises:
        CatalogError: the file cannot be read.
    """
    try:
        return pl.read_csv(path, infer_schema=False).select("indicator", usual_step=pl.col("jump").cast(pl.Float64))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise CatalogError(f"{path}: cannot be read ({error}); column jump must hold numbers") from error


def names_period() -> pl.Expr:
    """Whether an observation names its period exactly, beyond the year."""
    return pl.col("time_period") != pl.col("year").cast(pl.String)


def with_clues(
    contested: pl.DataFrame, observations: pl.DataFrame, pages: pl.DataFrame, catalog: Catalog
) -> pl.DataFrame:
    """Keep of contested observations what a comparison needs, best first in each cell.

    Args:
        contested: standardised observations whose cell has others, with what is known of their pages.
        observations: all standardised observations, which they are weighed against.
        pages: schema PAGES.
        catalog: places, and over what indicators may be summed.

    Returns:
        A column a rule, lower is better; `preference`, as in RESOLVED; `agreeing`, which observations of a cell agree
        within their digits.
    """
    known = contested.pipe(_with_headlines, pages).pipe(_with_agreeing)
    # Where all values of a cell agree, none is somebody else's or out of line: only the others are looked at closely.
    disputed = known.filter(pl.col("low").max().over("cell_key") > pl.col("high").min().over("cell_key"))
    close = disputed.pipe(_with_whom, catalog.places).pipe(_with_out_of_line, observations, catalog)
    told = ["of_a_part", "of_the_whole", "out_of_line"]
    return (
        known.join(close.select("observation_key", *told), on="observation_key", how="left", maintain_order="left")
        .with_columns(pl.col(told).fill_null(False))
        .pipe(_with_ranks)
    )


def _with_headlines(observations: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """Add `headline`: the number stands in a line without the end of a sentence that is no row of a table."""
    lines = (
        pages.select("bulletin_key", line=pl.col("text").str.split("\n"))
        .explode("line", empty_as_null=True)
        .with_columns(pl.col("line").fill_null(""))
        .select(
            "bulletin_key",
            line_start=(pl.col("line").str.len_chars().cast(pl.Int32) + 1).cum_sum().over("bulletin_key")
            - pl.col("line").str.len_chars().cast(pl.Int32)
            - 1,
            headline=~pl.col("line").str.contains(r"[。！？；;|]"),
        )
        .sort("line_start")
    )
    return (
        observations.sort("start")
        .join_asof(lines, left_on="start", right_on="line_start", by="bulletin_key", check_sortedness=False)
        .with_columns(pl.col("headline").fill_null(False))
        .drop("line_start")
    )


# --- of whom the sentence speaks --------------------------------------------------------------------------------------


def _with_whom(observations: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Add `of_a_part` and `of_the_whole`: whether the last place that is named before the number is within the place.

    Neither counts where the page speaks of several places together (其他县市).
    """
    asked = ["place_code", "year", "place", "sentence", "text"]
    told = observations.select(asked).unique(maintain_order=True)
    whose = [whose_figure(*row, places=places) for row in told.rows()]
    told = told.with_columns(whose=pl.Series(whose, dtype=pl.String))
    told = observations.select(asked).join(told, on=asked, how="left", nulls_equal=True, maintain_order="left")
    several = observations["area"].is_in(_OF_SEVERAL)
    return observations.with_columns(
        of_a_part=(told["whose"] == "part") & ~several, of_the_whole=(told["whose"] != "whole") & ~several
    )


def whose_figure(code: str | None, year: int | None, place: str, sentence: str, printed: str, *, places: Places) -> str:
    """Return `whole`, `part` or the empty string: what the words before a printed number say last of whose it is.

    Args:
        code: of the place that the number was read for; None for one that has none.
        year: of the number.
        place: its full name.
        sentence: that the number was read from.
        printed: the number as it stands in it.
        places: every division.

    `全市` and the place's own names speak of the whole; the name of a place within it speaks of a part, up to the end of the
    sentence. A name that others are counted with (鼓楼区等5个区) speaks of neither.
    """
    at = sentence.find(printed)
    lead = _STOP.split(sentence[: at if at >= 0 else len(sentence)])[-1]
    said = list(_words(code, year, place, places).finditer(lead))
    if not said:
        return ""
    last = said[-1]
    if last.lastgroup == "part" and re.match(r"等|[、和及与]|\d", lead[last.end() :]):
        return ""
    return str(last.lastgroup)


@functools.lru_cache(maxsize=8192)
def _words(code: str | None, year: int | None, place: str, places: Places) -> re.Pattern[str]:
    """The words that speak of a place as a whole, and the names of those within it, the longest first."""
    division = places.get(code, year) if code and places is not None else None
    own = [place, *(division.short_names if division else ())]
    kind = re.escape(place[-1:])
    whole = [re.escape(name) for name in _longest_first(own)] + [f"[全我本]{kind}"]
    within = _longest_first(each.name for each in _below(division, places)) if division else []
    part = "|".join(map(re.escape, within)) or "(?!)"
    return re.compile(f"(?P<part>{part})|(?P<whole>{'|'.join(whole)})")


def _below(division: Place, places: Places) -> list[Place]:
    """What lies in a province or a city; of the country every name would be one."""
    if division.level not in ("province", "prefecture"):
        return []
    return [each for each in places.inside(division.code) if each.code != division.code]


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted({name for name in names if name}, key=lambda name: (-len(name), name))


# --- how the value stands to those around it --------------------------------------------------------------------------


def _with_agreeing(observations: pl.DataFrame) -> pl.DataFrame:
    """Add `agreeing`, a number for those observations of a cell that agree with each other within their digits."""
    above = pl.col("high").cum_max().shift(1).over("cell_key", "loose")
    new = (pl.col("low") >= above).fill_null(True) & (pl.col("standard_value") != pl.col("standard_value").shift(1))
    return (
        observations.with_columns(loose=pl.col("qualifier") != "exact")
        .sort("cell_key", "loose", "low", "high", "observation_key")
        .with_columns(agreeing=new.fill_null(True).cum_sum().over("cell_key", "loose"))
    )


def _with_out_of_line(contested: pl.DataFrame, observations: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add `out_of_line`: the value is far from the page's others, from its own parts, or from the years around."""
    keyed = observations.filter(pl.col("cell_key").is_not_null()).with_columns(_part_of_year())
    additive = [code for code, item in catalog.indicators.items() if item.additive != "none"]
    asked = (
        contested.with_columns(
            _part_of_year(), additive=pl.col("indicator").is_in(additive) & (pl.col("area") == "all")
        )
        .join(load_steps(), on="indicator", how="left", maintain_order="left")
        .with_columns(pl.col("usual_step").fill_null(_USUAL_STEP))
    )
    around = keyed.join(asked, on="indicator_key", how="semi").select(
        "observation_key", "bulletin_key", "place", "place_code", "year", "area", "standard_value", *_SERIES
    )
    far = pl.concat([_alone_on_page(asked), _apart_from_years(asked, around), _unlike_parts(asked, around)]).unique()
    return asked.with_columns(out_of_line=pl.col("observation_key").is_in(far["observation_key"].implode())).drop(
        "part_of_year", "additive", "usual_step"
    )


def _part_of_year() -> pl.Expr:
    """The notation of a period but for its year: what is compared over years."""
    return pl.concat_str("period", pl.col("time_period").str.slice(4)).alias("part_of_year")


def _factor(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(one / other, other / one)


def _alone_on_page(asked: pl.DataFrame) -> pl.DataFrame:
    """Those far from a value that their page prints twice or more."""
    cell = ["cell_key", "bulletin_key"]
    groups = asked.group_by(*cell, "loose", "agreeing").agg(prints=pl.len(), middle=pl.col("standard_value").median())
    often = groups.filter(pl.col("prints") > 1).select(*cell, "middle")
    once = asked.join(groups.filter(pl.col("prints") == 1), on=[*cell, "loose", "agreeing"], how="semi")
    return (
        once.join(often, on=cell)
        .filter(_factor(pl.col("standard_value"), pl.col("middle")) > pl.col("usual_step"))
        .select("observation_key")
    )


def _apart_from_years(asked: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
    """Those further from each of the years around than the indicator usually moves."""
    series = ["place", "area", *_SERIES]
    years = (
        around.filter(pl.col("standard_value") > 0)
        .join(asked, on=["place", "indicator_key"], how="semi")
        .group_by(*series, other_year="year")
        .agg(other=pl.col("standard_value").median())
    )
    off = (pl.col("year") - pl.col("other_year")).abs()
    apart = _factor(pl.col("standard_value"), pl.col("other")) > pl.col("usual_step") ** off
    return (
        asked.filter(pl.col("standard_value") > 0)
        .join(years, on=series, nulls_equal=True)
        .filter(off.is_between(1, _REACH))
        .group_by("observation_key")
        .agg(apart=apart.all())
        .filter("apart")
        .select("observation_key")
    )


def _unlike_parts(asked: pl.DataFrame, around: pl.DataFrame) -> pl.DataFrame:
    """Those of a whole place that are less than town or country, unlike their sum, or less than a place within the place."""
    wholes = asked.filter("additive").select(
        "observation_key", "bulletin_key", "place", "place_code", "year", "standard_value", "low", "high", *_SERIES
    )
    same = ["bulletin_key", "year", *_SERIES]
    of_areas = around.filter(pl.col("area").is_in(["urban", "rural"])).group_by(*same, "place", "area").agg(
        part=pl.col("standard_value").max()
    )  # fmt: skip
    sums = of_areas.group_by(*same, "place").agg(sum=pl.col("part").sum(), most=pl.col("part").max(), parts=pl.len())
    off = (pl.col("standard_value") / pl.col("sum") - 1).abs() > _SUM_OFF
    less = pl.col("high") <= pl.col("most")
    unlike = wholes.join(sums, on=[*same, "place"], nulls_equal=True).filter(
        less | ((pl.col("parts") > 1) & off & (pl.col("sum") > 0))
    )
    stem = pl.col("place_code").str.replace(r"(0000|00)$", "")
    inner = around.filter(pl.col("area") == "all", pl.col("place_code").is_not_null()).select(
        *same, inner_code="place_code", inner="standard_value"
    )
    above = (
        wholes.filter(pl.col("place_code").str.ends_with("00"))
        .with_columns(stem=stem)
        .join(inner, on=same, nulls_equal=True)
        .filter(
            pl.col("inner_code").str.starts_with(pl.col("stem")),
            pl.col("inner_code") != pl.col("place_code"),
            pl.col("high") <= pl.col("inner"),
        )
    )
    return pl.concat([unlike.select("observation_key"), above.select("observation_key")])


# --- the order --------------------------------------------------------------------------------------------------------


def _with_ranks(observations: pl.DataFrame) -> pl.DataFrame:
    published = pl.col("published_on")
    target = pl.col("status") == "target"
    kinds = pl.col("page_kind").replace_strict(_KIND_RANK, default=max(_KIND_RANK.values()))
    kinds_of_targets = pl.col("page_kind").replace_strict(_KIND_RANK_OF_TARGETS, default=max(_KIND_RANK.values()))
    part = pl.col("period") == "partial"
    provisional = (pl.col("status") == "actual") & ~part & (published.dt.year() <= pl.col("year")).fill_null(False)
    certain = pl.col("certainty")
    ranks = {
        "newer_version": pl.col("known_to").is_not_null().cast(pl.Float64),
        # 0: unknown, not a part of a year, or a part that is named
        "more_of_year": pl.when(part & ~names_period()).then(-_quarter()).fill_null(0.0),
        "final": (provisional | pl.col("sentence").str.contains(_PROVISIONAL)).cast(pl.Float64),
        "of_a_part": pl.col("of_a_part").cast(pl.Float64),
        "out_of_line": pl.col("out_of_line").cast(pl.Float64),
        "certain": -(certain.fill_null(1.0) * 4).floor().clip(upper_bound=3.0),
        "source_kind": pl.when(target).then(kinds_of_targets).otherwise(kinds).cast(pl.Float64),
        "own_bulletin": (pl.col("page_place") != pl.col("place")).fill_null(True).cast(pl.Float64),
        "of_the_whole": pl.col("of_the_whole").cast(pl.Float64),
        "exact": (pl.col("qualifier") != "exact").cast(pl.Float64),
        "precise": pl.col("step"),
        "body": pl.col("headline").cast(pl.Float64),
        "newer_publication": -pl.coalesce(published.dt.epoch("d"), pl.col("known_from").dt.date().dt.epoch("d")).cast(
            pl.Float64
        ),
        "first_printed": pl.col("start").cast(pl.Float64),
    }
    assert list(ranks) == _CODES
    before, after = _split(_CODES[1:], "precise")
    kept = "cell_key", "observation_key", "bulletin_key", "known_to", "standard_value", "low", "high", "agreeing"
    # Those that agree stay together, in the place of the best of them by all else; among them the finest print is first.
    together = ["cell_key", *before, "agreeing"]
    return (
        observations.select(*kept, **ranks)
        .sort("cell_key", *before, *after, "observation_key")
        .with_columns(group=pl.int_range(pl.len()).min().over(together))
        .sort("cell_key", *before, "group", "precise", *after, "observation_key")
        .with_columns(preference=pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("cell_key"))
        .drop("group")
    )


def _split(codes: list[str], at: str) -> tuple[list[str], list[str]]:
    place = codes.index(at)
    return codes[:place], codes[place + 1 :]


def _quarter() -> pl.Expr:
    """The quarter of publication, counted through the years: reports on 1-6月 come in one, on 1-9月 in the next."""
    return (pl.col("published_on").dt.year() * 4 + pl.col("published_on").dt.quarter()).cast(pl.Float64)


def beside_chosen(ranked: pl.DataFrame) -> pl.DataFrame:
    """Set every observation beside the published one of its cell: `chosen_…`, `outcome`, and whether it `disagrees`."""
    compared = ["observation_key", "bulletin_key", "standard_value", "low", "high", "agreeing", *_CODES]
    current = pl.col("known_to").is_null()
    chosen = ranked.filter(current).sort("cell_key", "preference").group_by("cell_key", maintain_order=True).first()

    def decides(code: str) -> pl.Expr:
        differs = pl.col(code) != pl.col("chosen_" + code)
        return differs & (pl.col("agreeing") == pl.col("chosen_agreeing")) if code == "precise" else differs

    rule = pl.coalesce(*(pl.when(decides(code)).then(pl.lit(code)) for code in _CODES))
    overlap = (pl.col("low") < pl.col("chosen_high")) & (pl.col("chosen_low") < pl.col("high"))
    parts_of_year = pl.col("more_of_year"), pl.col("chosen_more_of_year")
    comparable = (parts_of_year[0] == parts_of_year[1]) | (parts_of_year[0] == 0) | (parts_of_year[1] == 0)
    return ranked.join(
        chosen.select("cell_key", pl.col(compared).name.prefix("chosen_")), on="cell_key", how="left"
    ).with_columns(
        outcome=pl.when(pl.col("observation_key") == pl.col("chosen_observation_key"))
        .then(pl.lit("published"))
        .when(~current)
        .then(pl.lit("newer_version"))
        .otherwise(pl.coalesce(rule, pl.lit(_CODES[-1]))),
        disagrees=current & comparable & ~overlap & (pl.col("standard_value") != pl.col("chosen_standard_value")),
    )

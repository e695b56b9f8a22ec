"""Rules that compare the figures of one page with each other.

For the data steward: a page carries its own checks. Parts do not exceed their whole, the headline says what the body says, a
printed growth is that of the printed levels, money divided by people is a sum that people are paid. Two figures that cannot
both be right are both held back until a person has looked (`error`); figures that hang together oddly are marked (`warning`).
How figures hang together stands in `catalog/relations.csv`. Every comparison allows for the printed digits: 1.22万 is any
number from 12150 to 12250, so that rounding never makes a finding.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from expectations.comparisons import findings_on, growth, levels, rows_of, same_cell
from expectations.knowledge import load_relations
from expectations.report import Severity
from expectations.rules import ROW, Examination, Rule, printed

#: Figures are compared that speak of one place, year, status and period on one page.
_SCOPE = ["bulletin_key", "place", "year", "status", "period", "time_period"]
_SERIES = ["indicator_key", "area", "unit", "standard_per"]
#: Characters between two values of an enumeration at most, and the words for town and country in it.
_BETWEEN = 3
_AREA_WORDS = {"urban": ("城",), "rural": ("农", "乡"), "districts": ("市辖区",), "counties": ("县",)}
#: Where a noun that stands behind its number ends, and the shortest label that says something.
_ENDS_NOUN, _SHORTEST = re.compile(r"[、，,。；;\d|\n]"), 2
#: The words before 分别 in its own clause: the names that are enumerated.
_RESPECTIVELY = r"([^，,；;：:]*)分[别別]"
_FIGURE = pl.format("{} {}", "name_zh", "text")


def _relation(lower: str, upper: str) -> Callable[[pl.DataFrame], Examination]:
    """scale × left ÷ over ÷ result lies between the columns `lower` and `upper`, whatever the digits leave open."""

    def examine(frame: pl.DataFrame) -> Examination:
        relations = load_relations().rename({"period": "only_period", lower: "at_least", upper: "at_most"})
        figures = levels(frame).filter(pl.col("high") > 0).select(
            ROW, *_SCOPE, "indicator", "area", pl.col("low").clip(0), "high", "standard_value", figure=_FIGURE
        )  # fmt: skip
        pairs = (
            figures.join(relations, left_on="indicator", right_on="left")
            .filter(_asked("left_area", "area"), _asked("only_period", "period"))
            .join(figures, left_on=[*_SCOPE, "over"], right_on=[*_SCOPE, "indicator"], suffix="_over")
            .filter(
                _asked("over_area", "area_over"), (pl.col("over_area") != "") | (pl.col("area") == pl.col("area_over"))
            )
            .join(figures, left_on=[*_SCOPE, "result"], right_on=[*_SCOPE, "indicator"], suffix="_result", how="left")
            .filter((pl.col("result") == "") | (pl.col("area_result") == pl.col("area")) | (pl.col("left_area") != ""))
            .filter((pl.col("result") == "") | pl.col(f"{ROW}_result").is_not_null())
        )
        lower_end, upper_end, ratio = (
            pl.col("scale") * pl.col(left) / pl.col(f"{over}_over") / pl.col(f"{over}_result").fill_null(1.0)
            for left, over in (("low", "high"), ("high", "low"), ("standard_value", "standard_value"))
        )
        broken = pairs.filter((lower_end > pl.col("at_most")) | (upper_end < pl.col("at_least")))
        detail = pl.format(
            "{}为 {}，应在 {} 至 {} 之间（{}、{}{}）",
            "meaning_zh",
            ratio.round_sig_figs(3),
            printed(pl.col("at_least")),
            printed(pl.col("at_most")),
            "figure",
            "figure_over",
            pl.when(pl.col("figure_result").is_not_null()).then("、" + pl.col("figure_result")).otherwise(pl.lit("")),
        )
        return Examination(rows_of(pairs), findings_on(broken, detail))

    return examine


def _asked(wanted: str, found: str) -> pl.Expr:
    """Whether the column `found` holds what the column `wanted` asks for; empty asks for nothing."""
    return (pl.col(wanted) == "") | (pl.col(wanted) == pl.col(found))


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    """Levels of which the parts of a place have parts: people, homes, money, but not rates and standards."""
    return levels(frame).filter(pl.col("kind").is_in(["stock", "flow", "amount"]))


def _area_in_whole(frame: pl.DataFrame) -> Examination:
    # 农村老饭桌 are no part of 老年助餐点 though both are meal points: only what bears one name is compared.
    figures = _counted(frame).with_columns(
        named=pl.col("label").str.replace_all("城市|城镇|农村|城乡|市辖区|全[市县区州]", "")
    )
    pairs = figures.filter(pl.col("area") != "all").join(
        figures.filter(pl.col("area") == "all"), on=[*_SCOPE, "indicator_key", "named"], suffix="_whole"
    )
    broken = pairs.filter(pl.col("low") > pl.col("high_whole"))
    return Examination(
        rows_of(pairs),
        findings_on(broken, pl.format("{}：一部分（{}）多于全部（{}）", "name_zh", "text", "text_whole")),
    )


def _place_in_whole(frame: pl.DataFrame) -> Examination:
    figures = _counted(frame)
    scope = ["bulletin_key", "year", "status", "period", "time_period", "indicator_key", "area"]
    pairs = figures.join(
        figures, left_on=[*scope, "parent"], right_on=[*scope, "place_code"], suffix="_whole", nulls_equal=False
    )
    broken = pairs.filter(pl.col("low") > pl.col("high_whole"))
    detail = pl.format("{}：{}的（{}）多于{}的（{}）", "name_zh", "place", "text", "place_whole", "text_whole")
    return Examination(rows_of(pairs), findings_on(broken, detail))


def _places_add_up(frame: pl.DataFrame) -> Examination:
    """The rows of a table for the parts of a place against its total row: never above it, and equal to a 合计."""
    figures = _counted(frame).filter(pl.col("sentence").str.contains(r"\||\t"))
    scope = ["bulletin_key", "year", "status", "period", "time_period", "indicator_key", "area"]
    pairs = figures.join(figures, left_on=[*scope, "parent"], right_on=[*scope, "place_code"], suffix="_whole")
    totals = pairs.group_by(f"{ROW}_whole", maintain_order=True).agg(
        pl.col("name_zh", "text_whole", "sentence_whole", "low_whole", "high_whole").first(),
        pl.col("low", "high").sum(),
        parts=pl.col("place").n_unique(),
        once=pl.col("place").is_unique().all(),
        rows=ROW,
        told=pl.col("text").str.join("、"),
    )
    compared = totals.filter(pl.col("parts") > 1, "once")
    total = pl.col("sentence_whole").str.contains("合计|总计|共计")
    broken = compared.filter((pl.col("low") > pl.col("high_whole")) | (total & (pl.col("high") < pl.col("low_whole"))))
    detail = pl.format("{}：各地 {} 之和与总数 {} 不符", "name_zh", "told", "text_whole")
    examined = pl.concat([compared[f"{ROW}_whole"], compared["rows"].explode()]).drop_nulls().unique().rename(ROW)
    of_parts = broken.select(detail=detail, row="rows").explode("row").select(ROW, "detail")
    of_wholes = broken.select(pl.col(f"{ROW}_whole").alias(ROW), detail=detail)
    return Examination(examined, pl.concat([of_wholes, of_parts]))


def _areas_add_up(frame: pl.DataFrame) -> Examination:
    figures = _counted(frame)
    group = [*_SCOPE, "indicator_key"]
    urban, rural, whole = (figures.filter(pl.col("area") == area) for area in ("urban", "rural", "all"))
    groups = whole.join(urban, on=group, suffix="_urban").join(rural, on=group, suffix="_rural")
    broken = groups.filter(
        (pl.col("low_urban") + pl.col("low_rural") > pl.col("high"))
        | (pl.col("high_urban") + pl.col("high_rural") < pl.col("low"))
    )
    detail = pl.format("{}：城市 {} 与农村 {} 之和不等于 {}", "name_zh", "text_urban", "text_rural", "text")
    return Examination(rows_of(groups), findings_on(broken, detail))


def _part_in_whole(frame: pl.DataFrame) -> Examination:
    """A number said of a part: right before it stands 其中, and the last number of its unit in the sentence is the whole."""
    series = ["bulletin_key", "sentence", "unit", "measure", "place", "year"]
    figures = (
        frame.filter(pl.col("measure") == "level", pl.col("status") == "actual", pl.col("cell_key").is_not_null())
        .sort("bulletin_key", "start")
        .with_columns(pl.col(ROW, "high", "cell_key", "text").shift(1).over(series).name.suffix("_whole"))
        .filter(pl.col("lead").str.contains(r"其中[^，,。；;、\d]*$"), pl.col(f"{ROW}_whole").is_not_null())
    )
    same = pl.col("cell_key") == pl.col("cell_key_whole")
    broken = figures.filter(same | (pl.col("low") > pl.col("high_whole")))
    detail = pl.when(same).then(pl.format("“其中”的 {} 与总数 {} 读成了同一个数", "text", "text_whole")).otherwise(
        pl.format("“其中”的 {} 多于总数 {}", "text", "text_whole")
    )  # fmt: skip
    return Examination(rows_of(figures), findings_on(broken, detail))


def _respectively(frame: pl.DataFrame) -> Examination:
    """城市、农村分别为甲、乙: the values of an enumeration stand in the order of the names before it."""
    rows = frame.filter(pl.col("lead").str.contains(_RESPECTIVELY)).sort("bulletin_key", "start").to_dicts()
    examined: list[int] = []
    broken: list[tuple[int, str]] = []
    for left, right in itertools.pairwise(rows):
        adjoining = left["bulletin_key"] == right["bulletin_key"] and right["start"] - left["end"] <= _BETWEEN
        if not adjoining or any(left[name] != right[name] for name in ("unit", "measure", "status", "sentence")):
            continue
        words = _told_apart(left, right)
        names = re.findall(_RESPECTIVELY, left["lead"])[-1]
        first, second = (_place_of(each, names) for each in words)
        if (
            min(first, second) < 0 and left["indicator"] != right["indicator"]
        ):  # `A和B标准均提高10元,分别达到90元、100元`
            names = re.split("分[别別]", left["lead"])[-2]
            first, second = (_place_of(each, names) for each in words)
        if min(first, second) < 0:
            continue
        examined += [left[ROW], right[ROW]]
        if first > second:
            detail = f"“{names}分别”之后的 {left['text']}、{right['text']} 读颠倒了"
            broken += [(left[ROW], detail), (right[ROW], detail)]
    schema = {ROW: pl.UInt32(), "detail": pl.String()}
    return Examination(pl.Series(ROW, examined, dtype=pl.UInt32), pl.DataFrame(broken, schema=schema, orient="row"))


def _place_of(words: Sequence[str], names: str) -> int:
    """Where the names say the first of these words; -1 where they say none of them, or one more than once."""
    said = [names.find(word) for word in words if names.count(word) == 1]
    return min(said, default=-1)


def _told_apart(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The words that tell two figures apart: town and country, or what their labels do not share; none where unclear."""
    if left["indicator"] == right["indicator"] and left["area"] != right["area"]:
        return _AREA_WORDS.get(left["area"], ()), _AREA_WORDS.get(right["area"], ())
    one, other = left["label"], right["label"]
    head = _shared(one, other)
    tail = _shared(one[head:][::-1], other[head:][::-1])
    if tail and min(len(one), len(other)) - head - tail == 1:
        tail -= 1  # 全护理 and 半护理 are told apart by 全护 and 半护
    words = one[head : len(one) - tail], other[head : len(other) - tail]
    return ((words[0],), (words[1],)) if min(map(len, words)) > 1 else ((), ())


def _shared(one: str, other: str) -> int:
    """How many characters two words begin with in common."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _noun_beside(frame: pl.DataFrame) -> Examination:
    """The words between the number before and this one name this figure, not the one before or behind it."""
    label = pl.col("label")
    figures = frame.sort("start").with_columns(
        beside=pl.col("lead").str.replace(r"^.*\d", ""),
        near_labels=pl.concat_list(label.shift(step).over("bulletin_key", "sentence") for step in (1, -1)),
    )
    asked = figures.filter(pl.col("indicator") != "", ~pl.col("lead").str.contains("分[别別]"))
    broken = [
        (row, f"{text} 之前说的是“{beside}”，读作“{own}”")
        for row, text, beside, own, near, after in asked.select(
            ROW, "text", "beside", "label", "near_labels", "after"
        ).rows()
        if beside
        and any(other and other in beside for other in near)
        and not _says_any_of(own, beside + _ENDS_NOUN.split(after or "")[0])
    ]
    schema = {ROW: pl.UInt32(), "detail": pl.String()}
    return Examination(rows_of(asked), pl.DataFrame(broken, schema=schema, orient="row"))


def _says_any_of(label: str, words: str) -> bool:
    """Whether two characters of the label that follow each other stand among the words."""
    return any(label[at : at + 2] in words for at in range(len(label) - 1)) or len(label) < _SHORTEST


def _rise_rises(frame: pl.DataFrame) -> Examination:
    """The first old value of a series in a sentence goes with its first new one, the second with the second."""
    series = ["bulletin_key", "sentence", "place", *_SERIES]
    figures = levels(frame).filter(
        pl.col("sentence").str.contains("提高|上调|提升|增加"), ~pl.col("sentence").str.contains("降|减|下调")
    )
    numbered = figures.sort("start").with_columns(
        nth=pl.int_range(pl.len()).over(*series, pl.col("status") == "previous")
    )
    old, new = (numbered.filter((pl.col("status") == "previous") == is_old) for is_old in (True, False))
    pairs = old.join(new, on=[*series, "nth"], suffix="_new")
    broken = pairs.filter(pl.col("low") > pl.col("high_new"))
    return Examination(
        rows_of(pairs), findings_on(broken, pl.format("{}由 {} 提高到 {}，不是提高", "name_zh", "text", "text_new"))
    )


def _rule(name: str, severity: Severity, meaning: str, examine: Callable[[pl.DataFrame], Examination]) -> Rule:
    return Rule(name, severity, meaning, examine, company=("bulletin_key",))


RULES: tuple[Rule, ...] = (
    _rule("slip_in_page", "error", "同一页两处所印的同一个数不相差十倍、百倍、万倍", same_cell(slips=True)),
    _rule("relation_possible", "error", "同页相关数字之比在可能的范围之内", _relation("lower", "upper")),
    _rule("area_in_whole", "error", "城市、农村各自的数不超过全域的数", _area_in_whole),
    _rule("place_in_whole", "error", "所辖地方的数不超过全域的数", _place_in_whole),
    _rule("rise_rises", "error", "“由甲提高到乙”，乙大于甲", _rise_rises),
    _rule("respectively_in_order", "error", "“分别”之后各数的次序就是之前各名的次序", _respectively),
    _rule("noun_beside", "warning", "与前一个数之间的名称是这个数的，不是邻近之数的", _noun_beside),
    _rule("contradiction_in_page", "warning", "同一页两处所印的同一个数相符", same_cell(slips=False)),
    _rule("part_in_whole", "warning", "“其中”之后的数不超过之前的总数，也不当作总数", _part_in_whole),
    _rule("relation_usual", "warning", "同页相关数字之比在通常的范围之内", _relation("usual_lower", "usual_upper")),
    _rule("areas_add_up", "warning", "城市与农村之和等于全域", _areas_add_up),
    _rule("places_add_up", "warning", "表中所辖各地之和等于合计", _places_add_up),
    _rule("growth_agrees", "warning", "所印增幅与同页前后两个水平相符", growth()),
)

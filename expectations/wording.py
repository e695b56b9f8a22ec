"""Rules on how a number was understood: whether the words around it bear out its measure, kind, period, area, year and status.

For the data steward: a reader can take the right digits for the wrong thing. These rules look at the words that stand right
before and after the number in the page, apart from the reader, and speak only where those words are plain. `lead` is the part
of the sentence before the number, and its last clause is what is said of this number alone.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from bulletins.catalog import load_catalog
from bulletins.text.normalise import normalise
from expectations.expected import values_without
from expectations.rules import ROW, Examination, Rule, column_rule, row_rule

_level = pl.col("measure") == "level"
_catalogued = pl.col("kind").is_not_null()
_clause = pl.col("lead").str.replace(r"^.*[，,、：:（(|]", "")
#: What is said between the number before and this one.
_beside = pl.col("lead").str.replace(r"^.*[\d，,：:]", "")
#: Whether its sentence says the same of town and of country.
_in_both_areas = pl.col("area").n_unique().over("bulletin_key", "sentence", "indicator") > 1
#: A row with columns, or a cell on a line of its own.
_in_table = pl.col("sentence").str.contains(r"\||\t|\u{3000}") | (pl.col("sentence") == pl.col("text"))
_counter_before = pl.col("before").str.contains(r"[个家所处件具张对户人元次条支只座例]\s*$")
_shown = pl.format("{}【{}】", pl.col("before").str.tail(24).str.replace_all(r"\s+", " "), "text")

_RISE = r"(?:提高|增长|上升|下降|减少|增加|提升|降低|上调)了?(?:约|近|超过?)?$"
_NEW_WORDS = "新增|新建|新添|新设|增设|再建|再添|新登记|新成立|新纳入"
_NEW = rf"(?:{_NEW_WORDS})[^，,：:]*$"
_THERE_IS = r"(?:新增|新建|新登记|新成立|新纳入)[^，,：:]*(?:建成|累计|总数|达|有)[^，,：:]*$"
# The verbs of a rise, before 到, 至 or 为: `由420元提高到660元`, `从1,000元涨到1,200元`, `由71个扩至84个`.
_RAISED = "(?:提高|增加|增长|上调|调增|调整|提升|上升|跃升|降低|下降|减少|缩小|压缩|统一|发展|扩大|优化|合并|提|调|涨|增|升|降|减|扩|变)(?:到|至|为)"
_FROM = r"(?:由|从|從)[^，,：:到至起]*$"
_TO = rf"^[^，,。；;]{{0,18}}?{_RAISED}"
_RAISED_TO = rf"{_RAISED}(?:月|年|人均|每人|每月|每年|每例)*$"
_REACHED = rf"(?:{_RAISED}|达到?)(?:月|年|人均|每人|每月|每年|每例)*$"
_PAID = _clause.str.extract_all(r"每人每月|每月|月人均|/月|每人每年|每年|年人均|人均每年|/年").list.last()
_PLANNED = r"力争|拟|争取(?:到20|实现|达到|完成)|计划|目标|确保|预计|将(?:由|从|达|超过|突破|提[高升]|[增上降]|实现)"
#: What a clause behind it is about, too: `预计全年，低保金支出可达14亿元`, `届时占比提高到56%`.
_FORESEEN = r"预计|届时"
#: Written out, because syntaxes of patterns differ in what else they take for a blank.
_BLANKS = " \t\n\r\v\f\xa0\u2002\u2003\u2009\u3000"
_FURNITURE = (
    r"(?:浏览|点击|阅读|访问|电话|传真|热线|邮编|邮政编码|QQ|备案|标识码|索引号?|文号|字体|字号|责任编辑|公网安备)"
    rf"[次数量率号]{{0,2}}(?:[:：\[［(（][{_BLANKS}]*|[{_BLANKS}]+)[\d{_BLANKS}—-]*$"
)
_FURNITURE_LINE = r"ICP备|公网安备|版权所有|Copyright|网站标识码"
_PART_OF_YEAR = (
    r"半年|[一二三]季度|1\s*[-—－–至到~～]+\s*(?:[2-9]|1[01])月|[^1\d](?:[2-9]|1[01])月份|年(?:[2-9]|1[01])月"
)
_AFTER = 20
_APPROXIMATE = r"(?:约|近|超|逾|超过|不少于|不低于|不超过|至少|突破|≥|≤)$"
_years_in_sentence = (
    pl.concat_str("before", "sentence")
    .str.extract_all(r"(?:19|20)\d\d")
    .list.eval(pl.element().cast(pl.Int32, strict=False))
)
# The year that a clause states of its number; that of `从2021年的46.8%跃升至` is of the value before.
_year_of_clause = _clause.str.extract(r"((?:19|20)\d\d)年[^到至为来比较]*$").cast(pl.Int32, strict=False)
#: Bulletins of the last days of December speak of the year as over.
_year_ends = pl.date(pl.col("year"), 12, 20)
_during_its_year = (pl.col("published_on") < _year_ends).fill_null(False)
_elsewhere = pl.col("place") != pl.col("page_place")


def _indicator_named(frame: pl.DataFrame) -> Examination:
    """At least one way of speaking of the indicator, as `catalog/aliases.csv` lists them, fits the words near the number."""
    near = pl.concat_str("sentence", "before", "label", pl.col("after").str.head(_AFTER), separator=" ")
    rows = frame.filter(pl.col("indicator").is_in(list(_ways_of_speaking()))).with_columns(near=near)
    silent = _unspoken(rows)
    # Traditional characters are rare and their conversion slow: only what seems to say nothing is converted.
    simple = [normalise(text).text for text in silent["near"]]
    broken = _unspoken(silent.with_columns(pl.Series("near", simple, dtype=pl.String)))
    return Examination(rows[ROW], broken.select(ROW, detail=pl.format("{} 近旁没有“{}”的用词", _shown, "name_zh")))


def _unspoken(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows near whose numbers no alias of their indicator finds its words."""
    groups = rows.partition_by("indicator", as_dict=True).items()
    return pl.concat([rows.clear(), *(group.filter(~_ways_of_speaking()[code]) for (code,), group in groups)])


@functools.cache
def _ways_of_speaking() -> Mapping[str, pl.Expr]:
    """By indicator, whether one of its aliases finds a word of each of its groups in the column `near`."""
    ways: dict[str, list[pl.Expr]] = defaultdict(list)
    for alias in load_catalog().aliases:
        # A mark before a word says on which side of the number it stands.
        groups = [[word.lstrip("<>") for word in words] for words in alias.own or alias.near]
        if groups:
            found = [pl.col("near").str.contains_any(words) for words in groups]
            ways[alias.indicator].append(pl.all_horizontal(*found))
    return {code: pl.any_horizontal(*exprs) for code, exprs in ways.items()}


RULES: tuple[Rule, ...] = (
    column_rule(
        "not_furniture",
        "error",
        "浏览次数、电话、邮编、备案号等页面附属数字不是统计数",
        values_without("before", _FURNITURE),
        values_without("sentence", _FURNITURE_LINE),
        detail=pl.format("{} 是页面附属信息中的数字", _shown),
    ),
    column_rule(
        "not_ordinal",
        "error",
        "“第几”是次序，不是数量",
        values_without("before", "第$"),
        detail=pl.format("{} 是次序", _shown),
    ),
    row_rule(
        "number_whole",
        "error",
        "读的是整个数，不是其中一段",
        holds=~(pl.col("text").str.contains(r"^\d") & pl.col("before").str.contains(r"\d[.．]?$"))
        & ~(
            pl.col("text").str.contains(r"^\d{3}(?:\D|$)")
            & pl.col("before").str.contains(r"(?:^|[^\d,，])\d{1,3}[,，]$")
        )
        & ~(pl.col("text").str.contains(r"\d$") & pl.col("after").str.contains(r"^[.．]?\d")),
        detail=pl.format("{}{} 只读了数的一段", _shown, pl.col("after").str.head(6)),
    ),
    row_rule(
        "change_not_level",
        "error",
        "“提高了”“增长”之后的数是增减量，不是水平",
        holds=pl.when(_catalogued & pl.col("lead").str.contains(_RISE)).then(~_level),
        detail=pl.format("{} 是增减量，读成了水平", _shown),
    ),
    row_rule(
        "level_not_change",
        "error",
        "“提高到”“达到”之后的数是水平，不是增减量",
        holds=pl.when(_catalogued & pl.col("lead").str.contains(_REACHED) & ~_clause.str.contains("幅")).then(_level),
        detail=pl.format("{} 是水平，读成了增减量", _shown),
    ),
    row_rule(
        "flow_not_stock",
        "error",
        "“新增”“新建”“改造”的数是当期数，不是总数",
        holds=pl.when(_level & (pl.col("kind") == "stock")).then(
            ~_clause.str.contains("改造")
            & ~(pl.col("lead").str.contains(_NEW) & ~pl.col("lead").str.contains(_THERE_IS))
            & ~pl.col("label").str.contains(_NEW_WORDS)
        ),
        detail=pl.format("{} 是当期新增，读成了总数指标“{}”", _shown, "name_zh"),
    ),
    row_rule(
        "stock_not_flow",
        "warning",
        "“共有”“现有”的数是总数，不是当期数",
        holds=pl.when(_level & (pl.col("kind") == "flow")).then(~_clause.str.contains(r"现有|共有|总数")),
        detail=pl.format("{} 是总数，读成了当期指标“{}”", _shown, "name_zh"),
    ),
    row_rule(
        "per_reads_back",
        "error",
        "计发周期与数字所带、同一分句所说的月、年相符",
        holds=pl.when(_level & (pl.col("expected_per") == "month")).then(
            pl.when(pl.col("text").str.contains("年|月"))
            .then(pl.col("text").str.contains("年") == (pl.col("per") == "year"))
            .when(_PAID.is_not_null())
            .then(_PAID.str.contains("年") == (pl.col("per") == "year"))
        ),
        detail=pl.format("{} 的计发周期读作每 {}", _shown, "per"),
    ),
    row_rule(
        "old_not_new",
        "error",
        "“由甲提高到乙”，甲是旧值",
        holds=pl.when(_level & pl.col("lead").str.contains(_FROM) & pl.col("after").str.contains(_TO)).then(
            pl.col("status") == "previous"
        ),
        detail=pl.format("{} 是旧值，读成了 {}", _shown, "status"),
    ),
    row_rule(
        "new_not_old",
        "error",
        "“由甲提高到乙”，乙是新值",
        holds=pl.when(_level & pl.col("lead").str.contains(_RAISED_TO)).then(pl.col("status") != "previous"),
        detail=pl.format("{} 是新值，读成了旧值", _shown),
    ),
    row_rule(
        "part_year_not_annual",
        "error",
        "年内发布的累计数不是全年数",
        holds=pl.when(
            _level
            & (pl.col("status") == "actual")
            & pl.col("kind").is_in(["flow", "amount"])
            & (pl.col("period") == "annual")
        ).then(pl.col("published_on") >= _year_ends),
        detail=pl.format("{} 发布时 {} 年还没有过完，{} 读成了全年数", "published_on", "year", _shown),
    ),
    row_rule(
        "part_year_is_partial",
        "warning",
        "年内发布的材料，其当年的实际数是年内数，存量也是",
        holds=pl.when(
            ((pl.col("page_kind") == "half_year") | pl.col("title").str.contains(_PART_OF_YEAR) | _during_its_year)
            & (pl.col("status") == "actual")
            & pl.col("kind").is_in(["flow", "amount", "stock"])
            & (pl.col("year") == pl.col("main_year"))
        ).then(pl.col("period") != "annual"),
        detail=pl.format("年内材料中的 {} 读成了全年数", _shown),
    ),
    row_rule(
        "qualifier_kept",
        "warning",
        "约、近、余、多、超过等字样保留在修饰一栏",
        holds=pl.when(
            pl.col("text").str.contains("[余餘馀多]")
            | pl.col("before").str.contains(_APPROXIMATE)
            | pl.col("after").str.contains("^(?:左右|以上|以下|以内|上下)")
        ).then(pl.col("qualifier") != "exact"),
        detail=pl.format("{} 是约数或界限，读成了确数", _shown),
    ),
    row_rule(
        "area_matches_label",
        "warning",
        "名称说的是农村或城市，范围一栏也是",
        holds=pl.when(
            _catalogued & pl.col("label").str.contains("农村|乡村") & ~pl.col("name_zh").str.contains("农村|乡")
        )
        .then(pl.col("label").str.contains("城") | (pl.col("area") == "rural"))
        .when(_catalogued & pl.col("label").str.contains("城市|城镇"))
        .then(pl.col("label").str.contains("农|乡") | pl.col("area").is_in(["urban", "districts", "counties"])),
        detail=pl.format("“{}”的范围读作 {}", "label", "area"),
    ),
    row_rule(
        "area_named",
        "warning",
        "范围不是全域的，上下文说到城市、农村、区或县",
        holds=pl.concat_str("sentence", "label", "before").str.contains(
            pl.col("area").replace_strict(
                {"urban": "城", "rural": "农|村", "districts": "区", "counties": "县|市"}, default=""
            )
        ),
        detail=pl.format("{} 的上下文没有说到范围 {}", _shown, "area"),
    ),
    row_rule(
        "area_beside",
        "warning",
        "同一句分说城乡的，数前紧挨着说的是哪一边，范围一栏也是",
        holds=pl.when(_in_both_areas & _beside.str.contains("农村|乡村") & ~_beside.str.contains("城"))
        .then(pl.col("area") == "rural")
        .when(_in_both_areas & _beside.str.contains("城市|城镇") & ~_beside.str.contains("[农乡村]"))
        .then(pl.col("area").is_in(["urban", "districts", "counties"])),
        detail=pl.format("{} 之前说的是“{}”，范围读作 {}", _shown, _beside, "area"),
    ),
    row_rule(
        "place_named",
        "warning",
        "不是本地的数，上下文说到那个地方",
        holds=pl.when(_elsewhere).then(
            pl.col("place_before") | pl.concat_str("sentence", "title").str.contains(r"全国|全省|全区|全州")
        ),
        detail=pl.format("{} 的上下文没有说到{}", _shown, "place"),
    ),
    row_rule(
        "year_named",
        "warning",
        "不是网页所述之年的数，句中说到那一年",
        holds=pl.when(
            _catalogued
            & (pl.col("status") == "actual")
            & (pl.col("year") != pl.col("main_year"))
            & ~_in_table
            & ~pl.col("sentence").str.contains("去年|上年|前年|同期|年初")
        ).then(pl.col("year").is_in(_years_in_sentence)),
        detail=pl.format("{} 读作 {} 年，句中没有说到；网页多说 {} 年", _shown, "year", "main_year"),
    ),
    row_rule(
        "year_as_named",
        "warning",
        "同一分句说到的年份就是读出的年份",
        holds=pl.when(_level & (pl.col("unit") != "multiple")).then(_year_of_clause == pl.col("year")),
        detail=pl.format("{} 所在分句说的是 {} 年，读作 {} 年", _shown, _year_of_clause, "year"),
    ),
    Rule("indicator_named", "warning", "数字近旁有该指标的用词", _indicator_named),
    row_rule(
        "plan_not_result",
        "warning",
        "“力争”“计划”“目标”之后的数是计划数，不是实际数",
        holds=pl.when(_catalogued & (_clause.str.contains(_PLANNED) | pl.col("lead").str.contains(_FORESEEN))).then(
            pl.col("status") != "actual"
        ),
        detail=pl.format("{} 像是计划数，读成了实际数", _shown),
    ),
    row_rule(
        "result_not_ahead",
        "warning",
        "年初发布的网页，其实际数不是当年的",
        holds=pl.when(
            _catalogued
            & (pl.col("status") == "actual")
            & (pl.col("period") == "annual")
            & (pl.col("main_year") < pl.col("year"))
        ).then(pl.col("published_on") >= _year_ends),
        detail=pl.format(
            "{} 发布的网页多说 {} 年，{} 读成了 {} 年的实际数", "published_on", "main_year", _shown, "year"
        ),
    ),
    row_rule(
        "unit_printed",
        "warning",
        "表格以外的数带有量词",
        holds=pl.when(~_in_table & pl.col("unit").is_in(["item", "other"])).then(
            (pl.col("read_counter") != "") | _counter_before
        ),
        detail=pl.format("{} 没有印量词", _shown),
    ),
)

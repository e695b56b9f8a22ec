"""What a span prints, read a second time and apart from the reader: value and unit from the printed characters alone.

A reader that is wrong about a number should not be the one to say that it is right, so nothing here is shared with
it. The reading is deliberately plain: where a span prints more than one number in digits with at most one scale
word and a counter (`2亿3600万`, `1:0.81`, `三成`), it is null and says nothing.
"""

from __future__ import annotations

import polars as pl

from bulletins.catalog import Catalog

_SCALES = {
    "十": 1e1,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
    **dict.fromkeys("kK", 1e3),
    **dict.fromkeys("wW", 1e4),
}
_PARTS = (
    r"^(?<number>\d[\d,]*(?:\.\d+)?|\.\d+)[余多几]?(?<scale>万亿|[十百千]?[万亿]|[十百千]|[kKwW])?[余多几]?"
    r"(?<counter>个?百分点|[^\d十百千万亿一二三四五六七八九/·:-]*)(?:[/·][^\d]*)?$"
)
#: Characters that this reading takes for one another.
_SPELLINGS = dict(zip("０１２３４５６７８９．，／％萬億餘戶對張個", "0123456789.,/%万亿余户对张个", strict=True))
#: Counters whose factor is part of the unit rather than of the number.
_COUNTER_FACTORS = {
    "‰": 0.1,
    "千分点": 0.1,
    "个千分点": 0.1,
    "成": 10.0,
    "折": 10.0,
    "‱": 0.01,
    **dict.fromkeys(("角", "毛", "角钱", "毛钱"), 0.1),
}
#: What a table's head may say that its cells do not: 千元, 万元, 百万元, 亿元, ‰.
_HEAD_SCALES = (1e3, 1e4, 1e6, 1e8, 0.1)
#: Units of countable things, between which a counter alone cannot decide: 张 is of beds or of certificates.
_THINGS = ("item", "bed", "m2", "other")
#: Counters that may lose a part, in an enumeration or in speech: 分别高出2.3个和5.3个百分点, 每月200块.
_CUT_COUNTERS = {"个": "percentage_point", "块": "CNY"}


def with_readback(observations: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Add `read_value`, `read_counter` and the `read_unit` that it stands for; null where a span is not plain."""
    parts = pl.col("text").str.replace_all(r"\s", "").str.replace_many(_SPELLINGS).str.extract_groups(_PARTS)
    words = {word.word: word.unit for word in catalog.units}
    counter = parts.struct.field("counter")
    scale = parts.struct.field("scale").fill_null("").replace_strict(_SCALES, default=1.0)
    factor = counter.replace_strict(_COUNTER_FACTORS, default=1.0)
    number = parts.struct.field("number").str.replace_all(",", "").cast(pl.Float64, strict=False)
    # `75折` has both digits of its share, `9折` the first.
    factor = pl.when((counter == "折") & (number > 10)).then(1.0).otherwise(factor)
    return observations.with_columns(
        read_value=number * scale * factor,
        read_counter=counter,
        read_unit=counter.replace_strict({"成": "percent", "折": "percent", **words}, default=None),
    )


def value_agrees() -> pl.Expr:
    """Whether `value` is what the span prints; a number without a counter may take a scale from its table's head."""
    bare = pl.col("read_counter") == ""
    return _is(1.0) | (bare & pl.any_horizontal(*(_is(factor) for factor in _HEAD_SCALES)))


def _is(factor: float) -> pl.Expr:
    expected = pl.col("read_value") * factor
    return (pl.col("value").abs() - expected).abs() <= 1e-9 * expected


def unit_agrees() -> pl.Expr:
    """Whether `unit` is one that the printed counter can stand for."""
    things = pl.col("unit").is_in(_THINGS) & pl.col("read_unit").is_in(_THINGS)
    cut = pl.col("read_counter").replace_strict(_CUT_COUNTERS, default=None)
    return (pl.col("unit") == pl.col("read_unit")) | things | (pl.col("unit") == cut).fill_null(False)

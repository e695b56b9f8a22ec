"""Suite `release`: a new release against the one before it, city by city.

For the data steward: bulletins are only ever added, so that a release rarely loses anything. A city that vanishes, values
that disappear or change in numbers mean that a bureau rebuilt its site, that a source was taken out of the list, or that the
reader changed. All that is possible and right, so that nothing here blocks a release except that there is nothing in it.
"""

from __future__ import annotations

import polars as pl

from expectations.expected import above, pairs_ordered, values_between
from expectations.report import SuiteReport
from expectations.rules import Rule, column_rule
from expectations.runner import Suite, run_suite

#: Shares of a city's values that usually stay from one release to the next, and that keep their value.
_KEPT, _UNCHANGED = 0.95, 0.9

RULES: tuple[Rule, ...] = (
    column_rule(
        "release_not_empty",
        "error",
        "发布的库里有数",
        values_between("published", least=1),
        detail=pl.lit("没有一个公布值"),
    ),
    column_rule(
        "city_kept",
        "warning",
        "上一版有数的地方，这一版也有",
        values_between("now", above("before", 0), least=1),
        detail=pl.format("上一版有 {} 个公布值，这一版没有", "before"),
    ),
    column_rule(
        "values_kept",
        "warning",
        f"上一版的公布值，一个地方至少 {_KEPT:.0%} 还在",
        pairs_ordered("kept", "least_kept", above("before", 0), above("now", 0), or_equal=True),
        detail=pl.format("上一版 {} 个公布值，这一版只剩其中 {} 个", "before", "kept"),
    ),
    column_rule(
        "values_unchanged",
        "warning",
        f"还在的公布值，一个地方至少 {_UNCHANGED:.0%} 没有改动",
        pairs_ordered("same", "least_same", above("kept", 0), or_equal=True),
        detail=pl.format("还在的 {} 个公布值中只有 {} 个没有改动", "kept", "same"),
    ),
)
SUITE = Suite("release", (RULES,), key=("city_key",), shows=("city_key", "before", "now", "kept", "same"))


def check_release(cities: pl.DataFrame) -> SuiteReport:
    """Check the published values against those of the release before.

    Args:
        cities: one row a city: city_key, and how many values it had `before` and has `now`, how many of them are `kept`, and
            how many of these are the `same`.
    """
    nothing = pl.DataFrame(
        {"city_key": [""], "before": [0], "now": [0], "kept": [0], "same": [0]}, schema=cities.schema
    )
    measured = (cities.sort("city_key") if cities.height else nothing).with_columns(
        published=pl.col("now").sum(),
        least_kept=_KEPT * pl.col("before"),
        least_same=_UNCHANGED * pl.col("kept"),
    )
    return run_suite(SUITE, measured).report

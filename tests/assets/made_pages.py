"""Pages as the tests of this room need them."""

import polars as pl
from made import page_row

from bulletins.frames import PAGES, conform


def page(key: str, *, title: str = "工作总结", text: str = "建成养老机构22家。") -> dict[str, object]:
    return page_row(key, title=title, text=text)


def pages_of(*rows: dict[str, object]) -> pl.DataFrame:
    return conform(pl.DataFrame(list(rows)), PAGES)

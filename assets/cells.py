"""Which observations are resolved together: all that may share a cell, so those on the places of one province.

A page may speak of a place far away, so observations are gathered here by the place that they are about and not by the page
that they stand in. Knows nothing of Dagster.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from assets.home import fingerprint, origin_of
from assets.incremental import AllReadings
from bulletins.frames import OBSERVATIONS, PAGES, empty

#: Observations on places of provinces from which nothing was read, or without a code.
ELSEWHERE = "elsewhere"
_PART = "part"


@dataclass(frozen=True)
class CellPart:
    """The observations of some cells, and no other observation of these cells is in another part.

    Attributes:
        name: the province that the cells are of, `ELSEWHERE`, or `all`.
        checked: the valid observations of the pages of that province; None where it has no pages.
        readings: that province's pages.
        guests: observations on its places in the pages of other provinces, with the `part` that they stand in.
        parts: the readings of all parts, for the pages that guests stand in.
    """

    name: str
    checked: Path | None
    guests: pl.DataFrame
    parts: Mapping[str, AllReadings] = field(repr=False)

    @property
    def origin(self) -> str:
        """The fingerprint of all observations in it."""
        return fingerprint(
            self.name, origin_of(self.checked) if self.checked else "", self.guests.drop("sentence").write_csv()
        )

    def observations(self) -> pl.DataFrame:
        """Its observations, schema OBSERVATIONS."""
        guests = self.guests.select(list(OBSERVATIONS))
        if self.checked is None:
            return guests
        at_home = pl.read_parquet(self.checked, glob=False)
        return pl.concat([at_home if self.name == "all" else at_home.filter(_province() == self.name), guests])

    def pages(self) -> pl.DataFrame:
        """Every version of the pages that its observations stand in, schema PAGES."""
        own = self.parts[self.name].pages() if self.name in self.parts else empty(PAGES)
        return pl.concat([own, *self._pages_of_guests()])

    def _pages_of_guests(self) -> Iterator[pl.DataFrame]:
        for (part,), guests in self.guests.group_by(_PART, maintain_order=True):
            pages = self.parts[str(part)].pages()
            spoken = pages.join(guests, on="bulletin_key", how="semi")
            yield pages.join(spoken, on="url", how="semi")


def cell_parts(checked: Mapping[str, Path], parts: Mapping[str, AllReadings]) -> list[CellPart]:
    """Return the parts in which observations are resolved.

    Args:
        checked: the file of the valid observations of each part of the pages.
        parts: the readings of these parts.
    """
    if list(parts) == ["all"]:
        nobody = empty(OBSERVATIONS).with_columns(pl.lit("").alias(_PART))
        return [CellPart("all", checked["all"], nobody, parts)]
    province = _province()
    home = pl.when(province.is_in(list(parts))).then(province).otherwise(pl.lit(ELSEWHERE))
    guests = pl.concat(
        pl.scan_parquet(file, glob=False)
        .filter(province.ne_missing(pl.lit(name)))
        .with_columns(pl.lit(name).alias(_PART), home=home)
        for name, file in checked.items()
    ).collect()
    return [
        CellPart(name, checked.get(name), guests.filter(pl.col("home") == name).drop("home"), parts)
        for name in (*parts, ELSEWHERE)
    ]


def _province() -> pl.Expr:
    return pl.col("place_code").str.head(2)

"""What a night is divided by: the cities of the source list."""

from collections.abc import Iterable

import dagster as dg

from assets.workspace import city_key
from fetching.sources import Source


def cities_of(sources: Iterable[Source]) -> dg.StaticPartitionsDefinition:
    """Return a partition for each city of the source list, in the order of the codes: `510100 成都市`."""
    return dg.StaticPartitionsDefinition(sorted({city_key(source) for source in sources}))

"""Whose page it is, where the lists of several sources lead to it: the bureau's that it is of, whoever asks first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bulletins.pages.page import Document
from fetching.sources import Source

#: Reason of a page that another source reads.
OTHER_SOURCE = "other_source"


def whose(document: Document, url: str, asker: Source, sources: Iterable[Source]) -> Source:
    """The source that a page belongs to: by the bureau and the places that title and source line name.

    Only sources that may ask for it and follow it count, and it stays with `asker` unless another is named more surely.
    """
    able = (
        one for one in sources if one.id != asker.id and one.place.code != asker.place.code and one.allows_host(url)
    )
    others = [one for one in able if one.follow.accepts(url, document.title)]
    if not others:
        return asker
    words = f"{document.title}\n{document.publisher}"
    best = max(others, key=lambda one: _named(words, one))
    return best if _named(words, best) > max(_named(words, asker), (False, 0, 0)) else asker


def _named(words: str, source: Source) -> tuple[bool, int, int]:
    """How surely words name a source: by its bureau; then the narrower place, which stands within the name of the wider."""
    place = source.place
    name = max((len(one) for one in {place.name, *place.short_names} if one in words), default=0)
    depth = 3 - (place.code.endswith("00") + place.code.endswith("0000"))
    return source.publisher in words, depth if name else 0, name

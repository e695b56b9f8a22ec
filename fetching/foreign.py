"""What a file from outside says: the functions that `aside` has run in a process of their own.

Kept apart from `pages.py` so that a reader loads neither Polars nor the snapshot store: it begins in a third of a second.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bulletins.pages.office import Convert, libreoffice
from bulletins.pages.page import Document, read_html
from bulletins.tables.grid import Grid

#: What an office program may take: more than a reader, and it is a process of its own.
_OFFICE_MEMORY, _OFFICE_SECONDS = 4 * 2**30, 120


def read_article(raws: Sequence[bytes], declared: str | None, url: str, body_selector: str | None) -> Document:
    """Read the pages of one article, in order, as one document."""
    return joined([read_html(raw, declared=declared, url=url, body_selector=body_selector) for raw in raws])


def read_file(raw: bytes, declared: str | None, url: str) -> Document:
    """Read an attachment, old formats by an office program where one is installed.

    Raises:
        AttachmentError: as `read_attachment`.
    """
    # Most nights bring no attachment, and those who only ask what there is to read need none of its readers.
    from bulletins.pages.attachments import read_attachment

    return read_attachment(raw, declared=declared, url=url, convert=_office())


def joined(parts: Sequence[Document]) -> Document:
    """An article of several parts as one document: the first one's facts, everyone's text and links."""
    first, *others = parts
    if not others:
        return first
    text, grids = first.text, list[Grid](first.grids)
    for part in others:
        own = part.text.removeprefix(f"{part.title}\n")
        grids += (grid.moved(len(text) + 1 - (len(part.text) - len(own))) for grid in part.grids)
        text = f"{text}\n{own}"
    links = tuple(link for part in parts for link in part.links)
    return replace(
        first,
        text=text,
        links=links,
        grids=tuple(grids),
        mark="",
        published_on=next((part.published_on for part in parts if part.published_on), None),
        publisher=next((part.publisher for part in parts if part.publisher), ""),
        clues=next((part.clues for part in parts if part.clues), ()),
    )


def _office() -> Convert | None:
    convert = libreoffice()
    if convert is None:
        return None

    def converted(raw: bytes) -> bytes:
        with _bounds_of_an_office():
            return convert(raw)

    return converted


@contextmanager
def _bounds_of_an_office() -> Iterator[None]:
    """Let a process that is begun meanwhile have what an office program needs; it inherits the bounds of this one."""
    before = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    for kind, wanted in ((resource.RLIMIT_AS, _OFFICE_MEMORY), (resource.RLIMIT_CPU, _OFFICE_SECONDS)):
        _, hard = before[kind]
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (soft, hard))
    try:
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)

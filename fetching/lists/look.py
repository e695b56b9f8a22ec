"""All that one answer shows besides its text: the rows of a list, frames, parts, files. What `aside` has run for a page."""

from __future__ import annotations

from dataclasses import dataclass

from bulletins.pages.embedded import pictures_in
from bulletins.pages.nesting import flat
from bulletins.pages.page import Link
from fetching.files import hidden_files
from fetching.lists.frames import frames_of
from fetching.lists.pagers import parts_of
from fetching.lists.read import read_list, shown
from fetching.lists.shown import Listing


@dataclass(frozen=True, slots=True)
class Look:
    """What an answer shows.

    Attributes:
        listing: what it shows as a list.
        files: files that are no plain links.
        frames: addresses of its frames that may be pages.
        parts: addresses of the further parts of an article, where a script draws the links to them.
        pictures: its pictures that may be its text.
    """

    listing: Listing
    files: tuple[Link, ...] = ()
    frames: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    pictures: tuple[Link, ...] = ()


def look(raw: bytes, charset: str | None, url: str, page: int = 1, given_as: str = "") -> Look:
    """Look at the page of a list, or at an article."""
    answer = shown(raw, charset, url, page, given_as)
    return Look(
        listing=read_list(answer),
        files=tuple(hidden_files(answer)),
        frames=tuple(frames_of(answer)),
        parts=tuple(parts_of(answer)),
        pictures=tuple(
            Link(found, words)
            for at, words in pictures_in(flat(answer.text))
            if (found := answer.absolute(at)) is not None
        ),
    )

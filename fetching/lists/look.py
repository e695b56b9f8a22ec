"""All that one answer shows besides its text: the rows of a list, frames, parts, files. What `aside` has run for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulletins.pages.embedded import pictures_in
from bulletins.pages.nesting import flat
from bulletins.pages.page import Link
from fetching.files import hidden_files
from fetching.lists.frames import frames_of
from fetching.lists.pagers import parts_of, parts_said
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
        guessed: addresses that a further part would have: only worth a try.
        asks: what its scripts ask for, which may be its text.
        pictures: its pictures that may be its text.
    """

    listing: Listing
    files: tuple[Link, ...] = ()
    frames: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    pictures: tuple[Link, ...] = ()


def look(
    raw: bytes, charset: str | None, url: str, page: int = 1, given_as: str = "", scripts: Sequence[bytes] = ()
) -> Look:
    """Look at the page of a list, or at an article; `scripts` are those of it that lie in files of their own."""
    answer = shown(raw, charset, url, page, given_as, scripts)
    listing = read_list(answer)
    return Look(
        listing=listing,
        files=tuple(hidden_files(answer)),
        frames=tuple(frames_of(answer)),
        parts=tuple(parts_of(answer)),
        guessed=tuple(parts_said(answer)),
        asks=listing.asks,
        pictures=tuple(
            Link(found, words)
            for at, words in pictures_in(flat(answer.text))
            if (found := answer.absolute(at)) is not None
        ),
    )

"""What a list or a page holds back, a line for each kind: how much, an example, and the key that would mend it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Kinds, what is said of them, and the key of the source's entry that changes it.
KINDS: Mapping[str, tuple[str, str]] = {
    "pager": ("pages of a list were not read", "next_page"),
    "host": ("links lead to other hosts", "hosts"),
    "title": ("titles fit nothing that is followed", "follow"),
    "shared": ("pages are of other sources and read there", "follow"),
    "column": ("columns were not entered", "list_pages"),
    "frame": ("frames or requests of scripts gave nothing", "list_pages"),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """So many of a kind; `example` is a title or an address."""

    kind: str
    count: int
    example: str

    @property
    def line(self) -> str:
        """The loss in words."""
        what, key = KINDS[self.kind]
        return f"{self.count} {what}, such as «{self.example}»; {key} in the source's entry changes that"


class Losses:
    """Losses on their way, each thing counted once."""

    def __init__(self) -> None:
        self._things: dict[str, dict[str, str]] = {}

    def add(self, kind: str, thing: str, example: str = "") -> None:
        """Count `thing`, an address, under a kind."""
        self._things.setdefault(kind, {}).setdefault(thing, example or thing)

    def drop(self, thing: str) -> None:
        """Count `thing` no longer: it was had after all."""
        for things in self._things.values():
            things.pop(thing, None)

    def found(self) -> list[Loss]:
        """What was counted, in the order of `KINDS`."""
        counted = ((kind, self._things.get(kind, {})) for kind in KINDS)
        return [Loss(kind, len(things), next(iter(things.values()))) for kind, things in counted if things]


def written(losses: Iterable[Loss]) -> str:
    """Losses as a manifest keeps them; empty where there are none."""
    fields = [[loss.kind, loss.count, loss.example] for loss in losses]
    return json.dumps(fields, ensure_ascii=False) if fields else ""


def read(text: str | None) -> list[Loss]:
    """The losses that `written` wrote."""
    return [Loss(*fields) for fields in json.loads(text or "[]") if fields[0] in KINDS]


def lines_of(rows: Iterable[Mapping[str, str | None]]) -> list[str]:
    """What retrievals held back, a line for each kind and address: which source, where, what, and the key to mend."""
    return [f"{row['source_id']}: {row['url']}: {loss.line}" for row in rows for loss in read(row["losses"])]

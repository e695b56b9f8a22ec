"""Which division bore a name or a code in a year, what it lay in, and what became of it.

The one look-up of names and codes for all that asks: the reader of pages, the source list, verdicts on pages, the command
line and the warehouse. A name alone is not enough: 鼓楼区 stands in four cities, and 巢湖市 was a prefecture to 2010 and is a
county-level city since. The rows are data, `catalog/places.csv`.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LATEST = 9999  # the year of whoever asks without one: today


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative division in the years in which its code and name were in force."""

    code: str
    name: str
    short_names: tuple[str, ...]
    level: str  # country, province, prefecture or county
    parent: str
    valid_from: int
    valid_to: int | None  # last year in force; None while it lasts
    successor: str
    parts: tuple[str, ...] = ()  # codes that a divided place was divided among; it has no successor

    @property
    def short_name(self) -> str:
        """The name that people use: 成都 for 成都市."""
        return self.short_names[0] if self.short_names else self.name

    def in_force(self, year: int | None) -> bool:
        """Whether the division existed in `year`; without a year, whether it exists today."""
        return self.years_from(_LATEST if year is None else year) == 0

    def years_from(self, year: int) -> int:
        """How many years lie between `year` and the years in force: 0 within them."""
        if year < self.valid_from:
            return self.valid_from - year
        return 0 if self.valid_to is None else max(0, year - self.valid_to)


class PlaceError(ValueError):
    """A name that is no division's, or several divisions': the message says which, and what to write."""


class Places:
    """All divisions, findable by code and by any of their names."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.all: tuple[Place, ...] = tuple(places)
        self._by_code: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        for place in self.all:
            self._by_code[place.code].append(place)
            for name in {place.name, *place.short_names}:
                self._by_name[name].append(place)
        self._children: dict[str, list[Place]] = defaultdict(list)
        for place in self.all:
            self._children[place.parent].append(place)

    # --- codes --------------------------------------------------------------------------------------------------------

    def get(self, code: str, year: int | None = None) -> Place | None:
        """The place of `code` in `year`, or the one nearest to that year; without a year the one of today, or the last."""
        found = self._by_code.get(code, [])
        when = _LATEST if year is None else year
        return min(found, key=lambda place: (place.years_from(when), -place.valid_from), default=None)

    # --- names --------------------------------------------------------------------------------------------------------

    def look_up(self, words: str, year: int | None = None, within: str | None = None) -> tuple[Place, ...]:
        """The places that `words` may mean in `year`: one where all is well, none for a name that nobody bears.

        Args:
            words: a code; a full or short name; or one with what it lies in before it, to tell it from its namesakes
                (`南京市鼓楼区`, `江苏南京鼓楼区`).
            year: the year that is spoken of. A name that nobody bears in it goes to whoever bore it nearest to it: a page of
                2014 may still speak of 绍兴县, which ended in 2013. Without a year, the names of today come first.
            within: the code of a division that the place lies in.

        Returns:
            Of each code one place. A full name goes before a short one: 吉林市 is the city.
        """
        found = self._by_code[words] if words in self._by_code else self._named(words)
        if within is not None:
            found = [place for place in found if self.is_within(place, within)]
        when = _LATEST if year is None else year
        found = [place for place in found if words.endswith(place.name) or words in self._by_code] or found
        nearest = min((place.years_from(when) for place in found), default=0)
        fitting = [place for place in found if place.years_from(when) == nearest]
        by_code = {place.code: place for place in sorted(fitting, key=lambda place: place.valid_from)}
        return tuple(by_code.values())

    def _named(self, words: str) -> list[Place]:
        """The places of that name, of any year, alone or with what they lie in before it."""
        return self._by_name.get(words) or list(self._by_path(words))

    def _by_path(self, words: str) -> Iterator[Place]:
        """The places whose name ends `words`, with the names of what they lie in, full or short, before it."""
        for start in range(1, len(words) - 1):
            above = {place.code for place in self._named(words[:start])} if words[start:] in self._by_name else ()
            for place in self._by_name.get(words[start:], ()) if above else ():
                if any(upper.code in above and upper.code != place.code for upper in self._upwards(place)):
                    yield place

    def find(self, name: str, year: int | None = None, within: str | None = None) -> Place | None:
        """The one place that `look_up` finds; None if none or several fit."""
        found = self.look_up(name, year, within)
        return found[0] if len(found) == 1 else None

    def one(self, words: str, year: int | None = None) -> Place:
        """The one place that a person means by `words`.

        Raises:
            PlaceError: nobody bears that name, or several do; the message lists them as they may be written.
        """
        if len(found := self.look_up(words, year)) == 1:
            return found[0]
        if found:
            raise PlaceError(f"place «{words}» is several: {self.listed(found)}; write one of them, or its code")
        raise PlaceError(f"place «{words}» is not in catalog/places.csv; give its full name or its code")

    def listed(self, places: Iterable[Place]) -> str:
        """The places as a person may write them, with their codes: `南京市鼓楼区 (320106), 徐州市鼓楼区 (320302)`."""
        return ", ".join(f"{self.path_name(place)} ({place.code})" for place in places)

    def path_name(self, place: Place) -> str:
        """The name with what tells it from its namesakes before it: `南京市鼓楼区`, `重庆市江北区`; others as they are."""
        if place.level != "county":
            return place.name
        above = self.parent(place)
        return f"{above.name}{place.name}" if above else place.name

    # --- what lies in what --------------------------------------------------------------------------------------------

    def parent(self, place: Place) -> Place | None:
        """What `place` lies in, under the name that it bore at the last time that both stood."""
        return self.get(place.parent, place.valid_to)

    def is_within(self, place: Place, code: str) -> bool:
        """Whether `place` is the division `code` or lies in it."""
        return any(above.code == code for above in self._upwards(place))

    def inside(self, code: str) -> tuple[Place, ...]:
        """The division `code` and all that lie in it, of any year, in the order of the list."""
        return tuple(self._inside.get(code, ()))

    @functools.cached_property
    def _inside(self) -> dict[str, list[Place]]:
        inside: dict[str, list[Place]] = defaultdict(list)
        for place in self.all:
            for above in self._upwards(place):
                inside[above.code].append(place)
        return inside

    def above(self, place: Place) -> tuple[Place, ...]:
        """What `place` lies in, the nearest first, up to the country."""
        return tuple(self._upwards(place))[1:]

    def _upwards(self, place: Place) -> Iterator[Place]:
        """`place`, what it lies in, and so on up to the country."""
        seen: set[str] = set()
        current: Place | None = place
        while current is not None and current.code not in seen:
            yield current
            seen.add(current.code)
            current = self.parent(current)

    def children(self, code: str) -> tuple[Place, ...]:
        """The divisions directly below `code`, of any year."""
        return tuple(self._children.get(code, ()))

    def province(self, place: Place) -> Place | None:
        """The province that `place` is or lies in."""
        return next((above for above in self._upwards(place) if above.level == "province"), None)

    # --- what became of what ------------------------------------------------------------------------------------------

    def heirs(self, place: Place) -> tuple[Place, ...]:
        """What `place` passed into, one after the other, up to today; empty while it stands and where it was divided.

        Only stated heirs count: that a code was given again says nothing (柳州市郊区 is not 柳江区).
        """
        line: list[Place] = []
        current: Place | None = place
        while current is not None and current.valid_to is not None and current.successor:
            current = self.get(current.successor, current.valid_to + 1)
            if current is None or current in line or current == place:
                break
            line.append(current)
        return tuple(line)

    def today(self, place: Place) -> Place | None:
        """The division that stands for `place` today; None where it was divided among several, then or later."""
        last = (place, *self.heirs(place))[-1]
        return last if last.valid_to is None else None

    def are_kin(self, one: Place, other: Place) -> bool:
        """Whether one of the two is, was or lies in the other: a page of 绍兴县 is no stranger to 柯桥区 or to 绍兴市."""
        lines = [{each.code for each in (place, *self.heirs(place))} for place in (one, other)]
        lies = self.is_within(one, other.code) or self.is_within(other, one.code)
        return lies or bool(lines[0] & lines[1]) or one.code in other.parts or other.code in one.parts

"""Which names a page of one home may use, for whom, and in which years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bulletins.places import Place, Places

#: District names that are ordinary words too: `城区` is the built-up part of any city and the name of three districts.
ORDINARY = frozenset(["城区", "郊区", "矿区", "新区", "市郊区", "新城区", "老城区", "东区", "西区", "港区"])
_SUFFIXES = "县市区旗"


class Name(NamedTuple):
    """A word by which a page may name a place.

    Attributes:
        word: what is printed.
        place: the full official name of the place.
        short: whether the word is a short form that counts only where it stands like a name.
        everyday: whether the word, or the word without its suffix, is also an everyday one (和县, 会同县, 城区): such a name
            counts where words bound it, and in the years in which somebody bears it.
        spans: the years in which somebody inside the home bore the name; the last is None while it lasts.
    """

    word: str
    place: str
    short: bool
    everyday: bool
    spans: tuple[tuple[int, int | None], ...] = ()

    def borne(self, years: Iterable[int]) -> bool:
        """Whether somebody bore the name in one of the years or the year before: it lives on for a year after it fell."""
        return any(first <= year and (last is None or year - 1 <= last) for year in years for first, last in self.spans)


def names_of(places: Places, home: Place | None, year: int) -> dict[str, Name]:
    """The names that a page of `home` which reports on `year` may use, by the word; the home itself is not among them.

    All that ever lay in the home since the list begins has its full name: a page that looks back speaks of 绍兴县. Short forms
    are those of the page's own year.
    """
    if home is None:
        return {}
    inside = [place for place in _spoken_of(places, home) if place.name != home.name]
    found: dict[str, Name] = {}
    for place in inside:
        known = found.get(place.name)
        spans = (*(known.spans if known else ()), (place.valid_from, place.valid_to))
        found[place.name] = Name(place.name, place.name, short=False, everyday=_is_everyday(place), spans=spans)
    standing = [place for place in inside if place.in_force(year)]
    short = Counter(form for place in standing for form in set(place.short_names))
    for place in standing:
        for form in place.short_names:
            if len(form) >= 2 and short[form] == 1 and form != home.short_name:
                # 化隆县 for 化隆回族自治县 is as good as the full name.
                is_full = len(form) > 2 and form[-1] in _SUFFIXES
                found.setdefault(form, Name(form, place.name, short=not is_full, everyday=False))
    if len(home.short_name) >= 2 and home.short_name != home.name:
        found.setdefault(home.short_name, Name(home.short_name, home.name, short=True, everyday=False))
    above = places.parent(home) if home.level == "county" else None
    if above is not None and above.level == "prefecture":
        found.setdefault(above.name, Name(above.name, above.name, short=False, everyday=False))
    province = places.province(home)
    if province is not None and province.code != home.code:
        found.setdefault(province.name, Name(province.name, province.name, short=False, everyday=False))
    return found


def _spoken_of(places: Places, home: Place) -> Iterator[Place]:
    """What lies or lay in the home, and what the home was before: 绍兴县 on a page of 柯桥区."""
    for place in places.inside(home.code):
        if place.level in ("county", "prefecture"):
            yield place
    if home.level == "county" and (above := places.parent(home)) is not None:
        for place in places.inside(above.code):
            if place.level == "county" and any(heir.code == home.code for heir in places.heirs(place)):
                yield place


def _is_everyday(place: Place) -> bool:
    """Whether a county's name is, alone or without its suffix, a word of everyday language; the list gives it no short form."""
    return place.level == "county" and (place.name in ORDINARY or not place.short_names)

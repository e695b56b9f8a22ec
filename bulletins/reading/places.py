"""Whom a figure is about: the places that a page of one home may speak of, found in stretches of its text."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.places import Place, Places

_JOINTS = frozenset("、和与及")


class PlaceReader:
    """The places that a page of one home may speak of: what lies in it, its province, the country."""

    def __init__(self, places: Places, home: Place | None, name: str, year: int) -> None:
        self.home = name
        self._names: dict[str, str] = {}
        # A short name stands for its place only in company (`三台、盐亭等县`): alone it is as often a brand or a street.
        self._short: dict[str, str] = {}
        self._province = name
        if home is not None:
            inside = [place for place in places.inside(home.code) if place.level == "county"]
            for place in inside:
                if place.code != home.code and (place.in_force(year) or place.in_force(None)):
                    self._names[place.name] = place.name
            short: Counter[str] = Counter()
            for place in inside:
                if place.in_force(year):
                    short.update(set(place.short_names))
            for place in inside:
                for other in place.short_names:
                    if len(other) >= 2 and short[other] == 1 and place.in_force(year):
                        # 化隆县 for 化隆回族自治县 is as good as the full name.
                        names = self._names if len(other) > 2 and other[-1] in "县市区旗" else self._short
                        names.setdefault(other, place.name)
            province = places.province(home)
            if province is not None:
                self._province = province.name
                if province.code != home.code:
                    self._names.setdefault(province.name, province.name)
        self._words = sorted({*self._names, *self._short})
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)
        self._hits = functools.lru_cache(maxsize=64)(
            self._find_hits
        )  # one stretch is asked for several things in a row

    def _find_hits(self, stretch: str) -> list[tuple[int, int, str]]:
        """Every name in `stretch`, with its span: by where they begin, the longer first."""
        hits = self._automaton.find_matches_as_indexes(stretch, overlapping=True)
        if not hits:
            return []
        return sorted(((start, end, self._words[word]) for word, start, end in hits), key=lambda hit: (hit[0], -hit[1]))

    def _find(self, stretch: str) -> list[tuple[int, int, str]]:
        """The places that `stretch` names: span and full name, in order."""
        hits = self._hits(stretch)
        if not hits:
            return []
        companies = list(_companies(stretch, hits))
        found = [
            (start, end, self._names.get(word) or self._short[word])
            for first, last in companies
            for start, end, word in _apart(hit for hit in hits if first <= hit[0] and hit[1] <= last)
        ]
        taken = [(start, end) for start, end, _ in found]
        for start, end, word in _apart(hit for hit in hits if hit[2] in self._names):
            if not any(first < end and start < last for first, last in taken):
                found.append((start, end, self._names[word]))
        return sorted(found)

    def named(self, stretch: str) -> list[str]:
        """The full names of the places inside the home that `stretch` names, in order."""
        return [name for _, _, name in self._find(stretch)]

    def exactly(self, cell: str) -> str:
        """The place that a table's cell names and nothing else: there a short name is enough."""
        cell = re.sub(r"^其中[::]?|[\s#*]", "", cell)
        return self._names.get(cell) or self._short.get(cell, "")

    def without(self, stretch: str) -> str:
        """`stretch` without the names of places: 涪城区 is no 城区."""
        if not (hits := self._hits(stretch)):
            return stretch
        for start, end, _ in reversed(list(_apart(hit for hit in hits if hit[2] in self._names))):
            stretch = stretch[:start] + stretch[end:]
        return stretch

    def last_end(self, stretch: str) -> int:
        """Where the last place that `stretch` names ends in it, or 0."""
        return max((end for _, end, _ in self._find(stretch)), default=0)

    def bare(self, stretch: str) -> str:
        """`stretch` without the places that it names, short names in company too."""
        for start, end, _ in reversed(self._find(stretch)):
            stretch = stretch[:start] + stretch[end:]
        return stretch

    def of(self, stretch: str) -> str:
        """Whom a clause is about, where it says so: one district or county, 全省, 全国; else an empty string."""
        found = self._find(stretch)
        names = {name for _, _, name in found}
        # `与青州的县级界线`, `赴南京`: named along the way, not as whom the figure is about.
        if len(names) == 1 and not re.match(r"[^,]{0,6}等[地县区]?", stretch[found[-1][1] :]):
            along = re.search(r"[与和同赴向到在自从]$|签署", stretch[: found[0][0]])
            return "" if along and found[0][0] else names.pop()
        if stretch.startswith(("全省", "全自治区")):
            return self._province
        return "全国" if stretch.startswith("全国") else ""


def _apart(hits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Those of the hits that lie behind one another, the longer first where two begin together."""
    reached = 0
    for hit in hits:
        if hit[0] >= reached:
            yield hit
            reached = hit[1]


def _companies(stretch: str, hits: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """The stretches in which names stand joined: `三台、盐亭和梓潼`."""
    ends: dict[int, list[int]] = {}
    for start, end, _ in hits:
        ends.setdefault(start, []).append(end)
    reached = 0
    for start, first_ends in ends.items():
        for first in first_ends if start >= reached else ():
            last = first
            while stretch[last : last + 1] in _JOINTS and last + 1 in ends:
                last = ends[last + 1][0]
            if last > first:
                yield start, last
                reached = last
                break

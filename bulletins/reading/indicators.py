"""The words around a number → the catalogue's indicator, or none.

Here belongs how the words of a number's own clause, and those carried to it from before, are weighed against the catalogue's
aliases. Which words speak for which indicator is data (`catalog/aliases.csv`, `catalog/words.csv`); which text is a number's own
clause is decided in `read.py`. Where two indicators fit equally well the answer is none: the observation keeps its label.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.catalog import Alias, Catalog
from bulletins.text.numbers import Number

# `社区达312个`, `行政村共有428个`: what may stand between a noun and its number.
_VALUE_VERB = re.compile(r"(?:[\s:：]|共有|现有|共计|总数|数量|达到?|为|有|约|近|共|计|已|由|从)+$")
_ENDS_VALUE_VERB = frozenset(" \t\n:：有计数量达到为约近共已由从")

#: How far a carried word is trusted, by where it was carried from.
_REACHES = ("own", "sentence", "paragraph", "section")
_TRUST = (1.0, 0.5, 0.4, 0.3)


class Zone(NamedTuple):
    """The words in one stretch of text, as a set of bits."""

    words: int
    topics: int  # those of them that say what the clause is about


EMPTY = Zone(0, 0)


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    kind: str  # of the indicator
    own: tuple[int, ...]
    near: tuple[int, ...]
    groups: tuple[int, ...]  # both
    without: int
    words: int  # all words that the rule asks for: a clause about something else carries nothing to it
    reach: int
    weight: float


class _Rules:
    """The rules that a number of one unit may be read by, each found by the words that it cannot do without."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._rules = rules
        self._by_own: dict[int, list[int]] = defaultdict(list)
        self._by_near: dict[int, list[int]] = defaultdict(list)
        for index, rule in enumerate(rules):
            for bit in _bits((rule.own or rule.near)[0]):
                (self._by_own if rule.own else self._by_near)[bit].append(index)
        self._own = sum(self._by_own)
        self._near = functools.reduce(int.__or__, (rule.near[0] for rule in rules if rule.near), 0)
        self._asking = functools.lru_cache(maxsize=4096)(self._find)
        self._touched = functools.lru_cache(maxsize=4096)(self._find_touched)

    def asking(self, own: int, reachable: int) -> Sequence[_Rule]:
        """The rules of which the number's own words and those that reach it have one that each asks for."""
        return self._asking(own & self._own, reachable & self._near)

    def touched(self, words: int) -> Sequence[_Rule]:
        """The rules of which one of the first groups stands among the words."""
        return self._touched(words & (self._own | self._near))

    def _find_touched(self, words: int) -> Sequence[_Rule]:
        found = {index for bit in _bits(words) for index in (*self._by_own.get(bit, ()), *self._by_near.get(bit, ()))}
        return [self._rules[index] for index in sorted(found)]

    def _find(self, own: int, reachable: int) -> Sequence[_Rule]:
        found = {index for bit in _bits(own) for index in self._by_own[bit]}
        found.update(index for bit in _bits(reachable) for index in self._by_near.get(bit, ()))
        rules = (self._rules[index] for index in sorted(found))
        return [rule for rule in rules if not rule.near or reachable & rule.near[0]]


class WordAt(NamedTuple):
    """A word of the catalogue in a page: its span, and the indicators of which some alias asks for it."""

    start: int
    end: int
    codes: frozenset[str]


class WordIndex:
    """Where the catalogue's words stand in one text: for each, in the order of the text, its span and its bits."""

    def __init__(self, hits: Sequence[tuple[int, int, int, int]]) -> None:
        self._hits = hits
        self._starts = [hit[0] for hit in hits]

    def zone(self, *stretches: tuple[int, int], offset: int = 0) -> Zone:
        """The words that stand wholly inside one of the stretches, which are counted from `offset`."""
        words = topics = 0
        for first, last in stretches:
            reached = last - offset
            low, high = bisect_left(self._starts, first - offset), bisect_left(self._starts, reached)
            for _, end, word, topic in self._hits[low:high]:
                if end <= reached:
                    words |= word
                    topics |= topic
        return Zone(words, topics)

    def hits(self, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """Span and bit of each word that stands wholly inside a stretch."""
        for start, end, word, _ in self._hits[bisect_left(self._starts, first) : bisect_left(self._starts, last)]:
            if end <= last:
                yield start, end, word


class Fit(NamedTuple):
    """How far the words around a number speak for one indicator, by the alias that fits best.

    Attributes:
        code: the indicator.
        own: how many of the groups of words that the alias wants in the number's own clause stand there.
        wanted: how many it wants there.
        level: how far one must go for the farthest of its groups: 0 the own words, then the zones in their order.
        missing: how many of its groups stand nowhere.
        length: of the longest words found, added up.
        foreign: whether the own words have a subject that the alias does not know.
        ruled_out: whether the own words hold one that rules the alias out.
        blocked: whether such a word stands where the farthest group was found.
    """

    code: str
    own: int
    wanted: int
    level: int
    missing: int
    length: int
    foreign: bool
    ruled_out: bool
    blocked: bool


ALL_KINDS = frozenset(["standard", "stock", "flow", "rate", "amount"])
SMALL_MONEY = frozenset(["standard"])
_LARGE_MONEY = frozenset(["amount", "stock"])
_NO_STANDARD, _HARDLY_A_STANDARD = 100_000, 20_000  # CNY


def kinds_of(number: Number) -> frozenset[str]:
    """The kinds of indicator that a number printed so can be: no standard is paid in 亿元, no sum is counted in 元."""
    if number.unit != "CNY":
        return ALL_KINDS
    if "万" in number.counter or "亿" in number.counter or number.value >= _NO_STANDARD or not number.counter:
        return _LARGE_MONEY
    return SMALL_MONEY | _LARGE_MONEY if number.value >= _HARDLY_A_STANDARD else SMALL_MONEY


class Matcher:
    """The catalogue's aliases, ready to be asked; built once a process."""

    def __init__(self, catalog: Catalog) -> None:
        vocabulary = {
            word
            for alias in catalog.aliases
            for group in (*alias.own, *alias.near, alias.tolerated, alias.without)
            for word in group
        } | set(catalog.topics)
        self._vocabulary = sorted(vocabulary)
        bit = {word: 1 << index for index, word in enumerate(self._vocabulary)}
        self._bit_of = [bit[word] for word in self._vocabulary]
        self._lengths = [len(word) for word in self._vocabulary]
        self._longest = functools.lru_cache(maxsize=4096)(self._find_longest)
        self._bit = bit
        self._topic_bits = _mask(catalog.topics, bit)
        self._topic_of = [bit & self._topic_bits for bit in self._bit_of]
        self._people_bits = _mask(catalog.people & vocabulary, bit)
        self._verb_bits = _mask(catalog.verbs & vocabulary, bit)
        self._counters = {word[1:]: bit[word] for word in self._vocabulary if word[0] == "#"}
        self._right_before = {word[1:]: bit[word] for word in self._vocabulary if word[0] == "<"}
        self._right_behind = {word[1:]: bit[word] for word in self._vocabulary if word[0] == ">"}
        self._lengths_before = _lengths_by(self._right_before, -1)
        self._lengths_behind = _lengths_by(self._right_behind, 0)
        self._automaton = AhoCorasick(self._vocabulary, matchkind=MatchKind.Standard)
        self.indicators = catalog.indicators
        rules: dict[str | None, list[_Rule]] = defaultdict(list)
        for alias in catalog.aliases:
            rule = self._rule(alias, catalog.indicators[alias.indicator].kind, bit)
            for unit in {None, *(alias.units or {catalog.indicators[alias.indicator].unit})}:
                rules[unit].append(rule)
        self._rules = {unit: _Rules(of_unit) for unit, of_unit in rules.items()}
        asking: dict[int, set[str]] = defaultdict(set)
        for rule in rules[None]:
            for group in (*rule.own, *rule.near):
                for word in _bits(group):
                    asking[word].add(rule.code)
        self.asking = {word: frozenset(codes) for word, codes in asking.items()}

    @staticmethod
    def _rule(alias: Alias, kind: str, bit: dict[str, int]) -> _Rule:
        own = tuple(_mask(group, bit) for group in alias.own)
        near = tuple(_mask(group, bit) for group in alias.near)
        asked = [word for group in (*alias.own, *alias.near) for word in group]
        return _Rule(
            code=alias.indicator,
            kind=kind,
            own=own,
            near=near,
            groups=own + near,
            # A word that the rule itself asks for does not rule it out, even where a list of exclusions holds it.
            without=_mask(alias.without, bit) & ~_mask(asked, bit),
            words=_mask([*asked, *alias.tolerated], bit),
            reach=_REACHES.index(alias.reach),
            weight=alias.weight,
        )

    def index(self, text: str) -> WordIndex:
        """Find all catalogue words of `text` in one pass."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        # The longer word first where two begin together, so that what lies inside another is seen after it.
        found.reverse()
        found.sort(key=itemgetter(1))
        hits: list[tuple[int, int, int, int]] = []
        reached = 0
        for word, start, end in found:
            topic = self._topic_of[word] if end > reached else 0  # 残疾人 inside 困难残疾人 is no subject of its own
            if topic:
                reached = end
            hits.append((start, end, self._bit_of[word], topic))
        return WordIndex(hits)

    def known(self, words: Iterable[str]) -> int:
        """Those of `words` that the catalogue knows."""
        return _mask((word for word in words if word in self._bit), self._bit)

    def unknown(self, text: str) -> str:
        """`text` without the words that say what is counted or done."""
        kept, reached = [], 0
        known = self._topic_bits | self._verb_bits
        for word, start, end in sorted(self._automaton.find_matches_as_indexes(text, overlapping=True), key=_begin):
            if not self._bit_of[word] & known:
                continue
            kept.append(text[reached:start])
            reached = max(reached, end)
        return "".join([*kept, text[reached:]])

    def uncovered(self, text: str) -> str:
        """`text` without any word that the catalogue knows."""
        kept, reached = [], 0
        for _, start, end in sorted(self._automaton.find_matches_as_indexes(text, overlapping=True), key=_begin):
            kept.append(text[reached:start])
            reached = max(reached, end)
        return "".join([*kept, text[reached:]])

    def beside(self, counter: str, before: str, after: str) -> int:
        """The marks of what touches a number: its counter, the word right before it, the word right behind it."""
        words = self._counters.get(counter, 0)
        plain = _VALUE_VERB.sub("", before) if before[-1:] in _ENDS_VALUE_VERB else before
        for length in self._lengths_before.get(plain[-1:], ()):
            words |= self._right_before.get(plain[-length:], 0)
        for length in self._lengths_behind.get(after[:1], ()):
            words |= self._right_behind.get(after[:length], 0)
        return words

    def subjects_of(self, zone: Zone) -> int:
        """The words of a zone that say what it is about, without those that say for whom."""
        return zone.topics & ~self._people_bits

    def verbs_of(self, zone: Zone) -> int:
        """The words of a zone that say what was done."""
        return zone.words & self._verb_bits

    def decide(
        self, unit: str | None, own: Zone, carried: Sequence[Zone], kinds: frozenset[str], *, part: bool = False
    ) -> str:
        """The code of the indicator that a number is about, or an empty string.

        Args:
            unit: the number's canonical unit; None where it is a change and may have any.
            own: the words of the number's own clause.
            carried: the words carried to it from the sentence, the paragraph and the section, in this order.
            kinds: the kinds of indicator that a number printed so can be: no standard is paid in 亿元.
            part: whether it counts a part that has a name of its own: then what is carried whole does not fit it.
        """
        best, second, code = 0.0, 0.0, ""
        reachable = own.words
        for zone in carried:
            reachable |= zone.words
        for rule in self._rules[unit].asking(own.words, reachable) if unit in self._rules else ():
            if part and not rule.own:
                continue
            if own.words & rule.without or rule.kind not in kinds:
                continue
            score = self._score(rule, own, carried)
            if score <= 0 or (rule.code == code and score <= best):
                continue
            if rule.code == code:
                best = score
            elif score > best:
                best, second, code = score, best, rule.code
            else:
                second = max(second, score)
        return code if best > second else ""

    def _score(self, rule: _Rule, own: Zone, carried: Sequence[Zone]) -> float:
        score = 0.0
        for group in rule.own:
            if not (hit := own.words & group):
                return 0.0
            score += self._longest(hit)
        # Whom it was done for does not change the subject: `募集善款…,救助困难群众3.4万人次`.
        foreign = own.topics & ~rule.words & ~(self._people_bits if rule.own else 0)
        for group in rule.near:
            if hit := own.words & group:
                score += self._longest(hit)
                continue
            if foreign:
                return 0.0
            for level in range(1, rule.reach + 1):
                zone = carried[level - 1] if level <= len(carried) else EMPTY
                if hit := zone.words & group:
                    # What is carried whole must not carry what rules it out: `新增低保对象…人,其中农村…人` counts no stock.
                    # … and where the own clause says but what was done, the subject must be the rule's: `建成家庭养老床位3150张,再添1480张`.
                    checked = self._topic_bits if rule.own else self._topic_bits | self._verb_bits
                    if not own.topics & rule.words and zone.words & rule.without & checked:
                        return 0.0
                    score += self._longest(hit) * _TRUST[level]
                    break
            else:
                return 0.0
        return max(score + rule.weight, 0.1)

    def fits(self, unit: str | None, zones: Sequence[Zone], kinds: frozenset[str]) -> list[Fit]:
        """For each indicator that some words speak for, how well: no verdict, but what a verdict can be weighed from.

        Args:
            unit: as for `decide`.
            zones: the number's own words, then what stands around them, the nearest first.
            kinds: as for `decide`.
        """
        rules = self._rules.get(unit)
        if rules is None:
            return []
        levels = [(level, zone.words) for level, zone in enumerate(zones) if zone.words]
        reachable = 0
        for _, words in levels:
            reachable |= words
        best: dict[str, Fit] = {}
        for rule in rules.touched(reachable):
            if rule.kind not in kinds:
                continue
            fit = self._fit(rule, zones, levels)
            if fit is not None and (rule.code not in best or _rank(fit) < _rank(best[rule.code])):
                best[rule.code] = fit
        return list(best.values())

    def _fit(self, rule: _Rule, zones: Sequence[Zone], levels: Sequence[tuple[int, int]]) -> Fit | None:
        """How well one rule fits, or None where all its groups stand nowhere, or more than one; `levels` are the words of zones."""
        wanted = len(rule.own)
        at_home = farthest = missing = length = 0
        for place, group in enumerate(rule.groups):
            for level, words in levels:
                if hit := words & group:
                    length += self._longest(hit)
                    farthest = max(farthest, level)
                    at_home += not level and place < wanted
                    break
            else:
                if missing or len(rule.groups) == 1:
                    return None
                missing = 1
        own, without = zones[0], rule.without
        return Fit(
            rule.code,
            at_home,
            wanted,
            farthest,
            missing,
            length,
            bool(own.topics & ~rule.words & ~(self._people_bits if wanted else 0)),
            bool(own.words & without),
            farthest > 0 and bool(zones[farthest].words & without),
        )

    def _find_longest(self, words: int) -> int:
        longest = 0
        while words:
            low = words & -words
            longest = max(longest, self._lengths[low.bit_length() - 1])
            words ^= low
        return longest


class LineIndex:
    """Where the catalogue's words stand in a page, found line by line as the reading comes to them.

    Only the lines asked for last are held: a page of ten megabytes takes no more memory than its longest line.
    """

    def __init__(self, matcher: Matcher, text: str) -> None:
        self._matcher, self._text = matcher, text
        self._start, self._end = 0, -1
        self._line = WordIndex([])
        self._zones: dict[tuple[int, int], Zone] = {}  # of the line; a clause is asked for by each of its numbers

    def zone(self, *stretches: tuple[int, int]) -> Zone:
        """The words that stand wholly inside one of the stretches, all of which lie in one line."""
        self._turn_to(stretches[0][0])
        if len(stretches) > 1:
            return self._line.zone(*stretches, offset=self._start)
        zone = self._zones.get(stretches[0])
        if zone is None:
            zone = self._zones[stretches[0]] = self._line.zone(*stretches, offset=self._start)
        return zone

    def words(self, first: int, last: int) -> Iterator[WordAt]:
        """The words inside a stretch of one line that some alias asks for, in the order of the text."""
        self._turn_to(first)
        asking, offset = self._matcher.asking, self._start
        for start, end, word in self._line.hits(first - offset, last - offset):
            if codes := asking.get(word):
                yield WordAt(start + offset, end + offset, codes)

    def _turn_to(self, start: int) -> None:
        if not self._start <= start <= self._end:
            self._start = self._text.rfind("\n", 0, start) + 1
            stop = self._text.find("\n", start)
            self._end = len(self._text) if stop < 0 else stop
            self._line = self._matcher.index(self._text[self._start : self._end])
            self._zones.clear()


def _rank(fit: Fit) -> tuple[int, int, bool, bool, int, int]:
    return fit.missing, fit.wanted - fit.own, fit.ruled_out, fit.foreign, fit.level, -fit.length


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def _lengths_by(words: Iterable[str], position: int) -> dict[str, list[int]]:
    """The lengths of the words by their first or last character."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for word in words:
        lengths[word[position]].add(len(word))
    return {character: sorted(of_character) for character, of_character in lengths.items()}


def _begin(hit: tuple[int, int, int]) -> tuple[int, int]:
    return hit[1], hit[2]


def _mask(words: Iterable[str], bit: dict[str, int]) -> int:
    mask = 0
    for word in words:
        mask |= bit[word]
    return mask

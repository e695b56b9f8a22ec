"""The places that a stretch of text names: found once a sentence, asked for by clause, number and cell."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.places import Place, Places
from bulletins.reading.places import unknown
from bulletins.reading.places.boundaries import Boundaries
from bulletins.reading.places.names import ORDINARY, Name, names_of

_JOINTS = frozenset("、和与及")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
# A short name alone is as often a brand or a street; it is a place at the head of a clause, before its figure or what was done.
_SHORT_FOLLOWED = re.compile(
    r"(?:(?:城[市镇乡]|农村)?(?:低保|特困|五保|孤儿|残疾人|留守儿童|困境儿童)[^,。;、\d]{0,8})?(?:仅|只|则|已|也|共|各|均|约|近|为|是|达到?|有|占|发放|新增|新建|建成|完成|最[多少高低大小快慢]|居|增长|上升|下降|了|分别|依次|[\s:,]){0,4}\d"
)
_CITY_AND_VILLAGE = re.compile(r"农村|乡村|[县]城(?![区市])|乡镇|(?<!小)城镇|村[级居]")
_OF_TOWNSPEOPLE = re.compile(r"(?:居民)?(?:低保|最低生活|特困|三无|五保|居民|社区|困难)")
_OF_DISTRICT = re.compile(r"农村|城乡|民政局|政府|党委")
_TIME_AHEAD = re.compile(
    r"[\s\"“(]*(?:(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2}[.、)]|[①-⑳●◆■★])\s*)?(?:(?:截至|截止|到|至)?(?:20\d\d年度?(?:\d{1,2}月份?)?|\d{1,2}月份?|年)[底末初]?|今年|去年|上年|全年|目前|其中|[一二三四五六]是|同时|在|[:、,])*"
)
# `与青州的县级界线`, `赴南京`: named along the way, not as whom the figure is about.
_ALONG = re.compile(r"(?:会同|联合|对接)[^,。;\d]*$|[与和同赴向到自从比]$|签署|[高低]于$|对口")
# `占长沙市下达任务的124%`: who set the task is not whose the figure is.
_SETS_TASKS = re.compile(r"(?:民政局|政府)?(?:下达|要求|规定|交办|分配|考核|指导)")
_AND_OTHERS = re.compile(r"[^,]{0,6}等[地县区市]?")


class Subject(NamedTuple):
    """Whom a cell, a heading or a clause names as its subject.

    Attributes:
        name: the full official name of a listed place; of any other what is printed.
        kind: `place`: listed, or the home; `unknown`: a town, zone or farm that no list holds.
    """

    name: str
    kind: str


class Hit(NamedTuple):
    """One place named in a text: its span, its name, whether the list holds it, and whether a short form names it."""

    start: int
    end: int
    name: str
    listed: bool
    short: bool


Candidate = tuple[int, int, str]  # where a word stands that may name a place, and the word


class PageNames:
    """The candidates of one page, found in stretches that are read in order: one search for many sentences."""

    _STRETCH = 8192  # code points

    def __init__(self, reader: PlaceReader, text: str) -> None:
        self._reader, self._text = reader, text
        self._waiting: list[Candidate] = []
        self._reached = self._at = 0

    def spoken(self, start: int, end: int) -> Spoken:
        """The places that the sentence at `start` names; sentences are asked for in the order of the text."""
        if end > self._reached:
            self._reached = min(len(self._text), max(end, start + self._STRETCH))
            self._waiting, self._at = self._reader.candidates(self._text, start, self._reached), 0
        waiting, at = self._waiting, self._at
        while at < len(waiting) and waiting[at][0] < start:
            at += 1
        first = at
        while at < len(waiting) and waiting[at][0] < end:
            at += 1
        self._at = at
        return Spoken(self._reader, self._text, start, end, [each for each in waiting[first:at] if each[1] <= end])


class Spoken:
    """The places that one sentence names; spans are those of the page's text."""

    def __init__(self, reader: PlaceReader, text: str, start: int, end: int, candidates: Sequence[Candidate]) -> None:
        self._reader, self.text, self._span, self._candidates = reader, text, (start, end), candidates

    @functools.cached_property
    def _hits(self) -> Sequence[Hit]:
        return self._reader.judged(self.text, *self._span, self._candidates) if self._candidates else ()

    def names_any(self, start: int, end: int) -> bool:
        """Whether the span names a place."""
        return any(start <= hit.start and hit.end <= end for hit in self._hits)

    @property
    def is_bare(self) -> bool:
        """Whether nothing in the sentence looks like a place."""
        return not self._candidates

    @property
    def is_silent(self) -> bool:
        """Whether the sentence names no place."""
        return not self._hits

    def covers(self, at: int) -> bool:
        """Whether a place's name stands at `at`: the number of 二七区 counts nothing."""
        return any(hit.start <= at < hit.end for hit in self._hits)

    def hits_in(self, start: int, end: int) -> list[Hit]:
        """The places named in a span, in order."""
        return [hit for hit in self._hits if start <= hit.start and hit.end <= end]

    def named(self, start: int, end: int) -> list[str]:
        """Their names, in order."""
        return [hit.name for hit in _innermost(self.hits_in(start, end))]

    def without_all(self, spans: Iterable[tuple[int, int]]) -> str:
        """The text of several spans, joined, without the full names of places."""
        return "".join([self.without(start, end) for start, end in spans])

    def without(self, start: int, end: int) -> str:
        """The span's text without the full names of places: 涪城区 is no 城区."""
        if not self._hits:
            return self.text[start:end]
        return self._left_out(start, [hit for hit in self._others_in(start, end) if not hit.short], end)

    def bare(self, start: int, end: int) -> str:
        """The span's text without the places that it names, by short names too."""
        if not self._hits:
            return self.text[start:end]
        return self._left_out(start, self._others_in(start, end), end)

    def rest(self, start: int, end: int) -> str:
        """The span's text without any place, the home neither."""
        return self._left_out(start, self.hits_in(start, end), end)

    def _others_in(self, start: int, end: int) -> list[Hit]:
        """The places in a span but for the home, whose 市区 is no place: `漳州市区`."""
        return [hit for hit in self.hits_in(start, end) if hit.name != self._reader.home]

    def last_end(self, start: int, end: int) -> int:
        """Where the last place that the span names ends, or 0."""
        return max((hit.end for hit in self.hits_in(start, end)), default=0)

    def of(self, *spans: tuple[int, int]) -> str:
        """Whom stretches of a clause are about, where they say so: one place, 全省, 全国; else an empty string."""
        for start, end in spans if self._hits else ():
            if found := _innermost(self.hits_in(start, end)):
                names = {hit.name for span in spans for hit in _innermost(self.hits_in(*span))}
                if len(names) == 2:
                    names.discard(self._reader.home)  # `广安市在岳池县新建…`
                if len(names) == 1 and not _AND_OTHERS.match(self.text, found[-1].end, end):
                    return "" if self._is_along(start, found[0]) else names.pop()
                break
        start, end = spans[0] if spans else (0, 0)
        at = self.text.find("全", start, end)
        return self._reader.at_large(self.text, at) if at >= 0 and self._opens(start, at) else ""

    def _opens(self, start: int, at: int) -> bool:
        """Whether words open a stretch, behind those that say when: `2022年全国结婚登记…`."""
        if at == start:
            return True
        # `在全省创新开展…` is done by the home; `在全省16个州(市)中列第2位` counts the province's.
        ranked = self.text[at - 1] != "在" or _RANKED.match(self.text, at) is not None
        return ranked and _TIME_AHEAD.fullmatch(self.text, start, at) is not None

    def _is_along(self, start: int, place: Hit) -> bool:
        if _SETS_TASKS.match(self.text, place.end):
            return True
        before = self.text[start : place.start]
        # `现场会在武胜县召开`, `在尤溪县公益性骨灰楼前`; but `在二七区新增…`
        passing = before.endswith("在") and not (
            _TIME_AHEAD.fullmatch(before) and unknown.GOES_ON.match(self.text, place.end)
        )
        return bool(before) and (passing or _ALONG.search(before) is not None)

    def head(self, start: int, end: int) -> str:
        """The place that stands at the head of a clause as its subject: `在玄武区`, `2021年,玄武区新建…`."""
        inside = self.hits_in(start, end)
        if not inside or (inside[0].start > start and not _TIME_AHEAD.fullmatch(self.text, start, inside[0].start)):
            return ""
        found = _innermost(inside)
        if len({hit.name for hit in found}) != 1 or _AND_OTHERS.match(self.text, found[0].end, end):
            return ""
        return found[0].name

    def _left_out(self, start: int, hits: Sequence[Hit], end: int) -> str:
        kept, at = [], start
        for hit in hits:
            kept.append(self.text[at : max(at, hit.start)])
            at = max(at, hit.end)
        return "".join([*kept, self.text[at:end]])


class PlaceReader:
    """The places that a page of one home may speak of: what lies or lay in it, its province, the country, and unlisted ones."""

    def __init__(self, places: Places, home: Place | None, name: str, year: int, boundaries: Boundaries) -> None:
        self.home = name
        self._year, self._boundaries = year, boundaries
        self.is_county = home is not None and home.level == "county"
        self._names = names_of(places, home, year)
        province = places.province(home) if home is not None else None
        self._province = province.name if province else name
        above = places.parent(home) if home is not None else None
        self._parent = above.name if above is not None and self.is_county else name
        self._is_region = self._province.endswith("自治区") and not self.is_county
        self._words = sorted({*self._names, *([name] if name else []), *unknown.SUFFIXES})
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.Standard)
        self._last_characters = frozenset(word[-1] for word in self._words)
        self._never = {
            at: unknown.NEVER_BEFORE[word] for at, word in enumerate(self._words) if word in unknown.NEVER_BEFORE
        }
        self._suffixes = frozenset(unknown.SUFFIXES)
        self._cells = functools.lru_cache(maxsize=_CELLS)(self._spoken_cell)

    # --- sentences ------------------------------------------------------------------------------------------------------

    def spoken(self, text: str, start: int, end: int) -> Spoken:
        """The places that the sentence `text[start:end]` names."""
        return Spoken(self, text, start, end, self.candidates(text, start, end))

    def candidates(self, text: str, start: int, end: int) -> list[Candidate]:
        """What in a span may be a place's name or end like one, by where it begins, the longer first."""
        raw = self._automaton.find_matches_as_indexes(text[start:end], overlapping=True)
        never, words = self._never, self._words
        found = [
            (start + first, -(start + last), words[word])
            for word, first, last in raw
            if word not in never or text[start + first - 1] not in never[word]
        ]
        found.sort()
        return [(first, -last, word) for first, last, word in found]

    def judged(self, text: str, start: int, end: int, found: Sequence[Candidate]) -> Sequence[Hit]:
        """Those of the candidates of the sentence `text[start:end]` that name a place, in order."""
        taken: list[Hit] = []
        shorts: list[tuple[int, int, str]] = []
        suffixes: list[tuple[int, int]] = []
        for first, last, word in found:
            name = self._names.get(word)
            if word in self._suffixes and name is None:
                suffixes.append((first, last))
            elif name is not None and name.short:
                shorts.append((first, last, word))
            elif not _overlaps(taken, first, last) and self._holds(text, start, end, first, last, name, taken):
                taken.append(Hit(first, last, name.place if name else self.home, listed=True, short=False))
        taken += self._unlisted(text, start, end, suffixes, taken)
        taken += self._members(text, start, suffixes, taken)
        taken += self._by_short_name(text, start, end, shorts, taken)
        return sorted(taken)

    def _holds(
        self, text: str, start: int, end: int, first: int, last: int, name: Name | None, taken: Sequence[Hit]
    ) -> bool:
        """Whether a full name is one where it stands."""
        opened = any(hit.end == first or (hit.end == first - 1 and text[hit.end] in _JOINTS) for hit in taken)
        everyday = name is not None and name.everyday
        if not self._boundaries.hold(text, first, last, everyday=everyday, opened=opened):
            return False
        if name is None or not everyday:
            return True
        stated = [int(year) for year in _YEAR.findall(text, start, end)]
        if not name.borne([self._year, *stated]):
            return False
        return name.word not in ORDINARY or self._is_district(text, start, end, first, last, taken)

    def _is_district(self, text: str, start: int, end: int, first: int, last: int, taken: Sequence[Hit]) -> bool:
        """Whether 城区, 郊区 or 矿区 is the district of that name and not a part of the city."""
        if _OF_DISTRICT.match(text, last, end) or (taken and taken[-1].end == first and taken[-1].name == self.home):
            return True
        others = [word for word in self._names if word != text[first:last] and word in text[start:end]]
        if any(word in ORDINARY or not self._names[word].short for word in others):
            return True
        return not (_CITY_AND_VILLAGE.search(text, start, end) or _OF_TOWNSPEOPLE.match(text, last, end))

    def _unlisted(
        self, text: str, start: int, end: int, suffixes: Sequence[tuple[int, int]], taken: Sequence[Hit]
    ) -> Iterator[Hit]:
        """The towns, zones and farms that no list holds."""
        reached = start
        for first, last in suffixes:
            if first < reached:
                continue
            if any(other > last and begin <= first for begin, other in suffixes) or _overlaps(taken, first, last):
                continue
            floor = max([reached, *(hit.end for hit in taken if hit.end <= first)])
            if text[first:last] in unknown.LISTED_ONLY:
                continue
            begin = unknown.name_before(self._boundaries.tokenizer, text, first, last, floor)
            if begin >= 0 and unknown.GOES_ON.match(text, last, end):
                reached = last
                yield Hit(begin, last, text[begin:last], listed=False, short=False)

    def _members(self, text: str, start: int, suffixes: Sequence[tuple[int, int]], taken: Sequence[Hit]) -> list[Hit]:
        """The towns that only their list shows to be such: `府城街道11个、滨江街道9个`, and one that heads a line: `高墟镇:…`."""
        found: list[Hit] = []
        for first, last in suffixes:
            longer = any(other > last and begin <= first for begin, other in suffixes)
            if longer or _overlaps([*taken, *found], first, last) or text[first:last] not in unknown.MEMBERS:
                continue
            floor = max([start, *(hit.end for hit in (*taken, *found) if hit.end <= first)])
            begin = unknown.member_before(text, first, last, floor)
            joined = begin > 0 and text[begin - 1] in _JOINTS and any(hit.end == begin - 1 for hit in (*taken, *found))
            if begin >= 0 and (joined or unknown.goes_on_as_member(text, last)):
                found.append(Hit(begin, last, text[begin:last], listed=False, short=False))
        heads = len(found) == 1 and found[0].start == start and text.startswith(":", found[0].end)
        in_company = len(found) > 1 or any(not hit.listed or hit.name != self.home for hit in taken)
        return found if heads or in_company else []

    def _by_short_name(
        self, text: str, start: int, end: int, shorts: Sequence[tuple[int, int, str]], taken: Sequence[Hit]
    ) -> Iterator[Hit]:
        """The places named by a short form: in company (`三台、盐亭等县`), or at the head of a clause before a figure."""
        if not shorts:
            return
        # `昌吉、阜康两站` of a page of 昌吉州 is of the city of that name: the home keeps no company with what lies in it.
        inside = [short for short in shorts if self._names[short[2]].place != self.home]
        joined = sorted([*inside, *((hit.start, hit.end, "") for hit in taken)], key=_longest_first)
        companies = list(_companies(text, joined))
        reached = start
        for first, last, word in shorts:
            if first < reached or _overlaps(taken, first, last):
                continue
            in_company = any(begin <= first and last <= until for begin, until in companies)
            bounded = first == start or text[first - 1] in "而则" or not "\u4e00" <= text[first - 1] <= "\u9fff"
            if in_company or (bounded and _SHORT_FOLLOWED.match(text, last, end)):
                reached = last
                yield Hit(first, last, self._names[word].place, listed=True, short=True)

    def at_large(self, text: str, at: int) -> str:
        """The province or the country where words begin with 全省 or 全国."""
        if text[at : at + 1] != "全":
            return ""
        if text.startswith(("全省", "全自治区"), at) or (self._is_region and text.startswith("全区", at)):
            return self._province
        return "全国" if _NATION.match(text, at) else ""

    def of_average(self, lead: str) -> str:
        """Whose average the words right before a number speak of: `低于全省平均的38张`; else an empty string."""
        if "均" not in lead or (stated := _AVERAGE.search(lead)) is None:
            return ""
        whole = stated.group(1) or stated.group(2)
        return "全国" if whole == "全国" else self._province if whole in ("全省", "全区") else self._parent

    # --- cells and headings ---------------------------------------------------------------------------------------------

    def subject(self, cell: str) -> Subject | None:
        """The place that a table's cell or a heading names and nothing else: there a short name is enough.

        Returns:
            A listed place or the home, a town or zone that no list holds, or None.
        """
        if len(cell) > _LONGEST_SUBJECT:
            return None
        words = _AROUND_CELL.sub("", cell)
        if words[-1:] not in self._last_characters:
            return None
        if words in self._names:
            return Subject(self._names[words].place, "place")
        if words == self.home and words:
            return Subject(self.home, "place")
        hits = self.spoken(words, 0, len(words)).hits_in(0, len(words))
        whole = _innermost(hits)
        if len(whole) == 1 and hits[0].start == 0 and whole[0].end == len(words):
            return Subject(whole[0].name, "place" if whole[0].listed else "unknown")
        return None

    def exactly(self, cell: str) -> str:
        """The name of the place that a cell names and nothing else, or an empty string."""
        subject = self.subject(cell)
        return subject.name if subject and subject.name != self.home else ""

    def of(self, stretch: str) -> str:
        """Whom the words of a cell are about, where they say so."""
        spoken = self._cells(stretch)
        return "" if spoken.is_bare and "全" not in stretch else spoken.of((0, len(stretch)))

    def without(self, stretch: str) -> str:
        """The words of a cell without the full names of places."""
        return self._cells(stretch).without(0, len(stretch))

    def _spoken_cell(self, stretch: str) -> Spoken:
        return self.spoken(stretch, 0, len(stretch))


# `低于全省平均的38张`, `为全省平均数5328元的93.9%`; but what stands behind `高于全省平均水平` is how far.
_AVERAGE = re.compile(
    r"(全[省市国区])(?:的)?(?:平均|均值)(?:水平|标准|数|线|值)?的(?:约|近)?$"
    r"|(?<![于出过比])(全[省市国区])(?:的)?(?:平均|均值)(?:水平|标准|数|线|值)?(?:为|是|达)?(?:约|近)?$"
)
_RANKED = re.compile(r"全[省区国]\d")
# `全国结婚登记下降10.5%`; but `全国首批`, `全国示范性社区`, `全国综合减灾示范社区` are what something in the place is.
_NATION = re.compile(
    r"全国(?![^,。;\d]{0,14}(?:助残|政协|人大|妇联|劳模|道德|示范|先进|试点|文明|称号|优秀|百强|首|唯一|模范|表彰|奖|会议|实验|品牌|重点|[评获]|性|级|第))"
)
_CELLS = 2048  # of tables, whose places are kept: forms say the same again and again
_LONGEST_SUBJECT = 30  # code points: no name is longer, marks and all
_AROUND_CELL = re.compile(
    r"^(?:[\s#*]|其中[::]?|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.]\s*|\([一二三四五六七八九十\d]{1,2}\))+|[\s#*:]|(?:民政局|\(区\)|情况)$"
)


def _longest_first(hit: tuple[int, int, str]) -> tuple[int, int]:
    return hit[0], -hit[1]


def _overlaps(taken: Sequence[Hit], start: int, end: int) -> bool:
    return any(hit.start < end and start < hit.end for hit in taken)


def _innermost(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those right behind which another stands: of `南京市鼓楼区` the district."""
    return [hit for at, hit in enumerate(hits) if at + 1 == len(hits) or hits[at + 1].start != hit.end]


def _companies(text: str, hits: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """The stretches in which names stand joined: `三台、盐亭和梓潼`."""
    ends: dict[int, list[int]] = {}
    for start, end, _ in hits:
        ends.setdefault(start, []).append(end)
    reached = 0
    for start, first_ends in ends.items():
        for first in first_ends if start >= reached else ():
            last = first
            while text[last : last + 1] in _JOINTS and last + 1 in ends:
                last = ends[last + 1][0]
            if last > first:
                yield start, last
                reached = last
                break

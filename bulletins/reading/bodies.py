"""Which figures are of one body: a home, a firm, a foundation, a giver, a single case.

`市社会福利院失能照护楼床位320张`, `某公司捐赠20万元`, `张某获得3000元` are observations of the page's place under their own label and without the
code of the whole. A body is a head noun with a name before it; `农村敬老院床位3200张` and `敬老院22所` are of many and of the whole. What is
a head noun, and which words before it only say of what kind it is, is data: `catalog/bodies.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from bulletins.reading.mentions import Mention
from bulletins.reading.places import PlaceReader, Spoken
from bulletins.text.structure import Clause, Sentence
from bulletins.text.words import Tokenizer


class Body(NamedTuple):
    """One body named in a text.

    Attributes:
        start, end: its span.
        kind: `house`: a home with beds; `giver`: who gives or gets; `tier`: 市本级, a part of the city.
    """

    start: int
    end: int
    kind: str

    @property
    def is_house(self) -> bool:
        """Whether it is a home with beds."""
        return self.kind == "house"


_HEADS = ("seat", "house", "firm", "fund")
_LONGEST_NAME = 18  # code points before the head noun
# One of its kind in a city or county: `市社会福利院`, `县第一福利院`; but `全市福利院`, `市县福利院` are many.
_ADMINISTRATION = re.compile(r"[省市州盟县区旗](?![级属辖办直县区])")
_ORDINAL = re.compile(r"第[一二三四五六七八九十]+")
_MANY_BEFORE = re.compile(r"[全我各每两三四五六七八九十省市州盟县区旗乡镇街道、和与及\d]$")
# `敬老院22所`, `12家养老院`, `阳光养老院等5家机构`: counted, not named.
_COUNTED_BEHIND = re.compile(r"等|(?:共|约|近|达|有|总数|数量|已|增?至|到|发展|分别)*\d[\d.]*万?[余多]?[家所个处座]")
_COUNTED_BEFORE = re.compile(r"(?:\d|[一二三四五六七八九十百千]{2,}|[二三四五六七八九十])[余多]?[家所个处座名位户]$")
_COUNTED = re.compile(r"[两三四五六七八九十][家所个处座]|等$|[一二三四五六七八九十几多数]+[家所个处座]")
_BARE_SUBJECT = re.compile(r"(?:是|位于|坐落|始建|建于|占地|现有|设有|内设|现入住|目前|已投用|投入使用)")
_NAMED_PERSON = re.compile(r"某+|(?P<name>[\u4e00-\u9fff]{1,2})(?=[,、(捐获因患家是一得领])")
_UNNAMED = re.compile(r"化名|匿名|不愿透露姓名|不愿留名|不留姓名")
_ADJUNCT = re.compile(r"(?:依托|委托|通过|联合|会同|借助|参观|考察)$")
# What a firm or a person gives, gets or has.
_DEEDS = re.compile(
    r"捐|赠|出资|资助|赞助|认领|投资|帮扶|慰问|善款|低保|职工|员工|定向|救助|补助|补贴|获|领|得到|享受|申请|支付|花费|费用|医疗费|缴|报销|送|存款|积蓄"
)
_WHOLE = re.compile(
    r"[全我本][市县区州省盟旗](?!唯一|首|第|最|规模|一流|先进|领先|第一)|各[市县区镇乡地]|合计|总计|其他|其余|另外|全系统"
)
_OF_HOUSE = re.compile(
    r"床|入住|收住|收养|养育|在院|面积|占地|投资|造价|护理员|护工|员工|工作人员|科室|房间|楼|容纳|老人|老年人|孤儿|儿童|失能|供养|设备|设施"
)
_GOES_ON = re.compile(
    r"\s*(?:目前|现|院内|内设|设有?|配备?|总投资|总?建筑面积|占地|拥有|共有|可|入住|收住|在院|投资|其中|建成后|项目|规划|预计|计划|已|投用|建有)"
)
_SIZES = frozenset(["bed", "CNY", "m2"])
_SHARES = frozenset(["percent", "percentage_point", "ratio", "multiple"])
_KEPT_TOGETHER = re.compile(r"集中")
# `县社会福利中心主体完工,新增床位200张`: what is newly built is part of what the place newly built.
_BUILT = re.compile(r"新建|改建|扩建|建设|改造|建成|完工|竣工|开工|投用|投入使用|启用|落成")
_AFRESH = re.compile(r"全年|累计|共|合计|目前")
_TIME = re.compile(r"[\s一二三四五六七八九十是、()]*(?:(?:20\d\d|\d{1,2}|[今去上])[年月日]|其中|同时|此外)*,?")
_NEW = re.compile(r"新增|新建|(?<!总)投资(?!额)|投入")
_LONGEST_PURPOSE = 14  # code points between a sum and the house that it was spent on


class BodyFinder:
    """Finds the bodies that a sentence names; built once a process.

    Args:
        words: the words of each role, as in `catalog/bodies.csv`.
        tokenizer: cuts the words before a head noun.
    """

    def __init__(self, words: Mapping[str, Sequence[str]], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._role = {word: role for role in ("person", "same", "tier", *_HEADS[::-1]) for word in words[role]}
        self._deeds = frozenset(words["deed"])
        self._surnames = frozenset(words["surname"])
        self._indefinite = _any_of(words["indefinite"])
        self._kinds = _any_of(words["class"])
        self._kinds_behind = re.compile(rf"(?:{_any_of(words['class']).pattern})$")
        self._parts = re.compile(rf"(?:{_any_of(words['part']).pattern})+")
        self._words = sorted({*self._role, "某"})
        self._last_characters = frozenset(word[-1] for word in (*self._words, *words["part"]))
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def ends_like_one(self, text: str, end: int) -> bool:
        """Whether what ends at `end` ends like the name of a body."""
        return text[end - 1 : end] in self._last_characters

    def bodies(self, text: str, start: int, end: int, spoken: Spoken) -> list[Body]:
        """The bodies that `text[start:end]` names, in order."""
        found: list[Body] = []
        floor = start
        for word, first, last in self._automaton.find_matches_as_indexes(text[start:end]):
            body = self._judged(text, (start + first, start + last), self._words[word], floor, spoken)
            if self._words[word] != "某":
                floor = start + last
            if body is not None and body.end <= end:
                found.append(body)
                floor = body.end
        return found

    def _judged(self, text: str, head: tuple[int, int], word: str, floor: int, spoken: Spoken) -> Body | None:
        role = self._role.get(word, "person")
        if role in ("same", "tier"):
            return Body(
                *head, "tier" if role == "tier" else "giver" if word[1:] in ("公司", "企业", "集团") else "house"
            )
        if role == "person":
            return self._person(text, head, word, floor)
        tail = self._parts.match(text, head[1])
        end = tail.end() if tail else head[1]
        if _COUNTED_BEHIND.match(text, end):
            return None
        begin = self._name_before(text, head[0], floor, spoken, role, end)
        return Body(begin, end, "house" if role in ("seat", "house") else "giver") if begin >= 0 else None

    # --- a name before a head noun --------------------------------------------------------------------------------------

    def _name_before(self, text: str, head: int, floor: int, spoken: Spoken, role: str, end: int) -> int:
        """Where the name begins that a head noun ends, or -1 where it names no single body."""
        start = head
        while start > max(floor, head - _LONGEST_NAME) and (
            "\u4e00" <= text[start - 1] <= "\u9fff" or text[start - 1] in '“”"()'
        ):
            start -= 1
        if text[start - 1 : start].isdigit() and text[start] not in "年月日":
            return -1
        begin = self._behind_deed(text, start, head)
        if _ADJUNCT.search(text, floor, begin):
            return -1
        if indefinite := self._indefinite.search(text, begin, head):
            return -1 if text[begin:head].endswith("等") else indefinite.start()
        hits = [hit for hit in spoken.hits_in(start, head) if hit.end > begin or hit.end == begin]
        after = max([begin, *(hit.end for hit in hits)])
        begin = min([begin, *(hit.start for hit in hits)])
        rest = text[after:head]
        if _COUNTED_BEFORE.search(text, max(0, begin - 8), after) or _COUNTED.search(rest):
            return -1
        if not rest:
            return begin if self._is_placed_or_bare(text, begin, end, role, hits) else -1
        return begin if self._is_name(text, after, head, role, floor) else -1

    def _behind_deed(self, text: str, start: int, head: int) -> int:
        """Where the words end that say what was done, of those that stand before a head noun."""
        begin = at = start
        for word, tag in self._tokenizer.tag(text[start:head]):
            at += len(word)
            if word in self._deeds or (tag == "v" and len(word) > 1 and not self._kinds.fullmatch(word)):
                begin = at
        return begin

    @staticmethod
    def _is_placed_or_bare(text: str, begin: int, end: int, role: str, hits: Sequence[object]) -> bool:
        """Whether a head noun without a name is one house's: behind a place of which it is the only one, or telling of itself."""
        if hits:
            unlisted = any(not getattr(hit, "listed", True) for hit in hits)
            return role == "seat" or (unlisted and role == "house")
        opens = begin == 0 or not "\u4e00" <= text[begin - 1] <= "\u9fff"
        return role == "seat" and opens and _BARE_SUBJECT.match(text, end) is not None

    def _is_name(self, text: str, start: int, head: int, role: str, floor: int) -> bool:
        """Whether what stands before a head noun is a name and not a kind: `阳光`, `市`, `市第一`; not `农村`, `公办`."""
        at = start
        administration = _ADMINISTRATION.match(text, at, head)
        if administration is not None:
            if start > floor and _MANY_BEFORE.search(text, start - 1, start):
                return False
            at = administration.end()
        ordinal = _ORDINAL.match(text, at, head)
        at = ordinal.end() if ordinal else at
        core = self._core(text[at:head])
        if not core:
            kinds_only = text[at:head] == "" or ordinal is not None
            return role == "seat" and kinds_only and (administration is not None or ordinal is not None)
        return len(core) > 1 or "某" in core or "”" in core

    def _core(self, words: str) -> str:
        """What is left of words without those that only say of what kind something is."""
        words = words.replace("(", "").replace(")", "")
        while found := self._kinds.match(words):
            words = words[found.end() :]
        while words and (found := self._kinds_behind.search(words)):
            words = words[: found.start()]
        return words.strip("、")

    # --- a person -------------------------------------------------------------------------------------------------------

    def _person(self, text: str, head: tuple[int, int], word: str, floor: int) -> Body | None:
        """One person: `一位老人`, `李女士`, `市民张某`, `陈某`; not `老人`, `每位老人`."""
        first, last = head
        before = text[max(floor, first - 8) : first]
        if word == "某":
            return Body(first - 1, last, "giver") if before[-1:] in self._surnames else None
        if found := _last(self._indefinite, before):
            if not re.search(r"[每各任](?:$|.)", before[: found.start()][-2:]):
                return Body(first - len(before) + found.start(), last, "giver")
            return None
        if before[-1:] in self._surnames and not "\u4e00" <= before[-2:-1] <= "\u9fff" and len(word) > 1:
            return Body(first - 1, last, "giver")
        if text[last : last + 1] not in self._surnames or (named := _NAMED_PERSON.match(text, last + 1)) is None:
            return None
        is_name = "某" in named.group() or self._tokenizer.tag(text[last : named.end()])[0][1] == "nr"
        return Body(first, named.end(), "giver") if is_name else None


class Bodies:
    """Keeps which body the text of one page speaks of; asked number by number, in the order of the text."""

    def __init__(self, finder: BodyFinder, text: str, places: PlaceReader) -> None:
        self._finder, self._text, self._places = finder, text, places
        self._found: list[Body] = []
        self._held: Body | None = None  # from the sentence before or the heading
        self._heading: Body | None = None
        self._clauses: Sequence[Clause] = ()
        self._line = -1
        self._passed: tuple[Sentence, Spoken] | None = None  # the sentence before, where it had no numbers

    def enter(self, heading: tuple[int, int]) -> None:
        """Come to a heading: it may name a body and nothing else."""
        self._heading = None
        if not self._finder.ends_like_one(self._text, heading[1]):
            return
        found = self._finder.bodies(self._text, *heading, self._places.spoken(self._text, *heading))
        whole = len(found) == 1 and found[0].start == heading[0] and found[0].end == heading[1]
        self._heading = found[0] if whole else None

    def begin(self, sentence: Sentence, spoken: Spoken) -> None:
        """Come to a sentence with numbers."""
        goes_on = sentence.line == self._line and _GOES_ON.match(self._text, sentence.start) is not None
        if goes_on and self._passed is not None:
            self._found = self._finder.bodies(self._text, self._passed[0].start, self._passed[0].end, self._passed[1])
        last = self._found[-1] if self._found else self._held
        self._held = last if goes_on else self._heading
        self._line, self._passed = sentence.line, None
        self._clauses = sentence.clauses
        self._found = self._finder.bodies(self._text, sentence.start, sentence.end, spoken)
        if not self._found and _UNNAMED.search(self._text, sentence.start, sentence.end):
            self._found = [Body(match.start(), match.end(), "giver") for match in self._unnamed(sentence)]

    def _unnamed(self, sentence: Sentence) -> Iterator[re.Match[str]]:
        return _UNNAMED.finditer(self._text, sentence.start, sentence.end)

    def pass_over(self, sentence: Sentence, spoken: Spoken) -> None:
        """Pass over a sentence without numbers; what it names is looked for if the next goes on about it."""
        self._found, self._held = [], self._heading
        self._line, self._passed = sentence.line, (sentence, spoken)

    def of(self, mention: Mention, spoken: Spoken) -> Body | None:
        """The body that a number is of, if it is one's."""
        if not self._found and self._held is None:
            return None
        number = mention.number
        if number.unit in _SHARES or _KEPT_TOGETHER.search(self._text, mention.clause.start, number.start):
            return None  # `护理型床位占比达到60%`, `市儿童福利院集中养育62名`: of all of the place
        before = [body for body in self._found if body.end <= number.start]
        body = before[-1] if before else self._held
        if body is not None and self._reaches(body, mention, spoken):
            return body
        return self._behind(mention)

    def _reaches(self, body: Body, mention: Mention, spoken: Spoken) -> bool:
        """Whether a body before a number is its subject: in its clause, or until another subject or the whole is named."""
        text, start = self._text, mention.number.start
        begin = max(body.end, self._clauses[0].start if self._clauses else 0)
        if _WHOLE.search(text, begin, start) or (body.kind == "giver" and not self._is_deed(mention, body)):
            return False
        if (
            body.is_house
            and _NEW.search(text, mention.lead, start)
            and _BUILT.search(text, self._clauses[0].start, start)
        ):
            return False
        if body.end > mention.clause.start:
            return True
        if body.kind == "tier" or spoken.names_any(begin, start):
            return False
        if body.kind == "giver" and (_AFRESH.match(text, mention.clause.start) or not self._is_subject(body)):
            return False
        return not body.is_house or _OF_HOUSE.search(text, mention.clause.start, mention.clause.end) is not None

    def _is_subject(self, body: Body) -> bool:
        """Whether a body stands at the head of its clause or a sentence before."""
        starts = [clause.start for clause in self._clauses if clause.start <= body.start < clause.end]
        return not starts or _TIME.fullmatch(self._text, starts[0], body.start) is not None

    def _is_deed(self, mention: Mention, body: Body) -> bool:
        """Whether somebody gives or gets a number."""
        start = body.end if body.end > mention.clause.start else mention.clause.start
        return _DEEDS.search(self._text, start, min(mention.clause.end, mention.number.end + 12)) is not None

    def _behind(self, mention: Mention) -> Body | None:
        """The house behind a number of its clause that the number is spent on or tells of: `投资4800万元新建市社会福利院`."""
        end = mention.number.end
        for body in self._found:
            if end <= body.start < min(mention.clause.end, end + _LONGEST_PURPOSE) and body.is_house:
                between = self._text[end : body.start]
                total = "总投资" in self._text[mention.lead : end] or "的" in between
                return body if total and mention.number.unit in _SIZES and "、" not in between else None
        return None


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    return max(pattern.finditer(words), key=lambda match: match.start(), default=None)

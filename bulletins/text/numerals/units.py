"""The unit behind a number: counters and money as the catalogue names them, currencies, cut units, what a standard is paid per."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from bulletins.catalog import UnitWord

_PERIOD_WORD = {"月": "month", "年": "year", "天": "day", "日": "day"}
_WHOM = r"(?:人|户|名|床|具|例|位)"
# `元/人·月`, `元 / 人 / 年`, `元/月`
_PER_SLASH = re.compile(rf"\s?/\s?(?:每)?{_WHOM}?\s?[·./]?\s?(?:每)?([月年天日])(?:\s?[·./]\s?(?:人|户|名|床|位))?")
# `元(人/月)`
_PER_BRACKET = re.compile(r"\s?\((?:每)?人\s?[·./每]?\s?([月年])\)")
# `元每人每月`: is no part of the unit
_PER_BEHIND = re.compile(r"每人每([月年])(?![度末底初龄])")
_PER_OBJECT = re.compile(r"\s?/\s?(?:人次|人|户|例|具|次|张|床|餐|平方米|穴|位|名)(?!\s?[·./]\s?[月年])")

# `高出2.3个和5.3个百分点`: the unit stands once, behind the last.
_POINTS_FOLLOW = re.compile(r"(?:[、和与]\d+(?:\.\d+)?个?)+百分点")
_PAPER = re.compile(r"单|证|卡|照片|海报|问卷|票|图|纸|名片|光盘|网|表|券")
_NO_CARE_BED = re.compile(r"(?:折叠|行军)床[^,。;、\d]{0,3}$")
#: What is counted by the piece: elsewhere `200块` is money as people say it.
_PIECE = re.compile(r"[牌碑匾屏砖桩墙煤瓦皂墓]|标志|标识|[展黑木看]板|界石|[土用绿空宗]地|地块|田|草坪|电池|玻璃|橱窗")
_SENTENCE_MARK, _MARK = re.compile(r"[。;]"), re.compile(r"[,。;、:\n]")
#: A line that runs on to the next is one of running text: `附件5` and `兴义市 5904` are whole.
_WRAPPED, _WRAPPED_WITHIN = re.compile(r"[^\n |\t]{8,}$"), 12
_BRACKETED = re.compile(r"\(([十百千]?(?:万亿|[万亿])?|[百千])([^()\d\s]{1,4})\)")
_SHARE = {"成": UnitWord("成", "percent", 10.0), "折": UnitWord("折", "percent", 10.0)}
_BEHIND_UNIT = "元块"
_WORD_GOES_ON = {
    "口": "径岸",
    "元": "素旦宵老气首件",
    "对": "象策应",
    "人": "均",
    "处": "理置",
    "次": "性",
    "位": "于列",
}


class Unit(NamedTuple):
    """A unit as it stands behind a number.

    Attributes:
        word: what the catalogue says of it.
        end: where it ends in the text.
        per: the period that is paid for, where the unit itself says so.
    """

    word: UnitWord
    end: int
    per: str = ""


class UnitBook:
    """Finds units; made once from the catalogue's words."""

    def __init__(
        self, units: Iterable[UnitWord], currencies: Iterable[str], tenths: Iterable[str], fold: Iterable[str]
    ):
        self._by_first: dict[str, list[UnitWord]] = defaultdict(list)
        self._words = {unit.word: unit for unit in units}
        self._currencies = tuple(sorted(currencies, key=len, reverse=True))
        for name in self._currencies:
            self._words.setdefault(name, UnitWord(name, "other", 1.0))
        for word in sorted(self._words.values(), key=lambda unit: -len(unit.word)):
            self._by_first[word.word[0]].append(word)
        self._no_share = {"成": tuple(tenths), "折": tuple(fold)}
        names = "|".join(map(re.escape, self._currencies))
        self._currency_before = re.compile(rf"(?:{names})(?:约|近|超|逾|达|计|合计|共)?\s?$")
        self._currency_behind = re.compile(rf"\s?\(?(?:{names})\)?")
        self._currency_tails = frozenset(name[-2:] for name in self._currencies)
        self._currency_last = frozenset(name[-1] for name in self._currencies)
        self._currency_opens = frozenset(name[0] for name in self._currencies) | {" ", "("}

    def opened(self, pair: str) -> UnitWord | None:
        """The unit that two characters open whatever follows them; None where none does, or where it takes more to tell."""
        candidates = [
            word for word in self._by_first.get(pair[:1], ()) if len(word.word) == 1 or word.word[1] == pair[1:]
        ]
        longer = [word for word in candidates if len(word.word) > 1]
        if len(longer) > 1:
            return None
        return next(iter(longer or candidates), None)

    def goes_on(self, word: UnitWord, char: str) -> bool:
        """Whether the character behind a unit may make another of it: 口径, 元港币, 个月, 人(次)."""
        if char in _WORD_GOES_ON.get(word.word, "") or (word.word == "个" and char in "月亿、和与"):
            return True
        return word.unit == "CNY" and any(name.startswith(char) for name in self._currencies)

    def may_be_foreign(self, text: str, start: int) -> bool:
        """Whether a look for the name of a currency before `start` is worth it."""
        if self._currency_last.isdisjoint(text[max(0, start - 4) : start]):
            return False
        return any(text[max(0, at - 2) : at] in self._currency_tails for at in range(start, start - 4, -1))

    def behind(self, text: str, start: int, at: int) -> Unit | None:
        """The unit at `at`, behind a number that begins at `start`; one blank may stand between."""
        char = text[at : at + 1]
        if char == " " or char == "\n":
            if char == "\n" and not _WRAPPED.search(text, max(0, start - _WRAPPED_WITHIN), start):
                return None
            char, at = text[at + 1 : at + 2], at + 1
        candidates = self._by_first.get(char)
        if candidates is None:
            return self._share(text, at) if char in _SHARE else None
        for word in candidates:
            if len(word.word) == 1 or text.startswith(word.word, at):
                break
        else:
            return None
        end = at + len(word.word)
        if word.unit == "CNY":
            return self._money(text, start, end, word)
        return self._counter(text, start, end, word) if word.word in _SPECIAL else Unit(word, end)

    def _counter(self, text: str, start: int, end: int, word: UnitWord) -> Unit | None:
        """The units that what stands around makes another of."""
        if word.word in _WORD_GOES_ON and text[end : end + 1] in _WORD_GOES_ON[word.word] and end < len(text):
            return None
        if word.word == "个":
            if text.startswith("月", end):
                return None
            if text[end : end + 1] in "、和与" and _POINTS_FOLLOW.match(text, end):
                word = self._words["个百分点"]
        elif word.word in ("张", "床", "块"):
            word = self.counted(text, start, end, word)
        return Unit(word, end)

    def counted(self, text: str, start: int, end: int, word: UnitWord) -> UnitWord:
        """张, 床 and 块 by what they count: `宣传单5000张` are no beds; `床位达到6320床` are; `每月200块` is money."""
        if word.word == "块":
            near = _SENTENCE_MARK.split(text[max(0, start - 16) : start])[-1] + _MARK.split(text[end : end + 8])[0]
            spoken = _PIECE.search(near) is None
            return word._replace(unit="CNY") if spoken else word
        if _NO_CARE_BED.search(text, max(0, start - 6), start):
            return word._replace(unit="item")
        near = text[max(0, start - 24) : start] + text[end : end + 8]
        if word.word == "张" and "床" not in near and _PAPER.search(near):
            return word._replace(unit="item")
        return word._replace(unit="bed") if word.word == "床" and "床位" in near else word

    def _money(self, text: str, start: int, end: int, word: UnitWord) -> Unit | None:
        foreign = word.word in _YUAN and self.foreign_before(text, start)
        opens = text[end : end + 1] in self._currency_opens
        if opens and not foreign and (found := self._currency_behind.match(text, end)):
            foreign, end = True, found.end()
        if foreign:
            return Unit(UnitWord(text[end - 1 : end], "other", word.factor), end)
        char = text[end : end + 1]
        if char in "/ (每" and char:
            if (found := _PER_SLASH.match(text, end) or _PER_BRACKET.match(text, end)) is not None:
                return Unit(word, found.end(), _PERIOD_WORD[found[1]])
            if found := _PER_BEHIND.match(text, end):
                return Unit(word, end, _PERIOD_WORD[found[1]])
            if found := _PER_OBJECT.match(text, end):
                return Unit(word, found.end())
        return Unit(word, end)

    def _share(self, text: str, at: int) -> Unit | None:
        """成 and 折, but where they open another word: 成立, 折叠."""
        char = text[at]
        if text.startswith(self._no_share[char], at + 1):
            return None
        return Unit(_SHARE[char], at + 1)

    def bracketed(self, match: re.Match[str]) -> tuple[str, UnitWord] | None:
        """The scale and the unit that a bracket holds: `(万人)` is 万 and 人."""
        word = self._words.get(match[2])
        return None if word is None else (match[1], word)

    def in_bracket(self, text: str, at: int) -> re.Match[str] | None:
        """A bracket that opens at `at` and may hold a unit."""
        return _BRACKETED.match(text, at)

    def foreign_before(self, text: str, start: int) -> bool:
        """Whether the name of a currency stands right before `start`."""
        return self.may_be_foreign(text, start) and bool(self._currency_before.search(text, max(0, start - 8), start))


_SPECIAL = frozenset(["个", "张", "床", "块", *_WORD_GOES_ON])
_YUAN = frozenset(["元", "圆", "块", "元钱", "块钱"])

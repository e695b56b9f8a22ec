"""Numbers that count nothing: the words of `catalog/no_quantities.csv` around a numeral, and what they make of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bulletins.catalog import NoQuantity

_DURATION_IS_MEASURED = re.compile(r"(?:时长|时数|服务时间|时间累计|累计服务)[^,。;]{0,8}$")
_AGE_IS_MEASURED = re.compile(
    r"(?:平均[^,。;]{0,4}年龄|预期寿命|均龄|人均寿命)[^。;\d]{0,8}$|平均(?:为|约|近)?$"
    r"|(?:下降|上升|提高|降低|缩小|推迟|年轻|增加|增长|延长)[了约近]?(?:\d[\d.]*岁[和、与])?$"
)
_HELD = re.compile(r"(?:召开|组织|开展|举办|举行|主持)[^,。;]{0,8}$")
_REST = ("其余", "其他", "其它", "其余的", "其他的", "其它的")
_DIVISIONS = frozenset("县区市")
_MEASURED_HOURS = ("小时", "学时", "个小时", "个学时")
_AGES = ("岁", "周岁")


class NoQuantities:
    """Looks the words up; made once from the catalogue."""

    def __init__(self, entries: Iterable[NoQuantity]) -> None:
        self._behind: dict[str, list[NoQuantity]] = defaultdict(list)
        self._chinese_behind: dict[str, list[NoQuantity]] = defaultdict(list)
        self._whole: dict[str, list[NoQuantity]] = defaultdict(list)
        of_place: dict[str, set[str]] = defaultdict(set)
        for entry in sorted(entries, key=lambda entry: -len(entry.word)):
            of_place[entry.place].add(entry.word)
            if entry.place in ("behind", "chinese_behind"):
                self._chinese_behind[entry.word[0]].append(entry)
            if entry.place == "behind":
                self._behind[entry.word[0]].append(entry)
            elif entry.place == "whole":
                self._whole[entry.word[0]].append(entry)
        self.light = frozenset(of_place["light"])
        self._ahead: dict[str, tuple[str, ...]] = {
            last: tuple(word for word in of_place["ahead"] if word[-1] == last)
            for last in {word[-1] for word in of_place["ahead"]}
        }
        #: The characters with which such a word begins, so that most numbers need no further look.
        self.first = frozenset(self._behind) | _DIVISIONS

    def behind(self, text: str, start: int, at: int, *, chinese: bool = False) -> tuple[int, str, str] | None:
        """End, verdict and reason where the word at `at` makes the number before it none."""
        table = self._chinese_behind if chinese else self._behind
        for entry in table.get(text[at : at + 1], ()):
            end = at + len(entry.word)
            if not text.startswith(entry.word, at) or (entry.unless and text.startswith(entry.unless, end)):
                continue
            before = text[max(0, start - 20) : start]
            measured = (
                (entry.word in _MEASURED_HOURS and _DURATION_IS_MEASURED.search(before))
                or (entry.word in _AGES and ("." in text[start:at] or _AGE_IS_MEASURED.search(before)))
                or (entry.verdict == "ordinal" and _HELD.search(before))
            )
            return None if measured else (end, entry.verdict, entry.reason)
        if text[at : at + 1] in _DIVISIONS and text[max(0, start - 3) : start].endswith(_REST):
            return at + 1, "name", "区划个数"
        return None

    def may_open(self, pair: str) -> bool:
        """Whether a word that makes a number none may open with two characters."""
        if pair[:1] in _DIVISIONS:
            return True
        return any(
            pair.startswith(entry.word[:2]) or entry.word == pair[:1] for entry in self._behind.get(pair[:1], ())
        )

    def whole(self, text: str, start: int) -> tuple[int, str, str] | None:
        """End, verdict and reason where a word that holds numerals stands at `start`: 十四五, 三百六十行."""
        for entry in self._whole.get(text[start], ()):
            if text.startswith(entry.word, start):
                return start + len(entry.word), entry.verdict, entry.reason
        return None

    def belongs_ahead(self, text: str, start: int) -> bool:
        """Whether the character at `start` closes the word before it: 唯一, 人数."""
        words = self._ahead.get(text[start])
        return words is not None and text.endswith(words, max(0, start - 4), start + 1)

"""How far a place reaches: from a heading, a head with a colon, or the subject of a sentence, to the figures behind it.

`鼓楼区:低保对象1820人,特困人员96人`, `一、鼓楼区`, `在玄武区,建成…`, `玄武区新建…3个,完成…210户`: what is named once holds until another
place or the whole is said.
"""

from __future__ import annotations

import re

from bulletins.reading.places.reader import PlaceReader, Spoken
from bulletins.text.structure import Clause, Sentence

_ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?!\d)|[①-⑳●◆■▲※★·—-])"
)
_WHOLE = re.compile(r"(?<![占比与及于居])[全我本][市省州盟]|合计|总计|共计|其余|其他")
_OWN_WHOLE = re.compile(r"(?<![占比与及于居])[全该本][县区旗镇乡]")
_LEVELS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、$"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)$"),
    re.compile(r"\d{1,2}[、.]$"),
    re.compile(r"\(\d{1,2}\)$|\d{1,2}\)$"),
)


class Reach:
    """Keeps whom the headings, heads and subjects before a number name; state of one page, in the order of its text."""

    def __init__(self, reader: PlaceReader) -> None:
        self._reader = reader
        self._heading, self._level = "", 0
        self._line = self._subject = ""
        self._opening: tuple[Spoken, Sentence] | None = None  # of the line, whose head nobody has asked for
        self._figures = 0  # under the subject
        self._heads: list[str] = []

    def enter(self, text: str, heading: tuple[int, int]) -> None:
        """Come to a heading: it may be a place, part what a place's heading holds together, or end that."""
        before = text[text.rfind("\n", 0, heading[0]) + 1 : heading[0]].strip()
        level = next((rank for rank, mark in enumerate(_LEVELS, start=1) if mark.search(before)), 0)
        subject = self._reader.subject(text[slice(*heading)])
        if subject is not None:
            self._heading, self._level = subject.name, level
        elif level <= self._level:
            self._heading, self._level = "", level

    def begin(self, spoken: Spoken, sentence: Sentence, *, new_line: bool) -> None:
        """Come to a sentence."""
        self._subject, self._figures, self._heads = "", 0, []
        if new_line:
            self._line, self._opening = "", None if spoken.is_bare or not sentence.clauses else (spoken, sentence)

    def _open(self, spoken: Spoken, sentence: Sentence) -> str:
        """The place that heads a line: `鼓楼区:…`, `(一)鼓楼区…`."""
        first = sentence.clauses[0]
        item = _ITEM.match(spoken.text, first.start, first.end) is not None
        if not (item or first.separator == ":") or not (head := spoken.head(first.start, first.end)):
            return ""
        return head if item or self._reader.subject(spoken.text[first.start : first.end]) is not None else ""

    def clause(self, spoken: Spoken, clause: Clause) -> None:
        """Come to a clause: it may name a subject, several places, or the whole."""
        if not self._subject and (spoken.is_bare or not spoken.names_any(clause.start, clause.end)):
            return
        head = spoken.head(clause.start, clause.end)
        if head and head != self._subject:
            # `城关区320张,榆中县110张`: a list goes from place to place, and what stands behind it is of the whole.
            listing = self._figures == 1 and bool(self._heads)
            self._subject = "" if listing else head
            self._heads.append(head)
            self._figures = 0
        elif not head and (len(set(spoken.named(clause.start, clause.end))) > 1):
            self._subject = ""
        if _WHOLE.search(spoken.text, clause.start, clause.end):
            self._subject = ""

    def count(self) -> None:
        """Take note of a figure that stands under the subject."""
        self._figures += 1

    def whole_of(self, words: str) -> str:
        """The place within the home whose whole `全县` or `全区` means here; empty where it means the home's."""
        return self.place() if _OWN_WHOLE.search(words) and not self._reader.is_county else ""

    def place(self) -> str:
        """Whom a figure is about that names nobody itself; empty for the home."""
        if self._subject:
            return self._subject
        if self._opening is not None:
            self._line, self._opening = self._open(*self._opening), None
        return self._line or self._heading

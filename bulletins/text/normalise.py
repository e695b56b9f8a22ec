"""The text of a page in the form in which it is read, with the way back to what is printed.

Here belongs what makes two spellings of one thing equal: full-width and half-width forms, traditional and simplified
characters, blanks and breaks inside a number, pinyin that a converter left behind. Nothing here knows what a number means.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass

# Punctuation that the rules below and elsewhere want in one form only; each maps one character to one.
_PUNCTUATION = str.maketrans(
    {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "％": "%", "．": ".", "／": "/", "｜": "|",
     "－": "-", "–": "-", "—": "-", "―": "-", "−": "-", "～": "~", "〜": "~", "＋": "+", "＜": "<", "＞": ">", "［": "[",
     "］": "]", "﹪": "%", "·": "·", "・": "·", "•": "·", "‧": "·", "﹒": "·", "「": "“", "」": "”", "『": "“", "』": "”",
     "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\t": "\t", "㎡": "㎡"}
)  # fmt: skip

# 二〇一三年, character for character: 2013年.
_CHINESE_YEAR = re.compile(r"[一二][〇○零Oo0]{1}[〇○零Oo0一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = str.maketrans("〇○零Oo0一二三四五六七八九", "000000123456789")

_CJK = r"\u3400-\u9fff"
# `補(bǔ)貼`: a converter to traditional characters marks what it was not sure of.
_PINYIN = re.compile(rf"(?<=[{_CJK}])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{{1,6}}\)")
# Blanks beside digits: `3217 户`, `共有 36 家`, `17.4 %`, `960元 / 人 / 月`, `20 21年`.
_BLANK_BY_NUMBER = re.compile(
    rf"(?<=[\d.%])[ ]{{1,2}}(?=[{_CJK}%‰])|(?<=[{_CJK}])[ ]{{1,2}}(?=\d)|(?<=[\d万亿][个名张对家所处位户人])[ ]{{1,2}}(?=[{_CJK}])|(?<=[\d万亿] [个名张对家所处位户人])[ ]{{1,2}}(?=[{_CJK}])"
    rf"|(?<=[{_CJK}]) ?/ (?=[{_CJK}])|(?<=[{_CJK}]) (?=/)"
)
# Thousands set off by blanks: `12 345人`.
_THOUSANDS_BLANK = re.compile(rf"(?<![\d.,])\d{{1,3}}(?: \d{{3}})+(?=(?:\.\d+)?[ ]?[{_CJK}%])")
# A line that breaks between a number and its unit: `24.43⏎亿元`.
_BREAK_BEFORE_UNIT = re.compile(r"\n(?<=[\d.]\n)(?=[万亿]|元|个百分点|人[,。;、次]|户[,。;、]|[%‰])")
# A line that has columns: its blanks are boundaries. `社会工作专业人才 万人 0.49 1.1`, and its head `指标 单位 2015年 2020年`.
SINGLE_BLANKS = re.compile(
    r"[^,。;]*[\u4e00-\u9fff)] (?:[万亿]{0,2}[个人户张件对名家所处条元次%‰]{1,2}|张/千人|元/人[、·./]?[月年]|元/[月年]) +[≥≤]?[-—\d]|\s*\S+ (?:计量)?单位 20\d\d"
)
_WIDE_BLANKS = re.compile(r"\S {2,}(?=\S)")
_LONGEST_ROW = 400  # code points: a longer line is prose, whatever blanks it has


def is_row(line: str) -> bool:
    """Whether a line of normalised text has columns: pipes, tabs, wide blanks, or a unit set off between name and value."""
    if line.count("|") > 1 or "\t" in line:
        return True
    if " " not in line or len(line) > _LONGEST_ROW:
        return False
    return len(_WIDE_BLANKS.findall(line)) > 1 or SINGLE_BLANKS.match(line) is not None


class _Translation(dict[int, str | int]):
    """A table for `str.translate` that learns the characters that stay as they are: to find none is slow."""

    def __missing__(self, code: int) -> int:
        self[code] = code
        return code


@functools.cache
def _translation() -> _Translation:
    """One code point to one: full-width ASCII to half-width, traditional to simplified."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    table: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in range(0x4E00, 0xA000):
        simple = converter.convert(chr(code))
        if len(simple) == 1 and simple != chr(code):
            table[code] = simple
    table |= {key: str(value) for key, value in _PUNCTUATION.items()}
    # OpenCC takes these for traditional; in the trade's words they are not: 乾 in names, 著 in 显著.
    for keep in "乾著":
        table.pop(ord(keep), None)
    return _Translation(table)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as it is read, and where each part of it stands in what was printed.

    Attributes:
        text: the text in one spelling.
        printed: the text of the page, untouched.
    """

    text: str
    printed: str
    _starts: tuple[int, ...]  # positions in `text` from which on a further piece had been left out …
    _shifts: tuple[int, ...]  # … and how much had been left out in all up to there

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the page's text behind `text[start:end]`."""
        if not self._starts:
            return start, end
        return self._original(start), self._original(end - 1) + 1

    def _original(self, position: int) -> int:
        index = bisect_right(self._starts, position)
        return position + (self._shifts[index - 1] if index else 0)


def _year_in_digits(match: re.Match[str]) -> str:
    return match.group().translate(_YEAR_DIGITS)


def normalise(printed: str) -> Normalised:
    """Bring a page's text into one spelling; what is left out is remembered so that spans lead back."""
    text = _CHINESE_YEAR.sub(_year_in_digits, printed.translate(_translation()))
    gone: list[tuple[int, int]] = [match.span() for match in _PINYIN.finditer(text)]
    gone += [match.span() for match in _BREAK_BEFORE_UNIT.finditer(text)]
    end = -1
    for line in text.split("\n"):
        start, end = end + 1, end + 1 + len(line)
        if " " not in line or is_row(line):
            continue
        for pattern in (_BLANK_BY_NUMBER, _THOUSANDS_BLANK):
            for match in pattern.finditer(text, start, end):
                gone += [
                    (match.start() + at, match.start() + at + 1) for at, char in enumerate(match.group()) if char == " "
                ]
    if not gone:
        return Normalised(text, printed, (), ())
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    kept = last = shift = 0
    for start, end in sorted(set(gone)):
        if start < last:
            continue
        pieces.append(text[last:start])
        kept += start - last
        shift += end - start
        starts.append(kept)
        shifts.append(shift)
        last = end
    pieces.append(text[last:])
    return Normalised("".join(pieces), printed, tuple(starts), tuple(shifts))

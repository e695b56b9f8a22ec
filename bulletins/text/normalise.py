"""The text of a page in the form in which it is read, with the way back to what is printed.

Here belongs what makes two spellings of one thing equal: full-width and half-width forms, traditional and simplified
characters, radicals and letters that fonts put in the place of characters, blanks, breaks and invisible characters inside a number,
marks of notes behind it, arrows and signs that stand for words of change, pinyin that a converter left behind. Nothing here knows
what a number means.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bulletins.text.columns import is_head, is_labelled, values_at_end

# Punctuation that the rules below and elsewhere want in one form only; each maps one character to one.
_PUNCTUATION = str.maketrans(
    {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "％": "%", "．": ".", "／": "/", "｜": "|",
     "－": "-", "–": "-", "—": "-", "―": "-", "−": "-", "～": "~", "〜": "~", "＋": "+", "＜": "<", "＞": ">", "［": "[",
     "］": "]", "﹪": "%", "·": "·", "・": "·", "•": "·", "‧": "·", "﹒": "·", "「": "“", "」": "”", "『": "“", "』": "”",
     "\u3000": " ", "\xa0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\t": "\t", "㎡": "㎡"}
)  # fmt: skip

#: Radicals of the supplement that stand for a character of bulletins and that Unicode does not fold: some PDF fonts map to them.
_RADICALS = str.maketrans(
    "⺠⻚⻓⻔⻋⻉⻅⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻄⻘⻤⻣⻆⻁⻙⻑⺟⻳⺝⺼⺌⺍⻇⻊⻌⻍⻎⻏⻖⺩⺨⺮⺶⺷⺸⻞⻟",
    "民页长门车贝见风飞食马鱼鸟麦黄齐齿龙西青鬼骨角虎韦长母龟月月小小角足辶辶辶阝阝王犭竹羊羊羊食饣",
)
#: Characters that nobody sees: zero-width, directional and joining marks, soft hyphens, variation selectors, controls.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
    "\x00-\x08\x0e-\x1f\x7f]+"
)
#: Marks of notes between a number and its unit: `870②元`, `870[2]元`, `556[注1]人`, `12345*`. `国发2022[12]号` has none; 10⁴ is a power.
_NOTE_MARK = re.compile(
    r"(?<=\d)(?:(?:\[(?:注?\d{1,2}(?:[,、]\d{1,2})*|[①-⑳]|注|\*{1,3})\])+(?!号|\d)|[①-⑳]+(?!\d)|(?<!(?<!\d)10)[¹²³⁰⁴-⁹]+|\*{1,3}(?=\s*(?:[|\n,。;)人户张个元件对万亿%]|$)))"
)
_NOTE_CHARACTER = re.compile(r"[\[①-⑳¹²³⁰⁴-⁹*]")
#: `95·5%`, `12·8亿元`: a decimal point as it is printed. `3·15` and `5·12地震` are days.
_RAISED_POINT = re.compile(r"(?<=\d)·(?=\d+(?:[%‰]|万|亿|个百分点|元|倍))")
#: Arrows and signs in the place of a word of change, before a share: `↑3.1%`, `(+3.1%)`, `较上年▼4.5个百分点`.
_CHANGE_SIGN = re.compile(r"[↑↓⬆⬇▲△▼▽+](?= ?\d[\d,.]*(?:%|‰|个百分点))")
_CHANGE_WORDS = {**dict.fromkeys("↑⬆▲△+", "增"), **dict.fromkeys("↓⬇▼▽", "降")}
_CHANGE_SIGNS = {**dict.fromkeys("↑⬆▲△+", "+"), **dict.fromkeys("↓⬇▼▽", "-")}
_CHANGE_CHARACTER = re.compile(r"[↑↓⬆⬇▲△▼▽+]")
#: A negative share in brackets, alone in its cell: `(3.7)%`, `(3.7%)`.
_NEGATIVE_SHARE = re.compile(r"(?<=[|\t]) *\(\d[\d,.]*(?:\)[%‰]|[%‰]\))(?= *[|\t\n])")

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
# A line that breaks behind a comma goes on in the next, as far as that begins no item of a list.
_BREAK_BEHIND_COMMA = re.compile(r"[,、] *\n(?!\s)")
_SHORTEST_BROKEN = 7  # code points before the comma, without columns
_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.是]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?!\d)|第[一二三四五六七八九十]+[章节条]"
    r"|[①-⑳★●◆■▲※☆·【|]|-{2,}"
)
# Lines of a page that was wrapped at a fixed width: about how wide the widest is, how near to it the others reach, how many of
# these must break inside a sentence, and how short the last word leaves a line that does.
_WRAP_WIDTHS = range(36, 241)
_WRAP_FULL, _WRAP_LEAST, _WRAP_BROKEN = 0.85, 2, 0.7
_WIDE = re.compile("[\u2000-\U0010ffff]")
_WIDE_BLANKS = re.compile(r"\S {2,}(?=\S)")
_LONGEST_ROW = 400  # code points: a longer line is prose, whatever blanks it has


def is_row(line: str) -> bool:
    """Whether a line of normalised text has columns: pipes, tabs, wide blanks, or a unit set off between name and value."""
    if line.count("|") > 1 or "\t" in line:
        return True
    if " " not in line or len(line) > _LONGEST_ROW:
        return False
    if len(_WIDE_BLANKS.findall(line)) > 1 or SINGLE_BLANKS.match(line) is not None:
        return True
    return values_at_end(line) > 0 or is_labelled(line)


class _Translation(dict[int, str | int]):
    """A table for `str.translate`, one code point to one, that works out a character when it first comes.

    Of the tens of thousands that there are a text has some hundred, and to work out all takes longer than to read it.
    """

    def __missing__(self, code: int) -> str | int:
        self[code] = spelt = _spelt(code)
        return spelt


@functools.cache
def _translation() -> _Translation:
    return _Translation({key: str(value) for key, value in _PUNCTUATION.items()})


def _spelt(code: int) -> str | int:
    """The one spelling of a character: ASCII for full-width ASCII, simplified for traditional, the character that a form shows."""
    if 0xFF01 <= code < 0xFF5F:
        return chr(code - 0xFEE0)
    shown = _shown(chr(code)) if any(start <= code < end for start, end in _FORMS) else chr(code)
    spelt = _simplified(shown) if "\u4e00" <= shown < "\ua000" else shown
    return code if spelt == chr(code) else spelt


#: Kangxi radicals, compatibility ideographs, mathematical letters.
_FORMS = ((0x2E80, 0x2FD6), (0xF900, 0xFB00), (0x2F800, 0x2FA20), (0x1D400, 0x1D800))


def _shown(form: str) -> str:
    """The character that a form of it shows."""
    same = unicodedata.normalize("NFKC", form).translate(_RADICALS)
    return same if len(same) == 1 else form


def _simplified(character: str) -> str:
    simple: str = _converter().convert(character)
    return simple if len(simple) == 1 and character not in _KEPT else character


#: OpenCC takes these for traditional; in the trade's words they are not: 乾 in names, 著 in 显著.
_KEPT = "乾著"


@functools.cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class _Cuts:
    """What was left out of a text: positions in the rest from which on a further piece had been left out, and how much in all."""

    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def original(self, position: int) -> int:
        index = bisect_right(self.starts, position)
        return position + (self.shifts[index - 1] if index else 0)

    def left(self, position: int) -> int:
        """The other way: where in the rest what stood at `position` is; for what was left out, what follows it."""
        index = bisect_right(range(len(self.starts)), position, key=lambda each: self.starts[each] + self.shifts[each])
        placed = position - (self.shifts[index - 1] if index else 0)
        return min(placed, self.starts[index]) if index < len(self.starts) else placed


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text as it is read, and where each part of it stands in what was printed.

    Attributes:
        text: the text in one spelling.
        printed: the text of the page, untouched.
    """

    text: str
    printed: str
    _cuts: tuple[_Cuts, ...] = ()  # the last first

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the page's text behind `text[start:end]`."""
        last = end - 1
        for cuts in self._cuts:
            start, last = cuts.original(start), cuts.original(last)
        return start, last + 1

    def place(self, position: int) -> int:
        """Where in `text` the code point of the page's text at `position` stands; for one that was left out, what follows it."""
        for cuts in reversed(self._cuts):
            position = cuts.left(position)
        return position


def _year_in_digits(match: re.Match[str]) -> str:
    return match.group().translate(_YEAR_DIGITS)


def normalise(printed: str) -> Normalised:
    """Bring a page's text into one spelling; what is left out is remembered so that spans lead back."""
    seen, unseen = _without(printed, [match.span() for match in _INVISIBLE.finditer(printed)])
    text = _CHINESE_YEAR.sub(_year_in_digits, seen.translate(_translation()))
    gone: list[tuple[int, int]] = [match.span() for match in _PINYIN.finditer(text)]
    gone += [match.span() for match in _BREAK_BEFORE_UNIT.finditer(text) if not is_row(_line_of(text, match.start()))]
    gone += _breaks_in_sentences(text)
    if _NOTE_CHARACTER.search(text):
        gone += [match.span() for match in _NOTE_MARK.finditer(text)]
    if "·" in text:
        text = _RAISED_POINT.sub(".", text)
    if "%)" in text or ")%" in text or ")‰" in text:
        gone += [
            (closing, closing + 1)
            for match in _NEGATIVE_SHARE.finditer(text)
            for closing in [text.index(")", match.start())]
        ]
        text = _NEGATIVE_SHARE.sub(lambda match: match.group().replace("(", "-"), text)
    gone += _blanks_in_lines(text)
    if _CHANGE_CHARACTER.search(text):
        text = _CHANGE_SIGN.sub(_change_in_words, text)
    text, cuts = _without(text, gone)
    return Normalised(text, printed, tuple(layer for layer in (cuts, unseen) if layer.starts))


def _breaks_in_sentences(text: str) -> Iterator[tuple[int, int]]:
    """The line ends inside sentences: behind a comma, and wherever the lines of the page were wrapped at a fixed width."""
    for match in _BREAK_BEHIND_COMMA.finditer(text):
        comma, end = match.start(), match.end()
        start = text.rfind("\n", 0, comma) + 1
        start = max(start, text.rfind("|", start, comma) + 1, text.rfind("\t", start, comma) + 1)
        if comma - start < _SHORTEST_BROKEN:
            continue
        stop = text.find("\n", end)
        line, following = text[start:end], text[end : stop if stop >= 0 else len(text)]
        if following.strip() and not (_ITEM.match(following) or is_row(line) or is_row(following)):
            yield start + len(line.rstrip()), end
    yield from _wraps(text)


def _wraps(text: str) -> Sequence[tuple[int, int]]:
    """The line ends of a page whose lines were wrapped at a fixed width, where they stand inside a sentence."""
    lines = text.split("\n")
    widths = [0 if "|" in line or "\t" in line else _width(line) for line in lines]
    widest = max(widths)
    if widest not in _WRAP_WIDTHS:
        return ()
    broken: list[tuple[int, int]] = []
    full, at = 0, 0
    for line, width, following in zip(lines, widths, lines[1:], strict=False):
        end = at + len(line)
        at = end + 1
        open_ended = width >= _WRAP_BROKEN * widest and line.rstrip()[-1:] not in "。;!?:" and following.strip()
        if open_ended and not (_ITEM.match(following) or following[0] == " " or is_row(line) or is_row(following)):
            broken.append((end, at))
            full += width >= _WRAP_FULL * widest
    return broken if full >= _WRAP_LEAST else ()


def _width(line: str) -> int:
    """How many columns of a typewriter a line takes."""
    return len(line) + len(_WIDE.findall(line))


def _line_of(text: str, position: int) -> str:
    """What stands before `position` on its line."""
    return text[text.rfind("\n", 0, position) + 1 : position]


def _blanks_in_lines(text: str) -> Iterator[tuple[int, int]]:
    """The blanks beside and within numbers of running text; in rows they part columns."""
    end = -1
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        start, end = end + 1, end + 1 + len(line)
        if " " not in line or is_row(line) or (number < len(lines) and is_head(line, lines[number])):
            continue
        for pattern in (_BLANK_BY_NUMBER, _THOUSANDS_BLANK):
            for match in pattern.finditer(text, start, end):
                for at, character in enumerate(match.group(), match.start()):
                    if character == " ":
                        yield at, at + 1


def _change_in_words(match: re.Match[str]) -> str:
    """The word that an arrow stands for; in a cell, where the head says what changes, its sign."""
    text, start = match.string, match.start()
    line = text.rfind("\n", 0, start) + 1
    before = text[line:start].rstrip(" ")
    if before.endswith(("|", "\t")):
        return _CHANGE_SIGNS[match.group()]
    if match.group() == "+" and before[-1:].isalnum() and before[-1:].isascii():
        return "+"  # a sum
    return _CHANGE_WORDS[match.group()]


def _without(text: str, gone: list[tuple[int, int]]) -> tuple[str, _Cuts]:
    """A text without some spans of it, and the way back."""
    if not gone:
        return text, _Cuts()
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
    return "".join(pieces), _Cuts(tuple(starts), tuple(shifts))

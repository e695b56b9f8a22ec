"""What one cell of a table holds: figures, nothing, a code, a date, or words.

Here belongs the grammar of a cell by itself. Which unit and period a figure has is decided by the cells around it.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple


class Figure(NamedTuple):
    """One number of a cell.

    Attributes:
        start, end: from its first digit to the end of its unit, within the cell.
        digits_end: where its digits end.
        digits: the number as `float` takes it: `-1234.5`.
        high: the upper end of a range, else empty.
        tail: the unit words behind it, without blanks: `万人`, `%`.
        qualifier: exact, approx, ge or le.
        change: whether a word or an arrow before it says that something rose or fell: `下降12.48%`, `▲3.1`.
    """

    start: int
    end: int
    digits_end: int
    digits: str
    high: str
    tail: str
    qualifier: str
    change: bool


class Content(NamedTuple):
    """What a cell holds.

    Attributes:
        kind: `figures`, `empty` (blank, or a mark that stands for nothing), `year`, `period`, `date`, `code`, `words`.
        figures: of kind `figures`, in order; several where rows were fused into one cell.
    """

    kind: str
    figures: tuple[Figure, ...] = ()


EMPTY = Content("empty")
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+"
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_SIGN = r"[-+−－＋±]\s?"
_MARK = r"(?:[①-⑳⑴-⒇*※☆★#†‡¹²³]|\[\d{1,2}\])*"
_AT_LEAST = r">=|≥|≧|>|不少于|不低于|大于|超过|超|达到|[多余]于"
_AT_MOST = r"<=|≤|≦|<|不超过|不高于|小于|低于|少于|控制在"
_ABOUT = r"约|近|大约|≈"
_RISE = r"增长|增加|上升|提高|上涨|同比增长|[▲△↑]"
_FALL = r"下降|减少|降低|下跌|回落|同比下降|[▼▽↓]"
_FIGURE = re.compile(
    rf"(?P<lead>(?:{_AT_LEAST}|{_AT_MOST}|{_ABOUT}|{_RISE}|{_FALL}|为|共|:)?\s?)"
    rf"(?P<sign>{_SIGN})?(?P<digits>{_NUMBER})"
    rf"(?:\s?(?:[-~—–至]|到)\s?(?P<high>{_PLAIN}))?"
    rf"(?P<tail>\s?(?![月季日号周级岁届年])[^\d\s,.;:|*※①-⑳⑴-⒇\[][^\d,;|*※①-⑳⑴-⒇\[]{{0,9}})?(?P<mark>\s?{_MARK})"
)
_FUSED = re.compile(
    rf"(?:{_SIGN})?(?:{_PLAIN})(?:%|‰|[^\d\s,.|-]{{1,4}})?(?:\s+(?:{_SIGN})?(?:{_PLAIN})(?:%|‰|[^\d\s,.|-]{{1,4}})?)+"
)
_PAIR = re.compile(rf"(?:{_PLAIN})(?:%|[^\d\s,./|-]{{1,2}})?\s?/\s?(?:{_PLAIN})(?:%|[^\d\s,./|-]{{1,2}})?")
_PIECE = re.compile(rf"(?P<sign>{_SIGN})?(?P<digits>{_PLAIN})(?P<tail>%|‰|[^\d\s,./|-]{{1,4}})?")
_NOTHING = re.compile(r"[-—–…/\\\s*·.、﹣_~]*|无|缺|空")
_YEAR = re.compile(r"(?:19[5-9]\d|20[0-4]\d)\s*年?(?:度|末|底)?")
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d\s*年(?:度)?\s*)?(?:\d{1,2}\s*月?(?:份)?\s*[-—–~至]\s*)?(?:\d{1,2}\s*月(?:份|末|底)?(?:起|开始|以?后)?|第?[一二三四1-4]\s*季度|[上下]半年|全年)"
    r"|(?:19|20)\d\d[./-](?:0?[1-9]|1[0-2])|(?:19|20)\d\d\s*年?\s*[-—–~至]\s*(?:19|20)\d\d\s*年?"
)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?(?:起|开始|以?后)?(?:\s+[\d:]+)?|\d{1,2}月\d{1,2}日"
)
_GRADE = re.compile(r"[1-5]?A{1,5}级?|[1-5]\s?(?:A级|星级?)")
_CODE = re.compile(r"[A-Z]{1,5}\d{3,}[A-Z\d]*|\d{4}-\d{7,8}|0\d{2,3}-\d{7,8}|1[3-9]\d{9}|\d{12,}[\dXx]?")


@functools.lru_cache(maxsize=8192)
def content_of(text: str) -> Content:
    """What a cell with that text holds; `text` is of normalised spelling, on one line."""
    bare = text.strip()
    if not bare or _NOTHING.fullmatch(bare):
        return EMPTY
    if not any(character.isdigit() for character in bare):
        return Content("words")
    for kind, pattern in (("year", _YEAR), ("period", _PERIOD), ("date", _DATE), ("code", _CODE)):
        if pattern.fullmatch(bare):
            return Content(kind)
    if _GRADE.fullmatch(bare):
        return Content("words")
    offset = text.index(bare)
    if match := _FIGURE.fullmatch(bare):
        return Content("figures", (_figure(match, offset),))
    if _PAIR.fullmatch(bare):
        return Content("figures", tuple(_piece(match, offset) for match in _PIECE.finditer(bare)))
    if _FUSED.fullmatch(bare):
        return Content("figures", tuple(_piece(match, offset) for match in _PIECE.finditer(bare)))
    return Content("words")


def figure_of_year(text: str) -> Figure:
    """A cell that looks like a year (`2018`) as the figure that it is where its column says so."""
    match = _FIGURE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"«{text}» holds no number")
    return _figure(match, text.index(text.strip()))


def pieces_of(text: str) -> tuple[Figure, ...]:
    """The numbers of a cell that holds several rows: `312 345` beside two names is no 312345."""
    return tuple(_piece(match, 0) for match in _PIECE.finditer(text)) if _FUSED.fullmatch(text.strip()) else ()


def _figure(match: re.Match[str], offset: int) -> Figure:
    lead, tail = match["lead"].strip(), (match["tail"] or "").rstrip()
    sign = "-" if match["sign"] and match["sign"][0] in "-−－" else ""
    digits_end = match.end("high") if match["high"] else match.end("digits")
    qualifier = "exact"
    for name, words in (("ge", _AT_LEAST), ("le", _AT_MOST), ("approx", _ABOUT)):
        if lead and re.fullmatch(words, lead):
            qualifier = name
    bare_tail = "".join(tail.split())
    for behind, name in (("以上", "ge"), ("左右", "approx"), ("以下", "le"), ("以内", "le")):
        if bare_tail.endswith(behind):
            bare_tail, qualifier = bare_tail.removesuffix(behind), name
    start = match.start("sign") if sign else match.start("digits")
    end = match.start("tail") + len(tail) if tail else digits_end
    return Figure(
        start + offset,
        end + offset,
        digits_end + offset,
        sign + _clean(match["digits"]),
        _clean(match["high"] or ""),
        bare_tail,
        qualifier,
        bool(lead and re.fullmatch(rf"{_RISE}|{_FALL}", lead)),
    )


def _piece(match: re.Match[str], offset: int) -> Figure:
    sign = "-" if match["sign"] and match["sign"][0] in "-−－" else ""
    start = match.start("sign") if sign else match.start("digits")
    digits, tail = _clean(match["digits"]), match["tail"] or ""
    return Figure(
        start + offset, match.end() + offset, match.end("digits") + offset, sign + digits, "", tail, "exact", False
    )


def _clean(digits: str) -> str:
    return digits.replace(",", "").replace(" ", "")

"""The text of a page → every number in it, with its span and a verdict.

Here belongs the walk over the text: at every place where a number may stand, what opens there. A quantity with its unit, or a date,
an ordinal, an identifier, part of a name, furniture, or something that cannot be read, with the reason. Every run of digits and
every Chinese numeral of weight is read whole or gets a verdict whole; the rows that are not quantities are the ledger. What
a numeral is worth is in `numerals/grammar.py`, what stands around it in `numerals/quantities.py`; what a quantity is about is decided elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from bulletins.catalog import UnitWord, load_catalog
from bulletins.text.numerals.codes import code_at
from bulletins.text.numerals.dates import NEXT, chinese_date_end, date_end, hour_end
from bulletins.text.numerals.grammar import worth
from bulletins.text.numerals.no_quantities import NoQuantities
from bulletins.text.numerals.number import Number
from bulletins.text.numerals.parallel import told_before
from bulletins.text.numerals.plain import PlainNumbers
from bulletins.text.numerals.quantities import NO_UNIT, NOT_COMPOSED, Quantities
from bulletins.text.numerals.shares import Shares
from bulletins.text.numerals.tokens import DIGITS, GLUE, NUMBER_CHARACTERS, NUMERAL, RUN, SCALES, SEAMS
from bulletins.text.numerals.units import UnitBook
from bulletins.text.quantity import limit_around

__all__ = ["Number", "NumberFinder"]

_QUOTED = re.compile(r"“[^“”\n]{1,16}”|\"[^\"\n]{1,16}\"|《[^《》\n]{1,80}》|‘[^‘’\n]{1,16}’")
_INDENT = 40  # blanks before a list number at most
_WEB = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]+")
_MAIL = re.compile(r"[A-Za-z0-9_.]+@[A-Za-z0-9_.]+[A-Za-z]")
_IN_FURNITURE = re.compile(r"\d(?:[-/.:年月日〕] ?\d|[\d ](?=\d)|\d)*号?")
_STATISTICAL_IN_QUOTES = frozenset(["CNY", "percent", "percentage_point"])

_ORDINAL = re.compile(rf"第\s?(?:\d+|[{NUMERAL}]+)(?:[、和与至到-](?:\d+|[{NUMERAL}]+)(?=[届名号位条次期批]))*")
_RANK = re.compile(r"\d{1,2}(?=[名位])")
_RANKED = frozenset("省市国县区入列居名")
_BEFORE = GLUE | frozenset("第前([〔备.-_/ ")
_OPENINGS = frozenset("第〔[(")
_CELL_OPENS = frozenset(" \t|")
_CELL_CLOSES = frozenset([" |", *(f"\t{char}" for char in "0123456789\t-\n")])
_MOST_DATES = frozenset("年月")
_BEHIND = GLUE | NEXT | frozenset("分)]〕-:/.点+,")
_RAGGED = re.compile(r"[\d,.]*\d[万亿]?")

_PART_BEHIND = re.compile(rf"[@#?~/·.&^$%+*xX点 -]{{1,2}}[\d{NUMERAL}]|[A-Za-z][\d.]")
_WEAK = frozenset(" ,:;()、\n")
_SCALED = re.compile(r"[万亿]")
_REACHES = re.compile(
    r"(?:岁以上|岁及以上|达到?|增至|增加到|增长到|突破|超过?|减至|降至|[多少增减]了|[较比][^,。;]{2,16}的)$"
)
#: Characters that open a numeral only before certain others: 数百, 半成, 对折; 队伍 and 陆续 are words.
_NO_FIRST = {
    **dict.fromkeys("几数", frozenset("十百千万亿")),
    "半": frozenset("成数折个"),
    "对": frozenset("折"),
    **dict.fromkeys("壹贰叁肆伍陆柒捌玖", frozenset("壹贰叁肆伍陆柒捌玖拾佰仟百千万亿十点零分成折元")),
}
_LIGHT_BEHIND = frozenset("名人户家张对位件所处亩次项")
_BARE = frozenset("百千万亿")
_ABOUT = frozenset("近上超逾约过达破足")
_HEAVY_UNITS = frozenset(["CNY", "percent", "multiple", "percentage_point"])
_MONEY_ENDS = ("元", "币", "圆", "镑", "铢", "布", "郎")
_COUNTED = frozenset(["人", "名", "户", "对", "人次"])

_DIGIT = re.compile(r"\d")
_LAST_DIGIT = "9"  # characters behind it open numerals, or digits of other scripts
_TAKEN_UP = frozenset(["person", "CNY"])

Stretch = tuple[int, int]
_Stretch = tuple[int, int, str, str]  # with the verdict and the reason of what lies in it


class NumberFinder:
    """Finds the numbers of a text; made once from the catalogue's unit words."""

    def __init__(self, units: Iterable[UnitWord]) -> None:
        catalog = load_catalog()
        entries = catalog.no_quantities
        words = {place: [entry.word for entry in entries if entry.place == place] for place in ("tenths", "fold")}
        book = UnitBook(units, catalog.currencies, words["tenths"], words["fold"])
        self._words = NoQuantities(entries)
        self._quantities = Quantities(book, self._words)
        self._shares = Shares()
        self._plain = PlainNumbers(book, self._words)

    def find(self, text: str, furniture: Sequence[Stretch] = ()) -> Iterator[Number]:
        """Yield every number of `text` in order; those inside a span of `furniture` are furniture."""
        opaque, quotes = _Stretches(_opaque(text, furniture)), _Stretches(_quoted(text))
        last: Number | None = None
        unread: Number | None = None  # the number before, where it could not be read
        before: Number | None = None  # the number before, where it is a quantity
        exponent: int | None = None  # of its scale, where it has its unit from the list that it stands in
        position = closed = 0
        while match := RUN.search(text, position):
            start, end = match.span()
            if start >= opaque.next and (around := opaque.around(start)) is not None:
                number = _in_opaque(text, start, end, position, around)
                unread, before, position, closed = None, None, number.end, number.end
                if _DIGIT.search(text, number.start, position):
                    yield number
                continue
            if text[start] > _LAST_DIGIT:
                numbers = self._chinese(text, start, end, position)
            elif (plain := self._plain.read(text, start, end)) is None:
                numbers = self._digits(text, start, end, position)
            elif start >= quotes.next:
                numbers = (plain,)
            else:
                if plain.unit in _TAKEN_UP:
                    last = plain
                unread, before, exponent = None, plain, None
                position = closed = plain.end
                yield plain
                continue
            position = end
            if numbers and numbers[-1].end < end and text[numbers[-1].end].isdecimal():
                position = numbers[-1].end  # `1.53万80岁`: two numbers in one run
            for number in numbers:
                if number.end > position:
                    position = number.end
                told = None
                if number.verdict == "unread":
                    if number.reason == NO_UNIT and before is not None:
                        told = told_before(text, number, before, exponent)
                    if told is not None:
                        number = told.number
                    elif last is not None:
                        number = _gone_on(text, number, last)
                elif number.verdict == "quantity":
                    if _broken(self._words, text, unread, closed, number):
                        number = Number(number.start, number.end, "unread", "数字被空格或换行断开")
                    elif number.unit in _TAKEN_UP:
                        last = number
                if number.verdict == "unread":
                    unread = number
                else:
                    unread, closed = None, number.end
                before = number if number.verdict == "quantity" else None
                exponent = told.exponent if told is not None else None
                if start >= quotes.next and quotes.around(start) is not None and _is_name_in_quotes(number):
                    number = Number(number.start, number.end, "name", "引号或书名号内的名称")
                yield number

    def _digits(self, text: str, start: int, end: int, after: int) -> Sequence[Number]:
        """What opens with digits; `after` is where the number before it ended."""
        before, behind = text[start - 1 : start], text[end : end + 1]
        if behind in _MOST_DATES and before not in GLUE and (stop := date_end(text, start, end)) is not None:
            return (Number(start, stop, "date", "日期"),)
        if (
            behind
            and behind in " \t"
            and before in _CELL_OPENS
            and text[end : end + 2] in _CELL_CLOSES
            and end - start < 7
        ):
            return (self._quantities.cell(text, start, end),)
        if before == " " and text[start - 2 : start - 1] not in _OPENINGS:
            before = ""
        if (before in _BEFORE or behind in _BEHIND or end - start > 6 or "." in text[start:end]) and (
            special := self._special(text, start, end, after, before, behind)
        ):
            return (special,)
        return self._quantities.read(text, start, end)

    def _special(self, text: str, start: int, end: int, after: int, before: str, behind: str) -> Number | None:
        """What makes of digits a code, a date, a rank, a ratio, a fraction or a share in words; None for plain digits."""
        if behind and behind in "、.)" and (listed := _list_number(text, start, end, behind)) is not None:
            return listed
        if (code := code_at(text, start, end, after)) is not None:
            return code
        if behind == "," and "," in text[start:end] and text[end + 1 : end + 2].isdecimal():
            ragged = _RAGGED.match(text, start)
            return Number(start, ragged.end() if ragged else end, "unread", "千位分隔不合规则")
        if (
            (behind in NEXT or ("." in text[start:end] and before != ")"))
            and (stop := date_end(text, start, end)) is not None
            and (behind != ":" or "比" not in text[max(0, start - 8) : start])
        ):
            return Number(start, stop, "date", "日期")
        if (ordinal := _ordinal(text, start, end, before)) is not None:
            return ordinal
        if "点" in text[start:end] and (stop := hour_end(text, start)) is not None:
            return Number(start, stop, "date", "时刻")
        if behind and behind in ":/分" and (share := self._shares.at(text, start, end)) is not None:
            return share
        if before == "." and start - 1 >= after and text[start - 2 : start - 1] != ".":
            return Number(start - 1, end, "unread", "缺整数部分")
        return None

    # -- Chinese numerals ---------------------------------------------------------------------------------------------

    def _chinese(self, text: str, start: int, end: int, after: int) -> Sequence[Number]:
        """The numbers that a Chinese numeral opens; what it holds of digits is never without a verdict."""
        numbers = self._numerals(text, start, end, after)
        if not numbers and _DIGIT.search(text, start, end):
            return (Number(start, end, "unread", NOT_COMPOSED),)
        return numbers

    def _numerals(self, text: str, start: int, end: int, after: int) -> Sequence[Number]:
        """A Chinese numeral counts where it has weight: 两万余人, 三千名, 十二万人次, 近万个; not 三张网, 十大行动."""
        if end - start == 1 and self._counts_nothing(text, start):
            return ()
        while start < end:
            ahead = self._words.belongs_ahead(text, start)
            opens = text[start + 1 : start + 2] in _NO_FIRST.get(text[start], NUMERAL) and start + 1 < len(text)
            if ahead and text[start] == "数" and end - start > 1 and SCALES.issuperset(text[start + 1 : end]):
                if text[start + 1] != "十":
                    break  # `志愿者人数百人` can only be hundreds
                return (Number(start, end, "unread", "人数十与数十不能分辨"),)
            if not ahead and (opens or text[start] not in _NO_FIRST):
                break
            start += 1
        if start == end:
            return ()
        if text[start].isdecimal():
            return self._digits(text, start, end, after)
        run = text[start:end]
        if (whole := self._words.whole(text, start)) is not None:
            return (Number(start, *whole),) if _is_weighty(run) else ()
        if (special := self._chinese_special(text, start, end)) is not None:
            return (special,)
        if text[start] in "半对":
            return ()
        if text[end : end + 1] == "、":
            return self._quantities.two_digits(text, start, end)
        numbers = self._quantities.read(text, start, end, chinese=True)
        if len(numbers) > 1:
            return [number for number in numbers if number.verdict != "unread"]
        kept = self._weighed(text, run, start, numbers[0])
        return () if kept is None else (kept,)

    def _counts_nothing(self, text: str, start: int) -> bool:
        """Whether it takes but one look to see that a numeral of one character has no weight: 一项, 三人, 万元."""
        char, behind = text[start], text[start + 1 : start + 2]
        if char in DIGITS:
            return behind in _LIGHT_BEHIND or (behind == "个" and text[start + 2 : start + 3] not in "百千亿")
        return char in _BARE and behind != "分" and text[start - 1 : start] not in _ABOUT

    def _chinese_special(self, text: str, start: int, end: int) -> Number | None:
        if text[start - 1 : start] == "第" and start:
            return _ordinal(text, start, end, "第")
        if (share := self._shares.at(text, start, end)) is not None:
            return share
        if (stop := chinese_date_end(text, start, end)) is not None:
            return Number(start, stop, "date", "日期")
        if "点" in text[start:end] and (stop := hour_end(text, start)) is not None:
            return Number(start, stop, "date", "时刻")
        behind = text[end : end + 1]
        if behind in GLUE and behind and not SCALES.isdisjoint(text[start:end]):
            return code_at(text, start, end, start)
        return None

    def _weighed(self, text: str, run: str, start: int, number: Number) -> Number | None:
        """The number if it has weight; None for a Chinese numeral that counts nothing: 三张网, 千家万户."""
        digits = not DIGITS.isdisjoint(run)
        if number.verdict == "unread":
            # A numeral of weight that cannot be read has a row; 万元 and 千百 have no digit and are none.
            weighty = digits and len(run) > 1 and not SCALES.isdisjoint(run)
            return number if weighty and (number.reason != NO_UNIT or _is_weighty(run)) else None
        if number.verdict != "quantity":
            return number if digits and _is_weighty(run) else None
        if text.startswith("元区", number.digits_end):
            return Number(start, number.digits_end + 2, "name", "地名")  # 三元区
        if not digits and run[0] not in "十拾廿卅卌几数":
            more = any(char in run for char in "余多来")
            if not more and text[start - 1 : start] not in _ABOUT:
                return None  # 万元, 千家万户: a bare scale counts only behind 近, 上, 超 …: 近百万元, 上千名
            return number if start or more else None
        heavy = number.value >= 100 or number.unit in _HEAVY_UNITS or (
            (number.value > 10 or (number.value_high or 0) >= 20)
            and number.counter not in self._words.light
        ) or number.counter.endswith(_MONEY_ENDS)  # fmt: skip
        return number if heavy or (number.qualifier == "ge" and number.counter in _COUNTED) else None


class _Stretches:
    """Stretches in order, asked for with positions that grow; before `next` there is none."""

    def __init__(self, stretches: Sequence[_Stretch]) -> None:
        self._stretches, self._at = stretches, 0
        self.next: float = stretches[0][0] if stretches else math.inf

    def around(self, position: int) -> _Stretch | None:
        """The stretch that holds `position`, if any."""
        stretches = self._stretches
        while self._at < len(stretches) and stretches[self._at][1] <= position:
            self._at += 1
        if self._at == len(stretches):
            self.next = math.inf
            return None
        self.next = stretches[self._at][0]
        return stretches[self._at] if self.next <= position else None


#: A number of which a file does not tell a character: any digit may have stood there.
_DAMAGED = re.compile("[\\d.,]*\\d[.,]?\ufffd[\\d.,\ufffd]*|\ufffd[.,]?\\d[\\d.,\ufffd]*")


def _opaque(text: str, furniture: Sequence[Stretch]) -> list[_Stretch]:
    """The stretches whose numbers are none: furniture, addresses on the web."""
    found = [(start, end, "furniture", "页面装饰") for start, end in furniture]
    if "://" in text or "www." in text:
        found += [(*match.span(), "identifier", "网址") for match in _WEB.finditer(text)]
    if "\ufffd" in text:
        found += [(*match.span(), "unread", "数字旁有无法辨认的字") for match in _DAMAGED.finditer(text)]
    if "@" in text:
        found += [(*match.span(), "identifier", "网址") for match in _MAIL.finditer(text)]
    found.sort(key=lambda stretch: (stretch[0], stretch[2] != "furniture"))
    kept: list[_Stretch] = []
    for stretch in found:
        if not kept or stretch[0] >= kept[-1][1]:
            kept.append(stretch)
    return kept


def _quoted(text: str) -> list[_Stretch]:
    return [(*match.span(), "name", "") for match in _QUOTED.finditer(text)]


def _in_opaque(text: str, start: int, end: int, after: int, around: _Stretch) -> Number:
    """The row for a number in furniture or an address; of an address the whole."""
    begin, stop, verdict, reason = around
    if verdict != "furniture":
        return Number(max(begin, after), max(stop, end), verdict, reason)
    dated = _IN_FURNITURE.match(text, start, stop)
    return Number(start, max(end, dated.end()) if dated else end, verdict, reason)


def _is_name_in_quotes(number: Number) -> bool:
    return number.verdict == "unread" or (number.verdict == "quantity" and number.unit not in _STATISTICAL_IN_QUOTES)


def _list_number(text: str, start: int, end: int, behind: str) -> Number | None:
    """`1.`, `2、` and `(3)` at the head of a line or a sentence count its points."""
    if end - start > 2 or not text[start:end].isdecimal():
        return None
    head = start
    if behind == ")" and text[head - 1 : head] == "(":
        head -= 1
    before = text[max(0, head - _INDENT) : head].rstrip(" \t")
    if before and before[-1] not in "\n。;:!?":
        return None
    return Number(start, end + 1, "ordinal", "序号") if before or head <= _INDENT else None


def _ordinal(text: str, start: int, end: int, before: str) -> Number | None:
    if before == "第" or (before == " " and text[start - 2 : start - 1] == "第"):
        found = _ORDINAL.match(text, start - (1 if before == "第" else 2))
        return Number(found.start(), max(end, found.end()), "ordinal", "次序") if found else None
    if before == "前" and text[start - 2 : start - 1] in _RANKED and _RANK.fullmatch(text, start, end + 0) is None:
        found = _RANK.match(text, start)
        return Number(start, end, "ordinal", "次序") if found and found.end() == end else None
    return None


def _is_weighty(run: str) -> bool:
    """Whether a numeral without a unit has the weight of a statistic: a hundred or more, or written in capitals."""
    return any(char in "百千万亿佰仟" for char in run)


def _broken(words: NoQuantities, text: str, unread: Number | None, closed: int, number: Number) -> bool:
    """Whether a quantity is but a part of what was printed: `3 3.8万`, `约19⏎3万人`, `12,34人`, `4@683元`.

    Args:
        words: those that end like a numeral (队伍, 唯一).
        text: the normalised text.
        unread: the number right before, where it could not be read.
        closed: where the last number ended that was read or is none.
        number: the quantity.
    """
    at, last = number.start, closed if unread is None else max(closed, unread.end)
    while at > last and number.start - at < 3 and (text[at - 1] in SEAMS or text[at - 1] in GLUE):
        at -= 1
    gap = text[at : number.start]
    touched = at > closed and text[at - 1] in NUMBER_CHARACTERS and not words.belongs_ahead(text, at - 1)
    if touched and _is_seam(text, unread, at, gap):
        return True
    return number.digits_end == number.end and not number.counter and _PART_BEHIND.match(text, number.end) is not None


def _is_seam(text: str, unread: Number | None, at: int, gap: str) -> bool:
    """Whether the number that ends at `at` and the one behind the gap may be one."""
    if unread is None or unread.end != at:
        # A numeral without weight has no row: 六@七百人. 唯一,36家 and 一、36家 are words and points of a list.
        several = at > 1 and text[at - 2] in NUMBER_CHARACTERS
        goes_on = at > 1 and text[at - 2] != "第" and at + len(gap) < len(text) and text[at + len(gap)] in NUMERAL
        return not text[at - 1].isdecimal() and (several or goes_on or not _WEAK.issuperset(gap))
    if gap == "\n\n":
        return False
    if gap == "," and text[unread.start].isdecimal():
        return unread.end - unread.start <= 3 or "," in text[unread.start : unread.end]
    if gap in (" ", "\n"):
        line = text[max(0, unread.start - 40) : unread.start].rpartition("\n")[2]
        return bool(line.strip()) and not line.endswith((" ", "\t", "|"))
    return True


def _gone_on(text: str, number: Number, last: Number) -> Number:
    """A number without a unit that takes up the one before it: `60周岁以上老年人口48.6万人,…预计末将达到55万`."""
    if number.reason != NO_UNIT or not _SCALED.search(text, number.start, number.end):
        return number
    reaches = _REACHES.search(text, max(0, number.start - 20), number.start)
    value = worth(text[number.start : number.end])
    if not reaches or value is None or text.find("。", last.end, number.start) >= 0:
        return number
    limit = value.vague or limit_around(text, number.start, number.end)
    return number._replace(
        verdict="quantity", reason="", value=value.low, value_high=value.high, unit=last.unit, qualifier=limit,
        digits_end=number.end,
    )  # fmt: skip

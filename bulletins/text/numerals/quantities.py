"""Numerals with what stands around them → quantities: sign, unit, ranges, enumerations with one unit, money in parts, shares.

Here belongs how several tokens compose one reading. A reading takes the whole of what it begins, or says why it cannot.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from bulletins.catalog import UnitWord
from bulletins.text.numerals.grammar import EXPONENTS, Worth, scaled, worth
from bulletins.text.numerals.no_quantities import NoQuantities
from bulletins.text.numerals.number import Number
from bulletins.text.numerals.parallel import are_parallel, name_before, scale_of, shared_value
from bulletins.text.numerals.tokens import DIGIT, GLUE, ONE
from bulletins.text.numerals.units import Unit, UnitBook
from bulletins.text.quantity import PHRASE_END, limit_around

NO_UNIT = "没有可认的单位"
UNCLEAR_COMMA = "逗号是否千位分隔不明"
NOT_COMPOSED = "数字写法不成数"
_UNCLEAR_SCALE = "并列各数的单位不明"
_NOT_BEHIND_PERCENT = frozenset("%万亿")
_FAR_APART = 100  # times: `76-8万元` is no range
_LONGEST_ENUMERATION = 20
_GOES_ON_BEHIND = frozenset(["percent", "CNY", "multiple", "other"])
_DENOMINATOR = ("每", "每一", "每1")
_PRINT_RUN = ("共印", "印数", "印数:", "共印:")
# `29个八百人以上安置点`: which of them are counted, not how many people there are.
_CONDITION_AHEAD, _CONDITION_BEHIND = re.compile(r"\d[个家所处座]$"), re.compile(r"以[上下](?=[\u4e00-\u9fff])")

_YEAR = re.compile(r"(?:19|20)\d\d")
PLAIN = re.compile(r"(\d+(?:\.\d+)?)([万亿]?)")
_METRES_BEHIND = {"千": "克米瓦伏卡帕", "百": "帕"}
_INFORMAL = {"k": "千", "K": "千", "w": "万", "W": "万"}
_MINUS_BEHIND = frozenset("|( :为,、别长降率减幅比速值度升\t\n达约至到~")
_NO_MINUS = frozenset("减正胜担抱背肩自欺辜亏")

_RANGE_JOINT = re.compile(r"\s?(?:\(含\))?(?:-{1,2}|~{1,2}|至|到)\s?")
_RANGE_JOINTS = frozenset("-~至到(")
_BETWEEN_JOINT = re.compile(r"\s?[和与至到、~-]\s?")
_BETWEEN_BEHIND = re.compile(r"[^,。;\d]{0,4}之间")
_BETWEEN_AHEAD = re.compile(r"(?:介于|在|位于|处于|界于)[^,。;\d]{0,6}$")
_RISE_FROM = re.compile(r"(?:由(?!于)|从(?!而|事))[^,。;]{0,12}$")
_CHANGE = re.compile(
    r"(?:提高|增加|增长|上升|提升|上调|下调|调高|调低|降低|下降|减少|缩短|缩减|压缩|扩大|上涨|下跌|回落|增|减|升|降|涨|跌)"
    r"(?:幅度)?[了约近超过]{0,2}$"
)
_LIST_JOINT = re.compile(r"\s?(?:[、和与及/]|以及)\s?(?:约|近|超过?|逾)?(?=[\d负-]|[一-龥])")
_LIST_JOINTS = frozenset("、和与及以/")
_RISES = frozenset("提上下涨调升降增减")
_NEVER_SHARED = frozenset(["percentage_point", "multiple", "ratio"])
_NEXT_IN_LIST = re.compile(r"[、和与](?P<name>[A-Za-z\u4e00-\u9fff]{1,12})(?=\d)")
_RISEN_TO = re.compile(r"(?:[提上下]?[高升涨调降减增加少标整至]{0,2})[至到为](?=\d)")

_JIAO = re.compile(
    rf"零?(?P<jiao>[\d{DIGIT}])[角毛](?:(?P<fen>[\d{DIGIT}])分)?钱?|零?(?P<only>\d{{1,2}}|[{DIGIT}])分钱?"
)
_LOOSE_JIAO = re.compile(rf"(?P<jiao>[\d{DIGIT}])(?=[,。;、)钱\n]|$)")
_TWO_DIGITS = re.compile(rf"[{DIGIT}]{{2}}")
_TENTH = re.compile(rf"(?P<more>[{DIGIT}半]|\d)(?![\d.{DIGIT}十百千万亿]|[个名人户元家张%])")
_MORE_BEHIND_UNIT = frozenset("倍成折%")

_PERSON_NOUN = re.compile(
    r"(?:余|多|左右)?(?:\d{2,3}周?岁(?:及?以上)?的?)?(?:[城镇市乡农村困难特殊重度户籍常住受灾留守孤高龄失能独居贫困在册各类低保五优抚供养]{0,8})"
    r"(?:老年人|老人|老年人口|残疾人|群众|人口|儿童|对象|居民|志愿者|社工|职工|党员|学生|村民|市民|会员|患者|孤儿|青少年|妇女|农民)"
)
_HOUSEHOLD_NOUN = re.compile(r"(?:困难|低保|贫困|受灾|特殊困难)?(?:家庭|农户|住户)")
_MONEY_BEFORE = re.compile(
    r"(?:[金款费资币]|资金|投资|投入|支出|补贴|津贴|补助|善款|销售额?|销量|筹集|筹资|发放|拨付|下拨|捐款|捐赠|减负|收入|缺口|花了|投了|拨了)"
    r"[^,。;、\d]{0,4}$"
)
_PERSON_BEFORE = re.compile(
    r"(?:人口|老年人|老人|人数|对象|人员|志愿者|残疾人|儿童|孤儿|群众|会员)(?:数|总数|总量)?[^,。;、\d]{0,4}$"
)
_TIMES_BEFORE = re.compile(r"人次数?(?:分别)?[^,。;、\d]{0,4}$")
# `60岁以上20.8万`: the phrase begins behind the digits of the age.
_AGED_BEFORE = re.compile(r"^周?岁(?:及?以上|以下|往上)的?(?:人口|居民|户籍人口)?[有约近达为]{0,2}$")
_HEDGED = re.compile(r"(?:左右|上下|以上|以下|以内)(?!的?[\u4e00-\u9fff])")
_HOUSEHOLD_BEFORE = re.compile(r"户数[^,。;、\d]{0,3}$")
_NAME_BEFORE = re.compile(
    r"(?:No\.?|编号|代码|邮编|电话|热线|拨打|QQ|微信|传真|邮政编码|门牌|[A-Za-z]|[“\"'])[::]?\s?$"
)
_HOTLINE = re.compile(r"(?:[^,。;]{0,6}(?:热线|平台|电话|便民)|[“”\"'))]|[+＋])")
_BRACKET_BEFORE = re.compile(r"\([^()\d\s]{1,6}\)(?=[:为]?[ ]?$)")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DATE_BEHIND = re.compile(r"(?:20\d\d年|\d{1,2}月)")  # `首批60%4月底前到位`
_AGE_BEHIND = re.compile(r"(?<=[万亿])\d{2,3}$")  # `1.53万80岁以上老人`


class Atom(NamedTuple):
    """One numeral of a text: where it stands and what it is worth, its sign applied; `worth` is None where it composes to none."""

    start: int
    end: int
    worth: Worth | None


def worth_of(run: str) -> Worth | None:
    """What a run of number characters is worth as a whole."""
    if run.isdecimal():
        return Worth(float(run))
    if found := PLAIN.fullmatch(run):
        return Worth(scaled(found[1], EXPONENTS[found[2]]))
    return worth(run)


def atom(text: str, start: int, end: int) -> Atom:
    """The numeral that `text[start:end]` prints, with the sign before it and an informal scale behind it."""
    run = text[start:end]
    if (
        run[-1] in _METRES_BEHIND
        and len(run) > 1
        and text[end : end + 1] in _METRES_BEHIND[run[-1]]
        and end < len(text)
    ):
        run, end = run[:-1], end - 1  # `6千米`, `3万千瓦` hold no thousand
    if text.startswith(("岁", "周岁"), end) and (aged := _AGE_BEHIND.search(run)):
        run, end = run[: aged.start()], end - len(aged.group())
    scale = _INFORMAL.get(text[end : end + 1])
    if scale and text[end + 1 : end + 2] not in GLUE and run[-1].isdecimal():
        run, end = run + scale, end + 1
    value = worth_of(run)
    sign = text[start - 1 : start]
    if sign and sign in "-负" and value is not None:
        before = text[start - 2 : start - 1] if start > 1 else ""
        if (sign == "-" and (not before or before in _MINUS_BEHIND)) or (sign == "负" and before not in _NO_MINUS):
            high = None if value.high is None else -value.low
            value, start = value._replace(low=-(value.high or value.low), high=high), start - 1
    return Atom(start, end, value)


class Quantities:
    """Reads what opens at a numeral; made once from the catalogue."""

    def __init__(self, units: UnitBook, words: NoQuantities) -> None:
        self._units = units
        self._words = words

    def read(self, text: str, start: int, end: int, *, chinese: bool = False) -> list[Number]:
        """The numbers that open with the run `text[start:end]`: one, or all members of an enumeration that shares a unit."""
        one = atom(text, start, end)
        start, end, value = one
        following = text[end : end + 1]
        if value is None and following == "折" and _TWO_DIGITS.fullmatch(text, start, end):
            tens, ones = worth(text[start]), worth(text[start + 1])  # 九五折
            value = Worth(10 * tens.low + ones.low) if tens and ones else None
        if value is None:
            return [Number(start, end, "unread", NOT_COMPOSED)]
        one = Atom(start, end, value)
        if following == "个" and text[end + 1 : end + 2] == "亿":
            return self._of_hundred_millions(text, one)
        if (chinese or following in self._words.first) and (
            verdict := self._words.behind(text, start, end, chinese=chinese)
        ):
            return [Number(start, *verdict)]
        unit = self._units.behind(text, start, end)
        if unit is not None and (odd := _odd(text, one, unit)):
            return [Number(start, unit.end, "unread", odd)]
        if unit is None:
            return self._without_unit(text, one, following)
        stop = unit.end
        joint = text[stop : stop + 1]
        if joint in _RANGE_JOINTS and joint:
            if (found := self._range(text, one, unit)) is not None:
                return found
        elif joint in "和与" and joint and (between := self._between(text, one, stop)) is not None:
            return between
        return [self._with_unit(text, one, unit)]

    def cell(self, text: str, start: int, end: int) -> Number:
        """The number that stands in a cell of its own: no unit is behind it, but words before it may tell one."""
        value = worth_of(text[start:end])
        if value is None:
            return Number(start, end, "unread", NOT_COMPOSED)
        one = Atom(start, end, value)
        return self._unit_in_bracket(text, one) or self._unit_from_words(text, one)

    # -- one number ---------------------------------------------------------------------------------------------------

    def _with_unit(self, text: str, one: Atom, unit: Unit) -> Number:
        start, digits_end, value = one
        assert value is not None
        if text.endswith(_DENOMINATOR, max(0, start - 2), start):
            return Number(start, unit.end, "name", "分母")
        if text.endswith(_PRINT_RUN, 0, start):
            return Number(start, unit.end, "furniture", "印数")
        if _CONDITION_BEHIND.match(text, unit.end) and _CONDITION_AHEAD.search(text, max(0, start - 8), start):
            return Number(start, unit.end, "name", "条件")
        word, end = unit.word, unit.end
        low, high = value.low, value.high
        if word.unit in _GOES_ON_BEHIND or word.word == "块":
            low, high, end, more = self._parts(text, low, high, value, word, end)
            if word.word == "块" and end > unit.end:
                word = word._replace(unit="CNY")
        else:
            more = value.vague
        factor = word.factor
        if factor != 1.0:
            fold = word.word == "折" and low > 10
            factor = 1.0 if fold else factor
            low, high = _times(low, factor), None if high is None else _times(high, factor)
        if word.unit == "percent" and "负增长" in text[max(0, start - 7) : start]:
            low = -abs(low)
        return Number(
            start, end, "quantity", "", low, high, word.unit, text[digits_end : unit.end].strip(),
            more or limit_around(text, start, end), unit.per, digits_end,
        )  # fmt: skip

    def _parts(
        self, text: str, low: float, high: float | None, value: Worth, word: UnitWord, end: int
    ) -> tuple[float, float | None, int, str]:
        """What goes on behind the unit: 七成五, 三成半, 123元1角1分, 十二块五, 一倍多."""
        following = text[end : end + 1]
        more = value.vague
        if not following:
            return low, high, end, more
        if word.word in _MORE_BEHIND_UNIT and following in "多余":
            return low, high, end, "ge"
        if word.word == "成" and high is None and (found := _TENTH.match(text, end)):
            tenth = 5.0 if found["more"] == "半" else _digit(found["more"])
            return low + tenth / 10, high, found.end(), more
        if (word.unit == "CNY" or word.word == "块") and high is None and low.is_integer():
            loose = _LOOSE_JIAO.match(text, end) if word.word == "块" else None
            if found := _JIAO.match(text, end) or loose:
                groups = found.groupdict()
                hundredths = 10 * _digit(groups["jiao"]) + _digit(groups.get("fen")) + _digit(groups.get("only"))
                return float(f"{low:.0f}.{hundredths:02.0f}"), high, found.end(), more
            if following in "整正" and text[end + 1 : end + 2] not in "体个年治改理合修":
                return low, high, end + 1, more
        return low, high, end, more

    def _of_hundred_millions(self, text: str, one: Atom) -> list[Number]:
        """3个亿 is 3亿; what 3个亿元村 counts is not clear."""
        start, end, value = one
        assert value is not None
        if text.startswith("元", end + 2) and _CHINESE.match(text, end + 3):
            return [Number(start, end + 2, "unread", "个与亿元谁是单位不明")]
        grown = value._replace(low=value.low * 1e8, high=None if value.high is None else value.high * 1e8)
        unit = self._units.behind(text, start, end + 2)
        if unit is None:
            return [self._unit_from_words(text, Atom(start, end + 2, grown))]
        return [self._with_unit(text, Atom(start, end + 2, grown), unit)]

    # -- several ------------------------------------------------------------------------------------------------------

    def _next(self, text: str, at: int) -> Atom | None:
        """The numeral at `at`, a sign before it allowed."""
        sign = text[at : at + 1] in "-负" and at < len(text)
        found = ONE.match(text, at + sign)
        if found is None:
            return None
        begin = found.start()
        result = atom(text, begin, found.end())
        if sign and result.start == begin and result.worth is not None:  # `3%--1%`: the sign stands behind a joint
            result = Atom(begin - 1, result.end, result.worth._replace(low=-result.worth.low))
        return result

    def _range(self, text: str, one: Atom, unit: Unit | None) -> list[Number] | None:
        """A range, both of whose ends are read, or the reason why not; None where there is none."""
        joint = _RANGE_JOINT.match(text, unit.end if unit else one.end)
        second = self._next(text, joint.end()) if joint else None
        if joint is None or second is None or text[second.end : second.end + 1] in GLUE:
            return None
        if verdict := self._words.behind(text, one.start, second.end, chinese=True):
            return [Number(one.start, *verdict)] if unit is None else None
        high_unit = self._units.behind(text, one.start, second.end)
        if high_unit is None and unit is not None:
            return None
        if high_unit is None or second.worth is None or second.worth.bare:
            return self._range_without_unit(text, one, second)
        if unit is not None and unit.word.unit != high_unit.word.unit:
            return None
        word = joint.group().strip()
        spoken = word in ("至", "到")
        if spoken and (
            _RISE_FROM.search(text, max(0, one.start - 14), one.start)
            or (unit is not None and _is_change(text, one.start, unit.word.unit))
        ):
            return None if unit is not None else self._two(text, one, second, high_unit)
        return self._joined(text, one, second, unit, high_unit)

    def _joined(self, text: str, one: Atom, second: Atom, unit: Unit | None, last: Unit) -> list[Number] | None:
        low, high = one.worth, second.worth
        assert low is not None
        assert high is not None
        below, above = low.low, high.high if high.high is not None else high.low
        if unit is None:
            below = _shared_scale(text, one, second)
        elif unit.word.factor != 1.0 and unit.word.factor != last.word.factor:
            return None
        if unit is None and below * _FAR_APART < above and below == low.low and second.end - second.start > 1:
            return [Number(one.start, last.end, "unread", "区间两端不相称")]
        if below > above:
            # `45%至40%` are two values; `45-40人` is neither.
            return None if unit is not None else [Number(one.start, last.end, "unread", "区间两端颠倒")]
        worth_ = Worth(below, above, "" if not (low.vague or high.vague) else (low.vague or high.vague))
        number = self._with_unit(text, Atom(one.start, second.end, worth_), last)
        return [number]

    def _two(self, text: str, one: Atom, second: Atom, unit: Unit) -> list[Number]:
        """The two ends of `由5到10%`, which tells of a rise."""
        low = self._with_unit(
            text, one._replace(worth=Worth(_shared_scale(text, one, second))), Unit(unit.word, one.end, unit.per)
        )
        return [low._replace(counter="", end=one.end), self._with_unit(text, second, unit)]

    def _range_without_unit(self, text: str, one: Atom, second: Atom) -> list[Number]:
        if all(_YEAR.fullmatch(text, one_.start, one_.end) for one_ in (one, second)):
            return [Number(one.start, second.end, "date", "年份")]
        if any(text[one_.start] == "0" or one_.end - one_.start > 4 for one_ in (one, second)) and second.worth:
            return [Number(one.start, second.end, "identifier", "号码")]
        return [Number(one.start, second.end, "unread", NO_UNIT if second.worth else NOT_COMPOSED)]

    def _between(self, text: str, one: Atom, at: int) -> list[Number] | None:
        """`在100与200张之间`: both ends of what lies between them."""
        joint = _BETWEEN_JOINT.match(text, at)
        second = self._next(text, joint.end()) if joint else None
        if second is None or second.worth is None:
            return None
        unit = self._units.behind(text, one.start, second.end)
        closed = _BETWEEN_BEHIND.match(text, unit.end) if unit else None
        if unit is None or not (closed or _BETWEEN_AHEAD.search(text, max(0, one.start - 10), one.start)):
            return None
        if not closed:
            return None
        return self._joined(text, one, second, None, unit)

    def _without_unit(self, text: str, one: Atom, following: str) -> list[Number]:
        if following in _RANGE_JOINTS and following and (found := self._range(text, one, None)) is not None:
            return found
        if following in _LIST_JOINTS and following:
            if following in "和与" and (found := self._between(text, one, one.end)) is not None:
                return found
            if (found := self._enumeration(text, one)) is not None:
                return found
        elif following in _RISES and following and (found := self._risen(text, one)) is not None:
            return found
        return [self._unit_in_bracket(text, one) or self._unit_from_words(text, one)]

    def _enumeration(self, text: str, one: Atom) -> list[Number] | None:
        """Numbers of which only the last has a unit: it is the unit of all, with its scale; None where none has one."""
        members = [one]
        while len(members) < _LONGEST_ENUMERATION:
            joint = _LIST_JOINT.match(text, members[-1].end)
            following = self._next(text, joint.end()) if joint else None
            if following is None or following.worth is None:
                return self._told_later(text, one) if len(members) == 1 else None
            members.append(following)
            if verdict := self._words.behind(text, one.start, following.end):
                return [Number(one.start, *verdict)]
            unit = self._units.behind(text, following.start, following.end)
            if unit is not None:
                return self._share(text, members, unit)
        return None

    def _told_later(self, text: str, one: Atom) -> list[Number] | None:
        """`全护理630、半护理315、全自理105元`: the unit of the last of things that are counted alike is that of all."""
        members, name = [one], name_before(text, one.start)
        while len(members) < _LONGEST_ENUMERATION:
            joint = _NEXT_IN_LIST.match(text, members[-1].end)
            following = self._next(text, joint.end()) if joint else None
            if joint is None or following is None or following.worth is None:
                return None
            if not are_parallel(name, joint["name"]):
                return None
            members.append(following)
            if unit := self._units.behind(text, following.start, following.end):
                return None if unit.word.unit in _NEVER_SHARED else self._share(text, members, unit)
            name = joint["name"]
        return None

    def _risen(self, text: str, one: Atom) -> list[Number] | None:
        """`由530提至570元`: the unit of the new value is that of the old."""
        joint = _RISEN_TO.match(text, one.end)
        following = self._next(text, joint.end()) if joint else None
        if following is None or following.worth is None or _YEAR.fullmatch(text, one.start, one.end):
            return None
        unit = self._units.behind(text, following.start, following.end)
        if unit is None or not _RISE_FROM.search(text, max(0, one.start - 14), one.start):
            return None
        return self._share(text, [one, following], unit)

    def two_digits(self, text: str, start: int, end: int) -> list[Number]:
        """`三、四百张` within a sentence is 300 to 400; 一、 at the head of a line counts the lines."""
        second = ONE.match(text, end + 1)
        if second is None or end - start != 1 or not _CHINESE.match(text, max(0, start - 1)) or not start:
            return []
        unit = self._units.behind(text, start, second.end())
        value = worth(text[start] + second.group())
        if unit is None or value is None or value.high is None or value.high < 100:
            return []
        return [self._with_unit(text, Atom(start, second.end(), value), unit)]

    def _share(self, text: str, members: list[Atom], unit: Unit) -> list[Number]:
        last = members[-1]
        scale = scale_of(text[last.start : last.end])
        numbers = []
        assert last.worth is not None
        for member in members[:-1]:
            assert member.worth is not None
            own = scale_of(text[member.start : member.end])
            low = member.worth.low if own or not scale else shared_value(member.worth.low, last.worth.low, scale)
            if low is None:
                return [Number(member.start, member.end, "unread", _UNCLEAR_SCALE) for member in members[:-1]] + [
                    self._with_unit(text, last, unit)
                ]
            value = Worth(low, member.worth.high, member.worth.vague)
            bare = Unit(unit.word, member.end, unit.per)
            numbers.append(
                self._with_unit(text, member._replace(worth=value), bare)._replace(counter="", end=member.end)
            )
        return [*numbers, self._with_unit(text, last, unit)]

    # -- no unit behind it --------------------------------------------------------------------------------------------

    def _unit_in_bracket(self, text: str, one: Atom) -> Number | None:
        """`低保对象(万人)12.3` and `低保对象12.3(万人)`."""
        start, end, value = one
        if text[end : end + 1] != "(" and ")" not in text[max(0, start - 3) : start]:
            return None
        assert value is not None
        found = self._units.in_bracket(text, end)
        stop = found.end() if found else end
        if found is None and (before := _BRACKET_BEFORE.search(text, max(0, start - 10), start)):
            found = self._units.in_bracket(text, before.start())
        held = self._units.bracketed(found) if found else None
        if held is None or held[0] not in EXPONENTS:
            return None
        low = scaled(repr(value.low), EXPONENTS[held[0]])
        high = None if value.high is None else scaled(repr(value.high), EXPONENTS[held[0]])
        return self._with_unit(text, Atom(start, end, Worth(low, high, value.vague)), Unit(held[1], stop))

    def _unit_from_words(self, text: str, one: Atom) -> Number:
        """A number that no unit follows: its noun may be the unit, or the 元 may be missing."""
        start, end, value = one
        assert value is not None
        printed, after = text[start:end], text[end : end + 1]
        whole = printed.isdecimal()
        ahead = _ahead(PHRASE_END.split(text[max(0, start - 14) : start])[-1])
        if whole and len(printed) == 4 and "1949" <= printed <= "2050" and not ahead.sign:
            return Number(start, end, "date", "年份")
        if ahead.denominator:
            return Number(start, end, "name", "分母")
        if (
            whole
            and not ahead.sign
            and (ahead.name or (len(printed) in (3, 4, 5, 6) and _HOTLINE.match(text, end, end + 10)))
        ):
            return Number(start, end, "identifier", "号码")
        if after == "," and len(printed) <= 3 and text[end + 1 : end + 2].isdecimal():
            return Number(start, end, "unread", UNCLEAR_COMMA)
        unit = self._implied(
            text, end, after, ahead, whole or ("," in printed and printed.replace(",", "").isdecimal())
        )
        if ahead.sign:
            unit = ahead.sign
        elif self._units.foreign_before(text, start):
            unit = "other"
        if not unit:
            return Number(start, end, "unread", NO_UNIT)
        return Number(
            start, end, "quantity", "", value.low, value.high, unit, "",
            value.vague or limit_around(text, start, end), "", end,
        )  # fmt: skip

    def _implied(self, text: str, end: int, after: str, ahead: _Ahead, whole: bool) -> str:
        scaled_ = text[end - 1] in "万亿"
        hedged = _HEDGED.match(text, end) is not None
        if (chinese := "\u4e00" <= after <= "\u9fff" and not hedged) or after.isdecimal():
            if _PERSON_NOUN.match(text, end, end + 10):
                return "person"
            return "household" if _HOUSEHOLD_NOUN.match(text, end, end + 10) else ""
        if ahead.money and not whole:
            return "CNY"
        if chinese or after == "%":
            return ""
        if ahead.persons or (ahead.aged and scaled_):
            return "person"
        if ahead.times and scaled_:
            return "person_time"
        return "household" if ahead.households else ""


class _Ahead(NamedTuple):
    """What the phrase before a number that has no unit says of it."""

    denominator: bool
    name: bool
    money: bool
    persons: bool
    households: bool
    times: bool
    aged: bool
    sign: str


@functools.lru_cache(maxsize=4096)
def _ahead(phrase: str) -> _Ahead:
    money, persons = _MONEY_BEFORE.search(phrase), _PERSON_BEFORE.search(phrase)
    return _Ahead(
        phrase.endswith(("每", "每一")),
        _NAME_BEFORE.search(phrase) is not None,
        # `领生活补贴的残疾人6.4万`: the nearer noun is what is counted.
        money is not None and not (persons and persons.start() > money.start()),
        persons is not None,
        _HOUSEHOLD_BEFORE.search(phrase) is not None,
        _TIMES_BEFORE.search(phrase) is not None,
        _AGED_BEFORE.search(phrase) is not None,
        "CNY" if phrase.endswith(("¥", "￥")) else "",
    )


def _odd(text: str, one: Atom, unit: Unit) -> str:
    """Why a numeral with a unit is none after all; empty where it is one."""
    word, first, second = unit.word.word, text[one.start], text[one.start + 1 : one.start + 2]
    if first == "0" and second.isdecimal():
        return "以零开头的数"
    behind = text[unit.end : unit.end + 1]
    if word in ("%", "‰") and (
        (behind.isdecimal() and not _DATE_BEHIND.match(text, unit.end))
        or behind in _NOT_BEHIND_PERCENT
        or scale_of(text[one.start : one.end])
    ):
        return "百分号与数字相连"
    low = one.worth.low if one.worth else 0.0
    if (word == "成" and low > 10) or (word == "折" and low >= 100):
        return "成数、折数过大"
    return "单位后接分之" if text.startswith("分之", unit.end) else ""


def _digit(printed: str | None) -> float:
    found = worth(printed) if printed else None
    return found.low if found else 0.0


def _times(value: float, factor: float) -> float:
    exponent = {0.1: -1, 0.01: -2, 10.0: 1}.get(factor)
    return value * factor if exponent is None else scaled(repr(value), exponent)


def _shared_scale(text: str, one: Atom, second: Atom) -> float:
    """The lower end of a range, with the scale of the upper one where it has none of its own: 5到8万, 一百二十到一百五十万."""
    low, high = one.worth, second.worth
    assert low is not None
    assert high is not None
    own, scale = scale_of(text[one.start : one.end]), scale_of(text[second.start : second.end])
    if own >= scale or not scale or own >= 4:
        return low.low
    factor = 10.0**scale
    # `500-1万元` rises from 500; `5-8万元` from 50000.
    return scaled(repr(low.low), scale) if low.low < high.low / factor else low.low


def _is_change(text: str, start: int, unit: str) -> bool:
    """Whether a verb of a rise or a fall stands right before: `提高50元至970元`. A growth of 3%到5% is a range."""
    found = _CHANGE.search(text, max(0, start - 8), start)
    return found is not None and not (unit == "percent" and found.group().startswith("增长"))

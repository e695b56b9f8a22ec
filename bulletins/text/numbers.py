"""The text of a page → every number in it, with its span and a verdict.

Here belongs what is a number and what kind: a quantity with its unit, or a date, an ordinal, an identifier, part of a name,
furniture, or something that cannot be read, with the reason. Every run of digits and every Chinese numeral of weight gets a
verdict; the rows that are not quantities are the ledger. What a quantity is about is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bulletins.catalog import UnitWord
from bulletins.text.quantity import SCALES, multiply, parse_chinese, parse_digits, qualifier


class Number(NamedTuple):
    """One number of a text.

    Attributes:
        start: where it begins in the normalised text.
        end: where it ends, its unit included.
        verdict: `quantity`, or why it is none: date, ordinal, identifier, name, furniture, unread.
        reason: in one phrase, for all but quantities.
        value: in the base unit; of a range the lower end.
        value_high: the upper end of a range.
        unit: canonical unit of a quantity.
        counter: the unit as printed: 万元, 人次.
        qualifier: exact, approx, ge or le.
        per: the period paid for where the unit itself says so: `元/人·月`.
        digits_end: where the digits end and the unit begins.
    """

    start: int
    end: int
    verdict: str
    reason: str = ""
    value: float = 0.0
    value_high: float | None = None
    unit: str = ""
    counter: str = ""
    qualifier: str = "exact"
    per: str = ""
    digits_end: int = 0


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\d.])\.\d+"
_MORE = r"[余多几]?"
_MORE_CHARACTERS, _SCALE_CHARACTERS = frozenset("余多几"), frozenset("万亿千百")
_SCALE = r"(?:万亿|[十百千]?[万亿](?![元]?级)|[百千](?![克米瓦伏帕卡]))?"
_ONE = rf"(?:{_DIGITS}){_MORE}{_SCALE}{_MORE}"
_COMPOUND = rf"(?:\d+(?:\.\d+)?亿\d+(?:\.\d+)?万|\d+[万亿]\d+千|\d+万\d{{4}}(?!\d)|{_ONE}){_MORE}"
_CN = "零〇一二两三四五六七八九十百千万亿"
_CN_DIGIT = "一二两三四五六七八九"
_TO = r"(?:[-~至]|到)"

# In the order in which they are tried at one place of the text.
_CANDIDATE = re.compile(
    rf"""
    # No alternative begins with another character: most positions are passed over by this one look.
    (?=[0-9A-Za-z.(\[〔第备公网近超过逾约半{_CN}])(?:
    # Most numbers are plain to see: few digits, a unit, and the end of the phrase. No other alternative can match there
    # but a rank (`前3名`): one that is added and can must be ruled out here.
    (?P<simple>(?<!前)(?!(?:19|20)\d\d\.)\d{{1,6}}(?:\.\d+)?[万亿]?(?=(?:人次|[人户元个张家名对件处所%])[,。;、)\n]))
  | (?P<address>https?://[^\s\u4e00-\u9fff]+|www\.[^\s\u4e00-\u9fff]+|[A-Za-z0-9_.]+@[A-Za-z0-9_.]+[A-Za-z])
  | (?P<phone>(?<!\d)(?:\(0\d{{2,3}}\)\s?\d{{7,8}}|0\d{{2,3}}-\d{{7,8}}(?:-\d+)?|1[3-9]\d{{9}}|400-?\d{{3,4}}-?\d{{3,4}})(?![\d万亿元人]))
  | (?P<document>[〔\[(]\s?(?:19|20)\d{{2}}\s?[〕\])]\s?第?\d+号?|\d{{6,}}/\d{{4}}-\d+|备\d+号(?:-\d+)?|公?网安备\d+号?)
  | (?P<code>[A-Za-z]+[-_/.]?\d[\dA-Za-z_-]*|\d+[A-Za-z]+(?![A-Za-z²])|\d+[×*xX]\d+|[\dA-Za-z]+(?:\+[\dA-Za-z]+)+)
  | (?P<date>
        (?:19|20)\d{{2}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}日?(?:[ T]*\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?
      | (?:19|20)\d{{2}}(?:年度?)?{_TO}(?:19|20)?\d{{2}}年[度底末初中内]?
      | (?:19|20)\d{{2}}年?(?:[、和与]\s?(?:19|20)\d{{2}})+年
      | (?:19|20)\d{{2}}年(?:[度底末初中内]|(?:[ ]?\d{{1,2}}月(?:份|底|末|初|\d{{1,2}}[日号])?))?
      | (?<!\d)(?:19|20)\d{{2}}[-/.](?:0?[1-9]|1[0-2])(?![\d.%]|[-/.]\d|\s?(?:[万亿]|元|人|户|个|家))
      | (?<!\d)(?:1[0-2]|0?[1-9])月?(?:份)?{_TO}(?:1[0-2]|0?[1-9])月份?[底末]?
      | (?<!\d)(?:1[0-2]|0?[1-9])月(?:份|底|末|初|[上中下]旬|(?:[12]\d|3[01]|0?[1-9])[日号](?:{_TO}(?:\d{{1,2}}月)?\d{{1,2}}[日号])?)?
      | (?<![\d.,])(?:[12]\d|3[01]|0?[1-9])[日号]{_TO}(?:[12]\d|3[01]|0?[1-9])[日号]
      | (?<![\d.,:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)(?=\s?[-~至]|\s|$|[^\d%])
      | [一二][〇○零Oo一二三四五六七八九]{{3}}年
      | [十一二三四五六七八九]{{1,3}}月(?:份|[一二三十四五六七八九]{{1,3}}[日号]|底|末)?(?![个均])
      | (?<![\d])\d{{1,2}}·\d{{1,2}}(?![\d])
    )
  | (?P<ordinal>第\s?(?:\d+|[{_CN}]+)(?![\d])|(?<=[省市国县区入列居名]前)\d{{1,2}}(?=[名位]))
  | (?P<ratio>(?<![\d.:])\d+(?:\.\d+)?\s?:\s?\d+(?:\.\d+)?(?![\d:]))
  | (?P<percent_word>百分之(?:[{_CN}]+(?:点[{_CN}]+)?|\d+(?:\.\d+)?)(?:{_TO}(?:百分之)?[{_CN}]+)?|千分之[{_CN}]+)
  | (?P<tenths>(?<![{_CN}])(?:[{_CN_DIGIT}]{_TO})?[{_CN_DIGIT}]成[{_CN_DIGIT}半]?(?=[以左的多,。;、!?)]|$|\s|[\u4e00-\u9fff]))
  | (?P<half>(?:近|超|过|逾|约)?(?:半数|一半(?=以上|以下|左右|[的,。;、以为是])))
  | (?P<fraction>(?<![\d/.])\d{{1,2}}/\d{{1,2}}(?![\d/])|[{_CN_DIGIT}]分之[{_CN_DIGIT}十]+)
  | (?P<range>(?:{_ONE})\s?(?P<range_unit>[%‰]|[^\d\s,。;:、\-~至到|]{{0,4}}?)\s?{_TO}\s?(?P<high>{_ONE})(?=\s?[^\d.,\s]))
  | (?P<plain>{_COMPOUND})
  | (?P<chinese>[{_CN}]{{2,}}|[百千万亿](?=[余多]?(?:[名人个家户张对位件所处亩]|元(?!素)))|[{_CN_DIGIT}](?=倍|块钱|元(?![素旦宵月首件气老化]))))
    """,
    re.VERBOSE,
)

_PERIOD_WORD = {"月": "month", "年": "year", "天": "day", "日": "day"}
# `元/人·月`, `元 / 人 / 年`, `元/月`, `元(人/月)`, `元每人每月`
_PER_SUFFIX = re.compile(
    r"\s?/\s?(?:每)?(?:人|户|名|床|具|例|位)?\s?[·./]?\s?(?:每)?([月年天日])(?:\s?[·./]\s?(?:人|户|名|床|位))?"
    r"|\s?\((?:每)?人\s?[·./每]?\s?([月年])\)|每人每([月年])(?![度末底初龄])"
)
_PER_OBJECT = re.compile(r"\s?/\s?(?:人次|人|户|例|具|次|张|床|餐|平方米|穴|位|名)(?!\s?[·./]\s?[月年])")

# `高出2.3个和5.3个百分点`: the unit stands once, behind the last.
_POINTS_FOLLOW = re.compile(
    r"(?:[、和与]\d+(?:\.\d+)?个?)+百分点|(?:[、和与]\d+(?:\.\d+)?个)*[、和与]\d+(?:\.\d+)?个百分点"
)

_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_PAPER = re.compile(r"单|证|卡|照片|海报|问卷|票|图|纸|名片|光盘|网|表|券")

_DURATION = re.compile(
    r"(?:个)?(?:工作日|自然日|年[内度代]?|周年|月|周|星期|天|日|小时|分钟|秒|学时|季度)(?![均活生度人])|刻钟|分(?![之批类别])|代(?!表)"
)
_DURATION_IS_MEASURED = re.compile(r"(?:时长|时数|服务时间|时间累计|累计服务)[^,。;]{0,8}$")
_AGE = re.compile(r"(?:周)?岁")
_AGE_IS_MEASURED = re.compile(r"(?:平均年龄|人均预期寿命|预期寿命|均龄)[^,。;]{0,8}$|平均(?:为|约|近)?$")
_NAME_AFTER = re.compile(
    r"(?:A|号|级|届|楼|层|室|单元|栋幢|路(?!灯|牌)|厅|弄|房|集(?!中|体)|期(?=工程|项目|建设)|\.0|版|联动|岗|星级?|型|代|位小数|条(?=规定))"
)
_NO_QUANTITY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in (_DURATION, _AGE, _NAME_AFTER)))
_DENOMINATOR = ("每", "每一", "每1")
_NAME_BEFORE = re.compile(
    r"(?:No\.?|编号|代码|邮编|电话|热线|拨打|QQ|微信|传真|邮政编码|门牌|[A-Za-z]|[“\"'])[::]?\s?$"
)
_REST = ("其余", "其他", "其它")
_DIVISIONS = frozenset("县区市")
_HOTLINE = re.compile(r"(?:[^,。;]{0,6}(?:热线|平台|电话|便民)|[“”\"'))]|[+＋])")
_QUOTED = re.compile(r"“[^“”\n]{1,16}”|\"[^\"\n]{1,16}\"|《[^《》\n]{1,80}》|‘[^‘’\n]{1,16}’")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[\n。;:!?]))[ \t]*(?:\(?\d{1,2}\)|\d{1,2}(?:[、)]|\.(?!\d)))", re.MULTILINE)
_STATISTICAL_IN_QUOTES = frozenset(["CNY", "percent", "percentage_point"])

# `一是`, `三社联动`, `十四五`, `千家万户`: Chinese numerals that count nothing.
_CN_COUNTERS_WITHOUT_WEIGHT = frozenset(
    [
        "大",
        "项",
        "类",
        "个方面",
        "方面",
        "届",
        "轮",
        "级",
        "张",
        "条",
        "块",
        "档",
        "把",
        "步",
        "关",
        "位一体",
        "门",
        "站",
        "种",
        "批",
        "期",
        "组",
        "步走",
    ]
)
_ABOUT = re.compile(r"[近上超逾约过达破足]$")


class NumberFinder:
    """Finds the numbers of a text; compiled once from the catalogue's unit words."""

    def __init__(self, units: Iterable[UnitWord]) -> None:
        self._units = {word.word: word for word in units}
        longest_first = sorted(self._units, key=len, reverse=True)
        self._unit = re.compile(r"\s?(" + "|".join(map(re.escape, longest_first)) + ")")

    def find(self, text: str, furniture: Sequence[tuple[int, int]] = ()) -> Iterator[Number]:
        """Yield every number of `text` in order; those inside a span of `furniture` are furniture."""
        lists = {match.end(): match.start() for match in _LIST_NUMBER.finditer(text)}
        list_spans = sorted((start, end) for end, start in lists.items())
        quotes = [match.span() for match in _QUOTED.finditer(text)]
        last: Number | None = None
        position = list_index = quote_index = furniture_index = 0
        while match := _CANDIDATE.search(text, position):
            start = match.start()
            while furniture_index < len(furniture) and furniture[furniture_index][1] <= start:
                furniture_index += 1
            if furniture_index < len(furniture) and furniture[furniture_index][0] <= start:
                position = match.end()
                if any(char.isdigit() for char in match.group()):
                    yield Number(start, match.end(), "furniture", "页面装饰")
                continue
            while list_index < len(list_spans) and list_spans[list_index][1] <= start:
                list_index += 1
            if list_index < len(list_spans) and list_spans[list_index][0] <= start:
                position = list_spans[list_index][1]
                yield Number(start, position, "ordinal", "序号")
                continue
            number = self._classify(text, match)
            position = max(match.start() + 1, number.end if number else match.end())
            if number is None:
                continue
            if number.verdict == "unread" and last is not None and text.find("。", last.end, start) < 0:
                number = _gone_on(text, number, last)
            if number.verdict == "quantity" and number.unit in ("person", "CNY"):
                last = number
            while quote_index < len(quotes) and quotes[quote_index][1] <= start:
                quote_index += 1
            in_quotes = quote_index < len(quotes) and quotes[quote_index][0] <= start
            if (in_quotes and number.verdict == "quantity" and number.unit not in _STATISTICAL_IN_QUOTES) or (
                in_quotes and number.verdict == "unread"
            ):
                number = Number(number.start, number.end, "name", "引号或书名号内的名称")
            yield number

    def _classify(self, text: str, match: re.Match[str]) -> Number | None:
        """The verdict on one candidate; None for a Chinese numeral that is no number at all."""
        kind, start, end = match.lastgroup or "", match.start(), match.end()
        if kind in ("simple", "plain"):
            return self._plain(text, start, end)
        if kind in ("range_unit", "high"):
            kind = "range"
        match kind:
            case "address" | "phone" | "document" | "code":
                if kind == "code" and text[end : end + 1] == "级" and text[start].isdigit():
                    return Number(start, end + 1, "name", "等级")
                if not any(char.isdigit() for char in match.group()):
                    return None
                reason = {"address": "网址", "phone": "电话", "document": "文号", "code": "代号"}[kind]
                return Number(start, end, "identifier", reason)
            case "date":
                if _CLOCK.fullmatch(match.group()) and "比" in text[max(0, start - 8) : start]:
                    return self._ratio(text, match)
                return Number(start, end, "date", "日期")
            case "ordinal":
                return Number(start, end, "ordinal", "次序")
            case "ratio":
                return self._ratio(text, match)
            case "percent_word":
                return self._percent_word(text, match)
            case "tenths":
                return self._tenths(text, match)
            case "half":
                digits = start + (match.group()[0] in "近超过逾约")
                word = "approx" if text[start] in "近约" else "ge" if text[start] in "超过逾" else ""
                found = word or qualifier(text[max(0, digits - 8) : digits], False, text[end : end + 6])
                return Number(
                    digits, end, "quantity", value=50.0, unit="percent", counter="", qualifier=found, digits_end=end
                )
            case "fraction":
                return self._fraction(text, match)
            case "range":
                return self._range(text, match) or self._plain(text, start, self._first_end(text, start))
            case "chinese":
                return self._chinese(text, match)
        return self._plain(text, start, end)

    def _first_end(self, text: str, start: int) -> int:
        found = _PLAIN.match(text, start)
        return found.end() if found else start + 1

    def _quantity(
        self, text: str, start: int, digits_end: int, value: float, high: float | None, more: bool, scaled: bool
    ) -> Number | None:
        """A quantity from its digits, with the unit that follows; None where no unit follows."""
        unit_match = self._unit.match(text, digits_end)
        if unit_match is None:
            return None
        unit = self._units[unit_match.group(1)]
        end, per = unit_match.end(), ""
        if unit.word == "口" and text[end : end + 1] in "径岸":
            return None
        if unit.unit == "CNY":
            if suffix := _PER_SUFFIX.match(text, end):
                per = next(_PERIOD_WORD[group] for group in suffix.groups() if group)
                end = suffix.end() if "/" in suffix.group() or "(" in suffix.group() else end
            elif suffix := _PER_OBJECT.match(text, end):
                end = suffix.end()
        if unit.word == "个" and text.startswith("月", end):
            return None
        if unit.word == "个" and _POINTS_FOLLOW.match(text, end):
            unit = self._units["个百分点"]
        if unit.word in ("张", "床"):
            # `宣传单5000张` are no beds; `床位达到6320床` are.
            near = text[max(0, start - 24) : start] + text[end : end + 8]
            if unit.word == "张" and _PAPER.search(near) and "床" not in near:
                unit = unit._replace(unit="item")
            elif unit.word == "床" and "床位" in near:
                unit = unit._replace(unit="bed")
        factor = unit.factor
        before = text[max(0, start - 20) : start]
        return Number(
            start=start,
            end=end,
            verdict="quantity",
            value=value if factor == 1.0 else multiply(repr(value), factor),
            value_high=None if high is None else (high if factor == 1.0 else multiply(repr(high), factor)),
            unit=unit.unit,
            counter=text[digits_end:end].strip(),
            qualifier=qualifier(before, more, text[end : end + 8]),
            per=per,
            digits_end=digits_end,
        )

    def _not_measured(self, text: str, start: int, digits_end: int) -> Number | None:
        """The verdict on digits that a following or preceding word makes something else than a quantity."""
        before = text[max(0, start - 14) : start]
        if before.endswith(_DENOMINATOR):
            unit_match = self._unit.match(text, digits_end)
            return Number(start, unit_match.end() if unit_match else digits_end, "name", "分母")
        if text[digits_end : digits_end + 1] in _DIVISIONS and before.removesuffix("的").endswith(_REST):
            return Number(start, digits_end + 1, "name", "区划个数")
        if not _NO_QUANTITY.match(text, digits_end):
            return None
        if duration := _DURATION.match(text, digits_end):
            if duration.group() in ("小时", "学时") and _DURATION_IS_MEASURED.search(before):
                return None
            return Number(start, duration.end(), "date", "时长")
        if (age := _AGE.match(text, digits_end)) and not _AGE_IS_MEASURED.search(before):
            return Number(start, age.end(), "name", "年龄门槛")
        if name := _NAME_AFTER.match(text, digits_end):
            return Number(start, name.end(), "name", "名称、等级或地址")
        return None

    def _plain(self, text: str, start: int, end: int) -> Number:
        printed = text[start:end]
        negative = text[start - 1 : start] == "-" and (start < 2 or text[start - 2] in "|( :为,长降率减幅比\t\n")
        if other := self._not_measured(text, start, end):
            return other
        if printed.startswith("."):
            return Number(start, end, "unread", "缺整数部分")
        value = parse_digits(printed)
        more, scaled = not _MORE_CHARACTERS.isdisjoint(printed), not _SCALE_CHARACTERS.isdisjoint(printed)
        # `6千米`, `3万千瓦` hold no thousand; the pattern has seen to that. `2.6万余人次`, `8100余元`.
        if negative:
            value, start = -value, start - 1
        if number := self._quantity(text, start, end, value, None, more, scaled):
            return number
        return self._without_counter(text, start, end, value, more, scaled)

    def _without_counter(self, text: str, start: int, end: int, value: float, more: bool, scaled: bool) -> Number:
        """A number that no unit follows: its noun may be the unit, or the 元 may be missing."""
        before, after = text[max(0, start - 14) : start], text[end : end + 10]
        bare = text[start:end].replace(",", "")
        if not scaled and bare.isdigit():
            if len(bare) == 4 and 1949 <= int(bare) <= 2050:
                return Number(start, end, "date", "年份")
            if _NAME_BEFORE.search(before) or (len(bare) in (3, 4, 5, 6) and _HOTLINE.match(after)):
                return Number(start, end, "identifier", "号码")
        unit = ""
        if _PERSON_NOUN.match(after):
            unit = "person"
        elif _HOUSEHOLD_NOUN.match(after):
            unit = "household"
        elif _MONEY_BEFORE.search(before) and (scaled or "." in bare) and not re.match(r"[\u4e00-\u9fff]", after[:1]):
            unit = "CNY"
        elif _PERSON_BEFORE.search(before) and not re.match(r"[\u4e00-\u9fff%]", after[:1]):
            unit = "person"
        elif _HOUSEHOLD_BEFORE.search(before) and not re.match(r"[\u4e00-\u9fff%]", after[:1]):
            unit = "household"
        if not unit:
            return Number(start, end, "unread", "没有可认的单位")
        return Number(
            start, end, "quantity", value=value, unit=unit, qualifier=qualifier(before, more, after), digits_end=end
        )

    def _range(self, text: str, match: re.Match[str]) -> Number | None:
        low_text = text[match.start() : match.start("range_unit")].strip()
        high_text, between = match["high"], match["range_unit"]
        low, high = parse_digits(low_text), parse_digits(high_text)
        separator = text[match.end("range_unit") : match.start("high")].strip()
        if between and not self._unit.fullmatch(between):
            return None
        if low >= high and low_text[-1:] not in "万亿" and not any(char in "万亿" for char in high_text):
            return None
        # `由5%到10%` tells of a rise, not of a range.
        if separator == "到" and re.search(r"[由从][^,。;]{0,12}$", text[max(0, match.start() - 14) : match.start()]):
            return None
        scale = re.search(r"(万亿|[十百千]?[万亿])[余多]?$", high_text)
        if scale and not re.search(r"[万亿]", low_text) and not between:
            low = parse_digits(low_text + scale.group(1))
        if self._not_measured(text, match.start(), match.end()) is not None:
            return self._not_measured(text, match.start(), match.end())
        return self._quantity(text, match.start(), match.end(), low, high, False, bool(scale))

    def _ratio(self, text: str, match: re.Match[str]) -> Number | None:
        left, right = (float(part) for part in match.group().split(":"))
        around = text[max(0, match.start() - 16) : match.start()] + text[match.end() : match.end() + 6]
        if (
            not left
            or not right
            or (left != 1 and right != 1)
            or not re.search(r"比|配|1(?:\.0+)?:0\.|:1", around + match.group())
        ):
            return Number(match.start(), match.end(), "name", "比分或编号")
        value = right if left == 1 else left
        found = qualifier(text[max(0, match.start() - 10) : match.start()], False, text[match.end() : match.end() + 6])
        return Number(
            match.start(), match.end(), "quantity", value=value, unit="ratio", qualifier=found, digits_end=match.end()
        )

    def _percent_word(self, text: str, match: re.Match[str]) -> Number | None:
        numeral = match.group()
        factor = 0.1 if numeral.startswith("千") else 1.0
        parts = re.split(_TO, re.sub(r"[百千]分之", "", numeral))
        values = [_chinese_decimal(part) for part in parts]
        if any(value is None for value in values) or not values:
            return Number(match.start(), match.end(), "unread", "不成数的百分数")
        first, last = values[0] or 0.0, values[-1] or 0.0
        unit, end = "percent", match.end()
        return Number(
            match.start(), end, "quantity", value=first * factor, value_high=last * factor if len(values) > 1 else None,
            unit=unit, qualifier=qualifier(text[max(0, match.start() - 10) : match.start()], False, text[end : end + 8]),
            digits_end=end,
        )  # fmt: skip

    def _tenths(self, text: str, match: re.Match[str]) -> Number | None:
        start, end, word = match.start(), match.end(), match.group()
        # 成都, 成立, 成员, 成功 …: the character after 成 makes another word of it.
        if word[-1] == "成" and re.match(r"不变|[立员为果功效本熟长就都年绩品人份形分群批套]", text[end : end + 2]):
            return None
        numerals = [char for char in word if char in _CN_DIGIT or char == "半"]
        at = word.index("成")
        low = 10.0 * (parse_chinese(word[0]) or 0)
        high = 10.0 * (parse_chinese(word[at - 1]) or 0) if at > 1 else None
        if word[-1] != "成":
            low += 5.0 if numerals[-1] == "半" else parse_chinese(numerals[-1]) or 0
        found = qualifier(text[max(0, start - 10) : start], text[end : end + 1] == "多", text[end : end + 6])
        return Number(
            start,
            end,
            "quantity",
            value=low,
            value_high=high,
            unit="percent",
            counter="成",
            qualifier=found,
            digits_end=end,
        )

    def _fraction(self, text: str, match: re.Match[str]) -> Number | None:
        word, before = match.group(), text[max(0, match.start() - 8) : match.start()]
        if "/" in word:
            upper, lower = (float(part) for part in word.split("/"))
            if not re.search(r"[近约超占的达有过]$", before) or not lower or upper >= lower:
                return Number(match.start(), match.end(), "name", "编号")
        else:
            lower_word, upper_word = word.split("分之")
            upper, lower = parse_chinese(upper_word) or 0, parse_chinese(lower_word) or 0
        if not lower:
            return None
        found = qualifier(before, False, text[match.end() : match.end() + 6])
        return Number(
            match.start(), match.end(), "quantity", value=100 * upper / lower, unit="percent", qualifier=found,
            digits_end=match.end(),
        )  # fmt: skip

    def _chinese(self, text: str, match: re.Match[str]) -> Number | None:
        """A Chinese numeral counts where it has weight: 两万余人, 三千名, 十二万人次, 近万个; not 三张网, 十大行动."""
        start, end = match.span()
        # 第.. and 十四五 are taken before; a numeral that begins a longer word is no number: 万元 alone, 千家万户.
        tail = re.compile(r"[余多]?(?:万亿|[万亿])?[余多]?").match(text, end)
        digits_end = tail.end() if tail else end
        numeral = text[start:end]
        suffix = text[end:digits_end]
        value = parse_chinese(numeral + re.sub(r"[余多]", "", suffix))
        if value is None:
            return None
        if text[max(0, start - 1) : start] == "每":
            return Number(start, digits_end, "name", "分母") if value >= 100 else None
        if text.startswith("元区", digits_end):
            return Number(start, digits_end + 2, "name", "地名")  # 三元区
        # 万元, 千家万户: a bare scale counts only behind 近, 上, 超 …: 近百万元, 上千名.
        if numeral in SCALES and not _ABOUT.search(text[max(0, start - 1) : start]):
            return None
        if numeral[0] in "百万亿" and len(numeral) > 1 and numeral not in SCALES:
            return None
        number = self._quantity(text, start, digits_end, value, None, bool(re.search(r"[余多]", suffix)), True)
        if number is None:
            if value >= 10_000 and _PERSON_NOUN.match(text, digits_end):
                return Number(start, digits_end, "quantity", value=value, unit="person", digits_end=digits_end,
                              qualifier=qualifier(text[max(0, start - 8) : start], "余" in suffix, text[digits_end : digits_end + 6]))  # fmt: skip
            return None
        if self._not_measured(text, start, digits_end) is not None:
            return None
        heavy = value >= 100 or number.unit in ("CNY", "percent", "multiple", "percentage_point") or (
            value > 10 and number.counter not in _CN_COUNTERS_WITHOUT_WEIGHT
        )  # fmt: skip
        return number if heavy else None


_PLAIN = re.compile(_COMPOUND)
_PERSON_NOUN = re.compile(
    r"(?:余|多|左右)?(?:[城镇市乡农村困难特殊重度户籍常住受灾留守孤高龄失能独居贫困在册各类低保五优抚供养]{0,8})"
    r"(?:老年人|老人|老年人口|残疾人|群众|人口|儿童|对象|居民|志愿者|社工|职工|党员|学生|村民|市民|会员|患者|孤儿|青少年|妇女|农民)"
)
_HOUSEHOLD_NOUN = re.compile(r"(?:困难|低保|贫困|受灾|特殊困难)?(?:家庭|农户|住户)")
_MONEY_BEFORE = re.compile(
    r"(?:[金款费资币]|资金|投资|投入|支出|补贴|津贴|补助|善款|销售额?|销量|筹集|筹资|发放|拨付|下拨|捐款|捐赠|减负|收入)"
    r"[^,。;、\d]{0,4}$"
)
_PERSON_BEFORE = re.compile(
    r"(?:人口|老年人|老人|人数|对象|人员|志愿者|残疾人|儿童|孤儿|群众|会员)(?:数|总数|总量)?[^,。;、\d]{0,4}$"
)
_HOUSEHOLD_BEFORE = re.compile(r"户数[^,。;、\d]{0,3}$")


_REACHES = re.compile(r"(?:岁以上|岁及以上|达到?|增至|增加到|增长到|突破|超过?|减至|降至)$")


def _gone_on(text: str, number: Number, last: Number) -> Number:
    """A number without a unit that takes up the one before it: `60周岁以上老年人口48.6万人,…预计末将达到55万`."""
    scaled = re.search(r"[万亿]", text[number.start : number.end])
    if not scaled or not _REACHES.search(text[max(0, number.start - 5) : number.start]):
        return number
    return number._replace(
        verdict="quantity",
        reason="",
        value=parse_digits(text[number.start : number.end]),
        unit=last.unit,
        digits_end=number.end,
    )


def _chinese_decimal(numeral: str) -> float | None:
    """七点五 is 7.5; digits are taken as they are."""
    if numeral[:1].isdigit():
        return float(numeral)
    whole, _, fraction = numeral.partition("点")
    value = parse_chinese(whole)
    if value is None or not fraction:
        return value
    digits = [parse_chinese(char) for char in fraction]
    return (
        None
        if None in digits
        else float(f"{value:.0f}." + "".join(f"{digit:.0f}" for digit in digits if digit is not None))
    )

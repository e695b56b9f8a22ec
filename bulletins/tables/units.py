"""Which unit do the words of a table say: in a cell of their own, in brackets, in a caption, or only by the noun?

Here belongs units as tables print them. Which of several units holds for a figure is decided in `reading.py`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bulletins.catalog import UnitWord
from bulletins.text.quantity import SCALES


class Unit(NamedTuple):
    """A unit as printed: canonical name, factor to the base unit, the period that is paid for, and the words."""

    name: str
    factor: float
    per: str
    words: str


_BY_LENGTH = tuple(sorted(SCALES, key=len, reverse=True))
_BRACKETED = re.compile(r"[(\[【]\s*(?:计量)?(?:单位\s*[::]?\s*)?([^()\[\]【】]{1,16}?)\s*[)\]】]")
_STATED = re.compile(r"(?:计量|数量|金额)?单位\s?[::]\s?([^\s|)\];;]{1,24})")
_BEHIND_COMMA = re.compile(r"[,、/]\s?([^\s,、]{1,6})$")
#: Counters that in brackets behind a name say what sort of place it is: `县(区)`, `开发区(镇)`.
DIVISIONS = frozenset(
    (
        "区",
        "县",
        "市",
        "镇",
        "乡",
        "村",
        "居",
        "社区",
        "街道",
        "乡镇",
        "县区",
        "村居",
        "家庭",
        "期",
        "月",
        "年",
        "大",
        "号",
        "门",
        "类",
        "种",
    )
)
_BEFORE_FARMS = frozenset("县区乡镇村")  # `乡镇(场)` are farms, no events
_SEPARATOR = re.compile(r"[、,;，/\s]|以?及|和")
_MONEY_RATE = re.compile(r"(?:[万亿千百]?元)")
_PER_WORDS = (("day", re.compile(r"[日天]")), ("month", re.compile(r"月")), ("year", re.compile(r"年")))
_NOT_PER = re.compile(r"[人户月年日天/·.、每*\s床具间户次件座条张个]*")

#: The noun at the end of words → the unit that it is counted in. The first that fits counts; money has no scale of its own.
_NOUNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?:{words})$"))
    for unit, words in (
        ("percent", r"率|比重|占比|比例|百分比"),
        ("household", r"户次|户数|家庭数?|[总保]户|户"),
        ("person_time", r"人次数?|人次"),
        ("bed", r"床位数?|床位总数|床数"),
        ("couple", r"对数|(?:结婚|离婚)(?:登记)?数?量?|(?:结婚|离婚)登记情况"),
        (
            "person",
            r"人数|人员数?量?|人口数?|对象数?|孤儿数?|儿童数?|老人数?|老年人数?|残疾人数?|职工数?|学员|志愿者数?|居民数?|女性|男性|女|男"
            r"|工作者数?|社工师?数?|护理员数?|总人数|在院数|在册数|督导员数?|主任数?|军人|家属|学生数?|三孤|弃婴数?|者数?",
        ),
        ("money", r"标准|补差|水平|资金|金额|支出|经费|款|费|金|补助|拨款|收入|投资|销量|销售额?|投入|捐赠额?|额"),
        (
            "item",
            r"机构数?|单位数?量?|中心数?|站数?|站点数?|点数?|所数?|院数?|团体数?|组织数?|基金会数?|社区数?|(?<![农乡])村数?|委员会数?|企业数?"
            r"|公墓数?|设施数?|个数|协会数?|馆数?|处所数?|队伍数?|项目数?|超市数?|(?<![城乡])镇数?|(?<![城])乡数?|街道数?|区划数?|登记数?|件数|证数?|炉数?",
        ),
    )
)


class Units:
    """The catalogue's units, as tables print them."""

    def __init__(self, words: Iterable[UnitWord]) -> None:
        self._words: Mapping[str, UnitWord] = {word.word: word for word in words}
        self.resolve = functools.lru_cache(maxsize=4096)(self._resolve)
        self.stated_in = functools.lru_cache(maxsize=4096)(self._stated_in)

    def _resolve(self, words: str) -> Unit | None:
        """The unit that words are and nothing else: `人`, `万元`, `元/人·月`, `张/千人`; None for other words."""
        bare = "".join(words.split()).strip("()[]【】:")
        if not bare or len(bare) > 16:
            return None
        head, per = bare, ""
        if bare not in self._words and (match := _MONEY_RATE.match(bare)) and match.end() < len(bare):
            rest = bare[match.end() :]
            if not _NOT_PER.fullmatch(rest):
                return None
            per = next((name for name, pattern in _PER_WORDS if pattern.search(rest)), "")
            head = match.group()
        factor = 1.0
        while head and head not in self._words:
            scale = next((scale for scale in _BY_LENGTH if head.startswith(scale)), "")
            if not scale:
                return None
            factor *= SCALES[scale]
            head = head[len(scale) :]
        if not head:
            return None
        unit = self._words[head]
        return Unit(unit.unit, factor * unit.factor, per, bare)

    def is_unit(self, words: str) -> bool:
        """Whether a cell of a unit column may hold these words: one unit, or several (`户、人`)."""
        return bool(self.resolve(words)) or bool(_resolved(self, words))

    def several(self, words: str) -> tuple[Unit, ...]:
        """The units of a cell that states several: `户/人`, `户、人`; empty for one or none."""
        return tuple(_resolved(self, words))

    def _stated_in(self, phrase: str) -> tuple[Unit, ...]:
        """The units that a head, stub or caption states: in brackets, behind `单位:`, behind its last comma."""
        found: list[Unit] = []
        for pattern in (_STATED, _BRACKETED):
            for match in pattern.finditer(phrase):
                farms = match.group(1) == "场" and phrase[match.start() - 1 : match.start()] in _BEFORE_FARMS
                if farms or DIVISIONS.issuperset(_SEPARATOR.split(match.group(1))):
                    continue  # 县(市、区)
                unit = self.resolve(match.group(1))
                found += [unit] if unit else _resolved(self, match.group(1))
            if found:
                return tuple(found)
        behind = _BEHIND_COMMA.search(phrase)
        unit = self.resolve(behind.group(1)) if behind else None
        return (unit,) if unit else ()


def _resolved(units: Units, words: str) -> list[Unit]:
    parts = [part for part in _SEPARATOR.split(words) if part]
    found = [units.resolve(part) for part in parts]
    return [unit for unit in found if unit] if len(parts) > 1 and all(found) else []


@functools.lru_cache(maxsize=4096)
def implied_by(phrase: str) -> str:
    """The unit that the noun at the end of words is counted in; `money` where only that it is money; empty where silent."""
    bare = _BRACKETS.sub("", phrase)
    bare = _ENGLISH.sub("", bare)
    bare = _TAIL.sub("", "".join(bare.split()))
    return next((unit for unit, pattern in _NOUNS if pattern.search(bare)), "")


def is_counted(phrase: str) -> bool:
    """Whether the noun at the end of words says for sure what is counted: 人数, 户次, 占比; 对象 and 机构 only suggest it."""
    return _COUNTED.search(phrase) is not None


_COUNTED = re.compile(r"(?:数|人次|户次|次数|率|比重|占比|比例|金额|支出|资金|标准|户)$")
_BRACKETS = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z\s.,'&-]*$")
_TAIL = re.compile(r"(?:合计|小计|总计|情况|统计|[::*#、,.\d-])+$")

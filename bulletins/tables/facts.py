"""What the words of one head, stub, caption or name of a sheet state: place, area, unit, measure, status, part; each parsed once.

A figure's facts are the nearest of each kind among the words around it; which are near is decided in `reading.py`. Periods are said
from a ground (`text/periods.py`) and are therefore asked for there.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from bulletins.reading.indicators import Matcher, Zone
from bulletins.reading.places import PlaceReader
from bulletins.reading.wording import area_of
from bulletins.tables.units import Unit, Units, implied_by

_ENUMERATOR = re.compile(
    r"^(?:[\s#*※★—–-]+|[A-Z]、?(?=[\u4e00-\u9fff])(?!\w[类级档型等])(?![类级档型等])|[IVX]+\s|其中[:、]?|\([一二三四五六七八九十\d]{1,3}\)|(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.](?!\d)|[①-⑳])+"
)
_MARKS = re.compile(r"[①-⑳⑴-⒇*※☆★†‡¹²³]+$|\[\d{1,2}\]$")
_PART = re.compile(r"^\s*(?:#|[-—–]{1,2}(?=[\u4e00-\u9fff])|\(?其中)|其中[:、]?$")
_TARGET = re.compile(r"目标|预算(?!执行|完成|内|外)|任务(?!完成)|计划(?!生育|完成|单列)|预期|指标值|规划(?!完成)|下达")
_DUE = re.compile(r"[应需拟待须](?:完成|建|办|达|改造|新增|发放)|计划完成|目标完成")
_DONE = re.compile(r"完成|实际|实现|达到|执行|进度")
_GROWTH = re.compile(
    r"增减|增长|增幅|同比|环比|增速|±|比上[年季月期]|较上[年季月期]|[比较]去年|升降|涨幅|降幅|上升|下降|变化"
)
_DIFFERENCE = re.compile(
    r"(?:增减|增加|减少|变化|增长)(?:数|量|额|绝对[数量额])|增减[+±-]*\s*$|绝对[数量额]|差额|增量|净增"
)
_RATE = re.compile(r"%|％|率|幅|增速|百分比|百分点")
_SHARE = re.compile(
    r"占比|比重|比例|构成|百分比|占.{0,12}[%％]|[比率]\s?\(?[%％]|完成率|达标率|覆盖率|完成比|进度\(?[%％]|[%％]$|=100"
)
_SCORE = re.compile(r"分值|得分|权重|评分|扣分|自评分?|满分|分数|考核分|加分|标准分|赋分|总分|记分")
_RANK = re.compile(r"序号|排名|名次|位次|行次|栏次|编号|^NO\.?$|^No\.?$|行号|排序|座次")
_CODE = re.compile(r"代码|编码|证号|许可证|统一社会信用|文号|账号|身份证|电话|手机|联系方式|邮编|传真")
_REMARK = re.compile(
    r"备\s?注|说明|依据|地址|住所|联系人|负责人|法定代表人|责任(?:单位|人|科室)|牵头|来源|填报|属性|性质|类型$|时间$|日期|网址|邮箱|措施|原因"
)
_UNIT_HEAD = re.compile(r"^(?:计量|数量|金额)?单\s?位(?:名|\(.*\))?$|^计量$|^Unit$", re.I)
_BODY_HEAD = re.compile(
    r"(?:机构|单位|企业|公司|学校|医院|养老院|敬老院|福利院|中心|站|点|食堂|驿站|院|馆|公墓|陵园|殡仪馆|组织|协会|基金会|项目单位|捐[赠款]\w{0,3})\s?(?:名称|全称|名)|^(?:姓名|捐赠(?:人|者|方|单位|企业)|捐款(?:人|单位)|受助人|企业|爱心企业|机构|养老机构名?)$"
)
_PLACE_HEAD = re.compile(
    r"^(?:所[在属])?(?:行政区划|地\s?区|区\s?域|县\s?[\(（]?.{0,6}区|区\s?县|市\s?县|市\s?州|州\s?市|县\s?市|区\s?市|乡\s?镇|镇\s?乡|镇\s?街|街\s?道|镇|辖区|各地|市区|县别|地市|市\s?[(（].{1,6}|区\s?[(（].{1,6}|乡.{0,4}街道\)?|旗\s?县|村|社区|单位|区划)"
    r"(?:名称|别)?$|^(?:县|区|市|乡镇).{0,8}(?:区|街道|县|市)\)?(?:名称)?$"
)
_WHOLE = re.compile(
    r"^(?:全[市县区州省盟旗国]|合\s?计|总\s?计|共\s?计|总\s?数|小\s?计|总\s?体|汇\s?总|[市县区州]合计|全[市县区州省](?:合计|总计|小计)?|合计数|平均|全[市县区州]平均|均值)$"
)
_CORE = re.compile(r"^(?:市|县|区|州|省|盟|旗)\s?(?:本\s?级|直属?|属|级)$|^本\s?级$|^市直(?:单位|属)?$|^市本级\(.*\)$")
_AT_LARGE = re.compile(r"^(?:全省|全国|全自治区|全区)\s?(?:平均|均值|合计|总计|平均水平|水平)?$")
# `民族乡`, `街道办事处`: kinds of towns, which are counted.
_TOWN = re.compile(
    r"^(?!(?:民族|建制|街道)(?:镇|乡|苏木|村|社区|街道|办事处)$)(?:(?:高新区|经开区|开发区|新区|园区|农场|林场)|.*.(?:镇|乡|街道(?:办事处)?|街办|苏木|村|社区|居委会|农场|林场|牧场|园区|管委会|开发区|高新区|经开区|新区|示范区|工业区|管理区|度假区|新城|片区|办事处|集聚区|保税区|合作区|林业局))$"
)
_BODY = re.compile(
    r"(?:院|公司|厂|店|医院|学校|协会|基金会|商会|酒店|银行|集团|中心|公寓|养老院|敬老院|福利院|之家|服务社|合作社|幼儿园|站|所|馆|食堂|餐厅|[餐务]点|驿站|陵园|公墓|某|先生|女士|局|办|队)$"
)
#: Nouns that say how something is counted and not what: alone they go on about the subject above.
_GENERIC_WORDS = (
    "人数 户数 人次 户次 金额 资金 支出 标准 数量 个数 对数 件数 次数 总数 数额 总量 规模 情况 对象 人员 合计 小计 总计 共计 其中 "
    "累计 本年 本期 上年 同期 期末 年末 年底 年初 季末 月末 本季 本月 当月 当年 全年 实际 实有 现有 在册 在保 保障 享受 发放 救助 "
    "补助 补贴 供养 登记 办理 完成 新增 增加 减少 总 数 户 人 量 额 值 指标 项目 名称 单位 平均 月 年 季度 度 水平 每人 人均 元 "
    "万 亿 个 对 张 所 家 处 名 位 次 件 % 城市 农村 城镇 城乡 乡村 区域 地区 全市 全县 全区 全省 增减 增长 同比 环比 幅度 率 "
    "较 比 目标 任务 计划 预期 下达 达到 实现 完成率 进度 上季 上月 上期 去年 今年 至 截至 底 末 上半年 下半年 一 二 三 四 已 未 "
    "应 共 拟 集中 分散 现状 统计 内容 类别 及 和 的 按 当期 期 本 上 "
)
#: … the longer before those that they begin with.
_GENERIC = re.compile("|".join(sorted(_GENERIC_WORDS.split(), key=len, reverse=True)) + r"|[()\[\]/、,.:;·*#\s\d—–-]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What words state; what they are silent about is empty.

    Attributes:
        text: the words, on one line.
        name: without marks, enumerators and brackets of units.
        zone: the catalogue's words in them.
        place: whom they name: a full name, or the printed one; `kind` says of which sort.
        kind: `home` (全市, 合计), `place`, `town` (no list holds it), `core` (市本级), `body`, `at_large`, or empty.
        area: urban, rural, districts, counties, all, or empty.
        units: stated; `implied` is what the noun at their end is counted in.
        part: whether they name a part of what stands before: `其中:女性`, `#集中供养`.
        target, done: whether they say that something is planned, or what came of it.
        growth: empty, `rate`, `difference` or `either`.
        share: a share or a rate of its own: 占比, 完成率.
        role: `score`, `rank`, `code`, `remark`, `unit`, `body`, `place` of a column's head; empty for others.
        plain: whether the name is nothing but generic nouns, and so goes on about the subject above: `保障人数`.
        placed: whether they name a place beside something else: `衡阳市社会福利院`.
        foreign: what is left of the name beyond subjects, generic nouns, places and areas: it names something of its own.
    """

    text: str
    name: str
    zone: Zone
    place: str
    kind: str
    area: str
    units: tuple[Unit, ...]
    implied: str
    part: bool
    target: bool
    done: bool
    growth: str
    share: bool
    role: str
    foreign: str
    plain: bool
    placed: bool

    @property
    def unit(self) -> Unit | None:
        """The one unit that they state, if it is one."""
        return self.units[0] if len(self.units) == 1 else None


class FactReader:
    """Parses the words of one page's tables."""

    def __init__(self, units: Units, matcher: Matcher, places: PlaceReader) -> None:
        self.units, self._matcher, self._places = units, matcher, places
        self.of = functools.lru_cache(maxsize=4096)(self._parsed)

    def _parsed(self, words: str) -> Facts:
        text = " ".join(words.split())
        closed = _closed_up(text)
        name = bare_name(closed)
        place, kind = self._whose(name)
        zone = self._matcher.index(closed).zone((0, len(closed)))
        role = _role(closed)
        share = bool(_SHARE.search(closed)) and not _GROWTH.search(closed)
        return Facts(
            text=text,
            name=name,
            zone=zone,
            place=place,
            kind=kind,
            # 金城镇 is no 城镇.
            area="" if _ends_like_a_town(name) and not zone.topics else area_of(self._places.without(closed)) or "",
            units=self.units.stated_in(text),
            implied=implied_by(name),
            part=bool(_PART.search(closed)),
            target=bool(_DUE.search(closed)) or (bool(_TARGET.search(closed)) and not _DONE.search(closed)),
            done=bool(_DONE.search(closed)) and not _DUE.search(closed),
            growth=_growth(closed),
            share=share,
            role=role,
            foreign=self._foreign(name, place, kind),
            plain=not _GENERIC.sub("", self._places.without(name)),
            placed=not kind and (self._places.without(name) != name or name.startswith(self._places.home or " ")),
        )

    def _whose(self, name: str) -> tuple[str, str]:
        """Whom a name is of, and of which sort."""
        if not name or len(name) > 30:
            return "", ""
        if _WHOLE.match(name) or name == self._places.home:
            return self._places.home, "home"
        if _CORE.match(name):
            return self._places.home, "core"
        subject = self._places.subject(name)
        if subject is not None:
            if subject.name == self._places.home:
                return subject.name, "home"
            return subject.name, "place" if subject.kind == "place" else "town"
        if _AT_LARGE.match(name):
            return self._places.of(name), "at_large"
        return "", ""

    def _foreign(self, name: str, place: str, kind: str) -> str:
        if kind:
            return ""
        # Both ways, since a generic noun may be the end of one word of the catalogue and the beginning of another.
        bare = self._places.without(name)
        lefts = (_GENERIC.sub("", self._matcher.uncovered(bare)), self._matcher.uncovered(_GENERIC.sub("", bare)))
        return min(lefts, key=len)


def _role(text: str) -> str:
    for role, pattern in (
        ("unit", _UNIT_HEAD),
        ("score", _SCORE),
        ("rank", _RANK),
        ("code", _CODE),
        ("body", _BODY_HEAD),
        ("place", _PLACE_HEAD),
        ("remark", _REMARK),
    ):
        if pattern.search(text):
            return role
    return ""


def _growth(text: str) -> str:
    if not _GROWTH.search(text):
        return ""
    if _DIFFERENCE.search(text) and not _RATE.search(text):
        return "difference"
    return "rate" if _RATE.search(text) or re.search(r"[同环]比|增速", text) else "either"


def _ends_like_a_town(name: str) -> bool:
    return 3 <= len(name) <= 6 and is_town(name) and not name.endswith(("农村", "乡村"))


def is_town(name: str) -> bool:
    """Whether a name that no list holds ends like a town, a village or a zone."""
    return _TOWN.search(name) is not None


def is_body(name: str) -> bool:
    """Whether a name ends like that of an institution or a person."""
    return _BODY.search(name) is not None


def bare_name(words: str) -> str:
    """A name without enumerator, marks and the unit behind it: `(二)其中:1.养老机构(个)*` is 养老机构."""
    name = _MARKS.sub("", words.strip())
    if match := _ENUMERATOR.match(name):
        name = name[match.end() :]
    name = re.sub(r"(?:\s*[(\[][^()\[\]]{1,10}[)\]])+[\s:、;]*$", "", name) or name
    return name.strip(" :、;,")


_BETWEEN_CJK = re.compile(r"(?<=[\u4e00-\u9fff(（)）]) (?=[\u4e00-\u9fff(（)）])")


def _closed_up(text: str) -> str:
    """Chinese words without the blanks that spread them over a cell: `珠 晖 区`."""
    return _BETWEEN_CJK.sub("", text)

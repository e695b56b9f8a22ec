"""Short stretches of words → measure, area and the period that a standard is paid for."""

from __future__ import annotations

import functools
import re

_CHANGE_BEFORE = re.compile(
    r"(?:上浮|下浮|增长|增加|增多|提高|提升|上升|上涨|涨|下降|减少|降低|回落|回升|增幅|减幅|降幅|涨幅|升幅|增速|增减|增长率|增支|幅度|同比增|同比降|净增|净减|扩大|缩小|下滑|攀升|增产|减产|增|降|上调|下调)"
    r"(?:幅度)?(?:了|约|近|超过|超|逾|率|额)?(?:分别)?(?:高?达|接近|为|是|达|约|超过|超|近|了)?(?:不低于|不少于|每人每[月年]|人均)?[-]?$"
)
_MORE_THAN_BEFORE = re.compile(
    r"(?<!每月)(?<!一次性)增发(?:城乡|城市|农村)?(?:低保|保障|供养|特困)[^,。;\d]{0,6}$|扩大(?:救助|保障)?(?:人群|对象|人数|范围)$|"
    r"(?:去年|上年|前年|同期|上届|年初|上月|年[底末]|20\d{2}年)[^,。;\d]{0,3}[多少高低](?:了|出|支出|发放|建|办|收)?(?:近|约|超)?$|[同环]比[多少](?:了)?$|再提$"
    r"|[比较](?:去年|上年|前年|上届|上月|20\d{2}年)(?:同期|[末底])?[多少](?:支出|发放|登记|救助|筹集|销售|建成|新增|投入)[\u4e00-\u9fff]{0,8}$"
)
# `结婚7312对(同比-9.4%)`
_AGAINST = re.compile(r"[同环]比[-+]?$")
_UPGRADED = re.compile(r"(?<!床位)(?:提升|完善提升|改造提升)了?$")
_LONGEST_CHANGE = 32  # code points: none of these patterns reaches further back
_STRETCHES = 4096  # of words whose meaning is kept: bulletins say the same again and again
_NOT_CHANGE = re.compile(r"净增$|(?:新增|新增加|增设|净增加床|压缩|压减)[^,。;]{0,4}$")


def is_change(before: str, unit: str) -> bool:
    """Whether what stands before a number makes it an increase or a decrease: `提高了50%`, `同比下降6.1%`, `较上年增加25元`."""
    return _is_change(before[-_LONGEST_CHANGE:].rstrip(), unit)


@functools.lru_cache(maxsize=_STRETCHES)
def _is_change(before: str, unit: str) -> bool:
    if _MORE_THAN_BEFORE.search(before) or (unit == "percent" and _AGAINST.search(before)):
        return True
    if not _CHANGE_BEFORE.search(before):
        return False
    if unit == "item" and _UPGRADED.search(before):
        return False  # `完善提升1处街道级居家社区养老服务中心`
    if unit in ("percent", "percentage_point", "CNY") or re.search(r"[较比][^,。;]{2,8}净增$", before):
        return True
    return not _NOT_CHANGE.search(before)


_ALL_COUNTIES = re.compile(
    r"每个县\(市\)|[各]?县\(市[、,]?区\)|区\(市\)县|县\(市\)区|县\(区\)|县区|区县|市县区|县市区|市\(县、区\)|县、?市、?区|[各]?区\(县|市区县"
)
# A city that is a friend or a model is no side, nor are soldiers who were called up from a town, nor streets of the built-up part.
_URBAN = re.compile(
    r"(?<!友好)(?<!模范)(?<!文明)(?<!宜居)(?<!示范)(?<!\d个)城市(?!生活无着|流浪|管理|建设|更新|形象|名片|温度|[之间群圈])"
    r"|城镇(?!(?:居民|职工)(?:基本)?(?:医|养老保险|社)|(?:退役|退伍|复员|转业|义务兵|籍))"
    r"|(?<![老新])城区(?!街道|道路|[、,]|火化)"
)
_RURAL = re.compile(r"(?<!新)(?<!社区\()农村(?![、和与]社区)|农业户|牧区|农区")
_LABEL = re.compile(r"^\s*[【\[][^】\]]*[】\]]")  # `[城乡低保] 城市低保对象64.7万户`: what a paragraph is about
_BOTH = re.compile(r"城乡")
_DISTRICTS = re.compile(
    r"市辖区|(?<!县)(?<!区)市区|主城区|中心城区|城六区|城区(?=城[市镇]|低保)|[两二三四五六七八九十]区(?=每|及|和|低|城|统一|由|为)"
)
_COUNTIES = re.compile(
    r"县\(市\)|(?:其他|其余|其它)(?:各|[一二三四五六七八九十]+|\d+个?)?(?:县|区县|县市)|各县(?!区|市区|\(市、区)|[二三四五六七八九十两]县(?:\(市\))?(?=由|城|农|低|统一|为|提|每|分|达|的|标)|县级市|县城(?![市镇])|县市(?!区)|[两二三四五六]市(?=城|农|低|统|为|由)"
)


_AREA_CHARACTER = re.compile(r"[城农镇县区]|市(?=[城农低统为由])")


@functools.lru_cache(maxsize=_STRETCHES)
def area_of(stretch: str) -> str:
    """`urban`, `rural`, `districts`, `counties`, or `all` where the words name no part or several; empty where silent."""
    if not _AREA_CHARACTER.search(stretch):
        return ""
    if (label := _LABEL.match(stretch)) and (stated := area_of(stretch[label.end() :])):
        return stated
    plain = _ALL_COUNTIES.sub("", stretch)
    districts, counties = bool(_DISTRICTS.search(plain)), bool(_COUNTIES.search(plain))
    side = _side(plain)
    if not districts and not counties:
        return side
    within = _side(_COUNTIES.sub("", _DISTRICTS.sub("", plain)))
    if within in ("urban", "rural"):
        return within  # `市区城市低保标准`
    if districts != counties:
        return "districts" if districts else "counties"
    return "all"


def _side(stretch: str) -> str:
    """`urban`, `rural`, `all` where the words name both, or empty."""
    urban, rural = _URBAN.search(stretch) is not None, _RURAL.search(stretch) is not None
    if _BOTH.search(stretch) or (urban and rural):
        return "all"
    return "urban" if urban else "rural" if rural else ""


@functools.lru_cache(maxsize=_STRETCHES)
def area_within(stretch: str) -> str:
    """The area without 市区 and 县(市): urban, rural, all or empty."""
    if not _AREA_CHARACTER.search(stretch):
        return ""
    return area_of(_COUNTIES.sub("", _DISTRICTS.sub("", stretch)))


_MONTH = re.compile(
    r"每人每月|每月每人|人均每月|月人均|每个?月|人/月|人·月|元/月|/月|月(?:保障|供养|养育|补贴|津贴)?标准|月保障|(?:人均|户均|平均|最高|档)月(?=补|平均|[^末底份初])|人[均平]月|(?<!\d)月(?:工资|薪|报酬|收入|补助|补差|补贴|最高|领|平均)|按月|最低工资(?:标准)?$"
)
_DAY = re.compile(r"每人每[天日]|每[天日]|/[天日]")
_YEAR_PAID = re.compile(
    r"每人每年|每学年|每年每人|年人均|人均每年|每年|人/年|人·年|元/年|/年|年(?:人均)?(?:保障|供养)?标准|年保障|人年均|标准(?:为|是)?(?:按)?年(?:人均)?$"
)


_PERIOD_CHARACTER = re.compile(r"[天日月年]")  # stands in every word of the patterns above


def per_of(before: str) -> str:
    """`day`, `month` or `year` where the words before an amount say for which period it is paid; the nearest word counts."""
    if not _PERIOD_CHARACTER.search(before):
        return ""
    months = [match.start() for match in _MONTH.finditer(before)]
    years = [match.start() for match in _YEAR_PAID.finditer(before)]
    days = [match.start() for match in _DAY.finditer(before)]
    stated = [(max(found), period) for found, period in ((months, "month"), (years, "year"), (days, "day")) if found]
    return max(stated)[1] if stated else ""


def paid_by_size(value: float, area: str) -> str:
    """Where no period is printed, the size tells it: rural standards were long printed per year (`由1907元提高到2193元`)."""
    if value >= 3500 or (area == "rural" and value >= 1500):
        return "year"
    return "month"

"""Places and bodies that no list holds: towns, zones, farms, and institutions, enterprises, foundations.

A list of towns is never complete for old years, so that a word counts that ends like a place and stands like one: at the head of
a clause or an item, behind another place, before its figure. Its name is what is printed.
"""

from __future__ import annotations

import re

from bulletins.text.words import Tokenizer

TOWNS = ("镇", "乡", "街道", "苏木", "街道办事处", "街办")
#: Zones that are called so without a name of their own.
PLAIN_ZONES = (
    "高新区", "经开区", "开发区", "经济开发区", "经济技术开发区", "高新技术产业开发区", "高新技术开发区", "高新技术产业园区", "工业园区", "保税区", "综保区",
)  # fmt: skip
ZONES = (
    *PLAIN_ZONES, "新区", "园区", "示范区", "管理区", "度假区", "合作区", "农场", "林场", "牧场", "渔场", "林区", "林业局", "兵团", "团场", "产业园", "工业园",
    "管委会", "科学城", "生态城", "新城", "风景区", "管理委员会", "行政区", "实验区", "试验区", "产业集聚区", "集聚区", "垦区",
)  # fmt: skip
#: New counties and districts that only the Ministry knows as such yet, and those that it never listed: 加格达奇区.
COUNTIES = ("区", "县", "旗")
#: What ends a name only in a list of places: `红卫路街2106人,冶金街1733人`, `汤原县102人次、建三江管理局25人次`.
LISTED_ONLY = ("街", "管理局", "行委", "马场")
MEMBERS = frozenset([*TOWNS, *LISTED_ONLY])
SUFFIXES = (*TOWNS, *ZONES, *COUNTIES, *LISTED_ONLY)

_LONGEST_TOWN, _LONGEST_ZONE = 5, 10  # code points before the suffix; 街道 of longer names are rare
# What may lead to a name at the head of a clause and is no part of it.
_LEADING = re.compile(
    r"(?:其中|尤其|特别|另外|此外|目前|同时|例如|比如|今年|去年|上年|当年|本年|全年|年末|年底|年|月|日|底|末|截至|[在对由从为是即如含和与及将使让给向按]|以及|还有|包括|位于|设在|地处|"
    r"月?底前|我[市县区州省]|全[市县区州省]|[省市县区](?:属|辖|级)|原|第[一二三四五六七八九十]|[一二三四五六七八九十]是|排名|最[多少高低大小]的是|前[两三四五]位的是|较[多少高低]的是?)+"
)
_PLAIN_LEFT = frozenset("、,;:。.!?()|/\t\n 　\"“”'·-—*#")
# A stem that holds one of these is no name: `覆盖乡镇`, `各街道`, `中心镇`, `返乡`, `小城镇`, `五镇`.
_NO_STEM = re.compile(
    r"[各每个全所该我本有的了是被把已并等其他些某多此这那几撤设]|(?:^|.)(?:乡|集|村|街|墟|圩|建制|重点|中心|特色|示范|试点|偏远|边远|贫困|农村|城市|城乡|覆盖|涉及|实现|建成|完成|新增|新建|推进|"
    r"推动|实施|开展|打造|创建|设立|成立|建立|建设(?=.)|建设$|支持|指导|选择|确定|户籍|所在|下辖|辖|深入|走进|服务|养老|社区|社会|救助|慈善|福利|殡葬|婚姻|儿童|老年|残疾|志愿|公益|改革|试|创新|国家级|省级|市级|县级|"
    r"一体|融合|发展|美丽|文明|卫生|生态(?=$)|工业(?=$)|产业(?=$)|科技(?=$)|物流(?=$)|创业(?=$))$|^(?:[一二两三四五六七八九十百]+|民族|小|老|新|城|市|返|下|回|还|家|故|同|外|离|水|本|大|集|山|县|主|撤)$|^小城$"
)
_LAST_JOINT = re.compile(r"[\u4e00-\u9fff]+(?:以及|[及和与])")
# Characters of common words before 区 and 县 that jieba may cut apart: `三县两区`, `市辖区`.
_COMMON = re.compile(
    r"[省市州县区旗盟城郊农牧山林矿老灾辖社园片库湿景校小本贫强大重深边村镇乡街一二两三四五六七八九十百多数余几个先受]"
)
#: What no name has before its suffix: `各街道`, `个乡镇`, `全县`, `市区`; tried first, for most suffixes stand behind one.
_GENERAL = frozenset("全各每该本我多个所有两的了和与及、,。 ")
NEVER_BEFORE = {
    **dict.fromkeys(("镇", "乡", "街道", "新区", "园区", "林区", "农场"), _GENERAL),
    "街": _GENERAL | set("大沿上临扫步逛老古"),
    **dict.fromkeys(COUNTIES, _GENERAL | set("市县区城郊乡村地社辖灾片库校景园小主")),
}
_LISTED = re.compile(r"[\d、,:]")
_NO_TAGS = "vdprc"  # jieba's tags of verbs, adverbs, prepositions, pronouns, conjunctions
# What may stand right behind a name whose figures follow: a mark, a digit, a verb, what is counted. A body or a smaller place
# does not (`城关镇敬老院`), nor a person (`樟树镇的曹先生`).
GOES_ON = re.compile(
    r"$|[\d,、:;。()|\s]|[各共有为达约近最现由占则仅只也还和与及等户已累捐筹募]|[一二三四五六七八九十两]+个?[镇乡街县区市地]|新[增建]|建|完成|改造|改建|发放|低保|特困|五保|农村|城[市镇乡]|养老(?!院|机构[^\d,]{0,4}(?:入|收))|人[均口]|残疾|高龄|孤儿|困境|"
    r"留守|分散|集中|敬老院\d|床位|救助|临时|医疗|办理|开展|实现|投入|支出|享受|分别|依次|民政|企业|标准|提高|增长|下降|减少|增加|入住|保障|登记|结婚|社会组织|老年|志愿|注册|打造|设立|整治|摸排|参|获|收|下拨|争取|拨付|惠及|覆盖"
)


def name_before(tokenizer: Tokenizer, text: str, suffix: int, end: int, floor: int) -> int:
    """Where the name begins that the suffix `text[suffix:end]` ends, or -1 where it ends none.

    Args:
        tokenizer: cuts the words around.
        text: the text.
        suffix: where the suffix begins.
        end: where it ends.
        floor: where the sentence, or what stands right before, ends.
    """
    kind = text[suffix:end]
    longest = _LONGEST_ZONE if kind in ZONES else _LONGEST_TOWN
    start = suffix
    while start > floor and suffix - start <= longest + 6 and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    if start > floor and text[start - 1] not in _PLAIN_LEFT and not text[start - 1].isdigit():
        return -1
    behind_digit = start > floor and text[start - 1].isdigit()
    lead = _LEADING.match(text, start, suffix)
    begin = lead.end() if lead else start
    if behind_digit and not (lead and text[start] in "年月日"):
        return -1  # `3个乡镇`, `12镇`
    if joint := _LAST_JOINT.match(text, begin, suffix):
        begin = joint.end()  # `泉港四区及泉州开发区`
    stem = text[begin:suffix]
    if not stem:
        return begin if kind in PLAIN_ZONES else -1
    if kind in COUNTIES and not _is_proper(tokenizer, stem, kind):
        return -1
    if (
        len(stem) > longest
        or _NO_STEM.search(stem)
        or not _is_name(tokenizer, stem, text[suffix : end + 2], end - suffix)
    ):
        return -1
    return begin


# What a member of a list has before its suffix and is no name.
_NO_MEMBER = re.compile(
    r"[各每个全所该我本有的了是被把已并等其他些某多此这那几撤设至在和与及]|^(?:乡|城|集|村|墟|圩|建制|重点|中心|特色|示范|小城|边境|贫困|偏远|周边|附近|返|下|回|老|[一二两三四五六七八九十百]+)$|返$"
)
_MEMBER = re.compile(r"[\u4e00-\u9fff]{1,5}$")
_MEMBER_GOES_ON = re.compile(r"[\d、:]|(?:分别|依次)?(?:仅|有|为|达)?\d")


def member_before(text: str, suffix: int, end: int, floor: int) -> int:
    """Where the name of a list's member begins that the suffix `text[suffix:end]` ends, or -1: `其中府城街道11个、滨江街道9个`.

    In a list the marks bound a name, whatever words it is made of.
    """
    stem = _MEMBER.search(text, max(floor, suffix - _LONGEST_TOWN), suffix)
    if stem is None:
        return -1
    begin = stem.start()
    if begin > floor and text[begin - 1] not in _PLAIN_LEFT and not text[begin - 1].isdigit():
        return -1
    if lead := _LEADING.match(text, begin, suffix):
        begin = lead.end()
    return begin if begin < suffix and not _NO_MEMBER.search(text[begin:suffix]) else -1


def goes_on_as_member(text: str, at: int) -> bool:
    """Whether a figure, another member or a colon follows."""
    return _MEMBER_GOES_ON.match(text, at) is not None


def _is_proper(tokenizer: Tokenizer, stem: str, kind: str) -> bool:
    """Whether a stem before 区 or 县 is a proper name: jieba knows it as a place, or does not know it as a word at all."""
    *before, (last, tag) = tokenizer.tag(stem + kind)
    if not before:
        return tag == "ns"
    if len(stem) < 2 or _COMMON.search(stem):
        return False
    return last == kind and all(tag in ("ns", "nr", "nrt", "nz") or len(word) == 1 for word, tag in before)


def _is_name(tokenizer: Tokenizer, stem: str, behind: str, suffix: int) -> bool:
    """Whether jieba's cut lets a stem and its suffix be a name: not so `提标后|城镇`, `护送|返乡`, `旅港|乡亲`, `减少|街道`."""
    at = 0
    for word, tag in tokenizer.tag(stem + behind):
        first, at = at, at + len(word)
        if at <= len(stem):
            if len(word) < len(stem) and tag[0] in _NO_TAGS and len(word) > 1:
                return False
            continue
        if first == 1 and len(stem) == 2 and word != "城乡" and _LISTED.match(behind, suffix):
            return True  # `定城镇812户`, `山市镇、柴河镇`
        return (first == len(stem) and len(word) <= suffix) or (first == 0 and at == len(stem) + suffix)
    return True

"""Which words belong to which number: the numbers of a sentence with their own clause, chain and place in an enumeration.

Here belongs the grammar that bulletins share: a head before or behind its number, numbers that go on from one another
(`2888户6632人`), rises (`由420元提高到660元`), and one-to-many (`分别达到100%、95%`). What the words mean is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bulletins.text.numbers import Number
from bulletins.text.structure import Clause, Sentence

Stretch = tuple[int, int]


@dataclass(slots=True)
class Mention:
    """One quantity with the stretches of text that speak of it.

    Attributes:
        number: the quantity.
        clause: the clause that it stands in.
        own: the stretches that are its own words: the head before it, the noun behind it.
        shared: stretches that it shares with the others of an enumeration: the common head of `城镇、农村低保标准分别…`.
        origin: for the new value of a rise the old one, else None.
        is_old: whether it is the old value of a rise.
        lead: where the words begin that lead to this number alone, behind the number before it.
        run: the numbers of which it is one, where one phrase states several; empty where it stands alone.
        rank: its rank among them, from 0.
        implied: what its rank names without saying it: `两项补贴标准分别为…` tells first of the living subsidy.
        area: the area that its rank states: of `城乡…分别达到100%、95%` the first is urban, the second rural.
        tail: what stands behind the last number of an enumeration that it opens.
        heads_before: whether those heads stand in the clause before.
        distributed: whether each of the run has a head of its own (分别).
    """

    number: Number
    clause: Clause
    own: list[Stretch]
    lead: int
    shared: list[Stretch] = field(default_factory=list)
    origin: Mention | None = None
    is_old: bool = False
    run: list[Mention] = field(default_factory=list)
    rank: int = 0
    distributed: bool = False
    area: str = ""
    implied: str = ""
    tail: Stretch | None = None
    heads_before: bool = False
    chained: bool = False


_PER_WORDS = r"(?:每人每[月年]|每月每人|每人|每月|每年|人均|月人均|年人均|每户|不低于|不少于|不超过|约|近|超过|超|逾|为|达到?|左右|以上|提高到|力争|确保|争取|元|的)*"
_TREND = r"(?:增长|增加|上升|下降|减少|提高|提升|降低)"
_LIST = re.compile(
    rf"\s*(?:\([^()\d]{{0,12}}\))?\s*(?:[、和与及/]|以及)?\s*(?:同比)?{_TREND}?(?:了|约)?{_PER_WORDS}\s*$"
)
_RISE_VERB = r"[提高升增加降低减少调整扩大缩短小收窄压涨拓展发长变更回落上下合并优化精简统一分别再逐步均全部同步跃攀标]"
_RISE = re.compile(
    rf"\s*(?:\([^()]*\))?,?\s*{_RISE_VERB}*(?:到|至|为|成)(?:了)?\s*(?:目前|现在|如今|今年|当前|现行|年末|年底)?(?:的)?(?:20\d\d年(?:[底末])?的?)?\s*{_PER_WORDS}\s*$"
)
# `提高50元至970元`, `减少0.3万对至1.1万对`, `提高4.5个百分点、达到六成五`: the change, then what it led to.
_RESULT = re.compile(rf"\s*[,、]?\s*(?:至|到|达到?|为){_PER_WORDS}\s*")
_CHANGED_BY = re.compile(
    rf"(?:{_TREND}|[上下]调|增至?|减|净增|净减|涨|调[高低])(?:幅度)?(?:了|约|近|超过?|{_PER_WORDS})*$"
)
_RISE_HEADED = re.compile(rf"\s*{_RISE_VERB}+(?:到|至|为)[\u4e00-\u9fff]{{1,10}}{_PER_WORDS}$")
_RISE_TO_NO_NUMBER = re.compile(rf"{_RISE_VERB}+(?:到|至|为)[^\d,。;]{{2,16}}(?:[,。;\n]|$)")
_FROM_WORD = re.compile(r"由(?!于)|从(?!而|事|中)|在(?=\d|每人|月人均)")
_FIELD = re.compile(r"\s*[\u4e00-\u9fff、]{2,16}方面(?=[\u4e00-\u9fff]{2})")
_RATE_AHEAD = re.compile(r"[\u4e00-\u9fff]{2}率(?:均|都|已|达到?|为|超过?|分别|保持|在)*(?:约|近)?$")
_LAST_JOINT = re.compile(r".+(?=(?:[、和与]|(?<![惠涉波普遍])及)$)")
# Brackets that count parts, `(护理型床位1.2万张)`, or tell what is left out, `(不含价格补贴)`.
_PART_IN_BRACKETS = re.compile(r"\((?=[^()]*\d|不含|不包括|不计|除|剔除)")
_ACTION = re.compile(r"发放|支出|提供|开展|建档|投入|补助|救助|办理|落实|购买|纳入|实施|进行")
_SEPARATELY = re.compile(r"分别|依次|各(?=为|有|达|建)")
_JOINT = re.compile(r"[、和与]|(?<![惠涉波普遍])及")
_VERB_BEHIND = re.compile(r"\s*(?:以上|左右|以内|以下|上下|多|余|的)")


def mentions_of(text: str, sentence: Sentence, numbers: Sequence[Number]) -> list[Mention]:
    """The quantities of a sentence, in order, each with the words that are its own.

    Args:
        text: the normalised text.
        sentence: the sentence.
        numbers: the quantities that stand in it, in order.
    """
    mentions: list[Mention] = []
    clauses = list(sentence.clauses)
    at = 0
    for number in numbers:
        while at + 1 < len(clauses) and clauses[at].end <= number.start:
            at += 1
        clause = clauses[at]
        previous = mentions[-1] if mentions else None
        begin = clause.start
        if previous is not None and previous.number.end > begin:
            # `为2390名困境儿童、5417名农村留守儿童`: what stands before the joint is the first number's noun.
            joint = _LAST_JOINT.match(text[previous.number.end : number.start])
            begin = previous.number.end + (joint.end() if joint else 0)
        # `养老床位2.36万张(护理型床位1.2万张)`: words outside a bracket are not of the numbers in it, nor the other way.
        # … but in `与城市低保标准(每人每月653元)并轨` the bracket holds nothing of its own.
        opening = text.rfind("(", begin, number.start) + 1 if _opens(text, begin, number.start) else 0
        begin = begin if opening and _LIST.fullmatch(text, opening, number.start) else max(begin, opening)
        # `社会组织和慈善方面登记社会组织412家`: what a clause is headed with is not what it counts.
        field = _FIELD.match(text, begin, number.start)
        begin = field.end() if field else begin
        mention = Mention(number, clause, [(begin, number.start)], lead=begin)
        if previous is not None:
            _link(text, mentions, mention)
        mentions.append(mention)
    for index, mention in enumerate(mentions):
        following = mentions[index + 1] if index + 1 < len(mentions) else None
        end = mention.clause.end
        if not mention.run and _RISE_TO_NO_NUMBER.match(text, mention.number.end):
            # `由2021年的每人每月671元提高到与城市持平`
            mention.is_old = _FROM_WORD.search(text, mention.lead, mention.number.start) is not None
        if following is not None and following.number.start < end:
            end = following.number.start
            if following.chained:
                continue
            joint = _JOINT.search(text, mention.number.end, end)
            # `为1157名孤儿和事实无人抚养儿童发放基本生活费820万元`: both are of the first number, by the verb behind them.
            if joint and (joint.start() == mention.number.end or not _ACTION.search(text, joint.end(), end)):
                end = joint.start()
        if following is not None and following.number.unit == "percent" and end == following.number.start:
            # `1768名儿童主任轮训率百分之百`: 轮训率 is of the share behind it.
            rate = _RATE_AHEAD.search(text, mention.number.end, end)
            end = rate.start() if rate and rate.start() > mention.number.end else end
        if _opens(text, mention.clause.start, mention.number.start):
            close = text.find(")", mention.number.end, end)
            end = close if close >= 0 else end
        elif (opened := text.find("(", mention.number.end, end)) >= 0:
            bracket = _PART_IN_BRACKETS.search(text, opened)
            end = bracket.start() if bracket and bracket.start() < end else end
        # What stands behind a closed number, after a blank or a bracket, is still of its clause.
        if end > mention.number.end:
            mention.own.append((mention.number.end, end))
    _share_tails(text, mentions)
    _share_runs(mentions)
    for run in {id(mention.run): mention.run for mention in mentions if mention.run}.values():
        _distribute(text, sentence, mentions, run)
    return mentions


def _link(text: str, mentions: list[Mention], mention: Mention) -> None:
    """Tell whether `mention` goes on from the numbers before it, and how."""
    previous = mentions[-1]
    between = text[previous.number.end : mention.number.start]
    if len(between) > 40:
        return
    if _lead_to_result(text, mentions, mention, between):
        return
    if _RISE.match(between) and (start := _rise_start(text, mentions)) is not None:
        old = [other for other in mentions if other.number.start > start and not other.is_old and other.origin is None]
        if len(old) == 1 or all(other.chained for other in old[1:]):
            mention.chained, mention.origin = True, previous
        else:
            # `由城市月人均420元、农村年人均2400元统一到月人均660元`: old values with heads of their own, one new value for all.
            for other in old:
                other.is_old = True
            mention.own = [(old[0].own[0][0], start), (previous.number.end, mention.number.start)]
            mention.area = "all"
            mention.origin = old[0]
            return
    elif _RISE_HEADED.match(between) and (start := _rise_start(text, mentions)) is not None:
        # `由全护理640元、半护理320元提高到全护理704元、半护理352元`: every value has its own head.
        for other in mentions:
            if other.number.start > start and other.origin is None:
                other.is_old = True
        mention.origin = previous
        return
    elif previous.clause is mention.clause and _LIST.match(between) and not _paid(previous, mention, between):
        trend = re.search(_TREND, between)
        # `每人每月上调69元、达到886元`, `提高4.5个百分点、达到六成五`: from the change to the level that it led to.
        points_to_level = bool(re.search(r"[达到至]", between)) and bool(
            re.search(rf"{_TREND}|[上下]调", text[previous.lead : previous.number.start])
        )
        mention.chained = not points_to_level and not (
            trend and not re.search(_TREND, text[previous.lead : previous.number.start])
        )
    if mention.chained:
        if not previous.run:
            previous.run = [previous]
        mention.run = previous.run
        mention.run.append(mention)


def _lead_to_result(text: str, mentions: list[Mention], mention: Mention, between: str) -> bool:
    """Give the level that a change led to the head of the change, without its verb; False where there is no such level."""
    previous = mentions[-1]
    if previous.clause is not mention.clause or previous.run or not _RESULT.fullmatch(between):
        return False
    changed = _CHANGED_BY.search(text, previous.lead, previous.number.start)
    if changed is None:
        return False
    start, stop = previous.own[0][0], changed.start()
    from_mark = _rise_start(text, mentions)
    old = [
        other
        for other in mentions[:-1]
        if from_mark is not None and other.number.start > from_mark and not other.is_old and other.origin is None
    ]
    if from_mark is not None and old:
        # `由600元提高50元至650元`
        old[-1].is_old, mention.origin = True, old[-1]
        start, stop = old[-1].own[0][0], from_mark
    elif stop <= start:
        return False
    mention.own = [(start, stop), (previous.number.end, mention.number.start)]
    return True


def _paid(previous: Mention, mention: Mention, between: str) -> bool:
    """Whether a number is what those before it are paid: `社会散居的81名每月600元` is no list."""
    return "每" in between and previous.number.unit != mention.number.unit


def _share_tails(text: str, mentions: Sequence[Mention]) -> None:
    """Give the members of an enumeration what stands behind the last: `100余家社会组织、2.3万名志愿者参与…`."""
    for index in range(len(mentions) - 2, -1, -1):
        mention, following = mentions[index], mentions[index + 1]
        joined = text[max(following.lead - 1, 0) : following.lead + 1]
        if following.clause is mention.clause and any(char in "、和与" for char in joined):
            mention.tail = following.tail or (following.own[-1] if len(following.own) > 1 else None)


def _opens(text: str, start: int, end: int) -> bool:
    """Whether a bracket opens in a stretch and is not closed in it."""
    return text.rfind("(", start, end) > text.rfind(")", start, end)


def _rise_start(text: str, mentions: list[Mention]) -> int | None:
    """Where the 由 or 从 stands that opens a rise, looking back from the last number to the one that closed the rise before."""
    last = mentions[-1]
    begin = last.clause.start
    for other in reversed(mentions[:-1]):
        if other.origin is not None or other.is_old:
            begin = max(begin, other.number.end)
            break
    marks = [match.start() for match in _FROM_WORD.finditer(text, begin, last.number.start)]
    return marks[-1] if marks else None


def _share_runs(mentions: Sequence[Mention]) -> None:
    """Give every number of a run the head before its first and the noun behind its last; mark the old values of rises."""
    for run in {id(mention.run): mention.run for mention in mentions if mention.run}.values():
        head, tail = run[0].own[0], run[-1].own[1:]
        turn = next((index for index, mention in enumerate(run) if mention.origin is not None), None)
        for index, mention in enumerate(run):
            mention.rank = index
            mention.own = [head, *tail]
            if turn is not None:
                mention.is_old = index < turn
                if not mention.is_old:
                    mention.rank = index - turn
                    mention.origin = run[index - turn] if index - turn < turn else run[0]


def _distribute(text: str, sentence: Sentence, mentions: Sequence[Mention], run: list[Mention]) -> None:
    """Part the head of a run among its numbers: `集中养育、社会散居孤儿保障标准分别提高到每人每月2522元和2018元`."""
    turn = next((index for index, mention in enumerate(run) if not mention.is_old), 0)
    count = len(run) - turn
    if (turn and turn != count) or count < 2:
        return
    start, end = run[0].own[0]
    head = text[start:end]
    mark = _SEPARATELY.search(head)
    cut = start + mark.start() if mark else _verb_position(head, start)
    middle = (start + mark.end(), end) if mark else (cut, end)
    parts = _parts(text, start, cut)
    shared = [(start, cut)]
    heads_before = False
    if len(parts) == 1 and count == 2 and mark:
        for pair, areas, words in _PAIRS:
            if pair in text[start:cut]:
                for mention in run:
                    mention.area, mention.implied = areas[mention.rank], words[mention.rank]
                    mention.shared, mention.distributed = shared, True
                return
    of_one_kind = mark or len({mention.number.unit for mention in run}) == 1
    if len(parts) != count and of_one_kind and (mark or len(parts) == 1):
        parts, shared = _parts_before(text, sentence, mentions, run, count), [(start, cut)]
        middle = (start, end)
        heads_before = True
    if len(parts) != count or not (mark or all(_CONTRAST.search(text[a:b]) for a, b in parts)):
        return
    closing = _closing(text, parts)
    if closing and heads_before:
        # `…护理补贴标准分别为80元、100元,惠及1.23万人和0.98万人`: persons have no standard.
        parts[-1], closing = (parts[-1][0], closing[0]), None
    for mention in run:
        mention.heads_before = heads_before
        shared_noun = [closing] if closing and mention.rank < count - 1 else []
        mention.own = [parts[mention.rank], *shared_noun, middle, *mention.own[1:]]
        mention.shared, mention.distributed = shared, True


def _parts_before(
    text: str, sentence: Sentence, mentions: Sequence[Mention], run: list[Mention], count: int
) -> list[Stretch]:
    """The members of which a run tells in turn, where they stand in the clause before.

    `照料护理标准按全自理、半护理、全护理三档,分别为…` names them; `机构养育孤儿214人、散居孤儿1128人,养育标准分别提高到…` counts them.
    """
    clauses = list(sentence.clauses)
    at = clauses.index(run[0].clause)
    if at == 0:
        return []
    if at > 1 and not any(mention.clause is clauses[at - 2] and mention.run for mention in mentions):
        two_back = [mention for mention in mentions if mention.clause is clauses[at - 2]]
        between = [mention for mention in mentions if mention.clause is clauses[at - 1]]
        # `城市低保对象5.18万人、农村低保对象45.6万人,累计发放保障金…,月人均补助水平分别为395元、203元`
        if len(two_back) == count != len(between):
            heads = [mention.own[0] for mention in two_back]
            if all(_CONTRAST.search(text[start:end]) for start, end in heads):
                return heads
    previous = clauses[at - 1]
    counted = [mention for mention in mentions if mention.clause is previous and not mention.is_old]
    before = [mention for mention in mentions if mention.number.start < run[0].number.start and not mention.is_old]
    # One clause that counts them all, or one clause for each: `生活补贴惠及3.87万人,护理补贴惠及4.02万人,标准分别为…`.
    if len(counted) == count or (len(counted) == 1 and len(before) == count):
        heads = [mention.own[0] for mention in before[-count:]]
        # `城市低保新增276户462人,退出374户714人`: one head of two numbers is not two.
        return heads if len(set(heads)) == count else []
    parts = _parts(text, previous.start, counted[0].number.start if counted else previous.end)
    separately = _SEPARATELY.search(text, run[0].lead, run[0].number.start) is not None and not counted
    fits = len(parts) == count and (separately or all(_CONTRAST.search(text[a:b]) for a, b in parts))
    return parts if fits else []


# Words that name two things at once, in the order in which figures follow: of `城乡…分别达到100%、95%` the first is urban.
_PAIRS = (
    ("城乡", ("urban", "rural"), ("", "")),
    ("两项补贴", ("", ""), ("困难残疾人生活补贴", "重度残疾人护理补贴")),
)
_CONTRAST = re.compile(
    r"机构|城[市镇乡区]|农村|集中|分散|散居|护理|自理|丧失|失能|结婚|离婚|[一二三四]类|[一二三]级|市区|县|困难残疾人|重度残疾人|城|乡"
)
_PLACE_ENDS = "县市区旗州盟镇乡"
_PLACE_AND_NOUN = re.compile(r"[\u4e00-\u9fff]{1,7}?[县市区旗州盟镇乡](?P<noun>[^县市区旗州盟镇乡]{2,})")
_CLOSING_NOUN = re.compile(r"(?:标准|资金|人数|户数|补助水平|补差|经费|占比|比例|覆盖率)$")
_VALUE_VERB = re.compile(r"(?:均|已|都)?(?:提高|提升|上升|上调|增加|调整|增长|达|为|[由从])")


def _closing(text: str, parts: Sequence[Stretch]) -> Stretch | None:
    """The noun that closes the last head and is each one's: `散居孤儿、机构养育孤儿标准`, `平阴县、商河县护理型床位占比`."""
    start, end = parts[-1]
    if all(text[stop - 1] in _PLACE_ENDS for _, stop in parts[:-1]):
        place = _PLACE_AND_NOUN.fullmatch(text, start, end)
        return place.span("noun") if place else None
    noun = _CLOSING_NOUN.search(text, start, end)
    return noun.span() if noun and noun.start() > start else None


def _verb_position(head: str, start: int) -> int:
    found = _VALUE_VERB.search(head)
    return start + (found.start() if found else len(head))


def _parts(text: str, start: int, end: int) -> list[Stretch]:
    """The members of an enumeration; joints inside brackets part nothing: `镇(街道)、村(社区)` are two."""
    parts: list[Stretch] = []
    depth, begin = 0, start
    for position in range(start, end):
        char = text[position]
        if char in "(“":
            depth += 1
        elif char in ")”":
            depth -= 1
        elif (
            depth == 0
            and char in "、和与及"
            and text[position - 1 : position + 1] not in ("惠及", "涉及", "普及", "波及")
        ):
            parts.append((begin, position))
            begin = position + 1
    parts.append((begin, end))
    return [part for part in parts if text[part[0] : part[1]].strip()]

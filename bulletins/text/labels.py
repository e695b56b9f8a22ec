"""What is counted, in the bulletin's words: the label of an observation.

Here belongs how a short noun phrase is cut from the words around a number. Labels group open indicators in the star, so that
`全市建成慈善场景32个` and `慈善场景达到40个` of the year after are one series.
"""

from __future__ import annotations

import functools
import re

from bulletins.text.words import Tokenizer

# Parts of speech that do not open or close the name of what is counted: verbs, adverbs, prepositions, particles, times …
_OUTSIDE = frozenset(["v", "d", "p", "c", "u", "ul", "uj", "uz", "x", "r", "t", "i", "m", "q", "f", "y", "zg", "b"])
# What was done stands before what it was done to: `为困难群众发放低保金` counts 低保金.
_DONE = frozenset(
    [
        "发放",
        "支出",
        "投入",
        "建成",
        "新增",
        "新建",
        "办理",
        "实施",
        "完成",
        "开展",
        "购买",
        "提供",
        "惠及",
        "保障",
        "资助",
        "支持",
        "打造",
        "组织",
        "培育",
        "建立",
        "调拨",
        "救助",
        "设立",
        "争取",
        "筹集",
        "募集",
        "接收",
        "接受",
        "拨付",
        "下拨",
        "举办",
        "创建",
        "配备",
        "安装",
        "招募",
        "覆盖",
        "服务",
        "入住",
        "登记",
        "注册",
        "纳入",
        "认定",
        "改造",
        "提升",
        "整治",
        "注销",
        "取缔",
        "排查",
        "整改",
    ]
)
_MAXIMUM = 24
_CONTEXT = 60  # code points in which the name is looked for
_PHRASES = 8192  # whose label is kept: bulletins say the same again and again
_PHRASE_END = re.compile(r"[,。;、:]")
_AREA_WORDS = re.compile(r"^(?:全[市县区省州盟旗]|我[市县区省局]|各地|各级|各类|目前|其中)+")
# `农村低保救助标准由每人每年`: what stands between the name and its value.
_BETWEEN = re.compile(r"(?:[由从为]|达到?|提高|调整|不低于|每[人户]每[月年]|每月每人|每人|人均|[月年]人均|每[月年])+$")
# Nouns that name nothing by themselves: 标准 of `农村低保救助标准` needs what stands before it, 救助 though it be.
_BARE = frozenset(
    ["标准", "资金", "人数", "户数", "水平", "对象", "人员", "金额", "总额", "比例", "率", "项目", "条件"]
)
_BRACKETED = re.compile(r"^[\s、,;:。)”\"]+|[\s、,;:(“\"]+$")


class Labeller:
    """Names what a number counts; holds the tokenizer that knows the trade's words."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._phrase = functools.lru_cache(maxsize=_PHRASES)(self._read_phrase)

    def label(self, before: str, after: str) -> str:
        """The noun phrase that a number counts, from the words before it or, where there are none, behind it."""
        return self._phrase(before, True) or self._phrase(_PHRASE_END.split(after.strip(), maxsplit=1)[0], False)

    def _read_phrase(self, words: str, from_end: bool) -> str:
        words = _BETWEEN.sub("", words.rstrip()).strip()[-_CONTEXT:] if from_end else words.strip()[:_CONTEXT]
        whole = self._tokenizer.tag(words)
        tagged = list(whole)
        while tagged and tagged[0][1] in _OUTSIDE:
            tagged.pop(0)
        while (
            tagged
            and tagged[-1][1] in _OUTSIDE
            and (tagged[-1][1] != "v" or tagged[-1][0] not in _DONE or not from_end)
        ):
            tagged.pop()
        if from_end:
            named = len(tagged) - 1 if tagged and tagged[-1][0] not in _BARE else len(tagged) - 2
            last = max((index for index, (word, _) in enumerate(tagged[: max(named, 0)]) if word in _DONE), default=-1)
            tail = tagged[last + 1 :]
            tagged = tail if any(tag.startswith("n") for _, tag in tail) else tagged
        else:
            verb = next(
                (index for index, (word, tag) in enumerate(tagged) if index and tag == "v" and word in _DONE), None
            )
            tagged = tagged[:verb]
        phrase = _BRACKETED.sub("", _AREA_WORDS.sub("", "".join(word for word, _ in tagged)))
        if from_end and phrase in _BARE and whole[-1][0] == phrase:
            phrase = self._with_verbs(whole)  # `集中供养标准` is not any 标准
        if len(phrase) > _MAXIMUM:
            phrase = phrase[-_MAXIMUM:] if from_end else phrase[:_MAXIMUM]
        if ")" in phrase and "(" not in phrase[: phrase.index(")")]:
            phrase = phrase[phrase.index(")") + 1 :]
        if phrase.count("(") > phrase.count(")"):
            phrase += ")"
        return phrase if len(phrase) > 1 else ""

    def _with_verbs(self, tagged: list[tuple[str, str]]) -> str:
        """A bare noun with the verbs and nouns right before it that tell what kind it is."""
        start = len(tagged) - 1
        while (
            start > max(0, len(tagged) - 4) and tagged[start - 1][1][0] in "nvbj" and tagged[start - 1][0] not in _DONE
        ):
            start -= 1
        return "".join(word for word, _ in tagged[start:])

"""Where a name in a text begins and ends: whether `和县` is a county or the end of one word and the beginning of another.

`市和县两级`, `建成县级`, `渠道县级`, `会同县区` and `其中山区` hold the names of 和县, 成县, 道县, 会同县 and 中山区, and speak of none of them. What
decides is the words on both sides, as jieba cuts them, and what commonly follows the word 县 or 区 when it is no name's.
"""

from __future__ import annotations

import functools
import re

from bulletins.text.words import Tokenizer

_CONTEXT = 6  # code points before a name that decide how it is cut
_STRETCHES = 4096
# What follows the words 县, 区 and 市 where they mean counties, districts and cities at large.
_AT_LARGE = {
    "县": re.compile(
        r"级|区(?!域)|市(?!场)|域|直(?=[机单属部管])|城(?![市乡镇关])|际|长|委(?!会)|[、,/和与]?[乡镇区市村](?!\w{1,3}[县区])|\([市区]|[两三二多]级|以[上下内外]|[、和](?:街道|社区)"
    ),
    "区": re.compile(
        r"级|域|间|划|位|块|县|别|号|长|委(?!会)|[两三二多]级|[、/]?[县市村](?!\w{1,3}[县区])|\(|内外|以[上下]"
    ),
    "市": re.compile(r"级|场|区|县|域|民(?!政)|政|容|值|委|长|[两三二]级|\("),
    "旗": re.compile(r"级|帜|县|区|[两三]级"),
}
# After these a word begins: marks, digits, the end of a time or a place, and what leads to a place.
_OPEN = re.compile(
    r"(?:[^\u4e00-\u9fff]|[年月日底末初省市州盟区县旗中在对由向从为是即按含以及如]|包括|分别|其中|全年|目前|标准|人数|资金|床位|对象|低保)$"
)
_JOINT = re.compile(r"(?:[^\u4e00-\u9fff]|[年月日底末初在对由向从为是即含如]|包括|其中|[县区旗])$")
_CONJUNCTIONS = "和与及同"
# Behind these a name begins whatever word jieba sees across: `我市|长子县`, `2025年底|盘州市`.
_SURE = re.compile(r"(?:[我全本该][市县区州省盟旗]|[年月][底末初]|[年月日号]|以来|其中|目前)$")


class Boundaries:
    """Tells whether a name stands in a text as a name."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self._cut = functools.lru_cache(maxsize=_STRETCHES)(tokenizer.cut)

    def hold(self, text: str, start: int, end: int, *, everyday: bool, opened: bool) -> bool:
        """Whether the name at `text[start:end]` is bounded on both sides.

        Args:
            text: the text around.
            start: where the name begins.
            end: where it ends.
            everyday: whether the name may as well be an everyday word or made of the ends of two.
            opened: whether another name ends right before it.
        """
        name = text[start:end]
        if everyday and self._means_all(text, name, end):
            return False
        before = re.split(r"[^\u4e00-\u9fff]", text[max(0, start - _CONTEXT) : start])[-1]
        if not before or opened:
            return True
        joins = len(name) == 2 and name[0] in _CONJUNCTIONS
        if not joins and _SURE.search(before):
            return True
        if self._crossed(before, name) or (everyday and self._crossed(before, name[:-1])):
            return False
        if len(name) > 2 or not everyday:
            return True
        if joins:
            return _JOINT.search(before) is not None
        return _OPEN.search(before) is not None or len(self._cut(before)[-1]) > 1

    @staticmethod
    def _means_all(text: str, name: str, end: int) -> bool:
        """Whether the name's last character means counties or districts at large: `县级`, `县区`, `市场`."""
        following = _AT_LARGE.get(name[-1])
        return following is not None and following.match(text, end) is not None

    def _crossed(self, before: str, name: str) -> bool:
        """Whether a word reaches from what stands before a name into it: `其中|山区`."""
        at = 0
        for word in self._cut(before + name):
            at += len(word)
            if at > len(before):
                return at - len(word) < len(before)
            if at == len(before):
                return False
        return False

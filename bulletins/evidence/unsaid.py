"""What does an indicator leave unsaid of the words that lead to a number?

`地震孤儿203名` is not `孤儿203名`: what stands there beside the indicator's own words may make a part, another body or another thing of
it. So for every candidate the words that lead to the number are looked at without its own, `地震*`; where its words stand farther
back, how far tells whether the number is still of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletins.evidence.brief import Bundle, given
from bulletins.evidence.grounds import Grounds

_DIGITS = re.compile(r"\d[\d,.]*")
_SAID = "*"
_MANY_SAID = re.compile(r"\*{2,}")
_LONGEST = 30  # code points of what leads to a number
_FARTHEST, _MOST_LEFT = 8, 10
_STEP = 6  # characters, in which the distance of words farther back is told
_NO_WORDS: Bundle = (given, "gap no")


class Unsaid:
    """What each candidate leaves unsaid of what leads to one number.

    Args:
        text: the page's normalised text.
        end: where the number begins.
        grounds: where its words stand.
    """

    def __init__(self, text: str, end: int, grounds: Grounds) -> None:
        self._text, self._end, self._words = text, end, grounds.words
        self._start = max(grounds.lead, end - _LONGEST)

    def by(self, code: str, kind: str) -> Bundle:
        """The evidence for a candidate of a kind."""
        own = [word for word in self._words if code in word.codes]
        if not own:
            return _NO_WORDS
        inside = [word for word in own if word.start >= self._start]
        if not inside:
            return (_farther_back, min(_FARTHEST, _chinese(self._text[own[-1].end : self._end]) // _STEP))
        lead = self._text[self._start : self._end]
        letters = list(lead)
        for word in inside:
            letters[word.start - self._start : word.end - self._start] = _SAID * (word.end - word.start)
        last = max(word.end for word in inside)
        unsaid = _MANY_SAID.sub(_SAID, _DIGITS.sub("#", "".join(letters)))
        return (_by_unsaid, kind, unsaid, min(_FARTHEST, _chinese(self._text[last : self._end])))


def _chinese(stretch: str) -> int:
    return sum("\u4e00" <= character <= "\u9fff" for character in stretch)


def _farther_back(steps: int) -> Iterator[str]:
    yield "gap no"
    yield f"said back {steps}"


def _by_unsaid(kind: str, unsaid: str, gap: int) -> Iterator[str]:
    left = min(_MOST_LEFT, _chinese(unsaid))
    yield f"gap {gap}"
    yield f"left {left}"
    yield f"{kind}|left {left // 2}"
    yield from (f"unsaid${unsaid[-length:]}" for length in (1, 2, 3))
    first = unsaid.find(_SAID)
    yield from (f"unsaid^{unsaid[max(0, first - length) : first + 1]}" for length in (1, 2) if first > 0)
    yield from (f"unsaid {unsaid[start : start + 2]}" for start in range(len(unsaid) - 1))

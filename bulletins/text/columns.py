"""Does a line of text have columns that single blanks set apart: values at its end, or a name before each value?

`人民镇 1 4 9`, `临时救助* 人次 18765 14410 30.2`, `结婚1,604 离婚590`, and the head over such rows. In running text a blank beside a
number says nothing; in these it is a boundary.
"""

from __future__ import annotations

import re

_NUMBER = r"[-+≥≤]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_BARE = re.compile(rf"{_NUMBER}[%‰]?|[-—…]{{1,2}}|[≥≤]")
_COUNTED = re.compile(rf"{_NUMBER}(?:[%‰]|[万亿]?(?:个|家|户|人次|人|张|对|所|处|件|名|元|场|项|万|亿))|[-—…]{{1,2}}")
_LABELLED = re.compile(rf"[\u4e00-\u9fff()]{{1,12}}{_NUMBER}")
_SENTENCE = re.compile(r"[。;!?:|\t]|,(?!\d{3})|…{2}")
_WORD = re.compile(r"[\u4e00-\u9fff]|(?:19|20)\d\d")
_MOST_NAMES = 4  # words before the values of a row
_LONGEST_NAME = 30  # code points of them together
_LONGEST_HEAD = 24  # code points of one head


def values_at_end(line: str) -> int:
    """How many values a line ends with, each set apart by blanks, behind a short name; 0 where it is no such row."""
    if not line or line[-1] in "。,;:!?、" or _SENTENCE.search(line):
        return 0
    words = line.split()
    values = 0
    for kind in (_BARE, _COUNTED):
        values = next((at for at, word in enumerate(reversed(words)) if not kind.fullmatch(word)), len(words))
        if values > 1:
            break
    names = words[: len(words) - values]
    if values < (2 if names else 3) or not any(word[-1].isalnum() or word[-1] in "%‰" for word in words[-values:]):
        return 0
    return values if len(names) <= _MOST_NAMES and sum(map(len, names)) <= _LONGEST_NAME else 0


def is_labelled(line: str) -> bool:
    """Whether each value of a line has its name run into it, and blanks part them: `零陵区 结婚1,604 离婚590 火化率71.3`."""
    words = line.split()
    labelled = [word for word in words if _LABELLED.fullmatch(word)]
    return len(labelled) > 1 and labelled == words[-len(labelled) :] and len(words) - len(labelled) < 2


def is_head(line: str, below: str) -> bool:
    """Whether a line heads the columns of the row below: as many words, or one fewer where no word heads the names."""
    if _SENTENCE.search(line) or not values_at_end(below):
        return False
    heads, cells = line.split(), below.split()
    if len(heads) < 2 or not len(cells) - 1 <= len(heads) <= len(cells):
        return False
    return all(len(word) <= _LONGEST_HEAD and _WORD.search(word) for word in heads) and not values_at_end(line)

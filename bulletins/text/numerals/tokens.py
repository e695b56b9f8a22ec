"""Characters → the places where a number may stand, and the longest run of number characters at each.

Every pattern here is short and named; what a run is worth and whether it is a quantity is decided by the modules beside this one.
"""

from __future__ import annotations

import re

DIGIT = "零〇○一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
NUMERAL = DIGIT + "十拾廿卅卌百佰千仟万亿"

#: What goes on inside a numeral: more of it, 余 多 几 来, a separator or a point with digits behind it.
#: A Chinese digit goes on from a scale, not from digits: `7千三百`, but not `2021二十`.
_GOES_ON = rf"[\d余多几百千万亿佰仟]|(?<!\d)[{NUMERAL}]|来(?=[万亿个名人户元家位])|(?<=\d)(?:\.(?=\d)|,(?=\d{{3}}(?!\d)))|点(?=[\d{DIGIT}])"
#: What may follow the first character of a Chinese numeral; most of these characters open words such as 一批 and 统一.
_FOLLOWS = rf"{NUMERAL}\d余多几来点倍块元成折分到至\-~月、个半数名人户家张对位件所处亩次项美欧日港泰卢台%‰X×*"

#: Where a number may stand. It opens with one class of characters, so that the search passes over all others at once.
RUN = re.compile(rf"[\d{NUMERAL}几数半对](?:(?<=\d)|(?=[{_FOLLOWS}]))(?:{_GOES_ON})*")
#: One numeral, where it is known that one is to stand.
ONE = re.compile(rf"(?:[\d{NUMERAL}]|[几数](?=[十百千万亿]))(?:{_GOES_ON})*")

#: Letters and marks that belong to the digits they touch: a code, or a number that was masked in part.
GLUE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_×*+□")
_GLUED = r"\dA-Za-z_×*+□"
GLUED = re.compile(rf"[{_GLUED}{NUMERAL}](?:[{_GLUED}{NUMERAL}]|[-.,/](?=[{_GLUED}]))*")

#: Characters that belong to numbers, and marks that may have got between two parts of one.
NUMBER_CHARACTERS = frozenset("0123456789" + NUMERAL)
SEAMS = frozenset("@#?;:~/·.,&^$%()!+'\" \n点至到-")
#: Characters that a numeral of weight is written with.
SCALES = frozenset("十百千万亿拾佰仟廿卅卌")
DIGITS = frozenset(DIGIT)

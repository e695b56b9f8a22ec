"""The commonest numbers, read with few looks: some digits, a unit of one or two characters, and nothing special on either side.

All that it reads the general way reads alike (`tests/bulletins/test_numerals.py` holds them against one another); it leaves to that
way whatever could be part of something longer. Which unit two characters open is worked out once for each pair that texts show.
"""

from __future__ import annotations

import re

from bulletins.catalog import UnitWord
from bulletins.text.numerals.no_quantities import NoQuantities
from bulletins.text.numerals.number import Number
from bulletins.text.numerals.tokens import DIGIT, GLUE, NUMBER_CHARACTERS, SEAMS
from bulletins.text.numerals.units import UnitBook
from bulletins.text.quantity import limit_around

_LONGEST = 10  # characters of a run: longer ones may be telephones or codes
_PAIRS = 20_000  # for which the unit is kept
#: Before these the general way looks closer: signs, codes, ordinals, denominators.
_BEFORE = GLUE | frozenset("第前[〔备.-_/负每一¥￥±点印个家所处座") | NUMBER_CHARACTERS
#: Before these only where no number stands before them: `4;683元` may be one that a stray mark cut.
_MARKS = SEAMS
#: Behind a unit these may go on with the number: ranges, brackets, 角 and 分, 多, what a standard is paid per.
_DIGITS = frozenset(DIGIT + "0123456789")
_BEHIND = frozenset("-~至到(和与/ 每角毛分零整正多余半个\n") | _DIGITS
_NEAR_MARKS = NUMBER_CHARACTERS | SEAMS | frozenset("第〔[(备")
_NOT_BEHIND_PERCENT = frozenset("%万亿")
_CONTEXT = frozenset(["床", "块"])  # units that depend on what they count
_PARTS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([余多])?([万亿]?)([余多])?")
_EXPONENTS = {"万": "e4", "亿": "e8"}
_UNSEEN = (UnitWord("", "", 0.0), 0)  # of a pair that no text showed yet


class PlainNumbers:
    """Reads plain numbers; made once from the catalogue."""

    def __init__(self, units: UnitBook, words: NoQuantities) -> None:
        self._units, self._words = units, words
        self._openings: dict[str, tuple[UnitWord, int] | None] = {}

    def read(self, text: str, start: int, end: int) -> Number | None:
        """The quantity that the digits `text[start:end]` open, or None where it takes a closer look."""
        pair = text[end : end + 2]
        found = self._openings.get(pair, _UNSEEN)
        if found is _UNSEEN:
            found = self._opening(pair)
            if len(self._openings) < _PAIRS:
                self._openings[pair] = found
        if found is None or end - start > _LONGEST:
            return None
        before = text[start - 1 : start]
        if before in _BEFORE or (before in _MARKS and text[start - 2 : start - 1] in _NEAR_MARKS):
            return None
        word, length = found
        stop = end + length
        if length > 1 and (text[stop : stop + 1] in _BEHIND or (length > 2 and not text.startswith(word.word, end))):
            return None
        run, more = text[start:end], None
        if run[0] == "0" and run[1:2].isdecimal():
            return None
        try:
            value = float(f"{run[:-1]}{_EXPONENTS[run[-1]]}") if run[-1] in _EXPONENTS else float(run)
        except ValueError:
            parts = _PARTS.fullmatch(run)
            if parts is None:
                return None
            whole, fraction, inner, scale, outer = parts.groups()
            value, more = float(f"{whole.replace(',', '')}{fraction or ''}{_EXPONENTS.get(scale, '')}"), inner or outer
        unit = word.unit
        if unit == "CNY":
            if self._units.may_be_foreign(text, start):
                return None
        elif unit == "percent":
            if text.find("负增长", max(0, start - 7), start) >= 0:
                return None
            if not run[-1].isdecimal():
                return None
            value = value if word.factor == 1.0 else float(f"{value!r}e-1")
        elif unit == "bed":
            unit = self._units.counted(text, start, stop, word).unit
        limit = "ge" if more else limit_around(text, start, stop)
        return Number(start, stop, "quantity", "", value, None, unit, text[end:stop], limit, "", end)

    def _opening(self, pair: str) -> tuple[UnitWord, int] | None:
        """The unit that two characters open whatever follows them, and its length."""
        word = self._units.opened(pair)
        if word is None or word.factor not in (1.0, 0.1) or (word.factor == 0.1 and word.word != "‰"):
            return None
        if word.word in _CONTEXT or self._words.may_open(pair):
            return None
        behind = pair[len(word.word) :]
        goes_on = _BEHIND if word.unit in ("CNY", "percent", "multiple") else _BEHIND - _DIGITS
        if word.unit == "percent" and behind in _NOT_BEHIND_PERCENT:
            return None
        if behind and len(word.word) < 3 and (behind in goes_on or self._units.goes_on(word, behind)):
            return None
        return word, len(word.word)

"""Which period does each figure of a table have, by the words around it?

Titles and captions narrow what the page reports on; heads and stubs say theirs from there: a year in a row and a month in a column are
one month, 上年同期 is said from whatever is in force.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from bulletins.reading.frame import Frame
from bulletins.tables.facts import Facts
from bulletins.text.periods import ANNUAL, PARTIAL, Ground, Period, period_of

_TIME = re.compile(r"[年月日季期]|十[一二三四五]五|(?:19|20)\d\d|累计|半年|Q[1-4]")
_YEAR_ALONE = re.compile(r"\D*(?:19|20)\d\d\s*年?\s*(?:\([^()\d]*\))?\D*")
_ABSOLUTE = re.compile(r"(?:19|20)\d\d")
_SINCE = re.compile(
    r"((?:19|20)\d\d)(?:\s*年\s*(?:\d{1,2}\s*月\s*)?(?:\d{1,2}\s*日\s*)?|[./-]\d{1,2}(?:[./-]\d{1,2})?)(?:起|开始|之?后)"
)
#: `21年 | 22年` at the head of columns; `10年` beside no other year may be a duration.
_TWO_DIGITS = re.compile(r"\s*['’]?(\d\d)\s*年(?:度|末|底|数)?\s*")
_SAME = re.compile(r"(?:上年|去年|上一年)?同期|(?:上年|去年)同[月季]")
_OF_WHOLE_YEAR = re.compile(r"全年|年度|1\s?[-—–~至]\s?12\s?月|12\s?月|年[末底]")
#: Words of time that name a thing and no period: 年满, 月人均, 季节.
_NO_TIME = re.compile(
    r"[比较与](?:上一?年|去年|上季度?|上月|上期|年初|(?:19|20)\d\d年)(?:同期|末|底|度)?|年满|年龄|周年|\d+\s?年以上|月人均|年人均|每月|每年|人[·./]?[月年]|元/[月年]|/[月年]|按月|月标准|年标准|日间|日常|日照|假期|期间费|节日|生日|预期|青年|老年|少年|成年|年审|年检|月均|年均|定期|长期|短期|临时|残疾"
)


def _year_near(digits: int, year: int) -> int:
    """The year that two digits stand for beside that of the page; 0 where it is far from it."""
    stated = year // 100 * 100 + digits
    return stated if year - 15 <= stated <= year + 5 else 0


def _closes(period: Period, own: Period) -> bool:
    """Whether a period is the last part of the year that the page reports on: a form of its fourth quarter is the year's."""
    last = period.last
    return period.kind == PARTIAL and own == Period.of_year(period.year) and (last.month, last.day) == (12, 31)


class Periods:
    """Says the periods of one table."""

    def __init__(self, frame: Frame, outer: Iterable[str], heads: Sequence[Facts]) -> None:
        self._years_are_whole = False
        self._ground = frame.ground
        for words in outer:
            period = self._said(words, self._ground)
            if period is not None and not _closes(period, self._ground.own):
                self._ground = Ground(period, frame.spoken)
        # `2021年` beside `2022年1-6月` is a whole year; beside years alone, on a page of half a year, it is half a year too.
        said = [self._said(facts.text, self._ground) for facts in heads]
        self._years_are_whole = any(
            period is not None and period.kind == PARTIAL and not _YEAR_ALONE.fullmatch(facts.text)
            for period, facts in zip(said, heads, strict=True)
        )

    @property
    def own(self) -> Period:
        """The period of a figure whose row and column say none."""
        return self._ground.own

    def said_in(self, phrases: Sequence[Facts]) -> bool:
        """Whether any of the phrases says a period."""
        return any(self._said(facts.text, self._ground) is not None for facts in phrases)

    def of(self, phrases: Sequence[Facts], beside: Period | None = None) -> Period:
        """The period that phrases say together, the outermost first.

        Args:
            phrases: the words of heads, groups and names.
            beside: the part of a year that the column to the left tells of, from which 上年同期 is said.
        """
        return self._of(tuple(facts.text for facts in phrases if _TIME.search(facts.text)), beside)

    def beside(self, heads: Sequence[Sequence[Facts]]) -> list[Period | None]:
        """For each column by its heads, the part of a year from which 上年同期 in it is said.

        Only where the page reports on a year and a column to the left tells of a part of it: `1-11月 | 上年同期`.
        """
        found: list[Period | None] = []
        told: Period | None = None
        for facts in heads:
            relative = any(_SAME.search(each.text) for each in facts)
            found.append(told if relative else None)
            period = self.of(facts)
            if not relative and self._ground.own.kind == ANNUAL and period.year == self._ground.own.year:
                told = period if period.kind == PARTIAL else None
        return found

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - lives as long as its table
    def _of(self, phrases: tuple[str, ...], beside: Period | None) -> Period:
        ground = Ground(beside, self._ground.spoken) if beside is not None else self._ground
        for words in sorted(phrases, key=lambda each: _ABSOLUTE.search(each) is None):
            period = self._said(words, ground)
            if period is not None:
                ground = Ground(period, ground.spoken)
        return ground.own

    def _said(self, words: str, ground: Ground) -> Period | None:
        if (short := _TWO_DIGITS.fullmatch(words)) and (year := _year_near(int(short.group(1)), ground.own.year)):
            return Period.of_year(year)
        if effect := _SINCE.search(words):
            return Period.of_year(int(effect.group(1)))  # what holds from a day on is told as the year's
        period = period_of(_NO_TIME.sub(" ", words), ground) if _TIME.search(words) else None
        if period is None or period.kind != ANNUAL or ground.own.kind != PARTIAL:
            return period
        if period.year == ground.own.year and not _ABSOLUTE.search(words) and "全年" not in words:
            return ground.own.to_date  # 本年累计, 年末 of a form of half a year
        if _OF_WHOLE_YEAR.search(words) or self._years_are_whole or not _YEAR_ALONE.fullmatch(words):
            return period
        return ground.own.in_year(period.year)

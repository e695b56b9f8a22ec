"""Does a passage tell what was done or what is to be done? What its paragraph, and those before it, say of that.

A heading, a year to come or `今年,要` turns a page to its plans; the plans end as silently. These clues are of the paragraph, not of
one number, and serve the question of status.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bulletins.evidence.brief import Bundle, given
from bulletins.evidence.clues import RULE
from bulletins.evidence.cues import Cues
from bulletins.evidence.grounds import PageFacts
from bulletins.observation import Observation

_ENUMERATOR = re.compile(r"^[\s★●◆■▲※\-—(一二三四五六七八九十\d)、.．是/【]+")
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?!\d)\s?年")
_THIS_YEAR = re.compile(r"今年以来|今年[,，]?(?=[要将拟计])|今年|全年|年内|年底前|年底")
_PLANNING = re.compile(
    r"下一步|下步|打算|计划|安排|思路|目标|任务|要点|展望|明年|来年|新的一年|今后|接下来|怎么干|干什么|将做好|要做好|主要工作"
)
_DONE = re.compile(r"回顾|总结|情况|成效|进展|完成|存在|不足|问题|基础|现状|一年来|去年|以来")
_OPENING, _SHORT, _FAR = 16, 40, 12  # code points; a heading is no longer; lines


class MoodClues(NamedTuple):
    """The clues of a paragraph, and of the numbers beside one."""

    line: Bundle
    times_of_line: Bundle
    times_of_clause: Bundle
    before: Bundle
    behind: Bundle


class _LineTimes(NamedTuple):
    """Where a line names years, and where it says 今年 and the like; of the first so many words those that differ."""

    year_starts: list[int]
    year_ends: list[int]
    years: list[int]
    word_starts: list[int]
    word_ends: list[int]
    words: list[str]
    distinct: list[tuple[str, ...]]


class Moods:
    """The clues of the paragraphs of one page, worked out once a line."""

    def __init__(self, page: PageFacts, observations: Sequence[Observation], cues: Cues) -> None:
        self._page, self._observations, self._cues = page, observations, cues
        self._ahead = page.published is not None and page.published.year > page.year
        self._said_in = functools.lru_cache(maxsize=256)(self._find_times)
        self._of_line = functools.lru_cache(maxsize=256)(self._read_line)

    def of(self, at: int) -> MoodClues:
        """The clues of the paragraph of one number, and of the numbers beside it."""
        found = self._observations[at]
        grounds = found.grounds
        assert grounds is not None
        text = self._page.text
        line = text.rfind("\n", 0, grounds.sentence[0]) + 1
        return MoodClues(
            self._of_line(line),
            self._times("line", line, line, found.number.start),
            self._times("clause", line, grounds.clause[0], found.number.start),
            self._beside("before", found, at - 1),
            self._beside("behind", found, at + 1),
        )

    def _times(self, scope: str, line: int, start: int, end: int) -> Bundle:
        """What `text[start:end]`, which lies in a line, says of years."""
        said = self._said_in(line)
        last = bisect_right(said.year_ends, end) - 1
        named = last >= 0 and said.year_starts[last] >= start
        offset = max(-2, min(2, said.years[last] - self._page.year)) if named else None
        first, stop = bisect_left(said.word_starts, start), bisect_right(said.word_ends, end)
        words = said.distinct[stop] if start == line else dict.fromkeys(said.words[first:stop])
        return (_times, scope, offset, self._ahead, *words)

    def _find_times(self, line: int) -> _LineTimes:
        text = self._page.text
        end = text.find("\n", line)
        within = (line, end if end >= 0 else len(text))
        years, words = list(_YEAR.finditer(text, *within)), list(_THIS_YEAR.finditer(text, *within))
        distinct: list[tuple[str, ...]] = [()]
        for word in words:
            distinct.append(distinct[-1] if word[0] in distinct[-1] else (*distinct[-1], word[0]))
        return _LineTimes(
            [match.start() for match in years],
            [match.end() for match in years],
            [int(match[1]) for match in years],
            [match.start() for match in words],
            [match.end() for match in words],
            [match[0] for match in words],
            distinct,
        )

    def _beside(self, name: str, found: Observation, at: int) -> Bundle:
        if not 0 <= at < len(self._observations):
            return (given,)
        beside = self._observations[at]
        return (_status_beside, name, beside.sentence == found.sentence, beside.status)

    def _read_line(self, start: int) -> Bundle:
        text = self._page.text
        line = self._line(start)
        opening = _ENUMERATOR.sub("", line)[:_OPENING]
        clues = [f"opens {opening[:length]}" for length in (2, 3, 4, 5)]
        clues += [f"opening:{name}" for name in self._cues.found("number", "clause", opening)]
        clues += self._above(start)
        clues.append(f"short {len(line) <= _SHORT}")
        clues.append(f"depth {start * 8 // max(1, len(text))}")
        return (given, *clues)

    def _line(self, start: int) -> str:
        end = self._page.text.find("\n", start)
        return self._page.text[start : end if end >= 0 else len(self._page.text)].strip()

    def _lines_above(self, start: int) -> Iterator[str]:
        text = self._page.text
        for _ in range(_FAR):
            if start == 0:
                return
            start = text.rfind("\n", 0, start - 1) + 1
            yield self._line(start)

    def _above(self, start: int) -> Iterator[str]:
        """The nearest short line above, and how far above the page last spoke of plans or looked back."""
        above = list(self._lines_above(start))
        short = next((line for line in above if line and len(line) <= _SHORT), "")
        yield from (f"above:{name}" for name in self._cues.found("number", "clause", short))
        for year in _YEAR.findall(short)[-1:]:
            yield f"above year {max(-2, min(2, int(year) - self._page.year))}"
        for name, pattern in (("plans", _PLANNING), ("done", _DONE)):
            lines = [index for index, line in enumerate(above) if pattern.search(line[: _SHORT * 2])]
            yield f"{name} above {min(lines) if lines else 'nowhere'}"


def _times(scope: str, offset: int | None, ahead: bool, *words: str) -> Iterator[str]:
    """The last year that a stretch names, counted from the page's, and its words for a year that has or has not ended."""
    if offset is not None:
        yield f"{scope} year last {offset}"
    yield from (f"{scope} {word} ahead {ahead}" for word in words)


def _status_beside(name: str, same_sentence: bool, status: str) -> Iterator[str]:
    yield f"{RULE} status {name} in {'sentence' if same_sentence else 'page'}:{status}"

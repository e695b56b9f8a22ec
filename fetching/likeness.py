"""Whether what stands at a known address now is still that page: judged by likeness, not by wordings. Pure.

A page that had figures is replaced only by a bulletin of the same title or place. What it is not may come in any words:
a host's error page is like its other error pages, and no error page has the sentences of the bulletin or figures of its own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from bulletins.pages.page import Document
from fetching.discover import attachments
from fetching.sources import BULLETIN_TITLES, Source

_SHINGLE = 5  # characters
_KEPT_ENOUGH = 0.3  # share of the smaller text that the other one holds, too
_SAME_TITLE = 0.62
_SAME_PAGE = 0.75  # share of two pages' words from which they are one template with other numbers
#: A figure is a number before what it counts; times, codes and telephone numbers are none.
_FIGURE = re.compile(
    r"\d[\d,.]{0,40}\s{0,9}(?:[%％]|[多余]?[万亿千百]|人|户|元|个|家|所|张|件|对|名|例|床|次|公里|平方|处|支|座|岁|元/)"
    r"|(?<=\| )-?\d[\d,.]{0,40}(?= \|)"
)
_NO_FIGURE = re.compile(
    r"(?<!\d)\d{1,40}\s{0,9}(?:秒|分钟|小时|个?工作日)|第\s{0,9}\d{1,40}\s{0,9}[个次]|[:：]\s{0,9}[\d-]{7,}|(?<!\d)\d{1,40}\s{0,9}次(?:请求|访问)|\d{3,4}-\d{7,8}"
)


def figures(text: str) -> list[str]:
    """The figures of a text, as they are written."""
    return _FIGURE.findall(_NO_FIGURE.sub("", text))


def words_of(document: Document) -> str:
    """The words of a page without digits, Latin letters and marks."""
    return re.sub(r"[\W\d_A-Za-z]+", "", document.text.replace(document.title, "", 1))


def held(one: str, other: str) -> float:
    """Which share of the shorter text stands in the longer one, too, from 0 to 1."""
    shorter, longer = sorted((_shingles(one), _shingles(other)), key=len)
    return len(shorter & longer) / len(shorter) if shorter else 0.0


def alike(one: str, other: str) -> float:
    """How much two texts have in common, from 0 to 1."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second) if first or second else 1.0


def _shingles(text: str) -> set[str]:
    plain = "".join(text.split())
    return {plain[at : at + _SHINGLE] for at in range(max(len(plain) - _SHINGLE + 1, 1))} if plain else set()


def is_error_page(document: Document, errors: Collection[str]) -> bool:
    """Whether a page is what its host shows for addresses that cannot exist, but for a number or an address in it."""
    own = words_of(document)
    if figures(document.text) or not own:
        return False
    return any(alike(own, error) >= _SAME_PAGE for error in errors if error)


def replaces(before: Document, now: Document, source: Source) -> bool:
    """Whether `now` is a new version of `before`, and not something else in its place."""
    had, has = figures(before.text), figures(now.text)
    if not had:
        return True  # nothing is lost: what is no bulletin is told otherwise
    telling = bool(has) or bool(attachments(now.links))
    bodies = (document.text.replace(document.title, "", 1) for document in (before, now))
    kept = held(*(re.sub(r"发布时间.*|来源.*|浏览次数.*", "", body) for body in bodies)) if len(now.text) > 40 else 0.0
    if kept >= _KEPT_ENOUGH and telling:
        return True
    if not telling:
        return False
    if _same_title(before.title, now.title):
        return True
    names = {source.place.name, *source.place.short_names}
    here = any(name in f"{now.title}\n{now.publisher}\n{now.text}" for name in names)
    return (
        here and (source.follow.title or BULLETIN_TITLES).search(now.title) is not None and len(has) >= min(3, len(had))
    )


def _same_title(one: str, other: str) -> bool:
    plain = [re.sub(r"[\W\d_]+", "", title) for title in (one, other)]
    return all(plain) and difflib.SequenceMatcher(None, plain[0], plain[1], autojunk=False).ratio() >= _SAME_TITLE

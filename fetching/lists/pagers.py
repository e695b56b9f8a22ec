"""Where a page of a list says that it goes on: links, scripts that draw links, counts. Pure."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from fetching.lists.calls import arguments, concatenated, opened_by, opens, variables
from fetching.lists.forms import submitted
from fetching.lists.markup import address_of, title_within
from fetching.lists.numbers import following, says_page
from fetching.lists.requests import asked_for
from fetching.lists.shown import Listing, Shown, looks_like_address, unmasked

_NEXT = re.compile(
    r"^[\[【(<\s]*(?:下\s*一?\s*[页頁]|后一?页|下翻页?|next(?:\s*page)?|[>›»→]{1,2})[\]】)>›»\s]*$", re.I
)
_PAGER_CALL = re.compile(
    r"(?<!function )(?<![\w$.])(\w{0,60}?(?:page|pagination)\w{0,60})\s{0,9}\(([^(){}]{1,300})\)", re.I
)
_MORE = re.compile("(?:加载|查看|点击|显示|浏览)更多|更多[内信]")
_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_NAME = re.compile(r"(?<![\w$.\"'/-])[A-Za-z_$][\w.$]*")
_EXTENSION = re.compile(r"s?html?|jspx?|aspx?|php", re.I)
_MOST_PARTS = 50
_TOTAL = re.compile(
    r"(?:count_?pages?|page_?counts?|total_?pages?|page_?total|pages_?count|maxpage|pageTotalNum|data-pages?)\s*[=:\"'\]]+\s*[\"']?(\d{1,5})",
    re.I,
)
_CURRENT = re.compile(r"(?:current_?page|cur_?page|page_?(?:no|index|num)|nowpage)\s*[=:\"'\]]+\s*[\"']?([01])\b", re.I)
_SAID = re.compile(
    r"共\s*(\d{1,5})\s*页|(?:第\s*)?\d{1,5}\s*/\s*(?:共\s*)?(\d{1,5})\s*页|/共?(\d{1,5})页|总页数\s*[:：]?\s*(\d{1,5})"
)
_ROWS = re.compile(
    r"共\s*(\d{1,6})\s*[条篇项]|(?:total_?(?:count|records?|rows)|record_?count)\s*[=:\"']+\s*[\"']?(\d{1,6})", re.I
)
#: `{count: 24, limit: 8}` of a pager that a script draws.
_DRAWN = re.compile(
    r"\b(count|limit)\b[\"']?\s{0,9}:\s{0,9}[\"']?(\d{1,6})[\"']?\s{0,9},[^{}]{0,200}?\b(?!\1)(count|limit)\b[\"']?\s{0,9}:\s{0,9}[\"']?(\d{1,6})"
)
_PREFIX = re.compile(r"(?:prefix|pagename|page_?name|filename|pre_?url)\s*[=:]\s*[\"']([\w./-]+)[\"']", re.I)


def find(shown: Shown) -> Listing | None:
    """How the list goes on after this page."""
    pages, articles = counts(shown)
    candidates = [*_next_links(shown), *_numbered_links(shown), *_drawn(shown), *_jumps(shown), *_appended(shown)]
    over = pages is not None and shown.page >= pages
    if not candidates and not over and (pages or 0) > 1:
        candidates = _guessed(shown)
    if over:
        candidates = []
    if not candidates and pages is None and articles is None:
        return None
    own = shown.url.partition("#post=")[0]
    further = tuple(dict.fromkeys(url for url in candidates if url not in (shown.url, own)))
    return Listing(next=further, pages=pages, articles=articles, system=("pager",))


def counts(shown: Shown) -> tuple[int | None, int | None]:
    """How many pages and how many rows there are, by the page's own words and scripts."""
    drawn = [total for total, *_ in _calls(shown)]
    text = shown.tree.body.text(separator=" ") if shown.tree.body is not None else ""
    printed = [next(filter(None, groups)) for groups in _SAID.findall(text)]
    totals = drawn or [int(number) for number in (*printed, *_TOTAL.findall(shown.text))]
    rows = [next(filter(None, groups)) for groups in _ROWS.findall(shown.text)]
    drawn_rows = _DRAWN.search(shown.scripts)
    if drawn_rows and not totals:
        said = {drawn_rows[1]: int(drawn_rows[2]), drawn_rows[3]: int(drawn_rows[4])}
        totals = [math.ceil(said["count"] / said["limit"])] if said["limit"] else []
        rows = rows or [str(said["count"])]
    return (totals[0] if totals and totals[0] else None), (int(rows[0]) if rows else None)


def _next_links(shown: Shown) -> Iterator[str]:
    """Links that say 下一页 or the like."""
    for node in shown.tree.css("a, [onclick], link[rel=next]"):
        attributes = node.attributes
        words = node.text(strip=True) or attributes.get("title") or title_within(node)
        named = {*(attributes.get("rel") or "").split(), *(attributes.get("class") or "").split()} & {
            "next",
            "Next",
            "next-page",
        }
        if not (_NEXT.match(words) or (named and len(words) < 8)):
            continue
        address = address_of(node, shown)
        url = shown.absolute(address) if address else None
        if url and url != shown.url:
            yield url
        elif "href" in attributes or "onclick" in attributes:
            yield from _by_call(attributes.get("href") or "", attributes.get("onclick") or "", shown)


def _by_call(href: str, onclick: str, shown: Shown) -> Iterator[str]:
    """What `javascript:goPage(2)` leads to, where the page's script does not say it in so many words."""
    for code in (href, onclick):
        address = opened_by(code, shown.scripts)
        url = shown.absolute(address) if address else submitted(code, shown)
        if url:
            yield url
            return
    call = re.search(r"\(\s*[\"']?(\d{1,4})[\"']?", href + onclick)
    number = int(call.group(1)) if call else shown.page + 1
    if number in (shown.page, shown.page + 1) and (url := following(shown.url, shown.page)):
        yield url


def _numbered_links(shown: Shown) -> Iterator[str]:
    """The link or choice that is called by the next page's number alone."""
    wanted = str(shown.page + 1)
    for node in shown.tree.css("a, option, [onclick]"):
        if node.text(strip=True).strip("[]第页 ") != wanted:
            continue
        if node.tag == "option":
            value = node.attributes.get("value") or ""
            address = value if looks_like_address(value) else unmasked(value) or ""
        else:
            address = address_of(node, shown)
        url = shown.absolute(address) if address else None
        if url:
            yield url
        elif node.tag == "a":
            yield from _by_call(node.attributes.get("href") or "", node.attributes.get("onclick") or "", shown)


def _calls(shown: Shown) -> Iterator[tuple[int, int, list[str]]]:
    """Calls that draw a pager: how many pages, which is this one, and the strings they are given."""
    for _, inside in _PAGER_CALL.findall(shown.scripts):
        given = arguments(inside)
        numbers = [int(text) for text in given if text.isdecimal()]
        strings = [text for text in given if not text.isdecimal()]
        if len(numbers) >= 2 and numbers[0] < 10_000 and numbers[1] <= numbers[0]:
            yield numbers[0], numbers[1], strings


def _drawn(shown: Shown) -> Iterator[str]:
    """Pages that `createPageHTML(total, current, "index", "html")` or the like draws links to."""
    for total, current, strings in _calls(shown):
        extension = next((text for text in reversed(strings) if _EXTENSION.fullmatch(text)), None)
        stems = [text for text in strings if re.fullmatch(r"[\w./-]*\w", text) and not _EXTENSION.fullmatch(text)]
        more = current + 1 < total if current == shown.page - 1 else current < total
        if extension and stems and more:
            yield from filter(None, [shown.absolute(f"{stems[-1]}_{current + 1}.{extension}")])
        elif more:
            yield from _guessed(shown)


def _jumps(shown: Shown) -> Iterator[str]:
    """Where a pager's script goes by itself: `location.href = '/list.html?page=' + obj.curr`."""
    known = variables(shown.scripts)
    for expression in opens(shown.scripts):
        named = _NAME.findall(_STRINGS.sub("''", expression))
        unknown = [name for name in dict.fromkeys(named) if name not in known]
        if len(unknown) == 1 and says_page(unknown[0].rpartition(".")[2]):
            address = concatenated(expression, known | {unknown[0]: str(shown.page + 1)})
            if address and (url := shown.absolute(address)):
                yield url


def _appended(shown: Shown) -> Iterator[str]:
    """More of the same, which a script asks for and appends: 加载更多. What it brings is no page, and goes on likewise."""
    if shown.page > 1:
        if "<html" not in shown.text[:2000].lower() and (url := following(shown.url, shown.page)):
            yield url
    elif _MORE.search(shown.tree.body.text() if shown.tree.body is not None else ""):
        yield from filter(None, (following(address, 1) for address in asked_for(shown)))


def _guessed(shown: Shown) -> list[str]:
    """Where the next page is, if it is named like this one: only for lists that say how many pages they have."""
    url = following(shown.url, shown.page)
    if url or shown.page > 1:
        return [url] if url else []
    parts = urlsplit(shown.url)
    stem, extension = posixpath.splitext(parts.path)
    if prefix := _PREFIX.search(shown.scripts):
        stem = posixpath.join(posixpath.dirname(parts.path), prefix.group(1))
    elif not extension:
        stem = posixpath.join(parts.path, "index")
    endings = [parts._replace(path=f"{stem}_{number}{extension or '.html'}").geturl() for number in (1, 2)]
    return endings if not parts.query else []


def parts_of(shown: Shown) -> list[str]:
    """The further parts of an article whose pages a script draws: those named like the article itself."""
    own = posixpath.splitext(posixpath.basename(urlsplit(shown.url).path))[0]
    for total, current, strings in _calls(shown):
        extension = next((text for text in reversed(strings) if _EXTENSION.fullmatch(text)), None)
        if extension and own in strings and current in (0, 1) and 1 < total <= _MOST_PARTS:
            numbers = range(1, total) if current == 0 else range(2, total + 1)
            return [url for number in numbers if (url := shown.absolute(f"{own}_{number}.{extension}"))]
    return []


def parts_said(shown: Shown) -> list[str]:
    """The further parts of an article of which only a count tells, by the names that they would have."""
    if list(_calls(shown)) or not (total := _TOTAL.search(shown.scripts)) or not _CURRENT.search(shown.scripts):
        return []
    stem, extension = posixpath.splitext(posixpath.basename(urlsplit(shown.url).path))
    numbers = range(1, int(total.group(1))) if 1 < int(total.group(1)) <= _MOST_PARTS else ()
    return [url for number in numbers if stem and (url := shown.absolute(f"{stem}_{number}{extension}"))]

"""What an answer is: a bulletin's page, or something else that came in its place.

Here belongs how a challenge, a login form, an error page that says 200, a home page under every address or another
place's page is told from a bulletin. Pure functions; nothing is bypassed, and what is in doubt is taken for a page: the
reader's own checks come after. The words that these rules look for count only in short pages, because a bulletin may
speak of logins and missing files, but never in two hundred characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bulletins.pages.page import Document
from bulletins.places import Place, Places
from fetching.client import Answer
from fetching.discover import attachments
from fetching.sources import Source


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an answer is no page: outcome (GONE, BLOCKED, FAILED), short code, and a clause that says what to do."""

    outcome: str
    reason: str
    detail: str


_SHORT = 200  # code points of main text
_EMPTY = 100  # code points without a mark of a sentence or a table
_SENTENCE_OR_TABLE = re.compile("[，。；、！？|]")

_CHALLENGE_SCRIPT = re.compile(
    rb"__jsl_clearance|acw_sc__v2|yunsuo_session|safedog-|WZWS_|cf-chl-|_waf_|\$_ts\s*=|document\.cookie\s*=", re.I
)
_CHALLENGE_WORDS = re.compile(
    "安全验证|访问验证|人机验证|滑动验证|验证码|[启开]启?用?\\s*JavaScript|正在检查您的浏览器"
    "|访问过于频繁|(?:请求|访问)已?被拦截|云防护|创宇盾|安全狗",
    re.I,
)
_MISSING_WORDS = re.compile(
    "^\\W*(?:错误|error|http)?\\W*404\\b|not found|文件不存在"
    "|(?:页面|网页|文章|内容|信息|资源|链接|栏目|地址)[^。\n]{0,8}(?:不存在|已[经被]?删除|找不到|丢失|失效)"
    "|(?:找不到|未找到|无法访问)[^。\n]{0,8}(?:页面|网页|文件|资源|内容|文章)",
    re.I | re.M,
)
_PASSWORD_FIELD = re.compile(rb"""<input[^>]+type\s*=\s*["']?password""", re.I)
_BUREAU = re.compile("([\u4e00-\u9fff]{2,12})民政[局厅]")

NOT_MODIFIED = 304
#: Reason of a page that came where a file was to be.
NOT_A_FILE = "not_a_file"
_STATUS: Mapping[int, Verdict] = {
    401: Verdict("BLOCKED", "login", "answers 401: it is not public; take an address that is"),
    403: Verdict("BLOCKED", "http_403", "answers 403: the site refuses us; ask the bureau, or import a saved page"),
    404: Verdict("GONE", "http_404", "answers 404: there is no such page (any more)"),
    410: Verdict("GONE", "http_410", "answers 410: the page was taken down"),
    412: Verdict("BLOCKED", "challenge", "answers 412 with a challenge for browsers; import a page saved by a person"),
    429: Verdict("BLOCKED", "http_429", "answers 429: too many requests; raise the source's pace"),
    521: Verdict("BLOCKED", "challenge", "answers 521 with a challenge for browsers; import a page saved by a person"),
}


def judge_status(status: int) -> Verdict | None:
    """What the status of an answer with a body says; None for success."""
    if status in (200, 203):
        return None
    if status in _STATUS:
        return _STATUS[status]
    what = "the site's own error, the next run tries again" if status >= 500 else "look at the address"
    return Verdict("FAILED", f"http_{status}", f"answers {status}: {what}")


def fingerprint(document: Document) -> str:
    """What stays the same of a page that is served for many addresses: its words without digits and Latin letters."""
    words = re.sub(r"[\s\x00-\x7f]+", "", document.title + document.text)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def judge_obstacle(answer: Answer, document: Document) -> Verdict | None:
    """Whether an HTML page with status 200 stands between us and the page: a challenge or a login."""
    length = len(document.text)
    script = length < _SHORT // 2 and _CHALLENGE_SCRIPT.search(answer.body) is not None
    if script or (length < _SHORT and _CHALLENGE_WORDS.search(document.title + document.text)):
        return Verdict("BLOCKED", "challenge", "answers with a challenge for browsers; import a page saved by a person")
    if length < _SHORT and _PASSWORD_FIELD.search(answer.body):
        return Verdict("BLOCKED", "login", "answers with a login form: it is not public; take an address that is")
    return None


def is_wordless(document: Document) -> bool:
    """Whether a page has no text but its title and what stands under it."""
    body = document.text.replace(document.title, "", 1)
    return len(body) < _EMPTY and not _SENTENCE_OR_TABLE.search(body)


def judge_page(
    url: str, answer: Answer, document: Document, source: Source, places: Places, decoys: Mapping[str, str]
) -> Verdict | None:
    """What an HTML page with status 200 is, if it is no bulletin's page.

    Args:
        url: the address that was asked for; `answer` names the one that it was redirected to.
        decoys: fingerprints of what the host serves for addresses that cannot exist (`soft_404`) and for its front page
            (`home_page`), with that reason.
    """
    if obstacle := judge_obstacle(answer, document):
        return obstacle
    body = document.text.replace(document.title, "", 1)
    if is_wordless(document) and not attachments(document.links) and not document.mark:
        return Verdict("FAILED", "empty", "has no text; if it shows one in a browser, set the source's body selector")
    reason = decoys.get(fingerprint(document))
    if reason == "home_page" or (_is_front(answer.url) and not _is_front(url)):
        return Verdict("GONE", "home_page", "shows the site's front page instead of the page")
    if reason or (len(body) < _SHORT and _MISSING_WORDS.search(f"{document.title}\n{document.text}")):
        return Verdict("GONE", "soft_404", "says with status 200 that there is no such page")
    if other := _other_bureau(document, source.place, places):
        detail = f"is a page of {other.name}, not of {source.place.name}; look at the list page, or mend the place code"
        return Verdict("FAILED", "other_place", detail)
    return None


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and re.fullmatch(r"/?(?:index\.\w+)?", parts.path) is not None


def _other_bureau(document: Document, home: Place, places: Places) -> Place | None:
    """The place whose bureau speaks in title and source line, if it has nothing to do with `home`."""
    if any(name in document.text for name in {home.name, *home.short_names}):
        return None
    for found in _BUREAU.finditer(f"{document.title}\n{document.publisher}"):
        words = found.group(1)
        named = (places.find(words[start:]) for start in range(len(words) - 1))
        other = next(filter(None, named), None)
        if other and not places.are_kin(other, home):
            return other
    return None

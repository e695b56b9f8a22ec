"""A page that only holds another: frames, and pages that lead on by themselves. Pure."""

from __future__ import annotations

import re

from fetching.lists.calls import opened_by
from fetching.lists.shown import Listing, Shown, joined

_REFRESH = re.compile(r"<meta\b[^>]*http-equiv\s*=\s*[\"']?refresh[^>]*?\burl\s*=\s*[\"']?\s*([^\"'>\s]+)", re.I)
_LEADS = re.compile(
    r"(?:window|self|top|parent|document)?\.?\blocation(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"']+)[\"']\s*\)",
)
_ON_LOAD = re.compile(r"<body\b[^>]{0,500}?\bonload\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w$.]{1,80}\([^()\"'>]{0,80}\))", re.I)
_SOON = re.compile(r"setTimeout\(\s{0,9}(?:[\"']([\w$.]{1,80}\([^()\"']{0,80}\));?[\"']|([\w$.]{1,80})\s{0,9},)")
_FUNCTION = re.compile(r"function\s*\w*\s*\([^)]*\)\s*\{")
_SET_FRAME = re.compile(
    r"(?:\.src\s{0,9}=\s{0,9}|\.(?:attr|setAttribute|prop)\(\s{0,9}[\"']src[\"']\s{0,9},\s{0,9})[\"']([^\"'\s]{1,500})[\"']"
)
_NO_PAGE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|swf|mp4|jpe?g|png|gif)\b|viewer|\bmap\b|weather|video|player", re.I
)


def find(shown: Shown) -> Listing | None:
    """The pages in the frames of this one."""
    inner = frames_of(shown)
    return Listing(inner=tuple(inner), system=("frames",)) if inner else None


def frames_of(shown: Shown) -> list[str]:
    """The addresses of its frames that may be pages, each once."""
    sources = [
        node.attributes.get("src") or node.attributes.get("data-src") or ""
        for node in shown.tree.css("iframe, frame")
    ]  # fmt: skip
    sources += _SET_FRAME.findall(shown.scripts) if shown.tree.css_first("iframe, frame") is not None else []
    found = [shown.absolute(address) for address in sources if not _NO_PAGE.search(address)]
    return list(dict.fromkeys(url for url in found if url and url.partition("#")[0] != shown.url.partition("#")[0]))


def leads_on(text: str, url: str) -> str | None:
    """Where a page leads that has nothing to show itself: by a refresh, or by a script that does so at once."""
    if match := _REFRESH.search(text):
        return joined(url, match.group(1).replace("&amp;", "&"))
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", text, re.S | re.I)
    for script in scripts:
        at_once = script[: found.start()] if (found := _FUNCTION.search(script)) else script
        if "cookie" not in at_once and (match := _LEADS.search(at_once)):
            return joined(url, match.group(1) or match.group(2))
    script = "\n".join(scripts)
    soon = [match.group(1) or f"{match.group(2)}()" for match in _SOON.finditer(script)]
    for call in [*_ON_LOAD.findall(text), *soon]:
        if "cookie" not in script and (address := opened_by(call, script)):
            return joined(url, address)
    return None

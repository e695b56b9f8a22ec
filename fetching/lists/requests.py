"""What the scripts of a page would ask the server for, where the list comes from there. Pure.

`inner` are requests of systems that are known by their marks; `asks` are what any script asks for.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import chompjs

from fetching.addresses import as_post
from fetching.lists.calls import concatenated, variables, without_chance
from fetching.lists.columns import is_column
from fetching.lists.numbers import says_page
from fetching.lists.shown import Listing, Shown

_SHORT_CALL = re.compile(
    r"(?:\$|\b\w+|\))\.(getJSON|get|post|load)\s*\(\s*([^,){;\s][^,){;]{0,500}?)\s{0,99}(?:,\s*(\{)|[,)])"
)
_LONG_CALL = re.compile(r"(?:\.ajax|axios(?:\.request)?|layui\.\w+|request)\s*\(\s*(\{)")
_FETCH = re.compile(r"\bfetch\s*\(\s*([^,)\s][^,)]{0,500})\s{0,99}(?:,\s*(\{))?")
_OPEN = re.compile(r"\.open\(\s*[\"'](GET|POST)[\"']\s*,\s*([^,)]{1,500})")
_SIZES = re.compile(r"size|rows|limit|per|num", re.I)
_NO_LIST = re.compile(r"click|count|visit|hit|login|user|weather|captcha|share|comment|log\b|stat(?:istic)?\.js", re.I)


#: Scripts that hold no list and ask for none.
_LIBRARY = re.compile(
    r"jquery|bootstrap|swiper|layui|layer|echarts|vue(?:\.|-)|react|axios|lodash|moment|polyfill|html5shiv|respond|superslide|slide|"
    r"share|weixin|jweixin|baidu|hm\.js|google|analytics|stat|count|tongji|webtrends|dplus|captcha|login|map|video|player|font|"
    r"accessib|wza|barrier|ie\d|pdf|scroll|carousel|lazy|md5|base64|crypto|cookie|webim|chat|robot|jiucuo|error|gb2big|fan",
    re.I,
)


def find(shown: Shown) -> Listing | None:
    """The requests of this page."""
    asks, scripts = asked_for(shown), _files(shown)
    inner = [*_jpaas(shown), *_gkmlpt(shown)]
    if not asks and not inner and not scripts:
        return None
    return Listing(inner=tuple(inner), asks=asks, scripts=scripts, system=("requests",) if inner else ())


def asked_for(shown: Shown) -> tuple[str, ...]:
    """What the scripts of this page ask for, as they do when it is opened; each once."""
    asks = [address for address in (*_short(shown), *_long(shown)) if not _NO_LIST.search(urlsplit(address).path)]
    return tuple(dict.fromkeys(asks))


def _files(shown: Shown) -> tuple[str, ...]:
    """The scripts of this page that lie in files of their own, without those that everybody uses."""
    if shown.fetched:
        return ()
    named = (node.attributes.get("src") or "" for node in shown.tree.css("script[src]"))
    found = (shown.absolute(address) for address in named if address and not _LIBRARY.search(address))
    return tuple(dict.fromkeys(url for url in found if url))


def _jpaas(shown: Shown) -> list[str]:
    """Hanweb's newer system: an element names the unit that draws it, and with what."""
    found = []
    for node in shown.tree.css("[url][querydata]"):
        attributes = node.attributes
        fields = _object(attributes.get("querydata") or "")
        url = shown.absolute(attributes.get("url") or "")
        if url and fields:
            pager = shown.tree.css_first("[rows][count], [pageno]")
            rows = (pager.attributes.get("rows") or "") if pager is not None else ""
            page: dict[str, Any] = {"pageNo": 1} | ({"pageSize": int(rows)} if rows.isdecimal() else {})
            found.append(
                f"{url}?{urlencode(fields)}&{urlencode({'paramJson': json.dumps(page, separators=(',', ':'))})}"
            )
    return found


def _gkmlpt(shown: Shown) -> list[str]:
    """Guangdong's platform: the shell knows the site's number and the tree of columns."""
    site = re.search(r"\bSID\s*[:=]\s*[\"']?(\d+)|\bSITE_?ID\s*[:=]\s*[\"']?(\d+)", shown.scripts, re.I)
    path = urlsplit(shown.url).path
    if site is None or "/gkmlpt" not in path:
        return []
    sid = site.group(1) or site.group(2)
    column = re.search(r"#/?(\d+)", shown.given_as) or re.search(r"[?&](?:id|column|cid)=(\d+)", shown.url)
    if column:
        ids = [column.group(1)]
    else:
        tree = re.findall(
            r"[\"']?id[\"']?\s*:\s*[\"']?(\d+)[^{}]*?[\"']?name[\"']?\s*:\s*[\"']([^\"']+)", shown.scripts
        )
        ids = [number for number, name in tree if is_column(name)] or ["0"]  # of all columns
    root = path[: path.index("/gkmlpt")]
    found = (shown.absolute(f"{root}/gkmlpt/api/all/{number}?page=1&sid={sid}") for number in ids)
    return [url for url in found if url]


def _short(shown: Shown) -> list[str]:
    """`$.getJSON("/list?id=3&page=" + page)`, `$.post("/list", {page: 1})`, `fetch("/list")`."""
    known, found, script = _known(shown), [], without_chance(shown.scripts)
    calls = [(how, address, at) for how, address, at in _spans(_SHORT_CALL, script, 3)]
    calls += [("get", address, at) for address, at in _fetches(script)]
    calls += [(how.lower(), address, 0) for how, address in _OPEN.findall(script)]
    for how, expression, at in calls:
        address = _address(expression, known)
        fields = _object(script[at:]) if at else {}
        if "method" in fields or "body" in fields:  # of fetch
            how, fields = str(fields.get("method", "get")).lower(), _sent(script[at:], known)
        found.append(_asked(shown, how, address, _filled(fields, known)))
    return [address for address in found if address]


def _spans(pattern: re.Pattern[str], script: str, brace: int) -> list[tuple[str, str, int]]:
    return [(m.group(1), m.group(2), m.start(brace) if m.group(brace) else 0) for m in pattern.finditer(script)]


def _fetches(script: str) -> list[tuple[str, int]]:
    return [(match.group(1), match.start(2) if match.group(2) else 0) for match in _FETCH.finditer(script)]


def _long(shown: Shown) -> list[str]:
    """`$.ajax({url: …, type: "post", data: {…}})`."""
    known, found, script = _known(shown), [], without_chance(shown.scripts)
    for match in _LONG_CALL.finditer(script):
        text = script[match.start(1) : match.start(1) + 3000]
        url = re.search(r"\burl\s*:\s*((?:[^,{}\n\"']|[\"'][^\"'\n]*[\"'])+)", text)
        how = re.search(r"\b(?:type|method)\s*:\s*[\"'](\w+)", text)
        if url:
            verb = how.group(1).lower() if how else "get"
            found.append(_asked(shown, verb, _address(url.group(1), known), _sent(text, known)))
    return [address for address in found if address]


def _sent(text: str, known: dict[str, str]) -> dict[str, Any]:
    """The fields of `data: {…}`, `params: {…}` or `body: JSON.stringify({…})`."""
    match = re.search(r"\b(?:data|params|body)\s*:\s*(?:JSON\.stringify\s*\()?\s*(\{)", text)
    fields = _filled(_object(text[match.start(1) :]), known) if match else {}
    is_json = "JSON.stringify" in text or "application/json" in text
    return {"": "json"} | fields if is_json and fields else fields


def _asked(shown: Shown, how: str, address: str | None, fields: dict[str, Any]) -> str | None:
    url = shown.absolute(address) if address and re.search(r"[/.?]", address) else None
    if url is None:
        return None
    as_json = fields.pop("", "") == "json"
    if how == "post":
        return as_post(url, json.dumps(fields, ensure_ascii=False) if as_json else urlencode(fields))
    return url if not fields else f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"


def _address(expression: str, known: dict[str, str]) -> str | None:
    """An address that a script puts together; a variable that is not set is the first page, or twenty rows."""
    missing = {
        name: _first_value(name) for name in re.findall(r"[A-Za-z_$][\w.$]*", re.sub(r"([\"']).*?\1", "", expression))
    }
    return concatenated(expression, missing | known)


def _first_value(name: str) -> str:
    return "20" if _SIZES.search(name) else "1"


def _known(shown: Shown) -> dict[str, str]:
    return variables(shown.scripts)


def _filled(fields: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Fields with the values of variables in them."""
    filled: dict[str, Any] = {}
    for key, value in fields.items():
        if (
            isinstance(value, str)
            and re.fullmatch(r"[A-Za-z_$][\w.$]*", value)
            and (value in known or value == key or "page" in value.lower() or says_page(key))
        ):
            value = known.get(value, _first_value(key))
        filled[key] = value
    return filled


def _object(text: str) -> dict[str, Any]:
    try:
        value: Any = chompjs.parse_js_object(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

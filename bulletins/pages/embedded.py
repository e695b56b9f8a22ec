"""Bodies that a page holds without showing them as markup: in a text area, a template, or a string of a script.

Here belongs finding them; only pages that say nothing otherwise are looked through. What a script would fetch from
elsewhere is not here.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

_HOLDERS = "textarea, xmp, script[type*=html], script[type*=template], input[type=hidden][value]"
_TEMPLATE = re.compile(r"<(?:template|noscript)\b[^>]*>(.*?)</(?:template|noscript)>", re.S | re.I)
_STRING = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.){30,}?)\1""", re.S)
_JSON_SCRIPT = re.compile(r"json|javascript|ecmascript|module", re.I)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SENTENCE = re.compile("[。；！]|</t[dr]>")
_ENOUGH = 30  # Chinese characters
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{80,}={0,2}")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_CONTROL = {"n": "\n", "r": "\n", "t": " ", "b": "", "f": ""}
_FURNITURE = re.compile(
    r"logo|icon|ewm|qr|code|banner|weixin|weibo|wechat|btn|button|share|blank|loading|head|foot|nav|top|bg|arrow|dot|line|gongan|beian|dzjg|jiucuo",
    re.I,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)(?=$|[?#])", re.I)


def bodies_in(page: str) -> list[str]:
    """The bodies that a page holds, as HTML, the longest first; none lies within another."""
    found: list[str] = []
    for body in sorted((html.unescape(one) if "&lt;" in one else one for one in _held(page)), key=len, reverse=True):
        words = _words(body)
        if (
            len(_CHINESE.findall(words)) >= _ENOUGH
            and _SENTENCE.search(body)
            and not any(words in _words(other) for other in found)
        ):
            found.append(body)
    return found


def body_of_answer(text: str) -> str:
    """The HTML that an answer for a script holds, a JSON object with the body as its longest string; any other text as it is."""
    if text[:1000].lstrip("\ufeff \t\r\n")[:1] != "{":
        return text
    try:
        held = [one for one in _strings(json.loads(text, strict=False)) if _CHINESE.search(one)]
    except (ValueError, RecursionError):
        return text
    return f"<html><body><div>{max(held, key=len)}</div></body></html>" if held else text


def with_bodies(page: str, bodies: list[str]) -> str:
    """The page as it is after its scripts have run: the bodies stand at its end."""
    shown = "".join(f'<div class="article">{body}</div>' for body in bodies)
    head, end, rest = page.rpartition("</body>")
    return f"{head}{shown}{end}{rest}" if end else page + shown


def pictures_in(page: str) -> list[tuple[str, str]]:
    """Address and words of the pictures of a page that may be its text: those that are no furniture."""
    tree = LexborHTMLParser(page)
    tree.strip_tags(["nav", "footer", "header", "aside"])
    found = []
    for node in tree.css("img"):
        address = node.attributes.get("src") or node.attributes.get("data-src") or ""
        around = node.parent
        linked = around is not None and around.tag == "a"
        if _PICTURE.search(address) and not linked and not _FURNITURE.search(address.rpartition("/")[2]):
            found.append((address, node.attributes.get("alt") or node.attributes.get("title") or ""))
    return found


def _words(body: str) -> str:
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def _held(page: str) -> Iterator[str]:
    tree = LexborHTMLParser(page)
    for node in tree.css(_HOLDERS):
        yield node.attributes.get("value") or "" if node.tag == "input" else node.text() or node.inner_html or ""
    yield from _TEMPLATE.findall(page)
    for node in tree.css("script"):
        kind = node.attributes.get("type") or ""
        if not kind or _JSON_SCRIPT.search(kind):
            for match in _STRING.finditer(node.text()):
                yield from _plain(match.group(2))


def _plain(string: str) -> Iterator[str]:
    """What a string of a script says: with its escapes undone, and out of Base64 or percent-encoding."""
    text = _ESCAPE.sub(_unescaped, string)
    if "%" in text and re.search(r"%[0-9A-Fa-f]{2}%|%u[0-9a-fA-F]{4}", text):
        text = unquote(re.sub(r"%u([0-9a-fA-F]{4})", lambda match: chr(int(match.group(1), 16)), text))
    if _BASE64.fullmatch(text):
        try:
            text = base64.b64decode("".join(text.split()) + "==").decode()
        except (binascii.Error, ValueError):
            return
    if text[:1] in ("{", "["):
        try:
            yield from (value for value in _strings(json.loads(text, strict=False)))
        except ValueError:
            yield text
    yield text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _unescaped(escape: re.Match[str]) -> str:
    code, byte, other = escape.groups()
    return chr(int(code or byte, 16)) if code or byte else _CONTROL.get(other, other)

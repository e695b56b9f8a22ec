"""Where an article hides its files: frames, viewers, objects, scripts, download pages. Pure.

Files that are plain links need nothing from here; `discover.attachments` says which of all links are files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from urllib.parse import parse_qsl, unquote, urlsplit

from bulletins.pages.page import Link
from fetching.addresses import canonical, split_web_address
from fetching.lists.calls import opened_by
from fetching.lists.markup import rows_in
from fetching.lists.shown import Shown, addresses_in, looks_like_address, quoted, unmasked

ENDING = re.compile(
    r"\.(?:pdf|doc[xm]?|xls[xmb]?|wps|et|ofd|od[st]|mht(?:ml)?|zip|rar|7z|csv|rtf)(?=$|[?&#\s】」)）])", re.I
)
_HOLDERS = ("iframe[src]", "frame[src]", "embed[src]", "object[data]", "param[value]", "a[data-href]", "a[data-url]")
_ATTRIBUTES = ("src", "data", "value", "data-href", "data-url")
_DATA = re.compile(
    r"\bdata-[\w-]{1,60}\s{0,9}=\s{0,9}[\"']([^\"'<>]{1,500}\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|csv))[\"']", re.I
)
_RECORD = re.compile(r"\{[^{}]{1,2000}\}")
_VIEWED = re.compile(r"^(?:file|url|src|path|furl|fileurl|pdf|filepath)$", re.I)
_DOWNLOAD = re.compile(r"down(?:load|file|\.)|attach|getfile|fileserv|uploadfile|affix|ewebeditor", re.I)
#: Words of a link that say so whatever the address is.
_ATTACHED = re.compile(r"^附\s{0,9}件\s{0,9}[\d一二三四五六七八九十]{0,3}\s{0,9}[:：.、]|^(?:点击|文件|附件)下载$")
_VIEWER = re.compile(r"\.s?html?$|viewer|preview|pdfjs|flexpaper", re.I)
_NOT_A_FILE = re.compile(r"^(?:资料|文件|表格)?下载(?:中心|专区|服务)$|客户端|APP|软件|浏览器|插件", re.I)
_MOST = 30


def hidden_files(shown: Shown) -> list[Link]:
    """Links to files that are no plain links, under the words that name them on the page."""
    found: dict[str, str] = {}
    for address, words in _addresses(shown):
        url = shown.absolute(unmasked(address) or address)
        if url and (ENDING.search(unquote(url)) or ENDING.search(words)):
            found.setdefault(canonical(url), " ".join(words.split()))
    return [Link(url, words) for url, words in list(found.items())[:_MOST]]


def _addresses(shown: Shown) -> Iterator[tuple[str, str]]:
    for node in shown.tree.css(", ".join(_HOLDERS)):
        for name in _ATTRIBUTES:
            address = node.attributes.get(name) or ""
            yield from ((viewed, node.text()) for viewed in _viewed(address))
            yield address, node.attributes.get("title") or node.text()
    for node in shown.tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        yield from ((viewed, node.text()) for viewed in _viewed(href))
    for node in shown.tree.css("[onclick], a[href^='javascript:']"):
        code = f"{node.attributes.get('onclick') or ''};{node.attributes.get('href') or ''}"
        opened = [found for one in code.split(";", 1) if (found := opened_by(one, shown.scripts))]
        yield from ((address, node.text()) for address in opened or addresses_in(code))
    for match in _DATA.finditer(shown.text):
        yield html.unescape(match.group(1)), ""
    for text in quoted(shown.scripts):
        if "<a" in text:
            yield from ((row.url, row.text) for row in rows_in(_unescaped(text), shown))
    named = {words: address for address, words in _recorded(shown.scripts)}
    yield from ((address, words) for words, address in named.items())
    for address in addresses_in(shown.scripts):
        yield from ((viewed, "") for viewed in _viewed(address))
        if address not in named:
            yield address, ""


def _unescaped(text: str) -> str:
    return text.replace("\\'", "'").replace('\\"', '"')


def _recorded(script: str) -> Iterator[tuple[str, str]]:
    """Address and name of files that a script has in records: `{"name": "统计表.xlsx", "path": "/files/get?id=3"}`."""
    for match in _RECORD.finditer(script):
        strings = list(quoted(match.group()))
        names = [text for text in strings if ENDING.search(text) and "/" not in text]
        addresses = [text for text in strings if "/" in text and looks_like_address(text)]
        if names and addresses:
            yield addresses[0], names[0]


def _viewed(address: str) -> list[str]:
    """What a viewer is told to show: `viewer.html?file=/a.pdf`."""
    try:
        query = urlsplit(address).query
    except ValueError:
        return []
    return [value for key, value in parse_qsl(query) if _VIEWED.match(key) and ENDING.search(value)]


def is_viewer(url: str) -> bool:
    """Whether an address is a viewer of a file, and no file."""
    path = urlsplit(url).path
    return bool(_viewed(url)) and _VIEWER.search(path) is not None and not _DOWNLOAD.search(path)


def is_file(link: Link) -> bool:
    """Whether a link leads to a file: by the ending of its address or its words, or since it says that it downloads one."""
    if split_web_address(link.url) is None or is_viewer(link.url):
        return False
    return ENDING.search(unquote(link.url)) is not None or ENDING.search(link.text) is not None or is_download(link)


def is_download(link: Link) -> bool:
    """Whether a link without an ending says that it leads to a file."""
    parts = urlsplit(link.url)
    return (
        (_DOWNLOAD.search(parts.path) is not None or _ATTACHED.search(link.text.strip()) is not None)
        and (bool(parts.query) or re.search(r"\d", parts.path) is not None)
        and bool(link.text.strip())
        and not _NOT_A_FILE.search(link.text.strip())
    )


def files_of(links: Iterable[Link]) -> list[Link]:
    """The files among links, each once under its longest words."""
    found: dict[str, str] = {}
    for link in links:
        if is_file(link):
            url = canonical(link.url)
            found[url] = max(found.get(url, ""), link.text, key=len)
    return [Link(url, words) for url, words in found.items()]


def name_of(content_disposition: str) -> str:
    """The file's name in that header: RFC 5987, RFC 2047, or raw bytes as they were read; empty if it has none."""
    header = Message()
    header["Content-Disposition"] = content_disposition
    try:
        name = header.get_filename() or ""
    except (LookupError, ValueError):
        return ""
    return unquote(name) if "%" in name else name

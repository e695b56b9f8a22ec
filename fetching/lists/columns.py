"""Columns of a front page or of a list of lists that hold bulletins: 统计信息, 规划计划, 工作总结, 数据发布. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulletins.pages.page import Link

if TYPE_CHECKING:
    from fetching.sources import Source

#: Names of columns that hold bulletins. A name is short and tells no year: those are titles.
_NAME = re.compile("统计|数据|总结|计划|规划|公报|年报|报告|要点")
_OTHER = re.compile(
    "统计局|计划生育|采购|招标|报告厅|系统|平台|查询|登录|监督|预算|决算|意见|解读|下载|举报|年报表|法治|依申请|数据开放|数据安全|大数据局"
)
#: What lies between a front page and its columns: the disclosure that the law asks for.
_WAY = re.compile(
    "(?:政府|政务|主动|信息|法定){1,3}公开(?:内容|目录|专栏|信息|平台|栏目)?|公开(?:目录|内容)|公开专栏|政务信息"
)
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?度?")
_LONGEST = 10
_FRONT = re.compile(r"/?(?:index|default|main|home)?(?:\.\w+)?/?", re.I)


def is_column(name: str) -> bool:
    """Whether a link of that text leads to a list of bulletins, and not to one of them."""
    plain = _plain(name)
    return (
        2 <= len(plain) <= _LONGEST
        and not re.search(r"\d", plain)
        and _NAME.search(plain) is not None
        and _OTHER.search(plain) is None
    )


def is_way(name: str) -> bool:
    """Whether a link of that text leads to where a bureau's columns are: 政府信息公开, 法定主动公开内容."""
    return _WAY.fullmatch(_plain(name)) is not None


def year_of(name: str) -> int | None:
    """The year whose list a link leads to that names nothing else: `2023`, `2023年`."""
    match = _YEAR.fullmatch(_plain(name))
    return int(match.group(1)) if match else None


def _plain(name: str) -> str:
    return re.sub(r"[\s>»›·|【】\[\]]+|更多|more", "", name, flags=re.I)


def is_front(url: str) -> bool:
    """Whether an address is that of a site's front page, or of a bureau's on its city's site."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")
    return not parts.query and _FRONT.fullmatch(last[2] if "." in last[2] or not last[2] else "x") is not None


def columns_of(links: Iterable[Link], source: Source, own: str) -> list[Link]:
    """The columns that the source's rules let us enter, each once."""
    return _entered((link for link in links if is_column(link.text)), source, own)


def ways_of(links: Iterable[Link], source: Source, own: str) -> list[Link]:
    """Where the columns may be, each once."""
    return _entered((link for link in links if is_way(link.text)), source, own)


def years_of(links: Iterable[Link], source: Source, own: str) -> list[Link]:
    """The lists of single years, the latest first, each once; none where years are but words of the page."""
    found = [link for link in links if year_of(link.text) is not None]
    return sorted(_entered(found, source, own), key=lambda link: year_of(link.text) or 0, reverse=True)


def _entered(links: Iterable[Link], source: Source, own: str) -> list[Link]:
    found: dict[str, Link] = {}
    for link in links:
        if link.url != own and source.allows_host(link.url):
            path = urlsplit(link.url).path
            is_file = re.search(r"\.(?:pdf|docx?|xlsx?|zip|rar)$", path, re.I)
            if not is_file and (source.follow.url is None or source.follow.url.search(link.url)):
                found.setdefault(link.url, link)
    return list(found.values())

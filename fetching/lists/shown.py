"""What an address of a list answered, as the conventions look at it, and what they find there. Pure."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bulletins.pages.nesting import flat
from bulletins.pages.page import Link, in_bytes_of
from fetching.addresses import split_web_address


@dataclass(frozen=True, slots=True)
class Row(Link):
    """A link of a list, with what stands beside it: the date, and the name of the list."""

    published_on: dt.date | None = None
    column: str = ""


@dataclass(frozen=True)
class Shown:
    """An answer as text. `page` is its number in its list, from 1."""

    url: str
    text: str
    encoding: str = "utf-8"
    page: int = 1
    given_as: str = ""  # the address in the source list, with the fragment that some shells read
    fetched: str = ""  # scripts of the page that lie in files of their own, where they were had

    @functools.cached_property
    def tree(self) -> LexborHTMLParser:
        """The answer as HTML."""
        return LexborHTMLParser(flat(self.text))

    @functools.cached_property
    def base(self) -> str:
        """What its links are relative to."""
        node = self.tree.css_first("base[href]")
        return joined(self.url, (node.attributes.get("href") if node else "") or "") or self.url

    @functools.cached_property
    def scripts(self) -> str:
        """All scripts that stand in it, and those that were had beside it."""
        nodes = [node for node in self.tree.css("script") if "xml" not in (node.attributes.get("type") or "")]
        return "\n".join([*(node.text() for node in nodes), self.fetched])

    def absolute(self, address: str) -> str | None:
        """The web address that `address` means here; None if it is none."""
        return joined(self.base, in_bytes_of(address, self.encoding))


@dataclass(frozen=True)
class Listing:
    """What one answer shows of a list.

    Attributes:
        rows: its links, in order.
        next: addresses of the page after this one, the likeliest first; they are alternatives.
        inner: addresses that hold the list or more of it: frames, what a script asks for, the parts of a sitemap.
        asks: what scripts ask for; only worth asking where nothing else is found.
        scripts: its scripts that lie in files of their own; only worth asking for where nothing else is found.
        pages: of how many pages the list consists, by its own count; `articles` of how many rows.
        system: the names of the conventions that were found.
    """

    rows: tuple[Row, ...] = ()
    next: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    pages: int | None = None
    articles: int | None = None
    system: tuple[str, ...] = ()
    title: str = field(default="", compare=False)

    def __or__(self, other: Listing) -> Listing:
        """What both say; where they differ, this one counts."""
        return Listing(
            rows=self.rows + other.rows,
            next=tuple(dict.fromkeys(self.next + other.next)),
            inner=tuple(dict.fromkeys(self.inner + other.inner)),
            asks=tuple(dict.fromkeys(self.asks + other.asks)),
            scripts=tuple(dict.fromkeys(self.scripts + other.scripts)),
            pages=self.pages or other.pages,
            articles=self.articles or other.articles,
            system=tuple(dict.fromkeys(self.system + other.system)),
            title=self.title or other.title,
        )


def joined(base: str, address: str) -> str | None:
    """The absolute web address, without fragment; None if it is none."""
    try:
        found = urljoin(base, address.strip()).partition("#")[0]
    except ValueError:  # an unclosed bracket in the host
        return None
    return found if address.strip() and split_web_address(found) else None


_ADDRESS = re.compile(
    r"(?:https?://|//[\w.-]+/|\.{0,2}/)[^\s\"'<>\\]+|(?<![\w./%-])[\w./%-]+\.(?:s?html?|jspx?|aspx?|php|do|action|pdf|docx?|xlsx?|wps|et|ofd|zip|csv)"
    r"(?:\?[^\s\"'<>\\]*)?",
    re.I,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")


def looks_like_address(text: str) -> bool:
    """Whether a string of a script is an address, and not the name of something."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def unmasked(text: str) -> str | None:
    """The text that is written in Base64; None if it is not."""
    if not _BASE64.fullmatch(text):
        return None
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if set(text) & {"-", "_"} else None)
        return plain.decode()
    except (binascii.Error, ValueError):
        return None


_QUOTED = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.)*)\1""", re.S)


def quoted(script: str) -> Iterator[str]:
    """The strings of a script, in order."""
    for match in _QUOTED.finditer(script):
        yield match.group(2).replace("\\/", "/")


def addresses_in(script: str) -> Iterator[str]:
    """The strings of a script that are addresses, or addresses in Base64."""
    for text in quoted(script):
        plain = unmasked(text) or ""
        if looks_like_address(plain):
            yield plain
        elif looks_like_address(text):
            yield text


_FULL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_DAY_BEFORE = re.compile(r"(?<!\d)(\d{1,2})\s+((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})(?![\d年])")


def dates_in(text: str) -> list[dt.date]:
    """The dates that a line shows, as `2023-04-03`, `2023年4月3日`, or the day set apart: `03 2023-04`."""
    found = [tuple(map(int, match.groups())) for match in _FULL_DATE.finditer(text)]
    if not found:
        found = [(int(year), int(month), int(day)) for day, year, month in _DAY_BEFORE.findall(text)]
    dates = []
    for year, month, day in found:
        try:
            dates.append(dt.date(year, month, day))
        except ValueError:  # a slip of the pen
            continue
    return dates


def date_of(value: object) -> dt.date | None:
    """The date that a field of a record holds: text, or seconds or milliseconds since 1970 (in China's time)."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value)):
        seconds = float(value) / (1000 if float(value) > 1e11 else 1)
        if 3e8 < seconds < 4e9:
            return dt.datetime.fromtimestamp(seconds, dt.timezone(dt.timedelta(hours=8))).date()
        return None
    text = str(value)
    if compact := _COMPACT_DATE.fullmatch(text[:8]):
        text = "-".join(compact.groups())
    return next(iter(dates_in(text)), None)


def first(items: Iterable[str | None]) -> str:
    """The first that says anything."""
    return next((item for item in items if item), "")

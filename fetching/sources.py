"""The source list: which bureaus are read, where their bulletins are listed, and with what manners they are asked.

Here belongs the schema of `sources.yaml` and what can be decided from it alone: which links are followed, which hosts
may be asked, of what kind a page is. Nothing here touches the network. A bad entry never hides the good ones: it is
reported beside them, with the file, the line, the source, the key and what to do.
"""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import functools
import ipaddress
import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from bulletins.places import Place, Places
from fetching.addresses import split_web_address

Kind = Literal["year_summary", "half_year", "news", "plan", "table", "other"]

#: Titles of bulletins, where a source does not say which links it follows.
BULLETIN_TITLES = re.compile("总结|报告|统计|公报|数据|计划|要点|规划|半年|季度|回顾|成绩单|发展情况|工作情况")


#: The environment variable that names the contact where the file does not.
CONTACT_VARIABLE = "MINZHENG_CONTACT"


class SourcesError(ValueError):
    """An entry of a source list that cannot be used.

    Attributes:
        source: the id of the source, `#n` for the n-th source without one, or empty for the file as a whole.
        key: the key at fault, dotted where it is nested; empty for the entry as a whole.
    """

    def __init__(self, message: str, *, source: str = "", key: str = "") -> None:
        super().__init__(message)
        self.source = source
        self.key = key


def _pattern(value: Any) -> Any:
    try:
        return re.compile(value) if isinstance(value, str) else value
    except re.error as error:
        raise ValueError(f"«{value}» is not a regular expression ({error})") from error


def _place(value: Any, info: ValidationInfo) -> Place:
    code = str(value)
    place: Place | None = info.context["places"].get(code) if info.context else None
    if place is None:
        raise ValueError(
            f"place code {code} is not in catalog/places.csv; give the six-digit GB/T 2260 code of the bureau"
        )
    return place


def _verified(value: Any) -> Any:
    return None if value == "never" else value


def _web_address(value: Any) -> str:
    if not isinstance(value, str) or split_web_address(value) is None:
        raise ValueError(f"«{value}» is not a web address; write it as http(s)://host/path, without a user name")
    return value


Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern), PlainSerializer(lambda found: found.pattern)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
HostRule = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9.-]+(:\d{1,5})?$")]
PlaceByCode = Annotated[Place, BeforeValidator(_place), PlainSerializer(lambda place: place.code, return_type=str)]


class Entry(BaseModel):
    """What all entries share: unknown keys are errors, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Follow(Entry):
    """Which links of a list page lead to bulletins: every rule that is given must fit.

    Attributes:
        title: found in the link's title; without any rule the usual titles of bulletins.
        url: found in the link's address.
        not_title: not found in the link's title.
    """

    title: Pattern | None = None
    url: Pattern | None = None
    not_title: Pattern | None = None

    def accepts(self, url: str, title: str) -> bool:
        """Whether a link of this address and title is followed."""
        title_rule = self.title if self.title or self.url else BULLETIN_TITLES
        return (
            (title_rule is None or title_rule.search(title) is not None)
            and (self.url is None or self.url.search(url) is not None)
            and (self.not_title is None or self.not_title.search(title) is None)
        )


class NextPage(Entry):
    """How a list goes on, where its pages do not show it, and how many of them are read.

    Attributes:
        text: the words of the link to the next page, where they are unusual.
        url: where a script draws that link: the address of page n beside the first, with `{page}` for n.
        first: the number that stands in the second page's address (`index_1.html` or `index_2.html`).
        limit: the most pages of one list.
    """

    text: str = "下一页"
    url: str | None = None
    first: int = Field(default=2, ge=0)
    limit: int = Field(default=20, ge=1, le=500)

    @model_validator(mode="after")
    def _has_page(self) -> NextPage:
        if self.url is not None and "{page}" not in self.url:
            raise ValueError("the pattern needs {page} where the number stands, as in index_{page}.html")
        return self


class KindRule(Entry):
    """Pages whose title holds the pattern are of this kind."""

    title: Pattern
    kind: Kind


def _rule(title: str, kind: Kind) -> KindRule:
    return KindRule(title=re.compile(title), kind=kind)


#: Tried after a source's own rules, in this order: 上半年工作总结 is a half-year report, 总结和计划 a summary.
KIND_RULES: tuple[KindRule, ...] = (
    _rule("招聘|招标|采购|中标|公示|拍卖", "other"),
    _rule("半年|年中|季度|季报|月报|[1１一]\\s*[-—－~至到]\\s*[\\d一二三四五六七八九十]+月", "half_year"),
    _rule("统计表|报表|一览表|统计数据|统计月报|发展统计", "table"),
    _rule("总结|年报|年度报告|回顾|公报|工作报告|工作情况", "year_summary"),
    _rule("计划|要点|规划|方案|打算|安排", "plan"),
)


class Source(Entry):
    """One bureau: whose bulletins they are, where they are listed, and how its site is asked.

    Attributes:
        id: short ASCII name; stands in every row that came from the bureau, so it is never reused.
        place: the bureau's division; a GB/T 2260 code in the file.
        publisher: the issuing unit's official name.
        list_pages: addresses that list bulletins; a sitemap's address (`.xml`) is one too.
        body: CSS selector of the main text; without it the text is found by its density.
        kinds: rules by title, tried before the usual ones.
        pace: seconds from the end of one request to a host to the next; robots.txt may ask for more.
        budget: requests to one host a night, with those for robots.txt, redirects and retries.
        hosts: further hosts that may be asked (`host`, `host:port`, `*.domain`), beside those of the list pages.
        legacy_tls: hosts that speak only old TLS; certificates are verified all the same.
        allow_private: whether private and loopback addresses may be asked (samples and intranets).
        expected_by: month and day (MM-DD) by which the last year's summary is usually out.
        verified: when somebody last saw that the entry works; None (`never` in the file) if nobody did.
        confirmed: what others' public material bears out, and of which year it is: `host 2025`, `list page 2026`, or
            `never`.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    place: PlaceByCode
    publisher: str = Field(min_length=2)
    list_pages: tuple[WebAddress, ...]
    follow: Follow = Follow()
    next_page: NextPage = NextPage()
    body: str | None = None
    kinds: tuple[KindRule, ...] = ()
    pace: float = Field(default=2.0, ge=0, le=600)
    budget: int = Field(default=1000, ge=1)
    hosts: tuple[HostRule, ...] = ()
    legacy_tls: tuple[HostRule, ...] = ()
    allow_private: bool = False
    expected_by: str = Field(default="04-30", pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
    verified: Annotated[dt.date | None, BeforeValidator(_verified)] = None
    confirmed: str = Field(default="never", pattern=r"^(never|(host|list page) 20\d\d)$")

    @field_validator("body")
    @classmethod
    def _is_selector(cls, selector: str | None) -> str | None:
        if selector is not None:
            try:
                LexborHTMLParser("").css(selector)
            except SelectolaxError as error:
                raise ValueError(f"«{selector}» is not a CSS selector ({error})") from error
        return selector

    @model_validator(mode="after")
    def _lists_on_the_web(self) -> Source:
        if not self.list_pages:
            raise ValueError("list_pages is empty; give the address of a page that lists bulletins")
        for address in self.list_pages:
            host = urlsplit(address).hostname or ""
            if not self.allow_private and is_private_literal(host):
                raise ValueError(f"{host} is a private address; set allow_private: true if that is meant")
        return self

    def allows_host(self, url: str) -> bool:
        """Whether the source's rules let this address be asked: http(s), on a listed host and port."""
        parts = split_web_address(url)
        return parts is not None and any(
            _host_fits(parts.hostname or "", parts.port, host, port) for host, port in self._allowed_hosts
        )

    @functools.cached_property
    def _allowed_hosts(self) -> list[tuple[str, int | None]]:
        entries = (urlsplit(entry) for entry in (*self.list_pages, *(f"//{host}" for host in self.hosts)))
        return list({(entry.hostname or "", entry.port) for entry in entries})

    def due(self, today: dt.date) -> dt.date:
        """The day of this year by which the last year's summary is usually out."""
        month, day = map(int, self.expected_by.split("-"))
        return dt.date(today.year, month, min(day, calendar.monthrange(today.year, month)[1]))

    def kind_of(self, title: str) -> Kind:
        """Of what kind a page of this title is; `news` where no rule says otherwise."""
        fitting = (rule.kind for rule in (*self.kinds, *KIND_RULES) if rule.title.search(title))
        return next(fitting, "news")


def _host_fits(host: str, port: int | None, allowed: str, allowed_port: int | None) -> bool:
    # A rule without a port means the web's own two: another port of the host is not the bureau's site.
    if port != allowed_port and not {port, allowed_port} <= {None, 80, 443}:
        return False
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def is_private_literal(host: str) -> bool:
    """Whether `host` is itself an address that is not on the public internet, or the name localhost."""
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


@dataclass(frozen=True)
class SourceList:
    """The usable sources of a file and the errors of the others.

    Attributes:
        contact: how a site's operator reaches whoever runs this, an address of the web or of mail; in the user agent.
        places: all known divisions, for what a source's place is related to.
    """

    path: str
    contact: str
    sources: tuple[Source, ...]
    errors: tuple[SourcesError, ...]
    places: Places

    def __iter__(self) -> Iterator[Source]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)

    def get(self, source_id: str) -> Source | None:
        """The source of that id."""
        return next((source for source in self.sources if source.id == source_id), None)

    def for_url(self, url: str) -> Source | None:
        """Of the sources whose rules let this address be asked, the one whose lists lie nearest to it."""

        def nearness(source: Source) -> int:
            return max(len(posixpath.commonpath([page, url])) for page in source.list_pages)

        return max((source for source in self.sources if source.allows_host(url)), key=nearness, default=None)


def load_sources(path: Path, places: Places) -> SourceList:
    """Read and check a source list.

    Keys of `defaults` hold for every source that does not set them itself.

    Raises:
        SourcesError: the file as a whole cannot be used: it is not there, not YAML, or has no list of sources. Bad
            entries of a good file are in `errors` of what is returned.
    """
    return parse_sources(_text(path), path.name, places)


def parse_sources(text: str, name: str, places: Places) -> SourceList:
    """Check the text of a source list; `name` is what errors call the file. See `load_sources`."""
    document, lines = _read_yaml(text, name)
    unknown = set(document) - {"contact", "defaults", "sources"}
    if unknown:
        raise SourcesError(f"{name}: unknown key(s) {', '.join(sorted(unknown))}; use contact, defaults and sources")
    entries, defaults, contact = document.get("sources"), document.get("defaults") or {}, document.get("contact")
    if not isinstance(entries, list) or not entries:
        raise SourcesError(f"{name}: has no list «sources»; write each bureau as an item below it", key="sources")
    if not isinstance(defaults, dict) or {"id", "place", "list_pages"} & set(defaults):
        raise SourcesError(
            f"{name}: «defaults» takes keys that sources share, not id, place or list_pages", key="defaults"
        )

    sources: dict[str, Source] = {}
    errors: list[SourcesError] = []
    for index, entry in enumerate(entries):
        label = str(entry.get("id") or f"#{index + 1}") if isinstance(entry, dict) else f"#{index + 1}"
        try:
            if not isinstance(entry, dict):
                raise SourcesError(f"is not a set of keys but «{entry}»; write id, place, publisher and list_pages")
            source = Source.model_validate({**defaults, **entry}, context={"places": places})
            if source.id in sources:
                raise SourcesError("has the id of an earlier source; give each bureau its own", key="id")
            sources[source.id] = source
        except SourcesError as error:
            errors.append(_located(str(error), error.key, name, label, lines[index]))
        except ValidationError as error:
            errors.extend(_located(*_plain(issue), name, label, lines[index]) for issue in error.errors())
    contact = contact or os.environ.get(CONTACT_VARIABLE, "")
    return SourceList(name, str(contact), tuple(sources.values()), tuple(errors), places)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourcesError(f"{path}: cannot be read ({error.strerror}); give the path of a source list") from error
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error


@functools.lru_cache(maxsize=2)  # every step of a night asks for the list
def _read_yaml(text: str, name: str) -> tuple[Mapping[str, Any], Sequence[Mapping[str, int]]]:
    """The document, and for each source the line of each of its keys (the empty key is the source itself)."""
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        document = loader.construct_document(root) if root is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise SourcesError(f"{name}{line}: is not YAML ({getattr(error, 'problem', error)}); mend the line") from error
    if not isinstance(document, dict) or not isinstance(root, yaml.MappingNode):
        raise SourcesError(f"{name}: is not a source list; write «sources:» and a list of bureaus below it")
    entries = next((value for key, value in root.value if key.value == "sources"), None)
    lines: list[Mapping[str, int]] = []
    for node in entries.value if isinstance(entries, yaml.SequenceNode) else []:
        keys = (
            {key.value: key.start_mark.line + 1 for key, _ in node.value} if isinstance(node, yaml.MappingNode) else {}
        )
        lines.append({"": node.start_mark.line + 1, **keys})
    return document, lines


def _located(message: str, key: str, name: str, label: str, lines: Mapping[str, int]) -> SourcesError:
    line = lines.get(key.split(".")[0], lines[""])
    what = f", key «{key}»" if key else ""
    return SourcesError(f"{name}, line {line}: source «{label}»{what}: {message}", source=label, key=key)


def _plain(issue: Any) -> tuple[str, str]:
    """What pydantic found, in words that say what to do; and the key."""
    location = [str(part) for part in issue["loc"]]
    key = ".".join(location)
    if issue["type"] == "extra_forbidden":
        models: dict[str, type[Entry]] = {"follow": Follow, "next_page": NextPage, "kinds": KindRule}
        known = list(models.get(location[0], Source).model_fields)
        near = difflib.get_close_matches(location[-1], known, n=1)
        return "is not known; " + (f"did you mean «{near[0]}»?" if near else f"use one of {', '.join(known)}"), key
    if issue["type"] == "missing":
        return "is missing; add it", key
    if issue["type"] == "value_error":
        return str(issue["ctx"]["error"]), key
    return f"{issue['msg']} (it is «{issue['input']}»)", key

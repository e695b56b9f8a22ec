"""How a site is asked: robots.txt, one request at a time and at its pace, patience, and an end to patience.

Here belongs what makes the crawler a guest: who it says it is, RFC 9309, the waits between requests and after errors,
what a server asks for with Retry-After, and how much of a host's time a night may take. Redirects are followed here,
because each hop is another request that needs permission.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

import stamina
from protego import Protego

from fetching.client import Answer, Client, Limits, RetrievalError
from fetching.sources import Source

stamina.instrumentation.set_on_retry_hooks([])  # it would print each retry; they are counted in the manifest

PRODUCT = "minzheng"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ROBOTS_BYTES = 500 * 1024  # RFC 9309, 2.5: at least so much is parsed
#: Retrievals that fail one after another before a host is left alone for the night.
HOST_PATIENCE = 3


def user_agent(contact: str) -> str:
    """Who asks: the product token that robots.txt rules may name, and how to reach whoever runs it."""
    return f"{PRODUCT}/0.1 (reads public civil-affairs statistics; contact: {contact})"


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to us. Without rules, all is allowed.

    Attributes:
        unreachable: why the file could not be had; then nothing is allowed (RFC 9309, 2.3.1.4).
    """

    rules: Protego | None = None
    unreachable: str = ""

    @classmethod
    def parse(cls, body: bytes) -> Robots:
        """The rules in the body of a robots.txt."""
        return cls(Protego.parse(body[:ROBOTS_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")))

    def allows(self, url: str) -> bool:
        """Whether the rules let us ask for `url`."""
        return not self.unreachable and (self.rules is None or bool(self.rules.can_fetch(url, PRODUCT)))

    @property
    def delay(self) -> float:
        """Seconds between requests that the file asks for."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(PRODUCT)
        return max(self.rules.crawl_delay(PRODUCT) or 0.0, rate.seconds / rate.requests if rate else 0.0)


def robots_unavailable(status: int | None, reason: str) -> bool:
    """Whether a robots.txt that could not be read means that there are no rules (RFC 9309, 2.3.1.3).

    That is so for client errors and for redirects that lead nowhere; a server error or silence forbids all. 429 is no
    statement about rules but a plea for fewer requests, so it counts as a server error.
    """
    return reason in ("foreign_host", "redirect_loop") or (status is not None and status < 500 and status != 429)


@dataclass(eq=False)
class Host:
    """One host and port: its turn-taking, its rules, and what is left of tonight's patience with it."""

    requests: int = 0
    not_before: float = 0.0  # monotonic seconds
    failures: int = 0  # retrievals in a row
    closed: str = ""  # why it is not asked again tonight
    robots: dict[str, Robots] = field(default_factory=dict)  # by scheme
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots_turn: asyncio.Lock = field(default_factory=asyncio.Lock)


RobotsLoader = Callable[[str, Source], Awaitable[Robots]]


class Fetcher:
    """Retrieves addresses for sources, with manners.

    Args:
        client: asks for one address at a time.
        load_robots: gets and records the robots.txt at an address, for a source. It calls `get(…, heed_robots=False)`.
    """

    def __init__(self, client: Client, load_robots: RobotsLoader) -> None:
        self.limits: Limits = client.limits
        self._client = client
        self._load_robots = load_robots
        self._hosts: dict[str, Host] = {}
        self._night_ends = time.monotonic() + self.limits.night_seconds

    async def get(
        self, url: str, source: Source, *, headers: Mapping[str, str] | None = None, heed_robots: bool = True
    ) -> Answer:
        """Retrieve `url` for `source`: with permission, in turn, again where that may help, and over redirects.

        Raises:
            RetrievalError: no answer, or none that may be had.
        """
        hops = [url]
        attempts = 0
        cookies: dict[str, str] = {}  # of a site that gives one first and then sends us back where we were
        while True:
            await self._permit(hops[-1], hops[0], source, heed_robots)
            sent = {"Cookie": cookies[_site(hops[-1])]} if _site(hops[-1]) in cookies else {}
            answer = await self._ask_patiently(hops[-1], source, {**(headers or {}), **sent})
            attempts += answer.attempts
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return replace(answer, attempts=attempts)
            target = _target(hops[-1], location)
            given = _cookies(answer.headers.get("set-cookie", ""))
            again = bool(given) and cookies.get(_site(hops[-1])) != given
            if given:
                cookies[_site(hops[-1])] = given
            if target in hops and not (again and _site(target) == _site(hops[-1])):
                raise RetrievalError("FAILED", "redirect_loop", f"redirects in a circle to {target}; look at the page")
            hops.append(target)
            if len(hops) > self.limits.redirects + 1:
                raise RetrievalError(
                    "FAILED", "redirect_loop", f"redirects more than {self.limits.redirects} times; look at the page"
                )

    async def _permit(self, url: str, asked: str, source: Source, heed_robots: bool) -> None:
        """Raise unless the source's rules and the host's robots.txt let `url` be asked for."""
        if not source.allows_host(url):
            where = "is" if url == asked else f"redirects to {url},"
            detail = f"{where} not on a host of the source; if the bureau moved there, add the host under hosts"
            raise RetrievalError("BLOCKED", "foreign_host", detail)
        if not heed_robots:
            return
        host = self._host(url)
        async with host.robots_turn:
            if (scheme := urlsplit(url).scheme) not in host.robots:
                host.robots[scheme] = await self._load_robots(urljoin(url, "/robots.txt"), source)
            robots = host.robots[scheme]
        if robots.unreachable:
            detail = f"not asked for: robots.txt cannot be read, {robots.unreachable}; without it nothing is fetched"
            raise RetrievalError("FAILED", "robots_unreachable", detail)
        if not robots.allows(url):
            detail = "not asked for: robots.txt forbids it; ask the bureau, or take another list page"
            raise RetrievalError("BLOCKED", "robots", detail)

    async def _ask_patiently(self, url: str, source: Source, headers: Mapping[str, str]) -> Answer:
        """Ask, and ask again after errors that pass, up to the limits; the last answer counts."""
        host = self._host(url)
        answer: Answer | None = None
        number = 0
        limits = self.limits
        try:
            async for attempt in stamina.retry_context(
                on=lambda error: error.again if isinstance(error, RetrievalError) else False,
                attempts=limits.attempts,
                timeout=None,
                wait_initial=limits.backoff_seconds,
                wait_max=16 * limits.backoff_seconds,
                wait_jitter=limits.backoff_seconds,
            ):
                with attempt:
                    number = attempt.num
                    async with self._turn(host, source):
                        answer = await self._client.ask(
                            url,
                            headers=headers,
                            allow_private=source.allow_private,
                            legacy_tls=_is_legacy(url, source),
                        )
                    self._raise_if_passing(answer, host)
        except RetrievalError as error:
            if error.reason in ("private_address", "budget", "night_over", "host_down"):
                raise
            host.failures += 1
            if host.failures >= HOST_PATIENCE:
                host.closed = f"{host.failures} retrievals failed one after another, the last because it {error}"
            if answer is None or error.status is None:
                raise
            return replace(answer, attempts=number)
        assert answer is not None
        host.failures = 0
        return replace(answer, attempts=number)

    def _raise_if_passing(self, answer: Answer, host: Host) -> None:
        """Raise for an answer that says to come back; honour Retry-After for the whole host."""
        if answer.status not in (408, 425, 429, 500, 502, 503, 504):
            return
        detail = f"answers {answer.status}"
        wait = _retry_after(answer.headers.get("retry-after"))
        if wait is None:
            raise RetrievalError("FAILED", f"http_{answer.status}", detail, again=True, status=answer.status)
        host.not_before = max(host.not_before, time.monotonic() + wait)
        if wait > self.limits.retry_after_seconds:
            host.closed = f"it asks with {answer.status} to wait {wait:.0f} s"
            raise RetrievalError("BLOCKED", f"http_{answer.status}", detail, status=answer.status)
        raise RetrievalError("FAILED", f"http_{answer.status}", detail, again=wait, status=answer.status)

    @contextlib.asynccontextmanager
    async def _turn(self, host: Host, source: Source) -> AsyncIterator[None]:
        """Wait for the host's turn and pace, and spend one of its requests."""
        async with host.turn:
            if host.closed:
                detail = f"not asked for: {host.closed}; the next run tries again"
                raise RetrievalError("DEFERRED", "host_down", detail)
            if host.requests >= source.budget:
                detail = (
                    f"not asked for: tonight's {source.budget} requests to the host are spent; the next run goes on"
                )
                raise RetrievalError("DEFERRED", "budget", detail)
            wait = max(host.not_before - time.monotonic(), 0.0)
            if time.monotonic() + wait > self._night_ends:
                raise RetrievalError("DEFERRED", "night_over", "not asked for: the night is over; the next run goes on")
            await asyncio.sleep(wait)
            host.requests += 1
            try:
                yield
            finally:  # from the end of one request to the start of the next: so no server sees them closer than that
                pace = max(source.pace, *(robots.delay for robots in host.robots.values()), 0.0)
                host.not_before = max(host.not_before, time.monotonic() + pace)

    def _host(self, url: str) -> Host:
        parts = urlsplit(url)
        own_port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
        return self._hosts.setdefault(f"{parts.hostname}{own_port}", Host())


def _is_legacy(url: str, source: Source) -> bool:
    parts = urlsplit(url)
    return bool({parts.hostname, parts.netloc} & set(source.legacy_tls))


def _target(base: str, location: str) -> str:
    try:
        return urljoin(base, location).partition("#")[0]
    except ValueError as error:
        raise RetrievalError("FAILED", "bad_address", f"redirects to «{location}», which is no address") from error


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _cookies(header: str) -> str:
    """What a Set-Cookie header gives, as it is sent back: names and values, of several cookies too.

    Kept within one retrieval only, and sent to nobody but the site that gave it.
    """
    pairs = re.findall(r"(?:^|,\s*)([^=;,\s]+=[^;,]*)(?=;|,|$)", header)
    return "; ".join(pairs)


def _retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header: a number, or a date (RFC 9110, 10.2.3); None where there is none."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(math.ceil(moment.timestamp() - time.time()), 0.0)

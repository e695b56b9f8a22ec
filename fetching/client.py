"""One request, safely: where a connection may go, how much may come back, and how long it may take.

Here belongs what protects this machine and the networks around it: addresses are resolved and checked at the moment of
connecting (so that no name can be pointed elsewhere after a check), bodies are counted while they are unpacked, and
nothing is remembered between requests (no cookies). Redirects, robots.txt, pace and retries are manners and live in
`manners.py`; a redirect is returned as the answer that it is.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2

from fetching.addresses import escaped_bytes, split_post
from fetching.packing import CutShortError, PackingError, is_silent_gzip, unpacked, unpacker

MEBIBYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take, and how often it is tried.

    Attributes:
        body_bytes: the most bytes of a body after unpacking.
        seconds: the longest time from asking to the last byte.
        connect_seconds: the longest time to resolve a name, and to connect.
        read_seconds: the longest silence while reading.
        redirects: the most redirects followed.
        attempts: how often a request that may yet succeed is tried.
        retry_after_seconds: the longest wait that a server may ask for; a longer one ends the night for its host.
        backoff_seconds: the wait before the second attempt; doubles, with jitter of the same size.
        night_seconds: the longest time for all requests of one crawl.
    """

    body_bytes: int = 32 * MEBIBYTE
    seconds: float = 60.0
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    redirects: int = 5
    attempts: int = 3
    retry_after_seconds: float = 120.0
    backoff_seconds: float = 2.0
    night_seconds: float = 6 * 3600.0


class RetrievalError(Exception):
    """Why an address was not retrieved, in a code and in a clause that says what to do.

    Attributes:
        outcome: BLOCKED, FAILED or DEFERRED, as the manifest has it.
        reason: a short code.
        again: whether the same request may succeed soon; a number is how many seconds the server asks to wait.
        status: the HTTP status, where there was one.
    """

    def __init__(
        self, outcome: str, reason: str, detail: str, *, again: bool | float = False, status: int | None = None
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.reason = reason
        self.again = again
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent: the body after content decoding, and how it came.

    `tls` is the protocol's version, with `legacy ` before it where it took a source's exception; empty for plain http.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    tls: str = ""
    attempts: int = 1


class Client:
    """Asks for one address at a time, within `limits`, as `user_agent`.

    Args:
        connect_to: hosts (`host` or `host:port`) that are reached at an address of ours, as with curl --connect-to;
            it is not checked, because we chose it. Samples and tests are served so under names of their own.
    """

    def __init__(
        self, user_agent: str, limits: Limits, connect_to: Mapping[str, tuple[str, int]] | None = None
    ) -> None:
        self.limits = limits
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate", "Accept-Language": "zh-CN,zh"}
        self._connect_to = dict(connect_to or {})
        self._clients: dict[tuple[str, bool, bool], httpx2.AsyncClient] = {}
        self._contexts: dict[bool, ssl.SSLContext] = {}  # by whether legacy TLS is let through
        # Bodies beyond a mebibyte come a few at a time, so that many large ones do not fill the memory together.
        self._large_bodies = asyncio.Semaphore(4)

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    async def ask(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        allow_private: bool = False,
        legacy_tls: bool = False,
    ) -> Answer:
        """Ask for `url` once and return what came, whatever its status.

        An address that carries a body (see `addresses.as_post`) is asked by POST.

        Raises:
            RetrievalError: no whole answer came, or the connection was not allowed.
        """
        client = self._client(urlsplit(url).netloc, allow_private, legacy_tls)
        address, form = split_post(url)
        wanted = {**self._headers, **(headers or {})}
        if form is not None:
            kind = "json" if form.lstrip()[:1] in (b"{", b"[") else "x-www-form-urlencoded"
            wanted["Content-Type"] = f"application/{kind}"
        method = "GET" if form is None else "POST"
        started = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.limits.seconds),
                client.stream(method, address, headers=wanted, content=form) as response,
            ):
                body = await self._body(response)
                connection = response.extensions.get("network_stream")
                encrypted = connection.get_extra_info("ssl_object") if connection else None
                version = encrypted.version() if encrypted else ""
        except TimeoutError:
            detail = (
                f"had not ended after {time.monotonic() - started:.0f} s; the site is too slow, try at another hour"
            )
            raise RetrievalError("FAILED", "too_slow", detail) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _explained(error) from error
        return Answer(
            url=url,
            status=response.status_code,
            headers=_headers_of(response),
            body=body,
            tls=f"legacy {version}" if legacy_tls and version else version,
        )

    async def _body(self, response: httpx2.Response) -> bytes:
        limit = self.limits.body_bytes
        declared = response.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise _too_large(f"announces {int(declared):,} bytes", limit)
        encoding = response.headers.get("content-encoding", "")
        try:
            return await self._unpacked(response, encoding)
        except CutShortError as error:
            # What came would pass for a page; half of a bulletin is worse than none.
            detail = f"broke the connection off ({error})"
            raise RetrievalError("FAILED", "connection_lost", detail, again=True) from error
        except PackingError as error:
            detail = f"packs its body with {encoding}, which does not unpack ({error}); the site must mend it"
            raise RetrievalError("FAILED", "bad_encoding", detail) from error

    async def _unpacked(self, response: httpx2.Response, encoding: str) -> bytes:
        limit = self.limits.body_bytes
        unpack = unpacker(encoding)
        body = bytearray()
        large = False
        try:
            async for chunk in response.aiter_raw():
                for piece in unpack.feed(chunk):
                    body += piece
                    if len(body) > limit:
                        received = (
                            f"{response.num_bytes_downloaded:,} bytes of {encoding} unpack to" if encoding else "sends"
                        )
                        raise _too_large(f"{received} more than {limit:,} bytes", limit)
                if not large and len(body) > MEBIBYTE:
                    await self._large_bodies.acquire()
                    large = True
            unpack.end()
            if is_silent_gzip(body[:3]) and _is_text(response.headers.get("content-type", "")):
                return unpacked(bytes(body), "gzip", limit)
            return bytes(body)
        finally:
            body.clear()  # or an exception's traceback would hold it until the next collection of cycles
            if large:
                self._large_bodies.release()

    def _client(self, netloc: str, allow_private: bool, legacy_tls: bool) -> httpx2.AsyncClient:
        # Connections are shared only between sources with the same rights; and a pool a host, because with every request
        # a pool looks at each connection that it holds.
        key = (netloc, allow_private, legacy_tls)
        if key not in self._clients:
            if legacy_tls not in self._contexts:
                self._contexts[legacy_tls] = _legacy_context() if legacy_tls else httpx2.create_ssl_context()
            self._clients[key] = httpx2.AsyncClient(
                transport=_Transport(_GuardedNetwork(allow_private, self._connect_to), self._contexts[legacy_tls]),
                cookies=http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx2.Timeout(self.limits.read_seconds, connect=self.limits.connect_seconds, pool=None),
                follow_redirects=False,
            )
        return self._clients[key]


class _Transport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over a pool whose connections are made by our own network backend."""

    def __init__(self, network: httpcore2.AsyncNetworkBackend, context: ssl.SSLContext) -> None:
        super().__init__(verify=context)
        # httpx2 has no way to name a network backend; httpcore2, which it is built on, has.
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=1,
            keepalive_expiry=30.0,
            network_backend=network,
        )


@dataclass
class _GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only, unless private ones are allowed."""

    allow_private: bool
    connect_to: Mapping[str, tuple[str, int]]
    _network: httpcore2.AnyIOBackend = field(default_factory=httpcore2.AnyIOBackend)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        ours = self.connect_to.get(f"{host}:{port}") or self.connect_to.get(host)
        if ours:
            addresses, port = [ours[0]], ours[1]
        else:
            addresses = await _resolved(host, port, timeout)
            allowed = addresses if self.allow_private else [address for address in addresses if is_public(address)]
            if not allowed:
                detail = (
                    f"{host} is at {addresses[0]}, which is not on the public internet; "
                    "set allow_private: true for the source if that is meant"
                )
                raise RetrievalError("BLOCKED", "private_address", detail)
            addresses = allowed
        for last, address in enumerate(addresses, start=1 - len(addresses)):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last == 0:
                    raise
        raise AssertionError("unreachable")

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        raise RetrievalError("BLOCKED", "private_address", "a socket of this machine is no web site; mend the address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _resolved(host: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a host, each once, in the resolver's order."""
    try:
        async with asyncio.timeout(timeout):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout(f"no answer about the name {host}") from error
    except (OSError, UnicodeError) as error:
        detail = f"the name {host} is not known ({error}); check the address in sources.yaml, or this machine's DNS"
        raise RetrievalError("FAILED", "unknown_host", detail, again=True) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also when it is written inside an IPv6 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _legacy_context() -> ssl.SSLContext:
    """Certificates are verified as ever; old protocol versions, ciphers and renegotiation are let through."""
    context = httpx2.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def _headers_of(response: httpx2.Response) -> dict[str, str]:
    """Names in lower case; bytes beyond ASCII as they came: escaped in an address, else read as UTF-8 or GB18030."""
    headers: dict[str, str] = {}
    for raw_name, raw in response.headers.raw:
        name = raw_name.decode("ascii", "replace").lower()
        value = escaped_bytes(raw) if name == "location" and not raw.isascii() else _header_text(raw)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _header_text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _is_text(content_type: str) -> bool:
    return not content_type or content_type.lower().startswith(("text/", "application/xhtml", "application/json"))


def _too_large(what: str, limit: int) -> RetrievalError:
    detail = f"{what}, the limit is {limit:,}; no bulletin is that long, look at the address"
    return RetrievalError("FAILED", "too_large", detail)


def _explained(error: Exception) -> RetrievalError:
    """What httpx2 raised, as one of our reasons."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            detail = f"the certificate is not valid ({cause.verify_message}); the site must mend it"
            return RetrievalError("FAILED", "certificate", detail)
        if isinstance(cause, ssl.SSLError):
            detail = f"no common TLS version ({cause.reason}); if the site only speaks old TLS, list it in legacy_tls"
            return RetrievalError("FAILED", "tls", detail)
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx2.ConnectTimeout():
            return RetrievalError("FAILED", "timeout", "does not answer; the host may be down", again=True)
        case httpx2.TimeoutException():
            return RetrievalError("FAILED", "timeout", "stopped sending; the host may be overloaded", again=True)
        case httpx2.ConnectError():
            detail = "refuses connections; the host may be down, or the port in the address wrong"
            return RetrievalError("FAILED", "refused", detail, again=True)
        case httpx2.DecodingError():
            return RetrievalError("FAILED", "bad_encoding", f"sends a body that does not unpack ({error})")
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            return RetrievalError("FAILED", "bad_address", f"is not a web address that can be asked for ({error})")
        case _:
            detail = f"broke the connection off ({error or type(error).__name__})"
            return RetrievalError("FAILED", "connection_lost", detail, again=True)

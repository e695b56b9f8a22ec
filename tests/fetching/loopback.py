"""A web server of our own on loopback that may misbehave in any way, and what its sites are made of."""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from fetching.client import Limits

#: Takes the request and answers it by itself.
Behaviour = Callable[[BaseHTTPRequestHandler], None]

#: Patience that suits a test.
QUICK = Limits(
    seconds=1.5,
    connect_seconds=1.0,
    read_seconds=1.0,
    backoff_seconds=0.01,
    retry_after_seconds=1.0,
    night_seconds=60.0,
)


@dataclass
class Site:
    """Hosts on one port: what each answers under (host, path) or (host, "*"), and what was asked of it."""

    pages: dict[tuple[str, str], str | bytes | Behaviour] = field(default_factory=dict)
    requests: list[tuple[float, str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def asked(self, host: str) -> list[str]:
        """The paths that were asked of a host, in order."""
        return [path for _, asked, path, _ in self.requests if asked == host]

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Every host of this site is here."""
        return {host: ("127.0.0.1", self.port) for host, _ in self.pages}


def answer(
    request: BaseHTTPRequestHandler, status: int, body: str | bytes = b"", headers: dict[str, str] | None = None
) -> None:
    """Send a whole answer."""
    raw = body.encode() if isinstance(body, str) else body
    request.send_response(status)
    for name, value in {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(raw)),
        **(headers or {}),
    }.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(raw)


def status(code: int, body: str | bytes = b"", **headers: str) -> Behaviour:
    """A behaviour that always gives this answer; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: answer(request, code, body, named)


def article(title: str, *paragraphs: str, head: str = "", after: str = "") -> str:
    """A bulletin's page with furniture around it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<div class='nav'><a href='/'>首页</a></div><div class='main'><h1>{title}</h1><p>发布时间:2023-01-20</p>"
        f"<div class='TRS_Editor'>{text}</div>{after}</div><div class='footer'>版权所有 备案号1</div></body></html>"
    )


def listing(*links: tuple[str, str], more: str = "") -> str:
    """A list page."""
    items = "".join(f"<li><a href='{url}' title='{title}'>{title}</a></li>" for url, title in links)
    return f"<html><head><meta charset='utf-8'><title>工作总结</title></head><body><ul>{items}</ul>{more}</body></html>"


SUMMARY = (
    "2022年，全市城乡低保对象9.76万人，发放低保资金7.82亿元，救助水平稳步提高。",
    "全市养老机构312家，床位4.5万张，护理型床位占比60%。",
)


@contextlib.contextmanager
def running_site(certificate: Path | None = None) -> Iterator[Site]:
    """A site on a port of its own, stopped at the end; with a certificate (and its key) it speaks TLS."""
    state = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").split(":")[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append((time.monotonic(), host, self.path, headers))
            page = state.pages.get((host, self.path), state.pages.get((host, "*")))
            if page is None:
                answer(self, 404, "<html><body>404 Not Found</body></html>")
            elif callable(page):
                page(self)
            else:
                answer(self, 200, page)

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # clients that hang up are what these tests are about

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def bureau(host: str, **more: Any) -> dict[str, Any]:
    """The entry of a bureau whose list is at the root of `host`."""
    return {"id": host.split(".")[0], "list_pages": [f"http://{host}/list.html"], **more}


def night(number: int) -> dt.datetime:
    """When a night of the tests begins."""
    return dt.datetime(2026, 3, number, 18, tzinfo=dt.UTC)

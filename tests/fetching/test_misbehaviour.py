"""One night among sites that misbehave in every way we know: what is recorded, in what time, and that the others finish."""

from __future__ import annotations

import datetime as dt
import os
import resource
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from loopback import QUICK, SUMMARY, Behaviour, Site, answer, article, bureau, listing, night, running_site, status

from fetching.client import MEBIBYTE, is_public
from fetching.crawl import crawl
from fetching.pages import replay
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList

Sources = Callable[..., SourceList]
GOOD_PAGE = article("2022年工作总结", *SUMMARY)


def slow_drip(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"<")
        time.sleep(0.05)


def silence(request: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def reset(request: BaseHTTPRequestHandler) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(request.connection.detach())


def cut_short(request: BaseHTTPRequestHandler) -> None:
    answer(request, 200, GOOD_PAGE, {"Content-Length": "100000"})
    request.close_connection = True


def stream(chunks: Iterator[bytes], **headers: str) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Connection", "close")
        request.end_headers()
        for chunk in chunks:
            request.wfile.write(chunk)
        request.close_connection = True

    return behave


def gigabyte() -> Iterator[bytes]:
    for _ in range(1024):
        yield b"<p>x</p>" * (MEBIBYTE // 8)


def bomb() -> Iterator[bytes]:
    """A gzip stream of a megabyte that unpacks to a gigabyte."""
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(1024):
        yield packer.compress(bytes(MEBIBYTE))
    yield packer.flush()


def busy(times: int, retry_after: str) -> Behaviour:
    seen = count(1)
    return lambda request: (
        answer(request, 429, b"", {"Retry-After": retry_after})
        if next(seen) <= times
        else answer(request, 200, GOOD_PAGE)
    )


def endless_redirect(request: BaseHTTPRequestHandler) -> None:
    answer(request, 302, b"", {"Location": request.path + "x"})


def misbehaviours(port: int) -> dict[str, tuple[Behaviour | str, tuple[str, str]]]:
    """How a bulletin's page misbehaves, and what is to be recorded of it."""
    redirect = {
        "foreign": "http://elsewhere.example/",
        "metadata": "http://169.254.169.254/latest/",
        "private": f"http://localhost:{port}/",
        "file": "file:///etc/passwd",
    }
    return {
        "drip": (slow_drip, ("FAILED", "too_slow")),
        "silence": (silence, ("FAILED", "timeout")),
        "reset": (reset, ("FAILED", "connection_lost")),
        "cut": (cut_short, ("FAILED", "connection_lost")),
        "circle": (status(302, Location="/art/1.html"), ("FAILED", "redirect_loop")),
        "foreign": (status(302, Location=redirect["foreign"]), ("BLOCKED", "foreign_host")),
        "metadata": (status(301, Location=redirect["metadata"]), ("BLOCKED", "foreign_host")),
        "private": (status(307, Location=redirect["private"]), ("BLOCKED", "private_address")),
        "file": (status(302, Location=redirect["file"]), ("BLOCKED", "foreign_host")),
        "gigabyte": (stream(gigabyte()), ("FAILED", "too_large")),
        "announced": (stream(iter([b"<"]), Content_Length=str(1024**3)), ("FAILED", "too_large")),
        "bomb": (stream(bomb(), Content_Encoding="gzip"), ("FAILED", "too_large")),
        "garbled": (status(200, b"no gzip", Content_Encoding="gzip"), ("FAILED", "bad_encoding")),
        "brotli": (status(200, b"\x0b\x02\x80", Content_Encoding="br"), ("FAILED", "bad_encoding")),
        "torn": (status(200, GOOD_PAGE.encode("gb18030")[:-3] + b"\xff" * 9), ("NEW", "undecoded")),
        "headers": (status(200, GOOD_PAGE, X="y" * 200_000), ("FAILED", "connection_lost")),
        "challenge": (status(412, "<script>eval()</script>"), ("BLOCKED", "challenge")),
        "cookie": ("<script>document.cookie='acw_sc__v2=1';location.reload()</script>", ("BLOCKED", "challenge")),
        "soft": (article("提示", "您查找的网页不存在，请返回首页。"), ("GONE", "soft_404")),
        "patient": (busy(1, "0"), ("NEW", "")),
        "impatient": (busy(9, "86400"), ("BLOCKED", "http_429")),
        "dated": (busy(1, "Wed, 21 Oct 2015 07:28:00 GMT"), ("NEW", "")),
        "flaky": (busy(2, ""), ("NEW", "")),
        "charset": (status(200, GOOD_PAGE.replace("utf-8", "").encode("gb18030")), ("NEW", "")),
    }


def put_up(site: Site, host: str, page: Behaviour | str | bytes) -> None:
    site.pages[host, "/list.html"] = listing(("/art/1.html", "2022年工作总结"))
    site.pages[host, "/art/1.html"] = page


def test_a_night_among_the_ill(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    cases = misbehaviours(site.port)
    for name, (behaviour, _) in cases.items():
        put_up(site, f"{name}.example", behaviour)
    for number in range(5):
        put_up(site, f"well{number}.example", article(f"2022年工作总结{number}", *SUMMARY))
    site.pages["endless.example", "*"] = endless_redirect
    put_up(site, "forbids.example", GOOD_PAGE)
    site.pages["forbids.example", "/robots.txt"] = "User-agent: *\nDisallow: /art/\n"
    put_up(site, "names.example", GOOD_PAGE)
    site.pages["names.example", "/robots.txt"] = "User-agent: minzheng\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    put_up(site, "fails.example", GOOD_PAGE)
    site.pages["fails.example", "/robots.txt"] = status(500)
    put_up(site, "silent.example", GOOD_PAGE)
    site.pages["silent.example", "/robots.txt"] = silence
    put_up(site, "wanders.example", GOOD_PAGE)
    site.pages["wanders.example", "/robots.txt"] = status(302, Location="http://elsewhere.example/")

    extra = {"private": {"hosts": [f"localhost:{site.port}"]}}
    hosts = dict.fromkeys(host for host, _ in site.pages)
    sources = sources_of(*(bureau(host, **extra.get(host.split(".")[0], {})) for host in hosts))
    started, memory = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rows = crawl(
        sources, store, now=night(1), limits=replace(QUICK, body_bytes=4 * MEBIBYTE), connect_to=site.connect_to
    )
    assert time.monotonic() - started < 15
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 200 * 1024, "kilobytes"

    found = {
        (row["source_id"], row["role"]): (row["outcome"], row["reason"])
        for row in rows.filter(pl.col("role").is_in(["list", "page"])).iter_rows(named=True)
    }
    expected = {(name, "page"): end for name, (_, end) in cases.items()}
    expected |= {(f"well{number}", "page"): ("NEW", "") for number in range(5)}
    expected |= {
        ("endless", "list"): ("FAILED", "redirect_loop"),
        ("forbids", "page"): ("BLOCKED", "robots"),
        ("names", "list"): ("BLOCKED", "robots"),
        ("fails", "list"): ("FAILED", "robots_unreachable"),
        ("silent", "list"): ("FAILED", "robots_unreachable"),
        ("wanders", "page"): ("NEW", ""),
    }
    assert {key: found.get(key) for key in expected} == expected
    assert not site.asked("elsewhere.example")
    assert "/art/1.html" not in site.asked("forbids.example")
    assert "/list.html" not in site.asked("names.example") + site.asked("fails.example")
    assert len(site.asked("impatient.example")) == 3, "robots.txt, the list, and one page that says to wait a day"
    troubled = rows.filter(pl.col("outcome").is_in(["BLOCKED", "FAILED", "GONE"]), pl.col("role") == "page")
    assert troubled.get_column("detail").str.starts_with("成都市民政局: http://").all()
    pages = replay(store, sources).pages
    assert sorted(pages.get_column("source_id")) == sorted(
        ["charset", "dated", "flaky", "patient", "torn", "wanders", *(f"well{number}" for number in range(5))]
    )
    assert pages.get_column("text").str.contains("低保对象9.76万人", literal=True).all()


def test_an_ill_answer_never_replaces_a_good_snapshot(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "chengdu.example", GOOD_PAGE)
    sources = sources_of(bureau("chengdu.example"))
    crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    before = replay(store, sources)
    ill = [behaviour for behaviour, (outcome, _) in misbehaviours(site.port).values() if outcome not in ("NEW",)]
    quick = replace(QUICK, seconds=0.2, read_seconds=0.1, body_bytes=MEBIBYTE, attempts=1)
    for number, behaviour in enumerate(ill, start=2):
        site.pages["chengdu.example", "/art/1.html"] = behaviour
        rows = crawl(sources, store, now=night(number), limits=quick, connect_to=site.connect_to)
        assert rows.filter(pl.col("role") == "page").get_column("outcome").is_in(["BLOCKED", "FAILED", "GONE"]).all()
    after = replay(store, sources)
    assert after.pages.equals(before.pages)
    assert after.vintages.equals(before.vintages)
    site.pages["chengdu.example", "/art/1.html"] = GOOD_PAGE
    rows = crawl(sources, store, now=night(30), limits=QUICK, connect_to=site.connect_to)
    assert rows.filter(pl.col("role") == "page").row(0, named=True)["outcome"] == "UNCHANGED"


@pytest.mark.parametrize(
    ("shown", "reason"), [(article("提示", "本站内容已迁移，请查看新站，谢谢关注。"), "soft_404"), (None, "home_page")]
)
def test_the_same_page_under_every_address(
    shown: str | None, reason: str, site: Site, store: SnapshotStore, sources_of: Sources
) -> None:
    home = article("成都市民政局", "今日要闻：全市民政工作会议召开，部署全年重点任务。" * 9)
    put_up(site, "chengdu.example", shown or home)
    site.pages["chengdu.example", "/art/minzheng-no-such-page.html"] = shown or home
    site.pages["chengdu.example", "/"] = home
    sources = sources_of(bureau("chengdu.example"))
    rows = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    (page,) = rows.filter(pl.col("role") == "page").iter_rows(named=True)
    assert (page["outcome"], page["reason"]) == ("GONE", reason)


def test_robots_that_cannot_be_reached_hold_as_they_were(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "chengdu.example", GOOD_PAGE)
    site.pages["chengdu.example", "/robots.txt"] = "User-agent: *\nDisallow: /private/\n"
    sources = sources_of(bureau("chengdu.example"))

    def outcomes(moment: dt.datetime) -> list[str]:
        rows = crawl(sources, store, now=moment, limits=QUICK, connect_to=site.connect_to)
        return rows.filter(pl.col("role").is_in(["list", "page"])).get_column("outcome").to_list()

    assert outcomes(night(1)) == ["NEW", "NEW"]
    site.pages["chengdu.example", "/robots.txt"] = status(503)
    assert outcomes(night(2)) == ["UNCHANGED", "UNCHANGED"]
    assert outcomes(night(1) + dt.timedelta(days=31)) == ["FAILED", "FAILED"], "but not for ever"


def test_pace_budget_and_crawl_delay(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    links = [(f"/art/{number}.html", f"{number}年工作总结") for number in range(2010, 2020)]
    for host in ("paced.example", "delayed.example", "shared.example"):
        site.pages[host, "/list.html"] = listing(*links)
        for url, title in links:
            site.pages[host, url] = article(title, *SUMMARY)
    site.pages["delayed.example", "/robots.txt"] = "User-agent: *\nCrawl-delay: 0.15\n"
    sources = sources_of(
        bureau("paced.example", pace=0.1, budget=6),
        bureau("delayed.example", budget=6),
        bureau("shared.example", pace=0.1, budget=12),
        {**bureau("shared.example", pace=0.1, budget=12, follow={"title": "2019"}), "id": "second"},
    )
    rows = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    for host, pace in (("paced.example", 0.1), ("delayed.example", 0.15), ("shared.example", 0.1)):
        moments = [moment for moment, asked, *_ in site.requests if asked == host]
        waits = [later - earlier for earlier, later in pairwise(moments)]
        assert min(waits[1:]) >= pace, "robots.txt itself is asked for before its delay is known"
    assert len(site.asked("paced.example")) == 6
    put_off = rows.filter(pl.col("outcome") == "DEFERRED", pl.col("source_id") == "paced")
    assert put_off.get_column("reason").unique().to_list() == ["budget"]
    assert put_off.height == 7
    assert (put_off.get_column("detail") != "").sum() == 1, "a person is told once"
    assert "/art/2019.html" in site.asked("shared.example"), "two sources may share a list"
    site.requests.clear()
    crawl(sources, store, now=night(2), limits=QUICK, connect_to=site.connect_to)
    again = [path for path in site.asked("paced.example") if path.startswith("/art/20")]
    assert again[:3] == ["/art/2013.html", "/art/2014.html", "/art/2015.html"], "what was put off comes first"


def test_a_night_has_an_end(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "slow.example", GOOD_PAGE)
    put_up(site, "well.example", GOOD_PAGE)
    sources = sources_of(bureau("slow.example", pace=3), bureau("well.example"))
    started = time.monotonic()
    rows = crawl(sources, store, now=night(1), limits=replace(QUICK, night_seconds=1.0), connect_to=site.connect_to)
    assert time.monotonic() - started < 2.5
    ends = rows.filter(pl.col("role").is_in(["list", "page"])).select("source_id", "outcome", "reason").rows()
    assert sorted(ends) == [("slow", "DEFERRED", "night_over"), ("well", "NEW", ""), ("well", "NEW", "")]


def test_a_host_that_dies_is_left_alone(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    links = [(f"/art/{number}.html", f"{number}年工作总结") for number in range(2010, 2020)]
    site.pages["dies.example", "/list.html"] = listing(*links)
    site.pages |= {("dies.example", url): reset for url, _ in links}
    sources = sources_of(bureau("dies.example"))
    rows = crawl(sources, store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    reasons = rows.filter(pl.col("role") == "page").get_column("reason").to_list()
    assert reasons == ["connection_lost"] * 3 + ["host_down"] * 7
    assert len(site.asked("dies.example")) == 2 + 3 * QUICK.attempts


def test_no_cookie_is_kept(site: Site, store: SnapshotStore, sources_of: Sources) -> None:
    put_up(site, "chengdu.example", status(200, GOOD_PAGE, Set_Cookie="id=1"))
    crawl(sources_of(bureau("chengdu.example")), store, now=night(1), limits=QUICK, connect_to=site.connect_to)
    crawl(sources_of(bureau("chengdu.example")), store, now=night(2), limits=QUICK, connect_to=site.connect_to)
    assert not any("cookie" in headers for *_, headers in site.requests)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.2.4.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::102:408", True),
        ("2002:7f00:1::", False),
    ],
)
def test_addresses_that_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_names_that_point_to_this_machine(store: SnapshotStore, sources_of: Sources) -> None:
    with running_site() as site:
        put_up(site, "localhost", GOOD_PAGE)
        entry = bureau("x.example", list_pages=[f"http://localhost.:{site.port}/list.html"])
        rows = crawl(sources_of(entry), store, now=night(1), limits=QUICK)
        assert set(rows.get_column("reason")) <= {"private_address", "unknown_host", "robots_unreachable"}
        assert not site.requests


def test_certificates_are_verified(tmp_path: Path, store: SnapshotStore, sources_of: Sources) -> None:
    with running_site() as site:
        put_up(site, "chengdu.example", GOOD_PAGE)
        plain = crawl(
            sources_of(bureau("chengdu.example", list_pages=["https://chengdu.example/list.html"])),
            store, now=night(1), limits=QUICK, connect_to=site.connect_to,
        )  # fmt: skip
    assert plain.row(0, named=True)["reason"] == "tls"
    certificate = self_signed("chengdu.example", tmp_path)
    with running_site(certificate) as site:
        put_up(site, "chengdu.example", GOOD_PAGE)
        entry = bureau("chengdu.example", list_pages=["https://chengdu.example/list.html"])
        arguments: dict[str, Any] = {"limits": QUICK, "connect_to": site.connect_to}
        for legacy in ([], ["chengdu.example"]):
            rows = crawl(sources_of({**entry, "legacy_tls": legacy}), store, now=night(2), **arguments)
            assert rows.row(0, named=True)["reason"] == "certificate"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(certificate))
            verified = crawl(sources_of(entry), store, now=night(3), **arguments)
            legacy_rows = crawl(
                sources_of({**entry, "legacy_tls": ["chengdu.example"]}), store, now=night(4), **arguments
            )
    assert verified.filter(pl.col("role") == "page").row(0, named=True)["tls"] == "TLSv1.3"
    assert legacy_rows.filter(pl.col("role") == "page").row(0, named=True)["tls"] == "legacy TLSv1.3"


def self_signed(host: str, folder: Path) -> Path:
    """A key and a certificate for `host` in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path

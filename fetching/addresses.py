"""One page, one address: how an address is spelled, and how one that is asked by POST is written down.

Pure functions. The spelling is that of RFC 3986, 6.2.2 and 6.2.3: browsers send the same request for all spellings that
become one here.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit

_SESSION = re.compile(r";jsessionid=[^?#]*", re.I)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: What may stand in a path or query besides letters and digits; `%` begins what is escaped already.
_KEPT = "%/:@!$&'()*+,;=-._~?[]"
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
#: What marks an address that is asked by POST. A fragment is never sent, so no address of a site can be confused with it.
_POST = "#post="


def split_web_address(url: str) -> SplitResult | None:
    """The parts of an http(s) address that names a host and no user; None for anything else."""
    try:
        parts = urlsplit(url)
        usable = (
            parts.scheme.lower() in ("http", "https") and parts.hostname and parts.username is None and parts.port != 0
        )
    except ValueError:  # a port that is no number, an unclosed bracket
        return None
    return parts if usable else None


def canonical(url: str) -> str:
    """The address under which a page is known: one spelling, without fragment and session.

    Host in lower case, no port that goes without saying, no `.` and `..`, escapes in capitals and only where they are
    needed, bytes beyond ASCII escaped as UTF-8. What a POST sends stays with its address.
    """
    url, post, form = url.strip().partition(_POST)
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    netloc = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, " "))
    path = _without_dots(_escaped(_SESSION.sub("", parts.path))) or "/"
    return SplitResult(scheme, netloc, path, _escaped(parts.query), "").geturl() + post + form


def _escaped(text: str) -> str:
    return _ESCAPE.sub(_one_escape, quote(text, safe=_KEPT))


def _one_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape.group(1), 16))
    return character if character in _UNRESERVED else escape.group().upper()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    directory = path.endswith(("/", "/.", "/.."))
    plain = posixpath.normpath(path)
    plain = "/" + plain.lstrip("/")
    return plain + "/" if directory and plain != "/" else plain


def escaped_bytes(raw: bytes) -> str:
    """An address out of a header, as it was sent: bytes beyond ASCII are escaped one by one, whatever they mean."""
    return quote(raw, safe=_KEPT + "#")


def as_post(url: str, form: str) -> str:
    """The address of `url` when asked by POST with this body: an URL-encoded form, or a JSON object."""
    return f"{url.partition('#')[0]}{_POST}{quote(form, safe='')}"


def split_post(url: str) -> tuple[str, bytes | None]:
    """The address that is asked, and the body that is sent with it; None for a GET."""
    address, mark, form = url.partition(_POST)
    return (address, unquote_to_bytes(form)) if mark else (url, None)

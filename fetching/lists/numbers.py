"""The address of the page after this one, where the number of the page stands in the address itself. Pure.

It may stand in the path, in the query, in what a POST sends, in JSON inside a query, and in Base64.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import parse_qsl, quote, urlsplit

from fetching.addresses import as_post, split_post
from fetching.lists.shown import unmasked

_KEY = re.compile(
    r"^(?:p|pn|pg|cur|current|page|pno|nowpage|curpage|currpage|currentpage|pagenow|page_?(?:no|num|number|index|idx|current)"
    r"|a\d+p|\w*page_?(?:no|num|number|index))$",
    re.I,
)
_SIZE = re.compile(r"^(?:\w*page_?size|per_?page|limit|size|rows|prepage|pagerows|num|length)$", re.I)
_OFFSET = re.compile(r"^(?:start|offset|begin|startrow|startindex|first|skip|startrecord|startnum)$", re.I)
_END = re.compile(r"^(?:endrecord|end|endrow|endnum|last)$", re.I)
_IN_PATH = re.compile(r"^(.*[_\-/=]|.*(?<![a-z])(?:p|page|list|index))(\d{1,4})(\.\w+|/)?$", re.I)


def says_page(name: str) -> bool:
    """Whether a variable or field of that name says which page is meant."""
    return _KEY.match(name) is not None or name.lower() in ("n", "num", "index", "i", "cur", "curr")


def following(url: str, page: int) -> str | None:
    """The address of page `page` + 1 of the list whose page `page` (from 1) is at `url`; None where no number tells it."""
    address, body = split_post(url)
    if body is not None:
        more = _in_text(body.decode("utf-8", "replace"), page)
        # Where both say the number, both must.
        return as_post(following(address, page) or address, more) if more else None
    parts = urlsplit(url)
    if query := _in_query(parts.query, page):
        return parts._replace(query=query).geturl()
    return _in_path(url, page) if not parts.query else None


def _in_path(url: str, page: int) -> str | None:
    parts = urlsplit(url)
    match = _IN_PATH.match(parts.path)
    if match is None or int(match.group(2)) not in (page, page - 1):
        return None
    path = f"{match.group(1)}{int(match.group(2)) + 1}{match.group(3) or ''}"
    return parts._replace(path=path).geturl()


def _in_query(query: str, page: int) -> str | None:
    pairs = parse_qsl(query, keep_blank_values=True)
    moved = _moved(dict(pairs), page)
    if moved is None:
        return None
    # What stays is left as it is written: some servers do not take another spelling of the same.
    pieces = []
    for piece in query.split("&"):
        key = piece.partition("=")[0]
        pieces.append(f"{key}={quote(str(moved[key]), safe='')}" if key in moved else piece)
    return "&".join(pieces)


def _moved(values: dict[str, object], page: int) -> dict[str, object] | None:
    """The values that change from this page to the next; None where none says the page."""
    for key, value in values.items():
        if _KEY.match(key) and str(value).isdecimal():
            return {key: type(value)(int(str(value)) + 1)}  # type: ignore[call-arg]
    for key, value in values.items():
        if _OFFSET.match(key) and str(value).isdecimal() and (size := _size(values, int(str(value)))):
            ends = {other: end for other, end in values.items() if _END.match(other) and str(end).isdecimal()}
            return {one: type(old)(int(str(old)) + size) for one, old in ({key: value} | ends).items()}  # type: ignore[call-arg]
    for key, value in values.items():
        if isinstance(value, str) and (text := _in_text(value, page)):
            return {key: text}
    return None


def _size(values: dict[str, object], start: int) -> int:
    sizes = [int(str(value)) for key, value in values.items() if _SIZE.match(key) and str(value).isdecimal()]
    ends = [int(str(value)) for key, value in values.items() if _END.match(key) and str(value).isdecimal()]
    return max(sizes[0], 0) if sizes else max(ends[0] - start + 1, 0) if ends else 0


def _in_text(text: str, page: int) -> str | None:
    """A text that says the page, for the next page: JSON, a form, or one of them in Base64."""
    if text[:1] == "{":
        try:
            fields = json.loads(text, strict=False)
        except ValueError:
            return None
        moved = _moved(fields, page) if isinstance(fields, dict) else None
        return json.dumps(fields | moved, ensure_ascii=False, separators=(",", ":")) if moved else None
    plain = unmasked(text) or _short(text)
    if plain and (more := _in_text(plain, page) or _plain_number(plain, page) or _in_path(plain, page)):
        return base64.b64encode(more.encode()).decode()
    return _in_query(text, page) if "=" in text and not plain else None


def _short(text: str) -> str | None:
    """A number in Base64 (`Mg==`): too short to tell but for its padding."""
    try:
        return base64.b64decode(text, validate=True).decode() if text.endswith("=") else None
    except ValueError:
        return None


def _plain_number(text: str, page: int) -> str | None:
    return str(int(text) + 1) if text.isdecimal() and int(text) in (page, page - 1) else None

"""Pages that a person brings: saved from a browser where a site lets no program in, or out of another archive.

Nothing is bypassed by the crawl; this is the way round. What is brought is judged like what is fetched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping

from fetching.addresses import canonical
from fetching.client import Answer
from fetching.history import History
from fetching.pages import is_html, read_page, text_hash
from fetching.snapshots import IMPORTED, Retrieval, SnapshotStore, after, kept_headers
from fetching.sources import SourceList
from fetching.verdict import judge_page


class BroughtError(ValueError):
    """What was brought is not taken: names the address, why, and what to do."""


def bring(
    store: SnapshotStore,
    sources: SourceList,
    url: str,
    raw: bytes,
    *,
    now: dt.datetime,
    source_id: str | None = None,
    title: str = "",
    headers: Mapping[str, str] | None = None,
    history: History | None = None,
    is_news: bool = False,
) -> Retrieval:
    """Keep `raw` as the page or file at `url`, and return its row.

    Args:
        source_id: whose page it is; without it the source that knows the address, or whose lists lie nearest to it.
        title: what the page is called, where it does not say so itself.
        headers: of the answer that it came with, names in lower case, where there was one.
        history: what the store knows, where the caller has asked already.
        is_news: whether it comes after all that is kept, even if a clock once ran ahead; else it stands at its time.

    Raises:
        BroughtError: no source has this address, or what was brought is no page (a challenge, a login, an error).
    """
    url, headers = canonical(url), dict(headers or {})
    known = (history or History.of(store)).get(url)
    source = sources.get(source_id or (known.source_id if known else "")) or sources.for_url(url)
    if source is None:
        raise BroughtError(f"{url}: on no host of the sources in {sources.path}; add the bureau first, or its host")
    if source_id not in (None, source.id):
        raise BroughtError(f"{url}: source «{source_id}» is not in {sources.path}; give the id of one that is")
    if not raw.strip():
        raise BroughtError(f"{url}: the file is empty; save the page again")
    text_sha256 = None
    if is_html(raw):
        content_type = headers.get("content-type", "")
        document = read_page(raw, content_type, url, source)
        if ill := judge_page(url, Answer(url, 200, headers, raw), document, source, sources.places, {}):
            raise BroughtError(f"{url}: what was saved {ill.detail.removeprefix('answers with ')} ({ill.reason})")
        title, text_sha256 = title or document.title, text_hash(document.text)
    body_sha256 = hashlib.sha256(raw).hexdigest()
    in_force = known.snapshot_sha256 if known else None
    same = in_force and (in_force == body_sha256 or (text_sha256 and known and known.text_sha256 == text_sha256))
    row = Retrieval(
        retrieval_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}-brought",
        retrieved_at=now,
        ordered_at=after(store.latest(), now) if is_news else None,
        source_id=source.id,
        url=url,
        final_url=url,
        role="page",
        outcome="UNCHANGED" if same else "CHANGED" if in_force else "NEW",
        reason=IMPORTED,
        title=title,
        headers=kept_headers(headers),
        body_sha256=body_sha256,
        snapshot_sha256=in_force if same else store.put(raw),
        text_sha256=text_sha256,
        bytes=len(raw),
    )
    store.append([row])
    return row

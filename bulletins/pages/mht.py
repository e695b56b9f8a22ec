"""The web page inside an MHT (RFC 2557): what Word and Excel save as one file, often under the name of a DOC or XLS."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser


def page_in(raw: bytes) -> tuple[bytes, str | None] | None:
    """The HTML of the file's first page, and the charset that its part declares; None if it holds no page.

    A page in frames begins with the one that only names them, so the longest is taken.
    """
    message = BytesParser(_class=EmailMessage, policy=email.policy.default).parsebytes(raw.lstrip())
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    bodies = [
        (body, part.get_content_charset()) for part in pages if isinstance(body := part.get_payload(decode=True), bytes)
    ]
    return max(bodies, key=lambda body: len(body[0]), default=None)

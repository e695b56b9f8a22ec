"""A page that an office program saved as one file."""

from __future__ import annotations

import base64
import quopri

import pytest

from bulletins.pages.attachments import AttachmentError, read_attachment

PAGE = "<html><head><meta charset='%s'></head><body><p>2022年底，全市共有城市低保对象30112人。</p></body></html>"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_the_page_of_an_mht_is_read(charset: str, transfer: str) -> None:
    html = (PAGE % charset).encode(charset)
    body = quopri.encodestring(html) if transfer == "quoted-printable" else base64.encodebytes(html)
    raw = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html; '
        + f"charset={charset}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode()
        + body
        + b"\r\n--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--"
    )
    assert "城市低保对象30112人" in read_attachment(raw).text


def test_an_mht_without_a_page_is_an_error() -> None:
    raw = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: image/png\r\n\r\nx'
    with pytest.raises(AttachmentError):
        read_attachment(raw)

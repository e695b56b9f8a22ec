"""What a file is, told by its bytes: servers send `application/octet-stream`, and an `.xls` is often a web page, an `.et` an XLS.

Here belongs only how formats are told apart; each is read in a module of its own.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

import olefile

from bulletins.pages.delimited import delimiter_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Kinds in words, for messages to people.
NAMES: Mapping[str, str] = {
    "pdf": "PDF", "docx": "DOCX", "doc": "DOC", "rtf": "RTF", "odt": "ODT", "xlsx": "XLSX", "xlsb": "XLSB", "xls": "XLS",
    "ods": "ODS", "csv": "CSV", "ofd": "OFD", "html": "HTML", "mht": "MHT", "zip": "ZIP", "picture": "picture", "rar": "RAR",
    "7z": "7-Zip", "encrypted": "encrypted", "word2003": "Word XML", "excel2003": "Excel XML",
}  # fmt: skip

_BY_START: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"), (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x89PNG\r\n", "picture"), (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"), (b"BM", "picture"),
)  # fmt: skip
_BY_MEMBER: Mapping[str, str] = {
    "word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "OFD.xml": "ofd",
}  # fmt: skip
_BY_MIMETYPE: Mapping[bytes, str] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_BY_STREAM: Mapping[str, str] = {
    "EncryptedPackage": "encrypted", "WordDocument": "doc", "Workbook": "xls", "Book": "xls",
}  # fmt: skip
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|!--)", re.I)
_XML_OFFICE = re.compile(rb"<\?mso-application\s+progid=[\"'](Word|Excel)\.", re.I)
_MHT = re.compile(rb"(?:MIME-Version|From|Subject|Content-Type):[^\r\n]*[\r\n]", re.I)
_LONGEST_BITMAP_HEADER = 0x200


def kind_of(raw: bytes) -> str:
    """Return what a file is by its bytes, a key of `NAMES`; empty for anything else, plain text among it."""
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if b"%PDF-" in raw[:1024]:
        return "pdf"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(raw)
    if start.startswith(OLE):
        return _kind_of_ole(raw)
    for beginning, kind in _BY_START:
        if start.startswith(beginning) and (beginning != b"BM" or _is_bitmap(start)):
            return kind
    if office := _XML_OFFICE.search(raw[:1024]):
        return f"{office.group(1).decode().lower()}2003"
    if _HTML.match(start):
        return "html"
    if _MHT.match(start) and re.search(rb"multipart/related|text/html", raw[:4096], re.I):
        return "mht"
    return "csv" if delimiter_of(raw) else ""


def _is_bitmap(start: bytes) -> bool:
    return start[6:10] == bytes(4) and int.from_bytes(start[10:14], "little") < _LONGEST_BITMAP_HEADER


def _kind_of_zip(raw: bytes) -> str:
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
        names = archive.namelist()
        for name, kind in _BY_MEMBER.items():
            if name in names:
                return kind
        if "mimetype" in names:
            return _BY_MIMETYPE.get(archive.read("mimetype").strip().removesuffix(b"-template"), "")
        if "content.xml" in names:
            return "ods" if b"office:spreadsheet" in archive.read("content.xml") else "odt"
    except Exception:  # a damaged directory or member: zipfile knows many ways to say so
        return ""
    strict = next((name for name in names if re.fullmatch(r"(?:word/document\d*|xl/workbook\d*)\.xml", name)), "")
    return {"w": "docx", "x": "xlsx"}[strict[0]] if strict else "zip"


def _kind_of_ole(raw: bytes) -> str:
    """Tell by the streams at the root: a DOC may hold a whole workbook further in."""
    try:
        with olefile.OleFileIO(raw) as file:
            names = {name for [name] in (entry for entry in file.listdir() if len(entry) == 1)}
    except Exception:  # olefile fails in many ways on what is cut off; the names may still be there
        names = {name for name in _BY_STREAM if name.encode("utf-16-le") in raw}
    return next((kind for name, kind in _BY_STREAM.items() if name in names), "")

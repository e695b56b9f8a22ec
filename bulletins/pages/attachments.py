"""From the bytes of an attachment to a `Document`, whatever its format: which module reads it, and what is said where none can.

Each format is read in a module of its own (`xlsx.py`, `docx.py`, `pdf.py`, …) to blocks: lines of text and grids.
What a file is, its bytes tell (`kinds.py`); its name is never asked.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath

from bulletins.pages.delimited import delimited_blocks, text_blocks
from bulletins.pages.doc import doc_blocks
from bulletins.pages.docx import docx_blocks
from bulletins.pages.errors import AttachmentError
from bulletins.pages.kinds import NAMES, OLE, kind_of
from bulletins.pages.mht import page_in
from bulletins.pages.ofd import ofd_blocks
from bulletins.pages.office import Convert, libreoffice
from bulletins.pages.office_2003 import excel_2003_blocks, page_of_mht
from bulletins.pages.opendocument import opendocument_blocks
from bulletins.pages.packages import Package
from bulletins.pages.page import Document, address_date, read_html
from bulletins.pages.pdf import pdf_blocks
from bulletins.pages.xls import xls_blocks
from bulletins.pages.xlsx import xlsx_blocks
from bulletins.tables.grid import Grid, write

__all__ = ["AttachmentError", "Convert", "is_page", "kind_of", "libreoffice", "read_attachment"]

Blocks = list[str | Grid]

#: What a format that is none of ours is, and what a person can do.
_REFUSED: Mapping[str, str] = {
    "encrypted": "encrypted with a password: ask for one without, or open it and save it anew",
    "rar": "a RAR archive: unpack it and import the files in it",
    "7z": "a 7-Zip archive: unpack it and import the files in it",
}
_DEEPEST = 3  # archives in archives
_TAG = re.compile(rb"</?[a-zA-Z][a-zA-Z0-9]*[\s>/]")
#: Members of an archive that a program put there for itself.
_NO_CONTENT = ("__MACOSX/", ".DS_Store", "Thumbs.db", "~$")


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says: its blocks, and why not all of it could be read (see `Document.mark`)."""

    blocks: Blocks
    mark: str = ""


def is_page(raw: bytes) -> bool:
    """Whether bytes are a web page: HTML by its first tag, or a text with tags of which nothing else is known."""
    kind = kind_of(raw)
    return kind == "html" or (not kind and b"\x00" not in raw[:1024] and _TAG.search(raw) is not None)


def read_attachment(
    raw: bytes, *, title: str = "", url: str = "", declared: str | None = None, convert: Convert | None = None
) -> Document:
    """Return the document that an attachment holds.

    Args:
        raw: the file as it was sent.
        title: the words of the link to it; without them its first line is its title.
        url: its address, which may hold its date.
        declared: the charset of the HTTP header; HTML that is sent as a spreadsheet needs it.
        convert: makes a DOCX of a format that only an office program opens (see `libreoffice`); without it such a file
            is marked `needs_conversion`.

    Raises:
        AttachmentError: the file is damaged, encrypted, or of another format.
    """
    kind = kind_of(raw)
    page = (raw, declared) if kind == "html" else page_in(raw) if kind == "mht" else None
    if kind == "mht" and page is None:
        raise AttachmentError("an MHT file that holds no page; open it by hand")
    if page is not None:
        document = read_html(page[0], declared=page[1], url=url)
        return replace(document, title=title or document.title)
    content = _content(raw, convert, 0)
    text, grids = write(content.blocks)
    return Document(
        title=title or text.partition("\n")[0],
        publisher="",
        published_on=address_date(url),
        text=text,
        mark=content.mark,
        grids=grids,
    )


def _content(raw: bytes, convert: Convert | None, depth: int) -> Content:
    """Return what a file says.

    Raises:
        AttachmentError: as `read_attachment`.
    """
    kind = kind_of(raw)
    if kind in _REFUSED:
        raise AttachmentError(f"the file is {_REFUSED[kind]}")
    try:
        content = _read(kind, raw, convert, depth)
    except AttachmentError:
        raise
    except Exception as error:  # many libraries, each with a dozen kinds of error for what is damaged
        raise AttachmentError(f"damaged or encrypted {NAMES.get(kind, 'text')} file: {error}") from error
    if content is not None:
        return content
    if raw.startswith((b"PK\x03\x04", OLE)):
        raise AttachmentError("damaged file: its table of contents cannot be read; fetch it again")
    known = ", ".join(NAMES[kind] for kind in (*_READERS, "doc", *sorted(_BY_OFFICE), "html", "mht", "zip"))
    raise AttachmentError(f"not a file of a kind that can be read ({known}): it begins with {raw[:8]!r}")


def _read(kind: str, raw: bytes, convert: Convert | None, depth: int) -> Content | None:
    """Return what a file of a kind says; nothing for a kind that nothing reads."""
    if kind == "zip":
        return _archive(raw, convert, depth)
    if kind == "doc":
        return _doc(raw, convert)
    if kind in _READERS:
        return _READERS[kind](raw)
    if kind in _BY_OFFICE:
        return _converted(raw, convert)
    if kind == "html":
        return _html(raw)
    if kind == "mht":
        return _html(*_page_of_mht(raw))
    blocks = _text(raw)
    return Content(blocks) if blocks else None


def _text(raw: bytes) -> Blocks:
    """Return plain text; nothing for bytes that are none."""
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return []
    blocks = text_blocks(raw)
    odd = sum(not character.isprintable() or character == "\ufffd" for block in blocks for character in str(block))
    return [] if odd > sum(len(str(block)) for block in blocks) / 50 else blocks


def _html(raw: bytes, declared: str | None = None) -> Content:
    document = read_html(raw, declared=declared)
    blocks: Blocks = []
    at = 0
    for grid in document.grids:
        blocks += [*_lines(document.text[at : grid.start]), grid]
        at = max(at, grid.end)
    return Content([*blocks, *_lines(document.text[at:])], document.mark)


def _page_of_mht(raw: bytes) -> tuple[bytes, str | None]:
    try:
        return page_of_mht(raw)
    except Exception as error:  # the standard library's parser fails in many ways on what is cut off
        raise AttachmentError(f"damaged MHT file: {error}") from error


def _lines(text: str) -> Blocks:
    return [line for line in text.split("\n") if line]


def _archive(raw: bytes, convert: Convert | None, depth: int) -> Content:
    """Return what the files of a ZIP say, each under its name; one that cannot be read is named, the others stay."""
    if depth >= _DEEPEST:
        raise AttachmentError(f"archives within archives, more than {_DEEPEST} deep: unpack them by hand")
    Package(raw)  # refuses what expands without end
    blocks: Blocks = []
    refused: list[str] = []
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and _is_content(member.filename)]
        for member in members:
            name = _member_name(member)
            try:
                content = _content(archive.read(member), convert, depth + 1)
            except (AttachmentError, RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
                refused.append(f"{name}: {error}")
                continue
            blocks += [PurePosixPath(name).stem, *content.blocks] if content.blocks else []
            refused += [f"{name}: {content.mark}"] if content.mark else []
    if not blocks:
        raise AttachmentError(f"nothing in the archive can be read: {'; '.join(refused) or 'it is empty'}")
    return Content(blocks, "incomplete" if refused else "")


def _is_content(name: str) -> bool:
    return not any(part in name for part in _NO_CONTENT)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return the name of a file in a ZIP; without the flag for UTF-8 it is in the code page of the machine that packed it."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


# --- Readers ----------------------------------------------------------------------------------------------------------


def _pdf(raw: bytes) -> Content:
    blocks, complete = pdf_blocks(raw)
    return Content(blocks, "" if complete else "needs_ocr")


def _ofd(raw: bytes) -> Content:
    blocks, complete = ofd_blocks(raw)
    return Content(blocks, "" if complete else "needs_ocr")


def _doc(raw: bytes, convert: Convert | None) -> Content:
    """Read a DOC of Word 97 to 2003; what is older, or damaged, only an office program opens."""
    try:
        blocks, has_pictures = doc_blocks(raw)
    except AttachmentError:
        raise
    except Exception:  # a header that points anywhere
        return _converted(raw, convert)
    return Content(blocks, "needs_ocr" if has_pictures and not write(blocks)[0] else "")


def _converted(raw: bytes, convert: Convert | None) -> Content:
    if convert is None:
        return Content([], "needs_conversion")
    converted = convert(raw)
    return _READERS[kind_of(converted)](converted)


def _package(reader: Callable[[bytes], Blocks]) -> Callable[[bytes], Content]:
    """Return a reader of packages that says so where there are pictures and no words."""

    def read(raw: bytes) -> Content:
        package, blocks = Package(raw), reader(raw)
        return Content(blocks, "needs_ocr" if package.has_pictures and not write(blocks)[0] else "")

    return read


def _chunk(raw: bytes) -> Blocks:
    """Return a foreign part of a DOCX."""
    return _content(raw, None, 1).blocks


#: Formats and what reads them.
_READERS: Mapping[str, Callable[[bytes], Content]] = {
    "pdf": _pdf,
    "docx": _package(lambda raw: docx_blocks(raw, _chunk)),
    "xlsx": _package(xlsx_blocks),
    "ofd": _ofd,
    "ods": _package(opendocument_blocks),
    "odt": _package(opendocument_blocks),
    "xls": lambda raw: Content(xls_blocks(raw)),
    "excel2003": lambda raw: Content(excel_2003_blocks(raw)),
    "csv": lambda raw: Content(delimited_blocks(raw)),
    "picture": lambda raw: Content([], "needs_ocr"),
}
#: Formats that an office program makes a DOCX of.
_BY_OFFICE = frozenset(("rtf", "xlsb", "word2003", "excel2003"))

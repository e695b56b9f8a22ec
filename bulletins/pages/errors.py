"""What is said of a file that cannot be read, or not wholly."""

from __future__ import annotations

from collections.abc import Mapping

#: Why not all of a file could be read, by `Document.mark`, and what a person can do.
NOT_WHOLLY_READ: Mapping[str, str] = {
    "needs_ocr": "holds pages that are pictures, or characters that its fonts do not tell; have it recognised and import the text",
    "needs_conversion": "is of an old format; install LibreOffice, or convert it and import the result",
    "incomplete": "holds files that cannot be read; unpack it and import them one by one",
}


class AttachmentError(ValueError):
    """An attachment that cannot be read: damaged, encrypted, or of a format that is not known."""

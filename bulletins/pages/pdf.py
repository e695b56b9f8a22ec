"""From a PDF to lines of text and grids: what pdfium says of its pages, and whether a page could be read.

The order of reading is in `layout.py`, glyphs are in `pdf_glyphs.py`, tables in `pdf_tables.py`.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from bulletins.pages.layout import Page, blocks_of, page_of
from bulletins.pages.pdf_glyphs import invisible, sides
from bulletins.pages.pdf_tables import rules
from bulletins.pages.runs import Run, left_out
from bulletins.tables.grid import Grid

_FEW_GLYPHS = 10  # a page with fewer is a picture, or empty
_UNREADABLE_SHARE = 0.1  # more glyphs than that without a character: the fonts do not tell what they show


def pdf_blocks(raw: bytes) -> tuple[list[str | Grid], bool]:
    """Return the text of a PDF, one paragraph or table a block, and whether all of its pages could be read.

    Not read is a page that is a picture, one whose fonts do not tell their characters, one on which a glyph without a character
    touches a number (it stands as U+FFFD), and what of a page's numbers is set in another direction than its text.

    Raises:
        ValueError: the file is damaged or needs a password.
    """
    try:
        with closing(pdfium.PdfDocument(raw)) as document:
            pages = [_page(page) for page in document]
    except pdfium.PdfiumError as error:
        raise ValueError(str(error)) from error
    return blocks_of(pages), all(page.readable for page in pages)


def _page(page: pdfium.PdfPage) -> Page:
    unseen, hidden = invisible(page)
    first, *others = sides(page, unseen)
    if len(first.glyphs) < _FEW_GLYPHS and _has_picture(page):
        return Page((), readable=False)
    laid = page_of(first.glyphs, *rules(page, first.turn), [side.glyphs for side in others])
    told = first.unknown <= _UNREADABLE_SHARE * len(first.glyphs)
    gone = left_out([Run(hidden, "hidden")] if hidden else [])
    return replace(laid, readable=laid.readable and told, left_out=laid.left_out + gone)


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))

"""Files that are a ZIP of XML parts (XLSX, DOCX, ODS, OFD): a part as a tree, and where a part's relations lead.

Names are without their namespaces: Strict Open XML and the usual kind differ in nothing else that is read here.
"""

from __future__ import annotations

import functools
import posixpath
import zipfile
from collections.abc import Mapping
from functools import cached_property
from io import BytesIO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bulletins.pages.errors import AttachmentError

#: What a package may unpack to; those of bureaus stay under a tenth of it.
MAX_EXPANDED = 256 * 2**20

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".jp2", ".jb2")


class Package:
    """A ZIP of XML parts, opened from its bytes.

    Raises:
        AttachmentError: it unpacks to more than is allowed.
        zipfile.BadZipFile: it is damaged.
    """

    def __init__(self, raw: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(raw))
        expanded = sum(member.file_size for member in self._archive.infolist())
        if expanded > MAX_EXPANDED:
            raise AttachmentError(
                f"expands to {expanded / 2**20:,.0f} MiB, more than the {MAX_EXPANDED / 2**20:,.0f} allowed"
            )

    @cached_property
    def names(self) -> frozenset[str]:
        """The parts by name."""
        return frozenset(self._archive.namelist())

    @property
    def has_pictures(self) -> bool:
        """Whether it holds a picture, which may be one of a page."""
        return any(name.lower().endswith(_PICTURES) for name in self.names)

    def read(self, name: str) -> bytes:
        """Return the bytes of a part."""
        return self._archive.read(name)

    def tree(self, name: str) -> Element:
        """Return a part as a tree of elements whose names and attributes have no namespaces."""
        return tree(self.read(name))

    def relations(self, name: str) -> Mapping[str, str]:
        """Return what a part refers to: id -> name of the other part; what lies outside the package is left out."""
        folder, file = posixpath.split(name)
        listed = posixpath.join(folder, "_rels", f"{file}.rels")
        if listed not in self.names:
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
            for relation in self.tree(listed)
            if relation.get("TargetMode") != "External"
        }


def tree(raw: bytes) -> Element:
    """Parse XML into elements whose names and attributes have no namespaces."""
    root = ElementTree.fromstring(raw)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = _bare(element.tag)
        attributes = element.attrib
        if attributes and "}" in "".join(attributes):
            element.attrib = {_bare(name): text for name, text in attributes.items()}
    return root


@functools.lru_cache(maxsize=4096)
def _bare(name: str) -> str:
    return name.rpartition("}")[2]

"""Makes files of XML parts for tests: XLSX and DOCX as programs other than openpyxl and python-docx write them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP of parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def relations(targets: Mapping[str, str]) -> str:
    inner = "".join(f'<Relationship Id="{key}" Type="x" Target="{target}"/>' for key, target in targets.items())
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def xlsx(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    formats: tuple[str, ...] = (),
    fonts: str = "",
    strings: str = "",
    workbook: str = "",
    namespace: str = MAIN,
) -> bytes:
    """Return an XLSX of sheets, each the XML inside <worksheet>; style n is format n of `formats`, counted from 1."""
    listed = "".join(
        f'<sheet name="{names[n] if n < len(names) else f"Sheet{n + 1}"}" sheetId="{n + 1}" r:id="r{n}" '
        f'state="{states[n] if n < len(states) else "visible"}"/>'
        for n in range(len(sheets))
    )
    codes = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{code.replace("&", "&amp;").replace(chr(34), "&quot;").replace("<", "&lt;")}"/>'
        for n, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0" fontId="0"/>' + "".join(
        f'<xf numFmtId="{200 + n}" fontId="0"/>' for n in range(len(formats))
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{_R}">{workbook}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations({f"r{n}": f"worksheets/sheet{n}.xml" for n in range(len(sheets))}),
        "xl/styles.xml": f'<styleSheet xmlns="{namespace}"><numFmts>{codes}</numFmts><fonts><font/>{fonts}</fonts>'
        f'<cellXfs>{styles}<xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{strings}</sst>',
    }
    parts |= {
        f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{namespace}" xmlns:r="{_R}">{sheet}</worksheet>'
        for n, sheet in enumerate(sheets)
    }
    return packed(parts)


def text_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def docx(
    body: str, *, styles: str = "", footnotes: str = "", relations_: Mapping[str, str] | None = None, **more: bytes
) -> bytes:
    """Return a DOCX of the XML inside <w:body>; `more` are further parts by name, `__` for `/` and the last `_` for `.`."""

    def root(name: str, inner: str) -> str:
        spaces = f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:m="{_M}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        return f'<w:{name} {spaces} xmlns:v="urn:schemas-microsoft-com:vml">{inner}</w:{name}>'

    parts: dict[str, str | bytes] = {
        "word/document.xml": root("document", f"<w:body>{body}</w:body>"),
        "word/styles.xml": root("styles", styles),
        "word/footnotes.xml": root("footnotes", footnotes),
        "word/_rels/document.xml.rels": relations(relations_ or {}),
    }
    for name, part in more.items():
        folder, _, ending = name.replace("__", "/").rpartition("_")
        parts[f"word/{folder}.{ending}"] = part
    return packed(parts)


def paragraph(*runs: str) -> str:
    """Return a paragraph of runs; a run that is no XML is plain text."""
    return "<w:p>" + "".join(run if run.startswith("<") else plain(run) for run in runs) + "</w:p>"


def plain(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def docx_table(*rows: tuple[str, ...]) -> str:
    """Return a table of cells, each the XML of its content or plain text."""
    cells = (
        "".join(f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row) for row in rows
    )
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"

"""Formats that only an office program opens (RTF, XLSB, Word 95) → DOCX or XLSX, by LibreOffice where it is installed.

The one effect among the front ends: it runs only where the caller passes `libreoffice()`.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from bulletins.pages.errors import AttachmentError
from bulletins.pages.kinds import kind_of

#: Takes a file of another format and returns it as DOCX, a workbook as XLSX.
Convert = Callable[[bytes], bytes]


def libreoffice(timeout: float = 120) -> Convert | None:
    """Return a converter of RTF and the like to DOCX, of XLSB to XLSX, that runs LibreOffice; None where it is not installed.

    The converter raises AttachmentError where LibreOffice fails or takes longer than `timeout` seconds.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None

    def convert(raw: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            wanted = "xlsx" if kind_of(raw) == "xlsb" else "docx"
            source = Path(folder, "attachment.xlsb" if wanted == "xlsx" else "attachment.doc")
            source.write_bytes(raw)
            profile = Path(folder, "profile").as_uri()  # its own, so that two conversions do not wait for each other
            command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", wanted, "--outdir"]
            try:
                subprocess.run([*command, folder, source], check=True, capture_output=True, timeout=timeout)
                return source.with_suffix(f".{wanted}").read_bytes()
            except (OSError, subprocess.SubprocessError) as error:
                raise AttachmentError(f"LibreOffice could not convert the file: {error}") from error

    return convert

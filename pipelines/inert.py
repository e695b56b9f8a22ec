"""What people see on a terminal is inert: text of pages, addresses and file names is shown and never obeyed.

Control characters and marks that turn the direction of writing are shown as escapes (`\\\\x1b`), markup of Rich is text. All that
commands print goes through here.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import click

#: Control characters but the line feed, and what hides or turns around the text beside it.
_ACTIVE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def inert(text: object) -> str:
    """Return `text` with whatever a terminal would obey as escapes; line feeds stay."""
    return _ACTIVE.sub(_escape, str(text))


def inert_line(text: object) -> str:
    """The same in one line."""
    return inert(text).replace("\n", "\\n")


def json_line(row: Mapping[str, Any]) -> str:
    """Return a row as one line of JSON that a terminal may show: the same value, what is active in it as JSON's escapes."""
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(row, ensure_ascii=False)) + "\n"


def echo(text: object = "", *, err: bool = False, nl: bool = True, bold: bool = False) -> None:
    """Print `text`, inert."""
    told = inert(text)
    click.echo(click.style(told, bold=True) if bold else told, err=err, nl=nl)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

"""What a click sends that fills in a form of the page and submits it: `go(2)`, `__doPostBack('Pager','2')`. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from selectolax.lexbor import LexborNode

from fetching.addresses import as_post
from fetching.lists.calls import called, concatenated
from fetching.lists.shown import Shown

_FILLS = re.compile(
    r"""(?:\.|["'#\[=])([\w$:-]{1,80})(?:["'\])]{0,4})\.(?:value\s{0,9}=(?!=)\s{0,9}([^;\n]{1,200})|val\(([^()\n]{1,200})\))"""
)
_SUBMITS = re.compile(r"\.submit\(|\.trigger\(\s*[\"']submit")
_LARGEST = 60_000  # characters of a form: the state that some servers have the browser carry


def submitted(call: str, shown: Shown) -> str | None:
    """The address, with what is sent to it, that a call submits; None where it submits none."""
    found = called(call, shown.scripts)
    if found is None or not _SUBMITS.search(found.body):
        return None
    filled = {
        match.group(1): concatenated((match.group(2) or match.group(3)).strip(), found.known)
        for match in _FILLS.finditer(found.body)
    }
    form = _form_with(filled, shown)
    action = shown.absolute((form.attributes.get("action") or "").strip() or shown.url) if form is not None else None
    if form is None or action is None:
        return None
    fields = _fields(form) | {name: value for name, value in filled.items() if value is not None}
    sent = urlencode(fields)
    if len(sent) > _LARGEST:
        return None
    if (form.attributes.get("method") or "get").lower() == "post":
        return as_post(action, sent)
    return f"{action.partition('?')[0]}?{sent}"


def _form_with(filled: dict[str, str | None], shown: Shown) -> LexborNode | None:
    """The form that has the fields which are filled in."""
    for form in shown.tree.css("form"):
        if filled.keys() & _fields(form).keys():
            return form
    return None


def _fields(form: LexborNode) -> dict[str, str]:
    """What a form would send as it stands, without its buttons; a field that has an id alone goes by that."""
    fields = {}
    for node in form.css("input, select"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("id") or ""
        if node.tag == "select":
            choice = node.css_first("option[selected]") or node.css_first("option")
            fields[name] = (choice.attributes.get("value") or "") if choice is not None else ""
        elif (attributes.get("type") or "").lower() not in ("submit", "button", "image", "reset", "checkbox", "radio"):
            fields[name] = attributes.get("value") or ""
    fields.pop("", None)
    return fields

"""What a call in a page leads to: `go(2)` where the page's script says that `go(n)` opens `'list_' + n + '.html'`. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_FUNCTION = re.compile(
    r"(?:function\s{1,9}(\w{1,80})\s{0,9}\(([^)]{0,300})\)|\b(\w{1,80})\s{0,9}[=:]\s{0,9}function\s{0,9}\w{0,80}\s{0,9}\(([^)]{0,300})\)|\b(\w{1,80})\s{0,9}=\s{0,9}\(?([\w\s,]{0,300})\)?\s{0,9}=>)\s*\{(.{0,900}?)\}",
    re.S,
)
_OPENS = re.compile(
    r"(?:location(?:\.href)?\s*=(?!=)|(?:window\.)?open\s*\(|location\.(?:replace|assign)\s*\(|\.(?:src|href|action)\s*=(?!=))\s*([^;\n]+)"
)
_SET = re.compile(
    r"""(?:^|[;{}\s])(?:var\s|let\s|const\s)?\s{0,9}([\w$]{1,80})\s{0,9}(\+?=)(?!=)\s{0,9}([^;\n]{1,500})"""
)
#: What scripts put into an address against caches, and what changes no address of ours.
_CHANCE = re.compile(r"\bMath\.random\(\)|\bDate\.now\(\)|\bnew\s+Date(?:\(\))?(?:\.(?:getTime|valueOf)\(\))?")
_WRAPPED = re.compile(
    r"\b(?:encodeURI(?:Component)?|escape|String|parseInt|Number|\$\.trim)\(\s{0,9}([\w.$]{1,80})\s{0,9}(?:,\s{0,9}\d+\s{0,9})?\)"
)
_VARIABLE = re.compile(r"""(?:var|let|const)\s+(\w+)\s*=\s*(?:(["'])([^"'\n]*)\2|(\d+))\s*[;,\n]""")
_CALL = re.compile(r"(?:javascript:\s*)?(?:void\s+|return\s+)?([\w$.]+)\s*\((.*?)\)\s*(?:;.*)?", re.S)
_PIECE = re.compile(r"""\s*(?:(["'])((?:(?!\1).)*)\1|\(?\s*([\w.]+)\s*(?:([-+])\s*(\d+)\s*\)?)?\)?)\s*""")
_ARGUMENT = re.compile(r"""\s*(["'])((?:(?!\1).)*)\1|([^,]+)""")


def arguments(text: str) -> list[str]:
    """The arguments of a call as strings, quotes taken off."""
    return [
        match.group(2) if match.group(1) else match.group(3).strip()
        for match in _ARGUMENT.finditer(text)
        if match.group(1) or match.group(3).strip()
    ]


def variables(script: str) -> dict[str, str]:
    """The values of the script's variables that are set to a string or a number."""
    return {name: string or number for name, _, string, number in _VARIABLE.findall(script)}


class Called(NamedTuple):
    """A function that is called: what stands in it, and the variables that are known in it."""

    body: str
    known: dict[str, str]


def called(call: str, script: str) -> Called | None:
    """The function of `script` that a call names; None where it is not there."""
    match = _CALL.fullmatch(call.strip())
    if match is None:
        return None
    name, given = match.group(1).rpartition(".")[2], arguments(match.group(2))
    for function in _FUNCTION.finditer(script):
        which, parameters = next(
            (function.group(at), function.group(at + 1)) for at in (1, 3, 5) if function.group(at) is not None
        )
        if which == name:
            named = [parameter.strip() for parameter in parameters.split(",")]
            known = variables(script) | variables(function.group(7)) | dict(zip(named, given, strict=False))
            return Called(function.group(7), _after(function.group(7), known))
    return None


def opened_by(call: str, script: str) -> str | None:
    """The address that a call opens, by the functions of `script`; None where that cannot be told."""
    found = called(call, script)
    if found is None:
        return None
    opened = (concatenated(opens.group(1), found.known) for opens in _OPENS.finditer(found.body))
    return next(filter(None, opened), None)


def opens(script: str) -> list[str]:
    """The expressions of all addresses that a script opens."""
    return [match.group(1) for match in _OPENS.finditer(script)]


def _after(body: str, known: dict[str, str]) -> dict[str, str]:
    """The variables after a function has run from top to bottom: `var u = '/art/' + id;`, `u += '.html';`."""
    known = dict(known)
    for name, how, expression in _SET.findall(body):
        made = concatenated(expression, known)
        if made is not None:
            known[name] = known.get(name, "") + made if how == "+=" else made
    return known


def without_chance(script: str) -> str:
    """A script without what is put into addresses against caches, and without calls that change none of ours."""
    return _WRAPPED.sub(r"\1", _CHANCE.sub("0", script)).strip()


def concatenated(expression: str, known: dict[str, str]) -> str | None:
    """The string that `'a' + n + 'b'` makes; None where a part of it is not known."""
    made, position = "", 0
    expression = without_chance(expression)
    while match := _PIECE.match(expression, position):
        _, string, variable, sign, number = match.groups()
        if string is not None:
            made += string
        elif variable in known or variable.isdecimal():
            value = known.get(variable, variable)
            if sign and value.lstrip("-").isdecimal():
                value = str(int(value) + (int(number) if sign == "+" else -int(number)))
            made += value
        else:
            return None
        position = match.end()
        if position >= len(expression) or expression[position] != "+":
            break
        position += 1
    return made or None

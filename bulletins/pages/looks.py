"""What of a web page is hidden, struck out or raised above the line: by its elements, its inline styles and its own style sheet.

Marks of private use are set into the tree; the text between them is cut out, or set apart, where lines and tables are made of it.
Style sheets in files of their own are not fetched: what only they hide is read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from bulletins.pages.marks import raised_text
from bulletins.tables import from_html

#: Set around what is raised.
RAISED = ("\ue007", "\ue008")

#: What a page may say of elements that are not to be read as they stand.
_MAY_SAY = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|\shidden[\s=>]|line-through|<(?:del|s|strike)[\s>]|vertical-align\s*:\s*super",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.I)
_SHOWN = re.compile(r"display\s*:\s*(?!none)[a-z]", re.I)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.I)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.I)
_STYLE_SHEET = re.compile(r"<style\b[^>]*>(.*?)</style>", re.I | re.S)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_AT_BLOCK = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_MOST_RULES = 200
_TABLE_PARTS = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))
#: Panels of which a reader chooses one: what they hide is shown when it is asked for.
_PANEL = re.compile(r"\b(?:tab|panel|pane|slide|swiper|carousel|collapse|accordion|con_)", re.I)
_MOST_HIDDEN = 0.5  # of a page's text: sites hide an article until a script shows it
_SUPERSCRIPT = re.compile(r"<sup\b[^>]*>(.{0,200}?)</sup>|\ue007([^\ue007\ue008]{0,200})\ue008", re.S)
_TAG = re.compile(r"<[^>]*>")
_BEFORE = 60  # code points that are looked at before a raised mark
_SENTINELS = re.compile(f"[{RAISED[0]}{RAISED[1]}]")


def mark_looks(tree: LexborHTMLParser, page: str) -> None:
    """Set marks around what is hidden, struck out or raised, and on cells that are hidden.

    Args:
        tree: the page, perhaps without its scripts and style sheets; it is changed.
        page: its source, for the style sheet in it.
    """
    if not _MAY_SAY.search(page):
        return
    hidden, struck, raised = _by_style_sheet(tree, page)
    _by_elements(tree, hidden, struck, raised)
    total = len(tree.body.text()) if tree.body is not None and hidden else 0
    for node in hidden.values():
        if len(node.text()) < _MOST_HIDDEN * total and not _is_panel(node):
            _hide(node)
    for node in struck.values():
        _around(node, from_html.STRUCK)
    for node in raised.values():
        _around(node, RAISED)


_Nodes = dict[int, LexborNode]


def _by_elements(tree: LexborHTMLParser, hidden: _Nodes, struck: _Nodes, raised: _Nodes) -> None:
    """Add what elements and their own styles say, which goes before the style sheet."""
    for node in tree.css("[style], [hidden], del, s, strike"):
        style = node.attributes.get("style") or ""
        if "hidden" in node.attributes or _HIDDEN.search(style):
            hidden[node.mem_id] = node
        elif _SHOWN.search(style):
            hidden.pop(node.mem_id, None)
        if node.tag in ("del", "s", "strike") or _STRUCK.search(style):
            struck[node.mem_id] = node
        if _RAISED.search(style):
            raised[node.mem_id] = node


def set_apart(page: str) -> str:
    """Return serialised HTML in which raised marks are written as they are read: `556<sup>注1</sup>` as `556[注1]`."""
    return _SENTINELS.sub("", _SUPERSCRIPT.sub(_as_written, page))


def _as_written(mark: re.Match[str]) -> str:
    content = mark.group(1) if mark.group(2) is None else mark.group(2)
    words = html.unescape(_TAG.sub("", content))
    before = _TAG.sub("", mark.string[max(0, mark.start() - _BEFORE) : mark.start()])
    written = raised_text(words, html.unescape(before))
    return content if written == words else html.escape(written, quote=False)


def _by_style_sheet(tree: LexborHTMLParser, page: str) -> tuple[_Nodes, _Nodes, _Nodes]:
    """Return what the page's own rules hide, strike out and raise; what another rule shows is not hidden."""
    hidden: _Nodes = {}
    struck: _Nodes = {}
    raised: _Nodes = {}
    shown: set[int] = set()
    for selector, declarations in _rules(page):
        found = {node.mem_id: node for node in _selected(tree, selector)}
        if _HIDDEN.search(declarations):
            hidden |= found
        if _STRUCK.search(declarations):
            struck |= found
        if _RAISED.search(declarations):
            raised |= found
        if _SHOWN.search(declarations):
            shown |= found.keys()
    return {name: node for name, node in hidden.items() if name not in shown}, struck, raised


def _rules(page: str) -> Iterator[tuple[str, str]]:
    """Yield the rules that may matter: those for the screen that hide, strike out or raise, and those that show again."""
    for sheet in _STYLE_SHEET.finditer(page):
        css = _AT_BLOCK.sub("", _CSS_COMMENT.sub("", sheet.group(1)))
        if not _MAY_SAY.search(css):
            continue
        for rule in list(_RULE.finditer(css))[:_MOST_RULES]:
            selector, declarations = rule.group(1).strip(), rule.group(2)
            if ":" not in selector and (_MAY_SAY.search(declarations) or _SHOWN.search(declarations)):
                yield selector, declarations


def _selected(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return tree.css(selector)
    except SelectolaxError:  # what lexbor does not know, it does not select
        return []


def _is_panel(node: LexborNode) -> bool:
    attributes = node.attributes
    return any(_PANEL.search(attributes.get(name) or "") for name in ("class", "id", "role"))


def _hide(node: LexborNode) -> None:
    if node.tag in _TABLE_PARTS:
        for cell in [node] if node.tag in ("td", "th") else node.css("td, th"):
            cell.attrs[from_html.UNREAD_ATTRIBUTE] = "hidden"
    else:
        _around(node, from_html.HIDDEN)


def _around(node: LexborNode, marks: tuple[str, str]) -> None:
    """Set marks around each piece of text in an element: they must not part from it where its blocks end lines."""
    pieces = [piece for piece in node.traverse(include_text=True) if piece.tag == "-text" and piece.text().strip()]
    for piece in pieces:
        piece.insert_before(marks[0])
        piece.insert_after(marks[1])

"""From the bytes of an HTML page to a `Document`: its text, title, publisher, publication date and links.

Here belongs what is true of web pages: encodings, where the article lies, which markup ends a line, how a page tells
its date. What a sentence or a table row means is the reader's; lines that only look like furniture stay in the text,
and the reader's ledger says so of them. Other files than HTML are in `attachments.py`.

The page is parsed once, by lexbor; everything after that runs over its serialised form, in which tags are lower case,
attributes are double-quoted and every element is closed, in time linear in the length of the page.
"""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, urljoin

from charset_normalizer import from_bytes
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from bulletins.pages import clues
from bulletins.pages.embedded import bodies_in, body_of_answer, pictures_in, with_bodies
from bulletins.pages.looks import mark_looks, set_apart
from bulletins.pages.nesting import flat
from bulletins.tables import from_html
from bulletins.tables.grid import Grid, write


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec that gave it, and how many U+FFFD stand for bytes that could not be read."""

    text: str
    encoding: str
    replacement_characters: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page: its absolute address, without fragment, and the words that it is set under."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A page or an attachment as the reader takes it.

    `text` has one block a line; tables are pipe rows, and stand cell by cell in `grids`; the first line is the title, where the page shows one outside
    its article. `published_on` is None where nothing tells it. `mark` is empty, or says why `text` is:
    `needs_ocr` (pictures of pages), `needs_conversion` (a format that only an office program opens). `clues` are the
    dates that the page shows, by the names of `clues.py`; `published_on` is the best of them.
    """

    title: str
    publisher: str
    published_on: date | None
    text: str
    encoding: str = ""
    replacement_characters: int = 0
    links: tuple[Link, ...] = ()
    mark: str = ""
    grids: tuple[Grid, ...] = ()
    clues: tuple[tuple[str, date], ...] = ()


# --- Decoding ---------------------------------------------------------------------------------------------------------

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_DECLARED_WITHIN = 4096  # browsers look at the first kilobyte only; government templates begin with longer comments
#: A declaration of these is what a server says that was never configured: no Chinese page is in them.
_MEANINGLESS = {"ascii", "iso8859-1", "cp1252"}
_NO_CHARSET = {
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
    "idna",
    "punycode",
    "undefined",
    "mbcs",
    "oem",
}
#: Damage that a truncated or patched page may show while its encoding is still beyond doubt.
_TOLERATED = 0.02
_LOOKED_AT = 4000  # code points from the beginning
_DAILY = 0.7  # of a Chinese text's characters at least are in daily use; of Big5 read as GB18030 far fewer


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Return the text of `raw`.

    In this order: byte order mark; UTF-8, which no other encoding passes for; the charset declared in the HTTP header
    (`declared`, a bare name), then in the page; GB18030 where it gives common characters; a detector, which takes a few
    of them for Korean. GB2312 and GBK are read as GB18030, which contains both:
    pages that declare them use characters beyond (镕, 喆, 㛃, 𠮷).
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _decoded(raw, encoding)
    in_page = _DECLARED.search(raw, 0, _DECLARED_WITHIN)
    declarations = [declared, in_page.group(1).decode("ascii") if in_page else None]
    for encoding in ("utf-8", *filter(None, map(_widened, declarations))):
        decoded = _decoded(raw, encoding)
        foreign = len(decoded.text) - len(decoded.text.encode("ascii", errors="ignore"))
        if decoded.replacement_characters <= _TOLERATED * foreign:
            return decoded
    if _is_common_chinese(raw):
        return _decoded(raw, "gb18030")
    best = from_bytes(raw).best()
    return _decoded(raw, (_widened(best.encoding) if best else None) or "gb18030")


def _is_common_chinese(raw: bytes) -> bool:
    """Whether bytes are GB18030 without a fault, and most of their characters are of those in daily use (level 1 of GB 2312)."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    coded = [character.encode("gb18030") for character in text[:_LOOKED_AT] if "\u4e00" <= character <= "\u9fff"]
    daily = sum(0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 for code in coded)
    return bool(coded) and daily >= _DAILY * len(coded)


def _widened(charset: str | None) -> str | None:
    """Return the codec to use for a declared charset, None for one that is unknown or says nothing."""
    try:
        codec = codecs.lookup((charset or "").strip().strip("\"'")[:40])
    except (LookupError, ValueError):  # the latter for a NUL in its name
        return None
    name = codec.name
    # Python's table holds more than charsets: what turns bytes into bytes, and escapes of its own source text.
    if name in _MEANINGLESS or name in _NO_CHARSET or not getattr(codec, "_is_text_encoding", True):
        return None
    return "gb18030" if name in ("gb2312", "gbk", "hz", "cp936") else name


def _decoded(raw: bytes, encoding: str) -> Decoded:
    text = raw.decode(encoding, errors="replace")
    printed = raw.count("\ufffd".encode()) if encoding.startswith("utf-8") else 0  # U+FFFD that the page itself holds
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return Decoded(text, name, text.count("\ufffd") - printed)


# --- The page as a string of elements ---------------------------------------------------------------------------------

_NEVER_TEXT = ["script", "style", "noscript", "template", "iframe", "object", "svg", "nav", "footer", "aside",
               "select", "button", "input", "textarea", "rt", "rp"]  # fmt: skip
#: Elements that an article may be the content of.
_CONTAINERS = frozenset(("article", "body", "center", "dd", "div", "form", "main", "section", "td"))
#: Elements that are weighed as neighbours of the article.
_NEIGHBOURS = _CONTAINERS | {"blockquote", "dl", "ol", "p", "pre", "table", "ul"}

_TAG = re.compile(r'<(/?)([a-z][^\s/>]*)([^>"]*(?:"[^"]*"[^>"]*)*)>')
#: Tags that neither end a line nor set a link: what they enclose joins what stands before and after it.
_INLINE_TAG = re.compile(
    r"<(?!/?(?:a|address|article|blockquote|body|br|caption|center|dd|div|dl|dt|fieldset|figcaption|figure|form|h[1-6]|header|hr"
    r'|li|main|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul)[\s/>])/?[a-z][^>"]*(?:"[^"]*"[^>"]*)*>'
)
_LINK_TAG = re.compile(r'</?a(?=[\s>])[^>"]*(?:"[^"]*"[^>"]*)*>')
_STYLE = re.compile(r' style="[^"]*"')
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_PREFORMATTED = re.compile(r"<pre\b.*?</pre>", re.S)
#: A line end of the source within Chinese text: browsers show a blank, writers meant nothing. (`\n` leads: it is fast.)
_BROKEN_LINE = re.compile(r"\n(?<=[^\x00-\x7f]\n)\s*(?=[^\x00-\x7f])")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
#: Zero-width and directional marks, soft hyphens, control characters.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")

#: What an article is weighed by: punctuation of running text, and table cells that hold a bare number.
_WEIGHTY = re.compile(r"[，。；：、！？,]|>\s*[-+]?\d[\d,.]*\s*(?:[%％‰]|[^\s\d<>]{1,4})?\s*(?=</(?:td|th|p|div)>)")
_SAYS_LITTLE = 400  # code points up to which a text without sentences may be all that stands around a hidden one
_ENOUGH = 0.85  # the smallest element with this share of the best weight is the article
_SENTENCE = re.compile(r"[。；！？]")
_LINK_SHARE_OF_LISTS = 0.2
_TABLE_OF_VALUES = 4
_FEW_VALUES = 2  # in what is marked up as a table
_SHORT_ARTICLE = 100  # code points
_SHORT = 8  # code points
_LARGE_FOOTER = 400  # code points
_PLAIN_TEXT = 60  # code points of a footer to one of its words; an article that ends in one has far more
_FRAME_WORDS = re.compile(r"版权所有|备案号|ICP备|公网安备|主办单位|承办单位|网站标识码|技术支持|访问者|当前位置")
_FRAME_NAMES = re.compile(
    r'(?:class|id)="(?:[^"]*[^a-z"])?(?:foot|copyright|nav|menu|side|aside|related|recommend|comment|share|crumb|hot)',
    re.I,
)


@dataclass(slots=True)
class _Element:
    """An element of the serialised page: its span with and without its own tags, and how much text and link text."""

    tag: str
    start: int
    inner_start: int
    parent: int
    text: int = 0
    links: int = 0
    inner_end: int = 0
    end: int = 0
    has_table: bool = False

    @property
    def link_share(self) -> float:
        return self.links / self.text if self.text else 1.0


def _serialised(tree: LexborHTMLParser) -> str:
    """Return the body as one line of HTML: blocks and links, white space as it is shown, footnote marks set apart."""
    page = (tree.body.html or "") if tree.body is not None else ""
    page = _COMMENT.sub("", page).replace("&nbsp;", " ").replace("\r", "\n")
    page = _PREFORMATTED.sub(lambda match: match.group().replace("\n", "<br>"), page)
    page = _INLINE_TAG.sub("", set_apart(_STYLE.sub("", _INVISIBLE.sub("", page))))
    return " ".join(_BROKEN_LINE.sub("", page).split())


def _elements(page: str) -> list[_Element]:
    """Return the elements that an article may consist of, in document order; the first one is the body."""
    elements: list[_Element] = []
    path: list[int] = []
    text = links = in_link = position = 0
    for tag in _TAG.finditer(page):
        run = tag.start() - position
        text += run
        if in_link:
            links += run
        position = tag.end()
        closing, name = tag.group(1), tag.group(2)
        if name == "a":
            in_link = 0 if closing else 1
        elif name not in _NEIGHBOURS:
            continue
        elif not closing:
            elements.append(_Element(name, tag.start(), tag.end(), path[-1] if path else -1, text, links))
            path.append(len(elements) - 1)
        elif path and elements[path[-1]].tag == name:
            element = elements[path.pop()]
            element.inner_end, element.end = tag.start(), tag.end()
            element.text, element.links = text - element.text, links - element.links
            element.has_table = element.has_table or name == "table"
            if path and element.has_table:
                elements[path[-1]].has_table = True
    return [element for element in elements if element.end] if not path else []


def _article(page: str) -> list[tuple[int, int]]:
    """Return the spans of `page` that make up the article, in order.

    The article is the smallest element that holds most of the page's punctuation and table values outside links,
    navigation and footers; neighbours of it, at any height, that hold sentences or values themselves belong to it.
    Where nothing has any weight it is the whole body but for navigation and footers.
    """
    elements = _elements(page)
    if not elements:
        return [(0, len(page))]
    body, clues = elements[0], _Clues.of(page)
    frame = [e for e in elements[1:] if e.text > _SHORT and e.tag != "p" and _is_frame(page, e, clues, body.text)]
    weighty = clues.weighty.copy()
    for element in frame:
        del weighty[bisect_left(weighty, element.start) : bisect_left(weighty, element.end)]
    weights = {
        index: _count(weighty, element) * (1 - element.link_share)
        for index, element in enumerate(elements)
        if element.tag in _CONTAINERS and not (element.tag == "td" and _is_cell_of_data(elements, element, clues))
    }
    best = max(weights.values())
    if best < 1:
        rest = _between(body.inner_start, frame, body.inner_end)
        return rest if any(_blocks(page[start:end]) for start, end in rest) else [(body.inner_start, body.inner_end)]
    chosen = min((index for index in weights if weights[index] >= _ENOUGH * best), key=lambda i: elements[i].text)
    spans = [(elements[chosen].inner_start, elements[chosen].inner_end)]
    children: dict[int, list[_Element]] = {}
    for element in elements:
        children.setdefault(element.parent, []).append(element)
    child = chosen
    while (parent := elements[child].parent) >= 0:
        siblings = children[parent]
        spans += [(e.start, e.end) for e in siblings if e is not elements[child] and _belongs(page, e, clues)]
        loose = _between(elements[parent].inner_start, siblings, elements[parent].inner_end)
        spans += [span for span in loose if _SENTENCE.search(page, *span) and "<a " not in page[slice(*span)]]
        child = parent
    return sorted(spans)


@dataclass(frozen=True, slots=True)
class _Clues:
    """Where in the page lies what tells an article from its frame: positions, ascending."""

    weighty: list[int]
    values: list[int]
    sentences: list[int]
    frame_words: list[int]

    @classmethod
    def of(cls, page: str) -> _Clues:
        matches = list(_WEIGHTY.finditer(page))
        return cls(
            weighty=[match.start() for match in matches],
            values=[match.start() for match in matches if match.group().startswith(">")],
            sentences=[match.start() for match in _SENTENCE.finditer(page)],
            frame_words=[match.start() for match in _FRAME_WORDS.finditer(page)],
        )


def _is_cell_of_data(elements: list[_Element], cell: _Element, clues: _Clues) -> bool:
    """Tell whether a cell is one of a table of data and not the one that holds the article: a value, or the note below."""
    table = elements[cell.parent] if cell.parent >= 0 else cell
    outside = _count(clues.values, table) - _count(clues.values, cell)
    return cell.text < _SHORT_ARTICLE or (table.tag == "table" and outside >= _FEW_VALUES)


def _count(places: list[int], element: _Element) -> int:
    return bisect_left(places, element.inner_end) - bisect_left(places, element.inner_start)


def _is_frame(page: str, element: _Element, clues: _Clues, page_text: int) -> bool:
    """Tell whether an element is navigation, a list of links or a footer."""
    if element.text > max(page_text / 2, _LARGE_FOOTER) or _has_content(element, clues):
        return False
    words = _count(clues.frame_words, element)
    return words > max(1, element.text / _PLAIN_TEXT) or element.link_share > 0.5 or _is_named_frame(page, element)


def _belongs(page: str, element: _Element, clues: _Clues) -> bool:
    """Tell whether a neighbour of the article is part of it."""
    if element.link_share > _LINK_SHARE_OF_LISTS or element.text < _SHORT or not _has_content(element, clues):
        return False
    return not _count(clues.frame_words, element) and not _is_named_frame(page, element)


def _has_content(element: _Element, clues: _Clues) -> bool:
    values = _count(clues.values, element)
    return _count(clues.sentences, element) > 0 or values >= (_FEW_VALUES if element.has_table else _TABLE_OF_VALUES)


def _is_named_frame(page: str, element: _Element) -> bool:
    return _FRAME_NAMES.search(page, element.start, element.inner_start) is not None


def _between(start: int, gaps: list[_Element], end: int) -> list[tuple[int, int]]:
    """Return what is left of a span without `gaps`, which may lie within each other."""
    spans = []
    for gap in gaps:
        if gap.start > start:
            spans.append((start, gap.start))
        start = max(start, gap.end)
    return [*spans, (start, end)]


def _blocks(fragment: str) -> list[str | Grid]:
    """Return what a fragment of the serialised page says: one block of text a line, and its tables."""
    grids: list[Grid] = []
    marked = from_html.with_marks(fragment, grids)
    text = html.unescape(_TAG.sub("\n", _LINK_TAG.sub("", marked)))
    lines = (line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
    return list(from_html.blocks_of(lines, grids))


def _lines(blocks: Iterable[str | Grid]) -> list[str]:
    """Return blocks as lines, tables as pipe rows."""
    text, _ = write(blocks)
    return text.split("\n") if text else []


# --- Title, publisher, date -------------------------------------------------------------------------------------------

_SITE_SUFFIX = re.compile(
    r"\s*[-_|—–]+\s*[^-_|—–]*(?:网|网站|局|厅|部|政府|委|委员会|平台|门户|公开|首页)[^-_|—–]{0,6}$"
)
_DATE = r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})(?!\d)"
_PRINTED_DATE = re.compile(_DATE)
_SEPARATOR = r"[】\]]?\s*[:：|\s]*"
#: Labels of the date, the surest first. A bare 时间 or 日期 counts only under the title: notices are full of them.
_DATE_LABELS = [
    re.compile(rf"(?:{label}){_SEPARATOR}{_DATE}")
    for label in (
        r"发\s*布\s*(?:时\s*间|日\s*期)|发表(?:时间|日期)|上传时间|录入时间",
        r"(?<![\u4e00-\u9fff])(?:时\s*间|日\s*期)",
        r"(?:生成|公开|成文|发文|印发)\s*日\s*期",
    )
]
_SOURCE_LABEL = re.compile(
    r"(?:信息来源|文章来源|稿件来源|来\s*源|发布机构|发布单位)[】\]]?\s*[:：|]\s*([^\s|:：,，。]{2,30})"
)
_LINE_OF_A_PARAGRAPH = 40  # code points; shorter lines without a full stop are headings
_HEADING = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[章节部]|[【“*※●■]"
)
_LINKED_DATE = re.compile(r"\"(?:pubDate|datePublished)\"\s{0,9}:\s{0,9}\"([^\"]{8,40})\"")
_META_DATES = ("pubdate", "publishdate", "article:published_time", "firstpublishedtime", "maketime")
_UNDER_TITLE = 15  # lines: templates put index numbers, font sizes and counters between the title and the date
_BARE_DATE_WITHIN = 6
_LINE_OF_FACTS = 200  # code points; a longer line is a paragraph
_ADDRESS_DATES = [
    re.compile(pattern)
    for pattern in (
        r"[/_t]((?:19|20)\d\d)(\d\d)(\d\d)(?=[_/.]|\d{3,}[_.])",  # /20210715/, t20220403_
        r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/_.])",  # /2022/4/3/, /2022-04/03/
        r"/((?:19|20)\d\d)/[A-Za-z]+_(\d\d)(\d\d)/",  # /2022/IPJQMNML_0310/
        r"/((?:19|20)\d\d)[/-]?(\d\d)(?=/)",  # /202204/, /2022-04/: the first of the month
    )
]


def read_html(raw: bytes, *, declared: str | None = None, url: str = "", body_selector: str | None = None) -> Document:
    """Return the document that an HTML page holds.

    Args:
        raw: the page as it was sent, after content decoding.
        declared: the charset of the HTTP header, where it had one.
        url: the page's address: base of its links, and the last place to look for its date.
        body_selector: CSS selector of the article (several matches are joined); where it is not given or matches
            nothing, the article is found by its density.

    Raises:
        ValueError: `body_selector` is not a CSS selector.
    """
    decoded = decode(raw, declared)
    decoded = replace(decoded, text=flat(body_of_answer(decoded.text)))
    document = _read_decoded(decoded, url, body_selector)
    if len(document.text) > _SAYS_LITTLE or document.grids or _SENTENCE.search(document.text):
        return document
    if bodies := bodies_in(decoded.text):
        return _read_decoded(replace(decoded, text=with_bodies(decoded.text, bodies)), url, body_selector)
    return replace(document, mark="needs_ocr") if pictures_in(decoded.text) else document


def _read_decoded(decoded: Decoded, url: str, body_selector: str | None) -> Document:
    tree = LexborHTMLParser(_MARKS.sub("", decoded.text))
    meta = _meta(tree)
    links = tuple(_links(tree, url, decoded.encoding))
    tree.strip_tags(_NEVER_TEXT)
    mark_looks(tree, decoded.text)
    title = _title(tree, meta)
    if body_selector:
        _mark(tree, body_selector)
    page = _serialised(tree)
    spans = _marked(page) or _article(page)
    before = _lines(_blocks(page[: spans[0][0]]))
    blocks = [block for start, end in spans for block in _blocks(page[start:end])]
    lines = _lines(blocks[:_UNDER_TITLE])
    under_title = _under_title(title, [*before, *lines[:_UNDER_TITLE]])
    after = _lines(_blocks(page[spans[-1][1] :]))
    facts = [line for line in [*under_title, *before, *lines[:_UNDER_TITLE], *after] if len(line) <= _LINE_OF_FACTS]
    if title and title != meta.get("sitename") and not any(_same(title, line) for line in lines[:_UNDER_TITLE]):
        blocks.insert(0, title)
    text, grids = write(blocks)
    dates = _dates(meta, under_title, facts, _lines(blocks[-_UNDER_TITLE:]), url)
    return Document(
        title=title,
        publisher=without_label(meta.get("contentsource", "")) or _publisher(facts) or meta.get("sitename", ""),
        published_on=clues.chosen(dates, title)[1],
        text=text,
        grids=grids,
        encoding=decoded.encoding,
        replacement_characters=decoded.replacement_characters,
        links=links,
        clues=tuple(dates.items()),
    )


def join_pages(documents: Sequence[Document]) -> Document:
    """Return the pages of one article, in order, as one document: the first one's facts, the text of all.

    The title and other lines that each page repeats at its top stand once. A sentence that a page break cuts in two is
    put together again.

    Raises:
        ValueError: `documents` is empty.
    """
    if not documents:
        raise ValueError("an article has at least one page")
    first = documents[0]
    lines = first.text.split("\n")
    for document in documents[1:]:
        following = document.text.split("\n")
        repeated = next((n for n, (a, b) in enumerate(zip(lines, following, strict=False)) if a != b), len(following))
        following = following[repeated:]
        if following and _is_cut(lines[-1], following[0]):
            lines[-1] += following.pop(0)
        lines += following
    return replace(
        first,
        text="\n".join(lines),
        published_on=next((document.published_on for document in documents if document.published_on), None),
        replacement_characters=sum(document.replacement_characters for document in documents),
        links=tuple(dict.fromkeys(link for document in documents for link in document.links)),
        mark=next((document.mark for document in documents if document.mark), ""),
    )


def _is_cut(line: str, following: str) -> bool:
    """Tell whether a sentence runs from one page into the next: a long line without an end, then no new heading."""
    if "|" in (line[:1], following[:1]) or len(line) < _LINE_OF_A_PARAGRAPH:
        return False
    return line[-1] not in "。！？；：…”」)）" and not _HEADING.match(following)


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the page's meta elements, names in lower case; of several with one name the first."""
    meta: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name, content = attributes.get("name") or attributes.get("property"), attributes.get("content")
        if name and content and content.strip():
            meta.setdefault(name.lower(), _SPACES.sub(" ", content).strip())
    for node in tree.css('script[type="application/ld+json"]'):
        for day in _LINKED_DATE.findall(node.text()):
            meta.setdefault("publishdate", day)
    return meta


def _links(tree: LexborHTMLParser, url: str, encoding: str) -> Iterator[Link]:
    stated = tree.css_first("base[href]")
    try:
        base = urljoin(url, (stated.attributes.get("href") or "").strip()) if stated is not None else url
    except ValueError:
        base = url
    for node in tree.css("a[href]"):
        attributes = node.attributes
        address = (attributes.get("href") or "").strip()
        if not address or address.startswith("#"):
            continue
        try:
            absolute = urljoin(base, in_bytes_of(address, encoding)).partition("#")[0]
        except ValueError:  # an unclosed bracket in the host: nobody can follow it
            continue
        if absolute.startswith(("http://", "https://")):
            yield Link(absolute, link_words(attributes.get("title") or "", node.text()))


#: What may stand in a query besides letters and digits; `%` begins what is escaped already.
_IN_A_QUERY = "%/:@!$&'()*+,;=-._~?#[]"


def in_bytes_of(address: str, encoding: str) -> str:
    """An address as a page of that encoding means it: browsers escape the query in the page's own bytes (WHATWG URL)."""
    head, mark, query = address.partition("?")
    if not mark or query.isascii() or encoding.startswith("utf"):
        return address
    return f"{head}?{quote(query.encode(encoding, 'replace'), safe=_IN_A_QUERY)}"


_CUT = re.compile(r"(?:…+|\.{3,}|。{3,})\s*$")
_LEAST_IN_COMMON = 4  # characters


def link_words(attribute: str, text: str) -> str:
    """The title of a link: its text or its `title` attribute, whichever tells more of the same.

    An attribute that has nothing to do with the text (点击打开新窗口) is no title; text that is cut off (…) needs its
    attribute.
    """
    attribute, text = (_SPACES.sub(" ", words).strip() for words in (attribute, text))
    plain_text, plain_attribute = ("".join(_CUT.sub("", words).split()) for words in (text, attribute))
    if not plain_attribute or not plain_text:
        return attribute or text
    related = plain_text in plain_attribute or plain_attribute in plain_text
    shared = plain_text[:_LEAST_IN_COMMON] == plain_attribute[:_LEAST_IN_COMMON]
    if not related and not shared:
        return text
    if _CUT.search(text) or _CUT.search(attribute):
        return attribute if _CUT.search(text) and not _CUT.search(attribute) else text
    return max(text, attribute, key=lambda words: len("".join(words.split())))


def _title(tree: LexborHTMLParser, meta: Mapping[str, str]) -> str:
    """Return the title of the article: from its metadata, its heading, the window title without the site's name."""
    if meta.get("articletitle"):
        return meta["articletitle"]
    node = tree.css_first("title")
    window = _clean(node.text()) if node is not None else ""
    site = meta.get("sitename", "")
    headings = [text for text in (_clean(heading.text()) for heading in tree.css("h1")) if text and text != site]
    for heading in headings:
        if heading in window:
            return heading
    if headings:
        return headings[0]
    shortened = re.sub(rf"\s*[-_|—–]+\s*{re.escape(site)}$", "", window) if site else window
    while (without := _SITE_SUFFIX.sub("", shortened)) and without != shortened:
        shortened = without
    return shortened


def _clean(text: str) -> str:
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def _same(title: str, line: str) -> bool:
    return "".join(title.split()) == "".join(line.split())


def _under_title(title: str, lines: list[str]) -> list[str]:
    """Return the lines that follow the last line that is the title; none where it is not shown."""
    shown = [number for number, line in enumerate(lines) if title and _same(title, line)]
    return lines[shown[-1] + 1 :][:_UNDER_TITLE] if shown else []


def _publisher(facts: list[str]) -> str:
    matches = (_SOURCE_LABEL.search(line) for line in facts)
    return next((match.group(1) for match in matches if match), "")


_LABEL = re.compile(r"^\s*(?:信息来源|文章来源|稿件来源|来\s*源|发布机构|发布单位)[】\]]?\s*[:：]\s*")


def without_label(publisher: str) -> str:
    """A publisher without the 来源: that some templates put into its metadata."""
    return _LABEL.sub("", publisher).strip()


def _dates(
    meta: Mapping[str, str], under_title: list[str], facts: list[str], lines: list[str], url: str
) -> dict[str, date]:
    """Return the dates that the page shows, by the names of `clues.py`."""
    bare = [line for line in under_title[:_BARE_DATE_WITHIN] if len(line) <= _LINE_OF_FACTS and "今天是" not in line]
    printed: list[tuple[re.Pattern[str], str]] = [(_DATE_LABELS[0], "\n".join(facts))]
    printed.append((_DATE_LABELS[1], "\n".join(line for line in under_title if len(line) <= _LINE_OF_FACTS)))
    printed += [(_PRINTED_DATE, line) for line in bare]
    found = {
        clues.META: _first_date((_PRINTED_DATE, meta.get(name, "")) for name in _META_DATES),
        clues.PRINTED: _first_date(printed),
        clues.STATED: _first_date([(_DATE_LABELS[2], "\n".join(facts))]),
        clues.SIGNED: clues.signed_on(lines),
        clues.ADDRESS: address_date(url),
    }
    return {name: day for name, day in found.items() if day is not None}


def address_date(url: str) -> date | None:
    """Return the date that an address holds (`t20220403_1.html`, `/2022/4/3/`), None where it holds none.

    A month without a day (`/202204/`) is its first day.
    """
    return _first_date((pattern, url) for pattern in _ADDRESS_DATES)


def _first_date(places: Iterable[tuple[re.Pattern[str], str]]) -> date | None:
    """Return the first date that exists, looking in each text for its pattern (year, month and perhaps day)."""
    for pattern, text in places:
        for match in pattern.finditer(text):
            year, month, *day = map(int, match.groups())
            try:
                return date(year, month, *(day or [1]))
            except ValueError:  # 2023-02-30: a slip of the pen; the next place may know better
                continue
    return None


# --- The source's own selector ----------------------------------------------------------------------------------------

_MARKS = re.compile("[\ue000-\ue008]")  # private use: taken out of the page first, then set around what was selected


def _mark(tree: LexborHTMLParser, selector: str) -> None:
    """Set marks around what `selector` matches."""
    try:
        nodes = tree.css(selector)
    except SelectolaxError as error:
        raise ValueError(f"body selector {selector!r} is not a CSS selector: {error}") from error
    for node in nodes:
        node.insert_before("\ue000")
        node.insert_after("\ue001")


def _marked(page: str) -> list[tuple[int, int]]:
    """Return the spans between outermost marks."""
    spans: list[tuple[int, int]] = []
    depth = start = 0
    for mark in _MARKS.finditer(page):
        if mark.group() == "\ue000":
            start = mark.end() if not depth else start
            depth += 1
        else:
            depth -= 1
            if not depth:
                spans.append((start, mark.start()))
    return spans

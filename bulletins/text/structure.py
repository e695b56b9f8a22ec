"""The parts of a page's text: furniture lines, headings, sentences and clauses.

Here belongs where a part begins and ends. What is said in it is read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Lines that a web site puts around every article. Each mark alone makes a short line furniture; `一、低保 ... 联系电话:` of a
# paragraph does not, because a paragraph is long and has sentences.
_FURNITURE_MARK = re.compile(
    # No alternative begins with another character: most positions are passed over by this one look.
    r"(?=[浏访点阅字保I网版C©邮传索责编校扫打关当首上下相投举客分登文发主承技信来生公成更日有咨条延热您今本天共Q办])(?:"
    r"浏览(?:次数|量)|访问(?:次数|量)|点击(?:数|次数|量|率)?[:：]|阅读(?:次数|量)?[:：]?\s?\d|字体|字号|保护视力|ICP备|网安备|版权所有"
    r"|Copyright|©|网站标识码|邮编|邮政编码|传真|索\s?引\s?号|责任编辑|版面编辑|编辑:|校对|扫一扫|打印|关闭窗口|当前(?:的)?位置"
    r"|首页\s?[>»|]|上一[篇条]|下一[篇条]|相关(?:链接|新闻|阅读|文章)|投稿|举报电话|客服|分辨率|登记号|文号|文件编号|发布机构|主办单位|主办:"
    r"|承办单位|技术支持|信息来源|来源:|发布(?:时间|日期)|发文日期|生成日期|公开日期|成文日期|更新时间|日期:|分享到|有效期至|咨询电话:"
    r"|条评论|延伸阅读|网站支持|热线:|您是第|当前在线|[今本]?天是\d|信息名称|公开方式|主管$|^共\d+条|QQ:|版$|邮箱:|办公区:)"
)
_SENTENCE_MARK = re.compile(r"[。;]")
_STATISTICS = re.compile(r"\d(?:\.\d+)?(?:万|亿|余|多)?(?:人|户|元|对|张|家|个百分点|%|‰)")


def furniture(text: str) -> list[tuple[int, int]]:
    """The spans of lines that belong to the web site and not to the bulletin.

    A line is furniture when it bears a site's mark (浏览次数, ICP备, 责任编辑 …) and is not itself a paragraph of the article.
    `延伸阅读` and lists of related news are furniture to the end of their line.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        end = position + len(line)
        if mark := _FURNITURE_MARK.search(line):
            sentences = len(_SENTENCE_MARK.findall(line))
            if sentences < 2 and not (len(line) > 60 and sentences and len(_STATISTICS.findall(line)) >= 2):
                spans.append((position, end))
            elif mark.group().startswith(("延伸", "相关")):
                spans.append((position + mark.start(), end))
        position = end + 1
    return spans


class Clause(NamedTuple):
    """A stretch of text without a comma; `separator` is the mark that ends it."""

    start: int
    end: int
    separator: str


class Sentence(NamedTuple):
    """A sentence with its clauses and the heading that it stands under.

    Attributes:
        start: where it begins.
        end: where it ends, its full stop included.
        clauses: its clauses in order.
        line: the number of the line that it stands on: sentences of one paragraph share it.
        heading: where the nearest heading above stands; (0, 0) without one.
    """

    start: int
    end: int
    clauses: tuple[Clause, ...]
    line: int
    heading: tuple[int, int]


_LONGEST_SENTENCE = (
    600  # code points: real run-on sentences have 300; a longer one is read in pieces, so that time stays linear
)

_ENUMERATOR = (
    r"(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?!\d)|第[一二三四五六七八九十]+[章节部][分]?"
    r"|[★●◆■▲※☆]|-{2,}|【)"
)
_HEADING_LINE = re.compile(rf"\s*(?:{_ENUMERATOR}\s*)?(?P<title>[^。;!?\n]{{2,40}})$")
_INLINE_HEADING = re.compile(
    rf"\s*(?:(?:{_ENUMERATOR})|[一二三四五六七八九]是)\s?(?P<title>[^。;!?\n,\d:]{{2,30}}(?:[,、][^。;!?\n,\d:]{{2,20}})?)[。:!]"
)
_STOPS = frozenset("。;!?")  # no heading ends in one
_END = re.compile(r"[。;!?！？\n]")
_CLAUSE_END = re.compile(r"[,。;!?\n]|:(?!\s?\d)|…+")


def sentences(text: str, skip: list[tuple[int, int]]) -> Iterator[Sentence]:
    """The sentences of `text` outside the spans of `skip`, each with its clauses and its heading."""
    heading = (0, 0)
    skipped = {start for start, _ in skip}
    position = 0
    for number, line in enumerate(text.split("\n")):
        start, position = position, position + len(line) + 1
        if not line.strip() or start in skipped:
            continue
        if (
            line[-1] not in _STOPS
            and "|" not in line
            and (whole := _HEADING_LINE.match(line))
            and not _STATISTICS.search(line)
        ):
            heading = (start + whole.start("title"), start + whole.end("title"))
        elif inline := _INLINE_HEADING.match(line):
            heading = (start + inline.start("title"), start + inline.end("title"))
        begin = start
        for stop in _END.finditer(text, start, start + len(line)):
            yield from _sentence(text, begin, stop.end(), number, heading)
            begin = stop.end()
            if again := _INLINE_HEADING.match(text, begin, start + len(line)):
                heading = again.span("title")
        if begin < start + len(line):
            yield from _sentence(text, begin, start + len(line), number, heading)


def _sentence(text: str, start: int, end: int, line: int, heading: tuple[int, int]) -> Iterator[Sentence]:
    clauses: list[Clause] = []
    first = begin = start
    for match in _CLAUSE_END.finditer(text, start, end):
        # `1,137人`: a comma inside a number ends nothing.
        stop, following = match.span()
        separator = text[stop:following]
        if separator == "," and text[stop - 1].isdigit() and text[following : following + 3].isdigit():
            continue
        if following > begin:
            clauses.append(Clause(begin, stop, separator))
        begin = following
        if begin - first > _LONGEST_SENTENCE:
            yield Sentence(first, begin, tuple(clauses), line, heading)
            clauses, first = [], begin
    while begin < end:
        stop = min(end, begin + _LONGEST_SENTENCE)
        if stop < end:
            while stop < end and text[stop].isdigit():
                stop += 1
        clauses.append(Clause(begin, stop, ""))
        begin = stop
        if stop < end:
            yield Sentence(first, stop, tuple(clauses), line, heading)
            clauses, first = [], stop
    if clauses:
        yield Sentence(first, end, tuple(clauses), line, heading)

"""Statistical tables inside a page's text → their numbers, each with the words of its row and column.

Here belongs what the columns of a table are (name, unit, code, a year, a place, a growth rate) and how a cell is read by them.
How a table of a file becomes such lines is in `tables.py`; which indicator a row's words speak for is decided in `passage.py`.

Tables come as pipe rows (`| 孤儿 | 人 | 401 | 312 |`), with tabs, or with columns set off by blanks; the unit stands in a column of
its own, in the head, in the name (`养老机构(个)`) or in the caption (`单位:人、万元`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bulletins.catalog import UnitWord
from bulletins.text.normalise import SINGLE_BLANKS
from bulletins.text.numbers import Number
from bulletins.text.quantity import SCALES, multiply, parse_digits

Stretch = tuple[int, int]


class Value(NamedTuple):
    """One number of a table.

    Attributes:
        number: the number; a verdict other than `quantity` for codes, dates and what has no unit.
        name: the stretch that names the row, with the group that it stands under.
        group: the stretches of the rows that head its group: `二、社会救助`, `其中:`.
        head: the text of its column's head.
        year_shift: years before the table's own: 1 for `上年同期`.
        year: the year that the column states, or 0.
        change: whether the column holds growth.
        cumulated: whether the row or column is cumulated over a part of the year.
    """

    number: Number
    name: Stretch
    group: Stretch | None
    head: str
    year_shift: int
    year: int
    change: bool
    unit_text: str


class _Cell(NamedTuple):
    start: int
    end: int
    text: str


_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+")
_VALUE_CELL = re.compile(
    rf"[≥≤><]?(?:{_NUMBER.pattern})(?:\s*(?:[%‰]|个百分点|[万亿]?[^\d\s,.|]{{0,4}}))?(?:\s+(?:{_NUMBER.pattern}))*"
)
_EMPTY = re.compile(r"[-—–…/\s*·.]*")
_CODE_HEAD = re.compile(r"代码|编码|序号|行次|编号|^NO|^No|行号")
_UNIT_HEAD = re.compile(r"单位")
_NAME_HEAD = re.compile(r"指标|项目|名称|类别|内容|县|区|地区|单位名称|统计项")
_CHANGE_HEAD = re.compile(r"增减|增长|增幅|同比|环比|增速|±|比上年|较上年|升降")
_RATE_HEAD = re.compile(r".*(?:%|％|率|幅|百分点|增速).*")
_LAST_YEAR_HEAD = re.compile(r"上年|去年|同期")
_YEAR_HEAD = re.compile(r"(20\d{2})")
_MONTHLY_HEAD = re.compile(r"(?:本|当)月(?!末|底)")
# Years and months at the head of a column are no values.
_DATED_HEAD = re.compile(r"20\d{2}(?:年|$)|(?:\d{1,2}-)?\d{1,2}月")
_LONGEST_CELL = 26  # code points: a longer line is prose
_PROSE = re.compile(r"[,。;!?:](?!\d)|20\d{2}年\d{1,2}月")
_GLUED = re.compile(rf"([^\d\s]{{2,}}?)\s?((?:{_NUMBER.pattern}))")
_CAPTION_UNIT = re.compile(r"(?:计量)?单位\s?[::]\s?([^\s|)]{1,20})")
_GROUP_NAME = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|\d{1,2}[、.](?!\d))")
# `一、民政事业费累计支出 二、乡级行政区划单位`: the name of a row and the heading of those below it, run into one.
_NEXT_HEADING = re.compile(r"(?<=\S)\s+(?=[一二三四五六七八九十]{1,3}[、.])")
_UNIT_IN_NAME = re.compile(r"[(\[]([^()\[\]]{1,8})[)\]]\s*$")


_PERSONS = re.compile(r"(?:儿童|人数|人员|对象|孤儿|老人|老年人)\s*$")
_NOTE = re.compile(r"\s*[(注备说]")
_PART = re.compile(r"\s*(?:#|其中|[-—–]{1,2})")
_UNIT_BY_NAME = (
    (re.compile(r"率|比重|占比|比例"), re.compile(r"%|％")),
    (re.compile(r"标准|补差|人均"), re.compile(r"^元")),
    (re.compile(r"支出|资金|金额|金$|经费|费$|销售|销量|款"), re.compile(r"元")),
    (re.compile(r"户"), re.compile(r"户")),
    (re.compile(r"床位"), re.compile(r"张")),
    (re.compile(r"登记"), re.compile(r"对|件")),
)


class TableReader:
    """Reads the tables of a text; compiled once from the catalogue's unit words."""

    def __init__(self, units: Sequence[UnitWord]) -> None:
        self._units: Mapping[str, UnitWord] = {word.word: word for word in units}
        self._text = ""

    def find(self, text: str) -> Iterator[tuple[Stretch, list[Value]]]:
        """Yield each table of `text`: the span of its lines, and the numbers in it in order."""
        self._text = text
        block: list[tuple[int, list[_Cell]]] = []
        stack: list[_Cell] = []
        caption = ""
        position = 0
        for line in [*text.split("\n"), ""]:
            cells = _cells(line, position)
            if (
                cells is None
                and (word := line.strip())
                and len(word) <= _LONGEST_CELL
                and not _PROSE.search(word.removeprefix("其中:"))
            ):
                offset = position + line.index(word)
                stack.append(_Cell(offset, offset + len(word), word))
            elif stack and (line.strip() or position + len(line) >= len(text)):
                if rows := self._unstack(stack):
                    span = (rows[0][0].start, _line_end(text, rows[-1][-1].start))
                    yield span, list(self._values(rows, caption))
                stack = []
            if cells is not None:
                block.append((position, cells))
            elif block and _GROUP_NAME.match(line) and len(line.strip()) <= _LONGEST_CELL and not _PROSE.search(line):
                # `二、社会工作` between the rows of a form that has no lines drawn.
                begin = position + len(line) - len(line.lstrip())
                block.append((position, [_Cell(begin, begin + len(line.strip()), line.strip())]))
            elif line.strip() or position + len(line) >= len(text):
                while (
                    block and len(block[-1][1]) == 1 and "|" not in text[block[-1][0] : _line_end(text, block[-1][0])]
                ):
                    block.pop()  # a heading behind the last row heads what follows
                if _is_table(block):
                    span = (block[0][0], _line_end(text, block[-1][0]))
                    yield span, list(self._values(self._mend([row for _, row in block]), caption))
                block = []
                if "单位" in line and (found := _CAPTION_UNIT.search(line)):
                    caption = found.group(1)
                elif len(line) > 60:
                    caption = ""
            position += len(line) + 1

    def _unstack(self, stack: list[_Cell]) -> list[list[_Cell]]:
        """The rows of a table that lost its separators: one cell a line, or name, unit and value run into one.

        The unit of a row is its mark: the line before it names the row, those behind it are its values.
        """
        glued = [parts for cell in stack if (parts := self._unglue(cell))]
        at = [index for index, cell in enumerate(stack) if index and self._resolve(cell.text)]
        at = [index for index in at if index + 1 < len(stack) and _VALUE_CELL.fullmatch(stack[index + 1].text)]
        rows: list[list[_Cell]] = []
        if len(at) > 1:
            width = 0
            for row, index in enumerate(at):
                stop = at[row + 1] - 1 if row + 1 < len(at) else len(stack)
                values = []
                for cell in stack[index + 1 : stop]:
                    if not (_VALUE_CELL.fullmatch(cell.text) or _EMPTY.fullmatch(cell.text)):
                        break
                    values.append(cell)
                rows.append([stack[index - 1], stack[index], *values])
                width = max(width, len(rows[-1]))
            head = stack[: at[0] - 1]
            if len(head) >= width:
                rows.insert(0, head[-width:])
        if len(glued) > 1:
            rows += glued
        return rows

    def _mend(self, rows: list[list[_Cell]]) -> list[list[_Cell]]:
        """Rows that lost their name to the line above: `养老机构 四、社会救助 |` over `个 | 245 |`, and the heading that came along."""
        mended: list[list[_Cell]] = []
        for row in rows:
            above = [cell for cell in mended[-1] if cell.text] if mended else []
            filled = [cell for cell in row if cell.text]
            loose = len(filled) > 1 and filled[0] is row[0] and self._resolve(row[0].text) is not None
            if not (loose and len(above) == 1 and _VALUE_CELL.fullmatch(filled[1].text)):
                mended.append(row)
                continue
            name = above[0]
            heading = _NEXT_HEADING.search(name.text)
            cut = heading.start() if heading else len(name.text)
            mended[-1] = [_Cell(name.start, name.start + len(name.text[:cut].rstrip()), name.text[:cut].rstrip()), *row]
            if heading:
                start = name.start + heading.end() - len(heading.group().lstrip())
                mended.append([_Cell(start, name.end, self._text[start : name.end])])
        return mended

    def _unglue(self, cell: _Cell) -> list[_Cell]:
        """Name, unit and value of `养老机构床位万张11.3`; empty where the line is not such."""
        match = _GLUED.fullmatch(cell.text) if cell.text[-1].isdecimal() else None
        if match is None:
            return []
        words, value = match.groups()
        cut = next((at for at in range(max(1, len(words) - 5), len(words)) if self._resolve(words[at:])), None)
        if cut is None:
            return []
        middle, last = cell.start + len(words), cell.start + match.start(2)
        return [
            _Cell(cell.start, cell.start + cut, words[:cut]),
            _Cell(cell.start + cut, middle, words[cut:]),
            _Cell(last, last + len(value), value),
        ]

    def _values(self, rows: list[list[_Cell]], caption: str) -> Iterator[Value]:
        heads, body = _heads(rows)
        width = max(len(row) for row in rows)
        titles = _titles(heads, width)
        columns = _roles(titles, body, self._units)
        plain = {*columns.groups, columns.name, columns.unit, *columns.codes}
        differences = _differences(titles, body)
        group: Stretch | None = None
        last_unit = ""
        for row in heads:
            for cell in row:
                for match in re.finditer(r"\d[\d,.]*", cell.text):
                    verdict, reason = ("date", "表头年份") if _YEAR_HEAD.match(match.group()) else ("name", "表头")
                    number = Number(cell.start + match.start(), cell.start + match.end(), verdict, reason)
                    yield Value(number, (cell.start, cell.end), None, "", 0, 0, False, "")
        for row in body:
            if columns.name >= len(row):
                continue
            name = row[columns.name]
            unit_text = row[columns.unit].text if columns.unit is not None and columns.unit < len(row) else ""
            for column in columns.groups:
                if row[column].text:
                    group = (row[column].start, row[column].end)
            values = [(column, cell) for column, cell in enumerate(row) if column not in plain and cell.text]
            outside = plain - columns.codes
            if _VALUE_CELL.fullmatch(unit_text) and not any(_NUMBER.search(cell.text) for _, cell in values):
                # `| (1)困境儿童 | 487,828 |  |`: a value that slipped into the column of units.
                values, unit_text, outside = [(columns.name + 1, row[columns.unit or 0])], "", outside - {columns.unit}
            yield from self._outside(row, outside, columns.codes)
            # `#集中供养`, `其中:女性`: a part is counted in the unit of its whole.
            if not unit_text and _PART.match(name.text):
                unit_text = last_unit
            last_unit = unit_text or (found.group(1) if (found := _UNIT_IN_NAME.search(name.text)) else last_unit)
            opens_group = bool(_GROUP_NAME.match(name.text))
            if not any(_NUMBER.search(cell.text) for _, cell in values):
                alone = len([cell for cell in row if cell.text]) == 1 and not _NOTE.match(name.text)
                if name.text and (opens_group or alone):
                    group = (name.start, name.end)
                continue
            names = _split_names(name, values)
            if opens_group and len(names) == 1:
                group = None
            for column, cell in values:
                head = titles[column] if column < len(titles) else ""
                yield from self._cell(cell, names, group, head, unit_text, caption, column in differences)

    def _outside(self, row: list[_Cell], named: set[int | None], codes: set[int]) -> Iterator[Value]:
        for column, cell in enumerate(row):
            if column in named or column in codes:
                for match in re.finditer(r"[A-Z]*\d[\dA-Z]*", cell.text):
                    verdict, reason = ("identifier", "表内代码") if column in codes else ("name", "表内名称")
                    number = Number(cell.start + match.start(), cell.start + match.end(), verdict, reason)
                    yield Value(number, (cell.start, cell.end), None, "", 0, 0, False, "")

    def _cell(
        self,
        cell: _Cell,
        names: list[Stretch],
        group: Stretch | None,
        head: str,
        unit_text: str,
        caption: str,
        difference: bool,
    ) -> Iterator[Value]:
        found = list(_NUMBER.finditer(cell.text))
        if not found or not _VALUE_CELL.fullmatch(cell.text.strip()):
            for match in re.finditer(r"\d[\d,.]*", cell.text):
                number = Number(cell.start + match.start(), cell.start + match.end(), "unread", "单元格不是数值")
                yield Value(number, names[0], group, head, 0, 0, False, unit_text)
            return
        change = bool(_CHANGE_HEAD.search(head))
        growth = change and not difference
        for rank, match in enumerate(found):
            name = names[rank] if len(names) == len(found) else names[0]
            start, end = cell.start + match.start(), cell.start + match.end()
            printed = match.group()
            tail = cell.text[match.end() :].strip() if len(found) == 1 else ""
            if tail in SCALES:
                tail += self._unit_word(head, self._text[name[0] : name[1]], unit_text, caption, growth)
            word = tail or self._unit_word(head, self._text[name[0] : name[1]], unit_text, caption, growth)
            resolved = self._resolve(word)
            if resolved is None:
                number = Number(start, end, "unread", "没有可认的单位")
            else:
                unit, factor, per = resolved
                if growth and unit not in ("percent", "percentage_point"):
                    unit, factor, per = (
                        ("percent", 1.0, "")
                        if re.search(r"%|率|幅|增减|增长|同比", head) and "额" not in head
                        else (unit, factor, per)
                    )
                if difference and unit == "percent":
                    unit = "percentage_point"
                value = parse_digits(printed.lstrip("+"))
                value = value if factor == 1.0 else multiply(printed.replace(",", "").lstrip("+"), factor)
                number = Number(
                    start,
                    end + (len(cell.text[match.end() :].rstrip()) if tail else 0),
                    "quantity",
                    value=value,
                    unit=unit,
                    counter=word,
                    per=per,
                    digits_end=end,
                    qualifier="ge" if cell.text[0] in "≥>" else "le" if cell.text[0] in "≤<" else "exact",
                )
            shift = 1 if _LAST_YEAR_HEAD.search(head) and not change else 0
            year = _YEAR_HEAD.search(head)
            yield Value(number, name, group, head, shift, int(year.group(1)) if year else 0, change, word)

    def _unit_word(self, head: str, name: str, unit_text: str, caption: str, change: bool) -> str:
        if change:
            if "百分点" in head:
                return "个百分点"
            if "%" in head or "率" in head or not re.search(r"[量数额]$|绝对", head):
                return "%"
        if unit_text:
            return unit_text
        for place in (name, head):
            if (found := _UNIT_IN_NAME.search(place)) and self._resolve(found.group(1)):
                return found.group(1)
        if not caption and _PERSONS.search(name):
            return "人"
        units = re.split(r"[、,;]", caption)
        if len(units) == 1:
            return caption
        # `单位:人、户、万元`: one caption for a table of several kinds; the row's words say which.
        for words, kind in _UNIT_BY_NAME:
            if words.search(name + head):
                return next((unit for unit in units if kind.search(unit)), "")
        return next((unit for unit in units if unit in ("人", "个", "名", "家")), units[0])

    def _resolve(self, word: str) -> tuple[str, float, str] | None:
        """The canonical unit, factor and period of a unit as a table prints it: 万元, 元/人·年, 万张, 人次."""
        word = word.strip().strip("()[]")
        per = ""
        if match := re.match(r"(元)\s?/?\s?(?:每)?(?:人|户)?\s?[·./、每]?\s?([月年])(?:\s?[·./]?\s?人)?$", word):
            word, per = "元", {"月": "month", "年": "year"}[match.group(2)]
        elif re.match(r"元/", word):
            word = "元"
        factor = 1.0
        while word and word not in self._units:
            scale = next(
                (
                    scale
                    for scale in ("万亿", "十万", "百万", "千万", "百亿", "万", "亿", "千", "百")
                    if word.startswith(scale)
                ),
                "",
            )
            if not scale:
                return None
            factor *= SCALES[scale]
            word = word[len(scale) :]
        if not word:
            return None
        unit = self._units[word]
        return unit.unit, factor * unit.factor, per


_SEPARATES = re.compile(r"[| \t]")  # no line has columns without one of them


def _cells(line: str, start: int) -> list[_Cell] | None:
    """The cells of a line that has columns; None for a line of prose."""
    if not _SEPARATES.search(line):
        return None
    if line.count("|") >= 2 or line.rstrip().endswith("|"):
        separator = re.compile(r"\|")
    elif "\t" in line:
        separator = re.compile(r"\t+")
    elif re.search(r"\S {2,}\S.* {2,}\S", line) and re.search(r"\d\s*$|\d {2,}", line):
        separator = re.compile(r" {2,}")
    elif len(line) < 400 and SINGLE_BLANKS.match(line):
        separator = re.compile(r" +")
    else:
        return None
    cells: list[_Cell] = []
    begin = 0
    pieces = [*((match.start(), match.end()) for match in separator.finditer(line)), (len(line), len(line))]
    for stop, resume in pieces:
        piece = line[begin:stop]
        offset = len(piece) - len(piece.lstrip())
        text = piece.strip()
        cells.append(_Cell(start + begin + offset, start + begin + offset + len(text), text))
        begin = resume
    if line.lstrip().startswith("|"):
        cells = cells[1:]
    if line.rstrip().endswith("|"):
        cells = cells[:-1]
    return cells


def _is_table(block: list[tuple[int, list[_Cell]]]) -> bool:
    rows = [row for _, row in block if not _is_rule(row)]
    numeric = sum(any(_VALUE_CELL.fullmatch(cell.text) for cell in row[1:]) for row in rows)
    return len(rows) >= 2 and numeric >= 1 and any(len(row) >= 2 for row in rows)


def _is_rule(row: list[_Cell]) -> bool:
    return bool(row) and all(re.fullmatch(r":?-*:?", cell.text) for cell in row)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _heads(rows: list[list[_Cell]]) -> tuple[list[list[_Cell]], list[list[_Cell]]]:
    """Part the rows of the head from those of the body: the head ends before the first row that holds a value."""
    rows = [row for row in rows if not _is_rule(row)]
    heads: list[list[_Cell]] = []
    for index, row in enumerate(rows):
        values = [cell for cell in row[1:] if _VALUE_CELL.fullmatch(cell.text) and not _DATED_HEAD.match(cell.text)]
        filled = [cell for cell in row if cell.text]
        is_group = len(filled) == 1 and row and row[0].text and _GROUP_NAME.match(row[0].text)
        if values or (is_group and index):
            return heads, rows[index:]
        heads.append(row)
    return heads, []


def _differences(titles: list[str], body: list[list[_Cell]]) -> set[int]:
    """The columns that print a change in the unit of the row, not in per cent: 增减 beside 幅度(%), or 增减 that adds up."""
    changes = [column for column, title in enumerate(titles) if _CHANGE_HEAD.search(title)]
    rates = [column for column in changes if _RATE_HEAD.search(titles[column])]
    rates += [column for column, title in enumerate(titles) if column not in changes and _RATE_HEAD.fullmatch(title)]
    plain = [column for column in changes if column not in rates]
    return {column for column in plain if rates or _adds_up(column, changes, body)}


def _adds_up(column: int, changes: list[int], body: list[list[_Cell]]) -> bool:
    """Whether most cells of a column are the difference of the two values on their left."""
    hits = seen = 0
    if any("%" in row[column].text for row in body if column < len(row)):
        return False
    for row in body:
        cells = [
            row[index].text for index in range(1, min(column + 1, len(row))) if index not in changes or index == column
        ]
        numbers = [float(parse_digits(text.lstrip("+"))) for text in cells if _NUMBER.fullmatch(text)]
        if len(numbers) >= 3:
            *_, first, second, change = numbers
            seen += 1
            hits += min(abs(first - second - change), abs(second - first - change)) < 0.051 + abs(change) / 1e4
    return hits * 2 > seen > 0


def _titles(heads: list[list[_Cell]], width: int) -> list[str]:
    """The head of each column, from top to bottom; words over several columns are printed over the first of them alone.

    `| 城市低保 |  | 农村低保 |  |` over `| 户数 | 人数 | 户数 | 人数 |`
    """
    rows = [[row[column].text if column < len(row) else "" for column in range(width)] for row in heads]
    filled = [True] * width  # whether all heads below have words in a column
    for row in reversed(rows):
        for column in range(1, width):
            if row is not rows[-1] and not row[column] and row[column - 1] and filled[column - 1] and filled[column]:
                row[column] = row[column - 1]
        filled = [below and bool(cell) for below, cell in zip(filled, row, strict=True)]
    return [" ".join(row[column] for row in rows).strip() for column in range(width)]


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a table are: those that group rows, the one that names them, the unit's, the codes'."""

    groups: tuple[int, ...]
    name: int
    unit: int | None
    codes: set[int]


def _roles(titles: list[str], body: list[list[_Cell]], units: Mapping[str, UnitWord]) -> _Columns:
    """Which column names the row, which group rows, which holds the unit, which hold codes."""

    def texts(column: int) -> list[str]:
        return [row[column].text for row in body if column < len(row) and row[column].text]

    codes = {column for column, title in enumerate(titles) if _CODE_HEAD.search(title)}
    for column in range(len(titles)):
        if texts(column) and all(re.fullmatch(r"[A-Z]{1,4}\d{3,}[A-Z]?", text) for text in texts(column)):
            codes.add(column)
    unit = next(
        (
            column
            for column, title in enumerate(titles)
            if _UNIT_HEAD.search(title) and not _UNIT_IN_NAME.search(title) and "单位名称" not in title
        ),
        None,
    )
    if unit is None:
        unit = next((column for column in range(1, len(titles)) if _holds_units(texts(column), units)), None)
    naming = [
        column
        for column in range(len(titles))
        if column not in codes
        and column != unit
        and (column == 0 or texts(column))
        and not any(_VALUE_CELL.fullmatch(text) for text in texts(column))
        and sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in texts(column)) * 2 >= len(texts(column))
    ]
    leading = (
        [column for column in naming if all(other in naming or other in codes for other in range(column))]
        or naming[:1]
        or [0]
    )
    return _Columns(tuple(leading[:-1]), leading[-1], unit, codes)


def _holds_units(texts: list[str], units: Mapping[str, UnitWord]) -> bool:
    """Whether every cell of a column is a unit: 人, 万元, 元/人·月."""
    return bool(texts) and all(
        re.fullmatch(r"[(（]?[万亿]{0,2}(?:\w{1,4}|%|‰)(?:/.{1,4})?[)）]?", text)
        and re.sub(r"^[(（万亿]*|[)）]|/.*$", "", text) in {*units, ""}
        for text in texts
    )


def _split_names(name: _Cell, values: list[tuple[int, _Cell]]) -> list[Stretch]:
    """Two rows fused into one cell: as many names as each cell holds numbers."""
    counts = {len(_NUMBER.findall(cell.text)) for _, cell in values if _NUMBER.search(cell.text)}
    pieces = [match.span() for match in re.finditer(r"\S+", name.text)]
    if counts == {len(pieces)} and len(pieces) > 1:
        return [(name.start + start, name.start + end) for start, end in pieces]
    return [(name.start, name.end)]

"""A page's text with each of its numbers marked, for the person who checks a reading: one HTML page that needs nothing else.

Here belongs how a reading is shown, in Chinese, to people who look after the data. What was read is taken as it is. Numbers are told
apart by colour and by the line under them, their reading is shown when they are pointed at or reached with the Tab key, and
below the text everything stands once more as tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from bulletins.catalog import Indicator
from bulletins.drawing import STYLE, drawn
from bulletins.frames import LEAST_CERTAINTY
from bulletins.tables.shown import ShownTable

#: What a number may be, in the order of the legend: class in the page -> name.
MARKS: Mapping[str, str] = {
    "coded": "读数，归入指标",
    "open": "读数，未归指标",
    "unread": "未能读出",
    "date": "日期、时长",
    "ordinal": "次序",
    "identifier": "编号、文号",
    "name": "名称的一部分",
    "furniture": "网页附件文字",
}
#: Names of the codes in an observation, by field; what is not said here goes without saying.
NAMES: Mapping[str, Mapping[str, str]] = {
    "unit": {
        "person": "人", "person_time": "人次", "household": "户", "couple": "对", "CNY": "元", "percent": "%",
        "percentage_point": "个百分点", "multiple": "倍", "ratio": "比", "bed": "张(床)", "item": "个", "m2": "平方米",
        "other": "其他",
    },
    "per": {"day": "每天", "month": "每月", "year": "每年"},
    "qualifier": {"approx": "约数", "ge": "不少于", "le": "不超过"},
    "measure": {"change": "增减"},
    "status": {"actual": "实际", "target": "目标", "previous": "提标前旧值"},
    "period": {"annual": "全年", "partial": "年内部分时段", "multi_year": "跨年累计"},
    "area": {"urban": "城市", "rural": "农村", "districts": "市辖区", "counties": "其他县市"},
}  # fmt: skip

_READ = ("coded", "open")
_COLUMNS = ("读作", "所指", "指标", "何地", "何时", "状态")

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --paper: #fff; --soft: #5c6670; --rule: #d8dde2; --panel: #f5f7f9;
  --coded: #cdeccf; --open: #cfe4fa; --unread: #fbd0cd; --other: #eceff2 }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --paper: #16191d; --soft: #a3adb6; --rule: #3a4149; --panel: #20252a;
  --coded: #1d4a2a; --open: #1d4063; --unread: #6b2420; --other: #2c3239 } }
* { box-sizing: border-box }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 16px/1.9 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif }
main { max-width: 54rem; margin: 0 24rem 4rem auto; padding: 1rem 2rem }
h1 { font-size: 1.4rem; line-height: 1.4 } h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.number { border-radius: .2em; padding: .1em .15em; border-bottom: 2px solid transparent; cursor: help; background: var(--other) }
.number:focus, .number:target { outline: 2px solid currentColor; outline-offset: 1px }
.coded { background: var(--coded); border-bottom-color: #2e8b45 }
.open { background: var(--open); border-bottom: 2px dashed #2d78c4 }
.unread { background: var(--unread); border-bottom: 3px double #c8322b }
.date { border-bottom: 1px dotted var(--soft) } .ordinal { border-bottom: 1px solid var(--soft) }
.identifier { border-bottom: 2px dotted var(--soft) } .name { border-bottom: 1px dashed var(--soft) }
.furniture { color: var(--soft) }
aside { position: fixed; top: 1rem; right: 1rem; width: 22rem }
.legend, .reading { background: var(--panel); border: 1px solid var(--rule); border-radius: .4rem; padding: .7rem 1rem; line-height: 1.6;
  font-size: .9rem }
.legend ul { list-style: none; margin: 0; padding: 0 } .legend li { display: flex; justify-content: space-between; gap: 1rem }
.legend a { color: inherit } .hint { margin: .5rem 0 0; color: var(--soft) }
.reading { display: none; position: fixed; top: 21rem; right: 1rem; width: 22rem; white-space: normal; cursor: default;
  box-shadow: 0 2px 12px #0003 }
.number:hover > .reading, .number:focus > .reading { display: grid; grid-template-columns: auto 1fr; gap: 0 .8rem }
.text:hover .number:focus:not(:hover) > .reading { z-index: -1 }
.reading b { color: var(--soft); font-weight: normal }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.5 }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--rule) }
th { color: var(--soft); font-weight: normal } td a { color: inherit } td:first-child { white-space: nowrap }
@media (max-width: 70rem) { main { margin: 0 auto 16rem; padding: 1rem } aside { position: static; width: auto; margin: 1rem }
  .reading { top: auto; bottom: 1rem; right: 1rem; left: 1rem; width: auto; pointer-events: none } .wide { overflow-x: auto } }
@media print { aside { position: static; width: auto } main { margin: 0; max-width: none } }
"""


def marked_page(
    text: str,
    observations: pl.DataFrame,
    ledger: pl.DataFrame,
    *,
    title: str = "",
    indicators: Mapping[str, Indicator],
    tables: Sequence[ShownTable] = (),
) -> str:
    """The reading of one page as an HTML page of its own.

    Args:
        text: the page's text.
        observations: what was read from it, schema OBSERVATIONS.
        ledger: the verdict on each of its numbers, schema LEDGER.
        title: what the page is called.
        indicators: the catalogue's, by code.
        tables: its tables, which are drawn below the text with the role of each cell.
    """
    numbers = _numbers(observations, ledger, indicators)
    heading = escape(title or "网页读数")
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="generator" content="minzheng">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<style>{_STYLE}{STYLE if tables else ""}</style>
</head>
<body>
<aside>{_legend(numbers)}</aside>
<main>
<h1>{heading}</h1>
<div class="text">{"".join(_marked(text, numbers))}</div>
{f"<h2>表格</h2>{drawn(tables, numbers)}" if tables else ""}
<h2>读数</h2>
{_table(("原文", *_COLUMNS), [number for number in numbers if number["mark"] in _READ])}
<h2>未作读数</h2>
{_table(("原文", "判定", "理由"), [number for number in numbers if number["mark"] not in _READ])}
</main>
</body>
</html>
"""


def drawn_page(
    observations: pl.DataFrame,
    ledger: pl.DataFrame,
    tables: Sequence[ShownTable],
    *,
    indicators: Mapping[str, Indicator],
) -> str:
    """The tables of one page alone, with their style, to be put into a page of another make."""
    return f"<style>{_STYLE}{STYLE}</style>{drawn(tables, _numbers(observations, ledger, indicators), linked=False)}"


def _numbers(
    observations: pl.DataFrame, ledger: pl.DataFrame, indicators: Mapping[str, Indicator]
) -> list[dict[str, Any]]:
    """The numbers of a page in the order of its text, each with its mark and what is shown of it."""
    observed = {(row["start"], row["end"]): row for row in observations.iter_rows(named=True)}
    numbers = []
    for row in ledger.sort("start").iter_rows(named=True):
        observation = observed.get((row["start"], row["end"]))
        mark = row["verdict"] if observation is None else "coded" if observation["indicator"] else "open"
        facts = _reading(observation, indicators) if observation else {"判定": MARKS[mark], "理由": row["reason"]}
        numbers.append({**row, "mark": mark, "facts": facts})
    return numbers


def _reading(row: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """What an observation says, as name and value; the value as it is understood first."""
    high = "" if row["value_high"] is None else f"–{_digits(row['value_high'])}"
    unit = NAMES["unit"].get(row["unit"], row["unit"])
    value = " ".join(
        filter(
            None,
            (_name(row, "qualifier"), _name(row, "measure"), _digits(row["value"]) + high, unit, _name(row, "per")),
        )
    )
    indicator = indicators.get(row["indicator"])
    return {
        "读作": value,
        "所指": row["label"],
        "指标": f"{indicator.name_zh} {indicator.code}" if indicator else row["indicator"] or "（未归指标）",
        "何地": " ".join(filter(None, (row["place"], _name(row, "area")))),
        "何时": f"{row['year']}年 {_name(row, 'period')}{_exactly(row)}",
        "状态": _name(row, "status") + ("，存疑" if (row["certainty"] or 1) < LEAST_CERTAINTY else ""),
    }


def _exactly(row: Mapping[str, Any]) -> str:
    """The period as SDMX writes it, where it says more than the year."""
    period = row.get("time_period") or str(row["year"])
    return "" if period == str(row["year"]) else f" {period}"


def _name(row: Mapping[str, Any], field: str) -> str:
    return NAMES[field].get(row[field], "")


def _digits(value: float) -> str:
    return f"{value:,.12g}"


def _legend(numbers: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(number["mark"] for number in numbers)
    first = {number["mark"]: number["start"] for number in reversed(numbers)}
    items = [
        f'<li><a class="number {mark}" href="#n{first[mark]}">{name}</a> {counts[mark]}</li>'
        if counts[mark]
        else f"<li><span>{name}</span> 0</li>"
        for mark, name in MARKS.items()
    ]
    return (
        f'<div class="legend"><ul>{"".join(items)}<li><span>共计</span> {len(numbers)}</li></ul>'
        '<p class="hint">指向一个数字，或用 Tab 键选中，即见其读法。</p></div>'
    )


def _marked(text: str, numbers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The text with each number as an element that shows its reading."""
    position = 0
    for number in numbers:
        start, end = number["start"], number["end"]
        facts = "".join(f"<b>{name}</b><span>{escape(value)}</span>" for name, value in number["facts"].items())
        yield escape(text[position:start])
        printed = escape(text[start:end]) or f"<s>{escape(number['text'])}</s>"  # a hidden row of a table has no text
        yield (
            f'<span class="number {number["mark"]}" id="n{start}" tabindex="0" aria-describedby="r{start}">'
            f'{printed}<span class="reading" role="tooltip" id="r{start}">{facts}</span></span>'
        )
        position = end
    yield escape(text[position:])


def _table(heads: Sequence[str], numbers: Sequence[Mapping[str, Any]]) -> str:
    """One row a number: what is printed, as a link to where it stands, and the facts that the heads name."""
    if not numbers:
        return "<p>无</p>"
    rows = [
        f'<tr><td><a href="#n{number["start"]}">{escape(number["text"])}</a></td>'
        + "".join(f"<td>{escape(number['facts'][head])}</td>" for head in heads[1:])
        + "</tr>"
        for number in numbers
    ]
    return f'<div class="wide"><table><tr>{"".join(f"<th>{head}</th>" for head in heads)}</tr>{"".join(rows)}</table></div>'

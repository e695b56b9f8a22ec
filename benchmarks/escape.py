"""How many wrong figures escape the checks: faults are injected into right readings one at a time, and the checks are run.

    python -m benchmarks.escape [--gold FOLDER] [--seed 1] [--faults 40] [--json FILE]

Ground is the bundled sample and `tests/gold`, read by hand, and with `--gold` further bulletins of that kind. A fault is put into the reading (the page
says one thing, the row another) or into the text (the page itself is wrong, and the row follows it faithfully). It is
*caught* when all rows that it makes wrong are held back, *flagged* when they are at least marked and were not before, and
*silent* otherwise. The false alarms are right rows, of the untouched ground, that the checks hold or mark.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.gold import GoldSet, gold_set, observations_of, sample_set
from bulletins.catalog import Catalog, load_catalog
from bulletins.frames import OBSERVATIONS, PAGES
from bulletins.read import read_pages
from bulletins.text.periods import Period
from expectations.observations import SUITE, evidence_of
from expectations.runner import apply_rules

Row = dict[str, Any]
_OWN_GOLD = Path(__file__).parents[1] / "tests" / "gold"


@dataclass(frozen=True)
class Bulletin:
    """A page and its readings, in the order of the text."""

    page: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Ground:
    """Right pages and readings, by the city whose bureau published them."""

    bulletins: tuple[Bulletin, ...]
    catalog: Catalog

    @property
    def cities(self) -> dict[str, list[int]]:
        """City code -> numbers of its bulletins."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, bulletin in enumerate(self.bulletins):
            found[bulletin.page["place_code"]].append(number)
        return found


@dataclass(frozen=True)
class Fault:
    """One bulletin with one fault in it, and the keys of the rows that are wrong by it."""

    kind: str
    number: int
    bulletin: Bulletin
    wrong: tuple[str, ...]


@dataclass
class Tally:
    """What became of the faults of one kind."""

    caught: int = 0
    flagged: int = 0
    silent: int = 0
    rules: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def faults(self) -> int:
        """How many were injected."""
        return self.caught + self.flagged + self.silent


@dataclass(frozen=True)
class Result:
    """Tallies by kind of fault, and what the checks did to right rows."""

    tallies: dict[str, Tally]
    right_rows: int
    held: int
    marked: int


#: Makes one fault of a kind in row `index` of a bulletin: the bulletin and the numbers of the wrong rows; None: not possible.
Injection = Callable[["Bench", Bulletin, int], tuple[Bulletin, Sequence[int]] | None]
KINDS: dict[str, Injection] = {}


def kind(function: Injection) -> Injection:
    """Register a kind of fault under the name of its function; its docstring is the table's description."""
    KINDS[function.__name__] = function
    return function


@dataclass
class Bench:
    """What injections draw from."""

    ground: Ground
    random: random.Random


# --- faults of the reading: the page is right, the row is not ---


def _reread(bulletin: Bulletin, index: int, **changes: Any) -> tuple[Bulletin, Sequence[int]]:
    if "year" in changes:
        changes |= {"time_period": str(changes["year"])}
    rows = list(bulletin.rows)
    rows[index] = rows[index] | changes
    return replace(bulletin, rows=tuple(rows)), [index]


def _is_level(row: Row) -> bool:
    return row["measure"] == "level" and row["indicator"] != ""


def _scaled(
    bulletin: Bulletin, index: int, factors: Iterable[float], bench: Bench
) -> tuple[Bulletin, Sequence[int]] | None:
    row = bulletin.rows[index]
    if not _is_level(row) or not row["value"]:
        return None
    return _reread(bulletin, index, value=row["value"] * bench.random.choice(list(factors)))


@kind
def value_10(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """value read ten times too great or small"""
    return _scaled(bulletin, index, (10, 0.1), bench)


@kind
def value_100(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """value read a hundred times too great or small"""
    return _scaled(bulletin, index, (100, 0.01), bench)


@kind
def value_10000(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """万 read twice or not at all"""
    return _scaled(bulletin, index, (1e4, 1e-4), bench)


@kind
def value_digit_lost(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a digit of the print lost in reading"""
    row = bulletin.rows[index]
    digits = f"{row['value']:.0f}" if row["value"] and row["value"] >= 10 else ""
    if not _is_level(row) or not digits:
        return None
    lost = bench.random.randrange(len(digits))
    value = float(digits[:lost] + digits[lost + 1 :])
    return None if value == row["value"] else _reread(bulletin, index, value=value)


@kind
def unit_other(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """户 read as 人, 人次 as 人, 个百分点 as %"""
    others = {"household": "person", "person": "household", "person_time": "person", "percentage_point": "percent",
              "percent": "percentage_point"}  # fmt: skip
    row = bulletin.rows[index]
    return _reread(bulletin, index, unit=others[row["unit"]]) if row["unit"] in others else None


@kind
def year_next(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a result read one year too early or late"""
    row = bulletin.rows[index]
    if not _is_level(row) or row["status"] != "actual":
        return None
    return _reread(bulletin, index, year=row["year"] + bench.random.choice((-1, 1)))


@kind
def year_far(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a result read as of a plan's target year, or of long ago"""
    row = bulletin.rows[index]
    if not _is_level(row) or row["status"] != "actual":
        return None
    return _reread(bulletin, index, year=row["year"] + bench.random.choice((-5, 4)))


@kind
def target_as_result(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a plan's figure read as a result"""
    row = bulletin.rows[index]
    return _reread(bulletin, index, status="actual") if row["status"] == "target" and _is_level(row) else None


@kind
def old_as_new(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """由420元提高到660元: the old value read as the new one"""
    row = bulletin.rows[index]
    return _reread(bulletin, index, status="actual") if row["status"] == "previous" else None


@kind
def rise_swapped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """由420元提高到660元: old and new value swapped"""
    row = bulletin.rows[index]
    for other in range(index + 1, len(bulletin.rows)):
        new = bulletin.rows[other]
        same = all(new[name] == row[name] for name in ("sentence", "indicator", "area", "unit", "label"))
        if row["status"] == "previous" and new["status"] == "actual" and same:
            rows = list(bulletin.rows)
            rows[index], rows[other] = row | {"status": "actual"}, new | {"status": "previous"}
            return replace(bulletin, rows=tuple(rows)), [index, other]
    return None


@kind
def last_years_column(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a table's column of last year read as this year's"""
    row = bulletin.rows[index]
    newest = max((other["year"] for other in bulletin.rows if other["status"] == "actual"), default=0)
    if "|" not in row["sentence"] or row["year"] != newest - 1 or not _is_level(row):
        return None
    return _reread(bulletin, index, year=newest)


@kind
def furniture(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a view count, a phone or a postal code let in as a figure"""
    text = bulletin.page["text"]
    found = list(
        re.finditer(
            r"(?:浏览次数|点击数|阅读|电话|邮编|传真|备案号?)[:：]?\s*[A-Za-z备\u4e00-\u9fff]{0,5}(\d{3,})", text
        )
    )
    if not found:
        return None
    match = bench.random.choice(found)
    start, end = match.span(1)
    line = text[text.rfind("\n", 0, start) + 1 : text.find("\n", end) if "\n" in text[end:] else len(text)]
    row = bulletin.rows[index] | {
        "observation_key": f"{start:016x}", "start": start, "end": end, "text": match.group(1),
        "value": float(match.group(1)), "value_high": None, "unit": "item", "per": "", "qualifier": "exact",
        "measure": "level", "status": "actual", "indicator": "", "label": match.group(0)[:2], "sentence": line.strip(),
        "period": "annual", "time_period": str(bulletin.rows[index]["year"]),
    }  # fmt: skip
    return replace(bulletin, rows=(*bulletin.rows, row)), [len(bulletin.rows)]


@kind
def part_for_whole(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """其中: the part read under the name of the whole"""
    row = bulletin.rows[index]
    before = bulletin.page["text"][max(row["start"] - 14, 0) : row["start"]]
    wholes = [
        other
        for other in bulletin.rows[:index]
        if other["unit"] == row["unit"] and other["sentence"] == row["sentence"]
    ]
    if not re.search(r"其中[^，,。；;、\d]*$", before) or not wholes or not wholes[-1]["indicator"]:
        return None
    whole = wholes[-1]
    named = {name: whole[name] for name in ("indicator", "label", "area", "status", "year")}
    return None if named["indicator"] == row["indicator"] else _reread(bulletin, index, **named)


def _neighbour(bulletin: Bulletin, index: int) -> int | None:
    """The next row of an enumeration with 分别 in which the same is said of two things."""
    if index + 1 >= len(bulletin.rows):
        return None
    row, after = bulletin.rows[index], bulletin.rows[index + 1]
    same = all(row[name] == after[name] for name in ("sentence", "unit", "measure", "status", "per"))
    differ = (row["indicator"], row["area"], row["label"]) != (after["indicator"], after["area"], after["label"])
    return index + 1 if same and differ and "分别" in row["sentence"] and row["value"] != after["value"] else None


@kind
def respectively_swapped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """分别: each of two values read as the other's"""
    other = _neighbour(bulletin, index)
    if other is None or not bulletin.rows[index]["indicator"]:
        return None
    rows = list(bulletin.rows)
    names = ("indicator", "area", "label")
    first, second = ({name: rows[number][name] for name in names} for number in (index, other))
    rows[index], rows[other] = rows[index] | second, rows[other] | first
    return replace(bulletin, rows=tuple(rows)), [index, other]


@kind
def area_flipped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a rural figure read as urban, or the other way"""
    flipped = {"urban": "rural", "rural": "urban"}
    row = bulletin.rows[index]
    return _reread(bulletin, index, area=flipped[row["area"]]) if row["area"] in flipped and _is_level(row) else None


@kind
def area_dropped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a figure of a part read as of the whole place"""
    row = bulletin.rows[index]
    return _reread(bulletin, index, area="all") if row["area"] in ("urban", "rural") and _is_level(row) else None


@kind
def per_flipped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a standard per year read as per month, or the other way"""
    flipped = {"year": "month", "month": "year"}
    row = bulletin.rows[index]
    return _reread(bulletin, index, per=flipped[row["per"]]) if row["per"] in flipped else None


@kind
def change_as_level(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """较上年增加25元 read as the standard itself"""
    row = bulletin.rows[index]
    if row["measure"] != "change" or not row["indicator"]:
        return None
    per = bench.ground.catalog.indicators[row["indicator"]].per if row["unit"] == "CNY" else ""
    return _reread(bulletin, index, measure="level", per=per)


@kind
def level_as_change(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """提高到870元 read as a rise by 870"""
    row = bulletin.rows[index]
    before = bulletin.page["text"][max(row["start"] - 3, 0) : row["start"]]
    return (
        _reread(bulletin, index, measure="change") if _is_level(row) and before.endswith(("到", "至", "达")) else None
    )


@kind
def flow_as_stock(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """新增 of a thing read as how many there are"""
    row = bulletin.rows[index]
    stock = row["indicator"].removesuffix("_new")
    if not row["indicator"].endswith("_new") or not _is_level(row):
        return None
    return _reread(bulletin, index, indicator=stock)


@kind
def indicator_other(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """another indicator of the same unit"""
    row, indicators = bulletin.rows[index], bench.ground.catalog.indicators
    if not _is_level(row):
        return None
    own = indicators[row["indicator"]]
    others = [item.code for item in indicators.values() if (item.unit, item.per) == (own.unit, own.per) and item != own]
    return _reread(bulletin, index, indicator=bench.random.choice(others)) if others else None


@kind
def place_other(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the city's figure read as one of a district or of the province"""
    row, places = bulletin.rows[index], bench.ground.catalog.places
    home = places.get(bulletin.page["place_code"])
    assert home is not None
    parent = places.get(home.parent)
    others = [place for place in (*places.children(home.code), parent) if place and place.valid_to is None]
    if row["place_code"] != home.code or not others:
        return None
    other = bench.random.choice(others)
    return _reread(bulletin, index, place=other.name, place_code=other.code)


@kind
def period_lost(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a half-year's figure read as the year's"""
    row = bulletin.rows[index]
    wanted = row["period"] == "partial" and row["status"] == "actual" and _is_level(row)
    year = str(row["year"])
    return _reread(bulletin, index, period="annual", time_period=year) if wanted else None


def _exact(row: Row) -> Period | None:
    """The part of a year that a right row names exactly, else None."""
    named = row["period"] == "partial" and row["status"] == "actual" and row["time_period"] != str(row["year"])
    return Period.parse(row["time_period"]) if named and row["measure"] == "level" else None


@kind
def month_as_year(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a month's or a quarter's figure read as the year's"""
    row = bulletin.rows[index]
    span = _exact(row)
    if span is None or span.months not in (1, 3):
        return None
    return _reread(bulletin, index, period="annual", time_period=str(row["year"]))


@kind
def quarter_as_cumulated(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a month or a quarter read as cumulated from January, or the other way"""
    span = _exact(bulletin.rows[index])
    if span is None or not span.months:
        return None
    other = span.ending(bench.random.choice((1, 3))) if span.cumulated else span.to_date
    if other == span or other.kind == "annual":
        return None
    return _reread(bulletin, index, time_period=other.notation)


@kind
def last_quarters_column(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a month's, a quarter's or a half-year's figure read as that of the one before"""
    row = bulletin.rows[index]
    span = _exact(row)
    if span is None or span.months not in (1, 3, 6) or span.before().year != row["year"]:
        return None
    return _reread(bulletin, index, time_period=span.before().notation)


@kind
def half_as_nine_months(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """what was counted up to a month read as counted up to another"""
    span = _exact(bulletin.rows[index])
    if span is None or not span.cumulated or not span.months:
        return None
    other = span.months + bench.random.choice([step for step in (-3, 3) if 1 < span.months + step < 12] or [1])
    return _reread(bulletin, index, time_period=Period.of_months(span.year, 1, other).notation)


@kind
def year_as_month(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the year's figure read as that of a month"""
    row = bulletin.rows[index]
    if row["period"] != "annual" or row["status"] != "actual" or not _is_level(row) or row["per"]:
        return None
    month = f"{row['year']}-{bench.random.randint(1, 12):02}"
    return _reread(bulletin, index, period="partial", time_period=month)


@kind
def qualifier_lost(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """6400余名 read as exactly 6400"""
    return _reread(bulletin, index, qualifier="exact") if bulletin.rows[index]["qualifier"] != "exact" else None


@kind
def span_shifted(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the span points one character aside"""
    row = bulletin.rows[index]
    return _reread(bulletin, index, start=row["start"] + 1, end=row["end"] + 1)


@kind
def read_twice(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """one number read as two"""
    return replace(bulletin, rows=(*bulletin.rows, bulletin.rows[index])), [len(bulletin.rows)]


# --- faults of the text: the page itself is wrong, and the row says what the page says ---


def _reprint(bulletin: Bulletin, index: int, text: str, **changes: Any) -> tuple[Bulletin, Sequence[int]]:
    """Print other words in the span of a row, and move what follows."""
    row, page = bulletin.rows[index], bulletin.page
    start, end, shift = row["start"], row["end"], len(text) - len(row["text"])
    sentence_at = page["text"].find(row["sentence"], max(start - len(row["sentence"]), 0))
    at = start - sentence_at
    reprinted = (
        row["sentence"][:at] + text + row["sentence"][at + len(row["text"]) :] if sentence_at >= 0 else row["sentence"]
    )
    rows = [
        other | {"start": other["start"] + shift * (other["start"] >= end), "end": other["end"] + shift * (other["end"] >= end)}
        | ({"sentence": reprinted} if other["sentence"] == row["sentence"] else {})
        for other in bulletin.rows
    ]  # fmt: skip
    rows[index] |= {"text": text, **changes}
    return Bulletin(page | {"text": page["text"][:start] + text + page["text"][end:]}, tuple(rows)), [index]


_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


def _misprint(
    bulletin: Bulletin, index: int, change: Callable[[str], str | None]
) -> tuple[Bulletin, Sequence[int]] | None:
    """Print other digits in a row's span; its value follows in proportion."""
    row = bulletin.rows[index]
    match = _DIGITS.match(row["text"])
    if not _is_level(row) or match is None or row["value_high"] is not None or not row["value"]:
        return None
    digits = change(match.group())
    before, after = float(match.group().replace(",", "")), float((digits or "0").replace(",", ""))
    if not after or after == before:
        return None
    value = round(row["value"] * after / before, 6)
    return _reprint(bulletin, index, digits + row["text"][match.end() :], value=value)  # type: ignore[operator]


@kind
def print_scale(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """万 printed for 亿, 亿 for 万, or 万 left out"""
    row = bulletin.rows[index]
    if not _is_level(row) or not row["value"]:
        return None
    for scale, others in {"亿": (("万", 1e-4),), "万": (("亿", 1e4), ("", 1e-4))}.items():
        if row["text"].count(scale) == 1:
            other, factor = bench.random.choice(others)
            return _reprint(bulletin, index, row["text"].replace(scale, other), value=round(row["value"] * factor, 6))
    return None


@kind
def print_digit_lost(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a digit before the decimal point not printed"""

    def lose(digits: str) -> str | None:
        whole, point, rest = digits.replace(",", "").partition(".")
        if len(whole) < 2:
            return None
        at = bench.random.randrange(len(whole))
        return whole[:at] + whole[at + 1 :] + point + rest

    return _misprint(bulletin, index, lose)


@kind
def print_digit_doubled(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a digit before the decimal point printed twice"""

    def double(digits: str) -> str:
        whole, point, rest = digits.replace(",", "").partition(".")
        at = bench.random.randrange(len(whole))
        return whole[: at + 1] + whole[at:] + point + rest

    return _misprint(bulletin, index, double)


@kind
def print_point_moved(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the decimal point one place aside"""

    def move(digits: str) -> str | None:
        whole, point, rest = digits.replace(",", "").partition(".")
        return f"{whole}{rest[0]}.{rest[1:]}".rstrip(".") if point else None

    return _misprint(bulletin, index, move)


@kind
def print_transposed(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the first two digits that differ change places"""

    def transpose(digits: str) -> str | None:
        plain = digits.replace(",", "")
        for at in range(len(plain) - 1):
            left, right = plain[at], plain[at + 1]
            if left.isdigit() and right.isdigit() and left != right and (at or right != "0"):
                return plain[:at] + right + left + plain[at + 2 :]
        return None

    return _misprint(bulletin, index, transpose)


@kind
def print_over_100(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a share above 100 %"""
    row = bulletin.rows[index]
    indicator = bench.ground.catalog.indicators.get(row["indicator"])
    if indicator is None or indicator.upper != 100 or not row["text"].endswith("%"):
        return None
    return _misprint(bulletin, index, lambda digits: f"1{digits.partition('.')[0].zfill(2)[-2:]}.5")


@kind
def print_household(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """户 printed for 人 and 人 for 户, read under the indicator of that unit"""
    row = bulletin.rows[index]
    sisters = {"dibao_persons": "dibao_households", "dibao_marginal_persons": "dibao_marginal_households"}
    sisters |= {household: person for person, household in sisters.items()}
    other = sisters.get(row["indicator"])
    if other is None or row["measure"] != "level" or not row["text"].endswith(("人", "户")):
        return None
    word = "户" if row["text"].endswith("人") else "人"
    unit = bench.ground.catalog.indicators[other].unit
    return _reprint(bulletin, index, row["text"][:-1] + word, unit=unit, indicator=other)


@kind
def print_swapped(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """分别: the two values printed in the wrong order"""
    other = _neighbour(bulletin, index)
    if other is None or not _is_level(bulletin.rows[index]):
        return None
    first, second = bulletin.rows[index], bulletin.rows[other]
    once, _ = _reprint(bulletin, other, first["text"], value=first["value"], qualifier=first["qualifier"])
    twice, _ = _reprint(once, index, second["text"], value=second["value"], qualifier=second["qualifier"])
    return twice, [index, other]


@kind
def print_last_year(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """last year's figure printed again"""
    row = bulletin.rows[index]
    same = ("place", "indicator", "area", "unit", "per", "measure", "status", "period", "label")
    if not _is_level(row):
        return None
    for other in bench.ground.bulletins:
        for old in other.rows:
            again = old["year"] == row["year"] - 1 and all(old[name] == row[name] for name in same)
            if again and other is not bulletin and old["value"] != row["value"]:
                return _reprint(bulletin, index, old["text"], value=old["value"], qualifier=old["qualifier"])
    return None


# --- further faults of the reading, last so that the draws of those above stay as they were ---


@kind
def district_as_city(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a district's or county's figure read as the city's"""
    row, home = bulletin.rows[index], bench.ground.catalog.places.get(bulletin.page["place_code"])
    assert home is not None
    own = row["place_code"] and bench.ground.catalog.places.get(row["place_code"])
    if not own or own.parent != home.code or not _is_level(row):
        return None
    return _reread(bulletin, index, place=home.name, place_code=home.code)


@kind
def institution_as_city(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a figure of one home read as that of all homes of the city"""
    row = bulletin.rows[index]
    whole = {"bed": "elderly_beds", "person": "elderly_institution_residents"}.get(row["unit"], "")
    one = row["indicator"] == "" and re.search(r"福利院|敬老院|养老院|颐养院|老年公寓", row["label"] + row["sentence"])
    if not one or row["measure"] != "level" or whole not in bench.ground.catalog.indicators:
        return None
    return _reread(bulletin, index, indicator=whole)


@kind
def task_as_result(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """a task's figure (完成任务2500张的102.8%, or a column of tasks) read as the result"""
    row = bulletin.rows[index]
    said = row["label"] + bulletin.page["text"][max(row["start"] - 8, 0) : row["end"] + 8]
    if row["status"] != "target" or not _is_level(row) or not re.search("任务|年度目标|年度计划", said):
        return None
    return _reread(bulletin, index, status="actual")


@kind
def read_in_part(bench: Bench, bulletin: Bulletin, index: int) -> tuple[Bulletin, Sequence[int]] | None:
    """the last digits of a number read as the number, span and text with them"""
    row = bulletin.rows[index]
    match = re.match(r"(\d[\d,]*\d)(?:\.\d+)?", row["text"])
    if match is None or not _is_level(row) or not row["value"] or row["value_high"] is not None:
        return None
    lost = bench.random.randrange(1, match.end(1))
    rest = row["text"][lost:].lstrip(",")
    if not rest[:1].isdigit() or not (part := float(re.match(r"[\d,.]+", rest).group().replace(",", ""))):  # type: ignore[union-attr]
        return None
    whole = float(match.group().replace(",", ""))
    return _reread(
        bulletin, index, text=rest, start=row["end"] - len(rest), value=round(row["value"] * part / whole, 6)
    )


# --- the measurement ---


def own_ground(catalog: Catalog, gold: Path | None = None) -> Ground:
    """The bulletins that the project has read by hand, and the sets in the folder `gold`."""
    sets = [sample_set(catalog), gold_set(_OWN_GOLD, catalog)]
    if gold:
        sets += [gold_set(folder, catalog) for folder in (gold / "seeds", gold / "dev")]
    bulletins = []
    for each in sets:
        by_page = _with_exact_periods(each, catalog).sort("start").partition_by("bulletin_key", as_dict=True)
        bulletins += [
            Bulletin(page, tuple(by_page[key,].to_dicts()))
            for page in each.pages.iter_rows(named=True)
            if (key := page["bulletin_key"],) in by_page
        ]
    return Ground(tuple(bulletins), catalog)


def _with_exact_periods(gold: GoldSet, catalog: Catalog) -> pl.DataFrame:
    """The observations by hand, with the exact period from the reader where it has the year and the class that they have."""
    key = ["bulletin_key", "start", "end", "year", "period"]
    exact = read_pages(gold.pages, catalog).observations.select(*key, "time_period").unique(key)
    by_hand = observations_of(gold, catalog)
    joined = by_hand.join(exact, on=key, how="left", suffix="_read", maintain_order="left")
    return joined.with_columns(time_period=pl.coalesce("time_period_read", "time_period")).select(by_hand.columns)


def measure(ground: Ground, *, seed: int, faults: int) -> Result:
    """Inject up to `faults` faults of each kind, and run the checks on each."""
    before = _findings(ground.bulletins, ground.catalog)
    held = {key for key, severity, _ in before if severity == "error"}
    marked = {key for key, severity, _ in before if severity == "warning"} - held
    tallies: dict[str, Tally] = {name: Tally() for name in KINDS}
    for batch in _batches(ground, list(_faults(ground, random.Random(seed), faults, held))):
        bulletins = list(ground.bulletins)
        for fault in batch:
            bulletins[fault.number] = fault.bulletin
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, severity, rule in _findings(bulletins, ground.catalog) - before:
            found[key].append((severity, rule))
        for fault in batch:
            tally = tallies[fault.kind]
            outcomes = [{severity for severity, _ in found[key]} for key in fault.wrong]
            if all("error" in outcome for outcome in outcomes):
                tally.caught += 1
            elif all(outcomes):
                tally.flagged += 1
            else:
                tally.silent += 1
            for rule in {rule for key in fault.wrong for _, rule in found[key]}:
                tally.rules[rule] += 1
    right = sum(len(bulletin.rows) for bulletin in ground.bulletins)
    return Result(tallies, right, len(held), len(marked))


def _faults(ground: Ground, chance: random.Random, faults: int, held: set[str]) -> Iterator[Fault]:
    """Faults of every kind, at rows drawn at random without repetition."""
    bench = Bench(ground, chance)
    places = [(number, index) for number, each in enumerate(ground.bulletins) for index in range(len(each.rows))]
    for name, inject in KINDS.items():
        chance.shuffle(places)
        made = 0
        for number, index in places:
            if made == faults:
                break
            bulletin = ground.bulletins[number]
            if bulletin.rows[index]["observation_key"] in held or (injected := inject(bench, bulletin, index)) is None:
                continue
            faulty, wrong = injected
            made += 1
            yield Fault(name, number, faulty, tuple(faulty.rows[row]["observation_key"] for row in wrong))


def _batches(ground: Ground, faults: Sequence[Fault]) -> Iterator[list[Fault]]:
    """Faults that do not meet: at most one for each city at a time."""
    waiting: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        waiting[ground.bulletins[fault.number].page["place_code"]].append(fault)
    while any(waiting.values()):
        yield [queue.pop() for queue in waiting.values() if queue]


def _findings(bulletins: Sequence[Bulletin], catalog: Catalog) -> set[tuple[str, str, str]]:
    """(observation_key, severity, rule) of all that the checks find."""
    pages = pl.DataFrame([bulletin.page for bulletin in bulletins], schema=dict(PAGES))
    observations = pl.DataFrame([row for bulletin in bulletins for row in bulletin.rows], schema=dict(OBSERVATIONS))
    broken = apply_rules(SUITE, evidence_of(observations, pages, catalog)).broken
    keys = observations["observation_key"].gather(broken["row"])
    return set(zip(keys, broken["severity"], broken["rule"], strict=True))


def table(result: Result) -> str:
    """The result as Markdown."""
    lines = ["| fault | faults | caught | flagged | silent | found by |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    total = Tally()
    for name, tally in result.tallies.items():
        rules = sorted(tally.rules, key=lambda rule: (-tally.rules[rule], rule))[:3]
        about = f"`{name}` {KINDS[name].__doc__}"
        lines.append(_line(about, tally, ", ".join(rules)))
        total.caught, total.flagged, total.silent = (
            total.caught + tally.caught, total.flagged + tally.flagged, total.silent + tally.silent,
        )  # fmt: skip
    lines.append(_line("all", total, ""))
    for name, chosen in (("the reading's faults", False), ("misprints", True)):
        some = Tally()
        for code, tally in result.tallies.items():
            if code.startswith("print_") == chosen:
                some.caught, some.flagged, some.silent = (
                    some.caught + tally.caught, some.flagged + tally.flagged, some.silent + tally.silent,
                )  # fmt: skip
        lines.append(_line(name, some, ""))
    held, marked = result.held / result.right_rows, result.marked / result.right_rows
    lines.append(
        f"\nOf {result.right_rows} right rows {result.held} held back ({held:.2%}), {result.marked} marked ({marked:.2%})."
    )
    return "\n".join(lines)


def _line(about: str, tally: Tally, rules: str) -> str:
    shares = [
        f"{count / tally.faults:.0%}" if tally.faults else "" for count in (tally.caught, tally.flagged, tally.silent)
    ]
    return f"| {about} | {tally.faults} | {' | '.join(shares)} | {rules} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="folder with the sets seeds and dev")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=int, default=40, help="of each kind")
    parser.add_argument("--json", type=Path, help="write the counts there")
    arguments = parser.parse_args()
    result = measure(own_ground(load_catalog(), arguments.gold), seed=arguments.seed, faults=arguments.faults)
    print(table(result))
    if arguments.json:
        counts = {name: [each.caught, each.flagged, each.silent] for name, each in result.tallies.items()}
        arguments.json.write_text(json.dumps({"faults": counts, "right_rows": result.right_rows, "held": result.held,
                                              "marked": result.marked}, indent=1), encoding="utf-8")  # fmt: skip


if __name__ == "__main__":
    main()

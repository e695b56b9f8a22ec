"""The files of `catalog/` as typed, immutable objects.

Here belongs how a knowledge file is read and checked: one clear error for each bad entry, with the file, the line and what to
do. What the entries mean for reading is in the modules that use them; the entries themselves are data and never code.
"""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bulletins.places import Place, Places

CATALOG_FOLDER = Path(__file__).resolve().parents[1] / "catalog"

UNITS = frozenset(
    [
        "person",
        "person_time",
        "household",
        "couple",
        "CNY",
        "percent",
        "percentage_point",
        "multiple",
        "ratio",
        "bed",
        "item",
        "m2",
        "other",
    ]
)
KINDS = frozenset(["standard", "stock", "flow", "rate", "amount"])
PERIODS_PAID = frozenset(["", "day", "month", "year"])
ADDITIVITIES = frozenset(["places_years", "places", "none"])
WANTED = frozenset(["more", "less"])
WORD_KINDS = frozenset(["topic", "people", "verb", "aspect", "counter"])
LEVELS = frozenset(["country", "province", "prefecture", "county"])
NO_QUANTITY_PLACES = frozenset(["behind", "chinese_behind", "ahead", "whole", "light", "tenths", "fold"])
BODY_ROLES = frozenset(
    ["seat", "house", "part", "firm", "fund", "indefinite", "person", "same", "tier", "class", "deed", "surname"]
)
NO_QUANTITY_VERDICTS = frozenset(["date", "ordinal", "identifier", "name"])


class CatalogError(ValueError):
    """An entry of a knowledge file that cannot be used: names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One catalogued indicator: what a figure must be to bear its code."""

    code: str
    domain: str
    name_zh: str
    name_en: str
    unit: str
    per: str  # period that a standard is paid for: month or empty
    kind: str  # standard, stock, flow, rate or amount
    definition: str
    official_code: str  # item code of the ministry's statistical forms, or empty
    lower: float | None  # what no right figure falls below, in the unit above
    upper: float | None
    additive: str  # over what it may be summed: places_years, places or none
    wanted: str = "more"  # whether a plain number in a plan is met by more or by less


class UnitWord(NamedTuple):
    """A counter or money word as printed, and what it stands for."""

    word: str
    unit: str
    factor: float


class NoQuantity(NamedTuple):
    """A word that makes the numeral beside it no quantity.

    Attributes:
        place: where it stands: `behind` a number, `chinese_behind` Chinese numerals only, `ahead` where its last character only
            looks like a numeral (人数, 唯一), `whole` where it holds the numeral, `light` for counters that give a Chinese
            numeral no weight, `tenths` and `fold` behind 成 and 折 where these open another word.
        word: the word.
        unless: what must not follow it.
        verdict: what the numeral is instead: date, ordinal, identifier or name.
        reason: why, in one phrase for the ledger.
    """

    place: str
    word: str
    unless: tuple[str, ...]
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alias:
    """One way in which bulletins speak of an indicator, as sets of words that must and must not stand near the number.

    Attributes:
        indicator: the catalogue code that the words speak for.
        own: groups of alternative words; of every group one word stands in the number's own clause. `>社区` stands right
            behind the number, `<社区` right before it, `#项` is its counter.
        near: groups of which one word stands in the own clause or in the context that is carried to it.
        tolerated: further subjects of which the own clause may speak and yet go on about what was said before.
        without: words that rule the reading out when they stand in the own clause.
        units: the units that a number may have to be read so; empty means the indicator's own.
        reach: how far `near` may look: own, sentence, paragraph or section.
        weight: added to the length of the matched words when several indicators fit.
    """

    indicator: str
    own: tuple[tuple[str, ...], ...]
    near: tuple[tuple[str, ...], ...]
    tolerated: tuple[str, ...]
    without: tuple[str, ...]
    units: frozenset[str]
    reach: str
    weight: float


@dataclass(frozen=True)
class Catalog:
    """All that is known beside the bulletins."""

    indicators: Mapping[str, Indicator]
    units: tuple[UnitWord, ...]
    words: Mapping[str, tuple[str, ...]]  # named word lists, as aliases and context rules refer to them
    topics: frozenset[str]  # the words that say what a clause is about; a clause without one goes on about the last
    people: frozenset[str]  # subjects that many figures share: whom something was done for
    verbs: frozenset[str]  # the words that say what was done; the members of an enumeration share the first one's
    aliases: tuple[Alias, ...]
    places: Places
    version: str = field(repr=False)  # sha256 of the files that reading depends on
    currencies: tuple[str, ...] = ()  # names of foreign money, before or behind its digits
    no_quantities: tuple[NoQuantity, ...] = ()  # words that make the numeral beside them no quantity
    bodies: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # by role, the words that tell one body from many


def load_catalog(folder: Path | None = None) -> Catalog:
    """Read and check the knowledge files of `folder`; the project's own are read once a process.

    Raises:
        CatalogError: an entry cannot be used.
    """
    return _load(CATALOG_FOLDER if folder is None else folder.resolve())


@functools.cache
def _load(folder: Path) -> Catalog:
    indicators = {item.code: item for item in _indicators(folder / "indicators.csv")}
    words, kinds = _words(folder / "words.csv")
    return Catalog(
        indicators=indicators,
        units=tuple(_units(folder / "units.csv")),
        words=words,
        topics=kinds["topic"] | kinds["people"],
        people=kinds["people"],
        verbs=kinds["verb"],
        aliases=tuple(_aliases(folder / "aliases.csv", indicators, words)),
        places=Places(_places(folder / "places.csv")),
        currencies=tuple(row["word"] for _, row in _rows(folder / "currencies.csv", ["word", "example"])),
        no_quantities=tuple(_no_quantities(folder / "no_quantities.csv")),
        bodies=_bodies(folder / "bodies.csv"),
        version=_version(folder),
    )


_FILES = (
    "indicators.csv",
    "units.csv",
    "currencies.csv",
    "no_quantities.csv",
    "bodies.csv",
    "words.csv",
    "aliases.csv",
    "places.csv",
)


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _rows(path: Path, required: Iterable[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a CSV file, each with the words that an error begins with."""
    try:
        handle = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise CatalogError(
            f"{path}: cannot be read ({error.strerror}); restore the file from the repository"
        ) from error
    with handle:
        reader = csv.DictReader(handle)
        if absent := set(required) - set(reader.fieldnames or ()):
            raise CatalogError(f"{path}: column(s) {', '.join(sorted(absent))} missing in the head; add them")
        for row in reader:
            where = f"{path.name}, line {reader.line_num}"
            if None in row or any(value is None for value in row.values()):
                raise CatalogError(f"{where}: has another number of cells than the head; quote cells that hold commas")
            yield where, {key: value.strip() for key, value in row.items()}


def _one_of(value: str, allowed: frozenset[str], what: str, where: str) -> str:
    if value not in allowed:
        raise CatalogError(f"{where}: {what} «{value}» is not known; use one of {', '.join(sorted(allowed))}")
    return value


def _number(value: str, what: str, where: str) -> float | None:
    try:
        return float(value) if value else None
    except ValueError as error:
        raise CatalogError(f"{where}: {what} «{value}» is not a number; write digits or leave it empty") from error


def _indicators(path: Path) -> Iterator[Indicator]:
    seen: set[str] = set()
    columns = [
        "code",
        "domain",
        "name_zh",
        "name_en",
        "unit",
        "per",
        "kind",
        "definition_zh",
        "official_code",
        "lower",
        "upper",
        "additive",
        "wanted",
    ]
    for where, row in _rows(path, columns):
        if not row["code"].isidentifier() or row["code"] in seen:
            raise CatalogError(f"{where}: code «{row['code']}» is not a new identifier; give each indicator its own")
        seen.add(row["code"])
        yield Indicator(
            code=row["code"],
            domain=row["domain"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            unit=_one_of(row["unit"], UNITS, "unit", where),
            per=_one_of(row["per"], PERIODS_PAID, "per", where),
            kind=_one_of(row["kind"], KINDS, "kind", where),
            definition=row["definition_zh"],
            official_code=row["official_code"],
            lower=_number(row["lower"], "lower", where),
            upper=_number(row["upper"], "upper", where),
            additive=_one_of(row["additive"], ADDITIVITIES, "additive", where),
            wanted=_one_of(row["wanted"], WANTED, "wanted", where),
        )


def _units(path: Path) -> Iterator[UnitWord]:
    for where, row in _rows(path, ["word", "unit", "factor"]):
        factor = _number(row["factor"], "factor", where)
        if not row["word"] or not factor:
            raise CatalogError(f"{where}: a unit needs a word and a factor above zero")
        yield UnitWord(row["word"], _one_of(row["unit"], UNITS, "unit", where), factor)


def _no_quantities(path: Path) -> Iterator[NoQuantity]:
    for where, row in _rows(path, ["place", "word", "unless", "verdict", "reason", "example"]):
        if not row["word"] or not row["reason"]:
            raise CatalogError(f"{where}: an entry needs a word and a reason")
        yield NoQuantity(
            _one_of(row["place"], NO_QUANTITY_PLACES, "place", where),
            row["word"],
            tuple(row["unless"].split()),
            _one_of(row["verdict"], NO_QUANTITY_VERDICTS, "verdict", where),
            row["reason"],
        )


def _bodies(path: Path) -> dict[str, tuple[str, ...]]:
    roles: dict[str, tuple[str, ...]] = {}
    for where, row in _rows(path, ["role", "words", "example"]):
        role, words = _one_of(row["role"], BODY_ROLES, "role", where), tuple(filter(None, row["words"].split("|")))
        if role in roles or not words:
            raise CatalogError(f"{where}: role «{role}» has no words or stands twice; write all its words in one row")
        roles[role] = words
    if absent := BODY_ROLES - set(roles):
        raise CatalogError(f"{path}: role(s) {', '.join(sorted(absent))} missing; add a row for each")
    return roles


def _words(path: Path) -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    groups: dict[str, tuple[str, ...]] = {}
    by_kind: dict[str, set[str]] = {kind: set() for kind in WORD_KINDS}
    for where, row in _rows(path, ["group", "kind", "words"]):
        if not row["group"].isidentifier() or row["group"] in groups:
            raise CatalogError(f"{where}: group «{row['group']}» is not a new identifier; give each group its own name")
        groups[row["group"]] = tuple(_expand(row["words"], groups, where))
        by_kind[_one_of(row["kind"], WORD_KINDS, "kind", where)].update(groups[row["group"]])
    return groups, {kind: frozenset(words) for kind, words in by_kind.items()}


def _expand(cell: str, groups: Mapping[str, tuple[str, ...]], where: str) -> list[str]:
    """The words of `a|b|@group`, where @group stands for all words of a named group."""
    words: list[str] = []
    for word in filter(None, (part.strip() for part in cell.split("|"))):
        if not word.startswith("@"):
            words.append(word)
        elif word[1:] in groups:
            words.extend(groups[word[1:]])
        else:
            raise CatalogError(
                f"{where}: word group «{word}» is not defined above; define it in words.csv or mend the name"
            )
    return list(dict.fromkeys(words))


def _aliases(path: Path, indicators: Mapping[str, Indicator], words: Mapping[str, tuple[str, ...]]) -> Iterator[Alias]:
    reaches = frozenset(["own", "sentence", "paragraph", "section"])
    for where, row in _rows(path, ["indicator", "own", "near", "without", "units", "reach", "weight"]):
        if row["indicator"] not in indicators:
            raise CatalogError(f"{where}: indicator «{row['indicator']}» is not in indicators.csv; add it there first")

        def groups(cell: str, where: str = where) -> tuple[tuple[str, ...], ...]:
            return tuple(tuple(_expand(group, words, where)) for group in cell.split("+") if group.strip())

        asked = [group.strip() for group in row["near"].split("+")]
        own, near = groups(row["own"]), groups("+".join(group for group in asked if not group.startswith("~")))
        tolerated = groups("+".join(group[1:] for group in asked if group.startswith("~")))
        if not own and not near:
            raise CatalogError(f"{where}: an alias needs words, in the column own or near")
        yield Alias(
            indicator=row["indicator"],
            own=own,
            near=near,
            tolerated=tuple(word for group in tolerated for word in group),
            without=tuple(_expand(row["without"], words, where)),
            units=frozenset(_one_of(unit, UNITS, "unit", where) for unit in row["units"].split()),
            reach=_one_of(row["reach"] or "sentence", reaches, "reach", where),
            weight=_number(row["weight"], "weight", where) or 0.0,
        )


def _places(path: Path) -> Iterator[Place]:
    columns = ["code", "name", "short_names", "level", "parent", "valid_from", "valid_to", "successor", "parts"]
    for where, row in _rows(path, columns):
        if len(row["code"]) != 6 or not row["code"].isdigit():
            raise CatalogError(f"{where}: code «{row['code']}» is not six digits of GB/T 2260")
        valid_from, valid_to = (_number(row[name], name, where) for name in ("valid_from", "valid_to"))
        yield Place(
            code=row["code"],
            name=row["name"],
            short_names=tuple(filter(None, row["short_names"].split(";"))),
            level=_one_of(row["level"], LEVELS, "level", where),
            parent=row["parent"],
            valid_from=int(valid_from or 0),
            valid_to=None if valid_to is None else int(valid_to),
            successor=row["successor"],
            parts=tuple(row["parts"].split()),
        )

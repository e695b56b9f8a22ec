"""How right the reading is on bulletins read by hand, and whether it accounts for every number; with `--gate`, a check.

    python -m benchmarks.accuracy [--gold DIR] [--gate] [--errors]

Without `--gold`: the annotated bulletins of `tests/gold`, the sample bureaus, and what lies in `../shared/gold`, if anything. The
definitions are in `scoring.py`. The floors below which the gate fails are data, `floors.json`; they rise with the reader, and
fall only with a reason, written beside them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from benchmarks.gold import GoldSet, codes_of_annotators, gold_set, sample_set, table_set
from benchmarks.scoring import CONTEXT, MEASURES, Row, Tally, score
from bulletins.catalog import Catalog, load_catalog
from bulletins.read import Reading, read_pages
from expectations.readback import unit_agrees, value_agrees, with_readback

_ROOT = Path(__file__).resolve().parents[1]
_FLOORS = _ROOT / "benchmarks" / "floors.json"
_OWN = _ROOT / "tests" / "gold"
_BESIDE = _ROOT.parent / "shared" / "gold"
_TO_BE_EMPTY = ("without_verdict", "not_read_back", "out_of_nothing")


class Accuracy(NamedTuple):
    """What was measured on one set; the last three are to be 0."""

    name: str
    tally: Tally
    without_verdict: list[str]  # numbers of the pages that the ledger does not hold
    not_read_back: list[str]  # spans that do not print what is said of them
    out_of_nothing: list[str]  # numbers read in pages that state none


def main() -> None:
    """Print the table; exit with 1 where the gate is asked for and a set falls below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="a folder with docs.jsonl, or one that holds such folders")
    parser.add_argument("--gate", action="store_true", help="fail below the floors of benchmarks/floors.json")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    arguments = parser.parse_args()

    catalog = load_catalog()
    results = []
    for gold, codes in gold_sets(arguments.gold, catalog):
        reading = read_pages(gold.pages, catalog)
        results.append(measure(gold, reading, catalog, codes))
        if arguments.errors:
            _print_faults(results[-1])
    _print_table(results)
    if arguments.gate and (failures := list(below_floors(results, json.loads(_FLOORS.read_text("utf-8"))["floors"]))):
        print("\nbelow the floors of benchmarks/floors.json:\n  " + "\n  ".join(failures))
        sys.exit(1)


def gold_sets(folder: Path | None, catalog: Catalog) -> Iterator[tuple[GoldSet, frozenset[str]]]:
    """The sets of `folder`, or all that there are, each with the indicators that its annotators knew."""
    known = frozenset(catalog.indicators)
    if folder is None:
        yield gold_set(_OWN, catalog)._replace(name="tests/gold"), known
        yield sample_set(catalog), known
        yield table_set(_OWN / "tables", catalog), codes_of_annotators(_OWN / "tables", catalog)
    place = (folder or _BESIDE).resolve()
    found = sorted([*place.glob("docs.jsonl"), *place.glob("*/docs.jsonl")])
    if folder is not None and not found:
        sys.exit(
            f"{folder}: no docs.jsonl in it or in a folder of it; name a folder that holds one with its texts and readings"
        )
    for docs in found:
        yield gold_set(docs.parent, catalog), codes_of_annotators(docs.parent, catalog)


def measure(gold: GoldSet, reading: Reading, catalog: Catalog, codes: frozenset[str]) -> Accuracy:
    """Score the reading of a set's pages and check its ledger against their texts."""
    result = Accuracy(gold.name, Tally(), [], _not_read_back(reading, gold.pages, catalog), [])
    observed, ledger = _by_page(reading.observations), _by_page(reading.ledger)
    for key, text in gold.pages.select("bulletin_key", "text").iter_rows():
        page = score(gold.rows[key], observed.get(key, []), codes)
        result = result._replace(tally=result.tally + page)
        result.without_verdict.extend(without_verdict(text, ledger.get(key, [])))
        if not page.counts["gold"]:
            result.out_of_nothing.extend(fault.read["text"] for fault in page.faults if fault.read)
    return result


def _by_page(frame: pl.DataFrame) -> dict[str, list[Row]]:
    pages: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        pages.setdefault(row["bulletin_key"], []).append(row)
    return pages


#: What must have a verdict: digits, and Chinese numerals that a statistic is written in.
_NUMBER = re.compile(
    r"\d+"
    r"|[百千]分之[零一二三四五六七八九十百点两]+"
    r"|(?<![一二三四五六七八九十])[一二三四五六七八九]成(?=[以左的多，。、；])"
    r"|[一二两三四五六七八九十][零一二两三四五六七八九十百千]*[百千万亿][零一二两三四五六七八九十百千万亿]*(?=[余多]?(?:人|名|户|元|对|张|家|个))"
)


def without_verdict(text: str, ledger: Sequence[Row]) -> list[str]:
    """The numbers of `text` that no span of its ledger holds."""
    covered = bytearray(len(text))
    for row in ledger:
        covered[row["start"] : row["end"]] = b"\1" * (row["end"] - row["start"])
    return [found.group() for found in _NUMBER.finditer(text) if not all(covered[found.start() : found.end()])]


def _not_read_back(reading: Reading, pages: pl.DataFrame, catalog: Catalog) -> list[str]:
    """Spans that print something else than is said of them: other characters, another value, another unit."""
    texts = dict(pages.select("bulletin_key", "text").iter_rows())
    spans = pl.concat([frame.select("bulletin_key", "start", "end", "text") for frame in reading])
    moved = [text for key, start, end, text in spans.iter_rows() if texts[key][start:end] != text]
    agrees = (value_agrees() & (unit_agrees() | (pl.col("read_counter") == ""))).fill_null(True)
    misread = with_readback(reading.observations, catalog).filter(~agrees)
    return [
        *moved,
        *(f"{text} = {value:g} {unit}" for text, value, unit in misread["text", "value", "unit"].iter_rows()),
    ]


def below_floors(results: Sequence[Accuracy], floors: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """What falls short: an F1 below its floor; more than 0, or than a stated number, of what is to be none."""
    for result in results:
        limits = floors.get(result.name, {})
        for name in MEASURES:
            if (reached := result.tally.f1(name).f1) < limits.get(name, 0.0):
                yield f"{result.name}: {name} F1 {reached:.4f} is below {limits[name]}"
        for name in _TO_BE_EMPTY:
            found, most = getattr(result, name), int(limits.get(name, 0))
            if len(found) > most:
                yield f"{result.name}: {name} {len(found)} is above {most}: {'  '.join(found[:5])}"


def _print_table(results: list[Accuracy]) -> None:
    """One line a set, and below it which fields of the right numbers are right."""
    heads = [*(f"{name} F1" for name in MEASURES), *(name.replace("_", " ") for name in _TO_BE_EMPTY)]
    print(f"{'set':<12}{'numbers':>8}" + "".join(f"{head:>17}" for head in heads))
    for result in results:
        figures = "".join(f"{result.tally.f1(name).f1:>17.4f}" for name in MEASURES)
        zeros = "".join(f"{len(getattr(result, name)):>17}" for name in _TO_BE_EMPTY)
        print(f"{result.name:<12}{result.tally.counts['gold']:>8}{figures}{zeros}")
    print(f"\n{'context of right numbers':<24}" + "".join(f"{name:>10}" for name in CONTEXT))
    for result in results:
        right = result.tally.counts["quantity"] or 1
        print(f"{result.name:<24}" + "".join(f"{result.tally.counts[name] / right:>10.3f}" for name in CONTEXT))


def _print_faults(result: Accuracy) -> None:
    for kind, expected, read in result.tally.faults:
        print(f"{result.name}  {kind}\n    by hand {_shown(expected)}\n    read    {_shown(read)}")
    for name in _TO_BE_EMPTY:
        for found in getattr(result, name):
            print(f"{result.name}  {name}: {found}")


def _shown(row: Row | None) -> str:
    if row is None:
        return "-"
    fields = " ".join(str(row[name]) for name in (*CONTEXT, "indicator", "label") if row.get(name))
    return f"{row['start']}:{row['text']} = {row['value']:g} {row['unit']} {fields}"


if __name__ == "__main__":
    main()

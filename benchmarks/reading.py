"""What reading costs, as ratios: ours against JioNLP, the Microsoft recognizers and cn2an on the same texts in one run, and against itself.

    python -m benchmarks.reading [--no-peers]

Two tables: MB/s of text (UTF-8; processor time of one core, warm) and how many (value, unit) of the bulletins read by hand each got right; how time and
memory grow with the length of one page. Ours makes full records, with place, year, status and indicator; the others find quantities.
Ours keeps what it made of a phrase, so that it is measured twice: on texts that it never read before, and on texts whose words it knows.

The peers are the dependency group `peers` of pyproject.toml. They are installed with uv into an environment of their own below
$XDG_CACHE_HOME (or ~/.cache), once: `uv venv PATH && uv pip install --python PATH --group peers`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from benchmarks.accuracy import gold_sets
from bulletins.catalog import load_catalog
from bulletins.frames import PAGES, conform
from bulletins.read import read_pages

_ROOT = Path(__file__).resolve().parents[1]
_ENVIRONMENT = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "minzheng" / "peers"
_READY = "ready for cn2an, jionlp, recognizers"  # a file that tells that the environment has them all
_PASSES = 5
_PROCESSES = 3
_SIZES = (1, 10)  # MB of one page


class Quantity(NamedTuple):
    """What a library found at one place of a text."""

    start: int
    end: int
    value: float
    unit: str


class Result(NamedTuple):
    """One library over all texts."""

    name: str
    seconds: float
    found: Sequence[Sequence[Quantity]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="measure ours alone; installs nothing")
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)  # in a process that has read none of it
    parser.add_argument("--one-page", type=int, metavar="MB", help=argparse.SUPPRESS)  # in a process of its own: memory
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    if arguments.one_page:
        print(json.dumps(_one_page(arguments.one_page)))
        return

    sets = [gold for gold, _ in gold_sets(None, load_catalog())]
    pages = pl.concat([gold.pages for gold in sets])
    by_hand = [rows for gold in sets for rows in gold.rows.values()]
    texts = pages["text"].to_list()
    size = sum(len(text.encode()) for text in texts) / 1e6
    if arguments.first:
        print(json.dumps({"seconds": _first(pages)}))
        return
    again = _ours(pages)
    first = min(_in_own_process("--first")["seconds"] for _ in range(_PROCESSES))
    results = [again._replace(name="minzheng, never read", seconds=first), again] + (
        [] if arguments.no_peers else run_peers(texts)
    )

    wanted = sum(not row.get("optional") for rows in by_hand for row in rows)
    print(f"{len(texts)} bulletins, {size:.2f} MB, {wanted} numbers read by hand\n")
    print(f"{'':<24}{'MB/s':>8}{'ours is':>18}{'value right':>14}{'value and unit':>16}")
    for result in results:
        values, quantities = right(by_hand, result.found)
        speed, ratio = f"{size / result.seconds:.2f}", f"{result.seconds / results[0].seconds:.2g} × as fast"
        print(f"{result.name:<24}{speed:>8}{ratio:>18}{values / wanted:>14.1%}{quantities / wanted:>16.1%}")

    print(f"\n{'one page of':<16}{'seconds':>10}{'MB/s':>8}{'peak MB':>10}{'of it reading':>15}")
    grown = [_in_own_process("--one-page", str(megabytes)) for megabytes in _SIZES]
    for megabytes, page in zip(_SIZES, grown, strict=True):
        print(
            f"{megabytes:>3} MB          {page['seconds']:>10.2f}{megabytes / page['seconds']:>8.2f}{page['peak']:>10.0f}{page['grown']:>15.0f}"
        )
    times = grown[1]["seconds"] / grown[0]["seconds"]
    print(f"{_SIZES[1] // _SIZES[0]} times the text takes {times:.1f} times as long")


def right(by_hand: Sequence[Sequence[Mapping[str, Any]]], found: Sequence[Sequence[Quantity]]) -> tuple[int, int]:
    """How many numbers read by hand were found with their value, and how many of these with their unit too."""
    values = quantities = 0
    for rows, quantities_found in zip(by_hand, found, strict=True):
        for row in rows:
            if row.get("optional"):
                continue
            equal = [
                quantity
                for quantity in quantities_found
                if quantity.start < row["end"]
                and row["start"] < quantity.end
                and math.isclose(quantity.value, row["value"], rel_tol=1e-9, abs_tol=1e-9)
            ]
            values += bool(equal)
            quantities += any(quantity.unit == row["unit"] for quantity in equal)
    return values, quantities


def _ours(pages: pl.DataFrame) -> Result:
    reading = read_pages(pages)
    seconds = min(_timed(pages) for _ in range(_PASSES))
    found: dict[str, list[Quantity]] = {key: [] for key in pages["bulletin_key"]}
    for key, *quantity in reading.observations.select("bulletin_key", *Quantity._fields).iter_rows():
        found[key].append(Quantity(*quantity))
    return Result("minzheng, words known", seconds, list(found.values()))


def _first(pages: pl.DataFrame) -> float:
    """How long it takes to read texts for the first time, in a process that has read one sentence."""
    read_pages(pages[:1].with_columns(text=pl.lit("2020年，全市共有孤儿12名，发放基本生活费1.2万元。")))
    return _timed(pages)


def _timed(pages: pl.DataFrame) -> float:
    begin = time.process_time()
    read_pages(pages)
    return time.process_time() - begin


def run_peers(texts: Sequence[str]) -> list[Result]:
    """The peers over the same texts, on the same core, in the environment that has them."""
    python = _ENVIRONMENT / "bin" / "python"
    if not (_ENVIRONMENT / _READY).exists():
        uv = Path(sys.executable).with_name("uv")
        print(f"installing the peers into {_ENVIRONMENT}", file=sys.stderr)
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, _ENVIRONMENT], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "--group", "peers"], check=True, cwd=_ROOT)
        (_ENVIRONMENT / _READY).touch()
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder, "texts.json"), Path(folder, "results.json")
        given.write_text(json.dumps(texts), "utf-8")
        script = Path(__file__).with_name("peers.py")
        subprocess.run([python, "-W", "ignore", script, given, taken], check=True, stdout=subprocess.DEVNULL)
        results = json.loads(taken.read_text("utf-8"))
    return [
        Result(name, result["seconds"], [[Quantity(*quantity) for quantity in of_text] for of_text in result["found"]])
        for name, result in results.items()
    ]


def _in_own_process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reading", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _one_page(megabytes: int) -> dict[str, float]:
    """Read one page of that size: seconds, the process's peak of memory in MB, and how much of it came by reading."""
    catalog = load_catalog()
    sets = [gold for gold, _ in gold_sets(None, catalog)]
    texts = [text for gold in sets for text in gold.pages["text"]]
    warm, page = sets[0].pages, dict(sets[0].pages.row(0, named=True))
    page["text"] = long_text(texts, megabytes * 1_000_000)
    read_pages(warm, catalog)
    frame = conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES)
    before = _peak()
    seconds = _timed(frame)
    return {"seconds": seconds, "peak": _peak(), "grown": _peak() - before}


def long_text(texts: Sequence[str], size: int) -> str:
    """A text of about `size` bytes: the texts again and again, each time with other figures, but for years."""
    chance = random.Random(0)
    pieces: list[str] = []
    while size > 0:
        for text in texts:
            pieces.append(re.sub(r"(?<!\d)(?!20\d\d)[1-9]\d*", lambda found: _other(found.group(), chance), text))
            size -= len(pieces[-1].encode())
            if size <= 0:
                break
    return "\n".join(pieces)


def _other(digits: str, chance: random.Random) -> str:
    return str(chance.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

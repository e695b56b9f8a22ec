"""Numbers printed in fifty styles, read by ours and by other libraries: which are right, which are left, which are read wrong.

    python -m benchmarks.number_kinds [--each N] [--peers N]

Every style of `number_styles.py` is printed `--each` times in a sentence and read by ours, and `--peers` times by the peers of
`benchmarks/reading.py` too (0 leaves them out). A reading is right where the one value found in the sentence is the one printed (of a
range or a vague number, the lower end), wrong where another is found, and left where none is. cn2an turns numerals into digits, so that
its value is the first number of what it makes of the sentence.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from benchmarks.number_styles import STYLES, Printed
from benchmarks.reading import run_peers
from bulletins.catalog import load_catalog
from bulletins.text.normalise import normalise
from bulletins.text.numbers import NumberFinder

_CONTEXTS = [
    ("共计", "。"),
    ("其中：", "，"),
    ("达到", "；"),
    ("支出", "，同比持平"),
    ("较上年的", "有所变化"),
    ("惠及群众", ""),
]


class Sentence(NamedTuple):
    """A sentence with one number, and the number."""

    style: str
    text: str
    printed: Printed


def sentences(each: int, seed: int = 0) -> Iterator[Sentence]:
    """`each` sentences of every style, the same for the same seed."""
    for name, style in STYLES.items():
        chance = Random(f"{seed} {name}")
        for _ in range(each):
            printed = style(chance)
            before, after = ("增幅", "。") if printed.text.startswith("-") else chance.choice(_CONTEXTS)
            yield Sentence(name, before + printed.text + after, printed)


def verdict(printed: Printed, values: Sequence[float]) -> str:
    """`right`, `wrong` or `left`: what a library made of a sentence with one number."""
    if not values:
        return "left"
    right = len(values) == 1 and math.isclose(values[0], printed.low, rel_tol=1e-9, abs_tol=1e-12)
    return "right" if right else "wrong"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=2500, help="sentences of each style for ours")
    parser.add_argument(
        "--peers", type=int, default=20, help="sentences of each style for the peers; 0 leaves them out"
    )
    arguments = parser.parse_args()

    finder = NumberFinder(load_catalog().units)
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for sentence in sentences(arguments.each):
        found = [number.value for number in finder.find(normalise(sentence.text).text) if number.verdict == "quantity"]
        counts["minzheng"][sentence.style][verdict(sentence.printed, found)] += 1
    if arguments.peers:
        some = list(sentences(arguments.peers, seed=1))
        for result in run_peers([sentence.text for sentence in some]):
            for sentence, quantities in zip(some, result.found, strict=True):
                said = verdict(sentence.printed, [quantity.value for quantity in quantities])
                counts[result.name][sentence.style][said] += 1
    _print(counts)


def _print(counts: dict[str, dict[str, Counter[str]]]) -> None:
    print(f"{len(STYLES)} styles; share of the sentences that are right, and that are read wrong\n")
    print(f"{'':<24}" + "".join(f"{name:>26}" for name in counts))
    for style in [*STYLES, "all"]:
        cells = []
        for of_style in counts.values():
            tally = sum(of_style.values(), Counter()) if style == "all" else of_style[style]
            total = tally.total()
            cells.append(f"{tally['right'] / total:>14.1%} {tally['wrong'] / total:>11.1%}")
        print(f"{style:<24}" + "".join(cells))


if __name__ == "__main__":
    main()

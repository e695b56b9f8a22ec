"""What this tree costs against another commit, as ratios of processor seconds: `python -m benchmarks.against COMMIT`.

    python -m benchmarks.against COMMIT [--only reading star …] [--pairs 3] [--cities 6] [--years 3] [--pages 4]
                                        [--observations 20000] [--gold DIR …]

The commit is cloned and its environment made once, below $XDG_CACHE_HOME (or ~/.cache); a folder that holds a clone with its
environment may be named instead. Each measurement runs in both trees one after the other, the older first, again and again; the
ratio is that of each pair, so that what else the machine does falls on both. Smaller than 1 is less than the commit needs.
Processor seconds count a process and all that it started; memory is that of the largest process among them.

The nights run on snapshots that the commit itself made, the same in both trees; at the end the exports of both are compared, file
by file, without the column that names the reader's version. Pages are those of `nightly.py`, observations those of `checks.py`
and `warehouse.py`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROBE = Path(__file__).with_name("against_probe.py")
SENTENCE = "2023年，全市共有城乡低保对象3.2万户、5.6万人，累计发放低保金4.1亿元。\n"
NIGHTS = ("first night", "quiet night", "one changed page")
MEASURES = ("help", "read", "reading", "screening", "star", "star again", "nights")


@dataclass(frozen=True)
class Cost:
    """Processor seconds (of one unit, where a measurement counts units), and bytes of the largest process."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Tree:
    """A clone with its environment."""

    folder: Path

    def run(self, *command: str, home: Path | None = None, accepted: Sequence[int] = (0,)) -> tuple[Cost, str]:
        """Run a command of the tree's environment; what it cost, and what it printed.

        Raises:
            SystemExit: it failed; with what it said.
        """
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
        if home:
            environment["MINZHENG_HOME"] = str(home)
        program = self.folder / ".venv" / "bin" / command[0]
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            process = subprocess.Popen(
                [str(program), *command[1:]], cwd=self.folder, env=environment, stdout=said, stderr=complained
            )
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            for stream in (said, complained):
                stream.seek(0)
            if process.returncode not in accepted:
                raise SystemExit(f"{self.folder}: {' '.join(command)} failed:\n{complained.read().decode()}")
            return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024), said.read().decode()

    def probe(self, *arguments: str) -> Cost:
        """Run a measurement of `against_probe.py`; seconds are those of one unit of what it did."""
        whole, said = self.run("python", str(PROBE), *arguments)
        told = json.loads(said.splitlines()[-1])
        return Cost(told["seconds"] / max(told["of"], 1), whole.memory)


#: What would have every start compile anew, or look elsewhere for data.
_NOT_PASSED_ON = (
    "PYTHONPYCACHEPREFIX",
    "DAGSTER_HOME",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPATH",
    "MINZHENG_SOURCES",
    "MINZHENG_HOME",
)


def tree_of(commit: str) -> Tree:
    """The clone of a commit, made where it is missing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "minzheng" / "against"
    folder = Path(commit).absolute()
    if not folder.is_dir():
        name = subprocess.check_output(
            ["git", "-C", str(ROOT), "rev-parse", "--verify", f"{commit}^{{commit}}"], text=True
        )
        folder = cache / name.strip()[:12]
        if not folder.exists():
            subprocess.run(["git", "clone", "--quiet", "--no-checkout", str(ROOT), str(folder)], check=True)
            subprocess.run(["git", "-C", str(folder), "checkout", "--quiet", name.strip()], check=True)
        subprocess.run(["make", "--silent", "env"], cwd=folder, check=True)
    return _compiled(folder)


def _compiled(folder: Path) -> Tree:
    """The tree with its bytecode made, so that no measurement compiles."""
    tree = Tree(folder)
    rooms = [path.parent.name for path in sorted(folder.glob("*/__init__.py"))]
    tree.run("python", "-m", "compileall", "-q", *rooms, "benchmarks")
    return tree


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", help="what to measure against, or the folder of a clone of it with its .venv")
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=MEASURES)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cities", type=int, default=6)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--pages", type=int, default=4, help="a city and year")
    parser.add_argument(
        "--observations", type=int, default=20_000, help="that are screened, and that a star is built of"
    )
    parser.add_argument("--gold", type=Path, nargs="+", default=[ROOT / "tests" / "gold"])
    arguments = parser.parse_args()
    before, now = tree_of(arguments.commit), _compiled(ROOT)
    print(f"{'':<18}{'unit':>14}{'before':>12}{'now':>12}{'ratio':>8}{'least':>8}{'most':>8}{'memory':>8}")
    with tempfile.TemporaryDirectory() as scratch:
        for name, cost in _measurements(arguments, Path(scratch)).items():
            pairs = [(cost(before), cost(now)) for _ in range(arguments.pairs)]
            _show(name, [(old, new) for old, new in pairs])
        if "nights" in arguments.only:
            nights(before, now, arguments, Path(scratch))


def _measurements(arguments: argparse.Namespace, scratch: Path) -> Mapping[str, Callable[[Tree], Cost]]:
    page = scratch / "page.txt"
    page.write_text(SENTENCE, "utf-8")
    count = str(arguments.observations)
    gold = [str(folder.absolute()) for folder in arguments.gold]
    every: dict[str, Callable[[Tree], Cost]] = {
        "help": lambda tree: tree.run("minzheng", "--help")[0],
        "read": lambda tree: tree.run("minzheng", "read", str(page), "--place", "成都市")[0],
        "reading": lambda tree: tree.probe("reading", *gold),
        "screening": lambda tree: tree.probe("screening", "--count", count),
        "star": lambda tree: tree.probe("star", "--count", count),
        "star again": lambda tree: tree.probe("star", "--count", count, "--changed"),  # one page of it has changed
    }
    return {name: cost for name, cost in every.items() if name in arguments.only}


UNITS = {"reading": "number", "screening": "observation", "star": "observation", "star again": "observation"}


def _show(name: str, pairs: Sequence[tuple[Cost, Cost]]) -> None:
    ratios = [now.seconds / max(before.seconds, 1e-9) for before, now in pairs]
    before, now = (statistics.median(cost.seconds for cost in costs) for costs in zip(*pairs, strict=True))
    unit = UNITS.get(name, "")
    scale, named = (1e6, f"µs/{unit}") if unit else (1.0, "s")
    memory = statistics.median(new.memory / old.memory for old, new in pairs)
    print(
        f"{name:<18}{named:>14}{before * scale:>12.2f}{now * scale:>12.2f}{statistics.median(ratios):>8.2f}"
        f"{min(ratios):>8.2f}{max(ratios):>8.2f}{memory:>8.2f}",
        flush=True,
    )


def nights(before: Tree, now: Tree, arguments: argparse.Namespace, scratch: Path) -> None:
    """The three nights of a made-up country in both trees, from the same snapshots, and whether the facts are the same."""
    size = [f"--{name}={getattr(arguments, name)}" for name in ("cities", "years", "pages")]
    made = scratch / "made"
    before.probe("lake", str(made), *size)
    costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in NIGHTS}
    homes = [scratch / "before", scratch / "now"]
    for _ in range(arguments.pairs):
        for home in homes:
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(made, home)
        for night in NIGHTS:
            if night == NIGHTS[-1]:
                for home in homes:
                    before.probe("change", str(home), *size)
            old, new = (_night(tree, home) for tree, home in zip((before, now), homes, strict=True))
            costs[night].append((old, new))
    for night, pairs in costs.items():
        _show(night, pairs)
    for tree, home in zip((before, now), homes, strict=True):
        tree.run("minzheng", "export", str(home / "out"), "--format", "csv", home=home)
    differ = list(_different(*(home / "out" / "csv" for home in homes)))
    print(f"facts: {'the same' if not differ else 'other ' + ', '.join(differ)}")


def _night(tree: Tree, home: Path) -> Cost:
    command = ("minzheng", "run", "--offline", "--sources", str(home / "sources.yaml"))
    return tree.run(*command, home=home, accepted=(0, 3))[0]


def _different(before: Path, now: Path) -> Iterator[str]:
    """Names of the exported tables that are not the same, the version of the reader apart."""
    for name in sorted({path.name for folder in (before, now) for path in folder.glob("*.csv")}):
        old, new = (_content(folder / name) for folder in (before, now))
        if old != new:
            yield name


def _content(path: Path) -> list[tuple[str, ...]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        head, *rows = csv.reader(handle)
    kept = [number for number, name in enumerate(head) if name != "reader_version"]
    return [tuple(row[number] for number in kept) for row in (head, *rows)]


if __name__ == "__main__":
    main()

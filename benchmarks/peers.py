"""Texts through other libraries that read numbers: JioNLP, the Microsoft recognizers and cn2an. Run by the environment that has them,
so nothing of ours is imported here.

    python peers.py TEXTS.json RESULTS.json

TEXTS is a list of texts; RESULTS has for each library the seconds of a warm pass over them, and for each text what it found: start, end,
value and unit (ours: CNY, percent, person …; empty where the library tells none).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

#: Reads one text: start, end, value, unit.
Reader = Callable[[str], Iterator[tuple[int, int, float, str]]]
#: Microsoft's names of units in Chinese text that one of ours stands for; money and percent are told by the model.
_DIMENSIONS = {"Square meter": "m2"}


def jionlp_reader() -> Reader:
    """JioNLP reads money, and no other quantity."""
    import jionlp  # type: ignore[import-not-found]

    def read(text: str) -> Iterator[tuple[int, int, float, str]]:
        for found in jionlp.ner.extract_money(text, with_parsing=True):
            detail = found["detail"]
            value = detail["num"][0] if isinstance(detail["num"], list) else detail["num"]
            yield (*found["offset"], float(value), "CNY" if detail["case"] == "元" else detail["case"])

    return read


def microsoft_reader() -> Reader:
    """The models for money, percentages, dimensions and bare numbers; a number that a unit's model has is not taken again."""
    from recognizers_number import Culture, NumberRecognizer  # type: ignore[import-not-found]
    from recognizers_number_with_unit import NumberWithUnitRecognizer  # type: ignore[import-not-found]

    numbers, with_unit = NumberRecognizer(Culture.Chinese), NumberWithUnitRecognizer(Culture.Chinese)
    models = [
        with_unit.get_currency_model(),
        numbers.get_percentage_model(),
        with_unit.get_dimension_model(),
        numbers.get_number_model(),
    ]

    def read(text: str) -> Iterator[tuple[int, int, float, str]]:
        taken: list[tuple[int, int]] = []
        for model, kind in zip(models, ("CNY", "percent", "dimension", ""), strict=True):
            for found in model.parse(text):
                start, end, said = found.start, found.end + 1, found.resolution or {}
                if not re.fullmatch(r"-?[\d.]+(?:E[+-]?\d+)?%?", str(said.get("value"))):
                    continue
                if any(start < other_end and other < end for other, other_end in taken):
                    continue
                taken.append((start, end))
                unit = _DIMENSIONS.get(str(said.get("unit")), "other") if kind == "dimension" else kind
                yield start, end, float(str(said["value"]).rstrip("%")), unit

    return read


def cn2an_reader() -> Reader:
    """cn2an turns the Chinese numerals of a sentence into digits; the numbers of what it makes have no place and no unit."""
    import cn2an  # type: ignore[import-not-found]

    def read(text: str) -> Iterator[tuple[int, int, float, str]]:
        try:
            turned = cn2an.transform(text, "cn2an")
        except ValueError:
            return
        for found in re.finditer(r"-?\d+(?:\.\d+)?", turned):
            yield 0, len(text), float(found.group()), ""

    return read


#: The libraries, by the name that the tables give them.
READERS = {"JioNLP (money only)": jionlp_reader, "Microsoft recognizers": microsoft_reader, "cn2an": cn2an_reader}


def main() -> None:
    texts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    results = {}
    for name, make in READERS.items():
        read = make()
        list(read(texts[0]))  # warm: dictionaries are loaded and patterns compiled at the first call
        begin = time.process_time()
        found = [list(read(text)) for text in texts]
        results[name] = {"seconds": time.process_time() - begin, "found": found}
    Path(sys.argv[2]).write_text(json.dumps(results), "utf-8")


if __name__ == "__main__":
    main()

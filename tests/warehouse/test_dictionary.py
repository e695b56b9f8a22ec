"""The data dictionary is what schema and catalogue say."""

from __future__ import annotations

from pathlib import Path

from bulletins.catalog import load_catalog
from warehouse.dictionary import data_dictionary

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "data_dictionary.md"


def test_the_committed_dictionary_is_fresh() -> None:
    assert DOCUMENT.read_text("utf-8") == data_dictionary(load_catalog()), (
        "run: python -m warehouse.dictionary > docs/data_dictionary.md"
    )

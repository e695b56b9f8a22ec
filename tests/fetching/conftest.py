"""Fixtures of the fetching room: a site on loopback, an empty store, and source lists that point to the site."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from loopback import Site, running_site

from bulletins.catalog import load_catalog
from bulletins.places import Places
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, parse_sources


@pytest.fixture
def site() -> Iterator[Site]:
    """A running site; its behaviours are set by the test."""
    with running_site() as state:
        yield state


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """An empty store in a folder."""
    return SnapshotStore(tmp_path / "lake")


@pytest.fixture(scope="session")
def places() -> Places:
    """All divisions of the catalogue."""
    return load_catalog().places


@pytest.fixture
def sources_of(places: Places) -> Callable[..., SourceList]:
    """Makes a source list of entries; what an entry does not say is what suits a test."""

    def make(*entries: dict[str, Any]) -> SourceList:
        usual = {"place": "510100", "publisher": "成都市民政局", "pace": 0}
        text = yaml.safe_dump(
            {"contact": "test@example.org", "sources": [{**usual, **entry} for entry in entries]}, allow_unicode=True
        )
        return parse_sources(text, "sources.yaml", places)

    return make

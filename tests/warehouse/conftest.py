"""Fixtures of the warehouse's tests: the small star, built and published."""

from __future__ import annotations

from pathlib import Path

import pytest
from environments import python_with
from made_star import STORY

from warehouse.publish import publish
from warehouse.verify import verify

__all__ = ["python_with"]  # a fixture


@pytest.fixture
def verified_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify in this process what is published; a fresh one takes most of a small publish's time."""
    monkeypatch.setattr("warehouse.publish.verify_in_fresh_process", verify)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The small star as a staging file."""
    path = tmp_path / "staging" / "warehouse.duckdb"
    STORY.build(path)
    return path


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small star, published; read only."""
    target = tmp_path_factory.mktemp("home") / "warehouse.duckdb"
    staging = target.with_name("staging.duckdb")
    STORY.build(staging)
    publish(staging, target)
    return target

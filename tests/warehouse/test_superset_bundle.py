"""The Superset bundle asks for what the warehouse has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from warehouse import connections

BUNDLE = Path(__file__).resolve().parents[2] / "docs" / "superset" / "minzheng"
DATASETS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in BUNDLE.glob("datasets/minzheng/*.yaml")}


@pytest.mark.parametrize("name", DATASETS)
def test_every_column_of_a_dataset_is_in_its_view(published: Path, name: str) -> None:
    with connections.read(published) as connection:
        columns = {row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()}
    assert {column["column_name"] for column in DATASETS[name]["columns"]} == columns


def test_the_dashboard_shows_the_charts_and_the_charts_their_datasets() -> None:
    charts = [yaml.safe_load(path.read_text("utf-8")) for path in BUNDLE.glob("charts/*.yaml")]
    (dashboard,) = (yaml.safe_load(path.read_text("utf-8")) for path in BUNDLE.glob("dashboards/*.yaml"))
    parts = [part for part in dashboard["position"].values() if isinstance(part, dict)]
    shown = {part["meta"]["uuid"] for part in parts if part["type"] == "CHART"}
    assert shown == {chart["uuid"] for chart in charts}
    assert {chart["dataset_uuid"] for chart in charts} == {dataset["uuid"] for dataset in DATASETS.values()}


CHARTS = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in BUNDLE.glob("charts/*.yaml")}


@pytest.mark.parametrize("name", CHARTS)
def test_what_a_chart_asks_is_answered(published: Path, name: str) -> None:
    """The query context, without which Superset's chart API refuses, asks for columns and expressions of the dataset."""
    chart = CHARTS[name]
    (query,) = json.loads(chart["query_context"])["queries"]
    table = next(data["table_name"] for data in DATASETS.values() if data["uuid"] == chart["dataset_uuid"])
    asked = [f'"{column}"' for column in query["columns"]]
    asked += [metric["sqlExpression"] for metric in query["metrics"] or []]
    grouped = " GROUP BY ALL" if query["metrics"] else ""
    with connections.read(published) as connection:
        rows = connection.execute(
            f"SELECT {', '.join(asked)} FROM {table} WHERE {query['extras']['where'] or 'true'}{grouped}"
        ).fetchall()
    assert rows

"""Whether a release may take the place of the one before: facts do not vanish without cause.

Here belong the shrink guard and the goldens; both look at a finished staging file. What changed and why is worked out in
`changes` when the file is built.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from bulletins.catalog import CATALOG_FOLDER
from warehouse import connections

#: Known facts: address of a page, cell, value. One counts as soon as the page is in the release.
GOLDENS = CATALOG_FOLDER / "goldens.csv"

#: Catalogued values that may vanish between two releases: 2 % of them, or ten if that is more; of a few, a quarter.
TOLERATED_SHARE, TOLERATED_COUNT, TOLERATED_SHARE_OF_FEW = 0.02, 10, 0.25
#: A place with at least this many catalogued values may not lose all of them.
PLACE_COUNT = 5

#: What vanished since the release before, except with a source that was taken from the list on purpose.
_VANISHED = f"""
    SELECT cell_key, cause, string_split(cell_key, '|')[1] AS place
    FROM release_change
    WHERE change = 'removed' AND cause <> 'source_removed' AND NOT contains(cell_key, '|open:')
      AND release_id = (SELECT release_id FROM {connections.NEWEST_RELEASE})
"""


def objections(staging: Path) -> list[str]:
    """Return why the staging file should not be published, a line a reason; nothing if it may be."""
    with connections.read(staging) as connection:
        return [*_shrinking(connection), *_goldens(connection)]


def _shrinking(connection: duckdb.DuckDBPyConnection) -> list[str]:
    before = connection.execute(f"SELECT facts_catalogued FROM {connections.NEWEST_RELEASE} OFFSET 1").fetchall()
    if not before:
        return []
    reasons = []
    causes = connection.execute(
        f"SELECT cause, count(*), min(cell_key) FROM ({_VANISHED}) GROUP BY cause ORDER BY 2 DESC"
    ).fetchall()
    vanished = sum(count for _, count, _ in causes)
    there = before[0][0]
    if vanished > max(min(TOLERATED_COUNT, TOLERATED_SHARE_OF_FEW * there), TOLERATED_SHARE * there):
        told = ", ".join(f"{count} {cause} (such as {example})" for cause, count, example in causes)
        reasons.append(f"{vanished} of {there} catalogued values: {told}")
    emptied = connection.execute(
        f"""SELECT place, count(*) FROM ({_VANISHED}) GROUP BY place HAVING count(*) >= {PLACE_COUNT}
            AND place NOT IN (SELECT string_split(cell_key, '|')[1] FROM fact_indicator
                              WHERE NOT contains(cell_key, '|open:')) ORDER BY place"""
    ).fetchall()
    reasons += [f"all {count} catalogued values of place {place}" for place, count in emptied]
    return reasons


def _goldens(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Known facts of pages that are in the release: each must be there with its value."""
    if not GOLDENS.is_file():
        return []
    rows = connection.execute(
        """SELECT golden.cell_key, golden.value, fact.value
           FROM read_csv(?, header = true, columns = {'url': 'VARCHAR', 'cell_key': 'VARCHAR', 'value': 'DOUBLE'}) AS golden
           LEFT JOIN fact_indicator AS fact USING (cell_key)
           WHERE golden.url IN (SELECT url FROM dim_bulletin)
             AND (fact.value IS NULL OR abs(fact.value - golden.value) > 1e-9 * abs(golden.value))
           ORDER BY golden.cell_key""",
        [str(GOLDENS)],
    ).fetchall()
    return [
        f"known value {cell} = {value:g} is {'missing' if found is None else format(found, 'g')}"
        for cell, value, found in rows
    ]

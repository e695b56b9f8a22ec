"""The published file and its exports in other programs, each in an environment of its own, made with uv and kept."""

from __future__ import annotations

import subprocess
import textwrap
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from environments import ENVIRONMENTS, told_by
from made_star import BUILT, STORY

from warehouse.export import export, refresh_live
from warehouse.publish import publish

pytestmark = pytest.mark.slow

_DUCKDB = """
    import json, sys, duckdb
    connection = duckdb.connect(sys.argv[1], read_only=True)
    ask = lambda query: connection.execute(query).fetchall()
    names = [row[0] for row in ask("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1")]
    print(json.dumps({
        "rows": {name: ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in names},
        "values": ask("SELECT city, year, value FROM indicator_values WHERE indicator_code = 'dibao_standard' ORDER BY 2, 3"),
        "then": ask("SELECT count(*) FROM indicator_values_as_of(DATE '2023-04-01')")[0][0],
        "before": ask("SELECT count(*) FROM indicator_values_as_of(DATE '2023-03-31')")[0][0],
        "comment": ask("SELECT comment FROM duckdb_columns() WHERE table_name = 'indicator_values' AND column_name = 'city'")[0][0],
    }))
"""


@pytest.mark.parametrize("name", [name for name in ENVIRONMENTS if name.startswith("duckdb")])
def test_every_duckdb_from_1_2_on_opens_the_file(
    published: Path, python_with: Callable[[str], Path], name: str
) -> None:
    told = told_by(python_with(name), _DUCKDB, published)
    assert isinstance(told, dict)
    assert told["values"] == [["成都市", 2021, 870.0], ["成都市", 2022, 980.0], ["成都市", 2022, 1000.0]]
    assert (told["then"], told["before"]) == (8, 0)
    assert told["comment"] == "地区全称 | Full name of the place"
    assert told["rows"]["fact_indicator"] == told["rows"]["indicator_values"] == 8
    assert told["rows"]["city_year"] == 3
    assert len(told["rows"]) == 22


_QUERY = "SELECT city, year, value FROM indicator_values WHERE status = 'actual' AND indicator_code = 'dibao_standard' ORDER BY year"
_WANTED = [["成都市", 2021, 870.0], ["成都市", 2022, 980.0]]
_WAYS = {
    "sqlalchemy": """
        import json, sys, sqlalchemy
        engine = sqlalchemy.create_engine("duckdb:///" + sys.argv[1], connect_args={"read_only": True})
        seen = sqlalchemy.inspect(engine)
        assert "indicator_values" in seen.get_view_names() and "dim_city" in seen.get_table_names()
        assert [column["comment"] for column in seen.get_columns("dim_city")][0].startswith("主键")
        with engine.connect() as connection:
            print(json.dumps([list(row) for row in connection.execute(sqlalchemy.text(sys.argv[2]))]))
    """,
    "pandas": """
        import json, sys, pandas, sqlalchemy
        engine = sqlalchemy.create_engine("duckdb:///" + sys.argv[1], connect_args={"read_only": True})
        print(pandas.read_sql(sys.argv[2], engine).to_json(orient="values", force_ascii=False))
    """,
    "polars": """
        import json, sys, polars, duckdb
        frame = polars.read_database(sys.argv[2], duckdb.connect(sys.argv[1], read_only=True))
        print(json.dumps([list(row) for row in frame.rows()]))
    """,
    "adbc": """
        import json, sys, adbc_driver_duckdb, adbc_driver_manager.dbapi
        how = {"driver": adbc_driver_duckdb.driver_path(), "entrypoint": "duckdb_adbc_init", "autocommit": True}
        options = {"path": sys.argv[1], "access_mode": "READ_ONLY"}
        with adbc_driver_manager.dbapi.connect(**how, db_kwargs=options) as connection, connection.cursor() as cursor:
            cursor.execute(sys.argv[2])
            print(json.dumps([list(row.values()) for row in cursor.fetch_arrow_table().to_pylist()]))
    """,
}


@pytest.mark.parametrize("way", list(_WAYS))
def test_the_ways_of_python_to_open_the_file(published: Path, python_with: Callable[[str], Path], way: str) -> None:
    assert told_by(python_with("frames"), _WAYS[way], published, _QUERY) == _WANTED


_IBIS = """
    import json, sys, ibis
    values = ibis.duckdb.connect(sys.argv[1], read_only=True).table("indicator_values")
    kept = values.filter(values.status == "actual", values.indicator_code == "dibao_standard").order_by("year")
    print(json.dumps([list(row.values()) for row in kept.select("city", "year", "value").to_pyarrow().to_pylist()]))
"""


def test_ibis_opens_the_file(published: Path, python_with: Callable[[str], Path]) -> None:
    assert told_by(python_with("ibis"), _IBIS, published) == _WANTED


_FRICTIONLESS = """
    import json, sys, os
    os.chdir(sys.argv[1])
    from frictionless import Checklist, Package
    # Of Parquet Frictionless counts no bytes, and it reads whole numbers with gaps as fractions; the rest is checked.
    passed_over = ["byte-count", "hash-count", "type-error"] if sys.argv[2] == "parquet" else []
    report = Package("datapackage.json").validate(checklist=Checklist(skip_errors=passed_over))
    print(json.dumps([report.valid, [task.name for task in report.tasks], report.flatten(["name", "type", "note"])[:10]]))
"""


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_frictionless_finds_the_data_packages_valid(
    published: Path, python_with: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    (folder,) = export(published, tmp_path, [name])
    valid, resources, errors = told_by(python_with("frictionless"), _FRICTIONLESS, folder, name)  # type: ignore[misc]
    assert errors == []
    assert valid
    assert len(resources) == 12


_SDMX = """
    import json, sys
    from pysdmx.io import get_datasets
    (dataset,) = get_datasets(sys.argv[1] + "/data.csv", sys.argv[1] + "/structure.json")
    kept = dataset.data.query("INDICATOR == 'dibao_standard' and STATUS == 'actual'")
    components = {component.id for component in dataset.structure.components}
    print(json.dumps([sorted(components - set(dataset.data.columns)), kept[["REF_AREA", "OBS_VALUE"]].astype(str).values.tolist()]))
"""


def test_pysdmx_reads_data_by_their_structure(
    published: Path, python_with: Callable[[str], Path], tmp_path: Path
) -> None:
    (folder,) = export(published, tmp_path, ["sdmx"])
    assert told_by(python_with("sdmx"), _SDMX, folder) == [[], [["510100", "870.0"], ["510100", "980.0"]]]


_SDMX_ML = """
    import json, sys
    from pysdmx.io import get_datasets, read_sdmx, write_sdmx
    from pysdmx.io.format import Format
    import sdmx
    exported, out = sys.argv[1:]
    structure = read_sdmx(exported + "/structure.json")
    write_sdmx(structure.structures, Format.STRUCTURE_SDMX_ML_2_1, output_path=out + "/structure.xml")
    datasets = get_datasets(exported + "/data.csv", exported + "/structure.json")
    for dataset in datasets:  # pysdmx escapes no quotation mark in an attribute of XML, and sentences have some
        dataset.data = dataset.data.drop(columns=["PRINTED", "SENTENCE"])
    write_sdmx(datasets, Format.DATA_SDMX_ML_2_1_GEN, output_path=out + "/data.xml")
    told = sdmx.read_sdmx(out + "/structure.xml")
    (definition,) = told.structure.values()
    said = lambda obs, name: str(getattr(obs.key[name].value, "id", obs.key[name].value))
    (data,) = sdmx.read_sdmx(out + "/data.xml", structure=definition).data
    values = {said(obs, "INDICATOR"): float(obs.value) for obs in data.obs
              if said(obs, "STATUS") == "actual" and said(obs, "TIME_PERIOD") == "2021" and said(obs, "PERIOD") == "annual"}
    enumerated = {each.id: each.concept_identity.core_representation.enumerated for each in definition.dimensions.components}
    print(json.dumps([
        sorted(name for name, codes in enumerated.items() if codes is not None and len(codes)),
        str(told.codelist["CL_STATUS"]["target"].name), values,
    ]))
"""


def test_pysdmx_writes_sdmx_ml_and_sdmx1_reads_it(
    published: Path, python_with: Callable[[str], Path], tmp_path: Path
) -> None:
    (folder,) = export(published, tmp_path, ["sdmx"])
    enumerated, name, values = told_by(python_with("sdmx"), _SDMX_ML, folder, tmp_path)  # type: ignore[misc]
    assert enumerated == [
        "AREA",
        "INDICATOR",
        "MEASURE_TYPE",
        "PAID_PER",
        "PERIOD",
        "REF_AREA",
        "STATUS",
        "UNIT_MEASURE",
    ]
    assert name == "target"
    assert values == {"dibao_persons": 97600.0, "dibao_standard": 870.0}


#: Each opens the release anew, reads, and prints what it saw; a torn read would show two numbers or another count.
_READERS = {
    "duckdb-1.2": """
        import duckdb
        def read(home):
            with duckdb.connect(home + "/warehouse.duckdb", read_only=True) as connection:
                return connection.execute(QUERY).fetchall()[0]
    """,
    "sqlalchemy": """
        import sqlalchemy
        def read(home):
            engine = sqlalchemy.create_engine("duckdb:///" + home + "/warehouse.duckdb",
                                              poolclass=sqlalchemy.pool.NullPool, connect_args={"read_only": True})
            with engine.connect() as connection:
                return tuple(connection.execute(sqlalchemy.text(QUERY)).one())
    """,
    "adbc": """
        import adbc_driver_duckdb, adbc_driver_manager.dbapi
        how = {"driver": adbc_driver_duckdb.driver_path(), "entrypoint": "duckdb_adbc_init", "autocommit": True}
        def read(home):
            options = {"path": home + "/warehouse.duckdb", "access_mode": "READ_ONLY"}
            with adbc_driver_manager.dbapi.connect(**how, db_kwargs=options) as connection, connection.cursor() as cursor:
                cursor.execute(QUERY)
                return cursor.fetchone()
    """,
    "pandas": """
        import duckdb, pandas
        def read(home):
            with duckdb.connect(home + "/warehouse.duckdb", read_only=True) as connection:
                return tuple(connection.execute(QUERY).df().iloc[0])
    """,
    "polars-live": """
        import polars
        def read(home):
            values = polars.read_parquet(home + "/live/current/indicator_values.parquet")["value"]
            return values.min(), values.max(), len(values)
    """,
    "ibis": """
        import ibis
        def read(home):
            connection = ibis.duckdb.connect(home + "/warehouse.duckdb", read_only=True)
            values = connection.table("indicator_values")
            told = values.aggregate(a=values.value.min(), b=values.value.max(), c=values.count()).to_pyarrow()
            seen = tuple(told.to_pylist()[0].values())
            connection.disconnect()
            return seen
    """,
}
_ENVIRONMENT_OF = {"duckdb-1.2": "duckdb-1.2", "ibis": "ibis"}
_LOOP = """
QUERY = "SELECT min(value) AS a, max(value) AS b, count(*) AS c FROM indicator_values"
{read}
import sys, time
home, last = sys.argv[1], int(sys.argv[2])
reads, seen = 0, []
print("ready", flush=True)
while not seen or seen[-1] < last:
    time.sleep(0.02)
    low, high, facts = read(home)
    assert low == high and facts == 8, (low, high, facts)
    assert not seen or low >= seen[-1], ("an older release after a newer one", seen, low)
    reads += 1
    if not seen or low != seen[-1]:
        seen.append(int(low))
print(reads, len(seen))
"""


def test_six_kinds_of_readers_see_whole_releases_while_thirty_are_published(
    python_with: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    monkeypatch.setattr("warehouse.publish.verify_in_fresh_process", lambda path: [])
    target, staging, last = tmp_path / "warehouse.duckdb", tmp_path / "staging.duckdb", 30

    def release(number: int) -> None:
        rows = [row | {"value": float(number), "text": f"{number}元"} for row in STORY.observations]
        previous = target if target.exists() else None
        STORY.but(observations=rows).build(staging, built_at=BUILT + timedelta(days=number), previous=previous)
        publish(staging, target, keep=3)
        refresh_live(target, tmp_path / "live")

    release(1)
    readers = {
        kind: subprocess.Popen(
            [
                str(python_with(_ENVIRONMENT_OF.get(kind, "frames"))),
                "-c",
                _LOOP.format(read=textwrap.dedent(read)),
                str(tmp_path),
                str(last),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for kind, read in _READERS.items()
    }
    for reader in readers.values():
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n", reader.communicate()
    for number in range(2, last + 1):
        release(number)
    for kind, reader in readers.items():
        told, errors = reader.communicate(timeout=120)
        assert reader.returncode == 0, (kind, errors[-1500:])
        reads, seen = map(int, told.split())
        record_property(kind, f"{reads} reads, {seen} releases")
        print(f"{kind}: {reads} reads, {seen} of {last} releases seen")  # noqa: T201
        assert reads >= 10, kind
        assert seen > 3, kind

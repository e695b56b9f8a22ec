"""Exports: the same content in every format, byte for byte the same each time, and the live folder."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from datetime import timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from made_star import BUILT, STORY, observation

from warehouse import export as exporting
from warehouse import query
from warehouse.connections import WarehouseError
from warehouse.export import FORMATS, export, export_to, refresh_live
from warehouse.spreadsheets import read_csv


@pytest.fixture(scope="module")
def exported(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    assert [path.name for path in export(published, folder)] == list(FORMATS)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_inputs_give_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    again = STORY.but(observations=STORY.observations[::-1], pages=STORY.pages[::-1])
    again.build(tmp_path / "first.duckdb", built_at=BUILT + timedelta(days=30))
    again.build(tmp_path / "again.duckdb", built_at=BUILT + timedelta(days=40), previous=tmp_path / "first.duckdb")
    export(tmp_path / "again.duckdb", tmp_path / "out")
    expected, found = tree(exported), tree(tmp_path / "out")
    assert list(found) == list(expected)
    assert [name for name in found if found[name] != expected[name]] == []


def test_parquet_holds_what_the_warehouse_holds(exported: Path, published: Path) -> None:
    flat = pl.read_parquet(exported / "parquet" / "indicator_values.parquet")
    assert flat.equals(query.table(published, "indicator_values").sort("cell_key"))


@pytest.mark.parametrize("name", ["parquet", "csv"])
def test_the_data_package_describes_every_file(exported: Path, name: str) -> None:
    package = json.loads((exported / name / "datapackage.json").read_text("utf-8"))
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert set(resources) | {"datapackage.json"} == {path.name for path in (exported / name).iterdir()}
    for path, resource in resources.items():
        raw = (exported / name / path).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(raw), f"sha256:{hashlib.sha256(raw).hexdigest()}")
        file = exported / name / path
        columns = pl.read_parquet_schema(file) if name == "parquet" else pl.read_csv(file, infer_schema=False).columns
        assert [field["name"] for field in resource["schema"]["fields"]] == list(columns)
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])
    facts = resources[f"fact_indicator.{name}"]["schema"]
    assert facts["primaryKey"] == ["cell_key"]
    assert {"fields": "city_key", "reference": {"resource": "dim_city", "fields": "city_key"}} in facts["foreignKeys"]


def test_csv_opens_in_excel_with_its_characters(exported: Path) -> None:
    raw = (exported / "csv" / "indicator_values.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert {(row["city"], row["value"]) for row in rows} >= {("成都市", "870.0"), ("崇文区", "4000.0")}


def test_the_workbook_explains_itself_and_keeps_text_as_text(tmp_path: Path) -> None:
    formula = observation("c", "next", "5人", 5.0, year=2020, sentence="=1+1 是原文")
    STORY.but(observations=[*STORY.observations, formula]).build(tmp_path / "star.duckdb")
    (folder,) = export(tmp_path / "star.duckdb", tmp_path / "out", ["xlsx"])
    book = openpyxl.load_workbook(folder / "minzheng.xlsx")
    assert book.sheetnames == ["说明", "年度值", "一地一年", "公布值", "目标与结果", "分歧", "指标", "隔离"]
    explained = {str(row[0].value) for row in book["说明"].iter_rows()}
    for sheet in book.sheetnames[1:]:
        heads = [cell.value for cell in next(book[sheet].iter_rows(max_row=1))]
        assert len(set(heads)) == len(heads), sheet
        assert set(heads) <= explained, sheet
    heads = [cell.value for cell in next(book["公布值"].iter_rows(max_row=1))]
    values = [dict(zip(heads, row, strict=True)) for row in book["公布值"].iter_rows(min_row=2, values_only=True)]
    assert {(row["地区全称"], row["数字所属年份"], row["值"]) for row in values} >= {
        ("成都市", 2021, 870),
        ("成都市", 2022, 980),
    }
    assert [row["原句"] for row in values if row["值"] == 5] == ["=1+1 是原文"]
    assert {cell.data_type for row in book["公布值"].iter_rows() for cell in row} <= {"s", "n", "b", "d"}


def test_a_sheet_that_excel_could_not_hold_goes_on_in_a_second(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_ROWS_OF_A_SHEET", 3)
    (folder,) = export(published, tmp_path, ["xlsx"])
    book = openpyxl.load_workbook(folder / "minzheng.xlsx")
    sheets = [name for name in book.sheetnames if name.startswith("公布值")]
    assert sheets == ["公布值", "公布值 2", "公布值 3"]
    assert sum(book[name].max_row - 1 for name in sheets) == 8


def test_sdmx_has_source_and_span_of_every_catalogued_value(exported: Path) -> None:
    data = pl.read_csv(exported / "sdmx" / "data.csv", infer_schema=False)
    assert data.columns[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    row = data.filter(INDICATOR="dibao_standard", STATUS="actual", TIME_PERIOD="2021").row(0, named=True)
    assert (row["REF_AREA"], row["OBS_VALUE"], row["PAID_PER"], row["DISPUTED"]) == ("510100", "870.0", "month", "true")
    assert (row["SOURCE_URL"], row["SPAN_START"], row["SPAN_END"]) == ("http://mzj.example/annual.html", "40", "44")
    structure = json.loads((exported / "sdmx" / "structure.json").read_text("utf-8"))["data"]
    components = structure["dataStructures"][0]["dataStructureComponents"]
    named = [
        *(each["id"] for each in components["dimensionList"]["dimensions"]),
        components["dimensionList"]["timeDimension"]["id"],
        *(each["id"] for each in components["measureList"]["measures"]),
        *(each["id"] for each in components["attributeList"]["attributes"]),
    ]
    assert sorted(named) == sorted(data.columns[3:])
    concepts = {each["id"]: each for each in structure["conceptSchemes"][0]["concepts"]}
    urn = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=MINZHENG:CL_AREA(2.0.0)"
    assert concepts["AREA"]["coreRepresentation"]["enumeration"] == urn
    assert concepts["AREA"]["names"] == {"zh": "范围", "en": "Part of the place"}
    assert [each["links"] for each in structure["codelists"] if each["id"] == "CL_AREA"] == [
        [{"rel": "self", "urn": urn}]
    ]
    codes = {each["id"]: {code["id"] for code in each["codes"]} for each in structure["codelists"]}
    for component in ("REF_AREA", "INDICATOR", "AREA", "STATUS", "UNIT_MEASURE", "PAID_PER", "QUALIFIER"):
        assert set(data[component]) <= codes[f"CL_{component}"]
    key = [each["id"] for each in components["dimensionList"]["dimensions"]] + ["TIME_PERIOD"]
    assert data.select(key).is_unique().all()


def test_a_failed_export_leaves_what_was_there(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(published, tmp_path, ["csv"])
    before = tree(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space left"):
        export(published, tmp_path, ["csv"])
    assert tree(tmp_path) == before


def test_the_live_folder_turns_from_one_whole_release_to_the_next(tmp_path: Path) -> None:
    live = tmp_path / "live"
    seen = []
    for persons in (97600.0, 97600.0, 97700.0, 97800.0):
        first = observation("1", "annual", "9.76万人", persons)
        STORY.but(observations=[first, *STORY.observations[1:]]).build(tmp_path / "star.duckdb")
        fresh = refresh_live(tmp_path / "star.duckdb", live)
        assert (live / "current").resolve() == fresh
        flat = pl.read_parquet(live / "current" / "indicator_values.parquet")
        assert flat.filter(indicator_code="dibao_persons", year=2021, period="annual")["value"].to_list() == [persons]
        seen.append(fresh)
    assert seen[0] == seen[1] != seen[2]
    assert {path.name for path in live.iterdir()} == {"current", seen[2].name, seen[3].name}


@pytest.mark.parametrize("words", ["=1+1 是原文", "+86", "-9.4%", "@a", "\t缩进", "'引号", "''两个", "不变", "a=1"])
def test_words_of_a_page_are_no_formula_in_csv_and_come_back_as_they_were(tmp_path: Path, words: str) -> None:
    said = observation("c", "next", "5人", 5.0, year=2020, sentence=words, indicator="nursing_beds", unit="bed")
    STORY.but(observations=[*STORY.observations, said]).build(tmp_path / "star.duckdb")
    export(tmp_path / "star.duckdb", tmp_path / "out", ["csv", "sdmx"])
    for file, column in (("csv/fact_observation.csv", "sentence"), ("sdmx/data.csv", "SENTENCE")):
        path = tmp_path / "out" / file
        cells = [row[column] for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
        if file.startswith("csv"):
            assert words in read_csv(path)[column].to_list()
            held = query.table(tmp_path / "star.duckdb", "fact_observation")["sentence"].to_list()
            assert sorted(read_csv(path)[column].to_list()) == sorted(held)


def test_an_export_goes_to_object_storage(published: Path) -> None:
    storage = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    s3fs = pytest.importorskip("s3fs")
    storage.start()
    host, port = storage.get_host_and_port()
    options = {"key": "test", "secret": "test", "endpoint_url": f"http://{host}:{port}", "skip_instance_cache": True}
    try:
        files = s3fs.S3FileSystem(**options)
        files.mkdir("open-data")
        for _ in range(2):  # a second release takes the place of the first
            put = export_to(published, "s3://open-data/minzheng/", ["parquet", "sdmx"], **options)
        assert put == [("s3://open-data/minzheng/parquet", 17), ("s3://open-data/minzheng/sdmx", 2)]
        package = json.loads(files.cat("open-data/minzheng/parquet/datapackage.json"))
        for resource in package["resources"]:
            content = files.cat(f"open-data/minzheng/parquet/{resource['path']}")
            assert f"sha256:{hashlib.sha256(content).hexdigest()}" == resource["hash"]
        with pytest.raises(WarehouseError, match="cannot be written"):
            export_to(published, "s3://nobodys-bucket/x", ["sdmx"], **options)
    finally:
        storage.stop()


def test_storage_that_nobody_knows_is_named(published: Path) -> None:
    with pytest.raises(WarehouseError, match="odd://x cannot be reached"):
        export_to(published, "odd://x", ["sdmx"])

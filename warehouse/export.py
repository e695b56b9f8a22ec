"""A release in other people's formats: Parquet and CSV as data packages, a workbook, SDMX-CSV, and the live folder.

Here belong formats of the published content; what the content is, is decided before. The same content gives the same bytes:
everything is sorted by its key, and nothing of the run (ids, times, history of releases) is written.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import polars as pl

from warehouse import connections
from warehouse.dictionary import Relation, describe
from warehouse.spreadsheets import guarded
from warehouse.verify import KEYS, REFERENCES, sha256

#: Tables that tell of runs and not of content.
_OF_RUNS = frozenset(["release", "release_input", "release_change", "latest_release"])
#: Views are for the DuckDB file; of them those that most people open are exported, with what identifies a row of theirs.
_FLAT = {
    "indicator_values": "cell_key",
    "annual_values": "city_key, year, indicator_code",
    "city_year": "city_key, year",
}
_KEYS = (
    KEYS
    | {
        "dim_city": "city_key",
        "dim_year": "year_key",
        "dim_period": "period_key",
        "dim_indicator": "indicator_key",
        "dim_bulletin": "bulletin_key",
        "resolution_rule": "rule_order",
        "code_list": "list, code",
    }
    | _FLAT
)
_FRICTIONLESS_TYPES = {
    "VARCHAR": "string",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
CSV = "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'"
_ROWS_OF_A_SHEET = 1_048_575  # Excel's limit, less the head


def export(warehouse: Path, folder: Path, formats: Sequence[str] = ()) -> list[Path]:
    """Write the release in `warehouse` to `folder`, one subfolder a format, and return these; what was there is replaced.

    Args:
        warehouse: a published file.
        folder: made if it is not there.
        formats: of `FORMATS`; empty for all.

    Raises:
        WarehouseError: the warehouse cannot be read.
        KeyError: a format is not known.
        OSError: the disk is full or not writable; what was there before stays.
    """
    written = []
    with connections.read(warehouse) as connection:
        for name in formats or FORMATS:
            write = FORMATS[name]
            part, final = folder / f".{name}.part", folder / name
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            try:
                write(connection, part)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
            shutil.rmtree(final, ignore_errors=True)
            part.rename(final)
            written.append(final)
    return written


def export_to(warehouse: Path, address: str, formats: Sequence[str] = (), **options: Any) -> list[tuple[str, int]]:
    """Write the release in `warehouse` to object storage, and return the address of each format with how many files it has.

    What names the others (`datapackage.json`, the structure of SDMX) is put last.

    Args:
        warehouse: a published file.
        address: of a folder, as fsspec takes it: `s3://bucket/folder`.
        formats: of `FORMATS`; empty for all.
        options: what fsspec needs to reach it; without, it takes keys from the environment.

    Raises:
        WarehouseError: the warehouse cannot be read, or fsspec does not reach the address.
    """
    try:
        files, root = fsspec.url_to_fs(address, **options)
    except (ImportError, ValueError) as error:
        raise connections.WarehouseError(
            f"{address} cannot be reached ({error}); install what fsspec asks for"
        ) from error
    put = []
    with tempfile.TemporaryDirectory() as name:
        for folder in export(warehouse, Path(name), formats):
            written = sorted(folder.iterdir(), key=lambda path: (path.suffix == ".json", path.name))
            for path in written:
                try:
                    files.put_file(str(path), f"{root}/{folder.name}/{path.name}")
                except Exception as error:  # each storage raises its own
                    raise connections.WarehouseError(
                        f"{address}: {path.name} cannot be written ({error}); see its address, keys and rights"
                    ) from error
            put.append((f"{address.rstrip('/')}/{folder.name}", len(written)))
    return put


def refresh_live(warehouse: Path, folder: Path) -> Path:
    """Write the release as Parquet below `folder` and turn the link `current` to it, for clients that cannot reopen.

    A client that reads `current/indicator_values.parquet` sees one whole release; the one before stays for those who still
    read it. Returns the folder that `current` points to.
    """
    with connections.read(warehouse) as connection:
        query = f"SELECT content_sha256 FROM {connections.NEWEST_RELEASE}"
        content = str(connection.execute(query).fetchall()[0][0])
    current, fresh = folder / "current", folder / content[:16]
    before = current.resolve() if current.is_symlink() else None
    if live_faults(fresh):
        shutil.rmtree(folder / ".next", ignore_errors=True)
        shutil.rmtree(fresh, ignore_errors=True)  # a damaged one is made again
        (written,) = export(warehouse, folder / ".next", ["parquet"])
        written.rename(fresh)
        (folder / ".next").rmdir()
    link = folder / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.name, target_is_directory=True)
    link.replace(current)
    for old in folder.iterdir():
        if old.is_dir() and not old.is_symlink() and old not in (fresh, before):
            shutil.rmtree(old)
    return fresh


def live_faults(folder: Path) -> list[str]:
    """What is wrong with a folder of the release as Parquet by the digests in its data package; nothing if it is whole."""
    try:
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        resources = {folder / entry["path"]: entry["hash"] for entry in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{folder}: is not there, or its datapackage.json cannot be read"]
    return [
        f"{path}: {'its bytes are not those that were written' if path.is_file() else 'is missing'}"
        for path, digest in resources.items()
        if not path.is_file() or f"sha256:{sha256(path)}" != digest
    ]


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Relation, str]]:
    """Every exported table with the query of its content, sorted by its key."""
    for relation in describe(connection):
        if relation.name not in _OF_RUNS and (not relation.is_view or relation.name in _FLAT):
            yield relation, f"SELECT * FROM {relation.name} ORDER BY {_KEYS[relation.name]}"


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path, how: str) -> None:
    """Have DuckDB write the rows of a query: it sorts and writes what does not fit into memory, too."""
    connection.execute(f"COPY ({query}) TO '{str(path).replace(chr(39), chr(39) * 2)}' ({how})")


def _write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    resources = []
    for relation, query in _tables(connection):
        path = folder / f"{relation.name}.parquet"
        _copy(connection, query, path, "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880")
        resources.append(_resource(relation, path, {"mediatype": "application/vnd.apache.parquet"}))
    _write_package(folder, resources)


def _write_csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    resources = []
    for relation, query in _tables(connection):
        path, bare = folder / f"{relation.name}.csv", folder / f"{relation.name}.bare"
        words = [column.name for column in relation.columns if column.type == "VARCHAR"]
        shown = ", ".join(f'{guarded(name)} AS "{name}"' for name in words)
        _copy(connection, query.replace("SELECT *", f"SELECT * REPLACE ({shown})", 1) if words else query, bare, CSV)
        with bare.open("rb") as rows, path.open("wb") as marked:
            marked.write(codecs.BOM_UTF8)  # without it Excel takes Chinese for another encoding
            shutil.copyfileobj(rows, marked)
        bare.unlink()
        told = {
            "mediatype": "text/csv",
            "encoding": "utf-8-sig",
            "dialect": {"delimiter": ",", "header": True},
            "guard": "a text that begins with = + - @ ' a tab or a line break has an apostrophe before it",
        }
        resources.append(_resource(relation, path, told))
    _write_package(folder, resources)


def _resource(relation: Relation, path: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    """A resource of a Frictionless data package (https://specs.frictionlessdata.io/tabular-data-resource/)."""
    foreign = [
        {"fields": column, "reference": {"resource": target, "fields": key}}
        for name, column, target, key in REFERENCES
        if name == relation.name
    ]
    key = [name.strip() for name in _KEYS[relation.name].split(",")]
    return {
        "name": relation.name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "title": relation.zh,
        "description": relation.en,
        "format": path.suffix[1:],
        **told,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": _FRICTIONLESS_TYPES[column.type],
                    "title": column.zh,
                    "description": column.en,
                }
                for column in relation.columns
            ],
            "primaryKey": key,
            **({"foreignKeys": foreign} if foreign else {}),
            "missingValues": [""],
        },
    }


def _write_package(folder: Path, resources: list[dict[str, Any]]) -> None:
    digest = hashlib.sha256("".join(resource["hash"] for resource in resources).encode()).hexdigest()
    package = {
        "name": "minzheng",
        "title": "民政公报指标库",
        "description": "Figures that municipal civil-affairs bureaus publish in their bulletins: city × year × indicator, each "
        "with its sentence and source.",
        "profile": "tabular-data-package",
        "version": digest[:16],
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")


#: Sheet -> the query behind it, whose columns take their heads from the table that is named with it.
_SHEETS = {
    "年度值": (
        "annual_values",
        "SELECT * EXCLUDE (city_key, indicator_key) FROM annual_values ORDER BY city_code, year, indicator_code, city_key",
    ),
    "一地一年": ("city_year", "SELECT * EXCLUDE (city_key) FROM city_year ORDER BY city_code, year, city_key"),
    "公布值": (
        "indicator_values",
        "SELECT * EXCLUDE (city_key, indicator_key) FROM indicator_values ORDER BY cell_key",
    ),
    "目标与结果": (
        "targets_and_results",
        "SELECT * FROM targets_and_results ORDER BY target_cell_key, result_cell_key",
    ),
    "分歧": (
        "conflict_details",
        "SELECT * FROM conflict_details ORDER BY cell_key, rival_url, rival_printed, rival_sentence",
    ),
    "指标": ("dim_indicator", "SELECT * FROM dim_indicator ORDER BY indicator_key"),
    "隔离": ("quarantine", "SELECT * FROM quarantine ORDER BY observation_key, rule"),
}


def _write_xlsx(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    import xlsxwriter

    relations = {relation.name: relation for relation in describe(connection)}
    as_of = connection.execute("SELECT max(fetched_at) FROM dim_bulletin").fetchall()[0][0] or datetime(2000, 1, 1)
    # Text of web pages stays text: it is no formula and, for its number, no link.
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "constant_memory": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(folder / "minzheng.xlsx", options) as book:
        book.set_properties({"title": "民政公报指标库", "created": as_of})
        bold = book.add_format({"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top"})
        formats = {
            "head": bold,
            "head_right": book.add_format(
                {"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top", "align": "right"}
            ),
            "number": book.add_format({"num_format": "#,##0.0###"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "percent": book.add_format({"num_format": '0.0##"%"'}),
        }
        _write_explanation(book.add_worksheet("说明"), bold, relations, connection, as_of)
        for title, (name, query) in _SHEETS.items():
            content = connection.sql(query).pl()
            heads = _heads(relations[name])
            for number, rows in enumerate(
                content.iter_slices(_ROWS_OF_A_SHEET) if content.height else [content], start=1
            ):
                sheet = book.add_worksheet(title if number == 1 else f"{title} {number}")
                _write_sheet(sheet, rows, heads, formats)


def _heads(relation: Relation) -> dict[str, str]:
    """What stands above the columns of a sheet. In the wide one the part of the place and the unit tell columns apart."""
    whole = relation.name == "city_year"
    return {column.name: column.zh if whole else re.split("[（：；，]", column.zh)[0] for column in relation.columns}


def _write_sheet(sheet: Any, rows: pl.DataFrame, heads: Mapping[str, str], formats: Mapping[str, Any]) -> None:
    """One sheet as people read and print it: heads that stay, numbers with their thousands, shares with their sign."""
    sheet.freeze_panes(1, _named(rows.columns))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")
    for place, (column, dtype) in enumerate(rows.schema.items()):
        wide = 40 if "sentence" in column or column in _LONG else 16 if dtype == pl.String else 12
        shown = "head" if dtype == pl.String else "head_right"
        sheet.set_column(place, place, wide, formats["number"] if dtype == pl.Float64 else None)
        sheet.write_string(0, place, heads[column], formats[shown])
    unit = rows.columns.index("unit") if "unit" in rows.columns else None
    of_unit = [dtype == pl.Float64 and column in _IN_THE_UNIT for column, dtype in rows.schema.items()]
    in_percent = [unit is None and heads[column].endswith("（%）") for column in rows.columns]
    for at, row in enumerate(rows.iter_rows(), start=1):
        percent = unit is not None and row[unit] == "percent"
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if (percent and of_unit[place]) or in_percent[place]:
                sheet.write_number(at, place, cell, formats["percent"])
            elif isinstance(cell, float) and cell.is_integer():
                sheet.write_number(at, place, cell, formats["whole"])
            else:
                sheet.write(at, place, cell)
    sheet.autofilter(0, 0, rows.height, max(rows.width - 1, 0))


#: Columns of long texts, and those that are counted in the unit of their row.
_LONG = frozenset(["url", "rival_url", "target_url", "result_url", "definition", "detail"])
_IN_THE_UNIT = frozenset(
    ["value", "value_high", "value_whole", "value_urban", "value_rural", "value_districts", "value_counties", "rival_value",
     "promised", "achieved"]
)  # fmt: skip


def _named(columns: Sequence[str]) -> int:
    """How many columns name the row, and stay in sight."""
    return columns.index("city") + 1 if "city" in columns else 1


def _write_explanation(
    sheet: Any, bold: Any, relations: Mapping[str, Relation], connection: duckdb.DuckDBPyConnection, as_of: datetime
) -> None:
    """The first sheet: what this is, how old, which rule chose, and what every column means."""
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 2, 60)
    rules = connection.execute("SELECT rule, text_zh, text_en FROM resolution_rule ORDER BY rule_order").fetchall()
    lines: list[tuple[str, ...]] = [
        (
            "民政公报指标库",
            "各地民政局公报所载数字，一行一个公布值，附原句与网址。",
            "Figures from civil-affairs bulletins.",
        ),
        ("数据截至", f"{as_of:%Y-%m-%d}", "Newest page version in this workbook"),
        (
            "单位",
            "数值以目录单位与周期计：金额为元，标准为元/月，人数为人。",
            "Values are in the catalogue's unit and period.",
        ),
        ("", "", ""),
        ("取舍规则", "同格多个观测，依次比较，先分出高下者为准", "The written rule"),
        *rules,
        *(
            line
            for title, (name, _) in _SHEETS.items()
            for line in [
                ("", "", ""),
                (f"表：{title}", relations[name].zh, relations[name].en),
                *(
                    (head, column.zh, column.en)
                    for head, column in zip(_heads(relations[name]).values(), relations[name].columns, strict=True)
                ),
            ]
        ),
    ]
    for at, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(at, place, text, *([bold] if line[0].startswith(("表：", "取舍", "民政")) else []))


def _write_sdmx(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    from warehouse import sdmx

    time_period = connections.time_period(connection, "fact", year="year_key")
    _copy(connection, sdmx.data(time_period), folder / "data.csv", CSV)
    (folder / "structure.json").write_text(sdmx.structure(connection), "utf-8")


#: Name of a format -> what writes it into an empty folder.
FORMATS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Path], None]] = {
    "parquet": _write_parquet,
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "sdmx": _write_sdmx,
}

"""`minzheng read`: what would be read from pages, on their own: no source list, no snapshot store, no warehouse.

Here belongs how files are taken as pages and how observations are printed. What a number means is read in `bulletins/`.
Imports neither Dagster nor Great Expectations nor DuckDB, and the readers of formats only for a file that is no text, so that
it starts at once.
"""

import datetime
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bulletins.catalog import Catalog, load_catalog
from bulletins.frames import LEAST_CERTAINTY, PAGES, conform
from bulletins.markup import marked_page
from bulletins.pages.errors import NOT_WHOLLY_READ, AttachmentError
from bulletins.places import Places
from bulletins.read import read_pages, tables_of_page
from bulletins.tables.grid import dumps
from pipelines import outputs
from pipelines.inert import echo, inert, json_line

if TYPE_CHECKING:
    from bulletins.pages.page import Document

#: What is printed of an observation, in this order; `value_high` only where a range was printed.
FIELDS = (
    "start", "end", "text", "value", "value_high", "unit", "per", "qualifier", "measure", "status", "year", "period",
    "time_period", "place", "area", "indicator", "label",
)  # fmt: skip


FAILED = 1  # exit code where a file could not be read

#: A page of these months of a year is taken to tell of the year before.
_EARLY_MONTHS = 4
#: Columns of a table that is not printed on a terminal.
PIPE_WIDTH = 200


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--docs", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="JSON Lines: id (the file's stem), place, published, kind of each file.")  # fmt: skip
@click.option("--place", default="", help="Whose pages these are, as a name (成都市) or a GB/T 2260 code (510100).")
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="When they were published, if they do not say.")
@click.option("--format", "style", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Write one FOLDER/<stem>.jsonl a page instead of printing.")  # fmt: skip
@click.option("--html", "markup", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the text of one page with each number marked, as an HTML page, instead of printing.")  # fmt: skip
def read(
    paths: tuple[Path, ...],
    docs: Path | None,
    place: str,
    published: datetime.datetime | None,
    style: str,
    out: Path | None,
    markup: Path | None,
) -> None:
    """Read every number of PATHS and print the observations, and which numbers are none and why.

    A .txt is taken as it is, in UTF-8: spans are code points into it. What any other file is, its bytes tell: a web page,
    of which the main text is read, or PDF, DOCX, DOC, XLSX, XLS, ODS, CSV, OFD, or a ZIP of such files. A file that cannot
    be read is named with what can be done, the others are read, and the exit code is 1.
    """
    paths = tuple({path.resolve(): path for path in paths}.values())  # a file that is named twice is one
    if markup and len(paths) > 1:
        raise click.UsageError("--html shows one page; name one of the PATHS")
    if markup:
        outputs.page(markup, inputs=paths)
    if out:
        _check_names(out, paths)
    catalog = load_catalog()
    known = _documents(docs) if docs else {}
    stated = {"place": place, "published": published.date().isoformat() if published else "", "stated": True}
    taken = [(path, page) for path in paths if (page := _page(path, known.get(path.stem, stated), catalog))]
    unreadable = len(paths) - len(taken)
    if not taken:
        sys.exit(FAILED)
    paths = tuple(path for path, _ in taken)
    pages = conform(pl.DataFrame([page for _, page in taken], schema_overrides=dict(PAGES)), PAGES)
    reading = read_pages(pages, catalog)
    observations = reading.observations.sort("bulletin_key", "start")
    by_page = observations.partition_by("bulletin_key", as_dict=True)
    if markup:
        [(text, title)] = pages.select("text", "title").rows()
        marked = marked_page(
            text,
            observations,
            reading.ledger,
            title=title or paths[0].name,
            indicators=catalog.indicators,
            tables=tables_of_page(pages.row(0, named=True), catalog),
        )
        markup.parent.mkdir(parents=True, exist_ok=True)
        markup.write_text(marked, encoding="utf-8")
        echo(f"{observations.height} observations in {reading.ledger.height} numbers -> {markup}")
        return

    for path, key in zip(paths, pages["bulletin_key"], strict=True):
        found = by_page.get((key,), observations.clear())
        rows = [
            {name: row[name] for name in FIELDS if name != "value_high" or row[name] is not None}
            for row in found.iter_rows(named=True)
        ]
        if out:
            out.mkdir(parents=True, exist_ok=True)
            (out / f"{path.stem}.jsonl").write_text("".join(map(json_line, rows)), encoding="utf-8")
        elif style == "jsonl":
            echo("".join(map(json_line, rows)), nl=False)
        else:
            _print_table(path, found.to_dicts())
            _print_left_out(reading.ledger.filter(pl.col("bulletin_key") == key, pl.col("verdict") != "observation"))
    if out:
        echo(f"{len(paths)} pages, {observations.height} observations -> {out}")
    if unreadable:
        sys.exit(FAILED)


def _check_names(out: Path, paths: tuple[Path, ...]) -> None:
    """Refuse a call that would write two pages to one name, or over a file that is none of ours."""
    outputs.folder(out)
    named: dict[Path, Path] = {}
    for path in paths:
        target = out / f"{path.stem}.jsonl"
        if target in named:
            raise click.UsageError(
                f"{named[target]} and {path} would both be written to {target}; read them in two calls, or rename one"
            )
        named[target] = outputs.json_lines(target, inputs=paths)


def _documents(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """What is known of each page beside its text, by the stem of its file."""
    documents = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                entry = json.loads(line)
                documents[entry["id"]] = entry
            except (ValueError, TypeError, KeyError) as error:
                raise click.UsageError(f'{path}, line {number}: not a JSON object with an "id"') from error
    return documents


def _text(path: Path, raw: bytes) -> str:
    """The text of a file that is text."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from error


def _document(path: Path, raw: bytes) -> "Document":
    """Take any other file as a document, by its bytes.

    Raises:
        AttachmentError: it cannot be read.
    """
    from bulletins.pages.attachments import is_page
    from bulletins.pages.page import read_html
    from fetching.aside import readers
    from fetching.foreign import read_file

    document = read_html(raw) if is_page(raw) else readers().call(read_file, raw, None, "")
    if document.mark:
        echo(f"{path}: {NOT_WHOLLY_READ[document.mark]}", err=True)
    return document


def _page(path: Path, known: Mapping[str, Any], catalog: Catalog) -> dict[str, Any] | None:
    """Take a file as a row of PAGES; None, and a word to the user, for one that cannot be read."""
    raw = path.read_bytes()
    title, publisher, published_on, grids = "", "", None, ""
    if path.suffix == ".txt":
        text = _text(path, raw)
    else:
        try:
            document = _document(path, raw)
        except AttachmentError as error:
            echo(f"{path}: {error}", err=True)
            return None
        title, publisher, published_on, text = document.title, document.publisher, document.published_on, document.text
        grids = dumps(document.grids)
    if known.get("published"):
        try:
            published_on = datetime.date.fromisoformat(known["published"])
        except ValueError as error:
            raise click.UsageError(f"{path}: published {known['published']!r} is not a date like 2022-04-03") from error
    code, name = _whose(path, known, published_on, text, catalog.places)
    text_sha256 = hashlib.sha256(text.encode()).hexdigest()
    url = path.absolute().as_uri()
    return {
        "bulletin_key": hashlib.sha256(f"{url}\n{text_sha256}".encode()).hexdigest()[:16],
        "source_id": "",
        "url": url,
        "title": title,
        "publisher": publisher,
        "published_on": published_on,
        "fetched_at": datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC),
        "snapshot_sha256": hashlib.sha256(raw).hexdigest(),
        "text_sha256": text_sha256,
        "kind": known.get("kind") or "other",
        "place_code": code or None,
        "place": name,
        "text": text,
        "grids": grids,
    }


def _whose(
    path: Path, known: Mapping[str, Any], published_on: datetime.date | None, text: str, places: Places
) -> tuple[str, str]:
    """The code and name of a page's home; without a code where its name is no division's, or several divisions'."""
    words = str(known.get("code") or known.get("place") or "")
    if not words:
        echo(f"{path}: whose page this is was not said; say it with --place to have it in the figures", err=True)
        return "", ""
    # A page of January tells of the year before, and speaks for whoever stood then: 巢湖市 in January 2011.
    published_of = published_on.year - (published_on.month <= _EARLY_MONTHS) if published_on else None
    found = places.look_up(words, known.get("year") or published_of)
    named = [place for place in found if (above := places.parent(place)) and above.short_name in text]
    found = found if len(found) == 1 or len(named) != 1 else tuple(named)
    if len(found) == 1:
        return found[0].code, found[0].name
    if known.get("stated") and not found:
        raise click.UsageError(f"{path}: place {words!r} is not in catalog/places.csv; give its full name or its code")
    why = f"is several: {places.listed(found)}; write one of them" if found else "is not in catalog/places.csv"
    echo(f"{path}: place {words!r} {why}; its figures get the name and no code", err=True)
    return "", str(known.get("place") or words)


def _print_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Print what a person checks a reading by: the number as printed, and what it was taken for."""
    columns = ("text", "value", "unit", "indicator", "label", "place", "year", "status", "certainty")
    table = Table(*columns, title=Text(inert(f"{path}: {len(rows)} observations")), title_justify="left")
    for row in rows:
        value = f"{row['value']:,.12g}" + (f"–{row['value_high']:,.12g}" if row["value_high"] is not None else "")
        unit = f"{row['unit']}/{row['per']}" if row["per"] else row["unit"]
        certainty = f"{row['certainty']:.2f}" + (" ?" if row["certainty"] < LEAST_CERTAINTY else "")
        shown = {**row, "value": value, "unit": unit, "certainty": certainty}
        table.add_row(*(Text(inert(shown[name])) for name in columns))
    # A pipe has no width of its own; there a row stays a line.
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def _print_left_out(ledger: pl.DataFrame) -> None:
    """Print the numbers that are no observations, each with its verdict and why."""
    table = Table("text", "verdict", "reason", title=f"{ledger.height} numbers left out", title_justify="left")
    for row in ledger.select("text", "verdict", "reason").iter_rows():
        table.add_row(*(Text(inert(cell)) for cell in row))
    Console().print(table)

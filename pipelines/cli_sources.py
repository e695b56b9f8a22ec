"""`minzheng sources` and `minzheng snapshots`: the source list under one's hands, and the care of what was fetched.

Here belongs only what is asked and how it is shown; the work is in `fetching`. Imports neither Dagster nor Great Expectations.
"""

import datetime as dt
import hashlib
import sys
from pathlib import Path

import click
import polars as pl

from assets.clock import utc_now
from assets.home import Home
from assets.sample import named_sources, read_sources, served
from bulletins.catalog import load_catalog
from bulletins.frames import OBSERVATIONS, PAGES, conform
from bulletins.pages.errors import NOT_WHOLLY_READ, AttachmentError
from fetching.archive import export_warc, import_warc, prune, verify
from fetching.aside import readers
from fetching.brought import bring
from fetching.foreign import read_file
from fetching.pages import is_html
from fetching.snapshots import SnapshotStore
from fetching.sources import SourceList, load_sources
from fetching.trial import Trial, try_address
from pipelines import outputs
from pipelines.cli import FAILED, PARTIAL
from pipelines.inert import echo
from pipelines.options import home_option, sources_option

_LINKS_SHOWN = 12
_LINES_SHOWN = 12


def _source_list(file: Path | None) -> SourceList:
    return read_sources(named_sources(file), load_catalog().places)


def _store(home: Path | None) -> SnapshotStore:
    return SnapshotStore(Home.of(home).lake)


@click.group()
def sources() -> None:
    """The bureaus that are read: check their list, try an address, take a page that a person saved."""


@sources.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path | None) -> None:
    """Check the source list FILE and say what is wrong, entry by entry.

    Without FILE the list that the next run would use is checked. Exit code 1 if an entry cannot be used.
    """
    found = load_sources(file, load_catalog().places) if file else _source_list(None)
    for error in found.errors:
        echo(error, err=True)
    unverified = sum(source.verified is None for source in found)
    echo(f"{len(found)} sources can be used, {unverified} of them were never verified.")
    if not found.contact and not all(source.allow_private for source in found):
        echo("Set «contact» or MINZHENG_CONTACT before the first run: public sites are not asked anonymously.")
    sys.exit(FAILED if found.errors else 0)


@sources.command("try")
@click.argument("url")
@click.option(
    "--source", "source_id", help="The source whose rules are tried. [default: the one whose lists lie nearest to URL]"
)
@sources_option
def try_(url: str, source_id: str | None, sources: Path | None) -> None:
    """Fetch URL as its source would, and show what would be followed, kept and read. Nothing is stored.

    Of an address that no source has yet, the entry to paste is made from what it shows.

    Exit code 1 if the page would not be kept.
    """
    found = _source_list(sources)
    with served(named_sources(sources)) as connect_to:
        trial = try_address(url, found, source_id, connect_to=connect_to)
    row = trial.retrieval
    echo(f"source     {trial.source.id} ({trial.source.publisher}, {trial.source.place.name})")
    echo(f"answer     {row.status or 'none'}, {row.bytes or 0:,} bytes, {row.final_url}")
    echo(f"outcome    {row.outcome} {row.reason}".rstrip())
    if row.detail:
        echo(f"           {row.detail}")
    if trial.document is None:
        sys.exit(FAILED)
    if trial.listing is not None:
        _show_list(trial)
    _show_links("followed", [f"{link.text}  {link.url}" for link in trial.followed])
    _show_links("files", [f"{link.text}  {link.url}" for link in trial.attachments])
    _show_links("left out", [f"{link.text}  {link.url}" for link in trial.not_followed])
    echo(f"next page  {trial.next_page or 'none'}")
    if row.role == "page":
        _show_page(trial)


def _show_list(trial: Trial) -> None:
    """What the address is as a list: made with what, how long, what it holds back, and the entry for it."""
    listing = trial.listing
    assert listing is not None
    echo(f"made with  {', '.join(listing.system) or 'nothing that is known'}")
    pages, articles = listing.pages or "not said", listing.articles or "not said"
    echo(f"list       {len(listing.rows)} links on this page; by its own count {pages} pages, {articles} articles")
    for address in (*listing.inner, *listing.asks):
        echo(f"within     {address}")
    for loss in trial.losses:
        echo(f"held back  {loss.line}")
    echo("entry")
    for line in trial.entry.splitlines():
        echo(f"  {line}")


def _show_links(name: str, lines: list[str]) -> None:
    echo(f"{name:<10} {len(lines)}")
    for line in lines[:_LINKS_SHOWN]:
        echo(f"           {line}")
    if len(lines) > _LINKS_SHOWN:
        echo(f"           … {len(lines) - _LINKS_SHOWN} more, cut here")


def _show_page(trial: Trial) -> None:
    """What would be read of the page."""
    from bulletins.read import read_pages
    from bulletins.tables.grid import dumps

    document = trial.document
    assert document is not None
    echo(f"title      {document.title} ({trial.kind})")
    echo(f"published  {document.published_on or 'not said'} by {document.publisher or trial.source.publisher}")
    damage = f", {document.replacement_characters} characters unreadable" if document.replacement_characters else ""
    echo(f"text       {len(document.text):,} characters, {document.encoding}{damage}")
    for line in document.text.splitlines()[:_LINES_SHOWN]:
        echo(f"           {line[:100]}{'… (cut here)' if len(line) > 100 else ''}")
    if (more := len(document.text.splitlines()) - _LINES_SHOWN) > 0:
        echo(f"           … {more} more lines, cut here")
    row = trial.retrieval
    page = {
        **dict.fromkeys(PAGES),
        "bulletin_key": "trial",
        "source_id": trial.source.id,
        "url": row.url,
        "title": document.title,
        "published_on": document.published_on,
        "fetched_at": row.retrieved_at,
        "text_sha256": hashlib.sha256(document.text.encode()).hexdigest(),
        "kind": trial.kind,
        "place_code": trial.source.place.code,
        "place": trial.source.place.name,
        "text": document.text,
        "grids": dumps(document.grids),
    }
    reading = read_pages(conform(pl.DataFrame([page], schema=dict(PAGES)), PAGES), load_catalog())
    numbers = conform(reading.observations, OBSERVATIONS)
    coded = numbers.filter(pl.col("indicator") != "")
    echo(f"numbers    {numbers.height} measure something, {coded.height} of them are catalogued")
    for text, indicator, year, place in (
        coded.select("text", "indicator", "year", "place").head(_LINES_SHOWN).iter_rows()
    ):
        echo(f"           {place} {year} {indicator}: {text}")
    if coded.height > _LINES_SHOWN:
        echo(f"           … {coded.height - _LINES_SHOWN} more, cut here")


@sources.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, help="The address that the page has on the bureau's site.")
@click.option(
    "--source", "source_id", help="Whose page it is. [default: the source whose lists lie nearest to the address]"
)
@click.option("--title", default="", help="What the page is called, if it does not say so itself.")
@sources_option
@home_option
def import_(file: Path, url: str, source_id: str | None, title: str, sources: Path | None, home: Path | None) -> None:
    """Keep FILE, a page that a person saved, as what is at URL: for sites that let no program in.

    FILE may be of any format that is read (see docs/formats.md); what it is, its bytes tell. It is judged like a fetched
    page; the next run reads it.
    """
    raw = file.read_bytes()
    mark = "" if is_html(raw) else _mark(file, raw, url)
    row = bring(
        _store(home),
        _source_list(sources),
        url,
        raw,
        now=utc_now(),
        source_id=source_id,
        title=title,
        is_news=True,
    )
    echo(f"{row.outcome} {row.url} «{row.title}», of source {row.source_id}; the next run reads it.")
    if mark:
        echo(f"{file}: {NOT_WHOLLY_READ[mark]}", err=True)


def _mark(file: Path, raw: bytes, url: str) -> str:
    """Why not all of a file can be read; empty where it can.

    Raises:
        ValueError: nothing of it can; names the file, and what to do.
    """
    try:
        return readers().call(read_file, raw, None, url).mark
    except AttachmentError as error:
        raise ValueError(f"{file}: {error}") from error


@click.group()
def snapshots() -> None:
    """What was fetched, byte for byte: check it, carry it elsewhere, let go of what no page needs."""


@snapshots.command("verify")
@click.option("--drop-damaged", is_flag=True, help="Delete what is damaged, so that the next run fetches it whole.")
@home_option
def verify_(drop_damaged: bool, home: Path | None) -> None:
    """Read every snapshot and compare it with its hash. Exit code 1 if one is damaged or missing."""
    found = verify(_store(home), drop_damaged=drop_damaged)
    for line in found.broken:
        echo(line, err=True)
    echo(
        f"{found.blobs:,} snapshots in {found.bytes / 2**20:,.1f} MiB for {found.rows:,} retrievals; "
        f"{len(found.broken)} broken, {found.unneeded:,} that no page needs."
    )
    sys.exit(FAILED if found.broken else 0)


@snapshots.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@home_option
def export(file: Path, home: Path | None) -> None:
    """Write all snapshots and how they were got to FILE (WARC 1.1, .warc.gz), which other tools open."""
    echo(f"{export_warc(_store(home), outputs.archive(file)):,} retrievals written to {file}.")


@snapshots.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@sources_option
@home_option
def import_snapshots(file: Path, sources: Path | None, home: Path | None) -> None:
    """Take the snapshots of a WARC FILE: all of an export of ours, or the bulletins' pages of another program's.

    Exit code 3 if something in the file was not taken.
    """
    taken, refused = import_warc(_store(home), file, _source_list(sources), now=utc_now())
    for line in refused:
        echo(line, err=True)
    echo(f"{taken:,} retrievals taken, {len(refused)} not.")
    sys.exit(PARTIAL if refused else 0)


@snapshots.command("prune")
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True, help="What is younger stays.")
@home_option
def prune_(days: int, home: Path | None) -> None:
    """Let go of refused answers and old lists. Versions of pages are kept for good."""
    echo(f"{prune(_store(home), now=utc_now(), keep=dt.timedelta(days=days)):,} snapshots let go of.")

"""Which source list a run is about: the one that is named, else the bundled sample, whose sites are served from here.

A source list is named by its absolute path; the empty name stands for the sample. Knows nothing of Dagster.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bulletins.catalog import CATALOG_FOLDER
from bulletins.places import Places
from fetching.sources import SourceList, load_sources, parse_sources

FOLDER = CATALOG_FOLDER / "sample"

#: A name that no server on the web can have (RFC 6761). Addresses stay the same from run to run, whatever the port.
HOST = "sample.invalid"


def named_sources(file: Path | None = None) -> str:
    """Return the name of the source list `file`, else of the one in `$MINZHENG_SOURCES`, else the sample's."""
    named = file or os.environ.get("MINZHENG_SOURCES")
    return str(Path(named).absolute()) if named else ""


def read_sources(name: str, places: Places) -> SourceList:
    """Return the source list of that name.

    Raises:
        fetching.sources.SourcesError: the file as a whole cannot be used.
    """
    return load_sources(Path(name), places) if name else sample_sources(places)


def served(name: str) -> AbstractContextManager[Mapping[str, tuple[str, int]]]:
    """Serve the sites of that source list if they are the sample's; yields the hosts that are ours, and where."""
    return nullcontext({}) if name else served_sample()


def sample_sources(places: Places) -> SourceList:
    """Return the sample's source list, its addresses below `http://sample.invalid`."""
    file = FOLDER / "sources.yaml"
    return parse_sources(file.read_text(encoding="utf-8").replace("{base}", f"http://{HOST}"), file.name, places)


@contextmanager
def served_sample(site: Path = FOLDER / "site") -> Iterator[Mapping[str, tuple[str, int]]]:
    """Serve the sample's sites on a free loopback port, and yield where `HOST` is to be connected to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, name="sample-site", daemon=True)
        thread.start()
        try:
            yield {HOST: ("127.0.0.1", server.server_port)}
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files as they are and says nothing of it."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

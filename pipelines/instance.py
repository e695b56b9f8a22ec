"""Where Dagster keeps its own records, and how: made on first use, never overwritten."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.home import Home

SETTINGS = Path(__file__).with_name("dagster.yaml")


def prepare_dagster_home(home: Home) -> Path:
    """Return Dagster's folder, made if it is missing: `$DAGSTER_HOME` if the user has set it, else one in `home`."""
    folder = Path(os.environ.get("DAGSTER_HOME") or home.dagster).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        shutil.copyfile(SETTINGS, settings)
    return folder


@contextmanager
def open_instance(home: Home) -> Iterator[dg.DagsterInstance]:
    """Open Dagster's records, so that a run from the command line is seen in the UI as any other."""
    folder, named = str(prepare_dagster_home(home)), os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = folder  # the settings refer to it
    try:
        with dg.DagsterInstance.from_config(folder) as instance:
            yield instance
    finally:
        if named is None:
            del os.environ["DAGSTER_HOME"]


if __name__ == "__main__":
    # For services that start Dagster's own programs: makes Dagster's home before them.
    prepare_dagster_home(Home.of())

"""Options that several commands share."""

from pathlib import Path

import click

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where all data lies. [default: $MINZHENG_HOME, else data/; of the sample data/sample/]",
)
sources_option = click.option(
    "--sources",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The source list. [default: $MINZHENG_SOURCES, else the bundled sample bureaus]",
)

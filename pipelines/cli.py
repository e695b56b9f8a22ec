"""The command `minzheng`: the list of its subcommands, each loaded when it is called.

Here belongs what all commands share: their order, their exit codes, and how an error is shown. A command's own work lies
in the module named beside it. Nothing heavy is imported here: `minzheng read` must start fast.
"""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import click

from pipelines.inert import echo

#: Exit codes of every command. Click itself ends a wrong call (unknown option, missing argument) with 2.
OK, FAILED, USAGE, PARTIAL = 0, 1, 2, 3


class Lazy(NamedTuple):
    """A command that is not imported yet: where it is defined, as `module:function`, and what the help says of it."""

    defined: str
    summary: str


#: The commands, in the order of the help. Each summary is the first sentence of the command's own help.
COMMANDS: Mapping[str, Lazy] = {
    "run": Lazy("pipelines.cli_run:run", "Fetch, read, check and publish: the nightly job, here and now."),
    "read": Lazy(
        "pipelines.cli_read:read",
        "Read every number of PATHS and print the observations, and which numbers are none and why.",
    ),
    "explain": Lazy(
        "pipelines.cli_explain:explain",
        "Show every observation behind the values of PLACE and INDICATOR in YEAR, the published one first.",
    ),
    "status": Lazy(
        "pipelines.cli_status:status", "Tell how fresh and how complete the data is, and what needs a person."
    ),
    "quarantine": Lazy(
        "pipelines.cli_quarantine:quarantine",
        "What was held back and why; accept it or reject a published number, with a reason.",
    ),
    "conflicts": Lazy(
        "pipelines.cli_warehouse:conflicts",
        "Show where bulletins disagree beyond rounding: both sides, and the rule that chose.",
    ),
    "places": Lazy(
        "pipelines.cli_warehouse:places",
        "Tell place by place what is published, of which years, and how new it is; those whose name or code holds WORD.",
    ),
    "indicators": Lazy(
        "pipelines.cli_warehouse:indicators",
        "List the indicators and how much is published of each; those that WORD means or that hold it in their names.",
    ),
    "releases": Lazy("pipelines.cli_warehouse:releases", "List, compare, check and go back to published releases."),
    "sources": Lazy(
        "pipelines.cli_sources:sources",
        "The bureaus that are read: check their list, try an address, take a page that a person saved.",
    ),
    "snapshots": Lazy(
        "pipelines.cli_sources:snapshots",
        "What was fetched, byte for byte: check it, carry it elsewhere, let go of what no page needs.",
    ),
    "export": Lazy(
        "pipelines.cli_warehouse:export",
        "Write the published release to FOLDER as Parquet, CSV, XLSX and SDMX-CSV, a subfolder each.",
    ),
    "report": Lazy(
        "pipelines.cli_warehouse:report",
        "Write one HTML page that shows the release without a BI tool, and without a network.",
    ),
    "housekeeping": Lazy(
        "pipelines.cli_run:housekeeping", "Let go of what nothing needs any more, now and not only on Sundays."
    ),
    "ui": Lazy(
        "pipelines.cli_run:ui",
        "Open Dagster's UI with its daemon on this machine: assets, checks, runs, the nightly schedule.",
    ),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, in the order of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].defined.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of the commands; Click itself would import each to ask for its help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minzheng")
def commands() -> None:
    """Civil-affairs bulletins, read number by number into a city × year × indicator warehouse.

    Everything is kept in the folder data/ of the working directory, or where $MINZHENG_HOME says.

    \b
    Exit codes:
      0  all went well
      1  it failed
      2  the call was wrong
      3  partial: some sources or pages failed, each named with what to do; the rest is published
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; a failure is one line on stderr that says what to do, not a traceback."""
    try:
        code = commands.main(args=arguments, prog_name="minzheng", standalone_mode=False)
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            echo(error.ctx.get_usage(), err=True)
            echo(f"Try '{error.ctx.command_path} --help' for help.\n", err=True)
        echo(f"Error: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        echo("minzheng: given up; what was published stays", err=True)
        sys.exit(FAILED)
    except BrokenPipeError:  # whoever read what is printed has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OK)
    except Exception as error:
        if os.environ.get("MINZHENG_TRACEBACK"):
            raise
        echo(f"minzheng: {_told(error)}", err=True)
        sys.exit(FAILED)
    sys.exit(code if isinstance(code, int) else OK)


def _told(error: Exception) -> str:
    """What a person is told of an error: an expected one says itself what to do."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}; look at the path and its permissions"
    if isinstance(error, (OSError, ValueError)):
        return str(error)
    room = type(error).__module__.partition(".")[0]
    if room in ("polars", "duckdb", "sqlite3"):
        return f"a file cannot be read ({error}); `minzheng run --offline` makes damaged files again"
    return f"a fault in minzheng ({type(error).__name__}: {error}); report it with what MINZHENG_TRACEBACK=1 shows"

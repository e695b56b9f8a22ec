"""`minzheng status`: how things stand, for a person, a monitor, or cron."""

import sys
from pathlib import Path

import click

from assets.clock import utc_now
from assets.home import Home
from assets.sample import named_sources, read_sources
from pipelines.cli import FAILED, OK, PARTIAL
from pipelines.inert import echo
from pipelines.options import home_option, sources_option


@click.command()
@home_option
@sources_option
@click.option("--json", "style", flag_value="json", help="One JSON object.")
@click.option("--prometheus", "style", flag_value="prometheus", help="Prometheus' text format.")
def status(home: Path | None, sources: Path | None, style: str | None) -> None:
    """Tell how fresh and how complete the data is, and what needs a person.

    Exit codes: 0 all well; 1 what is published is missing or grows old; 3 some bureaus or figures need a look. Needs no
    Dagster, so that cron or a monitor can call it.
    """
    from bulletins.catalog import load_catalog
    from pipelines.health import Health, health_of

    health = health_of(
        Home.of(home, sample=not named_sources(sources)),
        read_sources(named_sources(sources), load_catalog().places),
        utc_now(),
    )
    shown = {"json": Health.as_json, "prometheus": Health.as_prometheus}.get(style or "", Health.as_text)
    echo(shown(health), nl=False)
    severities = {problem.severity for problem in health.problems}
    sys.exit(FAILED if "critical" in severities else PARTIAL if severities else OK)

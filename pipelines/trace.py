"""The way back from a published value to its sentences, for people who work in Dagster's UI rather than at a prompt."""

import dagster as dg
import polars as pl
from pydantic import Field

from assets.previews import preview
from assets.workspace import Workspace
from pipelines.cli_explain import fate
from warehouse import query
from warehouse.connections import WarehouseError


class Asked(dg.Config):
    """Which values are to be explained."""

    place: str = Field(description="Name or code of the place: 成都市, 510100.")
    indicator: str = Field(description="Code or name of the indicator: dibao_standard, 最低生活保障标准.")
    year: int | None = Field(default=None, description="Without it all years.")


@dg.op
def find_sentences(context: dg.OpExecutionContext, config: Asked, workspace: Workspace) -> None:
    """Show every observation behind the values that were asked for, the published one first."""
    try:
        found = query.explain(workspace.home.warehouse, config.place, config.indicator, config.year)
    except WarehouseError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    if found.is_empty():
        asked = f"{config.indicator} of {config.place} in {config.year}"
        raise dg.Failure(f"nothing was read on {asked}; leave the year out to see all years", allow_retries=False)
    told = found.with_columns(outcome=pl.Series([fate(row) for row in found.iter_rows(named=True)]))
    columns = ("year", "area", "status", "standard_value", "unit", "outcome", "printed", "sentence", "title", "url")
    context.add_output_metadata({"observations": found.height, "sentences": preview(told, *columns, rows=found.height)})


@dg.job(
    executor_def=dg.in_process_executor,
    config=dg.RunConfig({"find_sentences": Asked(place="成都市", indicator="dibao_standard", year=2021)}),
)
def explain_number() -> None:
    """Where a published value comes from: Launchpad, write place, indicator and year, Launch run.

    The run's log then has, at the output of `find_sentences`, every observation behind the value: what is printed, its
    sentence, its page, and why it was chosen or not. The same as `minzheng explain` at a prompt.
    """
    find_sentences()

"""The only caller of Great Expectations: validates a stage of a suite, with the trade's own rules as custom expectations.

The suite that is validated is the one that `suites.py` writes. Rows keep their numbers as the index of the pandas frame, so that the
unexpected rows of a result are told by index. A custom expectation finds its rows by that index among those that were handed over, and
computes its rule on them. Great Expectations is loaded with this module, its context is kept for all that follow; it is silent and
asks nobody.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import pandas as pd
from great_expectations import get_context
from great_expectations.core import ExpectationSuite
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResultSchema
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)

from expectations.report import EXAMPLES_SHOWN
from expectations.rules import ROW, Rule
from expectations.runner import BrokenCheckError, Suite, Suspects
from expectations.suites import custom_type, suite_configs

_handed_over: ContextVar[Suspects] = ContextVar("handed_over")


def validate(suite: Suite, suspects: Suspects, *, ask_all: bool = False) -> dict[str, Any]:
    """Validate one stage of a suite on the rows that are handed over; the result as JSON values.

    Expectations of rules that no row is suspected to break are not asked, and recorded as held. Counts are those of all rows
    that the stage examined; lists of broken rows are cut to `EXAMPLES_SHOWN`.

    Args:
        ask_all: whether to ask all expectations all the same.

    Raises:
        BrokenCheckError: an expectation could not be evaluated, or the broken rows are not those that were suspected.
    """
    (config,) = (config for config in suite_configs(suite) if config["name"] == suspects.part)
    asked = {name for name, rows in suspects.broken.items() if ask_all or rows.len()}
    register_rules([rule for rule in suspects.rules if rule.name in asked])
    with _handing_over(suspects):
        batch = _batch_definition().get_batch({"dataframe": _in_pandas(suite, suspects, asked)})
        expectations = [each for each in config["expectations"] if each["meta"]["rule"] in asked]
        validation: dict[str, Any] = batch.validate(
            ExpectationSuite(config["name"], expectations), result_format={"result_format": "COMPLETE"}
        ).to_json_dict()
    _same_as_suspected(suite, suspects, validation["results"])
    answers = iter(validation["results"])
    validation["results"] = [
        _told_of_all_rows(suite, suspects, next(answers) if each["meta"]["rule"] in asked else _held(each))
        for each in config["expectations"]
    ]
    held = sum(entry["success"] for entry in validation["results"])
    validation["statistics"] = {
        "evaluated_expectations": len(validation["results"]),
        "successful_expectations": held,
        "unsuccessful_expectations": len(validation["results"]) - held,
        "success_percent": _percent(held, len(validation["results"])),
    }
    validation["meta"] |= {"rows": suspects.seen, "rows_handed_over": suspects.rows.height}
    return validation


def _same_as_suspected(suite: Suite, suspects: Suspects, answers: Sequence[Mapping[str, Any]]) -> None:
    recorded: dict[str, set[int]] = {rule.name: set() for rule in suspects.rules}
    for answer in answers:
        rule = answer["expectation_config"]["meta"]["rule"]
        if "unexpected_index_list" not in answer["result"]:
            raise BrokenCheckError(
                f"suite {suite.name}, rule {rule}: Great Expectations could not evaluate it: {_exception(answer)}"
            )
        recorded[rule] |= {broken[ROW] for broken in answer["result"]["unexpected_index_list"]}
    for rule, rows in recorded.items():
        if rows != (suspected := set(suspects.broken[rule])):
            raise BrokenCheckError(
                f"suite {suite.name}, rule {rule}: Great Expectations finds {len(rows)} broken rows, the rule itself "
                f"{len(suspected)}; they differ in rows {sorted(rows ^ suspected)[:EXAMPLES_SHOWN]}. Report it with these rows"
            )


def _held(expectation: Mapping[str, Any]) -> dict[str, Any]:
    """The result of an expectation that was not asked, because no row seems to break its rule."""
    return {
        "success": True,
        "expectation_config": dict(expectation),
        "result": {"unexpected_count": 0, "unexpected_percent": 0.0, "unexpected_index_list": [], "missing_count": 0},
        "meta": {"asked": False},
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
    }


def register_rules(rules: Iterable[Rule]) -> None:
    """Make known to Great Expectations those of the rules that are no expectation of its own."""
    for rule in rules:
        if not rule.expected:
            _register(rule.name, custom_type(rule), rule.meaning)


@functools.cache
def _register(rule: str, expectation_type: str, meaning: str) -> type[ColumnMapExpectation]:
    """A rule of the trade's own as an expectation that is known by its type."""

    class Metric(ColumnMapMetricProvider):
        condition_metric_name = f"rule.{rule}"
        filter_column_isnull = False

        @column_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column: pd.Series, **_: object) -> pd.Series:  # noqa: N805
            return ~column.index.to_series().isin(_broken_of(rule, column.index.to_list()))

    body = {"__module__": __name__, "__doc__": meaning, "map_metric": f"rule.{rule}"}
    # Great Expectations makes the type of the name of the class, and would lose the "_" before a digit.
    return type(expectation_type, (ColumnMapExpectation,), body)


def _broken_of(name: str, rows: Sequence[int]) -> list[int]:
    """Which of the rows that were handed over break a rule."""
    suspects = _handed_over.get()
    (rule,) = (each for each in suspects.rules if each.name == name)
    asked = suspects.rows.filter(pl.col(ROW).is_in(suspects.asked[name].implode()), pl.col(ROW).is_in(list(rows)))
    return rule.examine(asked).broken[ROW].to_list()


@contextlib.contextmanager
def _handing_over(suspects: Suspects) -> Iterator[None]:
    token = _handed_over.set(suspects)
    try:
        yield
    finally:
        _handed_over.reset(token)


def _in_pandas(suite: Suite, suspects: Suspects, asked: Set[str]) -> pd.DataFrame:
    """The columns that the asked rules look at, with the numbers of the rows as the index."""
    rules = (rule for rule in suspects.rules if rule.name in asked)
    looked_at = (column for rule in rules for expected in rule.expected for column in expected.reads)
    columns = suspects.rows.select(dict.fromkeys([*suite.key, *looked_at]).keys())
    # Times with a zone make pandas warn of its next version.
    plain = cs.datetime(time_zone="*").dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    frame = columns.with_columns(plain).to_pandas()
    frame.index = pd.Index(suspects.rows[ROW].to_list(), name=ROW)
    return frame


@functools.cache
def _context() -> Any:
    """One ephemeral context a process, silent and offline."""
    context = get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


@functools.cache
def _batch_definition() -> Any:
    """Where every frame is handed over."""
    asset = _context().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _exception(entry: Mapping[str, Any]) -> object:
    """What stopped an expectation, wherever its result tells it."""
    told = entry["exception_info"]
    messages = [told, *(value for value in told.values() if isinstance(value, Mapping))]
    return next((each["exception_message"] for each in messages if each.get("exception_message")), entry["result"])


def _told_of_all_rows(suite: Suite, suspects: Suspects, answer: dict[str, Any]) -> dict[str, Any]:
    """A result that knows of the rows handed over, with the counts of the whole stage and few broken rows."""
    result, evaluated = answer["result"], suspects.evaluated[answer["expectation_config"]["meta"]["rule"]]
    broken = result["unexpected_index_list"][:EXAMPLES_SHOWN]
    keys = suspects.rows.filter(pl.col(ROW).is_in([row[ROW] for row in broken])).select(ROW, *suite.key)
    by_row = {key.pop(ROW): key for key in keys.iter_rows(named=True)}
    result["unexpected_index_list"] = [{**by_row[row[ROW]], **_values(row)} for row in broken]
    result["element_count"] = suspects.seen
    for name in ("unexpected_list", "partial_unexpected_list", "partial_unexpected_counts"):
        if name in result:
            result[name] = result[name][:EXAMPLES_SHOWN]
    for name in ("unexpected_index_query", "partial_unexpected_index_list"):
        result.pop(name, None)
    if "missing_count" in result:
        result["missing_count"] = suspects.seen - evaluated
        result["missing_percent"] = _percent(suspects.seen - evaluated, suspects.seen)
    for name, whole in (
        ("unexpected_percent", evaluated),
        ("unexpected_percent_nonmissing", evaluated),
        ("unexpected_percent_total", suspects.seen),
    ):
        if name in result:
            result[name] = _percent(result["unexpected_count"], whole)
    return answer


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a broken row, without its number and as JSON values."""
    return {name: getattr(value, "item", lambda value=value: value)() for name, value in row.items() if name != ROW}


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def build_pages(
    suites: Sequence[dict[str, Any]],
    rules: Iterable[Rule],
    records: Sequence[tuple[str, Mapping[str, Any]]],
    folder: Path,
    made_at: datetime,
) -> None:
    """Have Great Expectations draw its pages of all suites and of results that were kept.

    Args:
        suites: as `suite_configs` gives them.
        rules: the rules of these suites.
        records: results of `validate`, each with the name of its suite.
        folder: where the pages go.
        made_at: shown as when the checks ran.
    """
    register_rules(rules)
    context = _context()
    for config in suites:
        context.suites.add_or_update(ExpectationSuite(**config))
    names = [
        ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(name),
            run_id=RunIdentifier(run_name="checks", run_time=made_at),
            batch_identifier=str(number),
        )
        for number, (name, _) in enumerate(records, start=1)
    ]
    for name, (_, record) in zip(names, records, strict=True):
        loaded = ExpectationSuiteValidationResultSchema().load({key: record[key] for key in record if key != "id"})
        loaded.meta["run_id"] = name.run_id
        context.validation_results_store.set(name, loaded)
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site("pages", site)
    try:
        context.build_data_docs(site_names=["pages"])
    finally:
        context.delete_data_docs_site("pages")
        for name in names:
            context.validation_results_store.remove_key(name)

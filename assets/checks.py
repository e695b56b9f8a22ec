"""From observations to those that may be published: what breaks a rule is held back, with the rule."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.home import code_version, fingerprint, origin_of, read_frame, write_frame
from assets.previews import preview
from assets.reports import check_results, load_report, save_report
from assets.workspace import Workspace
from bulletins.frames import OBSERVATIONS, QUARANTINE
from expectations.corrections import RULES as CORRECTION_RULES
from expectations.corrections import load_corrections
from expectations.ledger import RULES as LEDGER_RULES
from expectations.ledger import check_ledger
from expectations.observations import SUITE, screen
from expectations.report import SuiteReport
from expectations.snapshots import PAGE_RULES, check_pages

GROUP = "3_checking"
KINDS = {"polars", "greatexpectations"}

#: Rooms whose code and data decide what a check says.
CODE = ("catalog", "expectations")


@dg.multi_asset_check(
    name="text_checks",
    specs=[
        *(dg.AssetCheckSpec(rule.name, asset="pages", description=rule.meaning) for rule in PAGE_RULES),
        *(dg.AssetCheckSpec(rule.name, asset="number_ledger", description=rule.meaning) for rule in LEDGER_RULES),
    ],
)
def text_checks(workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
    """Check the texts that were read, and that the ledger accounts for every digit in them."""
    of_pages, of_ledger = text_reports(workspace)
    yield from check_results(of_pages, "pages")
    yield from check_results(of_ledger, "number_ledger")


def text_reports(workspace: Workspace) -> tuple[SuiteReport, SuiteReport]:
    """Return the reports on the texts and on the ledger; the last ones where nothing was read since."""
    folder, readings = workspace.home.checked, workspace.all_readings()
    marker, origin = folder / "texts.origin", fingerprint(readings.origin, code_version(*CODE))
    if not marker.exists() or marker.read_text(encoding="utf-8") != origin:
        pages = readings.pages()
        save_report(check_pages(pages), folder / "pages.json")
        save_report(check_ledger(readings.ledger(), readings.observations(), pages), folder / "ledger.json")
        marker.write_text(origin, encoding="utf-8")
    return load_report(folder / "pages.json"), load_report(folder / "ledger.json")


@dg.multi_asset(
    name="screening",
    specs=[
        dg.AssetSpec(
            "valid_observations",
            deps=["observations"],
            group_name=GROUP,
            kinds=KINDS,
            description="The observations that hold every rule, and with them warnings about the doubtful ones.",
        ),
        dg.AssetSpec(
            "quarantine",
            deps=["observations"],
            group_name=GROUP,
            kinds=KINDS,
            description="The observations that break a rule, each with the rule and what was expected. They are not "
            "published and not lost: `minzheng quarantine` lists, explains and releases them.",
        ),
    ],
    check_specs=[
        *(dg.AssetCheckSpec(rule.name, asset="valid_observations", description=rule.meaning) for rule in SUITE.rules),
        *(dg.AssetCheckSpec(rule.name, asset="quarantine", description=rule.meaning) for rule in CORRECTION_RULES),
    ],
)
def screening(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Check the observations of all cities at once; on a night without changes the last verdict stands."""
    folder = workspace.home.checked
    readings = workspace.all_readings()
    origin = fingerprint(readings.origin, code_version(*CODE))
    changed = origin_of(folder / "valid.parquet") != origin
    if changed:
        context.log.info("checking all observations")
        screened = screen(readings.observations(), readings.pages(), workspace.catalog, load_corrections())
        save_report(screened.report, folder / "observations.json")
        save_report(screened.corrections, folder / "corrections.json")
        write_frame(screened.flags, folder / "flags.parquet")
        write_frame(screened.quarantine, folder / "quarantine.parquet")
        write_frame(screened.valid, folder / "valid.parquet", origin)
    else:
        context.log.info("no observation changed; the last verdict stands")
    valid = read_frame(folder / "valid.parquet", OBSERVATIONS)
    quarantine = read_frame(folder / "quarantine.parquet", QUARANTINE)
    yield dg.MaterializeResult(
        asset_key="valid_observations",
        data_version=dg.DataVersion(origin),
        metadata={
            "valid": valid.height,
            "catalogued": valid.filter(pl.col("indicator") != "").height,
            "changed": changed,
            "preview": preview(valid, "place", "year", "indicator", "value", "unit", "status", "sentence"),
        },
        # What breaks a rule is not in here but in the quarantine, so no broken rule makes this asset a failed one.
        check_results=list(
            check_results(load_report(folder / "observations.json"), "valid_observations", dg.AssetCheckSeverity.WARN)
        ),
    )
    yield dg.MaterializeResult(
        asset_key="quarantine",
        data_version=dg.DataVersion(origin),
        metadata={
            "quarantined": quarantine.height,
            "by rule": preview(quarantine["rule"].value_counts(sort=True), "rule", "count"),
            "preview": preview(quarantine, "place", "year", "label", "text", "rule", "detail", "sentence"),
        },
        check_results=list(check_results(load_report(folder / "corrections.json"), "quarantine")),
    )

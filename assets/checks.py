"""From observations to those that may be published: what breaks a rule is held back, with the rule."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import polars as pl

from assets.clock import SHANGHAI, utc_now
from assets.home import code_version, fingerprint, join_frames, origin_of, read_marker, write_frame
from assets.incremental import AllReadings
from assets.previews import preview, preview_of
from assets.reports import check_results, check_specs, load_report, merged, save_report
from assets.runbook import described, what_to_do
from assets.workspace import Workspace, not_made
from bulletins.frames import PAGES, empty
from expectations.corrections import RULES as CORRECTION_RULES
from expectations.corrections import Correction, as_yaml, load_corrections
from expectations.ledger import RULES as LEDGER_RULES
from expectations.ledger import check_ledger
from expectations.observations import SUITE, screen
from expectations.report import SuiteReport
from expectations.snapshots import PAGE_RULES, check_pages
from fetching.history import BUREAU_SILENT, freshness

GROUP = "3_checking"
KINDS = {"polars", "greatexpectations"}

#: Rooms whose code and data decide what a check says.
CODE = ("catalog", "expectations")

#: What the freshness of a bureau is told by, of its pages.
TOLD = ("source_id", "kind", "published_on")

#: Observations that are checked together: their checks take about a gigabyte.
MOST_TOGETHER = 100_000


@dg.multi_asset_check(
    name="text_checks",
    can_subset=True,  # else neither pages nor readings could be materialized without the other
    specs=[
        *check_specs(PAGE_RULES, "pages"),
        *check_specs(LEDGER_RULES, "number_ledger"),
    ],
)
def text_checks(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
    """Check the texts that were read, and that the ledger accounts for every digit in them."""
    asked = context.op_execution_context.selected_asset_check_keys
    of_pages, of_ledger = text_reports(workspace)
    for result in (*check_results(of_pages, "pages"), *check_results(of_ledger, "number_ledger")):
        if result.asset_key is not None and dg.AssetCheckKey(result.asset_key, str(result.check_name)) in asked:
            yield result


@dg.asset_check(
    asset="pages",
    name="bureaus_are_fresh",
    description=described("bureaus_are_fresh", "每个来源的列表页近日打得开，上年度总结已按期发布"),
)
def bureaus_are_fresh(workspace: Workspace) -> dg.AssetCheckResult:
    """Tell of each bureau when its list was last had and when its newest summary came out, the worst first."""
    now, sources = utc_now(), workspace.source_list()
    files = {workspace.home.pages(source.place.code) for source in sources}
    told = [pl.read_parquet(file, columns=list(TOLD), glob=False) for file in sorted(files) if file.exists()]
    fresh = freshness(
        workspace.store, sources, pl.concat([empty(PAGES).select(*TOLD), *told]), now.astimezone(SHANGHAI).date()
    )
    silent = pl.col("listed_at").is_null() | (pl.col("silent_since") < now - BUREAU_SILENT)
    states = fresh.with_columns(
        city=pl.col("place"),
        state=pl.when(silent).then(pl.lit("silent")).when("overdue").then(pl.lit("overdue")).otherwise(pl.lit("fresh")),
    ).sort(pl.col("state") == "fresh", pl.col("listed_at").fill_null(now - BUREAU_SILENT * 100))
    late = states.filter(pl.col("state") != "fresh")
    return dg.AssetCheckResult(
        passed=late.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        description=f"not fresh: {', '.join(late['city'].head(20))}" if late.height else None,
        metadata={
            "bureaus": states.height,
            "silent": states.filter(pl.col("state") == "silent").height,
            "overdue": states.filter("overdue").height,
            "freshness": preview(
                states, "city", "source_id", "state", "listed_at", "changed_at", "summary_on", "troubled", rows=400
            ),
            **({"what to do": what_to_do("bureaus_are_fresh")} if late.height else {}),
        },
    )


def text_reports(workspace: Workspace) -> tuple[SuiteReport, SuiteReport]:
    """Return the reports on the texts and on the ledger; the last ones where nothing was read since."""
    of_pages, of_ledger = [], []
    for name, readings in workspace.all_readings().parted(MOST_TOGETHER).items():
        folder = workspace.home.checked / "parts" / name
        marker, origin = folder / "texts.origin", fingerprint(readings.origin, code_version(*CODE))
        if read_marker(marker) != origin:
            pages = readings.pages()
            save_report(check_pages(pages), folder / "pages.json")
            save_report(check_ledger(readings.ledger(), readings.observations(), pages), folder / "ledger.json")
            marker.write_text(origin, encoding="utf-8")
        of_pages.append(load_report(folder / "pages.json"))
        of_ledger.append(load_report(folder / "ledger.json"))
    return merged(of_pages), merged(of_ledger)


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
        *check_specs(SUITE.rules, "valid_observations"),
        *check_specs(CORRECTION_RULES, "quarantine"),
    ],
)
def screening(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Check the observations of all cities; where nothing changed the last verdict stands.

    Figures are compared with those of other pages and cities. All are checked together while they are few; beyond that,
    province by province, which bounds the memory and checks only those provinces in which something changed.
    """
    readings_of_all = workspace.all_readings()
    if not any(readings_of_all.inputs.values()):
        raise not_made("no page of any city was read yet (the checks of `snapshots` tell which came)", "observations")
    folder, parts = workspace.home.checked, readings_of_all.parted(MOST_TOGETHER)
    decisions = _decisions_by_part(load_corrections(workspace.home.decisions), parts)
    code = code_version(*CODE)
    origins = {name: fingerprint(part.origin, code, as_yaml(decisions[name])) for name, part in parts.items()}
    origin = fingerprint(*parts, *origins.values())
    changed = origin_of(folder / "valid.parquet") != origin
    if changed:
        for name, readings in parts.items():
            of_part = folder / "parts" / name
            if origin_of(of_part / "valid.parquet") != origins[name]:
                context.log.info("checking observations: %s", name)
                screened = screen(readings.observations(), readings.pages(), workspace.catalog, decisions[name])
                save_report(screened.report, of_part / "observations.json")
                save_report(screened.corrections, of_part / "corrections.json")
                write_frame(screened.flags, of_part / "flags.parquet")
                write_frame(screened.excused, of_part / "excused.parquet")
                write_frame(screened.quarantine, of_part / "quarantine.parquet")
                write_frame(screened.valid, of_part / "valid.parquet", origins[name])
        for suite in ("observations", "corrections"):
            reports = [load_report(folder / "parts" / name / f"{suite}.json") for name in parts]
            save_report(merged(reports), folder / f"{suite}.json")
        for file, frame_origin in (("flags", ""), ("excused", ""), ("quarantine", ""), ("valid", origin)):
            frames = [folder / "parts" / name / f"{file}.parquet" for name in parts]
            join_frames(frames, folder / f"{file}.parquet", frame_origin)
    else:
        context.log.info("no observation changed; the last verdict stands")
    for result in load_report(folder / "corrections.json").results:
        if result.failed and result.severity == "error":
            for example in result.examples:
                key, detail = example["observation_key"], example["detail"]
                context.log.warning("%s: the decision on %s: %s", result.rule, key, detail)
    valid, quarantine = (pl.scan_parquet(folder / f"{file}.parquet", glob=False) for file in ("valid", "quarantine"))
    catalogued = valid.select(pl.col("indicator") != "").collect().to_series()
    rules = quarantine.select("rule").collect().to_series()
    yield dg.MaterializeResult(
        asset_key="valid_observations",
        data_version=dg.DataVersion(origin),
        metadata={
            "valid": catalogued.len(),
            "catalogued": int(catalogued.sum()),
            "changed": changed,
            "preview": preview_of(valid, "place", "year", "indicator", "value", "unit", "status", "sentence"),
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
            "quarantined": rules.len(),
            "by rule": preview(rules.value_counts(sort=True), "rule", "count"),
            "preview": preview_of(quarantine, "place", "year", "label", "text", "rule", "detail", "sentence"),
        },
        check_results=list(check_results(load_report(folder / "corrections.json"), "quarantine")),
    )


def _decisions_by_part(
    decisions: Sequence[Correction], parts: Mapping[str, AllReadings]
) -> dict[str, list[Correction]]:
    """Give each decision of a person to the part that has its page; to the first where none has, which says so."""
    by_part: dict[str, list[Correction]] = {name: [] for name in parts}
    if decisions and len(parts) == 1:
        by_part[next(iter(parts))] = list(decisions)
    elif decisions:
        known = {name: _known(readings) for name, readings in parts.items()}
        for decision in decisions:
            said = {decision.observation, decision.page.url if decision.page else decision.observation}
            by_part[next((name for name in parts if said & known[name]), next(iter(parts)))].append(decision)
    return by_part


def _known(readings: AllReadings) -> set[str]:
    """The keys of all observations of a part, and the addresses of its pages."""
    files = readings.files("observations")
    keys: list[str] = []
    if files:
        keys = pl.scan_parquet(files).select("observation_key").collect().to_series().to_list()
    return {*keys, *readings.bulletins()["url"]} - {""}

"""From valid observations to the published warehouse: choose, build aside, check, swap in."""

import importlib.metadata
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dagster as dg
import polars as pl

from assets.cells import cell_parts
from assets.checks import MOST_TOGETHER, text_reports
from assets.clock import utc_now
from assets.columns import of_published
from assets.home import code_version, fingerprint, join_frames, origin_of, read_frame, read_marker, write_frame
from assets.previews import ROWS_SHOWN, preview
from assets.reports import check_results, check_specs, load_report, save_report
from assets.runbook import RUNBOOK
from assets.workspace import Workspace, not_made
from bulletins.choice import RULES
from bulletins.resolve import CONFLICTS, FACTS, resolve
from bulletins.version import READER_VERSION
from expectations.data_docs import build_data_docs
from expectations.release import RULES as RELEASE_RULES
from expectations.release import check_release
from expectations.star import COUNT_RULES, FACT_RULES, OBSERVATION_RULES, bounds_of, check_star
from warehouse import query
from warehouse.build import Release, ResolutionFiles, build
from warehouse.dictionary import relation
from warehouse.examined import examine, examining, kept_by_city
from warehouse.publish import ReleaseRefused, publish, served

GROUP = "4_publishing"

#: Rooms whose code decides what stands in the star.
CODE = ("bulletins", "catalog", "expectations", "warehouse")

#: What is checked in the star; a report of each is kept.
STAR_SUITES = ("star_facts", "star_observations", "star_counts", "release")


@dg.multi_asset(
    name="resolution",
    specs=[
        dg.AssetSpec(
            "facts",
            deps=["valid_observations"],
            group_name=GROUP,
            kinds={"polars", "parquet"},
            description="The one published value of each cell: city × year × indicator × area × status × measure × "
            "period. Chosen by this rule, the first criterion that tells two observations apart:\n\n"
            + "\n".join(f"{number}. {rule.text_zh} ({rule.text_en})" for number, rule in enumerate(RULES, start=1)),
        ),
        dg.AssetSpec(
            "conflicts",
            deps=["valid_observations"],
            group_name=GROUP,
            kinds={"polars", "parquet"},
            description="The cells on which bulletins disagree beyond rounding: both sides, the difference, and which "
            "criterion chose.",
        ),
    ],
)
def resolution(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[dg.MaterializeResult]:
    """Choose the published value of every cell; nothing is done where no observation changed."""
    folder, checked = workspace.home.resolved, workspace.home.checked
    if not (checked / "valid.parquet").exists():
        raise not_made("no observation was checked yet", "valid_observations")
    parts = workspace.all_readings().parted(MOST_TOGETHER)
    valid = {name: checked / "parts" / name / "valid.parquet" for name in parts}
    code = code_version("bulletins", "catalog")
    origin = fingerprint(origin_of(checked / "valid.parquet"), code)
    changed = origin_of(folder / "facts.parquet") != origin
    if changed:
        together = cell_parts(valid, parts)
        for part in together:
            of_part, origin_of_part = folder / "parts" / part.name, fingerprint(part.origin, code)
            if origin_of(of_part / "facts.parquet") != origin_of_part:
                resolved = resolve(part.observations(), part.pages(), workspace.catalog)
                write_frame(resolved.observations, of_part / "observations.parquet")
                write_frame(resolved.conflicts, of_part / "conflicts.parquet")
                write_frame(resolved.facts, of_part / "facts.parquet", origin_of_part)
        for file, frame_origin in (("observations", ""), ("conflicts", ""), ("facts", origin)):
            frames = [folder / "parts" / part.name / f"{file}.parquet" for part in together]
            join_frames(frames, folder / f"{file}.parquet", frame_origin)
    facts = read_frame(folder / "facts.parquet", FACTS)
    conflicts = read_frame(folder / "conflicts.parquet", CONFLICTS)
    names = pl.DataFrame(
        [(indicator.code, indicator.name_zh) for indicator in workspace.catalog.indicators.values()],
        schema={"indicator": pl.String, "name_zh": pl.String},
        orient="row",
    )
    catalogued = facts.join(names, on="indicator").sort(
        "place_code", "year", "indicator", descending=[False, True, False]
    )
    yield dg.MaterializeResult(
        asset_key="facts",
        data_version=dg.DataVersion(origin),
        metadata={
            "facts": facts.height,
            "catalogued": catalogued.height,
            "cities": catalogued["place"].n_unique(),
            "changed": changed,
            "preview": preview(
                _with_sentences(catalogued.head(ROWS_SHOWN), folder / "observations.parquet"),
                "place",
                "year",
                "name_zh",
                "area",
                "value",
                "unit",
                "status",
                "sentence",
            ),
        },
    )
    yield dg.MaterializeResult(
        asset_key="conflicts",
        data_version=dg.DataVersion(origin),
        metadata={
            "conflicts": conflicts.height,
            "preview": preview(conflicts, "cell_key", "value", "rival_value", "rule"),
        },
    )


def _with_sentences(facts: pl.DataFrame, observations: Path) -> pl.DataFrame:
    """`facts` with the sentence that each was read from."""
    sentences = pl.scan_parquet(observations, glob=False).select("observation_key", "sentence")
    return facts.join(
        sentences.filter(pl.col("observation_key").is_in(facts["observation_key"].to_list())).collect(),
        on="observation_key",
        how="left",
    )


@dg.asset(
    group_name=GROUP,
    kinds={"duckdb"},
    deps=["facts", "conflicts", "quarantine", "number_ledger"],
    check_specs=list(
        check_specs((*FACT_RULES, *OBSERVATION_RULES, *COUNT_RULES, *RELEASE_RULES), "star", blocking=True)
    ),
)
def star(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """The complete DuckDB star, built aside where nobody reads it, and checked table against table.

    A broken check here blocks the release: what is published stays as it was.
    """
    if not (workspace.home.resolved / "facts.parquet").exists():
        raise not_made("no value was chosen yet", "facts")
    home, readings, origin = workspace.home, workspace.all_readings(), star_origin(workspace)
    changed = origin != published_origin(workspace)
    metadata: dict[str, dg.MetadataValue | int | bool] = {"changed": changed}
    if changed:
        home.require_room()
        now = utc_now()
        version = importlib.metadata.version("minzheng")
        listed = workspace.source_list()
        unchecked = home.unchecked(origin)
        report = build(
            unchecked,
            pages=readings.bulletins(),
            observations=readings.files("observations"),
            ledger=readings.files("ledger"),
            quarantine=[home.checked / "quarantine.parquet"],
            flags=[home.checked / "flags.parquet"],
            resolution=ResolutionFiles(
                facts=[home.resolved / "facts.parquet"],
                conflicts=[home.resolved / "conflicts.parquet"],
                observations=[home.resolved / "observations.parquet"],
            ),
            catalog=workspace.catalog,
            release=Release(
                code_version=f"{version}+{code_version(*CODE)[:8]}",
                reader_version=READER_VERSION,
                built_at=now,
                inputs=readings.inputs,
                # Of a list with a bad entry nobody can say that a source was taken off on purpose.
                sources=None if listed.errors else [source.id for source in listed],
            ),
            previous=home.warehouse if home.warehouse.exists() else None,
        )
        excused = read_frame(home.checked / "excused.parquet", {"observation_key": pl.String()})
        with examining(unchecked, bounds_of(workspace.catalog), excused) as opened:
            reports = [*check_star(partial(examine, opened))]
        before = home.warehouse if home.warehouse.exists() else None
        reports.append(check_release(kept_by_city(unchecked, before)))
        for suite in reports:
            save_report(suite, home.checked / f"{suite.suite}.json")
        earlier = [load_report(home.checked / f"{name}.json") for name in ("observations", "corrections")]
        data_docs = build_data_docs(
            [*text_reports(workspace), *earlier, *reports],
            home.checked / "data_docs",
            made_at=now,
            runbook=RUNBOOK.as_uri(),
        )
        metadata |= {
            "rows": dg.MetadataValue.json(dict(report.rows)),
            "release": dg.MetadataValue.text(report.release_id),
            "all checks": dg.MetadataValue.path(data_docs),
            "all checks, to open": dg.MetadataValue.url(data_docs.as_uri()),
        }
        # A blocking check holds up this run alone; a star that breaks one must not be published by another run either.
        if all(suite.success for suite in reports):
            unchecked.replace(home.staging(origin))
    else:
        context.log.info("nothing changed; the published star is made of the same")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(origin),
        metadata=metadata,
        check_results=[
            result
            for suite in STAR_SUITES
            for result in check_results(load_report(home.checked / f"{suite}.json"), "star")
        ],
    )


@dg.asset(group_name=GROUP, kinds={"duckdb"}, deps=[star])
def warehouse(context: dg.AssetExecutionContext, workspace: Workspace) -> dg.MaterializeResult:
    """The published file that BI tools open: the checked star, verified in a fresh process and swapped in at once.

    Readers see the old file or the new one, never a part, and never hold up the pipeline. The releases before it are
    kept: `minzheng releases` lists them and goes back to one.

    ### Where does a number come from?

    In the metadata below, one value a place stands beside the sentence that it was read from and a link to its page. For any
    other value: Jobs → `explain_number` → Launchpad, write place, indicator and year, Launch; the step's output shows every
    observation behind it, chosen or not. The same at a prompt: `minzheng explain 成都市 dibao_standard 2021`. In a BI tool the
    columns `sentence`, `url` and `fetched_at` of `indicator_values` say it for every row.

    The columns below are those of `indicator_values`, the view that most people open; docs/data_dictionary.md has the rest.
    """
    home, origin = workspace.home, star_origin(workspace)
    changed = origin != published_origin(workspace)
    if changed:
        if not home.staging(origin).exists():
            raise not_made("no star that holds its checks waits to be published (see the checks of `star`)", "star")
        try:
            release: str | None = publish(home.staging(origin), home.warehouse).release_id
        except ReleaseRefused as refusal:
            raise dg.Failure(description=str(refusal), allow_retries=False) from refusal
        home.published_origin.write_text(origin, encoding="utf-8")
    else:
        release = served(home.warehouse)
        context.log.info("nothing changed; release %s stands", release)
    # Whoever asks how the nights went needs no Dagster to read this.
    night = {"ended_at": utc_now().isoformat(timespec="seconds"), "release": release, "changed": changed}
    with home.nights.open("a", encoding="utf-8") as nights:
        nights.write(json.dumps(night) + "\n")
    return dg.MaterializeResult(
        data_version=dg.DataVersion(origin),
        metadata={
            "changed": changed,
            "release": release,
            "file": dg.MetadataValue.path(home.warehouse),
            "megabytes": round(home.warehouse.stat().st_size / 1e6, 2),
            "values and their sentences": preview(
                query.newest(home.warehouse, ROWS_SHOWN),
                "city",
                "year",
                "indicator_zh",
                "area",
                "value",
                "unit",
                "printed",
                "sentence",
                "url",
            ),
            **of_published(relation(home.warehouse, "indicator_values")),
        },
    )


def star_origin(workspace: Workspace) -> str:
    """Return the fingerprint of all that the star is made of: readings, verdicts, choices and code."""
    return fingerprint(
        origin_of(workspace.home.checked / "valid.parquet"),
        origin_of(workspace.home.resolved / "facts.parquet"),
        code_version(*CODE),
    )


def published_origin(workspace: Workspace) -> str:
    """Return the origin of the newest published star; empty where none is published."""
    home = workspace.home
    return read_marker(home.published_origin) if home.warehouse.exists() else ""

import dagster as dg

from assets.home import Home
from pipelines.event_log import BATCH_VARIABLE
from pipelines.instance import open_instance

CITIES = dg.StaticPartitionsDefinition(["510100 成都市", "511600 广安市", "640500 中卫市"])
WHOLE = {
    "dagster/asset_partition_range_start": CITIES.get_partition_keys()[0],
    "dagster/asset_partition_range_end": CITIES.get_partition_keys()[-1],
}


@dg.asset(partitions_def=CITIES, backfill_policy=dg.BackfillPolicy.single_run(), code_version="1")
def pages(context: dg.AssetExecutionContext) -> None:
    for number, city in enumerate(context.partition_keys):
        context.add_asset_metadata({"pages": number}, partition_key=city)


@dg.asset(deps=[pages], check_specs=[dg.AssetCheckSpec("whole", asset="star")])
def star() -> dg.MaterializeResult:
    return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=True)])


def records_of_two_runs(instance: dg.DagsterInstance) -> dict[str, object]:
    """What Dagster knows afterwards, without ids, times and run ids."""
    job = dg.Definitions(assets=[pages, star], jobs=[dg.define_asset_job("night")]).resolve_job_def("night")
    for _ in range(2):
        result = job.execute_in_process(instance=instance, tags=WHOLE)
        assert result.success
    events = instance.all_logs(result.run_id)
    by_city = {
        city: [
            record.event_log_entry.asset_materialization.metadata["pages"].value
            for record in instance.fetch_materializations(
                dg.AssetRecordsFilter(asset_key=pages.key, asset_partitions=[city]), limit=10
            ).records
        ]
        for city in CITIES.get_partition_keys()
    }
    (record,) = instance.get_asset_records([pages.key])
    history = instance.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(star.key, "whole"), limit=5)
    return {
        "events": sorted(
            (event.dagster_event.event_type_value, event.dagster_event.partition or "")
            for event in events
            if event.dagster_event
        ),
        "by city": by_city,
        "last partition": record.asset_entry.last_materialization.asset_materialization.partition,
        "last run is this": record.asset_entry.last_run_id == result.run_id,
        "materialized": sorted(instance.get_materialized_partitions(pages.key)),
        "tags": sorted(
            name
            for name in record.asset_entry.last_materialization.asset_materialization.tags
            if name.startswith("dagster/")
        ),
        "checks": [check.status.value for check in history],
    }


def test_events_by_the_batch_leave_the_same_records(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.delenv(BATCH_VARIABLE, raising=False)
    with open_instance(Home(tmp_path / "batched")) as instance:
        batched = records_of_two_runs(instance)
    plain_home = tmp_path / "plain" / "dagster"
    plain_home.mkdir(parents=True)
    (plain_home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    monkeypatch.delenv(BATCH_VARIABLE)
    with open_instance(Home(tmp_path / "plain")) as instance:
        one_by_one = records_of_two_runs(instance)

    assert batched == one_by_one
    assert batched["by city"] == {"510100 成都市": [0, 0], "511600 广安市": [1, 1], "640500 中卫市": [2, 2]}


def test_dagsters_own_class_reads_the_same_files(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with open_instance(Home(tmp_path)) as instance:
        written = records_of_two_runs(instance)["materialized"]
    (tmp_path / "dagster" / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    with open_instance(Home(tmp_path)) as instance:
        assert sorted(instance.get_materialized_partitions(pages.key)) == written == CITIES.get_partition_keys()

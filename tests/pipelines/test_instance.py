import pytest

from assets.home import Home
from pipelines.instance import open_instance, prepare_dagster_home


@pytest.fixture(autouse=True)
def no_dagster_home(monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)


def test_dagster_runs_without_telemetry_and_one_run_at_a_time(tmp_path):
    with open_instance(Home(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
        assert instance.run_monitoring_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert instance.run_retries_enabled


def test_a_users_own_settings_are_left_alone(tmp_path, monkeypatch):
    settings = tmp_path / "dagster" / "dagster.yaml"
    settings.parent.mkdir()
    settings.write_text("telemetry:\n  enabled: false\n# mine\n", encoding="utf-8")
    assert prepare_dagster_home(Home(tmp_path)) == settings.parent
    assert settings.read_text(encoding="utf-8").endswith("# mine\n")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "own"))
    assert prepare_dagster_home(Home(tmp_path)) == tmp_path / "own"

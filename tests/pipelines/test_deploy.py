import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def read(name: str):
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def postgres_bin() -> Path:
    """Where a PostgreSQL server's programs lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "none")]
    if not found[-1].exists():
        pytest.skip("no PostgreSQL server on this machine")
    return found[-1].parent


@pytest.fixture
def postgres(postgres_bin, tmp_path_factory) -> Iterator[int]:
    """The port of a PostgreSQL of our own on loopback; it refuses to run as root, so another user runs it then."""
    folder = tmp_path_factory.mktemp("postgres")
    user = pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else os.getuid()
    if os.getuid() == 0:
        # Every folder above that is pytest's own: with workers side by side there is one more.
        for above in folder.parents:
            if above.is_relative_to(tmp_path_factory.getbasetemp().parent.parent) and above != Path("/tmp"):
                above.chmod(0o755)
        os.chown(folder, user, -1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (password := folder / "password").write_text("secret")
    os.chown(password, user, -1)
    init = [postgres_bin / "initdb", "-D", folder / "data", "-U", "dagster", "--auth=password", "--pwfile", password]
    subprocess.run(init, user=user, cwd="/", check=True, capture_output=True)
    command = [postgres_bin / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1", "-F"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, user=user, cwd="/", stdout=log, stderr=log)
    try:
        for _ in range(100):
            if (
                subprocess.run(
                    [postgres_bin / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True
                ).returncode
                == 0
            ):
                break
            time.sleep(0.1)
        create = [postgres_bin / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "dagster", "dagster"]
        subprocess.run(create, env={**os.environ, "PGPASSWORD": "secret"}, check=True, capture_output=True)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_a_teams_records_lie_in_postgresql_and_stay_there(postgres, tmp_path, monkeypatch):
    settings = (DEPLOY / "dagster.yaml").read_text(encoding="utf-8").replace("port: 5432", f"port: {postgres}")
    (tmp_path / "dagster.yaml").write_text(settings, encoding="utf-8")
    for name, value in {"HOST": "127.0.0.1", "DB": "dagster", "USER": "dagster", "PASSWORD": "secret"}.items():
        monkeypatch.setenv(f"DAGSTER_POSTGRES_{name}", value)

    @dg.asset
    def warehouse() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"release": "r1"})

    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert dg.materialize([warehouse], instance=instance).success
    with dg.DagsterInstance.from_config(str(tmp_path)) as later:
        event = later.get_latest_materialization_event(dg.AssetKey("warehouse"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["release"].value == "r1"
    assert not list(tmp_path.rglob("*.db"))  # nothing in SQLite


def test_both_settings_differ_only_in_where_records_lie():
    team = read("dagster.yaml")
    alone = yaml.safe_load((ROOT / "pipelines" / "dagster.yaml").read_text(encoding="utf-8"))
    team.pop("storage")
    alone.pop("event_log_storage")
    assert team == alone
    assert team["telemetry"] == {"enabled": False}


def test_the_containers_need_a_password_a_contact_and_show_the_ui_to_this_host_only():
    services = read("compose.yaml")["services"]
    assert set(services) == {"postgres", "code", "daemon", "webserver"}
    assert services["webserver"]["ports"] == ["127.0.0.1:3000:3000"]
    for name in ("code", "daemon", "webserver"):
        environment = services[name]["environment"]
        assert environment["DAGSTER_POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
        assert environment["MINZHENG_CONTACT"].startswith("${MINZHENG_CONTACT:?")
        program = services[name]["command"].split()[0]
        assert (ROOT / ".venv" / "bin" / program).exists() or shutil.which(program), program
    assert read("workspace.yaml")["load_from"][0]["grpc_server"] == {
        "host": "code",
        "port": 4000,
        "location_name": "minzheng",
    }


def test_the_chart_sends_no_telemetry_and_runs_one_night_at_a_time():
    values = read("helm-values.yaml")
    assert values["telemetry"] == {"enabled": False}
    queue = values["dagsterDaemon"]["runCoordinator"]["config"]["queuedRunCoordinator"]
    assert queue["maxConcurrentRuns"] == 1
    (deployment,) = values["dagster-user-deployments"]["deployments"]
    assert deployment["dagsterApiGrpcArgs"] == ["-m", "pipelines.definitions"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
@pytest.mark.parametrize("name", ["minzheng-daemon.service", "minzheng-webserver.service"])
def test_systemd_takes_the_units(name, tmp_path):
    unit = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
    # What is not on this machine: the installed programs and the user.
    lines = ["ExecStart=/bin/true" if line.startswith("ExecStart") else line for line in unit.splitlines()]
    lines = ["User=root" if line.startswith("User=") else line for line in lines]
    lines = ["WorkingDirectory=/" if line.startswith("WorkingDirectory=") else line for line in lines]
    (tmp_path / name).write_text(
        "\n".join(lines).replace("ExecStart=/bin/true\nExecStart=/bin/true", "ExecStart=/bin/true")
    )
    checked = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / name], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert "Unknown" not in checked.stderr


def test_the_services_settings_name_variables_that_the_code_reads():
    named = {
        line.lstrip("#").split("=")[0]
        for line in (DEPLOY / "systemd" / "minzheng.env").read_text().splitlines()
        if "=" in line
    }
    code = "".join(
        path.read_text("utf-8") for room in ("assets", "pipelines", "fetching") for path in (ROOT / room).glob("*.py")
    )
    ours = {name for name in named if name.startswith("MINZHENG_")}
    assert ours
    assert {name for name in ours if f'"{name}"' not in code} == set()

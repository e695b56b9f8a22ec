import dagster as dg
import pytest
import stamina
from pytest_httpserver import HTTPServer

from pipelines.alerts import ADDRESS, FORMAT, Alert, AlertError, Webhook
from pipelines.definitions import build_defs
from pipelines.health import Problem
from pipelines.sensors import news, tell_failed_runs, tell_problems

ALERT = Alert("run of nightly failed", "star: 磁盘已满", "http://ui.example/runs/1")


@pytest.fixture(autouse=True)
def no_waiting():
    with stamina.set_testing(True, attempts=3):
        yield


def body_of(httpserver: HTTPServer) -> dict[str, object]:
    (request, _), *more = httpserver.log
    assert not more
    return request.get_json()


@pytest.mark.parametrize(
    ("style", "path"),
    [
        ("dingtalk", ("text", "content")),
        ("wecom", ("text", "content")),
        ("feishu", ("content", "text")),
    ],
)
def test_chat_services_get_their_own_layout(httpserver, style, path):
    httpserver.expect_request("/hook", method="POST").respond_with_json({"errcode": 0, "code": 0})
    Webhook(httpserver.url_for("/hook"), style).send(ALERT)
    body = body_of(httpserver)
    assert body[path[0]][path[1]] == "minzheng: run of nightly failed\nstar: 磁盘已满\nhttp://ui.example/runs/1"
    assert "text" in (body.get("msgtype"), body.get("msg_type"))


def test_the_generic_layout_is_a_flat_object(httpserver):
    httpserver.expect_request("/hook", method="POST").respond_with_data("ok")
    Webhook(httpserver.url_for("/hook")).send(ALERT)
    assert body_of(httpserver) == {
        "product": "minzheng",
        "title": "run of nightly failed",
        "text": "star: 磁盘已满",
        "link": "http://ui.example/runs/1",
    }


def test_a_busy_service_is_asked_again(httpserver):
    httpserver.expect_ordered_request("/hook").respond_with_data("busy", status=503)
    httpserver.expect_ordered_request("/hook").respond_with_data("ok")
    Webhook(httpserver.url_for("/hook")).send(ALERT)
    httpserver.check()


def test_a_refusal_that_comes_with_status_200_is_an_error(httpserver):
    httpserver.expect_request("/hook").respond_with_json({"errcode": 310000, "errmsg": "keywords not in content"})
    with pytest.raises(AlertError, match="310000"):
        Webhook(httpserver.url_for("/hook"), "dingtalk").send(ALERT)


def test_an_error_does_not_tell_the_address(httpserver):
    httpserver.expect_request("/secret-token").respond_with_data("no", status=403)
    with pytest.raises(AlertError, match=ADDRESS) as raised:
        Webhook(httpserver.url_for("/secret-token")).send(ALERT)
    assert "secret-token" not in str(raised.value)


def test_an_unknown_format_names_the_known_ones(monkeypatch):
    monkeypatch.setenv(FORMAT, "slack")
    with pytest.raises(ValueError, match="dingtalk"):
        Webhook.from_environment()


def test_a_problem_is_told_once_and_so_is_its_end():
    overdue = Problem("summary_overdue", "warning", "成都 is overdue since 3 days")
    first, cursor = news([overdue], None)
    assert first is not None
    assert "成都 is overdue" in first.text
    again, cursor = news([Problem("summary_overdue", "warning", "成都 is overdue since 4 days")], cursor)
    assert again is None
    over, cursor = news([], cursor)
    assert over is not None
    assert over.text == "over: summary_overdue"
    assert news([], cursor)[0] is None


def test_another_source_with_a_problem_that_was_told_is_news_and_so_is_its_end():
    _, cursor = news([Problem("summary_overdue", "warning", "成都 is overdue", ("chengdu",))], None)
    both = [Problem("summary_overdue", "warning", "成都 and 广安 are overdue", ("chengdu", "guangan"))]
    second, cursor = news(both, cursor)
    assert second is not None
    assert second.text == "warning: 成都 and 广安 are overdue"
    assert news(both, cursor)[0] is None
    over, cursor = news([Problem("summary_overdue", "warning", "广安 is overdue", ("guangan",))], cursor)
    assert over is not None
    assert over.text == "over: summary_overdue chengdu"


@dg.op
def star():
    raise OSError("no room on the disk")


@dg.job(name="nightly")
def failing():
    star()


def look_for_failures(instance: dg.DagsterInstance, cursor: str | None) -> str | None:
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return tell_failed_runs(context).cursor


def test_a_failed_run_is_told_once_with_its_reason_and_link(httpserver, monkeypatch):
    httpserver.expect_request("/hook").respond_with_data("ok")
    monkeypatch.setenv(ADDRESS, httpserver.url_for("/hook"))
    monkeypatch.setenv("MINZHENG_UI", "http://ui.example")
    with dg.DagsterInstance.ephemeral() as instance:
        failing.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look_for_failures(instance, None)  # what failed before anybody was to be told
        result = failing.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look_for_failures(instance, cursor)
        look_for_failures(instance, cursor)
    body = body_of(httpserver)
    assert body["title"] == "run of nightly failed"
    assert "star: " in str(body["text"])
    assert "no room on the disk" in str(body["text"])
    assert body["link"] == f"http://ui.example/runs/{result.run_id}"


def test_a_run_that_was_given_up_is_told(httpserver, monkeypatch):
    httpserver.expect_request("/hook").respond_with_data("ok")
    monkeypatch.setenv(ADDRESS, httpserver.url_for("/hook"))
    with dg.DagsterInstance.ephemeral() as instance:
        cursor = look_for_failures(instance, None)
        run = dg.DagsterRun(job_name="nightly", status=dg.DagsterRunStatus.STARTED)
        instance.report_run_failed(instance.add_run(run), "Its process is gone.")
        look_for_failures(instance, cursor)
    assert body_of(httpserver)["text"] == "Its process is gone.\nWhat was published before stays."


def test_failures_that_could_not_be_told_are_told_later(httpserver, monkeypatch):
    httpserver.expect_ordered_request("/hook").respond_with_data("no", status=403)
    for _ in range(2):
        httpserver.expect_ordered_request("/hook").respond_with_data("ok")
    monkeypatch.setenv(ADDRESS, httpserver.url_for("/hook"))
    with stamina.set_testing(True, attempts=1), dg.DagsterInstance.ephemeral() as instance:
        cursor = look_for_failures(instance, None)
        for _ in range(2):
            failing.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look_for_failures(instance, cursor)
        assert len(httpserver.log) == 1
        cursor = look_for_failures(instance, cursor)
        look_for_failures(instance, cursor)
    assert len(httpserver.log) == 3


def test_a_message_that_did_not_arrive_is_sent_again(httpserver, monkeypatch, tmp_path):
    httpserver.expect_ordered_request("/hook").respond_with_data("no", status=403)
    monkeypatch.setenv(ADDRESS, httpserver.url_for("/hook"))
    workspace = build_defs(home=tmp_path).resources["workspace"]
    with (
        stamina.set_testing(True, attempts=1),
        dg.DagsterInstance.ephemeral() as instance,
        dg.build_sensor_context(instance=instance, resources={"workspace": workspace}) as context,
    ):
        first = tell_problems(context)
    assert isinstance(first, dg.SkipReason)
    assert "sent again" in (first.skip_message or "")

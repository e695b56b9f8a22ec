"""What watches the nights: a run that failed, a run that died without a word, and whatever else needs a person.

Messages go through the webhook of the environment (`alerts.py`); what sends them is switched on where there is one.
"""

import json
import os
from collections.abc import Sequence

import dagster as dg

from assets.clock import utc_now
from assets.workspace import Workspace
from pipelines.alerts import ADDRESS, Alert, AlertError, Webhook
from pipelines.failures import reason_of, run_failure
from pipelines.health import Problem, health_of

#: Seconds between two looks.
LOOK_EVERY = 1800

_STATUS = dg.DefaultSensorStatus.RUNNING if os.environ.get(ADDRESS) else dg.DefaultSensorStatus.STOPPED


@dg.sensor(
    minimum_interval_seconds=30,
    default_status=_STATUS,
    description=f"Sends a message for each run that failed. Needs {ADDRESS}.",
)
def tell_failed_runs(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Send a message for each run that failed, with the reason of each step and a link to its log.

    The cursor is behind the last failure that was told; it begins with what fails from now on. Dagster's own sensor of
    failures is not used because it goes on where a message did not arrive.
    """
    if (webhook := Webhook.from_environment()) is None:
        return dg.SkipReason(f"set {ADDRESS} to the address of a webhook")
    fetch, failures = context.instance.fetch_run_status_changes, dg.DagsterEventType.RUN_FAILURE
    if context.cursor is None:
        return dg.SensorResult(cursor=fetch(failures, limit=1).cursor, skip_reason="what fails from now on is told")
    cursor, told = context.cursor, 0
    while (found := fetch(failures, limit=1, cursor=cursor, ascending=True)).records:
        run = context.instance.get_run_by_id(found.records[0].run_id)
        if run is not None and _is_ours(run, context):
            try:
                webhook.send(_failure(context.instance, run))
            except AlertError as error:
                return dg.SensorResult(cursor=cursor, skip_reason=f"{error}; it is sent again at the next look")
            told += 1
        cursor = found.cursor
    return dg.SensorResult(cursor=cursor, skip_reason=f"{told} failed runs told")


def _is_ours(run: dg.DagsterRun, context: dg.SensorEvaluationContext) -> bool:
    """Whether Dagster started the run, and from this code location: what a person starts by hand tells that person."""
    started, here = run.remote_job_origin, context.code_location_origin
    return (started and started.location_name) == (here and here.location_name)


def _failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Alert:
    """The message about a run that failed."""
    kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id, of_type=kinds) if entry.dagster_event]
    reasons = [reason_of(event) for event in events if event.is_step_failure]
    # Of a run that was given up its steps say nothing.
    reasons = reasons or [run_failure(event) for event in events if event.is_run_failure][-1:]
    text = "\n".join([*reasons, "What was published before stays."])
    return Alert(f"run of {run.job_name} failed", text, _link(f"runs/{run.run_id}"))


@dg.sensor(
    minimum_interval_seconds=LOOK_EVERY,
    default_status=_STATUS,
    description=f"Sends a message when something needs a person, and when it is over. Needs {ADDRESS}.",
)
def tell_problems(context: dg.SensorEvaluationContext, workspace: Workspace) -> dg.SensorResult | dg.SkipReason:
    """Send a message when `minzheng status` finds a problem that it did not find before, and when one is over.

    The cursor holds what was told. A message that does not arrive is sent again at the next look.
    """
    if (webhook := Webhook.from_environment()) is None:
        return dg.SkipReason(f"set {ADDRESS} to the address of a webhook")
    problems = health_of(workspace.home, workspace.source_list(), utc_now()).problems
    alert, cursor = news(problems, context.cursor)
    if alert is None:
        return dg.SkipReason("nothing new")
    try:
        webhook.send(alert)
    except AlertError as error:
        return dg.SkipReason(f"{error}; it is sent again at the next look")
    return dg.SensorResult(cursor=cursor, skip_reason=f"told: {alert.title}")


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Gives up runs whose process was killed, so that the queue goes on and they are run once more.",
)
def give_up_dead_runs(context: dg.SensorEvaluationContext, workspace: Workspace) -> dg.SensorResult:
    """Give up runs whose process was killed: Dagster itself cannot see that on a plain machine.

    Every run holds the home while it works. One that is "started" at two looks at which nobody held the home is dead; it is
    marked as failed, which frees the queue and lets Dagster run it once more. The cursor holds those of the last look.
    """
    started = context.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    suspects = [] if workspace.home.is_held() else started
    seen = set(json.loads(context.cursor or "[]"))
    dead = [run for run in suspects if run.run_id in seen]
    for run in dead:
        context.instance.report_run_failed(run, "Its process is gone: the host or the process was killed.")
    left = [run.run_id for run in suspects if run not in dead]
    return dg.SensorResult(cursor=json.dumps(left), skip_reason=f"{len(dead)} dead runs given up")


def news(problems: Sequence[Problem], cursor: str | None) -> tuple[Alert | None, str]:
    """Return the message about what is new since `cursor`, if anything, and the cursor after it.

    A problem is known by its code and by each source that has it; that its wording changes as days go by is no news.
    """
    told = set(json.loads(cursor)) if cursor else set()
    named = [
        (problem, {f"{problem.code} {source}".strip() for source in problem.about or [""]}) for problem in problems
    ]
    now = set().union(*(names for _, names in named))
    begun = [f"{problem.severity}: {problem.text}" for problem, names in named if names - told]
    over = [f"over: {name}" for name in sorted(told - now)]
    if not begun and not over:
        return None, json.dumps(sorted(now))
    title = f"{len(begun)} new problems" if begun else "problems are over"
    return Alert(title, "\n".join([*begun, *over]), _link("")), json.dumps(sorted(now))


def _link(path: str) -> str:
    """An address in the UI, where the environment says at which address people reach it."""
    base = os.environ.get("MINZHENG_UI", "").rstrip("/")
    return f"{base}/{path}" if base else ""

"""Why a run failed, in one line for people."""

import dagster as dg
from dagster_shared.error import SerializableErrorInfo  # Dagster does not export what its events hold


def reason_of(event: dg.DagsterEvent) -> str:
    """Return the step and the reason of a step-failure event: what the code said, without the frames of a traceback."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return f"{event.step_key}: {data.user_failure_data.description}"
    return f"{event.step_key}: {_told(data.error)}"


def run_failure(event: dg.DagsterEvent) -> str:
    """Return the reason of a run-failure event: for a run that failed before any of its steps began, or was given up."""
    error = event.job_failure_data.error if event.event_specific_data else None
    return _told(error) or event.message or "no reason was given"


def _told(error: SerializableErrorInfo | None) -> str:
    """What the code said, which Dagster wraps in an error of its own."""
    innermost = error.cause or error if error else None
    return innermost.message.strip() if innermost else ""

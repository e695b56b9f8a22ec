"""Why a step of a run failed, in one line for people."""

import dagster as dg


def reason_of(event: dg.DagsterEvent) -> str:
    """Return the step and the reason of a step-failure event: what the code said, without the frames of a traceback."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return f"{event.step_key}: {data.user_failure_data.description}"
    error = data.error.cause or data.error if data.error else None
    return f"{event.step_key}: {error.message.strip() if error else 'no reason was given'}"

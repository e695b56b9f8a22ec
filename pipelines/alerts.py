"""Calling for help: a message to a webhook when a run fails, or when something needs a person.

Where messages go and in which form is in the environment: `$MINZHENG_WEBHOOK` is the address, `$MINZHENG_WEBHOOK_FORMAT` one of
generic (the default), dingtalk, wecom or feishu. Without an address nothing is sent. Here belongs what is said and how the
message is laid out for each service; what is worth saying is in `health.py`. Knows nothing of Dagster.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

import httpx2
import stamina

ADDRESS, FORMAT = "MINZHENG_WEBHOOK", "MINZHENG_WEBHOOK_FORMAT"
TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Alert:
    """One message.

    Attributes:
        title: what happened, in one line.
        text: details and what to do, in a few lines.
        link: where to look, or empty.
    """

    title: str
    text: str
    link: str = ""

    @property
    def whole(self) -> str:
        """The message as plain text. It names the product, which keyword filters of chat robots can be set to."""
        return "\n".join(part for part in (f"minzheng: {self.title}", self.text, self.link) if part)


#: Format -> the JSON body that the service takes.
BODIES: Mapping[str, Callable[[Alert], Mapping[str, object]]] = {
    "generic": lambda alert: {"product": "minzheng", "title": alert.title, "text": alert.text, "link": alert.link},
    "dingtalk": lambda alert: {"msgtype": "text", "text": {"content": alert.whole}},
    "wecom": lambda alert: {"msgtype": "text", "text": {"content": alert.whole}},
    "feishu": lambda alert: {"msg_type": "text", "content": {"text": alert.whole}},
}

#: The field of a chat service's answer that tells a refusal, where the status is 200 all the same; 0 is success.
_REFUSALS = ("errcode", "code")


class AlertError(OSError):
    """A message that did not arrive: names the variable that gave the address, not the address, which is a secret."""


@dataclass(frozen=True)
class Webhook:
    """Where messages are sent."""

    address: str = field(repr=False)  # a secret: what retries and tracebacks show of this object does not hold it
    style: str = "generic"

    @classmethod
    def from_environment(cls) -> Self | None:
        """Return the webhook that the environment names, or None.

        Raises:
            ValueError: the format is not known.
        """
        style = os.environ.get(FORMAT) or "generic"
        if style not in BODIES:
            raise ValueError(f"{FORMAT} is {style!r}; use one of {', '.join(BODIES)}")
        address = os.environ.get(ADDRESS)
        return cls(address, style) if address else None

    def send(self, alert: Alert) -> None:
        """Send a message; a service that is busy is asked again, a few times.

        Raises:
            AlertError: it was not taken.
        """
        try:
            self._post(alert)
        except httpx2.HTTPError as error:
            raise AlertError(f"the address in {ADDRESS} did not take the message ({_kind(error)})") from None

    @stamina.retry(on=httpx2.HTTPError, attempts=3, timeout=30.0)
    def _post(self, alert: Alert) -> None:
        logging.getLogger("httpx2").setLevel(logging.WARNING)  # it tells of each request with its address
        response = httpx2.post(self.address, json=BODIES[self.style](alert), timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        answer = response.json() if "json" in response.headers.get("content-type", "") else {}
        refusal = next((answer[name] for name in _REFUSALS if isinstance(answer, dict) and answer.get(name)), 0)
        if refusal:
            raise AlertError(f"the service behind {ADDRESS} refused the message: {answer}")


def _kind(error: httpx2.HTTPError) -> str:
    """What kind of failure it was, without the words of the library, which hold the address."""
    status = f" {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else ""
    return f"{type(error).__name__}{status}"

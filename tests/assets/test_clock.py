import datetime as dt

import pytest

from assets.clock import AHEAD, utc_now


def test_the_clock_is_the_machines(monkeypatch):
    monkeypatch.delenv(AHEAD, raising=False)
    before = dt.datetime.now(dt.UTC)
    assert before <= utc_now() <= dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("days", [-200, 3])
def test_the_clock_is_moved_for_rehearsals_and_goes_on(monkeypatch, days):
    monkeypatch.setenv(AHEAD, str(days * 86400))
    first, second = utc_now(), utc_now()
    assert abs((first - dt.datetime.now(dt.UTC)) - dt.timedelta(days=days)) < dt.timedelta(minutes=1)
    assert second >= first

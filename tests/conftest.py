"""What all tests share: properties are tried without a clock, since a busy machine is no fault of the code."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("minzheng", deadline=None)
settings.load_profile("minzheng")

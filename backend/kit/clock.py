"""The one place that knows what time it is.

Time is stored in UTC and spoken in Asia/Seoul. Korea has had no daylight saving time since 1988,
so a fixed +09:00 is exact for every date this product sees and needs no time-zone files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

UTC = timezone.utc  # noqa: UP017 - datetime.UTC is missing on Python 3.10, where Rasa runs
SEOUL = timezone(timedelta(hours=9), "Asia/Seoul")


class Clock(Protocol):
    """Anything that can tell an aware time."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock that moves only when told to, for tests and the demo shop."""

    def __init__(self, at: datetime) -> None:
        self._at = _aware(at)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        """Jump to another aware time."""
        self._at = _aware(at)

    def advance(self, by: timedelta) -> None:
        """Let some time pass."""
        self._at += by


_clock: Clock = SystemClock()


def now() -> datetime:
    """The current time, aware, in UTC."""
    return _clock.now().astimezone(UTC)


def today() -> date:
    """The current date in Seoul."""
    return seoul(now()).date()


def seoul(dt: datetime) -> datetime:
    """The same moment in Asia/Seoul; a naive time is taken as UTC, the way it is stored."""
    return (dt if dt.tzinfo else dt.replace(tzinfo=UTC)).astimezone(SEOUL)


def set_clock(clock: Clock | None) -> Clock:
    """Replace the process clock (None restores the machine's) and return the one it replaces."""
    global _clock
    before, _clock = _clock, clock or SystemClock()
    return before


@contextmanager
def frozen(at: datetime) -> Iterator[FrozenClock]:
    """Stop the clock at an aware time for the length of a block, in every thread of the process."""
    clock = FrozenClock(at)
    before = set_clock(clock)
    try:
        yield clock
    finally:
        set_clock(before)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return at

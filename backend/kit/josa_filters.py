"""Jinja filters for Korean sentences: particles, amounts, counts and dates."""

from __future__ import annotations

from collections.abc import Callable, Sized
from datetime import date, datetime
from typing import Any, Protocol

from backend.kit import clock
from backend.kit.josa import with_josa
from backend.kit.korean_dates.speak import speak_ago, speak_date, speak_datetime
from backend.kit.money import WonStyle, format_won


class _HasFilters(Protocol):
    filters: dict[str, Callable[..., Any]]


def install(env: _HasFilters, today_fn: Callable[[], date], now_fn: Callable[[], datetime] = clock.now) -> None:
    """Register josa, won, count, kdate, kdatetime, kmoment and ago on a Jinja environment.

    `today_fn` is Seoul's date, `now_fn` an aware time; both are asked at each rendering. Dates and times may be
    objects or the ISO text an API answers with; `kmoment` says a day as a day and a time with its hour. `count` without a unit stays Jinja's own length filter.
    """

    def kdate(value: date | datetime | str, today: date | None = None) -> str:
        return speak_date(read_iso(value), today or today_fn())

    def kdatetime(value: datetime | str, today: date | None = None) -> str:
        return speak_datetime(read_iso_time(value), today or today_fn())

    def kmoment(value: date | datetime | str, today: date | None = None) -> str:
        moment = read_iso(value)
        return kdatetime(moment, today) if isinstance(moment, datetime) else kdate(moment, today)

    def ago(value: datetime | str, now: datetime | None = None) -> str:
        return speak_ago(read_iso_time(value), now or now_fn())

    env.filters.update(josa=with_josa, won=won, count=count, kdate=kdate, kdatetime=kdatetime, kmoment=kmoment, ago=ago)


def won(amount: int, style: WonStyle = "plain") -> str:
    """12000 -> '12,000원'."""
    return format_won(int(amount), style)


def count(value: int | Sized, unit: str | None = None) -> str | int:
    """1234 with '건' -> '1,234건'; a list is counted first."""
    number = len(value) if isinstance(value, Sized) else value
    return number if unit is None else f"{number:,}{unit}"


def read_iso(value: date | datetime | str) -> date | datetime:
    """A date or time as it is, or read from ISO 8601 text; ValueError for other text, TypeError for other types."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a date, a datetime or ISO text is needed, not {type(value).__name__}")
    text = value.strip()
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 does not know Z


def read_iso_time(value: datetime | str) -> datetime:
    """Like read_iso, but refuses a date without a time."""
    moment = read_iso(value)
    if not isinstance(moment, datetime):
        raise TypeError(f"a time of day is needed: {value!r}")
    return moment

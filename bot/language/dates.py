"""Dates and periods of a sentence, by the product's own calendar reader.

Values: `date` an ISO date ("2025-11-28", the last day meant) · `period` {"from": ISO, "to": ISO}, both inclusive.
"""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from backend.kit.korean_dates import find_dates

_SEOUL = timezone(timedelta(hours=9))


class Day(NamedTuple):
    """A found date or period; places are those of the sentence."""

    entity: str
    value: str | dict[str, str]
    start: int
    end: int


def today_in_seoul() -> date:
    """The shop's calendar day."""
    return datetime.now(_SEOUL).date()


def find_days(text: str, today: Callable[[], date] = today_in_seoul) -> list[Day]:
    """Every date or period, told apart by the calendar reader."""
    return [_as_day(mention) for mention in find_dates(text, today())]


def _as_day(mention: Any) -> Day:
    first, last = mention.start_date, mention.end_date
    if mention.kind == "period":
        return Day("period", {"from": _iso(first), "to": _iso(last)}, mention.start, mention.end)
    return Day("date", _iso(last or first), mention.start, mention.end)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

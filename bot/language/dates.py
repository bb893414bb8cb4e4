"""Dates and periods of a sentence, by the product's own calendar reader.

Values: `date` an ISO date ("2025-11-28", the last day meant) · `period` {"from": ISO, "to": ISO}, both inclusive.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from backend.kit.korean_dates import DateMention, find_dates

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
    """Every date or period of the sentence."""
    day = today()
    return [_as_day(mention, day) for mention in find_dates(text, day)]


def _as_day(mention: DateMention, today: date) -> Day:
    """A limit or a coming day is a `date`; what lies behind, goes on, or lasts several days is a `period`."""
    first, last = mention.start_date, mention.end_date
    limit = mention.bound in ("until", "before") or (mention.bound == "for" and last > today)
    if limit or (first == last and last > today):
        return Day("date", last.isoformat(), mention.start, mention.end)
    return Day("period", {"from": first.isoformat(), "to": last.isoformat()}, mention.start, mention.end)

"""Stretches of days: weeks from Monday, thirds of a month, months, quarters, halves and years."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Span = tuple[date, date]

FIRST_YEAR, LAST_YEAR = 1900, 2200


def day_span(day: date) -> Span:
    return day, day


def week_span(today: date, weeks_on: int = 0) -> Span:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks_on)
    return monday, monday + timedelta(days=6)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def month_span(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    index = year * 12 + month - 1 + by
    return index // 12, index % 12 + 1


def add_months(day: date, by: int) -> date:
    """The same day `by` months on, or the month's last day where it is shorter (31 January + 1 = 28 February)."""
    year, month = shift_month(day.year, day.month, by)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def part_of_month(year: int, month: int, part: str) -> Span:
    """초 is the 1st–10th, 중순 the 11th–20th, 말 from the 21st on, 말일 the last day."""
    first, last = month_span(year, month)
    if part in ("초", "상순"):
        return first, first.replace(day=10)
    if part in ("중순", "중반"):
        return first.replace(day=11), first.replace(day=20)
    if part in ("말", "하순"):
        return first.replace(day=21), last
    return last, last


def week_of_month(year: int, month: int, nth: int) -> Span | None:
    """The nth calendar row of a month, Monday to Sunday, cut to the month; -1 is the last one."""
    first, last = month_span(year, month)
    rows = []
    start = first
    while start <= last:
        end = min(last, start + timedelta(days=6 - start.weekday()))
        rows.append((start, end))
        start = end + timedelta(days=1)
    if nth == -1:
        return rows[-1]
    return rows[nth - 1] if 1 <= nth <= len(rows) else None


def months_span(year: int, first_month: int, count: int) -> Span:
    """`count` whole months of one year, e.g. a quarter or a half."""
    return date(year, first_month, 1), month_span(year, first_month + count - 1)[1]

"""What one date expression can mean before it is known whether the past or the future is talked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from backend.kit.korean_dates.calendar_spans import (
    FIRST_YEAR,
    LAST_YEAR,
    Span,
    add_months,
    make_date,
    shift_month,
)

Lean = Literal["future", "past", "near"]


@dataclass(frozen=True)
class Length:
    """A stretch of time without a place in the calendar: 열흘, 2주, 3개월."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        return add_months(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True)
class Reading:
    """One of: `fixed` (내일), `options` around a day (15일, 월요일, 8월), or `length` (열흘).

    `lean` is set when the words themselves say past or future (지난 8월, 오는 금요일); `strict` means that today
    itself is not meant (월요일 said on a Monday).
    """

    kind: str
    fixed: Span | None = None
    options: Callable[[date], list[Span]] | None = None
    length: Length | None = None
    lean: Lean | None = None
    strict: bool = False

    def resolve(self, today: date, lean: Lean) -> Span | None:
        if self.fixed:
            return self.fixed
        lean = self.lean or lean
        if self.length:
            if lean == "past":
                return self.length.before(today) + timedelta(days=1), today
            return today, self.length.after(today)
        return self._choose(today, lean)

    def _choose(self, today: date, lean: Lean) -> Span | None:
        spans = self.options(today) if self.options else []
        if lean == "near" and self.strict:
            lean = "future"
        if lean == "near":
            return min(spans, key=lambda span: (days_away(span, today), span[0] < today), default=None)
        if lean == "future":
            return next((s for s in spans if (s[0] > today if self.strict else s[1] >= today)), None)
        return next((s for s in reversed(spans) if (s[1] < today if self.strict else s[0] <= today)), None)


def days_away(span: Span, today: date) -> int:
    """How many days lie between today and a span; 0 inside it."""
    return max((span[0] - today).days, (today - span[1]).days, 0)


def yearly(span_in: Callable[[int], Span | None]) -> Callable[[date], list[Span]]:
    """Options that come back every year; eight years around also reach the next 29 February."""

    def around(day: date) -> list[Span]:
        years = range(max(FIRST_YEAR, day.year - 8), min(LAST_YEAR, day.year + 8) + 1)
        return [span for year in years if (span := span_in(year))]

    return around


def monthly(day_number: int) -> Callable[[date], list[Span]]:
    """A day of every month that has it."""

    def around(day: date) -> list[Span]:
        found = []
        for by in range(-3, 4):
            year, month = shift_month(day.year, day.month, by)
            if made := make_date(year, month, day_number):
                found.append((made, made))
        return found

    return around


def weekly(weekday: int, days: int = 1) -> Callable[[date], list[Span]]:
    """A weekday (0 is Monday) of every week, or several days from it on."""

    def around(day: date) -> list[Span]:
        start = day + timedelta(days=weekday - day.weekday())
        starts = [start + timedelta(weeks=by) for by in range(-3, 4)]
        return [(s, s + timedelta(days=days - 1)) for s in starts]

    return around

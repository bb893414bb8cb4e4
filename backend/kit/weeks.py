"""Weeks as the reports count them: Monday to Sunday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 7


@dataclass(frozen=True, order=True)
class Week:
    """Seven days from a Monday on; ValueError when the day is another weekday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError(f"a week begins on a Monday, not on {self.monday:%A}")

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(DAYS)]

    @property
    def next(self) -> Week:
        return Week(self.monday + timedelta(days=DAYS))

    @property
    def previous(self) -> Week:
        return Week(self.monday - timedelta(days=DAYS))


def week_of(day: date) -> Week:
    """The week a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def last_complete(today: date) -> Week:
    """The newest week that is over: on a Monday, the one that ended the day before."""
    return week_of(today).previous


def last_within(first: date, last: date) -> Week:
    """The newest week that ends inside a longer stretch of days; the week of its first day when none does."""
    ending = week_of(last) if week_of(last).sunday <= last else week_of(last).previous
    return max(ending, week_of(first))

"""Days on which couriers collect: Monday to Friday, but for the public holidays of Korea (our choice; markets count so too)."""

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("KR", years=year))


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _closed(day.year)


def business_day_after(day: date, count: int) -> date:
    """The `count`-th business day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if is_business_day(day):
            count -= 1
    return day


def business_days_between(first: date, last: date) -> int:
    """How many business days lie after `first`, up to and with `last`; 0 where none does."""
    count, day = 0, first
    while day < last:
        day += timedelta(days=1)
        count += is_business_day(day)
    return count

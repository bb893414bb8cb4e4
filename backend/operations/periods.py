"""From when until when an OFF holds: instants as kept, days and hours as people say them.

An end is kept as the first instant at which the OFF no longer holds. People say the last day on which it still does
("금요일까지" ends at Seoul midnight after it), or an hour ("오전 9시까지"). On the wire a whole day is "2026-11-30" and
an hour is ISO 8601 with Seoul's offset.
"""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

from backend.kit import clock

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MIDNIGHT = time()


def _read(value: Any) -> Any:
    """Raises ValueError for a time without its offset and for days out of any calendar we keep."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time of day needs its offset")
        day = value.date()
    elif isinstance(value, date):
        day = value
    elif value is None:
        return None
    else:
        raise ValueError("a day or a moment is text")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("out of the calendar")
    return value


Moment = Annotated[datetime | date, BeforeValidator(_read)]


def start_of(moment: datetime | date | None) -> datetime | None:
    """The first instant of it; UTC."""
    if moment is None or isinstance(moment, datetime):
        return moment.astimezone(clock.UTC) if moment else None
    return starts_on(moment)


def end_of(moment: datetime | date | None) -> datetime | None:
    """The first instant after it: a whole day counts until its midnight, an hour ends when it comes. UTC."""
    if moment is None or isinstance(moment, datetime):
        return moment.astimezone(clock.UTC) if moment else None
    return ends_after(moment)


def ends_after(last_day: date) -> datetime:
    """The Seoul midnight after an inclusive last day."""
    return starts_on(last_day + timedelta(days=1))


def starts_on(day: date) -> datetime:
    """The Seoul midnight that begins a day."""
    return datetime.combine(day, MIDNIGHT, clock.SEOUL).astimezone(clock.UTC)


def said_start(start: datetime | None) -> str | None:
    """A day where it begins at midnight, else the hour; None: at once."""
    if start is None:
        return None
    local = clock.seoul(start)
    return local.date().isoformat() if local.time() == MIDNIGHT else local.isoformat()


def said_end(until: datetime | None) -> str | None:
    """The last day on which it holds, or the hour at which it ends."""
    if until is None:
        return None
    local = clock.seoul(until)
    return (local.date() - timedelta(days=1)).isoformat() if local.time() == MIDNIGHT else local.isoformat()


#: when what was off runs again is said like a start
resumes_on = said_start

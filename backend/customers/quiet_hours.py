"""Advertising is not sent from 21:00 to 08:00 without a separate consent, which we do not ask for (facts.md, "Campaigns")."""

from datetime import datetime, time, timedelta

from backend.customers.models import MessageKind
from backend.kit import clock

LAST_HOUR, FIRST_HOUR = time(21), time(8)


def may_send(kind: MessageKind, at: datetime) -> bool:
    """Seoul's clock: 08:00 is allowed, 21:00 is not."""
    return kind is MessageKind.INFORMATIONAL or FIRST_HOUR <= clock.seoul(at).time() < LAST_HOUR


def earliest(kind: MessageKind, at: datetime) -> datetime:
    """`at` itself, or the next 08:00 in Seoul."""
    if may_send(kind, at):
        return at
    here = clock.seoul(at)
    day = here.date() if here.time() < FIRST_HOUR else here.date() + timedelta(days=1)
    return datetime.combine(day, FIRST_HOUR, clock.SEOUL).astimezone(clock.UTC)

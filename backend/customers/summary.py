"""How many messages went, wait or did not go, and why."""

from collections import Counter
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.customers.models import Channel, CustomerMessage, MessageKind
from backend.customers.quiet_hours import may_send
from backend.customers.schemas import MessageSummary, ReasonCount, WaitingOut
from backend.customers.states import MessageState
from backend.errors import InvalidInput
from backend.kit import clock

YEARS = (2000, 2100)
_AT = func.coalesce(CustomerMessage.sent_at, CustomerMessage.send_at)


def summary_of(session: Session, shop_id: str, first: date | None, last: date | None) -> MessageSummary:
    """Seoul days, both inclusive; without them all there is. Raises InvalidInput `period_invalid`."""
    if (first and last and last < first) or any(day and not YEARS[0] <= day.year <= YEARS[1] for day in (first, last)):
        raise InvalidInput("the period is reversed", code="period_invalid")
    terms = [CustomerMessage.shop_id == shop_id, *_between(first, last)]
    counts: Counter[MessageState] = Counter()
    channels: Counter[Channel] = Counter()
    reasons: Counter[tuple[MessageState, str]] = Counter()
    query = select(CustomerMessage.state, CustomerMessage.channel, CustomerMessage.reason, func.count()).where(*terms)
    grouped = query.group_by(CustomerMessage.state, CustomerMessage.channel, CustomerMessage.reason)
    for state, channel, reason, count in session.execute(grouped).tuples():
        counts[state] += count
        if state is MessageState.SENT:
            channels[channel] += count
        if reason:
            reasons[state, reason] += count
    return MessageSummary(
        first=first, to=last, counts=dict(counts), sent_by_channel=dict(channels),
        reasons=[ReasonCount(state=state, reason=reason, count=n) for (state, reason), n in reasons.most_common()],
        waiting=_waiting(session, shop_id),
        last_sent_at=session.scalar(select(func.max(CustomerMessage.sent_at)).where(CustomerMessage.shop_id == shop_id)),
    )  # fmt: skip


def _between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    terms: list[ColumnElement[bool]] = []
    if first:
        terms.append(_midnight(first) <= _AT)
    if last:
        terms.append(_midnight(last + timedelta(days=1)) > _AT)
    return terms


def _midnight(day: date) -> datetime:
    """The Seoul midnight that begins a day."""
    return datetime.combine(day, time(), clock.SEOUL).astimezone(clock.UTC)


def _waiting(session: Session, shop_id: str) -> WaitingOut:
    query = select(CustomerMessage).where(
        CustomerMessage.shop_id == shop_id, CustomerMessage.state == MessageState.QUEUED
    )
    found, now = list(session.scalars(query)), clock.now()
    night = [m for m in found if m.kind is MessageKind.ADVERTISING and not may_send(m.kind, now)]
    return WaitingOut(
        count=len(found), by_channel=dict(Counter(m.channel for m in found)),
        by_audience=dict(Counter(m.audience for m in found)), next_at=min((m.send_at for m in found), default=None),
        at_night=len(night), credits=sum(m.credits for m in found),
    )  # fmt: skip

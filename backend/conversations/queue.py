"""Where a conversation stands in the support queue, and how long that probably takes.

Order: raised priority first, then who asked first. Expected wait: place in the queue × the median time our people
spent on the last handoffs ÷ the people at work; unknown (None) below three finished handoffs, and outside opening hours.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from backend.conversations.hours import support_hours
from backend.conversations.models import Conversation, ConversationState, Handoff, Priority
from backend.desk.models import Staff
from backend.kit import clock

LEARN_FROM, LEARN_WITHIN, AT_WORK_WITHIN = 30, timedelta(days=14), timedelta(hours=2)
LEARN_AT_LEAST = 3


@dataclass(frozen=True)
class Waiting:
    """`position` counts from 1 and is None for a conversation that does not queue."""

    state: ConversationState
    position: int | None
    wait_minutes: int | None
    open_now: bool
    opens_at: datetime | None
    assignee: str | None


def waiting(session: Session, conversation: Conversation) -> Waiting:
    now = clock.now()
    hours = support_hours()
    open_now = hours.is_open(now)
    agent = session.get(Staff, conversation.assignee_id) if conversation.assignee_id else None
    place = position(session, conversation)
    return Waiting(
        conversation.state, place, expected_minutes(session, place) if place and open_now else None,
        open_now, None if open_now else hours.next_opening(now), agent.name if agent else None,
    )  # fmt: skip


def position(session: Session, conversation: Conversation) -> int | None:
    if conversation.state is not ConversationState.OPEN or conversation.assignee_id is not None:
        return None
    c, queued = Conversation, conversation.queued_at
    earlier = or_(c.queued_at < queued, and_(c.queued_at == queued, c.id < conversation.id))
    ahead = and_(c.priority == conversation.priority, earlier)
    if conversation.priority is Priority.NORMAL:
        ahead = or_(c.priority == Priority.HIGH, ahead)
    in_queue = (c.state == ConversationState.OPEN, c.assignee_id.is_(None), c.id != conversation.id)
    return 1 + (session.scalar(select(func.count()).select_from(c).where(*in_queue, ahead)) or 0)


def expected_minutes(session: Session, place: int) -> int | None:
    now = clock.now()
    handled = session.execute(
        select(Handoff.claimed_at, Handoff.closed_at)
        .where(Handoff.claimed_at.is_not(None), Handoff.closed_at > now - LEARN_WITHIN)
        .order_by(Handoff.closed_at.desc())
        .limit(LEARN_FROM)
    ).all()
    if len(handled) < LEARN_AT_LEAST:
        return None
    minutes = median((closed - claimed).total_seconds() / 60 for claimed, closed in handled if claimed and closed)
    at_work = session.scalar(
        select(func.count(Handoff.claimed_by.distinct())).where(
            or_(Handoff.claimed_at > now - AT_WORK_WITHIN, Handoff.closed_at > now - AT_WORK_WITHIN)
        )
    )
    return max(1, math.ceil(place * minutes / max(1, at_work or 0)))

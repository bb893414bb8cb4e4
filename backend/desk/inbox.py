"""The desk's view of conversations: the queue in the order in which it is answered, and one conversation whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from backend.conversations.models import Author, Conversation, ConversationState, Handoff, Message, Priority
from backend.desk.models import Staff
from backend.desk.schemas import (
    DeskConversationOut,
    DeskItemOut,
    HandoffOut,
    LastMessageOut,
    PersonOut,
    ShopNameOut,
    StaffOut,
)
from backend.errors import NotFound
from backend.shops.models import Member, Shop

WITH_US = (ConversationState.OPEN, ConversationState.SNOOZED)
QUOTE = 120


def items(session: Session, states: Sequence[ConversationState] = WITH_US, limit: int = 100) -> list[DeskItemOut]:
    """Raised priority first, then who waits longest; conversations that do not wait by their last change, newest first."""
    c = Conversation
    order = (
        (c.priority != Priority.HIGH, c.queued_at, c.id) if set(states) <= set(WITH_US) else (c.updated_at.desc(), c.id)
    )
    return [
        _item(*row) for row in session.execute(_query().where(c.state.in_(states)).order_by(*order).limit(limit)).all()
    ]


def whole(session: Session, conversation_id: str) -> DeskConversationOut:
    row = session.execute(_query().where(Conversation.id == conversation_id)).one_or_none()
    if row is None:
        raise NotFound("no such conversation", code="conversation_not_found")
    conversation: Conversation = row[0]
    handoffs = session.scalars(
        select(Handoff).where(Handoff.conversation_id == conversation.id).order_by(Handoff.queued_at.desc()).limit(20)
    )
    return DeskConversationOut(
        **_item(*row).model_dump(), summary=conversation.summary, rating=conversation.rating,
        handoffs=[HandoffOut.model_validate(h) for h in handoffs],
    )  # fmt: skip


def _query() -> Any:
    """Conversation, shop, member, holder, last message, and when the merchant began to wait for an answer."""
    c, m = Conversation, Message
    answered_up_to = (
        select(func.coalesce(func.max(m.seq), 0))
        .where(m.conversation_id == c.id, m.author.in_([Author.AGENT, Author.BOT]))
        .correlate(c)
        .scalar_subquery()
    )
    waits_since = (
        select(func.min(m.created_at))
        .where(m.conversation_id == c.id, m.author == Author.MEMBER, m.seq > answered_up_to)
        .correlate(c)
        .scalar_subquery()
    )
    is_last: ColumnElement[bool] = and_(m.conversation_id == c.id, m.seq == c.last_seq)
    return (
        select(c, Shop, Member, Staff, m, waits_since)
        .join(Shop, Shop.id == c.shop_id)
        .join(Member, Member.id == c.member_id)
        .outerjoin(Staff, Staff.id == c.assignee_id)
        .outerjoin(m, is_last)
    )


def _item(
    row: Conversation,
    shop: Shop,
    member: Member,
    holder: Staff | None,
    last: Message | None,
    waits_since: datetime | None,
) -> DeskItemOut:
    quoted = LastMessageOut(author=last.author, text=last.text[:QUOTE], at=last.created_at) if last else None
    return DeskItemOut(
        id=row.id, state=row.state, priority=row.priority, shop=ShopNameOut.model_validate(shop),
        member=PersonOut.model_validate(member), agent=StaffOut.model_validate(holder) if holder else None,
        queued_at=row.queued_at, snoozed_until=row.snoozed_until, waits_since=waits_since, reason=row.handoff_reason,
        last_seq=row.last_seq, last_message=quoted,
    )  # fmt: skip

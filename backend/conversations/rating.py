"""The merchant's 1–5 for the last conversation with a person that was brought to an end."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.handoff import own_conversation
from backend.conversations.models import Conversation, Handoff, HandoffOutcome
from backend.errors import Conflict


def rate(session: Session, actor: Actor, rating: int) -> Conversation:
    """A second rating replaces the first; raises Conflict (`nothing_to_rate`) before anything was resolved."""
    conversation = own_conversation(session, actor)
    handoff = session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == conversation.id, Handoff.outcome == HandoffOutcome.RESOLVED)
        .order_by(Handoff.closed_at.desc())
        .limit(1)
    )
    if handoff is None:
        raise Conflict("no finished conversation with a person yet", code="nothing_to_rate")
    handoff.rating = conversation.rating = rating
    return conversation

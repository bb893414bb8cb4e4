"""상담원 연결: the conversation enters the support queue with a summary, and the bot falls silent."""

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.conversations.messages import append
from backend.conversations.models import Author, Conversation, ConversationState, Priority
from backend.conversations.queue import Waiting, waiting
from backend.conversations.states import set_state
from backend.conversations.summary import summarise
from backend.conversations.wording import notice_block, say
from backend.db.locks import locked
from backend.errors import NotFound
from backend.kit import clock


def own_conversation(session: Session, actor: Actor) -> Conversation:
    """The conversation the actor's token is bound to; NotFound when it is not that person's."""
    found = session.get(Conversation, actor.conversation_id) if actor.conversation_id else None
    if found is None or found.shop_id != actor.shop_id or actor.id not in (found.member_id, found.assignee_id):
        raise NotFound("no such conversation")
    return found


def request_handoff(session: Session, actor: Actor, reason: str, note: dict[str, Any] | str | None = None) -> Waiting:
    """Queue the conversation and return its place; asking again while it queues changes nothing."""
    conversation = own_conversation(session, actor)
    locked(session, Conversation, conversation.id)  # of two who ask at once, the second finds it queued
    if conversation.state is not ConversationState.OPEN:
        conversation.summary = summarise(session, conversation, note)
        set_state(session, conversation, ConversationState.OPEN, reason=reason, actor=actor)
        thread_note(session, conversation, say("thread.queued"))
    return waiting(session, conversation)


def raise_priority(session: Session, actor: Actor) -> Conversation:
    """An angry person is answered first; a member's priority is never lowered by the member's own turn."""
    conversation = own_conversation(session, actor)
    conversation.priority, conversation.updated_at = Priority.HIGH, clock.now()
    return conversation


def thread_note(session: Session, conversation: Conversation, text: str) -> None:
    append(session, conversation, Author.SYSTEM, text=text, blocks=[notice_block(text)])


def queue_sentence(place: Waiting) -> str:
    if place.assignee:
        return say("queue.with_agent", **asdict(place))
    return say("queue.waiting" if place.open_now else "queue.closed", **asdict(place))

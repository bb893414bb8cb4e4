"""What a staff person does with a conversation: claim, answer, give back, resolve, snooze."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from backend.access.actor import Actor, staff_actor
from backend.access.permissions import Permission
from backend.conversations.feed import wake_after_commit
from backend.conversations.handoff import thread_note
from backend.conversations.messages import append
from backend.conversations.models import Author, Conversation, ConversationState, Message
from backend.conversations.states import BOT_IS_SILENT, current_handoff, set_state
from backend.conversations.summary import summarise
from backend.conversations.wording import say, text_block
from backend.db.locks import locked
from backend.desk.models import Staff
from backend.errors import Conflict, InvalidInput, NotFound
from backend.kit import clock

S = ConversationState
TYPING_FOR = timedelta(seconds=6)


def claim(session: Session, staff: Staff, conversation_id: str, take_from: str | None = None) -> Conversation:
    """Make the conversation this person's; of two at once one wins.

    A conversation of the bot is taken over as well. `take_from` names the colleague (id) it is taken from, knowingly.
    Raises Conflict (`already_claimed`) with `agent` and `agent_id` of whoever holds it.
    """
    conversation, actor = _found(session, staff, conversation_id)
    if conversation.assignee_id == staff.id and conversation.state is S.OPEN:
        return conversation
    if conversation.state not in BOT_IS_SILENT:
        conversation.summary = summarise(session, conversation)
    if conversation.state is not S.OPEN:
        set_state(session, conversation, S.OPEN, reason="taken_over", actor=actor)
    free = or_(Conversation.assignee_id.is_(None), Conversation.assignee_id.in_([take_from or "", staff.id]))
    won = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.state == S.OPEN, free)
        .values(assignee_id=staff.id, updated_at=clock.now())
    )
    session.refresh(conversation)
    if won.rowcount == 0:  # type: ignore[attr-defined]
        raise _held(session, conversation)
    handoff = current_handoff(session, conversation.id)
    if handoff is not None:
        handoff.claimed_at, handoff.claimed_by = handoff.claimed_at or clock.now(), staff.id
    thread_note(session, conversation, say("thread.claimed", name=staff.name))
    return conversation


def reply(session: Session, staff: Staff, conversation_id: str, text: str, client_id: str | None = None) -> Message:
    """The holder writes to the merchant; a resend with the same client id is stored once."""
    conversation, actor = _held_by(session, staff, conversation_id)
    if client_id is not None:
        known = session.scalar(
            select(Message).where(Message.conversation_id == conversation.id, Message.client_id == client_id)
        )
        if known is not None:
            return known
    if conversation.state is S.SNOOZED:
        set_state(session, conversation, S.OPEN, actor=actor)
    conversation.agent_typing_until = None
    return append(
        session,
        conversation,
        Author.AGENT,
        text=text,
        blocks=[text_block(text)],
        author_name=staff.name,
        client_id=client_id,
    )


def show_typing(session: Session, staff: Staff, conversation_id: str) -> None:
    """The merchant sees for a few seconds that the agent writes."""
    conversation, _ = _held_by(session, staff, conversation_id)
    conversation.agent_typing_until = clock.now() + TYPING_FOR
    wake_after_commit(session, conversation.id)


def give_back(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    """The bot answers again, from the next message on."""
    conversation, actor = _held_by(session, staff, conversation_id)
    set_state(session, conversation, S.PENDING, actor=actor)
    thread_note(session, conversation, say("thread.given_back"))
    return conversation


def resolve(session: Session, staff: Staff, conversation_id: str) -> Conversation:
    """Finished; the merchant is asked for a rating."""
    conversation, actor = _held_by(session, staff, conversation_id)
    set_state(session, conversation, S.RESOLVED, actor=actor)
    thread_note(session, conversation, say("thread.resolved"))
    title = say("rating.title")
    rating = {"type": "rating", "title": title, "payload": '/rate_support{"rating":"$N"}'}
    append(session, conversation, Author.BOT, text=title, blocks=[rating], author_name=say("names.bot"))
    return conversation


def snooze(session: Session, staff: Staff, conversation_id: str, until: datetime | None = None) -> Conversation:
    """Wait for the merchant's next message or for `until`; the conversation stays this person's."""
    if until is not None and until <= clock.now():
        raise InvalidInput(
            "a snooze ends in the future", code="snooze_in_the_past", fields=[{"field": "until", "message": "past"}]
        )
    conversation, actor = _held_by(session, staff, conversation_id)
    set_state(session, conversation, S.SNOOZED, actor=actor)
    conversation.snoozed_until = until
    thread_note(session, conversation, say("thread.snoozed", until=until))
    return conversation


def _found(session: Session, staff: Staff, conversation_id: str) -> tuple[Conversation, Actor]:
    conversation = locked(session, Conversation, conversation_id)
    if conversation is None:
        raise NotFound("no such conversation", code="conversation_not_found")
    actor = staff_actor(staff, conversation.shop_id, conversation.id, conversation.member_id)
    actor.require(Permission.DESK_ANSWER)
    return conversation, actor


def _held_by(session: Session, staff: Staff, conversation_id: str) -> tuple[Conversation, Actor]:
    conversation, actor = _found(session, staff, conversation_id)
    if conversation.assignee_id is None:
        raise Conflict("claim the conversation first", code="not_claimed", state=conversation.state.value)
    if conversation.assignee_id != staff.id:
        raise _held(session, conversation)
    return conversation, actor


def _held(session: Session, conversation: Conversation) -> Conflict:
    holder = session.get(Staff, conversation.assignee_id)
    return Conflict(
        "someone else has this conversation", code="already_claimed",
        agent=holder.name if holder else None, agent_id=conversation.assignee_id,
    )  # fmt: skip

"""The database's side of a turn: who may answer, what is next, and what came of it.

The lease is a conditional UPDATE: one holder a conversation over all processes, given up when nothing waits, and free
again by itself when its holder was killed. No transaction stays open while the assistant thinks. A holder whose lease
was taken meanwhile writes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import member_actor
from backend.conversations.blocks import blocks_of, plain_text
from backend.conversations.feed import wake_after_commit
from backend.conversations.handoff import queue_sentence, request_handoff
from backend.conversations.messages import append, replies_to
from backend.conversations.models import Author, Conversation, ConversationState, Message, MessageState
from backend.conversations.payloads import HANDOFF, RETRY, as_typed, read_payload
from backend.conversations.rasa_client import RasaAnswer, RasaFailed
from backend.conversations.schemas import ConversationOut, MessageOut, PostedOut, message_out
from backend.conversations.states import BOT_IS_SILENT, set_state
from backend.conversations.wording import button, say, text_block
from backend.db.again import again_if_lost
from backend.db.engine import unit_of_work
from backend.errors import OpsTalkError
from backend.kit import clock
from backend.shops.models import Member, Role, Shop


@dataclass(frozen=True)
class Turn:
    """One member message on its way to the assistant; `origin_id` differs when it retries an earlier one."""

    conversation_id: str
    message_id: str
    origin_id: str
    text: str
    intent: str | None
    metadata: dict[str, Any]
    message: MessageOut | None = None  # where it was stored a moment ago: need not be read again


class Progress(StrEnum):
    SETTLED = "settled"  # answered, or told why not
    WAITING = "waiting"  # someone holds the lease
    FREE = "free"  # nobody does


def progress(conversation_id: str, message_id: str) -> Progress:
    with unit_of_work(write=False) as session:
        message = session.get_one(Message, message_id)
        conversation = session.get_one(Conversation, conversation_id)
        if message.state is not MessageState.RECEIVED:
            return Progress.SETTLED
        until = conversation.turn_until
        held = conversation.turn_token is not None and until is not None and until >= clock.now()
        return Progress.WAITING if held else Progress.FREE


def posted(conversation_id: str, message_id: str) -> PostedOut:
    with unit_of_work(write=False) as session:
        return PostedOut(
            message=message_out(session.get_one(Message, message_id)),
            replies=[message_out(m) for m in replies_to(session, message_id)],
            conversation=ConversationOut.of(session, session.get_one(Conversation, conversation_id)),
        )


@again_if_lost
def begin(conversation_id: str, lease: str, lease_for: timedelta, turn_for: timedelta) -> Turn | None:
    """Take or keep the lease and return the next unanswered message; None when it is another's or nothing waits."""
    with unit_of_work() as session:
        now = clock.now()
        taken = session.execute(
            update(Conversation)
            .where(
                Conversation.id == conversation_id,
                or_(Conversation.turn_token.is_(None), Conversation.turn_token == lease, Conversation.turn_until < now),
            )
            .values(turn_token=lease, turn_until=now + lease_for)
        )
        if taken.rowcount == 0:  # type: ignore[attr-defined]
            return None
        conversation = session.get_one(Conversation, conversation_id)
        wake_after_commit(session, conversation_id)
        while conversation.state not in BOT_IS_SILENT and (message := _next(session, conversation_id)):
            if conversation.state is ConversationState.RESOLVED:
                set_state(session, conversation, ConversationState.PENDING)
            origin = _origin(session, message)
            if origin is not None:
                return _turn(session, conversation, message, origin, turn_for)
            _say(session, conversation, message, [text_block(say("failures.nothing_to_retry"))])
            message.state = MessageState.ANSWERED
            session.flush()
        if conversation.state in BOT_IS_SILENT:
            _leave_to_people(session, conversation_id)
        # given up in the transaction that saw nothing waiting: a later message finds the lease free
        conversation.turn_token = conversation.turn_until = None
        return None


def _next(session: Session, conversation_id: str) -> Message | None:
    return session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.state == MessageState.RECEIVED)
        .order_by(Message.seq)
        .limit(1)
    )


def _leave_to_people(session: Session, conversation_id: str) -> None:
    session.execute(
        update(Message)
        .where(Message.conversation_id == conversation_id, Message.state == MessageState.RECEIVED)
        .values(state=MessageState.ANSWERED)
    )


def _turn(session: Session, conversation: Conversation, message: Message, origin: Message, turn_for: timedelta) -> Turn:
    member = session.get_one(Member, conversation.member_id)
    shop = session.get_one(Shop, conversation.shop_id)
    metadata = told(
        member.id, member.name, member.role, shop.id, shop.name, conversation.id, conversation.state, turn_for
    )
    intent = read_payload(origin.payload).intent if origin.payload else None
    return Turn(conversation.id, message.id, origin.id, origin.payload or as_typed(origin.text), intent, metadata)


def told(
    member_id: str, member_name: str, role: Role, shop_id: str, shop_name: str, conversation_id: str,
    state: ConversationState, turn_for: timedelta,
) -> dict[str, Any]:  # fmt: skip
    """What the assistant learns beside the words: whom it talks to, and the token to act for them.

    The token dies with the turn: an action that is still busy when the person was told "no answer" can write nothing.
    """
    lifetime = min(tokens.TURN_FOR, turn_for)
    token = tokens.issue("turn", member_id, lifetime, conversation=conversation_id, shop=shop_id)
    return {
        "turn_token": token, "shop_name": shop_name, "member_name": member_name, "member_role": role.value,
        "conversation_state": state.value,
    }  # fmt: skip


def _origin(session: Session, message: Message) -> Message | None:
    """The message itself, or the failed one that a press of "try again" means; None when that is not failed any more."""
    payload = read_payload(message.payload) if message.payload else None
    if payload is None or payload.intent != RETRY:
        return message
    return session.scalar(
        select(Message).where(
            Message.id == str(payload.entities.get("message_id", "")), Message.state == MessageState.FAILED,
            Message.conversation_id == message.conversation_id, Message.author == Author.MEMBER,
        )
    )  # fmt: skip


@again_if_lost
def finish(turn: Turn, lease: str, lease_for: timedelta, outcome: RasaAnswer | RasaFailed) -> bool:
    """Write the replies and settle the message, all or nothing; False when nothing more waits or the lease was lost."""
    with unit_of_work() as session:
        held = session.execute(
            update(Conversation)
            .where(Conversation.id == turn.conversation_id, Conversation.turn_token == lease)
            .values(turn_until=clock.now() + lease_for)
        )
        if held.rowcount == 0:  # type: ignore[attr-defined]
            return False
        conversation = session.get_one(Conversation, turn.conversation_id)
        message = session.get_one(Message, turn.message_id)
        if isinstance(outcome, RasaAnswer) and not _reply(session, conversation, message, outcome):
            outcome = RasaFailed("action_failed")
        if isinstance(outcome, RasaFailed):
            _explain(session, conversation, message, turn, outcome)
        elif turn.origin_id != turn.message_id:
            session.get_one(Message, turn.origin_id).state = MessageState.ANSWERED
        session.flush()
        if _next(session, conversation.id) is not None:
            return True
        # given up in the transaction that saw nothing waiting, as in `begin`
        conversation.turn_token = conversation.turn_until = None
        return False


def _reply(session: Session, conversation: Conversation, message: Message, answer: RasaAnswer) -> bool:
    """False when the bot, still in charge, said nothing at all: silence is a failure, too."""
    said = [blocks for blocks in map(blocks_of, answer.messages) if blocks]
    if not said and conversation.state not in BOT_IS_SILENT:
        return False
    for blocks in said:
        _say(session, conversation, message, blocks)
    message.state = MessageState.ANSWERED
    message.intent, message.confidence = answer.intent, answer.confidence
    return True


def _explain(session: Session, conversation: Conversation, message: Message, turn: Turn, failure: RasaFailed) -> None:
    if turn.intent == HANDOFF and conversation.state not in BOT_IS_SILENT:
        # a person must be reachable exactly when the assistant is not
        actor = member_actor(session.get_one(Member, conversation.member_id), conversation.id)
        waiting = request_handoff(session, actor, failure.code)
        _say(session, conversation, message, [text_block(queue_sentence(waiting))])
        message.state = MessageState.ANSWERED
        return
    for blocks in filter(None, map(blocks_of, failure.messages)):
        _say(session, conversation, message, blocks)
    again = f'/{RETRY}{{"message_id": "{turn.origin_id}"}}'
    buttons = [button(say("buttons.retry"), again), button(say("buttons.person"), f"/{HANDOFF}")]
    message.state = MessageState.FAILED
    _say(
        session,
        conversation,
        message,
        [text_block(say(f"failures.{failure.code}")), {"type": "buttons", "buttons": buttons}],
    )


def _say(session: Session, conversation: Conversation, message: Message, blocks: list[dict[str, Any]]) -> None:
    append(
        session, conversation, Author.BOT, text=plain_text(blocks), blocks=blocks, author_name=say("names.bot"),
        reply_to=message.id,
    )  # fmt: skip


@again_if_lost
def give_up(conversation_id: str, lease: str) -> None:
    """Free the lease after an unforeseen error, so that the next attempt need not wait for its end."""
    with unit_of_work() as session:
        session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.turn_token == lease)
            .values(turn_token=None, turn_until=None)
        )


def left_behind() -> list[str]:
    """Conversations with unanswered messages and no live lease: their process was killed."""
    with unit_of_work(write=False) as session:
        lease_is_free = or_(Conversation.turn_token.is_(None), Conversation.turn_until < clock.now())
        return list(
            session.scalars(
                select(Conversation.id)
                .where(
                    Conversation.id.in_(select(Message.conversation_id).where(Message.state == MessageState.RECEIVED)),
                    lease_is_free,
                )
                .order_by(Conversation.updated_at)
                .limit(50)
            )
        )


def reopen_snoozed() -> None:
    """Snoozed conversations whose time has come are open again."""
    with unit_of_work(write=False) as session:
        due = select(Conversation.id).where(
            Conversation.state == ConversationState.SNOOZED, Conversation.snoozed_until <= clock.now()
        )
        ids = list(session.scalars(due))
    for conversation_id in ids:
        try:
            with unit_of_work() as session:
                set_state(session, session.get_one(Conversation, conversation_id), ConversationState.OPEN)
        except OpsTalkError:
            continue  # someone moved it in between

"""Messages of a conversation: written in one order, stored once, read in pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.conversations.feed import wake_after_commit
from backend.conversations.models import Author, Conversation, ConversationState, Message, MessageState
from backend.conversations.states import set_state
from backend.errors import TooMany
from backend.kit import clock
from backend.kit.ids import new_id

RATE_LIMIT, RATE_WINDOW = 30, timedelta(seconds=10)


def append(
    session: Session,
    conversation: Conversation,
    author: Author,
    *,
    text: str = "",
    blocks: Sequence[Any] = (),
    author_name: str | None = None,
    client_id: str | None = None,
    payload: str | None = None,
    reply_to: str | None = None,
    state: MessageState = MessageState.ANSWERED,
) -> Message:
    """Add a message at the end; its number is taken by one UPDATE, so that two writers never share one."""
    now = clock.now()
    seq = session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(last_seq=Conversation.last_seq + 1, updated_at=now)
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    )
    message = Message(
        id=new_id("msg"), shop_id=conversation.shop_id, conversation_id=conversation.id, seq=seq, client_id=client_id,
        author=author, author_name=author_name, reply_to=reply_to, text=text, payload=payload, blocks=list(blocks),
        state=state, created_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    session.refresh(conversation, ["last_seq", "updated_at"])
    wake_after_commit(session, conversation.id)
    return message


def reopen_for(session: Session, conversation_id: str) -> ConversationState:
    """The state in which a member's message meets the conversation: writing to a resolved one gives it back to the bot,
    writing to a snoozed one to the desk."""
    conversation = session.get_one(Conversation, conversation_id)
    if conversation.state is ConversationState.RESOLVED:
        set_state(session, conversation, ConversationState.PENDING)
    elif conversation.state is ConversationState.SNOOZED:
        set_state(session, conversation, ConversationState.OPEN)
    return conversation.state


def too_many() -> TooMany:
    """A person's limit is counted in the database, so it holds over all processes (a member has one conversation)."""
    return TooMany(
        "too many messages at once", code="too_many_messages",
        limit=RATE_LIMIT, window_seconds=int(RATE_WINDOW.total_seconds()),
    )  # fmt: skip


def replies_to(session: Session, message_id: str) -> Sequence[Message]:
    return session.scalars(select(Message).where(Message.reply_to == message_id).order_by(Message.seq)).all()


def page(
    session: Session, conversation_id: str, after: int | None, before: int | None, limit: int
) -> tuple[list[Message], bool]:
    """At most `limit` messages in order, and whether more lie beyond.

    With `after` the oldest ones newer than it, else the newest ones (older than `before`).
    """
    query = select(Message).where(Message.conversation_id == conversation_id)
    if before is not None:
        query = query.where(Message.seq < before)
    if after is not None:
        rows = session.scalars(query.where(Message.seq > after).order_by(Message.seq).limit(limit + 1)).all()
        return list(rows[:limit]), len(rows) > limit
    rows = session.scalars(query.order_by(Message.seq.desc()).limit(limit + 1)).all()
    return list(reversed(rows[:limit])), len(rows) > limit


def unread(session: Session, conversation: Conversation) -> int:
    """Messages by anyone else that the member has not seen."""
    return session.scalar(
        select(func.count()).select_from(Message).where(
            Message.conversation_id == conversation.id, Message.seq > conversation.read_seq,
            Message.author != Author.MEMBER,
        )
    ) or 0  # fmt: skip


def mark_read(session: Session, conversation: Conversation, seq: int) -> None:
    """The member saw everything up to `seq`; a smaller number never takes that back."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.read_seq < seq, Conversation.last_seq >= seq)
        .values(read_seq=seq)
    )
    session.refresh(conversation)
    wake_after_commit(session, conversation.id)

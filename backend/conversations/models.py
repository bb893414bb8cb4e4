"""Conversations of the widget: who owns them, what was said, and the one turn that may be under way."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class ConversationState(StrEnum):
    PENDING = "pending"  # the bot answers
    OPEN = "open"  # queued for, or with, an agent; the bot is silent
    SNOOZED = "snoozed"  # waits for the merchant or a date; the bot is silent
    RESOLVED = "resolved"  # finished; the next message makes it pending again


S = ConversationState
TRANSITIONS: dict[ConversationState, frozenset[ConversationState]] = {
    S.PENDING: frozenset({S.OPEN, S.RESOLVED}),
    S.OPEN: frozenset({S.PENDING, S.SNOOZED, S.RESOLVED}),
    S.SNOOZED: frozenset({S.OPEN, S.PENDING, S.RESOLVED}),
    S.RESOLVED: frozenset({S.PENDING, S.OPEN}),
}


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"  # raised when the person is angry


class Conversation(Base):
    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_queue", "state", "queued_at"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)
    state: Mapped[ConversationState] = mapped_column(default=ConversationState.PENDING)
    priority: Mapped[Priority] = mapped_column(default=Priority.NORMAL)
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    queued_at: Mapped[datetime | None]
    handoff_reason: Mapped[str | None]
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_seq: Mapped[int] = mapped_column(default=0)  # number of the newest message; also the SSE event id
    read_seq: Mapped[int] = mapped_column(default=0)  # newest message the member saw
    turn_token: Mapped[str | None]  # holder of the turn lease
    turn_until: Mapped[datetime | None]
    agent_typing_until: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]  # then it is open again by itself; none: until the merchant writes
    rating: Mapped[int | None]  # 1–5
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Author(StrEnum):
    MEMBER = "member"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"  # a state change shown in the thread


class MessageState(StrEnum):
    RECEIVED = "received"  # stored, not yet answered
    ANSWERED = "answered"
    FAILED = "failed"  # the bot could not answer; the person was told


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        # the few that still wait for an answer, looked up every few seconds
        Index(
            "ix_messages_received", "conversation_id",
            sqlite_where=text("state = 'received'"), postgresql_where=text("state = 'received'"),
        ),
    )  # fmt: skip

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    seq: Mapped[int]
    client_id: Mapped[str | None]  # of the member's browser; a resend carries the same one
    author: Mapped[Author]
    author_name: Mapped[str | None]
    reply_to: Mapped[str | None] = mapped_column(index=True)  # message this answers
    text: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[str | None] = mapped_column(Text)  # what a pressed button sends to the bot
    blocks: Mapped[list[Any]] = mapped_column(JSON, default=list)
    state: Mapped[MessageState] = mapped_column(default=MessageState.ANSWERED)
    intent: Mapped[str | None]
    confidence: Mapped[float | None]
    created_at: Mapped[datetime]


class HandoffOutcome(StrEnum):
    GIVEN_BACK = "given_back"  # the bot answers again
    RESOLVED = "resolved"


class Handoff(Base):
    """One stay of a conversation with our people: the history behind the expected wait and the rating."""

    __tablename__ = "handoffs"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str]
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[HandoffOutcome | None]
    rating: Mapped[int | None]  # 1–5

"""The wire shapes of the chat, shared by the widget, the console and the actions."""

import json
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, field_validator
from sqlalchemy.orm import Session

from backend.conversations.messages import unread
from backend.conversations.models import Author, Conversation, ConversationState, Message, MessageState, Priority
from backend.conversations.payloads import read_payload
from backend.desk.models import Staff

TEXT_MAX = 2000
SUMMARY_MAX = 20_000  # bytes of JSON
SEQ_MAX = 2**31 - 1

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX, pattern=r"^[^\x00]*$")
]
ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Reason = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class SessionRequest(BaseModel):
    identity: str = Field(max_length=4096)


class MessageRequest(BaseModel):
    """`text` is what the thread shows; `payload` is what a pressed button sends, and only a button sends one."""

    client_id: ClientId
    text: Words
    payload: str | None = Field(None, max_length=TEXT_MAX)

    @field_validator("payload")
    @classmethod
    def _well_formed(cls, payload: str | None) -> str | None:
        if payload is not None:
            read_payload(payload)
        return payload


class ReadRequest(BaseModel):
    seq: int = Field(ge=0, le=SEQ_MAX)


class HandoffRequest(BaseModel):
    """`summary`: what the bot knows and the messages do not say (topics, the thing in focus, what waits for a yes)."""

    reason: Reason = "requested"
    summary: dict[str, JsonValue] | Reason | None = None

    @field_validator("summary")
    @classmethod
    def _storable(cls, summary: Any) -> Any:
        if len(json.dumps(summary, ensure_ascii=False, allow_nan=False).encode()) > SUMMARY_MAX:
            raise ValueError("the summary is too long")
        return summary


class RatingRequest(BaseModel):
    rating: int = Field(ge=1, le=5)


class PriorityRequest(BaseModel):
    level: Priority = Priority.HIGH


class MessageOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    seq: int
    client_id: str | None
    author: Author
    author_name: str | None
    text: str
    payload: str | None
    blocks: list[dict[str, Any]]
    state: MessageState
    created_at: datetime
    reply_to: str | None


class ConversationOut(BaseModel):
    id: str
    state: ConversationState
    priority: Priority
    agent: str | None
    unread: int
    last_seq: int
    read_seq: int
    rating: int | None

    @classmethod
    def of(cls, session: Session, row: Conversation) -> "ConversationOut":
        agent = session.get(Staff, row.assignee_id) if row.assignee_id else None
        return cls(
            id=row.id, state=row.state, priority=row.priority, agent=agent.name if agent else None,
            unread=unread(session, row), last_seq=row.last_seq, read_seq=row.read_seq, rating=row.rating,
        )  # fmt: skip


class PersonOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    role: str


class ShopNameOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    mall_id: str


class SessionOut(BaseModel):
    token: str
    conversation: ConversationOut
    member: PersonOut
    shop: ShopNameOut


class PostedOut(BaseModel):
    message: MessageOut
    replies: list[MessageOut]
    conversation: ConversationOut


class MessagesOut(BaseModel):
    messages: list[MessageOut]
    has_more: bool
    conversation: ConversationOut


class WaitingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    state: ConversationState
    position: int | None
    wait_minutes: int | None
    open_now: bool
    opens_at: datetime | None
    assignee: str | None


class ClosureOut(BaseModel):
    date: date
    name: str


class HoursOut(BaseModel):
    open_now: bool
    opens_at: datetime | None = Field(description="the next opening, while closed")
    closes_at: datetime | None = Field(description="today's end, while open")
    text: str = Field(description="the same for a person to read")
    weekdays: list[int] = Field(description="Monday is 0")
    opens: str
    closes: str
    closed_today: str | None = Field(description="holiday's name, or weekend")
    holidays: list[ClosureOut] = Field(description="named closures of the next 30 days")


def message_out(message: Message) -> MessageOut:
    return MessageOut.model_validate(message)

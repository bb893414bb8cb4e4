"""The wire shapes of customers' messages and of sending credit."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.customers.models import Channel, MessageKind
from backend.customers.states import MessageState


class MessageOut(BaseModel):
    """`to` is masked, as the mall shows it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    run_id: str | None
    audience: str
    kind: MessageKind
    channel: Channel
    customer: str
    to: str
    subject: str | None
    text: str
    credits: int
    state: MessageState
    reason: str | None
    queued_at: datetime
    send_at: datetime
    sent_at: datetime | None


class MessagePage(BaseModel):
    """`counts` by state are of the whole shop."""

    items: list[MessageOut]
    total: int
    limit: int
    offset: int
    counts: dict[MessageState, int]


class ReasonCount(BaseModel):
    """`reason`: why these were not sent, see `outbox`."""

    state: MessageState
    reason: str
    count: int


class WaitingOut(BaseModel):
    """What waits to be sent: `at_night` of it only because advertising does not go out between 21:00 and 08:00."""

    count: int
    by_channel: dict[Channel, int]
    by_audience: dict[str, int]
    next_at: datetime | None
    at_night: int
    credits: int


class MessageSummary(BaseModel):
    """`counts` and `reasons` are of the days asked for, by the day a message was sent or was to be sent; `waiting` is as
    of now."""

    first: date | None = Field(serialization_alias="from")
    to: date | None
    counts: dict[MessageState, int]
    sent_by_channel: dict[Channel, int]
    reasons: list[ReasonCount]
    waiting: WaitingOut
    last_sent_at: datetime | None


class CreditOut(BaseModel):
    """In credits: `balance` = topped_up - used - reserved, where queued messages reserve theirs; `low`: little is left."""

    model_config = ConfigDict(from_attributes=True)

    balance: int
    topped_up: int
    used: int
    reserved: int
    low: bool


class AddonCreditOut(BaseModel):
    sms: CreditOut
    email: CreditOut

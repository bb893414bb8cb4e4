"""The wire shapes of customers' messages and of sending credit."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

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


class CreditOut(BaseModel):
    """In credits: `balance` = topped_up - used - reserved, where queued messages reserve theirs."""

    model_config = ConfigDict(from_attributes=True)

    balance: int
    topped_up: int
    used: int
    reserved: int


class AddonCreditOut(BaseModel):
    sms: CreditOut
    email: CreditOut

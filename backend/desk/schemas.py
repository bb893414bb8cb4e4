"""The wire shapes of the desk."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from backend.conversations.models import Author, ConversationState, HandoffOutcome, Priority
from backend.conversations.schemas import ClientId, MessageOut, PersonOut, ShopNameOut
from backend.desk.models import StaffRole
from backend.shops.models import ProState
from backend.work_requests.schemas import WorkRequestOut
from backend.work_requests.states import RequestState

AgentText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00]*$")
]


class LoginRequest(BaseModel):
    login: str = Field(max_length=100)
    password: str = Field(max_length=200)


class StaffOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    role: StaffRole


class LoginOut(BaseModel):
    token: str
    staff: StaffOut


class LastMessageOut(BaseModel):
    author: Author
    text: str
    at: datetime


class DeskItemOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    state: ConversationState
    priority: Priority
    shop: ShopNameOut
    member: PersonOut
    agent: StaffOut | None
    queued_at: datetime | None
    snoozed_until: datetime | None
    waits_since: datetime | None = Field(description="the merchant's first message that nobody answered")
    reason: str | None
    last_seq: int
    last_message: LastMessageOut | None


class HandoffOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    reason: str
    queued_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    outcome: HandoffOutcome | None
    rating: int | None


class DeskConversationOut(DeskItemOut):
    summary: dict[str, Any]
    rating: int | None
    handoffs: list[HandoffOut]


class DeskThreadOut(BaseModel):
    conversation: DeskConversationOut
    messages: list[MessageOut]
    has_more: bool


class ClaimRequest(BaseModel):
    take_from: str | None = Field(None, max_length=40, description="id of the colleague it is knowingly taken from")


class ReplyRequest(BaseModel):
    text: AgentText
    client_id: ClientId | None = None


class SnoozeRequest(BaseModel):
    until: AwareDatetime | None = None


class AdvanceRequest(BaseModel):
    state: RequestState
    reason: str | None = Field(None, max_length=500, pattern=r"^[^\x00]*$")


class DeskRequestOut(WorkRequestOut):
    shop: ShopNameOut
    possible: list[RequestState] = Field(description="the steps the operations team may take next")


class ShopOut(ShopNameOut):
    pro_state: ProState
    open_conversations: int
    open_requests: int


class ShopOverviewOut(ShopOut):
    members: list[PersonOut]
    sections: dict[str, Any] = Field(description="what other features tell about the shop, by their own names")

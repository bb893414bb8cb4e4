"""The wire shapes of work requests."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from backend.shops.required import SetupKey
from backend.work_requests.catalogue import FieldKind
from backend.work_requests.states import RequestState


class FieldOut(BaseModel):
    key: str
    kind: FieldKind
    required: bool
    max: int | None
    min: int | None
    choices: list[str]


class WorkTypeOut(BaseModel):
    type: str
    fields: list[FieldOut]
    needs: list[SetupKey]
    business_days: int


class FilledFieldOut(BaseModel):
    """`shown` is what a person recognises: a product's name instead of its id."""

    key: str
    value: Any
    shown: Any


class WorkRequestOut(BaseModel):
    id: str
    number: int
    type: str
    state: RequestState
    state_reason: str | None
    requested_by: str
    created_at: datetime
    fields: list[FilledFieldOut]


class StepOut(BaseModel):
    at: datetime
    state: str
    before: str | None
    by: str
    by_kind: str
    reason: str | None


class CommentOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    author: str
    author_kind: str
    text: str
    created_at: datetime


class WorkRequestDetail(WorkRequestOut):
    """`possible` is what the merchant may still do with it: "withdraw" or nothing."""

    history: list[StepOut]
    comments: list[CommentOut]
    possible: list[str]


class CommentIn(BaseModel):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

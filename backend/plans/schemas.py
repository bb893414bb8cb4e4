"""The wire shapes of plans."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.plans.states import PlanState


class PlanRequest(BaseModel):
    kind: str
    params: dict[str, Any] = {}


class ChangeOut(BaseModel):
    """`…_shown` is a name where the value is an id; `…_picture` where a browser finds the picture it stands for."""

    target_type: str
    target_id: str
    field: str
    before: Any
    after: Any
    label: str
    op: str
    before_shown: str | None = None
    after_shown: str | None = None
    before_picture: str | None = None
    after_picture: str | None = None


class EffectOut(BaseModel):
    code: str
    data: dict[str, Any]


class PlanOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    params: dict[str, Any]
    state: PlanState
    changes: list[ChangeOut]
    effects: list[EffectOut]
    undoable: bool
    created_at: datetime
    expires_at: datetime
    executed_at: datetime | None
    result: dict[str, Any]
    replaced_by: str | None
    undo_of: str | None

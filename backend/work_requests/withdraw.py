"""Taking a work request back, as long as nobody works on it."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.errors import IllegalMove, NothingToChange
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.work_requests.models import WorkRequest
from backend.work_requests.service import HIGHEST_NUMBER, request_numbered
from backend.work_requests.states import WITHDRAWABLE, RequestState


def _digits(value: Any) -> Any:
    """WR-12, #12 and 12번 are 12."""
    if not isinstance(value, str):
        return value
    return value.strip().upper().removeprefix("WR").strip(" -#").removesuffix("번")


class WithdrawParams(BaseModel):
    number: Annotated[int, BeforeValidator(_digits), Field(ge=1, le=HIGHEST_NUMBER)]
    reason: str | None = Field(None, max_length=200)


def propose_withdraw(session: Session, actor: Actor, params: WithdrawParams) -> Proposal:
    """Raises NotFound `request_not_found`, NothingToChange `already_withdrawn`, IllegalMove `request_not_withdrawable`."""
    actor.require(Permission.WORK_REQUESTS_WITHDRAW)
    request = request_numbered(session, actor.shop_id, params.number)
    if request.state is RequestState.WITHDRAWN:
        raise NothingToChange("it is withdrawn already", code="already_withdrawn", number=request.number)
    if request.state not in WITHDRAWABLE:
        raise IllegalMove(
            "it cannot be taken back any more",
            code="request_not_withdrawable", number=request.number, state=request.state.value,
        )  # fmt: skip
    return Proposal(
        _changes(request, params.reason),
        [
            Effect(
                "work_request_withdrawn",
                {"number": request.number, "type": request.type, "state": request.state.value},
            )
        ],
        reason=params.reason,
    )


def _changes(request: WorkRequest, reason: str | None) -> list[Change]:
    label = f"WR-{request.number}"
    changes = [Change("work_request", request.id, "state", request.state.value, RequestState.WITHDRAWN.value, label)]
    if reason and reason != request.state_reason:
        changes.append(Change("work_request", request.id, "state_reason", request.state_reason, reason, label))
    return changes


def _numbered(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    return {"number": session.get_one(WorkRequest, written[0].target_id).number}


register(PlanKind("work_request.withdraw", WithdrawParams, propose_withdraw, _numbered))

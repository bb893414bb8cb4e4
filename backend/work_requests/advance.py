"""The operations team takes a request one step further, or rejects it with the reason."""

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.dependencies import owned
from backend.access.permissions import Permission
from backend.audit.record import Source
from backend.changes.apply import apply
from backend.changes.change import Change
from backend.db.locks import locked, take_turn
from backend.errors import IllegalMove, InvalidInput, NotFound
from backend.kit.ids import new_id
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import CLOSED, TRANSITIONS, RequestState


def possible_steps(state: RequestState) -> list[RequestState]:
    """What the operations team may do next; a withdrawal is the merchant's own, and its undoing too."""
    if state in CLOSED:
        return []
    return [step for step in RequestState if step in TRANSITIONS[state] and step is not RequestState.WITHDRAWN]


def advance(
    session: Session, actor: Actor, request_id: str, to: RequestState, reason: str | None = None
) -> WorkRequest:
    """Accept, start, finish or reject; `actor` is a staff person acting on the request's shop.

    Raises NotFound `request_not_found`, IllegalMove `request_closed` or `request_step_not_possible`,
    InvalidInput `reject_reason_required`.
    """
    actor.require(Permission.WORK_REQUESTS_ADVANCE)
    try:
        take_turn(session, [actor.shop_id])
        request = owned(locked(session, WorkRequest, request_id), actor)
    except NotFound:
        raise NotFound("no such request in this shop", code="request_not_found") from None
    possible = possible_steps(request.state)
    if to not in possible:
        raise IllegalMove(
            f"{request.state} cannot become {to}",
            code="request_step_not_possible" if possible else "request_closed",
            number=request.number, state=request.state.value, to=to.value, possible=[step.value for step in possible],
        )  # fmt: skip
    reason = (reason or "").strip() or None
    if to is RequestState.REJECTED and reason is None:
        raise InvalidInput(
            "a rejection names its reason",
            code="reject_reason_required", number=request.number, fields=[{"field": "reason", "problem": "required"}],
        )  # fmt: skip
    label = f"WR-{request.number}"
    changes = [Change("work_request", request.id, "state", request.state.value, to.value, label)]
    if reason != request.state_reason:
        changes.append(Change("work_request", request.id, "state_reason", request.state_reason, reason, label))
    apply(session, actor, "work_request.advance", Source("direct", new_id("adv"), reason), changes)
    return request

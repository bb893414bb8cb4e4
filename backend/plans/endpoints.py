"""POST a plan to preview it, confirm it to execute it, discard it to say no."""

from typing import Annotated

from fastapi import APIRouter, Header

from backend.access.dependencies import MemberActor, owned
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession, WriteSession
from backend.errors import Conflict, ProblemResponse
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.schemas import PlanOut, PlanRequest
from backend.plans.states import PlanState
from backend.plans.views import plan_out

router = APIRouter(prefix="/plans", tags=["plans"], route_class=InOneStep)


@router.post("", status_code=201, response_model=PlanOut)
def preview_plan(body: PlanRequest, actor: MemberActor, session: WriteSession) -> PlanOut:
    return plan_out(session, service.preview(session, actor, body.kind, body.params))


@router.get("/{plan_id}", response_model=PlanOut)
def read_plan(plan_id: str, actor: MemberActor, session: ReadSession) -> PlanOut:
    actor.require(Permission.SHOP_READ)
    return plan_out(session, owned(session.get(Plan, plan_id), actor))


@router.post("/{plan_id}/confirm", response_model=PlanOut)
def confirm_plan(
    plan_id: str,
    actor: MemberActor,
    session: WriteSession,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=100)],
) -> PlanOut | ProblemResponse:
    """409 `plan_stale` carries the fresh preview as `plan`."""
    actor.require(Permission.SHOP_READ)
    plan = service.confirm(session, actor, plan_id, key)
    if plan.state is not PlanState.STALE:
        return plan_out(session, plan)
    fresh = plan_out(session, session.get_one(Plan, plan.replaced_by)).model_dump(mode="json")
    return ProblemResponse(Conflict("the shop moved since the preview", code="plan_stale", plan=fresh).problem())


@router.post("/{plan_id}/discard", response_model=PlanOut)
def discard_plan(plan_id: str, actor: MemberActor, session: WriteSession) -> PlanOut:
    actor.require(Permission.SHOP_READ)
    return plan_out(session, service.discard(session, actor, plan_id))

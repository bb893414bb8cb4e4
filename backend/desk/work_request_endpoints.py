"""The operations team's side of work requests: /desk/work-requests."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backend.access.actor import staff_actor
from backend.access.dependencies import CurrentStaff
from backend.db.dependencies import ReadSession, WriteSession
from backend.desk.schemas import AdvanceRequest, DeskRequestOut, ShopNameOut
from backend.errors import NotFound
from backend.shops.models import Shop
from backend.work_requests.advance import advance, possible_steps
from backend.work_requests.models import WorkRequest
from backend.work_requests.read import request_out
from backend.work_requests.service import queue
from backend.work_requests.states import OPEN_STATES, RequestState

router = APIRouter(prefix="/desk/work-requests", tags=["desk"])


@router.get("", response_model=list[DeskRequestOut])
def list_requests(
    staff: CurrentStaff, session: ReadSession, state: RequestState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> list[DeskRequestOut]:  # fmt: skip
    """Every shop's requests in the order they came in; without `state` those that are not finished."""
    return [_out(session, request) for request in queue(session, [state] if state else OPEN_STATES, limit)]


@router.post("/{request_id}/advance", response_model=DeskRequestOut)
def advance_request(
    request_id: str, body: AdvanceRequest, staff: CurrentStaff, session: WriteSession
) -> DeskRequestOut:
    request = session.get(WorkRequest, request_id)
    if request is None:
        raise NotFound("no such request", code="request_not_found")
    actor = staff_actor(staff, request.shop_id, request.conversation_id, request.requested_by_id)
    return _out(session, advance(session, actor, request.id, body.state, body.reason))


def _out(session: Session, request: WorkRequest) -> DeskRequestOut:
    shop = session.get_one(Shop, request.shop_id)
    return DeskRequestOut(
        **request_out(session, request).model_dump(), shop=ShopNameOut.model_validate(shop),
        possible=possible_steps(request.state),
    )  # fmt: skip

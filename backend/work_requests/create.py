"""Filing a work request: checked against the menu, previewed, and numbered when it is really filed."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect, create
from backend.changes.sentinels import ACTOR_ID, ACTOR_NAME, CONVERSATION_ID, NOW
from backend.errors import Conflict
from backend.markets.codes import Market
from backend.markets.models import AccountState
from backend.markets.service import account, state_of
from backend.plans.kinds import PlanKind, Proposal, register
from backend.plans.models import Plan
from backend.shops.models import Shop
from backend.shops.required import SetupKey
from backend.work_requests.catalogue import WorkType, work_type
from backend.work_requests.fields import checked_fields, shown
from backend.work_requests.models import WorkRequest
from backend.work_requests.states import OPEN_STATES

FieldValue = str | int | Annotated[float, Field(allow_inf_nan=False)] | None


class CreateParams(BaseModel):
    """`market` fills the type's market field when that is empty."""

    type: str
    fields: dict[str, FieldValue] = {}
    market: Market | None = None


def propose_create(session: Session, actor: Actor, params: CreateParams) -> Proposal:
    """Raises InvalidInput `work_type_unknown` or `work_fields_invalid`, Conflict `setup_missing`, `market_not_connected`."""
    actor.require(Permission.WORK_REQUESTS_CREATE)
    work = work_type(params.type)
    given: dict[str, Any] = dict(params.fields)
    if params.market is not None and work.market_field and not given.get(work.market_field):
        given[work.market_field] = params.market.value
    _require_marketplus(session, actor.shop_id, params.type, work)
    kept = checked_fields(session, actor.shop_id, params.type, work, given)
    _require_connected(session, actor.shop_id, params.type, work, kept)
    change = create(
        "work_request",
        {
            "type": params.type, "fields": kept, "requested_by": ACTOR_NAME, "requested_by_id": ACTOR_ID,
            "conversation_id": CONVERSATION_ID, "created_at": NOW,
        },
        params.type,
    )  # fmt: skip
    rows = [
        {"key": key, "value": value, "shown": shown(session, actor.shop_id, work.fields[key], value)}
        for key, value in kept.items()
    ]
    effects = [Effect("work_request_filed", {"type": params.type, "business_days": work.days, "fields": rows})]
    if similar := _similar(session, actor.shop_id, params.type, kept):
        data = {"number": similar.number, "type": similar.type, "state": similar.state.value}
        effects.append(Effect("work_request_similar", data))
    return Proposal([change], effects)


def _require_marketplus(session: Session, shop_id: str, type_key: str, work: WorkType) -> None:
    if SetupKey.MARKETPLUS in work.needs and session.get_one(Shop, shop_id).marketplus_linked_at is None:
        raise Conflict("MarketPlus is needed first", code="setup_missing", item="marketplus", type=type_key)


def _require_connected(session: Session, shop_id: str, type_key: str, work: WorkType, kept: dict[str, Any]) -> None:
    if SetupKey.MARKET_ACCOUNT not in work.needs or work.market_field is None:
        return
    market = Market(kept[work.market_field])
    state = state_of(account(session, shop_id, market))
    if state is not AccountState.CONNECTED:
        raise Conflict(
            "that market is not connected",
            code="market_not_connected", market=market.value, state=state.value, type=type_key,
        )  # fmt: skip


def _similar(session: Session, shop_id: str, type_key: str, kept: dict[str, Any]) -> WorkRequest | None:
    """The newest open request that asks for the very same."""
    query = (
        select(WorkRequest)
        .where(WorkRequest.shop_id == shop_id, WorkRequest.type == type_key, WorkRequest.state.in_(OPEN_STATES))
        .order_by(WorkRequest.number.desc())
    )
    return next((request for request in session.scalars(query) if request.fields == kept), None)


def _numbered(session: Session, actor: Actor, plan: Plan, written: Sequence[Change]) -> dict[str, Any]:
    request = session.get_one(WorkRequest, written[0].target_id)
    return {"number": request.number, "id": request.id}


register(PlanKind("work_request.create", CreateParams, propose_create, _numbered))

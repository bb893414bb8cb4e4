"""GET the shop's cancellations, returns and exchanges."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.claims.schemas import ClaimOut, ClaimsOut
from backend.claims.service import claim_view, claims_of
from backend.db.dependencies import ReadSession
from backend.orders.states import ClaimKind, ClaimState

router = APIRouter(prefix="/claims", tags=["claims"], route_class=InOneStep)


@router.get("")
def read_claims(
    actor: MemberActor,
    session: ReadSession,
    open_only: Annotated[bool, Query(alias="open")] = True,
    kind: ClaimKind | None = None,
    state: ClaimState | None = None,
    order_id: Annotated[str | None, Query(max_length=100)] = None,
    text: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> ClaimsOut:
    """Open ones unless a state or `open=false` asks for others; `order_id` may be an order number."""
    actor.require(Permission.SHOP_READ)
    return claims_of(
        session, actor.shop_id, open_only=open_only and state is None, kind=kind, state=state, order_id=order_id,
        text=text, limit=limit, offset=offset,
    )  # fmt: skip


@router.get("/{claim_id}")
def read_claim(claim_id: str, actor: MemberActor, session: ReadSession) -> ClaimOut:
    actor.require(Permission.SHOP_READ)
    return claim_view(session, actor.shop_id, claim_id)

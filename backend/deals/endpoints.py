"""GET the shop's 1+1 deal proposals."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.deals.schemas import DealOut
from backend.deals.service import deals_of
from backend.deals.states import DealState

router = APIRouter(prefix="/deals", tags=["deals"], route_class=InOneStep)


@router.get("")
def read_deals(actor: MemberActor, session: ReadSession, state: DealState | None = None) -> list[DealOut]:
    actor.require(Permission.SHOP_READ)
    return deals_of(session, actor.shop_id, state)

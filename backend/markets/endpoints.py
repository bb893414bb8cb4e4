"""GET the shop's markets."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.markets.schemas import MarketOut
from backend.markets.service import markets_of

router = APIRouter(prefix="/markets", tags=["markets"], route_class=InOneStep)


@router.get("")
def read_markets(actor: MemberActor, session: ReadSession) -> list[MarketOut]:
    actor.require(Permission.SHOP_READ)
    return markets_of(session, actor.shop_id)

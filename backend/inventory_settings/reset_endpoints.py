"""GET what a reset of the orders would take away, and the words to type for it."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.inventory_settings import reset
from backend.inventory_settings.schemas import ResetOut

router = APIRouter(prefix="/inventory/reset", tags=["inventory settings"], route_class=InOneStep)


@router.get("")
def read_reset(actor: MemberActor, session: ReadSession) -> ResetOut:
    actor.require(Permission.SHOP_READ)
    return reset.told(session, actor)

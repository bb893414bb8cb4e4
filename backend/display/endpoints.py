"""GET the main page as it is arranged now."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.display.schemas import DisplayGroupOut
from backend.display.service import display_of

router = APIRouter(prefix="/display", tags=["display"], route_class=InOneStep)


@router.get("")
def read_display(actor: MemberActor, session: ReadSession) -> list[DisplayGroupOut]:
    actor.require(Permission.SHOP_READ)
    return display_of(session, actor.shop_id)

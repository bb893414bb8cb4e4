"""GET who I am: the shop, the person, and what this person may do."""

from fastapi import APIRouter

from backend.access.dependencies import MemberActor
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.shops.models import Member, Shop
from backend.shops.schemas import MemberOut, MeOut, ShopOut

router = APIRouter(tags=["shop"], route_class=InOneStep)


@router.get("/me")
def read_me(actor: MemberActor, session: ReadSession) -> MeOut:
    shop, member = session.get_one(Shop, actor.shop_id), session.get_one(Member, actor.id)
    return MeOut(
        shop=ShopOut(id=shop.id, name=shop.name, mall_id=shop.mall_id, pro_state=shop.pro_state),
        member=MemberOut(id=member.id, name=member.name, role=member.role),
        permissions=sorted(permission.value for permission in actor.permissions),
    )

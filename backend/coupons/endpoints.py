"""GET the shop's coupons and what they cost."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.coupons.costs import cost_report
from backend.coupons.models import CouponMaker, CouponState
from backend.coupons.schemas import CostReport, CouponOut
from backend.coupons.service import coupon_out, coupons_of
from backend.db.dependencies import ReadSession

router = APIRouter(prefix="/coupons", tags=["coupons"], route_class=InOneStep)


@router.get("")
def read_coupons(
    actor: MemberActor, session: ReadSession, made_by: CouponMaker | None = None, state: CouponState | None = None
) -> list[CouponOut]:
    actor.require(Permission.SHOP_READ)
    return [coupon_out(coupon) for coupon in coupons_of(session, actor.shop_id, made_by, state)]


@router.get("/costs")
def read_costs(
    actor: MemberActor,
    session: ReadSession,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> CostReport:
    actor.require(Permission.SHOP_READ)
    return cost_report(session, actor.shop_id, first, last)

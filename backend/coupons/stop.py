"""Stopping the issue of a coupon; those already issued stay valid, and no coupon is ever deleted (source: 000)."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.access.permissions import Permission
from backend.changes.change import Change, Effect
from backend.coupons.exposure import most_per_use, most_still_costs
from backend.coupons.models import Coupon, CouponMaker, CouponState
from backend.coupons.service import effective_state, unused
from backend.errors import NotFound, NothingToChange
from backend.kit import clock
from backend.plans.kinds import PlanKind, Proposal, register


class StopParams(BaseModel):
    coupon_id: str


def propose_stop(session: Session, actor: Actor, params: StopParams) -> Proposal:
    """Raises NotFound `coupon_not_found`, NothingToChange `already_stopped` or `coupon_ended`."""
    actor.require(Permission.COUPONS_STOP)
    coupon = session.get(Coupon, params.coupon_id)
    if coupon is None or coupon.shop_id != actor.shop_id:
        raise NotFound("no such coupon in this shop", code="coupon_not_found")
    until = clock.seoul(coupon.ends_at).date().isoformat()
    state = effective_state(coupon)
    if state is CouponState.ENDED:
        raise NothingToChange("its period is over", code="coupon_ended", coupon=coupon.name, until=until)
    if state is CouponState.ISSUE_STOPPED:
        raise NothingToChange(
            "it is not issued any more",
            code="already_stopped", coupon=coupon.name, issued_unused=unused(coupon), until=until,
        )  # fmt: skip
    change = Change("coupon", coupon.id, "state", coupon.state.value, CouponState.ISSUE_STOPPED.value, coupon.name)
    return Proposal([change], _effects(coupon, until))


def _effects(coupon: Coupon, until: str) -> list[Effect]:
    not_issued = max(0, coupon.issue_limit - coupon.issued)
    effects = [
        Effect("coupon_issue_stops", {"coupon": coupon.name, "made_by": coupon.made_by.value, "not_issued": not_issued})
    ]
    if unused(coupon):
        effects.append(
            Effect(
                "coupon_issued_stay_valid",
                {
                    "coupon": coupon.name, "issued_unused": unused(coupon), "until": until,
                    "per_use_max": most_per_use(coupon), "max_amount": most_still_costs(coupon),
                },
            )
        )  # fmt: skip
    if coupon.made_by is CouponMaker.PRO:
        effects.append(Effect("coupon_may_return", {"operation": "promotion_coupon"}))
    return effects


register(PlanKind("coupon.stop", StopParams, propose_stop))

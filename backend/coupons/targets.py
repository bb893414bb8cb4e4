"""What may be changed about coupons, and how PRO's own ones are taken back."""

from typing import Any

from sqlalchemy.orm import Session

from backend.changes import registry
from backend.changes.change import Effect
from backend.changes.registry import Target
from backend.coupons.exposure import most_still_costs
from backend.coupons.models import Coupon, CouponPolicy, CouponState
from backend.kit import clock

S = CouponState
TRANSITIONS = {
    S.LIVE: frozenset({S.ISSUE_STOPPED, S.ENDED}),
    S.ISSUE_STOPPED: frozenset({S.LIVE, S.ENDED}),  # live again only by undoing the stop
    S.ENDED: frozenset(),
}


def _withdraw(coupon: Coupon) -> dict[str, Any]:
    """No new issue; deleting would take issued coupons away from customers (source: 000)."""
    return {"state": S.ISSUE_STOPPED.value} if coupon.state is S.LIVE else {}


def _told(coupon: Coupon) -> Effect | None:
    if coupon.state is not S.LIVE:
        return None
    return Effect("coupon_withdrawn", {
        "id": coupon.id, "name": coupon.name, "issued": coupon.issued, "used": coupon.used,
        "unused": coupon.issued - coupon.used, "ends_at": coupon.ends_at.isoformat(),
        "max_amount": most_still_costs(coupon),
    })  # fmt: skip


def _over(_: Session, coupon: Coupon) -> bool:
    return coupon.state is S.ENDED or coupon.ends_at <= clock.now()


registry.register("coupon", Target(
    Coupon,
    frozenset({"state", "name", "value", "max_discount", "min_order", "ends_at", "issue_limit"}),
    "cpn", {"state": TRANSITIONS}, _withdraw, undo_effect=_told, past_undoing=_over,
))  # fmt: skip
registry.register("coupon_policy", Target(
    CouponPolicy, frozenset({"max_rate", "max_discount", "monthly_budget", "max_live"}), "cpp",
))  # fmt: skip

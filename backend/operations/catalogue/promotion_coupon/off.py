"""What an OFF does to the coupons PRO made: no new issue; those already issued stay valid until their end (source: 000)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.coupons.exposure import most_still_costs
from backend.coupons.models import Coupon, CouponMaker, CouponState
from backend.kit import clock


def when_off(session: Session, shop_id: str) -> tuple[list[Change], list[Effect]]:
    coupons = live_coupons(session, shop_id)
    stop = CouponState.ISSUE_STOPPED.value
    changes = [Change("coupon", c.id, "state", c.state.value, stop, c.name) for c in coupons]
    return changes, [_coupons_affected(coupons)] if coupons else []


def when_on(session: Session, shop_id: str) -> list[Effect]:
    """Stopped coupons stay stopped; PRO makes new ones when there is a reason."""
    stopped = list(session.scalars(
        select(Coupon)
        .where(Coupon.shop_id == shop_id, Coupon.made_by == CouponMaker.PRO)
        .where(Coupon.state == CouponState.ISSUE_STOPPED, Coupon.ends_at > clock.now())
        .order_by(Coupon.ends_at, Coupon.id)
    ))  # fmt: skip
    if not stopped:
        return []
    coupons = [{"id": c.id, "name": c.name, "ends_at": c.ends_at.isoformat()} for c in stopped]
    return [Effect("coupons_stay_stopped", {"count": len(coupons), "coupons": coupons})]


def live_coupons(session: Session, shop_id: str) -> list[Coupon]:
    """Made by PRO, still being issued and not past their end."""
    query = (
        select(Coupon)
        .where(Coupon.shop_id == shop_id, Coupon.made_by == CouponMaker.PRO, Coupon.state == CouponState.LIVE)
        .where(Coupon.ends_at > clock.now())
        .order_by(Coupon.ends_at, Coupon.id)
    )
    return list(session.scalars(query))


def _coupons_affected(coupons: list[Coupon]) -> Effect:
    most = [most_still_costs(coupon) for coupon in coupons]
    known = [amount for amount in most if amount is not None]
    return Effect("coupons_live_affected", {
        "count": len(coupons),
        "coupons": [_coupon(coupon, amount) for coupon, amount in zip(coupons, most, strict=True)],
        "issued_unused": sum(c.issued - c.used for c in coupons),
        "max_amount": sum(known) if len(known) == len(coupons) else None,
        "used_amount": sum(c.used_amount for c in coupons),
    })  # fmt: skip


def _coupon(coupon: Coupon, max_amount: int | None) -> dict[str, Any]:
    return {
        "id": coupon.id, "name": coupon.name, "kind": coupon.kind.value, "value": coupon.value,
        "issued": coupon.issued, "used": coupon.used, "unused": coupon.issued - coupon.used,
        "ends_at": coupon.ends_at.isoformat(), "used_amount": coupon.used_amount, "max_amount": max_amount,
    }  # fmt: skip

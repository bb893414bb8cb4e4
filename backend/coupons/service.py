"""The coupons of a shop, and the state they really are in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponMaker, CouponState
from backend.coupons.schemas import CouponOut
from backend.kit import clock


def effective_state(coupon: Coupon) -> CouponState:
    """A coupon whose period is over has ended, even before anything wrote that down."""
    return CouponState.ENDED if coupon.ends_at <= clock.now() else coupon.state


def unused(coupon: Coupon) -> int:
    return max(0, coupon.issued - coupon.used)


def still_usable(coupon: Coupon) -> bool:
    """Issued ones are accepted: also of a coupon that is not issued any more."""
    return effective_state(coupon) is not CouponState.ENDED


def coupons_of(
    session: Session, shop_id: str, made_by: CouponMaker | None = None, state: CouponState | None = None
) -> list[Coupon]:
    """Newest first."""
    query = select(Coupon).where(Coupon.shop_id == shop_id).order_by(Coupon.starts_at.desc(), Coupon.id)
    if made_by is not None:
        query = query.where(Coupon.made_by == made_by)
    return [coupon for coupon in session.scalars(query) if state is None or effective_state(coupon) is state]


def coupon_out(coupon: Coupon) -> CouponOut:
    return CouponOut(
        id=coupon.id, name=coupon.name, made_by=coupon.made_by, audience=coupon.audience, kind=coupon.kind,
        value=coupon.value, max_discount=coupon.max_discount, min_order=coupon.min_order,
        state=effective_state(coupon), starts_at=coupon.starts_at, ends_at=coupon.ends_at,
        issue_limit=coupon.issue_limit, issued=coupon.issued, used=coupon.used, used_amount=coupon.used_amount,
        unused=unused(coupon), use_rate=round(coupon.used / coupon.issued, 4) if coupon.issued else 0.0,
    )  # fmt: skip

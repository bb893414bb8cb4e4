"""What coupons already given out may still cost the merchant."""

from datetime import timedelta
from fractions import Fraction
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.coupons.exposure import most_per_use
from backend.coupons.models import Coupon
from backend.coupons.schemas import CouponExposure, Outstanding
from backend.coupons.service import still_usable, unused
from backend.kit import clock
from backend.orders.models import Order, OrderLine

MIN_SAMPLE = 20  # below this many issued, a coupon's own use rate says little
LARGEST_ORDER_DAYS = 90


def per_use_max(coupon: Coupon, largest: int) -> int:
    """The most one use can take off; a percentage without a limit is measured on the largest recent order, `largest`."""
    most = most_per_use(coupon)
    return most if most is not None else most_per_use(coupon, largest) or 0


def is_bounded(coupon: Coupon) -> bool:
    return most_per_use(coupon) is not None


def largest_order(session: Session, shop_id: str) -> int:
    """KRW before coupons, over the last 90 days."""
    orders = (
        select(func.sum(OrderLine.amount).label("amount"))
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.shop_id == shop_id, Order.ordered_at >= clock.now() - timedelta(days=LARGEST_ORDER_DAYS))
        .group_by(Order.id)
        .subquery()
    )
    return session.scalar(select(func.max(orders.c.amount))) or 0


def outstanding(session: Session, shop_id: str, coupons: list[Coupon]) -> Outstanding:
    """`coupons` are all of the shop: those still usable are counted, the others only lend their use rate."""
    open_ones = [coupon for coupon in coupons if still_usable(coupon) and unused(coupon)]
    largest = 0 if all(map(is_bounded, open_ones)) else largest_order(session, shop_id)
    issued, used = sum(c.issued for c in coupons), sum(c.used for c in coupons)
    shop_rate = Fraction(used, issued) if issued else None
    rows = [_exposure(coupon, shop_rate, largest) for coupon in open_ones]
    return Outstanding(
        issued_unused=sum(row.issued_unused for row in rows),
        max_amount=sum(row.max_amount for row in rows),
        expected_amount=sum(row.expected_amount for row in rows),
        bounded=all(map(is_bounded, open_ones)),
        by_coupon=sorted(rows, key=lambda row: (-row.max_amount, row.coupon_id)),
    )


def _exposure(coupon: Coupon, shop_rate: Fraction | None, largest: int) -> CouponExposure:
    source: Literal["own", "shop", "none"]
    if coupon.issued >= MIN_SAMPLE:
        rate, source = Fraction(coupon.used, coupon.issued), "own"
    elif shop_rate is not None:
        rate, source = shop_rate, "shop"
    else:
        rate, source = Fraction(0), "none"
    most = per_use_max(coupon, largest)
    average = round(Fraction(coupon.used_amount, coupon.used)) if coupon.used else most
    average = min(average, most)
    left = unused(coupon)
    return CouponExposure(
        coupon_id=coupon.id, coupon=coupon.name, issued_unused=left, per_use_max=most, max_amount=left * most,
        use_rate=round(float(rate), 4), rate_from=source, average_use=average,
        expected_amount=round(left * rate * average),
    )  # fmt: skip

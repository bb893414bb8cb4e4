"""What the merchant still allows PRO to give away this month: used so far, and expected of the coupons that are live."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.coupons.exposure import most_per_use
from backend.coupons.models import Coupon, CouponMaker, CouponPolicy, CouponState
from backend.operations.catalogue.promotion_coupon.rules import Rules
from backend.operations.schedule import month_start
from backend.orders.models import Order, OrderLine

UNKNOWN_USE_RATE = 0.15  # of an audience without a number of its own


@dataclass
class Caps:
    """KRW; `left` may be negative when the budget was lowered."""

    max_rate: int
    max_discount: int
    monthly_budget: int
    max_live: int
    used: int
    expected: int
    live: int

    @property
    def left(self) -> int:
        return self.monthly_budget - self.used - self.expected


def read_caps(session: Session, shop_id: str, now: datetime, order_amount: int, rules: Rules) -> Caps:
    policy = session.get(CouponPolicy, shop_id) or CouponPolicy(
        shop_id=shop_id, max_rate=0, max_discount=0, monthly_budget=0, max_live=0
    )
    out = list(session.scalars(
        select(Coupon).where(Coupon.shop_id == shop_id, Coupon.made_by == CouponMaker.PRO)
        .where(Coupon.state != CouponState.ENDED, Coupon.ends_at > now)
    ))  # fmt: skip
    used = session.scalar(
        select(func.sum(OrderLine.discount))
        .join(Order, Order.id == OrderLine.order_id)
        .join(Coupon, Coupon.id == OrderLine.coupon_id)
        .where(OrderLine.shop_id == shop_id, Coupon.made_by == CouponMaker.PRO)
        .where(Order.ordered_at >= month_start(now), Order.ordered_at <= now)
    )
    return Caps(
        policy.max_rate, policy.max_discount, policy.monthly_budget, policy.max_live, used or 0,
        sum(expected_cost(coupon, order_amount, rules) for coupon in out),
        sum(coupon.state is CouponState.LIVE for coupon in out),
    )  # fmt: skip


def expected_cost(coupon: Coupon, order_amount: int, rules: Rules) -> int:
    """KRW its unused ones will probably cost: all it may still issue while live, only the issued ones once stopped."""
    audience = rules.audiences.get(coupon.audience)
    use_rate = audience.use_rate if audience else UNKNOWN_USE_RATE
    total = coupon.issue_limit if coupon.state is CouponState.LIVE else coupon.issued
    to_come = max(total * use_rate - coupon.used, 0)
    return round(to_come * (most_per_use(coupon, max(order_amount, coupon.min_order)) or 0))

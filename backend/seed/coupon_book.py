"""The shop's coupons as buyers meet them day by day: handed out, used, and what they cost the merchant."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponState, DiscountKind
from backend.seed.demand import poisson
from backend.seed.description import ShopDescription

USE_RATE = {"first_purchase": 0.16, "win_back": 0.09, "cart": 0.17, "vip": 0.3, "everyone": 0.12}
PRO_HANDED_OUT_IN = 5  # days: PRO's coupons go out at once, the merchant's over their whole time


@dataclass
class _Open:
    """`a_day` coupons are handed out each day."""

    coupon: Coupon
    a_day: float
    issued: int
    used: int
    used_amount: int


class CouponBook:
    def __init__(self, shop: ShopDescription, rng: Random) -> None:
        self._shop, self._rng = shop, rng
        self._issued_share = {c.name: c.issued_share for c in shop.merchant_coupons}
        self._open: dict[str, _Open] = {}

    def learn(self, session: Session) -> None:
        """Take note of coupons that were made or stopped since."""
        query = (
            select(Coupon).where(Coupon.shop_id == f"shop_{self._shop.mall_id}").order_by(Coupon.starts_at, Coupon.name)
        )
        for coupon in session.scalars(query):
            known = self._open.get(coupon.id)
            if known:
                known.coupon = coupon
                continue
            days = max(1, (coupon.ends_at - coupon.starts_at).days)
            share, over = self._issued_share.get(coupon.name, 0.9), days
            if coupon.name not in self._issued_share:
                over = min(days, PRO_HANDED_OUT_IN)
            self._open[coupon.id] = _Open(coupon, coupon.issue_limit * share / over, 0, 0, 0)

    def hand_out(self, at: datetime) -> None:
        for entry in self._valid(at):
            if entry.coupon.state is not CouponState.ISSUE_STOPPED:
                entry.issued = min(entry.coupon.issue_limit, entry.issued + poisson(entry.a_day, self._rng))

    def use(self, at: datetime, amount: int) -> tuple[str, int] | None:
        """The coupon a buyer of `amount` KRW uses, and its discount; None for most buyers."""
        fitting = [e for e in self._valid(at) if e.coupon.min_order <= amount and e.used < self._most_used(e)]
        if not fitting or self._rng.random() > 0.4:
            return None
        entry = self._rng.choice(fitting)
        discount = discount_of(entry.coupon, amount)
        entry.used += 1
        entry.used_amount += discount
        return entry.coupon.id, discount

    def write(self, session: Session) -> None:
        counted = [
            {"id": coupon_id, "issued": entry.issued, "used": entry.used, "used_amount": entry.used_amount}
            for coupon_id, entry in self._open.items()
        ]
        if counted:
            session.execute(update(Coupon), counted)

    def _valid(self, at: datetime) -> list[_Open]:
        return [e for e in self._open.values() if e.coupon.starts_at <= at < e.coupon.ends_at]

    @staticmethod
    def _most_used(entry: _Open) -> int:
        return round(entry.issued * USE_RATE.get(entry.coupon.audience, 0.1))


def discount_of(coupon: Coupon, amount: int) -> int:
    """KRW off an order of `amount`, in tens."""
    if coupon.kind is DiscountKind.AMOUNT:
        return min(coupon.value, amount)
    off = amount * coupon.value // 100 // 10 * 10
    return min(off, coupon.max_discount) if coupon.max_discount else off

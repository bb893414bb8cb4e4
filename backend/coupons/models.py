"""Coupons of the shop; the merchant bears what they give (source: 000)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column


class CouponState(StrEnum):
    LIVE = "live"  # issued to new customers and accepted
    ISSUE_STOPPED = "issue_stopped"  # no new issue; those already issued stay valid
    ENDED = "ended"  # past its period, or withdrawn


class DiscountKind(StrEnum):
    RATE = "rate"  # percent
    AMOUNT = "amount"  # KRW


class CouponMaker(StrEnum):
    PRO = "pro"
    MERCHANT = "merchant"


class Coupon(Base):
    __tablename__ = "coupons"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    name: Mapped[str]
    made_by: Mapped[CouponMaker]
    run_id: Mapped[str | None]  # the run that made it
    audience: Mapped[str]  # first_purchase | win_back | cart | vip | everyone
    kind: Mapped[DiscountKind]
    value: Mapped[int]  # percent or KRW
    max_discount: Mapped[int | None]  # KRW, for a rate
    min_order: Mapped[int] = mapped_column(default=0)  # KRW
    state: Mapped[CouponState] = mapped_column(default=CouponState.LIVE)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    issue_limit: Mapped[int]
    issued: Mapped[int] = mapped_column(default=0)
    used: Mapped[int] = mapped_column(default=0)
    used_amount: Mapped[int] = mapped_column(default=0)  # KRW given so far
    version: Mapped[int] = mapped_column(default=1)


class CouponPolicy(Base):
    """What the merchant allows PRO to give away."""

    __tablename__ = "coupon_policies"

    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), primary_key=True)
    max_rate: Mapped[int] = mapped_column(default=10)  # percent
    max_discount: Mapped[int] = mapped_column(default=5_000)  # KRW a use
    monthly_budget: Mapped[int] = mapped_column(default=300_000)  # KRW a month, expected use
    max_live: Mapped[int] = mapped_column(default=3)
    version: Mapped[int] = mapped_column(default=1)

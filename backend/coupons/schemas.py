"""The wire shapes of coupons and what they cost; every amount is whole KRW."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from backend.coupons.models import CouponMaker, CouponState, DiscountKind


class CouponOut(BaseModel):
    """`state` is the effective one: a coupon past its period is `ended` whatever its row says."""

    id: str
    name: str
    made_by: CouponMaker
    audience: str
    kind: DiscountKind
    value: int
    max_discount: int | None
    min_order: int
    state: CouponState
    starts_at: datetime
    ends_at: datetime
    issue_limit: int
    issued: int
    used: int
    used_amount: int
    unused: int
    use_rate: float


class MakerCost(BaseModel):
    amount: int = 0
    count: int = 0


class CouponCost(BaseModel):
    coupon_id: str
    coupon: str
    made_by: CouponMaker
    state: CouponState
    used_amount: int
    used_count: int


class CouponExposure(BaseModel):
    """`max_amount` = issued_unused × per_use_max; `expected_amount` = issued_unused × use_rate × average_use."""

    coupon_id: str
    coupon: str
    issued_unused: int
    per_use_max: int
    max_amount: int
    use_rate: float
    rate_from: Literal["own", "shop", "none"]
    average_use: int
    expected_amount: int


class Outstanding(BaseModel):
    """What coupons already given out may still cost; not `bounded` when a percentage has no upper limit."""

    issued_unused: int
    max_amount: int
    expected_amount: int
    bounded: bool
    by_coupon: list[CouponExposure]


class ForecastFormula(BaseModel):
    """amount = used_this_month + Σ per coupon (daily average × days left), capped by what the coupon can still give."""

    code: Literal["used_plus_recent_daily"] = "used_plus_recent_daily"
    used_this_month: int
    remaining_days: int
    window_days: int
    daily_average: int
    daily_deviation: int
    coupons: int
    capped: bool


class Forecast(BaseModel):
    """`low` to `high` holds four months in five, when days stay as different from each other as they were."""

    month: str
    amount: int
    low: int
    high: int
    formula: ForecastFormula


class CostReport(BaseModel):
    first: date = Field(serialization_alias="from")
    to: date
    borne_by: Literal["merchant"] = "merchant"
    used_amount: int
    used_count: int
    by_maker: dict[CouponMaker, MakerCost]
    monthly_budget: int | None
    by_coupon: list[CouponCost]
    outstanding: Outstanding
    forecast: Forecast

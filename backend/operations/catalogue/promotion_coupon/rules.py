"""The numbers of promotion coupons, checked."""

from pydantic import BaseModel, Field, NonNegativeFloat, PositiveInt


class Audience(BaseModel, extra="forbid"):
    """`use_rate` is the share of issued coupons expected to be used; `name` is what customers see, with {rate}."""

    rate: int = Field(ge=1, le=100)
    max_discount: int = Field(ge=100)
    use_rate: float = Field(gt=0, le=1)
    name: str


class Rules(BaseModel, extra="forbid"):
    days_valid: PositiveInt
    min_issue: PositiveInt
    min_order_share: float = Field(ge=0, le=1)
    audiences: dict[str, Audience]
    first_purchase_days: PositiveInt
    first_purchase_drop_percent: NonNegativeFloat
    win_back_after_days: PositiveInt
    win_back_before_days: PositiveInt
    win_back_min_buyers: PositiveInt
    cart_days: PositiveInt
    cart_drop_percent: NonNegativeFloat
    cart_min_views: PositiveInt

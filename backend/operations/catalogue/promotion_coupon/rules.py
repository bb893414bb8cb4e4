"""The numbers of promotion coupons, checked."""

from pydantic import BaseModel, Field


class Audience(BaseModel, extra="forbid"):
    """`use_rate` is the share of issued coupons expected to be used; `name` is what customers see, with {rate}."""

    rate: int = Field(ge=1, le=100)
    max_discount: int = Field(ge=100)
    use_rate: float = Field(gt=0, le=1)
    name: str


class Rules(BaseModel, extra="forbid"):
    days_valid: int = Field(ge=1)
    min_issue: int = Field(ge=1)
    min_order_share: float = Field(ge=0, le=1)
    audiences: dict[str, Audience]
    first_purchase_days: int = Field(ge=1)
    first_purchase_drop_percent: float = Field(ge=0)
    win_back_after_days: int = Field(ge=1)
    win_back_before_days: int = Field(ge=1)
    win_back_min_buyers: int = Field(ge=1)
    cart_days: int = Field(ge=1)
    cart_drop_percent: float = Field(ge=0)
    cart_min_views: int = Field(ge=1)

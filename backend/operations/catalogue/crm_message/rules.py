"""The numbers of customer messages, checked."""

from pydantic import BaseModel, NonNegativeInt, PositiveInt


class Rules(BaseModel, extra="forbid"):
    first_purchase_days: PositiveInt
    win_back_after_days: PositiveInt
    win_back_before_days: PositiveInt
    win_back_new_products: PositiveInt
    ad_gap_days: NonNegativeInt
    valid_days: PositiveInt
    sms_bytes: PositiveInt
    long_sms_credits: PositiveInt
    top_up_step: PositiveInt

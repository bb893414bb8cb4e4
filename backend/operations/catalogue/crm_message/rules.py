"""The numbers of customer messages, checked."""

from pydantic import BaseModel, Field


class Rules(BaseModel, extra="forbid"):
    first_purchase_days: int = Field(ge=1)
    win_back_after_days: int = Field(ge=1)
    win_back_before_days: int = Field(ge=1)
    win_back_new_products: int = Field(ge=1)
    ad_gap_days: int = Field(ge=0)
    valid_days: int = Field(ge=1)
    sms_bytes: int = Field(ge=1)
    long_sms_credits: int = Field(ge=1)
    top_up_step: int = Field(ge=1)

"""The numbers of 1+1 deal proposals, checked."""

from typing import Self

from pydantic import BaseModel, Field, model_validator


class Rules(BaseModel, extra="forbid"):
    """`cost_percent` is below 50: at half the price as cost, one price for two pieces leaves nothing."""

    window_days: int = Field(ge=7)
    min_orders: int = Field(ge=1)
    least_price: int = Field(ge=1)
    largest_price: int = Field(ge=1)
    cost_percent: int = Field(ge=0, lt=50)
    least_profit: int = Field(ge=1)
    repeat_after_days: int = Field(ge=1)
    max_open: int = Field(ge=1)
    days_valid: int = Field(ge=1)

    @model_validator(mode="after")
    def _a_band(self) -> Self:
        if self.least_price > self.largest_price:
            raise ValueError("the price band is empty")
        return self

"""The wire shapes of overseas shipping: fees in KRW, weights in grams, values in KRW."""

from pydantic import BaseModel


class FeeStepOut(BaseModel):
    to_g: int
    fee: int


class RateOut(BaseModel):
    """`own`: the shop's terms, not the reference's. `needs`: what a customs form there is filled from."""

    country: str
    name: str
    zone: str
    served: bool
    days_min: int
    days_max: int
    fees: list[FeeStepOut]
    own: bool
    needs: list[str]
    duty_free: str | None
    recipient_id: bool
    reference_version: int
    reviewed_on: str


class CustomsLineOut(BaseModel):
    item_id: str
    code: str
    item: str
    quantity: int
    english_name: str | None
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    value: int
    missing: list[str]


class QuoteOut(RateOut):
    """`fee` is None while a weight is missing (`weight_missing` names the articles) or when it is `too_heavy`."""

    order_id: str | None
    order_no: str | None
    weight_g: int | None
    fee: int | None
    too_heavy: bool
    weight_missing: list[str]
    customs: list[CustomsLineOut]
    customs_missing: bool

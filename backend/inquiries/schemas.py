"""The wire shapes of inquiries."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from backend.inquiries.states import InquiryState, Topic
from backend.markets.codes import Market


class InquiryOut(BaseModel):
    """`topic` None: PRO has not read it yet. `delivery` of the answer to the market, None where there is nobody to tell;
    `delivery_error` in the market's own words."""

    id: str
    market: Market
    product_id: str | None
    product: str | None
    buyer_name: str
    topic: Topic | None
    text: str
    asked_at: datetime
    state: InquiryState
    draft: str | None
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    delivery: Literal["waiting", "sent", "failed"] | None = None
    delivery_error: str | None = None


class InquiryMentionOut(BaseModel):
    """`by` says what of the sentence it fits: product, buyer, topic, market."""

    inquiry: InquiryOut
    by: list[Literal["product", "buyer", "topic", "market"]]


class InquiryPage(BaseModel):
    """`counts` by state are of the whole shop."""

    items: list[InquiryOut]
    total: int
    limit: int
    offset: int
    counts: dict[InquiryState, int]

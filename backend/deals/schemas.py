"""The wire shapes of deal proposals; every amount is whole KRW."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from backend.deals.states import DealState


class DealOut(BaseModel):
    """`figures`: what is known and what is assumed, never a promise of more sales."""

    id: str
    product_id: str
    code: str
    product: str
    market_product_no: str | None
    state: DealState
    figures: dict[str, Any]
    proposed_at: datetime
    last_day: date
    answered_at: datetime | None
    answered_by: str | None

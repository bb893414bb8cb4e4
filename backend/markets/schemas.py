"""The wire shapes of markets."""

from datetime import datetime

from pydantic import BaseModel

from backend.markets.codes import Market
from backend.markets.models import AccountState


class MarketOut(BaseModel):
    """`listings` counts the shop's products on that market; a market never linked is `disconnected`."""

    market: Market
    seller_id: str | None
    state: AccountState
    credentials_until: datetime | None
    failing_since: datetime | None
    checked_at: datetime | None
    listings: int

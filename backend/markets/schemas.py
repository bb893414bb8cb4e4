"""The wire shapes of markets."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from backend.markets.codes import Market
from backend.markets.hosting import HostingState
from backend.markets.models import AccountState


class ImageHostingOut(BaseModel):
    """`covers_until` None: as long as the market service is used. `monthly_fee_saved` in KRW."""

    model_config = ConfigDict(from_attributes=True)

    state: HostingState
    granted_at: datetime
    covers_until: datetime | None
    monthly_fee_saved: int


class MarketOut(BaseModel):
    """`listings` counts the shop's products on that market, `unlinked` what was registered there separately and belongs
    to no product yet; a market never linked is `disconnected`, and without a grant `image_hosting` is None."""

    market: Market
    seller_id: str | None
    state: AccountState
    credentials_until: datetime | None
    failing_since: datetime | None
    checked_at: datetime | None
    listings: int
    unlinked: int = 0
    image_hosting: ImageHostingOut | None = None

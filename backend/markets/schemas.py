"""The wire shapes of markets."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from backend.markets.codes import Market
from backend.markets.feed_models import CommandState
from backend.markets.hosting import HostingState
from backend.markets.models import AccountState, ListingState


class ImageHostingOut(BaseModel):
    """`covers_until` None: as long as the market service is used. `monthly_fee_saved` in KRW."""

    model_config = ConfigDict(from_attributes=True)

    state: HostingState
    granted_at: datetime
    covers_until: datetime | None
    monthly_fee_saved: int


class MarketOut(BaseModel):
    """`listings` counts the shop's products on that market, `unlinked` what was registered there separately and belongs
    to no product yet, `exporting` what the market was sent and has not taken yet; a market never linked is `disconnected`, and without a grant `image_hosting` is None."""

    market: Market
    seller_id: str | None
    state: AccountState
    credentials_until: datetime | None
    failing_since: datetime | None
    checked_at: datetime | None
    listings: int
    unlinked: int = 0
    exporting: int = 0
    image_hosting: ImageHostingOut | None = None


class ListingOut(BaseModel):
    """`market_product_no` None: the market has given it none yet. `word` tells how the market stands to it: waiting to be
    told or to answer, refused (`error` in the market's own words), listed, ended."""

    id: str
    market: Market
    state: ListingState
    product_id: str | None
    product: str | None
    title: str
    market_product_no: str | None
    seller_code: str | None
    word: Literal["waiting", "refused", "listed", "ended"]
    command_id: str | None
    command_state: CommandState | None
    error: str | None


class ListingPage(BaseModel):
    items: list[ListingOut]
    total: int
    limit: int
    offset: int

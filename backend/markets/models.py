"""Market accounts of a shop and its listings there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import Market


class AccountState(StrEnum):
    CONNECTED = "connected"
    EXPIRED = "expired"  # the market refuses our credentials until the merchant renews them
    UNREACHABLE = "unreachable"  # the market's API does not answer
    DISCONNECTED = "disconnected"  # never linked, or taken away


class MarketAccount(Base):
    __tablename__ = "market_accounts"
    __table_args__ = (UniqueConstraint("shop_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    market: Mapped[Market]
    seller_id: Mapped[str]
    state: Mapped[AccountState] = mapped_column(default=AccountState.CONNECTED)
    credentials_until: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ListingState(StrEnum):
    EXPORTING = "exporting"  # the market is being told; its word is awaited (its command says how far it is)
    ON_MARKET = "on_market"
    WITHDRAWN = "withdrawn"  # exported by PRO and put back; kept for the history, without a product


class Listing(Base):
    """One product on one market, with that market's own search fields."""

    __tablename__ = "listings"
    __table_args__ = (UniqueConstraint("product_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    # None: registered on the market separately, no product of the own mall known; or withdrawn
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"), index=True)
    market: Mapped[Market]
    state: Mapped[ListingState] = mapped_column(default=ListingState.ON_MARKET)
    market_product_no: Mapped[str | None]  # None until the market gave it one
    seller_code: Mapped[str | None]  # the seller's own code on that market, often the own mall's product code
    price: Mapped[int | None]  # KRW on that market; None: the own mall's price
    title: Mapped[str]
    category_code: Mapped[str | None]  # the market's own category, see backend/markets/reference
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"소재": "울"}
    page_title: Mapped[str | None]
    page_description: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    keywords: Mapped[list[str]] = mapped_column(default=list)  # Coupang's search keywords
    image: Mapped[str | None]  # representative image on that market; None: the own mall's original as it is
    # SmartStore's detail page: [{"key", "title", "lines": [text], "by": merchant|pro, "made"}]
    detail: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)

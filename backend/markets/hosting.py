"""The open markets' image exposure service, which PRO's market service pays for while it is used (source: 000, markets)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import OPEN_MARKETS, Market
from backend.shops.models import ProState, Shop


class HostingState(StrEnum):
    OFF = "off"  # granted once and put back by the merchant, who pays the market alone
    GRANTED = "granted"  # images are exposed and PRO pays
    ENDED = "ended"  # the market service ended, and the grant with it


class ImageHosting(Base):
    """One market's grant; a market without a row never had one."""

    __tablename__ = "image_hostings"
    __table_args__ = (UniqueConstraint("shop_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    market: Mapped[Market]
    state: Mapped[HostingState] = mapped_column(default=HostingState.GRANTED)
    granted_at: Mapped[datetime]
    covers_until: Mapped[datetime | None]  # None: as long as the market service is used
    monthly_fee_saved: Mapped[int]  # KRW a month the merchant does not pay; our own figure, see the operation's rules
    version: Mapped[int] = mapped_column(default=1)


def paid_by_pro(shop: Shop) -> bool:
    """Whether the market service is used; a pause of PRO does not end it."""
    return shop.market_service and shop.pro_state in (ProState.ACTIVE, ProState.PAUSED)


def hostings(session: Session, shop_id: str, markets: Iterable[Market] = OPEN_MARKETS) -> dict[Market, ImageHosting]:
    query = select(ImageHosting).where(ImageHosting.shop_id == shop_id, ImageHosting.market.in_(tuple(markets)))
    return {row.market: row for row in session.scalars(query.order_by(ImageHosting.market))}


def granted(session: Session, shop_id: str) -> list[ImageHosting]:
    """Grants that hold, in the markets' usual order."""
    rows = hostings(session, shop_id)
    return [rows[market] for market in OPEN_MARKETS if market in rows and rows[market].state is HostingState.GRANTED]

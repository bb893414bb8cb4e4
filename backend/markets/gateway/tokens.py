"""Access tokens of the markets that hand some out, kept between processes: Cafe24 gives a new refresh token with each.

Two workers that renew at once both get a token; the later one is kept, and both work until they end.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.db.base import Base, id_column
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market

EARLY = timedelta(minutes=1)  # a token that ends sooner is not begun with


class MarketToken(Base):
    __tablename__ = "market_tokens"
    __table_args__ = (UniqueConstraint("shop_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"))
    market: Mapped[Market]
    access_token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str | None] = mapped_column(Text)
    ends_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Token:
    access: str
    refresh: str | None
    ends_at: datetime

    def lives(self) -> bool:
        return clock.now() + EARLY < self.ends_at


def kept(shop_id: str, market: Market) -> Token | None:
    with unit_of_work(write=False) as session:
        row = session.scalars(
            select(MarketToken).where(MarketToken.shop_id == shop_id, MarketToken.market == market)
        ).one_or_none()
        return Token(row.access_token, row.refresh_token, row.ends_at) if row else None


def keep(shop_id: str, market: Market, token: Token) -> None:
    with unit_of_work() as session:
        take_turn(session, [shop_id])  # of two first ones, one makes the row
        row = session.scalars(
            select(MarketToken).where(MarketToken.shop_id == shop_id, MarketToken.market == market).with_for_update()
        ).one_or_none()
        if row is None:
            row = MarketToken(id=new_id("mtk"), shop_id=shop_id, market=market, version=0)
            session.add(row)
        row.access_token, row.refresh_token, row.ends_at = token.access, token.refresh, token.ends_at
        row.version += 1

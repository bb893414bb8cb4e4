"""Which of a shop's markets orders come from: the own mall, and every linked market that can be talked to."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.gateway.registry import has_gateway
from backend.markets.models import AccountState, MarketAccount
from backend.shops.models import Shop


@dataclass(frozen=True)
class Linked:
    market: Market
    seller: str
    account: MarketAccount | None  # None: the own mall, which is always linked


def linked(session: Session, shop: Shop) -> list[Linked]:
    """The mall first, then the markets in their usual order; those taken away or without an adapter are left out."""
    accounts = {
        row.market: row for row in session.scalars(select(MarketAccount).where(MarketAccount.shop_id == shop.id))
    }
    found = [Linked(Market.MALL, shop.mall_id, None)]
    for market in OPEN_MARKETS:
        account = accounts.get(market)
        if account and account.state is not AccountState.DISCONNECTED and has_gateway(market):
            found.append(Linked(market, account.seller_id, account))
    return found

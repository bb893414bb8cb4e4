"""Which markets can be talked to, and with what. Gmarket, Auction and 11st are not linked: their sellers' interfaces are
closed to us, and a shape of our own making would only pretend (docs/decisions/0014)."""

from collections.abc import Callable

from backend.markets.codes import Market
from backend.markets.gateway.account import Account, account_at
from backend.markets.gateway.cafe24 import Cafe24
from backend.markets.gateway.contract import MarketGateway
from backend.markets.gateway.coupang import Coupang
from backend.markets.gateway.naver import Naver

ADAPTERS: dict[Market, Callable[[Account], MarketGateway]] = {
    Market.MALL: Cafe24, Market.SMARTSTORE: Naver, Market.COUPANG: Coupang,
}  # fmt: skip


def has_gateway(market: Market) -> bool:
    return market in ADAPTERS


def gateway_for(shop_id: str, market: Market, seller: str) -> MarketGateway | None:
    """None when nobody can be talked to there; the caller closes it."""
    account = account_at(shop_id, market, seller) if market in ADAPTERS else None
    return ADAPTERS[market](account) if account else None

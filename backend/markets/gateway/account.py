"""Where a shop's account on a market is reached and what it signs with.

`OPSTALK_MARKET_ACCOUNTS` names a JSON file outside the database, by "shop id/market": {"url", "client_id", "secret",
"seller", "refresh_token"}. Without an entry, an account is one of the sandbox at `OPSTALK_MARKETS_URL`; without that
either, there is nobody to talk to.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from backend.markets.codes import Market
from backend.markets.sandbox.keys import client_of, refresh_token_of, secret_of
from backend.settings import get_settings

NAMES = {Market.MALL: "cafe24", Market.SMARTSTORE: "naver", Market.COUPANG: "coupang"}


@dataclass(frozen=True)
class Account:
    shop_id: str
    market: Market
    seller: str
    url: str
    client_id: str
    secret: str
    refresh_token: str = ""


def account_at(shop_id: str, market: Market, seller: str) -> Account | None:
    """None when there is nobody to talk to."""
    settings = get_settings()
    own = _accounts(settings.market_accounts).get(f"{shop_id}/{market.value}") if settings.market_accounts else None
    if own is not None:
        return Account(
            shop_id, market, own.get("seller", seller), own["url"], own["client_id"], own["secret"],
            own.get("refresh_token", ""),
        )  # fmt: skip
    if not settings.markets_url or market not in NAMES:
        return None
    name = NAMES[market]
    path = f"cafe24/{seller}" if market is Market.MALL else name
    return Account(
        shop_id, market, seller, f"{settings.markets_url.rstrip('/')}/{path}", client_of(name, seller),
        secret_of(name, seller), refresh_token_of(seller) if market is Market.MALL else "",
    )  # fmt: skip


@lru_cache(maxsize=4)
def _accounts(path: Path) -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return read

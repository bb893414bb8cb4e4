"""The required settings, each checked against the shop's state, never against a tick box (source: 000)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.shops.models import Shop
from backend.shops.required import SetupKey

K = SetupKey
NOT_FOR_THE_MALL = frozenset({K.MARKETPLUS, K.MARKET_ACCOUNT})
_FIX = {
    K.PRO_APP: "install_pro_app",
    K.MARKETPLUS: "link_marketplus",
    K.MARKET_ACCOUNT: "connect_market_account",
    K.SENDER_NUMBER: "register_sender_number",
    K.ALIMTALK_PROFILE: "connect_alimtalk",
    K.MAIL_SENDER: "verify_mail_sender",
    K.BRAND_INFO: "write_brand_info",
}


@dataclass(frozen=True)
class SetupItem:
    """`fix` is the step that completes it: {"code", "href", "item"}."""

    key: SetupKey
    done: bool
    evidence: dict[str, Any]
    fix: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"key": self.key.value}


def fix_of(key: SetupKey) -> dict[str, Any]:
    return {"code": _FIX[key], "href": f"/demo/pro-app#{key.value}", "item": key.value}


def check(
    session: Session, shop: Shop, key: SetupKey, market: Market | None = None,
    accounts: Sequence[MarketAccount] | None = None,
) -> SetupItem:  # fmt: skip
    """`market` narrows market_account to that market; the own mall needs neither MarketPlus nor an account.

    `accounts` are all of the shop's, where they were read before.
    """
    if market is Market.MALL and key in NOT_FOR_THE_MALL:
        return SetupItem(key, True, {}, fix_of(key))
    if key is not K.MARKET_ACCOUNT:
        done, evidence = _of_shop(shop, key)
    else:
        done, evidence = _market_account(_accounts(session, shop) if accounts is None else accounts, market)
    return SetupItem(key, done, evidence, fix_of(key))


def check_all(session: Session, shop: Shop) -> list[SetupItem]:
    return [check(session, shop, key) for key in SetupKey]


def _of_shop(shop: Shop, key: SetupKey) -> tuple[bool, dict[str, Any]]:
    match key:
        case K.PRO_APP:
            at = shop.pro_app_installed_at
            return at is not None, {"installed_at": at.isoformat() if at else None}
        case K.MARKETPLUS:
            at = shop.marketplus_linked_at
            return at is not None, {"linked_at": at.isoformat() if at else None}
        case K.SENDER_NUMBER:
            at = shop.sender_number_verified_at
            evidence = {"number": shop.sender_number, "verified_at": at.isoformat() if at else None}
            return bool(shop.sender_number and at), evidence
        case K.ALIMTALK_PROFILE:
            return bool(shop.alimtalk_profile), {"profile": shop.alimtalk_profile}
        case K.MAIL_SENDER:
            return bool(shop.mail_sender), {"address": shop.mail_sender}
        case _:
            missing = [name for name, value in (("name", shop.brand_name), ("intro", shop.brand_intro)) if not value]
            return not missing, {"name": shop.brand_name, "intro": shop.brand_intro, "missing": missing}


def _accounts(session: Session, shop: Shop) -> Sequence[MarketAccount]:
    query = select(MarketAccount).where(MarketAccount.shop_id == shop.id).order_by(MarketAccount.market)
    return session.scalars(query).all()


def _market_account(of_shop: Sequence[MarketAccount], market: Market | None) -> tuple[bool, dict[str, Any]]:
    """An account whose credentials expired is connected still: that is the gate's own check."""
    accounts = [a for a in of_shop if market in (None, a.market)]
    linked = [a for a in accounts if a.state is not AccountState.DISCONNECTED]
    listed = [{"market": a.market.value, "seller_id": a.seller_id, "state": a.state.value} for a in accounts]
    evidence: dict[str, Any] = {"accounts": listed, "connected": len(linked)}
    if market:
        evidence["market"] = market.value
    return bool(linked), evidence

"""A demo shop before anything happened: people, settings, market accounts, main page, the merchant's own coupons."""

import hashlib
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponMaker, CouponPolicy, CouponState
from backend.display.models import DisplayGroup, DisplaySlot
from backend.kit.clock import SEOUL, UTC
from backend.markets.codes import Market
from backend.markets.hosting import ImageHosting
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.markets.storefront import StoreProfile
from backend.products.models import Product, SaleStatus
from backend.seed.description import Account, ShopDescription
from backend.seed.listings import listings_of
from backend.seed.market_extras import grants, own_storefront, registered_by_hand
from backend.seed.products import SeededProduct
from backend.seed.rows import put
from backend.shops.models import Member, ProState, Role, Shop

GROUPS = ((2, "추천상품", 12), (3, "신상품", 8))  # Cafe24's number, name, slots


def found(session: Session, shop: ShopDescription, products: list[SeededProduct], today: date, rng: Random) -> None:
    """Write the shop as it was before the replayed weeks."""
    shop_id = f"shop_{shop.mall_id}"
    session.add(
        Shop(
            id=shop_id, mall_id=shop.mall_id, name=shop.name,
            identity_secret=hashlib.sha256(f"demo identity of {shop.mall_id}".encode()).hexdigest(),
            pro_state=ProState.NONE, market_service=True, monthly_run_quota=shop.monthly_run_quota,
            alimtalk_profile=shop.settings.alimtalk_profile, mail_sender=shop.settings.mail_sender,
            brand_name=shop.brand, delivery_terms=shop.delivery_terms, created_at=at(today, shop.opened_days_ago, 14),
        )
    )  # fmt: skip
    session.flush()
    for external_id, name in shop.members.items():
        member_id = f"mem_{shop.mall_id}_{external_id}"
        role = Role.OWNER if external_id == "owner" else Role.SUB_OPERATOR
        session.add(Member(id=member_id, shop_id=shop_id, external_id=external_id, name=name, role=role))
    session.add(CouponPolicy(shop_id=shop_id, **shop.coupon_policy))
    for market, account in shop.markets.items():
        session.add(
            MarketAccount(
                id=_account_id(shop, market), shop_id=shop_id, market=market, seller_id=account.seller_id,
                credentials_until=at(today, -account.credentials_days, 0), state=AccountState.DISCONNECTED,
            )
        )  # fmt: skip
    session.flush()
    put(session, Product, [p.row for p in products])
    listings = listings_of(shop, products, rng)
    for model, rows in (
        (Listing, listings),
        (Listing, registered_by_hand(shop, products, listings)),
        (ImageHosting, grants(shop, today, at)),
        (StoreProfile, own_storefront(shop)),
    ):
        put(session, model, rows)
    put(session, Coupon, [_coupon(shop, number, today) for number in range(len(shop.merchant_coupons))])
    _main_page(session, shop, products, today, rng)


def settle(session: Session, shop: ShopDescription, today: date, days_ago: int) -> bool:
    """PRO starts, required settings are completed, accounts are linked or begin to fail, each on its day.

    True when something of it happened; a call catches up with everything that is longer ago.
    """
    row, settings = session.get_one(Shop, f"shop_{shop.mall_id}"), shop.settings
    wished: dict[str, Any] = {}
    if shop.pro_since_days_ago >= days_ago:
        wished |= {"pro_state": ProState.ACTIVE, "pro_since": today - timedelta(days=shop.pro_since_days_ago)}
    for column, day in (
        ("pro_app_installed_at", settings.pro_app),
        ("marketplus_linked_at", settings.marketplus),
        ("sender_number_verified_at", settings.sender_number_verified),
    ):
        if day is not None and day >= days_ago:
            wished[column] = at(today, day, 6)
    if "sender_number_verified_at" in wished:
        wished["sender_number"] = settings.sender_number
    if settings.brand_info >= days_ago:
        wished["brand_intro"] = shop.intro
    changed = _write(row, wished)
    accounts = session.scalars(select(MarketAccount).where(MarketAccount.shop_id == row.id).order_by(MarketAccount.id))
    for account in accounts:
        changed |= _settle_account(account, shop.markets[account.market], today, days_ago)
    return changed


def _settle_account(row: MarketAccount, account: Account, today: date, days_ago: int) -> bool:
    """An account that fails today still worked through the weeks before."""
    row.checked_at = at(today, days_ago, 6)
    if account.failing_days is not None and account.failing_days >= days_ago:
        return _write(row, {"state": account.state, "failing_since": at(today, account.failing_days, 6)})
    return account.linked_days >= days_ago and _write(row, {"state": AccountState.CONNECTED})


def _write(row: Shop | MarketAccount, wished: dict[str, Any]) -> bool:
    changed = {column: value for column, value in wished.items() if getattr(row, column) != value}
    for column, value in changed.items():
        setattr(row, column, value)
    return bool(changed)


def sell_out(session: Session, shop: ShopDescription) -> None:
    """The last piece of something on the main page was sold: PRO has a reason to rearrange it."""
    slot = session.scalars(
        select(DisplaySlot)
        .where(
            DisplaySlot.shop_id == f"shop_{shop.mall_id}",
            DisplaySlot.pinned.is_(False),
            DisplaySlot.product_id.is_not(None),
        )
        .order_by(DisplaySlot.id)
        .offset(3)
        .limit(1)
    ).one()
    session.get_one(Product, slot.product_id).status = SaleStatus.SOLD_OUT


def _coupon(shop: ShopDescription, number: int, today: date) -> dict[str, Any]:
    coupon = shop.merchant_coupons[number]
    ends = at(today, coupon.from_days_ago - coupon.days, 0)
    return {
        "id": f"cpn_{shop.mall_id}_{number + 1:02d}", "shop_id": f"shop_{shop.mall_id}", "name": coupon.name,
        "made_by": CouponMaker.MERCHANT, "run_id": None, "audience": coupon.audience, "kind": coupon.kind,
        "value": coupon.value, "max_discount": coupon.max_discount, "min_order": coupon.min_order,
        "state": CouponState.ENDED if coupon.from_days_ago > coupon.days else CouponState.LIVE,
        "starts_at": at(today, coupon.from_days_ago, 0), "ends_at": ends, "issue_limit": coupon.issue_limit,
        "issued": 0, "used": 0, "used_amount": 0, "version": 1,
    }  # fmt: skip


def _main_page(
    session: Session, shop: ShopDescription, products: list[SeededProduct], today: date, rng: Random
) -> None:
    """What the merchant had arranged by hand: by taste, not by reaction."""
    shown = [p for p in products if p.row["status"] is SaleStatus.ON_SALE and p.base]
    newest = sorted(shown, key=lambda p: p.row["registered_on"], reverse=True)
    for number, name, slots in GROUPS:
        group_id = f"dgr_{shop.mall_id}_{number}"
        session.add(DisplayGroup(id=group_id, shop_id=f"shop_{shop.mall_id}", number=number, name=name))
        session.flush()
        chosen = newest[2 : 2 + slots] if number == 3 else rng.sample(shown, slots)
        for position, product in enumerate(chosen, 1):
            slot_id = f"slot_{shop.mall_id}_{number}_{position:02d}"
            session.add(
                DisplaySlot(
                    id=slot_id,
                    shop_id=f"shop_{shop.mall_id}",
                    group_id=group_id,
                    position=position,
                    product_id=product.id,
                )
            )
    session.flush()


def _account_id(shop: ShopDescription, market: Market) -> str:
    return f"mka_{shop.mall_id}_{market.value}"


def at(today: date, days_ago: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(hour), SEOUL).astimezone(UTC)

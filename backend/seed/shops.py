"""A demo shop before anything happened: people, settings, market accounts, main page, the merchant's own coupons."""

import hashlib
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.coupons.models import Coupon, CouponMaker, CouponPolicy, CouponState
from backend.display.models import DisplayGroup, DisplaySlot
from backend.kit.clock import SEOUL, UTC
from backend.markets.models import Listing, MarketAccount
from backend.products.models import Product, SaleStatus
from backend.seed.description import ShopDescription
from backend.seed.listings import listings_of
from backend.seed.products import SeededProduct
from backend.shops.models import Member, ProState, Role, Shop

ROLES = {"owner": Role.OWNER, "sub": Role.SUB_OPERATOR}
GREETER = "greeter"  # says hello at every start, to see that the product answers; see backend/cli/greeting.py
GROUPS = ((2, "추천상품", 12), (3, "신상품", 8))  # Cafe24's number, name, slots


def found(session: Session, shop: ShopDescription, products: list[SeededProduct], today: date, rng: Random) -> None:
    """Write the shop as it was before the replayed weeks."""
    shop_id = f"shop_{shop.mall_id}"
    ago = lambda days, hour=10: _at(today, days, hour)  # noqa: E731
    settings = shop.settings
    session.add(
        Shop(
            id=shop_id, mall_id=shop.mall_id, name=shop.name,
            identity_secret=hashlib.sha256(f"demo identity of {shop.mall_id}".encode()).hexdigest(),
            pro_state=ProState.ACTIVE, pro_since=today - timedelta(days=shop.pro_since_days_ago),
            market_service=True, monthly_run_quota=shop.monthly_run_quota,
            pro_app_installed_at=ago(settings.pro_app) if settings.pro_app else None,
            marketplus_linked_at=ago(settings.marketplus, 11) if settings.marketplus else None,
            sender_number=settings.sender_number,
            sender_number_verified_at=ago(shop.pro_since_days_ago - 1, 15) if settings.sender_number else None,
            alimtalk_profile=settings.alimtalk_profile, mail_sender=settings.mail_sender,
            brand_name=shop.brand, brand_intro=shop.intro, created_at=ago(shop.opened_days_ago, 14),
        )
    )  # fmt: skip
    session.flush()
    for external_id, name in shop.members.items():
        member_id = f"mem_{shop.mall_id}_{external_id}"
        session.add(Member(id=member_id, shop_id=shop_id, external_id=external_id, name=name, role=ROLES[external_id]))
    session.add(CouponPolicy(shop_id=shop_id, **shop.coupon_policy))
    for market, account in shop.markets.items():
        session.add(
            MarketAccount(
                id=f"mka_{shop.mall_id}_{market.value}", shop_id=shop_id, market=market, seller_id=account.seller_id,
                credentials_until=_at(today, -account.credentials_days, 0), checked_at=ago(1, 6),
            )
        )  # fmt: skip
    session.flush()
    session.execute(insert(Product), [p.row for p in products])
    listings = listings_of(shop, products, rng)
    if listings:
        session.execute(insert(Listing), listings)
    session.execute(insert(Coupon), [_coupon(shop, number, today) for number in range(len(shop.merchant_coupons))])
    _main_page(session, shop, products, today, rng)


def markets_today(session: Session, shop: ShopDescription, today: date) -> None:
    """Some accounts broke only lately: through the replayed weeks they still worked."""
    for market, account in shop.markets.items():
        if account.failing_days is not None:
            row = session.get_one(MarketAccount, f"mka_{shop.mall_id}_{market.value}")
            row.state, row.failing_since = account.state, _at(today, account.failing_days, 8)
            row.checked_at = _at(today, 0, 0)


def _coupon(shop: ShopDescription, number: int, today: date) -> dict[str, Any]:
    coupon = shop.merchant_coupons[number]
    ends = _at(today, coupon.from_days_ago - coupon.days, 0)
    return {
        "id": f"cpn_{shop.mall_id}_{number + 1:02d}", "shop_id": f"shop_{shop.mall_id}", "name": coupon.name,
        "made_by": CouponMaker.MERCHANT, "run_id": None, "audience": coupon.audience, "kind": coupon.kind,
        "value": coupon.value, "max_discount": coupon.max_discount, "min_order": coupon.min_order,
        "state": CouponState.ENDED if coupon.from_days_ago > coupon.days else CouponState.LIVE,
        "starts_at": _at(today, coupon.from_days_ago, 0), "ends_at": ends, "issue_limit": coupon.issue_limit,
        "issued": 0, "used": 0, "used_amount": 0, "version": 1,
    }  # fmt: skip


def _main_page(session: Session, shop: ShopDescription, products: list[SeededProduct], today: date, rng: Random) -> None:
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
                    id=slot_id, shop_id=f"shop_{shop.mall_id}", group_id=group_id, position=position, product_id=product.id
                )
            )
    session.flush()


def _at(today: date, days_ago: int, hour: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(hour), SEOUL).astimezone(UTC)

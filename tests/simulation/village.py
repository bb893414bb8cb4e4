"""Small shops by the hundred, no two set up alike: settings missing, markets dead for a while, OFFs with an end, low quotas.

Everything follows from the shop's number. Orders, reactions and inquiries of the month lie in the rows from the start,
dated ahead; the product looks at them only when their day has come.
"""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from PIL import Image
from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.coupons.models import CouponPolicy
from backend.customers.models import Customer
from backend.display.models import DisplayGroup, DisplaySlot
from backend.images.store import keep
from backend.inquiries.models import Inquiry
from backend.kit import clock
from backend.markets.codes import OPEN_MARKETS, Market
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.markets.storefront import StoreProfile
from backend.orders.models import Order, OrderLine
from backend.products.models import Product, ProductDay
from backend.shops.models import Member, ProState, Role, Shop

START = datetime(2026, 11, 17, 15, 10, tzinfo=clock.UTC)  # ten past midnight in Seoul, on the 18th
DAYS = 30
BRAND = "오늘담"
NAMES = (
    "울 라운드 가디건",
    "코튼 니트 스웨터",
    "캐시미어 롱 코트",
    "데님 와이드 팬츠",
    "기모 후드 티셔츠",
    "새틴 블라우스",
)
FLAWS = ("{}", "무료배송 {} 특가", "{} 니트 {}", "[{}] (신상/추천)", "{}★")
QUESTIONS = ("재고 있나요?", "사이즈 어떻게 되나요", "언제 배송되나요?", "교환하고 싶어요", "색이 실물과 달라요")
GIVEN = ("pro_app", "marketplus", "sender_number", "brand_info", "mail_sender", "alimtalk_profile")


@dataclass
class Household:
    """One shop and what will happen to it; days are counted from the start, 0 the first."""

    number: int
    markets: list[Market]
    missing: set[str] = field(default_factory=set)
    completed_on: int | None = None  # the missing settings are completed
    pro_state: ProState = ProState.ACTIVE
    market_service: bool = True
    quota: int = 200
    credentials_days: dict[Market, int] = field(default_factory=dict)
    silent: dict[Market, tuple[int, int]] = field(default_factory=dict)  # market: first day, day it answers again
    off: tuple[int, dict[str, Any], int | None] | None = None  # day, what, last day it stays off
    new_store: bool = False
    pictures: bool = False

    @property
    def id(self) -> str:
        return f"shop_v{self.number:04}"

    @property
    def untouched(self) -> bool:
        """Nothing ever holds any of its operations: its month can be told in advance."""
        held = self.missing or self.credentials_days or self.silent or self.off or self.quota < 200
        return not held and self.pro_state is ProState.ACTIVE and self.market_service


OFFS: tuple[dict[str, Any], ...] = (
    {"everything": True}, {"area": "promotion_crm"}, {"area": "market"}, {"operation": "main_display"},
    {"operation": "cs_reply"}, {"market": "smartstore"}, {"operation": "product_name", "market": "mall"},
)  # fmt: skip


def households(count: int) -> list[Household]:
    return [_household(number, Random(f"household {number}")) for number in range(count)]


def _household(number: int, dice: Random) -> Household:
    markets = sorted(dice.sample(OPEN_MARKETS, dice.choice((0, 1, 1, 2, 2, 3, 5))))
    made = Household(number, markets)
    if dice.random() < 0.45:
        made.new_store, made.pictures = number % 9 == 0, number % 12 == 0
        return made
    kind = dice.choice(
        ("missing", "missing", "state", "service", "quota", "credentials", "silent", "silent", "off", "off")
    )
    if kind == "missing":
        made.missing = set(dice.sample(GIVEN, dice.choice((1, 1, 2))))
        made.completed_on = dice.choice((None, dice.randrange(2, 20)))
    elif kind == "state":
        made.pro_state = dice.choice((ProState.PAUSED, ProState.NONE, ProState.ENDED))
    elif kind == "service":
        made.market_service = False
    elif kind == "quota":
        made.quota = dice.choice((0, 2, 5))
    elif kind == "credentials" and markets:
        made.credentials_days = {dice.choice(markets): dice.randrange(-2, 20)}
    elif kind == "silent" and markets:
        first = dice.randrange(0, 20)
        made.silent = {dice.choice(markets): (first, first + dice.choice((1, 4, 40)))}
    if kind == "off" or dice.random() < 0.2:
        day = dice.randrange(0, 22)
        made.off = (day, dice.choice(OFFS), dice.choice((None, day, day + 3, day + 7)))
    return made


def build(session: Session, of: list[Household]) -> None:
    """Writes them all, table by table."""
    rows: dict[type[Any], list[dict[str, Any]]] = {}
    for household in of:
        for model, row in _rows(household, Random(f"rows {household.number}")):
            rows.setdefault(model, []).append(row)
    order = (
        Shop, Member, CouponPolicy, MarketAccount, StoreProfile, Product, Listing, ProductDay, DisplayGroup, DisplaySlot,
        Customer, Order, OrderLine, Inquiry,
    )  # fmt: skip
    for model in (model for model in order if model in rows):
        keys = {key for row in rows[model] for key in row}
        session.execute(insert(model), [{key: row.get(key) for key in keys} for row in rows[model]])


def day(number: int) -> date:
    return clock.seoul(START).date() + timedelta(days=number)


def moment(of: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day(of), time(hour, minute), clock.SEOUL).astimezone(clock.UTC)


def complete(shop: Shop, wanted: set[str]) -> None:
    """The settings of that name are done."""
    if "pro_app" in wanted:
        shop.pro_app_installed_at = clock.now()
    if "marketplus" in wanted:
        shop.marketplus_linked_at = clock.now()
    if "sender_number" in wanted:
        shop.sender_number, shop.sender_number_verified_at = "0212345678", clock.now()
    if "brand_info" in wanted:
        shop.brand_name, shop.brand_intro = BRAND, "매일 입는 옷"
    if "mail_sender" in wanted:
        shop.mail_sender = "help@shop.example"
    if "alimtalk_profile" in wanted:
        shop.alimtalk_profile = "@shop"


def _rows(house: Household, dice: Random) -> list[tuple[type[Any], dict[str, Any]]]:
    mall, shop_id = house.id.removeprefix("shop_"), house.id
    had = START - timedelta(days=200)
    given = {key: key not in house.missing for key in GIVEN}
    rows: list[tuple[type[Any], dict[str, Any]]] = [
        (Shop, {
            "id": shop_id, "mall_id": mall, "name": f"{mall} 상점", "identity_secret": f"identity secret of {mall}",
            "pro_state": house.pro_state, "pro_since": had.date(), "market_service": house.market_service,
            "monthly_run_quota": house.quota, "delivery_terms": {"배송비": "3,000원"}, "version": 1, "created_at": had,
            "pro_app_installed_at": had if given["pro_app"] else None,
            "marketplus_linked_at": had if given["marketplus"] else None,
            "sender_number": "0212345678" if given["sender_number"] else None,
            "sender_number_verified_at": had if given["sender_number"] else None,
            "alimtalk_profile": "@shop" if given["alimtalk_profile"] else None,
            "mail_sender": "help@shop.example" if given["mail_sender"] else None,
            "brand_name": BRAND if given["brand_info"] else None, "brand_intro": "매일 입는 옷" if given["brand_info"] else None,
        }),
        (Member, {"id": f"mem_{mall}", "shop_id": shop_id, "external_id": "owner", "name": f"{mall} 대표", "role": Role.OWNER, "settings": {}}),
        (CouponPolicy, {"shop_id": shop_id, "max_rate": 10, "max_discount": 5000, "monthly_budget": 300_000, "max_live": 3}),
        (DisplayGroup, {"id": f"dgr_{mall}", "shop_id": shop_id, "number": 2, "name": "추천상품", "automatic": True}),
    ]  # fmt: skip
    image = keep(mall, _picture(dice), "png") if house.pictures else None
    products = [f"prd_{mall}_{number}" for number in range(5)]
    for number, product_id in enumerate(products):
        rows.append((Product, {
            "id": product_id, "shop_id": shop_id, "code": f"P{number:05}", "name": dice.choice(FLAWS).format(NAMES[number], NAMES[number]),
            "brand": BRAND, "category": "여성의류 > 니트 > 가디건", "price": 20_000 + number * 5_000, "status": "on_sale",
            "attributes": {"소재": "울 80%", "색상": ["블랙", "베이지"], "사이즈": "FREE"}, "image": image,
            "registered_on": day(-60 + number * 9), "version": 1,
        }))  # fmt: skip
        for ago in range(-DAYS, 6, 3):
            rows.append((ProductDay, {
                "product_id": product_id, "day": day(-ago), "shop_id": shop_id, "views": dice.randrange(5, 60),
                "orders": dice.randrange(3), "quantity": 1, "revenue": 1000,
            }))  # fmt: skip
        if number < 3:
            rows.append((DisplaySlot, {"id": f"slot_{mall}_{number}", "shop_id": shop_id, "group_id": f"dgr_{mall}", "position": number + 1, "product_id": product_id, "pinned": False, "version": 1}))  # fmt: skip
    for market in house.markets:
        rows += _on_market(house, mall, market, products, dice)
    rows += _buyers(mall, shop_id, products, dice)
    for number in range(dice.choice((0, 0, 1, 4))):
        rows.append((Inquiry, {
            "id": f"inq_{mall}_{number}", "shop_id": shop_id, "market": Market.MALL, "product_id": dice.choice(products),
            "buyer_name": "김*현", "text": dice.choice(QUESTIONS), "asked_at": moment(dice.randrange(DAYS), 9), "state": "open",
            "version": 1,
        }))  # fmt: skip
    return rows


def _on_market(
    house: Household, mall: str, market: Market, products: list[str], dice: Random
) -> list[tuple[type[Any], dict[str, Any]]]:
    until = house.credentials_days.get(market)
    rows: list[tuple[type[Any], dict[str, Any]]] = [(MarketAccount, {
        "id": f"mka_{mall}_{market.value}", "shop_id": house.id, "market": market, "seller_id": mall,
        "state": AccountState.CONNECTED, "credentials_until": moment(until if until is not None else 300, 0), "version": 1,
    })]  # fmt: skip
    for number, product_id in enumerate(products[: dice.choice((3, 4))]):
        rows.append((Listing, {
            "id": f"lst_{mall}_{market.value}_{number}", "shop_id": house.id, "product_id": product_id, "market": market,
            "state": "on_market", "market_product_no": str(number), "title": dice.choice(FLAWS).format(NAMES[number], NAMES[number]),
            "filters": {}, "tags": [], "keywords": [], "detail": [], "version": 1,
        }))  # fmt: skip
    if market is Market.SMARTSTORE and not house.new_store:
        rows.append((StoreProfile, {
            "id": f"stp_{mall}", "shop_id": house.id, "market": market, "profile_image": "/demo/own.svg",
            "banner_pc": "/demo/own.svg", "banner_mobile": "/demo/own.svg", "display_categories": ["여성의류"], "version": 1,
        }))  # fmt: skip
    return rows


def _buyers(mall: str, shop_id: str, products: list[str], dice: Random) -> list[tuple[type[Any], dict[str, Any]]]:
    rows: list[tuple[type[Any], dict[str, Any]]] = []
    for number in range(6):
        rows.append((Customer, {
            "id": f"cus_{mall}_{number}", "shop_id": shop_id, "name": f"고*{number}", "phone": "010-****-1234",
            "email": "k***@mail.example", "sms_consent": number % 2 == 0, "email_consent": True, "joined_on": day(-150), "version": 1,
        }))  # fmt: skip
        market = dice.choice((Market.MALL, Market.MALL, Market.SMARTSTORE))
        for at in sorted(dice.sample(range(-120, DAYS), 3)):
            order_id = f"ord_{mall}_{number}_{at + 120}"
            rows.append((Order, {"id": order_id, "shop_id": shop_id, "order_no": order_id, "market": market, "buyer_name": f"고*{number}", "ordered_at": moment(at, 14), "total": 40_000}))  # fmt: skip
            rows.append((OrderLine, {"id": f"orl{order_id[3:]}", "shop_id": shop_id, "order_id": order_id, "product_id": dice.choice(products), "quantity": 1, "amount": 40_000, "discount": 0}))  # fmt: skip
    return rows


def _picture(dice: Random) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 90), (dice.randrange(256), 120, 90)).save(file, "PNG")
    return file.getvalue()

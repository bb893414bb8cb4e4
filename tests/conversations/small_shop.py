"""A small shop for one dialogue: everything in it is known, and what PRO did there was really run.

full   two healthy markets and one whose credentials expired; a week ago PRO arranged the main page, improved product
       names and made coupons; one work request is open
orders the same with an empty stockroom: dialogues about orders fill it themselves (`orders_shop.py`)
bare   just applied for PRO: no app, no MarketPlus, no market, nothing ran
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import member_actor
from backend.coupons.models import CouponPolicy
from backend.db.engine import unit_of_work
from backend.display.models import DisplayGroup, DisplaySlot
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.models import AccountState, Listing, MarketAccount
from backend.operations import planner
from backend.operations.models import Run
from backend.operations.runner import execute
from backend.orders.models import Order, OrderLine
from backend.plans import service as plans
from backend.products.models import Product, ProductDay
from backend.shops.models import Member, ProState, Role, Shop
from tests.conversations import stockroom

PRODUCTS = (
    # name in the mall, price, listing title on the markets, views and orders a day (recent)
    ("오늘담 울 니트 가디건", 49_000, "울 니트 가디건 무료배송 최저가 울 니트", 90, 6),
    ("오늘담 코듀로이 팬츠", 39_000, "오늘담 코듀로이 팬츠 코듀로이 팬츠 특가", 70, 5),
    ("오늘담 캐시미어 머플러", 59_000, "캐시미어 머플러 ★한정수량★ 할인", 55, 4),
    ("오늘담 데님 셔츠", 42_000, "오늘담 데님 셔츠", 40, 3),
    ("오늘담 플리츠 스커트", 35_000, "플리츠 스커트 무료배송", 30, 2),
    ("오늘담 린넨 블라우스", 33_000, "오늘담 린넨 블라우스", 12, 1),
    ("오늘담 기모 맨투맨", 29_000, "기모 맨투맨 기모 맨투맨 최저가", 80, 7),
    ("오늘담 롱 패딩", 129_000, "오늘담 롱 패딩", 65, 4),
    ("오늘담 양말 세트", 9_900, "양말 세트 무료배송", 20, 2),
    ("오늘담 가죽 벨트", 25_000, "오늘담 가죽 벨트", 8, 1),
)
RAN = ("main_display", "product_name", "promotion_coupon", "smartstore_seo")


def build(mall_id: str, kind: str) -> str:
    """The new shop's id."""
    now = clock.now()
    with unit_of_work() as session:
        shop_id = _found(session, mall_id, kind, now)
        if kind != "bare":
            _stock(session, shop_id, mall_id, now)
        if kind == "full":
            stockroom.fill(session, shop_id, mall_id, now)
    if kind != "bare":
        _run_a_week_ago(shop_id, now)
        with unit_of_work() as session:
            _after(session, shop_id, mall_id, now)
    return shop_id


def _found(session: Session, mall_id: str, kind: str, now: datetime) -> str:
    full = kind != "bare"
    then = now - timedelta(days=200)
    shop = Shop(
        id=f"shop_{mall_id}", mall_id=mall_id, name="오늘담", identity_secret=f"identity-secret-of-{mall_id}-0123456789",
        pro_state=ProState.ACTIVE, pro_since=then.date(), market_service=True, monthly_run_quota=200,
        pro_app_installed_at=then if full else None, marketplus_linked_at=then if full else None,
        sender_number="0212345678" if full else None, sender_number_verified_at=then if full else None,
        alimtalk_profile="@oneuldam" if full else None, mail_sender="help@oneuldam.example" if full else None,
        brand_name="오늘담" if full else None, brand_intro="매일 입는 옷" if full else None, created_at=then,
    )  # fmt: skip
    session.add(shop)
    session.flush()
    for external, name, role in (("owner", "오늘담 대표", Role.OWNER), ("sub", "오늘담 매니저", Role.SUB_OPERATOR)):
        session.add(Member(id=f"mem_{mall_id}_{external}", shop_id=shop.id, external_id=external, name=name, role=role))
    session.add(CouponPolicy(shop_id=shop.id))
    return shop.id


def _stock(session: Session, shop_id: str, mall_id: str, now: datetime) -> None:
    for market, state in (
        (Market.SMARTSTORE, AccountState.CONNECTED), (Market.COUPANG, AccountState.CONNECTED), (Market.GMARKET, AccountState.CONNECTED),
    ):  # fmt: skip
        session.add(
            MarketAccount(
                id=f"mka_{mall_id}_{market.value}", shop_id=shop_id, market=market, seller_id=mall_id, state=state,
                credentials_until=now + timedelta(days=60), checked_at=now,
            )
        )  # fmt: skip
    session.flush()
    today = clock.seoul(now).date()
    for number, (name, price, title, views, orders) in enumerate(PRODUCTS, 1):
        product_id = f"prd_{mall_id}_{number:02d}"
        session.add(
            Product(
                id=product_id, shop_id=shop_id, code=f"P{number:05d}", name=name, brand="오늘담", category="여성의류 > 니트 > 가디건",
                price=price, attributes={"소재": "울", "색상": ["블랙", "베이지"]}, registered_on=today - timedelta(days=150),
            )
        )  # fmt: skip
        session.flush()
        for market in (Market.SMARTSTORE, Market.COUPANG, Market.GMARKET):
            session.add(
                Listing(
                    id=f"lst_{mall_id}_{market.value}_{number:02d}", shop_id=shop_id, product_id=product_id, market=market,
                    market_product_no=f"{market.value}-{number}", title=title,
                )
            )  # fmt: skip
        for days_ago in range(40):
            session.add(
                ProductDay(
                    product_id=product_id, day=today - timedelta(days=days_ago), shop_id=shop_id, views=views, orders=orders,
                    quantity=orders, revenue=orders * price,
                )
            )  # fmt: skip
    _main_page(session, shop_id, mall_id)
    _buyers(session, shop_id, mall_id, now)


def _main_page(session: Session, shop_id: str, mall_id: str) -> None:
    """By taste, not by reaction: the least popular first."""
    for number, name, slots in ((2, "추천상품", 6), (3, "신상품", 3)):
        group_id = f"dgr_{mall_id}_{number}"
        session.add(DisplayGroup(id=group_id, shop_id=shop_id, number=number, name=name, automatic=number == 2))
        session.flush()
        for position in range(1, slots + 1):
            session.add(
                DisplaySlot(
                    id=f"slot_{mall_id}_{number}_{position}", shop_id=shop_id, group_id=group_id, position=position,
                    product_id=f"prd_{mall_id}_{len(PRODUCTS) + 1 - position:02d}",
                )
            )  # fmt: skip


def _buyers(session: Session, shop_id: str, mall_id: str, now: datetime) -> None:
    """Buyers who came once, months ago: a reason for a win-back coupon."""
    for number in range(60):
        order_id = f"ord_{mall_id}_{number:03d}"
        session.add(
            Order(
                id=order_id, shop_id=shop_id, order_no=f"{mall_id}-{number:05d}", market=Market.MALL, buyer_name=f"구매자{number:02d}",
                ordered_at=now - timedelta(days=120 + number % 60), total=40_000,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            OrderLine(
                id=f"orl_{mall_id}_{number:03d}", shop_id=shop_id, order_id=order_id, product_id=f"prd_{mall_id}_01",
                quantity=1, amount=40_000,
            )
        )  # fmt: skip


def _run_a_week_ago(shop_id: str, now: datetime) -> None:
    """The scheduler's own code, with the clock a few days back; G마켓's credentials expire afterwards."""
    with clock.frozen(now - timedelta(days=3)) as _:
        with unit_of_work() as session:
            planner.plan_shop(session, session.get_one(Shop, shop_id), clock.now())
        with unit_of_work() as session:
            due = [
                run for run in session.scalars(select(Run).where(Run.shop_id == shop_id).order_by(Run.operation, Run.market))
                if run.operation in RAN
            ]  # fmt: skip
            for run in due:
                run.scheduled_for = clock.now()
            ids = [run.id for run in due]
        for run_id in ids:
            execute(run_id, "stage")


def _after(session: Session, shop_id: str, mall_id: str, now: datetime) -> None:
    gmarket = session.get_one(MarketAccount, f"mka_{mall_id}_gmarket")
    gmarket.state, gmarket.credentials_until, gmarket.failing_since = (
        AccountState.EXPIRED,
        now - timedelta(days=2),
        now - timedelta(days=2),
    )
    session.flush()
    shop = session.get_one(Shop, shop_id)
    planner.plan_shop(session, shop, now)
    owner = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
    fields = {"product": f"prd_{mall_id}_01", "item": "price", "content": "판매가를 45,000원으로 바꿔 주세요"}
    plan = plans.preview(session, owner, "work_request.create", {"type": "product_correct", "fields": fields})
    plans.confirm(session, owner, plan.id, new_id("key"))

"""A shop with a main page, reactions and orders, and the engine wired in."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.display.models import DisplayGroup, DisplaySlot
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.operations.models import OffSwitch, Run
from backend.operations.states import RunState
from backend.orders.models import Order, OrderLine
from backend.plans import service
from backend.plans.models import Plan
from backend.products.models import Product, ProductDay, SaleStatus
from backend.shops.models import Shop

TODAY = date(2026, 11, 18)


def add_product(session: Session, shop: Shop, number: int, **over: Any) -> Product:
    made = Product(**{
        "id": f"prd_{shop.mall_id}_{number:02}", "shop_id": shop.id, "code": f"P{number:05}", "name": f"상품 {number}",
        "brand": None, "category": "여성의류 > 니트", "price": 30_000 + number, "status": SaleStatus.ON_SALE,
        "image": None, "registered_on": TODAY - timedelta(days=400 - number), **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


def add_listing(session: Session, product: Product, market: Market) -> Listing:
    """A listing that says nothing to a search yet."""
    listing = Listing(
        id=new_id("lst"), shop_id=product.shop_id, product_id=product.id, market=market,
        market_product_no=new_id("no"), title=product.name,
    )  # fmt: skip
    session.add(listing)
    session.flush()
    return listing


def react(session: Session, product: Product, days_ago: int, views: int = 0, orders: int = 0) -> None:
    session.add(
        ProductDay(
            product_id=product.id,
            shop_id=product.shop_id,
            day=TODAY - timedelta(days=days_ago),
            views=views,
            orders=orders,
        )
    )
    session.flush()


def add_group(
    session: Session, shop: Shop, number: int, name: str, shown: list[Product | None], automatic: bool = True
) -> DisplayGroup:
    group = DisplayGroup(
        id=f"dgr_{shop.mall_id}_{number}", shop_id=shop.id, number=number, name=name, automatic=automatic
    )
    session.add(group)
    session.flush()
    for position, product in enumerate(shown, 1):
        session.add(
            DisplaySlot(
                id=f"slot_{shop.mall_id}_{number}_{position}", shop_id=shop.id, group_id=group.id, position=position,
                product_id=product.id if product else None,
            )
        )  # fmt: skip
    session.flush()
    return group


def add_order(
    session: Session,
    shop: Shop,
    product: Product,
    at: datetime,
    buyer: str,
    amount: int = 40_000,
    discount: int = 0,
    coupon_id: str | None = None,
) -> Order:
    order = Order(
        id=new_id("ord"), shop_id=shop.id, order_no=new_id("no"), market=Market.MALL, buyer_name=buyer,
        ordered_at=at, total=amount - discount,
    )  # fmt: skip
    session.add(order)
    session.flush()
    session.add(
        OrderLine(
            id=new_id("orl"), shop_id=shop.id, order_id=order.id, product_id=product.id, quantity=1,
            amount=amount, discount=discount, coupon_id=coupon_id,
        )
    )  # fmt: skip
    session.flush()
    return order


@pytest.fixture
def display(session: Session, shop: Shop) -> list[Product]:
    """Eight products; 추천상품 shows 1–4 with 2 pinned, 기획전 (not automatic) shows 8. Later numbers react better."""
    products = [add_product(session, shop, number) for number in range(1, 9)]
    for number, product in enumerate(products, 1):
        for days_ago in (1, 2, 3):
            react(session, product, days_ago, views=10 * number, orders=number // 2)
    add_group(session, shop, 2, "추천상품", list(products[:4]))
    add_group(session, shop, 5, "기획전", [products[7]], automatic=False)
    session.get_one(DisplaySlot, f"slot_{shop.mall_id}_2_2").pinned = True
    session.commit()
    return products


def shown(session: Session, shop: Shop, number: int = 2) -> list[str | None]:
    """Product ids of a group by position."""
    query = (
        select(DisplaySlot.product_id)
        .join(DisplayGroup, DisplayGroup.id == DisplaySlot.group_id)
        .where(DisplayGroup.shop_id == shop.id, DisplayGroup.number == number)
        .order_by(DisplaySlot.position)
    )
    return list(session.scalars(query))


def add_run(
    session: Session, shop: Shop, operation: str = "main_display", market: Market | None = None, **over: Any
) -> Run:
    at = over.pop("scheduled_for", clock.now() + timedelta(days=2))
    run = Run(**{
        "id": new_id("run"), "shop_id": shop.id, "operation": operation, "market": market,
        "state": RunState.SCHEDULED, "trigger": "schedule", "scheduled_for": at, **over,
    })  # fmt: skip
    session.add(run)
    session.flush()
    return run


def switch_off(session: Session, shop: Shop, **over: Any) -> OffSwitch:
    made = OffSwitch(**{
        "id": new_id("off"), "shop_id": shop.id, "operation": None, "area": None, "market": None, "until": None,
        "reason": None, "set_by": "대표", "set_by_id": "mem", "set_at": clock.now(), **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def carry_out(session: Session) -> Callable[..., Plan]:
    """Preview and confirm, as a person would."""

    def go(actor: Actor, kind: str, **params: Any) -> Plan:
        plan = service.preview(session, actor, kind, params)
        return service.confirm(session, actor, plan.id, new_id("key"))

    return go


@pytest.fixture
def fresh(engine: Engine) -> Iterator[Callable[[], Session]]:
    """Another connection: sees only what is committed."""
    opened = []

    def connect() -> Session:
        context = unit_of_work(write=False, engine=engine)
        opened.append(context)
        return context.__enter__()

    yield connect
    for context in opened:
        context.__exit__(None, None, None)
